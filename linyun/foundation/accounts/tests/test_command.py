"""`linyun accounts`: for the one who sets the house up."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from linyun.foundation.accounts import factor
from linyun.foundation.accounts.models import Account, Post
from linyun.foundation.acts.models import Act
from linyun.foundation.areas.scope import within
from tests.characters import DISTRICT, HERE, THERE


def run(*words: str) -> Any:
    """The command's answer as a program reads it."""
    out = StringIO()
    call_command("accounts", *words, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_the_first_account_of_a_new_house(areas: object) -> None:
    made = run("add", "zhao", "--name", "赵新", "--role", "worker", "--area", HERE, "--title", "书记")
    assert made["posts"][0] | {"from": ""} == {
        "role": "worker", "area": HERE, "area_name": "公交新村居委会", "department": "", "title": "书记",
        "from": "", "to": None,
    }  # fmt: skip
    account = Account.objects.get(username="zhao")
    assert account.check_password(made["password"]) and account.password_is_initial
    with within(HERE):
        act = Act.objects.get(verb="account_opened")
    assert (act.channel, act.role) == ("command", "operator")


def test_a_chosen_password_need_not_be_changed(areas: object) -> None:
    made = run(
        "add", "zhao", "--name", "赵新", "--role", "operator", "--area", "31", "--password", "quiet-lantern-river"
    )
    assert made["password"] == ""
    assert not Account.objects.get(username="zhao").password_is_initial


def test_for_people_it_says_the_password_once(areas: object) -> None:
    out = StringIO()
    call_command("accounts", "add", "zhao", "--name", "赵新", "--role", "worker", "--area", HERE, stdout=out)
    assert "zhao\t赵新\tworker 310110009016 公交新村居委会" in out.getvalue()
    assert "初始密码：" in out.getvalue()
    again = StringIO()
    call_command("accounts", "list", stdout=again)
    assert "初始密码" not in again.getvalue()


def test_the_list_can_be_of_one_area(cast: dict[str, Post]) -> None:
    assert {row["username"] for row in run("list")} == set(cast)
    assert {row["username"] for row in run("list", "--area", HERE)} == {"lin", "chen", "zhou"}
    (wu,) = run("list", "--area", THERE)
    assert wu["name"] == "吴海燕"


def test_posts_come_and_go(cast: dict[str, Post]) -> None:
    more = run("post", "lin", "--role", "department", "--area", DISTRICT, "--department", "civil_affairs")
    assert [(p["role"], p["department"]) for p in more["posts"]] == [("department", "civil_affairs"), ("worker", "")]
    less = run("end", "lin", "--role", "worker", "--area", HERE)
    assert [p["role"] for p in less["posts"]] == ["department"]


def test_a_lost_password_and_a_lost_phone(cast: dict[str, Post]) -> None:
    factor.tie(cast["shen"].account, factor.new_secret())
    password = run("password", "shen")["password"]
    run("factor", "shen")
    assert Account.objects.get(username="shen").check_password(password)
    assert not factor.is_tied(cast["shen"].account_id)


def test_a_closed_account_is_no_longer_listed(cast: dict[str, Post]) -> None:
    run("close", "wu")
    assert "wu" not in {row["username"] for row in run("list")}
    assert not Account.objects.get(username="wu").is_active


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("password", "nobody"), "没有登录名为“nobody”的账号"),
        (("end", "lin", "--role", "street", "--area", "310110009"), "没有这个岗位"),
        (("post", "lin", "--role", "worker", "--area", HERE), "已经有这个岗位"),
        (("post", "lin", "--role", "chief", "--area", HERE), "这一级不能设这种岗位"),
        (("add", "lin", "--name", "林", "--role", "worker", "--area", HERE), "已有人使用"),
        (("add", "x", "--name", "林", "--role", "worker", "--area", HERE, "--password", "short"), "密码太短"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    cast: dict[str, Post], words: tuple[str, ...], says: str
) -> None:
    before = run("list")
    with pytest.raises(CommandError, match=says):
        run(*words)
    assert run("list") == before
