"""Signing in with name and password: what the page says, what is counted, what is written down."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client
from django.urls import reverse

from linyun.foundation.accounts import attempts, jobs
from linyun.foundation.accounts.models import Account, Attempt, Post
from linyun.foundation.acts.models import Act
from linyun.foundation.areas.scope import within
from linyun.kernel import clock
from tests.characters import HERE, PASSWORD

LOGIN = "/account/login"
WRONG = "登录名或密码不对"


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """``later(minutes=15)``: the clock goes on."""
    shift = timedelta()

    def go_on(**span: float) -> None:
        nonlocal shift
        shift += timedelta(**span)

    monkeypatch.setattr(clock, "now", lambda: datetime.now(clock.ZONE) + shift)
    yield go_on


def attempt(client: Client, username: str = "lin", password: str = PASSWORD, ip: str = "10.1.1.1", **more: str):
    return client.post(LOGIN, {"username": username, "password": password, **more}, REMOTE_ADDR=ip)


def acts(*verbs: str) -> list[Act]:
    """Acts of these kinds, oldest first, wherever they were filed."""
    with within(""):
        return list(Act.objects.filter(verb__in=verbs).order_by("at", "id"))


def test_the_page_asks_for_name_and_password(client: Client, db: None) -> None:
    page = client.get(LOGIN + "?next=/desk/people")
    text = page.content.decode()
    assert page.status_code == 200
    assert 'name="username"' in text and 'type="password"' in text and 'autocomplete="current-password"' in text
    assert 'value="/desk/people"' in text
    assert page["Cache-Control"] == "no-store, private"


def test_a_worker_comes_in(client: Client, cast: dict[str, Post]) -> None:
    answer = attempt(client, next="/account/post")
    assert (answer.status_code, answer["Location"]) == (302, "/account/post")
    assert client.get("/account/post").status_code == 200
    (act,) = acts("signed_in")
    assert (act.account_id, act.area, act.ip, act.detail["factor"]) == (cast["lin"].account_id, HERE, "10.1.1.1", "")


@pytest.mark.parametrize("typed", ["LIN", " lin ", "Lin"])
def test_the_name_is_taken_as_people_type_it(client: Client, cast: dict[str, Post], typed: str) -> None:
    assert attempt(client, typed).status_code == 302


def test_whoever_is_in_goes_on(client_of: Callable[[str], Client]) -> None:
    answer = client_of("lin").get(LOGIN + "?next=/account/post")
    assert (answer.status_code, answer["Location"]) == (302, "/account/post")


def test_nobody_learns_whether_a_name_exists(client: Client, cast: dict[str, Post]) -> None:
    Account.objects.filter(username="wu").update(is_active=False)
    wrong = attempt(client, "lin", "not the password", ip="10.0.0.1")
    unknown = attempt(client, "nobody", "not the password", ip="10.0.0.2")
    closed = attempt(client, "wu", PASSWORD, ip="10.0.0.3")
    for answer in (wrong, unknown, closed):
        assert answer.status_code == 422
        assert WRONG in answer.content.decode()
        assert "not the password" not in answer.content.decode()
    assert len({answer.content.decode().split(WRONG)[1].split("csrf")[0] for answer in (wrong, unknown, closed)}) == 1


@pytest.mark.parametrize("username", ["lin", "nobody"])
def test_an_unknown_name_costs_as_much_work(
    client: Client, cast: dict[str, Post], monkeypatch: pytest.MonkeyPatch, username: str
) -> None:
    hashed: list[str] = []
    plain = MD5PasswordHasher.encode

    def counted(self: MD5PasswordHasher, password: str, salt: str) -> str:
        hashed.append(password)
        return plain(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    attempt(client, username, "not the password")
    assert hashed == ["not the password"]


def test_five_wrong_passwords_lock_for_a_quarter_of_an_hour(
    client: Client, cast: dict[str, Post], later: Callable[..., None]
) -> None:
    assert [attempt(client, password="wrong").status_code for _ in range(5)] == [422, 422, 422, 422, 429]
    locked = attempt(client)
    assert locked.status_code == 429
    assert "请 15 分钟后再试" in locked.content.decode()
    later(minutes=13)
    assert "请 2 分钟后再试" in attempt(client).content.decode()
    later(minutes=2, seconds=1)
    assert attempt(client).status_code == 302


def test_a_lock_does_not_say_whether_the_name_exists(client: Client, cast: dict[str, Post]) -> None:
    for username in ("lin", "nobody"):
        for _ in range(5):
            last = attempt(client, username, "wrong", ip="10.0.0.9" if username == "lin" else "10.0.0.8")
        assert last.status_code == 429


def test_a_lock_is_for_one_name_from_one_address(client: Client, cast: dict[str, Post]) -> None:
    for _ in range(5):
        attempt(client, "lin", "wrong", ip="10.0.0.1")
    assert attempt(client, "wu", ip="10.0.0.1").status_code == 302
    assert attempt(Client(), "lin", ip="10.0.0.2").status_code == 302


def test_a_right_password_begins_the_count_anew(client: Client, cast: dict[str, Post]) -> None:
    for _ in range(4):
        attempt(client, password="wrong")
    assert attempt(client).status_code == 302
    assert [attempt(Client(), password="wrong").status_code for _ in range(5)] == [422, 422, 422, 422, 429]


def test_thirty_wrong_attempts_lock_an_address_whatever_the_names(client: Client, cast: dict[str, Post]) -> None:
    for n in range(30):
        attempt(client, f"name{n}", "wrong")
    assert attempt(client, "lin").status_code == 429
    assert attempt(client, "lin", ip="10.9.9.9").status_code == 302


def test_waiting_attempts_are_not_counted(client: Client, cast: dict[str, Post], later: Callable[..., None]) -> None:
    """Else somebody who keeps trying would lock a worker out for the whole day."""
    for _ in range(5):
        attempt(client, password="wrong")
    later(minutes=10)
    for _ in range(5):
        attempt(client, password="wrong")
    later(minutes=5, seconds=1)
    assert attempt(client).status_code == 302


def test_refused_attempts_are_written_down_without_what_was_typed(client: Client, cast: dict[str, Post]) -> None:
    attempt(client, "my-secret-password", "x")
    for _ in range(5):
        attempt(client, "lin", "also-secret")
    written = acts("sign_in_refused")
    assert [(a.area, a.detail["account_id"], a.detail["locked"]) for a in written] == [("", None, False)] + [
        (HERE, str(cast["lin"].account_id), locked) for locked in (False, False, False, False, True)
    ]
    assert {a.actor_name for a in written} == {"未登录者"}
    kept = str([(a.detail, a.reason, a.actor_name) for a in written]) + str(list(Attempt.objects.values()))
    assert "secret" not in kept


def test_attempts_of_a_worker_are_seen_by_no_other_committee(client: Client, cast: dict[str, Post]) -> None:
    attempt(client, "lin", "wrong")
    with within("310110009017"):
        assert not Act.objects.filter(verb="sign_in_refused").exists()


def test_a_new_session_key_at_sign_in(client: Client, cast: dict[str, Post]) -> None:
    """A key that somebody planted in the browser before is worth nothing after."""
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = before = session.session_key
    attempt(client)
    assert client.cookies[settings.SESSION_COOKIE_NAME].value not in ("", before)


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example/desk", "javascript:alert(1)", "/\\evil.example", "https:evil.example"],
)
def test_signing_in_leads_to_no_other_site(client: Client, cast: dict[str, Post], elsewhere: str) -> None:
    assert attempt(client, next=elsewhere)["Location"] == reverse("desk")
    assert elsewhere not in Client().get(LOGIN, {"next": elsewhere}).content.decode()


def test_the_form_needs_its_csrf_token(cast: dict[str, Post]) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert attempt(strict).status_code == 403
    token = strict.get(LOGIN).content.decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    assert attempt(strict, csrfmiddlewaretoken=token).status_code == 302


def test_what_was_typed_as_a_name_comes_back_escaped(client: Client, db: None) -> None:
    page = attempt(client, '"><script>alert(1)</script>', "x").content.decode()
    assert "<script>alert(1)" not in page and "&lt;script&gt;alert(1)" in page


def test_signing_out_ends_the_session(client_of: Callable[[str], Client], cast: dict[str, Post]) -> None:
    client = client_of("lin")
    old = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert client.get("/account/logout").status_code == 405
    assert client.post("/account/logout")["Location"] == LOGIN
    client.cookies[settings.SESSION_COOKIE_NAME] = old
    assert client.get("/account/post").status_code == 302
    (act,) = acts("signed_out")
    assert act.account_id == cast["lin"].account_id


def test_signing_out_twice_does_no_harm(client: Client, db: None) -> None:
    assert client.post("/account/logout")["Location"] == LOGIN
    assert acts("signed_out") == []


def test_old_attempts_and_sessions_are_forgotten_at_night(
    client: Client, cast: dict[str, Post], later: Callable[..., None]
) -> None:
    attempt(client, password="wrong")
    attempts.forget_old()
    assert Attempt.objects.count() == 1
    later(days=31)
    attempt(client, password="wrong")
    jobs.tidy(0)
    assert Attempt.objects.count() == 1


def test_accounts_without_a_usable_password_let_nobody_in(client: Client, cast: dict[str, Post]) -> None:
    account = Account.objects.create_user("fresh", name="新人")
    assert not account.has_usable_password()
    assert attempt(client, "fresh", "").status_code == 422
    assert attempt(client, "fresh", account.password).status_code == 422


def test_who_holds_no_post_is_told_so(client: Client, areas: object) -> None:
    Account.objects.create_user("idle", PASSWORD, name="无岗")
    assert attempt(client, "idle").status_code == 302
    page = client.get("/account/post")
    assert page.status_code == 403
    assert "您还没有岗位" in page.content.decode()
