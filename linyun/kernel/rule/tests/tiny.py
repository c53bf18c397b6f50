"""A second, tiny meaning of rules, written from the handbook and not from the product: what the product is held against.

It works on the JSON form, on three numbers instead of three truths (0 no, ½ not known, 1 yes), and counts the ways in
which the unknown may turn out. It knows the invented world of ``world.py`` by heart and nothing else.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

NO, MAYBE, YES = 0.0, 0.5, 1.0
AREAS = {"live_area"}
TAGS_OF = {
    ("人",): {"lone_elder", "aged", "sixty", "disabled", "subsidy", "care", "other_a", "other_b", "team"},
    ("人", "民政"): {"lone_elder", "aged", "disabled", "subsidy", "care", "other_a"},
    ("人", "民政", "老人"): {"lone_elder", "aged"},
    ("人", "民政", "残疾"): {"disabled"},
    ("人", "民政", "救助"): {"subsidy", "other_a"},
    ("人", "基本"): {"sixty"},
    ("人", "基本", "年龄"): {"sixty"},
    ("人", "人社"): {"other_b"},
    ("人", "人社", "就业"): {"other_b"},
    ("人", "党群"): {"team"},
    ("户",): {"old_home"},
    ("户", "民政"): {"old_home"},
    ("房",): {"let"},
    ("房", "居住"): {"let"},
}
SIGNS = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
    "before": lambda a, b: a < b,
    "after": lambda a, b: a > b,
    "not_before": lambda a, b: a >= b,
    "not_after": lambda a, b: a <= b,
}


def answer(form: Mapping[str, Any], facts: Mapping[str, Any], today: date) -> bool | None:
    """True, False, or None where the facts do not decide."""
    return {NO: False, MAYBE: None, YES: True}[_node(form["where"], facts, today)]


def _node(node: Mapping[str, Any], facts: Mapping[str, Any], today: date) -> float:
    if "all" in node:
        return min(_node(part, facts, today) for part in node["all"])
    if "any" in node:
        return max(_node(part, facts, today) for part in node["any"])
    if "not" in node:
        return 1 - _node(node["not"], facts, today)
    if "tag" in node:
        return _tag(node["tag"], facts)
    if "branch" in node:
        return max(_tag(tag, facts) for tag in TAGS_OF[tuple(node["branch"])])
    if "related" in node:
        return _related(node, facts, today)
    return _test(node, facts.get(node["item"]), today)


def _at_least(value: Any, number: int) -> float:
    return MAYBE if value is None else float(value >= number)


def _tag(code: str, facts: Mapping[str, Any]) -> float:
    if code == "aged":
        return _at_least(facts["age"], 80)
    if code == "sixty":
        return _at_least(facts["age"], 60)
    if code == "old_home":
        return min([_at_least(p["age"], 60) for p in facts["member"]], default=YES)
    if code == "care":
        grown = [min(_at_least(p["age"], 18), 1 - _at_least(p["age"], 60)) for p in facts["housemate"]]
        return max(min(_tag("aged", facts), _tag("lone_elder", facts)), 1 - max(grown, default=NO))
    return float(code in facts["tags"])


def _related(node: Mapping[str, Any], facts: Mapping[str, Any], today: date) -> float:
    where = node["where"]
    found = [YES if where is None else _node(where, other, today) for other in facts[node["related"]]]
    match node["quantity"]:
        case "any":
            return max(found, default=NO)
        case "none":
            return 1 - max(found, default=NO)
        case "all":
            return min(found, default=YES)
    sure, doubtful = found.count(YES), found.count(MAYBE)
    ways = {SIGNS[node["op"]](count, node["value"]) for count in range(sure, sure + doubtful + 1)}
    return MAYBE if len(ways) == 2 else float(ways.pop())


def _test(node: Mapping[str, Any], held: Any, today: date) -> float:
    op, value = node["op"], node.get("value")
    if op == "unknown":
        return float(held is None)
    if held is None:
        return MAYBE
    if op == "contains":
        return float(value in held)
    if op == "has":
        return float(value in list(held))
    if op == "between":
        low, high = (_like(v, held, today) for v in value)
        return float(low <= held <= high)
    if op == "in" and node["item"] in AREAS:
        return float(any(held[: len(area)] == area for area in value))
    if op == "in":
        return float(held in [_like(v, held, today) for v in value])
    return float(SIGNS[op](held, _like(value, held, today)))


def _like(value: Any, held: Any, today: date) -> Any:
    """The value of the form as the same sort of thing as what is held."""
    if isinstance(value, dict):
        sign, amount = (-1, value["ago"]) if "ago" in value else (1, value["ahead"])
        return stepped(today, sign * amount, value["unit"])
    if isinstance(held, date):
        return date.fromisoformat(value)
    if isinstance(held, Decimal):
        return Decimal(value)
    return value


def stepped(today: date, amount: int, unit: str) -> date:
    """So many units from a day, one at a time as one would count on a wall calendar; a day that is missing falls back."""
    if unit in ("day", "week"):
        return today + timedelta(days=amount * (7 if unit == "week" else 1))
    year, month = today.year, today.month
    for _ in range(abs(amount) * (12 if unit == "year" else 1)):
        month += 1 if amount > 0 else -1
        if month in (0, 13):
            year, month = (year - 1, 12) if month == 0 else (year + 1, 1)
    day = today.day
    while True:
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1
