"""Buildings and dwellings, and which group lives, owns or is registered in which dwelling."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from linyun.kernel.synth.archetypes import NUMBER_OF, Place
from linyun.kernel.synth.draft import Draft
from linyun.kernel.synth.estates import SHAPES, Area, Estate, draw_estates
from linyun.kernel.values.addresses import parse

Ints = NDArray[np.int64]

FLATS_IN_GRID = 350
"""Homes in a grid; a committee's grids are cut along its buildings."""
PSEUDO_GRID = "000"
"""Third level of the area code of addresses that are no building: collective household, demolished."""
_SPARE = 1.03
_BUYERS = ("outside_owner", "comer_couple", "comer_family")
_LETTABLE = 0.9


@dataclass(slots=True)
class Homes:
    """Where everybody is. ``dwelling`` of a group is a row of ``dwellings``."""

    buildings: pl.DataFrame
    dwellings: pl.DataFrame
    dwelling: Ints  # group → dwelling
    built_year: Ints  # dwelling → year, 0 for pseudo-addresses


def place_groups(rng: np.random.Generator, draft: Draft, committees: Sequence[Area]) -> Homes:
    """Build what is needed and give every group its dwelling; tenants take flats whose owners are away."""
    place = draft.table.place[draft.kind]
    order = np.full(len(place), -1, np.int64)
    own = np.flatnonzero(place == Place.OWN)
    order[own] = np.arange(len(own))
    let = np.flatnonzero(place == Place.LET)
    host = _hosts(rng, draft, own, let)
    housed = host >= 0
    order[let[housed]] = order[host[housed]]
    extra = let[~housed]
    order[extra] = len(own) + np.arange(len(extra))
    where = draft.committee[np.concatenate((own, extra))]
    needed = np.bincount(where, minlength=len(committees))
    estates = draw_estates(rng, committees, needed)
    buildings = _buildings(rng, estates, needed, committees)
    flats = _flats(rng, buildings)
    taken = _spread(rng, where, flats["committee_row"].to_numpy(), len(committees))
    dwelling = np.where(order >= 0, taken[order], -1)
    collective = place == Place.COLLECTIVE
    dwelling[collective] = flats.height + draft.committee[collective]
    return _finish(rng, draft, committees, buildings, flats, dwelling)


def _hosts(rng: np.random.Generator, draft: Draft, own: Ints, let: Ints) -> Ints:
    """Let group → the group whose flat it rents, -1 when none is free in the committee."""
    living = np.bincount(draft.group[draft.lives], minlength=len(draft.kind)) > 0
    away = own[~living[own]]
    away = away[rng.random(len(away)) < _LETTABLE]
    away = away[np.lexsort((rng.random(len(away)), draft.committee[away]))]
    committees = int(draft.committee.max()) + 1
    first = np.searchsorted(draft.committee[away], np.arange(committees + 1))
    rank = _rank_within(draft.committee[let])
    at = first[draft.committee[let]] + rank
    found = at < first[draft.committee[let] + 1]
    host = np.full(len(let), -1, np.int64)
    host[found] = away[at[found]]
    return host


def _rank_within(keys: Ints) -> Ints:
    """0, 1, 2 … within each run of equal, sorted keys."""
    return np.arange(len(keys)) - np.searchsorted(keys, keys)


def _buildings(
    rng: np.random.Generator, estates: list[Estate], needed: Ints, committees: Sequence[Area]
) -> pl.DataFrame:
    """As many buildings of each estate's shape as its share of the homes needs, numbered from 1号."""
    shape = np.array([e.shape for e in estates])
    capacity = np.array([e.floors for e in estates]) * np.array([s.flats for s in SHAPES])[shape]
    committee = np.array([e.committee for e in estates])
    wanted = np.ceil(needed[committee] * np.array([e.share for e in estates]) * _SPARE) + 1
    count = np.maximum(np.ceil(wanted / capacity), 1).astype(np.int64)
    row = np.repeat(np.arange(len(estates)), count)
    flats, where = capacity[row], committee[row]
    before = np.cumsum(flats) - flats
    grid = (before - before[np.searchsorted(where, where)]) // FLATS_IN_GRID + 1
    frame = _estate_table(estates, committees)[row].with_columns(
        grid_number=pl.Series(grid),
        serial=pl.Series(_rank_within(where * 1000 + grid) + 1),
        house=pl.col("before") + pl.Series(_rank_within(row) + 1),
        built_year=pl.col("built_year") + pl.Series(rng.integers(0, 3, len(row))),
        flats=pl.Series(flats),
    )
    padded = [pl.col(name).cast(pl.String).str.zfill(3) for name in ("grid_number", "serial")]
    return frame.with_columns(
        grid=pl.concat_str("committee", padded[0]),
        area=pl.concat_str("committee", *padded),
        number=pl.format("{}号", "house"),
        address=pl.format("{}{}号", "prefix", "house"),
    )


def _estate_table(estates: list[Estate], committees: Sequence[Area]) -> pl.DataFrame:
    """What all buildings of an estate share, one row an estate."""
    rows = [
        (
            committees[e.committee].code,
            e.committee,
            e.estate,
            e.road,
            e.lane,
            e.address,
            e.shape,
            SHAPES[e.shape].code,
            SHAPES[e.shape].has_lift,
            e.floors,
            e.built_year,
            e.before,
        )
        for e in estates
    ]
    names = ("committee", "committee_row", "estate", "road", "lane", "prefix", "shape", "kind", "has_lift", "floors")
    return pl.DataFrame(rows, schema=[*names, "built_year", "before"], orient="row")


