"""Finding people and listing them: search, suggestions, the register with filters, export."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache, lru_cache, partial
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import DateField, QuerySet
from django.db.models.expressions import RawSQL
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linyun.foundation.accounts.doors import Entered, door
from linyun.foundation.accounts.policy import may
from linyun.foundation.areas import scope
from linyun.foundation.areas.codes import COMMITTEE, committee_of
from linyun.foundation.areas.models import Area
from linyun.foundation.leaving.gate import let_out
from linyun.foundation.leaving.rules import Leaving, fits
from linyun.foundation.ui.answer import render
from linyun.foundation.ui.paging import BadCursor, Page, page
from linyun.foundation.ui.parts import Empty
from linyun.foundation.ui.tables import BulkAction, Column, Sort, Table, leading_to, parse_sort, value_of
from linyun.foundation.ui.wording import phone_mask
from linyun.front.desk.buildings import natural
from linyun.front.desk.events import PeopleExported
from linyun.hub.records.models import Person, Status
from linyun.hub.records.search import search
from linyun.hub.records.services import listed
from linyun.hub.scan.find import Asked
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Kind, Level, Subject
from linyun.kernel.words import lang, say
from linyun.work.visits.wording import worded

BANDS = {"0-5": (0, 5), "6-17": (6, 17), "18-59": (18, 59), "60-69": (60, 69), "70-79": (70, 79), "80-": (80, 150)}
EXPORTED = ("name", "sex", "birth_date", "identity_number", "phone", "living_address", "registered_address",
            "household_type", "education", "political_status", "employment_status", "emergency_contact",
            "emergency_phone", "remark")  # fmt: skip


@door("person.find")
@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """Find a person by name, initials, door, phone, last four."""
    text = request.GET.get("q", "")
    hits = search(text)
    if text.strip():
        listed([h.id for h in hits], by="find")
    return render(request, "desk/find.html", {"hits": hits, "q": text, "year": clock.today().year})


@door("person.find")
@require_GET
def suggest(request: HttpRequest) -> HttpResponse:
    """The first few hits while typing."""
    text = request.GET.get("q", "")
    hits = search(text, limit=8)
    if text.strip():
        listed([h.id for h in hits], by="suggest")
    return render(request, "desk/suggest.html", {"hits": hits, "q": text, "year": clock.today().year})


def _worded(code: str) -> Any:
    item = catalogue.item(Subject.PERSON, code)
    said = cache(partial(worded, item)) if item.kind is Kind.CODE else partial(worded, item)
    return lambda p: said(value_of(p, code))


def _age(row: Any) -> int | None:
    born = value_of(row, "birth_date")
    return clock.years_between(born, clock.today()) if born else None


@cache
def _last_visit() -> RawSQL:
    """As rules know it: what a record merged into this one was told counts."""
    term = catalogue.terms[Subject.PERSON, "last_visit"]
    return RawSQL(term.sql.format(s=Person._meta.db_table), (), output_field=DateField())


def columns(actor: Any) -> tuple[Column, ...]:
    """The columns of the register; a building chief sees who lives where and a masked phone."""
    first = Column("name", "姓名", sortable=True)
    phone = Column("phone", "电话", show=_worded("phone"))
    address = Column("living_address", "住址", sortable=True)
    if not may(actor, "desk.file"):
        return first, address, phone
    return (
        first,
        Column("sex", "性别", show=_worded("sex")),
        Column("birth_date", "年龄", sortable=True, numeric=True, show=_age),
        address,
        phone,
        Column("last_visit", "最近走访", kind="ago"),
        Column("emergency_contact", "紧急联系人", hidden=True),
        Column("education", "文化程度", show=_worded("education"), hidden=True),
        Column("political_status", "政治面貌", show=_worded("political_status"), hidden=True),
        Column("registered_address", "户籍地址", hidden=True),
    )


@dataclass(frozen=True, slots=True)
class Filter:
    """The register's filter in force; empty strings do not filter."""

    building: str = ""
    band: str = ""
    tag: str = ""
    status: str = Status.LIVE

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Filter":
        """From an address; what makes no sense there does not filter."""
        status = query.get("status", Status.LIVE)
        return cls(
            building=query.get("building", "") if query.get("building", "").isdigit() else "",
            band=query.get("band", "") if query.get("band") in BANDS else "",
            tag=query.get("tag", "") if query.get("tag", "") in dict(tags()) else "",
            status=status if status in (Status.LIVE, Status.LEFT, Status.DECEASED) else Status.LIVE,
        )

    @property
    def any(self) -> bool:
        """Whether anything is filtered."""
        return self != Filter()

    def says(self) -> str:
        """The filter in words, for whoever decides whether its list may leave."""
        parts = [self.building and Area.objects.filter(pk=self.building).values_list("name", flat=True).first()]
        parts += [self.band and _band(self.band), self.tag and say(catalogue.tags[self.tag].name)]
        parts += [str(Status(self.status).label)] * (self.status != Status.LIVE)
        told = "，".join(str(part) for part in parts if part)
        return f"{_('居民名单')}：{told}" if told else _("居民名单：全部")

    def rows(self) -> "QuerySet[Person]":
        """The people who fit."""
        found = Person.objects.filter(status=self.status)
        if self.building:
            found = found.filter(area__gte=self.building, area__lt=self.building + "~")
        if self.band:
            low, high = BANDS[self.band]
            today = clock.today()
            found = found.filter(
                birth_date__lte=clock.years_before(today, low), birth_date__gt=clock.years_before(today, high + 1)
            )
        if self.tag:
            found = found.filter(pk__in=_bearers(self.tag))
        return found


