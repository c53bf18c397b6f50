"""Posts, sessions and passwords over time: what has ended stays ended, what begins tomorrow is not there today."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta

import openpyxl
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client

from linyun.foundation.accounts import attempts, factor, services, sessions
from linyun.foundation.accounts.models import Account, Attempt, Post
from linyun.foundation.accounts.policy import Refused
from linyun.foundation.accounts.rules import LOCK, STEP, WRONG_PER_NAME, code_at
from linyun.foundation.accounts.services import Unfit
from linyun.foundation.acts.actor import Actor
from linyun.foundation.acts.models import Act
from linyun.foundation.areas.scope import within
from linyun.kernel import clock
from linyun.kernel.declare import Role
from tests.characters import GRID, HERE, PASSWORD, STREET, THERE, sign_in

As = Callable[[str], AbstractContextManager[Actor]]
Browser = Callable[[str], Client]
GOOD = "quiet-lantern-river"
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """``later(days=1)``: the clock goes on, and with it the day."""
    shift = timedelta()

    def go_on(**span: float) -> None:
        nonlocal shift
        shift += timedelta(**span)

    def now() -> datetime:
        return datetime.now(clock.ZONE) + shift

    monkeypatch.setattr(clock, "now", now)
    for module in (services.clock, clock):
        monkeypatch.setattr(module, "today", lambda: now().date())
    monkeypatch.setattr("linyun.foundation.accounts.models.today", lambda: now().date())
    return go_on


def is_in(client: Client) -> bool:
    return client.get("/account/post").status_code == 200


def ends(post: Post) -> date | None:
    with within(""):
        return Post.objects.get(pk=post.pk).valid_to


def verbs(*wanted: str) -> list[str]:
    with within(""):
        return list(Act.objects.filter(verb__in=wanted).order_by("at", "id").values_list("verb", flat=True))


# The end of a post


def test_a_post_that_has_ended_is_not_ended_again_and_its_day_stays(
    cast: dict[str, Post], as_character: As, client_of: Browser
) -> None:
    post = cast["lin"]
    last = clock.today() - timedelta(days=10)
    with within(""):
        Post.objects.filter(pk=post.pk).update(valid_to=last)
    answer = client_of("shen").post(f"/account/people/posts/{post.pk}/end", {"reason": "再结束一次"})
    assert answer.status_code == 422 and str(last) in answer.content.decode()
    assert ends(post) == last and verbs("post_ended") == []


def test_an_end_that_is_set_may_be_brought_forward_and_not_put_off(cast: dict[str, Post], as_character: As) -> None:
    post, day = cast["lin"], clock.today() + timedelta(days=30)
    with as_character("shen"):
        services.end_post(post, day)
        with pytest.raises(Unfit, match="已经结束"):
            services.end_post(post, day + timedelta(days=1))
        with pytest.raises(Unfit, match="已经结束"):
            services.end_post(post, day)
        services.end_post(post, day - timedelta(days=20))
    assert ends(post) == day - timedelta(days=20)
    assert verbs("post_ended") == ["post_ended"] * 2


def test_the_command_says_so_too(cast: dict[str, Post], as_character: As) -> None:
    with as_character("shen"):
        services.end_post(cast["lin"], clock.today() + timedelta(days=5))
    with pytest.raises(CommandError, match="已经结束"):
        call_command("accounts", "end", "lin", role="worker", area=HERE, on=date(2099, 1, 1))
    assert ends(cast["lin"]) == clock.today() + timedelta(days=5)


def test_a_post_is_held_until_the_eve_of_its_end(
    client_of: Browser, cast: dict[str, Post], later: Callable[..., None], as_character: As
) -> None:
    with as_character("shen"):
        services.end_post(cast["lin"], clock.today() + timedelta(days=1))
    client = client_of("lin")
    assert is_in(client)
    later(days=1)
    sign_in(client, cast["lin"].account)
    assert client.get("/account/post").status_code == 403


@pytest.mark.parametrize("active", [True, False])
@pytest.mark.parametrize(("since", "until"), [(-9, None), (0, None), (1, None), (-9, 0), (-9, 1), (-9, -1)])
def test_the_posts_that_let_in_are_those_held_on_the_day(
    cast: dict[str, Post], since: int, until: int | None, active: bool
) -> None:
    """The question that every request asks is worded by hand: it means what ``on`` means, of whoever may sign in."""
    today, post = clock.today(), cast["lin"]
    ends = None if until is None else today + timedelta(days=until)
    with within(""):
        Post.objects.filter(pk=post.pk).update(valid_from=today + timedelta(days=since), valid_to=ends)
        Account.objects.filter(pk=post.account_id).update(is_active=active)
        meant = list(Post.objects.on(today).filter(account=post.account_id, account__is_active=True))
    held = Post.objects.held_by(post.account_id)
    assert held == meant
    for one in held:
        assert (one.account.username, one.account.name, one.area.code) == ("lin", "林晓岚", HERE)
        assert (one.role, one.valid_from, one.valid_to) == (post.role, today + timedelta(days=since), ends)


def test_ending_one_of_two_posts_ends_no_session_and_leads_to_the_other(
    client_of: Browser, cast: dict[str, Post], as_character: As
) -> None:
    with within(THERE):
        Post.objects.create(account=cast["lin"].account, role="worker", area=cast["wu"].area,
                            valid_from=cast["lin"].valid_from + timedelta(days=1))  # fmt: skip
    client = client_of("lin")
    with as_character("shen"):
        services.end_post(cast["lin"])
    assert is_in(client)
    assert "铁岭路五十弄" in client.get("/account/post").content.decode()


def test_the_end_of_a_post_that_another_area_gave_does_not_hide_the_one_that_stays(
    cast: dict[str, Post], as_character: As
) -> None:
    with within(""):
        Post.objects.create(account=cast["lin"].account, role="grid", area_id=THERE, valid_from=clock.today())
    before = Account.objects.get(username="lin").session_round
    with as_character("shen"):
        services.end_post(cast["lin"])
    assert Account.objects.get(username="lin").session_round == before


def test_a_post_that_never_began_can_be_called_off(cast: dict[str, Post], as_character: As) -> None:
    start = clock.today() + timedelta(days=30)
    with as_character("shen"):
        post = services.give_post(cast["lin"].account, Role.GRID, GRID, since=start)
        services.end_post(post)
    assert ends(post) == start, "from and to on one day: it was never held"
    with within(""):
        assert not Post.objects.on(start).filter(pk=post.pk).exists()


@pytest.mark.parametrize(
    ("since", "until", "fits"), [(0, 1, True), (0, 0, False), (0, -1, False), (5, 5, False), (-9, 1, True)]
)
def test_from_lies_before_to(cast: dict[str, Post], as_character: As, since: int, until: int, fits: bool) -> None:
    today = clock.today()
    days = {"since": today + timedelta(days=since), "until": today + timedelta(days=until)}
    with as_character("shen"):
        if fits:
            assert services.give_post(cast["lin"].account, Role.GRID, GRID, **days).valid_to == days["until"]
        else:
            with pytest.raises(Unfit, match="晚于"):
                services.give_post(cast["lin"].account, Role.GRID, GRID, **days)


# Choosing a post


def test_the_chosen_post_that_ended_falls_back_to_one_that_is_held(
    client_of: Browser, cast: dict[str, Post], as_character: As
) -> None:
    with within(""):
        other = Post.objects.create(account=cast["lin"].account, role="grid", area_id=GRID, valid_from=clock.today())
    client = client_of("lin")
    client.post("/account/post", {"post": str(other.pk)})
    assert client.session[sessions.POST_KEY] == str(other.pk)
    with as_character("shen"):
        services.end_post(other)
    assert is_in(client)
    assert "社区工作者" in client.get("/account/post").content.decode()


@pytest.mark.parametrize("planted", ["", "x", "1 or 1=1", "00000000-0000-0000-0000-000000000000", "\u0000"])
def test_a_post_that_is_none_is_not_chosen(client_of: Browser, cast: dict[str, Post], planted: str) -> None:
    client = client_of("lin")
    answer = client.post("/account/post", {"post": planted})
    assert answer.status_code == 302 and sessions.POST_KEY not in client.session
    assert verbs("post_switched") == []


def test_a_switch_into_a_post_above_asks_for_the_second_factor_that_was_not_shown(
    client_of: Browser, cast: dict[str, Post]
) -> None:
    with within(""):
        Post.objects.create(account=cast["lin"].account, role="street", area_id=STREET, valid_from=clock.today())
    client = client_of("lin")
    session = client.session
    session[sessions.FACTOR_KEY] = False
    session.save()
    assert client.get("/account/post")["Location"].startswith("/account/second-factor")


# Locks


@pytest.mark.parametrize("name", ["lin", "nobody-has-this", "林", "a" * 500, "lin\u200b"])
def test_after_five_wrong_ones_every_name_waits_alike(client: Client, cast: dict[str, Post], name: str) -> None:
    answers = [
        client.post("/account/login", {"username": name, "password": f"x{n}"}) for n in range(WRONG_PER_NAME + 1)
    ]
    assert [a.status_code for a in answers] == [422] * (WRONG_PER_NAME - 1) + [429] * 2
    assert "15 分钟后再试" in answers[-1].content.decode()


def test_a_locked_name_is_not_opened_by_the_right_password(client: Client, cast: dict[str, Post]) -> None:
    for n in range(WRONG_PER_NAME):
        client.post("/account/login", {"username": "lin", "password": f"x{n}"})
    assert client.post("/account/login", {"username": " LIN ", "password": PASSWORD}).status_code == 429
    assert not is_in(client)


def test_a_lock_ends_by_itself(client: Client, cast: dict[str, Post], later: Callable[..., None]) -> None:
    for n in range(WRONG_PER_NAME):
        client.post("/account/login", {"username": "lin", "password": f"x{n}"})
    later(seconds=LOCK.total_seconds() + 1)
    assert client.post("/account/login", {"username": "lin", "password": PASSWORD}).status_code == 302


def test_what_stands_for_a_name_is_no_name(db: None) -> None:
    kept = attempts.target_of("lin")
    assert "lin" not in kept and kept == attempts.target_of("lin") != attempts.target_of("wu")


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded"])
def test_an_address_that_a_client_makes_up_opens_no_new_count(
    client: Client, cast: dict[str, Post], header: str
) -> None:
    for n in range(WRONG_PER_NAME):
        client.post("/account/login", {"username": "lin", "password": f"x{n}"}, headers={header: f"10.9.9.{n}"})
    answer = client.post("/account/login", {"username": "lin", "password": PASSWORD}, headers={header: "10.9.9.99"})
    assert answer.status_code == 429 or settings.ALLAUTH_TRUSTED_PROXY_COUNT


# Passwords


@pytest.mark.parametrize(
    ("password", "says"),
    [
        (" " * 12, "不同的字符"), ("aaaaaaaaaaaa", "不同的字符"), ("1212121212", "不同的字符"), ("\u200b" * 12, "不同的字符"),
        ("short", "太短"), ("", "太短"), ("password1234", "太常见"), ("qwertyuiop", "太常见"),
    ],
)  # fmt: skip
def test_long_is_not_enough(cast: dict[str, Post], as_character: As, password: str, says: str) -> None:
    account = cast["lin"].account
    before = Account.objects.get(pk=account.pk).password
    with as_character("shen"), pytest.raises(Unfit) as unfit:
        services.set_password(account, password)
    assert says in str(unfit.value)
    assert Account.objects.get(pk=account.pk).password == before


@pytest.mark.parametrize(
    "password", [GOOD, "一二三四五六七八九十", "  inner  spaces  ", "ünïcödé-pässwörd", "👍👎😀😁🎉✨🌟💡🔥🌈"]
)
def test_any_words_make_a_password(client: Client, cast: dict[str, Post], as_character: As, password: str) -> None:
    with as_character("shen"):
        services.set_password(cast["lin"].account, password, initial=False)
    assert client.post("/account/login", {"username": "lin", "password": password}).status_code == 302
    assert is_in(client)


def test_temporary_passwords_always_pass_the_rules() -> None:
    made = {services.temporary_password() for _ in range(300)}
    assert len(made) == 300
    assert all(len(set(p)) >= services.FEWEST_DIFFERENT and len(p) == 19 for p in made)


# Lost devices


def test_all_ten_recovery_codes_work_once_each_and_an_eleventh_time_none(cast: dict[str, Post]) -> None:
    account = cast["shen"].account
    codes = factor.tie(account, SECRET)
    with within(""):
        assert [factor.check(account, code) for code in codes] == ["recovery"] * 10
        assert [factor.check(account, code) for code in codes] == [""] * 10
    assert factor.codes_left(account) == 0


def test_codes_of_one_account_are_worth_nothing_on_another(cast: dict[str, Post]) -> None:
    mine, others = (factor.tie(cast[who].account, factor.new_secret()) for who in ("shen", "gu"))
    with within(""):
        assert factor.check(cast["shen"].account, others[0]) == ""
        assert factor.check(cast["shen"].account, mine[0]) == "recovery"


def test_a_lost_phone_is_untied_and_whoever_found_it_is_out(
    client_of: Browser, cast: dict[str, Post], as_character: As
) -> None:
    account = cast["shen"].account
    factor.tie(account, SECRET)
    finder = client_of("shen")
    assert is_in(finder)
    with as_character("gu"):
        services.reset_second_factor(account, reason="手机丢了")
    assert not is_in(finder)
    assert not factor.is_tied(account.pk)
    client = Client()
    assert client.post("/account/login", {"username": "shen", "password": PASSWORD})["Location"].startswith(
        "/account/second-factor"
    ), "above the committee a new one is tied before anything else"
    with within(STREET):
        assert Act.objects.get(verb="second_factor_reset").reason == "手机丢了"


def test_a_code_of_the_untied_phone_opens_nothing(cast: dict[str, Post], as_character: As) -> None:
    account = cast["shen"].account
    codes = factor.tie(account, SECRET)
    with as_character("gu"):
        services.reset_second_factor(account)
    with within(""):
        step = int(clock.now().timestamp()) // STEP
        assert factor.check(account, code_at(SECRET, step)) == ""
        assert factor.check(account, codes[0]) == ""


def test_a_closed_account_neither_signs_in_nor_says_that_it_is_closed(
    client: Client, cast: dict[str, Post], as_character: As
) -> None:
    with as_character("shen"):
        services.close_account(cast["lin"].account)
    answer = client.post("/account/login", {"username": "lin", "password": PASSWORD})
    assert answer.status_code == 422 and "登录名或密码不对" in answer.content.decode()
    assert "停用" not in answer.content.decode()


# Who may look after whom


@pytest.mark.parametrize(
    "verb", ["set_password", "reset_second_factor", "close_account", "reopen_account", "sign_out_everywhere"]
)
@pytest.mark.parametrize(
    ("who", "whom", "may"),
    [
        ("shen", "lin", True), ("shen", "chen", True), ("shen", "zhou", True), ("shen", "gu", False),
        ("shen", "he", False), ("shen", "yan", False), ("gu", "shen", True), ("gu", "lu", False), ("yan", "lu", True),
        ("lin", "chen", False), ("chen", "zhou", False), ("he", "lin", False), ("shen", "shen", False),
    ],
)  # fmt: skip
def test_each_verb_reaches_as_far_as_its_post_and_no_further(
    cast: dict[str, Post], as_character: As, verb: str, who: str, whom: str, may: bool
) -> None:
    account = cast[whom].account
    before = Account.objects.filter(pk=account.pk).values().get()
    words = (account, GOOD) if verb == "set_password" else (account,)
    with as_character(who):
        if may:
            getattr(services, verb)(*words)
            return
        with pytest.raises(Refused):
            getattr(services, verb)(*words)
    assert Account.objects.filter(pk=account.pk).values().get() == before


def test_a_small_post_given_first_opens_no_way_to_a_big_account(cast: dict[str, Post], as_character: As) -> None:
    """The street gives the district's chief a small post of its own and then wants to reset the password."""
    chief = cast["gu"].account
    with as_character("shen"):
        services.give_post(chief, Role.WORKER, HERE)
        for step in (lambda: services.set_password(chief, GOOD), lambda: services.close_account(chief),
                     lambda: services.reset_second_factor(chief)):  # fmt: skip
            with pytest.raises(Refused, match="管理范围之外"):
                step()
    assert Account.objects.get(pk=chief.pk).check_password(PASSWORD)


