"""Counting: any number of figures over any number of sources in one statement, each condition computed once a row."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from linyun.hub.ledgers.figures import HAND, Figure
from linyun.hub.ledgers.period import Period
from linyun.hub.ledgers.plans import Plan
from linyun.hub.ledgers.query import ALIAS, IN_AREA, Query, base_params, dated, filled, from_where
from linyun.hub.ledgers.sources import ENTRY, SOURCES
from linyun.kernel.declare import LedgerSource, Subject
from linyun.kernel.rule import Rule, Sense, Vocabulary, compile_sql
from linyun.kernel.rule.syntax import And, Condition

Place = tuple[int, int]
"""Where a number stands in the result: which part of the statement, which number of the part."""

_OF_SUBJECT = {s.subject: s for s in SOURCES if s.subject}
_ANY_ENTRY = replace(ENTRY, sql="ledgers_ledgerentry {s} where {s}.withdrawn_at is null")

_BY_HAND = """
select sum(f.value) from (
  select distinct on (e.area)
    case when e.cells ->> %(CODE)s ~ '^-?[0-9]+([.][0-9]+)?$' then (e.cells ->> %(CODE)s)::numeric end as value
  from ledgers_ledgerentry e
  where e.ledger = %(ledger)s and e.withdrawn_at is null and e.cells ? %(CODE)s and e.area >= %(lo)s and e.area < %(hi)s
    and coalesce(e.happened_on, e.created_at::date) >= %(start)s
    and coalesce(e.happened_on, e.created_at::date) < %(end)s
  order by e.area, e.id desc) f
