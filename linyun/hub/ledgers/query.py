"""From a plan to SQL: one statement for a whole list, for a page of it, for one row.

Everything that people write enters as a parameter; texts of declarations go in as declared.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from linyun.foundation.areas.codes import upper
from linyun.hub.ledgers.cells import Cell
from linyun.hub.ledgers.period import Period
from linyun.hub.ledgers.plans import Plan
from linyun.kernel.declare import Kind, LedgerSource, Subject
from linyun.kernel.rule import Rule, Sense, Vocabulary, compile_sql

ALIAS = "s"
TODAY = "%(today)s::date"


@dataclass(frozen=True, slots=True)
class Query:
    """A statement and its parameters for psycopg."""

    sql: str
    params: dict[str, Any] = field(default_factory=dict)


def filled(template: str, alias: str = ALIAS) -> str:
    """A declared expression over the row ``alias``."""
    return template.replace("{s}", alias).replace("{today}", TODAY)


def _has_where(sql: str) -> bool:
    """Whether a FROM-WHERE tail has a WHERE of its own, outside of brackets."""
    depth = 0
    for word in sql.lower().replace("(", " ( ").replace(")", " ) ").split():
        depth += (word == "(") - (word == ")")
        if word == "where" and depth == 0:
            return True
    return False


def from_where(source: LedgerSource, conditions: Iterable[str]) -> str:
    """The FROM-WHERE tail of a source with more conditions; empty ones are left out."""
    tail = filled(source.sql)
    wanted = [f"({c})" for c in conditions if c]
    if not wanted:
        return tail
    return tail + (" and " if _has_where(tail) else " where ") + " and ".join(wanted)


def base_params(ledger: str, area: str, period: Period, today: date) -> dict[str, Any]:
    """The parameters that every statement may use."""
    return {
        "ledger": ledger, "lo": area, "hi": upper(area), "start": period.start, "end": period.end, "today": today,
    }  # fmt: skip


IN_AREA = f"{ALIAS}.area >= %(lo)s and {ALIAS}.area < %(hi)s"


def dated(plan: Plan, period: Period) -> str:
    """The condition that puts a ledger's rows into the period; empty for rows without a day."""
    if not plan.source.dated or period.kind == "current":
        return ""
    day = filled(plan.source.dated)
    if plan.source.code == "entry" and not plan.is_log:
        # A list kept by hand stands until withdrawn: what was written before the period counts as well.
        return f"{day} < %(end)s"
    return f"{day} >= %(start)s and {day} < %(end)s"


def condition(rule: Rule | None, today: date, words: Vocabulary, params: dict[str, Any], prefix: str = "r") -> str:
    """A rule as a condition over the row, true for those it means; empty without a rule. Adds to ``params``."""
    if rule is None:
        return ""
    compiled = compile_sql(rule, ALIAS, today, words, prefix=prefix, sense=Sense.TRUE)
    params.update(compiled.params)
    return compiled.sql


def tail_of(plan: Plan, period: Period, today: date, words: Vocabulary, params: dict[str, Any], *more: str) -> str:
    """Which rows belong to a ledger, as a FROM-WHERE tail; adds to ``params``."""
    rule = condition(plan.rule, today, words, params)
    return from_where(plan.source, [IN_AREA, rule, dated(plan, period), *more])


def natural(expression: str) -> str:
    """A text whose numbers sort as numbers: 3号 before 12号. Digits are padded to eight places."""
    padded = f"regexp_replace({expression}, '(\\d+)', '0000000\\1', 'g')"
    return f"regexp_replace({padded}, '0*(\\d{{8}})(?!\\d)', '\\1', 'g')"


@dataclass(frozen=True, slots=True)
class Key:
    """One part of an order: what is read, whether numbers in it sort as numbers, the direction. NULL comes last."""

    read: str
    descending: bool = False
    natural: bool = False

    @property
    def sql(self) -> str:
        """The expression to compare."""
        return natural(self.read) if self.natural else self.read

    @property
    def ordering(self) -> str:
        """For ORDER BY."""
        return f"{self.sql} {'desc' if self.descending else 'asc'} nulls last"


PLACES = ("address", "living_address", "registered_text", "building_text")
"""Cells that say where: a list in their order goes area by area first."""


