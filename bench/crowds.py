"""Counting a crowd in one community and in a district: the rule language against loading the people and asking in Python.

The peer does what systems without a compiled rule do: fetches the people of the area with the ORM and filters them.
"""

import json
import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO
from typing import Any

RULE = "年龄 >= 70 且 标签 = 独居老人 且 最近走访 > 30天前"
COMMITTEES, PEOPLE = 60, 300_000


def median_ms(run: Callable[[], Any], times: int = 7) -> float:
    """Median wall milliseconds after one warm-up."""
    run()
    found = []
    for _ in range(times):
        began = time.perf_counter()
        run()
        found.append((time.perf_counter() - began) * 1000)
    return round(statistics.median(found), 1)


def furnish() -> list[str]:
    """A district of invented people; answers its committees."""
    from django.core.management import call_command

    from linyun.foundation.acts.actor import Actor, acting
    from linyun.foundation.areas.models import Area
    from linyun.foundation.areas.scope import within
    from linyun.kernel.declare import Role
    from linyun.kernel.synth import estates
    from linyun.kernel.synth.world import generate
    from linyun.site.demo.load import load

    call_command("areas", "load", verbosity=0, stdout=StringIO())
    areas = list(Area.objects.within("310110").filter(kind="committee").order_by("code")[:COMMITTEES])
    world = generate([estates.Area(a.code, a.name) for a in areas], PEOPLE, 2, date(2026, 11, 1))
    with acting(Actor(name="bench", role=Role.OPERATOR, area="", channel="command")), within(""):
        load(world)
    return [a.code for a in areas]


def peer(today: date) -> int:
    """The same people with the ORM and Python."""
    from linyun.hub.records.models import Person, Residence
    from linyun.work.visits.models import Visit

    latest = today.replace(year=today.year - 70)
    old = list(Person.objects.filter(status="live", birth_date__lte=latest))
    homes = dict(
        Residence.objects.filter(kind="actual", valid_to=None, person__in=old).values_list("person_id", "dwelling_id")
    )
    mates: dict[Any, int] = {}
    for home in Residence.objects.filter(kind="actual", valid_to=None, dwelling__in=set(homes.values())):
        mates[home.dwelling_id] = mates.get(home.dwelling_id, 0) + 1
    alone = [p for p in old if mates.get(homes.get(p.pk)) == 1]
    seen: dict[Any, date] = {}
    for person, on in Visit.objects.filter(withdrawn_at=None, person__in=alone).values_list("person_id", "visited_on"):
        seen[person] = max(on, seen.get(person, on))
    return sum(1 for p in alone if p.pk in seen and seen[p.pk] < today - timedelta(days=30))


def measure() -> dict[str, Any]:
    """Milliseconds and ratios."""
    from linyun.foundation.areas.scope import within
    from linyun.hub.scan import find
    from linyun.hub.scan.find import Asked

    committees = furnish()
    found: dict[str, Any] = {"people": PEOPLE, "committees": len(committees), "rule": RULE}
    for name, area in (("community", committees[0]), ("district", "310110")):
        with within(area):
            asked = Asked.text(RULE)
            times = 7 if name == "community" else 3
            ours = median_ms(lambda a=asked: find.count(a), times)
            theirs = median_ms(lambda a=asked: peer(a.today), times)
            assert find.count(asked).yes == peer(asked.today)
            found[name] = {"ours_ms": ours, "orm_and_python_ms": theirs, "peer / ours": round(theirs / ours, 1)}
    return found


if __name__ == "__main__":
    from bench.machine import set_up

    set_up()
    print(json.dumps(measure(), ensure_ascii=False, indent=1))  # noqa: T201
