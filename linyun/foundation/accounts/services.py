"""The verbs of accounts: sign in, show the second factor, change a password; open an account, give and end posts."""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth import authenticate
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from linyun.foundation.accounts import attempts, factor
from linyun.foundation.accounts.events import (
    AccountClosed,
    AccountOpened,
    AccountReopened,
    PasswordChanged,
    PostEnded,
    PostGiven,
    PostSwitched,
    RecoveryCodesRenewed,
    SecondFactorReset,
    SecondFactorSet,
    SessionsEnded,
    SignedIn,
    SignedOut,
    SignInRefused,
)
from linyun.foundation.accounts.hashing import FirstPasswordHasher
from linyun.foundation.accounts.models import Account, Attempt, Post
from linyun.foundation.accounts.policy import Refused, require
from linyun.foundation.accounts.rules import SHORTEST_PASSWORD, fits, may_give, may_manage
from linyun.foundation.acts.actor import Actor, acting, current
from linyun.foundation.acts.services import record
from linyun.foundation.areas.models import Area
from linyun.foundation.areas.scope import within
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Role
from linyun.kernel.words import say

TEMPORARY_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without i, l, o, 0 and 1: a first password is read out on the telephone."""

LONGEST_TITLE = 40
FEWEST_DIFFERENT = 5
"""Different characters in a password: ten blanks are ten characters long."""
LONGEST_WORDS = {"username": 60, "name": 60, "phone": 20}


class Unfit(ValueError):
    """An account, a post or a password cannot be as given; the sentences say why, ``field`` where."""

    def __init__(self, field: str, *sentences: str) -> None:
        super().__init__("；".join(sentences))
        self.field, self.sentences = field, sentences


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of an attempt. ``account`` when it passed; else ``wait``, zero when another try is allowed at once."""

    account: Account | None
    wait: timedelta = timedelta()
    how: str = ""


def _visitor(ip: str, account: Account | None = None) -> Actor:
    return Actor(account.name if account else "未登录者", account.pk if account else None, ip=ip)


def _area_of(account: Account) -> str:
    """Where acts of an account that works in no post yet are filed: at its first post, else with the whole country."""
    first = Post.objects.on(clock.today()).filter(account=account).order_by("valid_from", "id").first()
    return first.area_id if first else ""


def check_password(username: str, password: str, ip: str) -> Verdict:
    """Whether name and password belong together. Takes as long, and says the same, for names that nobody has."""
    name = Account.objects.normalise(username)
    target = attempts.target_of(name)
    with within(""):
        attempts.line_up(f"sign-in {ip}")
        wait = attempts.password_wait(target, ip)
        if wait:
            return Verdict(None, wait)
        found = authenticate(username=name, password=password)
        account = found if isinstance(found, Account) else None
        attempts.note(Attempt.Kind.PASSWORD, target, ip, passed=account is not None)
        wait = attempts.password_wait(target, ip)
        if account is None:
            owner = Account.objects.filter(username=name).first()
            with acting(_visitor(ip)):
                why = SignInRefused(owner.pk if owner else None, "password", bool(wait))
                record(why, area=_area_of(owner) if owner else "")
        return Verdict(account, timedelta() if account else wait)


def choose_language(account: Account, language: str) -> None:
    """Keep in which language a person reads pages, on whatever machine they sign in. No act: it says nothing of anybody."""
    Account.objects.filter(pk=account.pk).exclude(language=language).update(language=language)


def signed_in(account: Account, ip: str, how: str) -> None:
    """Write down that a person came in."""
    with within(""), acting(_visitor(ip, account)):
        record(SignedIn(account.pk, how), area=_area_of(account), subject=("account", account.pk))


def signed_out(account: Account, ip: str) -> None:
    """Write down that a person left."""
    with within(""), acting(_visitor(ip, account)):
        record(SignedOut(account.pk), area=_area_of(account), subject=("account", account.pk))


