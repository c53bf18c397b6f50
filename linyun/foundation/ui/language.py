"""Which language a page speaks: the reader's choice, kept in a cookie. Never what the browser asks for.

Office machines often run an English system whose owner reads Chinese, so Accept-Language says nothing here.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import override

from linyun.foundation.ui.look import keep
from linyun.kernel.words import in_chinese

COOKIE: Literal["language"] = "language"


def known(code: object) -> str:
    """The code of a language that we speak, "" for anything else."""
    return str(code) if any(code == c for c, _name in settings.LANGUAGES) else ""


@contextmanager
def official() -> Iterator[None]:
    """Within it everything is said in Chinese, by pages' words and the kernel's alike: what is stored, and ledgers, exports
    and files of refused rows, which go to Chinese offices. Also a decorator.
    """
    with override(settings.LANGUAGE_CODE), in_chinese():
        yield


def remember(response: HttpResponseBase, code: str) -> None:
    """Keep a choice in the browser; an unknown code changes nothing."""
    if known(code):
        keep(response, COOKIE, code)


class ReaderLanguage:
    """Answers every request in the language of its cookie. Files that stream are written after it: in Chinese."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on in the reader's language."""
        code = known(request.COOKIES.get(COOKIE)) or settings.LANGUAGE_CODE
        with override(code):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", code)
        return response
