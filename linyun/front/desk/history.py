"""The timeline of a person: visits, moves, imports and corrections, newest first, by month; and who looked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from linyun.foundation.ui import wording
from linyun.foundation.ui.parts import Chip, Entry
from linyun.front.desk.circle import Circle
from linyun.hub.records.operations import KINDS
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Item, Subject
from linyun.kernel.words import msgid, retold, say

ITEMS_NAMED = 4


@dataclass(frozen=True, slots=True)
class Month:
    """The entries of one month, under its name."""

    title: str
    entries: Sequence[Entry]


def by_month(entries: Sequence[Entry]) -> list[Month]:
    """Entries, newest first, cut into months: "11 月", "2025 年 12 月"."""
    ordered = sorted(entries, key=lambda e: e.when, reverse=True)
    return [
        Month(_title(y, m), list(found)) for (y, m), found in groupby(ordered, lambda e: (e.when.year, e.when.month))
    ]


def _title(year: int, month: int) -> str:
    return wording.month(year, month, this_year=clock.today().year)


def words_of(visit: Mapping[str, Any]) -> str:
    """What a visit says, in one paragraph."""
    parts = [visit["situation"]]
    if visit.get("needs"):
        parts.append(_("需求：%(text)s") % {"text": visit["needs"]})
    if visit.get("outcome"):
        parts.append(_("结果：%(text)s") % {"text": visit["outcome"]})
    return " ".join(p for p in parts if p)


def visit_entry(visit: Mapping[str, Any]) -> Entry:
    """A visit on the timeline."""
    photos = [reverse("visit_photo", args=[pk]) for pk in visit.get("photos") or ()]
    return Entry(
        when=visit["visited_on"],
        mode=say(catalogue.code_sets["visit_mode"].name_of(visit["mode"])),
        who=visit["visitor"],
        text=words_of(visit),
        href=reverse("visit", args=[visit["id"]]),
        photos=[(p, p) for p in photos],
    )


def _operation_entry(operation: Mapping[str, Any]) -> Entry:
    name = KINDS[operation["kind"]][0] if operation["kind"] in KINDS else operation["kind"]
    undone = [Chip(_("已撤销"), kind="plain")] if operation["undone_at"] else []
    return Entry(
        when=operation["happened_on"], text=operation["reason"], mode=name, who=operation["actor_name"], chips=undone
    )


def _stated_entry(stated: Mapping[str, Any], items: Mapping[str, Item]) -> Entry:
    """Values that came from a register, a roster, or the desk: which items, never the values."""
    names = [say(items[code].name) for code in items if code in set(stated["items"] or ())]
    some = "、".join(names[:ITEMS_NAMED])
    text = _("%(some)s 等 %(n)s 项") % {"some": some, "n": len(names)} if len(names) > ITEMS_NAMED else some
    source = catalogue.sources.get(stated["source"])
    href = reverse("import_row", args=[stated["origin_id"]]) if stated["origin_kind"] == "import_row" else ""
    return Entry(
        when=stated["true_on"], text=text, mode=say(source.name) if source else stated["source"],
        who=stated["collector"] or "", href=href, icon="file",
    )  # fmt: skip


def entries(circle: Circle, *, with_values: bool, items: Mapping[str, Item]) -> list[Entry]:
    """Everything that happened; what registers said only for those who may read the file."""
    found = [visit_entry(v) for v in circle.visits]
    if with_values:
        oldest = min((v["visited_on"] for v in circle.visits), default=date.min)
        found += [_operation_entry(o) for o in circle.operations]
        cut = oldest if circle.visit_count > len(circle.visits) else date.min
        found += [_stated_entry(s, items) for s in circle.stated if s["true_on"] >= cut]
    return found


@dataclass(frozen=True, slots=True)
class Look:
    """Who did or read what of a person, when and why."""

    at: Any
    who: str
    what: str
    why: str


_VERBS = {
    "person_seen": msgid("打开了页面"),
    "sealed_item_seen": msgid("查看了完整的%(item)s"),
    "sensitive_tags_seen": msgid("查看了敏感标签"),
    "looks_seen": msgid("查看了留痕"),
    "items_stated": msgid("记录了 %(count)s 项"),
    "value_settled": msgid("核定了%(item)s"),
    "tag_set": msgid("设置了标签"),
    "tag_retracted": msgid("取消了标签"),
}
OTHER_VERB = msgid("办理了一项业务")


def look(at: Any, actor_name: str, verb: str, reason: str, detail: Mapping[str, Any]) -> Look:
    """An act about a person in words; verbs of other apps by their own name."""
    item = catalogue.items.get((Subject.PERSON, str(detail.get("item", ""))))
    words = {"item": say(item.name) if item else _("一项"), "count": len(detail.get("items") or ())}
    return Look(at, actor_name, say(_VERBS.get(verb, OTHER_VERB)) % words, retold(reason))
