"""The verbs of ledgers: enter, withdraw, close, make, drop, upload a blank. The only writers; exports.py hands out."""

from collections.abc import Container, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from linyun.foundation.accounts.policy import require
from linyun.foundation.acts.actor import current
from linyun.foundation.acts.services import is_reason, record
from linyun.foundation.areas import scope
from linyun.hub.ledgers import entries, period
from linyun.hub.ledgers.cells import SEQUENCE, Cell, cells_of
from linyun.hub.ledgers.closing import Difference, Frozen, difference, freeze, thaw
from linyun.hub.ledgers.documents import document, unit_name
from linyun.hub.ledgers.events import (
    EntryAdded,
    EntryWithdrawn,
    FormMapped,
    FormUploaded,
    LedgerClosed,
    LedgerDropped,
    LedgerMade,
)
from linyun.hub.ledgers.fill import Filled, fill
from linyun.hub.ledgers.forms import BadForm, Blank, understand
from linyun.hub.ledgers.making import from_blank
from linyun.hub.ledgers.models import LedgerClosing, LedgerEntry, LedgerForm, OwnLedger
from linyun.hub.ledgers.period import Period
from linyun.hub.ledgers.plans import plan
from linyun.hub.ledgers.register import NoSuchLedger, from_data, ready, to_columns, to_data
from linyun.hub.records.items import known
from linyun.hub.records.models import RECORDS
from linyun.hub.records.services import sealer
from linyun.hub.tags.vocabulary import vocabulary
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Kind, Ledger
from linyun.kernel.ids import uuid7
from linyun.kernel.values.seal import PREFIX
from linyun.kernel.words import say


class Unclosable(ValueError):
    """A period cannot be closed; the text says why."""


class BadEntry(ValueError):
    """A row cannot be kept. ``problems``: sentences by cell code."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("；".join(problems.values()))
        self.problems = dict(problems)


def span_of(ledger: Ledger, text: str) -> Period:
    """The period that somebody wrote, or the ledger's own around today. Raises BadPeriod."""
    return period.parse(text, ledger.period, clock.today())


