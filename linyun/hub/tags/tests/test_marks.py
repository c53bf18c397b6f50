"""Tags on people: hand-set ones with ground and end, computed ones that follow the items, and what is no tag at all."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linyun.foundation.accounts.policy import Refused
from linyun.foundation.acts.models import Act
from linyun.hub.records.models import Household, Person, Status
from linyun.hub.records.operations import die, merge_people, move_out, undo
from linyun.hub.records.services import Origin, retract, state
from linyun.hub.tags import counts
from linyun.hub.tags.models import Mark
from linyun.hub.tags.services import Unsettable, borne_by, retract_tag, set_tag
from linyun.hub.tags.vocabulary import cheapest_first, tags_asked, vocabulary
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Level, Subject
from linyun.kernel.ids import uuid7
from linyun.kernel.rule import parse
from tests.characters import BUILDING, BUILDING_THERE, OTHER_BUILDING
from tests.residents import add_home, add_person

TODAY = date(2026, 11, 23)
HAND = [t for t in catalogue.tags.values() if not t.rule and t.subject is Subject.PERSON]
MARK = HAND[1].code
ENDING = next(t for t in HAND if t.expires_days)


@pytest.fixture(autouse=True)
def on_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test plays on one day."""
    monkeypatch.setattr(clock, "today", lambda: TODAY)


def codes(subject: Any, on: date | None = None, kind: str = "person") -> set[str]:
    return {b.tag.code for b in borne_by(kind, [subject.pk], on)[subject.pk]}


def hand(person: Person, on: date | None = None) -> set[str]:
    return {b.tag.code for b in borne_by("person", [person.pk], on)[person.pk] if b.mark}


def test_a_tag_says_who_set_it_on_what_ground_and_until_when(as_worker, person, cast):
    p, origin = person(), ("visit", uuid7())
    with as_worker():
        mark = set_tag(p, ENDING.code, "  残疾证  ", until=TODAY + timedelta(days=10), origin=origin)
        act = Act.objects.get(verb="tag_set")
    assert (mark.ground, mark.set_by, mark.set_by_id, mark.set_on) == (
        "残疾证",
        "林晓岚",
        cast["lin"].account_id,
        TODAY,
    )
    assert (mark.origin_kind, mark.origin_id, mark.area) == (*origin, p.area)
    assert (act.reason, act.subject_id, act.detail["tag"]) == ("残疾证", p.pk, ENDING.code)


@pytest.mark.parametrize(
    ("tag", "until", "expected"),
    [
        (ENDING.code, None, TODAY + timedelta(days=ENDING.expires_days or 0)),
        (ENDING.code, TODAY + timedelta(days=3), TODAY + timedelta(days=3)),
        (MARK, TODAY + timedelta(days=1), TODAY + timedelta(days=1)),
    ],
)
def test_it_ends_as_declared_unless_told_otherwise(as_worker, person, tag, until, expected):
    p = person()
    with as_worker():
        assert set_tag(p, tag, "上门核实", until).until == expected


@pytest.mark.parametrize(("days", "borne"), [(0, True), (9, True), (10, False), (400, False)])
def test_it_vanishes_on_its_last_day_by_itself(as_worker, person, days, borne):
    """Until the 3rd: on the 3rd it is gone, from the person, from the counts and from the list alike."""
    p, on = person(), TODAY + timedelta(days=days)
    with as_worker():
        set_tag(p, MARK, "上门核实", TODAY + timedelta(days=10))
        assert (MARK in hand(p, on)) is borne
        assert (counts.by_hand(on) == {MARK: 1}) is borne
        assert Mark.objects.in_force(on).exists() is borne
        assert Mark.objects.get().retracted_at is None


REFUSED = [
    ("no_such_tag", "上门", None, "没有这个标签"),
    ("", "上门", None, "没有这个标签"),
    ("lone_elder", "上门", None, "自动计算"),
    (MARK, "", None, "依据"),
    (MARK, " \n", None, "依据"),
    (MARK, "上门", TODAY, "晚于今天"),
    (MARK, "上门", TODAY - timedelta(days=1), "晚于今天"),
]


