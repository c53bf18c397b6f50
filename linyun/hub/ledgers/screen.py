"""What the pages of ledgers show: the list by groups, one ledger with its merged head, choices for making one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from linyun.foundation.acts.models import Act
from linyun.foundation.ui.paging import BadCursor, decode, encode
from linyun.foundation.ui.parts import Chip
from linyun.foundation.ui.shell import Tab
from linyun.foundation.ui.tables import Column, Table
from linyun.foundation.ui.wording import day, shown
from linyun.hub.ledgers import duty, fill
from linyun.hub.ledgers.cells import SEQUENCE, Cell
from linyun.hub.ledgers.closing import Frozen
from linyun.hub.ledgers.fill import Filled
from linyun.hub.ledgers.layout import Heading, head_cells
from linyun.hub.ledgers.models import LedgerClosing
from linyun.hub.ledgers.period import Period
from linyun.hub.ledgers.plans import Plan
from linyun.hub.ledgers.register import planned
from linyun.hub.ledgers.services import span_of
from linyun.hub.tags.vocabulary import vocabulary
from linyun.kernel.declare import Kind, Ledger
from linyun.kernel.words import lang, msgid, say
from linyun.kernel.words import listed as listed_words

PERIODS = {"current": msgid("随时"), "month": msgid("每月"), "quarter": msgid("每季"), "year": msgid("每年")}


def address_of(kind: str, key: Any) -> str:
    """The page of a thing by its kind: a route of that name that takes its id; empty where the house has none."""
    try:
        return reverse(kind, args=[key]) if kind and key else ""
    except NoReverseMatch:
        return ""


@dataclass(frozen=True, slots=True)
class Line:
    """One ledger in the list."""

    code: str
    name: str
    count: int | None
    period: str
    due: str
    state: Chip | None


def _state(ledger: Ledger, today: date, closed: Mapping[str, LedgerClosing]) -> Chip | None:
    due = duty.next_due(ledger.due, today)
    last = closed.get(ledger.code)
    if due is not None and ledger.audited and due - today <= duty.SOON:
        span = duty.period_due(ledger, due)
        if last is None or last.start < span.start:
            return Chip(_("%(day)s前要交") % {"day": day(due)}, "warn")
    return Chip(_("已封账到 %(period)s") % {"period": last.period}, "ok") if last else None


def listed(ledgers: Sequence[Ledger], area: str, today: date) -> list[Line]:
    """Ledgers with the rows they have now, when they are due, and whether they are closed."""
    words = vocabulary()
    plans = [(planned(x, words), span_of(x, "")) for x in ledgers]
    counts = fill.counts(plans, area, today, words)
    last: dict[str, LedgerClosing] = {}
    rows = LedgerClosing.objects.filter(area=area, ledger__in=[x.code for x in ledgers]).defer("body")
    for closing in rows.order_by("start", "number"):
        last[closing.ledger] = closing
    return [
        Line(
            x.code,
            say(x.name),
            None if made.is_statistic else counts[x.code],
            _(PERIODS[x.period]),
            say(x.due),
            _state(x, today, last),
        )
        for x, (made, _span) in zip(ledgers, plans, strict=True)
    ]


def table_of(group: str, lines: Sequence[Line]) -> Table:
    """The list as a table."""
    columns = (
        Column("name", _("台账")),
        Column("count", _("条数"), numeric=True, meaning=_("现在填出来有多少行；统计表不数行。")),
        Column("period", _("期间")),
        Column("due", _("报送")),
        Column("state", _("情况"), kind="chips", show=lambda line: [line.state] if line.state else []),
    )
    return Table(
        "ledgers", columns, lines, key="code", href=lambda line: reverse("ledger", args=[line.code]), noun="本",
        caption=say(group), chooser=False,
    )  # fmt: skip


def tabs_of(ledgers: Sequence[Ledger], chosen: str) -> list[Tab]:
    """The groups as tabs."""
    groups = dict.fromkeys(x.group for x in ledgers)
    counts = {g: sum(x.group == g for x in ledgers) for g in groups}
    return [Tab(say(g), f"{reverse('ledgers')}?group={g}", g == chosen, str(counts[g])) for g in groups]


def heads_of(headings: Sequence[Heading]) -> list[list[tuple[str, int, int]]]:
    """The merged head as rows of (text, columns, rows), for the macro ``ruled``."""
    lines: dict[int, list[tuple[str, int, int]]] = {}
    for cell in head_cells(headings):
        lines.setdefault(cell.row, []).append((say(cell.text), cell.columns, cell.rows))
    return [lines[n] for n in sorted(lines)]


@dataclass(frozen=True, slots=True)
class Row:
    """A row on screen: (text, address of its origin) per cell."""

    cells: tuple[tuple[Any, str], ...]


def rows_of(filled: Filled) -> list[Row]:
    """The rows of a ledger on screen; every cell but the number of the row leads to its origin."""
    code = filled.plan.ledger.code
    refs = [str(r) for r in filled.refs] or [str(n) for n in range(filled.count)]
    plain = [h.value in (SEQUENCE, "row_name") for h in filled.headings]
    says = [_says(h) for h in filled.headings]
    base = reverse("ledger", args=[code])
    when = f"?period={filled.period.code}" if filled.plan.is_statistic and filled.period.code else ""
    return [
        Row(
            tuple(
                (shown(says[n](value)), "" if plain[n] else f"{base}/cells/{ref}/{n}{when}")
                for n, value in enumerate(values)
            )
        )
        for ref, values in zip(refs, filled.rows(), strict=True)
    ]


def _says(heading: Heading) -> Callable[[Any], Any]:
    """How a column's values are said: those that are words of the catalogue in the reader's language."""
    if lang() == "zh":
        return _as_it_is
    if heading.kind is Kind.CODES:
        return lambda value: listed_words(say(v) for v in value.split("、")) if isinstance(value, str) else value
    if heading.kind in (Kind.CODE, Kind.BOOLEAN) or heading.value == "row_name":
        return lambda value: say(value) if isinstance(value, str) else value
    return _as_it_is


def _as_it_is(value: Any) -> Any:
    return value


def frozen_rows(headings: Sequence[Heading], data: Sequence[Sequence[Any]], most: int) -> list[Row]:
    """The first rows of a closing or a preview, without links."""
    says = [_says(h) for h in headings]
    return [
        Row(tuple((shown(says[n](v)), "") for n, v in enumerate(values)))
        for values in list(zip(*data, strict=True))[:most]
    ]


def order_name(plan: Plan, span: Period) -> str:
    """What a cursor was made for: this ledger in this order and period."""
    return f"ledger:{plan.ledger.code}:{','.join(plan.ledger.sort)}:{span.code}"


def position(cursor: str, plan: Plan, span: Period) -> list[Any] | None:
    """Where the next page begins; None, the first page, for a cursor that is not ours."""
    try:
        return decode(order_name(plan, span), cursor) if cursor else None
    except BadCursor:
        return None


def next_address(plan: Plan, span: Period, following: list[Any] | None) -> str:
    """The address of the next page, empty at the end."""
    if following is None:
        return ""
    when = f"period={span.code}&" if span.code else ""
    return f"?{when}after={encode(order_name(plan, span), following)}"


def exports_of(code: str) -> list[Act]:
    """The latest times that a ledger left the house, newest first."""
    return list(Act.objects.filter(verb="ledger_exported", detail__ledger=code).order_by("-at")[:5])


def choices_of(cells: Mapping[str, Cell], groups: Mapping[str, str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Cells to choose columns from, by group: what is computed first, then the items in their groups."""
    found: dict[str, list[tuple[str, str]]] = {}
    for code, cell in cells.items():
        group = say(groups.get(code, msgid("其他")) if cell.origin == "item" else msgid("常用"))
        found.setdefault(group, []).append((code, say(cell.name)))
    return sorted(found.items(), key=lambda pair: pair[0] != _("常用"))


def label_of(kept: Frozen) -> str:
    """A closing's line of text."""
    return "　".join(line for line in kept.lines if line)