def tags() -> Sequence[tuple[str, str]]:
    """Tags of people that may be listed by, named in the reader's language: none that is sensitive."""
    return _tags(lang())


@lru_cache(maxsize=2)
def _tags(_language: str) -> Sequence[tuple[str, str]]:
    return [
        (t.code, say(t.name))
        for t in catalogue.tags.values()
        if t.subject is Subject.PERSON and t.level < Level.SENSITIVE
    ]


def _bearers(tag: str) -> list[UUID]:
    """Who bears a tag, computed or set by hand: one query."""
    condition, params = Asked.text(f"标签 = {catalogue.tags[tag].name}").compiled()
    with connection.cursor() as cursor:
        cursor.execute(f"select s.id from records_person s where ({condition}) is true", params)  # noqa: S608
        return [pk for (pk,) in cursor.fetchall()]


BUILDINGS = "select code, name from areas_area where kind = 'building' and code >= %(area)s and code < %(area)s || '~'"


def _buildings() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(BUILDINGS, {"area": scope.current()})
        return sorted(cursor.fetchall(), key=lambda pair: natural(pair[1]))


def _page(chosen: Filter, shown: tuple[Column, ...], sort: Sort, after: str) -> Page[dict[str, Any]]:
    """One page of the register: only the columns shown are read, and no objects made of them."""
    order = [("-" if sort.descending else "") + {"name": "pinyin"}.get(sort.key, sort.key)]
    if sort.key == "birth_date":  # older people have earlier birth dates
        order = [str(Sort("birth_date", not sort.descending))]
    total = chosen.rows().count()
    rows = chosen.rows().annotate(last_visit=_last_visit())
    rows = rows.values("id", *({c.key for c in shown} | {key.removeprefix("-") for key in order}))
    if len(scope.current()) >= COMMITTEE:  # one register: its index has them in order
        rows = rows.filter(committee=committee_of(scope.current()))
    try:
        return page(rows, order, after, total=total)
    except BadCursor:
        return page(rows, order, total=total)


@door("person.find")
@require_GET
def residents(request: Entered) -> HttpResponse:
    """All people of the scope, filtered, paged by key."""
    chosen, shown = Filter.of(request.GET.dict()), columns(request.actor)
    sort = parse_sort(request.GET.get("sort", ""), shown, Sort("name"))
    found = _page(chosen, shown, sort, request.GET.get("after", ""))
    listed([value_of(p, "id") for p in found.rows], by="list")
    table = Table(
        "people",
        shown,
        found,
        href=leading_to("person"),
        sort=sort,
        query=request.GET.dict(),
        noun="人",
        caption=_("居民"),
        actions=(BulkAction(_("排入走访"), reverse("visit_plan"), kind="primary"),)
        if may(request.actor, "visit.plan")
        else (),
        empty=Empty(_("没有符合的居民"), _("可以放宽条件，或从名单导入。"), icon="people"),
    )
    context = {
        "table": table,
        "chosen": chosen,
        "buildings": _buildings(),
        "bands": [(b, _band(b)) for b in BANDS],
        "tags": tags() if may(request.actor, "desk.file") else [],
        "statuses": [(s.value, s.label) for s in (Status.LIVE, Status.LEFT, Status.DECEASED)],
        "may_export": may(request.actor, "people.export"),
        "may_import": may(request.actor, "import.see"),
        "file": may(request.actor, "desk.file"),
    }
    return render(request, "desk/people.html", context, block="content")


def _band(band: str) -> str:
    low, _dash, high = band.partition("-")
    return _("%(low)s 至 %(high)s 岁") % {"low": low, "high": high} if high else _("%(low)s 岁及以上") % {"low": low}


@door("people.export")
@require_POST
def export(request: HttpRequest) -> HttpResponseBase:
    """The filtered register as a file: numbers masked, nothing sensitive, the reason recorded."""
    return let_out(request, "people", asdict(Filter.of(request.POST.dict())), back=reverse("people"))


def leaving(asked: Mapping[str, Any]) -> Leaving:
    """The filtered register. ``asked``: the fields of the filter. Raises TooLong."""
    chosen = Filter.of(asked)
    items = [catalogue.item(Subject.PERSON, code) for code in EXPORTED]
    fits(chosen.rows().count())
    people = list(chosen.rows().order_by("pinyin", "id"))
    head = [_("记录编号"), *(i.name for i in items)]
    rows = [[str(p.pk), *(_cell(i, getattr(p, i.code)) for i in items)] for p in people]
    name = f"居民-{scope.current()}-{clock.today():%Y%m%d}.csv"
    event = PeopleExported(len(people), EXPORTED)
    return Leaving.table(chosen.says(), name, head, rows, ids=[p.pk for p in people], event=event)


def _cell(item: Any, value: Any) -> str:
    return phone_mask(value) if value and item.code.endswith("phone") else worded(item, value)
