"""Any sequence of life operations: whole or not at all, never a delete, and taken back in order byte for byte."""

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linyun.foundation.acts.models import Act
from linyun.hub.records import operations
from linyun.hub.records.images import ChangedSince
from linyun.hub.records.models import Dwelling, Household, Kin, Membership, Operation, Person, Residence, Statement
from linyun.hub.records.operations import Impossible
from linyun.hub.records.services import Origin, state
from linyun.hub.records.tests.snapshots import everything, ids
from tests.characters import BUILDING, OTHER_BUILDING
from tests.residents import add_home, add_person

DAY = date(2026, 2, 1)


class RolledBack(Exception):
    """Ends one example: what it did is gone."""


@pytest.fixture
def street(areas: Any, as_worker: Callable[..., Any]) -> SimpleNamespace:
    """Two homes, an empty dwelling, and a second record of one of the people, with kin."""
    one = [add_person(name=n, phone=f"1990011{k:04d}") for k, n in enumerate(("周桂芳", "周建国", "周小明"))]
    two = [add_person(name=n) for n in ("王敏", "王建军")]
    double = add_person(name="周建国", occupation="教师", source="roster")
    homes = [add_home(*one), add_home(*two, address="公交新村1号102室"), add_home(double, address="公交新村1号103室")]
    with as_worker():
        empty = Dwelling.objects.create(area=OTHER_BUILDING, address="公交新村2号302室", address_key="公交新村|2||302")
        Kin.objects.create(area=BUILDING, person=double, relative=two[0], kind="10")
        Kin.objects.create(area=BUILDING, person=one[0], relative=double, kind="20")
    return SimpleNamespace(
        people=[p.pk for p in (*one, *two, double)],
        dwellings=[*(h.dwelling.pk for h in homes), empty.pk],
        households=[h.household.pk for h in homes],
    )


def do(kind: str, street: SimpleNamespace, a: int, b: int, day: int) -> Operation:
    """Carry out one operation on freshly fetched rows; Impossible where it contradicts what is recorded."""
    on, why = DAY + timedelta(days=day), "随机"
    person = Person.objects.get(pk=street.people[a % len(street.people)])
    other = Person.objects.get(pk=street.people[b % len(street.people)])
    kinds = list(Residence.Kind.values)
    households = [Household.objects.get(pk=street.households[n % len(street.households)]) for n in (a, b)]
    dwelling = Dwelling.objects.get(pk=street.dwellings[b % len(street.dwellings)])
    if kind == "split":
        own = Membership.objects.filter(person=person, valid_to=None).order_by("pk").first()
        return operations.split(own.household if own else households[0], [person], person, on, why)[0]
    if kind == "change_head":
        own = Membership.objects.filter(person=other, valid_to=None).order_by("pk").first()
        return operations.change_head(own.household if own else households[1], person, on, why)
    verbs: dict[str, Callable[[], Operation]] = {
        "move_in": lambda: operations.move_in(person, dwelling, kinds[a % 3], on, why),
        "move_out": lambda: operations.move_out(person, kinds[b % 3], on, why),
        "death": lambda: operations.die(person, on, why),
        "birth": lambda: operations.give_birth(person, Person(name="新生儿"), households[1], on, why),
        "merge_households": lambda: operations.merge_households(households[0], households[1], on, why),
        "merge_people": lambda: operations.merge_people(person, other, why),
    }
    return verbs[kind]()


STEPS = st.lists(
    st.tuples(st.sampled_from(sorted(operations.KINDS)), st.integers(0, 5), st.integers(0, 5), st.integers(0, 40)),
    min_size=1,
    max_size=6,
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, wrong=st.integers(0, 5))
def test_any_sequence_is_taken_back_to_the_byte(as_worker, street, steps, wrong):
    done: list[tuple[Operation, dict[str, Any]]] = []
    with pytest.raises(RolledBack), as_worker(), transaction.atomic():
        for kind, a, b, day in steps:
            before, there = everything(), ids()
            try:
                operation = do(kind, street, a, b, day)
            except Impossible:
                assert everything() == before, f"{kind} was refused and yet changed something"
                continue
            assert there <= ids(), f"{kind} deleted a row"
            assert everything() != before
            done.append((operation, before))
        if done and wrong < len(done) - 1:
            try_one_that_others_stand_on(done, wrong)
        for operation, before in reversed(done):
            operations.undo(operation.pk, "撤")
            assert everything() == before, f"{operation.kind} was not taken back exactly"
        raise RolledBack


def try_one_that_others_stand_on(done: list[tuple[Operation, Any]], chosen: int) -> None:
    """Undone out of order an operation is refused without a trace, or concerns nobody whom a later one concerns."""
    operation, before = done[chosen][0], everything()
    later = {pk for one, _ in done[chosen + 1 :] for pk in one.subjects}
    try:
        with transaction.atomic():
            operations.undo(operation.pk, "次序不对")
            assert not later & set(operation.subjects)
            raise RolledBack
    except (ChangedSince, RolledBack):
        assert everything() == before


ONCE = ("move_in", "move_out", "death", "birth", "change_head", "split", "merge_households", "merge_people")


def arranged(kind: str, street: SimpleNamespace) -> Operation:
    """Each kind once, in circumstances where it is possible."""
    chosen = {"move_in": (3, 3), "move_out": (0, 0), "change_head": (1, 0), "split": (1, 0), "merge_people": (1, 5)}
    return do(kind, street, *chosen.get(kind, (0, 1)), 5)


