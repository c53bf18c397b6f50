"""What pages hand to the macros: chips, facts with their source, timeline entries, differences, figures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape

from linyun.foundation.ui.icons import icon


@dataclass(frozen=True, slots=True)
class Chip:
    """A short mark: a tag, a state. ``kind``: "" (accent), "plain", "ok", "warn", "danger"."""

    label: str
    kind: str = ""
    href: str = ""
    title: str = ""


# By type too: a text and the same letters as Markup are equal, and only one of them is escaped.
@lru_cache(maxsize=4096, typed=True)
def chip_html(label: str, kind: str = "", href: str = "", title: str = "", icon_name: str = "") -> Markup:
    """One chip as HTML; everything in it is escaped."""
    hint = f' title="{escape(title)}"' if title else ""
    inside = f"{icon(icon_name) if icon_name else ''}{escape(label)}"
    if href:
        return Markup(f'<a class="chip {escape(kind)}" href="{escape(href)}"{hint}>{inside}</a>')
    return Markup(f'<span class="chip {escape(kind)}"{hint}>{inside}</span>')


def chips_html(chips: Iterable[Chip | str]) -> Markup:
    """Chips in a line; a plain word becomes an accent chip. None at all is an em dash."""
    drawn = [chip_html(c) if isinstance(c, str) else chip_html(c.label, c.kind, c.href, c.title) for c in chips]
    if not drawn:
        return Markup('<span class="muted">—</span>')
    return Markup(f'<span class="chips">{"".join(drawn)}</span>')


def options_html(options: Iterable[tuple[Any, Any]], value: Any) -> Markup:
    """The options of a select, (value, label) each, the chosen one marked. Drawn here: a list of tags has hundreds."""
    drawn = _options(tuple((str(v), str(label)) for v, label in options))
    chosen = f'<option value="{escape("" if value is None else value)}">'
    return Markup(drawn.replace(chosen, f"{chosen[:-1]} selected>"))


def label_of(options: Iterable[tuple[Any, Any]], value: Any) -> Any:
    """What the chosen one of some options is called, empty for none of them."""
    wanted = str(value)
    return next((label for v, label in options if str(v) == wanted), "")


@lru_cache(maxsize=256)
def _options(options: tuple[tuple[str, str], ...]) -> str:
    """None chosen: the same lists are drawn for every page."""
    return "\n".join(f'<option value="{escape(v)}">{escape(label)}</option>' for v, label in options)


@dataclass(frozen=True, slots=True)
class Fact:
    """One value of a record with its source line (``公安 2026-03-02``).

    ``reveal`` is the address of the full look at a masked value (asks for a reason); ``others`` are differing
    values of other sources, kept side by side; ``stale`` says that it should be confirmed.
    """

    label: str
    value: Any
    source: str = ""
    href: str = ""
    edit: str = ""
    reveal: str = ""
    stale: bool = False
    others: Sequence[tuple[Any, str]] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One moment of a timeline: when, how (上门, 电话 …), who, what. ``photos`` are (thumbnail, full) addresses."""

    when: date
    text: str
    mode: str = ""
    who: str = ""
    href: str = ""
    chips: Sequence[Chip] = ()
    photos: Sequence[tuple[str, str]] = ()
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a difference. None stands for "not there"; ``source`` says whence the new value comes."""

    label: str
    old: Any
    new: Any
    source: str = ""

    @property
    def kind(self) -> str:
        """``added``, ``removed``, ``changed`` or ``same``."""
        if self.old == self.new:
            return "same"
        if self.old in (None, ""):
            return "added"
        return "removed" if self.new in (None, "") else "changed"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that stands for something. ``meaning`` is its definition; ``change`` against the period before.

    ``good`` colours the change: True, False, or None when neither.
    """

    label: str
    value: str
    unit: str = ""
    change: str = ""
    good: bool | None = None
    href: str = ""
    meaning: str = ""
    sub: str = ""


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition in force: ``item`` ``word`` ``value`` (年龄 不小于 80) and the address without it."""

    item: str
    word: str
    value: str
    remove: str = ""


@dataclass(frozen=True, slots=True)
class Empty:
    """What to say when there is nothing: what this is, what to do first."""

    title: str
    text: str = ""
    label: str = ""
    url: str = ""
    icon: str = "inbox"


@dataclass(frozen=True, slots=True)
class Job:
    """Long work as it stands. ``state``: waiting, running, done, failed. ``left`` in seconds, None when unknown."""

    id: str
    label: str
    state: str
    done: int = 0
    total: int = 0
    left: float | None = None
    said: str = ""
    url: str = ""
    lines: Sequence[str] = field(default_factory=tuple)

    @property
    def active(self) -> bool:
        """Whether there is something to wait for."""
        return self.state in ("waiting", "running")

    @property
    def share(self) -> int:
        """Per cent done, 0 when the total is not known."""
        return min(100, self.done * 100 // self.total) if self.total > 0 else 0
