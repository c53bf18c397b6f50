"""Numbers, dates and phones as hostile files write them: a wrong value is worse than a refusal."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linyun.kernel.values import dates, numbers, numerals, phones
from linyun.kernel.values.tests.disguises import TODAY, births, full_width

BIRTH = dates.Bounds(latest=TODAY, earliest=date(1901, 11, 1))

# Numbers


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("3千", 3000),
        ("2百", 200),
        ("5百元", 500),
        ("1.5千元", 1500),
        ("3.5万元", 35_000),
        ("2百万", 2_000_000),
        ("3千万元", 30_000_000),
        ("1.2亿", 120_000_000),
        ("60千克", 60),
        ("5千米", 5),
        ("3千瓦", 3),
        ("一万", 10_000),
        ("10人以上", 10),
        ("100㎡左右", 100),
    ],
)
def test_a_power_behind_a_number_counts_and_a_unit_that_begins_like_one_does_not(cell: str, value: int) -> None:
    assert numbers.decimal(cell).value == value
    assert numbers.integer(full_width(cell)).value == value


@pytest.mark.parametrize("cell", ["3个半", "三个半", "1半", "10岁半", "3年半"])
def test_a_half_is_never_dropped(cell: str) -> None:
    found = numbers.decimal(cell)
    assert found.value is None
    assert "3.5" in str(found.problem)


@pytest.mark.parametrize(
    "cell", ["3人5户", "3-5", "3~5", "3/4", "1,23", "12,34,567", "3 000", "0.5.5", "1e3", "0x10", "1_000", "三点五"]
)
def test_two_numbers_or_a_broken_one_are_refused(cell: str) -> None:
    found = numbers.decimal(cell)
    assert found.value is None
    assert found.problem


@settings(max_examples=60, deadline=None)
@given(st.decimals(0, 10**9, places=2), st.sampled_from(["", "元", "㎡", " 平方米", "人"]))
def test_a_number_with_commas_and_unit_is_itself(value: Decimal, unit: str) -> None:
    assert numbers.decimal(f"{value:,}{unit}").value == value
    assert numbers.decimal(full_width(f"{value}") + unit).value == value


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 9999))
def test_a_number_spelled_in_characters_is_itself(value: int) -> None:
    assert numerals.value_of(spelled(value)) == value
    assert numbers.integer(spelled(value) + "人").value == value


def spelled(value: int) -> str:
    """A number up to 9999 as people say it: 二千零五, 十二."""
    if value == 0:
        return "零"
    said, gap = "", False
    for power, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // power % 10
        if digit:
            said += ("零" if gap and said else "") + "零一二三四五六七八九"[digit] + sign
        gap = not digit
    return said.removeprefix("一") if 10 <= value < 20 else said


@pytest.mark.parametrize("text", ["十百", "百千", "一一十", "三十四五", "", "十" * 30, "人"])
def test_runs_that_say_no_number_say_none(text: str) -> None:
    assert numerals.value_of(text) is None


# Dates


@pytest.mark.parametrize(
    "tail",
    ["星期一", "（周一）", "(星期一)", "礼拜天", "上午", " 下午", " 上午 9:30", "生人", "出生", " 08:00:00", "。"],
)
def test_a_weekday_or_hour_behind_a_day_is_no_harm(tail: str) -> None:
    assert dates.parse(f"1948年3月5日{tail}", BIRTH).value == date(1948, 3, 5)


@pytest.mark.parametrize("sign", ["'", "‘", '"', "`"])
def test_the_sign_by_which_excel_keeps_text_is_no_part_of_a_date(sign: str) -> None:
    assert dates.parse(f"{sign}1948-03-05", BIRTH).value == date(1948, 3, 5)
    assert dates.parse(f"{sign}19480305", BIRTH).value == date(1948, 3, 5)


@pytest.mark.parametrize(
    "cell", ["三十七年三月五日", "十二年", "民国三十七年", "二十年五月", "农历1948年三月", "1948年腊月"]
)
def test_years_of_another_calendar_are_asked_for_and_not_guessed(cell: str) -> None:
    found = dates.parse(cell, BIRTH)
    assert found.value is None
    assert "公历" in str(found.problem)


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("194813", "没有 1948-13"),
        ("194800", "没有 1948-0"),
        ("1948-1950", "不是日期"),
        ("1948-13", "没有 1948-13"),
        ("1948.0.0", "没有 1948-0-0"),
        ("2026-02-29", "没有 2026-2-29"),
        ("1900-02-29", "没有 1900-2-29"),
        ("2026-11-24", "晚于 2026-11-23"),
        ("5-Mar-48", "不是日期"),
        ("1948年底", "不是日期"),
        ("今天", "不是日期"),
        ("1948年3月5日、1950年1月1日", "不是日期"),
    ],
)
def test_the_sentence_names_the_day_that_was_written(cell: str, says: str) -> None:
    found = dates.parse(cell, BIRTH)
    assert found.value is None
    assert says in str(found.problem)


@settings(max_examples=60, deadline=None)
@given(births)
def test_a_day_in_chinese_numerals_is_that_day(day: date) -> None:
    digits = str.maketrans("0123456789", "〇一二三四五六七八九")
    year = str(day.year).translate(digits)
    assert dates.parse(f"{year}年{spelled(day.month)}月{spelled(day.day)}日", BIRTH).value == day
    assert dates.parse(f"{year}年{spelled(day.month)}月", BIRTH).value == day.replace(day=1)


@settings(max_examples=60, deadline=None)
@given(births)
def test_what_is_shown_of_a_date_is_read_back_with_its_precision(day: date) -> None:
    for precision in dates.Precision:
        coarse = {"day": day, "month": day.replace(day=1), "year": day.replace(month=1, day=1)}[precision]
        if coarse.year < 1901 or coarse < date(1901, 11, 1):
            continue
        found = dates.parse(dates.iso(coarse, precision), BIRTH)
        assert (found.value, found.extra["precision"]) == (coarse, precision)


@settings(max_examples=40, deadline=None)
@given(births.filter(lambda d: d > date(1910, 1, 1)))
def test_the_two_epochs_of_excel_lie_four_years_and_a_day_apart(day: date) -> None:
    serial = (day - dates.EPOCH_1904).days
    mac = dates.parse(float(serial) + 0.25, dates.Bounds(epoch_1904=True)).value
    windows = dates.parse(float(serial + 1462) + 0.25, dates.Bounds()).value
    assert mac == windows == day


# Phones


@pytest.mark.parametrize(
    "cell",
    ["+852 61234567", "00852-61234567", "+1 212 555 1234", "+81-90-1234-5678", "+44 20 7946 0958", "（+852）61234567"],
)
def test_a_number_abroad_never_becomes_one_of_the_city(cell: str) -> None:
    found = phones.parse(cell)
    assert found.value is None
    assert "境外" in str(found.problem)


def test_a_number_at_home_beside_one_abroad_is_kept() -> None:
    found = phones.parse("19900123456/+852 61234567")
    assert found.value == ("19900123456",)
    assert "境外" in str(found.problem)
    assert "已收下" in str(found.problem)


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("+86 199 0012 3456", "19900123456"),
        ("0086-19900123456", "19900123456"),
        ("+86-021-65980000", "021-65980000"),
        ("0086-21-65980000", "021-65980000"),
        ("199-0010-0000", "19900100000"),
        ("199 0085 2612", "19900852612"),
        ("6598-0000", "65980000"),
        ("021 6598 0000 转 801", "021-65980000-801"),
        ("65980000#12", "65980000-12"),
    ],
)
def test_zeros_in_the_middle_are_no_sign_of_abroad(cell: str, number: str) -> None:
    found = phones.parse(cell)
    assert (found.value, found.problem) == ((number,), None)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.integers(0, 99_999).map(lambda n: f"199000{n:05d}"), min_size=1, max_size=4, unique=True),
    st.sampled_from(["/", "、", "；", " ", "\n", "，"]),
)
def test_all_numbers_of_a_cell_are_kept_in_order_and_read_back(several: list[str], sign: str) -> None:
    found = phones.parse(sign.join(several)).value
    assert found == tuple(several)
    assert phones.parse(phones.JOIN.join(found)).value == found


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 99_999_999).map(lambda n: f"6{n:08d}"[:8]), st.integers(1, 99_999))
def test_a_masked_landline_shows_neither_the_number_nor_the_extension(local: str, extension: int) -> None:
    shown = phones.mask(f"021-{local}-{extension}")
    assert local not in shown
    assert shown == f"021-****{local[-4:]}"
    assert phones.mask(local) == f"****{local[-4:]}"


@pytest.mark.parametrize(
    "text",
    ["编号1990012345", "310110194803059990", "卡号6222021990012345678", "19900123456789", "2026年11月", "A19900123456"],
)
def test_digits_of_other_things_are_not_found_as_phones(text: str) -> None:
    assert phones.find_in(text) == ()
