"""Numbers that nobody else has: identity numbers, phones, ids, credit codes."""

from datetime import date
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linyun.kernel.synth import numbers as made
from linyun.kernel.synth import regions
from linyun.kernel.synth.numbers import Numbers, NumbersExhausted
from linyun.kernel.values import identity, uscc

EPOCH = date(1970, 1, 1)
YANGPU = regions.CODES.index("310110")


def issue(numbers: Numbers, region: int, born: date, sex: int, count: int) -> list[str]:
    """``count`` numbers for people of one region, birth date and sex."""
    rows = np.full(count, region, np.int64)
    day = np.full(count, (born - EPOCH).days, np.int64)
    return numbers.identities(rows, day, np.full(count, sex, np.int8)).to_list()


def test_a_number_holds_region_date_and_sex_and_its_check_digit() -> None:
    (number,) = issue(Numbers(), YANGPU, date(1949, 3, 5), 2, 1)
    assert number[:14] == "31011019490305"
    assert identity.parse(number).value == number
    assert identity.sex(number) == "2"


@given(st.dates(date(1900, 1, 1), date(2026, 11, 22)), st.sampled_from([1, 2]), st.integers(1, 5))
@settings(max_examples=60, deadline=None)
def test_any_birth_date_gives_valid_numbers(born: date, sex: int, count: int) -> None:
    for number in issue(Numbers(), YANGPU, born, sex, count):
        assert identity.parse(number, today=date(2026, 11, 23)).value == number
        assert identity.birth_date(number) == born
        assert identity.sex(number) == str(sex)


def test_the_first_five_of_a_day_and_sex_lie_in_the_reserved_sequence() -> None:
    sequences = [int(n[14:17]) for n in issue(Numbers(), YANGPU, date(1990, 1, 1), 1, 5)]
    assert sorted(sequences) == [991, 993, 995, 997, 999]
    sequences = [int(n[14:17]) for n in issue(Numbers(), YANGPU, date(1990, 1, 1), 2, 5)]
    assert sorted(sequences) == [990, 992, 994, 996, 998]


def test_more_than_five_go_down_to_900_and_more_than_fifty_to_the_next_region() -> None:
    issued = issue(Numbers(), YANGPU, date(1990, 1, 1), 1, 60)
    assert len(set(issued)) == 60
    own = [n for n in issued if n.startswith("310110")]
    assert len(own) == 50
    assert min(int(n[14:17]) for n in own) == 901
    assert {n[:4] for n in issued} == {"3101"}


def test_a_later_part_goes_on_where_the_first_ended() -> None:
    numbers = Numbers()
    first = issue(numbers, YANGPU, date(1990, 1, 1), 1, 7)
    second = issue(numbers, YANGPU, date(1990, 1, 1), 1, 7)
    assert not set(first) & set(second)


def test_a_full_day_refuses_rather_than_repeating_a_number() -> None:
    room = made.ROOM * len(regions.LOCAL)
    numbers = Numbers()
    assert len(set(issue(numbers, YANGPU, date(1990, 1, 1), 1, room))) == room
    with pytest.raises(NumbersExhausted):
        issue(numbers, YANGPU, date(1990, 1, 1), 1, 1)


def test_there_is_room_for_the_whole_city() -> None:
    """25 million, three fifths of them with Shanghai numbers, 2.4 % born in the fullest year: see the module."""
    fullest_day_and_sex = 25_000_000 * 0.6 * 0.024 / 365 / 2
    assert fullest_day_and_sex < made.ROOM * len(regions.LOCAL) / 2


def test_reserved_regions_are_never_drawn() -> None:
    drawn = {regions.CODES[i] for i in (*regions.LOCAL, *regions.FOREIGN)}
    assert drawn.isdisjoint(regions.RESERVED)
    assert set(regions.RESERVED) <= set(regions.CODES)


def test_region_codes_stand_once_and_have_names() -> None:
    assert len(set(regions.CODES)) == len(regions.CODES) == len(regions.NAMES)
    assert all(len(code) == 6 and code.isdigit() for code in regions.CODES)
    provinces = {"31": "上海市", "34": "安徽省", "50": "重庆市", "41": "河南省"}
    for code, name in zip(regions.CODES, regions.NAMES, strict=True):
        assert name.startswith(provinces.get(code[:2], ""))
        assert len(name) > len(provinces.get(code[:2], "") or "省市") + 1


def test_phones_have_eleven_digits_of_our_range_and_stand_once() -> None:
    phones = Numbers().phone_numbers(50_000)
    assert phones.n_unique() == 50_000
    assert phones.str.contains(r"^19900\d{6}$").all()
    assert not phones.str.starts_with("1990099").any()


def test_phones_go_on_with_the_next_prefix_and_still_stand_once() -> None:
    numbers = Numbers()
    numbers.phones = made.PHONES_PER_PREFIX - 3
    tail = numbers.phone_numbers(6).to_list()
    assert [p[:5] for p in tail] == ["19900"] * 3 + ["19901"] * 3
    whole = Numbers().phone_numbers(made.PHONES_PER_PREFIX)
    assert whole.n_unique() == made.PHONES_PER_PREFIX


def test_phones_end_at_19999() -> None:
    numbers = Numbers()
    numbers.phones = 100 * made.PHONES_PER_PREFIX - 1
    assert numbers.phone_numbers(1).item().startswith("19999")
    with pytest.raises(NumbersExhausted):
        numbers.phone_numbers(1)


def test_ids_are_uuids_of_version_seven_in_rising_order() -> None:
    at = 1_795_000_000_000
    ids = made.uuids(np.random.default_rng(3), 9000, at).to_list()
    parsed = [UUID(text) for text in ids]
    assert all(u.version == 7 and str(u) == text for u, text in zip(parsed, ids, strict=True))
    assert ids == sorted(set(ids))
    assert parsed[0].int >> 80 == at
    assert parsed[-1].int >> 80 == at + 2


def test_ids_can_carry_the_time_of_each_row() -> None:
    moments = np.array([1_700_000_000_000, 1_600_000_000_000], np.int64)
    ids = made.uuids(np.random.default_rng(3), 2, moments).to_list()
    assert [UUID(text).int >> 80 for text in ids] == moments.tolist()


def test_no_ids_are_none() -> None:
    assert made.uuids(np.random.default_rng(3), 0, 1).to_list() == []


@given(st.lists(st.integers(0, 10**15 - 1), min_size=1, max_size=20), st.integers(15, 19))
@settings(deadline=None)
def test_digits_are_those_of_the_number(values: list[int], width: int) -> None:
    rows = made.digits_of(np.array(values, np.int64), width)
    assert ["".join(map(str, row)) for row in rows.tolist()] == [f"{value:0{width}d}" for value in values]


def test_credit_codes_pass_their_check() -> None:
    kinds = np.array([1, 2] * 50, np.uint8)
    codes = made.social_credit_codes(np.random.default_rng(5), ["310110"] * 100, kinds)
    assert all(uscc.parse(code).value == code for code in codes)
    assert len(set(codes)) == 100
    assert {code[:8] for code in codes} == {"91310110", "92310110"}
