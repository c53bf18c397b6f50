"""Ledgers as files: what would leave, for the gate; each maker checks the right, the gate asks why and records."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from linyun.foundation.accounts.policy import require
from linyun.foundation.acts.actor import current
from linyun.foundation.acts.services import is_reason
from linyun.foundation.leaving import services as gate
from linyun.foundation.leaving.rules import File, Leaving, Mark
from linyun.foundation.ui.answer import file_name
from linyun.hub.ledgers import documents, period
from linyun.hub.ledgers.closing import Frozen
from linyun.hub.ledgers.documents import document, has_identity, masked, opened, unit_name
from linyun.hub.ledgers.events import LedgerExported
from linyun.hub.ledgers.fill import Filled, fill
from linyun.hub.ledgers.forms import Mapped
from linyun.hub.ledgers.forms import fill as fill_form
from linyun.hub.ledgers.models import LedgerClosing
from linyun.hub.ledgers.period import Period
from linyun.hub.ledgers.register import in_force, planned, ready
from linyun.hub.ledgers.services import contents, filled, form_of, span_of
from linyun.hub.tags.vocabulary import vocabulary
from linyun.kernel import clock
from linyun.kernel.declare import Ledger
from linyun.kernel.words import say

FORMATS = ("xlsx", "csv", "form")
"""The official look, a plain table, or the official blank that was uploaded for the ledger."""
ALL = "all"
ONE, EVERY, CLOSED = "ledger", "ledgers", "closing"
"""The exports that are declared."""


class Unexportable(ValueError):
    """A file cannot be made; the text says why."""


def _worded(full: bool, area: str) -> Callable[[str], str]:
    """How identity numbers leave: masked, or in full for somebody who may."""
    if not full:
        return masked
    require(current(), "ledger.full", area)
    return opened


def _insist(full: bool, reason: str) -> None:
    """Even at the console nobody takes numbers in full without a word."""
    if full and not is_reason(reason):
        raise Unexportable(say("导出完整证件号码，请写明用途"))


def _says(kept: Frozen, unit: str, span: str, full: bool) -> str:
    told = f"台账：{kept.title}（{unit}{'，' + span if span else ''}）"
    return told + "，含完整证件号码" if full and has_identity(kept.headings) else told


def _name(title: str, unit: str, span: Period) -> str:
    return f"{title}_{unit}_{span.code or clock.today().isoformat()}"


def people_in(found: Filled) -> list[UUID]:
    """The records behind a filled ledger's rows; none for a statistic."""
    return [s for s in found.subjects if s]


def plain(mark: Mark) -> Mark | None:
    """The mark of what is read by programs: none at the console, where columns and bytes are relied on."""
    return mark if mark.in_rows else None


def leaving(asked: Mapping[str, Any]) -> Leaving:
    """One ledger. ``asked``: ledger, area, form, when, full. Raises Refused, Unexportable, NoSuchLedger, BadLedger,
    BadPeriod."""
    code, area, form, full = asked["ledger"], asked["area"], asked["form"], bool(asked["full"])
    who = current()
    require(who, "ledger.export", area)
    if form not in FORMATS:
        raise Unexportable(say("不能导出成“{form}”，可以选 xlsx、csv，或已上传的空表 form", form=form))
    worded, made = _worded(full, area), ready(code)
    span, unit, now = span_of(made.plan.ledger, asked["when"]), unit_name(area), clock.now()
    found = filled(code, area, span)
    kept = document(found, unit=unit, by=who.name, on=clock.today())
    name = _name(kept.title, unit, span)
    blank = _blank(code, area) if form == "form" else None

    def write(mark: Mark) -> File:
        if blank is not None:
            filled_in = fill_form(blank, kept.headings, kept.shown(worded), mark.text)
            return File(file_name(f"{name}.xlsx"), filled_in, documents.XLSX)
        if form == "csv":
            return documents.to_csv(kept, worded, name=name, mark=plain(mark))
        return documents.to_xlsx(kept, worded, name=name, made_at=now, mark=mark)

    event = LedgerExported(code, form, kept.count, full and has_identity(kept.headings), span.code)
    return Leaving(_says(kept, unit, span.label, full), kept.count, people_in(found), event, write)


def export(
    code: str, area: str, *, form: str = "xlsx", when: str = "", full: bool = False, reason: str = ""
) -> tuple[File, int]:
    """One ledger as a file for a caller without a page, and how many rows it has. Recorded with the count.

    ``when`` names a period. Identity numbers are masked unless ``full``, which takes the right and a reason. Raises as
    ``leaving``.
    """
    _insist(full, reason)
    return _taken(ONE, {"ledger": code, "area": area, "form": form, "when": when, "full": full}, reason)


def _taken(kind: str, asked: Mapping[str, Any], reason: str) -> tuple[File, int]:
    left = gate.leave(kind, asked, reason)
    if left.file is None:
        raise Unexportable(
            say(
                "这份名单有 {rows} 行，要由另一位同事同意，申请编号 {number}",
                rows=left.departure.rows,
                number=left.departure.number,
            )
        )
    return left.file, left.departure.rows


def _blank(code: str, area: str) -> Mapped:
    form = form_of(code, area)
    if form is None:
        raise Unexportable(say("这本台账还没有上传过官方空表"))
    columns = {c["number"]: c["value"] for c in form.columns if c["value"]}
    return Mapped(bytes(form.content), form.sheet, form.first_row, columns)


