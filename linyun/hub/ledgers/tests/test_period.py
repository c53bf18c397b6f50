"""Periods as people write them, and what lies before, in and after them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linyun.hub.ledgers.period import CURRENT, BadPeriod, of, parse

TODAY = date(2026, 11, 23)
DAYS = st.dates(date(1950, 1, 1), date(2090, 12, 31))
KINDS = st.sampled_from(["month", "quarter", "year"])


@pytest.mark.parametrize(
    ("text", "start", "end", "label"),
    [
        ("2026-10", date(2026, 10, 1), date(2026, 11, 1), "2026年10月"),
        ("2026-2", date(2026, 2, 1), date(2026, 3, 1), "2026年2月"),
        ("2026-12", date(2026, 12, 1), date(2027, 1, 1), "2026年12月"),
        ("2026-Q1", date(2026, 1, 1), date(2026, 4, 1), "2026年第一季度"),
        ("2026Q4", date(2026, 10, 1), date(2027, 1, 1), "2026年第四季度"),
        ("2026", date(2026, 1, 1), date(2027, 1, 1), "2026年"),
        (" 2026-10 ", date(2026, 10, 1), date(2026, 11, 1), "2026年10月"),
    ],
)
def test_what_people_write(text, start, end, label):
    span = parse(text, "month", TODAY)
    assert (span.start, span.end, span.label) == (start, end, label)


@pytest.mark.parametrize("text", ["2026-13", "2026-0", "2026-Q5", "十月", "26-10", "2026/10", "2026-10-01", "0026"])
def test_what_names_no_period_is_refused_with_the_way_to_write_it(text):
    with pytest.raises(BadPeriod, match="2026-10（月）"):
        parse(text, "month", TODAY)


@pytest.mark.parametrize(
    ("kind", "code"), [("month", "2026-11"), ("quarter", "2026-Q4"), ("year", "2026"), ("current", "")]
)
def test_nothing_written_means_the_ledgers_own_period_now(kind, code):
    assert parse("", kind, TODAY).code == code


def test_a_ledger_of_what_holds_now_has_no_span():
    assert parse("", "current", TODAY) == CURRENT
    assert CURRENT.label == ""
    assert not CURRENT.is_over(TODAY)
    assert CURRENT.neighbours() == (CURRENT, CURRENT)


def test_a_period_is_over_on_the_day_after_its_last():
    october = parse("2026-10", "month", TODAY)
    assert not october.is_over(date(2026, 10, 31))
    assert october.is_over(date(2026, 11, 1))


def test_neighbours_cross_the_year():
    before, after = parse("2026-01", "month", TODAY).neighbours()
    assert (before.code, after.code) == ("2025-12", "2026-02")
    before, after = parse("2026-Q4", "quarter", TODAY).neighbours()
    assert (before.code, after.code) == ("2026-Q3", "2027-Q1")


@given(KINDS, DAYS)
def test_a_day_lies_in_its_period_and_in_no_neighbour(kind, day):
    span = of(kind, day)
    before, after = span.neighbours()
    assert span.start <= day < span.end
    assert before.end == span.start
    assert after.start == span.end


@given(KINDS, DAYS)
def test_a_periods_code_is_read_back_as_the_same_period(kind, day):
    span = of(kind, day)
    assert parse(span.code, "month", TODAY) == span
