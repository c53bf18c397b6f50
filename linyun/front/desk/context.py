"""What the desk's shell shows on every page: menu, who works here, the posts to switch to."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from linyun.foundation.accounts.doors import menu_for, posts_of
from linyun.foundation.ui.shell import MenuEntry, PostEntry, Who
from linyun.kernel.declare import Role
from linyun.kernel.words import ROLE_NAMES, say


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of the desk's shell; empty where nobody is at work (sign-in pages, errors)."""
    held = getattr(request, "post_held", None)
    if held is None:
        return {}
    return {
        "menu": [MenuEntry(m.label, m.url, m.icon, m.badge, m.active) for m in menu_for(request, "desk")],
        "who": Who(held.account.name, f"{held.area.name} · {say(ROLE_NAMES[Role(held.role)])}", str(held.account_id)),
        "posts": [
            PostEntry(str(p.pk), p.area.name, say(ROLE_NAMES[Role(p.role)]), p.pk == held.pk) for p in posts_of(request)
        ],
        "home_url": reverse("desk"),
        "search_url": reverse("find"),
        "suggest_url": reverse("suggest"),
        "post_url": reverse("posts"),
        "leave_url": reverse("account_logout"),
        "q": request.GET.get("q", ""),
    }
