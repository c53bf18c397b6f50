import pytest
from hypothesis import given

from linyun.kernel.declare import Code, CodeSet
from linyun.kernel.values.codes import boolean, known_share, matcher, split_code_name
from linyun.kernel.values.tests.disguises import FIXED, cells

MARITAL = CodeSet(
    "marital_status", "婚姻状况", "GB/T 2261.2-2003",
    (Code("10", "未婚", ("单身",)), Code("20", "已婚", ("有配偶", "结婚")), Code("30", "丧偶"),
     Code("40", "离婚", ("离异",))),
)  # fmt: skip
NATION = CodeSet(
    "ethnicity", "民族", "GB/T 3304-1991", (Code("01", "汉族", ("汉",)), Code("03", "回族"), Code("05", "维吾尔族"))
)
STATIONS = CodeSet(
    "station",
    "派出所",
    "自定",
    (
        Code("430102450000", "长沙市公安局芙蓉分局韭菜园派出所"),
        Code("430102460000", "长沙市公安局芙蓉分局文艺路派出所"),
    ),
)


@pytest.mark.parametrize(
    ("code_set", "cell", "code"),
    [
        (MARITAL, "丧偶", "30"),
        (MARITAL, " 丧 偶 ", "30"),
        (MARITAL, "离异", "40"),
        (MARITAL, "30", "30"),
        (MARITAL, 30.0, "30"),
        (MARITAL, "30-丧偶", "30"),
        (MARITAL, "30 丧偶", "30"),
        (MARITAL, "已婚(再婚)", "20"),
        (MARITAL, "３０", "30"),
        (NATION, "汉", "01"),
        (NATION, 1.0, "01"),
        (NATION, "1", "01"),
        (NATION, "回", "03"),
        (NATION, "维吾尔", "05"),
        (STATIONS, "430102450000-长沙市公安局芙蓉分局韭菜园派出所", "430102450000"),
        (STATIONS, "430102450000—长沙市公安局芙蓉分局韭菜园派出所", "430102450000"),
        (STATIONS, 430102460000.0, "430102460000"),
    ],
)
def test_words_numbers_and_lookup_cells_are_their_code(code_set, cell, code):
    found = matcher(code_set).match(cell)
    assert found.value == code
    assert found.extra["name"] == code_set.name_of(code)


def test_an_unknown_word_is_refused_with_the_nearest_name():
    problem = matcher(MARITAL).match("丧遇").problem
    assert "丧遇" in problem and "婚姻状况" in problem and "丧偶" in problem


def test_a_word_like_none_is_refused_with_the_choices():
    assert "未婚、已婚" in matcher(MARITAL).match("ABCXYZ").problem


@pytest.mark.parametrize("cell", ["430102450000-长沙市公安局芙蓉分局文艺路派出所", "30-离婚"])
def test_a_code_and_a_name_that_contradict_each_other_are_refused(cell):
    assert matcher(STATIONS if "公安" in cell else MARITAL).match(cell).value is None


@pytest.mark.parametrize("cell", [None, "", "—", "/"])
def test_nothing_stated_is_blank(cell):
    assert matcher(MARITAL).match(cell).blank
    assert boolean(cell).blank


def test_several_codes_in_a_cell_and_the_unknown_one_among_them():
    several = matcher(MARITAL)
    assert several.match_all("未婚、丧偶;未婚").value == ("10", "30")
    partly = several.match_all("未婚、火星")
    assert partly.value == ("10",) and "火星" in partly.problem
    assert several.match_all("").blank


@pytest.mark.parametrize("cell", ["是", "有", "√", "Y", "yes", "TRUE", 1, 1.0, "1", True, "已", "Ｙ"])
def test_the_ways_to_say_yes(cell):
    assert boolean(cell).value is True


@pytest.mark.parametrize("cell", ["否", "无", "×", "N", "no", "FALSE", 0, 0.0, "0", False, "没有", "未"])
def test_the_ways_to_say_no(cell):
    assert boolean(cell).value is False


def test_neither_yes_nor_no_is_refused():
    assert "“是”或“否”" in boolean("也许").problem
    assert boolean("#REF!").problem


def test_lookup_cells_are_split_and_plain_words_are_not():
    assert split_code_name("430102450000-长沙市公安局") == ("430102450000", "长沙市公安局")
    assert split_code_name("长沙市公安局") is None
    assert split_code_name("A-B") is None


def test_the_share_of_known_words_tells_a_coded_column():
    assert known_share(MARITAL, ["未婚", "已婚", "", None, "火星"]) == pytest.approx(2 / 3)
    assert known_share(MARITAL, ["", None]) == 0.0


@given(cells)
def test_no_cell_breaks_the_matcher(cell):
    found = matcher(MARITAL).match(cell)
    assert found.value is None or found.value in {"10", "20", "30", "40"}
    matcher(MARITAL).match_all(cell)
    boolean(cell)


@pytest.mark.parametrize("cell", FIXED, ids=range(len(FIXED)))
def test_known_breakers_do_not_break_it(cell):
    assert matcher(MARITAL).match(cell).value is None


def test_one_known_word_among_several_possible_is_one_code():
    assert matcher(MARITAL).match_all("丧偶").value == ("30",)


def test_nothing_is_near_nothing():
    assert matcher(MARITAL).suggest("") == ""
