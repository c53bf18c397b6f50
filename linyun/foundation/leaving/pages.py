"""The page of departures: one's own requests, those one may decide, what left the area, who came to the day's limit."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linyun.foundation.accounts.doors import Entered, door
from linyun.foundation.accounts.policy import may
from linyun.foundation.leaving import services
from linyun.foundation.leaving.models import Departure, Tally
from linyun.foundation.leaving.rules import AT_ONCE, KEPT, State, budget_of
from linyun.foundation.ui.answer import download, render, saved
from linyun.foundation.ui.paging import BadCursor, page
from linyun.foundation.ui.parts import Chip, Empty
from linyun.foundation.ui.tables import Column, Table
from linyun.foundation.ui.wording import moment
from linyun.kernel import clock
from linyun.kernel.declare import Role
from linyun.kernel.words import ROLE_NAMES, msgid, retold, say

NOTICED = timedelta(days=14)
MOST_OPEN = 50
STATES: dict[str, tuple[str, str]] = {
    State.LEFT: (msgid("已导出"), "plain"),
    State.ASKED: (msgid("等同事同意"), "warn"),
    State.AGREED: (msgid("正在做文件"), ""),
    State.REFUSED: (msgid("没有同意"), "danger"),
    State.LAPSED: (msgid("没有人处理，已失效"), "plain"),
    State.READY: (msgid("可以下载"), "ok"),
    State.FAILED: (msgid("没有做成"), "danger"),
    State.GONE: (msgid("文件已删除"), "plain"),
}


def state_chip(found: Departure) -> Chip:
    """Where a departure stands, as a mark."""
    label, kind = STATES[found.state]
    return Chip(_(label), kind)


COLUMNS = (
    Column("says", "内容", show=lambda d: retold(d.says)),
    Column("rows", "行数", numeric=True),
    Column("asked_by", "导出人", show=lambda d: d.asked_by + (_("（命令行）") if d.channel == "command" else "")),
    Column("asked_at", "时间", show=lambda d: moment(d.asked_at)),
    Column("reason", "用途", kind="long"),
    Column("state", "情况", kind="chips", show=lambda d: [state_chip(d)]),
    Column("number", "编号"),
    Column("decided_by", "处理人", hidden=True),
)


@door("departure.see")
@require_GET
def departures(request: Entered) -> HttpResponse:
    """Requests that wait, one's own that are open, everything that left the area."""
    who = request.actor
    mine, decides = Departure.objects.told().of(who.account_id), may(who, "export.approve")
    rows = Departure.objects.defer("content") if decides else mine
    try:
        found = page(rows, ["-asked_at"], request.GET.get("after", ""))
    except BadCursor:
        found = page(rows, ["-asked_at"])
    nothing = Empty(_("还没有导出过名单"), _("居民、走访、人群和台账的页面上可以导出。"), icon="download")
    since = clock.today() - NOTICED
    context = {
        "waiting": list(Departure.objects.to_decide_by(who.account_id).defer("content")[:MOST_OPEN]) if decides else [],
        "mine": list(mine.open(clock.now() - NOTICED)[:MOST_OPEN]),
        "chip": state_chip,
        "table": Table("departures", COLUMNS, found, caption=_("导出记录"), empty=nothing),
        "reached": [_line(t) for t in Tally.objects.reached(since)[:MOST_OPEN]] if decides else [],
        "most": AT_ONCE,
        "days": KEPT.days,
    }
    return render(request, "leaving/departures.html", context)


def _line(tally: Tally) -> tuple[Tally, str, int]:
    role = Role(tally.role)
    return tally, say(ROLE_NAMES[role]), budget_of(role, "page")


def _decided(request: HttpRequest, departure_id: UUID, *, agreed: bool, said: str) -> HttpResponse:
    here = reverse("departures")
    try:
        services.decide(departure_id, agreed=agreed, answer=request.POST.get("answer", ""))
    except services.Undecidable as refused:
        return saved(request, here, str(refused), kind="warn")
    return saved(request, here, said)


@door("export.approve")
@require_POST
def agree(request: HttpRequest, departure_id: UUID) -> HttpResponse:
    """Agree that a list leaves."""
    return _decided(request, departure_id, agreed=True, said=_("已同意。文件做好以后，申请人七天内可以下载"))


@door("export.approve")
@require_POST
def refuse(request: HttpRequest, departure_id: UUID) -> HttpResponse:
    """Refuse that a list leaves, with a reason."""
    return _decided(request, departure_id, agreed=False, said=_("已记为不同意，申请人可以看到理由"))


@door("departure.see")
@require_POST
def take(request: HttpRequest, departure_id: UUID) -> HttpResponseBase:
    """The file of one's own agreed departure."""
    try:
        file = services.take(departure_id)
    except services.Undecidable as refused:
        return saved(request, reverse("departures"), str(refused), kind="warn")
    mark = Departure.objects.defer("content").get(pk=departure_id).mark
    return download(mark.named(file.name), file.content, file.content_type)
