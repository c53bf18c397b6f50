"""The rule: a checked condition about a subject, and what one may ask of it. Made by ``parse``, ``rule_from_json``."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from linyun.kernel.declare import Level, Subject
from linyun.kernel.rule import jsonform, say, text
from linyun.kernel.rule.check import Seen, check
from linyun.kernel.rule.draft import MAX_CONDITIONS, MAX_DEPTH, MAX_TEXT, Draft, Word, too_deep, too_long, too_many
from linyun.kernel.rule.errors import RuleError
from linyun.kernel.rule.expand import tag_condition, tags_meant, weigh
from linyun.kernel.rule.forbidden import refuse_ranking
from linyun.kernel.rule.parse import draft_of
from linyun.kernel.rule.syntax import FIELD_TESTS, Condition, HasBranch, HasTag, Related, TagTest, children, depth, size
from linyun.kernel.rule.vocabulary import Vocabulary
from linyun.kernel.words import Lang, english


@dataclass(frozen=True, slots=True)
class Use:
    """Something a rule reads: ``what`` is item, term, tag or relation."""

    subject: Subject
    what: str
    code: str


@dataclass(frozen=True)
class Rule:
    """A condition about a subject, checked against a vocabulary. Equal when subject and condition are."""

    subject: Subject
    where: Condition
    vocabulary: Vocabulary = field(compare=False, repr=False)

    def text(self, lang: Lang = "zh") -> str:
        """The canonical text: Chinese with names, English with codes. It parses to this same rule."""
        return text.to_text(self.where, self.subject, self.vocabulary, lang)

    def say(self, lang: Lang = "zh", today: date | None = None) -> str:
        """The rule in words, with what becomes of those for whom something is not known.

        With ``today`` days at a distance are told as calendar days too.
        """
        return say.say(self.where, self.subject, self.vocabulary, lang, today)

    def sentences(self, lang: Lang = "zh", today: date | None = None) -> list[str]:
        """What ``say`` says, sentence by sentence: the rule, then the notes."""
        return say.sentences(self.where, self.subject, self.vocabulary, lang, today)

    def to_json(self) -> dict[str, Any]:
        """The form the page's builder works on; ``rule_from_json`` reads it back."""
        return jsonform.to_json(self.where, self.subject, self.vocabulary)

    def items(self) -> frozenset[Use]:
        """Everything the rule reads, what its computed tags read included."""
        return self._uses

    @cached_property
    def _uses(self) -> frozenset[Use]:
        return frozenset(_uses(self.where, self.subject, self.vocabulary))

    def level(self) -> Level:
        """The highest sensitivity of what the rule reads; a rule that finds people is personal at least."""
        levels = [Level.PERSONAL] if self.subject in (Subject.PERSON, Subject.HOUSEHOLD) else [Level.INTERNAL]
        for use in self.items():
            if use.what == "tag":
                levels.append(self.vocabulary.tags[use.code].level)
            elif use.what != "relation":
                levels.append(self.vocabulary.field(use.subject, use.code).level)
        return max(levels)

    def check_ranking(self) -> None:
        """Raises RuleError when the rule may not be used to put people in an order (民族, illness)."""
        for use in sorted(self.items(), key=lambda u: (u.what, u.code)):
            name = _name(use, self.vocabulary)
            why = refuse_ranking(name) or refuse_ranking(use.code)
            if why:
                raise RuleError(f"“{name}”：{why}", message_en=f"{use.code}: {english(why)}")


def _name(use: Use, vocabulary: Vocabulary) -> str:
    match use.what:
        case "tag":
            return vocabulary.tags[use.code].name
        case "relation":
            return vocabulary.relation(use.subject, use.code).name
        case _:
            return vocabulary.field(use.subject, use.code).name


def _uses(condition: Condition, subject: Subject, vocabulary: Vocabulary) -> Iterator[Use]:
    inner = subject
    if isinstance(condition, FIELD_TESTS):
        found = vocabulary.field(subject, condition.field)
        yield Use(subject, "item" if found.is_item else "term", found.code)
    elif isinstance(condition, HasTag | HasBranch):
        for tag in tags_meant(condition, subject, vocabulary):
            yield Use(subject, "tag", tag.code)
            behind = tag_condition(tag, vocabulary)
            if behind is not None:
                yield from _uses(behind, subject, vocabulary)
    elif isinstance(condition, Related):
        yield Use(subject, "relation", condition.relation)
        inner = vocabulary.relation(subject, condition.relation).target
    for child in children(condition):
        yield from _uses(child, inner, vocabulary)


def parse(written: str, subject: Subject, vocabulary: Vocabulary) -> Rule:
    """The rule that a text means. Raises RuleError with the place, what was expected there, and the nearest word."""
    try:
        return _finish(draft_of(written, subject, vocabulary), subject, vocabulary)
    except RuleError as refusal:
        refusal.source = written
        raise


def rule_from_json(data: Mapping[str, Any], vocabulary: Vocabulary) -> Rule:
    """The rule that a JSON form means. Raises RuleError whose ``path`` is a JSON pointer to what does not fit."""
    subject, draft = jsonform.draft_from_json(data)
    return _finish(draft, subject, vocabulary)


def _finish(draft: Draft, subject: Subject, vocabulary: Vocabulary) -> Rule:
    """Check a draft and hold the rule to the limits: on the tree, on its tags written out, on its canonical texts."""
    seen: Seen = []
    condition = check(draft, subject, vocabulary, seen)
    if depth(condition) > MAX_DEPTH:
        raise too_deep()
    if size(condition) > MAX_CONDITIONS:
        raise too_many()
    first: dict[tuple[TagTest, Subject], Word] = {}
    for word, test, of in seen:
        first.setdefault((test, of), word)
    for (test, of), word in first.items():
        try:
            weigh(test, of, vocabulary)
        except RuleError as fault:
            raise RuleError(
                fault.message_zh, word.start, word.end, message_en=fault.message_en, path=word.path
            ) from fault
    weigh(condition, subject, vocabulary)
    rule = Rule(subject, condition, vocabulary)
    longest = max(len(rule.text("zh")), len(rule.text("en")))
    if longest > MAX_TEXT:
        raise too_long(longest)
    return rule
