"""Pages of visits: the list, one visit with its photos, the sheet at the door, planning."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linyun.foundation.accounts.doors import Entered, door
from linyun.foundation.accounts.policy import may
from linyun.foundation.acts.services import record
from linyun.foundation.leaving.gate import let_out
from linyun.foundation.ui.answer import client_key, download, render, saved
from linyun.foundation.ui.charts import Bar
from linyun.foundation.ui.paging import BadCursor, Page, page
from linyun.foundation.ui.parts import Empty
from linyun.foundation.ui.tables import Column, Sort, Table, parse_sort
from linyun.foundation.ui.wording import counted, day
from linyun.hub.records.lineage import statements_of
from linyun.hub.records.models import Dwelling, Person
from linyun.hub.records.services import Unstatable, listed, see
from linyun.hub.tags.services import borne_by
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Subject
from linyun.kernel.words import say
from linyun.work.visits import form, listing, services, weekly
from linyun.work.visits.asking import Asked, departments, to_ask
from linyun.work.visits.events import VisitSeen
from linyun.work.visits.models import Visit

COLUMNS = (
    Column("person", "被访者", show=lambda v: about(v)),
    Column("visited_on", "日期", sortable=True, kind="day"),
    Column("address", "地址", show=lambda v: v.dwelling.address if v.dwelling else ""),
    Column("mode", "方式", show=lambda v: say(catalogue.code_sets["visit_mode"].name_of(v.mode))),
    Column("situation", "情况", kind="long", show=lambda v: v.situation[:60] + ("…" if len(v.situation) > 60 else "")),
    Column("visitor", "走访人"),
    Column("follow_up_on", "约回访", kind="day", hidden=True),
    Column("needs", "需求和建议", kind="long", hidden=True),
)


def about(visit: Visit) -> str:
    """Who or what a visit was to."""
    return visit.person.name if visit.person else _("住户")


def _rows(request: HttpRequest, chosen: listing.Chosen, sort: Sort) -> Page[Visit]:
    total = chosen.rows().count()
    try:
        return page(chosen.rows(), [str(sort)], request.GET.get("after", ""), total=total)
    except BadCursor:
        return page(chosen.rows(), [str(sort)], total=total)


@door("visit.see")
@require_GET
def visits(request: Entered) -> HttpResponse:
    """Visits of the scope, newest first, filtered."""
    chosen = listing.Chosen.of(request.GET.dict())
    sort = parse_sort(request.GET.get("sort", ""), COLUMNS, Sort("visited_on", True))
    found = _rows(request, chosen, sort)
    listed({v.person_id for v in found.rows if v.person_id}, by="visits")
    table = Table(
        "visits",
        COLUMNS,
        found,
        href=lambda v: reverse("visit", args=[v.pk]),
        sort=sort,
        query=request.GET.dict(),
        noun="次",
        caption=_("走访"),
        empty=Empty(_("没有符合的走访"), _("可以放宽条件，或打开一位居民点“写走访”。"), icon="door"),
    )
    context = {
        "table": table,
        "chosen": chosen,
        "months": listing.months(clock.today()),
        "weeks": _weeks(chosen),
        "visitors": listing.visitors(),
        "modes": _codes("visit_mode"),
        "whose": listing.name_of(chosen.person),
        "query": request.GET.urlencode(),
        "may_export": may(request.actor, "visit.export"),
        "may_import": may(request.actor, "visit.import"),
    }
    return render(request, "visits/list.html", context, block="content")


def _weeks(chosen: listing.Chosen) -> list[Bar]:
    """The last weeks to look at, where nothing else is asked for; none where nobody was visited."""
    if replace(chosen, week="").any:
        return []
    today = clock.today()
    counts = weekly.counted(today)
    return weekly.drawn(counts, today, chosen.week) if counts else []


@door("visit.export")
@require_POST
def export(request: HttpRequest) -> HttpResponseBase:
    """The filtered list as a file, for a stated reason."""
    return let_out(request, "visits", listing.Chosen.of(request.POST.dict()).kept(), back=reverse("visits"))


def _codes(code_set: str) -> list[tuple[str, str]]:
    return [(c.code, say(c.name)) for c in catalogue.code_sets[code_set].codes]


@door("visit.see")
@require_GET
def visit(request: Entered, visit_id: UUID) -> HttpResponse:
    """One visit as it was written, with what it confirmed or corrected."""
    found = services.visible().select_related("person", "dwelling", "followed_up_by").get(pk=visit_id)
    record(VisitSeen(found.pk), area=found.area, subject=("visit", found.pk))
    if found.person:
        see(found.person.pk)
    own = found.visitor_id == request.actor.account_id or may(request.actor, "visit.see_all")
    context = {
        "visit": found,
        "about": about(found),
        "mode": say(catalogue.code_sets["visit_mode"].name_of(found.mode)),
        "said": _said(found),
        "photos": list(found.photos.values_list("pk", flat=True)) if found.withdrawn_at is None else [],
        "may_withdraw": found.withdrawn_at is None and own and may(request.actor, "visit.write", found.area),
    }
    return render(request, "visits/visit.html", context)


def _said(visit: Visit) -> list[str]:
    """Names of the items that a visit confirmed or corrected."""
    if visit.person is None:
        return []
    items = {i.code: say(i.name) for i in catalogue.items_of(Subject.PERSON)}
    found = [s for s in statements_of("person", visit.person.pk) if s.origin_id == visit.pk]
    return [items.get(code, code) for statement in found for code in statement.values]


@door("visit.see")
@require_GET
def photo(request: HttpRequest, photo_id: UUID) -> HttpResponseBase:
    """A photo of a visit; each look is recorded."""
    found = services.see_photo(photo_id)
    suffix = found.content_type.removeprefix("image/").replace("jpeg", "jpg")
    return download(f"{_('走访照片')}.{suffix}", found.content, found.content_type, inline=True)


@door("visit.write")
@require_http_methods(["GET", "POST"])
def new(request: Entered, person_id: UUID) -> HttpResponse:
    """The sheet at the door: what was seen, what was confirmed, when to come back. Under a minute."""
    person = see(person_id)
    asked: list[Asked] = []
    if may(request.actor, "person.correct", person.area):
        asked = to_ask(person, tags=[b.tag.code for b in borne_by("person", [person.pk])[person.pk]])
    return _sheet(request, person, None, asked, reverse("visit_new", args=[person.pk]))


@door("visit.write")
@require_http_methods(["GET", "POST"])
def new_at_dwelling(request: Entered, dwelling_id: UUID) -> HttpResponse:
    """A visit to a door behind which nobody is known, or nobody opened."""
    dwelling = Dwelling.objects.get(pk=dwelling_id)
    return _sheet(request, None, dwelling, [], reverse("visit_dwelling", args=[dwelling.pk]))


def _sheet(
    request: Entered, person: Person | None, dwelling: Dwelling | None, asked: list[Asked], action: str
) -> HttpResponse:
    found = form.filled(request, asked) if request.method == "POST" else form.empty(request)
    back = (
        reverse("person", args=[person.pk]) if person else reverse("dwelling", args=[dwelling.pk if dwelling else ""])
    )
    if request.method == "POST" and not found.problems:
        try:
            with transaction.atomic():  # a value refused takes the visit back with it
                services.write(found.sheet(person, dwelling, client_key(request)))
        except services.Unwritable as wrong:
            # The page drew the id itself, where nobody sees it: opened anew, it draws another.
            taken = wrong.field == "id"
            found.problems["situation" if taken else wrong.field] = _("请重新打开这一页再写") if taken else str(wrong)
        except Unstatable as wrong:
            found.problems[next(iter(found.items))] = str(wrong)
        else:
            return saved(request, back, _("走访已记下"))
    context: dict[str, Any] = {
        "person": person,
        "title": person.name if person else str(dwelling),
        "back": back,
        "action": action,
        "key": client_key(request) or True,
        "draft": f"visit-{person.pk if person else dwelling.pk if dwelling else ''}",
        "values": found.values,
        "problems": found.problems,
        "modes": _codes("visit_mode"),
        "topics": _codes("visit_topic"),
        "asks": form.asks(asked, found),
        "departments": departments(asked),
        "follow": [("", _("不约"))] + [(n, say(label)) for n, label in form.INTERVALS],
        "today": clock.today().isoformat(),
    }
    return render(request, "visits/new.html", context, status=422 if found.problems else 200)


@door("visit.write")
@require_POST
def withdraw(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """Withdraw a visit written by mistake."""
    found = services.visible().get(pk=visit_id)
    try:
        services.withdraw(visit_id, request.POST.get("reason", ""))
    except services.Unwritable as refused:
        return saved(request, reverse("visit", args=[visit_id]), str(refused), kind="warn")
    back = reverse("person", args=[found.person_id]) if found.person_id else reverse("visits")
    return saved(request, back, _("走访已撤回"))


@door("visit.plan")
@require_POST
def plan(request: HttpRequest) -> HttpResponse:
    """Put the chosen people on the to-visit list."""
    try:
        due = _posted_date(request.POST.get("due_on", ""))
        chosen = [UUID(pk) for pk in request.POST.getlist("chosen") if is_uuid(pk)]
        count = services.plan(chosen, due, request.POST.get("why", "") or "人群")
    except services.Unwritable as refused:
        return saved(request, reverse("desk"), str(refused), kind="warn")
    if not count:
        return saved(request, reverse("desk"), _("他们这一天已经在名单上"))
    return saved(request, reverse("desk"), counted("已把 %(n)s 人排入 %(day)s前的走访", count, day=day(due)))


@door("visit.plan")
@require_POST
def drop_plan(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Take somebody off the to-visit list."""
    planned = services.drop_plan(plan_id)
    return saved(request, reverse("desk"), _("%(name)s不在待访名单上了") % {"name": planned.person.name})


def is_uuid(text: str) -> bool:
    """Whether a posted value can be the id of anything."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _posted_date(text: str) -> date:
    """The day posted, in a week when none was. Raises Unwritable for what is no day."""
    try:
        return date.fromisoformat(text.strip()) if text.strip() else clock.today() + timedelta(days=7)
    except ValueError as wrong:
        raise services.Unwritable("due_on", _("日期请写成 2026-11-23 的样子")) from wrong
