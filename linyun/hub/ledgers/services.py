"""The verbs of ledgers: export, enter, withdraw, close, make, drop. The only writers."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from linyun.foundation.accounts.policy import require
from linyun.foundation.acts.actor import current
from linyun.foundation.acts.services import record
from linyun.foundation.areas import scope
from linyun.hub.ledgers import documents, entries, period
from linyun.hub.ledgers.closing import Difference, Frozen, difference, freeze, thaw
from linyun.hub.ledgers.documents import File, document, has_identity, masked, opened, unit_name
from linyun.hub.ledgers.events import (
    EntryAdded,
    EntryWithdrawn,
    LedgerClosed,
    LedgerDropped,
    LedgerExported,
    LedgerMade,
)
from linyun.hub.ledgers.fill import Filled, fill
from linyun.hub.ledgers.models import LedgerClosing, LedgerEntry, OwnLedger
from linyun.hub.ledgers.period import Period
from linyun.hub.ledgers.plans import plan
from linyun.hub.ledgers.register import NoSuchLedger, from_data, in_force, planned, ready, to_data
from linyun.hub.records.models import RECORDS
from linyun.hub.records.services import sealer
from linyun.hub.tags.vocabulary import vocabulary
from linyun.kernel import clock
from linyun.kernel.declare import Kind, Ledger
from linyun.kernel.ids import uuid7

FORMATS = ("xlsx", "csv")
ALL = "all"


class Unexportable(ValueError):
    """A file cannot be made; the text says why."""


class Unclosable(ValueError):
    """A period cannot be closed; the text says why."""


class BadEntry(ValueError):
    """A row cannot be kept. ``problems``: sentences by cell code."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("；".join(problems.values()))
        self.problems = dict(problems)


def _span(ledger: Ledger, text: str) -> Period:
    return period.parse(text, ledger.period, clock.today())


def filled(code: str, area: str, span: Period) -> Filled:
    """A ledger filled for an area, as it stands today. Raises NoSuchLedger, BadLedger."""
    made = ready(code)
    return fill(made.plan, area, span, clock.today(), made.words)


def _reason(full: bool, reason: str, area: str) -> Callable[[str], str]:
    """How identity numbers leave: masked, or in full for somebody who may and who said why."""
    if not full:
        return masked
    require(current(), "ledger.full", area)
    if len(reason.strip()) < 2:
        raise Unexportable("导出完整证件号码，请写明用途")
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
        raise Unexportable(f"不能导出成“{form}”，可以选 xlsx 或 csv")
    worded = _reason(full, reason, area)
    made = ready(code)
    span = _span(made.plan.ledger, when)
    unit = unit_name(area)
    kept = document(filled(code, area, span), unit=unit, by=who.name, on=clock.today())
    name = _name(kept.title, unit, span)
    if form == "csv":
        file = documents.to_csv(kept, worded, name=name)
    else:
        file = documents.to_xlsx(kept, worded, name=name, made_at=clock.now())
    _record_export(code, form, kept.count, full and has_identity(kept.headings), span.code, area, reason)
    return file, kept.count


def _record_export(code: str, form: str, count: int, full: bool, span: str, area: str, reason: str) -> None:
    record(LedgerExported(code, form, count, full, span), area=area, reason=reason.strip())


