"""From the tree back to text: one canonical wording in Chinese and one in English, which parse to the same tree.

Chinese uses names where they are unambiguous, English uses codes. Days at a distance are written with 早于 and 晚于,
never with > or <, so that nobody has to know which way those read.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from linyun.kernel.declare import Kind, Relation, Subject
from linyun.kernel.rule.syntax import (
    And,
    Between,
    Compare,
    Condition,
    Contains,
    Day,
    FieldTest,
    HasBranch,
    HasCode,
    HasTag,
    Not,
    OneOf,
    Op,
    Or,
    Quantity,
    Related,
    TagTest,
    Unit,
    Unknown,
    Value,
    Within,
)
from linyun.kernel.rule.vocabulary import Branch, Field, Vocabulary
from linyun.kernel.words import Lang

_BARE = re.compile(r"[A-Za-z0-9_一-鿿]+\Z")
_BARE_TAG = re.compile(r"[A-Za-z0-9_一-鿿./]+\Z")
UNITS_ZH: Mapping[Unit, str] = {Unit.DAY: "天", Unit.WEEK: "周", Unit.MONTH: "个月", Unit.YEAR: "年"}
_CALENDAR_ZH = {Op.LT: "早于", Op.GT: "晚于", Op.GE: "不早于", Op.LE: "不晚于"}
_CALENDAR_EN = {Op.LT: "before", Op.GT: "after", Op.GE: "not before", Op.LE: "not after"}
_QUANTITY_EN = {Quantity.ANY: "any", Quantity.ALL: "all", Quantity.NONE: "no", Quantity.COUNT: "count"}
_WORDS: Mapping[Lang, Mapping[str, str]] = {
    "zh": {
        "and": " 且 ", "or": " 或 ", "not": "非 ", "comma": "、", "tag": "标签 = ", "no_tag": "标签 无 ",
        "in": "属于", "not_in": "不属于", "contains": "包含", "not_contains": "不包含", "has": "有", "has_not": "无",
        "unknown": "为空", "known": "不为空",
    },
    "en": {
        "and": " and ", "or": " or ", "not": "not ", "comma": ", ", "tag": "tag = ", "no_tag": "tag != ",
        "in": "in", "not_in": "not in", "contains": "contains", "not_contains": "does not contain", "has": "has",
        "has_not": "has no", "unknown": "is unknown", "known": "is known",
    },
}  # fmt: skip


def quantity_word(quantity: Quantity, target: Subject) -> str:
    """The Chinese word for how many, as one says it of people, of households and of things."""
    if target is Subject.PERSON:
        words = {Quantity.ANY: "有人", Quantity.NONE: "无人", Quantity.COUNT: "人数"}
    elif target is Subject.HOUSEHOLD:
        words = {Quantity.ANY: "有", Quantity.NONE: "没有", Quantity.COUNT: "户数"}
    else:
        words = {Quantity.ANY: "有", Quantity.NONE: "没有", Quantity.COUNT: "个数"}
    return words.get(quantity, "都")


def quoted(text: str) -> str:
    """A text between quotation marks, with those inside it made safe."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def day_text(day: Day, lang: Lang) -> str:
    """``30天前`` or ``30 days ago``."""
    count = abs(day.amount)
    if not count:
        return "今天" if lang == "zh" else "today"
    if lang == "zh":
        return f"{count}{UNITS_ZH[day.unit]}{'前' if day.amount < 0 else '后'}"
    return f"{count} {day.unit}{'' if count == 1 else 's'} {'ago' if day.amount < 0 else 'from now'}"


def to_text(condition: Condition, subject: Subject, vocabulary: Vocabulary, lang: Lang) -> str:
    """The canonical text of a condition about a subject."""
    return _Writer(vocabulary, lang).condition(condition, subject)


