"""People as numbers: groups drawn from the archetypes, then sex and age of every slot, all of them at once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linyun.kernel.synth.archetypes import ARCHETYPES, NUMBER_OF, QUANTILES, TABLE, Age, Sex, SlotTable

YEAR = 365.2425
EPOCH_1900 = -25567
"""1 January 1900 as days since 1970-01-01: nobody in the register is born earlier."""
MALE, FEMALE = 1, 2
"""GB/T 2261.1."""

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(slots=True)
class Draft:
    """Groups and people as arrays. People of a group lie together; ``born`` is in days since 1970-01-01."""

    today: int
    kind: Ints  # group → archetype
    first: Ints  # group → its first person
    size: Ints  # group → how many people
    committee: Ints  # group → committee
    group: Ints  # person → group
    slot: Ints  # person → row of the slot table
    sex: NDArray[np.int8]
    born: Ints
    parent1: Ints  # person → person, -1 when not in the register
    parent2: Ints
    spouse: Ints
    table: SlotTable

    @property
    def people(self) -> int:
        """How many people there are."""
        return len(self.slot)

    @property
    def lives(self) -> NDArray[np.bool_]:
        """Who lives in the area."""
        return self.table.lives[self.slot]

    @property
    def registered(self) -> NDArray[np.bool_]:
        """Who is registered (户籍) in the area."""
        return self.table.registered[self.slot]

    @property
    def role(self) -> NDArray[np.int8]:
        """What each person is to the head of the household (archetypes.Role)."""
        return self.table.role[self.slot]

    @property
    def age(self) -> Ints:
        """Full years of age, to the day but for the calendar's leap days."""
        return ((self.today - self.born) / YEAR).astype(np.int64)

    def head(self) -> Ints:
        """Person → the first person of the group, who is its head."""
        return self.first[self.group]


