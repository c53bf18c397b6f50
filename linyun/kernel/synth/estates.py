"""Estates, lanes and the shape of their buildings, after the name of the committee."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_SUFFIX = re.compile(r"(社区)?(居民委员会|居委会|村民委员会|村委会|社区居委|社区)\Z")
_PART = re.compile(r"第(?P<part>[一二三四五六七八九十]+)\Z")
_LANE = re.compile(r"(?P<road>.+?[路街道])(?P<lane>[零〇一二三四五六七八九十百\d]+)弄\Z")
_LIVED_IN = re.compile(r"(村|苑|园|城|庭|小区|公寓|里|坊|湾|家园|花园|大楼|宅)\Z")
_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0}

ROADS = (
    "长虹路",
    "新华二路",
    "和平路",
    "安定路",
    "同心路",
    "春江路",
    "秋月路",
    "育才路",
    "文化路",
    "友谊路",
    "朝阳路",
    "青年路",
    "建设路",
    "团结路",
    "民生路",
    "福康路",
    "惠民路",
    "杏花路",
    "桃园路",
    "樱花路",
    "银杏路",
    "梧桐路",
    "枫林路",
    "紫藤路",
    "丹桂路",
    "海棠路",
    "兰亭路",
    "翠竹路",
    "芙蓉路",
    "玉兰路",
)


@dataclass(frozen=True, slots=True)
class Area:
    """A committee: its 12-digit statistical code and its name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Shape:
    """How the buildings of an estate look: flats on a floor, years when such were built, area in m² (mean, spread)."""

    code: str
    floors: tuple[int, ...]
    flats: int
    has_lift: bool
    years: tuple[int, int]
    area: tuple[float, float]
    share: float


SHAPES = (
    Shape("walk_up", (6, 6, 5), 4, False, (1953, 1995), (44.0, 9.0), 0.52),
    Shape("lane_house", (3,), 3, False, (1920, 1948), (26.0, 8.0), 0.08),
    Shape("low_rise", (6, 7), 4, False, (1994, 2006), (84.0, 18.0), 0.24),
    Shape("tower", (11, 14, 18, 24, 30), 4, True, (1996, 2019), (98.0, 24.0), 0.16),
    Shape("village", (2,), 2, False, (1978, 2010), (95.0, 30.0), 0.0),
)
SHAPE_OF = {shape.code: i for i, shape in enumerate(SHAPES)}


@dataclass(frozen=True, slots=True)
class Estate:
    """One estate or lane of a committee (a row of the committees given). ``share``: its part of the flats."""

    committee: int
    estate: str
    road: str
    lane: str
    shape: int
    floors: int
    built_year: int
    share: float
    before: int
    """House numbers that a sister committee of the same estate uses: the first number here is one more."""

    @property
    def address(self) -> str:
        """What stands before the number of the building."""
        return self.estate or self.road + self.lane


def chinese_number(text: str) -> int:
    """A number in Chinese digits, read as a row of digits (三一零) or with places (五十)."""
    if text.isdigit() and text.isascii():
        return int(text)
    if not re.search("[十百]", text):
        return int("".join(str(_DIGITS[sign]) for sign in text))
    total, digit = 0, 0
    for sign in text:
        if sign in "十百":
            total += (digit or 1) * (10 if sign == "十" else 100)
            digit = 0
        else:
            digit = _DIGITS[sign]
    return total + digit


def address_of(name: str) -> tuple[str, str, str]:
    """Estate, road, lane from a committee's name; one of estate and lane is empty."""
    base = _PART.sub("", _SUFFIX.sub("", name)) or name
    lane = _LANE.match(base)
    if lane:
        return "", lane["road"], f"{chinese_number(lane['lane'])}弄"
    if base.endswith("路"):
        return "", base, f"{len(base) * 40 + sum(map(ord, base)) % 97}弄"
    return (base if _LIVED_IN.search(base) else base + "小区"), "", ""


def numbers_before(name: str) -> int:
    """House numbers left to sister committees: 鞍山四村第二居委会 begins at 101号."""
    part = _PART.search(_SUFFIX.sub("", name))
    return (chinese_number(part["part"]) - 1) * 100 if part else 0


def draw_estates(rng: np.random.Generator, committees: Sequence[Area], flats: NDArray[np.int64]) -> list[Estate]:
    """One to three estates for each committee. ``flats``: how many homes each committee needs."""
    estates: list[Estate] = []
    shares = np.array([shape.share for shape in SHAPES])
    for number, committee in enumerate(committees):
        count = 1 if flats[number] < 250 else int(rng.integers(1, 4))
        cuts = rng.dirichlet(np.array([3.0, 1.0, 1.0][:count]))
        roads = rng.permutation(len(ROADS))[:count]
        for place in range(count):
            shape = _shape(rng, committee.name, place, shares, float(flats[number] * cuts[place]))
            kind = SHAPES[shape]
            own = ("", ROADS[roads[place]], f"{rng.integers(4, 900)}弄")
            estate, road, lane = address_of(committee.name) if place == 0 else own
            estates.append(
                Estate(
                    committee=number,
                    estate=estate,
                    road=road,
                    lane=lane,
                    shape=shape,
                    floors=int(rng.choice(kind.floors)),
                    built_year=int(rng.integers(kind.years[0], kind.years[1] + 1)),
                    share=float(cuts[place]),
                    before=numbers_before(committee.name) if place == 0 else 0,
                )
            )
    return estates


def _shape(rng: np.random.Generator, name: str, place: int, shares: NDArray[np.float64], flats: float) -> int:
    """The row of SHAPES for an estate: villages and workers' new villages (新村) by name, few flats never a tower."""
    if re.search("村(民委员会|委会)", name):
        return SHAPE_OF["village"]
    if place == 0 and re.search("[一二三四五六七八九新]村", name):
        return SHAPE_OF["walk_up"]
    shape = int(rng.choice(len(SHAPES), p=shares))
    return SHAPE_OF["low_rise"] if flats < 200 and shape == SHAPE_OF["tower"] else shape