def filled(code: str, area: str, span: Period) -> Filled:
    """A ledger filled for an area, as it stands today. Raises NoSuchLedger, BadLedger."""
    made = ready(code)
    return fill(made.plan, area, span, clock.today(), made.words)


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
        raise BadEntry(
            {c: say("没有这一格") for c in values if f"entry.{c}" not in known} or {"": say("请至少填写一格")}
        )
    cells = {
        c: sealer.seal(str(v)) if known[f"entry.{c}"].kind is Kind.IDENTITY else entries.kept(v)
        for c, v in values.items()
    }
    if replaces is not None:
        # A sealed number is not shown in the form again; left blank it stays.
        cells = {c: v for c, v in replaces.cells.items() if _is_sealed(v) and c not in cells} | cells
    row = LedgerEntry(
        area=area,
        ledger=code,
        cells=cells,
        subject_id=subject_id,
        happened_on=_happened(values, span_of(made.ledger, when)),
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


def _is_sealed(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(f"{PREFIX}:")


def _place_of(subject: Any, subject_id: UUID) -> str:
    if subject is None:
        raise BadEntry({"": say("这本台账不记在居民、房屋等名下")})
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
    if not is_reason(reason):
        raise BadEntry({"reason": say("请写明撤下的原因")})
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
        raise Unclosable(say("{label}还没有结束。确需提前封账，请勾选提前封账并写明原因", label=span.label))
    before = LedgerClosing.objects.holding(code, area, span.start, span.end)
    is_early = not span.is_over(clock.today())
    if (before or is_early) and not is_reason(reason):
        raise Unclosable(say("更正已封的账，请写明原因") if before else say("提前封账，请写明原因"))
    kept = _closed_now(code, area, span)
    if before and difference(thaw(bytes(before.body), before.digest), kept).is_empty:
        raise Unclosable(say("与第 {number} 次封账完全一致，不需要更正", number=before.number))
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
        raise Unclosable(say("刚才已有人封了这本账，请刷新后查看")) from twice
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


def form_of(code: str, area: str) -> LedgerForm | None:
    """The official blank in which a ledger is handed in: the latest uploaded in the area, if any."""
    found: LedgerForm | None = LedgerForm.objects.filter(ledger=code, area=area).order_by("-uploaded_at", "-id").first()
    return found


def _form_columns(blank: Blank, offered: Container[str]) -> list[dict[str, Any]]:
    return [
        {
            "number": c.number,
            "letter": c.letter,
            "path": list(c.path),
            "value": c.value if c.value in offered else "",
            "sure": c.sure,
        }
        for c in blank.columns
    ]


def _keep_form(
    key: UUID, code: str, content: bytes, file_name: str, blank: Blank, columns: list[dict[str, Any]], defines: bool
) -> LedgerForm:
    who = current()
    row: LedgerForm = LedgerForm.objects.create(
        id=key,
        area=who.area or "",
        ledger=code,
        file_name=file_name[:160],
        content=content,
        sheet=blank.sheet,
        head_row=blank.head_row,
        first_row=blank.first_row,
        columns=columns,
        defines=defines,
        uploaded_by=who.name,
        uploaded_by_id=who.account_id,
    )
    record(FormUploaded(row.pk, code), area=row.area, subject=("ledger_form", row.pk))
    return row


def make_from_blank(
    content: bytes, file_name: str, definition: Mapping[str, Any], client_key: UUID | None = None
) -> LedgerForm:
    """Make a ledger whose columns are those of an official blank: known heads are filled, the others by hand.

    A repeated request answers the form that it made before. Raises BadForm, BadLedger, Refused.
    """
    require(current(), "ledger.define")
    key = client_key or uuid7()
    before: LedgerForm | None = LedgerForm.objects.filter(pk=key).first()
    if before is not None:
        return before
    source = catalogue.ledger_sources[definition["source"]]
    cells = cells_of(source, vocabulary())
    items = list(known(source.subject).values()) if source.subject else []
    blank = understand(content, file_name, cells, items)
    columns = _form_columns(blank, {SEQUENCE, *cells})
    named = {**definition, "name": definition.get("name") or blank.title, "columns": _blank_columns(columns)}
    ledger = make_ledger(named, key)
    return _keep_form(key, ledger.code, content, file_name, blank, columns, defines=True)


def _blank_columns(columns: list[dict[str, Any]]) -> list[dict[str, Any]]:
    made = from_blank([(c["number"], tuple(c["path"]), c["value"]) for c in columns])
    return to_columns(made)


def upload_form(code: str, content: bytes, file_name: str, client_key: UUID | None = None) -> LedgerForm:
    """Keep an official blank for a ledger that there is; its columns are matched with the ledger's own.

    A repeated request answers the form that it made before. Raises BadForm, NoSuchLedger, Refused.
    """
    require(current(), "ledger.define")
    key = client_key or uuid7()
    before: LedgerForm | None = LedgerForm.objects.filter(pk=key).first()
    if before is not None:
        return before
    made = ready(code).plan
    items = list(known(made.source.subject).values()) if made.source.subject else []
    own = {h.value: Cell(h.value, h.name, h.kind, "", "") for h in made.headings if h.value != SEQUENCE}
    blank = understand(content, file_name, own, items)
    return _keep_form(key, code, content, file_name, blank, _form_columns(blank, {SEQUENCE, *own}), defines=False)


def map_form(form: LedgerForm, mapping: Mapping[int, str]) -> None:
    """Confirm which cell fills which column of a blank; a ledger that it defines follows. Raises BadForm, Refused."""
    require(current(), "ledger.define", form.area)
    made = ready(form.ledger).plan
    offered = {SEQUENCE, *(h.value for h in made.headings)}
    if form.defines:
        offered |= set(cells_of(made.source, vocabulary()))
    columns = []
    for column in form.columns:
        value = mapping.get(column["number"], "")
        if value and value not in offered:
            raise BadForm(say("{column} 列对应的内容，台账里没有", column=column["letter"]))
        columns.append({**column, "value": value, "sure": 1.0})
    if not any(c["value"] for c in columns):
        raise BadForm(say("请至少为一列选好对应的内容"))
    if form.defines:
        own = OwnLedger.objects.get(pk=form.ledger)
        own.definition = {**own.definition, "columns": _blank_columns(columns)}
        plan(from_data(own.code, own.definition), vocabulary())
        own.save(update_fields=["definition"])
    form.columns = columns
    form.save(update_fields=["columns"])
    record(FormMapped(form.pk, form.ledger), area=form.area, subject=("ledger_form", form.pk))
