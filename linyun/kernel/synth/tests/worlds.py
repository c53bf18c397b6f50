"""Small worlds of many shapes, each made once: one person alone, seven over a street, a village of a few hundred."""

from datetime import date
from functools import cache

import polars as pl

from linyun.kernel.synth.tests.street import STREET, TODAY
from linyun.kernel.synth.world import World, generate

SHAPES = {
    "one person": (1, 1, 3, TODAY),
    "one who only owns a flat": (1, 1, 220, TODAY),
    "two people": (2, 1, 4, TODAY),
    "seven in one committee": (7, 1, 5, TODAY),
    "seven over the street": (7, 23, 6, TODAY),
    "a hundred over the street": (100, 23, 7, TODAY),
    "four hundred": (400, 2, 8, TODAY),
    "three thousand": (3000, 3, 9, TODAY),
    "on a leap day": (900, 2, 10, date(2028, 2, 29)),
    "on new year's day": (900, 2, 11, date(2027, 1, 1)),
    "a generation ahead": (900, 2, 12, date(2060, 6, 30)),
}
"""People, committees, seed, day."""


@cache
def made(shape: str) -> World:
    """The world of a name in SHAPES."""
    people, committees, seed, day = SHAPES[shape]
    return generate(STREET[-committees:], people, seed, day)


@cache
def of_seed(seed: int) -> World:
    """30,000 people of the street for one seed."""
    return generate(STREET, 30_000, seed, TODAY)


def with_age(world: World) -> pl.DataFrame:
    """Everybody, with the full years of age and whether they live and are registered here."""
    kinds = world.residences.group_by("person_id").agg(
        lives=(pl.col("kind") == "actual").any(), registered=(pl.col("kind") == "registered").any()
    )
    day = pl.lit(world.today)
    before = (pl.col("birth_date").dt.month() * 100 + pl.col("birth_date").dt.day()) > world.today.month * 100 + (
        world.today.day
    )
    age = day.dt.year() - pl.col("birth_date").dt.year() - before.cast(pl.Int32)
    return world.persons.with_columns(age=age).join(kinds, left_on="id", right_on="person_id", how="left")
