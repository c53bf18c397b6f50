"""Tokens: whose they are, how long they open, how often; and that a request with one is let in like its holder."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from linyun.foundation.accounts.models import Account, Post
from linyun.foundation.accounts.policy import Refused
from linyun.foundation.acts.actor import acting
from linyun.foundation.acts.models import Act
from linyun.foundation.areas.scope import within
from linyun.front.gateway import services
from linyun.front.gateway.models import ApiToken
from linyun.front.gateway.rules import PER_MINUTE
from linyun.front.gateway.tests.conftest import API, OPERATOR, Caller, bearer
from linyun.front.gateway.unfit import Unfit
from linyun.kernel import clock
from tests.characters import CHARACTERS, HERE, THERE

Callers = Callable[[str], Caller]
Tokens = Callable[..., tuple[ApiToken, str]]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """``at(moment)``: it is that moment now."""

    def put(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    return put


def caller(secret: str) -> Caller:
    return Caller(Client(), bearer(secret))


def row(token: ApiToken) -> ApiToken:
    with within(""):
        return ApiToken.objects.get(pk=token.pk)


def test_a_token_works_as_its_holder_in_that_post(program: Callers) -> None:
    told = program("lin").get("/me")
    assert told.status == 200
    assert told.said | {"may": []} == {
        "name": "林晓岚", "role": "worker", "title": "社区工作者", "area": HERE, "area_name": "公交新村居委会", "department": "",
        "may": [],
    }  # fmt: skip
    assert "visit.write" in told.said["may"] and "account.manage" not in told.said["may"]


@pytest.mark.parametrize("key", CHARACTERS)
def test_a_token_may_exactly_what_the_session_may(key: str, program: Callers, browser: Callers) -> None:
    by_token, by_session = program(key).get("/me"), browser(key).get("/me")
    assert by_token.said == by_session.said
    for path in ("/people", "/items", "/areas"):
        assert program(key).get(path).status == browser(key).get(path).status, path


def test_the_secret_is_kept_nowhere(token_of: Tokens) -> None:
    token, secret = token_of("lin")
    with within(""):
        kept = str(ApiToken.objects.filter(pk=token.pk).values().get())
        acts = str(list(Act.objects.values()))
    assert secret not in kept + acts
    assert secret[7:] not in kept + acts


def test_making_a_token_is_recorded_where_it_works(token_of: Tokens, cast: dict[str, Post]) -> None:
    token, _ = token_of("wu", days=7)
    with within(THERE):
        act = Act.objects.get(verb="token_made")
    assert (act.actor_name, act.detail["days"], act.subject_id) == ("严工", 7, cast["wu"].account_id)
    assert (token.area, token.made_by) == (THERE, "严工")
    with within(HERE):
        assert not ApiToken.objects.exists()


@pytest.mark.parametrize("days", [0, -1, 91, 10_000])
def test_a_token_lives_ninety_days_at_most(token_of: Tokens, days: int) -> None:
    with pytest.raises(Unfit, match="1 到 90 天"):
        token_of("lin", days=days)


def test_the_database_holds_to_ninety_days_too(token_of: Tokens) -> None:
    token, _ = token_of("lin", days=90)
    with pytest.raises(IntegrityError, match="token_lives_90_days_at_most"), within(""), transaction.atomic():
        ApiToken.objects.filter(pk=token.pk).update(expires_at=token.made_at + timedelta(days=91))


def test_nobody_gets_a_token_for_a_post_they_do_not_hold(cast: dict[str, Post]) -> None:
    lin, wu = cast["lin"], cast["wu"]
    with acting(OPERATOR), within(""):
        with pytest.raises(Unfit, match="今天没有这个岗位"):
            services.make_token(lin.account, wu, 30)
        Post.objects.filter(pk=lin.pk).update(valid_to=date(2026, 2, 1))
        with pytest.raises(Unfit, match="今天没有这个岗位"):
            services.make_token(lin.account, lin, 30)
        Account.objects.filter(pk=wu.account_id).update(is_active=False)
        wu.account.refresh_from_db()
        with pytest.raises(Unfit, match="账号已停用"):
            services.make_token(wu.account, wu, 30)


def test_workers_make_no_tokens(as_worker: Callable[[], object], cast: dict[str, Post]) -> None:
    with as_worker(), pytest.raises(Refused):  # type: ignore[attr-defined]
        services.make_token(cast["lin"].account, cast["lin"], 30)


@pytest.mark.parametrize(
    "header",
    [
        "Bearer linyun_wrong",
        "Bearer ",
        "Bearer",
        "Basic bGluOng=",
        "linyun_x",
        "bearer \xff\xfe",
        "Bearer " + "x" * 5000,
    ],
)
def test_a_wrong_token_is_refused_even_with_a_session_beside_it(browser: Callers, header: str) -> None:
    told = browser("lin").get("/people", headers={"Authorization": header})
    assert (told.status, told.said) == (401, {"detail": "请先登录，或出示有效的接口令牌。"})
    assert told.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_token_of_another_beats_the_session_beside_it(browser: Callers, token_of: Tokens) -> None:
    assert browser("lin").get("/me", headers=bearer(token_of("wu")[1])).said["name"] == "吴海燕"


def test_an_expired_token_opens_nothing(token_of: Tokens, at: Callable[[datetime], None]) -> None:
    token, secret = token_of("lin", days=1)
    at(token.expires_at - timedelta(seconds=1))
    assert caller(secret).get("/me").status == 200
    at(token.expires_at)
    assert caller(secret).get("/me").status == 401


def test_a_revoked_token_opens_nothing(token_of: Tokens) -> None:
    token, secret = token_of("lin")
    with acting(OPERATOR), within(""):
        first = services.revoke_token(token.pk).revoked_at
        assert services.revoke_token(token.pk).revoked_at == first
        assert Act.objects.filter(verb="token_revoked").count() == 1
    assert caller(secret).get("/me").status == 401


@pytest.mark.parametrize("change", [{"valid_to": date(2026, 2, 1)}, {"valid_from": date(2036, 1, 1)}])
def test_a_token_ends_with_its_post(token_of: Tokens, cast: dict[str, Post], change: dict[str, date]) -> None:
    _, secret = token_of("lin")
    with within(""):
        Post.objects.filter(pk=cast["lin"].pk).update(**change)
    assert caller(secret).get("/me").status == 401


def test_a_token_ends_with_its_account(token_of: Tokens, cast: dict[str, Post]) -> None:
    _, secret = token_of("lin")
    Account.objects.filter(pk=cast["lin"].account_id).update(is_active=False)
    assert caller(secret).get("/me").status == 401


def test_when_it_was_last_used_is_known(token_of: Tokens, at: Callable[[datetime], None]) -> None:
    token, secret = token_of("lin")
    assert row(token).last_used_at is None
    at(clock.now() + timedelta(hours=1))
    caller(secret).get("/me")
    assert row(token).last_used_at == clock.now()


def test_a_program_that_asks_too_often_waits(token_of: Tokens, at: Callable[[datetime], None]) -> None:
    token, secret = token_of("lin")
    moment = clock.now().replace(second=20, microsecond=0) + timedelta(minutes=1)
    at(moment)
    program = caller(secret)
    assert program.get("/me").status == 200
    with within(""):
        ApiToken.objects.filter(pk=token.pk).update(used_in_minute=PER_MINUTE - 1)
    assert program.get("/me").status == 200
    told = program.get("/me")
    assert (told.status, told.headers["Retry-After"]) == (429, "40")
    assert told.said == {"detail": "请求太频繁，请在 40 秒后再试。"}
    at(moment + timedelta(seconds=40))
    assert program.get("/me").status == 200
    assert row(token).used_in_minute == 1


def test_requests_that_fail_count_as_well(token_of: Tokens, at: Callable[[datetime], None]) -> None:
    token, secret = token_of("yan")
    at(clock.now())
    program = caller(secret)
    answers = [program.get("/people"), program.get("/people/x"), program.post("/visits", "{")]
    assert [a.status for a in answers] == [403, 422, 400]
    assert row(token).used_in_minute == 3


@pytest.mark.django_db(transaction=True)
def test_requests_at_once_are_all_counted(token_of: Tokens, at: Callable[[datetime], None]) -> None:
    token, secret = token_of("lin")
    at(clock.now() + timedelta(minutes=1))

    def ask(_n: int) -> int:
        try:
            return Client().get(f"{API}/me", headers=bearer(secret)).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as crowd:
        assert set(crowd.map(ask, range(20))) == {200}
    assert row(token).used_in_minute == 20


def test_tokens_of_one_program_do_not_count_for_another(token_of: Tokens, at: Callable[[datetime], None]) -> None:
    at(clock.now())
    (first, secret), (second, other) = token_of("lin"), token_of("lin")
    for _ in range(3):
        caller(secret).get("/me")
    caller(other).get("/me")
    assert (row(first).used_in_minute, row(second).used_in_minute) == (3, 1)
