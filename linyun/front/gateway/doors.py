"""The doors of the API: a token of one post, or the session of a signed-in browser. Both end in accounts' own door."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.http import HttpRequest
from ninja.errors import AuthenticationError
from ninja.security import HttpBearer, SessionAuth

from linyun.foundation.accounts.doors import door, entering
from linyun.foundation.accounts.models import Post
from linyun.front.gateway.services import use_token

P = ParamSpec("P")
R = TypeVar("R")


class Token(HttpBearer):
    """``Authorization: Bearer linyun_…``. Once the header is there it alone counts: a wrong token never falls back on a
    cookie that came along."""

    def __call__(self, request: HttpRequest) -> Any:
        """The post that the header opens; None without a header."""
        request.channel = "api"  # type: ignore[attr-defined]
        if "Authorization" not in request.headers:
            return None
        found = super().__call__(request)
        if found is None:
            raise AuthenticationError
        return found

    def authenticate(self, request: HttpRequest, token: str) -> Post | None:
        """The post of a token, kept for the door."""
        post = use_token(token)
        request.token_post = post  # type: ignore[attr-defined]
        return post


class Session(SessionAuth):
    """The browser's own session. Only whether there is one is asked here, so that strangers are sent away before their
    input is read; the door asks the rest: its end, the second factor, the CSRF token."""

    def __init__(self) -> None:
        super().__init__(csrf=False)


def api_door(action: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """As ``door(action, channel="api")``, for whom a token let in as well. Raises policy.Refused."""

    def wrap(view: Callable[P, R]) -> Callable[P, R]:
        by_session = door(action, channel="api")(view)

        @wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> Any:
            post: Post | None = getattr(request, "token_post", None)
            if post is None:
                return by_session(request, *args, **kwargs)
            with entering(request, post, action, "api"):
                return view(request, *args, **kwargs)

        guarded.action = action  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return wrap
