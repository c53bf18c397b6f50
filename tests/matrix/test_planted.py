"""The guards are on guard: leaks planted on purpose are found by the same code that finds none in the house."""

from collections.abc import Callable

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path, re_path, reverse
from ninja import NinjaAPI

from linyun.foundation.accounts.doors import door
from linyun.foundation.accounts.policy import Refused
from linyun.foundation.areas.scope import within
from linyun.hub.records.models import Person
from tests.characters import CHARACTERS
from tests.matrix import samples
from tests.matrix.policy import Right, table
from tests.matrix.probe import Visitor, examine, forbidden_to, readable
from tests.matrix.routes import Route, routes, unguarded
from tests.matrix.world import spots


def open_window(request: HttpRequest) -> HttpResponse:
    """No door at all."""
    with within(""):
        return HttpResponse("、".join(Person.objects.values_list("name", flat=True)))


@door("person.find")
def wide_search(request: HttpRequest) -> HttpResponse:
    """A door, but the room behind it is the whole country."""
    with within(""):
        found = Person.objects.filter(name__contains=request.GET.get("q", ""))
        return HttpResponse("、".join(found.values_list("name", flat=True)))


@door("person.see")
def chatty_error(request: HttpRequest, person_id: str) -> HttpResponse:
    """Refuses, and says whom it does not show."""
    with within(""):
        person = Person.objects.get(pk=person_id)
    if not person.area.startswith(request.actor.area):  # type: ignore[attr-defined]
        raise Refused(f"{person.name}不在您的范围内。")
    return HttpResponse("好")


@door("person.see")
def hidden_in_a_header(request: HttpRequest, person_id: str) -> HttpResponse:
    """Says it where nobody looks, in escapes."""
    with within(""):
        person = Person.objects.get(pk=person_id)
    escaped = person.name.encode("unicode_escape").decode()
    return HttpResponse("没有找到", status=404, headers={"HX-Trigger": f'{{"toast": "{escaped}"}}'})


@door("person.see")
def existence(request: HttpRequest, person_id: str) -> HttpResponse:
    """Says nothing, but answers differently for who exists elsewhere."""
    with within(""):
        return HttpResponse(status=204 if Person.objects.filter(pk=person_id).exists() else 404)


@door("person.unmask")
@door("person.see")
def two_doors(request: HttpRequest) -> HttpResponse:
    """Nobody can tell which of the two holds."""
    return HttpResponse("好")


@door("person.find")
def fault(request: HttpRequest) -> HttpResponse:
    """Breaks for some input."""
    return HttpResponse(str(1 // len(request.GET.get("q", ""))))


api = NinjaAPI(docs_url=None, urls_namespace="planted")


@api.get("/people")
def unguarded_operation(request: HttpRequest) -> list[str]:
    """One method of an address is guarded, the other is not."""
    return []


@api.post("/people")
@door("person.correct", channel="api")
def guarded_operation(request: HttpRequest) -> list[str]:
    """The guarded one."""
    return []


LEAKS = {
    "search": wide_search,
    "error/<uuid:person_id>": chatty_error,
    "header/<uuid:person_id>": hidden_in_a_header,
    "existence/<uuid:person_id>": existence,
    "fault": fault,
}
urlpatterns = [
    path("window", open_window),
    path("twice", two_doors),
    path("api/", api.urls),
    *(path(f"leak/{route}", view) for route, view in LEAKS.items()),
    path("account/", include("linyun.foundation.accounts.urls")),
    path("", include("linyun.front.desk.urls")),
    path("ui/", include("linyun.foundation.accounts.kit_urls")),
]
handler403 = "linyun.foundation.ui.pages.denied"
handler404 = "linyun.foundation.ui.pages.missing"
handler500 = "linyun.foundation.ui.pages.failed"


class Guarded:
    """A map of routes that all have a door."""

    urlpatterns = [path("fine", wide_search)]


def test_views_without_exactly_one_door_are_found() -> None:
    assert unguarded(routes(__name__)) == ["/api/openapi.json", "/api/people", "/twice", "/window"]
    assert [r.action for r in routes(__name__) if r.pattern == "api/people"] == [None, "person.correct"]


def test_nested_doors_under_other_decorators_are_found() -> None:
    from django.views.decorators.cache import never_cache

    urls = type("urls", (), {"urlpatterns": [path("x", never_cache(wide_search))]})
    assert [r.action for r in routes(urls)] == ["person.find"]  # type: ignore[arg-type]


def test_regular_expressions_are_not_routes() -> None:
    urls = type("urls", (), {"urlpatterns": [re_path("^x$", wide_search)]})
    with pytest.raises(TypeError, match="made with path"):
        routes(urls)  # type: ignore[arg-type]


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("leak", "says"),
    [
        ("leak/search", "shows “鹓鶵翯”"),
        ("leak/error/<uuid:person_id>", "shows “鹓鶵翯”"),
        ("leak/header/<uuid:person_id>", "shows “鹓鶵翯”"),
        ("leak/existence/<uuid:person_id>", "→ 204; expected to find nothing there"),
        ("leak/fault", "→ 500 ZeroDivisionError"),
    ],
)
def test_a_leak_behind_a_door_is_found(client_of: Callable[[str], Client], leak: str, says: str) -> None:
    assert reverse("account_login")
    homes = spots()
    lin = CHARACTERS["lin"]
    visitor = Visitor(lin, client_of("lin"), forbidden_to(lin, homes))
    (route,) = [r for r in routes(__name__) if r.pattern == leak]
    wrong = list(examine(visitor, route, table()[route.action or ""], homes))
    assert any(says in said for said in wrong), wrong


@pytest.mark.urls(__name__)
def test_a_door_that_opens_too_wide_is_found(client_of: Callable[[str], Client]) -> None:
    """The code lets a role in that the table does not."""
    homes = spots()
    chief = CHARACTERS["zhou"]
    visitor = Visitor(chief, client_of("zhou"), [])
    route = Route("leak/search", "", "person.find", "page", ("GET",))
    stricter = Right("person.find", frozenset(), False)
    (said,) = examine(visitor, route, stricter, homes)
    assert "周国梁: GET /leak/search → 200; expected to be refused" in said


def test_texts_inside_files_are_read() -> None:
    import io
    import zipfile

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/sharedStrings.xml", "<t>鹓鶵翯</t>")
    assert "鹓鶵翯" in readable(HttpResponse(packed.getvalue()))
    assert "鹓鶵翯" in readable(HttpResponse("鹓鶵翯".encode("gb18030")))
    assert "鹓鶵翯" in readable(
        HttpResponse(headers={"Content-Disposition": "filename*=UTF-8''%E9%B9%93%E9%B6%B5%E7%BF%AF"})
    )


def test_samples_are_real_and_one_for_each_home(areas: object) -> None:
    homes = spots()
    for place in samples.SAMPLES:
        made = [str(samples.values(home, (place,))[place]) for home in homes]
        assert place in samples.NOWHERE or len(set(made)) == len(homes), place
    unheard = Route("meetings/<uuid:meeting_id>", "", "person.see", "page", ("GET",))
    (said,) = examine(Visitor(None, Client(), []), unheard, table()["person.see"], homes)
    assert 'add SAMPLES["meeting_id"]' in said
