"""From a plan to SQL: one statement per list, one scan per subject of a statistic, one per source for all row counts.

Everything that people write enters as a parameter; texts of declarations go in as declared.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from linyun.foundation.areas.codes import upper
from linyun.hub.ledgers.cells import Cell
from linyun.hub.ledgers.figures import HAND, Figure
from linyun.hub.ledgers.period import Period
from linyun.hub.ledgers.plans import Plan
from linyun.hub.ledgers.sources import ENTRY, SOURCES
from linyun.kernel.declare import Kind, LedgerSource, Subject
from linyun.kernel.rule import Rule, Sense, Vocabulary, compile_sql
from linyun.kernel.rule.syntax import And, Condition

ALIAS = "s"
TODAY = "%(today)s::date"
_OF_SUBJECT = {s.subject: s for s in SOURCES if s.subject}


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


def _dated(plan: Plan, period: Period) -> str:
    if not plan.source.dated or period.kind == "current":
        return ""
    day = filled(plan.source.dated)
    if plan.source.code == "entry" and not plan.is_log:
        # A list kept by hand stands until withdrawn: what was written before the period counts as well.
        return f"{day} < %(end)s"
    return f"{day} >= %(start)s and {day} < %(end)s"


def condition(rule: Rule | None, today: date, words: Vocabulary, params: dict[str, Any], prefix: str = "r") -> str:
    if rule is None:
        return ""
    compiled = compile_sql(rule, ALIAS, today, words, prefix=prefix, sense=Sense.TRUE)
    params.update(compiled.params)
    return compiled.sql


def tail_of(plan: Plan, period: Period, today: date, words: Vocabulary, params: dict[str, Any], *more: str) -> str:
    """Which rows belong to a ledger, as a FROM-WHERE tail; adds to ``params``."""
    rule = condition(plan.rule, today, words, params)
    return from_where(plan.source, [IN_AREA, rule, _dated(plan, period), *more])


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


def order_of(plan: Plan) -> list[Key]:
    """The order of a list: the ledger's own, else the source's; people's names by pinyin; ties by the row's id."""
    keys = []
    for cell, descending in plan.sort:
        if plan.source.subject is Subject.PERSON and cell.code in ("name", "person_name"):
            keys.append(Key(f"{ALIAS}.pinyin", descending))
        elif cell.kind is Kind.TEXT:
            keys.append(Key(filled(cell.read), descending, natural=True))
        else:
            keys.append(Key(filled(cell.read), descending))
    if not keys and plan.source.order:
        keys = [Key(filled(plan.source.order))] if "," not in plan.source.order else _split(plan.source.order)
    return [*keys, Key(reference(plan.source))]


def _split(order: str) -> list[Key]:
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


class Scan:
    """Conditions over the rows of one source, each computed once per row however many figures use it."""

    def __init__(self, source: LedgerSource, today: date, words: Vocabulary, params: dict[str, Any], name: str) -> None:
        self.source = source
        self.today = today
        self.words = words
        self.params = params
        self.name = name
        self._columns: dict[str, str] = {}
        self._known: dict[Condition, str] = {}
        self._results: list[str] = []

    def _column(self, sql: str) -> str:
        return self._columns.setdefault(sql, f"c{len(self._columns)}")

    def where(self, rule: Rule | None) -> str:
        """A rule as a condition over the computed columns; its conjuncts are shared with other rules."""
        if rule is None:
            return ""
        parts = rule.where.parts if isinstance(rule.where, And) else (rule.where,)
        return " and ".join(self._atom(part, rule.subject) for part in parts)

    def _atom(self, condition: Condition, subject: Subject) -> str:
        if condition not in self._known:
            part = Rule(subject, condition, self.words)
            prefix = f"{self.name}{len(self._known)}_"
            compiled = compile_sql(part, ALIAS, self.today, self.words, prefix=prefix, sense=Sense.TRUE)
            self.params.update(compiled.params)
            self._known[condition] = self._column(compiled.sql)
        return self._known[condition]

    def test(self, sql: str, params: dict[str, Any]) -> str:
        """A condition of our own as a computed column."""
        self.params.update(params)
        return self._column(sql)

    def count(self, *conditions: str) -> int:
        """Ask for a count; answers its place in the result row."""
        return self._ask("count(*)", conditions)

    def add(self, code: str, *conditions: str) -> int:
        """Ask for the sum of an item; answers its place in the result row."""
        assert self.source.subject is not None
        value = self._column(filled(self.words.field(self.source.subject, code).read))
        return self._ask(f"sum({value})", conditions)

    def _ask(self, what: str, conditions: Sequence[str]) -> int:
        wanted = " and ".join(c for c in conditions if c)
        self._results.append(f"{what} filter (where {wanted})" if wanted else what)
        return len(self._results) - 1

    def sql(self, *more: str) -> str:
        """The whole scan. The inner query keeps its own level, or the planner would compute conditions per figure."""
        computed = ", ".join(f"{sql} as {name}" for sql, name in self._columns.items()) or "true as c0"
        tail = from_where(self.source, [IN_AREA, *more])
        return f"select {', '.join(self._results)} from (select {computed} from {tail} offset 0) x"  # noqa: S608


def counting(plans: Sequence[tuple[Plan, Period]], area: str, today: date, words: Vocabulary) -> Query:
    """How many rows each of several lists of one source has, in their order, in one scan."""
    source = plans[0][0].source
    params: dict[str, Any] = base_params("", area, plans[0][1], today)
    # Hand-kept rows belong to a ledger by their own column, which the scan tests instead of the source's WHERE.
    is_entry = source.code == "entry"
    scan = Scan(_ANY_ENTRY if is_entry else source, today, words, params, "q")
    for n, (plan, period) in enumerate(plans):
        of_ledger = scan.test(f"{ALIAS}.ledger = %(ledger{n})s", {f"ledger{n}": plan.ledger.code}) if is_entry else ""
        dated = _dated(plan, period).replace("%(start)s", f"%(start{n})s").replace("%(end)s", f"%(end{n})s")
        span = scan.test(dated, {f"start{n}": period.start, f"end{n}": period.end}) if dated else ""
        scan.count(of_ledger, span, scan.where(plan.rule))
    return Query(scan.sql(), params)


_ANY_ENTRY = replace(ENTRY, sql="ledgers_ledgerentry {s} where {s}.withdrawn_at is null")


def source_of(subject: Subject) -> LedgerSource:
    """The source whose rows are the subjects of a kind."""
    return _OF_SUBJECT[subject]


def scans(
    plan: Plan, area: str, period: Period, today: date, words: Vocabulary
) -> tuple[dict[Subject, tuple[Query, Scan]], dict[tuple[int, int], tuple[Subject, tuple[int, ...]]]]:
    """The scans of a statistic, and for each (row, column) the subject and the places of its numbers in the result."""
    params: dict[Subject, dict[str, Any]] = {}
    open_scans: dict[Subject, Scan] = {}
    places: dict[tuple[int, int], tuple[Subject, tuple[int, ...]]] = {}
    for column, figure in enumerate(plan.figures):
        if figure is None or figure.measure == HAND:
            continue
        if figure.subject not in open_scans:
            params[figure.subject] = base_params(plan.ledger.code, area, period, today)
            name = f"q{len(open_scans)}_"
            scan = Scan(source_of(figure.subject), today, words, params[figure.subject], name)
            open_scans[figure.subject] = scan
        for row, group in enumerate(plan.groups):
            scan = open_scans[figure.subject]
            places[row, column] = (figure.subject, _asked(scan, figure, scan.where(group.rule)))
    return {s: (Query(scan.sql(), params[s]), scan) for s, scan in open_scans.items()}, places


def _asked(scan: Scan, figure: Figure, within: str) -> tuple[int, ...]:
    own = scan.where(figure.rule)
    match figure.measure:
        case "share":
            return scan.count(within, own), scan.count(scan.where(figure.of))
        case "sum":
            return (scan.add(figure.code, within, own),)
        case _:
            return (scan.count(within, own),)


HAND_FIGURES = """
select sum(f.value) from (
  select distinct on (e.area) (e.cells ->> %(code)s)::numeric as value from ledgers_ledgerentry e
  where e.ledger = %(ledger)s and e.withdrawn_at is null and e.cells ? %(code)s and e.area >= %(lo)s and e.area < %(hi)s
    and coalesce(e.happened_on, e.created_at::date) >= %(start)s
    and coalesce(e.happened_on, e.created_at::date) < %(end)s
  order by e.area, e.id desc) f
"""
"""A figure kept by hand: the last one written in each area for the period, added up; NULL when nobody wrote any."""
