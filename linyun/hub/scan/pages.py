"""Pages of crowds: build a condition or write it, see it in words, the count, who they are; save, list, export."""

import csv
import io
import re
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linyun.foundation.accounts.doors import door
from linyun.foundation.accounts.policy import may
from linyun.foundation.acts.actor import current
from linyun.foundation.areas import scope
from linyun.foundation.ui.answer import client_key, download, render, saved
from linyun.foundation.ui.paging import Page
from linyun.foundation.ui.tables import BulkAction, Column, Table
from linyun.hub.records.models import Person
from linyun.hub.scan import find, services
from linyun.hub.scan.builder import Builder, conditions_of, text_of
from linyun.hub.scan.find import Asked
from linyun.hub.scan.models import Crowd
from linyun.hub.tags.services import borne_by
from linyun.kernel import clock
from linyun.kernel.declare import Level
from linyun.kernel.rule import RuleError
from linyun.kernel.values.phones import mask

PAGE = 50
TRAITS = (("女性", "性别 = 女"), ("60 岁及以上", "年龄 >= 60"), ("独自居住", "同住人数 = 1"),
          ("人户一致", "人户一致 = 是"), ("有联系电话", "联系电话 不为空"))  # fmt: skip


def _row(person: Person, tags: list[str]) -> dict[str, Any]:
    age = clock.years_between(person.birth_date, clock.today()) if person.birth_date else None
    return {
        "id": person.pk,
        "name": person.name,
        "age": age,
        "phone": mask(person.phone) if person.phone else "",
        "address": person.living_address or "",
        "tags": tags,
    }


def _table(asked: Asked, request: HttpRequest, total: int) -> Table:
    after = request.GET.get("after")
    people = services.listed(asked, after=UUID(after) if after else None, limit=PAGE)
    borne = borne_by(asked.subject, [p.pk for p in people])
    rows = [
        _row(p, [b.tag.name for b in borne[p.pk] if b.tag.level < Level.SENSITIVE])
        for p in people
        if isinstance(p, Person)
    ]
    following = str(people[-1].pk) if len(people) == PAGE else None
    return Table(
        "crowd",
        (
            Column("name", "姓名"),
            Column("age", "年龄", numeric=True),
            Column("address", "住址"),
            Column("phone", "电话"),
            Column("tags", "标签", kind="chips"),
        ),
        Page(rows, following, total),
        href=lambda row: f"/desk/people/{row['id']}",
        query=request.GET.dict(),
        noun="人",
        note="数据截至刚才",
        actions=(BulkAction("排入走访", "/desk/visits/plan", kind="primary"),),
    )


@door("crowd.count")
@require_GET
def crowds(request: HttpRequest) -> HttpResponse:
    """The crowd of a rule, written as text or built from conditions."""
    builder = Builder.of(request.GET)
    text = request.GET.get("rule", "").strip() or text_of(builder)
    context: dict[str, Any] = {
        "rule": text,
        "builder": builder,
        "offered": conditions_of(),
        "saved": list(Crowd.objects.filter(dropped_at=None).order_by("name")),
        "refused": None,
        "asked": None,
        "table": None,
        "may_export": may(current(), "crowd.export"),
    }
    if text:
        try:
            asked = Asked.text(text)
        except RuleError as refused:
            context["refused"] = refused
            return render(request, "scan/crowds.html", context, status=422)
        counted = find.count(asked)
        shares = find.portrait(asked, TRAITS) if counted.yes else []
        context |= {"asked": asked, "counted": counted, "says": asked.rule.say("zh"), "shares": shares}
        if may(current(), "crowd.list"):
            context["table"] = _table(asked, request, counted.yes)
        elif counted.yes < find.SMALLEST_CELL:
            context["counted"] = None
    return render(request, "scan/crowds.html", context, block="content")


@door("crowd.save")
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Save the crowd under a name."""
    rule = request.POST.get("rule", "")
    back = f"{reverse('crowds')}?{_query(rule)}"
    try:
        services.save(request.POST.get("name", ""), Asked.text(rule), client_key(request))
    except (services.Unsavable, RuleError) as refused:
        return saved(request, back, str(refused), kind="warn")
    return saved(request, back, "人群已保存。谁属于这群人，每次打开时重新算")


def _query(rule: str) -> str:

    return urlencode({"rule": rule})


@door("crowd.save")
@require_POST
def drop(request: HttpRequest, crowd_id: UUID) -> HttpResponse:
    """Keep a saved crowd no longer."""
    services.drop(Crowd.objects.get(pk=crowd_id))
    return saved(request, reverse("crowds"), "已不再保存这群人")


@door("crowd.export")
@require_http_methods(["POST"])
def export(request: HttpRequest) -> HttpResponseBase:
    """The crowd as a file, numbers masked, with the reason recorded."""
    asked = Asked.text(request.POST.get("rule", ""))
    reason = request.POST.get("reason", "") or request.POST.get("reason_kind", "")
    try:
        head, rows = services.exported(asked, ("name", "sex", "age", "living_address", "phone", "last_visit"), reason)
    except services.Unsavable as refused:
        return saved(request, f"{reverse('crowds')}?{_query(asked.rule.text('zh'))}", str(refused), kind="warn")
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows([_safe(v) for v in row] for row in rows)
    name = f"人群-{scope.current()}-{clock.today():%Y%m%d}.csv"
    return download(name, out.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8")


def _safe(value: Any) -> Any:
    """A cell that a spreadsheet will not run as a formula."""
    return "'" + value if isinstance(value, str) and re.match(r"[=+\-@\t\r]", value) else value
