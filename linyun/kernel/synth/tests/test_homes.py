"""Homes and households hold together: every reference is met, every residence makes sense."""

from datetime import timedelta

import polars as pl
import pytest

from linyun.kernel.synth import codes
from linyun.kernel.synth.tests.street import TODAY, known, large
from linyun.kernel.synth.world import World
from linyun.kernel.values.addresses import parse

REFERENCES = [
    ("households", "head_person_id", "persons", "id"),
    ("households", "dwelling_id", "dwellings", "id"),
    ("memberships", "household_id", "households", "id"),
    ("memberships", "person_id", "persons", "id"),
    ("residences", "person_id", "persons", "id"),
    ("residences", "dwelling_id", "dwellings", "id"),
    ("kin", "person_id", "persons", "id"),
    ("kin", "kin_person_id", "persons", "id"),
    ("visits", "person_id", "persons", "id"),
    ("workers", "person_id", "persons", "id"),
    ("dwellings", "area", "buildings", "area"),
    ("persons", "area", "buildings", "area"),
    ("organisations", "area", "buildings", "area"),
    ("places", "area", "buildings", "area"),
]


@pytest.mark.parametrize("world", [large, known], ids=["made", "with characters"])
@pytest.mark.parametrize(("frame", "column", "target", "key"), REFERENCES)
def test_every_reference_is_met(world: "type[World]", frame: str, column: str, target: str, key: str) -> None:
    frames = world().frames()
    held = frames[frame].filter(pl.col(column).is_not_null())
    assert held.height > 0
    assert held.join(frames[target], left_on=column, right_on=key, how="anti").is_empty()


@pytest.mark.parametrize(
    ("frame", "columns"),
    [
        ("persons", ["id"]),
        ("dwellings", ["id"]),
        ("households", ["id"]),
        ("households", ["number"]),
        ("visits", ["id"]),
        ("buildings", ["area"]),
        ("buildings", ["committee", "address"]),
        ("organisations", ["uscc"]),
        ("residences", ["person_id", "dwelling_id", "kind"]),
        ("memberships", ["person_id"]),
    ],
)
def test_what_should_stand_once_stands_once(frame: str, columns: list[str]) -> None:
    assert large().frames()[frame].select(columns).is_duplicated().sum() == 0


def test_area_codes_nest() -> None:
    buildings = large().buildings
    assert buildings["area"].str.contains(r"^\d{18}$").all()
    assert (buildings["area"].str.head(15) == buildings["grid"]).all()
    assert (buildings["grid"].str.head(12) == buildings["committee"]).all()


def test_an_address_stands_once_in_a_committee() -> None:
    dwellings = large().dwellings.with_columns(committee=pl.col("area").str.head(12))
    assert dwellings.select("committee", "address_key").is_duplicated().sum() == 0


def test_addresses_are_read_back_as_their_parts() -> None:
    for row in large().dwellings.filter(pl.col("pseudo_dwelling").is_null()).sample(1500, seed=4).iter_rows(named=True):
        read = parse(row["address"]).value
        assert read is not None
        assert read.key == row["address_key"]
        assert (read.building, read.room) == (row["building"], row["room"])
        assert (read.estate, read.road, read.lane) == (row["estate"], row["road"], row["lane"])


def test_everybody_who_lives_here_lives_in_one_place() -> None:
    residences = large().residences
    for kind in ("actual", "registered"):
        assert residences.filter(pl.col("kind") == kind)["person_id"].is_duplicated().sum() == 0
    assert set(residences["kind"]) == {"actual", "registered", "owner"}


def test_everybody_is_here_for_a_reason() -> None:
    world = large()
    assert world.persons.join(world.residences, left_on="id", right_on="person_id", how="anti").is_empty()


def test_the_area_of_a_person_is_that_of_the_home() -> None:
    world = large()
    homes = world.residences.join(world.dwellings.select("id", "area"), left_on="dwelling_id", right_on="id")
    both = world.persons.select("id", "area").join(homes, left_on="id", right_on="person_id", suffix="_home")
    assert (both["area"] == both["area_home"]).all()


def test_every_household_but_the_collective_has_one_head_who_is_its_member() -> None:
    world = large()
    heads = world.memberships.filter("is_head").select("household_id", "person_id")
    ordinary = world.households.filter(pl.col("kind") != "collective")
    both = ordinary.join(heads, left_on="id", right_on="household_id")
    assert both.height == ordinary.height == heads.height
    assert (both["head_person_id"] == both["person_id"]).all()
    assert set(world.memberships.filter("is_head")["relation"]) == {"02"}
    assert "02" not in set(world.memberships.filter(~pl.col("is_head"))["relation"])


