"""The words that the condition builder offers: items, terms, relations and the tags, with what fits behind each."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

from linyun.hub.records.items import choices
from linyun.kernel.declare import Kind, Level, Relation, Subject
from linyun.kernel.rule import Vocabulary
from linyun.kernel.rule.syntax import Quantity
from linyun.kernel.rule.text import quantity_word
from linyun.kernel.rule.vocabulary import Field

TAG = "标签"
WRITTEN = "写作"
"""The operator of a condition that has no form as a chip and stays written text."""
BLANK = frozenset({"为空", "不为空"})
"""Operators that take no value."""
COUNTS = (">=", "<=", "=")

_KNOWN = (("为空", "还不知道"), ("不为空", "已知"))
_NUMBER = ((">=", "不小于"), ("<=", "不大于"), ("=", "等于"), (">", "大于"), ("<", "小于"), ("!=", "不等于"),
           ("在", "在范围"), ("不在", "不在范围"), ("属于", "是其中之一"), ("不属于", "不是其中任何一个"))  # fmt: skip
_DATE = (("早于", "早于"), ("晚于", "晚于"), ("不早于", "不早于"), ("不晚于", "不晚于"), ("=", "是"), ("!=", "不是"),
         ("在", "在范围"), ("不在", "不在范围"), ("属于", "是其中之一"), ("不属于", "不是其中任何一个"))  # fmt: skip
_ONE = (("=", "是"), ("!=", "不是"), ("属于", "是其中之一"), ("不属于", "不是其中任何一个"))
OPERATORS: Mapping[Kind, Sequence[tuple[str, str]]] = {
    Kind.INTEGER: (*_NUMBER, *_KNOWN),
    Kind.DECIMAL: (*_NUMBER, *_KNOWN),
    Kind.DATE: (*_DATE, *_KNOWN),
    Kind.CODE: (*_ONE, *_KNOWN),
    Kind.CODES: (("有", "有"), ("无", "没有"), *_KNOWN),
    Kind.BOOLEAN: (("=", "是"), *_KNOWN),
    Kind.TEXT: (("包含", "包含"), ("不包含", "不包含"), *_ONE, *_KNOWN),
    Kind.PHONE: (("包含", "包含"), ("不包含", "不包含"), *_KNOWN),
    Kind.AREA: (("属于", "在"), ("不属于", "不在"), *_KNOWN),
    Kind.IDENTITY: _KNOWN,
}
"""What can be asked of a value of each kind: the word of the rule language and how the chip says it."""
TAG_OPERATORS = (("=", "有"), ("无", "没有"))


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
    said = {">=": _("不少于"), "<=": _("不超过"), "=": _("正好")}
    return [(some, some), (none, none), (every, every), *((f"{count} {op}", f"{count}{said[op]}") for op in COUNTS)]


def operators_of(word: str, subject: Subject, vocabulary: Vocabulary) -> Sequence[tuple[str, str]]:
    """The operators that fit a word; empty for one that is not known."""
    if word == TAG:
        return TAG_OPERATORS
    words = vocabulary.words(subject)
    field = words.fields.only(word)
    if field is not None:
        return OPERATORS[field.kind]
    relation = words.relations.only(word)
    return relation_operators(relation.target) if relation else ()


def every_operator(subject: Subject, vocabulary: Vocabulary) -> dict[str, str]:
    """All operators with their wording, for a form that does not yet know which word it is about."""
    found: dict[str, str] = {}
    for kind in (Kind.INTEGER, Kind.DATE, Kind.TEXT, Kind.CODES):
        for op, said in OPERATORS[kind]:
            found.setdefault(op, said)
    for relation in (r for (s, _code), r in vocabulary.relations.items() if s is subject):
        found |= {op: said for op, said in relation_operators(relation.target) if op not in found}
    return found | {WRITTEN: _("写作")}


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
    Kind.DATE: "30天前 · 2026-01-01",
    Kind.AREA: "310110009016",
}


def _word(field: Field, group: str, vocabulary: Vocabulary, own: Sequence[str] = ()) -> Word:
    codes = field.code_set.codes if field.code_set and field.kind in (Kind.CODE, Kind.CODES) else ()
    values = [c.name for c in codes] or list(own)
    if field.kind is Kind.BOOLEAN:
        values = [_("是"), _("否")]
    if field.kind is Kind.DATE:
        values = [_("今天"), *(f"{n}天前" for n in (7, 30, 60, 90)), _("1年前")]
    operators = [(op, _(said)) for op, said in OPERATORS[field.kind]]
    if field.never[0]:
        operators = [(op, field.never[0] if op == "为空" else said) for op, said in operators]
    return Word(
        name_of(field, field.subject, vocabulary), group, operators, values, field.unit, _HINTS.get(field.kind, "")
    )


def offered(subject: Subject, vocabulary: Vocabulary, groups: Mapping[str, str]) -> list[Word]:
    """All words about a subject: the tags, terms, relations, then items by group (``groups``: item code → group)."""
    tags = [tag for tag in vocabulary.tags.values() if tag.subject is subject]
    found = [Word(TAG, _("常用"), TAG_OPERATORS, [t.name for t in sorted(tags, key=lambda t: t.level)])]
    fields = [f for (s, _code), f in vocabulary.fields.items() if s is subject]
    found += [_word(f, _("常用"), vocabulary) for f in fields if not f.is_item]
    for (of, _code), relation in vocabulary.relations.items():
        if of is subject:
            name = name_of(relation, subject, vocabulary)
            hint = _("对他们的条件，如 年龄 < 6")
            found.append(Word(name, _("家人和住处"), relation_operators(relation.target), (), "", hint))
    own = choices(subject)
    items = [_word(f, groups.get(f.code) or _("其他"), vocabulary, own.get(f.code, ())) for f in fields if f.is_item]
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
