"""What each source reads for a row: the right home, the right head, the right people, and nothing that has ended."""

from datetime import date

import pytest

from linyun.hub.ledgers import fill, period
from linyun.hub.ledgers.plans import plan
from linyun.hub.ledgers.tests.conftest import TODAY
from linyun.hub.records.models import Membership, Residence
from linyun.hub.tags.vocabulary import vocabulary
from linyun.kernel.declare import Column, Ledger
from tests.characters import BUILDING, HERE


def values(*cells: str, source: str = "person", rule: str = "") -> list[tuple]:
    """The rows of a ledger of these cells."""
    words = vocabulary()
    made = plan(Ledger("t", "t", "t", source, tuple(Column(c, c) for c in cells), rule=rule), words)
    return fill.fill(made, HERE, period.CURRENT, TODAY, words).rows()


def ended(link, on: date = date(2026, 6, 1)) -> None:
    link.valid_to = on
    link.save(update_fields=["valid_to"])


@pytest.fixture
def family(as_worker, person, home):
    """A mother, her son and his wife in one room; the room belongs to the mother."""
    mother, son, wife = (
        person(name=n, birth_date=b, phone=p, sex=s)
        for n, b, p, s in (
            ("陈阿宝", date(1935, 1, 2), "19900000001", "2"),
            ("陈建国", date(1966, 6, 1), "19900000002", "1"),
            ("王秀英", date(1968, 8, 8), "19900000003", "2"),
        )
    )
    made = home(mother, son, wife, address="公交新村12号302室")
    with as_worker():
        made.household.number = "H0012"
        made.household.save(update_fields=["number"])
        dwelling = made.dwelling
        dwelling.estate, dwelling.building, dwelling.room = "公交新村", "12", "302"
        dwelling.save(update_fields=["estate", "building", "room"])
    return made


def test_a_person_lives_where_they_live_now(as_worker, family, person, home):
    mother = family.people[0]
    other = home(person(name="别家"), address="公交新村1号101室").dwelling
    with as_worker():
        assert values("address", rule="姓名 = 陈阿宝") == [("公交新村12号302室",)]
        ended(mother.residences.get(kind="actual"))
        Residence.objects.create(
            area=BUILDING, person=mother, dwelling=other, kind="actual", valid_from=date(2026, 6, 1)
        )
        assert values("address", "registered_text", rule="姓名 = 陈阿宝") == [("公交新村1号101室", "公交新村12号302室")]


def test_of_two_homes_the_later_one_counts_always_the_same(as_worker, family, person, home):
    mother = family.people[0]
    other = home(person(name="别家"), address="公交新村1号101室").dwelling
    with as_worker():
        Residence.objects.create(
            area=BUILDING, person=mother, dwelling=other, kind="actual", valid_from=date(2026, 6, 1)
        )
        assert {values("address", rule="姓名 = 陈阿宝")[0] for _ in range(3)} == {("公交新村1号101室",)}


def test_the_parts_of_an_address_are_told_apart(as_worker, family):
    with as_worker():
        assert values("estate_text", "building_text", "room_text", rule="姓名 = 陈建国") == [("公交新村", "12", "302")]


def test_a_person_without_a_home_has_no_address(as_worker, person):
    person(name="无住处")
    with as_worker():
        assert values("address", "registered_text", "estate_text", "head_name", "household_number") == [(None,) * 5]


def test_a_member_knows_the_head_and_the_household(as_worker, family):
    with as_worker():
        found = values("head_name", "head_phone", "household_number", rule="姓名 = 王秀英")
    assert found == [("陈阿宝", "19900000001", "H0012")]


def test_a_former_household_is_no_longer_named(as_worker, family):
    with as_worker():
        ended(Membership.objects.get(person=family.people[2]))
        assert values("head_name", "household_number", rule="姓名 = 王秀英") == [(None, None)]


def test_a_new_head_is_named_at_once(as_worker, family):
    mother, son, _ = family.people
    with as_worker():
        Membership.objects.filter(person=mother).update(is_head=False)
        Membership.objects.filter(person=son).update(is_head=True)
        assert values("head_name", rule="姓名 = 王秀英") == [("陈建国",)]


def test_a_household_names_its_head_first_and_those_who_are_still_there(as_worker, family):
    with as_worker():
        cells = (
            "number",
            "head_name",
            "head_sex",
            "head_phone",
            "member_names",
            "address",
            "building_text",
            "room_text",
        )
        assert values(*cells, source="household") == [
            ("H0012", "陈阿宝", "女", "19900000001", "陈阿宝、陈建国、王秀英", "公交新村12号302室", "12", "302")
        ]
        ended(Membership.objects.get(person=family.people[1]))
        family.people[2].status = "deceased"
        family.people[2].save(update_fields=["status"])
        assert values("member_names", "member_count", source="household") == [("陈阿宝", 2)]


def test_a_household_whose_head_left_has_none(as_worker, family):
    with as_worker():
        ended(Membership.objects.get(person=family.people[0]))
        assert values("head_name", "member_names", source="household") == [(None, "陈建国、王秀英")]


def test_a_dwelling_tells_owners_residents_and_registered_apart(as_worker, family):
    mother, son, wife = family.people
    with as_worker():
        Residence.objects.create(area=BUILDING, person=mother, dwelling=family.dwelling, kind="owner")
        wife.residences.get(kind="registered").delete()
        cells = ("owner_names", "resident_names", "registered_names", "resident_count", "registered_count")
        assert values(*cells, source="dwelling") == [("陈阿宝", "陈阿宝、陈建国、王秀英", "陈阿宝、陈建国", 3, 2)]
        ended(son.residences.get(kind="actual"))
        assert values("resident_names", source="dwelling") == [("陈阿宝、王秀英",)]


def test_an_empty_dwelling_names_nobody(as_worker, family):
    with as_worker():
        Residence.objects.all().delete()
        assert values("owner_names", "resident_names", source="dwelling") == [(None, None)]


@pytest.mark.parametrize("status", ["left", "deceased", "merged", "withdrawn"])
@pytest.mark.parametrize("source", ["person", "household", "dwelling"])
def test_what_is_no_longer_on_the_register_is_in_no_ledger(as_worker, family, source, status):
    record = {"person": family.people[0], "household": family.household, "dwelling": family.dwelling}[source]
    with as_worker():
        before = len(values("seq", source=source))
        record.status = status
        record.save(update_fields=["status"])
        assert len(values("seq", source=source)) == before - 1


def test_the_head_of_a_household_can_be_listed_with_the_number_masked(as_worker, family, filled):
    with as_worker():
        (row,) = values("head_name", "head_identity", source="household")
    assert row == ("陈阿宝", None)