@pytest.mark.parametrize("kind", ONCE)
def test_each_is_an_act_with_its_reason_and_names_whom_it_concerns(as_worker, street, kind):
    with as_worker():
        operation = arranged(kind, street)
        act = Act.objects.get(verb="operation_done")
        assert (act.subject_id, act.detail["kind"], act.reason) == (operation.pk, kind, "随机")
        assert operation.kind == kind
        assert operation.actor_name == "林晓岚"
        assert {str(pk) for pk in street.people} & set(operation.subjects) or kind == "birth"


@pytest.mark.parametrize("kind", ONCE)
def test_each_can_be_undone_once_and_says_so_the_second_time(as_worker, street, kind):
    with as_worker():
        before = everything()
        operation = arranged(kind, street)
        operations.undo(operation.pk, " 办错了 ")
        assert everything() == before
        with pytest.raises(Impossible, match="撤销过"):
            operations.undo(operation.pk, "再撤")
        assert Act.objects.get(verb="operation_undone").reason == "办错了"


@pytest.mark.parametrize("kind", ONCE)
def test_each_can_be_done_again_after_it_was_undone(as_worker, street, kind):
    """Nothing of the undone one stands in the way: no unique row, no status, no pointer."""
    with as_worker():
        first = arranged(kind, street)
        after = {label: len(rows) for label, rows in everything().items()}
        operations.undo(first.pk, "撤")
        again = arranged(kind, street)
        assert {label: len(rows) for label, rows in everything().items()} == after
        assert again.pk != first.pk


@pytest.mark.parametrize("kind", ONCE)
@pytest.mark.parametrize("reason", ["", "  \n"])
def test_none_without_a_reason_and_the_refusal_leaves_no_trace(as_worker, street, kind, reason, monkeypatch):
    """A page answers a refusal inside its transaction: what was changed before it must be gone all the same."""
    with as_worker():
        before = everything()
        with pytest.raises(Impossible, match="原因"):
            refuse = operations._done
            monkeypatch.setattr(
                operations, "_done", lambda kind, area, _why, on, images: refuse(kind, area, reason, on, images)
            )
            arranged(kind, street)
        assert everything() == before
        assert not Operation.objects.exists()
        assert not Statement.objects.filter(origin_kind="birth").exists()


@pytest.mark.parametrize("kind", ONCE)
@pytest.mark.parametrize("who", ["chen", "shen", "he"])
def test_only_a_worker_may_and_the_attempt_leaves_no_trace(as_character, street, kind, who):
    """The grid, the street and a department see these people, or not; none of them records what happens to them."""
    with as_character("lin"):
        before = everything()
    with as_character(who), pytest.raises(PermissionError):
        arranged(kind, street)
    with as_character("lin"):
        assert everything() == before
        assert not Operation.objects.exists()


@pytest.mark.parametrize("kind", ONCE)
def test_a_stranger_can_neither_do_nor_undo_it(as_character, street, kind):
    with as_character("lin"):
        operation = arranged(kind, street)
        after = everything()
    with as_character("wu"):
        with pytest.raises((Person.DoesNotExist, Household.DoesNotExist)):
            arranged(kind, street)
        with pytest.raises(Operation.DoesNotExist):
            operations.undo(operation.pk, "替他们撤")
    with as_character("lin"):
        assert everything() == after


def test_an_undo_needs_a_reason(as_worker, street):
    with as_worker():
        operation = arranged("death", street)
        with pytest.raises(Impossible, match="撤销的原因"):
            operations.undo(operation.pk, "  ")
        operation.refresh_from_db()
        assert operation.undone_at is None


def test_a_refused_undo_restores_nothing_at_all(as_worker, street):
    """The last rows of an undo come first: when an earlier one is no longer as it was, those before must go back too."""
    with as_worker():
        operation = arranged("death", street)
        first = operation.images[0]["after"]
        Residence.objects.filter(pk=first["pk"]).update(valid_to=date(2026, 7, 1))
        before = everything()
        with pytest.raises(ChangedSince, match="较晚"):
            operations.undo(operation.pk, "撤")
        assert everything() == before


def test_a_household_that_others_joined_since_cannot_be_undone_away(as_worker, street):
    """A child born into a split-off household relies on it: a sentence, not a broken page."""
    with as_worker():
        second = Person.objects.get(pk=street.people[1])
        household = Household.objects.get(pk=street.households[0])
        operation, new = operations.split(household, [second], second, DAY, "分家")
        mother = Person.objects.get(pk=street.people[3])
        operations.give_birth(mother, Person(name="王念安"), new, DAY + timedelta(days=9), "出生证")
        before = everything()
        with pytest.raises(ChangedSince, match="较晚"):
            operations.undo(operation.pk, "撤")
        assert everything() == before


def test_a_head_does_not_come_back_beside_the_next_head(as_worker, street):
    """The dead head and the members who chose another concern different people; yet a household has one head."""
    with as_worker():
        head, next_head = (Person.objects.get(pk=pk) for pk in street.people[:2])
        operation = operations.die(head, DAY, "死亡证明")
        operations.change_head(Household.objects.get(pk=street.households[0]), next_head, DAY, "家属商定")
        before = everything()
        with pytest.raises(ChangedSince, match="较晚"):
            operations.undo(operation.pk, "登记错了")
        assert everything() == before


def test_what_others_changed_meanwhile_in_other_columns_stays(as_worker, street):
    """An undo restores the columns of the operation only: a phone corrected since is not this one's to take back."""
    with as_worker():
        operation = arranged("death", street)
        person = Person.objects.get(pk=street.people[0])
        state(person, {"remark": "改过"}, source="desk", origin=Origin("desk"))
        before = everything()["records.Person"]
        operations.undo(operation.pk, "撤")
        now = everything()["records.Person"]
    changed = {key for old, new in zip(before, now, strict=True) for key in old if old[key] != new[key]}
    assert changed == {"status"}
    assert person.remark == "改过"
