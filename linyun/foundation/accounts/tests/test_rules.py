"""Who gives which post where, when attempts wait, when sessions end, which digits an authenticator shows."""

from datetime import datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linyun.foundation.accounts.rules import (
    IDLE_ABOVE,
    IDLE_COMMITTEE,
    LOCK,
    LONGEST,
    STEP,
    code_at,
    fits,
    idle_limit,
    is_over,
    matching_step,
    may_give,
    may_manage,
    needs_second_factor,
    wait,
)
from linyun.kernel.clock import ZONE
from linyun.kernel.declare import Role

CITY, DISTRICT, STREET, COMMITTEE = "31", "310110", "310110009", "310110009016"
OTHER_STREET, OTHER_COMMITTEE = "310110008", "310110009017"
GRID, BUILDING = COMMITTEE + "001", COMMITTEE + "001001001"
NOON = datetime(2026, 11, 23, 12, tzinfo=ZONE)

PLACES = {
    Role.CITY: CITY,
    Role.DISTRICT: DISTRICT,
    Role.STREET: STREET,
    Role.WORKER: COMMITTEE,
    Role.GRID: GRID,
    Role.CHIEF: BUILDING,
    Role.DEPARTMENT: DISTRICT,
    Role.OPERATOR: CITY,
}


def gives(giver: Role) -> set[Role]:
    """The roles somebody of this role, at the usual place, may give at their usual places."""
    return {role for role, area in PLACES.items() if may_give(giver, PLACES[giver], role, area)}


def test_each_level_gives_the_posts_below_its_own() -> None:
    committee = {Role.WORKER, Role.GRID, Role.CHIEF}
    assert gives(Role.STREET) == committee
    assert gives(Role.DISTRICT) == committee | {Role.STREET}
    assert gives(Role.CITY) == committee | {Role.STREET, Role.DISTRICT}


def test_operators_give_every_post_within_their_area() -> None:
    assert gives(Role.OPERATOR) == set(Role)
    assert not may_give(Role.OPERATOR, DISTRICT, Role.WORKER, "310104001001")
    assert may_give(Role.OPERATOR, "", Role.CITY, "44")


@pytest.mark.parametrize("giver", [Role.WORKER, Role.GRID, Role.CHIEF, Role.DEPARTMENT])
def test_others_give_none(giver: Role) -> None:
    assert gives(giver) == set()


def test_a_street_gives_nothing_outside_itself() -> None:
    assert may_give(Role.STREET, STREET, Role.WORKER, OTHER_COMMITTEE)
    assert not may_give(Role.STREET, STREET, Role.WORKER, "310110008001")
    assert not may_give(Role.STREET, STREET, Role.STREET, STREET)
    assert not may_give(Role.STREET, STREET, Role.OPERATOR, COMMITTEE)


@pytest.mark.parametrize(
    ("role", "area", "can"),
    [
        (Role.WORKER, COMMITTEE, True),
        (Role.WORKER, STREET, False),
        (Role.WORKER, GRID, False),
        (Role.GRID, COMMITTEE, True),
        (Role.CHIEF, COMMITTEE, False),
        (Role.CHIEF, BUILDING, True),
        (Role.STREET, DISTRICT, False),
        (Role.DEPARTMENT, STREET, True),
        (Role.DEPARTMENT, COMMITTEE, False),
        (Role.OPERATOR, BUILDING, True),
    ],
)
def test_a_post_fits_the_level_of_its_area(role: Role, area: str, can: bool) -> None:
    assert fits(role, area) is can
    assert may_give(Role.OPERATOR, "", role, area) is can


@given(st.sampled_from(Role), st.sampled_from(Role), st.sampled_from([*PLACES.values(), OTHER_STREET, OTHER_COMMITTEE]))
def test_nobody_but_operators_gives_a_post_as_high_as_their_own(giver: Role, role: Role, area: str) -> None:
    if giver is not Role.OPERATOR and may_give(giver, PLACES[giver], role, area):
        assert len(area) >= len(PLACES[giver])
        assert area.startswith(PLACES[giver])
        assert not may_give(role, area, giver, PLACES[giver])


