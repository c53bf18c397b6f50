"""The kit's own pages: choosing a look, and what is said when something goes wrong."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import get_template
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from linyun.foundation.ui.answer import wants_part
from linyun.foundation.ui.language import remember
from linyun.foundation.ui.look import PRINTS, THEMES, keep


@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Remember theme, print size or language and go back to the page; only addresses of this house are gone to."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    if (theme := request.POST.get("theme")) in THEMES:
        keep(response, "theme", theme)
    if (size := request.POST.get("print")) in PRINTS:
        keep(response, "print", size)
    remember(response, request.POST.get("language", ""))
    return response


def _error(request: HttpRequest, status: int, sentence: str = "") -> HttpResponse:
    # Without the context processors: they may be what failed, and an error page says nothing of the person.
    context = {"sentence": sentence, "request": request}
    response = HttpResponse(get_template(f"ui/{status}.html").render(context), status=status)
    if wants_part(request):
        # htmx does not swap an error in; the script says a sentence instead.
        response["HX-Reswap"] = "none"
    return response


def malformed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, for ``handler400``."""
    return _error(request, 400)


def _said(exception: Exception | None) -> str:
    """The exception's sentence when it was raised with one in Chinese."""
    said = str(exception or "")
    return said if any("\u4e00" <= c <= "\u9fff" for c in said) else ""


def denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403, for ``handler403``. Says the exception's sentence when it was raised with one in Chinese."""
    return _error(request, 403, _said(exception))


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404, for ``handler404``. Says nothing of what exists."""
    return _error(request, 404)


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429, for limits of attempts and of persons looked at in a day; says the exception's sentence as ``denied`` does."""
    return _error(request, 429, _said(exception))


def failed(request: HttpRequest, *_args: Any) -> HttpResponse:
    """500, for ``handler500``. Needs no database."""
    return _error(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for CSRF_FAILURE_VIEW: a page that lay open too long."""
    return HttpResponse(get_template("ui/csrf.html").render({"request": request}), status=403)
