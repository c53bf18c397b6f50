"""A made world into the records, as departments, rosters and visits would have filled them: each value with its source."""

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
from django.db import connection

from linyun.foundation.areas.bulk import analyze, copy
from linyun.foundation.areas.models import Area
from linyun.hub.records.services import sealer
from linyun.kernel.catalogue import catalogue
from linyun.kernel.clock import ZONE
from linyun.kernel.declare import Subject
from linyun.kernel.ids import uuid7
from linyun.kernel.synth.world import World
from linyun.kernel.values import addresses
from linyun.kernel.values.pinyin import pinyin_key

BY_SOURCE = {
    "police": ("name", "sex", "birth_date", "identity_type", "identity_number", "ethnicity", "native_place",
               "registered_area", "registered_address", "household_type", "population_kind", "marital_status"),
    "civil_affairs": ("aid_type", "care_level"),
    "disabled_federation": ("disability_type", "disability_level"),
}  # fmt: skip
"""Which source tells which items in the demonstration; all others come from a roster."""
KIN_CODES = {"spouse": "10", "child": "20", "parent": "50", "sibling": "70", "grandchild": "40", "grandparent": "60"}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def _people(world: World) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """(the frame's row, its values by item code) for each person; numbers sealed."""
    items = {i.code for i in catalogue.items_of(Subject.PERSON)}
    for row in world.persons.iter_rows(named=True):
        values = {k: _plain(v) for k, v in row.items() if k in items and v not in (None, False, "")}
        values["identity_number"] = sealer.seal(row["identity_number"])
        yield row, values


