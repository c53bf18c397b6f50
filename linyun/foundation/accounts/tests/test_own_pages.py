"""What people do with their own account: change the password, go on in another post."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.test import Client

from linyun.foundation.accounts import services
from linyun.foundation.accounts.models import Account, Post
from linyun.foundation.accounts.policy import Refused
from linyun.foundation.acts.actor import Actor
from linyun.foundation.acts.models import Act
from linyun.foundation.areas.scope import within
from linyun.kernel import clock
from tests.characters import HERE, PASSWORD, THERE

PASSWORD_PAGE, POSTS = "/account/password", "/account/post"
NEW = "quiet-lantern-river"
As = Callable[[str], AbstractContextManager[Actor]]
Browser = Callable[[str], Client]


@pytest.fixture
def twice(cast: dict[str, Post]) -> Post:
    """林老师 helps out THERE as well."""
    with within(THERE):
        return Post.objects.create(
            account=cast["lin"].account, role="worker", area=cast["wu"].area, valid_from=cast["lin"].valid_from
        )


def change(client: Client, old: str = PASSWORD, new: str = NEW, again: str = NEW):
    return client.post(PASSWORD_PAGE, {"old": old, "new": new, "again": again, "next": POSTS})


def test_the_password_page_says_what_is_wanted(client_of: Browser) -> None:
    text = client_of("lin").get(PASSWORD_PAGE).content.decode()
    assert "至少 10 个字符" in text
    assert text.count('autocomplete="new-password"') == 2
    assert "初始密码" not in text


def test_changing_the_password(client_of: Browser, cast: dict[str, Post]) -> None:
    client = client_of("lin")
    assert change(client)["Location"] == POSTS
    assert Account.objects.get(username="lin").check_password(NEW)
    with within(HERE):
        act = Act.objects.get(verb="password_changed")
    assert (act.detail["by_owner"], act.account_id) == (True, cast["lin"].account_id)
    assert "密码已修改" in client.get(POSTS).content.decode()


@pytest.mark.parametrize(
    ("old", "new", "again", "says"),
    [
        ("wrong", NEW, NEW, "原密码不对"),
        (PASSWORD, PASSWORD, PASSWORD, "不能和原来的一样"),
        (PASSWORD, NEW, NEW + "x", "两次输入的新密码不一样"),
        (PASSWORD, "short", "short", "密码太短：至少要 10 个字符"),
        (PASSWORD, "", "", "密码太短"),
        (PASSWORD, "password123", "password123", "密码太常见"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(
    client_of: Browser, cast: dict[str, Post], old: str, new: str, again: str, says: str
) -> None:
    answer = change(client_of("lin"), old, new, again)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert says in text and 'class="error"' in text
    assert NEW not in text
    assert Account.objects.get(username="lin").check_password(PASSWORD)


def test_an_open_session_does_not_help_to_guess_the_password(client_of: Browser, cast: dict[str, Post]) -> None:
    client = client_of("lin")
    for _ in range(5):
        change(client, old="wrong")
    assert "15 分钟后再试" in change(client).content.decode()
    assert Account.objects.get(username="lin").check_password(PASSWORD)


def test_a_first_password_must_be_changed_before_anything_else(
    client_of: Browser, cast: dict[str, Post], as_character: As
) -> None:
    with as_character("shen"):
        services.set_password(cast["lin"].account, "given-by-the-street")
    client = Client()
    client.post("/account/login", {"username": "lin", "password": "given-by-the-street"})
    assert client.get(POSTS)["Location"] == "/account/password?next=%2Faccount%2Fpost"
    assert "初始密码" in client.get(PASSWORD_PAGE).content.decode()
    assert change(client, old="given-by-the-street")["Location"] == POSTS
    assert client.get(POSTS).status_code == 200


def test_choosing_a_post(client_of: Browser, cast: dict[str, Post], twice: Post) -> None:
    client = client_of("lin")
    page = client.get(POSTS).content.decode()
    assert "公交新村居委会" in page and "铁岭路五十弄居委会" in page
    assert page.index('aria-current="true"') < page.index("铁岭路五十弄居委会")
    answer = client.post(POSTS, {"post": str(twice.pk), "next": POSTS})
    assert answer["Location"] == POSTS
    page = client.get(POSTS).content.decode()
    assert page.index("公交新村居委会") < page.index('aria-current="true"')
    with within(THERE):
        assert Act.objects.get(verb="post_switched").post_id == cast["lin"].pk


def test_a_switch_leads_to_no_other_site(client_of: Browser, twice: Post) -> None:
    answer = client_of("lin").post(POSTS, {"post": str(twice.pk), "next": "https://evil.example/"})
    assert answer["Location"].startswith("/")


@pytest.mark.parametrize("post", ["", "x", "00000000-0000-0000-0000-000000000000", "of wu"])
def test_a_post_of_somebody_else_cannot_be_chosen(client_of: Browser, cast: dict[str, Post], post: str) -> None:
    client = client_of("lin")
    chosen = str(cast["wu"].pk) if post == "of wu" else post
    assert client.post(POSTS, {"post": chosen})["Location"] == POSTS
    assert "铁岭路" not in client.get(POSTS).content.decode()
    with within(""):
        assert not Act.objects.filter(verb="post_switched").exists()


def test_nor_by_calling_the_verb(cast: dict[str, Post], as_character: As) -> None:
    with as_character("lin"), pytest.raises(Refused):
        services.switch_post(cast["lin"].account, cast["wu"])


def test_a_post_planted_in_the_session_is_not_taken(client_of: Browser, cast: dict[str, Post]) -> None:
    client = client_of("lin")
    session = client.session
    session["post"] = str(cast["wu"].pk)
    session.save()
    assert "公交新村居委会" in client.get(POSTS).content.decode()


def test_a_post_that_ended_today_is_no_longer_worked_in(client_of: Browser, cast: dict[str, Post], twice: Post) -> None:
    client = client_of("lin")
    client.post(POSTS, {"post": str(twice.pk)})
    with within(THERE):
        Post.objects.filter(pk=twice.pk).update(valid_to=clock.today())
    page = client.get(POSTS).content.decode()
    assert "铁岭路" not in page and "公交新村居委会" in page


def test_a_post_that_begins_tomorrow_is_not_worked_in_yet(client_of: Browser, cast: dict[str, Post]) -> None:
    client = client_of("lin")
    with within(HERE):
        Post.objects.filter(pk=cast["lin"].pk).update(valid_from=clock.today() + timedelta(days=1))
    assert client.get(POSTS).status_code == 403
