"""Visits brought in at once: who was visited is found, never guessed; each row says what it would do; one step back."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from linyun.foundation.accounts.policy import require
from linyun.foundation.acts.actor import current
from linyun.foundation.acts.services import record
from linyun.foundation.areas import scope
from linyun.foundation.areas.codes import committee_of
from linyun.hub.exchange.reading import Workbook, read
from linyun.hub.records.models import Person
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from linyun.kernel.values import addresses
from linyun.work.visits import services
from linyun.work.visits.events import BulkApplied, BulkUndone, VisitsBrought
from linyun.work.visits.models import Bulk, Visit
from linyun.work.visits.sheets import Line, read_list

MOST_ROWS = 5000
OUTCOMES = {"new": "将写入", "written": "已写入", "there": "已有", "ambiguous": "同名，未写入", "refused": "未写入"}
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


def bring(content: bytes, filename: str, client_key: UUID | None = None) -> Bulk:
    """Read a list and say of each row what it would do; nothing is written. Sent again, it answers the first.

    Raises Unusable; exchange.reading.Unreadable for a file that cannot be read.
    """
    who = current()
    area = committee_of(scope.current())
    require(who, "visit.import", area)
    if client_key and (before := Bulk.objects.filter(client_key=client_key).first()):
        return before
    rows = _matched(_lines(read(content, filename)))
    bulk = Bulk.objects.create(
        area=area,
        filename=filename[:200],
        digest=hashlib.sha256(content).hexdigest(),
        rows=rows,
        counts=_counts(rows),
        brought_by=who.name,
        brought_by_id=who.account_id,
        client_key=client_key,
    )
    record(VisitsBrought(bulk.pk, len(rows)), area=area, subject=("bulk", bulk.pk))
    return bulk


def _lines(book: Workbook) -> list[Line]:
    sheets = [(s.name, s.rows) for s in book.sheets if not s.hidden]
    reading = read_list(sheets, catalogue.code_sets["visit_mode"], clock.today())
    if not reading.lines:
        raise Unusable("；".join(reading.notes) or "这份名单里没有走访记录")
    if len(reading.lines) > MOST_ROWS:
        raise Unusable(f"一次最多 {MOST_ROWS} 行，这份有 {len(reading.lines)} 行，请按月分开")
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
        return None, "refused", f"本居委在册居民中没有“{name}”。请核对姓名，或先登记这位居民"
    if not where:
        if len(candidates) == 1:
            return candidates[0], "new", ""
        return None, "ambiguous", f"有 {len(candidates)} 位居民叫“{name}”，请补上地址"
    fitting = [c for c in candidates if _lives_at(c, where)]
    if len(fitting) == 1:
        return fitting[0], "new", ""
    if fitting:
        return None, "ambiguous", f"“{where}”有 {len(fitting)} 位“{name}”，请在居民页单独写"
    known = "、".join(c.address for c in candidates[:3] if c.address) or "没有登记地址"
    return None, "refused", f"“{name}”登记的地址是{known}，和表里的“{where}”不同。请核对"


def repeat_key(person_id: UUID, day: str, mode: str, situation: str) -> str:
    """Equal for the same visit told twice, whatever the file: who, when, how, what."""
    said = "".join(situation.split())
    return hashlib.sha256(f"{person_id}|{day}|{mode}|{said}".encode()).hexdigest()


def _known(people: Sequence[UUID]) -> set[str]:
    """The keys of all visits to these people that are written already, in whichever way."""
    found = Visit.objects.live().filter(person_id__in=people)
    rows = found.values_list("person_id", "visited_on", "mode", "situation")
    return {repeat_key(pk, day.isoformat(), mode, text) for pk, day, mode, text in rows}


def _matched(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """What each row would do, as JSON."""
    by_name = _candidates({line.cells["name"] for line in lines if line.cells["name"]})
    judged: list[tuple[Line, Candidate | None, str]] = []
    for line in lines:
        person, outcome = None, "refused"
        if not line.reason:
            person, outcome, reason = _who(line, by_name.get(line.cells["name"], []))
            line = replace(line, reason=reason)
        judged.append((line, person, outcome))
    seen = _known([p.id for _, p, _ in judged if p])
    rows = []
    for line, person, outcome in judged:
        row: dict[str, Any] = {"sheet": line.sheet, "number": line.number, "cells": line.cells, "said": line.said}
        row |= {"outcome": outcome, "reason": line.reason, "person": None, "address": ""}
        if person:
            key = repeat_key(person.id, line.said["day"], line.said["mode"], line.cells["situation"])
            row |= {"person": str(person.id), "address": person.address, "key": key}
            if key in seen:
                row |= {"outcome": "there", "reason": "已有同一天、同一方式、同样内容的走访"}
            seen.add(key)
        rows.append(row)
    return rows


def apply(bulk_id: UUID) -> Bulk:
    """Write the visits of a list. Applied before, it answers as it was. Raises Unusable after an undo."""
    bulk = Bulk.objects.select_for_update().get(pk=bulk_id)
    require(current(), "visit.import", bulk.area)
    if bulk.state == Bulk.State.APPLIED:
        return bulk
    if bulk.state == Bulk.State.UNDONE:
        raise Unusable("这份名单已经撤销，请重新上传")
    people = {str(p.pk): p for p in Person.objects.filter(pk__in=[r["person"] for r in bulk.rows if r["person"]])}
    known = _known([p.pk for p in people.values()])
    for row in bulk.rows:
        if row["outcome"] != "new":
            continue
        if row["key"] in known:
            row |= {"outcome": "there", "reason": "这次走访刚才已有人写过"}
            continue
        try:
            visit = services.write(_sheet(row, people[row["person"]], bulk))
        except services.Unwritable as refused:
            row |= {"outcome": "refused", "reason": str(refused)}
            continue
        known.add(row["key"])
        row |= {"outcome": "written", "visit": str(visit.pk)}
    bulk.state, bulk.counts = Bulk.State.APPLIED, _counts(bulk.rows)
    bulk.save(update_fields=["state", "rows", "counts"])
    record(BulkApplied(bulk.pk, bulk.counts["written"]), area=bulk.area, subject=("bulk", bulk.pk))
    return bulk


def _sheet(row: Mapping[str, Any], person: Person, bulk: Bulk) -> services.Sheet:
    cells, said = row["cells"], row["said"]
    later = said.get("follow_up_on")
    return services.Sheet(
        person=person,
        mode=said["mode"],
        visited_on=date.fromisoformat(said["day"]),
        situation=cells["situation"],
        needs=cells.get("needs", ""),
        action=cells.get("action", ""),
        outcome=cells.get("outcome", ""),
        follow_up_on=date.fromisoformat(later) if later and later >= said["day"] else None,
        visitor=cells.get("visitor", "")[:60],
        origin_kind="bulk",
        origin_id=bulk.pk,
        repeat_key=row["key"],
    )


def undo(bulk_id: UUID) -> int:
    """Take the visits of a list back; answers how many. They can be brought again. Raises Unusable."""
    bulk = Bulk.objects.select_for_update().get(pk=bulk_id)
    require(current(), "visit.import", bulk.area)
    if bulk.state != Bulk.State.APPLIED:
        raise Unusable("只有已写入的名单才能撤销")
    ids = list(Visit.objects.live().filter(origin_kind="bulk", origin_id=bulk.pk).values_list("pk", flat=True))
    for pk in ids:
        services.withdraw(pk, WITHDRAWN)
    Visit.objects.filter(pk__in=ids).update(repeat_key=None)
    bulk.state = Bulk.State.UNDONE
    bulk.save(update_fields=["state"])
    record(BulkUndone(bulk.pk, len(ids)), area=bulk.area, subject=("bulk", bulk.pk))
    return len(ids)
