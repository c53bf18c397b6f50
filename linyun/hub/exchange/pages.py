"""Pages of imports: bring a file, see what it would do, do it, take the refused rows back, undo."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linyun.foundation.accounts.doors import door
from linyun.foundation.acts.actor import current
from linyun.foundation.acts.services import record
from linyun.foundation.areas import scope
from linyun.foundation.ui.answer import client_key, download, render, saved
from linyun.foundation.ui.paging import page
from linyun.foundation.ui.parts import Change, Job
from linyun.foundation.ui.tables import Column, Table
from linyun.foundation.ui.wording import identity_mask, phone_mask
from linyun.hub.exchange import jobs, services
from linyun.hub.exchange.events import RefusedRowsTaken
from linyun.hub.exchange.models import Import, ImportRow
from linyun.hub.exchange.reading import Unreadable
from linyun.hub.records.items import known
from linyun.hub.records.services import sealer
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Kind, Level, Subject

BIGGEST = 50 * 2**20
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLUMNS = (
    Column("filename", "文件"),
    Column("state", "情况", show=lambda i: i.get_state_display()),
    Column("total", "行数", numeric=True),
    Column("uploaded_by", "上传人"),
    Column("uploaded_at", "时间", kind="ago"),
)


@door("import.see")
@require_GET
def imports(request: HttpRequest) -> HttpResponse:
    """All imports of the scope, newest first, and the place to bring a new one."""
    rows = page(Import.objects.defer("content"), ["-uploaded_at"], request.GET.get("after", ""))
    table = Table("imports", COLUMNS, rows, href=lambda i: reverse("import", args=[i.pk]), noun="次")
    return render(request, "exchange/imports.html", {"table": table, "error": ""})


@door("import.bring")
@require_POST
def bring(request: HttpRequest) -> HttpResponse:
    """Take a file in and show what it would do."""
    upload = request.FILES.get("file")
    error = ""
    if upload is None:
        error = "请先选一个文件"
    elif (upload.size or 0) > BIGGEST:
        error = "文件超过 50 MB。请按楼拆成几个文件再上传"
    else:
        try:
            batch = services.bring_in(
                upload.read(), upload.name or "名单", area=scope.current(), client_key=client_key(request)
            )
        except (Unreadable, services.Unusable) as refused:
            error = str(refused)
        else:
            services.check(batch)
            return saved(request, reverse("import", args=[batch.pk]), "已读完，还没有导入。请先看看下面")
    rows = page(Import.objects.defer("content"), ["-uploaded_at"], "")
    table = Table("imports", COLUMNS, rows, href=lambda i: reverse("import", args=[i.pk]), noun="次")
    return render(request, "exchange/imports.html", {"table": table, "error": error}, status=422)


def _worded(code: str, value: Any) -> Any:
    """A staged value as the page shows it; numbers masked, sensitive values hidden."""
    item = known(Subject.PERSON).get(code)
    if item is None or value is None:
        return value
    if item.kind is Kind.IDENTITY:
        return identity_mask(sealer.open(value))
    if item.level >= Level.SENSITIVE:
        return "••••"
    if item.kind is Kind.PHONE:
        return phone_mask(value)
    if item.kind is Kind.CODE:
        return catalogue.code_sets[item.code_set].name_of(value)
    return value


def _name(code: str) -> str:
    item = known(Subject.PERSON).get(code)
    return item.name if item else "住址" if code == "living_address" else code


def _lines(rows: list[ImportRow]) -> list[dict[str, Any]]:
    return [
        {
            "row": row,
            "changes": [
                Change(_name(c["item"]), _worded(c["item"], c["old"]), _worded(c["item"], c["new"]))
                for c in row.changes
            ],
        }
        for row in rows
    ]


@door("import.see")
@require_GET
def batch(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """One import: numbers, differences, what was refused and why."""
    found = Import.objects.defer("content").get(pk=import_id)
    outcome = request.GET.get("outcome", "refused" if found.counts.get("refused") else "created")
    rows = page(found.rows.filter(outcome=outcome), ["sheet", "number"], request.GET.get("after", ""))
    context = {
        "batch": found,
        "counts": [(o.value, o.label, found.counts.get(o.value, 0)) for o in ImportRow.Outcome],
        "outcome": outcome,
        "lines": _lines(list(rows.rows)),
        "next": rows.next,
        "job": _job(found),
        "cells": found.rows.exclude(problems=[]).exclude(outcome="refused").count(),
    }
    return render(request, "exchange/import.html", context, block="content")


def _job(found: Import) -> Job | None:
    if found.state != Import.State.APPLYING:
        return None
    return Job(str(found.pk), "正在导入", "running", found.done, found.total, url=reverse("import", args=[found.pk]))


@door("import.see")
@require_GET
def import_row(request: HttpRequest, row_id: UUID) -> HttpResponse:
    """One row of a file, as it was read: the source of a value."""
    row = ImportRow.objects.select_related("batch").defer("batch__content").get(pk=row_id)
    values = [(_name(code), _worded(code, value)) for code, value in row.values.items()]
    return render(request, "exchange/row.html", {"row": row, "values": values})


@door("import.apply")
@require_POST
def apply(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Hand the import to the job queue."""
    found = Import.objects.select_for_update().get(pk=import_id)
    here = reverse("import", args=[found.pk])
    try:
        services.take_on(found)
    except services.Unusable as refused:
        return saved(request, here, str(refused), kind="warn")
    who = current()
    jobs.apply.defer(batch=str(found.pk), area=found.area, name=who.name, account=str(who.account_id or ""))
    return saved(request, here, "正在导入，可以先做别的，回来再看")


@door("import.undo")
@require_POST
def undo(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Take the import back."""
    here = reverse("import", args=[import_id])
    try:
        kept = services.undo(import_id)
    except services.Unusable as refused:
        return saved(request, here, str(refused), kind="warn")
    said = f"已撤销。{kept} 位居民已有走访等记录，保留下来" if kept else "已撤销，数据和导入前一样"
    return saved(request, here, said)


@door("import.see")
@require_http_methods(["GET", "POST"])
def refused(request: HttpRequest, import_id: UUID) -> HttpResponseBase:
    """The refused rows as a file like the one that came, bad cells marked and the reasons written."""
    found = Import.objects.get(pk=import_id)
    content = services.corrections_of(found)
    record(RefusedRowsTaken(found.pk, found.counts.get("refused", 0)), area=found.area, subject=("import", found.pk))
    return download(f"待更正-{found.filename.rsplit('.', 1)[0]}.xlsx", content, XLSX)
