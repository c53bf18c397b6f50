"""Single properties of people, on drafts made for the purpose."""

import numpy as np
import pytest

from linyun.kernel.synth import attributes
from linyun.kernel.synth.archetypes import NUMBER_OF, TABLE
from linyun.kernel.synth.draft import FEMALE, MALE, YEAR, Draft

TODAY = 20_780


def rng() -> np.random.Generator:
    """The same draws for each test."""
    return np.random.default_rng(21)


def crowd(kind: str, count: int, age: float, sex: int = FEMALE) -> Draft:
    """``count`` groups of one archetype in which everybody has the same age and sex."""
    number = NUMBER_OF[kind]
    size = int(TABLE.size[number])
    total = count * size
    slot = np.tile(TABLE.first[number] + np.arange(size), count)
    start = np.repeat(np.arange(count) * size, size)

    def person(column: np.ndarray) -> np.ndarray:
        return np.where(column[slot] >= 0, start + column[slot], -1)

    return Draft(
        today=TODAY,
        kind=np.full(count, number),
        first=np.arange(count) * size,
        size=np.full(count, size),
        committee=np.zeros(count, np.int64),
        group=np.repeat(np.arange(count), size),
        slot=slot,
        sex=np.full(total, sex, np.int8),
        born=np.full(total, TODAY - round(age * YEAR)),
        parent1=person(TABLE.parent1),
        parent2=person(TABLE.parent2),
        spouse=person(TABLE.spouse),
        table=TABLE,
    )


def test_pick_takes_the_code_whose_share_holds_the_draw() -> None:
    steps = np.cumsum([0.5, 0.3, 0.2])
    assert attributes.pick(steps, np.array([0.0, 0.49, 0.5, 0.79, 0.8, 0.999])).tolist() == [0, 0, 1, 1, 2, 2]


def test_pick_can_have_shares_of_its_own_for_each_person() -> None:
    steps = np.cumsum([[1.0, 0.0], [0.0, 1.0]], axis=1)
    assert attributes.pick(steps, np.array([0.5, 0.5])).tolist() == [0, 1]


def test_words_are_left_out_where_nothing_is_known() -> None:
    column = attributes.words(("a", "b"), np.array([1, 0, 1]), np.array([True, False, True]))
    assert column.to_list() == ["b", None, "b"]


@pytest.mark.parametrize(("age", "code"), [(3, None), (6, "80"), (11, "80"), (13, "70"), (16, "60"), (20, "20")])
def test_children_are_at_the_school_of_their_age(age: int, code: str | None) -> None:
    found = attributes.education(rng(), np.full(50, 2026 - age), np.full(50, age))
    assert set(found) == {code}


def test_the_old_had_less_schooling_than_their_grandchildren() -> None:
    old = attributes.education(rng(), np.full(4000, 1938), np.full(4000, 88))
    young = attributes.education(rng(), np.full(4000, 1993), np.full(4000, 33))
    assert (old == "90").mean() == pytest.approx(0.20, abs=0.02)
    assert (young == "20").mean() == pytest.approx(0.44, abs=0.03)
    assert "90" not in set(young)


def test_couples_are_married_whatever_the_draw() -> None:
    assert set(attributes.marital_status(rng(), crowd("couple", 200, 40))) == {"20"}


def test_lone_elders_are_never_married_and_mostly_widowed_when_very_old() -> None:
    status = attributes.marital_status(rng(), crowd("lone_elder", 3000, 88))
    assert "20" not in set(status)
    assert (status == "30").mean() > 0.75


def test_young_people_alone_are_unmarried() -> None:
    assert set(attributes.marital_status(rng(), crowd("tenant", 300, 20))) == {"10"}


def test_grown_children_who_moved_out_are_mostly_married() -> None:
    draft = crowd("away_one", 3000, 45)
    assert (attributes.marital_status(rng(), draft) == "20").mean() > 0.6


