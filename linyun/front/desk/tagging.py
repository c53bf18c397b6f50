"""A person's tags at the desk: all of them with their grounds, setting one by hand, taking one back."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linyun.foundation.accounts.doors import Entered, door
from linyun.foundation.accounts.policy import may
from linyun.foundation.acts.services import record
from linyun.foundation.ui.answer import render, saved
from linyun.front.desk import reasons
from linyun.front.desk.events import SensitiveTagsSeen
from linyun.hub.records.models import Person
from linyun.hub.records.services import see
from linyun.hub.tags.services import Borne, Unsettable, borne_by, retract_tag, set_tag
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Subject
from linyun.kernel.words import say


def settable(subject: Subject) -> list[tuple[str, list[tuple[str, str]]]]:
    """The tags that are set by hand, by their path in the dictionary: ("民政 / 老人", [(code, name)])."""
    found: dict[str, list[tuple[str, str]]] = {}
    for tag in catalogue.tags.values():
        if tag.subject is subject and not tag.rule:
            found.setdefault(" / ".join(map(say, tag.path[1:])), []).append((tag.code, say(tag.name)))
    return sorted(found.items())


@door("desk.file")
@require_http_methods(["GET", "POST"])
@reasons.with_reason
def tags(request: Entered, person_id: UUID) -> HttpResponse:
    """All tags of a person; the sensitive ones after a reason, which a POST brings."""
    found = see(person_id, request.reason)  # type: ignore[attr-defined]
    error, opened = "", False
    if request.method == "POST":
        reason = reasons.said(request)
        opened = bool(reason)
        if opened:
            record(SensitiveTagsSeen(found.pk), area=found.area, subject=("person", found.pk), reason=reason)
        else:
            error = _("请选一项，或写几个字说明")
    return _page(request, found, opened=opened, error=error)


def _page(
    request: Entered, found: Person, *, opened: bool = False, error: str = "", wrong: str = ""
) -> HttpResponse:  # fmt: skip
    borne = borne_by("person", [found.pk])[found.pk]
    shown = [b for b in borne if opened or not b.is_sensitive]
    context = {
        "person": found,
        "groups": _grouped(shown),
        "closed": len(borne) - len(shown),
        "opened": opened,
        "error": error,
        "wrong": wrong,
        "post": request.POST,
        "reasons": reasons.offered(),
        "settable": settable(Subject.PERSON) if may(request.actor, "tag.set", found.area) else [],
    }
    return render(request, "desk/tags.html", context, status=422 if error or wrong else 200)


def _grouped(borne: Sequence[Borne]) -> list[tuple[str, list[Borne]]]:
    """Tags by their path, those set by hand first."""
    found: dict[str, list[Borne]] = {}
    for one in sorted(borne, key=lambda b: b.mark is None):
        found.setdefault(" / ".join(map(say, one.tag.path[1:])), []).append(one)
    return list(found.items())


@door("tag.set")
@require_POST
def mark(request: Entered, person_id: UUID) -> HttpResponse:
    """Set a tag by hand."""
    found = see(person_id)
    try:
        until = date.fromisoformat(request.POST["until"]) if request.POST.get("until") else None
        set_tag(found, request.POST.get("tag", ""), request.POST.get("ground", "")[:200], until)
    except Unsettable as refused:
        return _page(request, found, wrong=str(refused))
    except ValueError:
        return _page(request, found, wrong=_("有效期请写成 2026-12-31 的样子"))
    return saved(request, reverse("person_tags", args=[found.pk]), _("标签已设置"))


@door("tag.set")
@require_POST
def unmark(request: HttpRequest, person_id: UUID, tag: str) -> HttpResponse:
    """Take a tag back."""
    found = see(person_id)
    back = reverse("person_tags", args=[found.pk])
    try:
        retract_tag(found, tag, request.POST.get("reason", "")[:200])
    except Unsettable as refused:
        return saved(request, back, str(refused), kind="warn")
    return saved(request, back, _("标签已取消"))
