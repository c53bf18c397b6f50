"""How stated values are worded for those who read and ask: codes in words, numbers masked."""

from typing import Any

from linyun.foundation.ui.wording import identity_mask, phone_mask
from linyun.hub.records.services import sealer
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Item, Kind, Level
from linyun.kernel.words import listed, say

HIDDEN = "••••"


def worded(item: Item, value: Any) -> str:
    """A stated value as people read it; document numbers and phones masked, "" for what is not known."""
    if value is None or value == "":
        return ""
    if item.kind is Kind.IDENTITY:
        return str(identity_mask(sealer.open(value)))
    if item.kind is Kind.PHONE:
        return str(phone_mask(value))
    if item.kind is Kind.BOOLEAN:
        return say("是") if value else say("否")
    if item.kind in (Kind.CODE, Kind.CODES):
        codes = catalogue.code_sets[item.code_set]
        return listed(say(codes.name_of(c)) for c in (value if isinstance(value, list) else [value]))
    return f"{value}{say(item.unit)}"


def guarded(item: Item, value: Any) -> str:
    """As ``worded``, with what is sensitive hidden: it is read for a reason, one by one."""
    if value in (None, ""):
        return ""
    if item.level >= Level.SENSITIVE and item.kind is not Kind.IDENTITY:
        return HIDDEN
    return worded(item, value)