def test_a_collective_household_is_one_a_committee_without_head_or_residents() -> None:
    world = large()
    collective = world.households.filter(pl.col("kind") == "collective")
    assert 15 < collective.height <= 23
    assert collective["area"].str.head(12).n_unique() == collective.height
    assert collective["head_person_id"].null_count() == collective.height
    assert set(collective["kind_of_household"]) == {"2"}
    members = world.memberships.join(collective, left_on="household_id", right_on="id")
    people = world.persons.join(members, left_on="id", right_on="person_id")
    assert set(people["household_type"]) == {"2"}
    kinds = world.residences.join(members, on="person_id")["kind"].unique().to_list()
    assert kinds == ["registered"]


def test_members_of_a_tenant_household_are_registered_elsewhere() -> None:
    world = large()
    tenants = world.memberships.join(
        world.households.filter(pl.col("kind") == "tenant"), left_on="household_id", right_on="id"
    )
    kinds = world.residences.join(tenants, on="person_id")
    assert set(kinds["kind"]) == {"actual"}


def test_let_flats_hold_tenants_and_their_owners_live_elsewhere() -> None:
    world = large()
    let = world.dwellings.filter(pl.col("dwelling_use") == "2")
    inside = world.residences.join(let.select("id"), left_on="dwelling_id", right_on="id")
    owners = inside.filter(pl.col("kind") == "owner")["person_id"]
    residents = inside.filter(pl.col("kind") == "actual")["person_id"]
    assert owners.len() > 0.5 * let.height
    assert owners.is_in(residents.implode()).sum() == 0
    assert inside.filter(pl.col("kind") == "actual")["dwelling_id"].n_unique() == let.height
    assert set(let["rental_use"]) == {"02"}


def test_empty_flats_are_empty_and_the_others_are_not() -> None:
    world = large()
    lived_in = set(world.residences.filter(pl.col("kind") == "actual")["dwelling_id"])
    flats = world.dwellings.filter(pl.col("pseudo_dwelling").is_null())
    empty = flats.filter("vacant")
    assert 0.04 < empty.height / flats.height < 0.2
    assert lived_in.isdisjoint(empty["id"])
    assert set(flats.filter(~pl.col("vacant"))["id"]) == lived_in


def test_group_lets_are_few_and_crowded() -> None:
    world = large()
    crowded = world.dwellings.filter(pl.col("group_rented").fill_null(value=False))
    assert 0 < crowded.height < 0.01 * world.dwellings.height
    people = world.residences.filter(pl.col("kind") == "actual").join(crowded, left_on="dwelling_id", right_on="id")
    assert people.group_by("dwelling_id").len()["len"].min() >= 6


def test_public_housing_has_no_owner_among_residents() -> None:
    world = large()
    rented = world.dwellings.filter(pl.col("tenure") == "3")
    assert rented.height > 500
    owners = world.residences.filter(pl.col("kind") == "owner")
    assert owners.join(rented, left_on="dwelling_id", right_on="id").is_empty()


def test_nothing_begins_before_birth_or_after_today() -> None:
    world = large()
    for frame in (world.residences, world.memberships):
        dated = frame.join(world.persons.select("id", "birth_date"), left_on="person_id", right_on="id")
        assert dated.filter(pl.col("valid_from") < pl.col("birth_date")).is_empty()
        assert dated["valid_from"].max() <= TODAY


def test_tenants_came_lately() -> None:
    world = large()
    tenants = world.memberships.join(
        world.households.filter(pl.col("kind") == "tenant"), left_on="household_id", right_on="id"
    )
    recent = (tenants["valid_from"] > TODAY - timedelta(days=3 * 366)).mean()
    assert recent > 0.7


def test_flats_fill_the_building_floor_by_floor() -> None:
    world = large()
    flats = world.dwellings.filter(pl.col("pseudo_dwelling").is_null())
    assert (flats["floor"] == flats["room"].cast(pl.Int64) // 100).all()
    assert (flats["floor"] <= flats["total_floors"]).all()
    counts = flats.group_by("area").len()
    both = world.buildings.join(counts, on="area")
    assert (both["flats"] == both["len"]).all()


def test_lifts_stand_in_towers() -> None:
    buildings = large().buildings.filter(pl.col("has_lift").is_not_null())
    assert buildings.filter("has_lift")["floors"].min() >= 11
    assert buildings.filter(~pl.col("has_lift"))["floors"].max() <= 7
    assert buildings["has_lift"].mean() < 0.25


def test_a_grid_holds_a_few_hundred_homes() -> None:
    per_grid = large().buildings.filter(pl.col("flats").is_not_null()).group_by("grid").agg(pl.col("flats").sum())
    assert per_grid["flats"].max() < 500
    assert per_grid["flats"].median() > 200


def test_codes_of_dwellings_are_known() -> None:
    dwellings = large().dwellings
    assert set(dwellings["dwelling_use"].drop_nulls()) <= set(codes.DWELLING_USE)
    assert set(dwellings["tenure"].drop_nulls()) == set(codes.TENURE)
    assert set(dwellings["pseudo_dwelling"].drop_nulls()) == set(codes.PSEUDO_DWELLING)
    assert dwellings.filter(pl.col("floor_area") < 9).is_empty()
