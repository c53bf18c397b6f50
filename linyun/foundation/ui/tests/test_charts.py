"""Charts: right proportions, small cells hidden, numbers in words for those who cannot see them."""

import re

import pytest

from linyun.foundation.ui.charts import Bar, Pair, Part, bars, columns, legend, line, meter, pyramid, stack


def widths(html: str) -> list[float]:
    return [float(w) for w in re.findall(r' width="([\d.]+)%"', html)]


def test_bars_are_in_proportion_to_the_largest() -> None:
    assert widths(bars([Bar("甲", 50), Bar("乙", 25), Bar("丙", 0)])) == [100, 50, 0]


def test_bars_can_have_a_given_whole_and_never_leave_it() -> None:
    assert widths(bars([Bar("甲", 65), Bar("乙", 130), Bar("丙", -3)], top=100)) == [65, 100, 0]


def test_a_cell_too_small_is_not_shown_as_a_number() -> None:
    html = bars([Bar("低保", None), Bar("其他", 40)])
    assert "少于 5" in html and widths(html)[0] == 0


def test_no_bars_and_all_zero_bars() -> None:
    assert widths(bars([])) == []
    assert widths(bars([Bar("甲", 0)])) == [0]


def test_a_bar_opens_the_list_behind_it() -> None:
    assert '<a href="/x?a=1&amp;b=2">女性</a>' in bars([Bar("女性", 65, "65%", "/x?a=1&b=2")])


def test_upright_bars_grow_from_the_ground_and_read_aloud_in_full() -> None:
    html = columns([Bar("11/2", 40, href="/x?a=1&b=2", said="11 月 2 日起"), Bar("11/9", 10), Bar("11/16", 0)], "每周")
    assert re.findall(r'y="([\d.]+)%" width="100%" height="([\d.]+)%"', html) == [
        ("0.00", "100.00"), ("75.00", "25.00"), ("100.00", "0.00")
    ]  # fmt: skip
    assert '<a href="/x?a=1&amp;b=2">' in html and '<span class="vh">11 月 2 日起 40</span>' in html
    assert '<span class="vh">11/9 10</span>' in html


@pytest.mark.parametrize(("share", "width"), [(0, 0), (62, 62), (130, 100), (-3, 0)])
def test_a_meter_never_leaves_its_line(share: float, width: float) -> None:
    assert widths(meter(share)) == [width]


def test_parts_fill_the_whole_and_are_named_in_words() -> None:
    html = stack([Part("确认", 3, "ok"), Part("退回", 1, "warn")])
    assert widths(html) == [75, 25]
    assert re.findall(r' x="([\d.]+)%"', html) == ["0.00", "75.00"]
    assert 'aria-label="确认 3，退回 1"' in html


def test_no_parts_is_an_empty_bar_not_an_error() -> None:
    assert widths(stack([Part("确认", 0, "ok")])) == [0]
    assert "确认" in legend([Part("确认", 0, "ok")])


def test_a_line_has_its_table_and_says_from_where_to_where() -> None:
    html = line([("1 月", 210), ("2 月", 1180)], "走访", "次")
    assert "走访：从1 月的 210次 到2 月的 1,180次" in html
    assert html.count("<tr>") == 2 and "1,180次" in html
    points = re.search(r'<polyline points="([^"]+)"', html)
    assert points
    heights = [float(p.split(",")[1]) for p in points[1].split()]
    assert heights[0] > heights[1]  # more is higher: a smaller y


@pytest.mark.parametrize("values", [[("1 月", 5.0)], [("1 月", 0.0), ("2 月", 0.0)]])
def test_a_line_of_one_point_or_of_nothing_but_zeros(values: list[tuple[str, float]]) -> None:
    assert "nan" not in line(values, "走访")


def test_a_line_without_points_says_so() -> None:
    assert "还没有数据" in line([], "走访")


def test_both_sides_of_a_pyramid_are_on_one_scale_and_meet_in_the_middle() -> None:
    html = pyramid([Pair("80–89", 10, 40, "/x?a=1&b=2"), Pair("0–9", 20, 0)], "年龄", ("男", "女"))
    assert widths(html) == [25, 100, 50, 0]
    assert re.findall(r' x="([\d.]+)%"', html) == ["75.00", "0.00", "50.00", "0.00"]
    assert '<a href="/x?a=1&amp;b=2">80–89</a>' in html


def test_a_pyramid_of_nobody_is_no_error() -> None:
    assert widths(pyramid([Pair("0–9", 0, 0)], "年龄", ("男", "女"))) == [0, 0]