@pytest.mark.parametrize(("tag", "ground", "until", "says"), REFUSED)
def test_what_is_no_claim_is_refused_in_words(as_worker, person, tag, ground, until, says):
    p = person()
    with as_worker():
        with pytest.raises(Unsettable, match=says):
            set_tag(p, tag, ground, until)
        assert not Mark.objects.exists()
        assert not Act.objects.filter(verb="tag_set").exists()


def test_a_tag_about_people_is_none_of_a_household(as_worker, areas):
    with as_worker(), pytest.raises(Unsettable, match="没有这个标签"):
        set_tag(Household.objects.create(area=BUILDING), MARK, "上门")


@pytest.mark.parametrize(
    ("who", "may"), [("lin", True), ("chen", True), ("zhou", False), ("shen", False), ("he", False)]
)
def test_workers_and_grids_set_and_take_back_the_others_do_not(as_character, person, who, may):
    p = person()
    with as_character("lin"):
        set_tag(p, MARK, "上门核实")
    with as_character(who):
        if may:
            set_tag(p, MARK, "再次核实")
            retract_tag(p, MARK, "不再需要")
            return
        for attempt in (lambda: set_tag(p, MARK, "上门"), lambda: retract_tag(p, MARK, "x")):
            with pytest.raises(Refused, match="设置标签"):
                attempt()


def test_somebody_of_another_area_gets_none(as_character, person):
    p = person(area=BUILDING_THERE)
    with as_character("lin"):
        for attempt in (lambda: set_tag(p, MARK, "上门"), lambda: retract_tag(p, MARK, "x")):
            with pytest.raises(Refused):
                attempt()


def test_setting_again_renews_it_and_the_former_stays_in_the_books(as_worker, person):
    p = person()
    with as_worker():
        set_tag(p, MARK, "电话核实", TODAY + timedelta(days=5))
        set_tag(p, MARK, "上门核实", TODAY + timedelta(days=50))
        rows = list(Mark.objects.order_by("pk").values_list("ground", "retract_reason"))
        assert rows == [("电话核实", "更新"), ("上门核实", "")]
        assert [b.mark.ground for b in borne_by("person", [p.pk])[p.pk] if b.mark] == ["上门核实"]


def test_one_that_ended_can_be_set_anew(as_worker, person, monkeypatch):
    p = person()
    with as_worker():
        set_tag(p, MARK, "上门", TODAY + timedelta(days=1))
        monkeypatch.setattr(clock, "today", lambda: TODAY + timedelta(days=30))
        assert hand(p) == set()
        set_tag(p, MARK, "又去了")
        assert hand(p) == {MARK}


@pytest.mark.parametrize("reason", ["", " \t"])
def test_taking_back_needs_a_reason(as_worker, person, reason):
    p = person()
    with as_worker():
        set_tag(p, MARK, "上门")
        with pytest.raises(Unsettable, match="取消的原因"):
            retract_tag(p, MARK, reason)
        assert hand(p) == {MARK}


def test_taken_back_it_is_gone_its_history_is_not_and_a_second_time_says_so(as_worker, person):
    p = person()
    with as_worker():
        set_tag(p, MARK, "上门")
        retract_tag(p, MARK, " 搬走了 ")
        assert hand(p) == set()
        assert Mark.objects.get().retract_reason == "搬走了"
        assert Act.objects.get(verb="tag_retracted").reason == "搬走了"
        with pytest.raises(Unsettable, match="已经取消"):
            retract_tag(p, MARK, "再来")
        assert Act.objects.filter(verb="tag_retracted").count() == 1


def test_one_that_ended_is_not_taken_back(as_worker, person, monkeypatch):
    p = person()
    with as_worker():
        set_tag(p, MARK, "上门", TODAY + timedelta(days=1))
        monkeypatch.setattr(clock, "today", lambda: TODAY + timedelta(days=1))
        with pytest.raises(Unsettable, match="到期"):
            retract_tag(p, MARK, "x")


DEEDS = st.lists(
    st.tuples(
        st.sampled_from(["set", "retract", "wait"]), st.sampled_from([t.code for t in HAND[:3]]), st.integers(1, 30)
    ),
    max_size=10,
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=DEEDS)
def test_any_history_leaves_the_tags_that_a_plain_book_says(as_worker, areas, monkeypatch, deeds):
    book: dict[str, date] = {}
    today = TODAY
    with as_worker():
        p = Person.objects.create(area=BUILDING, name="某人")
        for deed, tag, days in deeds:
            monkeypatch.setattr(clock, "today", lambda day=today: day)
            if deed == "set":
                book[tag] = today + timedelta(days=days)
                set_tag(p, tag, "上门", book[tag])
            elif deed == "wait":
                today += timedelta(days=days)
            elif book.pop(tag, today) > today:
                retract_tag(p, tag, "x")
            else:
                with pytest.raises(Unsettable):
                    retract_tag(p, tag, "x")
        assert hand(p, today) == {tag for tag, until in book.items() if until > today}


