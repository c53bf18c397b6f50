"""Words for dates, numbers and masked values, as a reader in Shanghai sees them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linyun.foundation.ui import wording
from linyun.kernel.clock import now, today
from linyun.kernel.values import identity

NUMBER = identity.make("310110", date(1948, 3, 5), 992)


def test_this_year_needs_no_year() -> None:
    assert wording.day(today().replace(month=11, day=13)) == "11 月 13 日"
    assert wording.day(date(2019, 1, 2)) == "2019 年 1 月 2 日"
    assert wording.day(None) == "—"


def test_a_moment_is_told_in_shanghai_time() -> None:
    assert wording.moment(datetime(2019, 1, 1, 18, 30, tzinfo=UTC)) == "2019 年 1 月 2 日 02:30"
    assert wording.iso(datetime(2019, 1, 1, 18, 30, tzinfo=UTC)) == "2019-01-02"


@pytest.mark.parametrize(("days", "said"), [(0, "今天"), (1, "昨天"), (-1, "明天"), (47, "47 天前"), (-8, "8 天后")])
def test_days_since(days: int, said: str) -> None:
    assert wording.ago(today() - timedelta(days=days)) == said


@pytest.mark.parametrize(
    ("before", "said"),
    [(timedelta(seconds=5), "刚才"), (timedelta(minutes=3), "3 分钟前"), (timedelta(days=3), "3 天前")],
)
def test_how_long_since_a_moment(before: timedelta, said: str) -> None:
    assert wording.ago(now() - before) == said


def test_hours_are_told_only_within_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    noon = now().replace(hour=12, minute=0, second=0, microsecond=0)
    monkeypatch.setattr(wording, "now", lambda: noon)
    assert wording.ago(noon - timedelta(hours=5)) == "5 小时前"
    assert wording.ago(noon - timedelta(hours=13)) == "昨天"
    assert wording.ago(noon.replace(tzinfo=None) - timedelta(hours=2)) == "2 小时前"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (4986, "4,986"),
        (1234.5, "1,234.5"),
        (Decimal("3860.00"), "3,860.00"),
        (0, "0"),
        (None, "—"),
        ("", "—"),
        ("12 号", "12 号"),
    ],
)
def test_numbers_are_grouped_and_text_left_alone(value: Any, said: str) -> None:
    assert wording.group(value) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1.0 KB"),
        (10_240, "10 KB"),
        (3_355_443, "3.2 MB"),
        (5 * 2**30, "5.0 GB"),
        (None, "—"),
    ],
)
def test_sizes(value: int | None, said: str) -> None:
    assert wording.size(value) == said


@pytest.mark.parametrize(("value", "said"), [(20, "不到 1 分钟"), (170, "约 3 分钟"), (7300, "约 2 小时"), (None, "")])
def test_time_left_is_rounded(value: float | None, said: str) -> None:
    assert wording.duration(value) == said


def test_a_share() -> None:
    assert wording.percent(0.651) == "65%"
    assert wording.percent(0.964, 1) == "96.4%"
    assert wording.percent(None) == "—"


def test_identity_numbers_show_three_and_four() -> None:
    assert wording.identity_mask(NUMBER) == "310***********" + NUMBER[-4:]
    assert wording.identity_mask("310***********0029") == "310***********0029"
    assert wording.identity_mask(None) == wording.identity_mask(" ") == "—"


def test_each_phone_is_masked() -> None:
    assert wording.phone_mask("19900123456; 021-65981234") == "199****3456; 021-****1234"
    assert wording.phone_mask("199****3456") == "199****3456"
    assert wording.phone_mask("") == wording.phone_mask(None) == "—"


@pytest.mark.parametrize(
    ("name", "shown"), [("周桂芳", "周*芳"), ("林静", "林*"), ("欧阳志远", "欧阳**"), ("", "—"), ("周*芳", "周*芳")]
)
def test_names(name: str, shown: str) -> None:
    assert wording.name_mask(name) == shown


@given(st.text("0123456789X", min_size=6, max_size=20))
def test_no_mask_shows_more_than_half(number: str) -> None:
    for mask in (wording.identity_mask, wording.phone_mask):
        assert sum(c != "*" for c in mask(number)) <= max(len(number) / 2, 7)
        assert number not in mask(number)


@pytest.mark.parametrize(
    ("value", "out"),
    [(None, []), ("", []), ("一句", ["一句"]), (["a", "b"], ["a", "b"]), (("a",), ["a"]), (0, [0])],
)
def test_one_or_several_sentences(value: Any, out: list[Any]) -> None:
    assert wording.listed(value) == out


@pytest.mark.parametrize(
    ("value", "out"),
    [
        (None, "—"),
        ("", "—"),
        (True, "是"),
        (False, "否"),
        (0, 0),
        (date(2026, 3, 2), "2026-03-02"),
        ("护理员", "护理员"),
    ],
)
def test_cells(value: Any, out: Any) -> None:
    assert wording.shown(value) == out
