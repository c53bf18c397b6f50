"""Kinds of household groups: who belongs, whose age hangs on whose, who lives there and who is only registered.

A group is one household as drawn: its slots are people. Ages start at the anchor slot and pass along: a mother is her
child's age plus 18–45 years, a husband his wife's age plus a few. ``place`` says which home the group takes.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray


class Place(IntEnum):
    """The home a group takes: its own flat, a let flat, or the committee's collective household."""

    OWN = 0
    LET = 1
    COLLECTIVE = 2


class Age(IntEnum):
    """How a slot's age follows from that of the slot it refers to."""

    ANCHOR = 0
    SPOUSE = 1
    PARENT = 2
    CHILD = 3
    ELDER_SIBLING = 4
    PEER = 5


class Sex(IntEnum):
    """How a slot's sex is drawn."""

    EVEN = 0
    OPPOSITE = 1
    FEMALE = 2
    LONE_ELDER = 3  # fewer men the older
    WORKER = 4  # more men, as among those who come to work
    MOSTLY_MALE = 5
    MOSTLY_FEMALE = 6


class Role(IntEnum):
    """What a slot is to the head of the household."""

    HEAD = 0
    SPOUSE = 1
    CHILD = 2
    CHILD_IN_LAW = 3
    GRANDCHILD = 4
    PARENT = 5
    OTHER = 6


@dataclass(frozen=True, slots=True)
class Slot:
    """One person of a group. ``ref``, ``parents``, ``spouse`` are slot numbers of the same group."""

    role: Role
    age: Age = Age.ANCHOR
    ref: int = -1
    sex: Sex = Sex.EVEN
    parents: tuple[int, ...] = ()
    spouse: int = -1
    lives: bool = True
    registered: bool = True


@dataclass(frozen=True, slots=True)
class Archetype:
    """A kind of group: its share of all groups, the quantiles of the anchor's age (in years) and its slots."""

    code: str
    share: float
    ages: tuple[float, ...]  # at the quantiles of QUANTILES
    slots: tuple[Slot, ...]
    place: Place = Place.OWN


QUANTILES = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)

_ELDER = (60.0, 62.3, 66.0, 72.5, 80.5, 87.3, 100.3)  # the city has two people of a hundred years in ten thousand
_PAIR = (58.0, 60.5, 63.0, 67.5, 72.5, 78.5, 95.0)
_CHILD = (0.0, 3.0, 7.6, 15.3, 22.0, 27.0, 33.0)
_WED = (22.0, 25.0, 28.0, 33.0, 40.0, 49.0, 62.0)
_SMALL = (0.0, 1.0, 2.4, 5.0, 8.5, 12.5, 18.0)
_ADULT = (24.0, 29.0, 35.0, 43.0, 51.0, 56.0, 60.0)
_COUPLE = (24.0, 28.0, 34.0, 45.0, 53.0, 57.0, 60.0)
_COMER = (18.0, 22.0, 26.0, 32.0, 40.0, 49.0, 62.0)

H, S, C, L, G, P, O = Role  # noqa: E741 – the templates below read like a table


def _pair(lives: bool = True, registered: bool = True) -> tuple[Slot, Slot]:
    """A couple whose ages start at the wife's or husband's own."""
    return (
        Slot(H, sex=Sex.MOSTLY_MALE, spouse=1, lives=lives, registered=registered),
        Slot(S, Age.SPOUSE, 0, Sex.OPPOSITE, spouse=0, lives=lives, registered=registered),
    )


def _family(children: int, lives: bool = True, registered: bool = True) -> tuple[Slot, ...]:
    """A couple with one or two children; the ages start at the youngest child."""
    last = 1 + children
    couple = (
        Slot(H, Age.PARENT, last, Sex.MOSTLY_MALE, spouse=1, lives=lives, registered=registered),
        Slot(S, Age.SPOUSE, 0, Sex.OPPOSITE, spouse=0, lives=lives, registered=registered),
    )
    youngest = Slot(C, parents=(0, 1), lives=lives, registered=registered)
    if children == 1:
        return (*couple, youngest)
    return (*couple, Slot(C, Age.ELDER_SIBLING, 3, parents=(0, 1), lives=lives, registered=registered), youngest)


