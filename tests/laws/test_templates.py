"""Templates reach down, never up; they say everything through the kit, and an unknown word in them is an error."""

import re
from collections.abc import Iterator
from pathlib import Path

import jinja2
import pytest
from django.conf import settings
from django.template import engines
from django.utils.translation import override

from tests.laws.source import LAYERS, PACKAGE, ROOT, layer_of, templates

REACHES = re.compile(
    r"{%-?\s*(?:extends|include|import|from)\s+(.+?)(?:\s+(?:import|as|ignore|with|without)\b|\s*-?%})"
)
NAMED = re.compile(r"[\"']([\w/.\-]+\.html)[\"']")
INLINE = {
    "inline style": re.compile(r"<[^>{}]*\sstyle\s*=|<style\b", re.IGNORECASE),
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE),
    "inline handler": re.compile(r"<[^>{}]*\son\w+\s*=", re.IGNORECASE),
    "unescaped text": re.compile(r"\|\s*safe\b|autoescape\s+false"),
    "a foreign address": re.compile(r"(?:src|href|action)\s*=\s*[\"']\s*(?:https?:)?//", re.IGNORECASE),
}
SPOKEN = re.compile(r"{#.*?#}|{%.*?%}|{{.*?}}|<svg.*?</svg>", re.DOTALL)
BRAND = {"邻"}


def app_of(template: Path) -> str:
    """``hub/records`` for a template of that app."""
    return "/".join(template.relative_to(PACKAGE).parts[:2])


def apps_by_folder() -> dict[str, str]:
    """Which app gives the folder ``templates/<folder>/``."""
    return {t.relative_to(PACKAGE).parts[3]: app_of(t) for t in templates()}


def reached(text: str) -> Iterator[str]:
    """The templates that a template extends, includes or imports; a name that is computed cannot be judged."""
    for match in REACHES.finditer(text):
        names = NAMED.findall(match[1])
        yield from names or [f"computed: {match[1]}"]


def upward(app: str, text: str, folders: dict[str, str]) -> list[str]:
    """Reaches into apps that stand higher, or beside without being lower in the same layer's order."""
    found = []
    for name in reached(text):
        other = folders.get(name.split("/")[0])
        if other is None or (other != app and layer_of(other) > layer_of(app)):
            found.append(name)
    return found


def test_templates_live_in_a_folder_of_their_apps_name() -> None:
    wrong = [t for t in templates() if t.relative_to(PACKAGE).parts[3] != t.relative_to(PACKAGE).parts[1]]
    assert [str(t.relative_to(ROOT)) for t in wrong] == []


def test_templates_reach_down() -> None:
    folders = apps_by_folder()
    found = {str(t.relative_to(ROOT)): upward(app_of(t), t.read_text(), folders) for t in templates()}
    assert {name: reaches for name, reaches in found.items() if reaches} == {}


def test_a_reach_upward_is_found() -> None:
    folders = {"ui": "foundation/ui", "records": "hub/records", "desk": "front/desk"}
    lines = [
        '{% extends "desk/base.html" %}',
        '{% import "ui/cards.html" as cards %}',
        "{% include other %}",
        '{% from "records/x.html" import y %}',
    ]
    assert upward("hub/records", "".join(lines), folders) == ["desk/base.html", "computed: other"]
    assert upward("front/desk", '{% include "records/x.html" %}', folders) == []
    assert LAYERS.index("hub") < LAYERS.index("front")


def inline(text: str) -> list[str]:
    """What the content security policy blocks, or what lets foreign text through."""
    return [what for what, pattern in INLINE.items() if pattern.search(text)]


def test_nothing_inline_nothing_unescaped_nothing_foreign() -> None:
    found = {str(t.relative_to(ROOT)): inline(t.read_text()) for t in templates()}
    assert {name: what for name, what in found.items() if what} == {}


def test_inline_things_are_found() -> None:
    text = '<p style="x"><script>1</script><a onclick="x" href="https://x.example">{{ x|safe }}</a>'
    assert inline(text) == list(INLINE)
    assert inline('<script src="{{ static(1) }}"></script><svg width="1"></svg>') == []


def test_what_people_read_goes_through_gettext() -> None:
    """Chinese outside of ``_("…")`` cannot be translated."""
    bare = {}
    for t in templates():
        words = set(re.findall(r"[\u4e00-\u9fff]+", SPOKEN.sub("", t.read_text()))) - BRAND
        if words:
            bare[str(t.relative_to(ROOT))] = sorted(words)
    assert bare == {}


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_every_template_compiles_in_each_language(language: str) -> None:
    with override(language):
        environment = engines.all()[0].env  # type: ignore[attr-defined]
        for template in templates():
            name = "/".join(template.relative_to(PACKAGE).parts[3:])
            assert environment.get_template(name).environment.language == language


def test_an_unknown_word_is_an_error_and_text_is_escaped() -> None:
    environment = engines.all()[0].env  # type: ignore[attr-defined]
    with pytest.raises(jinja2.UndefinedError):
        environment.from_string("{{ nobody.knows }}").render()
    with pytest.raises(jinja2.UndefinedError):
        environment.from_string("{% if unknown %}x{% endif %}").render()
    assert environment.from_string("{{ x }}").render(x="<b>") == "&lt;b&gt;"
