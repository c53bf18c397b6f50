from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linyun.kernel.values import numbers, numerals, uscc
from linyun.kernel.values.tests.disguises import FIXED, cells, full_width


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("12", "12"), (12, "12"), (12.0, "12.0"), ("94.56㎡", "94.56"), ("94.56 平方米", "94.56"), ("1,234", "1234"),
        ("1,234,567.5", "1234567.5"), ("约30人", "30"), ("三", "3"), ("三十二户", "32"), ("２.５元/㎡/月", "2.5"),
        ("-3", "-3"), ("1.2万元", "12000.0"), ("￥100", "100"), ("第3", "3"),
    ],
)  # fmt: skip
def test_numbers_with_units_and_signs(cell, value):
    assert numbers.decimal(cell).value == Decimal(value)


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("2-3", "只有一个数字"),
        ("2~3", "只有一个数字"),
        ("3、4", "只有一个数字"),
        ("很多", "应是数字"),
        (True, "却是日期"),
        (date(2026, 1, 1), "却是日期"),
        (float("nan"), "太大"),
        ("#DIV/0!", "公式出错"),
    ],
)
def test_what_is_no_single_number_is_refused(cell, says):
    found = numbers.decimal(cell)
    assert found.value is None and says in found.problem


def test_an_estimate_is_taken_and_noted():
    assert "约30人" in numbers.decimal("约30人").notes[0]


def test_bounds_are_inclusive_and_named():
    assert numbers.integer("5", 0, 5).value == 5
    assert "0 到 5 之间" in numbers.integer("6", 0, 5).problem
    assert "不应小于 1" in numbers.integer("0", 1).problem
    assert "不应大于 9" in numbers.integer("10", None, 9).problem


def test_a_fraction_is_no_whole_number():
    assert numbers.integer(3.0).value == 3
    assert "3.5" in numbers.integer(3.5).problem


@pytest.mark.parametrize("cell", [None, "", "—", "无"])
def test_nothing_stated_is_blank(cell):
    assert numbers.decimal(cell).blank and numbers.integer(cell).blank


@given(cells)
def test_no_cell_breaks_the_parsers(cell):
    found = numbers.decimal(cell, 0, 100)
    assert found.value is None or 0 <= found.value <= 100
    numbers.integer(cell)


@pytest.mark.parametrize("cell", FIXED, ids=range(len(FIXED)))
def test_known_breakers_do_not_break_them(cell):
    numbers.decimal(cell)
    numbers.integer(cell)
    assert uscc.parse(cell).value is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("三六三", 363),
        ("十", 10),
        ("十二", 12),
        ("三十二", 32),
        ("一百二十", 120),
        ("二千五百", 2500),
        ("二〇〇八", 2008),
        ("两百零五", 205),
        ("廿一", 21),
        ("卅", 30),
        ("百", 100),
        ("十百", None),
        ("三四十", None),
        ("", None),
        ("人", None),
    ],
)
def test_chinese_numerals(text, value):
    assert numerals.value_of(text) == value


@given(st.integers(1, 9999))
def test_positional_numerals_read_digit_by_digit(number):
    written = "".join("〇一二三四五六七八九"[int(d)] for d in str(number))
    assert numerals.value_of(written) == number
    assert numerals.arabic(f"第{written}号") == f"第{number}号"


bodies = st.text(uscc.ALPHABET, min_size=17, max_size=17)


def test_a_published_code_has_its_check_character():
    # the example of GB 32100-2015, table B.1: Department of finance
    assert uscc.check_character("91350100M000100Y4") == "3"


@given(
    bodies, st.sampled_from([str, str.lower, full_width, lambda c: f"{c[:8]}-{c[8:]}", lambda c: f" {c[:2]} {c[2:]}"])
)
def test_a_valid_credit_code_in_disguise_reads_as_itself(body, disguise):
    code = body + uscc.check_character(body)
    assert uscc.parse(disguise(code)).value == code


@given(bodies, st.integers(0, 16))
def test_one_wrong_character_never_passes(body, at):
    code = body + uscc.check_character(body)
    other = uscc.ALPHABET[(uscc.ALPHABET.index(code[at]) + 7) % 31]
    assert uscc.parse(code[:at] + other + code[at + 1 :]).value is None


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("310110000123456", "工商注册号"),
        ("91350100M000100Y", "16 位"),
        ("91350100M000100YI3", "不该有的字"),
        ("91350100M000100Y44", "校验码"),
        (9.1e17, "丢失了末几位"),
        ("#N/A", "公式出错"),
    ],
)
def test_a_wrong_credit_code_is_refused_and_named(cell, says):
    found = uscc.parse(cell)
    assert found.value is None and says in found.problem


def test_a_blank_credit_code_is_blank():
    assert uscc.parse("无").blank and uscc.parse(None).blank
