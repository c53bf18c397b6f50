"""What the page of crowds shows: columns and cells, errors with their place, the traits of a portrait, what one can do."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from linyun.foundation.accounts.policy import may
from linyun.foundation.acts.actor import Actor
from linyun.foundation.ui.parts import Chip, Empty
from linyun.foundation.ui.tables import BulkAction, Column, leading_to
from linyun.hub.scan.builder import Builder
from linyun.hub.scan.find import Asked, Trait
from linyun.hub.scan.listing import values_of
from linyun.hub.scan.words import every_operator, operators_of
from linyun.hub.tags.services import borne_by
from linyun.hub.tags.telling import telling
from linyun.hub.tags.vocabulary import vocabulary
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Item, Menu, Subject
from linyun.kernel.rule import Rule, RuleError
from linyun.kernel.values.phones import mask
from linyun.kernel.words import lang, listed, msgid, say

FACE = "crowd"
"""Menu entries of this face are offered for the ticked people of a crowd (see crowd_actions)."""
MOST_TAGS = 2
NOUNS: Mapping[Subject, str] = {
    Subject.PERSON: "人",
    Subject.HOUSEHOLD: "户",
    Subject.DWELLING: "套",
    Subject.ORGANISATION: "家",
    Subject.PLACE: "处",
}
SUBJECTS: Mapping[Subject, str] = {
    Subject.PERSON: msgid("居民"),
    Subject.HOUSEHOLD: msgid("住户"),
    Subject.DWELLING: msgid("房屋"),
    Subject.ORGANISATION: msgid("单位"),
    Subject.PLACE: msgid("场所"),
}
_TRAITS: Mapping[Subject, Sequence[tuple[str, str, str]]] = {
    Subject.PERSON: (
        (msgid("女性"), "性别 = 女", "sex"),
        (msgid("60 岁及以上"), "年龄 >= 60", "age"),
        (msgid("80 岁及以上"), "年龄 >= 80", "age"),
        (msgid("未成年人"), "年龄 < 18", "age"),
        (msgid("独自居住"), "同住人数 = 1", "housemate_count"),
        (msgid("人户一致"), "人户一致 = 是", "registered_lives_here"),
        (msgid("30 天内走访过"), "最近走访 不早于 30天前", "last_visit"),
        (msgid("留有电话"), "联系电话 不为空", "phone"),
    ),
    Subject.HOUSEHOLD: (
        (msgid("一人户"), "户内人数 = 1", "member_count"),
        (msgid("五人及以上"), "户内人数 >= 5", "member_count"),
    ),
    Subject.DWELLING: (
        (msgid("有人居住"), "居住人数 >= 1", "resident_count"),
        (msgid("有人户籍在此"), "户籍人数 >= 1", "registered_count"),
    ),
}
EXAMPLES: Sequence[Trait] = (
    (msgid("80 岁以上、独居、30 天没走访"), "年龄 >= 80 且 标签 = 独居老人 且 最近走访 早于 30天前"),
    (msgid("高龄、子女都不住在本居委"), "年龄 >= 80 且 子女 无人 (居住在本居委 = 是)"),
    (msgid("租住在这里的人"), "居住在本居委 = 是 且 户籍在本居委 = 否"),
    (msgid("还没有联系电话的老人"), "年龄 >= 60 且 联系电话 为空"),
)


def traits(subject: Subject) -> list[Trait]:
    """The traits that a portrait compares; those over a word of an upper app only when that is declared."""
    known = {code for (s, code) in (*catalogue.terms, *catalogue.items) if s is subject}
    return [(name, rule) for name, rule, code in _TRAITS.get(subject, ()) if code in known]


def address(rule: Rule | str, subject: Subject, **more: str) -> str:
    """The page of a crowd."""
    text = rule if isinstance(rule, str) else rule.text("zh")
    query = {"rule": text, **({"subject": subject.value} if subject is not Subject.PERSON else {}), **more}
    return f"{reverse('crowds')}?{urlencode({k: v for k, v in query.items() if v})}"


def narrowed(asked: Asked, rule: str) -> str:
    """The page of the same crowd with one more condition."""
    return address(f"({asked.rule.text('zh')}) 且 {rule}", asked.subject)


def said(builder: Builder, subject: Subject) -> list[str]:
    """The operator of each row in words: a tag is had (有), an age is not below (不小于)."""
    words = vocabulary()
    every = every_operator(subject, words)
    found = []
    for row in builder.rows:
        fitting = dict(operators_of(row.word, subject, words))
        field = words.words(subject).fields.only(row.word)
        never = field.never[0] if field and row.op == "为空" and lang() == "zh" else ""
        found.append(never or fitting.get(row.op) or every.get(row.op, row.op))
    return found


def told(rule: Rule) -> dict[str, str]:
    """The rule in words (``says``), and what becomes of those for whom something is not known (``aside``)."""
    says, *notes = rule.sentences(lang())
    return {"says": says, "aside": ("" if lang() == "zh" else " ").join(notes)}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A rule that cannot be read: what was written before, at and after the place, why, and what was perhaps meant."""

    sentence: str
    before: str
    wrong: str
    after: str
    nearest: str
    mended: str

    @classmethod
    def of(cls, error: RuleError, text: str, subject: Subject) -> "Refusal":
        """From the parser's error."""
        start, end = max(0, min(error.start, len(text))), max(0, min(error.end, len(text)))
        mended = text[:start] + error.nearest + text[end:] if error.nearest and end > start else ""
        link = address(mended, subject) if mended else ""
        return cls(error.message, text[:start], text[start:end] or "…", text[end:], error.nearest, link)


