"""A city has 25 million people: the maker works on whole columns, and what it does for a person costs no call of its own."""

import sys
import tracemalloc
from collections.abc import Callable
from types import FrameType
from typing import Any

import polars as pl
import pytest

from linyun.kernel.synth import world as making
from linyun.kernel.synth.tests.street import STREET, TODAY
from linyun.kernel.synth.world import generate, generate_parts

generate(STREET[:2], 300, 1, TODAY)  # imports and caches are no part of what is counted


def calls_of(do: Callable[[], Any]) -> int:
    """How many Python and C functions were called."""
    count = 0

    def note(frame: FrameType, event: str, _: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        do()
    finally:
        sys.setprofile(before)
    return count


def test_ten_times_the_people_cost_hardly_more_calls() -> None:
    few = calls_of(lambda: generate(STREET[:4], 3_000, 1, TODAY))
    many = calls_of(lambda: generate(STREET[:4], 30_000, 1, TODAY))
    assert many - few < 27_000 / 10, "somewhere each person costs a call"


def test_calls_grow_with_the_committees_and_not_with_their_people() -> None:
    one = calls_of(lambda: generate(STREET[:2], 2_000, 1, TODAY))
    many = calls_of(lambda: generate(STREET[:20], 20_000, 1, TODAY))
    assert many < 12 * one


def peak_of(people: int) -> int:
    """Bytes that Python and numpy held at most. Polars counts its own."""
    tracemalloc.start()
    try:
        generate(STREET[:4], people, 1, TODAY)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_grows_with_the_people_and_not_faster() -> None:
    small, large = peak_of(5_000), peak_of(20_000)
    assert large < 6 * small
    assert large / 20_000 < 4_000


def test_frames_hold_about_what_is_promised_for_a_person() -> None:
    world = generate(STREET, 20_000, 1, TODAY)
    assert sum(frame.estimated_size() for frame in world.frames().values()) / 20_000 < 2_500


def test_a_part_is_let_go_before_the_next_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever writes a whole city part by part must not hold it: parts come one at a time."""
    monkeypatch.setattr(making, "PART", 1000)
    parts = generate_parts(STREET[:6], 6_000, 2, TODAY)
    first = next(parts)
    assert first.persons.height == 1000
    seen = {first.committees[0].code}
    for part in parts:
        assert part.persons.height == 1000
        assert seen.isdisjoint(c.code for c in part.committees)
        seen |= {c.code for c in part.committees}
    assert len(seen) == 6


@pytest.mark.parametrize("people", [1, 2, 5, 7, 23, 24])
def test_parts_of_few_people_still_add_up(monkeypatch: pytest.MonkeyPatch, people: int) -> None:
    """Fewer people than committees: some parts are empty, and nobody is lost with them."""
    monkeypatch.setattr(making, "PART", 2)
    parts = list(generate_parts(STREET, people, 3, TODAY))
    assert sum(part.persons.height for part in parts) == people
    everyone = pl.concat([part.persons for part in parts])
    assert everyone["identity_number"].n_unique() == people
    phones = pl.concat([p.persons["phone"].drop_nulls() for p in parts] + [p.workers["phone"] for p in parts])
    chiefs = pl.concat([p.workers.filter(pl.col("role") == "chief")["phone"] for p in parts])
    assert phones.len() - chiefs.len() == phones.n_unique()
