"""A ledger checked against the words in force: what every column reads, or sentences that say what does not fit."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from linyun.hub.ledgers.cells import BY_HAND, HAPPENED, SEQUENCE, Cell, by_hand, cells_of
from linyun.hub.ledgers.figures import BadFigure, Figure, Group, read_figure, read_group
from linyun.hub.ledgers.layout import Heading
from linyun.kernel import seeds
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Column, Kind, Ledger, LedgerSource
from linyun.kernel.rule import Rule, RuleError, Vocabulary, parse
from linyun.kernel.words import lang, say

MOST_COLUMNS = 120


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a definition that does not fit. ``place``: name, source, rule, columns.3, sort, rows.2 …"""

    place: str
    sentence: str


class BadLedger(ValueError):
    """A ledger's definition does not hold. The text joins the sentences of all ``problems``."""

    def __init__(self, ledger: str, problems: list[Problem]) -> None:
        told = ("；" if lang() == "zh" else "; ").join(p.sentence for p in problems)
        super().__init__(say("台账“{ledger}”：{problems}", ledger=say(ledger), problems=told))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Plan:
    """A ledger ready to be filled. ``cells`` has one entry per column, None for 序号.

    A statistic has ``figures`` (one per column, None for the row's name) over ``groups`` (its rows) instead of cells.
    """

    ledger: Ledger
    source: LedgerSource
    headings: tuple[Heading, ...]
    cells: tuple[Cell | None, ...] = ()
    rule: Rule | None = None
    sort: tuple[tuple[Cell, bool], ...] = ()
    figures: tuple[Figure | None, ...] = ()
    groups: tuple[Group, ...] = ()

    @property
    def is_statistic(self) -> bool:
        """Whether the rows are figures, not subjects."""
        return self.source.code == "statistic"

    @property
    def is_log(self) -> bool:
        """Whether its hand-kept rows are events of a day; else they are a list that stands until withdrawn."""
        return any(c.value == HAPPENED for c in self.ledger.columns)

    @property
    def by_hand(self) -> tuple[Heading, ...]:
        """The columns kept by hand."""
        return tuple(h for h in self.headings if h.value.startswith(BY_HAND))

    def only(self, row: int, column: int) -> "Plan":
        """The same statistic with one figure. Raises IndexError for a place that it does not have."""
        return replace(
            self,
            headings=(self.headings[column],),
            figures=(self.figures[column],),
            groups=(self.groups[row],),
        )


class _Checking:
    """Collects problems instead of stopping at the first: a person mending a definition wants them all."""

    def __init__(self, ledger: Ledger, words: Vocabulary) -> None:
        self.ledger = ledger
        self.words = words
        self.problems: list[Problem] = []

    def refuse(self, place: str, sentence: str) -> None:
        self.problems.append(Problem(place, sentence))

    def plan(self) -> Plan:
        ledger = self.ledger
        if not ledger.name.strip():
            self.refuse("name", say("请给台账起个名字"))
        if not 1 <= len(ledger.columns) <= MOST_COLUMNS:
            self.refuse("columns", say("请选 1 到 {most} 列，现在有 {n} 列", most=MOST_COLUMNS, n=len(ledger.columns)))
        source = catalogue.ledger_sources.get(ledger.source)
        if source is None:
            self.refuse("source", say("没有“{source}”这种数据来源", source=ledger.source))
            raise BadLedger(ledger.name, self.problems)
        made = self._statistic(source) if source.code == "statistic" else self._list(source)
        if self.problems:
            raise BadLedger(ledger.name, self.problems)
        return made

    def _list(self, source: LedgerSource) -> Plan:
        known = cells_of(source, self.words)
        cells: list[Cell | None] = []
        headings: list[Heading] = []
        for n, column in enumerate(self.ledger.columns):
            cell = by_hand(column, source) or known.get(column.value)
            if cell is None and column.value != SEQUENCE:
                lacking = say("{source}没有“{value}”这一项", source=say(source.name), value=column.value)
                self.refuse(f"columns.{n}", _of_column(n, column, lacking))
            kind = cell.kind if cell else Kind.INTEGER
            unit = cell.unit if cell else ""
            headings.append(Heading(column.name, column.value, kind, column.head, column.width, unit))
            cells.append(cell)
        return Plan(
            self.ledger, source, tuple(headings), tuple(cells), self._rule(source), self._sort(known, cells, headings)
        )

    def _rule(self, source: LedgerSource) -> Rule | None:
        if not self.ledger.rule.strip():
            return None
        if source.subject is None:
            self.refuse("rule", say("{source}的台账不能设条件", source=say(source.name)))
            return None
        try:
            return parse(self.ledger.rule, source.subject, self.words)
        except RuleError as refused:
            self.refuse("rule", say("条件第 {n} 个字起：{why}", n=refused.column, why=refused))
            return None

    def _sort(
        self, known: Mapping[str, Cell], cells: list[Cell | None], headings: list[Heading]
    ) -> tuple[tuple[Cell, bool], ...]:
        shown = {h.value: c for h, c in zip(headings, cells, strict=True) if c}
        found = []
        for word in self.ledger.sort:
            code = word.removeprefix("-")
            cell = known.get(code) or shown.get(code)
            if cell is None:
                self.refuse("sort", say("不能按“{code}”排序：没有这一项", code=code))
            else:
                found.append((cell, word.startswith("-")))
        return tuple(found)

    def _statistic(self, source: LedgerSource) -> Plan:
        figures: list[Figure | None] = []
        headings: list[Heading] = []
        for n, column in enumerate(c for c in self.ledger.columns if not c.value.startswith(seeds.ROW)):
            figure = None
            if column.value not in (SEQUENCE, "row_name"):
                try:
                    figure = read_figure(column, self.words)
                except (RuleError, BadFigure) as refused:
                    self.refuse(f"columns.{n}", _of_column(n, column, str(refused)))
            named = {"row_name": Kind.TEXT, SEQUENCE: Kind.INTEGER}
            kind = named.get(column.value) or (figure.kind if figure else Kind.INTEGER)
            headings.append(Heading(column.name, column.value, kind, column.head, column.width))
            figures.append(figure)
        groups: list[Group] = []
        for n, (name, text) in enumerate(seeds.rows_of(self.ledger) or [("", "")]):
            try:
                groups.append(read_group(name, text, figures, self.words))
            except RuleError as refused:
                self.refuse(f"rows.{n}", say("第 {n} 行“{name}”：{why}", n=n + 1, name=say(name), why=refused))
        return Plan(self.ledger, source, tuple(headings), figures=tuple(figures), groups=tuple(groups))


def _of_column(n: int, column: Column, why: str) -> str:
    return say("第 {n} 列“{name}”：{why}", n=n + 1, name=say(column.name), why=why)


def plan(ledger: Ledger, words: Vocabulary) -> Plan:
    """Check a ledger and say what each of its columns reads. Raises BadLedger with every problem found."""
    return _Checking(ledger, words).plan()
