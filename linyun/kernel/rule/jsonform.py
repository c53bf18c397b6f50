"""The JSON form of a rule, for the page's builder and for storing: codes only, nothing to parse.

{"subject": "person", "where": NODE}
NODE: {"all": [NODE…]}, {"any": [NODE…]}, {"not": NODE},
      {"item": CODE, "op": OP, "value": VALUE}   OP: = != < <= > >= before after not_before not_after contains has
      {"item": CODE, "op": "in", "value": [VALUE…]}, {"item": CODE, "op": "between", "value": [LOW, HIGH]},
      {"item": CODE, "op": "unknown"}, {"tag": CODE}, {"branch": [STEP…]},
      {"related": CODE, "quantity": "any" | "all" | "none", "where": NODE | null},
      {"related": CODE, "quantity": "count", "op": OP, "value": NUMBER, "where": NODE | null}
VALUE: text, number, true or false; a decimal as text; a day as "1948-03-05", or from the stated day:
      {"ago": 30, "unit": "day" | "week" | "month" | "year"} or {"ahead": 2, "unit": "month"}. With "ago", > and <
      compare how long ago, as in the text form; before and after compare the days.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NoReturn

from linyun.kernel.declare import Subject
from linyun.kernel.rule.draft import (
    DRAFT_DEPTH,
    MAX_CONDITIONS,
    MAX_TEXT,
    Draft,
    DraftNot,
    DraftRelated,
    DraftTest,
    Shape,
    Word,
    deeper,
    too_deep,
    too_many,
)
from linyun.kernel.rule.errors import RuleError
from linyun.kernel.rule.parse import join
from linyun.kernel.rule.syntax import (
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
    Unit,
    Unknown,
    Value,
    Within,
)
from linyun.kernel.rule.vocabulary import Vocabulary

_CALENDAR = {Op.LT: "before", Op.GT: "after", Op.GE: "not_before", Op.LE: "not_after"}
_OPS = frozenset((*Op, *_CALENDAR.values(), "contains", "has", "in", "between", "unknown"))


def to_json(condition: Condition, subject: Subject, vocabulary: Vocabulary) -> dict[str, Any]:
    """The JSON form of a whole rule."""
    return {"subject": subject.value, "where": _node(condition, subject, vocabulary)}


def _node(condition: Condition, subject: Subject, vocabulary: Vocabulary) -> dict[str, Any]:
    match condition:
        case And(parts):
            return {"all": [_node(part, subject, vocabulary) for part in parts]}
        case Or(parts):
            return {"any": [_node(part, subject, vocabulary) for part in parts]}
        case Not(part):
            return {"not": _node(part, subject, vocabulary)}
        case HasTag(tag):
            return {"tag": tag}
        case HasBranch(path):
            return {"branch": list(path)}
        case Related(relation, quantity, where, op, number):
            target = vocabulary.relation(subject, relation).target
            count = {"op": op.value, "value": number} if op else {}
            inner = _node(where, target, vocabulary) if where else None
            return {"related": relation, "quantity": quantity.value, **count, "where": inner}
        case Compare(field, op, value):
            word = _CALENDAR.get(op, op.value) if isinstance(value, Day) else op.value
            return {"item": field, "op": word, "value": _value(value)}
        case Between(field, low, high):
            return {"item": field, "op": "between", "value": [_value(low), _value(high)]}
        case OneOf(field, values):
            return {"item": field, "op": "in", "value": [_value(v) for v in values]}
        case Within(field, areas):
            return {"item": field, "op": "in", "value": list(areas)}
        case Contains(field, text):
            return {"item": field, "op": "contains", "value": text}
        case HasCode(field, code):
            return {"item": field, "op": "has", "value": code}
        case Unknown(field):
            return {"item": field, "op": "unknown"}


def _value(value: Value) -> Any:
    match value:
        case Day(amount, unit):
            return {"ago" if amount < 0 else "ahead": abs(amount), "unit": unit.value}
        case date():
            return value.isoformat()
        case Decimal():
            return format(value, "f")
        case _:
            return value


def draft_from_json(data: Any) -> tuple[Subject, Draft]:
    """The subject and draft of a JSON form. Raises RuleError with a JSON pointer."""
    if not isinstance(data, Mapping) or data.get("subject") not in tuple(Subject) or "where" not in data:
        _refuse("", "规则应写明 subject 和 where。", "A rule has a subject and a where.")
    return Subject(data["subject"]), _Reader().node(data["where"], "/where", 1)


def _is_distance(amount: int, unit: str) -> bool:
    """Whether a day can be so far away. True and False are numbers to Python, not to the one who wrote the form."""
    return not isinstance(amount, bool) and unit in tuple(Unit) and 0 <= amount < 10**9


def _refuse(path: str, zh: str, en: str) -> NoReturn:
    raise RuleError(zh, message_en=en, path=path)


class _Reader:
    """Reads nodes, counting them so that hostile input ends early."""

    def __init__(self) -> None:
        self.count = 0

    def node(self, data: Any, path: str, level: int) -> Draft:
        self.count += 1
        if level > DRAFT_DEPTH:
            raise too_deep()
        if self.count > MAX_CONDITIONS * 3:
            raise too_many()
        if not isinstance(data, Mapping):
            _refuse(path, "这里应是一个条件。", "A condition is expected here.")
        for key, word in (("all", "and"), ("any", "or")):
            if key in data:
                parts = self._list(data[key], f"{path}/{key}")
                return join(word, [self.node(p, f"{path}/{key}/{n}", level + 1) for n, p in enumerate(parts)])
        if "not" in data:
            part = self.node(data["not"], f"{path}/not", level + 1)
            return DraftNot(part, deeper(part))
        if "related" in data:
            return self._related(data, path, level)
        return self._test(data, path)

    def _related(self, data: Mapping[str, Any], path: str, level: int) -> Draft:
        where = None if data.get("where") is None else self.node(data["where"], f"{path}/where", level + 1)
        quantity = self._text(data.get("quantity"), f"{path}/quantity")
        if quantity not in tuple(Quantity):
            _refuse(f"{path}/quantity", "应为 any、all、none 或 count。", "any, all, none or count is expected.")
        act: Word | None = None
        operands: tuple[Word, ...] = ()
        if quantity == Quantity.COUNT:
            op = self._text(data.get("op"), f"{path}/op")
            if op not in tuple(Op):
                _refuse(f"{path}/op", "人数请用 =、!=、<、<=、>、>= 比较。", "A count is compared with = != < <= > >=.")
            act, operands = self._word(op, f"{path}/op", op), (self._operand(data.get("value"), f"{path}/value"),)
        return DraftRelated(
            self._word(self._text(data["related"], f"{path}/related"), f"{path}/related"),
            self._word(quantity, f"{path}/quantity", quantity),
            where,
            act,
            operands,
            deeper(where),
        )

    def _test(self, data: Mapping[str, Any], path: str) -> Draft:
        if "tag" in data:
            tag = self._word(self._text(data["tag"], f"{path}/tag"), f"{path}/tag")
            return DraftTest(self._word("tag", path), self._word("=", path, "="), (tag,))
        if "branch" in data:
            steps = [self._text(step, f"{path}/branch") for step in self._list(data["branch"], f"{path}/branch")]
            branch = self._word("/".join(steps) + "/", f"{path}/branch")
            return DraftTest(self._word("tag", path), self._word("=", path, "="), (branch,))
        name = self._word(self._text(data.get("item"), f"{path}/item"), f"{path}/item")
        op = self._text(data.get("op"), f"{path}/op")
        if op not in _OPS:
            _refuse(f"{path}/op", f"没有“{op}”这种比较。", f"There is no comparison “{op}”.")
        act, at = self._word(op, f"{path}/op", op), f"{path}/value"
        if op == "unknown":
            return DraftTest(name, act)
        if op not in ("in", "between"):
            return DraftTest(name, act, (self._operand(data.get("value"), at),))
        values = self._list(data.get("value"), at)
        if op == "between" and len(values) != 2:
            _refuse(at, "范围应有两个值。", "A range has two values.")
        return DraftTest(name, act, tuple(self._operand(v, f"{at}/{n}") for n, v in enumerate(values)))

    def _word(self, text: str, path: str, meaning: str = "", shape: Shape = Shape.WORD) -> Word:
        return Word(text, 0, 0, meaning, shape, path)

    def _text(self, data: Any, path: str) -> str:
        if not isinstance(data, str) or not data or len(data) > MAX_TEXT:
            _refuse(path, "这里应是文字。", "A text is expected here.")
        return data

    def _list(self, data: Any, path: str) -> list[Any]:
        if not isinstance(data, list) or not 0 < len(data) <= MAX_TEXT:
            _refuse(path, "这里应是一列，至少一个。", "A list of at least one is expected here.")
        return data

    def _operand(self, data: Any, path: str) -> Word:
        match data:
            case bool():
                return self._word(str(data).lower(), path)
            case int() if abs(data) < 10**18:
                return self._word(str(data), path)
            case str() if len(data) <= MAX_TEXT:
                return self._word(data, path, data, Shape.STRING)
            case {"ago": int(amount), "unit": str(unit)} if _is_distance(amount, unit):
                return self._word(f"{amount} {unit} ago", path, f"-{amount} {unit}", Shape.DAY)
            case {"ahead": int(amount), "unit": str(unit)} if _is_distance(amount, unit):
                return self._word(f"{amount} {unit} ahead", path, f"{amount} {unit}", Shape.DAY)
            case _:
                _refuse(
                    path, "这里应是文字、数、是否或日期；小数请写成文字。", "A text, number, truth or day is expected."
                )