def _told(values: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The values by the source that tells them."""
    told = {source: {c: values[c] for c in codes if c in values} for source, codes in BY_SOURCE.items()}
    told["roster"] = {c: v for c, v in values.items() if not any(c in codes for codes in BY_SOURCE.values())}
    return told


def _load_people(world: World) -> None:
    core = [i.code for i in catalogue.items_of(Subject.PERSON) if i.core]
    statements: list[tuple[Any, ...]] = []

    def rows() -> Iterator[tuple[Any, ...]]:
        for row, values in _people(world):
            tail = {k: v for k, v in values.items() if k not in core}
            for n, (source, said) in enumerate(_told(values).items()):
                if said:
                    on = world.today - timedelta(days=40 + 150 * n)
                    moment = datetime(on.year, on.month, on.day, 9, tzinfo=ZONE)
                    text = json.dumps(said, ensure_ascii=False)
                    about = (uuid7(), row["area"], "person", row["id"], text)
                    statements.append((*about, source, "feed", on, moment, "演示", ""))
            yield (row["id"], row["area"], row["status"], json.dumps(tail, ensure_ascii=False),
                   pinyin_key(row["name"]).text, *(values.get(c) for c in core))  # fmt: skip

    copy("records_person", ("id", "area", "status", "tail", "pinyin", *core), rows())
    columns = (
        "id",
        "area",
        "subject_kind",
        "subject_id",
        "values",
        "source",
        "origin_kind",
        "true_on",
        "known_at",
        "purpose",
        "collector",
    )
    copy("records_statement", columns, statements)


def _load_buildings(world: World) -> None:
    grids = sorted({(row["grid"], row["committee"]) for row in world.buildings.iter_rows(named=True)})
    Area.objects.bulk_create(
        [
            Area(
                code=g,
                name="未分网格" if g.endswith("000") else f"第{int(g[-3:])}网格",
                kind="grid",
                parent_id=c,
                source="demo",
            )
            for g, c in grids
        ],
        ignore_conflicts=True,
    )
    rows = []
    for b in world.buildings.iter_rows(named=True):
        parsed = addresses.parse(b["address"]).value
        # An estate's flats that were pulled down bear no number, as those who share one register: each has its own key.
        key = f"{parsed.place_key}|{parsed.building}" if parsed and b["kind"] != "demolished" else b["address"]
        kind = b["kind"] if b["kind"] in ("collective", "demolished") else "building"
        rows.append(Area(code=b["area"], name=b["address"], kind=kind, parent_id=b["grid"], key=key, source="demo"))
    Area.objects.bulk_create(rows, ignore_conflicts=True)


def _subject_rows(subject: Subject, frame: pl.DataFrame, extra: Sequence[str] = ()) -> None:
    """Rows of a subject whose frame names its columns as the items."""
    core = [i.code for i in catalogue.items_of(subject) if i.core]
    other = {i.code for i in catalogue.items_of(subject)} - set(core)

    def rows() -> Iterator[tuple[Any, ...]]:
        for row in frame.iter_rows(named=True):
            tail = {k: _plain(v) for k, v in row.items() if k in other and v not in (None, False, "")}
            values = (row.get(c) if row.get(c) != "" else None for c in core)
            yield (
                row["id"],
                row["area"],
                "live",
                json.dumps(tail, ensure_ascii=False),
                *values,
                *(row[e] for e in extra),
            )

    copy(f"records_{subject}", ("id", "area", "status", "tail", *core, *extra), rows())


def _load_links(world: World) -> None:
    areas = dict(world.persons.select("id", "area").iter_rows())
    homes = dict(world.dwellings.select("id", "area").iter_rows())
    house = dict(world.households.select("id", "area").iter_rows())
    _subject_rows(Subject.HOUSEHOLD, world.households, ("dwelling_id",))
    copy(
        "records_membership", ("id", "area", "household_id", "person_id", "relation", "is_head", "valid_from"),
        ((uuid7(), house[m[0]], *m) for m in world.memberships.select(
            "household_id", "person_id", "relation", "is_head", "valid_from").iter_rows()),
    )  # fmt: skip
    copy(
        "records_residence", ("id", "area", "person_id", "dwelling_id", "kind", "valid_from"),
        ((uuid7(), homes[r[1]], *r) for r in world.residences.select(
            "person_id", "dwelling_id", "kind", "valid_from").iter_rows()),
    )  # fmt: skip
    copy(
        "records_kin", ("id", "area", "person_id", "relative_id", "relative_name", "kind", "note"),
        ((uuid7(), areas[k[0]], k[0], k[1], "", KIN_CODES.get(k[2], "97"), "")
         for k in world.kin.select("person_id", "kin_person_id", "kind").iter_rows()),
    )  # fmt: skip


def _load_visits(world: World) -> None:
    homes = dict(
        world.residences.filter(pl.col("kind") == "actual")
        .unique("person_id")
        .select("person_id", "dwelling_id")
        .iter_rows()
    )

    def rows() -> Iterator[tuple[Any, ...]]:
        for v in world.visits.iter_rows(named=True):
            follow = v["follow_up"]
            yield (v["id"], v["area"], v["person_id"], homes.get(v["person_id"]), v["at"].date(), v["mode"], "",
                   v["content"], "", "", "", follow, v["visitor"], v["at"], "", "demo")  # fmt: skip

    copy(
        "visits_visit",
        ("id", "area", "person_id", "dwelling_id", "visited_on", "mode", "topic", "situation", "needs", "action",
         "outcome", "follow_up_on", "visitor", "recorded_at", "withdraw_reason", "origin_kind"),
        rows(),
    )  # fmt: skip


FOLLOWED_UP = """
update visits_visit v set followed_up_by_id = f.next
from (select id, first_value(id) over (partition by person_id order by visited_on
                                       range between '1 day' following and unbounded following) as next from visits_visit) f
where f.id = v.id and f.next is not null and v.follow_up_on is not null and v.followed_up_by_id is null
"""


def load(world: World) -> dict[str, int]:
    """Load a world within the running scope; answers what was loaded, by table."""
    _load_buildings(world)
    _subject_rows(Subject.DWELLING, world.dwellings, ("address", "address_key"))
    _load_people(world)
    _load_links(world)
    _load_visits(world)
    _subject_rows(Subject.ORGANISATION, world.organisations)
    _subject_rows(Subject.PLACE, world.places)
    analyze(
        "records_person",
        "records_dwelling",
        "records_residence",
        "records_membership",
        "records_statement",
        "visits_visit",
    )
    # After the statistics: without them the join walks through all visits once for each of them.
    with connection.cursor() as cursor:
        cursor.execute(FOLLOWED_UP)
    return {name: frame.height for name, frame in world.frames().items()}
