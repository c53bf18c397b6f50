"""Lists of visits: the head is found, days take the year of their sheet, what cannot be read is said."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linyun.kernel.catalogue import catalogue
from linyun.work.visits.sheets import day_of, read_list

TODAY = date(2026, 11, 23)
HEAD = ["日期", "被访者", "地址", "方式", "情况"]


def read(*rows: list[object], name: str = "8月", above: tuple[list[object], ...] = ()) -> list[tuple[object, ...]]:
    found = read_list([(name, [*above, HEAD, *rows])], catalogue.code_sets["visit_mode"], TODAY)
    return [(line.number, line.said.get("day"), line.said.get("mode"), line.reason) for line in found.lines]


def test_a_sheet_with_title_and_total() -> None:
    rows = read(
        ["2026-08-03", "周桂芳", "公交新村12号302", "上门", "身体一般"],
        ["8月4日", "李建国", "", "致电", "都好"],
        [],
        ["合计：2次", "", "", "", ""],
        above=(["公交新村居委会2026年8月走访记录"],),
    )
    assert rows == [(3, "2026-08-03", "2", ""), (4, "2026-08-04", "3", "")]


@pytest.mark.parametrize(
    ("head", "row"),
    [
        (
            ["走访时间", "姓名", "家庭住址", "走访方式", "走访内容"],
            ["2026-08-03", "周桂芳", "12号302室", "上门", "都好"],
        ),
        (["序号", "探访日期", "被访人", "探访情况"], ["1", "2026-08-03", "周桂芳", "都好"]),
        (["日 期", "被访者（签名）", "情况*"], ["2026-08-03", "周桂芳", "都好"]),
    ],
)
def test_heads_in_other_words(head: list[str], row: list[str]) -> None:
    (line,) = read_list([("走访", [head, row])], catalogue.code_sets["visit_mode"], TODAY).lines
    assert (line.reason, line.said["day"], line.said["mode"]) == ("", "2026-08-03", "2")
    assert (line.cells["name"], line.cells["situation"]) == ("周桂芳", "都好")


def test_a_sheet_without_a_head_says_which_columns_it_needs() -> None:
    found = read_list([("8月", [["日期", "备注"], ["2026-08-03", "x"]])], catalogue.code_sets["visit_mode"], TODAY)
    assert found.lines == []
    assert "“8月”里没有找到表头" in found.notes[0] and "日期、被访者、情况" in found.notes[0]


def test_a_sheet_of_last_year_is_last_year() -> None:
    """In November "12月" means the December that has been."""
    assert read(["12月5日", "周桂芳", "", "走访", "好"], name="12月") == [(2, "2025-12-05", "2", "")]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["2026-08-32", "周桂芳", "", "走访", "好"], "日期“2026-08-32”"),
        (["2026-12-01", "周桂芳", "", "走访", "好"], "晚于今天"),
        (["2026年8月", "周桂芳", "", "走访", "好"], "请写到哪一天"),
        (["", "周桂芳", "", "走访", "好"], "没有写日期"),
        (["2026-08-03", "", "", "走访", "好"], "没有写被访者"),
        (["2026-08-03", "周桂芳", "", "口信", "好"], "口信"),
        (["2026-08-03", "周桂芳", "", "走访", ""], "没有写走访情况"),
    ],
)
def test_what_cannot_be_read_is_said(row: list[object], said: str) -> None:
    ((_number, _day, _mode, reason),) = read(row)
    assert said in str(reason)


def test_days_as_excel_stores_them() -> None:
    assert day_of(46237.0, None, TODAY) == (date(2026, 8, 3), "")
    assert day_of(date(2026, 8, 3), None, TODAY) == (date(2026, 8, 3), "")


@given(st.lists(st.lists(st.one_of(st.text(max_size=12), st.floats(), st.dates(), st.none()), max_size=6), max_size=8))
def test_any_sheet_is_read_without_a_crash(rows: list[list[object]]) -> None:
    """Every line below the head is either understood or has a reason, and days are never in the future."""
    found = read_list([("3月", [HEAD, *rows])], catalogue.code_sets["visit_mode"], TODAY)
    for line in found.lines:
        assert line.reason or {"day", "mode"} <= set(line.said)
        assert line.said.get("day", "") <= TODAY.isoformat()
