"""The second factor: tied once, asked at every sign-in, useless to who only looked over a shoulder."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client
from django.urls import reverse

from linyun.foundation.accounts import factor
from linyun.foundation.accounts.models import Account, Attempt, Post
from linyun.foundation.accounts.rules import STEP, code_at
from linyun.foundation.acts.models import Act
from linyun.foundation.areas.scope import within
from linyun.kernel import clock
from tests.characters import PASSWORD, STREET

LOGIN, FACTOR = "/account/login", "/account/second-factor"
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


class Phone:
    """An authenticator app with a clock that the test sets."""

    def __init__(self, secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.secret = secret
        self.shift = timedelta()
        monkeypatch.setattr(clock, "now", lambda: datetime.now(clock.ZONE) + self.shift)

    def code(self) -> str:
        """The six digits it shows now."""
        return code_at(self.secret, int(clock.now().timestamp()) // STEP)

    def wait(self, **span: float) -> None:
        """Time goes by."""
        self.shift += timedelta(**span)


@pytest.fixture
def phone(monkeypatch: pytest.MonkeyPatch) -> Phone:
    return Phone(SECRET, monkeypatch)


@pytest.fixture
def shen(cast: dict[str, Post]) -> Account:
    """The street officer, whose phone is tied."""
    factor.tie(cast["shen"].account, SECRET)
    return cast["shen"].account


def password_given(username: str = "shen", onward: str = "/account/post") -> Client:
    """A browser in which the right password was given."""
    client = Client()
    client.post(LOGIN, {"username": username, "password": PASSWORD, "next": onward})
    return client


def show(client: Client, code: str, **more: str):
    return client.post(FACTOR, {"code": code, **more})


def verbs() -> list[str]:
    with within(""):
        return list(Act.objects.order_by("at", "id").values_list("verb", flat=True))


def is_in(client: Client) -> bool:
    return client.get("/account/post").status_code == 200


def test_a_password_alone_opens_nothing_above_the_committee(shen: Account) -> None:
    client = Client()
    answer = client.post(LOGIN, {"username": "shen", "password": PASSWORD, "next": "/account/post"})
    assert answer["Location"] == FACTOR + "?next=%2Faccount%2Fpost"
    for route in ("/account/post", "/account/password", reverse("desk")):
        assert client.get(route)["Location"].startswith(FACTOR)
        assert client.post(route)["Location"].startswith(FACTOR)
    assert "signed_in" not in verbs()


def test_password_and_code_open_the_door(shen: Account, phone: Phone) -> None:
    client = password_given()
    assert 'autocomplete="one-time-code"' in client.get(FACTOR).content.decode()
    answer = show(client, phone.code(), next="/account/post")
    assert (answer.status_code, answer["Location"]) == (302, "/account/post")
    assert is_in(client)
    with within(STREET):
        assert Act.objects.get(verb="signed_in").detail["factor"] == "totp"


def test_the_session_gets_a_new_key_with_the_second_factor(shen: Account, phone: Phone) -> None:
    client = password_given()
    before = client.cookies[settings.SESSION_COOKIE_NAME].value
    show(client, phone.code())
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != before


def test_codes_are_read_as_phones_show_them(shen: Account, phone: Phone) -> None:
    code = phone.code()
    assert show(password_given(), f" {code[:3]} {code[3:]} ").status_code == 302


def test_a_code_works_once(shen: Account, phone: Phone) -> None:
    code = phone.code()
    assert show(password_given(), code).status_code == 302
    thief = password_given()
    assert show(thief, code).status_code == 422
    assert not is_in(thief)
    phone.wait(seconds=STEP)
    assert show(thief, phone.code()).status_code == 302


@pytest.mark.parametrize("code", ["", "abcdef", "000000000", "１２３４５６", "12345", "👍"])
def test_anything_else_is_refused_in_words(shen: Account, phone: Phone, code: str) -> None:
    answer = show(password_given(), code)
    assert answer.status_code == 422
    assert "验证码不对或者已经用过" in answer.content.decode()


def test_five_wrong_codes_lock_from_every_address(shen: Account, phone: Phone) -> None:
    clients = [password_given() for _ in range(6)]
    for n, client in enumerate(clients[:5]):
        answer = client.post(FACTOR, {"code": "000000"}, REMOTE_ADDR=f"10.0.0.{n}")
    assert answer.status_code == 429
    locked = clients[5].post(FACTOR, {"code": phone.code()}, REMOTE_ADDR="10.7.7.7")
    assert locked.status_code == 429 and "15 分钟后再试" in locked.content.decode()
    phone.wait(minutes=15, seconds=1)
    assert show(clients[5], phone.code()).status_code == 302
    assert verbs().count("sign_in_refused") == 5


def test_a_recovery_code_works_once_in_place_of_the_phone(cast: dict[str, Post]) -> None:
    codes = factor.tie(cast["shen"].account, SECRET)
    assert len(set(codes)) == 10 and all(re.fullmatch(r"\d{8}", c) for c in codes)
    first = password_given()
    assert show(first, f"{codes[3][:4]} {codes[3][4:]}").status_code == 302
    assert show(password_given(), codes[3]).status_code == 422
    assert factor.codes_left(cast["shen"].account) == 9
    with within(STREET):
        assert Act.objects.get(verb="signed_in").detail["factor"] == "recovery"


def test_who_has_no_phone_tied_ties_one_first(cast: dict[str, Post], monkeypatch: pytest.MonkeyPatch) -> None:
    client = password_given()
    page = client.get(FACTOR).content.decode()
    assert "<svg" in page and "绑定手机验证器" in page and "style=" not in page
    secret = re.search(r"<code>([A-Z2-7 ]{39})</code>", page)
    assert secret is not None
    phone = Phone(secret[1].replace(" ", ""), monkeypatch)
    assert show(client, "000000").status_code == 422
    assert not factor.is_tied(cast["shen"].account_id)
    done = show(client, phone.code(), next="/account/post")
    codes = re.findall(r"<code>(\d{4}) (\d{4})</code>", done.content.decode())
    assert done.status_code == 200 and len(codes) == 10
    assert is_in(client)
    assert verbs() == ["second_factor_set", "signed_in"]
    assert codes[0][0] + codes[0][1] not in client.get(FACTOR).content.decode()
    again = password_given()
    assert show(again, "".join(codes[0])).status_code == 302


def test_the_offered_secret_stays_the_same_until_it_is_taken(cast: dict[str, Post]) -> None:
    client = password_given()
    first, second = (re.search(r"<code>([^<]+)</code>", client.get(FACTOR).content.decode()) for _ in range(2))
    assert first and second and first[1] == second[1]


def test_secrets_lie_sealed_in_the_database(shen: Account) -> None:
    password_given("gu").get(FACTOR)
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert SECRET not in kept
    assert "s1:" in kept
    for session in (c.session for c in [password_given("gu")]):
        assert not re.search(r"[A-Z2-7]{32}", str(dict(session)))


def test_a_stranger_to_the_session_sees_no_second_factor(client: Client, db: None) -> None:
    assert client.get(FACTOR)["Location"].startswith(LOGIN)
    assert client.post(FACTOR, {"code": "123456"})["Location"].startswith(LOGIN)
    assert not Attempt.objects.exists()


def test_a_worker_may_tie_a_phone_and_is_then_asked_for_it(cast: dict[str, Post], phone: Phone) -> None:
    assert is_in(password_given("lin"))
    factor.tie(cast["lin"].account, SECRET)
    client = password_given("lin")
    assert not is_in(client)
    show(client, phone.code())
    assert is_in(client)


def test_new_recovery_codes_void_the_old_ones(cast: dict[str, Post], phone: Phone) -> None:
    old = factor.tie(cast["shen"].account, SECRET)
    client = password_given()
    show(client, phone.code())
    assert "还有 10 个恢复码" in client.get(FACTOR).content.decode()
    assert show(client, "000000", step="codes").status_code == 422
    phone.wait(seconds=STEP)
    page = show(client, phone.code(), step="codes").content.decode()
    new = ["".join(pair) for pair in re.findall(r"<code>(\d{4}) (\d{4})</code>", page)]
    assert len(new) == 10 and not set(new) & set(old)
    assert show(password_given(), old[0]).status_code == 422
    assert show(password_given(), new[0]).status_code == 302
    assert "recovery_codes_renewed" in verbs()


def test_another_phone_is_tied_with_a_code_of_the_old_one(shen: Account, phone: Phone) -> None:
    client = password_given()
    show(client, phone.code())
    phone.wait(seconds=STEP)
    assert show(client, phone.code(), step="phone")["Location"] == FACTOR
    assert not factor.is_tied(shen.pk)
    assert "绑定手机验证器" in client.get(FACTOR).content.decode()
    assert "second_factor_reset" in verbs()


def test_the_qr_code_is_black_on_white_in_dark_mode_too() -> None:
    svg = factor.qr_svg("otpauth://totp/shen?secret=AAAA")
    assert 'fill="#fff"' in svg and svg.startswith("<svg") and "style" not in svg
    moves = re.findall(r"M(\d+) (\d+)h1v1h-1z", svg)
    assert min((int(x), int(y)) for x, y in moves) == (4, 4), "four modules of quiet zone"


def test_allauth_reads_what_we_write(shen: Account) -> None:
    """Its own flows (OIDC, headless) later check the same rows."""
    totp = Authenticator.objects.get(user=shen, type=Authenticator.Type.TOTP)
    assert factor.SealedAdapter().decrypt(totp.data["secret"]) == SECRET
    assert settings.MFA_ADAPTER == "linyun.foundation.accounts.factor.SealedAdapter"


def test_two_browsers_cannot_use_one_code_at_once(
    shen: Account, phone: Phone, client_of: Callable[[str], Client]
) -> None:
    first, second = password_given(), password_given()
    code = phone.code()
    assert sorted(show(c, code).status_code for c in (first, second)) == [302, 422]
