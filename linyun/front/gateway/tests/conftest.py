"""Callers of the API: the known characters in their browsers, and programs with tokens of their posts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from linyun.foundation.accounts.models import Post
from linyun.foundation.acts.actor import Actor, acting
from linyun.foundation.areas.scope import within
from linyun.front.gateway import services
from linyun.front.gateway.models import ApiToken
from linyun.kernel.declare import Role

OPERATOR = Actor("严工", role=Role.OPERATOR, area="", channel="command")
API = "/api/v1"


@dataclass(frozen=True)
class Told:
    """An answer: its status, what it says, its headers."""

    status: int
    said: Any
    headers: Any

    @property
    def text(self) -> str:
        """All it says, as text."""
        return str(self.said)


@dataclass(frozen=True)
class Caller:
    """Somebody who calls: ``lin.get("/people", q="周")``, ``lin.post("/visits", {…})``."""

    client: Client
    headers: dict[str, str]

    def get(self, path: str, headers: dict[str, str] | None = None, **query: Any) -> Told:
        """Ask."""
        return self._told(self.client.get(API + path, query, headers={**self.headers, **(headers or {})}))

    def post(self, path: str, body: Any, headers: dict[str, str] | None = None) -> Told:
        """Send JSON; text is sent as it is."""
        sent = {**self.headers, **(headers or {})}
        return self._told(self.client.post(API + path, body, content_type="application/json", headers=sent))

    @staticmethod
    def _told(answer: Any) -> Told:
        """Every answer, whatever it says, is stored nowhere."""
        assert "no-store" in answer.headers["Cache-Control"], answer
        is_json = answer.headers["Content-Type"].startswith("application/json")
        return Told(answer.status_code, answer.json() if is_json else answer.content.decode(), answer.headers)


@pytest.fixture
def browser(client_of: Callable[[str], Client]) -> Callable[[str], Caller]:
    """``browser("lin")``: her browser's session; '' for a browser in which nobody is signed in."""
    return lambda key: Caller(client_of(key), {})


@pytest.fixture
def token_of(cast: dict[str, Post]) -> Callable[..., tuple[ApiToken, str]]:
    """``token_of("lin", days=30)``: a token of that character's post and its secret."""

    def made(key: str, days: int = 30) -> tuple[ApiToken, str]:
        with acting(OPERATOR), within(""):
            return services.make_token(cast[key].account, cast[key], days)

    return made


@pytest.fixture
def program(token_of: Callable[..., tuple[ApiToken, str]]) -> Callable[[str], Caller]:
    """``program("lin")``: a program that works for her, without any cookie."""
    return lambda key: Caller(Client(enforce_csrf_checks=True), bearer(token_of(key)[1]))


def bearer(secret: str) -> dict[str, str]:
    """The header that shows a token."""
    return {"Authorization": f"Bearer {secret}"}