def columns(subject: Subject, *, unknown: bool) -> list[Column]:
    """The columns of a crowd of such subjects."""
    lacking = [Column("missing", _("要先知道"), kind="chips")] if unknown else []
    seen = "last_visit" in values_of(subject)
    visits = [Column("last_visit", _("最近走访"), sortable=True, kind="ago")] if seen else []
    address_column = Column("address", _("住址"))
    match subject:
        case Subject.PERSON:
            return [
                Column("name", _("姓名"), sortable=True),
                Column("age", _("年龄"), sortable=True, numeric=True),
                address_column,
                *visits,
                *(lacking or [Column("tags", _("标签"), kind="chips")]),
                Column("emergency_contact", _("紧急联系人"), hidden=unknown),
                Column("phone", _("电话"), hidden=True),
            ]
        case Subject.HOUSEHOLD:
            members = Column("member_count", _("户内人数"), sortable=True, numeric=True)
            return [
                Column("name", _("户主"), sortable=True),
                Column("address", _("住址"), sortable=True),
                members,
                *lacking,
            ]
        case Subject.DWELLING:
            residents = Column("resident_count", _("居住人数"), sortable=True, numeric=True)
            return [Column("name", _("地址"), sortable=True), residents, *lacking]
    return [Column("name", _("名称"), sortable=True), address_column, *lacking]


_PAGES = {Subject.PERSON: "person", Subject.HOUSEHOLD: "household", Subject.DWELLING: "dwelling"}


def pages_of(subject: Subject) -> Callable[[Any], str] | None:
    """How rows lead to their pages; None where the house has none for such subjects."""
    try:
        return leading_to(_PAGES[subject]) if subject in _PAGES else None
    except NoReverseMatch:
        return None


def cells(
    asked: Asked, rows: Sequence[dict[str, Any]], missing: Mapping[Any, Sequence[str]] | None
) -> list[dict[str, Any]]:
    """Rows with their worded values: age, masked phone, the most telling tags or what is not known."""
    for row in rows:
        born: date | None = row.get("birth_date")
        row["age"] = clock.years_between(born, asked.today) if born else None
        row["phone"] = mask(row["phone"]) if row.get("phone") else ""
        row["name"] = row.get("name") or _("（未登记）")
        row["missing"] = [Chip(word, "warn") for word in (missing or {}).get(row["id"], ())]
    if missing is None and asked.subject is Subject.PERSON:
        wanted = {use.code for use in asked.rule.items() if use.what == "tag"}
        borne = borne_by(asked.subject, [row["id"] for row in rows], opened=wanted)
        said = cache(say)  # fifty people bear the same few tags
        for row in rows:
            told = telling(borne[row["id"]], wanted)
            row["tags"] = [
                Chip(said(b.tag.name), "warn" if b.mark and b.mark.until else "", title=said(b.tag.meaning))
                for b in told[:MOST_TAGS]
            ]
            if len(told) > MOST_TAGS:
                row["tags"].append(
                    Chip(f"+{len(told) - MOST_TAGS}", "plain", title=listed(said(b.tag.name) for b in told[MOST_TAGS:]))
                )
    return list(rows)


def crowd_actions(actor: Actor) -> list[Menu]:
    """What upper apps let one do with people of a crowd.

    An app declares ``Menu(code, label, route, icon, action, order, face="crowd")``; the route takes a POST with
    ``chosen`` (ids of persons, several), ``why`` (the crowd in words) and ``due_on`` (ISO date), and uses what it needs.
    """
    return [m for m in catalogue.menu if m.face == FACE and may(actor, m.action)]


def bulk(actor: Actor, subject: Subject) -> list[BulkAction]:
    """The buttons under the list."""
    hand = reverse("crowd_hand")
    people = crowd_actions(actor) if subject is Subject.PERSON else []
    found = [BulkAction(_(m.label), f"{hand}?to={m.code}", "primary" if not n else "") for n, m in enumerate(people)]
    if may(actor, "crowd.export"):
        found.append(BulkAction(_("导出"), reverse("crowd_export")))
    return found


def ledger_url(actor: Actor, asked: Asked) -> str:
    """Where a ledger of these people is begun, rule filled in; empty where ledgers are not installed or not allowed."""
    if "ledger.define" not in catalogue.actions or not may(actor, "ledger.define"):
        return ""
    try:
        return f"{reverse('ledger_new')}?{urlencode({'source': asked.subject.value, 'rule': asked.rule.text('zh')})}"
    except NoReverseMatch:
        return ""


def empty(rule: str, unknown: bool) -> Empty:
    """What to say when nobody belongs."""
    if unknown:
        return Empty(_("没有不能确定的人"), _("这条规则要用到的资料都齐了。"), icon="check")
    return Empty(_("没有符合条件的"), _("可以去掉一个条件再看。") if rule else "", icon="crowd")


def group_of(items: Mapping[str, Item]) -> dict[str, str]:
    """Item code → the group under which it is offered."""
    return {code: item.group for code, item in items.items()}
