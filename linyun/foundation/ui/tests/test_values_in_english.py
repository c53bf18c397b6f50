"""Why a value is refused is said in English to who reads English, with every place filled in."""

import re
from datetime import date

import pytest
from django.utils.translation import override

from linyun.kernel.catalogue import catalogue
from linyun.kernel.values import addresses, codes, dates, identity, names, numbers, phones, uscc

HAN = re.compile(r"[\u4e00-\u9fff]")
TODAY = date(2026, 11, 23)


def said(read, cell, language="en") -> str:
    with override(language):
        found = read(cell)
    return "；".join(filter(None, (found.problem, *found.notes)))


CASES = [
    (names.parse, "张三 李四", "two people"),
    (names.parse, "张", "one character only"),
    (names.parse, "张三(户主)", "Beside the name"),
    (identity.parse, "31011019490305001", "17 characters instead of 18"),
    (identity.parse, "310110194902300019", "“19490230”"),
    (identity.parse, 3.1e17, "lost its last digits"),
    (phones.parse, "1381234567", "“1381234567” has 10 digits"),
    (phones.parse, "13812345678 12345", "the other numbers in the cell were taken"),
    (dates.parse, "3/5/1948", "“3/5/1948”"),
    (dates.parse, "1948-02-30", "no day 1948-2-30"),
    (dates.parse, "48年3月", "may be"),
    (numbers.integer, 3.5, "but is 3.5"),
    (lambda c: numbers.decimal(c, 0, 100), 250, "between 0 and 100"),
    (lambda c: numbers.decimal(c, 1), 0, "below 1"),
    (addresses.parse, "号" * 200, "(200 characters)"),
    (codes.boolean, "也许", "yes or no"),
    (uscc.parse, "91310", "18 characters; this has 5"),
]


@pytest.mark.parametrize(("read", "cell", "part"), CASES)
def test_a_value_is_refused_in_english(read, cell, part):
    english, chinese = said(read, cell), said(read, cell, "zh-hans")
    assert part in english
    assert not re.search(r"[{}]", english)
    assert not HAN.search(re.sub(r"“[^”]*”", "", english))
    assert HAN.search(chinese)


def test_the_choices_of_a_code_set_are_named_in_english():
    matcher = codes.matcher(catalogue.code_sets["marital_status"])
    assert "“Marital status”" in said(matcher.match, "不知所云的话")
    assert "“Widowed”" in said(matcher.match, "丧偶了呀")
