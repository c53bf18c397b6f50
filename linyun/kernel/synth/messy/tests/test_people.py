"""What a roster's maker looks up in a made world."""

import random
from datetime import date

import polars as pl
import pytest

from linyun.kernel.synth.cast import HOME_COMMITTEE
from linyun.kernel.synth.messy.people import Register, look_up, new_phone
from linyun.kernel.synth.tests.street import known


@pytest.fixture(scope="module")
def register() -> Register:
    """公交新村."""
    return look_up(known(), HOME_COMMITTEE)


def test_households_hold_all_residents_of_the_committee_once(register: Register) -> None:
    world = known()
    actual = world.residences.filter(pl.col("kind") == "actual")["person_id"]
    people = world.persons.filter(pl.col("area").str.starts_with(HOME_COMMITTEE) & pl.col("id").is_in(actual.implode()))
    numbers = [e.values["identity_number"] for h in register.households for e in h.entries]
    assert sorted(numbers) == sorted(people["identity_number"])


def test_heads_stand_first(register: Register) -> None:
    for household in register.households:
        relations = [e.relation for e in household.entries]
        assert "02" not in relations[1:]
    assert sum(h.entries[0].relation == "02" for h in register.households) == len(register.households)


def test_the_known_neighbours_are_found_at_their_addresses(register: Register) -> None:
    by_address = {h.address: [e.name for e in h.entries] for h in register.households}
    assert by_address["公交新村12号302室"] == ["周桂芳"]
    assert by_address["公交新村12号301室"] == ["刘志强", "何婷", "刘子涵"]


def test_short_addresses_are_given_only_where_the_house_number_stands_once(register: Register) -> None:
    houses: dict[str, set[str]] = {}
    for household in register.households:
        place, _, _ = household.address.rpartition("号")
        number = place.lstrip("".join(c for c in place if not c.isdigit()))
        houses.setdefault(number.split("弄")[-1], set()).add(place)
    shorts = [h for h in register.households if h.short]
    assert shorts
    for household in shorts:
        assert household.address == "公交新村" + household.short
        assert len(houses[household.short.partition("号")[0]]) == 1


def test_empty_homes_have_nobody_registered_who_lives_there(register: Register) -> None:
    lived_in = {h.address for h in register.households}
    assert register.empty_homes
    assert lived_in.isdisjoint(address for address, _ in register.empty_homes)


def test_namesakes_and_unique_names_share_nobody(register: Register) -> None:
    assert register.unique_names.isdisjoint(register.namesakes)
    assert "周桂芳" in register.unique_names


def test_new_phones_are_of_the_kept_block_and_never_twice() -> None:
    rng, given = random.Random(1), set[str]()
    phones = [new_phone(rng, given) for _ in range(500)]
    assert len(set(phones)) == 500
    assert all("1990099" + "3000" <= p <= "19900999999" for p in phones)
    taken = set(known().persons["phone"].drop_nulls())
    assert taken.isdisjoint(phones)


def test_birth_dates_are_dates(register: Register) -> None:
    assert all(isinstance(e.values["birth_date"], date) for h in register.households[:50] for e in h.entries)
