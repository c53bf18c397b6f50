"""When ledgers are due, as the offices write it, and what the menu says of it."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linyun.foundation.areas.scope import within
from linyun.hub.ledgers import duty
from linyun.hub.ledgers.models import LedgerClosing
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Column, Ledger
from tests.characters import HERE


@pytest.mark.parametrize(
    ("text", "today", "due"),
    [
        ("每年1月15日前", date(2026, 11, 23), date(2027, 1, 15)),
        ("每年1月15日前", date(2026, 1, 15), date(2026, 1, 15)),
        ("每月25日", date(2026, 11, 23), date(2026, 11, 25)),
        ("每月25日", date(2026, 11, 26), date(2026, 12, 25)),
        ("每月31日", date(2026, 2, 1), date(2026, 2, 28)),
        ("每季末月25日前", date(2026, 11, 23), date(2026, 12, 25)),
        ("每季度5日", date(2026, 11, 23), date(2027, 1, 5)),
        ("7月10日、12月25日", date(2026, 11, 23), date(2026, 12, 25)),
        ("7月10日、12月25日", date(2026, 1, 1), date(2026, 7, 10)),
        ("每年12月25日", date(2026, 12, 31), date(2027, 12, 25)),
    ],
)
def test_the_next_day_a_ledger_is_due(text, today, due):
    assert duty.next_due(text, today) == due


@pytest.mark.parametrize("text", ["及时更新", "", "有周期", "13月5日", "每月0日"])
def test_what_names_no_day_is_never_due(text):
    assert duty.next_due(text, date(2026, 11, 23)) is None


@pytest.mark.parametrize("ledger", catalogue.ledgers.values(), ids=lambda x: x.code)
def test_every_declared_due_day_is_understood(ledger):
    assert (duty.next_due(ledger.due, date(2026, 11, 23)) is None) == (ledger.due in ("", "及时更新"))


@given(
    st.sampled_from(["每月25日", "每季末月25日前", "每年1月15日", "7月10日、12月25日"]),
    st.dates(date(2000, 1, 1), date(2080, 1, 1)),
)
def test_a_due_day_is_never_past_and_within_a_year(text, today):
    due = duty.next_due(text, today)
    assert due is not None
    assert 0 <= (due - today).days <= 366


def ledger(period: str) -> Ledger:
    return Ledger("x", "某台账", "组", "person", (Column("姓名", "name"),), period=period)


@pytest.mark.parametrize(
    ("period", "due", "span"),
    [
        ("year", date(2027, 1, 15), "2026"),
        ("year", date(2026, 12, 25), "2026"),
        ("quarter", date(2026, 12, 25), "2026-Q4"),
        ("month", date(2026, 11, 25), "2026-11"),
    ],
)
def test_the_period_that_is_handed_in_on_a_due_day(period, due, span):
    assert duty.period_due(ledger(period), due).code == span


def closed(ledger: str, start: date, end: date) -> None:
    LedgerClosing.objects.create(
        area=HERE, ledger=ledger, title="某台账", period="2026", start=start, end=end, closed_at=clock.now(),
        closed_by="林晓岚", count=0, body=b"", digest="0" * 64,
    )  # fmt: skip


@pytest.fixture
def january(monkeypatch):
    """A day on which many yearly ledgers are nearly due."""
    moment = datetime(2027, 1, 10, 9, tzinfo=clock.ZONE)
    monkeypatch.setattr(clock, "now", lambda: moment)
    monkeypatch.setattr(clock, "today", moment.date)
    return moment.date()


def test_audited_ledgers_due_within_a_week_wait_until_their_period_is_closed(areas, january):
    with within(HERE):
        waiting = duty.waiting(january, HERE)
        assert waiting
        assert all(x.audited and x.due.startswith("每年1月15日") for x, _ in waiting)
        first = waiting[0][0].code
        closed(first, date(2026, 1, 1), date(2027, 1, 1))
        assert first not in [x.code for x, _ in duty.waiting(january, HERE)]


def test_the_menu_counts_them_and_says_nothing_when_nothing_waits(areas, january, monkeypatch):
    with within(HERE):
        assert duty.due_badge() == f"{len(duty.waiting(january, HERE))} 将到期"
        monkeypatch.setattr(clock, "today", lambda: date(2026, 8, 3))
        assert duty.due_badge() == ""


def test_asking_for_the_badge_costs_one_question_at_most(areas, january, assert_queries):
    with within(HERE), assert_queries(1, at_most=True):
        duty.due_badge()
