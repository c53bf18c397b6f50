"""What the desk's shell shows on every page: menu, who works here, the posts to switch to."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from linyun.foundation.accounts.doors import menu_for, posts_of
from linyun.foundation.accounts.policy import may
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
    return [replace(m, active=m.url == reverse(route)) for m in shown] if route else shown


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of the desk's shell; empty where nobody is at work (sign-in pages, errors)."""
    held = getattr(request, "post_held", None)
    if held is None:
        return {}
    actor = getattr(request, "actor", None)
    finding = {"search_url": reverse("find"), "suggest_url": reverse("suggest")}
    return {
        "menu": _menu(request),
        "who": Who(held.account.name, f"{held.area.name} · {say(ROLE_NAMES[Role(held.role)])}", str(held.account_id)),
        "posts": [
            PostEntry(str(p.pk), p.area.name, say(ROLE_NAMES[Role(p.role)]), p.pk == held.pk) for p in posts_of(request)
        ],
        "home_url": reverse("desk"),
        **(finding if actor and may(actor, "person.find") else {}),
        "post_url": reverse("posts"),
        "leave_url": reverse("account_logout"),
        "q": request.GET.get("q", "") if _route(request) == "find" else "",
    }
