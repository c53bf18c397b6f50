"""The gallery: ``python -m linyun.foundation.ui.tests.gallery FOLDER`` writes pages with every part, all inlined."""

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
import django_htmx
from django.conf import settings
from jinja2 import Environment, FileSystemLoader

from linyun.foundation.ui.jinja import environment
from linyun.foundation.ui.tests import gallery_data

HERE = Path(__file__).parents[1]
STATIC = {"ui": HERE / "static", "django_htmx": Path(django_htmx.__file__).parent / "static"}
PAGES = {"gallery": "everything", "desk": "crowd", "person": "person", "portal": "portal", "auth": "shell"}
_SHEET = re.compile(r'<link rel="stylesheet" href="([^"]+)"( media="print")?>')
_SCRIPT = re.compile(r'<script src="([^"]+)" (defer|type="module")></script>')


def _file(address: str) -> str:
    relative = address.split("/static/", 1)[1]
    return (STATIC[relative.split("/", 1)[0]] / relative).read_text(encoding="utf-8")


def inlined(html: str) -> str:
    """The page with its style sheets and scripts inside it, so that it opens from a file."""
    html = _SHEET.sub(lambda m: f"<style{m[2] or ''}>{_file(m[1])}</style>", html)
    scripts: list[str] = []

    def take(match: re.Match[str]) -> str:
        kind = ' type="module"' if "module" in match[2] else ""
        code = _file(match[1]).replace("</script", r"<\/script")
        scripts.append(f"<script{kind}>{code}</script>")
        return ""

    return _SCRIPT.sub(take, html).replace("</body>", "".join(scripts) + "</body>")


def render_page(env: Environment, name: str) -> str:
    """One page of the gallery with its invented data."""
    from_data = _makers()[PAGES[name]]
    return env.get_template(f"{name}.html").render(from_data())


def _makers() -> dict[str, Callable[[], dict[str, Any]]]:
    return {
        "everything": gallery_data.everything,
        "crowd": gallery_data.crowd,
        "person": gallery_data.person,
        "portal": gallery_data.portal,
        "shell": lambda: gallery_data.shell(""),
    }


def house() -> Environment:
    """The kit's environment over its own templates and the gallery's pages."""
    return environment(loader=FileSystemLoader([HERE / "templates", HERE / "tests/gallery_pages"]), autoescape=True)


def main(folder: str) -> None:
    """Write all pages into a folder. Needs no settings of the house: it brings its own few."""
    if not settings.configured:
        settings.configure(
            ROOT_URLCONF="linyun.foundation.ui.tests.gallery_urls",
            SECRET_KEY="gallery",
            LANGUAGE_CODE="zh-hans",
            STATIC_URL="/static/",
        )
        django.setup()
    out = Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    env = house()
    for name in PAGES:
        (out / f"{name}.html").write_text(inlined(render_page(env, name)), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
