"""Asks routes as a character would and says what is wrong with answers: wrong door, wrong room, a foreign resident."""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.db import transaction
from django.test import Client

from tests.characters import Character
from tests.matrix import samples
from tests.matrix.policy import Right, table
from tests.matrix.routes import Route
from tests.matrix.world import Spot

LOGIN = "/account/login"
ASKED = frozenset({"GET", "POST"})


class Expected(Enum):
    """What a character may expect of a route."""

    OPEN = "open to everybody"
    SIGN_IN = "to be sent to sign in"
    REFUSED = "to be refused"
    MISSING = "to find nothing there"
    OWN = "to find nothing but their own there"
    ALLOWED = "to be let in"


def expected(route: Route, right: Right, who: Character | None, area: str) -> Expected:
    """By the table of rights and the area alone. ``area`` is "" for a route that names no row of any area."""
    if right.anyone:
        return Expected.OPEN
    if who is None:
        return Expected.SIGN_IN
    if who.role not in right.roles:
        return Expected.REFUSED
    if not area:
        return Expected.ALLOWED
    if not area.startswith(who.area):
        return Expected.MISSING
    return Expected.OWN if who.role in right.own else Expected.ALLOWED


def wrong_with(answer: Any, expectation: Expected, route: Route, method: str) -> str:
    """What is wrong with the status of an answer, "" when nothing is."""
    status, place = answer.status_code, answer.headers.get("Location", answer.headers.get("HX-Redirect", ""))
    to_login = status in (HTTPStatus.FOUND, HTTPStatus.NO_CONTENT) and place.startswith(LOGIN)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return f"{status} {getattr(answer, 'exc_info', ('',) * 2)[1]!r}"
    if status == HTTPStatus.METHOD_NOT_ALLOWED or expectation is Expected.OPEN:
        return ""
    # The framework reads an API's input before its door; what it says of the input is the same for everybody.
    early = {HTTPStatus.UNPROCESSABLE_ENTITY} if route.channel == "api" else set()
    fits = {
        Expected.SIGN_IN: status == HTTPStatus.UNAUTHORIZED if route.channel == "api" else to_login,
        Expected.REFUSED: status == HTTPStatus.FORBIDDEN,
        Expected.MISSING: status in (HTTPStatus.NOT_FOUND, HTTPStatus.FORBIDDEN, HTTPStatus.UNPROCESSABLE_ENTITY),
        Expected.OWN: status in (HTTPStatus.OK, HTTPStatus.NOT_FOUND) or method != "GET",
        Expected.ALLOWED: not to_login
        and status not in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
        and (method != "GET" or status < HTTPStatus.BAD_REQUEST),
    }[expectation]
    return "" if fits or status in early else f"{status} {place}".strip()


def readable(answer: Any) -> str:
    """All that an answer says: headers, text, the texts inside a zipped file; escapes undone."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    parts = [body]
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            parts = [packed.read(name) for name in packed.namelist()]
    text = "\n".join(unquote(f"{k}: {v}") for k, v in answer.headers.items())
    for part in parts:
        text += "\n" + part.decode("utf-8", errors="replace") + "\n" + part.decode("gb18030", errors="replace")
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)


def leaked(text: str, spots: Iterable[Spot]) -> str:
    """The first sign of a canary in a text, "" when there is none."""
    return next((sign for spot in spots for sign in spot.canary.signs if sign in text), "")


@dataclass
class Visitor:
    """A character with a browser. Each request is undone afterwards, and the browser is as before."""

    who: Character | None
    client: Client
    forbidden: list[Spot]

    def __post_init__(self) -> None:
        self.client.raise_request_exception = False
        found = self.client.cookies.get(settings.SESSION_COOKIE_NAME)
        self._session = found.value if found else ""

    def ask(self, route: Route, method: str, address: str, expectation: Expected, data: Any = None) -> Iterator[str]:
        """Ask once; answer what is wrong."""
        self.client.cookies.clear()
        if self._session:
            self.client.cookies[settings.SESSION_COOKIE_NAME] = self._session
        with transaction.atomic():
            answer = self._request(route, method, address, data or {})
            said, text = wrong_with(answer, expectation, route, method), readable(answer)
            sign = leaked(text, self.forbidden)
            if expectation is Expected.OWN:  # samples were made by the clerk
                sign = sign or next((words for words in samples.TOLD if words in text), "")
            transaction.set_rollback(True)
        asked = f"{self.who.name if self.who else '未登录者'}: {method} {route}" + (
            f" with {data['q']!r}" if data else ""
        )
        if said:
            yield f"{asked} → {said}; expected {expectation.value}"
        if sign:
            yield f"{asked} → {answer.status_code} shows “{sign}”"

    def _request(self, route: Route, method: str, address: str, data: dict[str, Any]) -> Any:
        if method == "GET":
            return self.client.get(address, data)
        if route.channel == "api":
            return self.client.generic(method, address, "{}", content_type="application/json")
        if method == "POST":
            return self.client.post(address, data)
        return self.client.generic(method, address)


def examine(visitor: Visitor, route: Route, right: Right, spots: list[Spot]) -> Iterator[str]:
    """Ask a route about every home with every method, and where one is let in also with snooping and nonsense."""
    if samples.missing(route.places):
        yield f"{route} was not asked: {samples.missing(route.places)}"
        return
    for number, spot in enumerate(spots if route.places else spots[:1]):
        expectation = expected(route, right, visitor.who, samples.area_of(spot, route.places))
        away = expectation in (Expected.SIGN_IN, Expected.REFUSED)
        if number > 0 and away:
            continue  # the door does not know yet about whom one asks
        address = route.address(samples.values(spot, route.places))
        for method in route.methods:
            if method in ASKED or (number == 0 and expectation is not Expected.REFUSED):
                yield from visitor.ask(route, method, address, expectation)
        for method in () if away else ASKED.intersection(route.methods):
            for data in _questions(visitor, route, method, expectation):
                # Such questions may be answered with any sentence; only errors and leaks count.
                yield from visitor.ask(route, method, address, Expected.OPEN, data)


def _questions(visitor: Visitor, route: Route, method: str, expectation: Expected) -> list[dict[str, Any]]:
    """What is asked beyond the address: every hint where a list might be searched, the broadest elsewhere."""
    if expectation is not Expected.ALLOWED:
        return [samples.NONSENSE]
    aims = [samples.snooping(other) for other in visitor.forbidden]
    searched = method == "GET" and not route.places
    return [data for these in aims for data in (these if searched else these[:1])] + [samples.NONSENSE]


def forbidden_to(who: Character | None, spots: list[Spot]) -> list[Spot]:
    """The homes of which a character must see nothing: those out of their area, and all for who may see no resident."""
    if who is None or who.role not in table()["person.see"].roles:
        return spots
    return [s for s in spots if not s.area.startswith(who.area)]
