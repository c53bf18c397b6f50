"""Kin are of fitting ages, hold in both directions and share the surnames they should."""

import polars as pl
import pytest

from linyun.kernel.synth import codes
from linyun.kernel.synth.names import SURNAME_LIST
from linyun.kernel.synth.tests.street import large

YEAR = 365.2425


@pytest.fixture(scope="module")
def pairs() -> pl.DataFrame:
    """Each kin row with both people beside each other."""
    world = large()
    double = [s for s in SURNAME_LIST if len(s) > 1]
    surname = pl.when(pl.col("name").str.head(2).is_in(double)).then(pl.col("name").str.head(2))
    people = world.persons.select(
        "id", "name", "sex", "birth_date", "area", surname=surname.otherwise(pl.col("name").str.head(1))
    )
    joined = world.kin.join(people, left_on="person_id", right_on="id").join(
        people, left_on="kin_person_id", right_on="id", suffix="_kin"
    )
    assert joined.height == world.kin.height
    return joined.with_columns(
        years=(pl.col("birth_date_kin") - pl.col("birth_date")).dt.total_days() / YEAR,
    )


def of_kind(pairs: pl.DataFrame, kind: str) -> pl.DataFrame:
    """The rows where the kin is this to the person."""
    return pairs.filter(pl.col("kind") == kind)


def test_all_kinds_occur_and_no_others(pairs: pl.DataFrame) -> None:
    assert set(pairs["kind"]) == set(codes.KIN)


def test_nobody_is_their_own_kin_or_kin_twice(pairs: pl.DataFrame) -> None:
    assert pairs.filter(pl.col("person_id") == pl.col("kin_person_id")).is_empty()
    assert pairs.select("person_id", "kin_person_id", "kind").is_duplicated().sum() == 0


@pytest.mark.parametrize(
    ("kind", "back"),
    [("spouse", "spouse"), ("child", "parent"), ("grandchild", "grandparent"), ("sibling", "sibling")],
)
def test_every_tie_holds_in_both_directions(pairs: pl.DataFrame, kind: str, back: str) -> None:
    there = of_kind(pairs, kind).select("person_id", "kin_person_id")
    here = of_kind(pairs, back).select(person_id="kin_person_id", kin_person_id="person_id")
    assert there.height == here.height > 0
    assert there.join(here, on=["person_id", "kin_person_id"], how="anti").is_empty()


def test_mothers_are_eighteen_to_forty_five_years_older(pairs: pl.DataFrame) -> None:
    children = of_kind(pairs, "child").filter(pl.col("sex") == "2")
    assert children["years"].min() >= 18
    assert children["years"].max() <= 45
    assert 25 < children["years"].mean() < 30


def test_fathers_are_of_fitting_age(pairs: pl.DataFrame) -> None:
    children = of_kind(pairs, "child").filter(pl.col("sex") == "1")
    assert children["years"].min() >= 18
    assert children["years"].max() <= 60
    assert 27 < children["years"].mean() < 32


def test_nobody_has_two_mothers_or_fathers(pairs: pl.DataFrame) -> None:
    parents = of_kind(pairs, "parent").group_by("person_id", "sex_kin").len()
    assert parents["len"].max() == 1


def test_couples_are_a_man_and_a_woman_of_marriageable_and_similar_age(pairs: pl.DataFrame) -> None:
    couples = of_kind(pairs, "spouse").filter(pl.col("sex") == "1")
    assert set(couples["sex_kin"]) == {"2"}
    assert couples["years"].min() >= -3.5
    assert couples["years"].max() <= 10.5
    assert couples["years"].mean() == pytest.approx(2.25, abs=0.75)
    assert of_kind(pairs, "spouse")["person_id"].is_duplicated().sum() == 0


def test_grandparents_are_two_generations_older(pairs: pl.DataFrame) -> None:
    assert of_kind(pairs, "grandchild")["years"].min() >= 36


