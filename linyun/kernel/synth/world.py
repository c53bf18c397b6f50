"""A made world: frames that refer to each other, and the one function that makes them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from linyun.kernel.synth import kin as kinship
from linyun.kernel.synth import register
from linyun.kernel.synth.attributes import words
from linyun.kernel.synth.codes import KIN
from linyun.kernel.synth.draft import draft_people
from linyun.kernel.synth.estates import Area
from linyun.kernel.synth.homes import place_groups
from linyun.kernel.synth.numbers import Numbers, uuids
from linyun.kernel.synth.persons import persons
from linyun.kernel.synth.surroundings import organisations, places, workers
from linyun.kernel.synth.visits import visits

PART = 150_000
"""People in one part of a large world: small enough that its columns stay in the processor's caches."""
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class World:
    """Frames of a made world. Ids are UUIDv7 as text; ``area`` is an area code; codes are those of synth.codes.

    =============  ===========================================================================================
    buildings      area (18 digits: committee, grid, building), grid, committee, estate, road, lane, number,
                   address, kind, floors, flats, has_lift, built_year; pseudo-addresses have kind
                   ``collective`` or ``demolished`` and grid 000
    dwellings      id, area, address, address_key, estate, road, lane, building, room, floor, total_floors, floor_area,
                   built_year, has_lift, dwelling_use, rental_use, tenure, vacant, group_rented, pseudo_dwelling
    persons        id, area, status, name, sex, birth_date, identity_number … (see synth.persons)
    households     id, area, number, kind_of_household, head_person_id, dwelling_id, kind (home, tenant, collective)
    memberships    household_id, person_id, relation, is_head, valid_from
    residences     person_id, dwelling_id, kind (registered, actual, owner), valid_from
    kin            person_id, kin_person_id, kind: what ``kin_person_id`` is to ``person_id`` (codes.KIN)
    visits         id, person_id, area, visited_on, at, mode, content, visitor, follow_up
    workers        id, area (committee, grid, building), name, role (worker, grid, chief), phone, person_id (of chiefs)
    organisations  id, area, name, uscc, organisation_type, industry, address, contact_name, contact_phone, staff_count
    places         id, area, name, place_type, address
    =============  ===========================================================================================
    """

    today: date
    committees: tuple[Area, ...]
    buildings: pl.DataFrame
    dwellings: pl.DataFrame
    persons: pl.DataFrame
    households: pl.DataFrame
    memberships: pl.DataFrame
    residences: pl.DataFrame
    kin: pl.DataFrame
    visits: pl.DataFrame
    workers: pl.DataFrame
    organisations: pl.DataFrame
    places: pl.DataFrame

    def frames(self) -> dict[str, pl.DataFrame]:
        """The frames by name."""
        return {name: getattr(self, name) for name in FRAMES}


FRAMES = tuple(f.name for f in fields(World) if f.name not in ("today", "committees"))


def generate(committees: Sequence[Area], people: int, seed: int, today: date) -> World:
    """``people`` people over the committees; the same arguments give the same world, byte for byte.

    Raises ValueError when there are no committees or fewer than one person. Everything is held in memory, about
    2 KB a person; for many millions use ``generate_parts``.
    """
    parts = list(generate_parts(committees, people, seed, today))
    frames = {name: pl.concat([getattr(part, name) for part in parts]) for name in FRAMES}
    return World(today=today, committees=tuple(committees), **frames)


def generate_parts(committees: Sequence[Area], people: int, seed: int, today: date) -> Iterator[World]:
    """The same world in parts, each with committees of its own; no number or id stands twice.

    Raises ValueError as ``generate`` does.
    """
    if not committees or people < 1:
        raise ValueError("a world needs at least one committee and one person")
    count = max(1, min(len(committees), round(people / PART)))
    numbers = Numbers()
    seeds = np.random.SeedSequence(seed).spawn(count)
    for number in range(count):
        low, high = (len(committees) * i // count for i in (number, number + 1))
        share = people * high // len(committees) - people * low // len(committees)
        if share:
            yield _part(committees[low:high], share, seeds[number], today, numbers)


def _part(
    committees: Sequence[Area], people: int, seed: np.random.SeedSequence, today: date, numbers: Numbers
) -> World:
    rng = np.random.default_rng(seed)
    day = (today - _EPOCH).days
    at_ms = day * 86_400_000 - 8 * 3_600_000
    draft = draft_people(rng, people, len(committees), day)
    homes = place_groups(rng, draft, committees)
    homes.dwellings = homes.dwellings.insert_column(0, uuids(rng, homes.dwellings.height, at_ms).alias("id"))
    links = kinship.link_households(rng, draft)
    ids = uuids(rng, draft.people, at_ms)
    codes = pl.Series([c.code for c in committees])
    where = draft.committee[draft.group]
    district = codes.str.head(6).gather(where)
    everyone = persons(rng, draft, homes, links, numbers, ids, district)
    household, row = register.households(rng, draft, homes, ids, at_ms)
    since = register.since(rng, draft, homes)
    person, other, kind = kinship.kin_pairs(draft, links)
    known = everyone.select("id", "area", "name", "phone").with_columns(lives=draft.lives, age=draft.age)
    staff = workers(rng, committees, homes.buildings, known, numbers, at_ms)
    return World(
        today=today,
        committees=tuple(committees),
        buildings=homes.buildings,
        dwellings=homes.dwellings,
        persons=_with_roles(everyone, staff),
        households=household,
        memberships=register.memberships(draft, household, row, ids, since),
        residences=register.residences(rng, draft, homes, ids, since),
        kin=pl.DataFrame(
            {"person_id": ids.gather(person), "kin_person_id": ids.gather(other), "kind": words(KIN, kind)}
        ),
        visits=visits(rng, draft, everyone, staff, committees, day, since),
        workers=staff,
        organisations=organisations(rng, committees, homes.buildings, numbers, at_ms),
        places=places(rng, homes.buildings, at_ms),
    )


def _with_roles(people: pl.DataFrame, staff: pl.DataFrame) -> pl.DataFrame:
    """Volunteers and building chiefs as ``community_role``, a list of codes; null for everybody else."""
    chiefs = staff["person_id"].drop_nulls().implode()
    row = people["volunteer"].cast(pl.Int64) + 2 * people["id"].is_in(chiefs).cast(pl.Int64)
    roles = pl.Series([None, ["07"], ["03"], ["03", "07"]], dtype=pl.List(pl.String)).gather(row)
    return people.drop("volunteer").with_columns(community_role=roles)


def write_parquet(world: World, folder: Path, part: int = 0) -> dict[str, int]:
    """Write each frame as ``folder/<frame>/part-0000.parquet``; returns the rows written by frame."""
    rows = {}
    for name, frame in world.frames().items():
        target = folder / name
        target.mkdir(parents=True, exist_ok=True)
        frame.write_parquet(target / f"part-{part:04d}.parquet")
        rows[name] = frame.height
    return rows
