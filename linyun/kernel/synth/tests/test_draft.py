"""People as numbers: groups that add up, ages that follow from each other."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linyun.kernel.synth.archetypes import ARCHETYPES, NUMBER_OF, TABLE, Age, Role
from linyun.kernel.synth.draft import EPOCH_1900, FEMALE, MALE, Draft, draft_groups, draft_people, share_out

TODAY = 20_780
"""23 November 2026 in days since 1970-01-01."""


@pytest.fixture(scope="module")
def draft() -> Draft:
    """60,000 people in twelve committees."""
    return draft_people(np.random.default_rng(11), 60_000, 12, TODAY)


def years(draft: Draft) -> np.ndarray:
    """Age in years, with fractions."""
    return (TODAY - draft.born) / 365.2425


@given(st.integers(1, 3000), st.integers(0, 10_000))
@settings(max_examples=60, deadline=None)
def test_groups_hold_exactly_the_people_asked_for(people: int, seed: int) -> None:
    kinds = draft_groups(np.random.default_rng(seed), people)
    assert TABLE.size[kinds].sum() == people


def test_what_does_not_fit_becomes_people_alone() -> None:
    kinds = draft_groups(np.random.default_rng(1), 1)
    assert TABLE.size[kinds].tolist() == [1]


def test_nobody_is_no_world() -> None:
    with pytest.raises(ValueError, match="1 or more"):
        draft_groups(np.random.default_rng(1), 0)


def test_groups_follow_their_shares(draft: Draft) -> None:
    counts = np.bincount(draft.kind, minlength=len(ARCHETYPES)) / len(draft.kind)
    assert np.abs(counts - TABLE.share).max() < 0.006


def test_committees_get_neighbouring_groups_and_nobody_is_left_out() -> None:
    size = np.full(1000, 3)
    committee = share_out(np.random.default_rng(2), size, 10)
    assert np.all(np.diff(committee) >= 0)
    assert set(committee) == set(range(10))
    counts = np.bincount(committee)
    assert counts.max() < 4 * counts.min()


def test_people_of_a_group_lie_together_with_their_head_first(draft: Draft) -> None:
    assert np.all(np.diff(draft.group) >= 0)
    assert np.array_equal(np.bincount(draft.group), draft.size)
    heads = draft.role[draft.first]
    assert set(heads[draft.kind != NUMBER_OF["collective"]]) == {Role.HEAD}
    assert np.array_equal(draft.head()[draft.first], draft.first)


def test_kin_stay_within_their_group(draft: Draft) -> None:
    for other in (draft.parent1, draft.parent2, draft.spouse):
        known = other >= 0
        assert np.array_equal(draft.group[other[known]], draft.group[known])


def test_couples_differ_in_sex_and_are_of_age(draft: Draft) -> None:
    wed = np.flatnonzero(draft.spouse >= 0)
    assert np.all(draft.sex[wed] + draft.sex[draft.spouse[wed]] == MALE + FEMALE)
    age = years(draft)[wed]
    assert age[draft.sex[wed] == FEMALE].min() >= 20
    assert age[draft.sex[wed] == MALE].min() >= 20


def test_nobody_is_unborn_or_born_before_1900(draft: Draft) -> None:
    assert draft.born.max() <= TODAY
    assert draft.born.min() >= EPOCH_1900


def test_peers_are_grown(draft: Draft) -> None:
    peers = TABLE.age[draft.slot] == Age.PEER
    assert years(draft)[peers].min() > 18
    assert years(draft)[peers].max() < 66


@pytest.mark.parametrize(
    ("kind", "low", "high"),
    [("lone_elder", 60, 103), ("lone_adult", 24, 60), ("tenant", 18, 62), ("elder_couple", 50, 104)],
)
def test_anchors_keep_to_their_ages(draft: Draft, kind: str, low: float, high: float) -> None:
    ages = years(draft)[draft.kind[draft.group] == NUMBER_OF[kind]]
    assert low - 0.01 <= ages.min()
    assert ages.max() <= high + 0.01


def test_the_median_of_the_anchor_is_that_of_its_archetype(draft: Draft) -> None:
    ages = years(draft)[draft.kind[draft.group] == NUMBER_OF["lone_elder"]]
    assert np.median(ages) == pytest.approx(ARCHETYPES[NUMBER_OF["lone_elder"]].ages[3], abs=1.2)


def test_lone_elders_are_mostly_women_and_more_so_the_older(draft: Draft) -> None:
    lone = draft.kind[draft.group] == NUMBER_OF["lone_elder"]
    age = years(draft)
    women = draft.sex == FEMALE
    younger, older = women[lone & (age < 72)].mean(), women[lone & (age > 82)].mean()
    assert 0.5 < younger < older - 0.08


def test_brothers_and_sisters_are_older_than_the_youngest_and_younger_than_their_parents(draft: Draft) -> None:
    elder = np.flatnonzero(TABLE.age[draft.slot] == Age.ELDER_SIBLING)
    age = years(draft)
    assert len(elder) > 100
    assert np.all(age[elder] > age[elder + 1] + 0.9)
    parents = np.minimum(age[draft.parent1[elder]], age[draft.parent2[elder]])
    assert np.all(parents - age[elder] > 17.9)


def test_those_away_and_those_living_here_are_told_by_their_slot(draft: Draft) -> None:
    away = draft.kind[draft.group] == NUMBER_OF["away_family"]
    assert not draft.lives[away].any()
    assert draft.registered[away].all()
    tenants = draft.kind[draft.group] == NUMBER_OF["tenant_family"]
    assert draft.lives[tenants].all()
    assert not draft.registered[tenants].any()
