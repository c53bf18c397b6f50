"""Pages of a person: who this is, what is held on one item, looks, corrections."""

import re
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linyun.foundation.accounts.doors import Entered, door
from linyun.foundation.accounts.policy import may
from linyun.foundation.acts.models import Act
from linyun.foundation.acts.services import record
from linyun.foundation.ui.answer import render, saved
from linyun.foundation.ui.forms import item_field, read_item
from linyun.foundation.ui.paging import BadCursor, Page, page
from linyun.foundation.ui.shell import Crumb
from linyun.foundation.ui.tables import Column, Table
from linyun.front.desk import facts, history, people, reasons
from linyun.front.desk.events import LooksSeen
from linyun.hub.records.items import known
from linyun.hub.records.lineage import held, origin_of
from linyun.hub.records.models import Person
from linyun.hub.records.services import Origin, ReasonMissing, Unstatable, see, see_sealed, settle, state
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Item, Kind, Subject
from linyun.kernel.words import say
from linyun.work.visits.wording import guarded, worded

MORE_VISITS, MOST_VISITS = 100, 10_000
LOOKS = (
    Column("at", "时间"),
    Column("who", "谁"),
    Column("what", "做了什么"),
    Column("why", "理由"),
)


@door("person.see")
@require_http_methods(["GET", "POST"])
def person(request: Entered, person_id: UUID) -> HttpResponse:
    """The page of a person. Whoever works above the committee says why first: that is what a POST brings."""
    if request.method == "POST":
        reason = reasons.said(request)
        if not reason:
            return reasons.ask_again(request, person_id)
        reasons.remember(request, person_id, reason)
    return _person(request, person_id)


@reasons.with_reason
def _person(request: Entered, person_id: UUID) -> HttpResponse:
    found = see(person_id, request.reason)  # type: ignore[attr-defined]
    shown = people.compose(found, request.actor, _how_many(request.GET.get("visits", "")))
    area = found.area
    context = {
        "page": shown,
        "chips": people.chips(shown.tags),
        "more_tags": len(shown.tags) > len(people.chips(shown.tags)),
        "asks": [_ask(item, now) for item, now in shown.asks],
        "mate_line": people.mate_line,
        "kin_line": people.kin_line,
        "earlier": max(0, shown.circle.visit_count - len(shown.circle.visits)),
        "more_visits": len(shown.circle.visits) + MORE_VISITS,
        "kinds": {"actual": _("实际居住"), "registered": _("户籍在此"), "owner": _("产权人")},
        "path": _path(shown),
        "may_write": found.status == "live" and may(request.actor, "visit.write", area),
        "may_operate": may(request.actor, "record.operate", area),
        "may_unmask": may(request.actor, "person.unmask", area),
        "ask_birth": shown.file and not found.birth_date and may(request.actor, "person.correct", area),
    }
    return render(request, "desk/person.html", context)


def _how_many(text: str) -> int:
    """How many visits to show: as asked for, a page's worth at least."""
    return min(max(int(text), people.VISITS), MOST_VISITS) if re.fullmatch(r"[0-9]{1,6}", text) else people.VISITS


def _path(shown: people.PersonPage) -> list[Crumb]:
    """居民 / 公交新村12号 / 周桂芳, the building leading to its page."""
    below = [p for p in shown.circle.path if len(p["code"]) > 15][-1:]
    return [
        Crumb(_("居民"), reverse("people")),
        *(Crumb(p["name"], reverse("building", args=[p["code"]])) for p in below),
        Crumb(shown.person.name),
    ]


def _ask(item: Item, now: Any) -> dict[str, Any]:
    """One line of "today only these": what is known, and the tap that confirms or fills it on the sheet."""
    known_value = guarded(item, now.now.value) if now and now.now else ""
    owner = catalogue.departments.get(item.owner)
    return {
        "code": item.code,
        "name": say(item.name),
        "value": known_value,
        "source": facts.source_line(now.now) if now and now.now else "",
        "owner": say(owner.name) if owner else "",
    }


def _item(code: str) -> Item:
    item = known(Subject.PERSON).get(code)
    if item is None:
        raise Http404
    return item


