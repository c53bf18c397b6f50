"""The door of every page and API call: one declared action, one post, one transaction within the post's area."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from ninja.utils import check_csrf

from linyun.foundation.accounts import sessions
from linyun.foundation.accounts.models import Account, Post
from linyun.foundation.accounts.policy import Refused, may
from linyun.foundation.acts.actor import Actor, acting
from linyun.foundation.areas.scope import within
from linyun.foundation.ui.answer import wants_part
from linyun.foundation.ui.routes import fixed
from linyun.foundation.ui.shell import MenuEntry
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Role

P = ParamSpec("P")
R = TypeVar("R")

POST_KEY = sessions.POST_KEY
FACTOR_KEY = sessions.FACTOR_KEY
OWN_PASSWORD = "account_password"


class Entered(HttpRequest):
    """A request behind a door, for the type checker: who acts, and in which of their posts."""

    actor: Actor
    post_held: Post


def ip_of(request: HttpRequest) -> str:
    """The address of the client; how many proxies are believed is LINYUN_PROXIES (deploy/README.md)."""
    return str(get_adapter().get_client_ip(request))


def posts_of(request: HttpRequest) -> list[Post]:
    """The posts that the signed-in person holds today, oldest first, with their areas; asked for once per request."""
    account = request.user
    if not isinstance(account, Account):
        return []
    if account.posts_held is None:  # signed in by this very request
        account.holding(Post.objects.held_by(account.pk))
    return account.posts_held or []


def post_of(request: HttpRequest) -> Post | None:
    """The post in which the signed-in person works now: the chosen one, else their first; None when they hold none."""
    held = posts_of(request)
    chosen = request.session.get(POST_KEY) if held else None
    return next((p for p in held if str(p.id) == chosen), held[0] if held else None)


def still_held(post_id: UUID | None, account_id: UUID | None) -> Post | None:
    """A post as its holder, whose account is open, still holds it today: for jobs that act for who started them."""
    if not (post_id and account_id):
        return None
    return next((post for post in Post.objects.held_by(account_id) if post.pk == post_id), None)


def actor_of(post: Post, channel: str = "page", ip: str = "") -> Actor:
    """The actor that a post makes."""
    return Actor(
        name=post.account.name,
        account_id=post.account_id,
        post_id=post.id,
        role=Role(post.role),
        area=post.area_id,
        department=post.department,
        channel=channel,
        ip=ip,
    )


def safe_next(request: HttpRequest, wanted: str | None, default: str = "/") -> str:
    """Where to go on: an address of this house, never another site's."""
    here = {request.get_host()}
    if wanted and url_has_allowed_host_and_scheme(wanted, allowed_hosts=here, require_https=request.is_secure()):
        return wanted
    return default


def with_next(route: str, onward: str) -> str:
    """The address of a route that goes on to another address afterwards."""
    return f"{reverse(route)}?{urlencode({'next': onward})}"


def come_back(request: HttpRequest) -> str:
    """The address to return to after signing in: this page, or for a submission the page it came from."""
    if request.method in ("GET", "HEAD") and not wants_part(request):
        return request.get_full_path()
    source = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    parts = urlsplit(safe_next(request, source, ""))
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _go(request: HttpRequest, route: str, channel: str, sentence: str) -> HttpResponse:
    """Send somebody to sign in, to the second factor or to their password; an API is told so instead."""
    if channel == "api":
        return JsonResponse({"detail": sentence}, status=401)
    address = with_next(route, come_back(request))
    if wants_part(request):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def _turned_away(request: HttpRequest, channel: str) -> HttpResponse | None:
    """The answer to somebody who is not, or no longer, properly here; None for those who may knock on."""
    if not isinstance(request.user, Account):
        return _go(request, "account_login", channel, _("请先登录。"))
    post = post_of(request)
    if sessions.is_ended(request.session, Role(post.role) if post else None):
        logout(request)
        if channel != "api":
            messages.info(request, _("登录已到期，请重新登录。您填写的内容还在。"))
        return _go(request, "account_login", channel, _("登录已到期，请重新登录。"))
    sessions.touch(request.session)
    if sessions.factor_is_due(request.session, any(p.needs_second_factor for p in posts_of(request))):
        return _go(request, "second_factor", channel, _("请先完成第二重验证。"))
    if request.user.password_is_initial and getattr(request.resolver_match, "url_name", "") != OWN_PASSWORD:
        return _go(request, OWN_PASSWORD, channel, _("请先修改初始密码。"))
    return None


def _check_csrf(request: HttpRequest) -> None:
    """An API call in a browser's session proves that our own page sent it: the API framework exempts its views."""
    if check_csrf(request) is not None:
        raise Refused(_("请求缺少防伪标记，请刷新页面后再试。"))


@contextmanager
def entering(request: Any, post: Post, action: str, channel: str) -> Iterator[None]:
    """The way in for somebody known by now to work in ``post``; every door ends here. Raises policy.Refused."""
    request.channel = channel
    actor = actor_of(post, channel, ip_of(request))
    if not may(actor, action):
        raise Refused(_("您的岗位不能“%(action)s”。") % {"action": _(catalogue.actions[action].name)})
    request.post_held = post
    request.actor = actor
    with acting(actor), within(actor.area):
        yield


def door(action: str, channel: str = "page") -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a view in only for ``action``; ``request.actor`` says who acts, the transaction sees the post's area.

    Every route has exactly one door (a law test walks the URL map). Pages send strangers to sign in; with
    ``channel="api"`` the answer is 401 or 403 as JSON. Areas are checked again by row-level security where the object
    is fetched: what lies outside is not found. Behind the door stand ``request.actor`` and ``request.post_held``.
    Raises policy.Refused for a post that may not.
    """

    def wrap(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> Any:
            request.channel = channel
            declared = catalogue.actions[action]
            if not declared.signed_in:
                with within(None):
                    return view(request, *args, **kwargs)
            away = _turned_away(request, channel)
            if away is not None:
                return away
            post = post_of(request)
            if post is None:
                raise Refused(_("您还没有岗位，请联系本单位管理员。"))
            if channel == "api":
                _check_csrf(request)
            with entering(request, post, action, channel):
                return view(request, *args, **kwargs)

        guarded.action = action  # type: ignore[attr-defined]
        guarded.channel = channel  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return wrap


def menu_for(request: HttpRequest, face: str = "desk") -> list[MenuEntry]:
    """The entries of a face's menu for whom this is, in declared order; empty before the door.

    A badge is what its function (dotted path, called without arguments within the scope) answers; 0 and "" show none.
    """
    actor: Actor | None = getattr(request, "actor", None)
    declared = [m for m in catalogue.menu if actor and m.face == face and may(actor, m.action)]
    urls = [fixed(m.url) for m in declared]
    # Of several entries that hold the path (/desk, /desk/visits) the longest is where one is.
    here = max((u for u in urls if f"{request.path}/".startswith(u.rstrip("/") + "/")), key=len, default=None)
    badges = [import_string(m.badge)() if m.badge else "" for m in declared]
    return [
        MenuEntry(pgettext("menu", m.label), url, m.icon, str(badge or ""), url == here)
        for m, url, badge in zip(declared, urls, badges, strict=True)
    ]
