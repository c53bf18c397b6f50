"""A rule as written, before its words are looked up: built by the parser from text and by the reader of JSON."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NoReturn, TypeAlias

from linyun.kernel.rule.errors import RuleError

MAX_TEXT = 4_000
MAX_DEPTH = 20
MAX_CONDITIONS = 200
DRAFT_DEPTH = 2 * MAX_DEPTH
"""Deeper drafts are refused before anything recurses over them; the exact limit is on the tree."""


class Shape(StrEnum):
    """How a value was written; the kind of the field decides later what it may mean."""

    WORD = "word"
    STRING = "string"
    NUMBER = "number"
    DATE = "date"
    DAY = "day"  # 30天前: ``meaning`` holds "-30 day"
    NAMED_DAY = "named_day"  # 今天, 昨天
    SPAN = "span"  # 30天, without 前 or 后
    PERIOD = "period"  # 过去30天: ``meaning`` as for DAY


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the text with its place. ``meaning`` is its canonical sense where the table of words gives one."""

    text: str
    start: int
    end: int
    meaning: str = ""
    shape: Shape = Shape.WORD
    path: str = ""

    def __str__(self) -> str:
        return self.text

    def refuse(
        self, zh: str, en: str, expected: tuple[str, ...] = (), nearest: str = "", cause: Exception | None = None
    ) -> NoReturn:
        """Refuse the rule at this word."""
        raise RuleError(zh, self.start, self.end, expected, nearest, en, self.path) from cause


@dataclass(frozen=True, slots=True)
class DraftTest:
    """``name`` ``act`` ``operands``: 年龄 · >= · (70)."""

    name: Word
    act: Word
    operands: tuple[Word, ...] = ()
    depth: int = 1


@dataclass(frozen=True, slots=True)
class DraftRelated:
    """A relation, how many, the inner condition, and for counts the comparison."""

    relation: Word
    quantity: Word
    where: "Draft | None"
    act: Word | None = None
    operands: tuple[Word, ...] = ()
    depth: int = 1


@dataclass(frozen=True, slots=True)
class DraftNot:
    """The opposite of a part."""

    part: "Draft"
    depth: int = 1


@dataclass(frozen=True, slots=True)
class DraftJoin:
    """Parts joined by "and" or by "or"."""

    word: str
    parts: tuple["Draft", ...]
    depth: int = 1


Draft: TypeAlias = DraftTest | DraftRelated | DraftNot | DraftJoin


def deeper(*parts: "Draft | None") -> int:
    """The depth of a draft around these parts. Refuses what is nested beyond any use."""
    level = 1 + max((p.depth for p in parts if p is not None), default=0)
    if level > DRAFT_DEPTH:
        raise too_deep()
    return level


def too_deep() -> RuleError:
    """The refusal of a rule that is nested too deeply."""
    return RuleError(
        f"条件套得太深，最多 {MAX_DEPTH} 层，请拆成几个标签或几条规则。",
        message_en=f"Conditions are nested too deeply; at most {MAX_DEPTH} levels.",
    )


def too_many() -> RuleError:
    """The refusal of a rule with too many single conditions."""
    return RuleError(
        f"条件太多，最多 {MAX_CONDITIONS} 个，请拆成几个标签或几条规则。",
        message_en=f"Too many conditions; at most {MAX_CONDITIONS}.",
    )


def too_long(length: int) -> RuleError:
    """The refusal of a rule whose text, as written or in its canonical form, is too long."""
    return RuleError(
        f"规则太长，共 {length} 字，最多 {MAX_TEXT} 字，请拆成几个标签或几条规则。",
        message_en=f"The rule is {length} characters long; at most {MAX_TEXT}.",
    )
