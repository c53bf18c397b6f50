from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linyun.kernel.values.dates import EPOCH_1900, Bounds, iso, parse
from linyun.kernel.values.tests.disguises import FIXED, TODAY, births, cells, full_width

BIRTH = Bounds(latest=TODAY, earliest=date(1901, 11, 1))
MARCH_5 = date(1948, 3, 5)


@pytest.mark.parametrize(
    "cell",
    [
        "1948.3.5", "1948-3-5", "1948/03/05", "19480305", "1948年3月5日", "1948年03月05号", "1948 3 5", "1948、3、5",
        "1948。3。5", "1948．3．5", "1948.03.05.", "1948-03-05 00:00:00", "1948-03-05T00:00:00", "1948.3.5生",
        "1948年3月5日出生", "一九四八年三月五日", "1948_3_5", "480305", "48.3.5", "48-03-05", "48年3月5日",
        19480305, 19480305.0, 480305, 480305.0, 17597, 17597.0, 17597.5, "17597", MARCH_5,
        datetime.combine(MARCH_5, time(8, 30)), "19480305000000", "1948-0305", "\u30001948.3.5\u200b",
    ],
    ids=repr,
)  # fmt: skip
def test_a_day_in_the_writings_of_real_files(cell):
    found = parse(cell, BIRTH)
    assert (found.value, found.extra["precision"]) == (MARCH_5, "day"), found.problem


@pytest.mark.parametrize(
    "cell", ["1948年3月", "1948.3", "1948-03", "194803", 194803, 194803.0, "48年3月", "1948年三月", 1948.3, 1948.03]
)
def test_a_month_stays_a_month(cell):
    found = parse(cell, BIRTH)
    assert (found.value, found.extra["precision"]) == (date(1948, 3, 1), "month")
    assert iso(found.value, found.extra["precision"]) == "1948-03"


@pytest.mark.parametrize("cell", ["1948", "1948年", 1948, 1948.0, "48年", "一九四八年"])
def test_a_year_stays_a_year(cell):
    found = parse(cell, BIRTH)
    assert (found.value, found.extra["precision"]) == (date(1948, 1, 1), "year")
    assert iso(found.value, found.extra["precision"]) == "1948"


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("1948-02-30", "没有 1948-2-30"),
        ("1948.13.1", "没有 1948-13-1"),
        ("19480230", "没有"),
        ("480231", "没有"),
        ("00000000", "没有"),
        ("1947-2-29", "没有"),
        ("2031-1-1", "晚于"),
        (datetime.combine(date(2040, 1, 1), time()), "晚于"),
        ("1848-3-5", "早于"),
        ("15.3.5", "1915 年还是 2015 年"),
        ("150305", "1915 年还是 2015 年"),
        ("200305", "年月还是年月日"),
        (200305, "年月还是年月日"),
        ("3/5/1948", "分不清月和日"),
        ("29305", "日期序号"),
        (1948.1, "1 月还是 10 月"),
        ("3月5日", "没有年份"),
        ("12.25", "没有年份"),
        ("8.3.5", "不是日期"),
        ("农历三月初五", "公历"),
        ("民国37年", "公历"),
        ("春天", "不是日期"),
        ("1948.3.5-1950.1.1", "不是日期"),
        (60, "不是日期"),
        (99999, "不是日期"),
        (-5, "不是日期"),
        (True, "却是别的内容"),
        (time(3, 4), "却是别的内容"),
        (timedelta(days=2), "却是别的内容"),
        ("#VALUE!", "公式出错"),
    ],
    ids=repr,
)
def test_what_is_impossible_or_ambiguous_is_refused_and_named(cell, says):
    found = parse(cell, BIRTH)
    assert found.value is None
    assert says in found.problem


def test_year_last_dates_with_one_reading_are_read():
    assert parse("3/25/1948", BIRTH).value == date(1948, 3, 25)
    assert parse("25/3/1948", BIRTH).value == date(1948, 3, 25)
    assert parse("5/5/1948", BIRTH).value == date(1948, 5, 5)


@pytest.mark.parametrize(
    ("cell", "hint", "value"),
    [
        ("15.3.5", date(1915, 3, 5), date(1915, 3, 5)),
        ("15.3.5", date(2015, 7, 1), date(2015, 3, 5)),
        ("150305", date(2014, 1, 1), date(2015, 3, 5)),
        ("200305", date(2020, 3, 5), date(2020, 3, 5)),
        ("200305", date(2003, 5, 9), date(2003, 5, 1)),
        ("15.3.5", date(1950, 1, 1), None),
    ],
)
def test_what_is_known_of_the_person_settles_the_century(cell, hint, value):
    assert parse(cell, BIRTH._replace(hint=hint)).value == value


def test_two_digit_years_say_how_they_were_read():
    assert "1948" in parse("48.3.5", BIRTH).notes[0]


def test_a_serial_number_says_what_it_was_read_as():
    assert "1948-03-05" in parse(17597, BIRTH).notes[0]


@given(births)
def test_serial_numbers_count_days_as_excel_does(day):
    serial = (day - EPOCH_1900).days
    if serial > 60 and not 1850 <= serial <= 2150:
        assert parse(serial, BIRTH).value == day
    mac = (day - date(1904, 1, 1)).days
    if mac > 2150:
        assert parse(mac, BIRTH._replace(epoch_1904=True)).value == day


def test_the_first_serials_reckon_with_the_day_that_never_was():
    old = Bounds()
    assert parse(1, old).value == date(1900, 1, 1)
    assert parse(59, old).value == date(1900, 2, 28)
    assert parse(61, old).value == date(1900, 3, 1)


@given(
    births,
    st.sampled_from(
        ["{0.year}.{0.month}.{0.day}", "{0:%Y%m%d}", "{0:%Y-%m-%d}", "{0.year}年{0.month}月{0.day}日", "{0:%Y/%m/%d}"]
    ),
)
def test_every_writing_of_a_day_reads_as_that_day(day, form):
    written = form.format(day)
    assert parse(written, BIRTH).value == day
    assert parse(full_width(written), BIRTH).value == day


@pytest.mark.parametrize("cell", [None, "", "无", "—", "不详", "/"])
def test_nothing_stated_is_blank(cell):
    assert parse(cell, BIRTH).blank


@given(cells)
def test_no_cell_breaks_the_parser_and_no_birth_lies_ahead(cell):
    found = parse(cell, BIRTH)
    assert found.value is None or (found.problem is None and found.value <= TODAY and found.value.year >= 1901)


@pytest.mark.parametrize("cell", FIXED, ids=range(len(FIXED)))
def test_known_breakers_do_not_break_it(cell):
    assert parse(cell, BIRTH).value is None
    parse(cell)
