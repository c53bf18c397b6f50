"""The language of pages: chosen by hand, kept in browser and account, never taken from what a browser asks for."""

import pytest
from django.test import Client

from linyun.foundation.accounts.models import Account

PASSWORD = "Gongjiao-016"
LOGIN = "/account/login"


@pytest.fixture
def account(db: None) -> Account:
    return Account.objects.create_user("mei", PASSWORD, name="梅老师")


def html_of(client: Client, **headers: str) -> str:
    return client.get(LOGIN, headers=headers).content.decode()


def choose(client: Client, language: str) -> None:
    assert client.post("/ui/look", {"language": language, "next": LOGIN})["Location"] == LOGIN


def sign_in(client: Client) -> None:
    assert client.post(LOGIN, {"username": "mei", "password": PASSWORD}).status_code == 302


def test_pages_are_chinese_whatever_the_browser_asks_for(db: None) -> None:
    html = html_of(Client(), accept_language="en-GB,en;q=0.9")
    assert '<html lang="zh-hans"' in html and "登录名" in html
    assert 'value="en" lang="en"' in html and 'value="zh-hans"' not in html


def test_the_sign_in_page_speaks_english_when_asked(db: None) -> None:
    client = Client()
    choose(client, "en")
    html = html_of(client)
    assert '<html lang="en"' in html and "Sign-in name" in html and "登录名" not in html
    assert client.get(LOGIN)["Content-Language"] == "en"
    choose(client, "zh-hans")
    assert "登录名" in html_of(client)


@pytest.mark.parametrize("nonsense", ["de", "", "en-GB", "../x"])
def test_what_we_do_not_speak_changes_nothing(db: None, nonsense: str) -> None:
    client = Client()
    choose(client, nonsense)
    assert "language" not in client.cookies
    client.cookies["language"] = nonsense
    assert "登录名" in html_of(client)


def test_a_choice_before_signing_in_becomes_the_accounts(account: Account) -> None:
    client = Client()
    choose(client, "en")
    sign_in(client)
    account.refresh_from_db()
    assert account.language == "en"


def test_the_accounts_choice_comes_along_to_another_machine(account: Account) -> None:
    first, second = Client(), Client()
    sign_in(first)
    choose(first, "en")
    sign_in(second)
    assert second.cookies["language"].value == "en"


def test_the_language_that_somebody_else_left_behind_does_not_stay(account: Account) -> None:
    Account.objects.update(language="zh-hans")
    shared = Client()
    shared.cookies["language"] = "en"
    sign_in(shared)
    assert shared.cookies["language"].value == "zh-hans"
    account.refresh_from_db()
    assert account.language == "zh-hans"
