"""Lifetimes, limits and sentences, without a database."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from linyun.front.gateway import rules
from linyun.front.gateway.rules import (
    PER_MINUTE,
    digest_of,
    field_of,
    has_controls,
    minute_of,
    new_secret,
    sentences,
    wait,
)
from linyun.front.gateway.schemas import VisitIn
from linyun.kernel.clock import ZONE

NOON = datetime(2026, 11, 23, 12, 0, 0, tzinfo=ZONE)


def test_a_token_says_what_it_is_and_is_never_the_same() -> None:
    secrets = {new_secret() for _ in range(100)}
    assert len(secrets) == 100
    assert all(s.startswith("linyun_") and len(s) == len("linyun_") + 43 for s in secrets)


def test_what_is_kept_of_a_token_is_sha_256() -> None:
    assert digest_of("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert len(digest_of("\ud800 nonsense")) == 64


def test_within_the_limit_nobody_waits_and_beyond_until_the_minute_is_over() -> None:
    assert wait(PER_MINUTE, NOON) == 0
    assert wait(PER_MINUTE + 1, NOON) == 60
    assert wait(PER_MINUTE + 1, NOON + timedelta(seconds=59.9)) == 1
    assert wait(PER_MINUTE + 1, NOON + timedelta(seconds=30)) == 30


@given(st.datetimes(timezones=st.just(ZONE)), st.integers(0, 10_000))
def test_after_the_wait_a_new_minute_has_begun(now: datetime, used: int) -> None:
    seconds = wait(used, now)
    assert (seconds == 0) == (used <= PER_MINUTE)
    if seconds and now.year < 9999:
        assert seconds in range(1, 61)
        assert minute_of(now + timedelta(seconds=seconds)) > minute_of(now)


@pytest.mark.parametrize("text", ["a\x00b", "\x1b[31m", "x\x7f", "\x08"])
def test_control_characters_are_noticed(text: str) -> None:
    assert has_controls(text)


@given(st.text(st.characters(categories=("L", "N", "P", "S", "Z"))))
def test_what_people_write_holds_none(text: str) -> None:
    assert not has_controls(text + "\n\t\r")


@pytest.mark.parametrize(
    ("place", "field"),
    [
        (("query", "limit"), "limit"),
        (("path", "person_id"), "person_id"),
        (("header", "X-Reason"), "X-Reason"),
        (("body", "visit", "visited_on"), "visited_on"),
        (("body", "visit", "items", "phone", "str"), "items.phone"),
        (("body", "visit", "items"), "items"),
        (("body", "visit"), "visit"),
        (("body",), "body"),
        ((), "body"),
    ],
)
def test_places_lead_to_fields(place: tuple[Any, ...], field: str) -> None:
    assert field_of(place) == field


def refusals(**more: Any) -> dict[str, str]:
    """What is said of a visit with such fields."""
    whole = {"id": "018f3c1e-7d2a-7b3c-9d4e-5f6a7b8c9d0e", "visited_on": "2026-11-02", "mode": "2"}
    with pytest.raises(ValidationError) as refused:
        VisitIn.model_validate({k: v for k, v in (whole | more).items() if v is not ...})
    return sentences([{**e, "loc": ("body", "visit", *e["loc"])} for e in refused.value.errors()])


def test_each_field_gets_one_chinese_sentence() -> None:
    said = refusals(id="x", visited_on=None, mode=..., situation=5, needs="\x00", items={"phone": {"a": 1}}, more=1)
    assert set(said) == {"id", "visited_on", "mode", "situation", "needs", "items.phone", "more"}
    assert said["mode"] == "请填写这一项"
    assert said["situation"] == "请填文字"
    assert said["needs"] == "文字里有控制字符，请去掉后再送"
    assert all("\u4e00" <= s[0] <= "\u9fff" for s in said.values())


def test_of_several_possible_types_the_telling_reason_is_told() -> None:
    assert refusals(items={"remark": "长" * 2001}) == {"items.remark": "最多 2000 个字"}
    assert refusals(items={"remark": "a\x00"}) == {"items.remark": "文字里有控制字符，请去掉后再送"}
    assert refusals(items={"remark": "\ud800"}) == {"items.remark": "文字里有不能保存的字符，请去掉后再送"}
    assert refusals(items={"kinds": ["x"] * 101}) == {"items.kinds": "最多 100 项"}


def test_what_nobody_thought_of_still_gets_a_sentence() -> None:
    assert sentences([{"type": "frozen_instance", "loc": ("query", "q")}]) == {"q": rules.OTHERWISE}
    assert sentences([]) == {}
