"""The verbs of records: state, settle, retract, see. The only writers of statements."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Model

from linyun.foundation.acts.actor import current
from linyun.foundation.acts.services import is_reason, record
from linyun.foundation.areas import scope
from linyun.foundation.leaving import budget
from linyun.hub.records.events import (
    ItemsStated,
    PeopleListed,
    PersonSeen,
    SealedItemSeen,
    StatementsRetracted,
    ValueSettled,
)
from linyun.hub.records.items import known
from linyun.hub.records.models import Person, Record, Statement
from linyun.hub.records.projection import project
from linyun.kernel import clock
from linyun.kernel.declare import Item, Kind, Subject
from linyun.kernel.ids import uuid7
from linyun.kernel.values.identity import birth_date, sex
from linyun.kernel.values.seal import Sealer
from linyun.kernel.words import say

sealer = Sealer(settings.DATA_KEYS)


class Unstatable(ValueError):
    """A value cannot be stated: unknown item, wrong type, or one that follows from others."""


class ReasonMissing(ValueError):
    """A sensitive value was asked for without a reason."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What statements lead back to: a visit, an import row, a page."""

    kind: str
    id: UUID | None = None


def _plain(item: Item, value: Any) -> Any:
    """A value as JSON holds it. Raises Unstatable when it does not fit the item's kind."""
    if value is None or value == "":
        return None
    if item.kind is Kind.IDENTITY:
        return sealer.seal(str(value))
    if isinstance(value, datetime):
        value = value.date()
    if item.kind is Kind.DATE and not _is_day(value):
        raise Unstatable(say("“{name}”须是日期，例如 2026-11-23", name=item.name))
    if isinstance(value, date):
        value = value.isoformat()
    if isinstance(value, Decimal):
        value = float(value)
    fits: dict[Kind, tuple[type, ...]] = {
        Kind.BOOLEAN: (bool,),
        Kind.INTEGER: (int,),
        Kind.DECIMAL: (int, float),
        Kind.CODES: (list, tuple),
    }
    number = item.kind in (Kind.INTEGER, Kind.DECIMAL)
    if not isinstance(value, fits.get(item.kind, (str,))) or (number and not _is_number(value)):
        raise Unstatable(say("“{name}”的值类型不对", name=item.name))
    if isinstance(value, str) and "\0" in value:
        raise Unstatable(say("“{name}”里有不能保存的字符", name=item.name))
    return list(value) if isinstance(value, tuple) else value


LARGEST = 2**31 - 1
"""What an integer column holds."""


def _is_number(value: Any) -> bool:
    """Whether JSON and a column can hold a number: yes and no are none, nor is what lies beyond all numbers."""
    return not isinstance(value, bool) and math.isfinite(value) and abs(value) <= LARGEST


def _is_day(value: Any) -> bool:
    try:
        return isinstance(value, date) or date.fromisoformat(value).isoformat() == value
    except (TypeError, ValueError):
        return False


def following(number: str) -> dict[str, Any]:
    """What follows from a resident identity number: birth date and sex; nothing from other documents' numbers."""
    born = birth_date(number)
    return {} if born is None else {"birth_date": born.isoformat(), "sex": sex(number)}


def prepared(subject: Subject, values: Mapping[str, Any]) -> dict[str, Any]:
    """Checked and JSON-ready values, with what follows from an identity number. Raises Unstatable."""
    items = known(subject)
    ready: dict[str, Any] = {}
    for code, value in values.items():
        item = items.get(code)
        if item is None:
            raise Unstatable(say("没有“{code}”这一项", code=code))
        ready[code] = _plain(item, value)
    if subject is Subject.PERSON and "name" in ready and not str(ready["name"] or "").strip():
        raise Unstatable(say("姓名不能为空。若这条记录是多余的，请在“变动”里合并重复。"))
    number = values.get("identity_number")
    if number and subject is Subject.PERSON:
        ready |= following(str(number))
    return ready


def state(
    subject: Record,
    values: Mapping[str, Any],
    *,
    source: str,
    origin: Origin,
    true_on: date | None = None,
    purpose: str = "",
) -> Statement:
    """State values about a subject; its row then shows what holds. A None says that a former value no longer holds.

    ``true_on``: since when it holds, today when left out. Raises Unstatable.
    """
    kind = Subject(subject._meta.model_name or "")
    who = current()
    statement = Statement(
        area=subject.area,
        subject_kind=kind,
        subject_id=subject.pk,
        values=prepared(kind, values),
        source=source,
        origin_kind=origin.kind,
        origin_id=origin.id,
        true_on=true_on or clock.today(),
        known_at=clock.now(),
        collector=who.name,
        collector_id=who.account_id,
        purpose=purpose,
    )
    _hold(statement)
    subject.refresh_from_db()
    record(
        ItemsStated(subject_kind=kind, subject_id=subject.pk, items=tuple(values), source=source),
        area=subject.area,
        subject=(kind, subject.pk),
    )
    return statement


