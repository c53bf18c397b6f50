"""The verbs by which ledgers leave the house as files: each checks the right and records what left."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from linyun.foundation.accounts.policy import require
from linyun.foundation.acts.actor import current
from linyun.foundation.acts.services import record
from linyun.foundation.ui.answer import file_name
from linyun.hub.ledgers import documents, period
from linyun.hub.ledgers.closing import Frozen
from linyun.hub.ledgers.documents import File, document, has_identity, masked, opened, unit_name
from linyun.hub.ledgers.events import LedgerExported
from linyun.hub.ledgers.fill import fill
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


class Unexportable(ValueError):
    """A file cannot be made; the text says why."""


def _reason(full: bool, reason: str, area: str) -> Callable[[str], str]:
    """How identity numbers leave: masked, or in full for somebody who may and who said why."""
    if not full:
        return masked
    require(current(), "ledger.full", area)
    if len(reason.strip()) < 2:
        raise Unexportable(say("导出完整证件号码，请写明用途"))
    return opened


def _name(title: str, unit: str, span: Period) -> str:
    return f"{title}_{unit}_{span.code or clock.today().isoformat()}"


def export(
    code: str, area: str, *, form: str = "xlsx", when: str = "", full: bool = False, reason: str = ""
) -> tuple[File, int]:
    """One ledger as a file, and how many rows it has. Recorded with the count.

    ``when`` names a period. Identity numbers are masked unless ``full``, which takes the right and a reason. Raises
    Refused, Unexportable, NoSuchLedger, BadLedger, BadPeriod.
    """
    who = current()
    require(who, "ledger.export", area)
    if form not in FORMATS:
        raise Unexportable(say("不能导出成“{form}”，可以选 xlsx、csv，或已上传的空表 form", form=form))
    worded = _reason(full, reason, area)
    made = ready(code)
    span = span_of(made.plan.ledger, when)
    unit = unit_name(area)
    kept = document(filled(code, area, span), unit=unit, by=who.name, on=clock.today())
    name = _name(kept.title, unit, span)
    match form:
        case "csv":
            file = documents.to_csv(kept, worded, name=name)
        case "form":
            file = _on_blank(code, area, kept, worded, name)
        case _:
            file = documents.to_xlsx(kept, worded, name=name, made_at=clock.now())
    _record_export(code, form, kept.count, full and has_identity(kept.headings), span.code, area, reason)
    return file, kept.count


def _on_blank(code: str, area: str, kept: Frozen, worded: Callable[[str], str], name: str) -> File:
    form = form_of(code, area)
    if form is None:
        raise Unexportable(say("这本台账还没有上传过官方空表"))
    blank = Mapped(
        bytes(form.content), form.sheet, form.first_row, {c["number"]: c["value"] for c in form.columns if c["value"]}
    )
    return File(file_name(f"{name}.xlsx"), fill_form(blank, kept.headings, kept.shown(worded)), documents.XLSX)


def _record_export(code: str, form: str, count: int, full: bool, span: str, area: str, reason: str) -> None:
    record(LedgerExported(code, form, count, full, span), area=area, reason=reason.strip())


@dataclass(frozen=True, slots=True)
class Made:
    """One of many ledgers made at once."""

    ledger: Ledger
    document: Frozen
    span: Period


def _every(area: str, when: str) -> Iterator[Made]:
    """All ledgers in force, filled one after the other; those of another kind of period take theirs around today."""
    today, unit, words, who = clock.today(), unit_name(area), vocabulary(), current()
    for ledger in in_force():
        made = planned(ledger, words)
        asked = span_of(ledger, when)
        span = asked if asked.kind == ledger.period else period.of(ledger.period, today)
        found = fill(made, area, span, today, words)
        yield Made(ledger, document(found, unit=unit, by=who.name, on=today), span)


def export_each(area: str, *, form: str = "xlsx", when: str = "") -> Iterator[tuple[Made, File]]:
    """All ledgers of an area, a file each, made as they are asked for; recorded as one export at the end.

    Identity numbers are masked. Raises as ``export``.
    """
    require(current(), "ledger.export", area)
    if form not in FORMATS[:2]:
        raise Unexportable(say("不能导出成“{form}”，可以选 xlsx 或 csv", form=form))
    unit, now, count = unit_name(area), clock.now(), 0
    for made in _every(area, when):
        name = _name(made.document.title, unit, made.span)
        if form == "csv":
            file = documents.to_csv(made.document, masked, name=name)
        else:
            file = documents.to_xlsx(made.document, masked, name=name, made_at=now)
        count += made.document.count
        yield made, file
    _record_export(ALL, form, count, False, when, area, "")


def export_all(area: str, *, form: str = "workbook", when: str = "") -> tuple[File, int]:
    """All ledgers of an area as one workbook with an index, or (``form`` zip) one file each in a .zip, and all rows.

    Recorded as one export. Identity numbers are masked. Raises as ``export``.
    """
    require(current(), "ledger.export", area)
    name = f"全部台账_{unit_name(area)}_{clock.today().isoformat()}"
    if form == "zip":
        each = list(export_each(area, when=when))
        files = [(made.ledger.group, file) for made, file in each]
        return documents.to_archive(files, name=name), sum(made.document.count for made, _ in each)
    if form != "workbook":
        raise Unexportable(say("不能导出成“{form}”，可以选 workbook 或 zip", form=form))
    kept = list(_every(area, when))
    pairs = [(made.ledger.group, made.document) for made in kept]
    count = sum(made.document.count for made in kept)
    file = documents.to_workbook(pairs, masked, name=name, made_at=clock.now())
    _record_export(ALL, form, count, False, when, area, "")
    return file, count


def export_closing(closing: LedgerClosing, *, form: str = "xlsx", full: bool = False, reason: str = "") -> File:
    """A closing as a file: the same bytes each time, whatever changed since. Recorded. Raises as ``export``."""
    require(current(), "ledger.export", closing.area)
    worded = _reason(full, reason, closing.area)
    kept = contents(closing)
    name = f"{kept.title}_{kept.lines[0].removeprefix(documents.UNIT)}_{closing.period}_封账{closing.number}"
    if form == "csv":
        file = documents.to_csv(kept, worded, name=name)
    else:
        file = documents.to_xlsx(kept, worded, name=name, made_at=closing.closed_at, digest=closing.digest)
    _record_export(
        closing.ledger, form, kept.count, full and has_identity(kept.headings), closing.period, closing.area, reason
    )
    return file
