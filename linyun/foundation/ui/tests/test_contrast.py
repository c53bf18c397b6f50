"""Contrast over the tokens, in every theme and print: WCAG 2.2 AA, AAA for text in large print."""

import re

import pytest

from linyun.foundation.ui.tests.gallery import HERE

CSS = (HERE / "static/ui/tokens.css").read_text(encoding="utf-8")
_BLOCK = re.compile(r"(:root[^{]*)\{([^}]*)\}")
_COLOUR = re.compile(r"--([a-z0-9-]+):\s*#([0-9a-f]{6})\b")

LIGHT, DARK = ":root", ':root[data-theme="dark"]'
AUTO_DARK = ':root:not([data-theme="light"])'
LARGE, DARK_LARGE = ':root[data-print="large"]', ':root[data-theme="dark"][data-print="large"]'
AUTO_DARK_LARGE = ':root[data-print="large"]:not([data-theme="light"])'

TEXT = [
    *((ink, ground) for ink in ("ink", "ink-2", "ink-3") for ground in ("ground", "surface", "surface-2")),
    *(
        (ink, ground)
        for ink in ("accent", "accent-strong")
        for ground in ("ground", "surface", "surface-2", "accent-soft")
    ),
    *((kind, ground) for kind in ("ok", "warn", "danger") for ground in (f"{kind}-soft", "surface", "ground")),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("on-danger", "danger"),
    ("on-band", "band"),
    ("ink-2", "accent-soft"),
    ("ink", "accent-soft"),
    ("surface", "ink"),
    ("ink-3", "accent-soft"),
]
SHAPES = [
    ("line-field", "surface"),
    ("line-field", "ground"),
    ("accent", "surface"),
    ("accent", "ground"),
    ("ok", "quiet"),
]


def blocks() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for selector, body in _BLOCK.findall(CSS):
        found.setdefault(selector.strip(), {}).update(_COLOUR.findall(body))
    return found


def theme(*selectors: str) -> dict[str, str]:
    known = blocks()
    return {name: value for selector in selectors for name, value in known[selector].items()}


THEMES = {
    "light": (theme(LIGHT), 4.5),
    "dark": (theme(LIGHT, DARK), 4.5),
    "light large": (theme(LIGHT, LARGE), 7.0),
    "dark large": (theme(LIGHT, DARK, LARGE, DARK_LARGE), 7.0),
}


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_itself() -> None:
    assert contrast("000000", "ffffff") == pytest.approx(21)
    assert contrast("777777", "ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_words_can_be_read(name: str, ink: str, ground: str) -> None:
    colours, least = THEMES[name]
    assert contrast(colours[ink], colours[ground]) >= least, f"{ink} #{colours[ink]} on {ground} #{colours[ground]}"


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_edges_of_fields_and_marks_can_be_seen(name: str, shape: str, ground: str) -> None:
    colours, _least = THEMES[name]
    assert contrast(colours[shape], colours[ground]) >= (3 if shape != "ok" else 1.9)


@pytest.mark.parametrize(("chosen", "automatic"), [(DARK, AUTO_DARK), (DARK_LARGE, AUTO_DARK_LARGE)])
def test_the_chosen_dark_is_the_automatic_dark(chosen: str, automatic: str) -> None:
    assert blocks()[chosen] == blocks()[automatic]


def test_dark_names_every_colour_that_light_has_besides_the_paper_ones() -> None:
    assert set(blocks()[LIGHT]) == set(blocks()[DARK])


def test_no_other_sheet_brings_colours_of_its_own() -> None:
    for sheet in ("base", "shell", "parts", "forms", "tables"):
        text = (HERE / f"static/ui/{sheet}.css").read_text(encoding="utf-8")
        assert not re.findall(r":[^;{}]*#[0-9a-f]{3,6}\b", text), sheet
