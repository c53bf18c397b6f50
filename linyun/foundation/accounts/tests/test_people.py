"""Looking after accounts on pages: who sees whom, what cannot be taken by planting fields, what is written down."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from linyun.foundation.accounts import factor
from linyun.foundation.accounts.models import Account, Post
from linyun.foundation.acts.models import Act
from linyun.foundation.areas.models import Area
from linyun.foundation.areas.scope import within
from linyun.kernel import clock
from tests.characters import DISTRICT, HERE, STREET, THERE

Browser = Callable[[str], Client]
LIST = "/account/people"
NEIGHBOUR = "310110008"


def held(account: Account) -> list[tuple[str, str]]:
    with within(""):
        return sorted(Post.objects.on(clock.today()).filter(account=account).values_list("role", "area"))


def everything() -> list[tuple[str, str, str, bool]]:
    with within(""):
        posts = list(Post.objects.order_by("id").values_list("account__username", "role", "area", "valid_to"))
    accounts = Account.objects.order_by("username").values_list("username", "password", "session_round", "is_active")
    return posts + list(accounts)


def act(verb: str) -> Act:
    with within(""):
        return Act.objects.get(verb=verb)


@pytest.fixture
def neighbour(cast: dict[str, Post], areas: dict[str, Area]) -> Post:
    """孙宁 works in another street of the district."""
    place = Area.objects.create(code=NEIGHBOUR, name="五角场街道", kind="street", parent=areas[DISTRICT], source="test")
    account = Account.objects.create_user("sun", "test-only-Xk7pQ2", name="孙宁")
    with within(""):
        return Post.objects.create(account=account, role="street", area=place, valid_from="2026-01-01")


def test_a_street_sees_those_who_work_in_it(client_of: Browser, neighbour: Post) -> None:
    page = client_of("shen").get(LIST).content.decode()
    for name in ("林晓岚", "吴海燕", "周国梁"):
        assert name in page
    for name in ("孙宁", "顾文斌", "严工"):
        assert name not in page


def test_the_list_is_searched_and_taken_out(client_of: Browser, cast: dict[str, Post]) -> None:
    client = client_of("shen")
    page = client.get(LIST, {"q": "吴"}).content.decode()
    assert "吴海燕" in page and "林晓岚" not in page
    assert "林晓岚" not in client.get(LIST, {"state": "closed"}).content.decode()
    page = client.get(LIST, {"role": "worker"}).content.decode()
    assert "林晓岚" in page and "周国梁" not in page
    assert client.post(f"{LIST}/export", {"q": "吴"}).content.startswith(b"PK")
    assert act("accounts_exported").detail == {"count": 1}


def test_the_list_asks_the_database_as_often_for_more_rows(
    client_of: Browser, cast: dict[str, Post], assert_queries: Callable[..., None]
) -> None:
    client = client_of("yan")
    with assert_queries(12, at_most=True):  # type: ignore[attr-defined]
        client.get(LIST)


def test_an_account_is_opened_and_its_password_shown_once(client_of: Browser, cast: dict[str, Post]) -> None:
    client = client_of("shen")
    said = {"name": "赵新", "username": "zhao", "role": "worker", "area": HERE, "title": "书记"}
    answer = client.post(f"{LIST}/new", said)
    account = Account.objects.get(username="zhao")
    assert answer.headers["Cache-Control"] == "no-store, private"
    (password,) = re.findall(r"\b\w{4}-\w{4}-\w{4}-\w{4}\b", answer.content.decode())
    assert account.check_password(password) and account.password_is_initial
    assert password not in client.get(reverse("account_page", args=[account.pk])).content.decode()
    assert held(account) == [("worker", HERE)]


@pytest.mark.parametrize("who", ["lin", "chen", "zhou", "he"])
def test_others_find_the_door_shut(client_of: Browser, cast: dict[str, Post], who: str) -> None:
    client = client_of(who)
    assert client.get(LIST).status_code == 403
    assert client.post(f"{LIST}/new", {"name": "赵", "username": "z", "role": "chief", "area": HERE}).status_code == 403


@pytest.mark.parametrize(
    ("role", "area"),
    [("street", STREET), ("district", DISTRICT), ("city", "31"), ("operator", HERE), ("operator", "31"),
     ("department", STREET), ("worker", "310110008001"), ("worker", "31"), ("root", HERE), ("worker", ""),
     ("worker", "%"), ("worker", "310110009016 "[:3])],
)  # fmt: skip
def test_planted_fields_win_nothing(client_of: Browser, neighbour: Post, cast: dict[str, Post], role: str,
                                    area: str) -> None:  # fmt: skip
    """A higher role, a foreign area, an owner's id and flags, all posted by hand by a street."""
    client, before = client_of("shen"), everything()
    planted = {"name": "赵新", "username": "zhao", "role": role, "area": area, "reason": "试", "is_superuser": "1",
               "account": str(cast["shen"].account_id), "session_round": "9", "post_held": str(cast["lu"].pk)}  # fmt: skip
    assert client.post(f"{LIST}/new", planted).status_code in (403, 422)
    give = reverse("account_give", args=[cast["lin"].account_id])
    assert client.post(give, planted).status_code in (403, 422)
    assert everything() == before


def test_nobody_touches_their_own_post_or_account(client_of: Browser, cast: dict[str, Post]) -> None:
    before = everything()
    for who in ("shen", "yan"):
        client, mine = client_of(who), cast[who]
        give = {"role": "worker", "area": HERE, "reason": "试"}
        assert client.post(reverse("account_give", args=[mine.account_id]), give).status_code == 403
        assert client.post(reverse("account_end", args=[mine.pk]), {"reason": "试"}).status_code == 403
        for step in ("password", "factor", "sessions", "close", "reopen"):
            answer = client.post(reverse("account_step", args=[mine.account_id]), {"step": step, "reason": "试"})
            assert answer.status_code == 403
    assert everything() == before


