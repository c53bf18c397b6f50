"""Visits brought in at once: who was visited is found, never guessed; each row says what it would do; one step back."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from linyun.foundation.accounts.policy import require
from linyun.foundation.acts.actor import current
from linyun.foundation.acts.services import record
from linyun.foundation.acts.turns import wait_for_turn
from linyun.foundation.areas import scope
from linyun.foundation.areas.codes import committee_of
from linyun.foundation.leaving.rules import Leaving
from linyun.foundation.ui.language import official
from linyun.hub.exchange.reading import Workbook, read
from linyun.hub.records.models import Person
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from linyun.kernel.values import addresses
from linyun.kernel.values.text import clean
from linyun.kernel.words import msgid, say
from linyun.work.visits import many
from linyun.work.visits.events import BulkApplied, BulkReturned, BulkUndone, VisitsBrought
from linyun.work.visits.export import rest_of
from linyun.work.visits.models import Bulk, Visit
from linyun.work.visits.services import Sheet, Unwritable, check
from linyun.work.visits.sheets import Line, read_list

MOST_ROWS = 100_000
"""Twenty thousand rows are written in ten seconds; the proxy waits two minutes for an answer."""
OUTCOMES = {
    "new": msgid("将写入"),
    "written": msgid("已写入"),
    "there": msgid("已有"),
    "ambiguous": msgid("同名，未写入"),
    "refused": msgid("未写入"),
}
OPEN = ("ambiguous", "refused")
"""Outcomes that a worker can still mend in the list."""
WITHDRAWN = "撤销批量导入"

CANDIDATES = """
select p.name, p.id, p.area, d.address_key, d.address,
       coalesce(d.building, ''), coalesce(d.unit, ''), coalesce(d.room, '')
from records_person p
left join records_residence r on r.person_id = p.id and r.valid_to is null
left join records_dwelling d on d.id = r.dwelling_id
where p.name = any(%s) and p.status = 'live' order by p.id
"""


class Unusable(ValueError):
    """A list cannot be taken as it is; the text says what was found and how to mend it."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody of that name, with the addresses where they live, are registered, or own."""

    id: UUID
    keys: frozenset[str]
    doors: frozenset[tuple[str, str, str]]
    address: str


@official()
def bring(content: bytes, filename: str, client_key: UUID | None = None) -> Bulk:
    """Read a list and say of each row what it would do; nothing is written. Sent again, it answers the first.

    Raises Unusable; exchange.reading.Unreadable for a file that cannot be read.
    """
    who = current()
    area = committee_of(scope.current())
    require(who, "visit.import", area)
    if client_key:
        wait_for_turn(f"list of visits {client_key}")  # of two sent at once the second answers the first
        if before := Bulk.objects.filter(client_key=client_key).first():
            return before
    rows = _matched(_lines(read(content, filename)))
    bulk = Bulk(
        area=area,
        filename=filename[:200],
        digest=hashlib.sha256(content).hexdigest(),
        rows=rows,
        counts=_counts(rows),
        brought_by=who.name,
        brought_by_id=who.account_id,
        client_key=client_key,
    )
    try:
        with transaction.atomic():
            bulk.save(force_insert=True)
    except IntegrityError as taken:  # the key of somebody else's list, which is not seen here
        raise Unusable(say("请重新打开这一页再传")) from taken
    record(VisitsBrought(bulk.pk, len(rows)), area=area, subject=("bulk", bulk.pk))
    return bulk


def _lines(book: Workbook) -> list[Line]:
    sheets = [(s.name, s.rows) for s in book.sheets if not s.hidden]
    reading = read_list(sheets, catalogue.code_sets["visit_mode"], clock.today())
    if not reading.lines:
        raise Unusable("；".join(reading.notes) or say("这份名单里没有走访记录"))
    if len(reading.lines) > MOST_ROWS:
        raise Unusable(say("一次最多 {most} 行，这份有 {n} 行，请按月分开", most=MOST_ROWS, n=len(reading.lines)))
    return reading.lines


