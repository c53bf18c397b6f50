"""Pages of signing in: password, second factor, sign out, change of password, change of post."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import login, logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST
from markupsafe import Markup

from linyun.foundation.accounts import factor, people, services, sessions
from linyun.foundation.accounts.doors import Entered, door, ip_of, post_of, posts_of, safe_next, with_next
from linyun.foundation.accounts.models import Account
from linyun.foundation.accounts.services import Unfit
from linyun.foundation.ui import language as tongue
from linyun.foundation.ui import pages as kit
from linyun.foundation.ui.answer import render, saved
from linyun.kernel.declare import Role

TOO_MANY = 429
UNPROCESSABLE = 422


def waiting(wait: timedelta) -> str:
    """A sentence that says how long to wait."""
    minutes = -(-int(wait.total_seconds()) // 60) or 1
    return ngettext("错误次数太多，请 %(n)d 分钟后再试。", "错误次数太多，请 %(n)d 分钟后再试。", minutes) % {
        "n": minutes
    }


def _home() -> str:
    return resolve_url(settings.LOGIN_REDIRECT_URL)


def _onward(request: HttpRequest) -> str:
    return safe_next(request, request.POST.get("next") or request.GET.get("next"), _home())


def _factor_is_due(request: HttpRequest) -> bool:
    return sessions.factor_is_due(request.session, any(p.needs_second_factor for p in posts_of(request)))


def _is_open(request: HttpRequest) -> bool:
    """Whether a password was given in this session and it has not ended."""
    post = post_of(request)
    return isinstance(request.user, Account) and not sessions.is_ended(
        request.session, Role(post.role) if post else None
    )


@door("account.sign_in")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password; then the second factor where it is due."""
    onward = _onward(request)
    context = {"next": onward, "username": request.POST.get("username", ""), "error": ""}
    if request.method == "GET":
        if _is_open(request) and not _factor_is_due(request):
            return HttpResponseRedirect(onward)
        return render(request, "accounts/sign_in.html", context)
    ip = ip_of(request)
    verdict = services.check_password(request.POST.get("username", ""), request.POST.get("password", ""), ip)
    if verdict.account is None:
        context["error"] = waiting(verdict.wait) if verdict.wait else _("登录名或密码不对。请检查大小写，再试一次。")
        return render(request, "accounts/sign_in.html", context, status=TOO_MANY if verdict.wait else UNPROCESSABLE)
    due = factor.is_tied(verdict.account.pk)
    login(request, verdict.account)
    sessions.begin(request.session, factor_due=due)
    if _factor_is_due(request):
        return _in_own_language(request, verdict.account, HttpResponseRedirect(with_next("second_factor", onward)))
    services.signed_in(verdict.account, ip, "")
    return _in_own_language(request, verdict.account, HttpResponseRedirect(onward))


def _in_own_language(request: HttpRequest, account: Account, response: HttpResponse) -> HttpResponse:
    """What was chosen on the sign-in page becomes the account's choice; else the account's choice comes along."""
    chosen = tongue.known(request.session.pop(sessions.LANGUAGE_KEY, ""))
    if chosen:
        services.choose_language(account, chosen)
    tongue.remember(response, chosen or account.language)
    return response


@door("account.look")
def look(request: HttpRequest) -> HttpResponse:
    """The kit's choice of looks. The language is the account's too; before signing in the session carries it there."""
    response = kit.look(request)
    chosen = tongue.known(request.POST.get("language"))
    if chosen and isinstance(request.user, Account) and _is_open(request):
        services.choose_language(request.user, chosen)
    elif chosen:
        request.session[sessions.LANGUAGE_KEY] = chosen
    return response


@door("account.sign_in")
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session."""
    if isinstance(request.user, Account):
        services.signed_out(request.user, ip_of(request))
    logout(request)
    return saved(request, reverse("account_login"), _("已退出登录。"))


@door("account.sign_in")
@require_http_methods(["GET", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Show a code; or tie an authenticator first; or, once in, look after it."""
    if not isinstance(request.user, Account) or not _is_open(request):
        return HttpResponseRedirect(with_next("account_login", _onward(request)))
    if not factor.is_tied(request.user.pk):
        return _tie(request, request.user)
    if request.session.get(sessions.FACTOR_KEY) is not True:
        return _challenge(request, request.user)
    return _look_after(request, request.user)


