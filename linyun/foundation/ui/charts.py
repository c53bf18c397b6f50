"""Small charts drawn on the server as SVG, each with its numbers in words beside it or in a table below.

Widths are SVG attributes, colours are classes: the content security policy forbids inline style, and dark mode follows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from linyun.foundation.ui.wording import group

WIDTH, HEIGHT, PAD = 320, 96, 6


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar. ``value`` None means that the cell is too small to show (fewer than five people).

    ``text`` is what stands at its end, the grouped value when left out; ``href`` opens the list behind it; ``said`` is
    read aloud instead of a label that is short for the eye.
    """

    label: str
    value: float | None
    text: str = ""
    href: str = ""
    kind: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a stacked bar. ``kind``: ok, quiet, accent, warn, danger."""

    label: str
    value: float
    kind: str


@dataclass(frozen=True, slots=True)
class Pair:
    """One line of a pyramid: what is counted to the left and to the right of its label."""

    label: str
    left: int
    right: int
    href: str = ""


def _text(bar: Bar) -> str:
    if bar.text:
        return bar.text
    return _("少于 5") if bar.value is None else group(bar.value)


def _rect(share: float, kind: str = "", start: float = 0) -> str:
    return f'<rect class="{escape(kind or "accent")}" x="{start:.2f}%" width="{share:.2f}%" height="100%"/>'


def meter(share: float) -> Markup:
    """One small bar without words, for a line that says its number itself: ``share`` full per cent."""
    return Markup(f'<svg class="meter" aria-hidden="true">{_rect(max(0.0, min(100.0, share)))}</svg>')


def bars(rows: Sequence[Bar], top: float | None = None) -> Markup:
    """Horizontal bars, one line each: label, bar, figure. ``top`` is the value of a full bar (default: the largest)."""
    full = top or max((b.value or 0 for b in rows), default=0) or 1
    out = []
    for b in rows:
        label = f'<a href="{escape(b.href)}">{escape(b.label)}</a>' if b.href else escape(b.label)
        share = 0 if b.value is None else max(0.0, min(100.0, b.value * 100 / full))
        out.append(
            f'<div class="bar"><dt>{label}</dt><dd><svg aria-hidden="true">{_rect(share, b.kind)}</svg>'
            f'<span class="num">{escape(_text(b))}</span></dd></div>'
        )
    return Markup(f'<dl class="bars">{"".join(out)}</dl>')


def columns(rows: Sequence[Bar], title: str) -> Markup:
    """Upright bars side by side, for a few days, weeks or months. A list of links, so it reads aloud line by line."""
    full = max((b.value or 0 for b in rows), default=0) or 1
    out = []
    for b in rows:
        share = (b.value or 0) * 100 / full
        inside = (
            f'<span class="num" aria-hidden="true">{escape(_text(b))}</span><svg aria-hidden="true"><rect '
            f'class="{escape(b.kind or "accent")}" y="{100 - share:.2f}%" width="100%" height="{share:.2f}%"/></svg>'
            f'<span aria-hidden="true">{escape(b.label)}</span>'
            f'<span class="vh">{escape(b.said or b.label)} {escape(_text(b))}</span>'
        )
        out.append(f'<li><a href="{escape(b.href)}">{inside}</a></li>' if b.href else f"<li>{inside}</li>")
    return Markup(f'<ol class="cols" aria-label="{escape(title)}">{"".join(out)}</ol>')


def pyramid(rows: Sequence[Pair], title: str, sides: tuple[str, str]) -> Markup:
    """Two counts a line, back to back on one scale. It is a table, so it reads aloud as it looks."""
    full = max((n for r in rows for n in (r.left, r.right)), default=0) or 1
    out = []
    for r in rows:
        label = f'<a href="{escape(r.href)}">{escape(r.label)}</a>' if r.href else escape(r.label)
        left, right = r.left * 100 / full, r.right * 100 / full
        out.append(
            f'<tr><td class="left"><span class="num">{group(r.left)}</span>'
            f'<svg aria-hidden="true">{_rect(left, "quiet", 100 - left)}</svg></td><th scope="row">{label}</th>'
            f'<td class="right"><svg aria-hidden="true">{_rect(right)}</svg>'
            f'<span class="num">{group(r.right)}</span></td></tr>'
        )
    return Markup(
        f'<table class="pyramid"><caption class="vh">{escape(title)}</caption><thead><tr>'
        f'<th scope="col">{escape(sides[0])}</th><th scope="col">{escape(_("年龄"))}</th>'
        f'<th scope="col">{escape(sides[1])}</th></tr></thead><tbody>{"".join(out)}</tbody></table>'
    )


def stack(parts: Sequence[Part]) -> Markup:
    """One bar made of parts; the parts are named in its text alternative. Nothing at all is an empty bar."""
    total = sum(p.value for p in parts)
    said = _("，").join(f"{p.label} {group(p.value)}" for p in parts)
    at, out = 0.0, []
    for p in parts:
        share = p.value * 100 / total if total else 0
        out.append(_rect(share, p.kind, at))
        at += share
    return Markup(f'<svg class="stack" role="img" aria-label="{escape(said)}">{"".join(out)}</svg>')


def legend(parts: Sequence[Part]) -> Markup:
    """The key to a stacked bar's colours."""
    marks = "".join(f'<li><svg aria-hidden="true">{_rect(100, p.kind)}</svg>{escape(p.label)}</li>' for p in parts)
    return Markup(f'<ul class="legend">{marks}</ul>')


def _points(values: Sequence[float]) -> list[tuple[float, float]]:
    top = max(values) or 1
    step = (WIDTH - 2 * PAD) / max(len(values) - 1, 1)
    return [(PAD + i * step, HEIGHT - PAD - v * (HEIGHT - 2 * PAD) / top) for i, v in enumerate(values)]


def line(points: Sequence[tuple[str, float]], title: str, unit: str = "") -> Markup:
    """A line from zero over labelled points (months, days), with its table folded below. Empty input says so."""
    if not points:
        return Markup(f'<p class="muted small">{escape(_("还没有数据"))}</p>')
    values = [v for _label, v in points]
    at = _points(values)
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in at)
    area = f"{at[0][0]:.1f},{HEIGHT - PAD} {path} {at[-1][0]:.1f},{HEIGHT - PAD}"
    (last_x, last_y), (label, value) = at[-1], points[-1]
    said = _("%(title)s：从%(first)s的 %(from)s%(unit)s 到%(last)s的 %(to)s%(unit)s") % {
        "title": title,
        "first": points[0][0],
        "from": group(values[0]),
        "last": label,
        "to": group(value),
        "unit": unit,
    }
    rows = "".join(f"<tr><th scope=row>{escape(k)}</th><td>{group(v)}{escape(unit)}</td></tr>" for k, v in points)
    return Markup(
        f'<figure class="line-chart"><svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(said)}">'
        f'<polygon points="{area}"/><polyline points="{path}"/>'
        f'<circle cx="{last_x:.1f}" cy="{last_y:.1f}" r="3.5"/></svg>'
        f'<figcaption class="small muted"><span>{escape(points[0][0])}</span><span>{escape(label)}</span></figcaption>'
        f'<details class="as-table"><summary>{escape(_("看表"))}</summary>'
        f"<table><caption>{escape(title)}</caption><tbody>{rows}</tbody></table></details></figure>"
    )
