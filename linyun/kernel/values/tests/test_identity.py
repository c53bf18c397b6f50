from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linyun.kernel.values import identity
from linyun.kernel.values.parsed import BLANK
from linyun.kernel.values.tests.disguises import FIXED, TODAY, births, cells, citizens, full_width
from linyun.kernel.values.text import FailedCell

WANG = identity.make("310110", date(1948, 3, 5), 991)
ENDS_IN_X = next(n for day in range(1, 29) if (n := identity.make("310110", date(1950, 1, day), 996)).endswith("X"))

DISGUISES = [
    lambda n: n,
    lambda n: n.lower(),
    lambda n: "'" + n,
    lambda n: "‘" + n + "’",
    lambda n: f"{n[:6]} {n[6:14]} {n[14:]}",
    lambda n: f"{n[:6]}-{n[6:14]}-{n[14:]}",
    lambda n: f"{n[:6]}—{n[6:]}",
    full_width,
    lambda n: f"\u3000{n}\u00a0",
    lambda n: f"{n[:3]}\u200b{n[3:]}\ufeff",
    lambda n: f"\t{n}\n",
    lambda n: f'="{n}"',
    lambda n: f"身份证号：{n}",
    lambda n: n + "。",
]


def test_the_check_character_follows_the_standards_example():
    # GB 11643-1999, 4.4 gives 11010519491231002X for the first seventeen digits
    assert identity.check_digit("11010519491231002") == "X"
    assert identity.check_digit("44052418800101001") == "4"


@given(citizens, st.sampled_from(DISGUISES))
def test_a_valid_number_in_any_accepted_disguise_reads_as_itself(number, disguise):
    assert identity.parse(disguise(number), today=TODAY).value == number


@given(citizens)
def test_a_number_says_its_birth_date_and_sex(number):
    assert f"{identity.birth_date(number):%Y%m%d}" == number[6:14]
    assert identity.sex(number) == ("1" if int(number[14:17]) % 2 else "2")


@given(citizens, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_never_passes(number, at, by):
    wrong = number[:at] + str((int(number[at]) + by) % 10) + number[at + 1 :]
    found = identity.parse(wrong, today=TODAY)
    assert found.value is None and found.problem


@given(citizens, st.integers(0, 15))
def test_two_neighbours_swapped_never_pass(number, at):
    swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    if swapped != number:
        assert identity.parse(swapped, today=TODAY).value is None


@given(births.filter(lambda d: d.year < 2000), st.integers(0, 999))
def test_fifteen_digits_are_raised_to_eighteen_and_said_so(born, sequence):
    new = identity.make("310110", born, sequence)
    found = identity.parse(new[:6] + new[8:17], today=TODAY)
    assert found.value == new
    assert "15 位" in found.notes[0]


def test_fifteen_digits_in_a_numeric_cell_are_still_whole():
    found = identity.parse(310110480305991.0, today=TODAY)
    assert found.value == WANG


@given(citizens)
def test_a_number_stored_by_excel_as_a_number_is_refused_and_never_guessed(number):
    digits = number[:17] + "0"
    for cell in (float(digits), float(digits) // 1000 * 1000, int(digits) // 1000 * 1000):
        found = identity.parse(cell, today=TODAY)
        assert found.value is None
        assert "丢失了末几位" in found.problem


@pytest.mark.parametrize(
    "cell",
    ["3.10110194803E+17", "3.10110194803e+17", "3.1E17", "310110194803059990.0", 3.10110194803e17, 31011019480305999.0],
)
def test_scientific_notation_is_lost_digits(cell):
    found = identity.parse(cell, today=TODAY)
    assert found.value is None
    assert "丢失了末几位" in found.problem and "文本" in found.problem


def test_digits_that_end_in_three_zeros_with_a_wrong_check_are_said_to_be_lost():
    found = identity.parse("310110194803059000", today=TODAY)
    assert found.value is None and "丢失了末几位" in found.problem


def test_a_whole_number_from_an_api_is_exact():
    number = identity.make("310110", date(1948, 3, 5), 993)
    assert number.isdigit() and not number.endswith("000")
    assert identity.parse(int(number), today=TODAY).value == number


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        (WANG[:-1], "17 位"),
        (WANG + "1", "19 位"),
        (WANG[:10], "10 位"),
        (WANG + WANG, "两个身份证号码"),
        (f"{WANG} {WANG}", "两个身份证号码"),
        (WANG[:6] + "********" + WANG[14:], "星号"),
        (WANG[:17] + "*", "星号"),
        (WANG[:10] + "0230" + WANG[14:], "不是一个日子"),
        (WANG[:6] + "20310101" + WANG[14:], "不可能"),
        (WANG[:6] + "18480305" + WANG[14:], "不可能"),
        ("E12345678", "证件类型"),
        ("身份证丢了", "不该有的字"),
        ("310110480231991", "不是一个日子"),
        (True, "证件号码"),
        (date(1948, 3, 5), "证件号码"),
        (1.5, "小数"),
        (FailedCell("=A1", "公式没有结果"), "公式没有结果"),
        ("#N/A", "公式出错"),
    ],
)
def test_what_is_no_number_is_refused_with_a_sentence_that_says_why(cell, says):
    found = identity.parse(cell, today=TODAY)
    assert found.value is None
    assert says in found.problem


