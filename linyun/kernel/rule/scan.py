"""Cuts the text of a rule into words. It asks the parser what may come next and the vocabulary what is known there.

Chinese is written without spaces, so a word ends where the longest known word ends that leaves something sensible
behind it: ``年龄>=70且标签=独居`` needs no spaces, ``非公企业 = 是`` is an item and not the opposite of one.
"""

import re
from collections.abc import Collection, Iterator
from typing import Any

from linyun.kernel.declare import Subject
from linyun.kernel.rule.draft import Shape, Word
from linyun.kernel.rule.guess import unknown_name
from linyun.kernel.rule.lookup import Lookup
from linyun.kernel.rule.vocabulary import TAG_WORDS, Field, Vocabulary
from linyun.kernel.rule.words import (
    AFTER_VALUE,
    LONG_OPERATORS,
    OPERATORS,
    PATTERNS,
    QUANTITIES,
    TABLES,
    fold,
    meaning,
)

_QUOTES = {'"': '"', "'": "'", "“": "”", "‘": "’", "「": "」", "『": "』", "＂": "＂", "＇": "＇"}
_ASCII_NAME = re.compile(r"[a-z_][a-z0-9_.]*")
_END_OF_RUN = re.compile(r"[\s()<>=!≥≤≠≧≦:,、\"'“”‘’「」『』&|]|且|或")
_END_OF_NAME = re.compile(rf"{_END_OF_RUN.pattern}|{LONG_OPERATORS.pattern}")
_SPACE = re.compile(r"\s*")
_UNITS = {
    **dict.fromkeys(("天", "日", "day", "days"), "day"),
    **dict.fromkeys(("周", "星期", "个星期", "week", "weeks"), "week"),
    **dict.fromkeys(("月", "个月", "month", "months"), "month"),
    **dict.fromkeys(("年", "year", "years"), "year"),
}
_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
_WHOLE = "(?![a-z0-9_])"
"""The end of an English word. Chinese characters are letters to ``\\b``: it finds no end before 且."""
_PAST, _FUTURE = rf"之前|以前|前|ago{_WHOLE}", rf"之后|以后|后|from\s+now{_WHOLE}|later{_WHOLE}"
_LAST, _NEXT = rf"过去|最近|近|last{_WHOLE}|past{_WHOLE}", rf"未来|今后|next{_WHOLE}"
_DAY = re.compile(rf"(?P<n>[0-9]+)\s*(?P<unit>{_UNIT})\s*(?:(?P<past>{_PAST})|(?P<future>{_FUTURE}))")
_PERIOD = re.compile(
    rf"(?:(?P<past>{_LAST})|(?P<future>{_NEXT}))\s*(?P<n>[0-9]+)\s*(?P<unit>{_UNIT})(?:\s*(?:之内|以内|内))?"
)
_SPAN = re.compile(rf"[0-9]+\s*(?:{_UNIT})(?:\s*(?:之内|以内|内))?")
_NAMED_DAY = re.compile(r"今天|今日|昨天|明天|today|yesterday|tomorrow")
_NAMED_DAYS = {"今天": 0, "今日": 0, "today": 0, "昨天": -1, "yesterday": -1, "明天": 1, "tomorrow": 1}
_DATE = re.compile(r"(?a:\d{4}(?:-\d{1,2}-\d{1,2}|/\d{1,2}/\d{1,2}|\.\d{1,2}\.\d{1,2}|年\d{1,2}月\d{1,2}[日号]?))")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_COUNTERS = ("人", "户", "套", "个", "名", "位", "家", "处")
_ALSO = {"岁": ("周岁",), "元": ("块",)}
_KEYWORDS = tuple(TABLES)
_BEFORE_INNER = frozenset({"RELATION", "QUANTITY", "COUNT", "PREFIX", "PREFIX_COUNT", "_LPAR"})
_AT_START = ("NOT", "_LPAR", "PREFIX", "PREFIX_COUNT")


class Unexpected(Exception):
    """A word stands where it may not. The parser, which knows what may, makes a refusal of it."""

    def __init__(self, word: Word) -> None:
        super().__init__(word.text)
        self.word = word


