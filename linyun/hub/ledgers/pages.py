"""Pages of ledgers: the list, one ledger, where a cell comes from, rows kept by hand, files."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
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
from linyun.foundation.ui.answer import client_key, render, saved
from linyun.foundation.ui.shell import crumbs
from linyun.hub.ledgers import duty, entries, exports, fill, lineage, period, screen, services
from linyun.hub.ledgers.documents import has_identity, unit_name
from linyun.hub.ledgers.events import LedgerSeen
from linyun.hub.ledgers.forms import BadForm
from linyun.hub.ledgers.models import LedgerClosing, LedgerEntry
from linyun.hub.ledgers.period import BadPeriod, Period
from linyun.hub.ledgers.plans import BadLedger, Plan
from linyun.hub.ledgers.register import NoSuchLedger, Ready, in_force, ready
from linyun.hub.records.models import RECORDS
from linyun.kernel import clock
from linyun.kernel.ids import uuid7
from linyun.kernel.words import say

PAGE = 50


def found(code: str) -> Ready:
    """The ledger that an address names. Raises Http404 for one that is not in force within the scope."""
    try:
        return ready(code)
    except (NoSuchLedger, BadLedger) as missing:
        raise Http404(str(missing)) from missing


def _span(plan: Plan, request: HttpRequest) -> Period:
    try:
        return services.span_of(plan.ledger, request.GET.get("period", ""))
    except BadPeriod:
        return period.of(plan.ledger.period, clock.today())


@door("ledger.see")
@require_GET
def ledgers(request: HttpRequest) -> HttpResponse:
    """All ledgers of one group, with their rows and when they are due."""
    every, today, area = in_force(), clock.today(), scope.current()
    groups = list(dict.fromkeys(x.group for x in every))
    group = request.GET.get("group", "")
    group = group if group in groups else groups[0]
    lines = screen.listed([x for x in every if x.group == group], area, today)
    context = {
        "group": group,
        "tabs": screen.tabs_of(every, group),
        "table": screen.table_of(group, lines),
        "waiting": duty.waiting(today, area),
        "may_export": may(current(), "ledger.export"),
        "may_define": may(current(), "ledger.define"),
    }
    return render(request, "ledgers/ledgers.html", context)


@door("ledger.see")
@require_GET
def ledger(request: HttpRequest, ledger: str) -> HttpResponse:
    """One ledger as it stands now, page by page; each cell leads to its origin."""
    made = found(ledger)
    plan, area, today = made.plan, scope.current(), clock.today()
    span = _span(plan, request)
    after = screen.position(request.GET.get("after", ""), plan, span)
    filled, following = fill.fill_page(plan, area, span, today, made.words, after, PAGE)
    budget.look(exports.people_in(filled))
    record(LedgerSeen(ledger, filled.count), area=area)
    context = {
        "plan": plan,
        "span": span,
        "heads": screen.heads_of(filled.headings),
        "rows": screen.rows_of(filled),
        "next": screen.next_address(plan, span, following),
    }
    if not after:
        context |= _around(request, plan, span, area)
    template = "ledgers/rows.html" if after else "ledgers/ledger.html"
    return render(request, template, context)


def _around(request: HttpRequest, plan: Plan, span: Period, area: str) -> dict[str, Any]:
    """What stands around the table: who fills it, other periods, closings, exports, what may be done."""
    code, who = plan.ledger.code, current()
    rights = {right: may(who, f"ledger.{right}") for right in ("export", "full", "entry", "close", "define")}
    base = reverse("ledger", args=[code])
    neighbours = [f"{base}?period={p.code}" for p in span.neighbours()] if span.code else []
    total = None if plan.is_statistic else fill.counts([(plan, span)], area, clock.today(), found(code).words)[code]
    return {
        "path": crumbs((_("台账"), reverse("ledgers")), say(plan.ledger.name)),
        "unit": unit_name(area),
        "today": clock.today(),
        "total": total,
        "earlier": neighbours[0] if neighbours else "",
        "later": neighbours[1] if neighbours else "",
        "by": who.name,
        "has_identity": has_identity(plan.headings),
        "form": services.form_of(code, area),
        "closings": list(LedgerClosing.objects.of(code, area).defer("body")[:6]),
        "exports": screen.exports_of(code),
        "is_own": code.startswith("own_"),
        "may": rights,
        "to_write": plan.by_hand and (plan.is_statistic or plan.source.code == "entry"),
    }


@door("ledger.see")
@require_GET
def cell(request: HttpRequest, ledger: str, ref: str, column: int) -> HttpResponse:
    """Where one cell comes from: beside the table for htmx, else as a page of its own."""
    made = found(ledger)
    plan, area, today = made.plan, scope.current(), clock.today()
    if column >= len(plan.headings):
        raise Http404
    context: dict[str, Any] = {"plan": plan, "address_of": screen.address_of}
    if plan.is_statistic:
        if not ref.isdecimal() or int(ref) >= len(plan.groups):
            raise Http404
        span = _span(plan, request)
        context["figure"] = lineage.figure_origin(plan, area, span, int(ref), column, today, made.words)
    else:
        row = fill.fill_one(plan, _uuid(ref), area, period.CURRENT, today, made.words)
        if not row.count:
            raise Http404
        context["origin"] = lineage.origin_of(plan, row, column, made.words)
    if request.headers.get("HX-Target") != "origin":
        return render(request, "ledgers/origin.html", context)
    response = render(request, "ledgers/origin_part.html", context)
    # A boosted link would put the cell's address into the history; the reader is still at the ledger.
    response["HX-Push-Url"] = "false"
    return response


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as wrong:
        raise Http404 from wrong


@door("ledger.export")
@require_POST
def export(request: HttpRequest, ledger: str) -> HttpResponseBase:
    """One ledger as a file, for a stated reason."""
    found(ledger)
    posted, back = request.POST, reverse("ledger", args=[ledger])
    asked = {
        "ledger": ledger,
        "area": scope.current(),
        "form": posted.get("format", "xlsx"),
        "when": posted.get("period", ""),
        "full": posted.get("full") == "1",
    }
    try:
        return let_out(request, exports.ONE, asked, back=back)
    except (exports.Unexportable, BadPeriod, BadForm) as refused:
        return saved(request, back, str(refused), kind="warn")


@door("ledger.export")
@require_POST
def export_all(request: HttpRequest) -> HttpResponseBase:
    """All ledgers as one workbook, or a .zip of files, for a stated reason."""
    asked = {"area": scope.current(), "form": request.POST.get("format", "workbook"), "when": ""}
    try:
        return let_out(request, exports.EVERY, asked, back=reverse("ledgers"))
    except exports.Unexportable as refused:
        return saved(request, reverse("ledgers"), str(refused), kind="warn")


@door("ledger.entry")
@require_http_methods(["GET", "POST"])
def entry_new(request: HttpRequest, ledger: str) -> HttpResponse:
    """Write a row, or figures, by hand. ``row`` in the address is the record beside which it stands."""
    plan = found(ledger).plan
    row = request.GET.get("row") or request.POST.get("row", "")
    subject_id = _beside(plan, row) if row else None
    replaced = request.GET.get("replaces") or request.POST.get("replaces", "")
    old = get_object_or_404(LedgerEntry.objects.standing(), pk=_uuid(replaced), ledger=ledger) if replaced else None
    typed = {c: str(v) for c, v in old.cells.items() if not str(v).startswith("s1:")} if old else {}
    problems: dict[str, str] = {}
    if request.method == "POST":
        typed = {
            h.value.removeprefix("entry."): request.POST.get(h.value.removeprefix("entry."), "") for h in plan.by_hand
        }
        try:
            return _write(request, plan, subject_id, old)
        except services.BadEntry as refused:
            problems = refused.problems
    back = reverse("ledger", args=[ledger])
    context = {
        "plan": plan,
        "path": crumbs((_("台账"), reverse("ledgers")), (say(plan.ledger.name), back), _("登记")),
        "fields": entries.fields(plan, typed, problems),
        "problems": [(code, text) for code, text in problems.items()],
        "row": row,
        "replaces": replaced,
        "needs_row": plan.source.subject is not None and subject_id is None,
        "span": services.span_of(plan.ledger, ""),
        "back": back,
    }
    return render(request, "ledgers/entry_new.html", context, status=422 if problems else 200)


def _beside(plan: Plan, row: str) -> UUID:
    subject_id = _uuid(row)
    if plan.source.subject is None:
        raise Http404
    get_object_or_404(RECORDS[plan.source.subject]._default_manager, pk=subject_id)
    return subject_id


def _write(request: HttpRequest, plan: Plan, subject_id: UUID | None, old: LedgerEntry | None) -> HttpResponse:
    posted = {code: request.POST.getlist(code) for code in request.POST}
    read = entries.read(plan, posted, clock.today())
    if read.problems:
        raise services.BadEntry(read.problems)
    key = client_key(request) or uuid7()
    when = request.POST.get("period", "")
    services.add_entry(plan.ledger.code, read.values, client_key=key, subject_id=subject_id, when=when, replaces=old)
    return saved(request, reverse("ledger", args=[plan.ledger.code]), _("已登记，台账里已经有了"))


@door("ledger.see")
@require_GET
def entry(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """One row kept by hand: what stands in it, who wrote it, what it replaced."""
    row = get_object_or_404(LedgerEntry.objects.select_related("replaces"), pk=entry_id)
    plan = found(row.ledger).plan
    record(LedgerSeen(row.ledger, 1), area=row.area, subject=("entry", row.pk))
    context = {
        "plan": plan,
        "entry": row,
        "path": crumbs(
            (_("台账"), reverse("ledgers")),
            (say(plan.ledger.name), reverse("ledger", args=[row.ledger])),
            _("登记的一行"),
        ),
        "facts": entries.shown(plan, row.cells),
        "may_entry": may(current(), "ledger.entry", row.area),
    }
    return render(request, "ledgers/entry.html", context)


@door("ledger.entry")
@require_POST
def entry_withdraw(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Take a row kept by hand out of its ledger."""
    row = get_object_or_404(LedgerEntry, pk=entry_id)
    try:
        services.withdraw_entry(row, request.POST.get("reason", ""))
    except services.BadEntry as refused:
        return saved(request, reverse("entry", args=[row.pk]), str(refused), kind="warn")
    return saved(request, reverse("ledger", args=[row.ledger]), _("这一行已撤下"))
