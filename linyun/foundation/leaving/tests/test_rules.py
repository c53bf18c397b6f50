"""What leaves how, who decides, what a file says of itself: the pure part."""

from datetime import datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linyun.foundation.leaving.rules import (
    API_BUDGET,
    AT_ONCE,
    BUDGETS,
    MARKED,
    NEXT,
    Mark,
    Misstep,
    State,
    budget_of,
    needs_agreement,
    number_of,
    same_person,
    step,
)
from linyun.kernel.clock import ZONE
from linyun.kernel.declare import Role

AT = datetime(2026, 11, 28, 9, 5, tzinfo=ZONE)
LIN = (uuid4(), "林晓岚", "19900000001")


@pytest.mark.parametrize(
    ("rows", "channel", "given_back", "needed"),
    [
        (0, "page", False, False),
        (AT_ONCE, "page", False, False),
        (AT_ONCE + 1, "page", False, True),
        (AT_ONCE + 1, "api", False, True),
        (AT_ONCE + 1, "job", False, True),
        (100_000, "command", False, False),
        (100_000, "page", True, False),
    ],
)
def test_a_second_person_is_needed_above_two_hundred_rows(rows, channel, given_back, needed):
    assert needs_agreement(rows, channel, given_back=given_back) is needed


@given(path=st.lists(st.sampled_from(State), max_size=8), first=st.sampled_from([State.LEFT, State.ASKED]))
@settings(max_examples=60, deadline=None)
def test_no_way_leads_to_a_file_without_agreement(path, first):
    """Whatever is tried in whatever order: a file is ready only behind an agreement, and nothing follows an end twice."""
    state, been = first, [first]
    for wanted in path:
        try:
            state = step(state, wanted)
        except Misstep:
            continue
        been.append(state)
    assert len(been) == len(set(been)), "no state is met twice"
    if State.READY in been:
        assert been[been.index(State.READY) - 1] is State.AGREED
    if State.REFUSED in been or first is State.LEFT:
        assert not {State.AGREED, State.READY} & set(been)


def test_every_state_can_be_reached_and_what_is_over_is_over():
    assert set(NEXT) == set(State)
    assert {State.LEFT, State.ASKED}.union(*NEXT.values()) == set(State)
    assert {s for s in State if not NEXT[s]} == {State.LEFT, State.REFUSED, State.LAPSED, State.FAILED, State.GONE}


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ((LIN[0], "换了姓名", ""), True),
        ((uuid4(), "林晓岚", ""), True),
        ((uuid4(), "另一个账号", "19900000001"), True),
        ((uuid4(), "吴海燕", "19900000002"), False),
    ],
)
def test_another_account_of_the_same_person_is_known_by_name_or_phone(other, same):
    assert same_person(LIN, other) is same
    assert same_person(other, LIN) is same


def test_two_people_without_phones_are_two():
    assert not same_person((uuid4(), "甲", ""), (uuid4(), "乙", ""))


def test_a_chief_sees_fewer_people_than_a_worker_and_those_above_the_fewest():
    assert BUDGETS[Role.CHIEF] < BUDGETS[Role.GRID] < BUDGETS[Role.WORKER]
    assert max(BUDGETS[r] for r in (Role.STREET, Role.DISTRICT, Role.CITY, Role.DEPARTMENT)) <= AT_ONCE
    assert set(BUDGETS) == set(Role), "a new role says how much it may see"


@pytest.mark.parametrize("role", list(Role))
def test_a_program_may_see_what_its_holder_may_and_never_a_register(role):
    assert budget_of(role, "page") <= budget_of(role, "api") == API_BUDGET


def test_nobody_in_no_post_sees_anybody():
    assert budget_of(None, "page") == budget_of(None, "api") == 0


@pytest.fixture
def mark():
    return Mark("20261128-3F9A2C", "林晓岚", AT, "月度核对")


def test_a_mark_says_who_when_why_and_the_number(mark):
    assert mark.text == "导出人：林晓岚　2026-11-28 09:05　编号：20261128-3F9A2C　用途：月度核对"


def test_a_mark_without_a_reason_says_nothing_of_one(mark):
    assert "用途" not in Mark(mark.number, mark.who, AT, "").text


def test_each_row_of_a_plain_table_carries_the_mark(mark):
    head, rows = mark.onto(["姓名"], [["甲"], ["乙"]])
    assert head == ["姓名", MARKED]
    assert rows == [["甲", mark.text], ["乙", mark.text]]


def test_a_table_for_the_console_keeps_its_columns(mark):
    plain = Mark(mark.number, mark.who, AT, mark.reason, in_rows=False)
    assert plain.onto(["姓名"], [["甲"]]) == (["姓名"], [["甲"]])


@given(name=st.text("居民名单.-_ a", min_size=1, max_size=200))
@settings(max_examples=40, deadline=None)
def test_a_name_keeps_its_number_whatever_its_length(name):
    named = Mark("20261128-3F9A2C", "", AT, "").named(f"a{name}.csv")
    assert named.endswith("_20261128-3F9A2C.csv")
    assert len(named) <= 112


def test_the_number_is_of_the_day_in_shanghai():
    late = datetime(2026, 11, 28, 23, 30, tzinfo=ZONE)
    assert number_of(UUID(int=0xABCDEF), late) == "20261128-ABCDEF"
