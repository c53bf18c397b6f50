"""Figures of statistics, ready to be counted. How they are written: kernel.seeds.figure_of and rows_of.

``rule:条件`` counts people; ``rule.household:…`` other subjects; an empty condition counts all. ``share:A / B`` is the
percentage of A among B; ``sum.dwelling.floor_area:条件`` adds an item up; ``entry.x`` is a figure kept by hand.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from linyun.hub.ledgers.cells import BY_HAND
from linyun.kernel import seeds
from linyun.kernel.declare import Column, DeclarationError, Kind, Subject
from linyun.kernel.rule import Rule, Vocabulary, parse
from linyun.kernel.words import say

HAND = "entry"
_ADDABLE = (Kind.INTEGER, Kind.DECIMAL)


class BadFigure(ValueError):
    """A column of a statistic that names no figure."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. ``measure``: rule (a count), sum, share or entry (kept by hand).

    ``rule`` None means all of the subject; ``of`` is the whole of a share; ``code`` the item summed or the hand's cell.
    """

    measure: str
    subject: Subject = Subject.PERSON
    rule: Rule | None = None
    of: Rule | None = None
    code: str = ""

    @property
    def kind(self) -> Kind:
        """How the figure is shown."""
        return Kind.INTEGER if self.measure == "rule" else Kind.DECIMAL


@dataclass(frozen=True, slots=True)
class Group:
    """One row of a statistic: those who fulfil ``rule`` (None: all)."""

    name: str
    rule: Rule | None


def _rule(text: str, subject: Subject, words: Vocabulary) -> Rule | None:
    return parse(text, subject, words) if text.strip() else None


def read_figure(column: Column, words: Vocabulary) -> Figure:
    """The figure a column names. Raises RuleError for a bad condition, BadFigure for anything else."""
    if column.value.startswith(BY_HAND):
        return Figure(HAND, code=column.value.removeprefix(BY_HAND))
    try:
        told = seeds.figure_of(column.value)
    except DeclarationError as error:
        raise BadFigure(say("看不懂“{value}”", value=column.value)) from error
    if told is None:
        raise BadFigure(say("看不懂“{value}”，统计列请写成“rule:条件”", value=column.value))
    if told.measure == "sum":
        field = words.fields.get((told.subject, told.item))
        if field is None or field.kind not in _ADDABLE:
            raise BadFigure(say("“{item}”不能相加", item=told.item))
    rule, of = _rule(told.rule, told.subject, words), _rule(told.of, told.subject, words)
    return Figure(told.measure, told.subject, rule, of, told.item)


def read_group(name: str, text: str, figures: Sequence[Figure | None], words: Vocabulary) -> Group:
    """A row of a statistic; its condition speaks of the one subject that the figures count. Raises RuleError."""
    subject = next((f.subject for f in figures if f and f.measure != HAND), Subject.PERSON)
    return Group(name, _rule(text, subject, words))
