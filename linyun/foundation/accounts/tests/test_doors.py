"""The door: who is let in, what others are told, and in which scope the room behind it lies."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path
from ninja import NinjaAPI

from linyun.foundation.accounts.doors import Entered, door, menu_for, posts_of, safe_next
from linyun.foundation.accounts.models import Account, Post
from linyun.foundation.accounts.policy import Refused
from linyun.foundation.acts import actor as acts_actor
from linyun.foundation.areas import scope
from linyun.foundation.ui.paging import BadCursor
from linyun.kernel.catalogue import Catalogue, catalogue
from linyun.kernel.declare import Menu
from tests.characters import HERE, STREET, THERE

Browser = Callable[[str], Client]


@door("account.self")
def room(request: Entered) -> HttpResponse:
    return HttpResponse(f"{request.actor.name} {request.post_held.area_id} {scope.current()} {acts_actor.current().ip}")


@door("account.manage")
def office(request: HttpRequest) -> HttpResponse:
    return HttpResponse("inside")


@door("account.sign_in")
def porch(request: HttpRequest) -> HttpResponse:
    with pytest.raises(scope.NoScope):
        scope.current()
    return HttpResponse(f"{Post.objects.count()} posts")


@door("account.undeclared")
def nowhere(request: HttpRequest) -> HttpResponse:
    return HttpResponse("never")


RAISED = {
    "refused": Refused("请先领取任务。"),
    "denied": PermissionDenied("这一步要两个人。"),
    "english": PermissionDenied("no"),
    "absent": Post.DoesNotExist("Post matching query does not exist."),
    "missing": Http404("No Post matches the given query."),
    "error": ValueError("a fault of ours"),
    "cursor": BadCursor("the cursor is not ours"),
}


@door("account.self")
def raising(request: HttpRequest, what: str) -> HttpResponse:
    raise RAISED[what]


@door("account.self")
def named(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(Account.objects.filter(name=request.GET["name"]).count()))


@door("account.self")
def post_by_id(request: HttpRequest, post_id: str) -> HttpResponse:
    return HttpResponse(Post.objects.get(pk=post_id).account.name)


api = NinjaAPI(docs_url=None, openapi_url=None, urls_namespace="test_api")


@api.get("/room")
@door("account.self", channel="api")
def api_room(request: HttpRequest) -> dict[str, str]:
    return {"channel": acts_actor.current().channel}


@api.post("/room")
@door("account.manage", channel="api")
def api_office(request: HttpRequest) -> dict[str, str]:
    return {"done": "yes"}


@api.get("/raising/{what}")
@door("account.self", channel="api")
def api_raising(request: HttpRequest, what: str) -> dict[str, str]:
    raise RAISED[what]


urlpatterns = [
    path("room", room, name="room"),
    path("office", office, name="office"),
    path("porch", porch),
    path("nowhere", nowhere),
    path("raising/<str:what>", raising),
    path("post/<str:post_id>", post_by_id),
    path("named", named),
    path("api/", api.urls),
    path("desk/", room, name="desk"),
    path("account/", include("linyun.foundation.accounts.urls")),
    path("ui/", include("linyun.foundation.accounts.kit_urls")),
]
handler403 = "linyun.foundation.ui.pages.denied"
handler404 = "linyun.foundation.ui.pages.missing"
handler500 = "linyun.foundation.ui.pages.failed"

pytestmark = [pytest.mark.urls(__name__)]


def test_behind_the_door_stand_actor_post_and_scope(client_of: Browser) -> None:
    assert client_of("lin").get("/room", REMOTE_ADDR="10.2.3.4").content.decode() == f"林晓岚 {HERE} {HERE} 10.2.3.4"
    assert client_of("shen").get("/room").content.decode().startswith(f"沈立群 {STREET} {STREET}")


def test_scope_and_actor_end_with_the_answer(client_of: Browser) -> None:
    client_of("lin").get("/room")
    with pytest.raises(scope.NoScope):
        scope.current()
    with pytest.raises(LookupError):
        acts_actor.current()
    assert not Post.objects.exists()


def test_an_open_door_shows_nothing_of_any_area(client: Client, client_of: Browser) -> None:
    assert client.get("/porch").content == b"0 posts"
    assert client_of("lin").get("/porch").content == b"0 posts"


def test_an_undeclared_action_is_an_error_not_a_refusal(client_of: Browser) -> None:
    with pytest.raises(KeyError):
        client_of("lin").get("/nowhere")


@pytest.mark.parametrize("method", ["get", "post", "put", "delete", "head", "options"])
def test_a_stranger_is_sent_to_sign_in_whatever_the_method(client: Client, db: None, method: str) -> None:
    answer = getattr(client, method)("/room?x=1&y=周")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login?next=%2F")


def test_after_signing_in_one_is_where_one_wanted_to_be(client: Client, db: None) -> None:
    assert client.get("/room?x=1&y=2")["Location"] == "/account/login?next=%2Froom%3Fx%3D1%26y%3D2"
    submitted = client.post("/room", HTTP_REFERER="http://testserver/desk/people?q=1")
    assert submitted["Location"] == "/account/login?next=%2Fdesk%2Fpeople%3Fq%3D1"
    foreign = client.post("/room", HTTP_REFERER="https://evil.example/desk")
    assert foreign["Location"] == "/account/login?next=%2F"


def test_htmx_is_told_to_load_the_sign_in_page_as_a_whole(client: Client, db: None) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/desk/people"}
    answer = client.get("/room", headers=headers)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer["HX-Redirect"] == "/account/login?next=%2Fdesk%2Fpeople"


def test_a_post_that_may_not_gets_a_page_that_says_so(client_of: Browser) -> None:
    answer = client_of("lin").get("/office")
    assert answer.status_code == 403
    assert "您的岗位不能“管理账号和岗位”" in answer.content.decode()
    assert client_of("shen").get("/office").content == b"inside"


def test_one_query_for_the_posts_and_none_for_the_rest(
    client_of: Browser, assert_queries: Callable[..., AbstractContextManager[object]]
) -> None:
    client = client_of("lin")
    client.get("/room")
    with assert_queries(2):  # session; account and posts with their areas
        client.get("/room")


def test_posts_are_asked_for_once(cast: dict[str, Post], assert_queries: Callable[..., object]) -> None:
    request = HttpRequest()
    request.user = Account.objects.get(username="lin")
    with assert_queries(1):  # type: ignore[attr-defined]
        first = posts_of(request)
        assert posts_of(request) is first
    assert [p.area.name for p in first] == ["公交新村居委会"]


@pytest.mark.parametrize(
    ("what", "status", "says"),
    [
        ("refused", 403, "请先领取任务。"),
        ("denied", 403, "这一步要两个人。"),
        ("absent", 404, ""),
        ("missing", 404, ""),
        ("cursor", 400, ""),
    ],
)
def test_refusals_and_absences_become_pages(client_of: Browser, what: str, status: int, says: str) -> None:
    answer = client_of("lin").get(f"/raising/{what}")
    text = answer.content.decode()
    assert answer.status_code == status
    assert says in text
    assert "matching query" not in text and "No Post" not in text and "cursor" not in text


def test_a_character_that_no_database_holds_is_nonsense(client_of: Browser) -> None:
    assert client_of("lin").get("/named", {"name": "周\x00"}).status_code == 400


def test_an_error_stays_an_error(client_of: Browser) -> None:
    client = client_of("lin")
    with pytest.raises(ValueError, match="a fault of ours"):
        client.get("/raising/error")
    client.raise_request_exception = False
    answer = client.get("/raising/error")
    assert answer.status_code == 500
    assert "a fault of ours" not in answer.content.decode()


def test_the_foreign_and_the_absent_look_the_same(client_of: Browser, cast: dict[str, Post]) -> None:
    client = client_of("lin")
    assert client.get(f"/post/{cast['chen'].pk}").content.decode() == "陈志远"
    foreign = client.get(f"/post/{cast['wu'].pk}")
    absent = client.get(f"/post/{str(cast['wu'].pk)[:-4]}ffff")
    assert foreign.status_code == absent.status_code == 404
    body = [a.content.decode().split("csrfmiddlewaretoken")[0] for a in (foreign, absent)]
    assert body[0].replace(str(cast["wu"].pk), "") == body[1].replace(f"{str(cast['wu'].pk)[:-4]}ffff", "")
    assert {k: v for k, v in foreign.items() if k != "Content-Length"}.keys() == absent.headers.keys() - {
        "Content-Length"
    }


def test_an_api_says_401_and_403_in_json(client: Client, client_of: Browser) -> None:
    stranger = client.get("/api/room")
    assert (stranger.status_code, stranger.json()) == (401, {"detail": "请先登录。"})
    assert client_of("lin").get("/api/room").json() == {"channel": "api"}
    worker = client_of("lin").post("/api/room")
    assert worker.status_code == 403
    assert worker.json() == {"detail": "您的岗位不能“管理账号和岗位”。"}
    assert client_of("shen").post("/api/room").json() == {"done": "yes"}


def test_an_api_answers_absences_in_json(client_of: Browser) -> None:
    client = client_of("lin")
    assert client.get("/api/raising/absent").json() == {"detail": "没有找到，或者不在您的岗位范围内。"}
    assert client.get("/api/raising/absent").status_code == 404
    assert client.get("/api/raising/cursor").status_code == 400
    assert json.loads(client.get("/api/raising/refused").content) == {"detail": "请先领取任务。"}


def test_an_api_asks_for_the_second_factor_too(client_of: Browser) -> None:
    client = client_of("shen")
    session = client.session
    session["second_factor"] = False
    session.save()
    answer = client.post("/api/room")
    assert (answer.status_code, answer.json()["detail"]) == (401, "请先完成第二重验证。")


def test_an_api_call_in_a_session_needs_the_csrf_token(client_of: Browser, cast: dict[str, Post]) -> None:
    """The framework exempts its views; another site could post with the worker's cookie."""
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client_of("shen").cookies
    assert strict.get("/api/room").status_code == 200
    refused = strict.post("/api/room")
    assert (refused.status_code, "防伪标记" in refused.json()["detail"]) == (403, True)
    page = Client()
    token = page.get("/account/login").content.decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    strict.cookies["csrftoken"] = page.cookies["csrftoken"].value
    assert strict.post("/api/room", headers={"X-CSRFToken": token}).json() == {"done": "yes"}