@pytest.mark.parametrize(
    "field", ["is_active", "session_round", "password_is_initial", "id", "account", "is_superuser"]
)
def test_fields_planted_in_the_form_of_a_new_account_are_not_read(
    client_of: Browser, cast: dict[str, Post], field: str
) -> None:
    posted = {"username": "new1", "name": "新人", "role": "grid", "area": GRID, field: "0"}
    assert client_of("shen").post("/account/people/new", posted).status_code == 200
    made = Account.objects.get(username="new1")
    assert (made.is_active, made.session_round, made.password_is_initial, made.is_superuser) == (True, 0, True, False)
    assert made.name == "新人" and str(made.pk) != "0"


@pytest.mark.parametrize(
    ("field", "value"),
    [("username", "a b"), ("username", ""), ("username", "x" * 61), ("username", "a\u200bb"), ("name", ""), ("name", "x" * 61),
     ("name", "a\nb"), ("role", "king"), ("role", ""), ("area", "31011a"), ("area", ""), ("since", "昨天"), ("until", "2020-01-01"),
     ("title", "x" * 41), ("phone", "1" * 21)],
)  # fmt: skip
def test_what_cannot_be_is_said_beside_its_field_and_opens_nothing(
    client_of: Browser, cast: dict[str, Post], field: str, value: str
) -> None:
    posted = {"username": "new1", "name": "新人", "role": "grid", "area": GRID} | {field: value}
    answer = client_of("shen").post("/account/people/new", posted)
    assert answer.status_code in (403, 422)
    assert (
        not Account.objects.filter(name="新人")
        .exclude(username__in=[p.account.username for p in cast.values()])
        .exists()
    )


def test_attempts_are_kept_without_names_and_forgotten_after_a_month(
    client: Client, cast: dict[str, Post], later: Callable[..., None]
) -> None:
    client.post("/account/login", {"username": "lin", "password": "x"})
    assert Attempt.objects.count() == 1
    later(days=29)
    assert attempts.forget_old() == 0
    later(days=2)
    assert attempts.forget_old() == 1


def test_the_list_taken_out_holds_no_password_and_leaves_a_trace(client_of: Browser, cast: dict[str, Post]) -> None:
    answer = client_of("shen").post("/account/people/export", {"q": "林"})
    page = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    cells = [str(c.value) for row in page.iter_rows() for c in row]
    assert "林晓岚" in cells and "吴海燕" not in cells
    assert cast["lin"].account.password not in " ".join(cells)
    with within(STREET):
        assert Act.objects.get(verb="accounts_exported").detail["count"] == 1
