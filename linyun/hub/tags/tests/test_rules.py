"""Numbers as readers see them who may not see persons: rounded, small ones hidden, shares made of rounded numbers."""

from hypothesis import given
from hypothesis import strategies as st

from linyun.hub.tags.rules import SMALLEST_CELL, STEP, coarse, coarse_share, exact_share

COUNTS = st.integers(min_value=0, max_value=100_000)


@given(COUNTS)
def test_no_small_cell_and_no_exact_number_is_told(number: int) -> None:
    shown = coarse(number)
    if 0 < number < SMALLEST_CELL:
        assert shown is None
    else:
        assert shown is not None
        assert shown % STEP == 0
        assert abs(shown - number) <= STEP // 2


@given(COUNTS, COUNTS)
def test_a_share_never_tells_of_a_small_cell_on_either_side(some: int, rest: int) -> None:
    share = coarse_share(some, some + rest)
    if 0 < some < SMALLEST_CELL or 0 < rest < SMALLEST_CELL:
        assert share is None
    if share is not None:
        assert 0 < share <= 1


def test_zero_is_told_because_nobody_is_meant() -> None:
    assert coarse(0) == 0


def test_shares_for_those_who_may_list_the_people() -> None:
    assert exact_share(6, 12) == 0.5
    assert exact_share(4, 12) is None
    assert exact_share(0, 0) is None
