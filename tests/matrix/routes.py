"""Every route of the house, read from the URL map: its address, the action of its door, the methods it answers."""

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern
from ninja.openapi.views import default_home
from ninja.operation import PathView

PLACE = re.compile(r"<(?:[^>:]+:)?(\w+)>")
METHODS = ("GET", "POST", "PUT", "DELETE", "OPTIONS")


@dataclass(frozen=True, slots=True)
class Route:
    """One address with one view behind it. ``action``: None when no door guards the view.

    ``methods`` are those that the view may answer: all of them for a page, the declared ones for an API operation.
    """

    pattern: str
    name: str
    action: str | None
    channel: str
    methods: tuple[str, ...]

    @property
    def places(self) -> tuple[str, ...]:
        """The names of what the address is about: ``("person_id",)``."""
        return tuple(PLACE.findall(self.pattern))

    def address(self, values: Mapping[str, Any]) -> str:
        """The address of one object. Raises KeyError for a place without a sample."""
        return "/" + PLACE.sub(lambda found: str(values[found[1]]), self.pattern)

    def __str__(self) -> str:
        return f"/{self.pattern}"


def routes(urlconf: str | None = None) -> list[Route]:
    """All routes of a URL map; the house's own when none is named."""
    return sorted(_walk(get_resolver(urlconf).url_patterns, ""), key=lambda r: (r.pattern, r.methods))


def _walk(patterns: list[Any], prefix: str) -> Iterator[Route]:
    seen: set[tuple[str, int]] = set()
    for entry in patterns:
        if not isinstance(entry, URLPattern | URLResolver) or not isinstance(entry.pattern, RoutePattern):
            raise TypeError(f"{entry}: routes are made with path(), so that their places have names and types")
        here = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry.url_patterns, here)
        elif isinstance(entry.callback, partial) and entry.callback.func is default_home:
            continue  # the root that ninja adds to every API: it raises 404 whatever is asked
        else:
            view = path_view(entry.callback)
            if view is None:
                yield Route(here, entry.name or "", _action(entry.callback), _channel(entry.callback), METHODS)
            elif (here, id(view)) not in seen:  # ninja adds the same view once per operation
                seen.add((here, id(view)))
                yield from _operations(view, here, entry.name or "")


def _operations(view: PathView, pattern: str, name: str) -> Iterator[Route]:
    for operation in view.operations:
        yield Route(pattern, name, _action(operation.view_func), "api", tuple(operation.methods))


def path_view(callback: Callable[..., Any]) -> PathView | None:
    """The API operations behind a callback that ninja made; None for other views."""
    if not inspect.isfunction(callback):
        return None
    held = inspect.getclosurevars(callback).nonlocals.get("self")
    return held if isinstance(held, PathView) else None


def _wrapped(view: Any) -> Iterator[Any]:
    """A view and what its decorators wrap, from outside to inside."""
    while view is not None:
        yield view
        view = getattr(view, "__wrapped__", None)


def _action(view: Any) -> str | None:
    doors = {vars(v)["action"] for v in _wrapped(view) if "action" in getattr(v, "__dict__", {})}
    return doors.pop() if len(doors) == 1 else None


def _channel(view: Any) -> str:
    return next((getattr(v, "channel", "page") for v in _wrapped(view) if hasattr(v, "action")), "page")


def unguarded(found: list[Route]) -> list[str]:
    """Routes without exactly one door."""
    return [str(r) for r in found if r.action is None]
