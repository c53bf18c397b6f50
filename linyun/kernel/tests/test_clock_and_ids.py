"""Age to the day, the day of Shanghai on any machine, and ids that nobody else makes."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linyun.kernel import clock, ids
from linyun.kernel.clock import years_before, years_between


@pytest.mark.parametrize(
    ("born", "on", "years"),
    [
        (date(1946, 11, 23), date(2026, 11, 22), 79),
        (date(1946, 11, 23), date(2026, 11, 23), 80),
        (date(2026, 11, 23), date(2026, 11, 23), 0),
        (date(2004, 2, 29), date(2022, 2, 28), 17),
        (date(2004, 2, 29), date(2022, 3, 1), 18),
        (date(2004, 2, 29), date(2024, 2, 29), 20),
        (date(1966, 12, 31), date(2026, 12, 30), 59),
        (date(1966, 1, 1), date(2026, 1, 1), 60),
    ],
)
def test_a_year_of_age_is_full_on_the_birthday_and_not_before(born: date, on: date, years: int) -> None:
    assert years_between(born, on) == years


@settings(max_examples=100, deadline=None)
@given(st.dates(date(1900, 1, 1), date(2026, 11, 23)), st.integers(0, 40_000))
def test_age_never_falls_and_grows_by_one_a_year(born: date, days: int) -> None:
    on = born + timedelta(days=days)
    age = years_between(born, on)
    assert 0 <= years_between(born, on + timedelta(days=1)) - age <= 1
    assert age == pytest.approx(days / 365.2425, abs=1.01)
    assert born.replace(year=born.year + age, day=min(born.day, 28)) <= on


@settings(max_examples=300, deadline=None)
@given(
    st.dates(date(1900, 1, 1), date(2040, 12, 31)), st.dates(date(2020, 1, 1), date(2032, 12, 31)), st.integers(-5, 130)
)
def test_so_many_years_before_a_day_is_where_that_age_begins(born: date, on: date, years: int) -> None:
    """29 February included: who is chosen by age and the age shown beside a name agree for everybody on every day."""
    if born <= on or years <= 0 and (on.month, on.day) != (2, 29) != (born.month, born.day):
        assert (born <= years_before(on, years)) == (years_between(born, on) >= years)


@pytest.mark.parametrize(
    ("years", "end"), [(2026, date.min), (10**12, date.min), (-8000, date.max), (-(10**12), date.max)]
)
def test_so_old_nobody_is_and_so_young_everybody(years: int, end: date) -> None:
    assert years_before(date(2026, 11, 23), years) == end


def test_now_bears_the_zone_of_shanghai_and_today_is_its_day() -> None:
    before = datetime.now(UTC)
    now = clock.now()
    assert now.utcoffset() == timedelta(hours=8)
    assert before - timedelta(seconds=1) <= now <= datetime.now(UTC) + timedelta(seconds=1)
    assert clock.today() in {now.date(), (now + timedelta(seconds=5)).date()}


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**48 - 1))
def test_an_id_is_of_version_seven_and_tells_when_it_was_made(at_ms: int) -> None:
    made = ids.uuid7(at_ms)
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert made.int >> 80 == at_ms
    assert UUID(str(made)) == made


def test_ids_of_later_moments_sort_behind_those_of_earlier_ones() -> None:
    made = [str(ids.uuid7(at)) for at in range(1_700_000_000_000, 1_700_000_002_000, 7)]
    assert made == sorted(made)


def test_many_ids_of_one_moment_are_all_different() -> None:
    made = {ids.uuid7(1_700_000_000_000) for _ in range(20_000)}
    assert len(made) == 20_000


def test_an_id_of_now_lies_in_this_very_moment() -> None:
    low = int(datetime.now(UTC).timestamp() * 1000)
    at = ids.uuid7().int >> 80
    assert low - 5 <= at <= int(datetime.now(UTC).timestamp() * 1000) + 5
