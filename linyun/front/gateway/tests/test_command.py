"""`linyun token`: for whoever holds the machine."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from linyun.foundation.accounts.models import Post
from linyun.foundation.acts.models import Act
from linyun.foundation.areas.scope import within
from linyun.front.gateway.tests.conftest import Caller, bearer
from linyun.kernel.ids import uuid7
from tests.characters import DISTRICT, GRID, HERE


def run(*words: str) -> list[dict[str, Any]]:
    """The command's answer as a program reads it."""
    out = StringIO()
    call_command("token", *words, "--json", stdout=out)
    rows: list[dict[str, Any]] = json.loads(out.getvalue())
    return rows


def said(*words: str) -> str:
    """The command's answer as a person reads it."""
    out = StringIO()
    call_command("token", *words, stdout=out)
    return out.getvalue()


def test_a_token_that_was_made_opens_the_api(cast: dict[str, Post]) -> None:
    (made,) = run("make", "lin", "--days", "7", "--note", "养老平台对接")
    assert (made["username"], made["post"], made["note"]) == ("lin", f"worker:{HERE}", "养老平台对接")
    assert Caller(Client(), bearer(made["token"])).get("/me").said["name"] == "林晓岚"
    with within(HERE):
        act = Act.objects.get(verb="token_made")
    assert (act.channel, act.role, act.detail["days"]) == ("command", "operator", 7)


def test_the_token_is_said_once(cast: dict[str, Post]) -> None:
    out = said("make", "LIN")
    secret = out.strip().splitlines()[-1]
    assert secret.startswith("linyun_") and "只显示这一次" in out
    assert secret not in said("list") + json.dumps(run("list"))


def test_the_list_says_whose_they_are_and_whether_they_are_used(cast: dict[str, Post]) -> None:
    (lin,), _ = run("make", "lin"), run("make", "wu")
    assert {row["username"] for row in run("list")} == {"lin", "wu"}
    assert [row["last_used"] for row in run("list", "lin")] == [None]
    assert "还没有用过" in said("list", "lin")
    Caller(Client(), bearer(lin["token"])).get("/me")
    assert run("list", "lin")[0]["last_used"].endswith("+08:00")
    assert "最近使用" in said("list", "lin")


def test_a_revoked_token_leaves_the_list_but_not_the_book(cast: dict[str, Post]) -> None:
    (made,) = run("make", "lin")
    (row,) = run("revoke", made["id"])
    assert row["revoked"] is not None
    assert run("list") == []
    assert [r["id"] for r in run("list", "--all")] == [made["id"]]
    assert "已撤销" in said("list", "--all")
    assert Caller(Client(), bearer(made["token"])).get("/me").status == 401


def test_who_holds_several_posts_is_asked_for_which(cast: dict[str, Post]) -> None:
    with within(""):
        Post.objects.create(account=cast["lin"].account, role="grid", area_id=GRID, valid_from=cast["lin"].valid_from)
    with pytest.raises(CommandError, match=f"worker:{HERE}、grid:{GRID}"):
        run("make", "lin")
    (made,) = run("make", "lin", "--post", f"grid:{GRID}")
    assert Caller(Client(), bearer(made["token"])).get("/me").said["role"] == "grid"


def test_a_departments_post_is_named_with_its_department(cast: dict[str, Post]) -> None:
    assert run("make", "he", "--post", f"department:{DISTRICT}:civil_affairs")[0]["username"] == "he"
    with pytest.raises(CommandError, match="civil_affairs"):
        run("make", "he", "--post", f"department:{DISTRICT}")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("make", "nobody"), "没有登录名为“nobody”的账号"),
        (("make", "lin", "--days", "91"), "令牌的有效期应为 1 到 90 天"),
        (("make", "lin", "--post", f"worker:{DISTRICT}"), "请用 --post 写明岗位"),
        (("list", "nobody"), "没有登录名为“nobody”的账号"),
        (("revoke", str(uuid7())), "没有编号为 .* 的令牌"),
        (("revoke", "x"), "invalid UUID value"),
    ],
)
def test_mistakes_are_told(cast: dict[str, Post], words: tuple[str, ...], says: str) -> None:
    with pytest.raises(CommandError, match=says):
        run(*words)
