"""Who is let in with a session, and how errors are told: the same answers as the pages give, as JSON."""

from collections.abc import Callable

import pytest
from django.test import Client

from linyun.foundation.accounts import sessions
from linyun.foundation.accounts.models import Account, Post
from linyun.foundation.areas.scope import within
from linyun.front.gateway.tests.conftest import API, Caller
from linyun.kernel.ids import uuid7
from tests.characters import BUILDING, HERE, STREET, sign_in
from tests.residents import add_person

Callers = Callable[[str], Caller]
NOBODY = "01906b00-0000-7000-8000-00000000ffff"
PATHS = ("/me", "/people", f"/people/{NOBODY}", f"/people/{NOBODY}/visits", "/areas", "/items", "/openapi.json")


@pytest.mark.parametrize("path", PATHS)
def test_strangers_are_told_to_sign_in(browser: Callers, path: str) -> None:
    told = browser("").get(path)
    assert (told.status, told.said) == (401, {"detail": "请先登录，或出示有效的接口令牌。"})


@pytest.mark.parametrize("path", ["/visits", "/crowds/count"])
def test_strangers_are_sent_away_before_their_input_is_read(browser: Callers, path: str) -> None:
    assert browser("").post(path, "{").status == 401


def test_a_browser_proves_that_our_own_page_asked(cast: dict[str, Post]) -> None:
    """A session cookie goes along with any site's request; the CSRF token does not."""
    add_person(BUILDING)
    client = Client(enforce_csrf_checks=True)
    sign_in(client, cast["lin"].account)
    lin = Caller(client, {})
    rule = {"rule": "年龄 >= 60"}
    refused = lin.post("/crowds/count", rule)
    assert (refused.status, refused.said) == (403, {"detail": "请求缺少防伪标记，请刷新页面后再试。"})
    client.cookies["csrftoken"] = token = "t" * 32
    assert lin.post("/crowds/count", rule, headers={"X-CSRFToken": token}).status == 200
    assert lin.post("/crowds/count", rule, headers={"X-CSRFToken": "u" * 32}).status == 403
    assert lin.get("/people").status == 200


def test_a_program_needs_no_csrf_token(program: Callers, areas: object) -> None:
    assert program("lin").post("/crowds/count", {"rule": "年龄 >= 60"}).status == 200


def test_a_session_without_its_second_factor_opens_nothing(cast: dict[str, Post]) -> None:
    client = Client()
    sign_in(client, cast["shen"].account)
    session = client.session
    del session[sessions.FACTOR_KEY]
    session.save()
    told = Caller(client, {}).get("/areas")
    assert (told.status, told.said) == (401, {"detail": "请先完成第二重验证。"})


def test_a_first_password_opens_nothing(cast: dict[str, Post], browser: Callers) -> None:
    Account.objects.filter(pk=cast["lin"].account_id).update(password_is_initial=True)
    told = browser("lin").get("/people")
    assert (told.status, told.said) == (401, {"detail": "请先修改初始密码。"})


def test_a_session_works_in_the_post_that_was_chosen(cast: dict[str, Post], areas: dict[str, object]) -> None:
    with within(""):
        second = Post.objects.create(
            account=cast["lin"].account, role="street", area_id=STREET, valid_from=cast["lin"].valid_from
        )
    client = Client()
    sign_in(client, cast["lin"].account)
    session = client.session
    session[sessions.POST_KEY] = str(second.pk)
    session.save()
    lin = Caller(client, {})
    assert (lin.get("/me").said["role"], lin.get("/me").said["area"]) == ("street", STREET)
    assert [a["code"] for a in lin.get("/areas").said][-2:] == [HERE, "310110009017"]


def test_a_refusal_names_the_right_that_is_missing(browser: Callers) -> None:
    assert browser("he").get("/people").said["detail"].startswith("您的岗位不能“")


def test_other_methods_are_refused(browser: Callers, cast: dict[str, Post]) -> None:
    client = browser("lin").client
    assert client.delete(f"{API}/people/{uuid7()}").status_code == 405
    assert client.put(f"{API}/people").status_code == 405
    assert client.get(f"{API}/visits").status_code == 405


def test_there_are_no_pages_with_outside_scripts(browser: Callers) -> None:
    for path in ("/", "/docs", "/redoc"):
        assert browser("lin").client.get(API + path).status_code == 404
