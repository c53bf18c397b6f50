"""Addresses as hostile files write them: what is written again must be found again, and two homes never become one."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linyun.kernel.values.addresses import area_parts, is_within, parse
from linyun.kernel.values.tests.disguises import full_width

HERE = ("上海市", "杨浦区", "四平路街道", "公交新村居民委员会")
PLACES = (
    "",
    "公交新村",
    "四平路2500弄",
    "抚顺路363弄5支弄",
    "鞍山四村",
    "光明村3组",
    "上海市杨浦区四平路2500弄",
    "彰武路",
)
BUILDINGS = ("12号", "12号甲", "12甲号", "12A号", "12-1号", "3号楼", "3幢", "B座", "3号A座", "12号楼乙")
UNITS = ("", "2单元", "A单元", "东单元")
ROOMS = (
    "",
    "302室",
    "302A",
    "302甲室",
    "302-1",
    "302-A",
    "301、302室",
    "底层",
    "亭子间",
    "后客堂",
    "3楼",
    "3楼302",
    "三〇二",
)


def parts(text: str) -> dict[str, str]:
    found = parse(text).value
    assert found is not None
    return {k: v for k, v in found._asdict().items() if v}


@pytest.mark.parametrize("building", BUILDINGS)
def test_a_home_written_down_is_found_again_under_the_same_key(building: str) -> None:
    """What the register writes is what an export holds and an import reads: another key would make a second home."""
    for place, unit, room in itertools.product(PLACES, UNITS, ROOMS):
        found = parse(place + building + unit + room).value
        assert found is not None
        again = parse(found.area + found.text).value
        assert again is not None
        assert (again.key, again.text) == (found.key, found.text), place + building + unit + room


def test_no_two_homes_of_the_table_share_a_key() -> None:
    homes = [b + u + r for b, u, r in itertools.product(BUILDINGS, UNITS, ROOMS)]
    same = {"12号甲": "12甲号", "3号楼": "3幢", "3楼302": "302室", "三〇二": "302室"}

    def told(home: str) -> str:
        for one, other in same.items():
            home = home.replace(one, other)
        return home

    keys: dict[str, set[str]] = {}
    for home in homes:
        found = parse("公交新村" + home).value
        assert found is not None
        keys.setdefault(found.key, set()).add(told(home))
    assert {key: homes for key, homes in keys.items() if len(homes) > 1} == {}


@pytest.mark.parametrize(
    ("text", "building", "room"),
    [
        ("公交新村12A号302室", "12A", "302"),
        ("公交新村3号A座501", "3A", "501"),
        ("公交新村12甲号亭子间", "12甲", "亭子间"),
        ("公交新村12-1号302室", "12-1", "302"),
        ("公交新村12号302-A", "12", "302-A"),
        ("公交新村12号302室、303室", "12", "302、303"),
        ("公交新村12号302,303室", "12", "302、303"),
        ("公交新村12号302/303", "12", "302、303"),
        ("公交新村12号302；303", "12", "302、303"),
        ("公交新村十二号三〇二", "12", "302"),
        ("公交新村12号楼三零二", "12", "302"),
        ("公交新村3号楼二单元五〇一", "3", "501"),
        ("公交新村12号302室A", "12", "302A"),
    ],
)
def test_rooms_and_buildings_with_letters_and_several_rooms_are_homes(text: str, building: str, room: str) -> None:
    found = parse(text).value
    assert found is not None
    assert (found.estate, found.building, found.room, found.rest) == ("公交新村", building, room, "")
    assert found.is_dwelling


@pytest.mark.parametrize(
    "text",
    [
        "上海市四平路2500弄12号302室",
        "上海四平路2500弄12号302室",
        "上海杨浦区四平路2500弄12号302室",
        "上海市杨浦区四平路2500弄12号302室",
        "上海市市辖区杨浦区四平路2500弄12号302室",
        "中国上海市杨浦区四平路2500弄12号302室",
        "杨浦区四平路2500弄12号302室",
        "四平路街道四平路2500弄12号302室",
        "上海市杨浦区四平路街道公交新村居委会四平路2500弄12号302室",
    ],
)
def test_what_stands_above_the_road_never_becomes_part_of_the_home(text: str) -> None:
    found = parse(text).value
    assert found is not None
    assert found.key == "四平路2500弄|12||302"
    assert is_within(found, HERE)


@pytest.mark.parametrize(
    ("text", "road"),
    [
        ("上海路12号", "上海路"),
        ("北京西路100弄5号", "北京西路"),
        ("天津路12号", "天津路"),
        ("重庆南路3号", "重庆南路"),
        ("北京东一路8号", "北京东一路"),
        ("南京东路100号", "南京东路"),
        ("浦东大道100号", "浦东大道"),
        ("新村路12号", "新村路"),
        ("花园路12号", "花园路"),
        ("民主路12号", "民主路"),
        ("园区路3号", "园区路"),
        ("国定支路26弄5号", "国定支路"),
    ],
)
def test_roads_named_after_cities_and_estates_stay_roads(text: str, road: str) -> None:
    assert parts(text)["road"] == road
    assert "area" not in parts(text)


@pytest.mark.parametrize(
    ("text", "estate"),
    [
        ("上海花园12号101室", "上海花园"),
        ("上海康城12号101室", "上海康城"),
        ("城市花园12号101室", "城市花园"),
        ("中远两湾城12号101", "中远两湾城"),
        ("鞍山一村第二小区12号", "鞍山一村第二小区"),
        ("长白新村街道长白一村12号", "长白一村"),
        ("光明村3组12号", "光明村3组"),
        ("光明村第三组12号", "光明村3组"),
        ("光明村1队12号", "光明村1队"),
    ],
)
def test_estates_and_villages_keep_their_whole_name(text: str, estate: str) -> None:
    assert parts(text)["estate"] == estate
    assert parts(text)["building"] == "12"


@pytest.mark.parametrize(
    "text",
    [
        "12号302室张三家",
        "公交新村12号101室 公交新村12号102室",
        "门卫室",
        "12、13号",
        "光明村张家宅",
        "公交新村12号天井",
    ],
)
def test_what_is_not_understood_is_kept_word_for_word_and_never_a_room(text: str) -> None:
    found = parse(text).value
    assert found is not None
    assert found.rest
    assert not found.room
    assert found.rest in text.replace(" ", "")


@pytest.mark.parametrize(
    ("area", "names"),
    [
        ("上海市杨浦区四平路街道", ["上海市", "杨浦区", "四平路街道"]),
        ("上海杨浦区", ["上海", "杨浦区"]),
        ("江苏省南京市鼓楼区", ["江苏省", "南京市", "鼓楼区"]),
        ("新疆维吾尔自治区乌鲁木齐市", ["新疆维吾尔自治区", "乌鲁木齐市"]),
        ("", []),
    ],
)
def test_an_area_is_told_step_by_step(area: str, names: list[str]) -> None:
    assert area_parts(area) == names


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 2500), st.integers(1, 400), st.integers(1, 33), st.integers(1, 12))
def test_numerals_blanks_and_full_width_say_the_same_home(lane: int, house: int, floor: int, door: int) -> None:
    plain = f"四平路{lane}弄{house}号{floor}{door:02d}室"
    digits = str.maketrans("0123456789", "〇一二三四五六七八九")
    writings = [plain, full_width(plain), plain.translate(digits), " ".join(plain), plain.removesuffix("室"),
                f"四平路{lane}弄{house}-{floor}{door:02d}", f"四平路{lane}弄 {house} 号{floor}楼{floor}{door:02d}室",
                f"{plain}\u200b", f"'{plain}", f"{plain}（出租）"]  # fmt: skip
    found = [parse(w).value for w in writings]
    assert {f.key for f in found if f} == {f"四平路{lane}弄|{house}||{floor}{door:02d}"}
    assert None not in found
