from datetime import date

import pytest

from linyun.hub.exchange.reading import Kind
from linyun.hub.exchange.reading.days import Days
from linyun.hub.exchange.reading.tests.rosters import TODAY, table, targets

AUGUST = Days(["8月", "公交新村居委会2026年8月走访记录"], TODAY)


@pytest.mark.parametrize(
    "cell", ["2026-08-05", "2026.8.5", "8月5日", "8.5", "8-5", "5日", "5", 5.0, 8.5, "八月五日", date(2026, 8, 5)]
)
def test_days_take_their_year_and_month_from_the_sheet(cell):
    assert AUGUST.read(cell).value == date(2026, 8, 5)


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("8月32日", "没有"),
        ("2026-08-32", "没有"),
        ("2027-01-01", "晚于"),
        ("12月5日", "晚于"),
        ("2026年8月", "写到哪一天"),
        ("上午", "不是日期"),
    ],
)
def test_impossible_days_are_refused(cell, says):
    found = AUGUST.read(cell)
    assert found.value is None and says in found.problem


def test_without_a_year_anywhere_no_year_is_guessed():
    assert Days(["8月"], TODAY).read("8月5日").value is None
    assert Days(["（八）月份"], TODAY).month == 8
    assert AUGUST.read("").blank


def test_a_visit_list_kept_by_month():
    rows = [
        ["公交新村居委会2026年8月走访记录"],
        ["日期", "被访者", "地址", "方式", "情况"],
        ["8月5日", "王建国", "公交新村12号302", "上门", "一切都好"],
        ["8月32日", "李秀英", "12号303室", "电话", ""],
    ]
    found = table(rows, names=["8月"])
    assert found.kind is Kind.VISITS
    assert targets(found) == {
        "日期": "@date",
        "被访者": "person.name",
        "地址": "@address",
        "方式": "@visit_mode",
        "情况": "@content",
    }
    first, second = found.rows(TODAY)
    assert (first.specials["@visit_date"], first.specials["@visit_mode"], first.values["name"]) == (
        date(2026, 8, 5),
        "2",
        "王建国",
    )
    assert second.refused and second.problems[0].column == "A 日期"


def test_a_way_of_visiting_that_nobody_knows_refuses_the_visit():
    rows = [
        ["走访日期", "被访者", "地址", "走访方式", "走访情况"],
        ["2026.8.5", "王建国", "12号302", "传真", "一切都好"],
    ]
    row = next(iter(table(rows).rows(TODAY)))
    assert row.refused and "传真" in row.problems[0].reason and row.problems[0].column == "D 走访方式"
