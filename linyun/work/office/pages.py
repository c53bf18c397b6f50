"""Pages of the notebook."""

from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linyun.foundation.accounts.doors import door, safe_next
from linyun.foundation.ui.answer import client_key, render, saved
from linyun.hub.records.models import Person
from linyun.work.office import services

MOST_DONE = 30


def _context(error: str = "", text: str = "", due_on: str = "") -> dict[str, object]:
    mine = services.mine().select_related("person")
    return {
        "open": list(mine.open()),
        "done": list(mine.exclude(done_at=None).order_by("-done_at")[:MOST_DONE]),
        "error": error,
        "text": text,
        "due_on": due_on,
    }


@door("note.keep")
@require_GET
def notes(request: HttpRequest) -> HttpResponse:
    """One's own notes: what is open, and what was done lately."""
    return render(request, "office/notes.html", _context())


@door("note.keep")
@require_POST
def write(request: HttpRequest) -> HttpResponse:
    """Keep a note."""
    text, day = request.POST.get("text", ""), request.POST.get("due_on", "")
    person = Person.objects.filter(pk=pk).first() if (pk := _uuid(request.POST.get("person", ""))) else None
    try:
        due_on = date.fromisoformat(day) if day else None
    except ValueError:
        return render(request, "office/notes.html", _context(_("日期请写成 2026-11-23 的样子"), text, day), status=422)
    try:
        services.write(text, due_on, person, client_key(request))
    except services.Unwritable as refused:
        return render(request, "office/notes.html", _context(str(refused), text, day), status=422)
    return saved(request, _back(request), _("已记下"))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _back(request: HttpRequest) -> str:
    return safe_next(request, request.POST.get("next"), reverse("notes"))


@door("note.keep")
@require_POST
def tick(request: HttpRequest, note_id: UUID) -> HttpResponse:
    """Tick off, or open again."""
    done = request.POST.get("done", "1") == "1"
    services.tick(note_id, done)
    return saved(request, _back(request), _("已办好") if done else _("又放回待办"))


@door("note.keep")
@require_POST
def drop(request: HttpRequest, note_id: UUID) -> HttpResponse:
    """Throw a note away."""
    services.drop(note_id)
    return saved(request, _back(request), _("已删去"))
