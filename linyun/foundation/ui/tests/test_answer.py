"""Answers: never stored, parts for htmx alone, drafts forgotten only when stored, files that cannot bite."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings
from hypothesis import given
from hypothesis import strategies as st

from linyun.foundation.ui import answer
from linyun.kernel.ids import uuid7

PAGE = """{% extends "parent.html" %}{% import "macros.html" as m %}{% set noun = "户" %}
{% block list %}<ul>{{ m.line(name) }}{{ noun }}{{ csrf_token|string|length > 10 }}</ul>{% endblock %}"""
PARENT = "<html>{% block head %}HEAD{% endblock %}{% block list %}{% endblock %}</html>"
MACROS = "{% macro line(x) %}<li>{{ x }}</li>{% endmacro %}"


@pytest.fixture
def house(tmp_path: Path) -> Any:
    for name, text in (("page", PAGE), ("parent", PARENT), ("macros", MACROS)):
        (tmp_path / f"{name}.html").write_text(text, encoding="utf-8")
    engine = {
        "BACKEND": "linyun.foundation.ui.jinja.HouseTemplates",
        "DIRS": [tmp_path],
        "OPTIONS": {"environment": "linyun.foundation.ui.jinja.environment"},
    }
    with override_settings(TEMPLATES=[engine], ROOT_URLCONF="linyun.foundation.ui.tests.gallery_urls"):
        yield


def ask(**headers: str) -> HttpRequest:
    return RequestFactory().get("/", headers=headers)


def post(data: dict[str, str], **headers: str) -> HttpRequest:
    request = RequestFactory().post("/", data, headers=headers)
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    return request


def test_a_page_is_whole_and_never_stored(house: None) -> None:
    response = answer.render(ask(), "page.html", {"name": "<周>"}, block="list")
    text = response.content.decode()
    assert text.startswith("<html>HEAD") and "<li>&lt;周&gt;</li>户True" in text
    assert response["Cache-Control"] == "no-store, private"
    assert "HX-Request" in response["Vary"]


def test_htmx_gets_the_block_alone_with_its_imports_and_settings(house: None) -> None:
    text = answer.render(ask(**{"HX-Request": "true"}), "page.html", {"name": "<周>"}, block="list").content.decode()
    assert text == "<ul><li>&lt;周&gt;</li>户True</ul>"


@pytest.mark.parametrize("header", ["HX-Boosted", "HX-History-Restore-Request"])
def test_htmx_gets_the_whole_page_where_it_replaces_the_whole_page(house: None, header: str) -> None:
    request = ask(**{"HX-Request": "true", header: "true"})
    assert answer.render(request, "page.html", {"name": "周"}, block="list").content.startswith(b"<html>")


def test_a_block_that_is_not_there_is_an_error(house: None) -> None:
    with pytest.raises(KeyError):
        answer.render(ask(**{"HX-Request": "true"}), "page.html", {"name": "周"}, block="no-such")


def test_the_context_given_is_not_changed(house: None) -> None:
    context = {"name": "周"}
    answer.render(ask(), "page.html", context)
    assert context == {"name": "周"}


def test_after_saving_the_browser_goes_on_hears_it_and_forgets_the_draft() -> None:
    key = uuid7()
    request = post({"client_key": str(key)})
    response = answer.saved(request, "/desk/people/7", "已存好")
    assert (response.status_code, response["Location"]) == (303, "/desk/people/7")
    assert response.cookies["done"].value == str(key)
    assert [str(m) for m in request._messages] == ["已存好"]  # type: ignore[attr-defined]


def test_after_saving_by_htmx_the_page_is_left_by_htmx() -> None:
    response = answer.saved(post({}, **{"HX-Request": "true"}), "/desk", "已存好")
    assert (response.status_code, response["HX-Redirect"]) == (204, "/desk")
    assert "done" not in response.cookies


@pytest.mark.parametrize("text", ["", "x", "1' or '1'='1", "0190"])
def test_a_malformed_key_is_no_key(text: str) -> None:
    assert answer.client_key(post({"client_key": text})) is None


def test_a_key_is_read() -> None:
    key = uuid4()
    assert answer.client_key(post({"client_key": str(key)})) == key
    assert answer.client_key(post({})) is None


def test_a_toast_is_ascii_and_does_not_displace_other_events() -> None:
    response = HttpResponse(headers={"HX-Trigger": json.dumps({"changed": 1})})
    answer.toast(response, "没有权限", "danger")
    assert response["HX-Trigger"].isascii()
    assert json.loads(response["HX-Trigger"]) == {"changed": 1, "toast": {"text": "没有权限", "kind": "danger"}}


def test_a_file_keeps_its_chinese_name_and_cannot_run() -> None:
    response = answer.download("独居老人名单（11 月）.xlsx", b"PK", "application/vnd.ms-excel")
    value = response["Content-Disposition"]
    assert value.startswith("attachment; filename=\"download.xlsx\"; filename*=UTF-8''")
    assert unquote(value.split("''")[1]) == "独居老人名单（11 月）.xlsx"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("sandbox")
    assert response["Cache-Control"] == "no-store, private"
    assert response["Content-Length"] == "2"


def test_a_large_file_is_sent_in_pieces() -> None:
    response = answer.download("a.csv", (p for p in (b"a", b"b")), "text/csv")
    assert response.streaming and b"".join(response) == b"ab"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given_name", "safe"),
    [
        ("../../etc/passwd", "etc_passwd"),
        ("名单\r\nSet-Cookie: a=b.xlsx", "名单_Set-Cookie_ a=b.xlsx"),
        ("发票\u202efdp.exe", "发票_fdp.exe"),
        ("C:\\temp\\名单.csv", "C_temp_名单.csv"),
        ("", "文件"),
        ("...", "文件"),
    ],
)
def test_names_that_lie_are_mended(given_name: str, safe: str) -> None:
    assert answer.file_name(given_name) == safe


@given(st.text(max_size=300))
def test_no_name_breaks_the_header_or_the_disk(name: str) -> None:
    safe = answer.file_name(name)
    assert 0 < len(safe) <= 120
    assert not set(safe) & set('\r\n\0/\\:*?"<>|')
    header = answer.disposition(name)
    assert header.isascii() and "\n" not in header and header.count('"') == 2


def test_photos_are_shown_not_saved() -> None:
    assert answer.download("a.jpg", b"", "image/jpeg", inline=True)["Content-Disposition"].startswith("inline;")
