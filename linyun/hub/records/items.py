"""The items in force: those declared in manifests and those that staff added at run time."""

import re
from collections.abc import Sequence
from contextvars import ContextVar
from typing import Any

from linyun.foundation.accounts.policy import require
from linyun.foundation.acts.actor import Actor, current
from linyun.foundation.acts.services import record
from linyun.foundation.areas import scope
from linyun.hub.records.events import ItemAdded
from linyun.hub.records.models import StaffItem
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import DeclarationError, Item, Kind, Level, Subject


def _built(row: StaffItem) -> Item:
    d = row.definition
    return Item(
        code=row.code,
        subject=Subject(row.subject),
        name=d["name"],
        kind=Kind(d["kind"]),
        owner=d["owner"],
        level=Level(d["level"]),
        purpose=d["purpose"],
        basis=d["basis"],
        group=d.get("group", "本单位补充"),
        code_set=d.get("code_set", ""),
        names=tuple(d.get("names", ())),
        unit=d.get("unit", ""),
        fresh_days=d.get("fresh_days"),
    )


_asked: ContextVar[tuple[Actor, str, Sequence[StaffItem]] | None] = ContextVar("linyun_staff_items", default=None)


def _added() -> Sequence[StaffItem]:
    """What staff added within the scope. A page or an API call asks once: its actor is made for it alone."""
    try:
        who = current()
    except LookupError:
        return list(StaffItem.objects.all())
    if who.channel not in ("page", "api"):
        return list(StaffItem.objects.all())
    before = _asked.get()
    if before is None or before[0] is not who or before[1] != scope.current():
        before = (who, scope.current(), list(StaffItem.objects.all()))
        _asked.set(before)
    return before[2]


def known(subject: Subject) -> dict[str, Item]:
    """All items of a subject usable within the scope, by code."""
    items = {item.code: item for item in catalogue.items_of(subject)}
    for row in _added():
        if row.subject == subject:
            items.setdefault(row.code, _built(row))
    return items


def add_item(subject: Subject, code: str, **definition: Any) -> Item:
    """Add an item at run time, for the area of the post. Raises DeclarationError with a sentence when it does not hold."""
    who = current()
    require(who, "item.add")
    code = "own_" + re.sub(r"[^a-z0-9_]", "_", code.lower())
    if any(item.name == definition.get("name") for item in known(subject).values()):
        raise DeclarationError(f"已经有“{definition['name']}”这一项，请直接使用")
    if definition.get("owner") not in catalogue.departments:
        raise DeclarationError("请选择归口条线")
    row = StaffItem(code=code, area=who.area or "", subject=subject, definition=definition, added_by=who.name)
    item = _built(row)
    row.save(force_insert=True)
    _asked.set(None)
    record(ItemAdded(subject=subject, code=code), area=row.area)
    return item
