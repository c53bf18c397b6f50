"""Pages of closings: close a period, see what was closed and how it differs from now, hand it out again."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linyun.foundation.accounts.doors import door
from linyun.foundation.accounts.policy import may
from linyun.foundation.acts.actor import current
from linyun.foundation.acts.services import record
from linyun.foundation.areas import scope
from linyun.foundation.leaving import budget
from linyun.foundation.leaving.gate import let_out
from linyun.foundation.ui.answer import render, saved
from linyun.foundation.ui.parts import Change
from linyun.foundation.ui.shell import crumbs
from linyun.hub.ledgers import exports, period, screen, services
from linyun.hub.ledgers.closing import Difference
from linyun.hub.ledgers.documents import has_identity, masked
from linyun.hub.ledgers.events import LedgerSeen
from linyun.hub.ledgers.models import LedgerClosing
from linyun.hub.ledgers.pages import found
from linyun.hub.ledgers.period import BadPeriod
from linyun.hub.ledgers.plans import BadLedger
from linyun.hub.ledgers.register import NoSuchLedger
from linyun.kernel import clock
from linyun.kernel.words import say

MOST_ROWS = 200
MOST_CHANGES = 100


@door("ledger.close")
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, ledger: str) -> HttpResponse:
    """Close a period of a ledger; a second closing of a period corrects the first."""
    plan = found(ledger).plan
    kind = "month" if plan.ledger.period == "current" else plan.ledger.period
    now = period.of(kind, clock.today())
    last = now.neighbours()[0]
    chosen = request.POST.get("period", "") or request.GET.get("period", "") or last.code
    error, area = "", scope.current()
    if request.method == "POST":
        try:
            reason, early = request.POST.get("reason", ""), request.POST.get("early") == "1"
            row = services.close(ledger, area, chosen, reason=reason, early=early)
        except (services.Unclosable, BadPeriod) as refused:
            error = str(refused)
        else:
            said = _("%(period)s已封账，之后的变动不再影响这份数字") % {"period": chosen}
            return saved(request, reverse("closing", args=[row.pk]), said)
    back = reverse("ledger", args=[ledger])
    context = {
        "plan": plan,
        "path": crumbs((_("台账"), reverse("ledgers")), (say(plan.ledger.name), back), _("封账")),
        "options": [(p.code, p.label) for p in (last.neighbours()[0], last, now)],
        "chosen": chosen,
        "reason": request.POST.get("reason", ""),
        "early": request.POST.get("early") == "1",
        "error": error,
        "closings": list(LedgerClosing.objects.of(ledger, area).defer("body")[:12]),
        "back": back,
    }
    return render(request, "ledgers/close.html", context, status=422 if error else 200)


@door("ledger.see")
@require_GET
def closing(request: HttpRequest, closing_id: UUID) -> HttpResponse:
    """What was closed, and how it differs from now."""
    row = get_object_or_404(LedgerClosing, pk=closing_id)
    kept = services.contents(row)
    budget.look(kept.refs[:MOST_ROWS])
    record(LedgerSeen(row.ledger, kept.count), area=row.area)
    following = LedgerClosing.objects.filter(
        area=row.area, ledger=row.ledger, start=row.start, end=row.end, number__gt=row.number
    )
    data = kept.shown(masked)
    back = reverse("ledger", args=[row.ledger])
    context: dict[str, Any] = {
        "closing": row,
        "path": crumbs((_("台账"), reverse("ledgers")), (say(row.title), back), _("封账")),
        "heads": screen.heads_of(kept.headings),
        "rows": screen.frozen_rows(kept.headings, data, MOST_ROWS),
        "line": screen.label_of(kept),
        "more": max(kept.count - MOST_ROWS, 0),
        "corrected_by": following.defer("body").order_by("-number").first(),
        "difference": _difference(row),
        "has_identity": has_identity(kept.headings),
        "may": {right: may(current(), f"ledger.{right}", row.area) for right in ("export", "full", "close")},
    }
    return render(request, "ledgers/closing.html", context)


def _difference(row: LedgerClosing) -> dict[str, Any] | None:
    """The difference as the page shows it; None when the ledger is no longer in force."""
    try:
        found_now = services.compare(row)
    except (NoSuchLedger, BadLedger):
        return None
    return {
        "is_empty": found_now.is_empty,
        "added": [name for _ref, name in found_now.added[:MOST_CHANGES]],
        "removed": [name for _ref, name in found_now.removed[:MOST_CHANGES]],
        "changes": _changes(found_now),
        "counts": (len(found_now.added), len(found_now.removed), len(found_now.changed)),
        "columns_added": found_now.columns_added,
        "columns_removed": found_now.columns_removed,
    }


def _changes(found_now: Difference) -> list[Change]:
    lines = [
        Change(f"{row.label} · {say(cell.column)}", cell.old, cell.new)
        for row in found_now.changed
        for cell in row.cells
    ]
    return lines[:MOST_CHANGES]


@door("ledger.export")
@require_POST
def export(request: HttpRequest, closing_id: UUID) -> HttpResponseBase:
    """A closing as a file: the same sheets whenever it is asked for."""
    row = get_object_or_404(LedgerClosing.objects.defer("body"), pk=closing_id)
    posted, back = request.POST, reverse("closing", args=[row.pk])
    form = "csv" if posted.get("format") == "csv" else "xlsx"
    asked = {"closing": str(row.pk), "form": form, "full": posted.get("full") == "1"}
    return let_out(request, exports.CLOSED, asked, back=back)