def test_an_account_is_managed_only_by_who_could_give_all_its_posts() -> None:
    worker, chief_of_district = (Role.WORKER, COMMITTEE), (Role.DISTRICT, DISTRICT)
    assert may_manage(Role.STREET, STREET, [worker])
    assert not may_manage(Role.STREET, STREET, [worker, chief_of_district])
    assert not may_manage(Role.STREET, STREET, [worker, (Role.WORKER, "310110008001")])
    assert may_manage(Role.OPERATOR, CITY, [worker, chief_of_district])


def test_second_factor_above_the_committee_and_for_operators() -> None:
    above = {Role.CITY, Role.DISTRICT, Role.STREET, Role.DEPARTMENT, Role.OPERATOR}
    assert {r for r in Role if needs_second_factor([r])} == above
    assert needs_second_factor([Role.WORKER, Role.STREET])
    assert not needs_second_factor([])


def ago(*minutes: float) -> list[datetime]:
    """Moments before noon, newest first."""
    return [NOON - timedelta(minutes=m) for m in minutes]


def test_the_fifth_wrong_attempt_locks_for_a_quarter_of_an_hour() -> None:
    assert wait(ago(1, 2, 3, 4), 5, NOON) == timedelta()
    assert wait(ago(0, 1, 2, 3, 14), 5, NOON) == LOCK
    assert wait(ago(10, 11, 12, 13, 14), 5, NOON) == timedelta(minutes=5)


def test_attempts_spread_over_more_than_the_window_do_not_lock() -> None:
    assert wait(ago(0, 1, 2, 3, 15), 5, NOON) == timedelta()
    assert wait([], 5, NOON) == timedelta()


@given(st.lists(st.integers(0, 3600), max_size=40), st.integers(1, 30))
def test_a_wait_is_never_longer_than_the_lock(seconds: list[int], limit: int) -> None:
    moments = sorted((NOON - timedelta(seconds=s) for s in seconds), reverse=True)
    assert timedelta() <= wait(moments, limit, NOON) <= LOCK


@pytest.mark.parametrize("role", Role)
def test_a_session_ends_after_eight_hours_and_after_silence(role: Role) -> None:
    limit = IDLE_COMMITTEE if role in (Role.WORKER, Role.GRID, Role.CHIEF) else IDLE_ABOVE
    assert idle_limit(role) == limit
    second = timedelta(seconds=1)
    assert not is_over(NOON - LONGEST + second, NOON - limit + second, NOON, role)
    assert is_over(NOON - LONGEST, NOON, NOON, role)
    assert is_over(NOON - limit, NOON - limit, NOON, role)


def test_a_session_that_nobody_began_is_over() -> None:
    assert is_over(None, NOON, NOON, Role.WORKER)
    assert is_over(NOON, None, NOON, Role.WORKER)
    assert is_over(NOON, NOON - IDLE_ABOVE, NOON, None)


RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""The ASCII key 12345678901234567890 of RFC 6238, appendix B, in base32."""

RFC_CODES = {59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037",
             20000000000: "353130"}  # fmt: skip
"""Appendix B, the last six of its eight digits."""


@pytest.mark.parametrize(("moment", "code"), RFC_CODES.items())
def test_codes_are_those_of_the_standard(moment: int, code: str) -> None:
    assert code_at(RFC_SECRET, moment // STEP) == code


def test_a_code_is_good_one_step_early_and_one_late() -> None:
    step = int(NOON.timestamp()) // STEP
    for shift, good in ((-2, False), (-1, True), (0, True), (1, True), (2, False)):
        found = matching_step(RFC_SECRET, code_at(RFC_SECRET, step + shift), NOON, 0)
        assert found == (step + shift if good else None)


def test_a_used_code_and_those_before_it_are_not_good_again() -> None:
    step = int(NOON.timestamp()) // STEP
    for used, shown in product((-1, 0, 1), (-1, 0, 1)):
        found = matching_step(RFC_SECRET, code_at(RFC_SECRET, step + shown), NOON, step + used)
        assert found == (step + shown if shown > used else None)


@given(st.text(max_size=12))
def test_whatever_is_typed_is_compared_without_error(text: str) -> None:
    found = matching_step(RFC_SECRET, text, NOON, 0)
    assert found is None or code_at(RFC_SECRET, found) == text