def check_factor(account: Account, code: str, ip: str) -> Verdict:
    """Whether the code of an authenticator, or a recovery code, is right. ``how``: totp or recovery."""
    target = attempts.target_of(str(account.pk))
    with within(""):
        attempts.line_up(f"factor {account.pk}")
        wait = attempts.factor_wait(target)
        if wait:
            return Verdict(None, wait)
        how = factor.check(account, code)
        attempts.note(Attempt.Kind.FACTOR, target, ip, passed=bool(how))
        if how:
            return Verdict(account, how=how)
        wait = attempts.factor_wait(target)
        with acting(_visitor(ip, account)):
            record(SignInRefused(account.pk, "factor", bool(wait)), area=_area_of(account))
        return Verdict(None, wait)


def tie_factor(account: Account, secret: str, code: str, ip: str) -> list[str]:
    """Tie an authenticator that shows the right code; answers recovery codes to be shown once. Raises Unfit."""
    if factor.is_tied(account.pk):
        raise Unfit("code", say("这个账号已经绑定了验证器。"))
    if not factor.shows(secret, code):
        raise Unfit("code", say("验证码不对。请看手机上现在显示的六位数字；手机时间要设为自动。"))
    with within(""), acting(_visitor(ip, account)):
        codes = factor.tie(account, secret)
        record(SecondFactorSet(account.pk), area=_area_of(account), subject=("account", account.pk))
    return codes


def renew_codes(account: Account, ip: str) -> list[str]:
    """New recovery codes in place of the former ones."""
    with within(""), acting(_visitor(ip, account)):
        record(RecoveryCodesRenewed(account.pk), area=_area_of(account), subject=("account", account.pk))
        return factor.renew_codes(account)


def untie_factor(account: Account, ip: str) -> None:
    """Untie one's own authenticator, to tie another one."""
    with within(""), acting(_visitor(ip, account)):
        factor.untie(account)
        record(SecondFactorReset(account.pk, by_owner=True), area=_area_of(account), subject=("account", account.pk))


def change_password(account: Account, old: str, new: str, ip: str) -> None:
    """Change one's own password; all sessions end. Raises Unfit. Wrong old passwords count as wrong attempts."""
    verdict = check_password(account.username, old, ip)
    if verdict.account is None:
        raise Unfit("old", say("原密码不对。") if not verdict.wait else say("原密码错了多次，请 15 分钟后再试。"))
    if old == new:
        raise Unfit("new", say("新密码不能和原来的一样。"))
    _set_password(account, new, initial=False)
    record(PasswordChanged(account.pk, by_owner=True), area=current().area or "", subject=("account", account.pk))


def switch_post(account: Account, post: Post) -> None:
    """Write down that a person goes on in another post of theirs. Raises Refused for a post that is not theirs now."""
    if post.account_id != account.pk:
        raise Refused(say("这不是您的岗位。"))
    with within(""):
        record(PostSwitched(account.pk, post.pk), area=post.area_id, subject=("account", account.pk))


def _set_password(account: Account, password: str, *, initial: bool, made_up: bool = False) -> None:
    # Django's own check of the length has no Chinese sentence.
    if len(password) < SHORTEST_PASSWORD:
        raise Unfit("new", say("密码太短：至少要 {n} 个字符。", n=SHORTEST_PASSWORD))
    if len(set(password)) < FEWEST_DIFFERENT:
        raise Unfit("new", say("密码太简单：至少要有 {n} 个不同的字符。", n=FEWEST_DIFFERENT))
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise Unfit("new", *error.messages) from error
    if made_up:
        account.password = make_password(password, hasher=FirstPasswordHasher.algorithm)
    else:
        account.set_password(password)
    account.password_is_initial = initial
    account.save(update_fields=["password", "password_is_initial"])


def temporary_password() -> str:
    """A first password that can be read out: four groups of four, 79 bits."""
    return "-".join("".join(secrets.choice(TEMPORARY_ALPHABET) for _ in range(4)) for _ in range(4))