def order_of(plan: Plan) -> list[Key]:
    """The order of a list: the ledger's own, else the source's; people's names by pinyin; ties by the row's id."""
    keys = []
    for cell, descending in plan.sort:
        if plan.source.subject is Subject.PERSON and cell.code in ("name", "person_name"):
            keys.append(Key(f"{ALIAS}.pinyin", descending))
        elif cell.kind is Kind.TEXT:
            if cell.code in PLACES and plan.source.subject is not None:
                # Area by area, then by door: the index gives the areas in order, so a page reads few addresses.
                keys.append(Key(f"{ALIAS}.area", descending))
            keys.append(Key(filled(cell.read), descending, natural=True))
        else:
            keys.append(Key(filled(cell.read), descending))
    if not keys and plan.source.order:
        keys = split_order(plan.source.order)
    return [*keys, Key(reference(plan.source))]


def split_order(order: str) -> list[Key]:
    """The parts of a declared ORDER BY: cut at the commas outside of brackets."""
    parts, depth = [""], 0
    for char in filled(order):
        depth += (char == "(") - (char == ")")
        if char == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    return [Key(p.strip().removesuffix(" desc"), p.strip().endswith(" desc")) for p in parts]


def reference(source: LedgerSource) -> str:
    """The id to which a row leads back."""
    return filled(source.ref or "{s}.id")


def _reads(cells: Sequence[Cell | None]) -> list[str]:
    return [filled(cell.read) if cell else "null" for cell in cells]


def rows(plan: Plan, area: str, period: Period, today: date, words: Vocabulary) -> Query:
    """All rows of a list: reference, subject, then one expression per column.

    Rows are ordered by what was read already: an address, which takes a look-up, is looked up once.
    """
    params = base_params(plan.ledger.code, area, period, today)
    tail = tail_of(plan, period, today, words, params)
    picks = [reference(plan.source), f"{ALIAS}.id", *_reads(plan.cells)]
    inner = [f"{sql} as c{n}" for n, sql in enumerate(picks)]
    order: list[str] = []
    for key in order_of(plan):
        if key.read not in picks:
            inner.append(f"{key.read} as k{len(order)}")
        name = f"c{picks.index(key.read)}" if key.read in picks else f"k{len(order)}"
        order.append(Key(name, key.descending, key.natural).ordering)
    columns = ", ".join(f"c{n}" for n in range(len(picks)))
    sql = f"select {columns} from (select {', '.join(inner)} from {tail} offset 0) x order by {', '.join(order)}"  # noqa: S608
    return Query(sql, params)


def page(
    plan: Plan, area: str, period: Period, today: date, words: Vocabulary, after: Sequence[Any] | None, size: int
) -> Query:
    """One page of a list, after the sort values of the last row seen; the sort values follow the columns."""
    params = base_params(plan.ledger.code, area, period, today)
    keys = order_of(plan)
    beyond = _beyond(keys, after, params) if after is not None else ""
    tail = tail_of(plan, period, today, words, params, beyond)
    picks = ", ".join([reference(plan.source), f"{ALIAS}.id", *_reads(plan.cells), *(k.sql for k in keys)])
    params["size"] = size
    order = ", ".join(k.ordering for k in keys)
    return Query(f"select {picks} from {tail} order by {order} limit %(size)s", params)  # noqa: S608 - as in rows


def _beyond(keys: Sequence[Key], after: Sequence[Any], params: dict[str, Any], at: int = 0) -> str:
    """Rows strictly after some values: (k1 > v1) or (k1 = v1 and (…)); unknown values come last."""
    key, value = keys[at], after[at]
    rest = _beyond(keys, after, params, at + 1) if at + 1 < len(keys) else ""
    if value is None:
        return f"({key.sql} is null and {rest})" if rest else "false"
    name = f"after{at}"
    params[name] = value
    past = f"{key.sql} {'<' if key.descending else '>'} %({name})s or {key.sql} is null"
    return f"({past} or ({key.sql} = %({name})s and {rest}))" if rest else f"({past})"


def one(plan: Plan, ref: Any, area: str, period: Period, today: date, words: Vocabulary) -> Query:
    """One row of a list by its reference, as ``rows`` gives it."""
    params = base_params(plan.ledger.code, area, period, today)
    params["ref"] = ref
    tail = tail_of(plan, period, today, words, params, f"{reference(plan.source)} = %(ref)s")
    picks = ", ".join([reference(plan.source), f"{ALIAS}.id", *_reads(plan.cells)])
    return Query(f"select {picks} from {tail} limit 1", params)  # noqa: S608 - as in rows
