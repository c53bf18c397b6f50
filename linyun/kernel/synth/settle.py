"""Making room for known characters: their flats are found or built, and emptied."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import polars as pl

from linyun.kernel.synth.estates import address_of
from linyun.kernel.synth.world import World

Wanted = tuple[str, str, str]
"""Committee code, house (12号), room (302室)."""


@dataclass(frozen=True, slots=True)
class Home:
    """A flat that is kept for characters. ``serial``: its place among those asked for, from 1."""

    dwelling: str
    area: str
    address: str
    serial: int


def settle(world: World, wanted: Sequence[Wanted], fixed_id: Callable[[int], str]) -> tuple[World, dict[Wanted, Home]]:
    """The world with an empty flat for each that is wanted. New flats get the ids ``fixed_id(2001)`` and on."""
    homes: dict[Wanted, Home] = {}
    for serial, key in enumerate(wanted, 1):
        world, homes[key] = _flat(world, key, serial, fixed_id(2000 + serial))
    return _emptied(world, [home.dwelling for home in homes.values()]), homes


def _flat(world: World, key: Wanted, serial: int, new_id: str) -> tuple[World, Home]:
    """The flat at an address of the committee's main estate; house and flat are built when they are missing."""
    code, house, room = key
    name = next(c.name for c in world.committees if c.code == code)
    estate, road, lane = address_of(name)
    street = (estate or road + lane) + house
    building = world.buildings.filter((pl.col("committee") == code) & (pl.col("address") == street))
    if building.is_empty():
        row = _new_building(world, code, (estate, road, lane, house, street))
        building = pl.DataFrame([row], schema=world.buildings.schema)
        world = replace(world, buildings=pl.concat((world.buildings, building)))
    area = building["area"][0]
    flat = world.dwellings.filter((pl.col("area") == area) & (pl.col("room") == room.removesuffix("室")))
    if flat.is_empty():
        flat = pl.DataFrame(
            [
                dict.fromkeys(world.dwellings.columns)
                | {"id": new_id, "area": area, "address": street + room, "estate": estate, "road": road, "lane": lane}
                | {"building": house.removesuffix("号"), "room": room.removesuffix("室"), "floor": int(room[:-3])}
                | {"address_key": f"{estate or road + lane}|{house.removesuffix('号')}||{room.removesuffix('室')}"}
                | {"floor_area": 42.5, "has_lift": False, "built_year": 1984, "total_floors": 6}
            ],
            schema=world.dwellings.schema,
        )
        world = replace(world, dwellings=pl.concat((world.dwellings, flat)))
    return world, Home(flat["id"][0], area, street + room, serial)


def _new_building(world: World, code: str, names: tuple[str, str, str, str, str]) -> dict[str, object]:
    """A building with the next free serial in the committee's last grid."""
    real = world.buildings.filter((pl.col("committee") == code) & (pl.col("grid").str.slice(12) != "000"))
    last = str(real["area"].max() or code + "001000")
    area = f"{last[:15]}{int(last[15:]) + 1:03d}"
    estate, road, lane, number, address = names
    return dict.fromkeys(world.buildings.columns) | {
        "area": area,
        "grid": area[:15],
        "committee": code,
        "estate": estate,
        "road": road,
        "lane": lane,
        "number": number,
        "address": address,
        "kind": "walk_up",
        "floors": 6,
        "flats": 24,
        "has_lift": False,
        "built_year": 1984,
    }


def _emptied(world: World, dwellings: list[str]) -> World:
    """Nobody lives in, is registered in or owns the flats any more; those people leave every frame."""
    gone = world.residences.filter(pl.col("dwelling_id").is_in(dwellings))["person_id"].unique().to_list()
    kept = {
        "persons": pl.col("id").is_in(gone).not_(),
        "households": pl.col("dwelling_id").is_in(dwellings).not_(),
        "memberships": pl.col("person_id").is_in(gone).not_(),
        "residences": pl.col("person_id").is_in(gone).not_(),
        "kin": (pl.col("person_id").is_in(gone) | pl.col("kin_person_id").is_in(gone)).not_(),
        "visits": pl.col("person_id").is_in(gone).not_(),
        "workers": pl.col("person_id").is_in(gone).fill_null(value=False).not_(),
    }
    frames = {name: getattr(world, name).filter(condition) for name, condition in kept.items()}
    lived_in = pl.col("id").is_in(dwellings)
    frames["dwellings"] = world.dwellings.with_columns(
        dwelling_use=pl.when(lived_in).then(pl.lit("0")).otherwise("dwelling_use"),
        rental_use=pl.when(lived_in.not_()).then("rental_use"),
        tenure=pl.when(lived_in).then(pl.lit("2")).otherwise("tenure"),
        vacant=pl.when(lived_in).then(pl.lit(value=False)).otherwise("vacant"),
        group_rented=pl.when(lived_in).then(pl.lit(value=False)).otherwise("group_rented"),
    )
    return replace(world, **frames)
