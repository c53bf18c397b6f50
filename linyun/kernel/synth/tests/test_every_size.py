"""Worlds of any size and day hold together: whoever is named exists, stands in one home, and lives in the order of time."""

from datetime import timedelta

import polars as pl
import pytest

from linyun.kernel.synth.figures import HOUSEHOLD_SIZE
from linyun.kernel.synth.numbers import Numbers
from linyun.kernel.synth.tests.worlds import SHAPES, made, with_age
from linyun.kernel.values import identity
from linyun.kernel.values.addresses import parse

EACH = pytest.mark.parametrize("shape", SHAPES)
REFERENCES = [
    ("households", "head_person_id", "persons"),
    ("households", "dwelling_id", "dwellings"),
    ("memberships", "household_id", "households"),
    ("memberships", "person_id", "persons"),
    ("residences", "person_id", "persons"),
    ("residences", "dwelling_id", "dwellings"),
    ("kin", "person_id", "persons"),
    ("kin", "kin_person_id", "persons"),
    ("visits", "person_id", "persons"),
    ("workers", "person_id", "persons"),
]


@EACH
def test_there_are_as_many_people_as_asked(shape: str) -> None:
    assert made(shape).persons.height == SHAPES[shape][0]


@EACH
def test_whoever_is_named_exists(shape: str) -> None:
    frames = made(shape).frames()
    for frame, column, target in REFERENCES:
        named = frames[frame][column].drop_nulls()
        assert set(named) <= set(frames[target]["id"]), (frame, column)


@EACH
def test_every_household_has_members_and_one_head_who_is_the_one_it_names(shape: str) -> None:
    world = made(shape)
    heads = world.memberships.filter("is_head")
    assert heads["household_id"].is_duplicated().sum() == 0
    private = world.households.filter(pl.col("kind") != "collective")
    assert set(heads["household_id"]) == set(private["id"])
    assert set(world.memberships["household_id"]) == set(world.households["id"])
    both = heads.join(private, left_on="household_id", right_on="id")
    assert (both["person_id"] == both["head_person_id"]).all()
    assert set(heads["relation"]) <= {"02"}


@EACH
def test_nobody_belongs_lives_or_is_registered_twice(shape: str) -> None:
    world = made(shape)
    assert world.memberships["person_id"].is_duplicated().sum() == 0
    for kind in ("actual", "registered"):
        assert world.residences.filter(pl.col("kind") == kind)["person_id"].is_duplicated().sum() == 0


@EACH
def test_people_homes_and_households_lie_in_the_same_building(shape: str) -> None:
    world = made(shape)
    homes = world.dwellings.select("id", home="area")
    households = world.households.join(homes, left_on="dwelling_id", right_on="id")
    assert (households["area"] == households["home"]).all()
    residences = world.residences.join(homes, left_on="dwelling_id", right_on="id").join(
        world.persons.select("id", "area"), left_on="person_id", right_on="id"
    )
    assert (residences["area"] == residences["home"]).all()
    assert set(world.dwellings["area"]) <= set(world.buildings["area"])


@EACH
def test_members_of_a_home_share_its_address(shape: str) -> None:
    world = made(shape)
    homes = world.residences.join(world.dwellings.select("id", "address"), left_on="dwelling_id", right_on="id")
    people = homes.join(world.persons, left_on="person_id", right_on="id")
    for kind, column in (("actual", "living_address"), ("registered", "registered_address")):
        theirs = people.filter(pl.col("kind") == kind)
        assert (theirs["address"] == theirs[column]).all()


@EACH
def test_addresses_are_read_by_the_house_as_the_home_they_are(shape: str) -> None:
    """A roster of a made committee is imported: its homes must be the homes of the register."""
    flats = made(shape).dwellings.filter(pl.col("pseudo_dwelling").is_null())
    assert flats.select("area", "address_key").is_duplicated().sum() == 0
    for address, key, room in flats.select("address", "address_key", "room").head(300).rows():
        read = parse(address).value
        assert read is not None
        assert (read.key, read.room, read.rest) == (key, room, "")