"""
"""A figure kept by hand: the last one written in each area for the period, added up; NULL when nobody wrote any."""


def source_of(subject: Subject) -> LedgerSource:
    """The source whose rows are the subjects of a kind."""
    return _OF_SUBJECT[subject]


class Scan:
    """Figures over the rows of one source. Part ``number`` of a tally."""

    def __init__(self, tally: "Tally", number: int, source: LedgerSource) -> None:
        self.tally = tally
        self.number = number
        self.source = source
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
            part = Rule(subject, condition, self.tally.words)
            prefix = f"q{self.number}_{len(self._known)}_"
            compiled = compile_sql(part, ALIAS, self.tally.today, self.tally.words, prefix=prefix, sense=Sense.TRUE)
            self.tally.params.update(compiled.params)
            self._known[condition] = self._column(compiled.sql)
        return self._known[condition]

    def test(self, sql: str, **params: Any) -> str:
        """A condition of our own as a computed column."""
        self.tally.params.update(params)
        return self._column(sql)

    def count(self, *conditions: str) -> Place:
        """Ask how many rows fulfil all of these."""
        return self._ask("count(*)", conditions)

    def add(self, subject: Subject, code: str, *conditions: str) -> Place:
        """Ask for the sum of an item over the rows that fulfil all of these."""
        value = self._column(filled(self.tally.words.field(subject, code).read))
        return self._ask(f"sum({value})", conditions)

    def _ask(self, what: str, conditions: Sequence[str]) -> Place:
        wanted = " and ".join(c for c in conditions if c)
        self._results.append(f"{what} filter (where {wanted})" if wanted else what)
        return self.number, len(self._results) - 1

    @property
    def width(self) -> int:
        """How many numbers it answers."""
        return len(self._results)

    def sql(self, offset: int) -> str:
        """The scan, its numbers named from ``offset`` on.

        The inner query keeps its own level, or the planner would compute each condition once per figure.
        """
        computed = ", ".join(f"{sql} as {name}" for sql, name in self._columns.items()) or "true as c0"
        answers = ", ".join(f"{sql} as n{offset + n}" for n, sql in enumerate(self._results))
        return f"select {answers} from (select {computed} from {from_where(self.source, [IN_AREA])} offset 0) x"  # noqa: S608


class Tally:
    """Numbers asked of several sources, answered by one statement of one row."""

    def __init__(self, ledger: str, area: str, period: Period, today: date, words: Vocabulary) -> None:
        self.today = today
        self.words = words
        self.params: dict[str, Any] = base_params(ledger, area, period, today)
        self._scans: dict[str, Scan] = {}
        self._parts: list[Scan | str] = []

    def scan(self, source: LedgerSource) -> Scan:
        """The one scan over a source."""
        if source.code not in self._scans:
            self._scans[source.code] = Scan(self, len(self._parts), source)
            self._parts.append(self._scans[source.code])
        return self._scans[source.code]

    def by_hand(self, code: str) -> Place:
        """Ask for a figure kept by hand."""
        number = len(self._parts)
        self.params[f"hand{number}"] = code
        self._parts.append(_BY_HAND.replace("CODE", f"hand{number}"))
        return number, 0

    def query(self) -> Query:
        """The statement. Its parts have one row each, so that putting them side by side is one row."""
        offset, parts = 0, []
        for number, part in enumerate(self._parts):
            if isinstance(part, Scan):
                parts.append(f"({part.sql(offset)}) p{number}")
                offset += part.width
            else:
                parts.append(f"({part}) p{number}(n{offset})")
                offset += 1
        return Query(f"select * from {', '.join(parts)}", self.params)  # noqa: S608 - declared SQL, bound values

    def position(self, place: Place) -> int:
        """Where a number stands in the row."""
        widths = [part.width if isinstance(part, Scan) else 1 for part in self._parts]
        return sum(widths[: place[0]]) + place[1]


def statistic(
    plan: Plan, area: str, period: Period, today: date, words: Vocabulary
) -> tuple[Query | None, dict[tuple[int, int], tuple[int, ...]]]:
    """The statement of a statistic, and for each (row, column) the positions of its numbers in the answer."""
    tally = Tally(plan.ledger.code, area, period, today, words)
    places: dict[tuple[int, int], tuple[Place, ...]] = {}
    for column, figure in enumerate(plan.figures):
        if figure is None:
            continue
        if figure.measure == HAND:
            places[0, column] = (tally.by_hand(figure.code),)
            continue
        scan = tally.scan(source_of(figure.subject))
        for row, group in enumerate(plan.groups):
            places[row, column] = _asked(scan, figure, scan.where(group.rule))
    if not places:
        return None, {}
    return tally.query(), {at: tuple(tally.position(p) for p in found) for at, found in places.items()}


def _asked(scan: Scan, figure: Figure, within: str) -> tuple[Place, ...]:
    own = scan.where(figure.rule)
    match figure.measure:
        case "share":
            return scan.count(within, own), scan.count(scan.where(figure.of))
        case "sum":
            return (scan.add(figure.subject, figure.code, within, own),)
        case _:
            return (scan.count(within, own),)


def counting(
    plans: Sequence[tuple[Plan, Period]], area: str, today: date, words: Vocabulary
) -> tuple[Query, dict[str, int]]:
    """How many rows each of several lists has, and where each number stands in the answer, by ledger code."""
    tally = Tally("", area, plans[0][1], today, words)
    places: dict[str, Place] = {}
    for n, (plan, period) in enumerate(plans):
        is_entry = plan.source.code == ENTRY.code
        scan = tally.scan(_ANY_ENTRY if is_entry else plan.source)
        # Hand-kept rows belong to a ledger by their own column, which the scan tests instead of the source's WHERE.
        kept = scan.test(f"{ALIAS}.ledger = %(ledger{n})s", **{f"ledger{n}": plan.ledger.code}) if is_entry else ""
        told = dated(plan, period).replace("%(start)s", f"%(start{n})s").replace("%(end)s", f"%(end{n})s")
        span = scan.test(told, **{f"start{n}": period.start, f"end{n}": period.end}) if told else ""
        places[plan.ledger.code] = scan.count(kept, span, scan.where(plan.rule))
    return tally.query(), {code: tally.position(place) for code, place in places.items()}
