"""Pages of the tag dictionary: a walk by subject, line of work and topic; one tag; what was set by hand and ends soon."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linyun.foundation.accounts.doors import Entered, door
from linyun.foundation.accounts.policy import may
from linyun.foundation.areas import scope
from linyun.foundation.ui.answer import render
from linyun.foundation.ui.paging import BadCursor, page
from linyun.foundation.ui.parts import Chip, Empty
from linyun.foundation.ui.shell import crumbs
from linyun.foundation.ui.tables import Column, Table
from linyun.foundation.ui.wording import group
from linyun.hub.records.models import RECORDS
from linyun.hub.records.services import listed
from linyun.hub.tags.counts import all_tags, counts, kept_counts
from linyun.hub.tags.models import Mark
from linyun.hub.tags.rules import coarse
from linyun.hub.tags.vocabulary import vocabulary
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Level, Role, Subject, Tag
from linyun.kernel.rule import parse
from linyun.kernel.words import lang, msgid, say

SUBJECTS: Mapping[Subject, str] = {
    Subject.PERSON: msgid("居民"),
    Subject.HOUSEHOLD: msgid("住户"),
    Subject.DWELLING: msgid("房屋"),
    Subject.ORGANISATION: msgid("单位"),
    Subject.PLACE: msgid("场所"),
}
LEVELS: Mapping[Level, tuple[str, str]] = {
    Level.PUBLIC: (msgid("公开"), "ok"),
    Level.INTERNAL: (msgid("内部"), "plain"),
    Level.PERSONAL: (msgid("个人"), ""),
    Level.SENSITIVE: (msgid("敏感"), "warn"),
}
COMMITTEE = 12
"""Digits of a committee's code: within one, all tags are counted at once; above, one tag at a time."""
SOON = timedelta(days=30)
NEAR = 12


def _subject(text: str | None) -> Subject:
    return Subject(text) if text in tuple(Subject) else Subject.PERSON


def _told(request: Entered, number: int | None) -> str:
    """A count as this reader may see it: exact for those who may see persons, else rounded; "" where none is told."""
    if number is None or request.actor.role is Role.OPERATOR:
        return ""
    if may(request.actor, "person.find"):
        return group(number)
    shown = coarse(number)
    return _("少于 5") if shown is None else group(shown)


def _matches(tag: Tag, q: str) -> bool:
    owner = catalogue.departments[tag.owner].name
    words = (tag.name, tag.meaning, tag.code, *tag.names, *tag.path, owner)
    return any(q in part for part in words) or q.lower() in say(tag.name).lower()


@door("tag.see")
@require_GET
def dictionary(request: Entered) -> HttpResponse:
    """The dictionary about one subject: line of work, topic, tag; each with how many bear it here."""
    subject, q = _subject(request.GET.get("subject")), request.GET.get("q", "").strip()[:40]
    tags = all_tags(subject)
    counted = kept_counts(subject, clock.today()) if len(scope.current()) >= COMMITTEE else {}
    walk: dict[str, dict[str, list[tuple[Tag, str]]]] = {}
    for tag in tags:
        if not q or _matches(tag, q):
            topics = walk.setdefault(say(tag.path[1] if len(tag.path) > 1 else msgid("其他")), {})
            topics.setdefault(" / ".join(map(say, tag.path[2:])) or _("其他"), []).append(
                (tag, _told(request, counted.get(tag.code)))
            )
    context = {
        "subject": subject,
        "subjects": [(s.value, _(name), len(all_tags(s))) for s, name in SUBJECTS.items()],
        "q": q,
        "walk": walk,
        "total": sum(len(found) for topics in walk.values() for found in topics.values()),
        "by_rule": sum(bool(tag.rule) for tag in tags),
        "has_numbers": bool(counted) and request.actor.role is not Role.OPERATOR,
        "sensitive": Level.SENSITIVE,
        "may_mark": may(request.actor, "tag.set"),
        "nothing": Empty(_("词典里没有这样的标签"), _("换一个说法再找。"), icon="search"),
    }
    return render(request, "tags/dictionary.html", context)


