"""What just fits and what just does not; many at once by whom and where; weeks, rhythms and rows for ledgers."""

import threading
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import close_old_connections, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from linyun.foundation.accounts.policy import Refused
from linyun.foundation.acts.models import Act
from linyun.foundation.areas.scope import within
from linyun.hub.records.models import Dwelling, Person, Residence
from linyun.hub.scan import find
from linyun.hub.scan.find import Asked
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from linyun.work.visits import bulk, many, rhythm, services, weekly
from linyun.work.visits.models import Bulk, PlannedVisit, Visit
from linyun.work.visits.services import Sheet, Unwritable, check, storable
from tests.characters import BUILDING_THERE, OTHER_BUILDING
from tests.visits import visit_to

TODAY = clock.today()


def ago(days):
    return TODAY - timedelta(days=days)


NOBODY = Person(name="周桂芳")
GOOD = Sheet(NOBODY, "2", TODAY, situation="在家")

FITS = [
    {"situation": "长" * services.LONGEST},
    {"needs": "长" * services.LONGEST, "situation": ""},
    {"action": "长" * services.LONGEST},
    {"visited_on": ago(3660)},
    {"visited_on": TODAY},
    {"visitor": "王" * services.LONGEST_VISITOR},
    {"follow_up_on": TODAY},
    {"follow_up_on": TODAY + services.FURTHEST},
    {"situation": "", "items": {"phone": "19900000001"}},
    {"topic": ""},
]


@pytest.mark.parametrize("change", FITS)
def test_what_just_fits_is_taken(change):
    check(replace(GOOD, **change))


OVER = [
    ({"situation": "长" * (services.LONGEST + 1)}, "situation"),
    ({"needs": "长" * (services.LONGEST + 1)}, "needs"),
    ({"action": "长" * (services.LONGEST + 1)}, "action"),
    ({"outcome": "长" * (services.LONGEST + 1)}, "outcome"),
    ({"visited_on": ago(3661)}, "visited_on"),
    ({"visited_on": TODAY + timedelta(days=1)}, "visited_on"),
    ({"visitor": "王" * (services.LONGEST_VISITOR + 1)}, "visitor"),
    ({"follow_up_on": TODAY - timedelta(days=1)}, "follow_up_on"),
    ({"follow_up_on": TODAY + services.FURTHEST + timedelta(days=1)}, "follow_up_on"),
    ({"follow_up_on": date(2206, 1, 1)}, "follow_up_on"),
    ({"situation": " \0\n", "needs": "\t"}, "situation"),
    ({"situation": "", "action": "只有措施", "outcome": "只有结果"}, "situation"),
    ({"mode": ""}, "mode"),
    ({"mode": "02"}, "mode"),
    ({"topic": "没有"}, "topic"),
]


@pytest.mark.parametrize(("change", "field"), OVER)
def test_one_more_is_refused_where_it_stands(change, field):
    with pytest.raises(Unwritable) as refused:
        check(replace(GOOD, **change))
    assert refused.value.field == field and str(refused.value)


@given(st.text(max_size=40))
def test_a_text_is_stored_without_what_no_database_holds_and_nothing_else_is_lost(text):
    kept = storable(text)
    assert "\0" not in kept and kept == kept.strip()
    assert storable(kept) == kept
    assert [c for c in text if not c.isspace() and c != "\0"] == [c for c in kept if not c.isspace()]


@pytest.mark.django_db
def test_a_visit_to_nobody_and_nowhere_is_refused(as_worker):
    with as_worker(), pytest.raises(Unwritable, match="被访的居民或房屋"):
        services.write(replace(GOOD, person=None))


@pytest.mark.django_db
def test_a_year_that_would_hide_a_plan_is_refused(person, client_of):
    p = person(name="周桂芳")
    answer = client_of("lin").post("/desk/visits/plan", {"chosen": str(p.pk), "due_on": "2206-01-01"}, follow=True)
    assert "计划日期太远了" in answer.content.decode()
    with within(""):
        assert not PlannedVisit.objects.exists()


@pytest.mark.django_db
def test_the_home_of_a_visit_is_where_one_lives_else_where_one_is_registered(person, home, as_worker):
    lives, registered, nowhere = person(name="周桂芳"), person(name="沈美琴"), person(name="李建国")
    flat = home(lives, registered, address="公交新村1号302室").dwelling
    with within(""), transaction.atomic():
        other = Dwelling.objects.create(area=OTHER_BUILDING, address="公交新村2号1室", address_key="y")
        Residence.objects.create(area=OTHER_BUILDING, person=lives, dwelling=other, kind="owner")
        Residence.objects.filter(person=registered, kind="actual").update(valid_to=TODAY)
    with as_worker():
        homes = [visit_to(p, TODAY, situation="在家").dwelling_id for p in (lives, registered, nowhere)]
        at_once = many.write_all([Sheet(p, "2", ago(1), situation="在家") for p in (lives, registered, nowhere)])
    assert homes == [flat.pk, flat.pk, None] == [v.dwelling_id for v in at_once]


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["shen", "gu", "he", "yan"])
def test_who_may_not_write_one_may_not_write_many(person, as_character, who):
    p = person(name="周桂芳")
    with as_character(who), pytest.raises(Refused):
        many.write_all([Sheet(p, "2", TODAY, situation="在家")])
    with within(""):
        assert not Visit.objects.exists()


@pytest.mark.django_db
def test_of_many_one_that_does_not_fit_stops_all(person, as_worker):
    p = person(name="周桂芳")
    with as_worker(), pytest.raises(Unwritable):
        many.write_all([Sheet(p, "2", TODAY, situation="在家"), Sheet(p, "9", TODAY, situation="在家")])
    with within(""):
        assert not Visit.objects.exists() and not Act.objects.filter(verb="visit_written").exists()


