"""The buildings of a committee and who lives in each, floor by floor."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from linyun.foundation.accounts.doors import door
from linyun.foundation.acts.services import record
from linyun.foundation.areas import scope
from linyun.foundation.areas.codes import is_within
from linyun.foundation.areas.models import Area
from linyun.foundation.ui.answer import render
from linyun.foundation.ui.shell import crumbs
from linyun.hub.records.events import PeopleListed

COUNTS = """
select d.area, count(distinct d.id), count(distinct r.person_id) filter (where r.kind = 'actual'),
       count(distinct r.person_id) filter (where r.kind = 'actual' and p.birth_date <= current_date - interval '80 years')
from records_dwelling d
left join records_residence r on r.dwelling_id = d.id and r.valid_to is null
left join records_person p on p.id = r.person_id and p.status = 'live'
where d.status = 'live' group by 1
"""

ROOMS = """
select d.id, d.address, coalesce(d.unit, ''), coalesce(d.room, ''),
       coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name, 'kind', r.kind,
                'age', date_part('year', age(p.birth_date))) order by p.birth_date) filter (where p.id is not null), '[]')
from records_dwelling d
left join records_residence r on r.dwelling_id = d.id and r.valid_to is null
left join records_person p on p.id = r.person_id and p.status = 'live'
where d.status = 'live' and d.area >= %(area)s and d.area < %(area)s || '~' group by d.id order by d.unit, d.room, d.address
"""


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
    people: Sequence[dict[str, Any]]


@door("dwelling.see")
@require_GET
def buildings(request: HttpRequest) -> HttpResponse:
    """All buildings of the scope."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTS)
        counts = {area: numbers for area, *numbers in cursor.fetchall()}
    areas = Area.objects.within(scope.current()).filter(kind=Area.Kind.BUILDING).order_by("code")
    lines = [BuildingLine(a, *counts.get(a.code, (0, 0, 0))) for a in areas[:2000]]
    lines.sort(key=lambda line: _natural(line.area.name))
    return render(request, "desk/buildings.html", {"lines": lines})


def _natural(name: str) -> list[tuple[int, str]]:
    """公交新村2号 before 公交新村12号."""
    parts: list[tuple[int, str]] = []
    number = ""
    for char in name + " ":
        if char.isdigit():
            number += char
            continue
        if number:
            parts.append((int(number), ""))
            number = ""
        parts.append((-1, char))
    return parts


@door("dwelling.see")
@require_GET
def building(request: HttpRequest, area: str) -> HttpResponse:
    """One building: every room with its people."""
    found = Area.objects.filter(pk=area).first() if is_within(area, scope.current()) else None
    if found is None:
        raise Http404
    with connection.cursor() as cursor:
        cursor.execute(ROOMS, {"area": area})
        rooms = [Room(pk, address, unit, room, loads(people)) for pk, address, unit, room, people in cursor.fetchall()]
    record(PeopleListed(count=sum(len(r.people) for r in rooms), by="building"), area=found.code)
    context = {"building": found, "rooms": rooms, "path": crumbs(("房屋", reverse("buildings")), found.name)}
    return render(request, "desk/building.html", context)


def loads(value: Any) -> Any:
    """jsonb from a raw cursor comes as text under Django."""
    return json.loads(value) if isinstance(value, str) else value
