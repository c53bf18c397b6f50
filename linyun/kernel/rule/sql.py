"""A rule as one PostgreSQL expression: compiled wholly, or refused before it comes here.

Values never enter the text: they are psycopg parameters. Declared SQL (terms, relations) goes in as declared, so a
literal percent sign in it is written ``%%``.

An expression can be wanted in three senses. VALUE is three-valued: true, false, or NULL for unknown, and holds every
inner expression once, so that its length grows with the rule and not with a power of its depth. TRUE may give NULL
where VALUE gives false and the other way round, but is true for the same subjects; it uses ``exists`` where VALUE must
count, which lets the planner stop early or join. FALSE is true where VALUE is false. All three are tested against
``evaluate``.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from linyun.kernel.clock import years_before
from linyun.kernel.declare import Relation, Subject
from linyun.kernel.rule.expand import tag_condition, tags_meant, weigh
from linyun.kernel.rule.rule import Rule
from linyun.kernel.rule.syntax import (
    And,
    Between,
    Compare,
    Condition,
    Contains,
    Day,
    FieldTest,
    HasBranch,
    HasCode,
    HasTag,
    Not,
    OneOf,
    Op,
    Or,
    Quantity,
    Related,
    TagTest,
    Unknown,
    Value,
    Within,
)
from linyun.kernel.rule.vocabulary import Field, Vocabulary

_IDENTIFIER = re.compile(r"[a-z_][a-z0-9_]*\Z")
_INVERSE = {Op.EQ: Op.NE, Op.NE: Op.EQ, Op.LT: Op.GE, Op.GE: Op.LT, Op.GT: Op.LE, Op.LE: Op.GT}
_OPS = {op: "<>" if op is Op.NE else op.value for op in Op}


class Sense(Enum):
    """What is wanted of an expression: its three-valued truth, or only where it is true, or only where false."""

    VALUE = "value"
    TRUE = "true"
    FALSE = "false"


_OTHER = {Sense.VALUE: Sense.VALUE, Sense.TRUE: Sense.FALSE, Sense.FALSE: Sense.TRUE}


@dataclass(frozen=True, slots=True)
class Compiled:
    """An expression for psycopg and its parameters, all named with the prefix it was compiled with."""

    sql: str
    params: dict[str, object] = field(default_factory=dict)


_COLUMN = re.compile(r"\{s\}\.[a-z_]+\Z")


class Once:
    """What several rules read of one row, read once: for rules that are all asked of the same few rows.

    Not for a WHERE: what stands here is read for every row, whatever the rest of a condition says.
    """

    def __init__(self, alias: str, today: date) -> None:
        self.alias, self.today = alias, today
        self._names: dict[str, str] = {}

    def named(self, read: str) -> str:
        """The name of what is read by a declared expression over ``{s}`` and ``{today}``."""
        name = self._names.setdefault(read, f"r{len(self._names)}")
        return f"{self.alias}_once.{name}"

    @property
    def compiled(self) -> Compiled:
        """The join that makes the names known, to stand behind the table; empty when nothing was read."""
        if not self._names:
            return Compiled("")
        reads = ", ".join(
            f"{read.replace('{s}', self.alias).replace('{today}', '%(once_today)s::date')} as {name}"
            for read, name in self._names.items()
        )
        # OFFSET 0 keeps the planner from writing each expression back to wherever its name stands.
        return Compiled(f"cross join lateral (select {reads} offset 0) {self.alias}_once", {"once_today": self.today})


def compile_sql(
    rule: Rule,
    alias: str,
    today: date,
    vocabulary: Vocabulary | None = None,
    *,
    prefix: str = "p",
    sense: Sense = Sense.VALUE,
    once: Once | None = None,
) -> Compiled:
    """The rule as an expression over the row ``alias`` of its subject's table, on a stated day.

    ``vocabulary``: the rule's own when left out. ``prefix`` begins the names of all parameters and inner aliases, so
    that several rules fit in one query. For a WHERE clause ask for ``Sense.TRUE``. With ``once`` what the rules read
    of the row is left to it. Raises RuleError when tags lead in a circle or come to too much; ValueError when alias or
    prefix is no plain identifier.
    """
    for name in (alias, prefix):
        if not _IDENTIFIER.match(name):
            raise ValueError(f"{name!r} is no plain identifier")
    words = vocabulary or rule.vocabulary
    weigh(rule.where, rule.subject, words)
    compiler = _Compiler(words, today, prefix, once)
    return Compiled(compiler.expression(rule.where, rule.subject, alias, sense), compiler.params)


class _Compiler:
    def __init__(self, vocabulary: Vocabulary, today: date, prefix: str, once: Once | None = None) -> None:
        self.vocabulary = vocabulary
        self.today = today
        self.prefix = prefix
        self.once = once
        self.params: dict[str, object] = {}
        self.aliases = 0

    def expression(self, condition: Condition, subject: Subject, alias: str, sense: Sense) -> str:
        match condition:
            case And(parts) | Or(parts):
                is_and = isinstance(condition, And) is not (sense is Sense.FALSE)
                inner = [self.expression(part, subject, alias, sense) for part in parts]
                return "(" + (" and " if is_and else " or ").join(inner) + ")"
            case Not(part):
                inner_sql = self.expression(part, subject, alias, _OTHER[sense])
                return f"(not {inner_sql})" if sense is Sense.VALUE else inner_sql
            case Related():
                return self._related(condition, subject, alias, sense)
            case HasTag() | HasBranch():
                return self._tagged(condition, subject, alias, sense)
            case _:
                sql = self._test(condition, self.vocabulary.field(subject, condition.field), alias)
                return f"(not {sql})" if sense is Sense.FALSE else sql

    def _bind(self, value: object) -> str:
        name = f"{self.prefix}{len(self.params)}"
        self.params[name] = value
        return f"%({name})s"

    def _stated_day(self) -> str:
        name = f"{self.prefix}_today"
        self.params[name] = self.today
        return f"%({name})s::date"

    def _value(self, value: Value) -> str:
        return self._bind(self._plain(value))

    def _plain(self, value: Value) -> object:
        return value.on(self.today) if isinstance(value, Day) else value

    def fill(self, template: str, subject_alias: str, target_alias: str = "") -> str:
        filled = template.replace("{s}", subject_alias).replace("{t}", target_alias)
        return filled.replace("{today}", self._stated_day()) if "{today}" in filled else filled

    def _test(self, test: FieldTest, tested: Field, alias: str) -> str:
        if tested.since and (dated := self._on_dates(test, self._read(tested.since, alias))):
            return dated
        read = self._read(tested.read, alias)
        match test:
            case Compare(_, op, bool(value)):
                # Bare, so that the planner can join an "exists" that stands behind the word.
                return f"({read})" if value is (op is Op.EQ) else f"(not {read})"
            case Compare(_, op, value):
                return f"({read} {_OPS[op]} {self._value(value)})"
            case Between(_, low, high):
                return f"({read} between {self._value(low)} and {self._value(high)})"
            case OneOf(_, values):
                return f"({read} = any({self._bind([self._plain(v) for v in values])}))"
            case Within(_, areas):
                return "(" + " or ".join(self._within(read, area) for area in areas) + ")"
            case Contains(_, text):
                return f"(strpos({read}, {self._bind(text)}) > 0)"
            case HasCode(_, code):
                return f"jsonb_exists({read}, {self._bind(code)})"
            case Unknown():
                return f"({read} is null)"

    def _on_dates(self, test: FieldTest, since: str) -> str:
        """A comparison of full years made on the date they count from, which statistics and indexes know and which costs
        a row nothing to reckon; empty for other tests.
        """
        match test:
            case Compare(_, Op.GE | Op.LT as op, int(low)):
                high = None
            case Compare(_, Op.GT | Op.LE as op, int(low)):
                low, high = low + 1, None
            case Compare(_, op, int(low)):
                high = low + 1
            case Between(_, int(low), int(high)):
                op, high = Op.EQ, high + 1
            case _:
                return ""
        began, *ended = (self._bind(years_before(self.today, n)) for n in (low, high) if n is not None)
        within = f"{since} <= {began}" + "".join(f" and {since} > {end}" for end in ended)
        return f"(not ({within}))" if op in (Op.LT, Op.LE, Op.NE) else f"({within})"

    def _read(self, declared: str, alias: str) -> str:
        if self.once and alias == self.once.alias and not _COLUMN.match(declared):
            return self.once.named(declared)
        return self.fill(declared, alias)

    def _within(self, read: str, area: str) -> str:
        """Codes that begin with a code: a range, so that an index serves. ``:`` comes right after the digits."""
        low, high = self._bind(area), self._bind(area + ":")
        return f'({read} collate "C" >= {low} and {read} collate "C" < {high})'

    # Tags

    def _tagged(self, test: TagTest, subject: Subject, alias: str, sense: Sense) -> str:
        marks: list[str] = []
        parts: list[str] = []
        for tag in tags_meant(test, subject, self.vocabulary):
            behind = tag_condition(tag, self.vocabulary)
            if behind is None:
                marks.append(tag.code)
            else:
                parts.append(self.expression(behind, subject, alias, sense))
        if marks:
            sql = self.fill(self.vocabulary.mark_sql, alias).replace("{tags}", self._bind(marks))
            parts.insert(0, f"(not {sql})" if sense is Sense.FALSE else f"({sql})")
        if not parts:
            return "true" if sense is Sense.FALSE else "false"
        return "(" + (" and " if sense is Sense.FALSE else " or ").join(parts) + ")"

    # Related subjects

    def _related(self, related: Related, subject: Subject, alias: str, sense: Sense) -> str:
        quantity, op, number = related.quantity, related.op or Op.EQ, related.number
        relation = self.vocabulary.relation(subject, related.relation)
        rows = _Rows(self, relation, related.where, alias)
        if quantity is Quantity.NONE:
            sql = self._any(rows, _OTHER[sense])
            return f"(not {sql})" if sense is Sense.VALUE else sql
        if quantity is Quantity.ANY:
            return self._any(rows, sense)
        if quantity is Quantity.ALL:
            return self._all(rows, sense)
        return self._count(rows, _INVERSE[op] if sense is Sense.FALSE else op, number, sense)

    def _any(self, rows: "_Rows", sense: Sense) -> str:
        if sense is Sense.TRUE or rows.where is None:
            return f"({'not ' if sense is Sense.FALSE else ''}exists {rows.sure()})"
        if sense is Sense.FALSE:
            return f"(not exists {rows.possible()})"
        return rows.summed("case when bool_or(x) then true when bool_or(x is null) then null else false end")

    def _all(self, rows: "_Rows", sense: Sense) -> str:
        if sense is Sense.TRUE:
            return f"(not exists {rows.not_sure()})"
        if sense is Sense.FALSE:
            return f"(exists {rows.refuted()})"
        return rows.summed("case when not bool_and(x) then false when bool_or(x is null) then null else true end")

    def _count(self, rows: "_Rows", op: Op, number: int, sense: Sense) -> str:
        """A count lies between the sure (x) and the possible (x is not false); both ends decide, or it is unknown."""
        n = self._bind(number)
        sql_op, is_low = _OPS[op], op in (Op.GE, Op.GT)
        if rows.where is None:
            return f"({rows.sure('count(*)')} {sql_op} {n})"
        if op in (Op.EQ, Op.NE):
            sure, possible = "count(*) filter (where x)", "count(*) filter (where x is not false)"
            same, apart = ("true", "false") if op is Op.EQ else ("false", "true")
            return rows.summed(
                f"case when {sure} > {n} or {possible} < {n} then {apart}"
                f" when {sure} = {possible} then {same} else null end"
            )
        if sense is not Sense.VALUE:
            counted = rows.sure("count(*)") if is_low else rows.possible("count(*)")
            return f"({counted} {sql_op} {n})"
        sure, possible = "count(*) filter (where x)", "count(*) filter (where x is not false)"
        first, second = (sure, possible) if is_low else (possible, sure)
        return rows.summed(
            f"case when {first} {sql_op} {n} then true when not ({second} {sql_op} {n}) then false else null end"
        )


class _Rows:
    """The related rows with the inner condition over them, in the forms in which they are asked for."""

    def __init__(self, compiler: _Compiler, relation: Relation, where: Condition | None, alias: str) -> None:
        compiler.aliases += 1
        self.target = f"{compiler.prefix}_t{compiler.aliases}"
        self.where = where
        # The declared tail stands in a query of its own: an "or" in its where cannot reach beyond it.
        tail = compiler.fill(relation.sql, alias, self.target)
        self.rows = f"(select {self.target}.* from {tail}) {self.target}"  # noqa: S608 -- declared SQL
        self.inner: Callable[[Sense], str] = lambda sense: (
            compiler.expression(where, relation.target, self.target, sense) if where else "true"
        )

    def _select(self, what: str, condition: str) -> str:
        return f"(select {what} from {self.rows} where {condition})"  # noqa: S608 -- values are parameters

    def sure(self, what: str = "1") -> str:
        """Those for whom the inner condition is true."""
        return self._select(what, self.inner(Sense.TRUE))

    def not_sure(self, what: str = "1") -> str:
        """Those for whom it is false or unknown."""
        return self._select(what, f"({self.inner(Sense.TRUE)}) is not true")

    def possible(self, what: str = "1") -> str:
        """Those for whom it is true or unknown."""
        return self._select(what, f"({self.inner(Sense.FALSE)}) is not true")

    def refuted(self, what: str = "1") -> str:
        """Those for whom it is false."""
        return self._select(what, self.inner(Sense.FALSE))

    def summed(self, what: str) -> str:
        """One value over all of them; ``x`` is the three-valued truth of the inner condition."""
        each = f"select {self.inner(Sense.VALUE)} as x from {self.rows}"  # noqa: S608 -- values are parameters
        return f"(select {what} from ({each}) {self.target}_all)"  # noqa: S608 -- values are parameters
