"""Estates and lanes after the committees' names; buildings of fitting shape."""

import numpy as np
import pytest

from linyun.kernel.synth.estates import SHAPE_OF, SHAPES, Area, address_of, chinese_number, draw_estates, numbers_before


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("公交新村居委会", ("公交新村", "", "")),
        ("铁岭路五十弄居委会", ("", "铁岭路", "50弄")),
        ("控江路二零二六弄居委会", ("", "控江路", "2026弄")),
        ("大连西路四弄居委会", ("", "大连西路", "4弄")),
        ("鞍山路三一零弄居委会", ("", "鞍山路", "310弄")),
        ("鞍山四村第二居委会", ("鞍山四村", "", "")),
        ("金安居委会", ("金安小区", "", "")),
        ("和平花苑社区居民委员会", ("和平花苑", "", "")),
        ("光明村村民委员会", ("光明村", "", "")),
    ],
)
def test_the_main_estate_bears_the_committees_name(name: str, parts: tuple[str, str, str]) -> None:
    assert address_of(name) == parts


def test_a_road_without_lane_gets_one_always_the_same() -> None:
    estate, road, lane = address_of("密云路居委会")
    assert (estate, road) == ("", "密云路")
    assert lane.endswith("弄")
    assert address_of("密云路居委会") == (estate, road, lane)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("五十", 50),
        ("十", 10),
        ("十二", 12),
        ("二零二六", 2026),
        ("三一零", 310),
        ("一百二十", 120),
        ("四", 4),
        ("88", 88),
    ],
)
def test_chinese_numbers(text: str, value: int) -> None:
    assert chinese_number(text) == value


@pytest.mark.parametrize(
    ("name", "before"), [("鞍山四村第一居委会", 0), ("鞍山四村第三居委会", 200), ("公交新村居委会", 0)]
)
def test_sister_committees_number_their_houses_apart(name: str, before: int) -> None:
    assert numbers_before(name) == before


def test_workers_villages_are_walk_ups_and_villages_have_low_houses() -> None:
    rng = np.random.default_rng(1)
    committees = [Area("310110009016", "公交新村居委会"), Area("310115131200", "光明村村委会")]
    for _ in range(20):
        estates = draw_estates(rng, committees, np.array([900, 900]))
        first = [e for e in estates if e.committee == 0][0]
        assert SHAPES[first.shape].code == "walk_up"
        assert all(e.shape == SHAPE_OF["village"] for e in estates if e.committee == 1)


def test_estates_share_the_homes_and_small_committees_have_one_without_tower() -> None:
    rng = np.random.default_rng(2)
    committees = [Area(f"31011000{n:04d}", "金安居委会") for n in range(60)]
    large = draw_estates(rng, committees, np.full(60, 1200))
    for number in range(60):
        own = [e for e in large if e.committee == number]
        assert len(own) in (1, 2, 3)
        assert sum(e.share for e in own) == pytest.approx(1)
        assert len({e.address for e in own}) == len(own)
    small = draw_estates(rng, committees, np.full(60, 80))
    assert len(small) == 60
    assert all(not SHAPES[e.shape].has_lift for e in small)


def test_buildings_are_as_old_as_their_shape() -> None:
    rng = np.random.default_rng(3)
    for estate in draw_estates(rng, [Area("310110009023", "金安居委会")] * 80, np.full(80, 900)):
        low, high = SHAPES[estate.shape].years
        assert low <= estate.built_year <= high
        assert estate.floors in SHAPES[estate.shape].floors
