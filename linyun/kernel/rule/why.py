"""Why a rule holds for one subject, or not, or cannot be told, and which items would decide it."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from linyun.kernel.declare import Subject
from linyun.kernel.rule.evaluate import Evaluator, Facts, Truth, held
from linyun.kernel.rule.expand import tag_condition, tags_meant
from linyun.kernel.rule.rule import Rule
from linyun.kernel.rule.say import phrase
from linyun.kernel.rule.syntax import (
    FIELD_TESTS,
    Condition,
    HasBranch,
    HasTag,
    Related,
    children,
)
from linyun.kernel.rule.vocabulary import Field
from linyun.kernel.words import Lang


@dataclass(frozen=True, slots=True)
class Need:
    """Something that is not known and bears on the answer.

    ``steps`` are the relations on the way to the subject it is about, empty for the rule's own. ``code`` is an item
    or term; ``"tags"``, or the code of a relation, when these were not given at all.
    """

    subject: Subject
    code: str
    name: str
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Why:
    """One part of a rule for one subject: its words, whether it holds, and the parts it is made of.

    ``value`` is what is held for the tested item. For related subjects ``counts`` are how many fulfil the inner
    condition, do not, and cannot be told.
    """

    words: str
    truth: Truth
    parts: tuple["Why", ...] = ()
    value: object = None
    counts: tuple[int, int, int] | None = None


def why(rule: Rule, facts: Facts, today: date, lang: Lang = "zh") -> Why:
    """The rule part by part for one subject; ``facts`` as for ``evaluate``. Computed tags show the rule behind them."""
    return _Explainer(rule, today, lang).why(rule.where, rule.subject, facts)


def needs(rule: Rule, facts: Facts, today: date) -> tuple[Need, ...]:
    """What is unknown and would, once known, bear on whether the rule holds; empty when that is already decided.

    This is the ground for asking only what must be asked.
    """
    found = _Explainer(rule, today, "zh").needs(rule.where, rule.subject, facts, ())
    return tuple(dict.fromkeys(found))


class _Explainer:
    def __init__(self, rule: Rule, today: date, lang: Lang) -> None:
        self.vocabulary = rule.vocabulary
        self.evaluator = Evaluator(rule.vocabulary, today)
        self.lang = lang

    def why(self, condition: Condition, subject: Subject, facts: Facts) -> Why:
        words = phrase(condition, subject, self.vocabulary, self.lang)
        truth = self.evaluator.truth(condition, subject, facts)
        if isinstance(condition, FIELD_TESTS):
            field = self.vocabulary.field(subject, condition.field)
            return Why(words, truth, value=held(field, facts))
        if isinstance(condition, Related):
            truths = self.evaluator.each(condition, subject, facts)
            found = Counter(truths or ())
            return Why(words, truth, counts=None if truths is None else (found[True], found[False], found[None]))
        if isinstance(condition, HasTag | HasBranch):
            behind = [tag_condition(tag, self.vocabulary) for tag in tags_meant(condition, subject, self.vocabulary)]
            return Why(words, truth, tuple(self.why(c, subject, facts) for c in behind if c is not None))
        return Why(words, truth, tuple(self.why(part, subject, facts) for part in children(condition)))

    def needs(self, condition: Condition, subject: Subject, facts: Facts, steps: tuple[str, ...]) -> list[Need]:
        """Only what is itself unknown can need anything: a part that is decided is passed over."""
        if self.evaluator.truth(condition, subject, facts) is not None:
            return []
        if isinstance(condition, FIELD_TESTS):
            return [_need(self.vocabulary.field(subject, condition.field), steps)]
        if isinstance(condition, Related):
            relation = self.vocabulary.relation(subject, condition.relation)
            others = facts.get(relation.code)
            if others is None or condition.where is None:
                return [Need(subject, relation.code, relation.name, steps)]
            further = (*steps, relation.code)
            return [n for other in others for n in self.needs(condition.where, relation.target, other, further)]
        if isinstance(condition, HasTag | HasBranch):
            return self._tag_needs(condition, subject, facts, steps)
        return [n for part in children(condition) for n in self.needs(part, subject, facts, steps)]

    def _tag_needs(
        self, test: HasTag | HasBranch, subject: Subject, facts: Facts, steps: tuple[str, ...]
    ) -> list[Need]:
        found: list[Need] = []
        for tag in tags_meant(test, subject, self.vocabulary):
            behind = tag_condition(tag, self.vocabulary)
            if behind is not None:
                found.extend(self.needs(behind, subject, facts, steps))
            elif facts.get("tags") is None:
                found.append(Need(subject, "tags", "标签" if self.lang == "zh" else "tags", steps))
        return found


def _need(field: Field, steps: tuple[str, ...]) -> Need:
    return Need(field.subject, field.code, field.name, steps)
