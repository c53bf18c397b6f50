"""The door of every page and API call: one declared action, one post, one transaction within the post's area."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from linyun.foundation.accounts.models import Post
from linyun.foundation.accounts.policy import may
from linyun.foundation.acts.actor import Actor, acting
from linyun.foundation.areas.scope import within
from linyun.kernel.catalogue import catalogue
from linyun.kernel.clock import today
from linyun.kernel.declare import Role

P = ParamSpec("P")
R = TypeVar("R")

POST_KEY = "post"
FACTOR_KEY = "second_factor"


def post_of(request: HttpRequest) -> Post | None:
    """The post in which the signed-in person works now: the chosen one, else their first; None when they hold none."""
    if not request.user.is_authenticated:
        return None
    held = list(Post.objects.on(today()).filter(account=request.user.pk).select_related("area", "account"))
    chosen = request.session.get(POST_KEY)
    return next((p for p in held if str(p.id) == chosen), held[0] if held else None)


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


def _turned_away(request: HttpRequest, post: Post | None) -> HttpResponse | None:
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path(), reverse("account_login"))
    if post is None:
        raise PermissionDenied("您还没有岗位，请联系本单位管理员。")
    if post.needs_second_factor and not request.session.get(FACTOR_KEY):
        return HttpResponseRedirect(reverse("second_factor") + "?next=" + request.get_full_path())
    return None


def door(action: str, channel: str = "page") -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a view in only for ``action``; ``request.actor`` says who acts, the transaction sees the post's area.

    Every route has exactly one door (a law test walks the URL map). For an API the answer to a stranger is 401/403
    instead of a redirect; areas are checked again where the object is fetched, by row-level security.
    """

    def wrap(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> Any:
            declared = catalogue.actions[action]
            if not declared.signed_in:
                with within(None):
                    return view(request, *args, **kwargs)
            post = post_of(request)
            away = _turned_away(request, post)
            if away is not None or post is None:
                if channel == "api":
                    return HttpResponse(status=401)
                return away
            actor = actor_of(post, channel, request.META.get("REMOTE_ADDR", ""))
            if not may(actor, action):
                raise PermissionDenied(f"您的岗位不能“{declared.name}”。")
            request.post_held = post
            request.actor = actor
            with acting(actor), within(actor.area):
                return view(request, *args, **kwargs)

        guarded.action = action  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return wrap
