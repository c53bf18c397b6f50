"""What the manifests declare equals the one table of rights; every declared right is asked for, and no other."""

import ast
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.urls import reverse

from linyun.foundation.accounts.policy import Refused, may, require
from linyun.foundation.acts.actor import Actor
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Role
from tests.laws.source import Source, code, dotted
from tests.matrix import policy
from tests.matrix.policy import Right, declared, differences, table
from tests.matrix.routes import routes, unguarded


def test_manifests_say_what_the_table_says() -> None:
    said = differences(table(), declared(catalogue))
    assert said == [], "think first, then change tests/matrix/policy.csv:\n" + "\n".join(said)


def test_a_right_that_grows_in_a_manifest_is_noticed() -> None:
    ours = {"person.unmask": Right("person.unmask", frozenset({Role.WORKER}), False)}
    theirs = {
        "person.unmask": Right("person.unmask", frozenset({Role.WORKER, Role.CHIEF}), False),
        "person.erase": Right("person.erase", frozenset({Role.OPERATOR}), False),
    }
    said = differences(ours, theirs)
    assert said[0] == "+ person.erase,,,,,,,,,yes"
    assert said[1].startswith("! person.unmask,,,,,yes,,,,")
    assert differences(theirs, ours)[0] == "- person.erase,,,,,,,,,yes"


def test_the_policy_decides_as_the_table_says() -> None:
    for right in table().values():
        for role in Role:
            actor = Actor("x", role=role, area="310110009")
            can = right.anyone or role in right.roles
            assert may(actor, right.action) is can, (right.action, role)
            assert may(actor, right.action, "310110009016") is can
            assert may(actor, right.action, "310110008001") is right.anyone


def test_nobody_may_what_needs_a_post() -> None:
    for right in table().values():
        assert may(Actor("x"), right.action) is right.anyone
        assert may(Actor("x", role=Role.WORKER), right.action) is right.anyone


def test_a_refusal_says_what_and_whom_to_ask() -> None:
    with pytest.raises(Refused, match="您的岗位不能“查看完整证件号”。需要时请联系本单位管理员"):
        require(Actor("x", role=Role.CHIEF, area="310110009016"), "person.unmask")


def test_an_undeclared_action_is_an_error() -> None:
    with pytest.raises(KeyError):
        may(Actor("x", role=Role.WORKER, area="310110009016"), "person.fly")


def test_administrators_see_no_residents() -> None:
    """GB/T 22239: who runs the system, who uses it and who audits it are different people."""
    about_people = {
        a for a in table() if a.split(".")[0] in ("person", "dwelling", "visit", "import", "record", "crowd")
    }
    assert len(about_people) > 10
    assert [a for a in about_people if Role.OPERATOR in table()[a].roles] == []


def test_what_opens_without_signing_in_is_little() -> None:
    assert {a for a, right in table().items() if right.anyone} == {"account.sign_in", "account.look", "site.open"}


def test_every_route_has_exactly_one_door() -> None:
    assert len(routes()) > 20
    assert unguarded(routes()) == []


def test_every_door_asks_for_a_declared_action() -> None:
    assert sorted({r.action for r in routes() if r.action} - set(catalogue.actions)) == []


ASKING = {"door", "may", "require", "Menu", "Card"}


def asked(source: Source) -> Iterator[str]:
    """Actions that code asks for by name."""
    for call in source.calls():
        if dotted(call.func).split(".")[-1] in ASKING:
            for value in (*call.args, *(k.value for k in call.keywords)):
                if isinstance(value, ast.Constant) and isinstance(value.value, str) and "." in value.value:
                    yield value.value


def test_every_declared_action_is_asked_for() -> None:
    """A right that nothing asks for reads like protection and is none."""
    used = {action for source in code() for action in asked(source)}
    assert sorted(set(catalogue.actions) - used) == []


def test_menus_lead_somewhere() -> None:
    for entry in catalogue.menu:
        assert reverse(entry.url).startswith("/")


def test_the_table_is_read_strictly(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(tmp_path, type(settings.ROOT))
    bad = tmp_path / "policy.csv"
    monkeypatch.setattr(policy, "TABLE", bad)
    head = policy.TABLE.with_name("policy.csv")
    columns = ",".join(["action", "anyone", *Role])
    for text in ("action,worker\n", f"{columns}\nperson.see,,maybe,,,,,,,\n", f"{columns}\n" + "a.b,,,,,,,,,\n" * 2):
        head.write_text(text)
        table.cache_clear()
        with pytest.raises(ValueError, match="policy.csv"):
            table()
    table.cache_clear()
