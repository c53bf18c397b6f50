"""What the desk's shell shows on every page: menu, who works here, the posts to switch to."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest

from linyun.foundation.accounts.doors import menu_for, posts_of
from linyun.foundation.accounts.policy import may
from linyun.foundation.ui.routes import fixed
from linyun.foundation.ui.shell import MenuEntry, PostEntry, Who
from linyun.kernel.declare import Role
from linyun.kernel.words import ROLE_NAMES, say

BELONGS = {"dwelling": "buildings", "household": "buildings", "visit_dwelling": "buildings", "find": "people"}
"""Pages whose address does not say under which entry of the menu they are."""


def _route(request: HttpRequest) -> str:
    return (request.resolver_match.url_name or "") if request.resolver_match else ""


def _menu(request: HttpRequest) -> list[MenuEntry]:
    shown = [MenuEntry(m.label, m.url, m.icon, m.badge, m.active) for m in menu_for(request, "desk")]
    route = BELONGS.get(_route(request))
    return [replace(m, active=m.url == fixed(route)) for m in shown] if route else shown


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of the desk's shell; empty where nobody is at work (sign-in pages, errors)."""
    held = getattr(request, "post_held", None)
    if held is None:
        return {}
    actor = getattr(request, "actor", None)
    finding = {"search_url": fixed("find"), "suggest_url": fixed("suggest")}
    return {
        "menu": _menu(request),
        "who": Who(held.account.name, f"{held.area.name} · {say(ROLE_NAMES[Role(held.role)])}", str(held.account_id)),
        "posts": [
            PostEntry(str(p.pk), p.area.name, say(ROLE_NAMES[Role(p.role)]), p.pk == held.pk) for p in posts_of(request)
        ],
        "home_url": fixed("desk"),
        **(finding if actor and may(actor, "person.find") else {}),
        "post_url": fixed("posts"),
        "leave_url": fixed("account_logout"),
        "q": request.GET.get("q", "") if _route(request) == "find" else "",
    }