@pytest.mark.parametrize(
    "row",
    [{"until": TODAY}, {"until": TODAY - timedelta(days=1)}, {"until": None}],
    ids=["on its day", "before", "twice"],
)
def test_the_database_refuses_a_mark_that_cannot_be(as_worker, person, row):
    p = person()
    with as_worker():
        set_tag(p, MARK, "上门")
        with pytest.raises(IntegrityError), transaction.atomic():
            Mark.objects.create(area=p.area, subject_kind="person", subject_id=p.pk, tag=MARK, ground="x", set_by="x",
                                set_on=TODAY, retracted_at=clock.now() if row["until"] else None, **row)  # fmt: skip


def test_a_mark_of_a_tag_no_longer_in_the_dictionary_is_shown_nowhere(as_worker, person):
    p = person()
    with as_worker():
        Mark.objects.create(area=p.area, subject_kind="person", subject_id=p.pk, tag="abolished", ground="x", set_by="x",
                            set_on=TODAY)  # fmt: skip
        assert hand(p) == set()


# Computed tags are what the rule says now: never stored, never late.


def test_an_age_tag_comes_with_the_birthday_and_with_the_date_that_is_learnt(as_worker, person):
    p = person()
    with as_worker():
        assert "aged_60" not in codes(p)
        state(p, {"birth_date": "1966-11-24"}, source="desk", origin=Origin("desk"))
        assert "aged_60" not in codes(p)
        assert "aged_60" in codes(p, TODAY + timedelta(days=1))
        assert not Mark.objects.exists()


def test_it_goes_when_the_word_that_made_it_is_taken_back(as_worker, person):
    p, origin = person(), Origin("import", uuid7())
    with as_worker():
        state(p, {"birth_date": "1940-01-01"}, source="roster", origin=origin)
        assert "aged_60" in codes(p)
        retract(origin, p.area)
        assert "aged_60" not in codes(p)


def test_living_alone_follows_who_lives_there(as_worker, person, home):
    old, son = person(birth_date=date(1940, 1, 1)), person(name="周建国")
    home(old, son)
    with as_worker():
        assert "lone_elder" not in codes(old)
        operation = move_out(son, "actual", TODAY, "搬走")
        assert "lone_elder" in codes(old)
        assert "lone_elder" not in codes(son)
        undo(operation.pk, "撤")
        assert "lone_elder" not in codes(old)


@pytest.mark.parametrize("gone", ["dead", "left", "merged"])
def test_who_is_off_the_register_is_counted_under_no_tag(as_worker, person, gone):
    """The dictionary says as many as the crowd that it opens, for computed and for hand-set tags."""
    p, other = person(birth_date=date(1940, 1, 1)), person(birth_date=date(1941, 1, 1))
    add_home(p)
    every = counts.all_tags(Subject.PERSON)
    with as_worker():
        for one in (p, other):
            set_tag(one, MARK, "上门")
        assert {c: counts.counts(Subject.PERSON, every, TODAY)[c] for c in (MARK, "aged_60")} == {
            MARK: 2,
            "aged_60": 2,
        }
        if gone == "dead":
            die(p, TODAY, "去世")
        elif gone == "merged":
            merge_people(other, p, "同一人")
        else:
            for kind in ("actual", "registered"):
                move_out(p, kind, TODAY, "搬走")
        assert {c: counts.counts(Subject.PERSON, every, TODAY)[c] for c in (MARK, "aged_60")} == {
            MARK: 1,
            "aged_60": 1,
        }


def test_counts_of_one_building_are_those_of_its_people(as_character, person):
    for area in (BUILDING, BUILDING, OTHER_BUILDING):
        set_in = person(area=area, birth_date=date(1940, 1, 1))
        with as_character("lin"):
            set_tag(set_in, MARK, "上门")
    tags = [catalogue.tags[c] for c in (MARK, "aged_60")]
    for who, n in (("lin", 3), ("chen", 3), ("zhou", 2), ("shen", 3), ("wu", 0)):
        with as_character(who):
            assert set(counts.counts(Subject.PERSON, tags, TODAY).values()) == {n}, who


