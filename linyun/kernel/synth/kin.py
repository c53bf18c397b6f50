"""Kin within and across households, and the surnames that go with it."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from linyun.kernel.synth.archetypes import NUMBER_OF, Role
from linyun.kernel.synth.draft import MALE, YEAR, Draft
from linyun.kernel.synth.names import draw_surnames

Ints = NDArray[np.int64]

_ELDERS = ("lone_elder", "elder_couple")
_GROWN = ("family", "couple", "family_two", "comer_family")
_LINKED = 0.35
"""How many of the elders are looked at for a grown child's family in the same committee."""
_MOTHERS_SURNAME = 0.04
_BIN_YEARS = 4


@dataclass(slots=True)
class Links:
    """Parents of heads who live in another household of the same committee: person → person, -1 for none."""

    mother: Ints
    father: Ints


def link_households(rng: np.random.Generator, draft: Draft) -> Links:
    """Give some grown families parents among the elders of the same committee, where the ages fit."""
    links = Links(np.full(draft.people, -1, np.int64), np.full(draft.people, -1, np.int64))
    elders = np.flatnonzero(np.isin(draft.kind, [NUMBER_OF[code] for code in _ELDERS]))
    elders = elders[rng.random(len(elders)) < _LINKED]
    grown = np.flatnonzero(np.isin(draft.kind, [NUMBER_OF[code] for code in _GROWN]))
    grown = grown[rng.permutation(len(grown))]
    elder, child = draft.first[elders], draft.first[grown]
    elder_bin = ((draft.today - draft.born[elder]) / YEAR // _BIN_YEARS).astype(np.int64)
    child_bin = (((draft.today - draft.born[child]) / YEAR + 29) // _BIN_YEARS).astype(np.int64)
    left = pl.DataFrame({"key": draft.committee[elders] * 1000 + elder_bin, "elder": elder})
    right = pl.DataFrame({"key": draft.committee[grown] * 1000 + child_bin, "child": child})
    left, right = (frame.with_columns(rank=pl.int_range(pl.len()).over("key")) for frame in (left, right))
    pairs = left.join(right, on=("key", "rank"), how="inner", maintain_order="left")
    for_elder, for_child = pairs["elder"].to_numpy(), pairs["child"].to_numpy()
    for parent in (for_elder, draft.spouse[for_elder]):
        known = parent >= 0
        man = draft.sex[np.maximum(parent, 0)] == MALE
        gap = (draft.born[for_child] - draft.born[np.maximum(parent, 0)]) / YEAR
        fits = known & (gap > 18.5) & (gap < np.where(man, 60, 44.5))
        links.father[for_child[fits & man]] = parent[fits & man]
        links.mother[for_child[fits & ~man]] = parent[fits & ~man]
    return links


def surnames(rng: np.random.Generator, draft: Draft, links: Links) -> Ints:
    """Person → surname: the father's, now and then the mother's; unknown fathers have one of their own."""
    own = draw_surnames(rng, draft.people)
    by_mother = rng.random(draft.people) < _MOTHERS_SURNAME
    # two elders who both belong to one grown child pass their name first: fathers in another household
    child = np.flatnonzero(links.father >= 0)
    own[child] = own[links.father[child]]
    generation = draft.table.generation[draft.slot]
    for step in range(1, int(draft.table.generation.max()) + 1):
        child = np.flatnonzero((generation == step) & (links.father < 0))
        first, second = draft.parent1[child], draft.parent2[child]
        first_man = draft.sex[first] == MALE
        father = np.where(first_man, first, second)
        mother = np.where(first_man, second, first)
        name = np.where(father >= 0, own[np.maximum(father, 0)], own[child])
        own[child] = np.where(by_mother[child] & (mother >= 0), own[np.maximum(mother, 0)], name)
    return own


def kin_pairs(draft: Draft, links: Links) -> tuple[Ints, Ints, NDArray[np.int64]]:
    """Person, kin and row of codes.KIN (what the kin is to the person), in both directions."""
    everyone = np.arange(draft.people)
    has = draft.spouse >= 0
    found: list[tuple[Ints, Ints, int]] = [(everyone[has], draft.spouse[has], 0)]
    for parent in (draft.parent1, draft.parent2, links.mother, links.father):
        found += _both_ways(everyone, parent, 1, 2)
        up = np.maximum(parent, 0)
        for older in (draft.parent1, draft.parent2, links.mother, links.father):
            found += _both_ways(everyone, np.where(parent >= 0, older[up], -1), 3, 4)
    sister = (draft.role == Role.CHILD) & (np.roll(draft.role, 1) == Role.CHILD)
    sister &= draft.group == np.roll(draft.group, 1)
    found += _both_ways(everyone, np.where(sister, everyone - 1, -1), 5, 5)
    return (
        np.concatenate([entry[0] for entry in found]),
        np.concatenate([entry[1] for entry in found]),
        np.concatenate([np.full(len(entry[0]), entry[2]) for entry in found]),
    )


def _both_ways(young: Ints, old: Ints, down: int, up: int) -> list[tuple[Ints, Ints, int]]:
    """The younger is ``down`` to the older, the older ``up`` to the younger, where an older one is known."""
    known = old >= 0
    return [(old[known], young[known], down), (young[known], old[known], up)]