@door("desk.file")
@require_GET
@reasons.with_reason
def lineage(request: Entered, person_id: UUID, item: str) -> HttpResponse:
    """Where one value comes from, and what other sources say."""
    found, declared = see(person_id, request.reason), _item(item)  # type: ignore[attr-defined]
    context = {
        "person": found,
        "item": declared,
        "held": origin_of("person", found.pk, item),
        "word": guarded,
        "may_correct": may(request.actor, "person.correct", found.area) and facts.correctable(found, declared),
    }
    return render(request, "desk/lineage.html", context)


@door("person.unmask")
@require_http_methods(["GET", "POST"])
def reveal(request: HttpRequest, person_id: UUID, item: str) -> HttpResponse:
    """A masked value in full, for a stated reason."""
    found, declared = see(person_id), _item(item)
    value = error = ""
    opened = False
    if request.method == "POST":
        try:
            value = see_sealed(found, item, reasons.said(request))
        except ReasonMissing as missing:
            error = str(missing)
        else:
            opened = True
            value = worded(declared, value) if declared.code_set and value else value
    context = {
        "person": found,
        "item": declared,
        "value": value,
        "opened": opened,
        "error": error,
        "reasons": reasons.offered(),
        "back": reverse("person", args=[found.pk]),
        "calls": declared.code.endswith("phone"),
    }
    return render(request, "desk/reveal.html", context, status=422 if error else 200)


@door("person.correct")
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, person_id: UUID, item: str) -> HttpResponse:
    """Correct one value at the desk; settles it when sources disagree and a ground is given."""
    found, declared = see(person_id), _item(item)
    if not facts.correctable(found, declared):
        raise Http404
    now = held("person", found.pk).get(item)
    codes = catalogue.code_sets.get(declared.code_set)
    error, ground, typed = "", request.POST.get("ground", "").strip(), None
    value = facts.plain(declared, getattr(found, item, None) or found.tail.get(item))
    if request.method == "POST":
        posted = request.POST.getlist(item)
        parsed = read_item(declared, posted, codes)
        error = parsed.problem or ""
        kept = parsed.blank and not value and now is not None
        if (
            kept and now is not None and now.disagree and ground
        ):  # the form holds no masked value: a ground alone decides nothing
            error = _("请填写核定的%(name)s，只写依据不能核定") % {"name": say(declared.name)}
        if not error:
            try:
                if now is not None and now.disagree and ground:
                    settle(found, item, parsed.value, ground)
                elif not kept:
                    state(
                        found, {item: parsed.value}, source="desk", origin=Origin("desk"), purpose=ground[:60] or "更正"
                    )
            except Unstatable as refused:
                error = str(refused)
            else:
                return saved(
                    request, reverse("person", args=[found.pk]), _("“%(name)s”已更正") % {"name": say(declared.name)}
                )
        typed = posted if declared.kind is Kind.CODES else posted[0] if posted else ""
    field = item_field(declared, value, code_set=codes, error=error, typed=typed)
    context = {"person": found, "item": declared, "field": field, "held": now, "word": guarded, "ground": ground}
    return render(request, "desk/correct.html", context, status=422 if error else 200)


@door("desk.file")
@require_GET
@reasons.with_reason
def looks(request: Entered, person_id: UUID) -> HttpResponse:
    """Who read or changed what of this person, when and why."""
    found = Person.objects.get(pk=person_id)
    why = request.reason  # type: ignore[attr-defined]
    record(LooksSeen(found.pk), area=found.area, subject=("person", found.pk), reason=why)
    them = Person.objects.filter(Q(pk=found.pk) | Q(merged_into=found.pk)).values("pk")
    acts = Act.objects.filter(subject_kind="person", subject_id__in=them)
    try:
        rows = page(acts, ["-at"], request.GET.get("after", ""))
    except BadCursor:
        rows = page(acts, ["-at"])
    lines = [history.look(a.at, a.actor_name, a.verb, a.reason, a.detail) for a in rows.rows]
    table = Table(
        "looks", LOOKS, Page(lines, rows.next), key="at", noun="条记录", caption=_("谁看过、改过"), chooser=False
    )
    return render(request, "desk/looks.html", {"person": found, "table": table}, block="content")