def test_kept_counts_are_ten_minutes_old_at_most_and_never_another_areas(as_character, person, monkeypatch):
    person(birth_date=date(1940, 1, 1))
    start = clock.now()
    monkeypatch.setattr(clock, "now", lambda: start)
    with as_character("lin"):
        assert counts.kept_counts(Subject.PERSON, TODAY)["aged_60"] == 1
    add_person(birth_date=date(1940, 1, 1))
    with as_character("wu"):
        assert counts.kept_counts(Subject.PERSON, TODAY)["aged_60"] == 0
    with as_character("lin"):
        for seconds, told in ((counts.LASTS - 1, 1), (counts.LASTS, 2)):
            monkeypatch.setattr(clock, "now", lambda s=seconds: start + timedelta(seconds=s))
            assert counts.kept_counts(Subject.PERSON, TODAY)["aged_60"] == told


def test_tags_of_many_are_asked_in_two_queries_whatever_their_number(as_worker, person, assert_queries):
    people = [person(name=f"人{n}", birth_date=date(1940, 1, 1)) for n in range(8)]
    with as_worker():
        borne_by("person", [people[0].pk])
        with assert_queries(2 + 1):
            found = borne_by("person", [p.pk for p in people])
        assert all("aged_60" in {b.tag.code for b in found[p.pk]} for p in people)
        assert borne_by("person", []) == {}


def test_sensitive_tags_are_not_asked_where_they_are_not_shown(as_worker, person):
    poor = person(name="甲", birth_date=date(1940, 1, 1), aid_type="1")
    closed = next(t.code for t in HAND if t.level >= Level.SENSITIVE)
    with as_worker():
        set_tag(poor, closed, "上门核实")
        every = codes(poor)
        computed = {c for c in every if catalogue.tags[c].rule and catalogue.tags[c].level >= Level.SENSITIVE}
        assert closed in every and computed and "aged_60" in every
        open_ones = {b.tag.code for b in borne_by("person", [poor.pk], opened=())[poor.pk]}
        assert open_ones == {c for c in every if catalogue.tags[c].level < Level.SENSITIVE}
        asked = {b.tag.code for b in borne_by("person", [poor.pk], opened=[closed, *computed])[poor.pk]}
        assert asked == open_ones | {closed} | computed


@pytest.mark.parametrize("subject", list(Subject))
def test_every_rule_of_the_dictionary_runs_and_reordering_keeps_its_meaning(as_worker, areas, subject):
    """Cheapest first is an order of tests, not another rule: both find the same of a handful of people."""
    with as_worker():
        tags, asked = tags_asked(subject, TODAY)
        with connection.cursor() as cursor:
            cursor.execute(asked, {"ids": []})
            assert cursor.fetchall() == []
        words = vocabulary()
        for tag in tags:
            rule = parse(tag.rule, subject, words)
            assert sorted(map(str, rule.items())) == sorted(map(str, cheapest_first(rule).items())), tag.code


@pytest.fixture
def crowd(areas: Any, as_worker: Callable[..., Any]) -> list[Person]:
    people = [add_person(name=f"人{n}", birth_date=date(1930 + 12 * n, 1, 1), sex=str(1 + n % 2)) for n in range(6)]
    add_home(people[0])
    add_home(*people[1:4], address="公交新村1号102室")
    with as_worker():
        Person.objects.filter(pk=people[5].pk).update(status=Status.LEFT)
    return people


def test_the_counts_are_those_of_each_live_person(as_worker, crowd):
    live = [p for p in crowd if p.pk != crowd[5].pk]
    with as_worker():
        set_tag(live[1], MARK, "上门")
        counted = counts.counts(Subject.PERSON, counts.all_tags(Subject.PERSON), TODAY)
        each: dict[str, int] = {}
        for tags in borne_by("person", [p.pk for p in live]).values():
            for one in tags:
                each[one.tag.code] = each.get(one.tag.code, 0) + 1
    assert {code: n for code, n in counted.items() if n} == each
    assert len(each) > 5
