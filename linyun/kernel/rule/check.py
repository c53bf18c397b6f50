"""From a draft to the typed tree: looks up every word, fits every operator to the kind of its field, or refuses."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import NoReturn, TypeAlias

from linyun.kernel.declare import Kind, Relation, Subject, Tag
from linyun.kernel.rule.draft import Draft, DraftJoin, DraftNot, DraftRelated, DraftTest, Shape, Word
from linyun.kernel.rule.guess import ambiguous_tag, unknown_name, unknown_tag
from linyun.kernel.rule.syntax import (
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
    Quantity,
    Related,
    TagTest,
    Unit,
    Unknown,
    Value,
    Within,
    all_of,
    any_of,
)
from linyun.kernel.rule.values import read_number, read_text, read_value, text_of
from linyun.kernel.rule.vocabulary import TAG_WORDS, Field, Vocabulary
from linyun.kernel.rule.words import fold

_ORDERED = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.DATE})
_KIND_NAMES = {
    Kind.TEXT: "文字",
    Kind.INTEGER: "整数",
    Kind.DECIMAL: "数",
    Kind.DATE: "日期",
    Kind.BOOLEAN: "是或否",
    Kind.CODE: "选项",
    Kind.CODES: "多个选项",
    Kind.IDENTITY: "证件号码",
    Kind.PHONE: "电话",
    Kind.AREA: "区域",
}
_NUMBERS = (">=", "<=", ">", "<", "=", "在 … 到 … 之间", "属于")
_FITTING: dict[Kind, tuple[str, ...]] = {
    Kind.TEXT: ("=", "!=", "包含", "属于"),
    Kind.INTEGER: _NUMBERS,
    Kind.DECIMAL: _NUMBERS,
    Kind.DATE: ("早于", "晚于", "不早于", "不晚于", "=", "在 … 到 … 之间"),
    Kind.BOOLEAN: ("=",),
    Kind.CODE: ("=", "!=", "属于"),
    Kind.CODES: ("有", "无", "属于"),
    Kind.PHONE: ("包含",),
    Kind.AREA: ("属于", "="),
}
_CALENDAR = {"before": Op.LT, "after": Op.GT, "not_before": Op.GE, "not_after": Op.LE}
_REVERSED = {"<": Op.GT, ">": Op.LT, "<=": Op.GE, ">=": Op.LE}
_DAYS = {Unit.DAY: 1.0, Unit.WEEK: 7.0, Unit.MONTH: 30.44, Unit.YEAR: 365.25}


Seen: TypeAlias = list[tuple[Word, TagTest, Subject]]
"""The tags a draft names, where, and of which subject: for checking the rules behind them."""


def check(draft: Draft, subject: Subject, vocabulary: Vocabulary, seen: Seen) -> Condition:
    """The typed condition of a draft about a subject; adds the tags it names to ``seen``.

    Raises RuleError at the first word that does not fit.
    """
    match draft:
        case DraftJoin("and", parts):
            return all_of([check(part, subject, vocabulary, seen) for part in parts])
        case DraftJoin(_, parts):
            return any_of([check(part, subject, vocabulary, seen) for part in parts])
        case DraftNot(part):
            return Not(check(part, subject, vocabulary, seen))
        case DraftRelated():
            return _related(draft, subject, vocabulary, seen)
        case DraftTest():
            test = _Test(draft, subject, vocabulary)
            condition = test.condition()
            seen.extend(test.seen)
            return condition


def _related(draft: DraftRelated, subject: Subject, vocabulary: Vocabulary, seen: Seen) -> Condition:
    relation = _relation(draft.relation, subject, vocabulary)
    where = check(draft.where, relation.target, vocabulary, seen) if draft.where else None
    quantity = Quantity(draft.quantity.meaning)
    if quantity is not Quantity.COUNT:
        if quantity is Quantity.ALL and where is None:
            draft.quantity.refuse(
                f"“{draft.quantity.text}”后面请用括号写明条件，如：（年龄 >= 60）。",
                "“all” needs a condition in brackets.",
                ("（条件）",),
            )
        return Related(relation.code, quantity, where)
    numbers = [_count(word) for word in draft.operands]
    act = draft.act
    if act is None or act.meaning in _CALENDAR:
        (act or draft.quantity).refuse("人数请用 >=、=、< 等比较。", "A count is compared with >=, =, < …", (">=",))
    if act.meaning.endswith("between"):
        low, high = numbers
        _check_order(low, high, draft.operands[0], "人数", "the count")
        both = (
            Related(relation.code, quantity, where, Op.GE, low),
            Related(relation.code, quantity, where, Op.LE, high),
        )
        return Not(all_of(both)) if act.meaning.startswith("not") else all_of(both)
    return Related(relation.code, quantity, where, Op(act.meaning), numbers[0])


def _relation(word: Word, subject: Subject, vocabulary: Vocabulary) -> Relation:
    found = vocabulary.words(subject).relations.only(text_of(word))
    if found is None:
        raise unknown_name(word, subject, vocabulary, relations=True)
    return found


def _count(word: Word) -> int:
    number = int(read_number(word, ("人数", "the count"), "", True))
    if not 0 <= number <= 100_000:
        word.refuse("人数请写 0 到 100000。", "A count is between 0 and 100000.", ("0 到 100000",))
    return number


def _check_order(low: Value, high: Value, word: Word, name: str, name_en: str) -> None:
    wrong = (isinstance(low, int | Decimal) and isinstance(high, int | Decimal) and low > high) or (
        isinstance(low, date) and isinstance(high, date) and low > high
    )
    if wrong:
        word.refuse(f"“{name}”的范围请从小到大写。", f"The range of {name_en} must go from low to high.")


class _Test:
    """One test of one field or of the tags, being checked."""

    def __init__(self, draft: DraftTest, subject: Subject, vocabulary: Vocabulary) -> None:
        self.name, self.act, self.operands = draft.name, draft.act, draft.operands
        self.subject = subject
        self.vocabulary = vocabulary
        self.meant = draft.act.meaning
        self.seen: Seen = []

    def condition(self) -> Condition:
        if self.meant == "never":
            never = self.vocabulary.words(self.subject).never.only(text_of(self.name))
            if never is None:
                raise unknown_name(self.name, self.subject, self.vocabulary)
            return Unknown(never.code)
        if fold(self.name.text) in TAG_WORDS:
            return self._tags()
        field = self.vocabulary.words(self.subject).fields.only(text_of(self.name))
        if field is None:
            raise unknown_name(self.name, self.subject, self.vocabulary)
        return self._field(field)

    def _tags(self) -> Condition:
        negated = {"!=": True, "not_in": True, "has_not": True, "not_contains": True}
        if self.meant not in negated and self.meant not in ("=", "in", "has", "contains"):
            self.act.refuse(
                f"标签只能说有或无，不能用“{self.act.text}”；请写：标签 = 独居，或 标签 无 独居。",
                f"A tag is there or not; “{self.act.text}” does not fit.",
                ("=", "有", "无", "属于"),
                "=",
            )
        found = any_of(dict.fromkeys(self._tag(word) for word in self.operands))
        return Not(found) if self.meant in negated else found

    def _tag(self, word: Word) -> TagTest:
        text = text_of(word)
        found = self.vocabulary.words(self.subject).tags.find(text)
        if not found:
            raise unknown_tag(word, text, self.subject, self.vocabulary)
        if len(found) > 1:
            raise ambiguous_tag(word, found)
        target = found[0]
        test: TagTest = HasTag(target.code) if isinstance(target, Tag) else HasBranch(target.path)
        self.seen.append((word, test, self.subject))
        return test

    def _field(self, field: Field) -> Condition:
        if self.meant in ("unknown", "known"):
            return Unknown(field.code) if self.meant == "unknown" else Not(Unknown(field.code))
        makers: dict[str, Callable[[Field], Condition]] = {
            "in": self._one_of,
            "has": self._has,
            "contains": self._contains,
            "between": self._between,
            "period": self._period,
        }
        if self.meant.startswith("not_") and self.meant[4:] in makers:
            return Not(makers[self.meant[4:]](field))
        if self.meant == "has_not":
            return Not(self._has(field))
        return makers.get(self.meant, self._compare)(field)

    def _misfit(self, field: Field) -> NoReturn:
        """Refuse the operator for this kind of field, naming those that fit."""
        if field.kind is Kind.IDENTITY:
            self.act.refuse(
                f"“{field.name}”受保护，规则只能判断有没有登记；请写 {field.name} 为空，或 {field.name} 不为空。",
                f"{field.code} is protected: a rule may only ask whether it is known.",
                ("为空", "不为空"),
                "不为空",
            )
        fitting = _FITTING[field.kind]
        self.act.refuse(
            f"“{field.name}”是{_KIND_NAMES[field.kind]}，不能用“{self.act.text}”；可用：{'、'.join(fitting)}、为空。",
            f"“{self.act.text}” does not fit {field.code}, which is of kind {field.kind}.",
            (*fitting, "为空"),
            fitting[0],
        )

    def _value(self, field: Field, word: Word) -> Value:
        return read_value(word, field, self.vocabulary)

    def _has(self, field: Field) -> Condition:
        if field.kind is not Kind.CODES:
            self._misfit(field)
        codes = dict.fromkeys(str(self._value(field, word)) for word in self.operands)
        return any_of([HasCode(field.code, code) for code in codes])

    def _contains(self, field: Field) -> Condition:
        if field.kind is Kind.CODES:
            return self._has(field)
        if field.kind not in (Kind.TEXT, Kind.PHONE):
            self._misfit(field)
        return Contains(field.code, read_text(self.operands[0], field))

    def _one_of(self, field: Field) -> Condition:
        if field.kind in (Kind.IDENTITY, Kind.PHONE, Kind.BOOLEAN):
            self._misfit(field)
        if field.kind is Kind.CODES:
            return self._has(field)
        values = tuple(dict.fromkeys(self._value(field, word) for word in self.operands))
        if field.kind is Kind.AREA:
            return Within(field.code, tuple(str(v) for v in values))
        return OneOf(field.code, values) if len(values) > 1 else Compare(field.code, Op.EQ, values[0])

    def _between(self, field: Field) -> Condition:
        if field.kind not in _ORDERED:
            self._misfit(field)
        low, high = (self._value(field, word) for word in self.operands)
        _check_order(low, high, self.operands[0], field.name, field.code)
        # "30天前 到 60天前" and "60天前 到 30天前" are one stretch of time: the earlier day is the lower one.
        if isinstance(low, Day) and isinstance(high, Day):
            low, high = sorted((low, high), key=lambda d: (d.amount * _DAYS[d.unit], d.unit))
        return Between(field.code, low, high)

    def _period(self, field: Field) -> Condition:
        if field.kind is not Kind.DATE:
            self._misfit(field)
        edge = self._value(field, self.operands[0])
        today = Day(0)
        is_past = isinstance(edge, Day) and edge.amount < 0
        return Between(field.code, edge, today) if is_past else Between(field.code, today, edge)

    def _compare(self, field: Field) -> Condition:
        equality = self.meant in ("=", "!=")
        op = _CALENDAR.get(self.meant) or Op(self.meant)
        if field.kind in (Kind.IDENTITY, Kind.PHONE) or (not equality and field.kind not in _ORDERED):
            self._misfit(field)
        if self.meant in _CALENDAR and field.kind is not Kind.DATE:
            self._misfit(field)
        word = self.operands[0]
        value = self._value(field, word)
        if field.kind is Kind.AREA:
            within = Within(field.code, (str(value),))
            return within if op is Op.EQ else Not(within)
        if field.kind is Kind.CODES:
            has = HasCode(field.code, str(value))
            return has if op is Op.EQ else Not(has)
        # "最近走访 > 30天前" asks how long ago: more than 30 days ago is earlier than that day. The calendar words
        # 早于, 晚于 need no such turn, and for days to come (30天后) both readings agree.
        if self.meant in _REVERSED and word.shape is Shape.DAY and word.meaning.startswith("-"):
            op = _REVERSED[self.meant]
        return Compare(field.code, op, value)