def export_all(area: str, *, form: str = "workbook", when: str = "") -> tuple[File, int]:
    """All ledgers of an area as one workbook with an index, or (``form`` zip) one file each. Recorded as one export.

    Identity numbers are masked. ``when``: ledgers of another kind of period take their own around today. Raises as
    ``export``.
    """
    who = current()
    require(who, "ledger.export", area)
    today, unit, words = clock.today(), unit_name(area), vocabulary()
    kept: list[tuple[str, Frozen, Period]] = []
    for ledger in in_force():
        made = planned(ledger, words)
        asked = _span(ledger, when)
        span = asked if asked.kind == ledger.period else period.of(ledger.period, today)
        found = fill(made, area, span, today, words)
        kept.append((ledger.group, document(found, unit=unit, by=who.name, on=today), span))
    count = sum(d.count for _, d, _ in kept)
    name, now = f"全部台账_{unit}_{today.isoformat()}", clock.now()
    if form == "zip":
        files = [
            (group, documents.to_xlsx(d, masked, name=_name(d.title, unit, span), made_at=now))
            for group, d, span in kept
        ]
        file = documents.to_archive(files, name=name)
    else:
        file = documents.to_workbook([(g, d) for g, d, _ in kept], masked, name=name, made_at=now)
    _record_export(ALL, form, count, False, when, area, "")
    return file, count


