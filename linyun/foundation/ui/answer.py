"""How pages answer: whole pages and parts of them, "saved" after a form, files to download.

Pages here hold personal data: nothing is kept by browsers or proxies. A part of a page is answered to htmx alone.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any, Literal
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.template.loader import get_template

from linyun.foundation.ui.jinja import Written

Kind = Literal["ok", "warn", "danger"]
_LEVELS = {"ok": messages.SUCCESS, "warn": messages.WARNING, "danger": messages.ERROR}
DONE_COOKIE = "done"
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+')
_NAME_LIMIT = 120


def wants_part(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page (not a boosted or restored whole one)."""
    h = request.headers
    return h.get("HX-Request") == "true" and "HX-Boosted" not in h and "HX-History-Restore-Request" not in h


def render(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    block: str = "",
    status: int = 200,
) -> HttpResponse:
    """A page, never stored anywhere. With ``block``, htmx gets only that block of the template.

    Raises KeyError when the template has no such block.
    """
    found = get_template(template)
    if block and wants_part(request):
        if not isinstance(found, Written):
            raise TypeError("only our own (Jinja2) templates can be answered in part")
        response = HttpResponse(found.part(block, context or {}, request), status=status)
        for message in messages.get_messages(request):
            toast(response, str(message), "danger" if message.level >= messages.ERROR else "ok")
    else:
        response = HttpResponse(found.render(dict(context or {}), request), status=status)
    response["Cache-Control"] = "no-store, private"
    response["Vary"] = "HX-Request, Cookie"
    return response


def client_key(request: HttpRequest) -> UUID | None:
    """The key that the browser gave to this submission: the same when it is repeated. None when absent or malformed."""
    try:
        return UUID(request.POST.get("client_key", ""))
    except ValueError:
        return None


def _trigger(response: HttpResponse, event: str, detail: Any) -> None:
    events = json.loads(response.headers.get("HX-Trigger", "{}"))
    response["HX-Trigger"] = json.dumps({**events, event: detail})


def toast(response: HttpResponse, text: str, kind: Kind = "ok") -> HttpResponse:
    """Let an answer to htmx say a short sentence at the edge of the screen."""
    _trigger(response, "toast", {"text": text, "kind": kind})
    return response


def done(response: HttpResponse, key: UUID | None) -> HttpResponse:
    """Tell the browser that what it kept under this client key is stored here: its draft can go, a new key be made."""
    if key is not None:
        response.set_cookie(DONE_COOKIE, str(key), max_age=120, samesite="Lax", path="/")
    return response


def saved(request: HttpRequest, url: str, text: str, kind: Kind = "ok") -> HttpResponse:
    """The answer after a form was stored: go to ``url``, say ``text`` there, forget the draft."""
    if hasattr(request, "_messages"):
        messages.add_message(request, _LEVELS[kind], text)
    response: HttpResponse
    if wants_part(request):
        response = HttpResponse(status=204, headers={"HX-Redirect": url})
    else:
        response = HttpResponseRedirect(url)
        response.status_code = 303
    return done(response, client_key(request))


def file_name(name: str) -> str:
    """A name that is safe on any disk: no path, no control or direction-changing characters, at most 120 characters."""
    clean = _UNSAFE.sub("_", unicodedata.normalize("NFC", name)).strip(" ._")
    path = PurePosixPath(clean or "文件")
    return path.stem[: _NAME_LIMIT - len(path.suffix)] + path.suffix


def disposition(name: str, *, inline: bool = False) -> str:
    """The Content-Disposition of a file with a Chinese name (RFC 6266, RFC 8187); old clients get an ASCII name."""
    safe = file_name(name)
    plain = "download" + PurePosixPath(safe).suffix.encode("ascii", "ignore").decode()
    how = "inline" if inline else "attachment"
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(safe, safe='')}"


def download(
    name: str, content: bytes | Iterable[bytes], content_type: str, *, inline: bool = False
) -> HttpResponse | StreamingHttpResponse:
    """A file to keep. It cannot run scripts here, is not sniffed, and is not stored on the way.

    ``content`` is the bytes or pieces of them; ``inline`` shows it in the browser (photos) instead of saving.
    """
    response: HttpResponse | StreamingHttpResponse
    if isinstance(content, bytes):
        response = HttpResponse(content, content_type=content_type)
        response["Content-Length"] = str(len(content))
    else:
        response = StreamingHttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = disposition(name, inline=inline)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "no-store, private"
    return response
