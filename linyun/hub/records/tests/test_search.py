"""Finding somebody the way workers ask for them."""

from datetime import date

import pytest

from linyun.hub.records.search import search
from linyun.hub.records.services import sealer
from linyun.kernel.values.identity import make
from tests.characters import BUILDING_THERE


@pytest.fixture
def zhou(person, home):
    p = person(name="周桂芳", phone="19900123456", identity_number=make("310110", date(1949, 3, 5), 998))
    home(p, address="公交新村12号302室")
    person(name="欧阳志远")
    return p


@pytest.mark.parametrize(
    "asked", ["周桂芳", "桂芳", "zgf", "ZGF", "zhouguifang", "12号302", "12-302", "123456", "公交新村12号"]
)
def test_by_name_spelling_door_or_phone(as_worker, zhou, asked):
    with as_worker():
        assert [h.name for h in search(asked)] == ["周桂芳"]


def test_by_the_last_four_of_the_number(as_worker, zhou):
    with as_worker():
        tail = sealer.open(zhou.identity_number)[-4:]
        assert [h.id for h in search(tail.lower())] == [zhou.pk]


@pytest.mark.parametrize("asked", ["", "  ", "%", "_", "\\", "%%", "\x00", "'", "((((", "{}"])
def test_what_means_nothing_finds_nobody(as_worker, zhou, asked):
    with as_worker():
        assert search(asked) == []


def test_the_stranger_finds_only_their_own(as_character, zhou, person):
    person(name="周桂英", area=BUILDING_THERE)
    with as_character("wu"):
        assert [h.name for h in search("zg")] == ["周桂英"]


def test_the_full_name_comes_first(as_worker, person):
    for name in ("王敏华", "王敏"):
        person(name=name)
    with as_worker():
        assert [h.name for h in search("王敏")] == ["王敏", "王敏华"]
