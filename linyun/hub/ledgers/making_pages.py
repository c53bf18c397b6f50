"""Pages for making a ledger without programming: from a condition and columns, or from an official blank."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linyun.foundation.accounts.doors import door
from linyun.foundation.areas import scope
from linyun.foundation.ui.answer import client_key, render, saved
from linyun.foundation.ui.shell import crumbs
from linyun.hub.ledgers import fill, making, period, screen, services
from linyun.hub.ledgers.cells import BY_HAND, SEQUENCE, cells_of
from linyun.hub.ledgers.forms import BadForm
from linyun.hub.ledgers.models import LedgerForm
from linyun.hub.ledgers.pages import found
from linyun.hub.ledgers.plans import BadLedger, Plan, Problem, plan
from linyun.hub.ledgers.register import NoSuchLedger, Ready, from_data, to_columns
from linyun.hub.records.items import known
from linyun.hub.tags.vocabulary import vocabulary
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Item, LedgerSource
from linyun.kernel.words import lang, say

PREVIEW = 10
OFFERED = ("person", "household", "dwelling", "organisation", "place", "visit", "entry")


def _sources() -> list[LedgerSource]:
    return [catalogue.ledger_sources[code] for code in OFFERED if code in catalogue.ledger_sources]


def _source(code: str) -> LedgerSource:
    return next((s for s in _sources() if s.code == code), _sources()[0])


def _items(source: LedgerSource) -> dict[str, Item]:
    return known(source.subject) if source.subject else {}


def _definition(request: HttpRequest, source: LedgerSource, columns: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "name": request.POST.get("name", "").strip(),
        "source": source.code,
        "rule": request.POST.get("rule", "").strip() if source.subject else "",
        "period": request.POST.get("period", "current"),
        "due": request.POST.get("due", "").strip(),
        "columns": columns,
        "sort": [c["value"] for c in columns if c["value"] == "address"],
    }


@door("ledger.define")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new ledger: which records, which condition, which columns; looked at before it is kept."""
    source = _source(request.POST.get("source", "") or request.GET.get("source", ""))
    cells = cells_of(source, vocabulary())
    text = request.POST.get("columns", "")
    if request.POST.getlist("chosen"):
        chosen = making.from_choice(request.POST.getlist("chosen"), cells)
        before = {c.value for c in making.read_columns(text, cells).columns}
        added = [c for c in chosen if c.value not in before]
        text = "\n".join(t for t in (text.strip(), making.write_columns(added, cells)) if t)
    context = _form(request, source, cells, text)
    if request.method == "POST":
        made = _tried(request, source, cells, text)
        if isinstance(made, list):
            return render(request, "ledgers/new.html", context | {"problems": made}, status=422)
        if request.POST.get("step") == "save":
            kept = services.make_ledger(
                _definition(request, source, to_columns(made.ledger.columns)), client_key(request)
            )
            said = _("“%(name)s”已建好") % {"name": kept.name}
            return saved(request, reverse("ledger", args=[kept.code]), said)
        context |= _preview(made)
    return render(request, "ledgers/new.html", context)


def _form(request: HttpRequest, source: LedgerSource, cells: Any, text: str) -> dict[str, Any]:
    groups = {code: item.group for code, item in _items(source).items()}
    return {
        "path": crumbs((_("台账"), reverse("ledgers")), _("新建台账")),
        "sources": [(s.code, say(s.name)) for s in _sources()],
        "source": source,
        "choices": screen.choices_of(cells, groups),
        # A crowd's page leads here with its rule.
        "typed": {key: request.POST.get(key, request.GET.get(key, "")) for key in ("name", "rule", "due")},
        "period": request.POST.get("period", "current"),
        "columns": text,
        "problems": [],
        "rows": None,
    }


def _tried(request: HttpRequest, source: LedgerSource, cells: Any, text: str) -> Plan | list[Problem]:
    """The plan of what was typed, or all that does not fit."""
    written = making.read_columns(text, cells)
    definition = _definition(request, source, to_columns(written.columns))
    try:
        made = plan(from_data("preview", definition), vocabulary())
    except BadLedger as refused:
        # A line that could not be read is told once, as a line.
        others = [p for p in refused.problems if not (written.problems and p.place == "columns")]
        return [*written.problems, *others]
    return list(written.problems) or made


