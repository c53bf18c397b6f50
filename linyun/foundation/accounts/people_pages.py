"""Pages of those who look after accounts: the list, one account, its posts, passwords, many accounts from a file."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from django.db.models.functions import Length
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linyun.foundation.accounts import factor, people, roster, services
from linyun.foundation.accounts.doors import Entered, door
from linyun.foundation.accounts.models import Account, Post
from linyun.foundation.accounts.people import Asked
from linyun.foundation.accounts.services import Unfit
from linyun.foundation.acts.models import LONGEST_REASON
from linyun.foundation.areas.models import Area
from linyun.foundation.ui.answer import download, render, saved
from linyun.foundation.ui.language import official
from linyun.foundation.ui.paging import page
from linyun.foundation.ui.parts import Chip, Empty
from linyun.foundation.ui.tables import Column, Table
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Role
from linyun.kernel.words import ROLE_NAMES, msgid, say

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UNPROCESSABLE = 422
SHOWN = 200
CHOSEN = 60
"""So many areas fit into a list to choose from."""


def _asked(posted: "dict[str, str]") -> Asked:
    role = posted.get("role", "")
    return Asked(
        posted.get("q", "").replace("\x00", "").strip()[:60],
        role if role in list(Role) else "",
        "closed" if posted.get("state") == "closed" else "",
    )


def _posts(account: Account) -> list[Chip]:
    held: list[Post] = account.held  # type: ignore[attr-defined]
    return [Chip(f"{p.area.name} · {say(ROLE_NAMES[Role(p.role)])}") for p in held]


COLUMNS = (
    Column("name", "姓名"),
    Column("username", "登录名"),
    Column("posts", "岗位", kind="chips", show=_posts),
    Column("last_login", "最近登录", kind="ago"),
)


@door("account.manage")
@require_GET
def accounts(request: HttpRequest) -> HttpResponse:
    """Accounts with a post within one's area."""
    asked = _asked(request.GET.dict())
    query = {k: v for k, v in (("q", asked.q), ("role", asked.role), ("state", asked.state)) if v}
    found = asked.found()
    rows = page(people.with_posts(found), ["username"], request.GET.get("after", ""), total=found.count())
    table = Table("accounts", COLUMNS, rows, href=lambda a: reverse("account_page", args=[a.pk]), query=query,
                  noun="个账号", empty=Empty(_("没有这样的账号"), icon="people"))  # fmt: skip
    roles = [(r.value, say(ROLE_NAMES[r])) for r in Role]
    return render(request, "accounts/people.html", {"table": table, "asked": asked, "roles": roles})


@door("account.manage")
@require_POST
def export(request: HttpRequest) -> HttpResponseBase:
    """The list as a file; an act is recorded."""
    return download(_("账号.xlsx"), people.export(_asked(request.POST.dict())), XLSX)


