"""The kinds of households are well formed: what refers, refers to somebody, and everybody's age has one source."""

import numpy as np
import pytest

from linyun.kernel.synth.archetypes import (
    ARCHETYPES,
    NUMBER_OF,
    QUANTILES,
    TABLE,
    Age,
    Archetype,
    Place,
    Role,
    Sex,
    Slot,
    compile_table,
)

EACH = pytest.mark.parametrize("kind", ARCHETYPES, ids=lambda a: a.code)


@EACH
def test_one_slot_is_the_anchor_and_all_ages_lead_to_it(kind: Archetype) -> None:
    assert sum(s.age is Age.ANCHOR for s in kind.slots) == 1 or kind.code in ("flat_share", "collective")
    for number in range(len(kind.slots)):
        seen = [number]
        while kind.slots[seen[-1]].age is not Age.ANCHOR:
            step = kind.slots[seen[-1]].ref
            assert step not in seen
            assert 0 <= step < len(kind.slots)
            seen.append(step)


@EACH
def test_the_head_stands_first_and_once(kind: Archetype) -> None:
    roles = [s.role for s in kind.slots]
    if kind.place is Place.COLLECTIVE:
        assert roles == [Role.OTHER]
    else:
        assert roles[0] is Role.HEAD
        assert roles.count(Role.HEAD) == 1


@EACH
def test_couples_name_each_other_and_differ_in_sex(kind: Archetype) -> None:
    for number, slot in enumerate(kind.slots):
        if slot.spouse >= 0:
            other = kind.slots[slot.spouse]
            assert other.spouse == number
            assert Sex.OPPOSITE in (slot.sex, other.sex)
            assert slot.sex is not other.sex
            assert slot.age is Age.SPOUSE or other.age is Age.SPOUSE


@EACH
def test_parents_are_a_couple_or_one_person(kind: Archetype) -> None:
    for slot in kind.slots:
        if len(slot.parents) == 2:
            first, second = slot.parents
            assert kind.slots[first].spouse == second


@EACH
def test_a_slot_with_an_aged_tie_has_that_tie_as_kin(kind: Archetype) -> None:
    """Whoever is aged as somebody's parent or child is that in the register too."""
    for number, slot in enumerate(kind.slots):
        if slot.age is Age.PARENT and slot.ref >= 0:
            assert number in kind.slots[slot.ref].parents
        if slot.age is Age.CHILD:
            assert slot.ref in slot.parents


@EACH
def test_quantiles_of_the_anchor_rise(kind: Archetype) -> None:
    assert len(kind.ages) == len(QUANTILES)
    assert list(kind.ages) == sorted(kind.ages)
    assert 0 <= kind.ages[0] <= kind.ages[-1] <= 104


@EACH
def test_tenants_are_registered_elsewhere_and_live_here(kind: Archetype) -> None:
    if kind.place is Place.LET:
        assert all(s.lives and not s.registered for s in kind.slots)


def test_shares_sum_to_one_and_codes_stand_once() -> None:
    assert TABLE.share.sum() == pytest.approx(1)
    assert len(NUMBER_OF) == len(ARCHETYPES)


def test_columns_lie_as_the_archetypes_say() -> None:
    three = NUMBER_OF["three_gen"]
    rows = slice(TABLE.first[three], TABLE.first[three] + TABLE.size[three])
    assert [Role(r) for r in TABLE.role[rows]] == [
        Role.HEAD,
        Role.SPOUSE,
        Role.CHILD,
        Role.CHILD_IN_LAW,
        Role.GRANDCHILD,
    ]
    assert TABLE.generation[rows].tolist() == [0, 0, 1, 0, 2]
    assert TABLE.depth[rows].tolist() == [2, 3, 1, 2, 0]
    assert TABLE.parent1[rows].tolist() == [-1, -1, 0, -1, 2]
    assert TABLE.parent2[rows].tolist() == [-1, -1, 1, -1, 3]


def test_a_table_can_be_made_of_any_archetypes() -> None:
    one = Archetype("one", 3.0, (1, 2, 3, 4, 5, 6, 7), (Slot(Role.HEAD),))
    two = Archetype("two", 1.0, (1, 2, 3, 4, 5, 6, 7), (Slot(Role.HEAD), Slot(Role.OTHER, Age.PEER, 0)))
    table = compile_table((one, two))
    assert table.share.tolist() == [0.75, 0.25]
    assert table.first.tolist() == [0, 1]
    assert np.array_equal(table.ref, [-1, -1, 0])
