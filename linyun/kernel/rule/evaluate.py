"""One subject at a time, in plain Python: the meaning of a rule, against which every engine is tested.

``facts`` maps codes of items and terms to values (None or absent: not known), ``"tags"`` to the codes of the hand-set
tags that are valid, and codes of relations to lists of such mappings. Days may be dates or ISO text, decimals may be
numbers or text, several codes any collection. A relation or the tags left out altogether are unknown, not empty.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from operator import eq, ge, gt, le, lt, ne
from typing import Any, TypeAlias

from linyun.kernel.declare import Kind, Subject, Tag
from linyun.kernel.rule.expand import tag_condition, tags_meant
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
    Within,
)
from linyun.kernel.rule.vocabulary import Field, Vocabulary

Facts: TypeAlias = Mapping[str, Any]
Truth: TypeAlias = bool | None

OPERATORS = {Op.EQ: eq, Op.NE: ne, Op.LT: lt, Op.LE: le, Op.GT: gt, Op.GE: ge}


def evaluate(rule: Rule, facts: Facts, today: date) -> Truth:
    """Whether the rule holds for one subject on a day: True, False, or None when what is known does not decide it."""
    return Evaluator(rule.vocabulary, today).truth(rule.where, rule.subject, facts)


def every(truths: Iterable[Truth]) -> Truth:
    """Kleene's and: false if some is false, else unknown if some is unknown, else true."""
    found = set(truths)
    return False if False in found else None if None in found else True


def some(truths: Iterable[Truth]) -> Truth:
    """Kleene's or: true if some is true, else unknown if some is unknown, else false."""
    found = set(truths)
    return True if True in found else None if None in found else False


def opposite(truth: Truth) -> Truth:
    """Kleene's not."""
    return None if truth is None else not truth


def held(field: Field, facts: Facts) -> Any:
    """The value known for a field, in the type its kind is compared in; None when nothing is known."""
    value = facts.get(field.code)
    if value is None:
        return None
    match field.kind:
        case Kind.DATE:
            return date.fromisoformat(value) if isinstance(value, str) else value
        case Kind.DECIMAL:
            return Decimal(str(value))
        case Kind.INTEGER:
            return Decimal(value) if isinstance(value, str) else value
        case _:
            return value


class Evaluator:
    """Evaluates conditions against one vocabulary on one stated day."""

    def __init__(self, vocabulary: Vocabulary, today: date) -> None:
        self.vocabulary = vocabulary
        self.today = today

    def truth(self, condition: Condition, subject: Subject, facts: Facts) -> Truth:
        """Whether a condition holds for a subject with these facts."""
        match condition:
            case And(parts):
                return every(self.truth(part, subject, facts) for part in parts)
            case Or(parts):
                return some(self.truth(part, subject, facts) for part in parts)
            case Not(part):
                return opposite(self.truth(part, subject, facts))
            case Related():
                return self._related(condition, subject, facts)
            case HasTag() | HasBranch():
                return self._tagged(condition, subject, facts)
            case _:
                field = self.vocabulary.field(subject, condition.field)
                return self._test(condition, held(field, facts))

    def each(self, related: Related, subject: Subject, facts: Facts) -> list[Truth] | None:
        """For each related subject whether the inner condition holds; None when the relation was not given."""
        others: Collection[Facts] | None = facts.get(related.relation)
        if others is None:
            return None
        target = self.vocabulary.relation(subject, related.relation).target
        if related.where is None:
            return [True] * len(others)
        return [self.truth(related.where, target, other) for other in others]

    def _related(self, related: Related, subject: Subject, facts: Facts) -> Truth:
        truths = self.each(related, subject, facts)
        if truths is None:
            return None
        match related.quantity:
            case Quantity.ANY:
                return some(truths)
            case Quantity.NONE:
                return opposite(some(truths))
            case Quantity.ALL:
                return every(truths)
            case Quantity.COUNT:
                sure = truths.count(True)
                possible = sure + truths.count(None)
                return _counted(related.op or Op.EQ, sure, possible, related.number)

    def _tagged(self, test: TagTest, subject: Subject, facts: Facts) -> Truth:
        return some(self._tag(tag, facts) for tag in tags_meant(test, subject, self.vocabulary))

    def _tag(self, tag: Tag, facts: Facts) -> Truth:
        """A computed tag is what its rule says; a hand-set one is there or not: nobody claimed it is no claim."""
        behind = tag_condition(tag, self.vocabulary)
        if behind is not None:
            return self.truth(behind, tag.subject, facts)
        tags: Collection[str] | None = facts.get("tags")
        return None if tags is None else tag.code in tags

    def _test(self, test: FieldTest, value: Any) -> Truth:
        if isinstance(test, Unknown):
            return value is None
        if value is None:
            return None
        match test:
            case Compare(_, op, other):
                return bool(OPERATORS[op](value, self._day(other)))
            case Between(_, low, high):
                return bool(self._day(low) <= value <= self._day(high))
            case OneOf(_, values):
                return any(value == self._day(other) for other in values)
            case Within(_, areas):
                return any(value.startswith(area) for area in areas)
            case Contains(_, text):
                return text in value
            case HasCode(_, code):
                return code in value

    def _day(self, value: Any) -> Any:
        return value.on(self.today) if isinstance(value, Day) else value


def _counted(op: Op, sure: int, possible: int, number: int) -> Truth:
    """A comparison of a count that lies somewhere between ``sure`` and ``possible``."""
    match op:
        case Op.GE | Op.GT | Op.LE | Op.LT:
            ends = {bool(OPERATORS[op](sure, number)), bool(OPERATORS[op](possible, number))}
            return ends.pop() if len(ends) == 1 else None
        case Op.EQ:
            return (True if sure == possible else None) if sure <= number <= possible else False
        case Op.NE:
            return opposite(_counted(Op.EQ, sure, possible, number))
