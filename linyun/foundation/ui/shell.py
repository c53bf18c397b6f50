"""What the shells of pages show around their content: menu entries, posts to switch to, who is here."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One line of a menu. ``badge``: a short text (``12``, ``8 户``, ``2 将到期``); ``icon``: its name."""

    label: str
    url: str
    icon: str = ""
    badge: str = ""
    active: bool = False


@dataclass(frozen=True, slots=True)
class PostEntry:
    """One post of the person: ``label`` is the area's name, ``sub`` the role, ``key`` what the switch form sends."""

    key: str
    label: str
    sub: str = ""
    active: bool = False


@dataclass(frozen=True, slots=True)
class Who:
    """The person at the desk: name, the line below it, and a key that tells drafts of different people apart."""

    name: str
    line: str
    key: str


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the way to this page; the last has no ``url``."""

    label: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    """One of several views of the same thing."""

    label: str
    url: str
    active: bool = False
    badge: str = ""


def crumbs(*steps: tuple[str, str] | str) -> Sequence[Crumb]:
    """``crumbs(("居民", "/desk/people"), "周桂芳")``."""
    return [Crumb(step) if isinstance(step, str) else Crumb(*step) for step in steps]
