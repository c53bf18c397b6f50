"""The buildings of a committee, floor by floor; a dwelling; a household."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linyun.foundation.accounts.doors import Entered, door
from linyun.foundation.accounts.policy import may
from linyun.foundation.areas import scope
from linyun.foundation.areas.codes import is_within
from linyun.foundation.areas.models import Area
from linyun.foundation.ui.answer import render
from linyun.foundation.ui.parts import Entry
from linyun.foundation.ui.shell import crumbs
from linyun.front.desk import history, reasons
from linyun.front.desk.people import relation_word
from linyun.hub.records.models import Dwelling, Household, Membership, Residence
from linyun.hub.records.services import listed
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from linyun.work.visits.models import Visit
from linyun.work.visits.services import visible

COUNTS = """
select d.area, count(distinct d.id), count(distinct p.id) filter (where r.kind = 'actual'),
       count(distinct p.id) filter (where r.kind = 'actual' and date_part('year', age(%(today)s::date, p.birth_date)) >= %(aged)s)
from records_dwelling d
left join records_residence r on r.dwelling_id = d.id and r.valid_to is null
left join records_person p on p.id = r.person_id and p.status = 'live'
where d.status = 'live' group by 1
"""

ROOMS = """
select d.id, d.address, coalesce(d.unit, ''), coalesce(d.room, ''), d.floor,
       coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name, 'kind', r.kind,
                'age', date_part('year', age(%(today)s::date, p.birth_date))) order by p.birth_date)
         filter (where p.id is not null), '[]')
from records_dwelling d
left join records_residence r on r.dwelling_id = d.id and r.valid_to is null
left join records_person p on p.id = r.person_id and p.status = 'live'
where d.status = 'live' and d.area >= %(area)s and d.area < %(area)s || '~'
group by d.id order by d.unit, d.room, d.address
"""
AGED = 80


@dataclass(frozen=True, slots=True)
class BuildingLine:
    """A building with its counts of dwellings, people living there, and those of 80 and more."""

    area: Area
    dwellings: int
    people: int
    aged: int


@dataclass(frozen=True, slots=True)
class Room:
    """A dwelling of a building with those who live or are registered there."""

    id: Any
    address: str
    unit: str
    room: str
    floor: int | None
    people: Sequence[dict[str, Any]]

    @property
    def living(self) -> list[dict[str, Any]]:
        """Those who live there."""
        return [p for p in self.people if p["kind"] == Residence.Kind.ACTUAL]

    @property
    def elsewhere(self) -> list[dict[str, Any]]:
        """Those only registered there."""
        here = {p["id"] for p in self.living}
        return [p for p in self.people if p["kind"] == Residence.Kind.REGISTERED and p["id"] not in here]

    @property
    def aged(self) -> bool:
        """Whether somebody of 80 or more lives there."""
        return any((p["age"] or 0) >= AGED for p in self.living)


@dataclass(slots=True)
class Floor:
    """One floor of a unit; 0 gathers what has no floor (shops, sheds)."""

    number: int
    rooms: list[Room] = field(default_factory=list)


@door("dwelling.see")
@require_GET
def buildings(request: HttpRequest) -> HttpResponse:
    """All buildings of the scope."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, {"today": clock.today(), "aged": AGED})
        counts = {area: numbers for area, *numbers in cursor.fetchall()}
    areas = Area.objects.within(scope.current()).filter(kind=Area.Kind.BUILDING).order_by("code")
    lines = [BuildingLine(a, *counts.get(a.code, (0, 0, 0))) for a in areas[:2000]]
    lines.sort(key=lambda line: natural(line.area.name))
    totals = {name: sum(getattr(line, name) for line in lines) for name in ("dwellings", "people", "aged")}
    return render(request, "desk/buildings.html", {"lines": lines, "totals": totals})


@lru_cache(maxsize=8192)
def natural(name: str) -> tuple[tuple[int, str], ...]:
    """A key by which 公交新村2号 comes before 公交新村12号."""
    return tuple((int(n), "") if n else (-1, text) for n, text in re.findall(r"(\d+)|(\D+)", name))


def floors(rooms: Sequence[Room]) -> list[tuple[str, list[Floor]]]:
    """Rooms by unit and floor, the top first. The floor is as recorded, else what the room number says: 302 → 3."""
    units: dict[str, dict[int, Floor]] = {}
    for room in rooms:
        number = room.floor if room.floor is not None else _floor_of(room.room)
        units.setdefault(room.unit, {}).setdefault(number, Floor(number)).rooms.append(room)
    for unit in units.values():
        for found in unit.values():
            found.rooms.sort(key=lambda r: natural(r.room))
    return [
        (u, sorted(f.values(), key=lambda x: -x.number)) for u, f in sorted(units.items(), key=lambda p: natural(p[0]))
    ]


def _floor_of(room: str) -> int:
    match = re.match(r"(\d{1,2})\d{2}(?!\d)", room)
    return int(match[1]) if match else 0