def add_entry(
    code: str,
    values: Mapping[str, Any],
    *,
    client_key: UUID,
    subject_id: UUID | None = None,
    when: str = "",
    replaces: LedgerEntry | None = None,
) -> LedgerEntry:
    """Write a row, or figures, kept by hand. A repeated request answers the row that it made before.

    ``values``: typed values by cell code (see entries.read). ``subject_id``: the record beside which they stand.
    ``when``: the period of figures. With ``replaces`` the old row is withdrawn. Raises BadEntry, Refused.
    """
    who = current()
    made = ready(code).plan
    area = _place_of(made.source.subject, subject_id) if subject_id else scope.current()
    require(who, "ledger.entry", area)
    before: LedgerEntry | None = LedgerEntry.objects.filter(client_key=client_key).first()
    if before is not None:
        return before
    known = {h.value: h for h in made.by_hand}
    if not values or any(f"entry.{c}" not in known for c in values):
        raise BadEntry({c: "没有这一格" for c in values if f"entry.{c}" not in known} or {"": "请至少填写一格"})
    cells = {
        c: sealer.seal(str(v)) if known[f"entry.{c}"].kind is Kind.IDENTITY else entries.kept(v)
        for c, v in values.items()
    }
    row = LedgerEntry(
        area=area,
        ledger=code,
        cells=cells,
        subject_id=subject_id,
        happened_on=_happened(values, _span(made.ledger, when)),
        created_by=who.name,
        created_by_id=who.account_id,
        replaces=replaces,
        client_key=client_key,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        # The same request came twice at once; the other one was first.
        first: LedgerEntry = LedgerEntry.objects.get(client_key=client_key)
        return first
    if replaces is not None:
        withdraw_entry(replaces, "更正")
    record(EntryAdded(row.pk, code), area=area, subject=("entry", row.pk), client_key=client_key)
    return row


def _place_of(subject: Any, subject_id: UUID) -> str:
    if subject is None:
        raise BadEntry({"": "这本台账不记在居民、房屋等名下"})
    return str(RECORDS[subject]._default_manager.get(pk=subject_id).area)


def _happened(values: Mapping[str, Any], span: Period) -> Any:
    """The day of a row: its own, else the last day of the period that is not in the future."""
    day = values.get(entries.DATE)
    if day is not None or span.kind == "current":
        return day or clock.today()
    return min(span.end - timedelta(days=1), max(clock.today(), span.start))


def withdraw_entry(entry: LedgerEntry, reason: str) -> None:
    """Take a row kept by hand out of its ledger. It stays, with who took it out and why. Raises BadEntry, Refused."""
    who = current()
    require(who, "ledger.entry", entry.area)
    if len(reason.strip()) < 2:
        raise BadEntry({"reason": "请写明撤下的原因"})
    if entry.withdrawn_at is not None:
        return
    entry.withdrawn_at = clock.now()
    entry.withdrawn_by = who.name
    entry.withdrawn_reason = reason.strip()
    entry.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    record(EntryWithdrawn(entry.pk, entry.ledger), area=entry.area, subject=("entry", entry.pk), reason=reason.strip())


def _closed_now(code: str, area: str, span: Period) -> Frozen:
    who = current()
    return document(filled(code, area, span), unit=unit_name(area), by=who.name, on=clock.today())


def close(code: str, area: str, when: str, *, reason: str = "", early: bool = False) -> LedgerClosing:
    """Fix a ledger's figures for a period. A second closing of a period corrects the first and says why.

    A ledger that always says what holds now is closed for a month. Raises Unclosable, BadPeriod, Refused.
    """
    who = current()
    require(who, "ledger.close", area)
    ledger = ready(code).plan.ledger
    kind = "month" if ledger.period == "current" else ledger.period
    span = period.parse(when, kind, clock.today())
    if not span.is_over(clock.today()) and not early:
        raise Unclosable(f"{span.label}还没有结束。确需提前封账，请勾选提前封账并写明原因")
    before = LedgerClosing.objects.holding(code, area, span.start, span.end)
    is_early = not span.is_over(clock.today())
    if (before or is_early) and len(reason.strip()) < 2:
        raise Unclosable("更正已封的账，请写明原因" if before else "提前封账，请写明原因")
    kept = _closed_now(code, area, span)
    if before and difference(thaw(bytes(before.body), before.digest), kept).is_empty:
        raise Unclosable(f"与第 {before.number} 次封账完全一致，不需要更正")
    body, digest = freeze(kept)
    row = LedgerClosing(
        area=area,
        ledger=code,
        title=kept.title,
        period=span.code,
        start=span.start,
        end=span.end,
        number=before.number + 1 if before else 1,
        closed_at=clock.now(),
        closed_by=who.name,
        closed_by_id=who.account_id,
        early=is_early,
        reason=reason.strip(),
        count=kept.count,
        body=body,
        digest=digest,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as twice:
        raise Unclosable("刚才已有人封了这本账，请刷新后查看") from twice
    event = LedgerClosed(row.pk, code, span.code, row.number, row.count, digest)
    record(event, area=area, subject=("closing", row.pk), reason=reason.strip())
    return row


def contents(closing: LedgerClosing) -> Frozen:
    """A closing as it was. Raises Damaged when it does not have the digest recorded at closing."""
    return thaw(bytes(closing.body), closing.digest)


def compare(closing: LedgerClosing) -> Difference:
    """How a closing differs from the same ledger and period as they stand now. Raises NoSuchLedger, Damaged."""
    span = Period(_kind_of(closing), closing.start, closing.end, closing.period)
    return difference(contents(closing), _closed_now(closing.ledger, closing.area, span))


def _kind_of(closing: LedgerClosing) -> str:
    return {7: "quarter" if "Q" in closing.period else "month", 4: "year"}[len(closing.period)]


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


def make_ledger(definition: Mapping[str, Any], client_key: UUID | None = None) -> Ledger:
    """Make a ledger without programming, for the area of the post. A repeated request answers the same ledger.

    Raises BadLedger with every problem found, Refused.
    """
    who = current()
    require(who, "ledger.define")
    code = f"own_{(client_key or uuid7()).hex[-16:]}"
    kept = OwnLedger.objects.filter(pk=code).first()
    if kept is not None:
        return from_data(code, kept.definition)
    ledger = from_data(code, definition)
    plan(ledger, vocabulary())
    OwnLedger.objects.create(
        code=code,
        area=who.area or "",
        definition=to_data(ledger),
        made_by=who.name,
        made_by_id=who.account_id,
    )
    record(LedgerMade(code, len(ledger.columns)), area=who.area or "")
    return ledger


def drop_ledger(code: str) -> None:
    """Give up a ledger that staff made; its closings remain. Raises NoSuchLedger, Refused."""
    who = current()
    kept = OwnLedger.objects.filter(pk=code, dropped_at=None).first()
    if kept is None:
        raise NoSuchLedger(code)
    require(who, "ledger.define", kept.area)
    kept.dropped_at = clock.now()
    kept.save(update_fields=["dropped_at"])
    record(LedgerDropped(code), area=kept.area)