def test_what_lies_outside_is_not_found(client_of: Browser, neighbour: Post, cast: dict[str, Post]) -> None:
    """The ids of another street's account and post: row-level security answers as if they did not exist."""
    client, before = client_of("shen"), everything()
    for post in (neighbour, cast["gu"], cast["yan"]):
        account = post.account_id
        assert client.get(reverse("account_page", args=[account])).status_code == 404
        for route, key in (("account_give", account), ("account_step", account), ("account_end", post.pk)):
            said = {"role": "worker", "area": HERE, "step": "password", "reason": "试"}
            assert client.post(reverse(route, args=[key]), said).status_code == 404
    with within(STREET):
        assert not Post.objects.filter(pk=neighbour.pk).exists()
        assert Post.objects.filter(pk=neighbour.pk).update(role="city") == 0
    assert everything() == before


def test_a_post_that_begins_tomorrow_protects_its_holder(client_of: Browser, cast: dict[str, Post]) -> None:
    """Else a street would take over today the account of who is district chief tomorrow."""
    with within(""):
        Post.objects.create(account=cast["lin"].account, role="district", area_id=DISTRICT,
                            valid_from=clock.today() + timedelta(days=1))  # fmt: skip
    page = reverse("account_step", args=[cast["lin"].account_id])
    assert client_of("shen").post(page, {"step": "password", "reason": "忘了"}).status_code == 403


def test_each_step_asks_why_and_is_written_down(client_of: Browser, cast: dict[str, Post]) -> None:
    client, account = client_of("shen"), cast["lin"].account
    factor.tie(account, factor.new_secret())
    page = reverse("account_step", args=[account.pk])
    for step in ("factor", "sessions", "close", "reopen", "password", "nonsense"):
        assert client.post(page, {"step": step, "reason": " "}).status_code == 422
    for step, verb in (("factor", "second_factor_reset"), ("sessions", "sessions_ended"), ("close", "account_closed"),
                       ("reopen", "account_reopened"), ("password", "password_changed")):  # fmt: skip
        assert client.post(page, {"step": step, "reason": "手机丢了"}).status_code in (200, 303)
        assert (act(verb).reason, act(verb).area, act(verb).actor_name) == ("手机丢了", HERE, "沈立群")
    account.refresh_from_db()
    assert account.is_active and account.password_is_initial and not factor.is_tied(account.pk)


def test_a_closed_account_is_signed_out_and_comes_back(client_of: Browser, cast: dict[str, Post]) -> None:
    lin, page = client_of("lin"), reverse("account_step", args=[cast["lin"].account_id])
    client_of("shen").post(page, {"step": "close", "reason": "离职"})
    assert lin.get("/desk").status_code == 302
    client_of("shen").post(page, {"step": "reopen", "reason": "回来了"})
    assert Account.objects.get(username="lin").is_active


def test_a_post_comes_and_goes(client_of: Browser, cast: dict[str, Post]) -> None:
    client, account = client_of("shen"), cast["lin"].account
    page = reverse("account_give", args=[account.pk])
    later = (clock.today() + timedelta(days=30)).isoformat()
    said = {"role": "worker", "area": THERE, "since": later}
    assert client.post(page, said).status_code == 303
    assert client.post(page, said).status_code == 422, "the same post on the same days"
    assert client.post(page, {**said, "until": "2026-01-01"}).status_code == 422
    assert client.post(page, {**said, "since": "明天"}).status_code == 422
    assert client.post(reverse("account_end", args=[cast["lin"].pk]), {}).status_code == 422
    assert client.post(reverse("account_end", args=[cast["lin"].pk]), {"reason": "调走"}).status_code == 303
    assert held(account) == [] and act("post_ended").reason == "调走"


def test_one_ends_ones_other_sessions(client_of: Browser, cast: dict[str, Post]) -> None:
    here, elsewhere = client_of("lin"), client_of("lin")
    assert here.get("/account/sessions").status_code == 200
    assert here.post("/account/sessions").status_code == 303
    assert here.get("/desk").status_code == 200
    assert elsewhere.get("/desk").status_code == 302
    assert act("sessions_ended").detail["by_owner"] is True
    assert isinstance(act("sessions_ended").subject_id, UUID)


def test_a_refused_account_says_what_is_wrong_on_top_and_beside_and_keeps_the_rest(
    client_of: Browser, cast: dict[str, Post]
) -> None:
    sent = {"name": "新来的", "username": "有 空格", "role": "worker", "area": HERE, "title": "社区工作者"}
    answer = client_of("shen").post(f"{LIST}/new", sent)
    page = answer.content.decode()
    top, fields = page.split('role="alert"')[1].split("</ul>", 1)
    assert answer.status_code == 422
    assert 'href="#f-username"' in top and 'id="f-username-error"' in fields
    assert 'value="新来的"' in fields and 'value="有 空格"' in fields and 'value="社区工作者"' in fields


def test_where_areas_are_many_they_are_found_by_name_while_one_types(
    client_of: Browser, cast: dict[str, Post], areas: dict[str, Area]
) -> None:
    client = client_of("shen")
    assert '<select id="f-area"' in client.get(f"{LIST}/new").content.decode()
    Area.objects.bulk_create(
        Area(code=f"{HERE}001{n:03d}", name=f"公交新村{n}号", kind="building", parent=areas[HERE], source="test")
        for n in range(200, 270)
    )
    page = client.get(f"{LIST}/new").content.decode()
    assert 'list="areas-near"' in page and f'<option value="{HERE}">' in page, "committees stay among those offered"
    assert "公交新村205号" not in page, "buildings are too many to offer"
