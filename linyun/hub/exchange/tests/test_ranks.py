"""Whose word holds: a roster, a department on its own items and on others, an older list, a hand; and what undo gives back."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linyun.hub.exchange import services
from linyun.hub.exchange.services import Unusable
from linyun.hub.exchange.tests.corpus.making import DOOR, MIN, WANG, ZHOU, xlsx
from linyun.hub.exchange.tests.test_import import rows_of_everything
from linyun.hub.exchange.tests.test_sequences import numbers
from linyun.hub.records.models import Dwelling, Membership, Person, Residence, Statement, Status
from linyun.hub.records.operations import die, merge_people
from linyun.hub.records.services import Origin, state
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from tests.characters import HERE, STREET, THERE

HEAD = ("姓名", "身份证号", "联系电话", "本人月收入")


@pytest.fixture
def lin(as_worker, areas):
    with as_worker():
        yield


def bring(*rows, head=HEAD, **more):
    return services.bring_in(xlsx([list(head), *map(list, rows)], names=["名册"]), "名册.xlsx", area=HERE, **more)


def held(item: str, name: str = "周桂芳"):
    person = Person.objects.get(name=name)
    value = getattr(person, item, None)
    return value if value is not None else person.tail.get(item)


# Sources


@pytest.mark.parametrize(
    ("before", "source", "takes"),
    [
        ("roster", "roster", True),
        ("roster", "civil_affairs", True),
        ("roster", "police", True),
        ("visit", "roster", False),
        ("visit", "police", False),
        ("visit", "civil_affairs", True),
        ("desk", "civil_affairs", True),
        ("settle", "civil_affairs", False),
        ("police", "roster", False),
    ],
)
def test_on_an_item_of_civil_affairs_its_word_beats_all_but_a_settlement(lin, person, before, source, takes):
    assert catalogue.items["person", "monthly_income"].owner == "civil_affairs"
    person(name="周桂芳", identity_number=ZHOU, monthly_income=1000, source=before)
    report = services.apply(bring(["周桂芳", ZHOU, "", "4500"], source=source).pk)
    assert float(held("monthly_income")) == (4500 if takes else 1000)
    assert (report.updated, report.conflicts) == ((1, 0) if takes else (0, 1))
    assert Statement.objects.filter(source=source, values__has_key="monthly_income").exists(), "either way it is kept"


def test_on_an_item_of_others_a_department_has_only_the_rank_of_its_list(lin, person):
    person(name="周桂芳", identity_number=ZHOU, phone="19900333333", source="visit")
    services.apply(bring(["周桂芳", ZHOU, "19900111111", ""], source="civil_affairs").pk)
    assert held("phone") == "19900333333"


@pytest.mark.parametrize(("days", "takes"), [(0, True), (-1, True), (-400, False)])
def test_of_two_lists_of_one_rank_the_later_day_holds(lin, days, takes):
    as_of = clock.today() - timedelta(days=30)
    services.apply(bring(["周桂芳", ZHOU, "19900111111", ""], as_of=as_of).pk)
    later = as_of + timedelta(days=days + 1)
    services.apply(bring(["周桂芳", ZHOU, "19900222222", ""], as_of=later).pk)
    assert held("phone") == ("19900222222" if takes else "19900111111")


def test_an_old_list_brought_late_fills_what_nobody_knew_and_overwrites_nothing(lin):
    services.apply(bring(["周桂芳", ZHOU, "19900111111", ""]).pk)
    old = bring(["周桂芳", ZHOU, "19900222222", "3000"], as_of=date(2020, 1, 1))
    assert numbers(services.apply(old.pk)) == (0, 0, 0, 1, 0)
    assert held("phone") == "19900111111" and float(held("monthly_income")) == 3000


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"source": "visit"}, "来源"),
        ({"source": "settle"}, "来源"),
        ({"source": ""}, "来源"),
        ({"kind": "visits"}, "可以选"),
        ({"as_of": date(2999, 1, 1)}, "不能晚于今天"),
    ],
)
def test_no_file_speaks_with_a_workers_own_word_or_from_the_future(lin, more, says):
    with pytest.raises(Unusable, match=says):
        bring(["周桂芳", ZHOU, "", ""], **more)


@pytest.mark.parametrize("area", [STREET, THERE, "310110009999", "", "31", HERE + "001"])
def test_a_file_is_for_ones_own_committee(lin, area):
    content = xlsx([["姓名", "身份证号"], ["周桂芳", ZHOU]])
    if area.startswith(HERE):
        assert services.bring_in(content, "a.xlsx", area=area).area == HERE
        return
    with pytest.raises((Unusable, PermissionError)):
        services.bring_in(content, "a.xlsx", area=area)


# Who is meant


@pytest.mark.parametrize(
    ("row", "meant"),
    [
        (["周桂芳", "1949-03-05", "", ""], True),
        (["周桂芳", "", "19900333333", ""], True),
        (["周桂芳", "", "02165980000；19900333333", ""], True),
        (["周桂芳", "", "", DOOR], True),
        (["周桂芳", "1949-03-06", "19900333333", DOOR], False),
        (["周桂芳", "", "19900444444", "四平路999弄12号303室"], False),
        (["周桂", "1949-03-05", "19900333333", DOOR], False),
    ],
)
def test_a_name_and_one_more_thing_that_nothing_contradicts(lin, row, meant):
    head = ("姓名", "出生日期", "联系电话", "住址")
    services.apply(bring(["周桂芳", "1949-03-05", "19900333333", DOOR], head=head).pk)
    batch = bring(row, head=head)
    report = services.check(batch)
    (found,) = batch.rows.values_list("record_id", "id")
    assert (found[0] == Person.objects.get().pk) is meant
    assert report.created == (0 if meant else 1)


def test_somebody_with_another_number_is_another_whatever_else_agrees(lin, person):
    person(name="周桂芳", identity_number=ZHOU, phone="19900333333", birth_date=date(1949, 3, 5))
    batch = bring(["周桂芳", WANG, "19900333333", ""])
    assert numbers(services.check(batch)) == (1, 0, 0, 0, 0)


def test_somebody_whose_number_was_not_known_gets_it_by_name_and_birth(lin, person):
    known = person(name="周桂芳", birth_date=date(1949, 3, 5))
    services.apply(bring(["周桂芳", ZHOU, "", ""]).pk)
    assert Person.objects.get().pk == known.pk and Person.objects.get().identity_digest


@pytest.mark.parametrize("gone", ["merged", "withdrawn"])
def test_records_that_are_no_more_are_not_meant(lin, person, gone):
    first = person(name="周桂芳", identity_number=ZHOU)
    if gone == "merged":
        kept = person(name="周桂芳", birth_date=date(1949, 3, 5))
        merge_people(kept, first, "同一人")
    else:
        Person.objects.filter(pk=first.pk).update(status=Status.WITHDRAWN)
    batch = bring(["周桂芳", ZHOU, "19900111111", ""])
    services.check(batch)
    assert batch.rows.get().record_id != first.pk


def test_somebody_who_died_is_meant_and_not_brought_to_life_a_second_time(lin, person):
    gone = person(name="周桂芳", identity_number=ZHOU)
    die(gone, clock.today(), "去世")
    services.apply(bring(["周桂芳", ZHOU, "19900111111", ""]).pk)
    assert Person.objects.count() == 1
    assert Person.objects.get().status != Status.LIVE


def test_a_name_alone_means_nobody_and_says_what_is_missing(lin):
    batch = bring(["周桂芳", "", "", ""])
    report = services.check(batch)
    assert numbers(report) == (0, 0, 0, 0, 1)
    assert "分不清是哪一位" in report.refusals[0]["reason"] and report.refusals[0]["column"] == "A 姓名"


def test_a_second_look_gives_the_same_answer(lin, person):
    for phone in ("19900444401", "19900444402"):
        person(name="李建国", birth_date=date(1950, 1, 1), phone=phone)
    head = ("姓名", "出生日期", "联系电话", "住址")
    batch = bring(["李建国", "1950-01-01", "", ""], ["李建国", "", "19900444401", ""], ["王五", "", "", ""], head=head)
    first = services.check(batch)
    rows = list(batch.rows.order_by("number").values("outcome", "record_id", "problems", "changes"))
    for _ in range(2):
        assert services.check(batch) == first
        assert list(batch.rows.order_by("number").values("outcome", "record_id", "problems", "changes")) == rows


NUMBERS = [ZHOU, WANG, MIN]
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["周桂芳", "王福生", ""]),
        st.sampled_from([*NUMBERS, ""]),
        st.sampled_from(["19900111111", "19900222222", "x", ""]),
        st.sampled_from([DOOR, "四平路999弄12号303室", ""]),
    ),
    max_size=5,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=ROWS, second=ROWS)
def test_the_dry_run_says_what_then_happens_and_two_undos_restore_in_either_order(as_worker, areas, first, second):
    head = ("姓名", "身份证号", "联系电话", "住址")
    with as_worker():
        start = rows_of_everything()
        batches = []
        for rows in (first, second):
            batch = bring(*rows, head=head) if rows else None
            if batch is None:
                continue
            promised = services.check(batch)
            before = Person.objects.count()
            assert services.apply(batch.pk) == promised
            assert Person.objects.count() - before == promised.created
            batches.append(batch)
        for batch in reversed(batches):
            assert services.undo(batch.pk) == []
        assert rows_of_everything() == start


# What a hand did since


def test_undo_restores_the_rest_to_the_byte_when_a_hand_changed_one(lin):
    first = bring(["周桂芳", ZHOU, "19900111111", ""], ["王福生", WANG, "19900222222", ""])
    services.apply(first.pk)
    before = rows_of_everything()
    second = bring(["周桂芳", ZHOU, "19900999991", "1"], ["王福生", WANG, "19900999992", "2"])
    services.apply(second.pk)
    state(Person.objects.get(name="周桂芳"), {"phone": "19900888888"}, source="visit", origin=Origin("visit"))
    services.undo(second.pk)
    after = rows_of_everything()
    changed = set(after["records_person"]) ^ set(before["records_person"])
    assert len(changed) == 2 and all("周桂芳" in row for row in changed), "hers before and after, and nobody else's"
    assert held("phone") == "19900888888" and held("monthly_income") is None
    assert held("phone", "王福生") == "19900222222"


def test_undo_leaves_the_dwelling_in_which_somebody_else_lives_by_now(lin):
    batch = bring(["周桂芳", ZHOU, DOOR], head=("姓名", "身份证号", "住址"))
    services.apply(batch.pk)
    other = bring(["王福生", WANG, DOOR], head=("姓名", "身份证号", "住址"))
    services.apply(other.pk)
    services.undo(batch.pk)
    assert [p.name for p in Person.objects.all()] == ["王福生"]
    assert Residence.objects.get().dwelling == Dwelling.objects.get()
    services.undo(other.pk)
    assert not Person.objects.exists() and not Residence.objects.exists()


def test_undo_keeps_the_household_that_a_later_member_joined(lin):
    head = ("姓名", "身份证号", "住址", "与户主关系")
    first = bring(["周桂芳", ZHOU, DOOR, "户主"], head=head)
    services.apply(first.pk)
    services.apply(bring(["周桂芳", ZHOU, DOOR, "户主"], ["王敏", MIN, DOOR, "女儿"], head=head).pk)
    assert Membership.objects.count() == 2
    services.undo(first.pk)
    assert Person.objects.filter(name="王敏").exists()
    for link in Membership.objects.select_related("household"):
        assert link.household.status == "live"


def test_after_undo_nothing_speaks_of_the_file_but_its_own_rows(lin):
    batch = bring(["周桂芳", ZHOU, "19900111111", "4500"])
    services.apply(batch.pk)
    services.undo(batch.pk)
    assert not Statement.objects.filter(retracted_by=None).exists()
    assert batch.rows.get().values["phone"] == "19900111111", "what was typed is not lost"