@dataclass(frozen=True, slots=True)
class Made:
    """One of many ledgers made at once, with the records behind its rows."""

    ledger: Ledger
    document: Frozen
    span: Period
    people: Sequence[UUID] = ()


def _every(area: str, when: str) -> Iterator[Made]:
    """All ledgers in force, filled one after the other; those of another kind of period take theirs around today."""
    today, unit, words, who = clock.today(), unit_name(area), vocabulary(), current()
    for ledger in in_force():
        made = planned(ledger, words)
        asked = span_of(ledger, when)
        span = asked if asked.kind == ledger.period else period.of(ledger.period, today)
        found = fill(made, area, span, today, words)
        yield Made(ledger, document(found, unit=unit, by=who.name, on=today), span, people_in(found))


def _file(made: Made, unit: str, form: str, mark: Mark) -> File:
    name = _name(made.document.title, unit, made.span)
    if form == "csv":
        return documents.to_csv(made.document, masked, name=name, mark=plain(mark))
    return documents.to_xlsx(made.document, masked, name=name, made_at=clock.now(), mark=mark)


def export_each(area: str, *, form: str = "xlsx", when: str = "", reason: str = "") -> Iterator[tuple[Made, File]]:
    """All ledgers of an area, a file each, made as they are asked for; recorded as one departure at the end.

    Only at the machine's console, which keeps no answer waiting. Identity numbers are masked. Raises as ``leaving``.
    """
    require(current(), "ledger.export", area)
    if form not in FORMATS[:2] or current().channel != "command":
        raise Unexportable(say("不能导出成“{form}”，可以选 xlsx 或 csv", form=form))
    departure = gate.drafted(EVERY, {"area": area, "form": form, "when": when}, reason)
    unit, count = unit_name(area), 0
    for made in _every(area, when):
        count += made.document.count
        yield made, _file(made, unit, form, departure.mark)
    gate.left(departure, f"全部台账（{unit}）", count, LedgerExported(ALL, form, count, False, when))


def leaving_all(asked: Mapping[str, Any]) -> Leaving:
    """All ledgers as one workbook with an index, or (form zip) one file each. ``asked``: area, form, when.

    Identity numbers are masked. Raises as ``leaving``.
    """
    area, form, when = asked["area"], asked["form"], asked["when"]
    require(current(), "ledger.export", area)
    if form not in ("workbook", "zip"):
        raise Unexportable(say("不能导出成“{form}”，可以选 workbook 或 zip", form=form))
    unit, now = unit_name(area), clock.now()
    name = f"全部台账_{unit}_{clock.today().isoformat()}"
    kept = list(_every(area, when))
    count = sum(made.document.count for made in kept)

    def write(mark: Mark) -> File:
        if form == "zip":
            return documents.to_archive([(m.ledger.group, _file(m, unit, "xlsx", mark)) for m in kept], name=name)
        pairs = [(made.ledger.group, made.document) for made in kept]
        return documents.to_workbook(pairs, masked, name=name, made_at=now, mark=mark)

    people = [pk for made in kept for pk in made.people]
    event = LedgerExported(ALL, "xlsx" if form == "zip" else form, count, False, when)
    return Leaving(f"全部台账（{unit}）", count, people, event, write)


def export_all(area: str, *, form: str = "workbook", when: str = "", reason: str = "") -> tuple[File, int]:
    """All ledgers of an area for a caller without a page, and all rows. Recorded as one export. Raises as ``leaving``."""
    return _taken(EVERY, {"area": area, "form": form, "when": when}, reason)


def leaving_closing(asked: Mapping[str, Any]) -> Leaving:
    """A closing: the same sheets each time, whatever changed since. ``asked``: closing, form, full.

    Raises LedgerClosing.DoesNotExist outside the scope, Refused, closing.Damaged.
    """
    closing = LedgerClosing.objects.get(pk=asked["closing"])
    form, full = asked["form"], bool(asked["full"])
    require(current(), "ledger.export", closing.area)
    worded, kept = _worded(full, closing.area), contents(closing)
    unit = kept.lines[0].removeprefix(documents.UNIT)
    name = f"{kept.title}_{unit}_{closing.period}_封账{closing.number}"

    def write(mark: Mark) -> File:
        if form == "csv":  # without the mark: whoever compares two files of a closing finds them the same
            return documents.to_csv(kept, worded, name=name)
        made_at, digest = closing.closed_at, closing.digest
        return documents.to_xlsx(kept, worded, name=name, made_at=made_at, digest=digest, mark=plain(mark))

    event = LedgerExported(closing.ledger, form, kept.count, full and has_identity(kept.headings), closing.period)
    people = [UUID(ref) for ref in kept.refs]
    return Leaving(_says(kept, unit, f"{closing.period}封账", full), kept.count, people, event, write)


def export_closing(closing: LedgerClosing, *, form: str = "xlsx", full: bool = False, reason: str = "") -> File:
    """A closing as a file for a caller without a page. Recorded. Raises as ``leaving_closing``."""
    _insist(full, reason)
    require(current(), "ledger.export", closing.area)
    return _taken(CLOSED, {"closing": str(closing.pk), "form": form, "full": full}, reason)[0]
