"""The condition builder: rows of (word, operator, value) as a form posts them, made into the text of the same rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Item, Kind, Level, Subject, Term

OPERATORS: dict[Kind, tuple[tuple[str, str], ...]] = {
    Kind.INTEGER: ((">=", "不小于"), ("<=", "不大于"), ("=", "等于")),
    Kind.DECIMAL: ((">=", "不小于"), ("<=", "不大于"), ("=", "等于")),
    Kind.DATE: (("早于", "早于"), ("晚于", "晚于"), ("为空", "还不知道")),
    Kind.CODE: (("=", "是"), ("!=", "不是"), ("为空", "还不知道")),
    Kind.CODES: (("=", "有"), ("!=", "没有"), ("为空", "还不知道")),
    Kind.BOOLEAN: (("=", "是"),),
    Kind.TEXT: (("包含", "包含"), ("为空", "还不知道"), ("不为空", "已知")),
    Kind.PHONE: (("为空", "还不知道"), ("不为空", "已知")),
}
MOST = 8


class Posted(Protocol):
    """What a form posts (Django's QueryDict)."""

    def getlist(self, key: str) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Word:
    """A word that the builder offers: its name, operators, and values to choose from where it has a code set."""

    code: str
    name: str
    group: str
    operators: Sequence[tuple[str, str]]
    options: Sequence[str]
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Builder:
    """Rows as posted; rows without a word or value are left out."""

    rows: Sequence[tuple[str, str, str]] = ()

    @classmethod
    def of(cls, posted: Posted) -> "Builder":
        """Read the form's three parallel lists."""
        rows = zip(posted.getlist("word"), posted.getlist("op"), posted.getlist("value"), strict=False)
        return cls([(w, o, v.strip()) for w, o, v in rows if w and (v.strip() or o.endswith("为空"))][:MOST])


def text_of(builder: Builder) -> str:
    """The rule's text. What is wrong in it, the parser says."""
    return " 且 ".join(f"{w} {o} {v}".strip() if not o.endswith("为空") else f"{w} {o}" for w, o, v in builder.rows)


def _word(entry: Item | Term, group: str) -> Word:
    codes = catalogue.code_sets.get(entry.code_set)
    options = [c.name for c in codes.codes] if codes else ["是", "否"] if entry.kind is Kind.BOOLEAN else []
    return Word(entry.code, entry.name, group, OPERATORS[entry.kind], options, entry.unit)


def conditions_of(subject: Subject = Subject.PERSON) -> Mapping[str, Sequence[Word]]:
    """The words offered, by group: terms first, tags, then items that are not sensitive."""
    groups: dict[str, list[Word]] = {"常用": []}
    for (s, _), term in catalogue.terms.items():
        if s is subject and term.kind in OPERATORS:
            groups["常用"].append(_word(term, "常用"))
    tags = [t.name for t in catalogue.tags.values() if t.subject is subject and t.level < Level.SENSITIVE]
    groups["常用"].append(Word("tag", "标签", "常用", (("=", "有"), ("!=", "没有")), tags))
    for item in catalogue.items_of(subject):
        if item.kind in OPERATORS and item.level < Level.SENSITIVE:
            groups.setdefault(item.group or "其他", []).append(_word(item, item.group))
    return groups