def _hold(statement: Statement) -> None:
    """Keep a statement and let its subject show what holds. Raises Unstatable for a number that another record holds."""
    try:
        with transaction.atomic():
            statement.save(force_insert=True)
            project(statement.subject_kind, [statement.subject_id])
    except IntegrityError as taken:
        if "person_once_per_register" not in str(taken):
            raise
        raise Unstatable(say("本居委已有这个证件号的居民。如是同一个人，请在“变动”里合并重复。")) from taken


def settle(subject: Record, item: str, value: Any, reason: str) -> Statement:
    """Decide between sources that disagree. Raises ReasonMissing without a reason, Unstatable for a wrong value."""
    if not reason.strip():
        raise ReasonMissing(say("请写明依据，例如“上门核对身份证”"))
    kind = subject._meta.model_name or ""
    statement = state(subject, {item: value}, source="settle", origin=Origin("desk"), purpose="核对")
    record(ValueSettled(kind, subject.pk, item), area=subject.area, subject=(kind, subject.pk), reason=reason)
    return statement


def retract(origin: Origin, area: str) -> dict[str, list[UUID]]:
    """Take back all that one origin stated; rows show again what holds without it. Answers the subjects by kind.

    Raises ValueError for an origin without id: that would be everything ever typed at the desk.
    """
    if origin.id is None:
        raise ValueError("an origin without id cannot be taken back")
    mark = uuid7()
    found = list(
        Statement.objects.filter(origin_id=origin.id, retracted_by=None).values_list("subject_kind", "subject_id")
    )
    Statement.objects.filter(origin_id=origin.id, retracted_by=None).update(retracted_by=mark)
    touched: dict[str, list[UUID]] = {}
    for kind, subject_id in found:
        touched.setdefault(kind, []).append(subject_id)
    for kind, ids in touched.items():
        project(kind, ids)
    record(StatementsRetracted(origin.kind, origin.id, len(found)), area=area)
    return touched


BORN = "birth"


def state_born(child: Person, on: date) -> None:
    """Put a newborn on the register: the row, and a statement of what is known, under an origin of their own."""
    items = known(Subject.PERSON)
    given = {code: getattr(child, code) for code, item in items.items() if item.core} | child.tail
    values = {code: value for code, value in given.items() if code in items and value not in (None, "")}
    row = Person(pk=child.pk, area=child.area)
    row.save(force_insert=True)
    state(row, values, source="desk", origin=Origin(BORN, child.pk), true_on=on, purpose="出生登记")
    child._state.adding = False


def retract_born(gone: Iterable[Model]) -> None:
    """Take back what was stated of newborns whose registration was undone."""
    children = [row.pk for row in gone if isinstance(row, Person)]
    if children:
        told = Statement.objects.filter(origin_kind=BORN, origin_id__in=children, retracted_by=None)
        told.update(retracted_by=uuid7())


def listed(
    people: Iterable[UUID | str], *, by: str, area: str | None = None, subject: tuple[str, UUID] | None = None
) -> None:
    """Record that a list of people was seen, found how, and count them for the day. Raises budget.Spent."""
    who = list(people)
    budget.look(who)
    record(PeopleListed(count=len(who), by=by), area=scope.current() if area is None else area, subject=subject)


def see(person_id: UUID, reason: str = "") -> Person:
    """Open a person's record: the one guarded way to fetch it. Raises Person.DoesNotExist outside the scope."""
    person = Person.objects.get(pk=person_id)
    if person.merged_into_id is not None:
        person = Person.objects.get(pk=person.merged_into_id)
    budget.look([person.pk])
    record(PersonSeen(person.pk), area=person.area, subject=("person", person.pk), reason=reason)
    return person


def see_sealed(person: Person, item: str, reason: str) -> str:
    """A masked value in full, for a reason that the resident can read. Raises ReasonMissing, Unstatable."""
    if not is_reason(reason):
        raise ReasonMissing(say("请写明查看原因，居民可以看到这条记录"))
    declared = known(Subject.PERSON).get(item)
    if declared is None:
        raise Unstatable(say("没有“{item}”这一项", item=item))
    record(SealedItemSeen(person.pk, item), area=person.area, subject=("person", person.pk), reason=reason.strip())
    value = getattr(person, item) if declared.core else person.tail.get(item)
    value = "" if value is None else value
    return sealer.open(value) if declared.kind is Kind.IDENTITY and value else str(value)
