"""Pages of visits: the list, one visit, the form at the door, planning."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linyun.foundation.accounts.doors import door
from linyun.foundation.acts.services import record
from linyun.foundation.areas import scope
from linyun.foundation.ui.answer import client_key, render, saved
from linyun.foundation.ui.forms import Field, item_field, read_item
from linyun.foundation.ui.paging import page
from linyun.foundation.ui.tables import Column, Table
from linyun.hub.records.events import PeopleListed
from linyun.hub.records.lineage import Held, held
from linyun.hub.records.services import see
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Item
from linyun.work.visits import services
from linyun.work.visits.asking import to_ask
from linyun.work.visits.models import Visit

TEXTS = ("situation", "needs", "action", "outcome")
COLUMNS = (
    Column("visited_on", "日期", kind="day"),
    Column("person", "被访者", show=lambda v: v.person.name if v.person else "住户"),
    Column("mode", "方式", show=lambda v: catalogue.code_sets["visit_mode"].name_of(v.mode)),
    Column("situation", "情况", show=lambda v: v.situation[:60]),
    Column("visitor", "走访人"),
    Column("follow_up_on", "约回访", kind="day"),
)


@door("visit.see")
@require_GET
def visits(request: HttpRequest) -> HttpResponse:
    """Visits of the scope, newest first; of one person with ?person=."""
    rows = Visit.objects.live().select_related("person")
    if person := request.GET.get("person"):
        rows = rows.filter(person=UUID(person))
    found = page(rows, ["-visited_on"], request.GET.get("after", ""))
    record(PeopleListed(count=len(found.rows), by="visits"), area=scope.current())
    table = Table(
        "visits", COLUMNS, found, href=lambda v: reverse("visit", args=[v.pk]), query=request.GET.dict(), noun="次"
    )
    return render(request, "visits/list.html", {"table": table}, block="content")


@door("visit.see")
@require_GET
def visit(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """One visit as it was written, with what it confirmed or corrected."""
    found = Visit.objects.select_related("person", "dwelling").get(pk=visit_id)
    record(PeopleListed(count=1, by="visit"), area=found.area, subject=("visit", found.pk))
    said = []
    if found.person:
        for one in held("person", found.person.pk).values():
            said += [one.item.name for w in (one.now, *one.others) if w and w.origin_id == found.pk]
    mode = catalogue.code_sets["visit_mode"].name_of(found.mode)
    return render(request, "visits/visit.html", {"visit": found, "mode": mode, "said": said})


def _posted_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _items(request: HttpRequest, asked: list[tuple[Item, Held | None]]) -> tuple[dict[str, Any], dict[str, str]]:
    """Items confirmed ("same") or corrected on the sheet, and problems by item code."""
    stated: dict[str, Any] = {}
    problems: dict[str, str] = {}
    same = set(request.POST.getlist("same"))
    for item, now in asked:
        parsed = read_item(item, request.POST.getlist(item.code), catalogue.code_sets.get(item.code_set))
        if parsed.problem:
            problems[item.code] = parsed.problem
        elif not parsed.blank:
            stated[item.code] = parsed.value
        elif item.code in same and now and now.now:
            stated[item.code] = now.now.value
    return stated, problems


@door("visit.write")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """The sheet at the door: what was seen, what was confirmed, when to come back. Under a minute."""
    person = see(person_id)
    asked = to_ask(person)
    values = {"mode": "2", "visited_on": clock.today().isoformat(), **{t: "" for t in TEXTS}, "follow_up_on": ""}
    problems: dict[str, str] = {}
    if request.method == "POST":
        values = {name: request.POST.get(name, "") for name in values}
        stated, problems = _items(request, asked)
        sheet = services.Sheet(
            person=person,
            mode=values["mode"],
            visited_on=_posted_date(values["visited_on"]) or clock.today() + timedelta(days=1),
            situation=values["situation"],
            needs=values["needs"],
            action=values["action"],
            outcome=values["outcome"],
            follow_up_on=_posted_date(values["follow_up_on"]),
            items=stated,
            id=client_key(request),
        )
        if not problems:
            try:
                services.write(sheet)
            except services.Unwritable as wrong:
                problems = {wrong.field: str(wrong)}
            else:
                return saved(request, reverse("person", args=[person.pk]), "走访已记下")
    context = {
        "person": person,
        "values": values,
        "problems": problems,
        "modes": [(c.code, c.name) for c in catalogue.code_sets["visit_mode"].codes],
        "asks": [(item, now, _field(item, problems)) for item, now in asked],
        "follow": [(str(n), label) for n, label in ((7, "一周后"), (30, "一个月后"), (90, "三个月后"))],
    }
    return render(request, "visits/new.html", context, status=422 if problems else 200)


def _field(item: Item, problems: dict[str, str]) -> Field:
    return item_field(item, "", code_set=catalogue.code_sets.get(item.code_set), error=problems.get(item.code, ""))


@door("visit.write")
@require_POST
def withdraw(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """Withdraw a visit written by mistake."""
    found = Visit.objects.live().get(pk=visit_id)
    services.withdraw(visit_id, request.POST.get("reason", "") or request.POST.get("reason_kind", ""))
    back = reverse("person", args=[found.person_id]) if found.person_id else reverse("visits")
    return saved(request, back, "走访已撤回")


@door("visit.plan")
@require_POST
def plan(request: HttpRequest) -> HttpResponse:
    """Put the chosen people on the to-visit list."""
    due = _posted_date(request.POST.get("due_on", "")) or clock.today() + timedelta(days=7)
    count = services.plan(
        [UUID(pk) for pk in request.POST.getlist("chosen")], due, request.POST.get("why", "") or "人群"
    )
    return saved(request, reverse("desk"), f"已把 {count} 人排入 {due:%m 月 %d 日} 前的走访")