@pytest.mark.django_db
def test_none_at_all_is_nothing(areas, as_worker):
    with as_worker():
        assert many.write_all([]) == []
        many.withdraw_all([], "没有")


@pytest.mark.django_db
def test_a_visit_over_the_border_is_not_written_by_many_either(person, as_character):
    there = person(BUILDING_THERE, name="丁阿姨")
    with as_character("lin"), pytest.raises(Refused):
        many.write_all([Sheet(there, "2", TODAY, situation="在家")])


def at_once(*works):
    """Run each in a thread of its own, beginning together; answers what each gave, or its exception."""
    start, answers = threading.Barrier(len(works)), [None] * len(works)

    def run(n, work):
        try:
            start.wait(10)
            answers[n] = work()
        except Exception as broken:
            answers[n] = broken
        finally:
            close_old_connections()
            connection.close()

    threads = [threading.Thread(target=run, args=(n, work)) for n, work in enumerate(works)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(20)
    return answers


@pytest.mark.django_db(transaction=True)
def test_a_list_sent_twice_at_once_is_one_list(cast, person, as_character):
    person(name="周桂芳")
    key, content = uuid4(), f"日期,被访者,情况\n{ago(1)},周桂芳,在家".encode()

    def send():
        with as_character("lin"):
            return bulk.bring(content, "走访.csv", key).pk

    one, other = at_once(send, send)
    assert one == other
    with within(""):
        assert Bulk.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_withdrawn_by_two_at_once_it_is_withdrawn_once(cast, person, as_character):
    p = person(name="周桂芳")
    with as_character("lin"):
        visit = visit_to(p, TODAY, situation="在家")

    def take(who):
        def work():
            with as_character(who):
                services.withdraw(visit.pk, who)

        return work

    answers = at_once(take("lin"), take("chen"))
    assert sorted(type(a).__name__ for a in answers) == ["NoneType", "Unwritable"]
    with within(""):
        assert Act.objects.filter(verb="visit_withdrawn").count() == 1


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)))
def test_the_drawn_weeks_follow_each_other_up_to_this_one(day):
    bars = weekly.drawn({weekly.monday(day): 3}, day)
    begins = [date.fromisoformat(b.href.rsplit("=", 1)[1]) for b in bars]
    assert len(bars) == weekly.SHOWN and begins[-1] == weekly.monday(day) <= day
    assert all(b.weekday() == 0 for b in begins)
    assert {(b - a).days for a, b in zip(begins, begins[1:], strict=False)} == {7}
    assert [b.value for b in bars] == [0] * (weekly.SHOWN - 1) + [3]


@pytest.mark.django_db
def test_a_week_counts_just_what_its_list_holds(person, as_character, client_of):
    p, lin = person(name="周桂芳"), client_of("lin")
    begins = weekly.monday(TODAY) - weekly.WEEK
    with as_character("lin"):
        for day in (-1, 0, 6, 7):
            on = begins + timedelta(days=day)
            if on <= TODAY:
                visit_to(p, on, situation=f"第{day}天")
        gone = visit_to(p, begins, situation="写错的")
        services.withdraw(gone.pk, "写错了")
        counts = weekly.counted(TODAY)
    assert counts[begins] == 2
    page = lin.get(f"/desk/visits?week={begins.isoformat()}").content.decode().split("<tbody", 1)[1]
    assert ["第-1天" in page, "第0天" in page, "第6天" in page, "第7天" in page] == [False, True, True, False]


@pytest.mark.parametrize("one", catalogue.rhythms.values(), ids=lambda r: r.code)
def test_each_rhythm_is_said_and_asked_as_a_crowd(one):
    assert one.name in rhythm.said(one) and "次" in rhythm.said(one)
    assert f"{one.days - 1}天前" in rhythm.due_rule(one)


def test_the_most_frequent_comes_first():
    days = [r.days for r in rhythm.most_pressing_first()]
    assert days == sorted(days) and len(days) == len(catalogue.rhythms)


WORDS = [
    ("走访次数 = 2", {"twice"}),
    ("走访次数 = 0", {"never", "withdrawn"}),
    ("最近走访 为空", {"never", "withdrawn"}),
    (f"最近走访 >= {ago(3)}", {"twice"}),
    ("约定回访日 为空", {"never", "withdrawn", "twice"}),
    ("约定回访日 不为空", {"promised"}),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("rule", "who"), WORDS)
def test_rules_know_visits_as_they_stand(person, as_worker, rule, who):
    people = {name: person(name=name) for name in ("twice", "never", "withdrawn", "promised")}
    with as_worker():
        visit_to(people["twice"], ago(9), situation="在家")
        visit_to(people["twice"], ago(2), situation="在家")
        services.withdraw(visit_to(people["withdrawn"], ago(2), situation="在家").pk, "写错了")
        visit_to(people["promised"], ago(20), situation="在家", follow_up_on=TODAY + timedelta(days=3))
        found = set(find.ids(Asked.text(rule)))
    assert found == {people[name].pk for name in who}


@pytest.mark.django_db
def test_the_ledger_of_visits_holds_each_live_visit_once(person, as_character, client_of):
    p, lin = person(name="周桂芳", phone="19900002041"), client_of("lin")
    with as_character("lin"):
        visit_to(p, TODAY, "3", situation="问过药", needs="想装扶手")
        services.withdraw(visit_to(p, TODAY, situation="写错的").pk, "写错了")
    page = lin.get("/desk/ledgers/visits").content.decode()
    assert page.count("问过药") >= 1 and "写错的" not in page
    assert "周桂芳" in page and catalogue.code_sets["visit_mode"].name_of("3") in page
    assert "19900002041" not in page