@door("dwelling.see")
@require_GET
def building(request: Entered, area: str) -> HttpResponse:
    """One building: every room with its people."""
    found = Area.objects.filter(pk=area).first() if is_within(area, scope.current()) else None
    if found is None:
        raise Http404
    with connection.cursor() as cursor:
        cursor.execute(ROOMS, {"area": area, "today": clock.today()})
        found_rooms = cursor.fetchall()
    rooms = [Room(pk, where, unit, room, floor, loads(people)) for pk, where, unit, room, floor, people in found_rooms]
    for one in (p for r in rooms for p in r.people):
        one["name"] = reasons.named(request, one["name"])
    living = {p["id"] for r in rooms for p in r.living}
    listed(living, by="building", area=found.code)
    context = {
        "building": found,
        "units": floors(rooms),
        "rooms": len(rooms),
        "people": len(living),
        "hidden": not may(request.actor, "desk.daily"),
        "empty": sum(not r.people for r in rooms),
        "file": may(request.actor, "desk.file"),
        "path": crumbs((_("房屋"), reverse("buildings")), found.name),
    }
    return render(request, "desk/building.html", context)


def loads(value: Any) -> Any:
    """jsonb from a raw cursor comes as text under Django."""
    return json.loads(value) if isinstance(value, str) else value


def _entries(visits: Sequence[Visit]) -> list[history.Month]:
    """Visits of several people on one timeline, each with the name."""
    modes = catalogue.code_sets["visit_mode"]
    return history.by_month(
        [
            Entry(
                when=v.visited_on, mode=modes.name_of(v.mode), href=reverse("visit", args=[v.pk]),
                who=" · ".join(w for w in (v.person.name if v.person else "", v.visitor) if w), text=v.situation,
            )
            for v in visits
        ]
    )  # fmt: skip


@door("dwelling.see")
@require_GET
def dwelling(request: Entered, dwelling_id: UUID) -> HttpResponse:
    """A dwelling: who lives there, who is registered, who owns it, its households and visits."""
    found = Dwelling.objects.get(pk=dwelling_id)
    links = list(found.residences.filter(valid_to=None).select_related("person").order_by("person__birth_date", "id"))
    listed({r.person_id for r in links}, by="dwelling", area=found.area)
    people: dict[Any, list[Residence]] = {}
    for one in links:
        people.setdefault(one.person, []).append(one)
    seen = may(request.actor, "visit.see")
    visits = visible().live().filter(dwelling=found).select_related("person").order_by("-visited_on", "-id")[:20]
    context = {
        "dwelling": found,
        "people": [
            (p, reasons.named(request, p.name), _age(p), sorted({r.get_kind_display() for r in rs}), rs)
            for p, rs in people.items()
        ],
        "hidden": not may(request.actor, "desk.daily"),
        "households": [(h, reasons.named(request, head) if head else "") for h, head in _households(found)],
        "months": _entries(list(visits)) if seen else [],
        "may_write": may(request.actor, "visit.write", found.area),
        "file": may(request.actor, "desk.file"),
        "facts": [(n, v) for n, v in _about(found) if v] if may(request.actor, "desk.file") else [],
    }
    return render(request, "desk/dwelling.html", context)


def _households(found: Dwelling) -> list[tuple[Household, str | None]]:
    """The households registered at a dwelling with the names of their heads, each knowing how many they are."""
    now = Membership.objects.filter(household=OuterRef("pk"), valid_to=None)
    many = now.order_by().values("household").annotate(n=Count("id")).values("n")
    named = found.households.filter(status="live").annotate(
        head=Subquery(now.filter(is_head=True).values("person__name")[:1]), many=Subquery(many)
    )
    return [(one, one.head) for one in named.order_by("number", "id")]


def _age(person: Any) -> int | None:
    return clock.years_between(person.birth_date, clock.today()) if person.birth_date else None


def _about(found: Dwelling) -> list[tuple[str, str]]:
    """The dwelling's own items in words."""
    codes = catalogue.code_sets
    use, tenure = codes.get("dwelling_use"), codes.get("tenure")
    return [
        (_("楼层"), str(found.floor or "")),
        (_("建筑面积"), f"{found.floor_area} ㎡" if found.floor_area else ""),
        (_("产权"), tenure.name_of(found.tenure) if tenure and found.tenure else ""),
        (_("用途"), use.name_of(found.dwelling_use) if use and found.dwelling_use else ""),
        (_("电梯"), {True: _("有"), False: _("没有"), None: ""}[found.has_lift]),
    ]


@door("household.see")
@require_GET
def household(request: Entered, household_id: UUID) -> HttpResponse:
    """A household: its members with their relation to the head, where it lives, former members, its visits."""
    found = Household.objects.select_related("dwelling").get(pk=household_id)
    rows = list(found.memberships.select_related("person").order_by("-is_head", "relation", "person__birth_date"))
    listed([m.person_id for m in rows], by="household", area=found.area)
    members = [m for m in rows if m.valid_to is None]
    visits = visible().live().filter(person__in=[m.person_id for m in members]).select_related("person")
    head = next((m.person.name for m in members if m.is_head), "")
    context = {
        "household": found,
        "title": _("%(name)s家") % {"name": head} if head else _("没有户主的一户"),
        "members": [(m, relation_word(m.relation, m.person.sex), _age(m.person)) for m in members],
        "former": [m for m in rows if m.valid_to is not None],
        "months": _entries(list(visits.order_by("-visited_on", "-id")[:20])),
        "headless": not head,
        "may_operate": may(request.actor, "record.operate", found.area),
    }
    return render(request, "desk/household.html", context)