def _three(in_law_registered: bool, grandfather: bool, lives: bool = True) -> tuple[Slot, ...]:
    """Elder(s), a grown child with husband or wife, and a grandchild at whom the ages start."""
    n = 2 if grandfather else 1
    elders = [
        Slot(H, Age.PARENT, n, Sex.MOSTLY_MALE if grandfather else Sex.LONE_ELDER, spouse=1 if grandfather else -1)
    ]
    if grandfather:
        elders.append(Slot(S, Age.SPOUSE, 0, Sex.OPPOSITE, spouse=0))
    return (
        *elders,
        Slot(C, Age.PARENT, n + 2, parents=tuple(range(n)), spouse=n + 1, lives=lives),
        Slot(L, Age.SPOUSE, n, Sex.OPPOSITE, spouse=n, lives=lives, registered=in_law_registered),
        Slot(G, parents=(n, n + 1), lives=lives),
    )


def _elder_child_away(couple: bool, grandchild: bool) -> tuple[Slot, ...]:
    """Elder(s) at home; a child, perhaps with a grandchild, still registered there but living elsewhere."""
    n = 2 if couple else 1
    rule, ref = (Age.PARENT, n) if grandchild else (Age.ANCHOR, -1)
    head = Slot(H, rule, ref, Sex.MOSTLY_MALE if couple else Sex.LONE_ELDER, spouse=1 if couple else -1)
    spouse = (Slot(S, Age.SPOUSE, 0, Sex.OPPOSITE, spouse=0),) if couple else ()
    parents = tuple(range(n))
    if not grandchild:
        return (head, *spouse, Slot(C, Age.CHILD, 0, parents=parents, lives=False))
    child = Slot(C, Age.PARENT, n + 1, parents=parents, lives=False)
    return (head, *spouse, child, Slot(G, parents=(n,), lives=False))


def _strangers(number: int, sex: Sex = Sex.WORKER) -> tuple[Slot, ...]:
    """People who share a flat and are not kin."""
    first = Slot(H, sex=sex, registered=False)
    return (first, *(Slot(O, Age.PEER, 0, sex, registered=False) for _ in range(number - 1)))


_NEW = {"registered": False}
_ONE_NEW = (Slot(H, sex=Sex.WORKER, registered=False),)
_GRAN_NEW = Slot(P, Age.PARENT, 0, Sex.FEMALE, registered=False)
_GRAN = Slot(P, Age.PARENT, 0, Sex.LONE_ELDER)


def _with_gran(family: tuple[Slot, ...], gran: Slot) -> tuple[Slot, ...]:
    """The family with the head's mother (or father) living there as well."""
    head = family[0]
    number = len(family)
    known = Slot(head.role, head.age, head.ref, head.sex, (number,), head.spouse, head.lives, head.registered)
    return (known, *family[1:], gran)


ARCHETYPES: tuple[Archetype, ...] = (
    Archetype("lone_elder", 0.048, _ELDER, (Slot(H, sex=Sex.LONE_ELDER),)),
    Archetype("lone_elder_child_away", 0.018, _ELDER, _elder_child_away(couple=False, grandchild=False)),
    Archetype("lone_elder_family_away", 0.014, _CHILD, _elder_child_away(couple=False, grandchild=True)),
    Archetype("elder_couple", 0.041, _PAIR, _pair()),
    Archetype("elder_couple_child_away", 0.026, _PAIR, _elder_child_away(couple=True, grandchild=False)),
    Archetype("elder_couple_family_away", 0.020, _CHILD, _elder_child_away(couple=True, grandchild=True)),
    Archetype("elder_child", 0.031, _ELDER, (Slot(H, sex=Sex.LONE_ELDER), Slot(C, Age.CHILD, 0, parents=(0,)))),
    Archetype("elder_couple_child", 0.047, _PAIR, (*_pair(), Slot(C, Age.CHILD, 0, parents=(0, 1)))),
    Archetype("three_gen", 0.016, _SMALL, _three(in_law_registered=True, grandfather=True)),
    Archetype("three_gen_in_law", 0.018, _SMALL, _three(in_law_registered=False, grandfather=True)),
    Archetype("three_gen_widowed", 0.023, _CHILD, _three(in_law_registered=True, grandfather=False)),
    Archetype("lone_adult", 0.050, _ADULT, (Slot(H, sex=Sex.EVEN),)),
    Archetype("couple", 0.040, _COUPLE, _pair()),
    Archetype("family", 0.098, _CHILD, _family(1)),
    Archetype("family_two", 0.007, _SMALL, _family(2)),
    Archetype("family_gran", 0.010, _SMALL, _with_gran(_family(1), _GRAN)),
    Archetype("family_gran_comer", 0.006, _SMALL, _with_gran(_family(1), _GRAN_NEW)),
    Archetype(
        "single_parent",
        0.016,
        _CHILD,
        (Slot(H, Age.PARENT, 1, Sex.MOSTLY_FEMALE), Slot(C, parents=(0,))),
    ),
    Archetype("away_one", 0.058, _ADULT, (Slot(H, lives=False),)),
    Archetype("away_elder", 0.068, _ELDER, (Slot(H, sex=Sex.LONE_ELDER, lives=False),)),
    Archetype("away_couple", 0.064, _PAIR, _pair(lives=False)),
    Archetype("away_family", 0.048, _CHILD, _family(1, lives=False)),
    Archetype("comer_couple", 0.014, _COUPLE, _pair(**_NEW)),
    Archetype("comer_family", 0.028, _CHILD, _family(1, **_NEW)),
    Archetype("outside_owner", 0.022, _ADULT, (Slot(H, lives=False, registered=False),)),
    Archetype("tenant", 0.082, _COMER, _ONE_NEW, Place.LET),
    Archetype("tenant_couple", 0.056, _WED, _pair(**_NEW), Place.LET),
    Archetype("tenant_family", 0.031, _SMALL, _family(1, **_NEW), Place.LET),
    Archetype("tenant_family_two", 0.006, _SMALL, _family(2, **_NEW), Place.LET),
    Archetype("tenant_gran", 0.006, _SMALL, _with_gran(_family(1, **_NEW), _GRAN_NEW), Place.LET),
    Archetype("flat_share_two", 0.028, _COMER, _strangers(2), Place.LET),
    Archetype("flat_share_three", 0.032, _COMER, _strangers(3), Place.LET),
    Archetype("group_let", 0.002, _COMER, _strangers(8, Sex.MOSTLY_MALE), Place.LET),
    Archetype("collective", 0.005, _ADULT, (Slot(O, lives=False),), Place.COLLECTIVE),
)


