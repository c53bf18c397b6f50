"""Filling a ledger: one statement, rows as tuples, values worded column by column.

Identity numbers come sealed. They are opened in memory and shown masked; in full only when asked for by a caller that
has checked the right and recorded the reason (services.export).
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from linyun.foundation.areas.codes import ancestors
from linyun.foundation.areas.models import Area
from linyun.foundation.ui.wording import phone_mask
from linyun.hub.ledgers import query, scans
from linyun.hub.ledgers.cells import SEQUENCE, TAGS, Cell
from linyun.hub.ledgers.figures import HAND
from linyun.hub.ledgers.layout import Heading
from linyun.hub.ledgers.period import Period
from linyun.hub.ledgers.plans import Plan
from linyun.hub.ledgers.query import Query
from linyun.hub.records.services import sealer
from linyun.hub.tags.services import borne_by
from linyun.hub.tags.telling import telling
from linyun.kernel.declare import CodeSet, Kind, Subject
from linyun.kernel.rule import Vocabulary
from linyun.kernel.values.identity import mask

MOST_TAGS = 4
Column = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Filled:
    """A filled ledger, column by column: ``data`` has one sequence per heading, all equally long.

    ``refs`` and ``subjects`` are the ids to which each row leads back; ``sealed`` keeps the sealed texts of identity
    columns by place, whose ``data`` are masked.
    """

    plan: Plan
    area: str
    period: Period
    today: date
    data: tuple[Column, ...]
    refs: Sequence[Any] = ()
    subjects: Sequence[Any] = ()
    sealed: dict[int, Column] = field(default_factory=dict)

    @property
    def headings(self) -> tuple[Heading, ...]:
        """The columns."""
        return self.plan.headings

    @property
    def count(self) -> int:
        """How many rows."""
        return len(self.data[0]) if self.data else 0

    def rows(self) -> list[tuple[Any, ...]]:
        """Row by row."""
        return list(zip(*self.data, strict=True))


def run(asked: Query) -> list[tuple[Any, ...]]:
    """The rows of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(asked.sql, asked.params)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def worded(cell: Cell, values: Column) -> Column:
    """A column's values as a reader takes them: names for codes, 是 and 否, area names, plain numbers."""
    match cell.kind:
        case Kind.CODE if cell.code_set:
            names = _names(cell.code_set)
            return [names.get(v, v) for v in values]
        case Kind.CODES if cell.code_set:
            names = _names(cell.code_set)
            return ["、".join(names.get(c, str(c)) for c in _several(v)) or None for v in values]
        case Kind.BOOLEAN:
            words = {True: "是", False: "否", "true": "是", "false": "否"}
            return [words.get(v, v) for v in values]
        case Kind.DECIMAL | Kind.INTEGER:
            return [_number(v) for v in values]
        case Kind.DATE if cell.origin == "entry":
            return [_day(v) for v in values]
        case Kind.AREA:
            return _area_names(values)
        case _:
            return values


def _names(codes: CodeSet) -> dict[str, str]:
    return {c.code: c.name for c in codes.codes}


def _several(value: Any) -> list[Any]:
    """Several codes, as an array of the database or, from JSON, as Django leaves it: a text."""
    found = json.loads(value) if isinstance(value, str) else value
    return found if isinstance(found, list) else [found] if found else []


def _number(value: Any) -> Any:
    """A number as Excel counts with it; a text that is none stays what it is."""
    if isinstance(value, str):
        try:
            value = Decimal(value)
        except ArithmeticError:
            return value
    if isinstance(value, Decimal) and value.is_finite():
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def _day(value: Any) -> Any:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _area_names(values: Column) -> Column:
    codes = {v for v in values if v}
    wanted = {c for code in codes for c in [*ancestors(code), code] if len(c) > 2}
    names = dict(Area.objects.filter(code__in=wanted).values_list("code", "name"))
    full = {c: "".join(names.get(a, "") for a in [*ancestors(c), c] if len(a) > 2) or c for c in codes}
    return [full.get(v, v) for v in values]


def _masked(values: Column) -> Column:
    return [mask(sealer.open(v)) if v else None for v in values]


def _tags(subjects: Sequence[UUID], today: date) -> Column:
    """Of each person the few tags that tell most, computed and set by hand; sensitive ones have ledgers of their own."""
    borne = borne_by(Subject.PERSON, list({*subjects}), today, opened=())
    told = {pk: "、".join(b.tag.name for b in telling(tags)[:MOST_TAGS]) or None for pk, tags in borne.items()}
    return [told[pk] for pk in subjects]


