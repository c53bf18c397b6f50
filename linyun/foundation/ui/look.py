"""How a reader wants pages to look: theme and print size, kept in two cookies that the server reads."""

from dataclasses import dataclass
from typing import Literal

from django.http import HttpRequest
from django.http.response import HttpResponseBase

THEMES = ("auto", "light", "dark")
PRINTS = ("normal", "large")
YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Look:
    """``theme`` is auto, light or dark; ``print`` is normal or large (长辈版)."""

    theme: str = "auto"
    print: str = "normal"

    @property
    def large(self) -> bool:
        """Whether large print is on: fewer items, larger text."""
        return self.print == "large"


def look_of(request: HttpRequest | None) -> Look:
    """The look that the reader chose; unknown cookie values count as not chosen."""
    if request is None:
        return Look()
    theme = request.COOKIES.get("theme", "auto")
    size = request.COOKIES.get("print", "normal")
    return Look(theme if theme in THEMES else "auto", size if size in PRINTS else "normal")


def keep(response: HttpResponseBase, name: Literal["theme", "print", "language"], value: str) -> None:
    """Remember a choice for a year. The cookie is read by our script too and says nothing about the person."""
    response.set_cookie(name, value, max_age=YEAR, samesite="Lax", path="/")
