"""The builder in the reader's language. A rule has its own words; who reads English is shown, and may type, English ones.

For a Chinese reader nothing is done here: the words of a rule are what such a reader says.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from linyun.hub.scan.builder import CONDITION, Builder, Row
from linyun.hub.scan.words import TAG, WRITTEN, Word, names
from linyun.kernel.declare import Subject, Tag
from linyun.kernel.rule import Vocabulary
from linyun.kernel.rule.vocabulary import Field
from linyun.kernel.words import lang, say

_SEVERAL = re.compile(r"[、;；]")


class Pairs:
    """English words with what they mean. Of two things that are called the same in English the second keeps its code."""

    def __init__(self, named: Iterable[tuple[str, str]]) -> None:
        self.said: dict[str, str] = {}
        self.meant: dict[str, str] = {}
        for code, name in named:
            english = say(name)
            if english.casefold() in self.meant:
                english = code
            self.said[code] = english
            self.meant.setdefault(english.casefold(), code)

    def meaning(self, text: str) -> str:
        """What a text means; itself when it is none of these words."""
        return self.meant.get(text.strip().casefold(), text)


@dataclass(frozen=True, slots=True)
class English:
    """The English words of a subject: ``words`` of the rule, ``tags`` by their codes."""

    words: Pairs
    tags: Pairs


def english_of(subject: Subject, vocabulary: Vocabulary) -> English:
    """Found once for a vocabulary."""
    key = ("english", subject)
    if key not in vocabulary.cache:
        tags = sorted((t for t in vocabulary.tags.values() if t.subject is subject), key=lambda t: t.code)
        words = ((name, name) for name in (*names(subject, vocabulary), CONDITION))
        vocabulary.cache[key] = English(Pairs(words), Pairs((tag.code, tag.name) for tag in tags))
    found: English = vocabulary.cache[key]
    return found


def shown(builder: Builder, subject: Subject, vocabulary: Vocabulary) -> Builder:
    """The rows as the reader sees them."""
    if lang() == "zh":
        return builder
    said = english_of(subject, vocabulary)
    rows = [
        replace(row, word=said.words.said.get(row.word, row.word), value=_value_shown(row, subject, vocabulary))
        for row in builder.rows
    ]
    return replace(builder, rows=tuple(rows))


def meant(builder: Builder, subject: Subject, vocabulary: Vocabulary) -> Builder:
    """The rows in words of the rule, from what the reader typed."""
    if lang() == "zh":
        return builder
    said = english_of(subject, vocabulary)
    rows = [replace(row, word=said.words.meaning(row.word)) for row in builder.rows]
    return replace(builder, rows=tuple(replace(row, value=_value_meant(row, subject, vocabulary)) for row in rows))


def offered_names(subject: Subject, vocabulary: Vocabulary) -> Sequence[str]:
    """The words that can be typed, as the reader calls them."""
    found = names(subject, vocabulary)
    if lang() == "zh":
        return found
    said = english_of(subject, vocabulary).words.said
    return [said[name] for name in found]


def worded(words: Sequence[Word], subject: Subject, vocabulary: Vocabulary) -> list[Word]:
    """What the builder offers, with names and values as the reader calls them."""
    if lang() == "zh":
        return list(words)
    said = english_of(subject, vocabulary)
    return [
        replace(
            word,
            name=said.words.said.get(word.name, word.name),
            values=[_value_shown(Row(word.name, "=", v), subject, vocabulary) for v in word.values],
        )
        for word in words
    ]


def _coded(word: str, subject: Subject, vocabulary: Vocabulary) -> Field | None:
    field = vocabulary.words(subject).fields.only(word)
    return field if field is not None and field.code_set else None


def _value_shown(row: Row, subject: Subject, vocabulary: Vocabulary) -> str:
    if row.op == WRITTEN:
        return row.value
    if row.word == TAG:
        tag = vocabulary.words(subject).tags.only(row.value)
        return english_of(subject, vocabulary).tags.said[tag.code] if isinstance(tag, Tag) else row.value
    field = _coded(row.word, subject, vocabulary)
    if field is None:
        return row.value
    codes, said = vocabulary.codes(field.code_set), _codes(field)
    parts = [row.value] if codes.only(row.value) else row.value.split("、")
    found = [(part, codes.only(part)) for part in parts]
    return "; ".join(said.said.get(code, part) if code else part for part, code in found)


def _value_meant(row: Row, subject: Subject, vocabulary: Vocabulary) -> str:
    if row.op == WRITTEN:
        return row.value
    if row.word == TAG:
        return english_of(subject, vocabulary).tags.meaning(row.value)
    field = _coded(row.word, subject, vocabulary)
    if field is None:
        return row.value
    said = _codes(field)
    return "、".join(said.meaning(part) for part in _SEVERAL.split(row.value))


def _codes(field: Field) -> Pairs:
    return Pairs((c.code, c.name) for c in field.code_set.codes) if field.code_set else Pairs(())