def open_account(username: str, name: str, role: Role, area: str, *, phone: str = "", department: str = "",
                 title: str = "", password: str = "", initial: bool = True, made_up: bool = False,
                 since: date | None = None, until: date | None = None) -> Account:  # fmt: skip
    """Open an account with its first post. ``password`` may be left out: then nobody can sign in until one is set.

    ``initial``: the password must be changed at the first sign-in. ``made_up``: it comes from ``temporary_password``.
    Raises Refused, Unfit.
    """
    giver = current()
    require(giver, "account.manage", area)
    handle = Account.objects.normalise(username)
    if not handle or not handle.isprintable() or any(c.isspace() for c in handle):
        raise Unfit("username", say("登录名不能为空，也不能含空格。"))
    if not name.strip() or not name.strip().isprintable():
        raise Unfit("name", say("请填写姓名。"))
    account = Account(username=handle, name=name.strip(), phone=phone.strip())
    for field, most in LONGEST_WORDS.items():
        if len(getattr(account, field)) > most:
            raise Unfit(field, say("太长：最多 {most} 个字。", most=most))
    account.set_unusable_password()
    with within(giver.area):
        _insert(account)
        record(AccountOpened(account.pk), area=area, subject=("account", account.pk))
        give_post(account, role, area, department=department, title=title, since=since, until=until)
        if password:
            _set_password(account, password, initial=initial, made_up=made_up)
    return account


def _insert(account: Account) -> None:
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError as taken:  # somebody else took the name since we looked
        raise Unfit("username", say("登录名“{username}”已有人使用，请换一个。", username=account.username)) from taken


def give_post(account: Account, role: Role, area: str, *, department: str = "", title: str = "",
              since: date | None = None, until: date | None = None) -> Post:  # fmt: skip
    """Give a person a post, from ``since`` (today), not held on ``until``. Raises Refused; Unfit when it does not fit.

    Unfit too when they hold the same one on any of these days.
    """
    giver = current()
    require(giver, "account.manage", area)
    if giver.account_id == account.pk:
        raise Refused(say("不能给自己安排岗位，请由上级管理员办理。"))
    place = Area.objects.on(clock.today()).filter(code=area).first()
    if place is None:
        raise Unfit("area", say("没有编码为 {area} 的区域。", area=area))
    if not fits(role, area):
        raise Unfit("area", say("“{name}”这一级不能设这种岗位。", name=place.name))
    if giver.role is None or not may_give(giver.role, giver.area or "", role, area):
        raise Refused(say("您的岗位不能安排这个岗位，请由上级管理员办理。"))
    first = since or clock.today()
    if until and until <= first:
        raise Unfit("until", say("结束日期要晚于开始日期。"))
    if department not in (catalogue.departments if role is Role.DEPARTMENT else ("",)):
        raise Unfit("department", say("条线部门的岗位要写明是哪条条线，例如民政；别的岗位不写。"))
    if len(title.strip()) > LONGEST_TITLE:
        raise Unfit("title", say("职务太长：最多 {n} 个字。", n=LONGEST_TITLE))
    with within(giver.area):
        held = Post.objects.during(first, until).filter(account=account, role=role, area=place, department=department)
        if held.exists():
            raise Unfit("role", say("{name}已经有这个岗位。", name=account.name))
        post = Post.objects.create(account=account, role=role, area=place, department=department, title=title.strip(),
                                   valid_from=first, valid_to=until)  # fmt: skip
        record(PostGiven(account.pk, post.pk, role, area), area=area, subject=("account", account.pk))
    return post


