"""The items in force: those declared in manifests and those that staff added at run time."""

import re
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import count

from linyun.foundation.accounts.policy import require
from linyun.foundation.acts.actor import Actor, current
from linyun.foundation.acts.services import record
from linyun.foundation.areas import scope
from linyun.hub.records.events import ItemAdded
from linyun.hub.records.models import StaffItem
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import DeclarationError, Item, Kind, Level, Subject
from linyun.kernel.rule import Vocabulary, refuse_forbidden
from linyun.kernel.values.pinyin import pinyin_key
from linyun.kernel.words import listed, say


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
        help=say("可填：{choices}", choices=listed(d["choices"])) if d.get("choices") else "",
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


def added() -> list[Item]:
    """The items that staff added, usable within the scope, of all subjects."""
    return [_built(row) for row in _added()]


def choices(subject: Subject) -> Mapping[str, Sequence[str]]:
    """The short lists of choices that staff gave to the items they added, by item code."""
    rows = (row for row in _added() if row.subject == subject)
    return {row.code: row.definition["choices"] for row in rows if row.definition.get("choices")}


def added_by(subject: Subject) -> Mapping[str, StaffItem]:
    """The items of a subject that staff added, by code, with who added them and when."""
    return {row.code: row for row in _added() if row.subject == subject}


OWN = "own_"
MOST_CHOICES = 30
LONGEST_SLUG = 20
KINDS = (Kind.TEXT, Kind.INTEGER, Kind.DECIMAL, Kind.DATE, Kind.BOOLEAN, Kind.CODE, Kind.CODES, Kind.PHONE)
"""What staff may add. A document number or an area is never a matter of one committee."""


class Unaddable(DeclarationError):
    """An item cannot be added; ``field`` is the part of the form that the sentence is about."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, slots=True)
class Draft:
    """An item as staff describe it. ``choices`` are the answers offered for a text; ``fresh_days`` None: never stale."""

    subject: Subject
    name: str
    kind: Kind
    owner: str
    level: Level
    purpose: str
    basis: str
    group: str = ""
    code_set: str = ""
    choices: tuple[str, ...] = ()
    unit: str = ""
    fresh_days: int | None = None


def _check(draft: Draft) -> None:
    """Raises Unaddable with the sentence for the first thing that does not hold."""
    if not 2 <= len(draft.name.strip()) <= 20:
        raise Unaddable("name", say("名称请写 2 到 20 个字"))
    said = [("name", draft.name), ("purpose", draft.purpose), ("name", draft.group)]
    for field, text in (*said, *(("choices", c) for c in draft.choices)):
        if why := refuse_forbidden(text):
            raise Unaddable(field, say(why))
    if any(draft.name in (item.name, *item.names) for item in known(draft.subject).values()):
        raise Unaddable("name", say("已经有“{name}”这一项，请直接使用", name=draft.name))
    if draft.kind not in KINDS:
        raise Unaddable("kind", say("请选择填写方式"))
    if draft.kind in (Kind.CODE, Kind.CODES) and draft.code_set not in catalogue.code_sets:
        raise Unaddable("code_set", say("请选择一个代码集，或改为“文字”并列出选项"))
    if len(draft.choices) > MOST_CHOICES or any(len(c) > 30 for c in draft.choices):
        raise Unaddable("choices", say("选项最多 {most} 个，每个不超过 30 个字", most=MOST_CHOICES))
    if draft.owner not in catalogue.departments:
        raise Unaddable("owner", say("请选择归口条线"))
    if len(draft.purpose) < 2:
        raise Unaddable("purpose", say("请写明用途：没有用途的个人信息不能收集"))
    if len(draft.basis) < 2:
        raise Unaddable("basis", say("请写明依据：没有依据的个人信息不能收集"))
    if draft.fresh_days is not None and not 1 <= draft.fresh_days <= 3650:
        raise Unaddable("fresh_days", say("有效天数请写 1 到 3650，一直有效请留空"))


def _code(draft: Draft, area: str) -> str:
    """A code that no other area has: two committees may each have their own 养宠物."""
    slug = re.sub(r"[^a-z0-9]", "", pinyin_key(draft.name).full)[:LONGEST_SLUG] or "x"
    taken = set(StaffItem.objects.filter(area=area).values_list("code", flat=True))
    codes = (f"{OWN}{slug}{n if n > 1 else ''}_{area}" for n in count(1))
    return next(code for code in codes if code not in taken)


def add_item(draft: Draft) -> Item:
    """Add an item at run time, for the area of the post and all within it. Raises Unaddable with a sentence."""
    who = current()
    require(who, "item.add")
    _check(draft)
    area = who.area or ""
    definition = {
        "name": draft.name, "kind": draft.kind, "owner": draft.owner, "level": int(draft.level),
        "purpose": draft.purpose, "basis": draft.basis, "unit": draft.unit, "fresh_days": draft.fresh_days,
        "code_set": draft.code_set if draft.kind in (Kind.CODE, Kind.CODES) else "",
        "choices": list(draft.choices) if draft.kind is Kind.TEXT else [],
        **({"group": draft.group} if draft.group else {}),
    }  # fmt: skip
    row = StaffItem(code=_code(draft, area), area=area, subject=draft.subject, definition=definition, added_by=who.name)
    item = _built(row)
    try:
        words = Vocabulary.of(catalogue, items=[item]).words(draft.subject)
    except DeclarationError as refused:
        raise Unaddable("name", say("“{name}”不能作名称，请换一个说法", name=draft.name)) from refused
    if words.fields.only(draft.name) is None or draft.name in words.relations:
        raise Unaddable("name", say("“{name}”已经有别的意思，请换一个名称", name=draft.name))
    row.save(force_insert=True)
    _asked.set(None)
    record(ItemAdded(subject=draft.subject, code=row.code), area=row.area)
    return item
