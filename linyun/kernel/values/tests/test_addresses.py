from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linyun.kernel.values.addresses import PSEUDO, Address, is_within, parse
from linyun.kernel.values.tests.disguises import FIXED, cells, full_width

HERE = ("上海市", "杨浦区", "四平路街道", "公交新村居民委员会")


def parts(text):
    return {k: v for k, v in parse(text).value._asdict().items() if v}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("四平路2500弄12号302室",
         {"road": "四平路", "lane": "2500弄", "building": "12", "building_word": "号", "room": "302"}),
        ("公交新村12号302室", {"estate": "公交新村", "building": "12", "building_word": "号", "room": "302"}),
        ("公交新村12-302", {"estate": "公交新村", "building": "12", "room": "302"}),
        ("12-302", {"building": "12", "room": "302"}),
        ("302", {"room": "302"}),
        (302.0, {"room": "302"}),
        ("0302室", {"room": "302"}),
        ("302A", {"room": "302A"}),
        ("3号楼2单元501", {"building": "3", "building_word": "号楼", "unit": "2", "room": "501"}),
        ("3幢二单元501室", {"building": "3", "building_word": "幢", "unit": "2", "room": "501"}),
        ("3-2-501", {"building": "3", "unit": "2", "room": "501"}),
        ("12#302", {"building": "12", "building_word": "号", "room": "302"}),
        ("12楼302室", {"building": "12", "building_word": "号楼", "room": "302"}),
        ("3楼302室", {"floor": "3", "room": "302"}),
        ("12号3楼", {"building": "12", "building_word": "号", "floor": "3"}),
        ("12号302甲室", {"building": "12", "building_word": "号", "room": "302甲"}),
        ("12号甲302室", {"building": "12甲", "building_word": "号", "room": "302"}),
        ("B座1203", {"building": "B", "building_word": "座", "room": "1203"}),
        ("12号302-1", {"building": "12", "building_word": "号", "room": "302-1"}),
        ("12号301、302室", {"building": "12", "building_word": "号", "room": "301、302"}),
        ("12号底层", {"building": "12", "building_word": "号", "room": "底层"}),
        ("12号亭子间", {"building": "12", "building_word": "号", "room": "亭子间"}),
        ("抚顺路三六三弄十二号302",
         {"road": "抚顺路", "lane": "363弄", "building": "12", "building_word": "号", "room": "302"}),
        ("铁岭路五十弄3号", {"road": "铁岭路", "lane": "50弄", "building": "3", "building_word": "号"}),
        ("国权路39弄9支弄4号", {"road": "国权路", "lane": "39弄9支弄", "building": "4", "building_word": "号"}),
        ("鞍山四村3号", {"estate": "鞍山四村", "building": "3", "building_word": "号"}),
        ("彰武路50号", {"road": "彰武路", "building": "50", "building_word": "号"}),
        ("中山北二路1121号501",
         {"road": "中山北二路", "building": "1121", "building_word": "号", "room": "501"}),
        ("镇宁路200弄3号402",
         {"road": "镇宁路", "lane": "200弄", "building": "3", "building_word": "号", "room": "402"}),
        ("新城市花园3号", {"estate": "新城市花园", "building": "3", "building_word": "号"}),
        ("阳光小区5号", {"estate": "阳光小区", "building": "5", "building_word": "号"}),
    ],
)  # fmt: skip
def test_addresses_are_taken_apart(text, expected):
    assert parts(text) == expected


SAME = [
    ["四平路2500弄12号302室", "四平路2500弄12号302", "四平路 2500 弄 12 号 302 室",
     "四平路２５００弄１２号３０２室", "上海市杨浦区四平路街道四平路2500弄12号302室", "上海杨浦区四平路2500弄12-302",
     "四平路2500弄公交新村12号302室", "公交新村四平路2500弄12号302室", "公交新村（四平路2500弄）12号302室",
     "四平路2500弄12号0302室", "四平路2500弄12号楼302", "四平路2500弄12幢302室", "四平路2500弄12号3楼302室",
     "四平路二五〇〇弄十二号302室", "四平路2500弄12号302室（朝南）"],
    ["公交新村12号302室", "公交新村12-302", "公交新村１２号３０２",
     "上海市杨浦区四平路街道公交新村居委会公交新村12号302室", "四平路公交新村12号302室"],
    ["12号302室", "12-302", "12/302", "12号302", "12#302", "12 - 302 室", "12号楼302"],
    ["3号楼2单元501", "3-2-501", "3幢2单元501室", "3栋二单元0501"],
    ["302", "302室", "0302", 302, 302.0, "３０２"],
]  # fmt: skip


