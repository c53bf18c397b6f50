"""A rule over a whole population at once, in bitmaps: the same people as ``evaluate`` finds one by one.

Of every condition two sets are asked for: for whom it is surely true, and for whom it is possibly so (true or not known).
Not, and a relation without or with all, turn one into the other; nothing has to know three values.
"""

from datetime import date

import numpy as np
from pyroaring import BitMap

from linyun.kernel.clock import years_before
from linyun.kernel.declare import Subject
from linyun.kernel.index.bits import Numbers, rows_of
from linyun.kernel.index.columns import Column, Test
from linyun.kernel.index.store import Population, Store
from linyun.kernel.rule.evaluate import OPERATORS
from linyun.kernel.rule.expand import tag_condition, tags_meant, weigh
from linyun.kernel.rule.rule import Rule
from linyun.kernel.rule.syntax import (
    And,
    Between,
    Compare,
    Condition,
    Day,
    FieldTest,
    HasBranch,
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
)
from linyun.kernel.rule.vocabulary import Field, Vocabulary


class NotIndexed(LookupError):
    """A rule asks for a field or a relation that the index does not hold: it is for the database."""


class Scan:
    """Rules over a store on a stated day. What was worked out once (a tag's rule, a test) is kept as long as the scan.

    ``scope``: the rows of each subject that may be seen; all when left out. Related subjects outside are not there, as
    under row-level security.
    """

    def __init__(
        self, store: Store, vocabulary: Vocabulary, today: date, scope: dict[Subject, BitMap] | None = None
    ) -> None:
        self.store, self.vocabulary, self.today, self.scope = store, vocabulary, today, scope or {}
        self._kept: dict[tuple[Condition, Subject, bool], BitMap] = {}

    def everybody(self, subject: Subject) -> BitMap:
        """The rows of a subject that may be seen."""
        found = self.scope.get(subject)
        return self._of(subject).rows if found is None else found

    def sure(self, rule: Rule) -> BitMap:
        """For whom a rule is true. Raises NotIndexed, RuleError when its tags lead in a circle or come to too much."""
        weigh(rule.where, rule.subject, self.vocabulary)
        return self._found(rule.where, rule.subject, sure=True) & self.everybody(rule.subject)

    def undecided(self, rule: Rule) -> BitMap:
        """For whom what is known does not decide. Raises as ``sure``."""
        weigh(rule.where, rule.subject, self.vocabulary)
        possible = self._found(rule.where, rule.subject, sure=False) & self.everybody(rule.subject)
        return possible - self.sure(rule)

    def _of(self, subject: Subject) -> Population:
        try:
            return self.store[subject]
        except KeyError:
            raise NotIndexed(subject) from None

    def _found(self, condition: Condition, subject: Subject, *, sure: bool) -> BitMap:
        """For whom a condition is surely, or possibly, true. Never to be changed: it may be a column's own bitmap."""
        key = (condition, subject, sure)
        if key not in self._kept:
            self._kept[key] = self._worked_out(condition, subject, sure)
        return self._kept[key]

    def _worked_out(self, condition: Condition, subject: Subject, sure: bool) -> BitMap:
        match condition:
            case And(parts):
                return BitMap.intersection(*self._fewest_first(parts, subject, sure))
            case Or(parts):
                return BitMap.union(*(self._found(part, subject, sure=sure) for part in parts))
            case Not(part):
                return self.everybody(subject) - self._found(part, subject, sure=not sure)
            case Related():
                return self._related(condition, subject, sure)
            case HasTag() | HasBranch():
                return self._tagged(condition, subject, sure)
            case _:
                return self._tested(condition, subject, sure)

    def _fewest_first(self, parts: tuple[Condition, ...], subject: Subject, sure: bool) -> list[BitMap]:
        return sorted((self._found(part, subject, sure=sure) for part in parts), key=len)

    # Fields

    def _tested(self, test: FieldTest, subject: Subject, sure: bool) -> BitMap:
        field = self.vocabulary.field(subject, test.field)
        column = self._column(field, subject)
        if isinstance(test, Unknown):
            return self.everybody(subject) - column.known
        found = self._since(test, column) if field.since else column.holding(self._dated(test))
        return found if sure else found | (self.everybody(subject) - column.known)

    def _column(self, field: Field, subject: Subject) -> Column:
        code = field.since.removeprefix("{s}.") or field.code
        try:
            return self._of(subject).columns[code]
        except KeyError:
            raise NotIndexed(code) from None

    def _dated(self, test: Test) -> Test:
        """The test with its days told by the calendar."""
        match test:
            case Compare(code, op, Day() as day):
                return Compare(code, op, day.on(self.today))
            case Between(code, low, high):
                return Between(code, self._day(low), self._day(high))
            case OneOf(code, values):
                return OneOf(code, tuple(map(self._day, values)))
            case _:
                return test

    def _day(self, value: Value) -> Value:
        return value.on(self.today) if isinstance(value, Day) else value

    def _since(self, test: Test, column: Column) -> BitMap:
        """A test of full years, made on the day from which they count."""
        match test:
            case Compare(_, Op.EQ, int(years)):
                return self._years(column, years, years)
            case Compare(_, Op.NE, int(years)):
                return column.known - self._years(column, years, years)
            case Compare(_, Op.GE | Op.GT as op, int(years)):
                return self._years(column, years + (op is Op.GT), None)
            case Compare(_, Op.LT | Op.LE as op, int(years)):
                return column.known - self._years(column, years + (op is Op.LE), None)
            case Between(_, int(low), int(high)):
                return self._years(column, low, high)
            case OneOf(_, values):
                return BitMap.union(*(self._years(column, int(v), int(v)) for v in values))  # type: ignore[arg-type]
            case _:
                raise TypeError(f"{type(test).__name__} is no test of years")

    def _years(self, column: Column, low: int, high: int | None) -> BitMap:
        began = column.holding(Compare("", Op.LE, years_before(self.today, low)))
        return began if high is None else began & column.holding(Compare("", Op.GT, years_before(self.today, high + 1)))

    # Tags

    def _tagged(self, test: TagTest, subject: Subject, sure: bool) -> BitMap:
        found = []
        for tag in tags_meant(test, subject, self.vocabulary):
            behind = tag_condition(tag, self.vocabulary)
            if behind is not None:
                found.append(self._found(behind, subject, sure=sure))
            elif tag.code in self._of(subject).marks:
                found.append(self._of(subject).marks[tag.code])
        return BitMap.union(*found) if found else BitMap()

    # Related subjects

    def _related(self, related: Related, subject: Subject, sure: bool) -> BitMap:
        target = self.vocabulary.relation(subject, related.relation).target
        others = self.everybody(target)
        match related.quantity:
            case Quantity.ANY:
                return self._leading(related, subject, self._inner(related, target, sure=sure))
            case Quantity.NONE:
                return self.everybody(subject) - self._leading(
                    related, subject, self._inner(related, target, sure=not sure)
                )
            case Quantity.ALL:
                return self.everybody(subject) - self._leading(
                    related, subject, others - self._inner(related, target, sure=sure)
                )
            case Quantity.COUNT:
                return self._counted(related, subject, target, sure)

    def _inner(self, related: Related, target: Subject, *, sure: bool) -> BitMap:
        if related.where is None:
            return self.everybody(target)
        return self._found(related.where, target, sure=sure) & self.everybody(target)

    def _leading(self, related: Related, subject: Subject, targets: BitMap) -> BitMap:
        try:
            return self._of(subject).edges[related.relation].leading_to(targets)
        except KeyError:
            raise NotIndexed(related.relation) from None

    def _counted(self, related: Related, subject: Subject, target: Subject, sure: bool) -> BitMap:
        """The count lies between that of the sure and that of the possible."""
        everybody = self.everybody(subject)
        try:
            edges = self._of(subject).edges[related.relation]
        except KeyError:
            raise NotIndexed(related.relation) from None
        rows = everybody.max() + 1 if everybody else 0
        least = edges.counted(self._inner(related, target, sure=True), rows)[:rows]
        most = least if related.where is None else edges.counted(self._inner(related, target, sure=False), rows)[:rows]
        held = _held(related.op or Op.EQ, related.number, least, most, sure)
        return rows_of(np.flatnonzero(held)) & everybody


def _held(op: Op, number: int, least: Numbers, most: Numbers, sure: bool) -> Numbers:
    """Where a count between ``least`` and ``most`` surely, or possibly, stands so to a number."""
    inside = (least <= number) & (number <= most)
    settled = (least == number) & (most == number)
    match op:
        case Op.EQ:
            return settled if sure else inside
        case Op.NE:
            return ~inside if sure else ~settled
        case Op.GE | Op.GT:
            compared: Numbers = OPERATORS[op](least if sure else most, number)
        case _:
            compared = OPERATORS[op](most if sure else least, number)
    return compared