def draft_groups(rng: np.random.Generator, people: int) -> Ints:
    """Archetypes of groups that hold exactly ``people`` people; what does not fit at the end becomes people alone."""
    if people < 1:
        raise ValueError("people must be 1 or more")
    mean = float((TABLE.share * TABLE.size).sum())
    kinds = rng.choice(len(ARCHETYPES), size=int(people / mean * 1.05) + 20, p=TABLE.share)
    ends = np.cumsum(TABLE.size[kinds])
    whole = int(np.searchsorted(ends, people, side="right"))
    while whole == len(kinds):
        kinds = np.concatenate((kinds, rng.choice(len(ARCHETYPES), size=people // 10 + 20, p=TABLE.share)))
        ends = np.cumsum(TABLE.size[kinds])
        whole = int(np.searchsorted(ends, people, side="right"))
    rest = people - (int(ends[whole - 1]) if whole else 0)
    return np.concatenate((kinds[:whole], np.full(rest, NUMBER_OF["lone_adult"]))).astype(np.int64)


def share_out(rng: np.random.Generator, size: Ints, committees: int) -> Ints:
    """Group → committee; committees differ in size by about a third."""
    weight = np.exp(rng.normal(0.0, 0.3, committees))
    bounds = np.cumsum(weight / weight.sum()) * float(size.sum())
    middle = np.cumsum(size) - size / 2
    return np.minimum(np.searchsorted(bounds, middle), committees - 1).astype(np.int64)


def draft_people(rng: np.random.Generator, people: int, committees: int, today: int) -> Draft:
    """Draw ``people`` people in groups over ``committees`` committees. ``today`` in days since 1970-01-01."""
    kind = draft_groups(rng, people)
    size = TABLE.size[kind]
    first = np.cumsum(size) - size
    group = np.repeat(np.arange(len(kind)), size)
    slot = TABLE.first[kind][group] + np.arange(people) - first[group]
    start = first[group]

    def person(column: Ints) -> Ints:
        number = column[slot]
        return np.where(number >= 0, start + number, -1)

    ref = person(TABLE.ref)
    anchors = _anchor_ages(rng, kind)[group]
    sex = _sexes(rng, slot, ref, anchors)
    parent1, parent2 = person(TABLE.parent1), person(TABLE.parent2)
    years = _ages(rng, slot, ref, sex, anchors, parent1, parent2)
    born = np.maximum(today - np.round(years * YEAR).astype(np.int64), EPOCH_1900)
    return Draft(
        today=today,
        kind=kind,
        first=first,
        size=size,
        committee=share_out(rng, size, committees),
        group=group,
        slot=slot,
        sex=sex,
        born=born,
        parent1=parent1,
        parent2=parent2,
        spouse=person(TABLE.spouse),
        table=TABLE,
    )


def _anchor_ages(rng: np.random.Generator, kind: Ints) -> Floats:
    """Group → the age of its anchor, in years, by the archetype's quantiles."""
    u = rng.random(len(kind))
    ages = np.empty(len(kind))
    order = np.argsort(kind, kind="stable")
    bounds = np.searchsorted(kind[order], np.arange(len(ARCHETYPES) + 1))
    for number in range(len(ARCHETYPES)):
        rows = order[bounds[number] : bounds[number + 1]]
        ages[rows] = np.interp(u[rows], QUANTILES, TABLE.ages[number])
    return ages


def _sexes(rng: np.random.Generator, slot: Ints, ref: Ints, anchors: Floats) -> NDArray[np.int8]:
    """Person → sex; the share of men among elders who live alone falls from 0.46 at 60 to 0.26 at 90."""
    rule = TABLE.sex[slot]
    men = np.array([0.53, 0.0, 0.0, 0.0, 0.68, 0.72, 0.18])[rule]
    lone = rule == Sex.LONE_ELDER
    men[lone] = np.clip(0.46 - (anchors[lone] - 60) / 150, 0.22, 0.46)
    sex = np.where(rng.random(len(slot)) < men, MALE, FEMALE).astype(np.int8)
    opposite = rule == Sex.OPPOSITE
    sex[opposite] = 3 - sex[ref[opposite]]
    return sex


def _ages(
    rng: np.random.Generator,
    slot: Ints,
    ref: Ints,
    sex: NDArray[np.int8],
    anchors: Floats,
    parent1: Ints,
    parent2: Ints,
) -> Floats:
    """Person → age in years. Mothers are 18–45 years older than their children, husbands 2 younger to 10 older.

    Nobody has a husband or wife before the lawful age, 22 of men and 20 of women.
    """
    n = len(slot)
    gap = np.clip(rng.normal(27.2, 4.0, n), 21.2, 44.0)
    older = np.clip(rng.normal(2.2, 2.4, n), -2.0, 10.0)
    rule, depth = TABLE.age[slot], TABLE.depth[slot]
    age = anchors.copy()
    for step in range(1, int(TABLE.depth.max()) + 1):
        at = depth == step
        parent = np.flatnonzero(at & (rule == Age.PARENT))
        below = age[ref[parent]]
        mother = np.maximum(np.minimum(gap[parent], 102.0 - below), 21.2)
        father = np.minimum(np.maximum(mother + older[parent], 22.1), 104.0 - below)
        age[parent] = below + np.where(sex[parent] == MALE, father, mother)
        child = np.flatnonzero(at & (rule == Age.CHILD))
        above = ref[child]
        father = np.maximum(gap[child] + older[above], 20.0)
        age[child] = age[above] - np.where(sex[above] == MALE, father, gap[child])
        wed = np.flatnonzero(at & (rule == Age.SPOUSE))
        other = ref[wed]
        wife, husband = np.maximum(age[other] - older[other], 20.1), np.maximum(age[other] + older[other], 22.1)
        age[wed] = np.where(sex[wed] == FEMALE, wife, husband)
        peer = np.flatnonzero(at & (rule == Age.PEER))
        age[peer] = np.clip(age[ref[peer]] + rng.normal(0.0, 4.0, len(peer)), 18.5, 65.0)
    elder = np.flatnonzero(rule == Age.ELDER_SIBLING)
    parents = np.minimum(age[parent1[elder]], age[parent2[elder]])
    age[elder] = np.minimum(age[ref[elder]] + rng.uniform(1.5, 6.0, len(elder)), parents - 18.1)
    return age
