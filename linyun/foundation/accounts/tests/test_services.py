"""Opening accounts, giving and ending posts: who may, what is refused, what is written down."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from linyun.foundation.accounts import factor, services
from linyun.foundation.accounts.models import Account, Post
from linyun.foundation.accounts.policy import Refused
from linyun.foundation.accounts.services import Unfit
from linyun.foundation.acts.actor import Actor, acting
from linyun.foundation.acts.models import Act
from linyun.foundation.areas.scope import within
from linyun.kernel import clock
from linyun.kernel.declare import Role
from tests.characters import BUILDING, DISTRICT, HERE, STREET, THERE

As = Callable[[str], AbstractContextManager[Actor]]
GOOD = "quiet-lantern-river"


def posts(account: Account) -> list[tuple[str, str]]:
    with within(""):
        held = Post.objects.on(clock.today()).filter(account=account)
        return sorted(held.values_list("role", "area"))


def acts() -> list[tuple[str, str]]:
    with within(""):
        return list(Act.objects.order_by("at", "id").values_list("verb", "area"))


def test_a_street_opens_an_account_for_a_new_worker(cast: dict[str, Post], as_character: As) -> None:
    with as_character("shen"):
        account = services.open_account(" Zhao ", "赵新", Role.WORKER, HERE, phone="19900000001", password=GOOD)
    assert (account.username, account.name, account.phone) == ("zhao", "赵新", "19900000001")
    assert account.password_is_initial and account.check_password(GOOD)
    assert posts(account) == [("worker", HERE)]
    assert acts() == [("account_opened", HERE), ("post_given", HERE)]
    with within(HERE):
        act = Act.objects.get(verb="post_given")
    assert (act.actor_name, act.role, act.subject_id) == ("沈立群", "street", account.pk)


def test_an_account_without_a_password_waits_for_one(cast: dict[str, Post], as_character: As) -> None:
    with as_character("yan"):
        account = services.open_account("qian", "钱程", Role.CHIEF, BUILDING)
    assert not account.has_usable_password()


@pytest.mark.parametrize(
    ("username", "name", "area", "field", "says"),
    [
        ("lin", "另一个林", HERE, "username", "已有人使用"),
        ("LIN", "另一个林", HERE, "username", "已有人使用"),
        ("", "无名", HERE, "username", "不能为空"),
        ("zhao xin", "赵新", HERE, "username", "不能含空格"),
        ("zhao\n", "", HERE, "name", "请填写姓名"),
        ("zhao", "赵新", "310110009099", "area", "没有编码为 310110009099 的区域"),
        ("zhao", "赵新", STREET, "area", "这一级不能设这种岗位"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_stays(
    cast: dict[str, Post], as_character: As, username: str, name: str, area: str, field: str, says: str
) -> None:
    before = Account.objects.count()
    with as_character("yan"), pytest.raises(Unfit, match=says) as unfit, transaction.atomic():
        services.open_account(username, name, Role.WORKER, area, password=GOOD)
    assert unfit.value.field == field
    assert Account.objects.count() == before
    assert acts() == []


@pytest.mark.parametrize("password", ["short", "1234567890", "password123", "zhaoxin2026"])
def test_weak_passwords_are_refused_with_all_reasons(cast: dict[str, Post], as_character: As, password: str) -> None:
    with as_character("shen"), pytest.raises(Unfit) as unfit, transaction.atomic():
        services.open_account("zhaoxin", "赵新", Role.WORKER, HERE, password=password)
    assert unfit.value.field == "new" and unfit.value.sentences
    assert not Account.objects.filter(username="zhaoxin").exists()


@pytest.mark.parametrize("who", ["lin", "wu", "chen", "zhou", "he"])
def test_others_open_none(cast: dict[str, Post], as_character: As, who: str) -> None:
    with as_character(who), pytest.raises(Refused):
        services.open_account("zhao", "赵新", Role.WORKER, HERE)
    with as_character(who), pytest.raises(Refused):
        services.give_post(cast["chen"].account, Role.WORKER, HERE)
    with as_character(who), pytest.raises(Refused):
        services.end_post(cast["zhou"])
    assert acts() == []


@pytest.mark.parametrize(
    ("who", "role", "area"),
    [
        ("shen", Role.STREET, STREET),
        ("shen", Role.OPERATOR, HERE),
        ("shen", Role.DEPARTMENT, STREET),
        ("gu", Role.DISTRICT, DISTRICT),
    ],
)
def test_nobody_gives_a_post_of_their_own_level(
    cast: dict[str, Post], as_character: As, who: str, role: Role, area: str
) -> None:
    with as_character(who), pytest.raises(Refused, match="请由上级管理员办理"):
        services.give_post(cast["lin"].account, role, area)


def test_nobody_gives_themselves_a_post(cast: dict[str, Post], as_character: As) -> None:
    """An operator who makes himself a worker would read the register: two people are needed for that."""
    with as_character("yan"), pytest.raises(Refused, match="不能给自己"):
        services.give_post(cast["yan"].account, Role.WORKER, HERE)


def test_a_second_post_and_the_same_one_twice(cast: dict[str, Post], as_character: As) -> None:
    with as_character("shen"):
        services.give_post(cast["lin"].account, Role.WORKER, THERE, title="书记")
        assert posts(cast["lin"].account) == [("worker", HERE), ("worker", THERE)]
        with pytest.raises(Unfit, match="已经有这个岗位"):
            services.give_post(cast["lin"].account, Role.WORKER, THERE)


def test_a_post_can_begin_later(cast: dict[str, Post], as_character: As) -> None:
    with as_character("shen"):
        services.give_post(cast["lin"].account, Role.WORKER, THERE, since=clock.today() + timedelta(days=3))
    assert posts(cast["lin"].account) == [("worker", HERE)]


def test_a_post_ends_and_stays_in_the_history(cast: dict[str, Post], as_character: As) -> None:
    with as_character("shen"):
        services.end_post(cast["lin"])
    assert posts(cast["lin"].account) == []
    with within(HERE):
        assert Post.objects.get(account=cast["lin"].account).valid_to == clock.today()
    assert acts() == [("post_ended", HERE)]


def test_a_post_never_ends_before_it_began(cast: dict[str, Post], as_character: As) -> None:
    with as_character("shen"):
        services.end_post(cast["lin"], on=date(2000, 1, 1))
    with within(HERE):
        post = Post.objects.get(account=cast["lin"].account)
    assert post.valid_to == post.valid_from


def test_after_its_end_the_same_post_can_be_given_again(cast: dict[str, Post], as_character: As) -> None:
    with as_character("shen"):
        services.end_post(cast["lin"])
        services.give_post(cast["lin"].account, Role.WORKER, HERE)
    assert posts(cast["lin"].account) == [("worker", HERE)]


def test_a_street_cannot_take_over_an_account_with_a_higher_post(cast: dict[str, Post], as_character: As) -> None:
    """Give the district chief a small post, reset the password, sign in as the chief: refused at the second step."""
    with as_character("shen"):
        services.give_post(cast["gu"].account, Role.WORKER, HERE)
        for takeover in (
            lambda: services.set_password(cast["gu"].account, GOOD),
            lambda: services.reset_second_factor(cast["gu"].account),
            lambda: services.close_account(cast["gu"].account),
        ):
            with pytest.raises(Refused, match="管理范围之外"):
                takeover()


def test_nor_one_whose_posts_have_ended(cast: dict[str, Post], as_character: As) -> None:
    with as_character("yan"):
        services.end_post(cast["gu"])
    with as_character("shen"), pytest.raises(Refused):
        services.set_password(cast["gu"].account, GOOD)


def test_nobody_resets_their_own_password_or_factor_this_way(cast: dict[str, Post], as_character: As) -> None:
    with as_character("yan"):
        for verb in (services.reset_second_factor, services.close_account):
            with pytest.raises(Refused, match="别的管理员"):
                verb(cast["yan"].account)


def test_a_password_given_by_somebody_must_be_changed(cast: dict[str, Post], as_character: As) -> None:
    with as_character("shen"):
        services.set_password(cast["lin"].account, GOOD)
    account = Account.objects.get(username="lin")
    assert account.password_is_initial and account.check_password(GOOD)
    assert acts() == [("password_changed", HERE)]


def test_a_lost_phone(cast: dict[str, Post], as_character: As) -> None:
    factor.tie(cast["shen"].account, factor.new_secret())
    with as_character("gu"):
        services.reset_second_factor(cast["shen"].account)
    assert not factor.is_tied(cast["shen"].account_id)
    assert acts() == [("second_factor_reset", STREET)]


def test_the_command_line_acts_for_the_whole_country(cast: dict[str, Post]) -> None:
    with acting(Actor(name="root", role=Role.OPERATOR, area="", channel="command")), within(""):
        account = services.open_account("lu2", "陆二", Role.CITY, "31")
        services.end_post(cast["lu"])
    assert posts(account) == [("city", "31")]


def test_without_anybody_acting_nothing_is_done(cast: dict[str, Post]) -> None:
    with pytest.raises(LookupError), within(""):
        services.open_account("zhao", "赵新", Role.WORKER, HERE)


def test_posts_are_seen_only_within_their_area(cast: dict[str, Post]) -> None:
    with within(HERE):
        seen = set(Post.objects.values_list("account__username", flat=True))
    assert seen == {"lin", "chen", "zhou"}
    assert not Post.objects.exists()


@given(st.integers(0, 5))
def test_first_passwords_can_be_read_out(_: int) -> None:
    password = services.temporary_password()
    assert [len(group) for group in password.split("-")] == [4, 4, 4, 4]
    assert not set(password) & set("il10o")


def test_the_database_keeps_names_lower_case_and_unique(cast: dict[str, Post]) -> None:
    for username in ("LIN2", "lin"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Account(username=username, name="重名").save(force_insert=True)


def test_an_account_has_no_rights_of_its_own(cast: dict[str, Post]) -> None:
    account = cast["yan"].account
    assert not account.has_perm("accounts.change_account")
    assert not account.has_module_perms("accounts")
    assert not account.is_staff and not account.is_superuser