def test_brothers_and_sisters_share_their_parents_and_are_near_in_age(pairs: pl.DataFrame) -> None:
    siblings = of_kind(pairs, "sibling")
    assert siblings["years"].abs().min() >= 0.9
    assert siblings["years"].abs().max() <= 6.5
    parents = of_kind(pairs, "parent").group_by("person_id").agg(pl.col("kin_person_id").sort())
    both = siblings.join(parents, on="person_id").join(
        parents, left_on="kin_person_id", right_on="person_id", suffix="_other"
    )
    assert both.height == siblings.height
    assert (both["kin_person_id_right"] == both["kin_person_id_other"]).all()


def test_surnames_come_mostly_from_the_father(pairs: pl.DataFrame) -> None:
    from_father = of_kind(pairs, "parent").filter(pl.col("sex_kin") == "1")
    same = (from_father["surname"] == from_father["surname_kin"]).mean()
    assert 0.93 < same < 0.99


def test_who_does_not_bear_the_fathers_name_bears_the_mothers(pairs: pl.DataFrame) -> None:
    parents = of_kind(pairs, "parent").group_by("person_id", "surname").agg(pl.col("surname_kin"), both=pl.len() == 2)
    complete = parents.filter("both")
    strangers = complete.filter(pl.col("surname_kin").list.contains(pl.col("surname")).not_())
    assert complete.height > 1000
    assert strangers.is_empty()


def test_couples_seldom_bear_the_same_surname(pairs: pl.DataFrame) -> None:
    couples = of_kind(pairs, "spouse")
    assert (couples["surname"] == couples["surname_kin"]).mean() < 0.06


def test_some_parents_live_in_another_household_of_the_same_committee(pairs: pl.DataFrame) -> None:
    household = large().memberships.select("person_id", "household_id")
    children = (
        of_kind(pairs, "child")
        .join(household, on="person_id")
        .join(household, left_on="kin_person_id", right_on="person_id", suffix="_kin")
    )
    apart = children.filter(pl.col("household_id") != pl.col("household_id_kin"))
    assert apart.height > 300
    assert (apart["area"].str.head(12) == apart["area_kin"].str.head(12)).all()


def test_grandparents_are_the_parents_parents(pairs: pl.DataFrame) -> None:
    parents = of_kind(pairs, "parent").select("person_id", parent="kin_person_id")
    up = parents.join(parents, left_on="parent", right_on="person_id", suffix="_of_parent")
    grand = of_kind(pairs, "grandparent").select("person_id", parent_of_parent="kin_person_id")
    assert grand.height == up.height > 500
    assert grand.join(up, on=["person_id", "parent_of_parent"], how="anti").is_empty()


def test_relations_to_the_head_agree_with_kin_and_sex() -> None:
    world = large()
    heads = world.memberships.filter("is_head").select("household_id", head="person_id")
    members = world.memberships.join(heads, on="household_id").join(
        world.persons.select("id", "sex"), left_on="person_id", right_on="id"
    )
    kin = world.kin.select(head="person_id", person_id="kin_person_id", tie="kind")
    tied = members.join(kin, on=["head", "person_id"])
    ties = {(r, s): t for r, s, t in tied.select("relation", "sex", "tie").unique().rows()}
    assert ties == {
        ("11", "1"): "spouse",
        ("12", "2"): "spouse",
        ("20", "1"): "child",
        ("30", "2"): "child",
        ("41", "1"): "grandchild",
        ("43", "1"): "grandchild",
        ("42", "2"): "grandchild",
        ("44", "2"): "grandchild",
        ("51", "1"): "parent",
        ("52", "2"): "parent",
    }


def test_a_sons_children_and_a_daughters_children_are_told_apart() -> None:
    world = large()
    sexes = dict(world.persons.select("id", "sex").rows())
    relations = dict(world.memberships.select("person_id", "relation").rows())
    child_of_head = {p for p, r in relations.items() if r in ("20", "30")}
    parents = world.kin.filter(pl.col("kind") == "parent").select("person_id", "kin_person_id").rows()
    checked = 0
    for person, parent in parents:
        if relations.get(person) in ("41", "42", "43", "44") and parent in child_of_head:
            assert (relations[person] in ("41", "42")) == (sexes[parent] == "1")
            checked += 1
    assert checked > 300