@override_settings(ALLOWED_HOSTS=["linyun.example"])
def test_a_forged_host_leads_nowhere(client: Client, db: None) -> None:
    assert client.get("/room", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(
    ("wanted", "taken"),
    [("/desk/?q=1#x", "/desk/?q=1#x"), ("", "/"), (None, "/"), ("//x.example", "/"), ("http://testserver/desk", "http://testserver/desk"),
     ("https://x.example", "/"), ("\\\\x.example", "/")],
)  # fmt: skip
def test_next_stays_in_the_house(rf: object, wanted: str | None, taken: str) -> None:
    assert safe_next(rf.get("/"), wanted) == taken  # type: ignore[attr-defined]


class Badges:
    """Functions that a menu entry names."""

    @staticmethod
    def three() -> int:
        return 3

    @staticmethod
    def none() -> int:
        return 0


badge_three, badge_none = Badges.three, Badges.none


@pytest.fixture
def menu(monkeypatch: pytest.MonkeyPatch) -> Catalogue:
    """A menu of four entries, one of them for officers, one of another face."""
    here = f"{__name__}.badge_"
    entries = (
        Menu("desk", "今天", "desk", "home", "account.self", 10, badge=here + "three"),
        Menu("room", "房间", "room", "door", "account.self", 20, badge=here + "none"),
        Menu("office", "账号", "office", "people", "account.manage", 30),
        Menu("wall", "大屏", "room", "chart", "account.self", 10, face="cockpit"),
    )
    monkeypatch.setattr(catalogue, "menu", entries)
    return catalogue


def entered(who: Post, at: str) -> HttpRequest:
    request = HttpRequest()
    request.path = at
    request.actor = SimpleNamespace(role=who.role, area=who.area_id)  # type: ignore[attr-defined]
    return request


def test_the_menu_shows_what_one_may_do(menu: Catalogue, cast: dict[str, Post]) -> None:
    def labels(who: str, face: str = "desk") -> list[str]:
        return [e.label for e in menu_for(entered(cast[who], "/room"), face)]

    assert labels("lin") == ["今天", "房间"]
    assert labels("shen") == ["今天", "房间", "账号"]
    assert labels("lin", "cockpit") == ["大屏"]


def test_the_menu_counts_and_marks_where_one_is(menu: Catalogue, cast: dict[str, Post]) -> None:
    found = menu_for(entered(cast["lin"], "/desk/people/1"))
    assert [(e.url, e.badge, e.active) for e in found] == [("/desk/", "3", True), ("/room", "", False)]
    assert [e.active for e in menu_for(entered(cast["lin"], "/roommate"))] == [False, False]


def test_no_menu_before_the_door(menu: Catalogue) -> None:
    assert menu_for(HttpRequest()) == []


def test_the_scope_of_the_door_is_the_posts(client_of: Browser, cast: dict[str, Post]) -> None:
    assert client_of("wu").get("/room").content.decode().split()[1:3] == [THERE, THERE]
    assert client_of("wu").get(f"/post/{cast['lin'].pk}").status_code == 404