@pytest.mark.parametrize("group", SAME, ids=lambda g: str(g[0]))
def test_writings_of_one_dwelling_have_one_key(group):
    assert {parse(cell).value.key for cell in group} == {parse(group[0]).value.key}


def test_different_dwellings_have_different_keys():
    texts = [
        "12号302室",
        "12号303室",
        "13号302室",
        "公交新村12号302室",
        "四平路2500弄12号302室",
        "12号2单元302室",
        "12号甲302室",
        "12号302甲室",
        "12号3楼",
        "12号底层",
        "集体户",
        "公交新村集体户",
    ]
    assert len({parse(t).value.key for t in texts}) == len(texts)


@given(
    st.sampled_from(["", "公交新村", "四平路2500弄", "抚顺路363弄5支弄", "鞍山四村"]),
    st.integers(1, 400),
    st.sampled_from(["", "甲"]),
    st.integers(1, 32),
    st.integers(1, 12),
)
def test_a_written_address_is_read_back_as_itself(place, building, letter, floor, door):
    text = f"{place}{building}号{letter}{floor}{door:02d}室"
    found = parse(text).value
    assert found.text == text
    assert parse(found.text).value == found
    assert parse(full_width(text)).value.key == found.key
    assert (found.building, found.room, found.is_dwelling) == (f"{building}{letter}", f"{floor}{door:02d}", True)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("集体户", "collective"),
        ("公交新村集体户", "collective"),
        ("空挂户", "hung"),
        ("四平路1000弄5号（已拆）", "demolished"),
        ("动迁", "demolished"),
        ("沿街商铺", "shops"),
        ("无固定住所", "nowhere"),
    ],
)
def test_places_that_are_no_dwelling_are_known_as_such(text, code):
    found = parse(text).value
    assert found.pseudo == code and not found.is_dwelling
    assert PSEUDO[code][0] in found.text


def test_a_demolished_house_keeps_its_parts():
    assert parse("四平路1000弄5号（已拆）").value.building == "5"


@pytest.mark.parametrize(
    "text",
    [
        "安徽省六安市裕安区某某镇王家村12组",
        "江苏省南京市鼓楼区中山路1号2单元301室",
        "北京市东城区东四十条22号",
        "上海市虹口区四平路500号",
        "广州市花都区1号",
    ],
)
def test_addresses_elsewhere_are_not_here(text):
    assert not is_within(parse(text).value, HERE)


@pytest.mark.parametrize(
    "text",
    [
        "12号302室",
        "上海市杨浦区四平路2500弄12号",
        "上海杨浦区四平路街道公交新村居委会12号",
        "四平路街道12号",
        "杨浦区公交新村12号302",
    ],
)
def test_addresses_that_name_our_own_areas_or_none_are_here(text):
    assert is_within(parse(text).value, HERE)


@pytest.mark.parametrize("cell", [None, "", "无", "不详", "—"])
def test_nothing_stated_is_blank(cell):
    assert parse(cell).blank


@pytest.mark.parametrize("cell", [date(2026, 12, 3), "2026/12/3", "2026-12-03", "12月3日"])
def test_a_date_where_an_address_should_be_is_explained(cell):
    found = parse(cell)
    assert found.value is None and "12-3 变成 12 月 3 日" in found.problem


def test_words_in_brackets_become_a_note():
    assert "后门" in parse("12号302室（后门）").notes[0]


def test_what_cannot_be_placed_is_kept_and_is_no_dwelling():
    found = parse("12302").value
    assert found.rest == "12302" and not found.is_dwelling and found != Address()


@given(cells)
def test_no_cell_breaks_the_parser(cell):
    found = parse(cell)
    if found.value is not None:
        assert isinstance(found.value.key, str) and isinstance(found.value.text, str)


@pytest.mark.parametrize("cell", FIXED, ids=range(len(FIXED)))
def test_known_breakers_do_not_break_it(cell):
    parse(cell)
