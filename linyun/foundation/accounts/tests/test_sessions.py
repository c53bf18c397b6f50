"""How long a session lives, and what ends it at once."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client

from linyun.foundation.accounts import services
from linyun.foundation.accounts.models import Account, Post
from linyun.foundation.accounts.services import end_post, end_sessions
from linyun.foundation.acts.actor import Actor
from linyun.kernel import clock
from tests.characters import PASSWORD

As = Callable[[str], AbstractContextManager[Actor]]
Browser = Callable[[str], Client]


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """``later(minutes=29)``: the clock goes on."""
    shift = timedelta()

    def go_on(**span: float) -> None:
        nonlocal shift
        shift += timedelta(**span)

    monkeypatch.setattr(clock, "now", lambda: datetime.now(clock.ZONE) + shift)
    return go_on


def is_in(client: Client) -> bool:
    return client.get("/account/post").status_code == 200


@pytest.mark.parametrize(("who", "minutes"), [("lin", 120), ("chen", 120), ("zhou", 120), ("shen", 30), ("yan", 30)])
def test_a_silent_session_ends(client_of: Browser, later: Callable[..., None], who: str, minutes: int) -> None:
    client = client_of(who)
    later(minutes=minutes - 1)
    assert is_in(client)
    later(minutes=minutes - 1)
    assert is_in(client), "the last use counts, not the sign-in"
    later(minutes=minutes)
    answer = client.get("/account/post")
    assert answer["Location"] == "/account/login?next=%2Faccount%2Fpost"
    assert "登录已到期" in client.get(answer["Location"]).content.decode()


def test_a_busy_session_ends_after_eight_hours(client_of: Browser, later: Callable[..., None]) -> None:
    client = client_of("lin")
    for _ in range(4):
        later(minutes=110)
        assert is_in(client)
    later(minutes=39)
    assert is_in(client)
    later(minutes=2)
    assert not is_in(client)


def test_an_ended_session_is_gone_on_the_server_too(client_of: Browser, later: Callable[..., None]) -> None:
    client = client_of("lin")
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    later(hours=3)
    is_in(client)
    later(hours=-3)
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    assert not is_in(client)


def test_a_session_made_by_other_means_counts_as_ended(client: Client, cast: dict[str, Post]) -> None:
    client.force_login(cast["lin"].account)
    assert not is_in(client)


def test_the_last_use_is_written_at_most_once_a_minute(
    client_of: Browser, later: Callable[..., None], assert_queries: Callable[..., AbstractContextManager[object]]
) -> None:
    client = client_of("lin")
    with assert_queries(2):
        is_in(client)
    later(minutes=1)
    with assert_queries(3):
        is_in(client)


def test_another_password_ends_all_other_sessions(client_of: Browser) -> None:
    here, there = client_of("lin"), client_of("lin")
    answer = here.post(
        "/account/password",
        {"old": PASSWORD, "new": "four-plain-unrelated", "again": "four-plain-unrelated", "next": "/account/post"},
    )
    assert (answer.status_code, answer["Location"]) == (303, "/account/post")
    assert is_in(here)
    assert not is_in(there)


def test_a_password_given_by_an_officer_ends_all_sessions(
    client_of: Browser, cast: dict[str, Post], as_character: As
) -> None:
    client = client_of("lin")
    with as_character("shen"):
        services.set_password(cast["lin"].account, "given-by-the-street")
    assert not is_in(client)


def test_closing_an_account_ends_its_sessions(client_of: Browser, cast: dict[str, Post], as_character: As) -> None:
    client = client_of("lin")
    with as_character("shen"):
        services.close_account(cast["lin"].account)
    assert not is_in(client)
    assert client.post("/account/login", {"username": "lin", "password": PASSWORD}).status_code == 422


def test_the_end_of_the_last_post_ends_the_sessions(
    client_of: Browser, cast: dict[str, Post], as_character: As
) -> None:
    client = client_of("lin")
    with as_character("yan"):
        other = services.give_post(cast["lin"].account, cast["zhou"].role, cast["zhou"].area_id)
    with as_character("shen"):
        end_post(cast["lin"])
    assert is_in(client), "one post is left"
    with as_character("shen"):
        end_post(other)
    assert client.get("/account/post")["Location"].startswith("/account/login")


def test_untying_a_second_factor_ends_the_sessions(client_of: Browser, cast: dict[str, Post], as_character: As) -> None:
    client = client_of("shen")
    with as_character("gu"):
        services.reset_second_factor(cast["shen"].account)
    assert not is_in(client)


def test_ending_sessions_touches_nobody_else(client_of: Browser, cast: dict[str, Post]) -> None:
    lin, wu = client_of("lin"), client_of("wu")
    end_sessions(cast["lin"].account)
    assert not is_in(lin)
    assert is_in(wu)


def test_a_change_of_the_signing_key_signs_nobody_out(
    client_of: Browser, cast: dict[str, Post], settings: pytest.FixtureRequest
) -> None:
    account = Account.objects.get(username="lin")
    before = account.get_session_auth_hash()
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]  # type: ignore[attr-defined]
    settings.SECRET_KEY = "another key"  # type: ignore[attr-defined]
    assert account.get_session_auth_hash() != before
    assert list(account.get_session_auth_fallback_hash()) == [before]
