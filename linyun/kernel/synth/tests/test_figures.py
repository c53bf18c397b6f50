"""The made people show the census's figures: ages, sexes, households, who is registered where."""

import polars as pl
import pytest

from linyun.kernel.synth import figures
from linyun.kernel.synth.tests.street import TODAY, large

POINT = 0.01


@pytest.fixture(scope="module")
def people() -> pl.DataFrame:
    """Everybody with age, and whether they live and are registered here."""
    world = large()
    kinds = world.residences.group_by("person_id").agg(
        lives=(pl.col("kind") == "actual").any(), registered=(pl.col("kind") == "registered").any()
    )
    age = (pl.lit(TODAY) - pl.col("birth_date")).dt.total_days() / 365.2425
    return world.persons.join(kinds, left_on="id", right_on="person_id").with_columns(age=age.floor())


@pytest.fixture(scope="module")
def residents(people: pl.DataFrame) -> pl.DataFrame:
    """Those who live here."""
    return people.filter("lives")


def share(frame: pl.DataFrame, condition: pl.Expr) -> float:
    """The share of rows for which the condition holds."""
    return float(frame.select(condition.fill_null(value=False).mean()).item())


def men_per_100_women(frame: pl.DataFrame) -> float:
    """The sex ratio as censuses state it."""
    return 100 * frame.filter(pl.col("sex") == "1").height / frame.filter(pl.col("sex") == "2").height


@pytest.mark.parametrize(
    ("condition", "target"),
    [
        (pl.col("age") < 15, figures.AGE_0_14),
        (pl.col("age").is_between(15, 59), figures.AGE_15_59),
        (pl.col("age") >= 60, figures.AGE_60_UP),
        (pl.col("age") >= 65, figures.AGE_65_UP),
    ],
    ids=["0-14", "15-59", "60+", "65+"],
)
def test_ages_of_residents_are_those_of_the_census(residents: pl.DataFrame, condition: pl.Expr, target: float) -> None:
    assert share(residents, condition) == pytest.approx(target, abs=POINT)


def test_every_five_years_of_age_up_to_ninety_has_its_people(residents: pl.DataFrame) -> None:
    bands = residents.group_by(pl.col("age") // 5).len().sort("age")
    parts = {int(age): count / residents.height for age, count in bands.rows()}
    assert all(parts[band] > 0.004 for band in range(18))
    assert max(parts.values()) < 0.13
    assert parts[18] < parts[16] < parts[14]


def test_men_outnumber_women_as_in_the_census(residents: pl.DataFrame) -> None:
    assert men_per_100_women(residents) == pytest.approx(figures.MEN_PER_100_WOMEN, abs=2.5)


def test_men_grow_fewer_among_the_old(residents: pl.DataFrame) -> None:
    old = men_per_100_women(residents.filter(pl.col("age") >= 60))
    oldest = men_per_100_women(residents.filter(pl.col("age") >= 80))
    assert old == pytest.approx(figures.MEN_PER_100_WOMEN_60_UP, abs=6)
    assert oldest < old - 8


def test_a_living_household_has_as_many_people_as_the_census_counts() -> None:
    world = large()
    living = world.residences.filter(pl.col("kind") == "actual").join(world.memberships, on="person_id")
    sizes = living.group_by("household_id").len()["len"]
    assert float(sizes.mean() or 0) == pytest.approx(figures.HOUSEHOLD_SIZE, abs=0.06)
    assert 0.2 < (sizes == 1).mean() < 0.3


def test_registered_people_are_as_old_as_in_an_old_street(people: pl.DataFrame) -> None:
    registered = people.filter("registered")
    assert share(registered, pl.col("age") >= 60) == pytest.approx(figures.REGISTERED_60_UP, abs=POINT)


def test_three_in_ten_registered_people_live_elsewhere(people: pl.DataFrame) -> None:
    registered = people.filter("registered")
    assert share(registered, ~pl.col("lives")) == pytest.approx(figures.REGISTERED_AWAY, abs=0.015)


def test_a_third_of_the_residents_is_registered_elsewhere(residents: pl.DataFrame) -> None:
    assert share(residents, ~pl.col("registered")) == pytest.approx(figures.REGISTERED_ELSEWHERE, abs=0.015)


def test_some_only_own_a_home_here(people: pl.DataFrame) -> None:
    owners = people.filter(~pl.col("lives") & ~pl.col("registered"))
    assert 0.005 < owners.height / people.height < 0.03
    assert owners["population_kind"].null_count() == owners.height


def test_disability_and_aid_have_their_shares(people: pl.DataFrame) -> None:
    assert share(people, pl.col("disability_type").is_not_null()) == pytest.approx(figures.DISABLED, abs=0.004)
    assert share(people, pl.col("aid_type").is_not_null()) == pytest.approx(figures.AIDED, abs=0.003)


def test_disability_grows_with_age(people: pl.DataFrame) -> None:
    by_age = [share(people.filter(pl.col("age").is_between(*band)), pl.col("disability_type").is_not_null())
              for band in ((0, 17), (25, 39), (60, 74))]  # fmt: skip
    assert by_age == sorted(by_age)


def test_disability_has_a_type_and_a_level_or_neither(people: pl.DataFrame) -> None:
    assert people.filter(pl.col("disability_type").is_null() != pl.col("disability_level").is_null()).is_empty()


def test_only_registered_elders_have_a_care_level_and_the_oldest_most(people: pl.DataFrame) -> None:
    in_care = people.filter(pl.col("care_level").is_not_null())
    assert in_care["age"].min() == 60
    assert in_care["registered"].all()
    registered = people.filter("registered")
    eighty = share(registered.filter(pl.col("age").is_between(80, 89)), pl.col("care_level").is_not_null())
    seventy = share(registered.filter(pl.col("age").is_between(70, 79)), pl.col("care_level").is_not_null())
    assert eighty > 2.5 * seventy > 0


def test_nearly_all_are_han(people: pl.DataFrame) -> None:
    assert share(people, pl.col("ethnicity") == "01") == pytest.approx(0.984, abs=0.004)


def test_committees_differ_in_size() -> None:
    sizes = large().persons.group_by(pl.col("area").str.head(12)).len()["len"]
    assert sizes.len() == 23
    assert sizes.max() > 1.5 * sizes.min()