class Scanner:
    """Reads one text from left to right. ``next_word`` gives (terminal, word); the terminal ``$END`` ends it."""

    def __init__(self, text: str, subject: Subject, vocabulary: Vocabulary) -> None:
        self.text = text
        self.folded = fold(text)
        self.vocabulary = vocabulary
        self.pos = 0
        self.subjects = [subject]
        self.target: Subject | None = None  # of the relation whose inner condition may open now
        self.field: Field | None = None  # whose value may come next; None: a count, or a tag
        self.of_tags = False

    def next_word(self, choices: Collection[str]) -> tuple[str, Word]:
        """The next word, given the terminals that may stand here. Raises Unexpected when none of them does.

        Raises RuleError for a name that is unknown and for a quotation mark that is not closed.
        """
        self.pos = self._after_space(self.pos)
        if self.pos == len(self.text):
            return "$END", self._word(self.pos)
        if "VALUE" in choices or "PERIOD" in choices:
            found = self._value(choices)
            if found is not None:
                return self._take(*found)
        if "NAME" in choices or "RELATION" in choices:
            return self._take(*self._name(choices))
        return self._take(*self._keyword(choices))

    def _word(self, end: int, meant: str = "", shape: Shape = Shape.WORD) -> Word:
        return Word(self.text[self.pos : end], self.pos, end, meant, shape)

    def _after_space(self, pos: int) -> int:
        found = _SPACE.match(self.folded, pos)
        return found.end() if found else pos

    def _take(self, terminal: str, word: Word) -> tuple[str, Word]:
        """Move past a word and remember what it says about the words to come."""
        here = self.subjects[-1]
        if terminal not in _BEFORE_INNER:
            self.target = None
        if terminal == "NAME":
            self.of_tags = fold(word.text) in TAG_WORDS
            self.field = self.vocabulary.words(here).fields.only(word.text)
        elif terminal == "RELATION":
            relation = self.vocabulary.words(here).relations.only(word.text)
            self.target = relation.target if relation else here
            self.field, self.of_tags = None, False
        elif terminal == "_LPAR":
            self.subjects.append(self.target or here)
            self.target = None
        elif terminal == "_RPAR" and len(self.subjects) > 1:
            self.subjects.pop()
            self.field, self.of_tags = None, False
        self.pos = word.end
        return terminal, word

    # Names

    def _name(self, choices: Collection[str]) -> tuple[str, Word]:
        """A name, or one of the few words that may stand where a condition begins."""
        options = sorted(self._name_options(choices), key=lambda found: -found[1].end)
        for terminal, word in options:
            if terminal in _AT_START or self._is_followed(terminal, word.end, choices):
                return terminal, word
        ascii_name = _ASCII_NAME.match(self.folded, self.pos)
        run_end = max(self._end_of_run(_END_OF_NAME), ascii_name.end() if ascii_name else 0)
        if options and options[0][1].end >= run_end:
            return options[0]
        if run_end == self.pos:
            raise Unexpected(self._word(self.pos + 1))
        joined = self._longest_keyword(("_AND", "_OR"))
        if joined:
            raise Unexpected(joined[1])
        raise unknown_name(self._word(run_end), self.subjects[-1], self.vocabulary, "NAME" not in choices)

    def _name_options(self, choices: Collection[str]) -> Iterator[tuple[str, Word]]:
        words = self.vocabulary.words(self.subjects[-1])
        for terminal, table in (("NAME", words.fields), ("RELATION", words.relations), ("NEVER", words.never)):
            if terminal in choices:
                for length in table.lengths_at(self.folded, self.pos):
                    yield terminal, self._word(self.pos + length)
        for tag_word in TAG_WORDS:
            if "NAME" in choices and self.folded.startswith(tag_word, self.pos):
                yield "NAME", self._word(self.pos + len(tag_word))
        for terminal in _AT_START:
            found = PATTERNS[terminal].match(self.folded, self.pos) if terminal in choices else None
            if found:
                yield terminal, self._word(found.end(), meaning(terminal, found.group()))

    def _is_followed(self, terminal: str, end: int, choices: Collection[str]) -> bool:
        """Whether what stands behind a name fits it: an operator, a quantity, or the end of a condition."""
        after = self._after_space(end)
        if terminal == "NAME":
            return bool(OPERATORS.match(self.folded, after) or _PERIOD.match(self.folded, after))
        if terminal == "RELATION" and "NAME" in choices:
            return bool(QUANTITIES.match(self.folded, after))
        return after > end or after == len(self.text) or bool(_END_OF_RUN.match(self.folded, after))

    def _end_of_run(self, stop: re.Pattern[str]) -> int:
        found = stop.search(self.folded, self.pos)
        return found.start() if found else len(self.text)

    # Fixed words

    def _keyword(self, choices: Collection[str]) -> tuple[str, Word]:
        allowed = self._longest_keyword([t for t in _KEYWORDS if t in choices])
        if allowed:
            return allowed
        other = self._longest_keyword(_KEYWORDS)
        run_end = max(self._end_of_run(_END_OF_RUN), self.pos + 1)
        word = other[1] if other else self._word(run_end)
        raise Unexpected(word)

    def _longest_keyword(self, terminals: Collection[str]) -> tuple[str, Word] | None:
        best: tuple[str, Word] | None = None
        for terminal in terminals:
            found = PATTERNS[terminal].match(self.folded, self.pos)
            if not found or (terminal == "STATE" and not self._ends_value(found.end())):
                continue
            if best is None or found.end() > best[1].end:
                best = terminal, self._word(found.end(), meaning(terminal, found.group()))
        return best

    # Values

    def _value(self, choices: Collection[str]) -> tuple[str, Word] | None:
        """A value or a period; None when something else stands here that may: a bracket, an operator."""
        period = _PERIOD.match(self.folded, self.pos) if "PERIOD" in choices else None
        if period and self._ends_value(period.end()):
            return "PERIOD", self._word(period.end(), _distance(period), Shape.PERIOD)
        if "VALUE" not in choices or (self.folded[self.pos] == "(" and "_LPAR" in choices):
            return None
        if self.text[self.pos] in _QUOTES:
            return "VALUE", self._string()
        known = self._known_value()
        word = known or self._written_value() or self._word(self._end_of_run(_END_OF_RUN))
        if word.end == self.pos:
            raise Unexpected(self._word(self.pos + 1))
        return "VALUE", word

    def _ends_value(self, end: int) -> bool:
        after = self._after_space(end)
        return after > end or after == len(self.text) or bool(AFTER_VALUE.match(self.folded, after))

    def _known_value(self) -> Word | None:
        """The longest code or tag that stands here and ends sensibly."""
        table: Lookup[Any]
        if self.of_tags:
            table = self.vocabulary.words(self.subjects[-1]).tags
        elif self.field and self.field.code_set:
            table = self.vocabulary.codes(self.field.code_set)
        else:
            return None
        ends = (self.pos + length for length in table.lengths_at(self.folded, self.pos))
        end = next((e for e in ends if self._ends_value(e)), None)
        return self._word(end) if end else None

    def _written_value(self) -> Word | None:
        """A date, a relative day or a number, whatever the field; the check says whether it fits."""
        if date := _DATE.match(self.folded, self.pos):
            return self._word(date.end(), shape=Shape.DATE) if self._ends_value(date.end()) else None
        if named := _NAMED_DAY.match(self.folded, self.pos):
            meant = f"{_NAMED_DAYS[named.group()]} day"
            return self._word(named.end(), meant, Shape.NAMED_DAY) if self._ends_value(named.end()) else None
        if number := _NUMBER.match(self.folded, self.pos):
            end = number.end()
            after = self._after_space(end)
            for unit in self._units():
                if self.folded.startswith(unit, after) and self._ends_value(after + len(unit)):
                    return self._word(after + len(unit), number.group(), Shape.NUMBER)
            if self._ends_value(end) and not _DAY.match(self.folded, self.pos):
                return self._word(end, number.group(), Shape.NUMBER)
        if day := _DAY.match(self.folded, self.pos):
            return self._word(day.end(), _distance(day), Shape.DAY) if self._ends_value(day.end()) else None
        if span := _SPAN.match(self.folded, self.pos):
            return self._word(span.end(), shape=Shape.SPAN) if self._ends_value(span.end()) else None
        return None

    def _units(self) -> tuple[str, ...]:
        """The words that may follow a number here: those of a count, or the unit of the field as one says it."""
        if self.field is None:
            return _COUNTERS
        unit = fold(self.field.unit)
        return (unit, *_ALSO.get(unit, ())) if unit else ()

    def _string(self) -> Word:
        """A quoted text; a backslash before a quote or a backslash stands for that character alone."""
        close = _QUOTES[self.text[self.pos]]
        chars: list[str] = []
        at = self.pos + 1
        while at < len(self.text) and self.text[at] != close:
            if self.text[at] == "\\" and self.text[at + 1 : at + 2] in ("\\", close):
                at += 1
            chars.append(self.text[at])
            at += 1
        word = Word(self.text[self.pos : at + 1], self.pos, min(at + 1, len(self.text)), "".join(chars), Shape.STRING)
        if at >= len(self.text):
            word.refuse(f"引号没有合上，请在末尾加 {close} 。", "The quotation mark is not closed.", (close,))
        return word


def _distance(found: re.Match[str]) -> str:
    sign = "-" if found.group("past") else ""
    return f"{sign}{int(found.group('n'))} {_UNITS[found.group('unit')]}"