def _counts(rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    return {"rows": len(rows), **{o: sum(r["outcome"] == o for r in rows) for o in OUTCOMES}}


def _candidates(names: set[str]) -> dict[str, list[Candidate]]:
    """Everybody on the register with one of these names: one query."""
    with connection.cursor() as cursor:
        cursor.execute(CANDIDATES, [list(names)])
        rows = cursor.fetchall()
    people: dict[tuple[str, UUID], list[tuple[Any, ...]]] = {}
    for name, pk, *rest in rows:
        people.setdefault((name, pk), []).append(tuple(rest))
    found: dict[str, list[Candidate]] = {}
    for (name, pk), homes in people.items():
        homes = [h for h in homes if h[1]]
        found.setdefault(name, []).append(
            Candidate(
                pk,
                frozenset(h[1] for h in homes),
                frozenset((h[3], h[4], h[5]) for h in homes),
                homes[0][2] if homes else "",
            )
        )
    return found


def _lives_at(one: Candidate, written: str) -> bool:
    """Whether an address means one of theirs: equal, or of equal building, unit and room and no other place named."""
    parsed = addresses.parse(written).value
    if parsed is None:
        return False
    if parsed.key in one.keys:
        return True
    door = (parsed.building, parsed.unit, parsed.room)
    same_place = not parsed.place_key or any(k.startswith(f"{parsed.place_key}|") for k in one.keys)
    return bool(parsed.room) and same_place and door in one.doors


def _who(line: Line, candidates: Sequence[Candidate]) -> tuple[Candidate | None, str, str]:
    """(the person, outcome, reason) of a row that can be read."""
    name, where = line.cells["name"], line.cells.get("address", "")
    if not candidates:
        return None, "refused", say("本居委在册居民中没有“{name}”。请核对姓名，或先登记这位居民", name=name)
    if not where:
        if len(candidates) == 1:
            return candidates[0], "new", ""
        return None, "ambiguous", say("有 {n} 位居民叫“{name}”，请补上地址", n=len(candidates), name=name)
    fitting = [c for c in candidates if _lives_at(c, where)]
    if len(fitting) == 1:
        return fitting[0], "new", ""
    if fitting:
        return (
            None,
            "ambiguous",
            say("“{where}”有 {n} 位“{name}”，请在居民页单独写", where=where, n=len(fitting), name=name),
        )
    known = "、".join(c.address for c in candidates[:3] if c.address) or say("没有登记地址")
    return (
        None,
        "refused",
        say("“{name}”登记的地址是{known}，和表里的“{where}”不同。请核对", name=name, known=known, where=where),
    )


def repeat_key(person_id: UUID, day: str, mode: str, situation: str) -> str:
    """Equal for the same visit told twice, whatever the file: who, when, how, what."""
    said = "".join(clean(situation).split())
    return hashlib.sha256(f"{person_id}|{day}|{mode}|{said}".encode()).hexdigest()


def _known(people: Sequence[UUID | str], days: Sequence[str]) -> set[str]:
    """The keys of all visits to these people on these days that are written already, in whichever way.

    Those to a record since merged into theirs are theirs.
    """
    if not people or not days:
        return set()
    them = Q(person__in=people) | Q(person__merged_into__in=people)
    found = Visit.objects.live().filter(them, visited_on__gte=min(days), visited_on__lte=max(days))
    kept = Coalesce("person__merged_into", "person")
    rows = found.annotate(kept=kept).values_list("kept", "visited_on", "mode", "situation")
    return {repeat_key(pk, day.isoformat(), mode, text) for pk, day, mode, text in rows}


def _unfit(line: Line) -> str:
    """Why a row that can be read cannot be written, "" when it can: as for a visit written at the door."""
    try:
        check(_sheet(line.said, line.cells, None))
    except Unwritable as refused:
        return str(refused)
    return ""


def _matched(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """What each row would do, as JSON."""
    by_name = _candidates({line.cells["name"] for line in lines if line.cells["name"]})
    judged: list[tuple[Line, Candidate | None, str]] = []
    for line in lines:
        person, outcome = None, "refused"
        if not line.reason:
            reason = _unfit(line)
            if not reason:
                person, outcome, reason = _who(line, by_name.get(line.cells["name"], []))
            line = replace(line, reason=reason)
        judged.append((line, person, outcome))
    met = [(line, p) for line, p, _ in judged if p]
    seen = _known(list({p.id for _, p in met}), [line.said["day"] for line, _ in met])
    rows = []
    for line, person, outcome in judged:
        row: dict[str, Any] = {"sheet": line.sheet, "number": line.number, "cells": line.cells, "said": line.said}
        row |= {"outcome": outcome, "reason": line.reason, "person": None, "address": ""}
        if person:
            key = repeat_key(person.id, line.said["day"], line.said["mode"], line.cells["situation"])
            row |= {"person": str(person.id), "address": person.address, "key": key}
            if key in seen:
                row |= {"outcome": "there", "reason": say("已有同一天、同一方式、同样内容的走访")}
            seen.add(key)
        rows.append(row)
    return rows


@official()
def apply(bulk_id: UUID) -> Bulk:
    """Write the visits of a list. Applied before, it answers as it was. Raises Unusable after an undo."""
    bulk = Bulk.objects.select_for_update().get(pk=bulk_id)
    require(current(), "visit.import", bulk.area)
    if bulk.state == Bulk.State.APPLIED:
        return bulk
    if bulk.state == Bulk.State.UNDONE:
        raise Unusable(say("这份名单已经撤销，请重新上传"))
    _one_at_a_time(bulk.area)
    rows = [row for row in bulk.rows if row["outcome"] == "new"]
    people = {str(p.pk): p for p in Person.objects.filter(pk__in={row["person"] for row in rows})}
    known = _known(list(people), [row["said"]["day"] for row in rows])
    ready: list[tuple[dict[str, Any], Sheet]] = []
    for row in rows:
        person = people.get(row["person"])
        if person is None:
            row |= {"outcome": "refused", "reason": say("这位居民刚才离开了本居委的名册，请核对")}
        elif row["key"] in known:
            row |= {"outcome": "there", "reason": say("这次走访刚才已有人写过")}
        else:
            ready.append((row, _sheet(row["said"], row["cells"], person, bulk.pk, row["key"])))
    for (row, _sheet_of), visit in zip(ready, many.write_all([sheet for _row, sheet in ready]), strict=True):
        row |= {"outcome": "written", "visit": str(visit.pk)}
    bulk.state, bulk.counts = Bulk.State.APPLIED, _counts(bulk.rows)
    bulk.save(update_fields=["state", "rows", "counts"])
    record(BulkApplied(bulk.pk, bulk.counts["written"]), area=bulk.area, subject=("bulk", bulk.pk))
    return bulk


def _one_at_a_time(area: str) -> None:
    """Of two lists of one committee written at once, the second waits and then finds what the first wrote."""
    wait_for_turn(f"lists of visits {area}")


def _sheet(
    said: Mapping[str, str], cells: Mapping[str, str], person: Person | None, bulk: UUID | None = None, key: str = ""
) -> Sheet:
    later = said.get("follow_up_on")
    return Sheet(
        person=person,
        mode=said["mode"],
        visited_on=date.fromisoformat(said["day"]),
        situation=cells["situation"],
        needs=cells.get("needs", ""),
        action=cells.get("action", ""),
        outcome=cells.get("outcome", ""),
        follow_up_on=date.fromisoformat(later) if later else None,
        visitor=cells.get("visitor", ""),
        origin_kind="bulk",
        origin_id=bulk,
        repeat_key=key or None,
    )


def undo(bulk_id: UUID) -> int:
    """Take the visits of a list back; answers how many. They can be brought again. Raises Unusable."""
    bulk = Bulk.objects.select_for_update().get(pk=bulk_id)
    require(current(), "visit.import", bulk.area)
    if bulk.state != Bulk.State.APPLIED:
        raise Unusable(say("只有已写入的名单才能撤销"))
    visits = list(Visit.objects.live().filter(origin_kind="bulk", origin_id=bulk.pk))
    many.withdraw_all(visits, WITHDRAWN)
    bulk.state = Bulk.State.UNDONE
    bulk.save(update_fields=["state"])
    record(BulkUndone(bulk.pk, len(visits)), area=bulk.area, subject=("bulk", bulk.pk))
    return len(visits)


def leaving(asked: Mapping[str, Any]) -> Leaving:
    """The rows of a list that were not taken, as a file to correct and bring again. ``asked``: bulk."""
    bulk = Bulk.objects.get(pk=asked["bulk"])
    require(current(), "visit.import", bulk.area)
    rows = [row for row in bulk.rows if row["outcome"] in OPEN]
    name = f"{bulk.filename.rsplit('.', 1)[0]}{_('要改正的行')}.csv"

    own = bulk.brought_by_id == current().account_id
    people = [UUID(row["person"]) for row in rows if row.get("person")]
    says = say("没有写入的走访：{day} 的名单", day=bulk.brought_at.date().isoformat())
    event = BulkReturned(bulk.pk, len(rows))
    return Leaving.table(says, name, *rest_of(rows), ids=people, event=event, given_back=own)