@EACH
def test_identity_numbers_are_valid_stand_once_and_say_birth_and_sex(shape: str) -> None:
    world = made(shape)
    numbers = world.persons["identity_number"]
    assert numbers.n_unique() == world.persons.height
    for number, born, sex in world.persons.select("identity_number", "birth_date", "sex").head(400).rows():
        assert identity.parse(number, today=world.today).value == number
        assert (identity.birth_date(number), identity.sex(number)) == (born, sex)
        assert int(number[14:17]) >= 900


@EACH
def test_all_phones_are_of_the_range_that_no_operator_gives_out(shape: str) -> None:
    world = made(shape)
    everyone = [world.persons["phone"], world.persons["emergency_phone"], world.workers["phone"]]
    for phones in (*everyone, world.organisations["contact_phone"]):
        assert phones.drop_nulls().str.contains(r"^199\d{8}$").all()
        assert not phones.drop_nulls().str.starts_with("1990099").any()


@EACH
def test_nothing_happens_before_birth_before_the_house_or_after_today(shape: str) -> None:
    world = made(shape)
    dated = world.residences.join(world.persons.select("id", "birth_date"), left_on="person_id", right_on="id").join(
        world.dwellings.select("id", "built_year"), left_on="dwelling_id", right_on="id"
    )
    assert dated.filter(pl.col("valid_from") < pl.col("birth_date")).is_empty()
    assert dated.filter(pl.col("valid_from").dt.year() < pl.col("built_year")).is_empty()
    assert dated.filter(pl.col("valid_from") > world.today).is_empty()
    assert world.persons.filter(pl.col("birth_date") > world.today).is_empty()
    assert world.memberships.filter(pl.col("valid_from") > world.today).is_empty()


@EACH
def test_nobody_is_visited_before_moving_in_as_a_child_or_tomorrow(shape: str) -> None:
    world = made(shape)
    since = world.memberships.select("person_id", "valid_from")
    visits = world.visits.join(since, on="person_id").join(
        world.persons.select("id", "birth_date", home="area"), left_on="person_id", right_on="id"
    )
    assert visits.filter(pl.col("visited_on") < pl.col("valid_from")).is_empty()
    assert visits.filter(pl.col("visited_on") >= world.today).is_empty()
    assert visits.filter(pl.col("visited_on") < world.today - timedelta(days=368)).is_empty()
    assert (visits["area"] == visits["home"]).all()
    assert visits.filter(pl.col("visited_on").dt.year() - pl.col("birth_date").dt.year() < 15).is_empty()
    assert set(world.persons["status"]) == {"live"}


@EACH
def test_nobody_is_married_before_the_lawful_age(shape: str) -> None:
    people = with_age(made(shape))
    once_married = people.filter(pl.col("marital_status") != "10")
    assert once_married.filter((pl.col("sex") == "1") & (pl.col("age") < 22)).is_empty()
    assert once_married.filter((pl.col("sex") == "2") & (pl.col("age") < 20)).is_empty()
    assert people.filter((pl.col("marital_status") == "30") & (pl.col("age") < 50)).is_empty()


@EACH
def test_no_child_lives_alone_heads_a_home_or_owns_one(shape: str) -> None:
    world = made(shape)
    people = with_age(world).select("id", "age")
    homes = world.residences.join(people, left_on="person_id", right_on="id")
    eldest = homes.filter(pl.col("kind") == "actual").group_by("dwelling_id").agg(pl.col("age").max())
    assert eldest.filter(pl.col("age") < 18).is_empty()
    assert homes.filter((pl.col("kind") == "owner") & (pl.col("age") < 18)).is_empty()
    heads = world.households.join(people, left_on="head_person_id", right_on="id")
    assert heads.filter(pl.col("age") < 18).is_empty()


