"""The kit's own pages and headers: look, errors, security headers."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings

from linyun.foundation.ui import pages
from linyun.foundation.ui.look import Look, look_of
from linyun.foundation.ui.middleware import SecurityHeaders

ENGINE = {
    "BACKEND": "linyun.foundation.ui.jinja.HouseTemplates",
    "DIRS": [],
    "OPTIONS": {
        "environment": "linyun.foundation.ui.jinja.environment",
        "context_processors": [f"{__name__}.broken_processor"],
    },
}


def broken_processor(_request: HttpRequest) -> dict[str, Any]:
    raise RuntimeError("the database is gone")


@pytest.fixture(autouse=True)
def kit() -> Iterator[None]:
    with override_settings(
        ROOT_URLCONF="linyun.foundation.ui.tests.gallery_urls", TEMPLATES=[ENGINE], ALLOWED_HOSTS=["testserver"]
    ):
        yield


def choose(**data: str) -> HttpResponse:
    return pages.look(RequestFactory().post("/ui/look", data))


def test_large_print_is_remembered_and_the_reader_goes_back() -> None:
    response = choose(print="large", next="/desk/people?q=1")
    assert response["Location"] == "/desk/people?q=1"
    assert response.cookies["print"].value == "large"
    request = RequestFactory().get("/")
    request.COOKIES.update({"print": "large", "theme": "dark"})
    assert look_of(request) == Look("dark", "large") and look_of(request).large


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil.example", ""]
)
def test_nobody_is_sent_elsewhere(target: str) -> None:
    assert choose(theme="dark", next=target)["Location"] == "/"


def test_unknown_looks_are_not_kept_nor_believed() -> None:
    response = choose(theme="neon", print='large" onload="x')
    assert not response.cookies
    request = RequestFactory().get("/")
    request.COOKIES.update({"print": 'x" onload="y', "theme": "neon"})
    assert look_of(request) == Look()
    assert look_of(None) == Look()


def test_looking_by_get_changes_nothing() -> None:
    assert pages.look(RequestFactory().get("/ui/look")).status_code == 405


ERRORS = [
    (pages.malformed, 400, "请求不完整"),
    (pages.denied, 403, "不在您的岗位范围内"),
    (pages.missing, 404, "没有找到这一页"),
    (pages.too_many, 429, "操作太快了"),
    (pages.failed, 500, "出了点问题"),
    (pages.csrf_failure, 403, "页面放得太久了"),
]


@pytest.mark.parametrize(("view", "status", "sentence"), ERRORS)
def test_each_error_says_what_to_do_even_when_the_rest_is_broken(view: Any, status: int, sentence: str) -> None:
    response = view(RequestFactory().get("/desk/secret-name"))
    text = response.content.decode()
    assert response.status_code == status
    assert sentence in text and "请" in text
    assert "secret-name" not in text
    assert 'name="linyun-error"' in text


def test_a_refusal_in_chinese_is_passed_on_and_a_technical_one_is_not() -> None:
    request = RequestFactory().get("/")
    assert "请先选择岗位" in pages.denied(request, PermissionError("请先选择岗位 <b>")).content.decode()
    assert "&lt;b&gt;" in pages.denied(request, PermissionError("请先选择岗位 <b>")).content.decode()
    assert "row 17" not in pages.denied(request, PermissionError("row 17 of records_person")).content.decode()


def test_an_error_is_not_swapped_into_a_page() -> None:
    assert pages.missing(RequestFactory().get("/", headers={"HX-Request": "true"}))["HX-Reswap"] == "none"


def through(response: HttpResponse) -> Any:
    return SecurityHeaders(lambda _request: response)(RequestFactory().get("/"))


def test_every_page_carries_the_headers() -> None:
    headers = through(HttpResponse("<html>")).headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["object-src"] == policy["base-uri"] == "'none'"
    assert policy["img-src"] == "'self' data: blob:"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store, private"
    assert "microphone=()" in headers["Permissions-Policy"]


def test_a_view_may_set_its_own_and_files_may_be_kept() -> None:
    own = HttpResponse("x", headers={"Content-Security-Policy": "sandbox", "Cache-Control": "max-age=60"})
    assert through(own)["Content-Security-Policy"] == "sandbox"
    assert through(own)["Cache-Control"] == "max-age=60"
    assert "Cache-Control" not in through(HttpResponse(b"", content_type="image/png")).headers
    assert "no-store" in through(HttpResponse("{}", content_type="application/json; charset=utf-8"))["Cache-Control"]


def test_the_page_follows_the_readers_cookies() -> None:
    request = RequestFactory().get("/")
    request.COOKIES.update({"print": "large", "theme": "dark"})
    html = re.search(r"<html[^>]*>", pages.missing(request).content.decode())
    assert html and 'data-print="large"' in html[0] and 'data-theme="dark"' in html[0]
    assert "data-theme" not in pages.missing(RequestFactory().get("/")).content.decode()
