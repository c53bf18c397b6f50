"""Shops, facilities and the people who work for the committee."""

import polars as pl

from linyun.kernel.synth import codes
from linyun.kernel.synth.tests.street import TODAY, large
from linyun.kernel.values import uscc


def test_every_committee_has_workers_and_every_grid_a_worker() -> None:
    staff = large().workers
    assert set(staff["role"]) == {"worker", "grid", "chief"}
    assert staff.filter(pl.col("role") == "worker").group_by("area").len()["len"].unique().to_list() == [8]
    grids = large().buildings.filter(~pl.col("grid").str.ends_with("000"))["grid"].unique()
    assert set(staff.filter(pl.col("role") == "grid")["area"]) == set(grids)


def test_chiefs_are_elder_residents_of_their_building() -> None:
    world = large()
    chiefs = world.workers.filter(pl.col("role") == "chief")
    assert chiefs.height > 100
    assert chiefs["area"].is_duplicated().sum() == 0
    people = chiefs.join(world.persons, left_on="person_id", right_on="id", suffix="_person")
    assert (people["area"] == people["area_person"]).all()
    assert (people["name"] == people["name_person"]).all()
    assert (people["phone"] == people["phone_person"]).all()
    age = (pl.lit(TODAY) - pl.col("birth_date")).dt.total_days() / 365.2425
    ages = people.select(age.alias("age"))["age"]
    assert (ages.min(), ages.max()) > (50, 0)
    assert ages.max() < 79
    living = set(world.residences.filter(pl.col("kind") == "actual")["person_id"])
    assert set(chiefs["person_id"]) <= living


def test_only_chiefs_are_residents() -> None:
    staff = large().workers
    assert (
        staff.filter(pl.col("role") != "chief")["person_id"].null_count()
        == staff.filter(pl.col("role") != "chief").height
    )


def test_phones_of_staff_and_shops_belong_to_nobody_else() -> None:
    world = large()
    staff = world.workers.filter(pl.col("role") != "chief")["phone"]
    phones = pl.concat([world.persons["phone"].drop_nulls(), staff, world.organisations["contact_phone"]])
    assert phones.n_unique() == phones.len()


def test_shops_have_valid_codes_and_known_types() -> None:
    shops = large().organisations
    assert all(uscc.parse(code).value == code for code in shops["uscc"])
    assert set(shops["organisation_type"]) == set(codes.ORGANISATION_TYPE)
    assert set(shops["industry"]) == set(codes.INDUSTRY)
    assert shops["staff_count"].min() >= 1
    per_committee = shops.group_by(pl.col("area").str.head(12)).len()["len"]
    assert (per_committee.len(), per_committee.min() >= 10, per_committee.max() <= 30) == (23, True, True)


def test_places_are_named_after_their_address_and_lifts_stand_where_lifts_are() -> None:
    world = large()
    places = world.places
    assert set(places["place_type"]) == set(codes.PLACE_TYPE)
    assert places.select(
        (pl.col("name") == pl.col("address") + pl.col("place_type").replace_strict(codes.PLACE_TYPE)).all()
    ).item()
    lifts = places.filter(pl.col("place_type") == "lift")["area"]
    assert set(lifts) == set(world.buildings.filter(pl.col("has_lift").fill_null(value=False))["area"])
