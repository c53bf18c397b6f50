"""Every spelling of a value means that value to whoever reads it with the house's own parsers."""

import random
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linyun.kernel import seeds
from linyun.kernel.synth.messy import spelling
from linyun.kernel.values import addresses, dates, identity, phones
from linyun.kernel.values.codes import matcher
from linyun.kernel.values.names import parse as parse_name

SEEDS = Path(__file__).parents[5] / "seeds"
TODAY = date(2026, 11, 23)
SETS = {s.code: s for s in seeds.load_code_sets(SEEDS)}
draws = st.integers(0, 10**6).map(random.Random)
births = st.dates(date(1915, 1, 1), date(2026, 11, 22))


@given(draws, births, st.integers(900, 999))
@settings(deadline=None)
def test_identity_numbers_are_read_back(rng: random.Random, born: date, sequence: int) -> None:
    number = identity.make("310110", born, sequence)
    assert identity.parse(spelling.identity(rng, number), today=TODAY).value == number


def test_identity_numbers_come_in_all_the_ways_of_committees() -> None:
    rng = random.Random(1)
    number = identity.make("310110", date(1940, 3, 5), 994)
    ways = {spelling.identity(rng, number) for _ in range(400)}
    assert any(way.startswith(("'", "’", "`")) for way in ways)
    assert any(" " in way.strip() for way in ways)
    assert any("１" in way for way in ways)
    assert any(len(way) == 15 for way in ways)
    assert any(spelling.identity(rng, "31011019880101993X").endswith("x") for _ in range(50))


def test_fifteen_digits_only_for_people_born_before_they_were_given_up() -> None:
    rng = random.Random(2)
    young = identity.make("310110", date(1999, 3, 5), 994)
    assert all(len(spelling.identity(rng, young).strip()) != 15 for _ in range(300))


@given(draws, births, st.sampled_from(["xlsx", "csv"]))
@settings(deadline=None)
def test_birth_dates_are_read_back_with_the_number_beside_them(rng: random.Random, born: date, kind: str) -> None:
    cell = spelling.birth_date(rng, born, certain=True, file_kind=kind)
    read = dates.parse(cell, dates.Bounds(latest=TODAY, hint=born))
    assert read.value is not None
    if read.extra["precision"] == "day":
        assert read.value == born
    else:
        assert (read.value.year, read.value.month) == (born.year, born.month)


@given(draws, births, st.sampled_from(["xlsx", "csv"]))
@settings(deadline=None)
def test_birth_dates_without_number_are_whole_days(rng: random.Random, born: date, kind: str) -> None:
    read = dates.parse(spelling.birth_date(rng, born, certain=False, file_kind=kind), dates.Bounds(latest=TODAY))
    assert (read.value, read.extra["precision"]) == (born, "day")


def test_birth_dates_come_as_text_date_cell_and_serial_number() -> None:
    rng = random.Random(3)
    cells = [spelling.birth_date(rng, date(1948, 3, 5), True, "xlsx") for _ in range(200)]
    assert {type(cell) for cell in cells} == {str, float, datetime}
    texts = {cell for cell in cells if isinstance(cell, str)}
    assert {"1948.3.5", "1948年3月", "480305", "1948-03-05"} <= texts
    assert all(isinstance(spelling.birth_date(rng, date(1948, 3, 5), True, "csv"), str) for _ in range(100))


@given(draws, st.integers(19900000000, 19999999999).map(str), st.sampled_from(["xlsx", "csv"]))
@settings(deadline=None)
def test_phones_are_read_back(rng: random.Random, number: str, kind: str) -> None:
    assert phones.parse(spelling.phone(rng, number, kind)).value == (number,)


@given(draws)
@settings(deadline=None)
def test_no_phone_is_read_as_none(rng: random.Random) -> None:
    assert phones.parse(spelling.phone(rng, None, "xlsx")).blank


@given(draws)
@settings(deadline=None)
def test_two_phones_are_read_as_two(rng: random.Random) -> None:
    cell = spelling.two_phones(rng, "19900000001", "19900000002")
    assert phones.parse(cell).value == ("19900000001", "19900000002")


@given(draws, st.sampled_from(["王芳", "欧阳志远", "陈阿宝", "李娜"]))
@settings(deadline=None)
def test_names_are_read_back(rng: random.Random, name: str) -> None:
    assert parse_name(spelling.name(rng, name)).value == name


@given(draws, st.sampled_from([("公交新村", "12", "302"), ("铁岭路50弄", "2", "1101")]))
@settings(deadline=None)
def test_addresses_are_read_back(rng: random.Random, parts: tuple[str, str, str]) -> None:
    place, house, room = parts
    short = f"{house}号{room}室"
    read = addresses.parse(spelling.address(rng, place + short, short)).value
    assert read is not None
    assert (read.building, read.room) == (house, room)
    assert read.place_key in (place, "")
    full = addresses.parse(spelling.address(rng, place + short, "")).value
    assert full is not None
    assert full.place_key == place


@pytest.mark.parametrize("item", ["sex", "ethnicity", "education", "marital_status", "political_status"])
def test_words_are_read_back_as_their_codes(item: str) -> None:
    rng = random.Random(4)
    for code in spelling.WORDS[item]:
        for _ in range(10):
            assert matcher(SETS[item]).match(spelling.word(rng, item, code)).value == code


def test_words_of_relations_and_modes_are_read_back() -> None:
    rng = random.Random(5)
    for code in ("11", "12", "20", "30", "38", "43", "52", "99"):
        assert matcher(SETS["relation_to_head"]).match(spelling.word(rng, "relation", code)).value == code
    for code in spelling.WORDS["mode"]:
        assert matcher(SETS["visit_mode"]).match(spelling.word(rng, "mode", code)).value == code


def test_no_code_is_an_empty_cell() -> None:
    assert spelling.word(random.Random(1), "education", None) == ""
