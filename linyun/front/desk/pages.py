"""The desk's pages: today, find, people, a person, what is held on one item."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from linyun.foundation.accounts.doors import door
from linyun.foundation.acts.services import record
from linyun.foundation.areas import scope
from linyun.foundation.ui.answer import render, saved
from linyun.foundation.ui.forms import item_field, read_item
from linyun.foundation.ui.paging import page
from linyun.foundation.ui.shell import crumbs
from linyun.foundation.ui.tables import Column, Sort, Table, parse_sort
from linyun.front.desk import people
from linyun.hub.exchange.models import Import
from linyun.hub.records.events import PeopleListed
from linyun.hub.records.items import known
from linyun.hub.records.lineage import held, origin_of
from linyun.hub.records.models import Dwelling, Person
from linyun.hub.records.search import search
from linyun.hub.records.services import Origin, ReasonMissing, see, see_sealed, settle, state
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Item, Subject
from linyun.work.visits.models import PlannedVisit, Visit


@door("desk.open")
@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """What needs me today."""
    day = clock.today()
    due = Visit.objects.due(day + timedelta(days=7)).select_related("person")
    planned = (
        PlannedVisit.objects.filter(done_by=None, dropped_at=None).select_related("person").order_by("due_on", "id")
    )
    return render(
        request,
        "desk/today.html",
        {
            "today": day,
            "due": list(due[:20]),
            "planned": list(planned[:20]),
            "imports": list(
                Import.objects.filter(state__in=["read", "checked", "applying"]).order_by("-uploaded_at")[:5]
            ),
            "recent": list(Visit.objects.live().select_related("person").order_by("-recorded_at")[:8]),
            "counts": {
                "people": Person.objects.live().count(),
                "visits": Visit.objects.live().filter(visited_on__gte=day.replace(day=1)).count(),
            },
        },
    )


@door("person.find")
@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """Find a person by name, initials, door, phone, last four."""
    text = request.GET.get("q", "")
    hits = search(text)
    if text.strip():
        record(PeopleListed(count=len(hits), by="find"), area=scope.current())
    return render(request, "desk/find.html", {"hits": hits, "q": text, "year": clock.today().year}, block="hits")


@door("person.find")
@require_GET
def suggest(request: HttpRequest) -> HttpResponse:
    """The first few hits while typing."""
    hits = search(request.GET.get("q", ""), limit=8)
    return render(request, "desk/suggest.html", {"hits": hits, "year": clock.today().year})


COLUMNS = (
    Column("name", "姓名", sortable=True),
    Column("sex", "性别", show=lambda p: catalogue.code_sets["sex"].name_of(p.sex or "")),
    Column("birth_date", "出生日期", sortable=True, numeric=True),
    Column("phone", "电话", show=lambda p: people.worded(catalogue.item(Subject.PERSON, "phone"), p.phone)),
    Column("living_address", "住址"),
    Column("education", "文化程度", hidden=True),
)


@door("person.find")
@require_GET
def residents(request: HttpRequest) -> HttpResponse:
    """All people of the scope, paged by key."""
    sort = parse_sort(request.GET.get("sort", ""), COLUMNS, Sort("name"))
    order = [("-" if sort.descending else "") + {"name": "pinyin"}.get(sort.key, sort.key)]
    rows = page(Person.objects.live(), order, request.GET.get("after", ""), total=Person.objects.live().count())
    record(PeopleListed(count=len(rows.rows), by="list"), area=scope.current())
    table = Table(
        "people",
        COLUMNS,
        rows,
        href=lambda p: reverse("person", args=[p.pk]),
        sort=sort,
        query=request.GET.dict(),
        noun="人",
    )
    return render(request, "desk/people.html", {"table": table}, block="content")


@door("person.see")
@require_GET
def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """The page of a person."""
    found = see(person_id)
    shown = people.compose(found, request.actor)  # type: ignore[attr-defined]
    context = {
        "page": shown,
        "chips": people.chips(shown.tags),
        "entries": people.timeline(shown.visits),
        "path": crumbs(("居民", reverse("people")), found.name),
    }
    return render(request, "desk/person.html", context)


def _item(code: str) -> Item:
    item = known(Subject.PERSON).get(code)
    if item is None:
        raise Http404
    return item


@door("person.see")
@require_GET
def lineage(request: HttpRequest, person_id: UUID, item: str) -> HttpResponse:
    """Where one value comes from, and what other sources say."""
    found, declared = see(person_id), _item(item)
    context = {"person": found, "item": declared, "held": origin_of("person", found.pk, item), "word": people.worded}
    return render(request, "desk/lineage.html", context)


@door("person.unmask")
@require_http_methods(["GET", "POST"])
def reveal(request: HttpRequest, person_id: UUID, item: str) -> HttpResponse:
    """A masked value in full, for a stated reason."""
    found, declared = see(person_id), _item(item)
    if request.method == "POST":
        reason = "：".join(t for t in (request.POST.get("reason_kind", ""), request.POST.get("reason", "")) if t)
        try:
            value = see_sealed(found, item, reason)
        except ReasonMissing as missing:
            return render(request, "desk/reveal.html", _reveal(found, declared, error=str(missing)), status=422)
        return render(request, "desk/reveal.html", _reveal(found, declared, value=value))
    return render(request, "desk/reveal.html", _reveal(found, declared))


def _reveal(found: Person, item: Item, value: str = "", error: str = "") -> dict[str, Any]:
    return {"person": found, "item": item, "value": value, "error": error, "back": reverse("person", args=[found.pk])}


@door("person.correct")
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, person_id: UUID, item: str) -> HttpResponse:
    """Correct one value at the desk; settles it when sources disagree and a ground is given."""
    found, declared = see(person_id), _item(item)
    now = held("person", found.pk).get(item)
    codes = catalogue.code_sets.get(declared.code_set)
    error: str = ""
    value = people.plain(declared, getattr(found, item, None) or found.tail.get(item))
    if request.method == "POST":
        posted = request.POST.getlist(item)
        parsed, ground = read_item(declared, posted, codes), request.POST.get("ground", "").strip()
        kept = parsed.blank and not value and now is not None
        if not parsed.problem:
            if now is not None and now.disagree and ground:
                settle(found, item, parsed.value, ground)
            elif not kept:
                state(found, {item: parsed.value}, source="desk", origin=Origin("desk"), purpose=ground or "更正")
            return saved(request, reverse("person", args=[found.pk]), f"“{declared.name}”已更正")
        error, value = parsed.problem, posted[0] if posted else ""
    field = item_field(declared, value, code_set=codes, error=error)
    context = {"person": found, "item": declared, "field": field, "held": now, "word": people.worded}
    return render(request, "desk/correct.html", context, status=422 if error else 200)


@door("dwelling.see")
@require_GET
def dwelling(request: HttpRequest, dwelling_id: UUID) -> HttpResponse:
    """A dwelling: who lives there, who is registered, who owns it, its visits."""
    found = Dwelling.objects.get(pk=dwelling_id)
    links = found.residences.filter(valid_to=None).select_related("person").order_by("kind", "id")
    record(PeopleListed(count=len(links), by="dwelling"), area=found.area)
    visits = Visit.objects.live().filter(dwelling=found).select_related("person").order_by("-visited_on")[:20]
    context = {"dwelling": found, "links": list(links), "entries": people.timeline(list(visits))}
    return render(request, "desk/dwelling.html", context)
