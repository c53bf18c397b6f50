"""Conditions in English, by the codes of items and tags, which are the words of the rule's English text."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from linyun.kernel.declare import Subject
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
    Unknown,
    Value,
    Within,
)
from linyun.kernel.rule.text import day_text
from linyun.kernel.rule.vocabulary import Field, Vocabulary
from linyun.kernel.words import english

_CALENDAR = {
    Op.LT: "before",
    Op.GT: "after",
    Op.GE: "on or after",
    Op.LE: "on or before",
    Op.EQ: "on",
    Op.NE: "not on",
}
_AGO = {Op.LT: "more than", Op.LE: "at least", Op.GT: "less than", Op.GE: "at most"}
_ORDER = {
    Op.EQ: "is",
    Op.NE: "is not",
    Op.GE: "is at least",
    Op.LE: "is at most",
    Op.GT: "is more than",
    Op.LT: "is less than",
}
_UNITS = {"岁": " years", "元": " yuan", "平方米": " m²", "天": " days", "次": " times", "人": " people"}


def spoken(code: str) -> str:
    """A code as words."""
    return code.replace("_", " ").replace(".", " ")


@dataclass(frozen=True, slots=True)
class English:
    """Words conditions in English. ``today`` lets it tell days at a distance as calendar days too."""

    vocabulary: Vocabulary
    today: date | None = None

    def phrase(self, condition: Condition, subject: Subject) -> str:
        """One condition in words."""
        match condition:
            case And(parts):
                return "; and ".join(self._part(part, subject) for part in parts)
            case Or(parts):
                return "; or ".join(self._part(part, subject) for part in parts)
            case Not(part):
                return self._not(part, subject)
            case Related():
                return self._related(condition, subject)
            case HasTag(tag):
                return f"has the tag “{spoken(tag)}”"
            case HasBranch(path):
                return f"has some tag under “{'/'.join(path)}”"
            case _:
                return self._test(condition, self.vocabulary.field(subject, condition.field))

    def _part(self, part: Condition, subject: Subject) -> str:
        words = self.phrase(part, subject)
        return f"({words})" if isinstance(part, And | Or) else words

    def _not(self, part: Condition, subject: Subject) -> str:
        match part:
            case HasTag(tag):
                return f"does not have the tag “{spoken(tag)}”"
            case HasBranch(path):
                return f"has no tag under “{'/'.join(path)}”"
            case Unknown(code):
                return f"{spoken(code)} is known"
            case _:
                return f"it is not so that ({self.phrase(part, subject)})"

    def _test(self, test: FieldTest, field: Field) -> str:
        name = spoken(field.code)
        match test:
            case Compare(_, op, value):
                return f"{name} {self._compare(op, value)} {self._value(value, field)}{self._distance(op, value)}"
            case Between(_, low, high):
                return f"{name} is between {self._value(low, field)} and {self._value(high, field)}, both included"
            case OneOf(_, values):
                return f"{name} is {' or '.join(self._value(v, field) for v in values)}"
            case Within(_, areas):
                return f"{name} lies within {' or '.join(self.vocabulary.area_name(a) for a in areas)}"
            case Contains(_, text):
                return f"{name} contains “{text}”"
            case HasCode(_, code):
                return f"{name} has {self._value(code, field)}"
            case Unknown():
                return f"{name} is not known"

    def _compare(self, op: Op, value: Value) -> str:
        return f"is {_CALENDAR[op]}" if isinstance(value, date | Day) else _ORDER[op]

    def _distance(self, op: Op, day: Value) -> str:
        """The other way to say a day at a distance, and the calendar day where today is stated."""
        if not isinstance(day, Day):
            return ""
        told = [f"{_AGO[op]} {day_text(day, 'en')}"] if day.amount < 0 and op in _AGO else []
        if self.today:
            told.append(f"that is {day.on(self.today).isoformat()}")
        return f" ({', '.join(told)})" if told else ""

    def _value(self, value: Value, field: Field) -> str:
        match value:
            case bool():
                return "yes" if value else "no"
            case Day():
                return day_text(value, "en")
            case date():
                return value.isoformat()
            case int() | Decimal():
                number = format(value, "f") if isinstance(value, Decimal) else str(value)
                return number + _UNITS.get(field.unit, "")
            case _:
                return f"“{english(field.code_set.name_of(value)) if field.code_set else value}”"

    def _related(self, related: Related, subject: Subject) -> str:
        relation = self.vocabulary.relation(subject, related.relation)
        name = spoken(relation.code)
        where = f" for whom ({self.phrase(related.where, relation.target)})" if related.where else ""
        match related.quantity:
            case Quantity.ANY:
                return f"there is a {name}{where}"
            case Quantity.NONE:
                return f"there is no {name}{where}"
            case Quantity.ALL:
                return f"every {name} is one{where}, or there is no {name}"
            case Quantity.COUNT:
                return f"the number of {name}{where} {_ORDER[related.op or Op.EQ]} {related.number}"
