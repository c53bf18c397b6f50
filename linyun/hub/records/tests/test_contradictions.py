"""What contradicts the register is refused in words: the dead, the merged, wrong days, somebody else's household."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from linyun.hub.records import operations
from linyun.hub.records.models import Dwelling, Household, Kin, Membership, Operation, Person, Residence, Statement
from linyun.hub.records.operations import Impossible
from linyun.hub.records.projection import project
from linyun.hub.records.services import Origin, Unstatable, retract, see, state
from linyun.hub.records.tests.snapshots import everything
from linyun.kernel.ids import uuid7
from tests.characters import BUILDING, BUILDING_THERE, HERE, OTHER_BUILDING
from tests.residents import add_home, add_person, number_of

ON = date(2026, 5, 1)
LATER = date(2026, 6, 1)


def told(person: Person, source: str = "visit", **values: Any) -> None:
    state(person, values, source=source, origin=Origin(source), true_on=ON)
    person.refresh_from_db()


@pytest.fixture
def f(areas: Any, as_worker: Callable[..., Any]) -> SimpleNamespace:
    """Somebody dead, somebody merged away, a living family, an empty dwelling."""
    alive, second, third = (add_person(name=n) for n in ("周桂芳", "周建国", "周小明"))
    home = add_home(alive, second, third)
    dead, double = add_person(name="亡者"), add_person(name="周桂芳")
    other = add_home(dead, double, address="公交新村1号102室")
    with as_worker():
        empty = Dwelling.objects.create(area=OTHER_BUILDING, address="公交新村2号302室", address_key="公交新村|2||302")
        operations.die(dead, ON, "医院通知")
        operations.merge_people(alive, double, "录了两次")
    return SimpleNamespace(
        alive=alive, second=second, third=third, dead=dead, double=double, home=home, other=other, empty=empty
    )


VERBS: dict[str, Callable[[SimpleNamespace, Person], object]] = {
    "move_in": lambda f, p: operations.move_in(p, f.empty, "actual", LATER, "搬"),
    "move_out": lambda f, p: operations.move_out(p, "actual", LATER, "搬走"),
    "die": lambda f, p: operations.die(p, LATER, "去世"),
    "give_birth": lambda f, p: operations.give_birth(p, Person(name="小"), f.home.household, LATER, "出生"),
    "merge into": lambda f, p: operations.merge_people(p, f.second, "同一人"),
    "merge away": lambda f, p: operations.merge_people(f.second, p, "同一人"),
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize(("who", "says"), [("dead", "亡者已登记为去世"), ("double", "已经并入别处")])
def test_nothing_more_happens_to_the_dead_and_to_merged_records(as_worker, f, verb, who, says):
    with as_worker():
        before = everything()
        with pytest.raises(Impossible, match=says):
            VERBS[verb](f, getattr(f, who))
        assert everything() == before


@pytest.mark.parametrize("verb", ["die", "move_out", "move_in"])
def test_what_somebody_else_recorded_meanwhile_counts(as_worker, f, verb):
    """The form was opened before the death was recorded: the object in hand still says alive."""
    with as_worker():
        stale = Person.objects.get(pk=f.second.pk)
        operations.die(f.second, ON, "医院通知")
        assert stale.status == "live"
        with pytest.raises(Impossible, match="去世"):
            VERBS[verb](f, stale)


REFUSED: list[tuple[str, Callable[[SimpleNamespace], object], str]] = [
    ("head already", lambda f: operations.change_head(f.home.household, f.alive, ON, "x"), "周桂芳已经是户主"),
    ("head from outside", lambda f: operations.change_head(f.home.household, f.dead, ON, "x"), "亡者不在这一户"),
    ("head of the new one stays", lambda f: operations.split(f.home.household, [f.second], f.third, ON, "x"), "新户的户主"),
    ("nobody leaves", lambda f: operations.split(f.home.household, [], f.third, ON, "x"), "新户的户主"),
    ("a stranger leaves", lambda f: operations.split(f.home.household, [f.second, f.dead], f.second, ON, "x"), "不在这一户"),
    ("left before coming", lambda f: operations.split(f.home.household, [f.second], f.second, date(2019, 1, 1), "x"), "才开始"),
    ("moved before coming", lambda f: operations.move_in(f.second, f.empty, "actual", date(2019, 1, 1), "x"), "才开始"),
    ("out before coming", lambda f: operations.move_out(f.second, "registered", date(2019, 1, 1), "x"), "2020-01-01 才开始"),
    ("died before coming", lambda f: operations.die(f.second, date(2019, 1, 1), "x"), "才开始"),
    ("no such relation", lambda f: operations.move_out(f.second, "owner", ON, "x"), "没有这种关系"),
    ("lives there already", lambda f: operations.move_in(f.second, f.home.dwelling, "actual", ON, "x"), "已经登记在这套"),
    ("one household", lambda f: operations.merge_households(f.home.household, f.home.household, ON, "x"), "同一户"),
    ("one record", lambda f: operations.merge_people(f.second, f.second, "x"), "同一条记录"),
    ("merged before coming",
     lambda f: operations.merge_households(f.other.household, f.home.household, date(2019, 1, 1), "x"), "才开始"),
]  # fmt: skip


@pytest.mark.parametrize(("attempt", "says"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_refused_in_words_and_without_a_trace(as_worker, f, attempt, says):
    with as_worker():
        before, done = everything(), Operation.objects.count()
        with pytest.raises(Impossible, match=says):
            attempt(f)
        assert everything() == before
        assert Operation.objects.count() == done


@pytest.mark.parametrize(
    ("verb", "on"),
    [
        (lambda p, h, on: operations.die(p, on, "x"), date(1948, 3, 4)),
        (lambda p, h, on: operations.give_birth(p, Person(name="小"), h, on, "x"), date(1948, 3, 5)),
    ],
)
def test_nobody_dies_before_birth_or_is_born_before_their_mother(as_worker, areas, verb, on):
    p = add_person(birth_date=date(1948, 3, 5))
    with as_worker():
        household = Household.objects.create(area=BUILDING)
        with pytest.raises(Impossible, match="1948-03-05"):
            verb(p, household, on)
        assert Person.objects.count() == 1


def test_a_half_possible_death_changes_nothing(as_worker, f):
    """One residence began after the day given: those ended before it was met must be open again."""
    with as_worker():
        Residence.objects.filter(person=f.second, kind="registered").update(valid_from=date(2026, 8, 1))
        with pytest.raises(Impossible, match="2026-08-01 才开始"):
            operations.die(f.second, LATER, "去世")
        assert Residence.objects.filter(person=f.second, valid_to=None).count() == 2
        assert Person.objects.get(pk=f.second.pk).status == "live"


def test_a_person_of_another_area_is_not_there_to_be_moved(as_character, f):
    stranger = add_person(name="外人", area=BUILDING_THERE)
    with as_character("lin"):
        for attempt in (
            lambda: operations.die(stranger, ON, "x"),
            lambda: operations.merge_people(f.second, stranger, "x"),
            lambda: operations.move_in(stranger, f.empty, "actual", ON, "x"),
        ):
            with pytest.raises(Person.DoesNotExist):
                attempt()


# Changing the head: who is what to whom is asked anew.


def test_with_a_new_head_no_relation_to_the_old_one_is_left(as_worker, f):
    """周小明 was the son of the old head; whose son he is to the new one nobody said."""
    with as_worker():
        operations.change_head(f.home.household, f.second, ON, "老人去世")
        rows = dict(f.home.household.memberships.filter(valid_to=None).values_list("person_id", "relation"))
        heads = list(f.home.household.memberships.filter(is_head=True).values_list("person_id", flat=True))
    assert rows[f.second.pk] == "02"
    assert {rows[f.alive.pk], rows[f.third.pk]} == {None}
    assert heads == [f.second.pk]


def test_a_household_whose_head_died_has_none_until_somebody_says(as_worker, f):
    with as_worker():
        operations.die(f.alive, ON, "去世")
        assert not f.home.household.memberships.filter(valid_to=None, is_head=True).exists()
        operations.change_head(f.home.household, f.third, LATER, "家里商定")
        assert f.home.household.memberships.get(valid_to=None, is_head=True).person_id == f.third.pk


# Births: the child is on the register as anybody is, with words that somebody said.


def born(f: SimpleNamespace, **given: Any) -> Person:
    operations.give_birth(f.second, Person(name="周念安", area=BUILDING, **given), f.home.household, ON, "出生证")
    return Person.objects.get(name="周念安")


def test_a_newborn_keeps_the_name_when_something_is_stated_later(as_worker, f):
    with as_worker():
        child = born(f, sex="2")
        told(child, phone="19900555555")
        assert (child.name, child.sex, child.birth_date, child.phone) == ("周念安", "2", ON, "19900555555")
        assert child.pinyin.endswith(" zna")


def test_a_newborns_number_is_sealed_like_any_other(as_worker, f):
    number = number_of(ON)
    with as_worker():
        child = born(f, identity_number=number)
        written = str(list(Operation.objects.values("images"))) + str(Person.objects.filter(pk=child.pk).values())
    assert child.identity_number.startswith("s1:")
    assert number not in written


def test_the_relation_given_with_a_newborn_is_one_of_the_household(as_worker, f):
    with as_worker():
        child = born(f, tail={"relation": "20", "no_item": "x"})
        assert child.memberships.get().relation == "20"
        assert child.tail == {}


def test_after_an_undone_birth_no_word_about_the_child_stands(as_worker, f):
    with as_worker():
        child = born(f)
        operations.undo(Operation.objects.get(kind="birth").pk, "重复登记")
        words = Statement.objects.filter(subject_id=child.pk)
        assert words.count() == 1
        assert not words.filter(retracted_by=None).exists()


# Merging duplicates: one voice, whatever comes later and however many there are.


def test_what_is_said_of_a_merged_duplicate_fills_the_one_kept(as_worker, f):
    """An import or a visit that still knows the old record: the word is not lost, and the old row keeps what it had."""
    with as_worker():
        own = Person.objects.filter(pk=f.double.pk).values("name", "phone", "tail").get()
        told(f.double, phone="19900777777")
        assert Person.objects.get(pk=f.alive.pk).phone == "19900777777"
        assert Person.objects.filter(pk=f.double.pk).values("name", "phone", "tail").get() == own


def test_taking_back_an_origin_reaches_through_the_merge(as_worker, f):
    origin = Origin("import", uuid7())
    with as_worker():
        state(f.double, {"workplace": "新村小学"}, source="roster", origin=origin)
        assert Person.objects.get(pk=f.alive.pk).workplace == "新村小学"
        retract(origin, HERE)
        assert Person.objects.get(pk=f.alive.pk).workplace is None
        assert Person.objects.get(pk=f.double.pk).name == "周桂芳"


def test_three_records_of_one_person_speak_with_one_voice(as_worker, areas):
    """A into B, then B into C: what A said must be heard in C, and A opens C."""
    a, b, c = (add_person(name="周桂芳", **v) for v in ({"phone": "19900111111"}, {"occupation": "教师"}, {"sex": "2"}))
    with as_worker():
        first = operations.merge_people(b, a, "同一人")
        second = operations.merge_people(c, b, "还是同一人")
        c.refresh_from_db()
        assert (c.phone, c.occupation, c.sex) == ("19900111111", "教师", "2")
        assert see(a.pk).pk == see(b.pk).pk == c.pk
        with pytest.raises(operations.ChangedSince):
            operations.undo(first.pk, "次序不对")
        operations.undo(second.pk, "撤")
        assert see(a.pk).pk == b.pk
        operations.undo(first.pk, "撤")
        rows = {p.pk: (p.phone, p.occupation, p.sex, p.merged_into_id) for p in Person.objects.all()}
    assert rows == {
        a.pk: ("19900111111", None, None, None),
        b.pk: (None, "教师", None, None),
        c.pk: (None, None, "2", None),
    }


def test_a_merged_household_keeps_its_place_for_words_and_returns_them_on_undo(as_worker, f):
    with as_worker():
        kept, gone = f.home.household, Household.objects.get(pk=f.other.household.pk)
        state(gone, {"number": "0102"}, source="desk", origin=Origin("desk"))
        operation = operations.merge_households(kept, gone, LATER, "并户")
        kept.refresh_from_db()
        assert kept.number == "0102"
        operations.undo(operation.pk, "撤")
        kept.refresh_from_db()
        gone.refresh_from_db()
        assert (kept.number, gone.number, gone.status) == (None, "0102", "live")


def test_a_merged_household_takes_no_part_in_another_merge(as_worker, f):
    with as_worker():
        third = add_home(add_person(name="丙"), address="公交新村1号104室").household
        operations.merge_households(f.home.household, f.other.household, LATER, "并户")
        for kept, gone in ((f.other.household, third), (third, f.other.household)):
            with pytest.raises(Impossible, match="并入别处"):
                operations.merge_households(kept, gone, LATER, "再并")


def test_all_members_of_a_merged_household_are_in_the_kept_one_once(as_worker, f):
    with as_worker():
        double = add_home(f.second, add_person(name="新来的"), address="公交新村1号105室")
        operations.merge_households(f.home.household, double.household, LATER, "并户")
        names = list(
            Membership.objects.filter(household=f.home.household, valid_to=None).values_list("person__name", flat=True)
        )
        assert sorted(names) == sorted(["周桂芳", "周建国", "周小明", "新来的"])
        assert not Membership.objects.filter(household=double.household, valid_to=None).exists()


def test_kin_of_a_duplicate_are_kin_of_the_one_kept_and_nobody_is_their_own(as_worker, areas):
    kept, double, son, friend = (add_person(name=n) for n in ("周桂芳", "周桂芳", "周建国", "王敏"))
    with as_worker():
        rows = [
            (double, son, "20"),
            (kept, son, "20"),
            (double, friend, "90"),
            (friend, double, "90"),
            (double, kept, "90"),
        ]
        for person, relative, kind in rows:
            Kin.objects.create(area=BUILDING, person=person, relative=relative, kind=kind)
        before = everything()
        operation = operations.merge_people(kept, double, "同一人")
        found = set(Kin.objects.filter(person=kept).values_list("relative__name", flat=True))
        assert found == {"周建国", "王敏"}
        assert Kin.objects.filter(person=friend).get().relative_id == kept.pk
        assert not Kin.objects.filter(person=kept, relative=kept).exists()
        operations.undo(operation.pk, "撤")
        assert everything() == before


def test_projecting_a_duplicate_by_hand_does_not_empty_it(as_worker, f):
    with as_worker():
        project("person", [f.double.pk])
        assert Person.objects.get(pk=f.double.pk).name == "周桂芳"


def test_two_people_of_different_numbers_stay_two(as_worker, areas):
    one = add_person(identity_number=number_of(date(1950, 1, 1)))
    two = add_person(identity_number=number_of(date(1950, 1, 1), 996))
    with as_worker(), pytest.raises(Impossible, match="身份证号不同"):
        operations.merge_people(one, two, "看着像")


def test_a_number_that_came_with_a_duplicate_goes_back_to_it(as_worker, areas):
    number = number_of(date(1950, 1, 1))
    kept, double = add_person(), add_person(identity_number=number)
    with as_worker():
        before = everything()
        operation = operations.merge_people(kept, double, "同一人")
        assert Person.objects.get(pk=kept.pk).identity_digest == double.identity_digest
        operations.undo(operation.pk, "撤")
        assert everything() == before


def test_a_number_that_another_record_holds_is_refused_in_words(as_worker, areas):
    """Typed into the page of a second record of the same person: a sentence that leads on, not a broken page."""
    number = number_of(date(1950, 1, 1))
    add_person(name="周桂芳", identity_number=number)
    second = add_person(name="周桂芳")
    with as_worker():
        words = Statement.objects.count()
        with pytest.raises(Unstatable, match="已有这个证件号.*合并") as refused:
            told(second, identity_number=number)
        assert number not in str(refused.value)
        assert Statement.objects.count() == words
        told(second, phone="19900888888")
        assert second.phone == "19900888888"


def test_the_page_of_a_correction_says_it_too(client_of, areas):
    number = number_of(date(1950, 1, 1))
    add_person(name="周桂芳", identity_number=number)
    second = add_person(name="周桂芳")
    answer = client_of("lin").post(
        f"/desk/people/{second.pk}/items/identity_number/correct", {"identity_number": number}
    )
    assert answer.status_code == 422
    assert "已有这个证件号" in answer.content.decode()
