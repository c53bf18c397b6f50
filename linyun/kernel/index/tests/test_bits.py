"""Numbers as bitmaps compare as numbers do, and change as their rows do."""

from hypothesis import given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from linyun.kernel.index.bits import Sliced, numbers_of, rows_of
from linyun.kernel.rule.evaluate import OPERATORS
from linyun.kernel.rule.syntax import Op

NUMBERS = st.integers(-300, 300) | st.integers(-(10**15), 10**15)
HELD = st.dictionaries(st.integers(0, 200), NUMBERS, max_size=40)
SOME = settings(max_examples=80, deadline=None)


@SOME
@given(HELD, NUMBERS, st.sampled_from(Op))
def test_those_are_found_whose_number_stands_so_to_another(held: dict[int, int], number: int, op: Op) -> None:
    for wanted in {number, *list(held.values())[:3]}:
        found = Sliced.of(held.items()).compare(op, wanted)
        assert set(found) == {row for row, value in held.items() if OPERATORS[op](value, wanted)}


@SOME
@given(HELD, NUMBERS, NUMBERS)
def test_between_includes_both_ends_and_is_nobody_the_wrong_way_round(held: dict[int, int], a: int, b: int) -> None:
    assert set(Sliced.of(held.items()).between(a, b)) == {row for row, value in held.items() if a <= value <= b}


@SOME
@given(HELD, st.lists(st.tuples(st.integers(0, 200), st.none() | NUMBERS), max_size=12))
def test_what_is_put_in_afterwards_is_as_if_it_had_been_there(
    held: dict[int, int], changes: list[tuple[int, int | None]]
) -> None:
    sliced, now = Sliced.of(held.items()), dict(held)
    for row, value in changes:
        sliced.put(row, value)
        now.pop(row, None)
        if value is not None:
            now[row] = value
    assert {row: sliced.value(row) for row in range(201) if sliced.value(row) is not None} == now
    assert set(sliced.known) == set(now)
    for number in {0, *list(now.values())[:3]}:
        assert set(sliced.compare(Op.GE, number)) == {row for row, value in now.items() if value >= number}


def test_a_comparison_changes_no_bitmap_that_is_held() -> None:
    sliced = Sliced.of([(1, 5), (2, 9), (3, 0)])
    before = [BitMap(s) for s in (*sliced.slices, sliced.known)]
    for op in Op:
        for number in (-1, 0, 5, 9, 10):
            sliced.compare(op, number)
    assert [*sliced.slices, sliced.known] == before


@SOME
@given(st.sets(st.integers(0, 2**32 - 1), max_size=50))
def test_rows_are_read_and_told_alike(rows: set[int]) -> None:
    assert numbers_of(rows_of(sorted(rows))).tolist() == sorted(rows)
    assert set(rows_of(numbers_of(BitMap(rows)))) == rows
