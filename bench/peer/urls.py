"""The page of residents as it is, and once more with Django's template language in the place of our templates.

Both answer from the same view: same queries, same rows, same context. Only what writes the page differs.
"""

from typing import Any
from unittest.mock import patch

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.template.backends.django import DjangoTemplates
from django.urls import include, path
from django.utils.translation import get_language

from linyun.foundation.areas import scope
from linyun.foundation.ui.jinja import words
from linyun.foundation.ui.look import look_of
from linyun.foundation.ui.paging import SIZE, Page
from linyun.front.desk import lists
from linyun.work.visits.models import Visit

ENGINE = DjangoTemplates(
    {
        "NAME": "peer",
        "DIRS": [f"{__file__.removesuffix('urls.py')}templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "linyun.front.desk.context.shell",
            ],
            "libraries": {"peer": "bench.peer.templatetags.peer"},
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "bench.peer.templatetags.peer",
            ],
        },
    }
)
"""Django's loaders of this engine keep compiled templates, as in production."""


def render(request: HttpRequest, _template: str, context: dict[str, Any], *, block: str = "") -> HttpResponse:
    """The page in Django's templates; our view asks for it as it would for ours."""
    more = {"look": look_of(request), "language": get_language(), "words": words(), "languages": settings.LANGUAGES}
    response = HttpResponse(ENGINE.get_template("peer/people.html").render({**more, **context}, request))
    response["Cache-Control"] = "no-store, private"
    response["Vary"] = "HX-Request, Cookie"
    return response


def residents(request: HttpRequest) -> HttpResponse:
    """Our own view, writing with Django's templates."""
    with patch.object(lists, "render", render):
        return lists.residents(request)


def paged(chosen: lists.Filter, *_how: Any) -> Page[Any]:
    """The first page as Django's ListView has it: its Paginator over whole objects, the last visit beside each."""
    last = Visit.objects.live().filter(person=OuterRef("pk")).order_by("-visited_on").values("visited_on")[:1]
    people = chosen.rows().filter(committee=scope.current()).annotate(last_visit=Subquery(last))
    leaf = Paginator(people.order_by("pinyin", "id"), SIZE).page(1)
    return Page(list(leaf.object_list), "next" if leaf.has_next() else None, leaf.paginator.count)


def usual(request: HttpRequest) -> HttpResponse:
    """The same page as it is usually written in Django: ListView's paging, whole objects, Django's templates."""
    with patch.object(lists, "render", render), patch.object(lists, "_page", paged):
        return lists.residents(request)


urlpatterns = [path("", include("linyun.site.urls")), path("bench/people", residents), path("bench/usual", usual)]
