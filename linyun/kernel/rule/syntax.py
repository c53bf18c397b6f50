"""The typed syntax tree of a rule: what every engine, form and explanation works on.

A node names fields, relations, tags and codes by their codes only; the subject is that of the place where the node
stands (the rule's own, or the target of the relation around it). Trees are built by ``check`` and by nobody else, so
a tree in hand is well typed. ``And`` and ``Or`` never directly hold their own kind: ``all_of`` and ``any_of`` flatten.
"""

import calendar
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias


class Op(StrEnum):
    """A comparison of two values. For dates ``LT`` is "earlier than"."""

    EQ = "="
    NE = "!="
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="


class Quantity(StrEnum):
    """How many of the related subjects must fulfil the inner condition."""

    ANY = "any"
    ALL = "all"
    NONE = "none"
    COUNT = "count"


class Unit(StrEnum):
    """The unit of a distance in time."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


FARTHEST = {Unit.DAY: 73_000, Unit.WEEK: 10_400, Unit.MONTH: 2_400, Unit.YEAR: 200}
"""The longest distance that can be written, by unit: 200 years, so that no calendar overflows."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day told by its distance from the stated day: negative before it, positive after it, 0 the day itself."""

    amount: int
    unit: Unit = Unit.DAY

    def on(self, today: date) -> date:
        """The calendar day. Month and year steps that miss a day of the month take the month's last day."""
        if self.unit is Unit.DAY:
            return today + timedelta(days=self.amount)
        if self.unit is Unit.WEEK:
            return today + timedelta(weeks=self.amount)
        months = self.amount * (12 if self.unit is Unit.YEAR else 1)
        year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
        return date(year, month + 1, min(today.day, calendar.monthrange(year, month + 1)[1]))


Value: TypeAlias = str | int | Decimal | date | Day
"""A value in a rule: text or code, whole number or truth, decimal, day, day relative to the stated one."""


@dataclass(frozen=True, slots=True)
class Compare:
    """The field's value stands in this relation to a value."""

    field: str
    op: Op
    value: Value


@dataclass(frozen=True, slots=True)
class Between:
    """The field's value lies between two values, both included."""

    field: str
    low: Value
    high: Value


@dataclass(frozen=True, slots=True)
class OneOf:
    """The field's value is one of two or more values."""

    field: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Within:
    """The field's area is, or lies within, one of these areas."""

    field: str
    areas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contains:
    """The field's text contains this text, character by character."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class HasCode:
    """The field, which holds several codes, holds this one."""

    field: str
    code: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing is known for the field. This test itself is never unknown."""

    field: str


@dataclass(frozen=True, slots=True)
class HasTag:
    """The subject carries this tag."""

    tag: str


@dataclass(frozen=True, slots=True)
class HasBranch:
    """The subject carries some tag under this path of the tag dictionary."""

    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Related:
    """Of the subjects reached by ``relation``, so many fulfil ``where`` (all of them count when it is None).

    With no related subject at all, ANY is false, NONE and ALL are true, COUNT is 0. ``op`` and ``number`` are set
    for COUNT and only there.
    """

    relation: str
    quantity: Quantity
    where: "Condition | None" = None
    op: Op | None = None
    number: int = 0


@dataclass(frozen=True, slots=True)
class Not:
    """True when the part is false, unknown when it is unknown."""

    part: "Condition"


@dataclass(frozen=True, slots=True)
class And:
    """All parts hold. Two parts at least, none of them an And."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Some part holds. Two parts at least, none of them an Or."""

    parts: tuple["Condition", ...]


FieldTest: TypeAlias = Compare | Between | OneOf | Within | Contains | HasCode | Unknown
TagTest: TypeAlias = HasTag | HasBranch
Leaf: TypeAlias = FieldTest | TagTest
Condition: TypeAlias = Leaf | Related | Not | And | Or

FIELD_TESTS = (Compare, Between, OneOf, Within, Contains, HasCode, Unknown)


def all_of(parts: Iterable[Condition]) -> Condition:
    """The conjunction of one or more conditions, flattened."""
    flat = tuple(p for part in parts for p in (part.parts if isinstance(part, And) else (part,)))
    return flat[0] if len(flat) == 1 else And(flat)


def any_of(parts: Iterable[Condition]) -> Condition:
    """The disjunction of one or more conditions, flattened."""
    flat = tuple(p for part in parts for p in (part.parts if isinstance(part, Or) else (part,)))
    return flat[0] if len(flat) == 1 else Or(flat)


def children(condition: Condition) -> tuple[Condition, ...]:
    """The conditions directly inside a condition."""
    match condition:
        case And(parts) | Or(parts):
            return parts
        case Not(part):
            return (part,)
        case Related(where=where) if where is not None:
            return (where,)
        case _:
            return ()


def walk(condition: Condition) -> Iterator[Condition]:
    """The condition and all conditions inside it, outermost first."""
    yield condition
    for child in children(condition):
        yield from walk(child)


def depth(condition: Condition) -> int:
    """Levels of nesting: 1 for a single test."""
    return 1 + max((depth(child) for child in children(condition)), default=0)


def size(condition: Condition) -> int:
    """How many single tests a condition holds; a test of how many are related counts as one."""
    own = 0 if isinstance(condition, And | Or | Not) else 1
    return own + sum(size(child) for child in children(condition))
