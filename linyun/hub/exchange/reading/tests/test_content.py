from datetime import date

import pytest

from linyun.hub.exchange.reading import content
from linyun.hub.exchange.reading.cells import Sheet
from linyun.hub.exchange.reading.tests.rosters import LI, SUN, WANG, WRONG, ZHAO


def column(*cells):
    return Sheet("a", [["头"], *[[c] for c in cells]])


def looks(*cells):
    return content.profile(column(*cells), 0, 1)


def test_identity_numbers_valid_and_like_are_counted_apart():
    found = looks(WANG, LI, WRONG, "", "无")
    assert found.filled == 4
    assert (found.identity, found.identity_like) == (0.5, 0.75)


def test_numbers_that_lost_digits_still_look_like_identity_numbers():
    assert looks(3.10110194803e17, 3.2e17).identity_like == 1.0


def test_phones_names_days_and_addresses():
    assert looks("19900100001", 19900100002.0, "021-65980000").phone == 1.0
    assert looks(WANG, ZHAO, SUN).phone == 0.0
    assert looks("王建国", "欧阳锋", "李 秀英", "阿凡提").name == 0.75
    assert looks(date(2026, 3, 5), "x").day == 0.5
    assert looks("12号302室", "四平路2500弄", "无").address == pytest.approx(2 / 3)


def test_an_empty_column_has_no_looks():
    assert looks() == content.Profile()


def test_only_a_sample_is_looked_at():
    assert looks(*["王建国"] * 1000).filled == content.SAMPLE


@pytest.mark.parametrize(
    ("rows", "is_list"),
    [
        ([["430102450000-长沙市公安局"], ["430102460000-长沙市公安局"], ["430102470000-长沙市公安局"]], True),
        ([["01-汉族"], [], ["02-蒙古族"], ["03-回族"]], True),
        ([["01-汉族"], ["02-蒙古族"]], False),
        ([["王建国"], ["李秀英"], ["赵敏"]], False),
        ([["01-汉族", "x"], ["02-蒙古族", "y"], ["03-回族", "z"]], False),
    ],
)
def test_code_lists_are_told_from_lists_of_names(rows, is_list):
    assert content.is_code_list(Sheet("a", rows)) is is_list


def test_sheets_of_sentences():
    assert content.only_text(Sheet("a", [["请先阅读本说明"], ["第二句"]])) == "请先阅读本说明"
    assert content.only_text(Sheet("a", [["请先阅读", 3.0]])) == ""
    assert content.only_text(Sheet("a", [])) == ""
    assert content.only_text(Sheet("a", [["行"]] * 100)) == ""


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("公交新村12号楼人员名单", "公交新村|12||"),
        ("12号居民名册", "|12||"),
        ("四平路2500弄12号住户信息表", "四平路2500弄|12||"),
        ("3幢花名册", "|3||"),
        ("12号", "|12||"),
        ("居民名册（2026年）", None),
        ("第12号文件要求的登记表", None),
        ("Sheet1", None),
        ("8月", None),
    ],
)
def test_titles_that_name_a_building(title, key):
    found = content.place_in_titles([title])
    assert (found.key if found else None) == key
