"""Pages of imports: bring a file, say what its columns mean, see what it would do, do it, take rows back, undo."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linyun.foundation.accounts.doors import door
from linyun.foundation.acts.actor import current
from linyun.foundation.acts.services import record
from linyun.foundation.areas import scope
from linyun.foundation.leaving import budget
from linyun.foundation.leaving.gate import let_out
from linyun.foundation.ui.answer import client_key, render, saved
from linyun.foundation.ui.paging import page
from linyun.foundation.ui.parts import Empty, Job
from linyun.foundation.ui.tables import Column, Table
from linyun.hub.exchange import jobs, progress, services, showing
from linyun.hub.exchange.models import Import, ImportRow
from linyun.hub.exchange.reading import Unreadable
from linyun.hub.exchange.understanding import AUTO
from linyun.hub.records.events import PeopleListed
from linyun.kernel import clock
from linyun.kernel.words import retold, say

BIGGEST = 50 * 2**20
COLUMNS = (
    Column("filename", "文件"),
    Column("state", "情况", show=lambda i: i.get_state_display()),
    Column("total", "行数", numeric=True),
    Column("as_of", "反映的日期", show=lambda i: i.as_of.isoformat()),
    Column("uploaded_by", "上传人"),
    Column("uploaded_at", "时间", kind="ago"),
)


def _all(request: HttpRequest, error: str = "", status: int = 200) -> HttpResponse:
    rows = page(Import.objects.defer("content", "tables"), ["-uploaded_at"], request.GET.get("after", ""))
    none_yet = Empty(_("还没有导入过名单"), _("先上传一份您手头的名册，看过结果再决定导不导。"))
    table = Table(
        "imports", COLUMNS, rows, href=lambda i: reverse("import", args=[i.pk]), noun="次导入", empty=none_yet
    )
    context = {
        "table": table,
        "error": error,
        "sources": [(code, say(name)) for code, name in services.sources()],
        "posted": {name: request.POST.get(name, "") for name in ("source", "as_of", "kind")},
        "today": clock.today(),
    }
    return render(request, "exchange/imports.html", context, status=status)


@door("import.see")
@require_GET
def imports(request: HttpRequest) -> HttpResponse:
    """All imports of the scope, newest first, and the place to bring a new one."""
    return _all(request)


@door("import.bring")
@require_POST
def bring(request: HttpRequest) -> HttpResponse:
    """Take a file in and show what it would do."""
    upload = request.FILES.get("file")
    if upload is None:
        return _all(request, _("请先选一个文件"), 422)
    if (upload.size or 0) > BIGGEST:
        return _all(request, _("文件超过 50 MB。请按楼拆成几个文件再上传"), 422)
    try:
        batch = services.bring_in(
            upload.read(),
            upload.name or _("名单"),
            area=scope.current(),
            kind=request.POST.get("kind") or AUTO,
            source=request.POST.get("source") or "roster",
            as_of=showing.day(request.POST.get("as_of", "")),
            client_key=client_key(request),
        )
    except (Unreadable, services.Unusable, ValueError) as refused:
        return _all(request, str(refused), 422)
    if batch.state == Import.State.READ:
        services.check(batch)
    return saved(request, reverse("import", args=[batch.pk]), _("已读完，还没有导入。请先看看下面"))


def _looked_at(rows: Iterable[ImportRow], area: str, subject: tuple[str, UUID]) -> None:
    """Rows of a file hold people as well; those who stand on the register count for the day."""
    shown = list(rows)
    budget.look(row.record_id for row in shown)
    record(PeopleListed(count=len(shown), by="import"), area=area, subject=subject)


@door("import.see")
@require_GET
def batch(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """One import: numbers, differences, what was refused and why."""
    found = Import.objects.defer("content").get(pk=import_id)
    counts = [(o.value, o.label, found.counts.get(o.value, 0)) for o in ImportRow.Outcome]
    # What needs a person's eyes comes first.
    first = next((o for o in ("refused", "conflicts", "updated") if found.counts.get(o)), "created")
    asked = request.GET.get("outcome", "")
    outcome = asked if asked in ImportRow.Outcome.values else first
    rows = page(found.rows.filter(outcome=outcome), ["sheet", "number"], request.GET.get("after", ""))
    _looked_at(rows.rows, found.area, ("import", found.pk))
    changes = services.changes_in(found)
    context = {
        "batch": found,
        "open": found.state in services.OPEN,
        "counts": counts,
        "outcome": outcome,
        "lines": showing.lines(list(rows.rows)),
        "next": rows.next,
        "job": _job(found),
        "changes": changes,
        "typing": changes > services.MANY_CHANGES,
        "source": say(dict(services.sources()).get(found.source, found.source)),
        "sheets": showing.sheets(found),
        "cells": found.rows.exclude(problems=[]).exclude(outcome="refused").count(),
        "phones": found.rows.filter(hints__has_key="phones").exclude(outcome="refused").count(),
    }
    return render(request, "exchange/import.html", context, block="content")


def _job(found: Import) -> Job | None:
    if found.state != Import.State.APPLYING:
        return None
    told = progress.progress_of(found.pk)
    waiting = told is None or not told.total
    said = _("马上开始") if told is None or waiting else say(told.said)
    done, total = (0, 0) if told is None else (told.done, told.total)
    return Job(str(found.pk), _("正在导入"), "waiting" if waiting else "running", done, total, said=said)


@door("import.see")
@require_GET
def job(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """How far the import is; asked every two seconds by the page."""
    found = Import.objects.defer("content").get(pk=import_id)
    here = reverse("import", args=[found.pk])
    running = _job(found)
    if running is None and found.state == Import.State.FAILED:
        running = Job(str(found.pk), _("没有导入"), "failed", said=retold(found.message), url=here)
    elif running is None:
        running = Job(str(found.pk), _("导入完成"), "done", url=here)
    return render(request, "exchange/job.html", {"batch": found, "job": running})


@door("import.bring")
@require_http_methods(["GET", "POST"])
def mapping(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """What each sheet is and each column means; changed here, the file is read again at once."""
    found = Import.objects.defer("content").get(pk=import_id)
    if request.method == "POST":
        targets: dict[int, dict[str, str]] = defaultdict(dict)
        kinds: dict[int, str] = {}
        for name in request.POST:
            parts, value = name.split("-"), request.POST[name]
            if len(parts) == 3 and parts[0] == "column" and parts[1].isdecimal():
                targets[int(parts[1])][parts[2]] = value
            elif len(parts) == 2 and parts[0] == "kind" and parts[1].isdecimal() and value in dict(showing.kinds()):
                kinds[int(parts[1])] = value
        try:
            services.map_columns(found.pk, kinds, targets)
        except services.Unusable as refused:
            return saved(request, reverse("import", args=[found.pk]), str(refused), kind="warn")
        return saved(request, reverse("import", args=[found.pk]), _("已按新的对应重新读过。下次同样的表会这样读"))
    context = {"batch": found, "sheets": showing.sheets(found), "kinds": showing.kinds()}
    return render(request, "exchange/mapping.html", context)


@door("import.see")
@require_GET
def import_row(request: HttpRequest, row_id: UUID) -> HttpResponse:
    """One row of a file, as it was read: the source of a value."""
    row = ImportRow.objects.select_related("batch").defer("batch__content").get(pk=row_id)
    _looked_at([row], row.area, ("import_row", row.pk))
    values = [(showing.name_of(row.kind, c), showing.worded(row.kind, c, v)) for c, v in row.values.items()]
    context = {"row": row, "title": showing.title(row), "values": values, "changes": showing.differences(row)}
    return render(request, "exchange/row.html", context)


@door("import.apply")
@require_POST
def apply(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Hand the import to the job queue."""
    found = Import.objects.select_for_update().defer("content").get(pk=import_id)
    here = reverse("import", args=[found.pk])
    try:
        services.take_on(found, request.POST.get("typed", ""))
    except services.Unusable as refused:
        return saved(request, here, str(refused), kind="warn")
    who = current()
    jobs.apply.defer(
        batch=str(found.pk), area=found.area, post=str(who.post_id or ""), account=str(who.account_id or "")
    )
    return saved(request, here, _("正在导入，可以先做别的，回来再看"))


def _then(request: HttpRequest, import_id: UUID, verb: Any) -> HttpResponse:
    """Do one step and say what came of it, on the import's page."""
    here = reverse("import", args=[import_id])
    try:
        said = verb(import_id)
    except services.Unusable as refused:
        return saved(request, here, str(refused), kind="warn")
    return saved(request, here, said)


@door("import.apply")
@require_POST
def phones(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Take the phones that stand in remarks for phones."""

    def move(pk: UUID) -> str:
        return _("%(n)s 行备注里的电话已经填到电话栏") % {"n": services.move_phones(pk)}

    return _then(request, import_id, move)


@door("import.undo")
@require_POST
def undo(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Take the import back."""
    return _then(request, import_id, lambda pk: services.said_of_undo(services.undo(pk)))


@door("import.see")
@require_http_methods(["GET", "POST"])
def refused(request: HttpRequest, import_id: UUID) -> HttpResponseBase:
    """The refused rows as a file like the one that came, bad cells marked and the reasons written."""
    found = Import.objects.defer("content").get(pk=import_id)
    why = request.POST.get("reason", "").strip() or _("更正后再导入")
    return let_out(request, "refused", {"import": str(found.pk)}, back=reverse("import", args=[found.pk]), reason=why)
