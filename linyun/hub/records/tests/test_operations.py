"""Life operations: each changes what it should, and taken back leaves everything as it was."""

from datetime import date

import pytest

from linyun.foundation.accounts.policy import Refused
from linyun.hub.records import operations
from linyun.hub.records.images import ChangedSince
from linyun.hub.records.models import Dwelling, Household, Membership, Person, Residence
from linyun.hub.records.operations import Impossible
from linyun.hub.records.services import Origin, state
from linyun.kernel.values.identity import make
from tests.characters import BUILDING, OTHER_BUILDING

ON = date(2026, 5, 1)


def everything() -> list[list[dict[str, object]]]:
    """All rows an operation may touch, to compare before and after."""
    return [list(m.objects.order_by("pk").values()) for m in (Person, Household, Membership, Residence, Dwelling)]


@pytest.fixture
def family(person, home):
    return home(person(name="周桂芳"), person(name="周建国"), person(name="周小明"))


@pytest.fixture
def elsewhere(areas, as_worker):
    with as_worker():
        return Dwelling.objects.create(area=OTHER_BUILDING, address="公交新村2号302室", address_key="公交新村|2||302")


def test_moving_in_elsewhere_changes_where_one_lives_but_not_where_one_is_registered(as_worker, family, elsewhere):
    p = family.people[1]
    with as_worker():
        operations.move_in(p, elsewhere, "actual", ON, "搬到 2 号楼")
        open_rows = dict(Residence.objects.filter(person=p, valid_to=None).values_list("kind", "dwelling_id"))
    assert open_rows == {"registered": family.dwelling.pk, "actual": elsewhere.pk}
    assert p.area == OTHER_BUILDING


def test_who_neither_lives_nor_is_registered_here_has_left(as_worker, family):
    p = family.people[2]
    with as_worker():
        operations.move_out(p, "actual", ON, "搬走")
        assert p.status == "live"
        operations.move_out(p, "registered", ON, "户口迁出")
        assert p.status == "left"
        assert not Membership.objects.filter(person=p, valid_to=None).exists()


@pytest.mark.parametrize("name", ["move_in", "move_out", "death", "change_head", "split", "merge_households"])
def test_undo_restores_every_row_as_it_was(as_worker, family, elsewhere, person, home, name):
    head, second, third = family.people
    other = home(person(name="王敏"), address="公交新村1号102室")
    with as_worker():
        before = everything()
        done = {
            "move_in": lambda: operations.move_in(second, elsewhere, "actual", ON, "搬"),
            "move_out": lambda: operations.move_out(third, "actual", ON, "搬走"),
            "death": lambda: operations.die(head, ON, "医院通知"),
            "change_head": lambda: operations.change_head(family.household, second, ON, "老人去世"),
            "split": lambda: operations.split(family.household, [second, third], second, ON, "分家")[0],
            "merge_households": lambda: operations.merge_households(family.household, other.household, ON, "并户"),
        }[name]()
        assert everything() != before
        operations.undo(done.pk, "办错了")
        assert everything() == before
        with pytest.raises(Impossible, match="撤销过"):
            operations.undo(done.pk, "再来")


def test_an_undo_is_refused_when_something_later_stands_on_it(as_worker, family):
    p = family.people[2]
    with as_worker():
        first = operations.move_out(p, "actual", ON, "搬走")
        operations.die(p, date(2026, 6, 1), "去世")
        with pytest.raises(ChangedSince, match="较晚"):
            operations.undo(first.pk, "撤")


def test_merged_duplicates_speak_with_one_voice_and_can_be_parted(as_worker, person, home):
    one, two = person(name="周桂芳", phone="19900111111"), person(name="周桂芳", occupation="教师")
    home(two)
    with as_worker():
        before = everything()
        done = operations.merge_people(one, two, "同一人录了两次")
        one.refresh_from_db()
        assert (one.phone, one.occupation) == ("19900111111", "教师")
        assert Residence.objects.filter(person=one, valid_to=None).count() == 2
        state(two, {"workplace": "新村小学"}, source="desk", origin=Origin("desk"))
        operations.undo(done.pk, "弄错了")
        one.refresh_from_db()
        two.refresh_from_db()
        assert (one.occupation, two.occupation, two.workplace) == (None, "教师", "新村小学")
        assert everything()[1:] == before[1:]


def test_two_people_with_different_numbers_are_not_merged(as_worker, person):
    one = person(identity_number=make("310110", date(1950, 1, 1), 998))
    two = person(identity_number=make("310110", date(1950, 1, 2), 998))
    with as_worker(), pytest.raises(Impossible, match="不是同一个人"):
        operations.merge_people(one, two, "看着像")


def test_births_join_the_mothers_household_and_home(as_worker, family):
    mother = family.people[0]
    with as_worker():
        operations.give_birth(mother, Person(name="周念安", area=BUILDING), family.household, ON, "出生证")
        child = Person.objects.get(name="周念安")
        homes = set(Residence.objects.filter(person=child).values_list("kind", "dwelling_id"))
        assert homes == {("actual", family.dwelling.pk), ("registered", family.dwelling.pk)}
        assert child.memberships.get().household == family.household


@pytest.mark.parametrize(
    ("attempt", "says"),
    [
        (lambda f: operations.die(f.people[0], date(1900, 1, 1), "x"), "才开始|出生"),
        (lambda f: operations.split(f.household, f.people, f.people[0], ON, "x"), "全部"),
        (lambda f: operations.change_head(f.household, Person(name="外人"), ON, "x"), "不在这一户"),
        (lambda f: operations.move_out(f.people[0], "owner", ON, "x"), "没有这种关系"),
        (lambda f: operations.move_in(f.people[0], f.dwelling, "actual", ON, "x"), "已经登记"),
        (lambda f: operations.die(f.people[0], ON, " "), "原因"),
    ],
)
def test_what_contradicts_the_records_is_refused_in_words(as_worker, family, attempt, says):
    with as_worker(), pytest.raises(Impossible, match=says):
        attempt(family)


def test_a_building_chief_records_no_moves(as_character, family):
    with as_character("zhou"), pytest.raises(Refused):
        operations.move_out(family.people[2], "actual", ON, "搬走")
