"""Columns take changes as if they had been there from the start; edges lead where they lead."""

from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from linyun.kernel.declare import Kind
from linyun.kernel.index import Edges, column, column_of
from linyun.kernel.rule.syntax import Between, Compare, Contains, HasCode, OneOf, Op, Within

ROWS = st.integers(0, 60)
SOME = settings(max_examples=60, deadline=None)
VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.CODE: st.sampled_from(["1", "2", "9"]),
    Kind.BOOLEAN: st.booleans(),
    Kind.TEXT: st.text(max_size=3),
    Kind.AREA: st.sampled_from(["31", "310110", "310110009", "310110009016", "3101100090161"]),
    Kind.CODES: st.sets(st.sampled_from("abc"), max_size=3),
    Kind.INTEGER: st.integers(-50, 5000),
    Kind.DECIMAL: st.decimals(-100, 100, places=3, allow_nan=False) | st.integers(-9, 9).map(Decimal),
    Kind.DATE: st.dates(date(1900, 1, 1), date(2100, 1, 1)),
}
TESTS: dict[Kind, list[Any]] = {
    Kind.CODE: [Compare("x", Op.EQ, "1"), Compare("x", Op.NE, "1"), OneOf("x", ("2", "9", "7"))],
    Kind.BOOLEAN: [Compare("x", Op.EQ, True), Compare("x", Op.NE, True)],
    Kind.TEXT: [Compare("x", Op.EQ, ""), Contains("x", "a"), OneOf("x", ("a", "b"))],
    Kind.AREA: [Within("x", ("310110009",)), Within("x", ("31011000901", "32"))],
    Kind.CODES: [HasCode("x", "a"), HasCode("x", "z")],
    Kind.INTEGER: [Compare("x", op, 7) for op in Op] + [Between("x", -3, 40), OneOf("x", (1, 2))],
    Kind.DECIMAL: [Compare("x", op, Decimal("1.2345")) for op in Op] + [Between("x", Decimal("-0.0001"), Decimal("9"))],
    Kind.DATE: [Compare("x", op, date(2000, 2, 29)) for op in Op],
}


@pytest.mark.parametrize("kind", VALUES)
def test_a_column_that_changed_is_the_column_of_what_is_known_now(kind: Kind) -> None:
    @SOME
    @given(
        st.dictionaries(ROWS, VALUES[kind], max_size=20),
        st.lists(st.tuples(ROWS, st.none() | VALUES[kind]), max_size=9),
    )
    def check(held: dict[int, Any], changes: list[tuple[int, Any]]) -> None:
        changed, now = column(kind, list(held.items())), dict(held)
        for row, value in changes:
            changed.put(row, value)
            now.pop(row, None)
            if value is not None:
                now[row] = value
        fresh = column(kind, list(now.items()))
        assert changed.known == fresh.known == BitMap(now)
        for test in TESTS[kind]:
            assert changed.holding(test) == fresh.holding(test), test

    check()


DTYPES = {Kind.BOOLEAN: pl.Boolean, Kind.CODES: pl.List(pl.String), Kind.INTEGER: pl.Int64, Kind.DATE: pl.Date,
          Kind.DECIMAL: pl.Decimal(18, 4)}  # fmt: skip


@pytest.mark.parametrize("kind", VALUES)
def test_a_column_read_at_once_is_the_column_read_row_by_row(kind: Kind) -> None:
    @SOME
    @given(st.lists(st.none() | VALUES[kind], max_size=30))
    def check(held: list[Any]) -> None:
        listed = [sorted(value) if isinstance(value, set) else value for value in held]
        at_once = column_of(kind, pl.Series(listed, dtype=DTYPES.get(kind, pl.String)))
        singly = column(kind, [(row, value) for row, value in enumerate(held) if value is not None])
        assert at_once.known == singly.known
        for test in TESTS[kind]:
            assert at_once.holding(test) == singly.holding(test), test

    check()


@pytest.mark.parametrize(
    ("kind", "test"),
    [(Kind.CODE, HasCode("x", "a")), (Kind.CODES, Within("x", ("31",))), (Kind.DATE, Contains("x", "a"))],
)
def test_a_test_that_does_not_fit_is_an_error_and_not_nobody(kind: Kind, test: Any) -> None:
    with pytest.raises(TypeError):
        column(kind).holding(test)


@SOME
@given(st.sets(st.tuples(ROWS, st.integers(0, 300)), max_size=80), st.sets(st.integers(0, 400), max_size=40))
def test_edges_lead_back_from_few_targets_and_from_many(pairs: set[tuple[int, int]], targets: set[int]) -> None:
    """Few are looked up one by one, many by a look at all edges."""
    edges = Edges(pairs)
    for meant in (targets, set(sorted(targets)[:1]), set()):
        inside = [(source, target) for source, target in pairs if target in meant]
        assert set(edges.leading_to(BitMap(meant))) == {source for source, _ in inside}
        counts = edges.counted(BitMap(meant), 61).tolist()
        assert counts == [sum(source == row for source, _ in inside) for row in range(61)]