def end_post(post: Post, on: date | None = None, reason: str = "") -> None:
    """End a post on a day (today). With the last one, the person's sessions end as well. Raises Refused; Unfit for one
    that has ended by then: what was is not written anew.
    """
    giver = current()
    require(giver, "account.manage", post.area_id)
    if giver.account_id == post.account_id:
        raise Refused(say("不能结束自己的岗位，请由别的管理员办理。"))
    if giver.role is None or not may_give(giver.role, giver.area or "", Role(post.role), post.area_id):
        raise Refused(say("您的岗位不能结束这个岗位，请由上级管理员办理。"))
    day = on or clock.today()
    if post.valid_to is not None and post.valid_to <= max(day, post.valid_from):
        raise Unfit("reason", say("这个岗位到 {valid_to} 已经结束。", valid_to=post.valid_to))
    with within(giver.area):
        post.valid_to = max(day, post.valid_from)
        post.save(update_fields=["valid_to"])
        record(PostEnded(post.account_id, post.pk), area=post.area_id, subject=("account", post.account_id),
               reason=reason)  # fmt: skip
    # Posts in other areas count too, so the whole country is looked at.
    with within(""):
        if not Post.objects.on(clock.today()).filter(account=post.account_id).exists():
            end_sessions(post.account)


def end_sessions(account: Account) -> None:
    """End all sessions of an account, wherever they are open."""
    account.refresh_from_db(fields=["session_round"])
    account.session_round += 1
    account.save(update_fields=["session_round"])


def _require_manager(account: Account) -> str:
    """Answers the area under which the act is filed. Raises Refused for oneself and for accounts with higher posts."""
    giver = current()
    require(giver, "account.manage")
    if giver.account_id == account.pk:
        raise Refused(say("这一步要由别的管理员为您办理。"))
    with within(""):
        posts = Post.objects.filter(account=account)
        # A post that begins tomorrow counts: who takes the account over today would wake up in it.
        held = posts.during(clock.today(), None)
        these = [(Role(p.role), p.area_id) for p in (held if held.exists() else posts)]
    if giver.role is None or not may_manage(giver.role, giver.area or "", these):
        raise Refused(say("这个账号还有您管理范围之外的岗位，请由上级管理员办理。"))
    return these[0][1] if these else giver.area or ""


def set_password(account: Account, password: str, *, initial: bool = True, reason: str = "") -> None:
    """Give somebody a first password, to be changed when they sign in; their sessions end. Raises Refused, Unfit."""
    area = _require_manager(account)
    with within(current().area):
        _set_password(account, password, initial=initial)
        record(PasswordChanged(account.pk, by_owner=False), area=area, subject=("account", account.pk), reason=reason)


def reset_second_factor(account: Account, reason: str = "") -> None:
    """Untie somebody's authenticator: phone and recovery codes were lost. Their sessions end. Raises Refused."""
    area = _require_manager(account)
    with within(current().area):
        factor.untie(account)
        end_sessions(account)
        record(SecondFactorReset(account.pk, by_owner=False), area=area, subject=("account", account.pk),
               reason=reason)  # fmt: skip


def close_account(account: Account, reason: str = "") -> None:
    """Close an account: nobody signs in to it, its sessions end; posts and acts stay as they were. Raises Refused."""
    area = _require_manager(account)
    with within(current().area):
        account.is_active = False
        account.save(update_fields=["is_active"])
        end_sessions(account)
        record(AccountClosed(account.pk), area=area, subject=("account", account.pk), reason=reason)


def reopen_account(account: Account, reason: str = "") -> None:
    """Open a closed account again. Raises Refused."""
    area = _require_manager(account)
    with within(current().area):
        account.is_active = True
        account.save(update_fields=["is_active"])
        record(AccountReopened(account.pk), area=area, subject=("account", account.pk), reason=reason)


def sign_out_everywhere(account: Account, reason: str = "") -> None:
    """End all sessions of somebody else: a device was lost. Raises Refused."""
    area = _require_manager(account)
    with within(current().area):
        end_sessions(account)
        record(SessionsEnded(account.pk, by_owner=False), area=area, subject=("account", account.pk), reason=reason)


def sign_out_elsewhere(account: Account) -> None:
    """End all of one's own sessions; the caller gives the present one its new key."""
    end_sessions(account)
    record(SessionsEnded(account.pk, by_owner=True), area=current().area or "", subject=("account", account.pk))
