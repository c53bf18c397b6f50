"""Those above the committee say why before they open a person's page; the reason goes into every act of the look."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from linyun.foundation.accounts.doors import Entered
from linyun.foundation.accounts.policy import may
from linyun.foundation.ui.answer import render
from linyun.foundation.ui.wording import name_mask
from linyun.kernel import clock
from linyun.kernel.words import msgid, say

KEPT = "reasons"
LASTS = timedelta(minutes=30)
SHORTEST = 2
REASONS = (
    ("visit", msgid("走访准备")),
    ("matter", msgid("办理事项")),
    ("check", msgid("核对信息")),
    ("self", msgid("本人要求")),
    ("other", msgid("其他")),
)


def offered() -> list[tuple[str, str]]:
    """The reasons to choose from, in the reader's language."""
    return [(code, say(name)) for code, name in REASONS]


def said(request: HttpRequest) -> str:
    """The reason that a form of reasons sent: "核对信息：核对独居老人紧急联系人", "" when too little was said."""
    words = dict(REASONS)
    kind, text = request.POST.get("reason_kind", ""), request.POST.get("reason", "").strip()
    parts = [words.get(kind, kind) if kind != "other" else "", text]
    reason = "：".join(p for p in parts if p)
    return reason if len(reason) >= SHORTEST else ""


def named(request: HttpRequest, name: str | None) -> str:
    """A name as a page of doors shows it: whole for those whose daily work it is, else only its ends."""
    return (name or "") if may(request.actor, "desk.daily") else name_mask(name)  # type: ignore[attr-defined]


def stated(request: HttpRequest, person_id: UUID) -> str | None:
    """The reason in force for one person: "" for those whose daily work it is, None when one must be asked for."""
    if may(request.actor, "desk.daily"):  # type: ignore[attr-defined]
        return ""
    kept = request.session.get(KEPT, {}).get(str(person_id))
    if kept is None or clock.now() - datetime.fromisoformat(kept["at"]) > LASTS:
        return None
    return str(kept["reason"])


def remember(request: HttpRequest, person_id: UUID, reason: str) -> None:
    """Keep a reason for half an hour, for this person only."""
    all_kept = dict(request.session.get(KEPT, {}))
    all_kept[str(person_id)] = {"reason": reason, "at": clock.now().isoformat()}
    request.session[KEPT] = all_kept


def with_reason(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Ask for the reason first where one is due; the view then finds it as ``request.reason``. Inside a door."""

    @wraps(view)
    def asked(request: Entered, person_id: UUID, *args: Any, **kwargs: Any) -> HttpResponse:
        reason = stated(request, person_id)
        if reason is None:
            return _ask(request, reverse("person", args=[person_id]))
        request.reason = reason  # type: ignore[attr-defined]
        return view(request, person_id, *args, **kwargs)

    return asked


def _ask(request: HttpRequest, action: str, error: str = "") -> HttpResponse:
    context = {
        "what": _("打开居民的页面前，请说明理由。本人可以看到这条记录。"),
        "action": action,
        "back": reverse("desk"),
        "reasons": offered(),
        "error": error,
    }
    return render(request, "ui/reason.html", context, status=422 if error else 200)


def ask_again(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """The same page when nothing was said."""
    return _ask(request, reverse("person", args=[person_id]), _("请选一项，或写几个字说明"))
