"""The condition builder: rows of (word, operator, value) as a form posts them, to and from the text of the same rule.

A rule is two levels deep here: its conditions joined by ``top``, and groups of neighbours joined by the other word.
What is deeper stays one row of written text, so that every rule can be shown, changed and written back unchanged.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol

from linyun.hub.scan.words import BLANK, COUNTS, TAG, WRITTEN, name_of
from linyun.kernel.declare import Kind, Subject
from linyun.kernel.rule import Rule, RuleError, Vocabulary, parse
from linyun.kernel.rule.draft import MAX_CONDITIONS
from linyun.kernel.rule.syntax import And, Condition, Day, Not, Or, Quantity, Unit
from linyun.kernel.rule.text import day_text, quantity_word, quoted, to_text
from linyun.kernel.rule.vocabulary import Field
from linyun.kernel.words import lang

Join = Literal["and", "or"]
MOST = MAX_CONDITIONS + 1
"""Rows that are read of a form. One more than a rule may hold: what is too long is refused, never cut to another crowd."""
CONNECTIVES: Mapping[str, str] = {"and": " 且 ", "or": " 或 "}
CONDITION = "条件"
"""The word of a row of written text."""

_BARE = re.compile(r"[A-Za-z0-9_一-鿿./]+\Z")
_LISTED = re.compile(r"[、,，]")
_COUNT = re.compile(r"\s*(\S+?)\s*(?:[(（](.*)[)）]\s*)?\Z", re.DOTALL)
_DATES = {"<": "早于", ">": "晚于", ">=": "不早于", "<=": "不晚于",
          "before": "早于", "after": "晚于", "not_before": "不早于", "not_after": "不晚于"}  # fmt: skip
_WORDS = {"contains": "包含", "has": "有", "in": "属于", "between": "在"}
_NEGATED = {"contains": "不包含", "has": "无", "in": "不属于", "between": "不在"}


class Posted(Protocol):
    """What a form posts (Django's QueryDict)."""

    def getlist(self, key: str) -> list[str]: ...

    def get(self, key: str, default: str, /) -> str: ...


@dataclass(frozen=True, slots=True)
class Row:
    """One condition. ``join`` is the word before it."""

    word: str
    op: str
    value: str = ""
    join: Join = "and"


def _join(text: str) -> Join:
    return "or" if text == "or" else "and"


@dataclass(frozen=True, slots=True)
class Builder:
    """Rows as posted or as made from a rule; rows with neither word nor value are left out."""

    rows: Sequence[Row] = ()
    top: Join = "and"

    @classmethod
    def of(cls, posted: Posted) -> "Builder":
        """Read the form's parallel lists."""
        joins = [_join(j) for j in posted.getlist("join")]
        lists = zip(posted.getlist("word"), posted.getlist("op"), posted.getlist("value"), strict=False)
        rows = [
            Row(word.strip(), op or "=", value.strip(), joins[n] if n < len(joins) else "and")
            for n, (word, op, value) in enumerate(lists)
            if word.strip() or value.strip()
        ]
        return cls(tuple(rows[:MOST]), _join(posted.get("top", "")))

    def groups(self) -> list[list[int]]:
        """Numbers of rows that belong together; between the groups stands ``top``."""
        found: list[list[int]] = []
        for n, row in enumerate(self.rows):
            if n and row.join != self.top:
                found[-1].append(n)
            else:
                found.append([n])
        return found

    def without(self, number: str) -> "Builder":
        """The same without one row, named as a form names it; the same when no row is called so."""
        return replace(self, rows=tuple(row for n, row in enumerate(self.rows) if str(n) != number))


@dataclass(frozen=True, slots=True)
class Composed:
    """The text of a builder and where each of its rows stands in it."""

    text: str
    spans: Sequence[tuple[int, int]]

    def row_at(self, place: int) -> int | None:
        """The row in which a place of the text lies; None when it is in none."""
        return next((n for n, (start, end) in enumerate(self.spans) if start <= place < max(end, start + 1)), None)


def composed(builder: Builder, subject: Subject, vocabulary: Vocabulary) -> Composed:
    """The rule's text. What is wrong in it, the parser says."""
    inner = CONNECTIVES["or" if builder.top == "and" else "and"]
    text, spans = "", []
    for group in builder.groups():
        text += CONNECTIVES[builder.top] if text else ""
        text += "(" if len(group) > 1 else ""
        for place, number in enumerate(group):
            text += inner if place else ""
            words = _written(builder.rows[number], subject, vocabulary)
            spans.append((len(text), len(text) + len(words)))
            text += words
        text += ")" if len(group) > 1 else ""
    return Composed(text, spans)


def text_of(builder: Builder, subject: Subject, vocabulary: Vocabulary) -> str:
    """The rule's text without the places."""
    return composed(builder, subject, vocabulary).text


def _written(row: Row, subject: Subject, vocabulary: Vocabulary) -> str:
    if row.op == WRITTEN:
        return f"({row.value})"
    if row.op in BLANK:
        return f"{row.word} {row.op}"
    words = vocabulary.words(subject)
    field = words.fields.only(row.word)
    if field is not None:
        return f"{row.word} {row.op} {_value(row, field)}"
    relation = words.relations.only(row.word)
    if relation is None:
        return f"{row.word} {row.op} {_quoted(row.value) if row.word == TAG else row.value}"
    count = quantity_word(Quantity.COUNT, relation.target)
    if row.op.startswith(count):
        number, where = _COUNT.match(row.value).groups() if _COUNT.match(row.value) else (row.value, "")  # type: ignore[union-attr]
        return f"{row.word} {count}{f' ({where})' if where else ''} {row.op.removeprefix(count).strip()} {number}"
    return f"{row.word} {row.op}{f' ({row.value})' if row.value else ''}"


def _value(row: Row, field: Field) -> str:
    if row.op in ("在", "不在"):
        return row.value if row.value.rstrip().endswith("间") else f"{row.value} 之间"
    if field.kind in (Kind.CODE, Kind.CODES, Kind.TEXT, Kind.PHONE):
        if row.op in ("属于", "不属于"):
            return "(" + "、".join(_quoted(v.strip()) for v in _LISTED.split(row.value) if v.strip()) + ")"
        return quoted(row.value) if field.kind in (Kind.TEXT, Kind.PHONE) else _quoted(row.value)
    if row.op in ("属于", "不属于"):
        return f"({row.value})"
    return row.value


def _quoted(text: str) -> str:
    return text if _BARE.match(text) or not text else quoted(text)


def from_rule(rule: Rule) -> Builder:
    """The rows of a rule. Composing them gives the same rule again."""
    reader = _Reader(rule.subject, rule.vocabulary)
    where = rule.where
    if not isinstance(where, And | Or):
        return Builder((reader.row(where, "and"),))
    top: Join = "and" if isinstance(where, And) else "or"
    inner: Join = "or" if top == "and" else "and"
    rows: list[Row] = []
    for part in where.parts:
        members = part.parts if isinstance(part, And | Or) else (part,)
        rows += [reader.row(member, inner if n else top) for n, member in enumerate(members)]
    return Builder(tuple(rows), top)


@dataclass(frozen=True, slots=True)
class _Reader:
    subject: Subject
    vocabulary: Vocabulary

    def row(self, condition: Condition, join: Join) -> Row:
        """A condition as a row that composes to it again; written text where no row can say it."""
        found = self._simple(condition, join)
        # A form gives back its values without the spaces around them.
        if found is not None and found.value == found.value.strip():
            try:
                text = _written(found, self.subject, self.vocabulary)
                if parse(text, self.subject, self.vocabulary).where == condition:
                    return found
            except RuleError:
                # A value that only a quoted text can hold: said in the row's own words it would mean something else.
                return self._text(condition, join)
        return self._text(condition, join)

    def _text(self, condition: Condition, join: Join) -> Row:
        return Row(CONDITION, WRITTEN, to_text(condition, self.subject, self.vocabulary, lang()), join)

    def _simple(self, condition: Condition, join: Join) -> Row | None:
        negated = isinstance(condition, Not)
        inner = condition.part if isinstance(condition, Not) else condition
        if isinstance(inner, And | Or | Not):
            return None
        node = Rule(self.subject, inner, self.vocabulary).to_json()["where"]
        if "tag" in node or "branch" in node:
            text = to_text(inner, self.subject, self.vocabulary, "zh").removeprefix(f"{TAG} = ")
            return Row(TAG, "无" if negated else "=", text.strip('"'), join)
        if "related" in node:
            return None if negated else self._related(node, inner, join)
        return self._test(node, negated, join)

    def _related(self, node: Mapping[str, Any], condition: Any, join: Join) -> Row:
        relation = self.vocabulary.relation(self.subject, node["related"])
        where = to_text(condition.where, relation.target, self.vocabulary, lang()) if condition.where else ""
        op = quantity_word(condition.quantity, relation.target)
        if condition.quantity is Quantity.COUNT and node["op"] in COUNTS:
            op, where = f"{op} {node['op']}", f"{node['value']}{f' ({where})' if where else ''}"
        return Row(name_of(relation, self.subject, self.vocabulary), op, where, join)

    def _test(self, node: Mapping[str, Any], negated: bool, join: Join) -> Row | None:
        field = self.vocabulary.field(self.subject, node["item"])
        name, op = name_of(field, self.subject, self.vocabulary), node["op"]
        if op == "unknown":
            return Row(name, "不为空" if negated else "为空", "", join)
        if op in _WORDS:
            op = _NEGATED[op] if negated else _WORDS[op]
        elif negated:
            return None
        elif field.kind is Kind.DATE:
            op = _DATES.get(op, op)
        return Row(name, op, self._shown(node["value"], field, node["op"]), join)

    def _shown(self, value: Any, field: Field, op: str) -> str:
        if isinstance(value, list):
            return ((" 到 " if lang() == "zh" else " to ") if op == "between" else "、").join(
                self._one(v, field) for v in value
            )
        return self._one(value, field)

    def _one(self, value: Any, field: Field) -> str:
        if isinstance(value, bool):
            return ("是" if value else "否") if lang() == "zh" else str(value).lower()
        if isinstance(value, dict):
            amount = value["ahead"] if "ahead" in value else -value["ago"]
            return day_text(Day(amount, Unit(value["unit"])), lang())
        if field.code_set and field.kind in (Kind.CODE, Kind.CODES):
            name = field.code_set.name_of(str(value))
            return name if self.vocabulary.codes(field.code_set).only(name) == value else str(value)
        return str(value)
