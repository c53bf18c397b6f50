"""Pages of lists of visits: bring one, see what each row would do, write them, take them back."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linyun.foundation.accounts.doors import door
from linyun.foundation.leaving.gate import let_out
from linyun.foundation.ui.answer import client_key, render, saved
from linyun.foundation.ui.wording import counted
from linyun.hub.exchange.reading import Unreadable
from linyun.hub.records.services import listed
from linyun.kernel.catalogue import catalogue
from linyun.kernel.words import retold, say
from linyun.work.visits import bulk
from linyun.work.visits.models import Bulk

BIGGEST = 20 * 2**20
SHOWN = 300


@door("visit.import")
@require_http_methods(["GET", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """Paste or upload a list."""
    error, pasted = "", request.POST.get("pasted", "")
    if request.method == "POST":
        upload = request.FILES.get("file")
        if upload is not None and (upload.size or 0) > BIGGEST:
            error = _("文件超过 20 MB。请按月分成几个文件再上传")
        elif upload is None and not pasted.strip():
            error = _("请先选一个文件，或把表格粘贴到框里")
        else:
            content = upload.read() if upload else pasted.encode()
            try:
                found = bulk.bring(content, (upload.name if upload else "") or "粘贴的走访.csv", client_key(request))
            except (bulk.Unusable, Unreadable) as refused:
                error = retold(str(refused))
            else:
                return saved(request, reverse("bulk", args=[found.pk]), _("已读完，还没有写入。请先看看下面"))
    lists = list(Bulk.objects.defer("rows").order_by("-brought_at")[:20])
    context = {"error": error, "pasted": pasted, "lists": lists}
    return render(request, "visits/bring.html", context, status=422 if error else 200)


@door("visit.import")
@require_GET
def show(request: HttpRequest, bulk_id: UUID) -> HttpResponse:
    """What each row would do, or did."""
    found = Bulk.objects.get(pk=bulk_id)
    kinds = [(o, say(label), found.counts.get(o, 0)) for o, label in bulk.OUTCOMES.items() if found.counts.get(o)]
    outcome = request.GET.get("outcome", "")
    rows = [r for r in found.rows if outcome in ("", r["outcome"])]
    people = (row["person"] for row in rows[:SHOWN] if row["person"])
    listed(people, by="bulk", area=found.area, subject=("bulk", found.pk))
    context = {
        "bulk": found,
        "kinds": kinds,
        "outcome": outcome,
        "rows": rows[:SHOWN],
        "to_correct": sum(found.counts.get(o, 0) for o in bulk.OPEN),
        "more": max(0, len(rows) - SHOWN),
        "labels": {o: say(label) for o, label in bulk.OUTCOMES.items()},
        "modes": {c.code: say(c.name) for c in catalogue.code_sets["visit_mode"].codes},
    }
    return render(request, "visits/bulk.html", context)


@door("visit.import")
@require_POST
def apply(request: HttpRequest, bulk_id: UUID) -> HttpResponse:
    """Write the visits."""
    here = reverse("bulk", args=[bulk_id])
    try:
        done = bulk.apply(bulk_id)
    except bulk.Unusable as refused:
        return saved(request, here, retold(str(refused)), kind="warn")
    return saved(request, here, counted("已写入 %(n)s 次走访", done.counts.get("written", 0)))


@door("visit.import")
@require_POST
def undo(request: HttpRequest, bulk_id: UUID) -> HttpResponse:
    """Take the visits back."""
    here = reverse("bulk", args=[bulk_id])
    try:
        count = bulk.undo(bulk_id)
    except bulk.Unusable as refused:
        return saved(request, here, retold(str(refused)), kind="warn")
    return saved(request, here, counted("已撤销 %(n)s 次走访", count))


@door("visit.import")
@require_POST
def rest(request: HttpRequest, bulk_id: UUID) -> HttpResponseBase:
    """The rows that were not taken, as a file to correct and bring again."""
    found = Bulk.objects.defer("rows").get(pk=bulk_id)
    return let_out(request, "bulk", {"bulk": str(found.pk)}, back=reverse("bulk", args=[found.pk]))