def _flats(rng: np.random.Generator, buildings: pl.DataFrame) -> pl.DataFrame:
    """Every flat of every building: floor, room, area."""
    flats = buildings["flats"].to_numpy()
    row = np.repeat(np.arange(len(flats)), flats)
    number = np.arange(len(row)) - np.repeat(np.cumsum(flats) - flats, flats)
    shape = buildings["shape"].to_numpy()[row]
    per_floor = np.array([s.flats for s in SHAPES])[shape]
    floor = number // per_floor + 1
    room = floor * 100 + number % per_floor + 1
    mean, spread = (np.array([s.area[i] for s in SHAPES])[shape] for i in (0, 1))
    carried = buildings.select(
        "committee_row",
        "area",
        "estate",
        "road",
        "lane",
        "prefix",
        "has_lift",
        "built_year",
        building=pl.col("house").cast(pl.String),
        total_floors="floors",
    )[row]
    frame = carried.with_columns(
        room=pl.Series(room).cast(pl.String),
        floor=pl.Series(floor),
        floor_area=pl.Series(np.round(np.maximum(rng.normal(mean, spread), 9.0), 2)),
    )
    return frame.with_columns(
        address=pl.format("{}{}号{}室", "prefix", "building", "room"),
        address_key=pl.format("{}|{}||{}", "prefix", "building", "room"),
    )


def _spread(rng: np.random.Generator, where: Ints, flat_committee: Ints, committees: int) -> Ints:
    """Home needed (by committee) → a flat of the same committee, drawn without repetition; the rest stays empty."""
    shuffled = np.lexsort((rng.random(len(flat_committee)), flat_committee))
    first = np.searchsorted(flat_committee[shuffled], np.arange(committees))
    order = np.argsort(where, kind="stable")
    taken = np.empty(len(where), np.int64)
    sorted_where = where[order]
    taken[order] = shuffled[first[sorted_where] + _rank_within(sorted_where)]
    return taken


def _finish(
    rng: np.random.Generator,
    draft: Draft,
    committees: Sequence[Area],
    buildings: pl.DataFrame,
    flats: pl.DataFrame,
    dwelling: Ints,
) -> Homes:
    """Uses and tenures, and the pseudo-addresses (collective household, demolished) of each committee."""
    total = flats.height
    people = np.bincount(dwelling[draft.group[draft.lives]], minlength=total + len(committees))[:total]
    let = np.zeros(total, bool)
    let[dwelling[draft.table.place[draft.kind] == Place.LET]] = True
    crowded = np.zeros(total, bool)
    crowded[dwelling[draft.kind == NUMBER_OF["group_let"]]] = True
    use = np.where(let, 1, np.where(people > 0, 0, 2))
    bought = np.zeros(total, bool)
    bought[dwelling[np.isin(draft.kind, [NUMBER_OF[code] for code in _BUYERS])]] = True
    old = flats["built_year"].to_numpy() < 1994
    public = old & ~bought & (rng.random(total) < 0.22)
    tenure = np.where(public, 2, np.where(old, 1, 0))
    kept = flats.drop("committee_row", "prefix").with_columns(
        dwelling_use=pl.Series(["0", "2", "99"]).gather(use),
        rental_use=pl.Series([None, "02", None]).gather(use),
        tenure=pl.Series(["1", "2", "3"]).gather(tenure),
        vacant=pl.Series(use == 2),
        group_rented=pl.Series(crowded),
    )
    pseudo_buildings, pseudo_flats = _pseudo(committees, buildings)
    return Homes(
        buildings=pl.concat((_published(buildings), pseudo_buildings), how="diagonal_relaxed"),
        dwellings=pl.concat((kept, pseudo_flats), how="diagonal_relaxed"),
        dwelling=dwelling,
        built_year=np.concatenate((flats["built_year"].to_numpy(), np.zeros(2 * len(committees), np.int64))),
    )


def _published(buildings: pl.DataFrame) -> pl.DataFrame:
    columns = ("area", "grid", "committee", "estate", "road", "lane", "number", "address")
    return buildings.select(*columns, "kind", "floors", "flats", "has_lift", "built_year")


def _pseudo(committees: Sequence[Area], buildings: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Two pseudo-buildings a committee; the collective households come first, in the order of the committees."""
    first = buildings.group_by("committee_row", maintain_order=True).first()
    prefix = dict(zip(first["committee_row"], first["prefix"], strict=True))
    rows = []
    for serial, word, kind in (("001", "集体户", "collective"), ("002", "拆迁", "demolished")):
        for number, committee in enumerate(committees):
            grid = committee.code + PSEUDO_GRID
            address = prefix.get(number, committee.name) + word
            rows.append((grid + serial, grid, committee.code, word, address, kind))
    names = ("area", "grid", "committee", "number", "address", "kind")
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    keys = [parsed.value.key if (parsed := parse(text)).value else text for text in frame["address"]]
    pseudo = pl.when(pl.col("kind") == "collective").then(pl.lit("1")).otherwise(pl.lit("2"))
    return frame, frame.select("area", "address", address_key=pl.Series(keys), pseudo_dwelling=pseudo)
