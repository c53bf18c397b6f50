"""Life operations: move in, move out, birth, death, change of head, split, merge, un-merge. Each with a reason, each
reversible, none a delete. Registered, actual and owner are separate facts: a move changes one of them.

Each is whole or not at all: a page answers a refusal within its transaction, so what was changed before it must go.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from linyun.foundation.accounts.policy import require
from linyun.foundation.acts.actor import current
from linyun.foundation.acts.services import record
from linyun.hub.records.events import OperationDone, OperationUndone
from linyun.hub.records.images import LATER, ChangedSince, Images, take_back
from linyun.hub.records.models import Dwelling, Household, Kin, Membership, Operation, Person, Residence, Status
from linyun.hub.records.projection import project
from linyun.hub.records.services import retract_born, state_born
from linyun.kernel import clock
from linyun.kernel.words import msgid, say


class Impossible(ValueError):
    """The operation contradicts what is recorded; the text says what and how to mend it."""


def _done(kind: str, area: str, reason: str, on: date, images: Images) -> Operation:
    who = current()
    require(who, "record.operate", area)
    if not reason.strip():
        raise Impossible(say("请写明原因"))
    operation = Operation.objects.create(
        area=area,
        kind=kind,
        reason=reason.strip(),
        happened_on=on,
        actor_name=who.name,
        images=images.taken,
        subjects=sorted(str(pk) for pk in images.people if pk),
    )
    record(OperationDone(operation.pk, kind), area=area, subject=("operation", operation.pk), reason=reason.strip())
    return operation


def _standing(*people: Person) -> None:
    """Look at people as they are now and hold them until the end. Raises Impossible for who is dead or merged away."""
    for person in sorted(people, key=lambda p: p.pk):
        person.refresh_from_db(from_queryset=Person.objects.select_for_update())
        if person.status == Status.DECEASED:
            raise Impossible(say("{name}已登记为去世。若登记错了，请先撤销那一次。", name=person.name))
        if person.status == Status.MERGED:
            raise Impossible(say("这条记录已经并入别处，请打开并入后的那一条"))


def _open_residences(person: Person, kind: str | None = None) -> Sequence[Residence]:
    found = Residence.objects.filter(person=person, valid_to=None)
    return list(found.filter(kind=kind) if kind else found)


def _end(images: Images, rows: Sequence[Any], on: date) -> None:
    for row in rows:
        if row.valid_from and row.valid_from > on:
            raise Impossible(say("日期不对：这条关系从 {valid_from} 才开始", valid_from=row.valid_from))
        images.change(row, valid_to=on)


@transaction.atomic
def move_in(person: Person, dwelling: Dwelling, kind: str, on: date, reason: str) -> Operation:
    """Start living in, being registered at, or owning a dwelling. Living and registration end elsewhere on that day."""
    _standing(person)
    images = Images()
    if kind != Residence.Kind.OWNER:
        _end(images, [r for r in _open_residences(person, kind) if r.dwelling_id != dwelling.pk], on)
    if any(r.dwelling_id == dwelling.pk for r in _open_residences(person, kind)):
        raise Impossible(say("这位居民已经登记在这套房屋里了"))
    images.add(Residence(area=dwelling.area, person=person, dwelling=dwelling, kind=kind, valid_from=on))
    if kind == Residence.Kind.ACTUAL and person.area != dwelling.area:
        images.change(person, area=dwelling.area)
    if person.status == Status.LEFT:
        images.change(person, status=Status.LIVE)
    return _done("move_in", dwelling.area, reason, on, images)


@transaction.atomic
def move_out(person: Person, kind: str, on: date, reason: str, dwelling: Dwelling | None = None) -> Operation:
    """Stop living in, being registered at, or owning; ``dwelling``: this one alone, where somebody owns several.

    Who neither lives nor is registered here any more has left.
    """
    _standing(person)
    rows = [r for r in _open_residences(person, kind) if dwelling is None or r.dwelling_id == dwelling.pk]
    if not rows:
        raise Impossible(say("没有可以结束的登记：这位居民在这里没有这种关系"))
    images = Images()
    _end(images, rows, on)
    if not [r for r in _open_residences(person) if r.kind != Residence.Kind.OWNER]:
        _end(images, list(Membership.objects.filter(person=person, valid_to=None)), on)
        images.change(person, status=Status.LEFT)
    return _done("move_out", person.area, reason, on, images)


@transaction.atomic
def die(person: Person, on: date, reason: str) -> Operation:
    """A death: open residences and memberships end; the record stays. A household without head is shown as a to-do."""
    _standing(person)
    if person.birth_date and on < person.birth_date:
        raise Impossible(say("去世日期不能早于出生日期 {birth_date}", birth_date=person.birth_date))
    images = Images()
    _end(images, _open_residences(person), on)
    _end(images, list(Membership.objects.filter(person=person, valid_to=None)), on)
    images.change(person, status=Status.DECEASED)
    return _done("death", person.area, reason, on, images)


@transaction.atomic
def give_birth(mother: Person, child: Person, household: Household, on: date, reason: str) -> Operation:
    """A birth: the child (a new record, not saved before) joins the household and lives where the mother lives.

    What is known of the child is stated, as of anybody: a row without statements would lose it at the next one.
    """
    _standing(mother)
    if mother.birth_date and on <= mother.birth_date:
        raise Impossible(say("出生日期不能早于母亲的出生日期 {birth_date}", birth_date=mother.birth_date))
    images, relation = Images(), child.tail.get("relation")
    child.area = mother.area
    child.birth_date = child.birth_date or on
    state_born(child, on)
    images.added(child)
    images.add(Membership(area=household.area, household=household, person=child, relation=relation, valid_from=on))
    for residence in _open_residences(mother):
        if residence.kind != Residence.Kind.OWNER:
            images.add(
                Residence(
                    area=residence.area, person=child, dwelling=residence.dwelling, kind=residence.kind, valid_from=on
                )
            )
    return _done("birth", mother.area, reason, on, images)


@transaction.atomic
def change_head(household: Household, new_head: Person, on: date, reason: str) -> Operation:
    """Another member becomes head of the household; relations to the head are asked anew, never guessed."""
    open_rows = list(household.memberships.filter(valid_to=None).select_related("person"))
    new = next((m for m in open_rows if m.person_id == new_head.pk), None)
    if new is None:
        raise Impossible(say("{name}不在这一户，请先加入这一户", name=new_head.name))
    if new.is_head:
        raise Impossible(say("{name}已经是户主", name=new_head.name))
    images = Images()
    for row in open_rows:
        if row is not new and (row.is_head or row.relation):
            images.change(row, is_head=False, relation=None)
    images.change(new, is_head=True, relation="02")
    return _done("change_head", household.area, reason, on, images)


@transaction.atomic
def split(
    household: Household, members: Sequence[Person], head: Person, on: date, reason: str
) -> tuple[Operation, Household]:
    """Some members form a household of their own under one of them."""
    leaving = {p.pk for p in members}
    if head.pk not in leaving:
        raise Impossible(say("新户的户主须是分出去的人之一"))
    rows = list(household.memberships.filter(valid_to=None))
    if leaving - {r.person_id for r in rows}:
        raise Impossible(say("分出去的人里有人不在这一户"))
    if len(leaving) == len(rows):
        raise Impossible(say("不能把全部成员都分出去"))
    images = Images()
    _end(images, [r for r in rows if r.person_id in leaving], on)
    new = Household(area=household.area, dwelling=household.dwelling)
    images.add(new)
    for pk in leaving:
        is_head = pk == head.pk
        images.add(
            Membership(
                area=new.area,
                household=new,
                person_id=pk,
                is_head=is_head,
                relation="02" if is_head else None,
                valid_from=on,
            )
        )
    return _done("split", household.area, reason, on, images), new


@transaction.atomic
def merge_households(kept: Household, gone: Household, on: date, reason: str) -> Operation:
    """All members of one household join another one."""
    if kept.pk == gone.pk:
        raise Impossible(say("这是同一户"))
    for household in (kept, gone):
        household.refresh_from_db(from_queryset=Household.objects.select_for_update())
        if household.status == Status.MERGED:
            raise Impossible(say("其中一户已经并入别处，请打开并入后的那一户"))
    images = Images()
    inside = set(kept.memberships.filter(valid_to=None).values_list("person_id", flat=True))
    for row in gone.memberships.filter(valid_to=None):
        _end(images, [row], on)
        if row.person_id not in inside:
            images.add(Membership(area=kept.area, household=kept, person_id=row.person_id, valid_from=on))
    _lead_on(images, gone, kept)
    operation = _done("merge_households", kept.area, reason, on, images)
    project("household", [kept.pk])
    return operation


def _lead_on(images: Images, gone: Any, kept: Any) -> None:
    """Mark a record as merged; what was merged into it before leads to the kept one too, so that one step suffices."""
    for row in type(gone).objects.filter(merged_into=gone):
        images.change(row, merged_into=kept)
    images.change(gone, status=Status.MERGED, merged_into=kept)


def _lead_kin(images: Images, duplicate: Person, kept: Person) -> None:
    """Kin of the duplicate are kin of the kept one. What would say the same twice, or name somebody their own kin, stays."""
    there = set(Kin.objects.filter(person=kept).values_list("relative_id", "relative_name"))
    for row in Kin.objects.filter(person=duplicate).exclude(relative=kept):
        if (row.relative_id, row.relative_name) not in there:
            images.change(row, person=kept)
    named = set(Kin.objects.filter(relative=kept).values_list("person_id", "relative_name"))
    for row in Kin.objects.filter(relative=duplicate).exclude(person=kept):
        if (row.person_id, row.relative_name) not in named:
            images.change(row, relative=kept)


@transaction.atomic
def merge_people(kept: Person, duplicate: Person, reason: str) -> Operation:
    """Two records are one person: all statements now fill the kept one; the duplicate stays and can be un-merged."""
    if kept.pk == duplicate.pk:
        raise Impossible(say("这是同一条记录"))
    _standing(kept, duplicate)
    both = kept.identity_digest and duplicate.identity_digest
    if both and kept.identity_digest != duplicate.identity_digest:
        raise Impossible(say("两条记录的身份证号不同，不是同一个人。若其中一个写错了，请先更正。"))
    images, on = Images(), clock.today()
    for model in (Residence, Membership):
        for row in model.objects.filter(person=duplicate, valid_to=None):
            link = (
                {"dwelling_id": row.dwelling_id, "kind": row.kind}
                if isinstance(row, Residence)
                else {"household_id": row.household_id}
            )
            if model.objects.filter(person=kept, valid_to=None, **link).exists():
                images.change(row, valid_to=max(on, row.valid_from or on))
            else:
                images.change(row, person=kept)
    _lead_kin(images, duplicate, kept)
    _lead_on(images, duplicate, kept)
    operation = _done("merge_people", kept.area, reason, on, images)
    project("person", [kept.pk])
    return operation


@transaction.atomic
def undo(operation_id: UUID, reason: str) -> Operation:
    """Take an operation back exactly. Raises Impossible when done before, ChangedSince when something later stands on it."""
    operation = Operation.objects.select_for_update().get(pk=operation_id)
    require(current(), "record.operate", operation.area)
    if not reason.strip():
        raise Impossible(say("请写明撤销的原因"))
    if operation.undone_at:
        raise Impossible(say("这次操作已经撤销过了"))
    later = Operation.objects.filter(pk__gt=operation.pk, undone_at=None, subjects__has_any_keys=operation.subjects)
    if operation.subjects and later.exists():
        raise ChangedSince(say(LATER))
    kept = {UUID(pk) for pair in operation.images if (pk := pair["after"]["fields"].get("merged_into"))}
    # A number that came with a duplicate goes back to it: for a moment neither may hold it, as no two records may.
    Person.objects.filter(pk__in=kept).update(identity_number=None)
    retract_born(take_back(operation.images))
    operation.undone_at = clock.now()
    operation.save(update_fields=["undone_at"])
    project("person", [UUID(pk) for pk in operation.subjects])
    households = {UUID(pair["after"]["pk"]) for pair in operation.images if _is_of(Household, pair)}
    project("household", [*(households | kept)])
    record(
        OperationUndone(operation.pk, operation.kind),
        area=operation.area,
        subject=("operation", operation.pk),
        reason=reason.strip(),
    )
    return operation


def _is_of(model: type[Any], pair: dict[str, Any]) -> bool:
    return bool(pair["after"]["model"] == model._meta.label_lower)


KINDS: dict[str, tuple[str, Callable[..., Any]]] = {
    "move_in": (msgid("迁入"), move_in),
    "move_out": (msgid("迁出"), move_out),
    "death": (msgid("去世"), die),
    "birth": (msgid("出生"), give_birth),
    "change_head": (msgid("变更户主"), change_head),
    "split": (msgid("分户"), split),
    "merge_households": (msgid("并户"), merge_households),
    "merge_people": (msgid("合并重复"), merge_people),
}