@door("tag.see")
@require_GET
def tag(request: Entered) -> HttpResponse:
    """One tag: what it means, what it is for, whose it is, how it comes about, how long it lasts, how many bear it."""
    found = catalogue.tags.get(request.GET.get("code", ""))
    if found is None:
        if not request.GET.get("code"):
            return dictionary(request)
        raise Http404("no such tag")
    number = None if request.actor.role is Role.OPERATOR else counts(found.subject, [found], clock.today())[found.code]
    rule = parse(found.rule, found.subject, vocabulary()) if found.rule else None
    context: dict[str, Any] = {
        "path": crumbs(
            (_("标签词典"), f"{reverse('tags')}?subject={found.subject}"), *map(say, (*found.path[1:], found.name))
        ),
        "tag": found,
        "owner": say(catalogue.departments[found.owner].name),
        "level": (say(LEVELS[found.level][0]), LEVELS[found.level][1]),
        "subject_name": _(SUBJECTS[found.subject]),
        "rule": rule.text(lang()) if rule else "",
        "says": rule.say(lang()) if rule else "",
        "reads": _reads(rule) if rule else [],
        "told": _told(request, number),
        "crowd_rule": f"tag = {found.code}",
        "sees_crowds": "crowd.count" in catalogue.actions and may(request.actor, "crowd.count"),
        "near": [t for t in all_tags(found.subject) if t.path == found.path and t.code != found.code][:NEAR],
    }
    return render(request, "tags/tag.html", context)


def _reads(rule: Any) -> list[str]:
    """Names of the items and terms that a rule looks at."""
    words = vocabulary()
    used = [use for use in rule.items() if use.what in ("item", "term")]
    return sorted({say(words.field(use.subject, use.code).name) for use in used})


@door("tag.set")
@require_GET
def marks(request: Entered) -> HttpResponse:
    """What was set by hand and is in force, those that end soonest first. Sensitive ones stand on the person's page."""
    today = clock.today()
    open_tags = [t.code for t in catalogue.tags.values() if t.level < Level.SENSITIVE]
    rows = Mark.objects.in_force(today).filter(tag__in=open_tags)
    try:
        found = page(rows, ["until", "tag"], request.GET.get("after", ""), total=rows.count())
    except BadCursor:
        found = page(rows, ["until", "tag"], total=rows.count())
    names = _names(list(found.rows))
    listed((m.subject_id for m in found.rows), by="marks")
    table = Table(
        "marks",
        (
            Column("name", _("谁"), show=lambda m: names.get(m.subject_id, "—")),
            Column(
                "tag",
                _("标签"),
                kind="chips",
                show=lambda m: [_chip(m.tag, m.until is not None and m.until <= today + SOON)],
            ),
            Column("until", _("有效期至"), kind="day"),
            Column("ground", _("依据")),
            Column("set_by", _("设置人")),
            Column("set_on", _("设置日期"), kind="day"),
        ),
        found,
        href=lambda m: reverse("person_tags", args=[m.subject_id]) if m.subject_kind == "person" else "",
        noun="个",
        caption=_("手工标签"),
        empty=Empty(_("还没有手工设置的标签"), _("打开一位居民，在“标签”里设置。要写依据，多数会到期。"), icon="tag"),
    )
    context = {"table": table, "path": crumbs((_("标签词典"), reverse("tags")), _("手工标签")),
               "soon": rows.filter(until__lte=today + SOON).count()}  # fmt: skip
    return render(request, "tags/marks.html", context)


def _chip(code: str, ends: bool) -> Chip:
    declared = catalogue.tags[code]
    return Chip(say(declared.name), "warn" if ends else "", title=say(declared.meaning))


def _names(rows: list[Mark]) -> dict[Any, str]:
    """What the marked subjects are called, one query for each kind among them."""
    found: dict[Any, str] = {}
    for kind in {m.subject_kind for m in rows}:
        ids = [m.subject_id for m in rows if m.subject_kind == kind]
        found |= {pk: str(one) for pk, one in RECORDS[kind]._default_manager.in_bulk(ids).items()}
    return found