@dataclass(frozen=True, slots=True)
class _Writer:
    vocabulary: Vocabulary
    lang: Lang

    def condition(self, condition: Condition, subject: Subject) -> str:
        match condition:
            case And(parts):
                return self._word("and").join(self._part(part, subject) for part in parts)
            case Or(parts):
                return self._word("or").join(self._part(part, subject) for part in parts)
            case Not(part):
                return self._not(part, subject)
            case Related():
                return self._related(condition, subject)
            case HasTag() | HasBranch():
                return self._word("tag") + self._tag(condition, subject)
            case _:
                return self._test(condition, subject, False)

    def _word(self, key: str) -> str:
        return _WORDS[self.lang][key]

    def _part(self, part: Condition, subject: Subject) -> str:
        text = self.condition(part, subject)
        return f"({text})" if isinstance(part, And | Or) else text

    def _not(self, part: Condition, subject: Subject) -> str:
        match part:
            case HasTag() | HasBranch():
                return self._word("no_tag") + self._tag(part, subject)
            case Between() | OneOf() | Within() | Contains() | HasCode() | Unknown():
                return self._test(part, subject, True)
            case _:
                return self._word("not") + self._part(part, subject)

    def _related(self, related: Related, subject: Subject) -> str:
        relation = self.vocabulary.relation(subject, related.relation)
        inner = f" ({self.condition(related.where, relation.target)})" if related.where else ""
        count = f" {related.op} {related.number}" if related.op else ""
        if self.lang == "en":
            return f"{_QUANTITY_EN[related.quantity]} {relation.code}{inner}{count}"
        words = quantity_word(related.quantity, relation.target)
        return f"{self._relation(relation, subject)} {words}{inner}{count}"

    def _relation(self, relation: Relation, subject: Subject) -> str:
        words = self.vocabulary.words(subject)
        clear = words.relations.is_clear(relation.name, relation) and relation.name not in words.fields
        return relation.name if clear else relation.code

    def _field(self, field: Field) -> str:
        clear = self.vocabulary.words(field.subject).fields.is_clear(field.name, field)
        return field.name if self.lang == "zh" and clear else field.code

    def _tag(self, test: TagTest, subject: Subject) -> str:
        tags = self.vocabulary.words(subject).tags
        if isinstance(test, HasBranch):
            path = "/".join(test.path)
            found = tags.only(path)
            text = path if isinstance(found, Branch) and found.path == test.path else path + "/"
        elif self.lang == "en":
            text = test.tag
        else:
            tag = self.vocabulary.tags[test.tag]
            options = (tag.name, "/".join((*tag.path, tag.name)), tag.code)
            text = next((o for o in options if tags.only(o) is tag), tag.code)
        return text if _BARE_TAG.match(text) else quoted(text)

    def _test(self, test: FieldTest, subject: Subject, negated: bool) -> str:
        field = self.vocabulary.field(subject, test.field)
        name = self._field(field)
        no = "not_" if negated else ""
        match test:
            case Compare(_, op, value):
                return f"{name} {self._op(op, value)} {self._value(value, field)}"
            case Between(_, low, high):
                return self._between(name, self._value(low, field), self._value(high, field), negated)
            case OneOf(_, values):
                listed = self._word("comma").join(self._value(v, field) for v in values)
                return f"{name} {self._word(no + 'in')} ({listed})"
            case Within(_, areas):
                return f"{name} {self._word(no + 'in')} ({self._word('comma').join(areas)})"
            case Contains(_, text):
                return f"{name} {self._word(no + 'contains')} {quoted(text)}"
            case HasCode(_, code):
                return f"{name} {self._word('has_not' if negated else 'has')} {self._value(code, field)}"
            case Unknown():
                if field.never[0] and self.lang == "zh" and not negated:
                    return field.never[0]
                return f"{name} {self._word('known' if negated else 'unknown')}"

    def _between(self, name: str, low: str, high: str, negated: bool) -> str:
        if self.lang == "en":
            return f"{name} {'not ' if negated else ''}between {low} and {high}"
        return f"{name} {'不' if negated else ''}在 {low} 到 {high} 之间"

    def _op(self, op: Op, value: Value) -> str:
        if isinstance(value, Day):
            return (_CALENDAR_ZH if self.lang == "zh" else _CALENDAR_EN).get(op, op)
        return op

    def _value(self, value: Value, field: Field) -> str:
        match value:
            case bool():
                return ("是" if value else "否") if self.lang == "zh" else str(value).lower()
            case Day():
                return day_text(value, self.lang)
            case date():
                return value.isoformat()
            case int():
                return str(value)
            case Decimal():
                return format(value, "f")
            case str() if field.code_set and field.kind in (Kind.CODE, Kind.CODES):
                return self._code(value, field)
            case _:
                return quoted(value)

    def _code(self, code: str, field: Field) -> str:
        words = self.vocabulary.codes(field.code_set)
        name = field.code_set.name_of(code) if field.code_set else code
        text = name if self.lang == "zh" and words.only(name) == code else code
        return text if _BARE.match(text) else quoted(text)
