"""Whatever the seed, a street has the census's shape, lawful marriages, houses older than their people, no known names."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from linyun.kernel.synth import figures, names
from linyun.kernel.synth.tests.street import STREET, TODAY
from linyun.kernel.synth.tests.worlds import of_seed, with_age
from linyun.kernel.synth.world import FRAMES, generate

SEEDS = (1, 77, 2026)
EACH = pytest.mark.parametrize("seed", SEEDS)


def share(frame: pl.DataFrame, condition: pl.Expr) -> float:
    """The share of rows for which the condition holds."""
    return float(frame.select(condition.fill_null(value=False).mean()).item())


@EACH
def test_ages_are_those_of_the_census(seed: int) -> None:
    residents = with_age(of_seed(seed)).filter("lives")
    assert share(residents, pl.col("age") < 15) == pytest.approx(figures.AGE_0_14, abs=0.015)
    assert share(residents, pl.col("age").is_between(15, 59)) == pytest.approx(figures.AGE_15_59, abs=0.02)
    assert share(residents, pl.col("age") >= 60) == pytest.approx(figures.AGE_60_UP, abs=0.015)
    assert share(residents, pl.col("age") >= 65) == pytest.approx(figures.AGE_65_UP, abs=0.015)
    assert 0.02 < share(residents, pl.col("age") >= 80) < 0.08
    assert 0 < share(residents, pl.col("age") >= 90) < 0.015
    assert share(residents, pl.col("age") >= 100) < 0.0008


@EACH
def test_sexes_and_registration_are_those_of_an_old_street(seed: int) -> None:
    people = with_age(of_seed(seed))
    residents = people.filter("lives")
    men = 100 * share(residents, pl.col("sex") == "1") / share(residents, pl.col("sex") == "2")
    assert men == pytest.approx(figures.MEN_PER_100_WOMEN, abs=4)
    assert share(residents, ~pl.col("registered")) == pytest.approx(figures.REGISTERED_ELSEWHERE, abs=0.02)
    registered = people.filter("registered")
    assert share(registered, ~pl.col("lives")) == pytest.approx(figures.REGISTERED_AWAY, abs=0.02)
    assert share(registered, pl.col("age") >= 60) == pytest.approx(figures.REGISTERED_60_UP, abs=0.015)


@EACH
def test_households_have_the_size_of_the_census(seed: int) -> None:
    world = of_seed(seed)
    living = world.residences.filter(pl.col("kind") == "actual").join(world.memberships, on="person_id")
    sizes = living.group_by("household_id").len()["len"]
    assert float(sizes.mean() or 0) == pytest.approx(figures.HOUSEHOLD_SIZE, abs=0.08)
    assert 0.2 < (sizes == 1).mean() < 0.32
    assert (sizes >= 6).mean() < 0.02


@EACH
def test_a_fifth_to_a_third_of_the_homes_is_let(seed: int) -> None:
    world = of_seed(seed)
    lived_in = world.dwellings.filter(~pl.col("vacant").fill_null(value=True))
    assert 0.15 < share(lived_in, pl.col("dwelling_use") == "2") < 0.4
    tenants = world.households.filter(pl.col("kind") == "tenant")
    assert set(tenants["dwelling_id"]) <= set(lived_in.filter(pl.col("dwelling_use") == "2")["id"])


@EACH
def test_marriages_are_lawful_and_couples_of_two(seed: int) -> None:
    world = of_seed(seed)
    people = with_age(world)
    once = people.filter(pl.col("marital_status") != "10")
    assert once.filter((pl.col("sex") == "1") & (pl.col("age") < 22)).is_empty()
    assert once.filter((pl.col("sex") == "2") & (pl.col("age") < 20)).is_empty()
    couples = world.kin.filter(pl.col("kind") == "spouse")
    assert couples["person_id"].is_duplicated().sum() == 0
    assert set(people.filter(pl.col("id").is_in(couples["person_id"].implode()))["marital_status"]) == {"20"}


@EACH
def test_nobody_moved_in_before_the_house_stood(seed: int) -> None:
    world = of_seed(seed)
    dated = world.residences.join(world.dwellings, left_on="dwelling_id", right_on="id")
    assert dated.filter(pl.col("valid_from").dt.year() < pl.col("built_year")).is_empty()


@EACH
def test_nobody_was_visited_before_moving_in(seed: int) -> None:
    world = of_seed(seed)
    visits = world.visits.join(world.memberships.select("person_id", "valid_from"), on="person_id")
    assert visits.filter(pl.col("visited_on") < pl.col("valid_from")).is_empty()


@EACH
def test_nobody_is_called_like_somebody_known(seed: int) -> None:
    """In a demonstration before officials a resident 李强 would be taken for a joke."""
    world = of_seed(seed)
    columns = [world.persons["name"], world.workers["name"], world.organisations["contact_name"]]
    columns += [world.persons["emergency_contact"].drop_nulls(), world.visits["visitor"]]
    assert set(pl.concat(columns)) & names.WELL_KNOWN == set()


@EACH
def test_the_same_seed_gives_every_frame_again(seed: int) -> None:
    one, other = (generate(STREET[:3], 700, seed, TODAY) for _ in range(2))
    for name in FRAMES:
        assert_frame_equal(getattr(one, name), getattr(other, name))


def test_seeds_give_other_people_under_other_ids_and_other_houses() -> None:
    one, other = of_seed(SEEDS[0]), of_seed(SEEDS[1])
    assert set(one.persons["id"]).isdisjoint(other.persons["id"])
    assert set(one.dwellings["id"]).isdisjoint(other.dwellings["id"])
    assert one.buildings["address"].to_list() != other.buildings["address"].to_list()
    same = set(one.persons.select("name", "birth_date").rows()) & set(other.persons.select("name", "birth_date").rows())
    assert len(same) < 0.01 * one.persons.height


@EACH
def test_committees_keep_their_own_estate_name_and_differ_in_size(seed: int) -> None:
    world = of_seed(seed)
    sizes = world.persons.group_by(pl.col("area").str.head(12)).len()
    assert sizes.height == len(STREET)
    assert int(sizes["len"].max() or 0) < 6 * int(sizes["len"].min() or 1)
    home = world.buildings.filter(pl.col("committee") == "310110009016")
    assert home["address"].str.starts_with("公交新村").any()
    lane = world.buildings.filter(pl.col("committee") == "310110009017")
    assert lane["address"].str.starts_with("铁岭路50弄").any()


@EACH
def test_sister_committees_of_one_estate_share_no_house(seed: int) -> None:
    """鞍山四村第一, 第二 and 第三 are one estate: a house number must not stand in two of them."""
    houses = of_seed(seed).buildings.filter(pl.col("kind").is_in(["collective", "demolished"]).not_())
    assert houses["address"].is_duplicated().sum() == 0
    assert houses.filter(pl.col("address").str.starts_with("鞍山四村"))["committee"].n_unique() == 3