def _preview(made: Plan) -> dict[str, Any]:
    words, today, area = vocabulary(), clock.today(), scope.current()
    span = period.of(made.ledger.period, today)
    filled, _more = fill.fill_page(made, area, span, today, words, None, PREVIEW)
    count = fill.counts([(made, span)], area, today, words)[made.ledger.code]
    return {
        "heads": screen.heads_of(filled.headings),
        "rows": screen.frozen_rows(filled.headings, filled.data, PREVIEW),
        "count": count,
        "says": made.rule.say(lang()) if made.rule else "",
        "columns": making.write_columns(made.ledger.columns, {c.code: c for c in made.cells if c}),
    }


@door("ledger.define")
@require_http_methods(["GET", "POST"])
def blank_new(request: HttpRequest) -> HttpResponse:
    """A new ledger from an official blank: its head is read, its columns matched, the rest is filled in by hand."""
    source = _source(request.POST.get("source", ""))
    code = request.POST.get("ledger", "") or request.GET.get("ledger", "")
    error = ""
    if request.method == "POST":
        upload = request.FILES.get("file")
        try:
            if upload is None:
                raise BadForm(_("请选择空表文件"))
            kept = _uploaded(request, upload.read(), upload.name or "", source)
        except (BadForm, BadLedger) as refused:
            error = str(refused)
        else:
            return saved(request, reverse("ledger_form", args=[kept.pk]), _("空表已读懂，请核对每一列"))
    context = {
        "path": crumbs((_("台账"), reverse("ledgers")), _("官方空表")),
        "ledger": found(code).plan.ledger if code else None,
        "sources": [(s.code, say(s.name)) for s in _sources()],
        "source": source,
        # A crowd's page leads here with its rule.
        "typed": {key: request.POST.get(key, request.GET.get(key, "")) for key in ("name", "rule", "due")},
        "period": request.POST.get("period", "current"),
        "error": error,
    }
    return render(request, "ledgers/blank_new.html", context, status=422 if error else 200)


def _uploaded(request: HttpRequest, content: bytes, file_name: str, source: LedgerSource) -> LedgerForm:
    """A blank for the ledger named in the form, or one that makes a new ledger."""
    code = request.POST.get("ledger", "")
    if code:
        found(code)
        return services.upload_form(code, content, file_name, client_key(request))
    return services.make_from_blank(content, file_name, _definition(request, source, []), client_key(request))


@door("ledger.define")
@require_http_methods(["GET", "POST"])
def form(request: HttpRequest, form_id: UUID) -> HttpResponse:
    """Which column of a blank takes which cell: proposed when it was uploaded, confirmed here once."""
    kept = get_object_or_404(LedgerForm, pk=form_id)
    ready = found(kept.ledger)
    if request.method == "POST":
        mapping = {c["number"]: request.POST.get(f"column-{c['number']}", "") for c in kept.columns}
        try:
            services.map_form(kept, mapping)
        except (BadForm, BadLedger) as refused:
            return saved(request, request.path, str(refused), kind="warn")
        return saved(request, reverse("ledger", args=[kept.ledger]), _("对应关系已保存，导出时可选“官方空表”"))
    context = {
        "path": crumbs(
            (_("台账"), reverse("ledgers")),
            (say(ready.plan.ledger.name), reverse("ledger", args=[kept.ledger])),
            _("空表"),
        ),
        "form": kept,
        "plan": ready.plan,
        "choices": _form_choices(kept, ready),
    }
    return render(request, "ledgers/form.html", context)


def _form_choices(kept: LedgerForm, ready: Ready) -> list[tuple[str, list[tuple[str, str]]]]:
    """What may fill a column: the ledger's own columns, and any cell where the blank defines the ledger."""
    own = [
        (h.value, say(h.full_name)) for h in ready.plan.headings if not (kept.defines and h.value.startswith(BY_HAND))
    ]
    if not kept.defines:
        return [(_("台账的列"), own)]
    groups = {code: item.group for code, item in _items(ready.plan.source).items()}
    offered = screen.choices_of(cells_of(ready.plan.source, ready.words), groups)
    return [(_("编号"), [(SEQUENCE, _("序号"))]), *offered]


@door("ledger.define")
@require_POST
def drop(request: HttpRequest, ledger: str) -> HttpResponse:
    """Give up a ledger that staff made."""
    try:
        services.drop_ledger(ledger)
    except NoSuchLedger as missing:
        raise Http404 from missing
    return saved(request, reverse("ledgers"), _("这本台账已停用，封过的账仍可查看"))
