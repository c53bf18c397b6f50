"""Whether the house answers, and its front door."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from linyun.foundation.accounts.doors import door


@door("site.open")
@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """200 when pages and database answer."""
    return HttpResponse("ok", content_type="text/plain")


@door("site.open")
@require_GET
def front(request: HttpRequest) -> HttpResponse:
    """The front door leads to the desk until the residents' portal stands."""
    return HttpResponseRedirect(reverse("desk"))
