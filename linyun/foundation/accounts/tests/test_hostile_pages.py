"""The pages of accounts asked in every wrong way: each answers in words, tells nothing and changes nothing."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from linyun.foundation.accounts import factor, people, services, sessions
from linyun.foundation.accounts.models import Account, Post
from linyun.foundation.accounts.policy import Refused, may, require
from linyun.foundation.accounts.rules import LADDER, MANAGERS, fits, may_give, may_manage
from linyun.foundation.acts.actor import Actor, acting
from linyun.foundation.acts.models import Act
from linyun.foundation.areas.scope import within
from linyun.kernel import clock
from linyun.kernel.declare import Role
from tests.characters import BUILDING, CHARACTERS, DISTRICT, GRID, HERE, STREET, THERE

As = Callable[[str], AbstractContextManager[Actor]]
Browser = Callable[[str], Client]
LIST = "/account/people"
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def everything() -> list[tuple[object, ...]]:
    with within(""):
        posts = list(
            Post.objects.order_by("id").values_list("id", "account_id", "role", "area", "department", "valid_to")
        )
    return posts + list(
        Account.objects.order_by("username").values_list("username", "password", "session_round", "is_active")
    )


# Questions


@pytest.mark.parametrize(
    "question",
    ["?q=%00", "?q=%25", "?q=" + "x" * 5000, "?role=king", "?role=", "?state=gone", "?after=x", "?after=%00",
     "?q=<script>alert(1)</script>"],
)  # fmt: skip
def test_any_question_to_the_list_is_answered(client_of: Browser, cast: dict[str, Post], question: str) -> None:
    answer = client_of("shen").get(LIST + question)
    assert answer.status_code in (200, 400)
    assert "<script>alert(1)" not in answer.content.decode()


@pytest.mark.parametrize("q", ["%", "_", "\\"])
def test_signs_of_patterns_are_taken_as_they_stand(client_of: Browser, cast: dict[str, Post], q: str) -> None:
    assert "林晓岚" not in client_of("shen").get(LIST, {"q": q}).content.decode()


def test_the_list_of_closed_accounts_is_another_one(
    client_of: Browser, cast: dict[str, Post], as_character: As
) -> None:
    with as_character("shen"):
        services.close_account(cast["lin"].account)
    client = client_of("shen")
    assert "林晓岚" not in client.get(LIST).content.decode()
    closed = client.get(LIST + "?state=closed").content.decode()
    assert "林晓岚" in closed and "吴海燕" not in closed


def test_the_list_can_be_of_one_role_held_now(client_of: Browser, cast: dict[str, Post], as_character: As) -> None:
    with as_character("shen"):
        services.end_post(cast["chen"])
    page = client_of("shen").get(LIST + "?role=grid").content.decode()
    assert "陈志远" not in page and "没有这样的账号" in page


# What one may not reach


@pytest.mark.parametrize("path", ["", "/post", "/step"])
def test_foreign_and_absent_accounts_look_the_same(client_of: Browser, cast: dict[str, Post], path: str) -> None:
    client = client_of("shen")
    method = client.post if path else client.get
    answers = [method(f"{LIST}/{pk}{path}") for pk in (cast["gu"].account_id, cast["yan"].account_id, uuid4())]
    assert {a.status_code for a in answers} == {404}
    assert len({a.content.decode().split("csrf")[0] for a in answers}) == 1


@pytest.mark.parametrize("key", [c.key for c in CHARACTERS.values() if c.role not in MANAGERS])
@pytest.mark.parametrize("path", ["", "/new", "/many", "/export"])
def test_who_manages_nobody_sees_no_page_of_it(client_of: Browser, cast: dict[str, Post], key: str, path: str) -> None:
    client = client_of(key)
    assert (client.post if path == "/export" else client.get)(LIST + path).status_code == 403


def test_a_post_of_a_foreign_area_cannot_be_ended_by_its_number(client_of: Browser, cast: dict[str, Post]) -> None:
    before = everything()
    for key in ("gu", "lu", "yan", "he"):
        answer = client_of("shen").post(f"{LIST}/posts/{cast[key].pk}/end", {"reason": "x"})
        assert answer.status_code in (403, 404), key
    assert everything() == before


@pytest.mark.parametrize("step", ["", "password", "factor", "sessions", "close", "reopen", "delete", "is_active"])
def test_no_step_is_done_without_a_reason(client_of: Browser, cast: dict[str, Post], step: str) -> None:
    before = everything()
    for reason in ("", "  ", "\x00", "\n"):
        answer = client_of("shen").post(f"{LIST}/{cast['lin'].account_id}/step", {"step": step, "reason": reason})
        assert answer.status_code == 422 and "请写明原因" in answer.content.decode()
    assert everything() == before


def test_an_unknown_step_with_a_good_reason_is_refused_too(client_of: Browser, cast: dict[str, Post]) -> None:
    before = everything()
    answer = client_of("shen").post(f"{LIST}/{cast['lin'].account_id}/step", {"step": "delete", "reason": "离职"})
    assert answer.status_code == 422 and "请选要做的事" in answer.content.decode()
    assert everything() == before


def test_a_reason_longer_than_the_books_is_cut_and_kept(client_of: Browser, cast: dict[str, Post]) -> None:
    client_of("shen").post(f"{LIST}/{cast['lin'].account_id}/step", {"step": "sessions", "reason": "丢" * 5000})
    with within(HERE):
        reason = Act.objects.get(verb="sessions_ended").reason
    assert reason and set(reason) == {"丢"} and len(reason) < 5000


def test_a_password_is_shown_once_and_the_page_is_kept_by_nobody(client_of: Browser, cast: dict[str, Post]) -> None:
    answer = client_of("shen").post(f"{LIST}/{cast['lin'].account_id}/step", {"step": "password", "reason": "忘了"})
    assert "no-store" in answer["Cache-Control"]
    shown = answer.content.decode().split('<b class="num">')[1].split("<")[0]
    assert Account.objects.get(username="lin").check_password(shown)
    again = client_of("shen").get(f"{LIST}/{cast['lin'].account_id}").content.decode()
    assert shown not in again


# Sessions that were tampered with


@pytest.mark.parametrize("key", [sessions.BEGAN_KEY, sessions.SEEN_KEY])
@pytest.mark.parametrize("value", [None, "soon", [], {}, "1e9"])
def test_a_session_whose_clock_nobody_can_read_is_over(
    client_of: Browser, cast: dict[str, Post], key: str, value: object
) -> None:
    client = client_of("lin")
    session = client.session
    session[key] = value
    session.save()
    assert client.get("/account/post")["Location"].startswith("/account/login")


@pytest.mark.parametrize("shown", [1, "yes", "True", [True]])
def test_only_a_factor_that_was_really_shown_counts(client_of: Browser, cast: dict[str, Post], shown: object) -> None:
    client = client_of("shen")
    session = client.session
    session[sessions.FACTOR_KEY] = shown
    session.save()
    assert client.get("/account/post")["Location"].startswith("/account/second-factor")


def test_a_code_of_somebody_elses_phone_shows_nothing(client_of: Browser, cast: dict[str, Post]) -> None:
    factor.tie(cast["shen"].account, SECRET)
    with within(""):
        assert factor.check(cast["gu"].account, "123456") == ""
        assert factor.check(cast["gu"].account, "12345678") == ""


# Rules


@given(role=st.sampled_from(list(Role)), giver=st.sampled_from(list(Role)), area=st.text("0123456789", max_size=20))
def test_nobody_gives_what_does_not_fit_or_lies_outside(role: Role, giver: Role, area: str) -> None:
    if may_give(giver, STREET, role, area):
        assert giver in MANAGERS and fits(role, area) and area.startswith(STREET)
    assert not may_give(giver, STREET, role, THERE[:8] + "8" + THERE[9:])


@given(role=st.sampled_from(LADDER))
def test_nobody_gives_a_post_of_their_own_height_or_above(role: Role) -> None:
    for above in LADDER[: LADDER.index(role) + 1]:
        assert not any(may_give(role, "31", above, area) for area in ("31", DISTRICT, STREET, HERE, GRID, BUILDING))


def test_an_account_without_any_post_is_managed_by_whoever_manages_at_all() -> None:
    assert may_manage(Role.STREET, STREET, [])
    assert not may_manage(Role.STREET, STREET, [(Role.WORKER, HERE), (Role.DISTRICT, DISTRICT)])


@pytest.mark.parametrize("key", CHARACTERS)
def test_what_is_offered_to_give_is_what_may_be_given(cast: dict[str, Post], as_character: As, key: str) -> None:
    with as_character(key) as actor:
        offered = {Role(code) for code, _ in people.givable(actor)}
        possible = {r for r in Role for area in (DISTRICT, STREET, HERE, GRID, BUILDING, "31")
                    if actor.role and may_give(actor.role, actor.area or "", r, area)}  # fmt: skip
    assert possible <= offered
    assert bool(offered) == (actor.role in MANAGERS)


def test_a_word_that_no_manifest_declares_is_neither_allowed_nor_refused() -> None:
    nobody = Actor("无名")
    with pytest.raises(KeyError):
        may(nobody, "account.mange")
    assert not may(nobody, "account.manage") and may(nobody, "account.sign_in")
    with pytest.raises(Refused, match="管理账号和岗位"):
        require(nobody, "account.manage")


def test_an_actor_without_area_may_nothing_that_asks_for_one() -> None:
    with acting(Actor("无名", role=Role.OPERATOR)), pytest.raises(Refused):
        services.open_account("x", "某人", Role.WORKER, HERE)


def test_sessions_are_written_once_a_minute_and_no_more(client_of: Browser, cast: dict[str, Post]) -> None:
    client = client_of("lin")
    client.get("/account/post")
    first = client.session[sessions.SEEN_KEY]
    client.get("/account/post")
    assert client.session[sessions.SEEN_KEY] == first
    session = client.session
    session[sessions.SEEN_KEY] = (clock.now() - timedelta(minutes=2)).timestamp()
    session.save()
    client.get("/account/post")
    assert client.session[sessions.SEEN_KEY] >= first
