"""Conditions in careful Chinese."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from linyun.kernel.declare import Kind, Subject
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
    Unknown,
    Value,
    Within,
)
from linyun.kernel.rule.text import UNITS_ZH
from linyun.kernel.rule.vocabulary import Field, Vocabulary

_CALENDAR = {Op.LT: "早于", Op.GT: "晚于", Op.GE: "不早于", Op.LE: "不晚于", Op.EQ: "是", Op.NE: "不是"}
_AGO = {Op.LT: "距今超过", Op.LE: "距今不少于", Op.GT: "距今不到", Op.GE: "距今不超过"}
_COUNT = {Op.GE: "不少于", Op.LE: "不超过", Op.GT: "多于", Op.LT: "少于", Op.EQ: "正好", Op.NE: "不是"}
_COUNTERS = {Subject.PERSON: "人", Subject.HOUSEHOLD: "户", Subject.DWELLING: "套"}


@dataclass(frozen=True, slots=True)
class Chinese:
    """Words conditions in Chinese. ``today`` lets it tell days at a distance as calendar days too."""

    vocabulary: Vocabulary
    today: date | None = None

    def phrase(self, condition: Condition, subject: Subject) -> str:
        """One condition in words."""
        match condition:
            case And(parts):
                return "、".join(self._part(part, subject) for part in parts)
            case Or(parts):
                return "，或者".join(self._part(part, subject) for part in parts)
            case Not(part):
                return self._not(part, subject)
            case Related():
                return self._related(condition, subject)
            case HasTag(tag):
                return f"有“{self.vocabulary.tags[tag].name}”标签"
            case HasBranch(path):
                return f"有“{'/'.join(path)}”下的任一标签"
            case _:
                return self._test(condition, self.vocabulary.field(subject, condition.field))

    def _part(self, part: Condition, subject: Subject) -> str:
        words = self.phrase(part, subject)
        return f"（{words}）" if isinstance(part, And | Or) else words

    def _not(self, part: Condition, subject: Subject) -> str:
        match part:
            case HasTag(tag):
                return f"没有“{self.vocabulary.tags[tag].name}”标签"
            case HasBranch(path):
                return f"没有“{'/'.join(path)}”下的任何标签"
            case Unknown(code):
                return f"{self.vocabulary.field(subject, code).name}有记录"
            case _:
                return f"不符合（{self.phrase(part, subject)}）"

    def _test(self, test: FieldTest, field: Field) -> str:
        name = field.name
        match test:
            case Compare(_, op, value):
                return self._compare(op, value, field)
            case Between(_, low, high):
                return f"{name}在{self._value(low, field)}到{self._value(high, field)}之间（含两端）"
            case OneOf(_, values):
                return f"{name}为{'或'.join(self._value(v, field) for v in values)}"
            case Within(_, areas):
                return f"{name}在{'或'.join(self.vocabulary.area_name(a) for a in areas)}范围内"
            case Contains(_, text):
                return f"{name}包含“{text}”"
            case HasCode(_, code):
                return f"{name}有{self._value(code, field)}"
            case Unknown():
                return f"{field.never[0]}过" if field.never[0] else f"{name}没有记录"

    def _compare(self, op: Op, value: Value, field: Field) -> str:
        said = self._value(value, field)
        if isinstance(value, date | Day):
            return f"{field.name}{_CALENDAR[op]}{said}{self._distance(op, value)}"
        if field.kind not in (Kind.INTEGER, Kind.DECIMAL):
            return f"{field.name}{'为' if op is Op.EQ else '不是'}{said}"
        words = {
            Op.GE: f"{said}及以上",
            Op.LE: f"{said}及以下",
            Op.GT: f"超过{said}",
            Op.LT: f"{'不满' if field.unit == '岁' else '少于'}{said}",
            Op.EQ: f"为{said}",
            Op.NE: f"不是{said}",
        }
        return f"{field.name}{words[op]}"

    def _distance(self, op: Op, day: date | Day) -> str:
        """The other way to say a day at a distance, and the calendar day where today is stated."""
        if not isinstance(day, Day):
            return ""
        told = [f"{_AGO[op]} {-day.amount} {UNITS_ZH[day.unit]}"] if day.amount < 0 and op in _AGO else []
        if self.today:
            told.append(f"即 {day.on(self.today).isoformat()}")
        return f"（{'，'.join(told)}）" if told else ""

    def _value(self, value: Value, field: Field) -> str:
        match value:
            case bool():
                return "是" if value else "否"
            case Day():
                side = "前" if value.amount < 0 else "后"
                return f" {abs(value.amount)} {UNITS_ZH[value.unit]}{side}" if value.amount else "今天"
            case date():
                return f" {value.isoformat()} "
            case int() | Decimal():
                number = format(value, "f") if isinstance(value, Decimal) else str(value)
                return f" {number} {field.unit}"
            case _:
                return f"“{field.code_set.name_of(value) if field.code_set else value}”"

    def _related(self, related: Related, subject: Subject) -> str:
        relation = self.vocabulary.relation(subject, related.relation)
        name = relation.name
        inner = self.phrase(related.where, relation.target) if related.where else ""
        of_people = relation.target is Subject.PERSON
        match related.quantity:
            case Quantity.ANY:
                return f"{name}中有{'人' if of_people else '一个'}（{inner}）" if inner else f"有{name}"
            case Quantity.NONE:
                return f"{name}中没有{'人' if of_people else '一个'}（{inner}）" if inner else f"没有{name}"
            case Quantity.ALL:
                return f"{name}中每{'个人' if of_people else '一个'}都（{inner}）（没有{name}的也算）"
            case Quantity.COUNT:
                counter = _COUNTERS.get(relation.target, "个")
                of = f"{name}中（{inner}）的" if inner else name
                return f"{of}{_COUNT[related.op or Op.EQ]} {related.number} {counter}"
