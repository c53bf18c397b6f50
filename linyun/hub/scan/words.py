"""The words that the condition builder offers: items, terms, relations and the tags, with what fits behind each."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from linyun.hub.records.items import choices
from linyun.kernel.declare import Kind, Level, Relation, Subject
from linyun.kernel.rule import Vocabulary
from linyun.kernel.rule.syntax import Day, Quantity, Unit
from linyun.kernel.rule.text import day_text, quantity_word
from linyun.kernel.rule.vocabulary import Field
from linyun.kernel.words import lang, msgid, say

TAG = "标签"
WRITTEN = "写作"
"""The operator of a condition that has no form as a chip and stays written text."""
BLANK = frozenset({"为空", "不为空"})
"""Operators that take no value."""
COUNTS = (">=", "<=", "=")

_KNOWN = (("为空", "还不知道", "is not known"), ("不为空", "已知", "is known"))
_AMONG = (("属于", "是其中之一", "is one of"), ("不属于", "不是其中任何一个", "is none of"))
_RANGE = (("在", "在范围", "is between"), ("不在", "不在范围", "is not between"))
_NUMBER = (
    (">=", "不小于", "is at least"),
    ("<=", "不大于", "is at most"),
    ("=", "等于", "is"),
    (">", "大于", "is more than"),
    ("<", "小于", "is less than"),
    ("!=", "不等于", "is not"),
    *_RANGE,
    *_AMONG,
)
_DATE = (
    ("早于", "早于", "is before"),
    ("晚于", "晚于", "is after"),
    ("不早于", "不早于", "is on or after"),
    ("不晚于", "不晚于", "is on or before"),
    ("=", "是", "is"),
    ("!=", "不是", "is not"),
    *_RANGE,
    *_AMONG,
)
_ONE = (("=", "是", "is"), ("!=", "不是", "is not"), *_AMONG)
_CONTAINS = (("包含", "包含", "contains"), ("不包含", "不包含", "does not contain"))
OPERATORS: Mapping[Kind, Sequence[tuple[str, str, str]]] = {
    Kind.INTEGER: (*_NUMBER, *_KNOWN),
    Kind.DECIMAL: (*_NUMBER, *_KNOWN),
    Kind.DATE: (*_DATE, *_KNOWN),
    Kind.CODE: (*_ONE, *_KNOWN),
    Kind.CODES: (("有", "有", "has"), ("无", "没有", "does not have"), *_KNOWN),
    Kind.BOOLEAN: (("=", "是", "is"), *_KNOWN),
    Kind.TEXT: (*_CONTAINS, *_ONE, *_KNOWN),
    Kind.PHONE: (*_CONTAINS, *_KNOWN),
    Kind.AREA: (("属于", "在", "is in"), ("不属于", "不在", "is not in"), *_KNOWN),
    Kind.IDENTITY: _KNOWN,
}
"""What can be asked of a value of each kind: the word of the rule language and how the chip says it in each language."""
TAG_OPERATORS = (("=", "有", "has"), ("无", "没有", "does not have"))


@dataclass(frozen=True, slots=True)
class Word:
    """A word the builder offers. ``values`` are suggestions; ``hint`` shows how a value is written."""

    name: str
    group: str
    operators: Sequence[tuple[str, str]]
    values: Sequence[str] = ()
    unit: str = ""
    hint: str = ""


def relation_operators(target: Subject) -> list[tuple[str, str]]:
    """What can be asked of related subjects: some, none, all, or how many."""
    some, none, every, count = (
        quantity_word(q, target) for q in (Quantity.ANY, Quantity.NONE, Quantity.ALL, Quantity.COUNT)
    )
    said = {">=": ("不少于", "at least"), "<=": ("不超过", "at most"), "=": ("正好", "exactly")}
    counted = [(f"{count} {op}", f"{count}{said[op][0]}", said[op][1]) for op in COUNTS]
    return _worded(((some, some, "some"), (none, none, "none"), (every, every, "all"), *counted))


def _worded(operators: Sequence[tuple[str, str, str]]) -> list[tuple[str, str]]:
    return [(op, zh if lang() == "zh" else en) for op, zh, en in operators]


def operators_of(word: str, subject: Subject, vocabulary: Vocabulary) -> Sequence[tuple[str, str]]:
    """The operators that fit a word; empty for one that is not known."""
    if word == TAG:
        return _worded(TAG_OPERATORS)
    words = vocabulary.words(subject)
    field = words.fields.only(word)
    if field is not None:
        return _worded(OPERATORS[field.kind])
    relation = words.relations.only(word)
    return relation_operators(relation.target) if relation else ()


def every_operator(subject: Subject, vocabulary: Vocabulary) -> dict[str, str]:
    """All operators with their wording, for a form that does not yet know which word it is about."""
    found: dict[str, str] = {}
    for kind in (Kind.INTEGER, Kind.DATE, Kind.TEXT, Kind.CODES):
        for op, said in _worded(OPERATORS[kind]):
            found.setdefault(op, said)
    for relation in (r for (s, _code), r in vocabulary.relations.items() if s is subject):
        found |= {op: said for op, said in relation_operators(relation.target) if op not in found}
    return found | {WRITTEN: say("写作")}


def name_of(field: Field | Relation, subject: Subject, vocabulary: Vocabulary) -> str:
    """The name under which a word can be typed: its Chinese name where that is clear, else its code."""
    words = vocabulary.words(subject)
    if isinstance(field, Relation):
        clear = words.relations.is_clear(field.name, field) and field.name not in words.fields
    else:
        clear = words.fields.is_clear(field.name, field)
    return field.name if clear else field.code


_HINTS = {
    Kind.INTEGER: "70",
    Kind.DECIMAL: "3.5",
    Kind.AREA: "310110009016",
}


def _word(field: Field, group: str, vocabulary: Vocabulary, own: Sequence[str] = ()) -> Word:
    codes = field.code_set.codes if field.code_set and field.kind in (Kind.CODE, Kind.CODES) else ()
    values = [c.name for c in codes] or list(own)
    if field.kind is Kind.BOOLEAN:
        values = ["是", "否"] if lang() == "zh" else ["yes", "no"]
    if field.kind is Kind.DATE:
        days = (*(Day(-n) for n in (0, 7, 30, 60, 90)), Day(-1, Unit.YEAR))
        values = [day_text(day, lang()) for day in days]
    operators = _worded(OPERATORS[field.kind])
    if field.never[0] and lang() == "zh":
        operators = [(op, field.never[0] if op == "为空" else said) for op, said in operators]
    return Word(
        name_of(field, field.subject, vocabulary),
        group,
        operators,
        values,
        say(field.unit),
        f"{day_text(Day(-30), lang())} · 2026-01-01" if field.kind is Kind.DATE else _HINTS.get(field.kind, ""),
    )


def offered(subject: Subject, vocabulary: Vocabulary, groups: Mapping[str, str]) -> list[Word]:
    """All words about a subject: the tags, terms, relations, then items by group (``groups``: item code → group)."""
    tags = [tag for tag in vocabulary.tags.values() if tag.subject is subject]
    found = [Word(TAG, say("常用"), _worded(TAG_OPERATORS), [t.name for t in sorted(tags, key=lambda t: t.level)])]
    fields = [f for (s, _code), f in vocabulary.fields.items() if s is subject]
    found += [_word(f, say("常用"), vocabulary) for f in fields if not f.is_item]
    for (of, _code), relation in vocabulary.relations.items():
        if of is subject:
            name = name_of(relation, subject, vocabulary)
            hint = say("对他们的条件，如 年龄 < 6")
            found.append(Word(name, say("家人和住处"), relation_operators(relation.target), (), "", hint))
    own = choices(subject)
    items = [
        _word(f, say(groups.get(f.code) or msgid("其他")), vocabulary, own.get(f.code, ())) for f in fields if f.is_item
    ]
    return found + items


def names(subject: Subject, vocabulary: Vocabulary) -> Sequence[str]:
    """Only the names of what is offered, for the form's list of suggestions; found once for a vocabulary."""
    key = ("offered", subject)
    if key not in vocabulary.cache:
        fields = [f for (s, _code), f in vocabulary.fields.items() if s is subject]
        relations = [r for (s, _code), r in vocabulary.relations.items() if s is subject]
        terms, items = [f for f in fields if not f.is_item], [f for f in fields if f.is_item]
        words: list[Field | Relation] = [*terms, *relations, *items]
        found = [name_of(word, subject, vocabulary) for word in words]
        vocabulary.cache[key] = (TAG, *found)
    kept: Sequence[str] = vocabulary.cache[key]
    return kept


def as_json(words: Sequence[Word]) -> dict[str, Any]:
    """For the page's script: by name."""
    return {word.name: asdict(word) for word in words}


def is_closed(level: Level) -> bool:
    """Whether what is asked about is sensitive: who belongs to such a crowd is itself sensitive."""
    return level >= Level.SENSITIVE