def test_children_are_of_their_parents_ethnicity() -> None:
    draft = crowd("family", 6000, 30)
    codes = attributes.ethnicity(rng(), draft).to_list()
    child = np.flatnonzero(draft.parent1 >= 0)
    assert all(codes[c] == codes[draft.parent1[c]] for c in child)
    assert len(set(codes)) > 3


@pytest.mark.parametrize(("age", "none"), [(10, True), (16, False)])
def test_political_status_begins_at_fourteen(age: int, none: bool) -> None:
    schooling = attributes.education(rng(), np.full(500, 2026 - age), np.full(500, age))
    found = attributes.political_status(rng(), np.full(500, age), schooling)
    assert (found.null_count() == 500) == none
    assert "01" not in set(found)


def test_men_work_until_sixty_and_women_until_fifty_or_fifty_five() -> None:
    man, _, _ = attributes.employment(rng(), crowd("lone_adult", 400, 59.5, MALE))
    woman, _, _ = attributes.employment(rng(), crowd("lone_adult", 400, 52.5, FEMALE))
    assert "80" not in set(man)
    assert 0.4 < (woman == "80").mean() < 0.8


def test_comers_work_more_in_shops_and_workshops_than_locals() -> None:
    local, _, _ = attributes.employment(rng(), crowd("lone_adult", 4000, 35))
    comer, _, _ = attributes.employment(rng(), crowd("tenant", 4000, 35))
    assert (comer == "54").mean() > 1.8 * (local == "54").mean()
    assert (comer == "11").mean() < 0.4 * (local == "11").mean()


def test_only_those_with_work_have_an_occupation_and_only_employees_a_workplace() -> None:
    status, occupation, workplace = attributes.employment(rng(), crowd("lone_adult", 3000, 40))
    assert set(status.filter(occupation.is_null())) == {"70"}
    assert set(status.filter(workplace.is_not_null())) == {"11", "13", "17", "21", "24"}
    for code, word in set(zip(status, occupation, strict=True)):
        assert word is None or word in attributes.OCCUPATIONS[code]


def test_extreme_hardship_is_only_for_the_old() -> None:
    draft = crowd("lone_adult", 20_000, 40)
    kinds = attributes.aid(rng(), draft, np.ones(draft.people, bool))
    assert kinds.drop_nulls().len() > 1500
    assert "02" not in set(kinds)


def test_tenants_get_neither_aid_nor_care_here() -> None:
    draft = crowd("tenant", 5000, 62)
    assert attributes.aid(rng(), draft, np.ones(draft.people, bool)).null_count() == 5000
    assert attributes.care_level(rng(), draft).null_count() == 5000


def test_women_seldom_served() -> None:
    men = attributes.service_status(rng(), crowd("lone_elder", 5000, 70, MALE)).drop_nulls()
    women = attributes.service_status(rng(), crowd("lone_elder", 5000, 70, FEMALE)).drop_nulls()
    assert men.len() == pytest.approx(375, abs=70)
    assert women.len() < 40


def test_volunteers_live_here() -> None:
    away = crowd("away_elder", 3000, 65)
    assert not attributes.volunteer(rng(), away, np.ones(away.people, bool)).any()
    here = crowd("lone_elder", 3000, 65)
    assert attributes.volunteer(rng(), here, np.ones(here.people, bool)).mean() > 0.2


def test_relations_of_a_three_generation_household() -> None:
    draft = crowd("three_gen", 1, 40)
    draft.sex[:] = [MALE, FEMALE, MALE, FEMALE, FEMALE]
    assert attributes.relation_codes(draft).to_list() == ["02", "12", "20", "38", "42"]
    draft.sex[:] = [FEMALE, MALE, FEMALE, MALE, MALE]
    assert attributes.relation_codes(draft).to_list() == ["02", "11", "30", "28", "43"]


def test_relations_of_flatmates_and_of_a_grandmother() -> None:
    assert attributes.relation_codes(crowd("flat_share_three", 1, 25)).to_list() == ["02", "99", "99"]
    family = crowd("family_gran", 1, 40)
    family.sex[:] = [MALE, FEMALE, MALE, FEMALE]
    assert attributes.relation_codes(family).to_list() == ["02", "12", "20", "52"]