def _depth(slots: tuple[Slot, ...], number: int) -> int:
    """How many steps a slot's age is away from the anchor."""
    return 0 if slots[number].age is Age.ANCHOR else 1 + _depth(slots, slots[number].ref)


def _generation(slots: tuple[Slot, ...], number: int) -> int:
    """0 for those without parents in the group, else one more than the eldest parent's."""
    parents = slots[number].parents
    return 1 + max(_generation(slots, p) for p in parents) if parents else 0


@dataclass(frozen=True, slots=True)
class SlotTable:
    """All slots of all archetypes as columns; an archetype's slots lie together from ``first``."""

    share: NDArray[np.float64]
    size: NDArray[np.int64]
    first: NDArray[np.int64]
    place: NDArray[np.int8]
    ages: NDArray[np.float64]
    role: NDArray[np.int8]
    age: NDArray[np.int8]
    ref: NDArray[np.int64]
    sex: NDArray[np.int8]
    parent1: NDArray[np.int64]
    parent2: NDArray[np.int64]
    spouse: NDArray[np.int64]
    lives: NDArray[np.bool_]
    registered: NDArray[np.bool_]
    depth: NDArray[np.int8]
    generation: NDArray[np.int8]


def compile_table(archetypes: tuple[Archetype, ...]) -> SlotTable:
    """The archetypes as columns, shares summing to one."""
    share = np.array([a.share for a in archetypes])
    size = np.array([len(a.slots) for a in archetypes])
    flat = [(a.slots, i, s) for a in archetypes for i, s in enumerate(a.slots)]
    return SlotTable(
        share=share / share.sum(),
        size=size,
        first=np.concatenate(([0], np.cumsum(size)[:-1])),
        place=np.array([a.place for a in archetypes], np.int8),
        ages=np.array([a.ages for a in archetypes]),
        role=np.array([s.role for _, _, s in flat], np.int8),
        age=np.array([s.age for _, _, s in flat], np.int8),
        ref=np.array([s.ref for _, _, s in flat], np.int64),
        sex=np.array([s.sex for _, _, s in flat], np.int8),
        parent1=np.array([s.parents[0] if s.parents else -1 for _, _, s in flat], np.int64),
        parent2=np.array([s.parents[1] if len(s.parents) > 1 else -1 for _, _, s in flat], np.int64),
        spouse=np.array([s.spouse for _, _, s in flat], np.int64),
        lives=np.array([s.lives for _, _, s in flat]),
        registered=np.array([s.registered for _, _, s in flat]),
        depth=np.array([_depth(slots, i) for slots, i, _ in flat], np.int8),
        generation=np.array([_generation(slots, i) for slots, i, _ in flat], np.int8),
    )


TABLE = compile_table(ARCHETYPES)
NUMBER_OF: dict[str, int] = {a.code: i for i, a in enumerate(ARCHETYPES)}