def test_the_sentence_of_a_wrong_number_does_not_repeat_it():
    wrong = WANG[:-1] + ("1" if WANG[-1] != "1" else "2")
    assert WANG[:-1] not in identity.parse(wrong, today=TODAY).problem


def test_a_multiplication_sign_at_the_end_is_an_x_when_the_check_agrees():
    found = identity.parse(ENDS_IN_X[:17] + "×", today=TODAY)
    assert found.value == ENDS_IN_X and found.notes


@pytest.mark.parametrize("cell", [None, "", " ", "无", "不详", "—", "/", "'"])
def test_what_says_nothing_is_blank(cell):
    assert identity.parse(cell, today=TODAY) == BLANK


@pytest.mark.parametrize(
    ("document", "cell", "value"),
    [
        ("护照", "E1234 5678", "E12345678"),
        ("414", "e12345678", "E12345678"),
        ("港澳居民来往内地通行证", "H0012345601", "H0012345601"),
        ("外国人永久居留身份证", "USA310190010101", "USA310190010101"),
        ("军官证", "军字第1234567号", None),
        ("护照", 12345678.0, "12345678"),
    ],
)
def test_other_documents_are_taken_as_text_when_their_type_is_stated(document, cell, value):
    found = identity.parse(cell, today=TODAY, document=document)
    assert found.value == value
    assert bool(found.problem) == (value is None)


@pytest.mark.parametrize("document", ["居民身份证", "身份证", "111", "户口簿", "", "港澳台居民居住证", "1"])
def test_documents_that_bear_a_citizens_number_are_checked_as_such(document):
    assert identity.is_citizen_document(document)
    assert identity.parse("E12345678", today=TODAY, document=document).value is None


@pytest.mark.parametrize(
    ("number", "shown"),
    [(WANG, "310***********" + WANG[-4:]), ("E12345678", "E*****678"), ("1234", "***4"), ("", "")],
)
def test_a_masked_number_hides_the_birth_date_and_most_of_a_short_one(number, shown):
    assert identity.mask(number) == shown


@given(citizens)
def test_the_mask_keeps_length_and_hides_the_birth_date(number):
    shown = identity.mask(number)
    assert len(shown) == 18 and shown[3:14] == "*" * 11


def test_birth_and_sex_of_another_document_are_not_known():
    assert identity.birth_date("E12345678") is None
    assert identity.sex("E12345678") is None
    assert identity.birth_date("310110194802309991") is None


@given(cells, st.sampled_from(["", "护照", "居民身份证"]))
def test_no_cell_breaks_the_parser(cell, document):
    found = identity.parse(cell, today=TODAY, document=document)
    assert found.value is None or found.problem is None
    if found.value and not document:
        assert identity.check_digit(found.value[:17]) == found.value[17]


@pytest.mark.parametrize("cell", FIXED, ids=range(len(FIXED)))
def test_known_breakers_do_not_break_it(cell):
    assert identity.parse(cell, today=TODAY).value is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("证件310110194903059986。", "证件310***********9986。"),
        ("31011019490305998x", "310***********998x"),
        ("电话 19900111111，编号 12345678901234", "电话 19900111111，编号 12345678901234"),
    ],
)
def test_a_number_within_other_words_is_masked_and_no_shorter_one(text, shown):
    assert identity.mask_within(text) == shown


@pytest.mark.parametrize("between", ["/", "、", ",", "；", " ", "和"])
def test_two_numbers_in_a_cell_are_told_as_two_whatever_stands_between(between):
    found = identity.parse(f"310110194903059986{between}310110197506019968")
    assert found.value is None and "一人一行" in (found.problem or "")