@EACH
def test_kin_are_of_fitting_ages_and_hold_both_ways(shape: str) -> None:
    world = made(shape)
    people = world.persons.select("id", "birth_date", "sex")
    pairs = world.kin.join(people, left_on="person_id", right_on="id").join(
        people, left_on="kin_person_id", right_on="id", suffix="_kin"
    )
    years = (pl.col("birth_date_kin") - pl.col("birth_date")).dt.total_days() / 365.2425
    pairs = pairs.with_columns(years=years)
    bounds = {"child": (15, 61), "grandchild": (34, 100), "spouse": (-11, 11), "sibling": (-7, 7)}
    for kind, (low, high) in bounds.items():
        found = pairs.filter(pl.col("kind") == kind)["years"]
        assert found.is_between(low, high).all(), kind
    mothers = pairs.filter((pl.col("kind") == "child") & (pl.col("sex") == "2"))
    assert mothers["years"].is_between(15, 50).all()
    back = {"child": "parent", "parent": "child", "grandchild": "grandparent", "grandparent": "grandchild"}
    there = {(a, b, k) for a, b, k in world.kin.rows()}
    assert {(b, a, back.get(k, k)) for a, b, k in there} == there


@EACH
def test_an_emergency_contact_is_grown_reachable_and_somebody_else(shape: str) -> None:
    people = with_age(made(shape))
    told = people.filter(pl.col("emergency_contact").is_not_null())
    assert people.filter(pl.col("emergency_phone").is_not_null()).height == told.height
    assert told.filter(pl.col("emergency_relation").is_null()).is_empty()
    assert told.filter(pl.col("emergency_phone") == pl.col("phone")).is_empty()
    by_phone = dict(people.filter(pl.col("phone").is_not_null()).select("phone", "age").rows())
    names = dict(people.filter(pl.col("phone").is_not_null()).select("phone", "name").rows())
    for name, phone in told.select("emergency_contact", "emergency_phone").rows():
        assert names[phone] == name
        assert by_phone[phone] >= 18


@EACH
def test_every_committee_has_staff_a_building_and_the_pseudo_addresses(shape: str) -> None:
    """Seven people over a street of 23 committees: those without people must still be there to be worked in."""
    world = made(shape)
    codes = {c.code for c in world.committees}
    assert set(world.workers.filter(pl.col("role") == "worker")["area"]) == codes
    assert set(world.buildings["committee"]) == codes
    for kind in ("collective", "demolished"):
        assert set(world.buildings.filter(pl.col("kind") == kind)["committee"]) == codes
    assert set(world.organisations["area"].str.head(12)) == codes


@EACH
def test_schooling_work_and_party_fit_the_age(shape: str) -> None:
    people = with_age(made(shape))
    assert people.filter((pl.col("age") < 6) & pl.col("education").is_not_null()).is_empty()
    assert people.filter((pl.col("age") < 18) & pl.col("occupation").is_not_null()).is_empty()
    assert people.filter((pl.col("age") < 50) & (pl.col("employment_status") == "80")).is_empty()
    assert people.filter((pl.col("age") < 18) & pl.col("political_status").is_in(["01", "02"])).is_empty()
    assert people.filter((pl.col("age") < 18) & pl.col("service_status").is_not_null()).is_empty()
    assert people.filter((pl.col("age") < 60) & pl.col("care_level").is_not_null()).is_empty()
    assert people.filter((pl.col("age") < 11) & pl.col("phone").is_not_null()).is_empty()
    joined = people.filter(pl.col("party_joined_on").is_not_null())
    assert joined.filter(pl.col("party_joined_on").dt.year() - pl.col("birth_date").dt.year() < 18).is_empty()


@EACH
def test_tenants_and_owners_are_told_apart(shape: str) -> None:
    world = made(shape)
    people = with_age(world)
    assert people.filter(pl.col("registered") & (pl.col("population_kind") != "01")).is_empty()
    assert people.filter(~pl.col("registered") & pl.col("lives") & (pl.col("population_kind") != "02")).is_empty()
    tenants = world.memberships.join(
        world.households.filter(pl.col("kind") == "tenant").select("id"), left_on="household_id", right_on="id"
    )
    kinds = world.residences.join(tenants, on="person_id")
    assert set(kinds["kind"]) <= {"actual"}


def test_households_stay_near_the_census_even_in_a_small_place() -> None:
    world = made("three thousand")
    living = world.residences.filter(pl.col("kind") == "actual").join(world.memberships, on="person_id")
    sizes = living.group_by("household_id").len()["len"]
    assert float(sizes.mean() or 0) == pytest.approx(HOUSEHOLD_SIZE, abs=0.2)


def test_numbers_are_issued_to_nobody_without_complaint() -> None:
    assert Numbers().phone_numbers(0).len() == 0
