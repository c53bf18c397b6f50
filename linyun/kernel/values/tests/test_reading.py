from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linyun.kernel.declare import Code, CodeSet, Item, Kind, Level, Subject
from linyun.kernel.values import identity
from linyun.kernel.values.reading import VALIDATORS, Circumstances, parse
from linyun.kernel.values.tests.disguises import FIXED, TODAY, cells
from linyun.kernel.values.text import FailedCell, clean, excel_error, text_of, tidy

HERE = Circumstances(today=TODAY)
SEX = CodeSet("sex", "性别", "GB/T 2261.1-2003", (Code("1", "男"), Code("2", "女")))


def item(code, kind, **more):
    more.setdefault("code_set", "sex" if kind in (Kind.CODE, Kind.CODES) else "")
    return Item(code, Subject.PERSON, code, kind, "community", Level.PERSONAL, "走访", "条例", **more)


NUMBER = identity.make("310110", date(1948, 3, 5), 991)


@pytest.mark.parametrize(
    ("made", "cell", "value"),
    [
        (item("note", Kind.TEXT), "  第一行\r\n第二行，好。 ", "第一行\n第二行，好。"),
        (item("note", Kind.TEXT), "无", "无"),
        (item("note", Kind.TEXT), 302.0, "302"),
        (item("name", Kind.TEXT), "张 三（户主）", "张三"),
        (item("alias", Kind.TEXT, validator="name"), "张 三", "张三"),
        (item("years", Kind.INTEGER, low=0, high=120), "78岁", 78),
        (item("space", Kind.DECIMAL), "94.56㎡", Decimal("94.56")),
        (item("birth_date", Kind.DATE), "480305", date(1948, 3, 5)),
        (item("due", Kind.DATE), "2030-01-01", date(2030, 1, 1)),
        (item("alone", Kind.BOOLEAN), "√", True),
        (item("sex", Kind.CODE), "女", "2"),
        (item("roles", Kind.CODES), "男、女", ("1", "2")),
        (item("roles", Kind.CODES), "", None),
        (item("identity_number", Kind.IDENTITY, names=("身份证号",)), NUMBER[:6] + " " + NUMBER[6:], NUMBER),
        (item("phone", Kind.PHONE), "19900123456/65980000", "19900123456; 65980000"),
        (item("area", Kind.AREA), "310110009016", "310110009016"),
        (item("area", Kind.AREA), 310110009016.0, "310110009016"),
        (item("code", Kind.TEXT, validator="uscc"), "91350100m000100y43", "91350100M000100Y43"),
        (item("post", Kind.TEXT, validator="postcode"), 200092.0, "200092"),
        (item("built", Kind.INTEGER, validator="year"), "1985年", 1985),
        (item("mail", Kind.TEXT, validator="email"), "li@example.cn", "li@example.cn"),
        (item("car", Kind.TEXT, validator="plate"), "沪a·12345", "沪A12345"),
        (item("place", Kind.TEXT, validator="address"), "上海市杨浦区公交新村12-302", "上海市杨浦区公交新村12号302室"),
    ],
)
def test_each_kind_reads_its_cell(made, cell, value):
    found = parse(made, cell, SEX if made.code_set else None, HERE)
    assert (found.value, found.problem) == (value, None)


@pytest.mark.parametrize(
    ("made", "cell", "says"),
    [
        (item("birth_date", Kind.DATE), "2031-01-01", "晚于"),
        (item("since", Kind.DATE, validator="past"), "2031-01-01", "晚于"),
        (item("years", Kind.INTEGER, low=0, high=120), "200", "0 到 120"),
        (item("area", Kind.AREA), "31011", "行政区划"),
        (item("post", Kind.TEXT, validator="postcode"), "2000", "邮政编码"),
        (item("mail", Kind.TEXT, validator="email"), "li.example", "电子邮箱"),
        (item("car", Kind.TEXT, validator="plate"), "12345", "车牌"),
        (item("built", Kind.INTEGER, validator="year"), "85", "1850"),
        (item("note", Kind.TEXT), "#REF!", "公式出错"),
        (item("note", Kind.TEXT), "长" * 3000, "太长"),
        (item("note", Kind.TEXT), FailedCell("=A1", "公式没有结果"), "公式没有结果"),
    ],
)
def test_each_kind_refuses_with_a_sentence(made, cell, says):
    found = parse(made, cell, None, HERE)
    assert found.value is None and says in found.problem


def test_a_coded_item_without_its_set_is_the_callers_error():
    with pytest.raises(ValueError, match="code set"):
        parse(item("sex", Kind.CODE), "男")


def test_the_persons_birth_by_another_source_settles_a_century():
    hinted = HERE._replace(hint=date(2015, 6, 1))
    assert parse(item("birth_date", Kind.DATE), "15.3.5", None, hinted).value == date(2015, 3, 5)


def test_a_passport_is_read_when_the_document_says_so():
    passport = HERE._replace(document="护照")
    number = item("identity_number", Kind.IDENTITY, names=("身份证号",))
    assert parse(number, "e12345678", None, passport).value == "E12345678"
    assert parse(number, "e12345678", None, HERE).value is None


def test_the_number_of_a_permit_is_no_citizens_number():
    permit = item("permit_number", Kind.IDENTITY, names=("居住证号",))
    assert parse(permit, "b1234 5678", None, HERE).value == "B12345678"
    assert "permit_number" in parse(permit, "沪B123", None, HERE).problem


KINDS = [item("a_" + kind, kind) for kind in Kind] + [item("v_" + v, Kind.TEXT, validator=v) for v in VALIDATORS]


@given(st.sampled_from(KINDS), cells)
def test_no_cell_breaks_any_kind(made, cell):
    found = parse(made, cell, SEX, HERE)
    assert found.problem is None or found.problem.strip()


@pytest.mark.parametrize("cell", FIXED, ids=range(len(FIXED)))
def test_known_breakers_break_no_kind(cell):
    for made in KINDS:
        parse(made, cell, SEX, HERE)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (302.0, "302"),
        (1.5, "1.5"),
        (3.10110194803e17, "3.10110194803E+17"),
        (None, ""),
        (True, "TRUE"),
        (date(2026, 3, 5), "2026-03-05"),
        (float("nan"), ""),
        (10**400, "(数字过大)"),
    ],
)
def test_cells_are_shown_as_excel_shows_them(cell, text):
    assert text_of(cell) == text


def test_cleaning_narrows_and_tidying_does_not():
    assert clean("ＡＢ（１）\u3000\u200bｘ\n") == "AB(1) x"
    assert clean('="0012"') == "0012"
    assert tidy("你好（一）\u200b，\r\n再见\u3000") == "你好（一），\n再见"


def test_only_failed_formulas_are_errors():
    assert excel_error("#N/A") and not excel_error("#1楼") and not excel_error(3.0)