def _assembled(
    plan: Plan, raw: list[tuple[Any, ...]], today: date, start: int = 0
) -> tuple[tuple[Column, ...], dict[int, Column]]:
    columns: list[Column] = [() for _ in plan.headings]
    if raw:
        columns[:] = list(zip(*raw, strict=True))[2:]
    sealed: dict[int, Column] = {}
    data: list[Column] = []
    for n, (cell, values) in enumerate(zip(plan.cells, columns, strict=False)):
        if cell is None:
            data.append(range(start + 1, start + len(raw) + 1))
        elif cell.kind is Kind.IDENTITY:
            sealed[n] = values
            data.append(_masked(values))
        elif cell.code == TAGS:
            data.append(_tags([row[1] for row in raw], today))
        else:
            data.append(worded(cell, values))
    return tuple(data), sealed


def fill(plan: Plan, area: str, period: Period, today: date, words: Vocabulary) -> Filled:
    """Fill a ledger for an area (all below it included) and a period, with ages and days counted on ``today``."""
    if plan.is_statistic:
        return _statistic(plan, area, period, today, words)
    raw = run(query.rows(plan, area, period, today, words))
    data, sealed = _assembled(plan, raw, today)
    refs = [row[0] for row in raw]
    return Filled(plan, area, period, today, data, refs, [row[1] for row in raw], sealed)


def fill_page(
    plan: Plan, area: str, period: Period, today: date, words: Vocabulary, after: Sequence[Any] | None, size: int
) -> tuple[Filled, list[Any] | None]:
    """One page of a list for the screen, phones masked too, and the sort values after which the next page begins.

    ``after`` is the position (see ``position``) of the last row seen. A statistic is always whole.
    """
    if plan.is_statistic:
        return _statistic(plan, area, period, today, words), None
    raw = run(query.page(plan, area, period, today, words, after[1:] if after else None, size + 1))
    more, raw = len(raw) > size, raw[:size]
    width = 2 + len(plan.cells)
    start = after[0] if after else 0
    data, sealed = _assembled(plan, [row[:width] for row in raw], today, start)
    shown = tuple(
        [phone_mask(v) if v else None for v in column] if h.kind is Kind.PHONE else column
        for h, column in zip(plan.headings, data, strict=True)
    )
    filled = Filled(plan, area, period, today, shown, [r[0] for r in raw], [r[1] for r in raw], sealed)
    return filled, [start + len(raw), *raw[-1][width:]] if more else None


def fill_one(plan: Plan, ref: UUID, area: str, period: Period, today: date, words: Vocabulary) -> Filled:
    """One row of a list; ``count`` is 0 when the row no longer belongs to the ledger."""
    raw = run(query.one(plan, ref, area, period, today, words))
    data, sealed = _assembled(plan, raw, today)
    return Filled(plan, area, period, today, data, [r[0] for r in raw], [r[1] for r in raw], sealed)


def _statistic(plan: Plan, area: str, period: Period, today: date, words: Vocabulary) -> Filled:
    asked, places = scans.statistic(plan, area, period, today, words)
    numbers = run(asked)[0] if asked else ()
    columns: list[Column] = []
    for n, heading in enumerate(plan.headings):
        figure = plan.figures[n]
        if heading.value == SEQUENCE:
            columns.append(range(1, len(plan.groups) + 1))
        elif figure is None:
            columns.append([g.name for g in plan.groups])
        else:
            found = [places.get((row, n), ()) for row in range(len(plan.groups))]
            columns.append([_WORKED[figure.measure](*(numbers[p] for p in at)) if at else None for at in found])
    return Filled(plan, area, period, today, tuple(columns))


def _share(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None


_WORKED: dict[str, Callable[..., Any]] = {
    "rule": lambda count: count,
    "sum": lambda value: _number(value),
    "share": _share,
    HAND: lambda value: _number(value),
}


def counts(plans: Sequence[tuple[Plan, Period]], area: str, today: date, words: Vocabulary) -> dict[str, int]:
    """How many rows each ledger has now, by code: one statement, one scan per source however many ledgers it feeds."""
    found = {plan.ledger.code: len(plan.groups) for plan, _ in plans if plan.is_statistic}
    lists = [(plan, period) for plan, period in plans if not plan.is_statistic]
    if lists:
        asked, positions = scans.counting(lists, area, today, words)
        (numbers,) = run(asked)
        found.update({code: numbers[at] for code, at in positions.items()})
    return found
