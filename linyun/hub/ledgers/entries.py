"""Rows kept by hand: which fields a ledger asks, how what was typed is read, and how it is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from linyun.foundation.ui.forms import Field, item_field, read_item
from linyun.foundation.ui.parts import Fact
from linyun.foundation.ui.wording import phone_mask
from linyun.hub.ledgers.cells import BY_HAND
from linyun.hub.ledgers.layout import Heading
from linyun.hub.ledgers.plans import Plan
from linyun.hub.records.services import sealer
from linyun.kernel.declare import Item, Kind, Level, Subject
from linyun.kernel.values.identity import mask
from linyun.kernel.words import say

DATE = "date"


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed for a row: values by cell code, and problems by cell code as sentences."""

    values: dict[str, Any]
    problems: dict[str, str]


def _item(heading: Heading) -> Item:
    """A hand-kept column as an item, so that it is asked for and read as every other."""
    level = Level.SENSITIVE if heading.kind is Kind.IDENTITY else Level.PERSONAL
    return Item(
        code=heading.value.removeprefix(BY_HAND),
        subject=Subject.PERSON,
        name=heading.full_name,
        kind=heading.kind,
        owner="community",
        level=level,
        purpose="登记台账",
        basis="居委会日常台账",
    )


def fields(plan: Plan, typed: Mapping[str, str], problems: Mapping[str, str]) -> list[Field]:
    """The form of a ledger's hand-kept columns, with what was typed already."""
    items = [_item(h) for h in plan.by_hand]
    asked = [item_field(i, required=i.code == DATE, error=problems.get(i.code, "")) for i in items]
    return [replace(f, value=typed.get(f.name, "")) for f in asked]


def read(plan: Plan, posted: Mapping[str, Sequence[str]], today: date) -> Typed:
    """Read what was posted for a ledger's hand-kept columns. At least one must be filled; a log needs its day."""
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for heading in plan.by_hand:
        item = _item(heading)
        found = read_item(item, posted.get(item.code, ()))
        if found.problem:
            problems[item.code] = found.problem
        elif found.value is not None:
            values[item.code] = found.value
    if plan.is_log and not problems.get(DATE):
        day = values.get(DATE)
        if day is None:
            problems[DATE] = say("请填写日期")
        elif day > today:
            problems[DATE] = say("日期还没有到，请核对")
    if not values and not problems:
        first = plan.by_hand[0].value.removeprefix(BY_HAND) if plan.by_hand else ""
        problems[first] = say("请至少填写一格")
    return Typed(values, problems)


def kept(value: Any) -> Any:
    """A value as the entry's JSON holds it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def shown(plan: Plan, cells: Mapping[str, Any]) -> list[Fact]:
    """An entry's cells as its page shows them, document numbers and phones masked; cells no longer asked come last."""
    facts = []
    known = {h.value.removeprefix(BY_HAND): h for h in plan.by_hand}
    for code in [*known, *(c for c in cells if c not in known)]:
        value, heading = cells.get(code), known.get(code)
        kind = heading.kind if heading else Kind.TEXT
        if value and (kind is Kind.IDENTITY or str(value).startswith("s1:")):
            value = mask(sealer.open(str(value)))
        elif value and kind is Kind.PHONE:
            value = phone_mask(str(value))
        facts.append(Fact(say(heading.full_name) if heading else code, value))
    return facts