def _challenge(request: HttpRequest, account: Account) -> HttpResponse:
    context = {"next": _onward(request), "error": ""}
    if request.method == "GET":
        return render(request, "accounts/second_factor.html", context)
    verdict = services.check_factor(account, request.POST.get("code", ""), ip_of(request))
    if verdict.account is None:
        context["error"] = (
            waiting(verdict.wait) if verdict.wait else _("验证码不对或者已经用过。请等手机显示下一组数字再试。")
        )
        return render(
            request, "accounts/second_factor.html", context, status=TOO_MANY if verdict.wait else UNPROCESSABLE
        )
    sessions.pass_factor(request.session)
    services.signed_in(account, ip_of(request), verdict.how)
    return HttpResponseRedirect(_onward(request))


def _tie(request: HttpRequest, account: Account) -> HttpResponse:
    """The secret stays sealed in the session until the phone has shown that it took it up."""
    offered = request.session.get(sessions.SECRET_KEY)
    if not isinstance(offered, str):
        offered = request.session[sessions.SECRET_KEY] = factor.sealer.seal(factor.new_secret())
    secret = factor.sealer.open(offered)
    error = ""
    if request.method == "POST":
        try:
            codes = services.tie_factor(account, secret, request.POST.get("code", ""), ip_of(request))
        except Unfit as unfit:
            error = str(unfit)
        else:
            del request.session[sessions.SECRET_KEY]
            if _factor_is_due(request):
                services.signed_in(account, ip_of(request), "totp")
            sessions.pass_factor(request.session)
            return render(request, "accounts/recovery_codes.html", {"codes": codes, "next": _onward(request)})
    shown = factor.enrolment(account, secret)
    context = {"next": _onward(request), "error": error, "qr": Markup(shown.svg), "spoken": shown.spoken}
    return render(request, "accounts/tie_factor.html", context, status=UNPROCESSABLE if error else 200)


def _look_after(request: HttpRequest, account: Account) -> HttpResponse:
    """New recovery codes, or another phone; each asks for a code again."""
    context = {"next": _home(), "error": "", "left": factor.codes_left(account)}
    if request.method == "GET":
        return render(request, "accounts/factor_state.html", context)
    verdict = services.check_factor(account, request.POST.get("code", ""), ip_of(request))
    if verdict.account is None:
        context["error"] = (
            waiting(verdict.wait) if verdict.wait else _("验证码不对或者已经用过。请等手机显示下一组数字再试。")
        )
        return render(
            request, "accounts/factor_state.html", context, status=TOO_MANY if verdict.wait else UNPROCESSABLE
        )
    if request.POST.get("step") == "codes":
        codes = services.renew_codes(account, ip_of(request))
        return render(request, "accounts/recovery_codes.html", {"codes": codes, "next": _home()})
    services.untie_factor(account, ip_of(request))
    return HttpResponseRedirect(reverse("second_factor"))


@door("account.self")
@require_http_methods(["GET", "POST"])
def password(request: Entered) -> HttpResponse:
    """Change one's own password; sessions elsewhere end, this one goes on under a new key."""
    account = request.post_held.account
    context = {"next": _onward(request), "errors": {}, "initial": account.password_is_initial}
    if request.method == "GET":
        return render(request, "accounts/password.html", context)
    new = request.POST.get("new", "")
    try:
        if new != request.POST.get("again", ""):
            raise Unfit("again", _("两次输入的新密码不一样。"))
        services.change_password(account, request.POST.get("old", ""), new, ip_of(request))
    except Unfit as unfit:
        context["errors"] = {unfit.field: list(unfit.sentences)}
        return render(request, "accounts/password.html", context, status=UNPROCESSABLE)
    update_session_auth_hash(request, account)
    return saved(request, _onward(request), _("密码已修改，其他设备上的登录已退出。"))


@door("account.self")
@require_http_methods(["GET", "POST"])
def own_sessions(request: Entered) -> HttpResponse:
    """When and from where one signed in; end the sessions on all other devices."""
    account = request.post_held.account
    if request.method == "GET":
        context = {"acts": people.own_sign_ins(account), "next": _onward(request)}
        return render(request, "accounts/sessions.html", context)
    services.sign_out_elsewhere(account)
    update_session_auth_hash(request, account)
    return saved(request, reverse("own_sessions"), _("其他设备上的登录已全部退出。"))


@door("account.self")
@require_http_methods(["GET", "POST"])
def posts(request: HttpRequest) -> HttpResponse:
    """Choose the post to go on in."""
    if request.method == "GET":
        held = [(p, p == post_of(request)) for p in posts_of(request)]
        return render(request, "accounts/posts.html", {"held": held, "next": _onward(request)})
    chosen = next((p for p in posts_of(request) if str(p.pk) == request.POST.get("post", "")), None)
    if chosen is None:
        return HttpResponseRedirect(reverse("posts"))
    services.switch_post(chosen.account, chosen)
    request.session[sessions.POST_KEY] = str(chosen.pk)
    request.session.cycle_key()
    return HttpResponseRedirect(_onward(request))