def _day(request: HttpRequest, field: str) -> date | None:
    text = request.POST.get(field, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as wrong:
        raise Unfit(field, _("日期看不懂，请写成 2026-11-28。")) from wrong


def _role(request: HttpRequest) -> Role:
    try:
        return Role(request.POST.get("role", ""))
    except ValueError as wrong:
        raise Unfit("role", _("请选角色。")) from wrong


def _reason(request: HttpRequest) -> str:
    reason = request.POST.get("reason", "").replace("\x00", "").strip()[:LONGEST_REASON]
    if not reason:
        raise Unfit("reason", _("请写明原因。"))
    return reason


def _areas(request: Entered) -> dict[str, object]:
    """The areas near the giver: all where they are few, else the upper ones, to be found by name while one types."""
    here = Area.objects.on(clock.today()).within(request.actor.area or "")
    upper = here.filter(kind__in=("city", "district", "street", "committee", "grid", "building")).order_by("code")
    found = list(upper[: CHOSEN + 1])
    few = len(found) <= CHOSEN
    if not few:
        found = list(upper.exclude(kind="building").order_by(Length("code"), "code")[:SHOWN])
    return {"areas": [(a.code, f"{a.name} {a.code}") for a in found], "areas_are_few": few}


def _form(request: Entered) -> dict[str, object]:
    posted = request.POST.dict()
    fields = ("username", "name", "phone", "role", "area", "department", "title", "since", "until", "reason")
    return {
        "said": {f: posted.get(f, "") for f in fields},
        "roles": people.givable(request.actor),
        **_areas(request),
        "departments": [(d.code, d.name) for d in catalogue.departments.values()],
    }


@door("account.manage")
@require_http_methods(["GET", "POST"])
def new(request: Entered) -> HttpResponse:
    """Open an account; its first password is shown once."""
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        password, p = services.temporary_password(), request.POST
        try:
            account = services.open_account(
                p.get("username", ""), p.get("name", ""), _role(request), p.get("area", "").strip(),
                phone=p.get("phone", ""), department=p.get("department", "").strip()[:30], title=p.get("title", ""),
                password=password, made_up=True, since=_day(request, "since"), until=_day(request, "until"),
            )  # fmt: skip
        except Unfit as unfit:
            errors = {unfit.field: list(unfit.sentences)}
        else:
            return render(request, "accounts/given.html", {"account": account, "password": password})
    context = _form(request) | {"errors": errors}
    return render(request, "accounts/new.html", context, status=UNPROCESSABLE if errors else 200)


def _shown(request: Entered, account: Account, errors: dict[str, list[str]]) -> HttpResponse:
    posts = Post.objects.filter(account=account).select_related("area").order_by("-valid_from", "-id")
    context = _form(request) | {
        "account": account,
        "held": [(p, say(ROLE_NAMES[Role(p.role)]), p.valid_to is not None and p.valid_to <= clock.today(),
                   people.may_touch(request.actor, p)) for p in posts],
        "tied": factor.is_tied(account.pk),
        "mine": account.pk == request.actor.account_id,
        "acts": people.history(account),
        "verbs": {verb: say(word) for verb, word in WORDS.items()},
        "errors": errors,
    }  # fmt: skip
    return render(request, "accounts/one.html", context, status=UNPROCESSABLE if errors else 200)


@door("account.manage")
@require_GET
def one(request: Entered, account_id: UUID) -> HttpResponse:
    """One account: its posts within one's area, what was done to it, what can be done."""
    return _shown(request, people.the_account(account_id), {})


@door("account.manage")
@require_POST
def give(request: Entered, account_id: UUID) -> HttpResponse:
    """Give a further post."""
    account, p = people.the_account(account_id), request.POST
    try:
        services.give_post(account, _role(request), p.get("area", "").strip(), title=p.get("title", ""),
                           department=p.get("department", "").strip()[:30], since=_day(request, "since"),
                           until=_day(request, "until"))  # fmt: skip
    except Unfit as unfit:
        return _shown(request, account, {unfit.field: list(unfit.sentences)})
    return saved(request, reverse("account_page", args=[account.pk]), _("岗位已加上。"))


@door("account.manage")
@require_POST
def end(request: Entered, held_id: UUID) -> HttpResponse:
    """End a post today."""
    post = Post.objects.select_related("account").get(pk=held_id)
    try:
        services.end_post(post, reason=_reason(request))
    except Unfit as unfit:
        return _shown(request, post.account, {unfit.field: list(unfit.sentences)})
    return saved(request, reverse("account_page", args=[post.account_id]), _("岗位已结束。"))


Verb = Callable[[Account, str], None]
STEPS: dict[str, tuple[Verb, str]] = {
    "factor": (services.reset_second_factor, msgid("第二重验证已解除，下次登录时重新绑定。")),
    "sessions": (services.sign_out_everywhere, msgid("这个账号在所有设备上都已退出。")),
    "close": (services.close_account, msgid("账号已停用，登录已全部退出。")),
    "reopen": (services.reopen_account, msgid("账号已恢复。")),
}
WORDS = {
    "account_opened": msgid("开了账号"), "post_given": msgid("安排了岗位"), "post_ended": msgid("结束了岗位"),
    "signed_in": msgid("登录"),
    "signed_out": msgid("退出登录"), "sign_in_refused": msgid("登录没有成功"), "post_switched": msgid("换了岗位"),
    "password_changed": msgid("改了密码"), "second_factor_set": msgid("绑定了验证器"), "second_factor_reset": msgid("解除了验证器"),
    "recovery_codes_renewed": msgid("换了恢复码"), "account_closed": msgid("停用了账号"), "account_reopened": msgid("恢复了账号"),
    "sessions_ended": msgid("退出了登录"),
}  # fmt: skip


@door("account.manage")
@require_POST
def step(request: Entered, account_id: UUID) -> HttpResponse:
    """Reset the password or second factor, end the sessions, close or reopen; each asks for a reason."""
    account, wanted = people.the_account(account_id), request.POST.get("step", "")
    try:
        reason = _reason(request)
        if wanted == "password":
            password = services.temporary_password()
            services.set_password(account, password, reason=reason)
            return render(request, "accounts/given.html", {"account": account, "password": password})
        if wanted not in STEPS:
            raise Unfit("reason", _("请选要做的事。"))
        verb, sentence = STEPS[wanted]
        verb(account, reason)
    except Unfit as unfit:
        return _shown(request, account, {unfit.field: list(unfit.sentences)})
    return saved(request, reverse("account_page", args=[account.pk]), say(sentence))


FILES: dict[str, tuple[str, Callable[[list[roster.Cells]], bytes]]] = {
    "sample": ("账号样表.xlsx", lambda _rows: roster.sample()),
    "bad": ("有问题的行.xlsx", lambda rows: roster.bad_rows(roster.judge(rows))),
    "apply": ("账号和初始密码.xlsx", lambda rows: roster.given(roster.apply(rows))),
}
"""Files of a roster, by the step that asks for one."""


@door("account.manage")
@require_http_methods(["GET", "POST"])
def many(request: Entered) -> HttpResponseBase:
    """Upload a file and see what each row would do; take the bad rows; do the good ones and take the passwords."""
    if request.method == "GET":
        return render(request, "accounts/many.html", {"error": "", "lines": [], "counts": [], "carried": ""})
    wanted = request.POST.get("step", "")
    try:
        if wanted in FILES:
            name, made = FILES[wanted]
            rows = roster.carried(request.POST.get("rows", "")) if wanted != "sample" else []
            with official():
                return download(name, made(rows), XLSX)
        upload = request.FILES.get("file")
        if upload is None:
            raise roster.Unusable(_("请先选一个文件。"))
        if (upload.size or 0) > roster.BIGGEST:
            raise roster.Unusable(_("文件超过 5 MB，请分成几个文件。"))
        rows = roster.read(upload.read(), upload.name or "")
    except roster.Unusable as unusable:
        empty = {"error": str(unusable), "lines": [], "counts": [], "carried": ""}
        return render(request, "accounts/many.html", empty, status=UNPROCESSABLE)
    lines = roster.judge(rows)
    shown = sorted(lines, key=lambda x: (x.outcome != "refused", x.number))[:SHOWN]
    context = {"error": "", "lines": shown, "counts": roster.counts(lines), "carried": roster.carry(rows),
               "labels": {o: say(label) for o, label in roster.OUTCOMES.items()}, "more": len(lines) - len(shown)}  # fmt: skip
    return render(request, "accounts/many.html", context)
