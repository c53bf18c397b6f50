"""The shells and the kit as a whole: weight, policy, landmarks, and the gallery that shows every part."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings
from jinja2 import UndefinedError, nodes

from linyun.foundation.ui.icons import ICONS
from linyun.foundation.ui.tests import gallery, gallery_data
from linyun.foundation.ui.tests.gallery import HERE, PAGES, STATIC, render_page
from linyun.foundation.ui.tests.kit import env

TEMPLATES = sorted((HERE / "templates/ui").rglob("*.html"))
MACRO_FILES = [p for p in TEMPLATES if p.parent.name == "ui" and "{% macro" in p.read_text(encoding="utf-8")]
PAGE_LIMIT = 150_000


@pytest.fixture(autouse=True)
def kit() -> Iterator[None]:
    with override_settings(ROOT_URLCONF="linyun.foundation.ui.tests.gallery_urls", STATIC_URL="/static/"):
        yield


@pytest.mark.parametrize("name", PAGES)
def test_every_page_of_the_gallery_can_be_drawn(name: str) -> None:
    html = render_page(env(), name)
    assert html.startswith("<!doctype html>")
    assert len(re.findall("<h1[ >]", html)) == 1
    assert '<main id="main"' in html or 'id="main"' in html
    assert 'class="skip" href="#main"' in html


@pytest.mark.parametrize("name", PAGES)
def test_no_page_has_inline_script_or_style(name: str) -> None:
    html = render_page(env(), name)
    assert not re.search(r'<script(?![^>]*\ssrc=)|<style|\sstyle="|\son[a-z]+="', html)


@pytest.mark.parametrize("name", PAGES)
def test_identifiers_on_a_page_are_unique_and_labels_find_their_field(name: str) -> None:
    html = render_page(env(), name)
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids)), [i for i in ids if ids.count(i) > 1]
    wanted = set(re.findall(r'<label[^>]*\sfor="([^"]+)"', html)) | set(re.findall(r'aria-labelledby="([^"]+)"', html))
    assert wanted <= set(ids)


def test_style_and_script_of_a_page_stay_light() -> None:
    html = render_page(env(), "desk")
    addresses = re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"', html)
    files = [(STATIC[a.split("/")[2]] / a.split("/static/")[1]).read_bytes() for a in addresses]
    assert len(files) >= 10
    assert sum(map(len, files)) < PAGE_LIMIT
    assert sum(len(gzip.compress(f)) for f in files) < PAGE_LIMIT / 3


def test_our_own_script_is_small() -> None:
    lines = sum(len(p.read_text(encoding="utf-8").splitlines()) for p in (HERE / "static/ui").glob("*.js"))
    assert lines < 600


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.name)
def test_templates_stay_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 120


@pytest.mark.parametrize("path", [*TEMPLATES, HERE / "jinja.py"], ids=lambda p: p.name)
def test_a_per_cent_sign_in_a_sentence_is_doubled(path: Path) -> None:
    for sentence in re.findall(r"_\([\"']([^\"']*)[\"']", path.read_text(encoding="utf-8")):
        assert not re.search(r"%(?!\(|%)", sentence.replace("%%", "")), sentence


def signatures(path: Path) -> Iterator[str]:
    for macro in env().parse(path.read_text(encoding="utf-8")).find_all(nodes.Macro):
        yield macro.name


def test_the_readme_names_every_macro_that_pages_may_use() -> None:
    readme = (HERE / "README.md").read_text(encoding="utf-8")
    internal = {
        "wrap",
        "notes",
        "attrs",
        "fieldset",
        "cell",
        "column_head",
        "head",
        "more",
        "bulk",
        "toast",
        "entries",
        "reason_dialog",
        "ask_dialog",
    }
    named = {name for path in MACRO_FILES for name in signatures(path)} - internal
    assert len(named) > 45
    assert [name for name in named if f"`{name}(" not in readme] == []


def test_the_gallery_opens_from_a_file() -> None:
    html = gallery.inlined(render_page(env(), "desk"))
    assert "/static/ui/tokens.css" not in html and "--accent:" in html and "htmx" in html


def test_the_dock_holds_four_entries_and_the_way_to_all() -> None:
    html = render_page(env(), "desk")
    dock = html.split('class="dock"')[1].split("</nav>")[0]
    assert dock.count("<a ") == 5 and 'href="#menu"' in dock


def test_menu_entries_come_from_the_context_and_are_escaped() -> None:
    context = {**gallery_data.shell("今天"), "crumbs": []}
    context["menu"] = [gallery_data.MenuEntry("<b>今天</b>", "/a?b=1&c=2", "home", "3", True)]
    html = env().from_string('{% extends "ui/desk.html" %}{% block title %}今天{% endblock %}').render(context)
    assert "&lt;b&gt;今天&lt;/b&gt;" in html and 'href="/a?b=1&amp;c=2" aria-current="page"' in html


def test_a_shell_needs_no_context_at_all() -> None:
    html = env().from_string('{% extends "ui/desk.html" %}{% block title %}空{% endblock %}').render()
    assert "<h1>空</h1>" in html and 'class="post"' not in html


def test_a_forgotten_variable_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        env().from_string("{{ forgotten }}").render()


def test_the_dock_gives_way_to_the_main_actions() -> None:
    assert "has-foot" in render_page(env(), "person")
    assert "has-foot" not in render_page(env(), "desk").split("</head>")[1]


def test_large_print_leaves_its_switch_in_the_other_state() -> None:
    html = render_page(env(), "portal")
    assert 'name="print" value="large"' in html and "大字版" in html


def test_every_icon_is_drawn_on_the_grid_with_our_strokes_only() -> None:
    assert len(ICONS) >= 40
    for name, drawing in ICONS.items():
        assert re.fullmatch(r"(<(path|circle|rect) [a-z0-9]+=\"[^\"<>]+\"[^<>]*/>)+", drawing), name
