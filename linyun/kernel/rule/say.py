"""A rule in words, for the person who wrote it and for the one whom it concerns. Says what becomes of the unknown.

``phrase`` words one condition; ``say`` the whole rule as a sentence, with notes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from linyun.kernel.declare import Kind, Subject
from linyun.kernel.rule.syntax import (
    FIELD_TESTS,
    And,
    Between,
    Compare,
    Condition,
    Contains,
    Day,
    HasBranch,
    HasCode,
    HasTag,
    Not,
    OneOf,
    Op,
    Or,
    Quantity,
    Related,
    Unknown,
    Value,
    Within,
    children,
    walk,
)
from linyun.kernel.rule.text import Lang, day_text
from linyun.kernel.rule.vocabulary import SUBJECT_NAMES, Field, Vocabulary

_CALENDAR_ZH = {Op.LT: "早于", Op.GT: "晚于", Op.GE: "不早于", Op.LE: "不晚于", Op.EQ: "是", Op.NE: "不是"}
_CALENDAR_EN = {
    Op.LT: "before",
    Op.GT: "after",
    Op.GE: "on or after",
    Op.LE: "on or before",
    Op.EQ: "on",
    Op.NE: "not on",
}
_AGO_ZH = {Op.LT: "距今超过", Op.LE: "距今不少于", Op.GT: "距今不到", Op.GE: "距今不超过"}
_AGO_EN = {Op.LT: "more than", Op.LE: "at least", Op.GT: "less than", Op.GE: "at most"}
_ORDER_EN = {
    Op.EQ: "is",
    Op.NE: "is not",
    Op.GE: "is at least",
    Op.LE: "is at most",
    Op.GT: "is more than",
    Op.LT: "is less than",
}
_UNITS_EN = {"岁": " years", "元": " yuan", "平方米": " m²", "天": " days", "次": " times"}
_COUNTERS = {Subject.PERSON: "人", Subject.HOUSEHOLD: "户", Subject.DWELLING: "套"}


@dataclass(frozen=True, slots=True)
class Speaker:
    """Words conditions in one language. ``today`` lets it tell days at a distance as calendar days too."""

    vocabulary: Vocabulary
    lang: Lang
    today: date | None = None

    def phrase(self, condition: Condition, subject: Subject) -> str:
        """One condition in words."""
        match condition:
            case And(parts):
                return self._two("、", "; ").join(self._part(part, subject) for part in parts)
            case Or(parts):
                return self._two("，或者", ", or ").join(self._part(part, subject) for part in parts)
            case Not(part):
                return self._not(part, subject)
            case Related():
                return self._related_zh(condition, subject) if self._zh else self._related_en(condition, subject)
            case HasTag(tag):
                found = self.vocabulary.tags[tag]
                return self._two(f"有“{found.name}”标签", f"carries the tag {found.code}")
            case HasBranch(path):
                words = "/".join(path)
                return self._two(f"有“{words}”下的任一标签", f"carries some tag under “{words}”")
            case _:
                field = self.vocabulary.field(subject, condition.field)
                return self._test_zh(condition, field) if self._zh else self._test_en(condition, field)

    @property
    def _zh(self) -> bool:
        return self.lang == "zh"

    def _two(self, zh: str, en: str) -> str:
        return zh if self._zh else en

    def _part(self, part: Condition, subject: Subject) -> str:
        words = self.phrase(part, subject)
        return self._two(f"（{words}）", f"({words})") if isinstance(part, And | Or) else words

    def _not(self, part: Condition, subject: Subject) -> str:
        match part:
            case HasTag(tag):
                found = self.vocabulary.tags[tag]
                return self._two(f"没有“{found.name}”标签", f"does not carry the tag {found.code}")
            case HasBranch(path):
                words = "/".join(path)
                return self._two(f"没有“{words}”下的任何标签", f"carries no tag under “{words}”")
            case Unknown(code):
                field = self.vocabulary.field(subject, code)
                return self._two(f"{field.name}有记录", f"{_spoken(field)} is known")
            case _:
                inner = self.phrase(part, subject)
                return self._two(f"不符合（{inner}）", f"not ({inner})")

    # Tests of one field

    def _test_zh(self, test: Condition, field: Field) -> str:
        name = field.name
        match test:
            case Compare(_, op, value):
                return self._compare_zh(op, value, field)
            case Between(_, low, high):
                return f"{name}在{self._value(low, field)}到{self._value(high, field)}之间（含两端）"
            case OneOf(_, values):
                return f"{name}为{'或'.join(self._value(v, field) for v in values)}"
            case Within(_, areas):
                return f"{name}在{'或'.join(self.vocabulary.area_name(a) for a in areas)}范围内"
            case Contains(_, text):
                return f"{name}包含“{text}”"
            case HasCode(_, code):
                return f"{name}有“{self._value(code, field)}”"
            case _:
                return f"{field.never[0]}过" if field.never[0] else f"{name}没有记录"

    def _compare_zh(self, op: Op, value: Value, field: Field) -> str:
        said = self._value(value, field)
        if isinstance(value, Day):
            return f"{field.name}{_CALENDAR_ZH[op]}{said}{self._distance(op, value)}"
        if isinstance(value, date):
            return f"{field.name}{_CALENDAR_ZH[op]} {said}"
        if isinstance(value, bool) or field.kind not in (Kind.INTEGER, Kind.DECIMAL):
            return f"{field.name}{'为' if op is Op.EQ else '不是'}{said}"
        below = "不满" if field.unit == "岁" else "少于"
        words = {
            Op.GE: f"{said}及以上",
            Op.LE: f"{said}及以下",
            Op.GT: f"超过{said}",
            Op.LT: f"{below}{said}",
            Op.EQ: f"为{said}",
            Op.NE: f"不是{said}",
        }
        return f"{field.name}{words[op]}"

    def _test_en(self, test: Condition, field: Field) -> str:
        name = _spoken(field)
        match test:
            case Compare(_, op, value):
                said = self._value(value, field)
                if isinstance(value, Day):
                    return f"{name} is {_CALENDAR_EN[op]} {said}{self._distance(op, value)}"
                return f"{name} {_CALENDAR_EN[op] if isinstance(value, date) else _ORDER_EN[op]} {said}"
            case Between(_, low, high):
                return f"{name} is between {self._value(low, field)} and {self._value(high, field)}, both included"
            case OneOf(_, values):
                return f"{name} is {' or '.join(self._value(v, field) for v in values)}"
            case Within(_, areas):
                return f"{name} lies within {' or '.join(self.vocabulary.area_name(a) for a in areas)}"
            case Contains(_, text):
                return f"{name} contains “{text}”"
            case HasCode(_, code):
                return f"{name} has {self._value(code, field)}"
            case _:
                return f"{name} is not known"

    def _distance(self, op: Op, day: Day) -> str:
        """The other way to say a day at a distance, and the calendar day where today is stated."""
        told = []
        if day.amount < 0 and op in _AGO_ZH:
            count = day_text(day, self.lang)
            told.append(
                f"{_AGO_ZH[op]} {count.removesuffix('前')}" if self._zh else f"{_AGO_EN[op]} {count}"
            )
        if self.today:
            told.append(day.on(self.today).isoformat())
        return self._two(f"（{'，'.join(told)}）", f" ({', '.join(told)})") if told else ""

    def _value(self, value: Value, field: Field) -> str:
        match value:
            case bool():
                return self._two("是" if value else "否", "yes" if value else "no")
            case Day():
                text = day_text(value, self.lang)
                return f" {text[:-1]}{text[-1]}" if self._zh and value.amount else text
            case date():
                return value.isoformat()
            case int() | Decimal():
                number = format(value, "f") if isinstance(value, Decimal) else str(value)
                return f" {number} {field.unit}".rstrip() + (" " if not field.unit else "") if self._zh else (
                    number + _UNITS_EN.get(field.unit, "")
                )
            case _:
                name = field.code_set.name_of(value) if field.code_set else value
                return name if field.code_set else f"“{value}”"

    # Related subjects

    def _related_zh(self, related: Related, subject: Subject) -> str:
        relation = self.vocabulary.relation(subject, related.relation)
        inner = self.phrase(related.where, relation.target) if related.where else ""
        one = "人" if relation.target is Subject.PERSON else "一个"
        match related.quantity:
            case Quantity.ANY:
                return f"{relation.name}中有{one}（{inner}）" if inner else f"有{relation.name}"
            case Quantity.NONE:
                return f"{relation.name}中没有{one}（{inner}）" if inner else f"没有{relation.name}"
            case Quantity.ALL:
                each = "每个人" if relation.target is Subject.PERSON else "每一个"
                return f"{relation.name}中{each}都（{inner}），没有{relation.name}的也算"
            case Quantity.COUNT:
                counter = _COUNTERS.get(relation.target, "个")
                words = {Op.GE: "不少于", Op.LE: "不超过", Op.GT: "多于", Op.LT: "少于", Op.EQ: "正好", Op.NE: "不是"}
                of = f"{relation.name}中（{inner}）的" if inner else relation.name
                return f"{of}{words[related.op or Op.EQ]} {related.number} {counter}"

    def _related_en(self, related: Related, subject: Subject) -> str:
        relation = self.vocabulary.relation(subject, related.relation)
        name = relation.code.replace("_", " ")
        where = f" for whom ({self.phrase(related.where, relation.target)})" if related.where else ""
        match related.quantity:
            case Quantity.ANY:
                return f"there is some {name}{where}"
            case Quantity.NONE:
                return f"there is no {name}{where}"
            case Quantity.ALL:
                return f"every {name} is one{where}; those without any {name} count too"
            case Quantity.COUNT:
                return f"the number of {name}{where} {_ORDER_EN[related.op or Op.EQ]} {related.number}"


def _spoken(field: Field) -> str:
    return field.code.replace("_", " ").replace(".", " ")


def say(condition: Condition, subject: Subject, vocabulary: Vocabulary, lang: Lang, today: date | None = None) -> str:
    """The whole rule as a sentence, then what becomes of those for whom something is not known."""
    speaker = Speaker(vocabulary, lang, today)
    words = speaker.phrase(condition, subject)
    zh, en = SUBJECT_NAMES[subject]
    notes = [note for note in (_unknown_note, _never_note, _related_note) for note in note(condition, subject, vocabulary)]
    if lang == "zh":
        return "".join([f"{words}的{zh}。", *(n[0] for n in notes)])
    return " ".join([f"{en.capitalize()} of whom: {words}.", *(n[1] for n in notes)])
