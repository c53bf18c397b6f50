"""Pages of crowds: build a condition or write it, see it in words, the count, who they are; save, hand on, export."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linyun.foundation.accounts.doors import Entered, door
from linyun.foundation.accounts.policy import may
from linyun.foundation.acts.services import Unreasoned, to_leave
from linyun.foundation.leaving.gate import let_out
from linyun.foundation.ui.answer import client_key, render, saved
from linyun.foundation.ui.paging import Page
from linyun.foundation.ui.shell import crumbs
from linyun.foundation.ui.tables import Sort, Table, parse_sort
from linyun.foundation.ui.wording import noun
from linyun.hub.records.items import known
from linyun.hub.scan import screen, services, wording
from linyun.hub.scan.builder import Builder, composed, from_rule
from linyun.hub.scan.export import NoSuchColumn, offered, usual
from linyun.hub.scan.find import Asked
from linyun.hub.scan.listing import DEFAULT as DEFAULT_SORT
from linyun.hub.scan.listing import order as ordered
from linyun.hub.scan.models import Crowd
from linyun.hub.scan.undecided import missing
from linyun.hub.scan.words import as_json, every_operator, is_closed
from linyun.hub.scan.words import offered as offered_words
from linyun.hub.tags.vocabulary import vocabulary
from linyun.kernel import clock
from linyun.kernel.declare import Subject
from linyun.kernel.rule import RuleError
from linyun.kernel.words import lang, say

OPEN = timedelta(minutes=30)
KEPT = "crowds_open"
MOST_HANDED = 800
"""Django takes a thousand fields in one form; a worker's to-visit list is shorter than that anyway."""
LANGUAGES = ("zh", "en")


def _subject(text: str | None) -> Subject:
    return Subject(text) if text in tuple(Subject) else Subject.PERSON


def _digest(asked: Asked) -> str:
    return sha256(f"{asked.subject} {asked.rule.text('zh')}".encode()).hexdigest()[:20]


def _is_open(request: HttpRequest, asked: Asked) -> bool:
    """Whether the list may be seen: at once for what is not sensitive, else for half an hour after a reason."""
    if not is_closed(asked.rule.level()):
        return True
    since = request.session.get(KEPT, {}).get(_digest(asked))
    return since is not None and clock.now() - datetime.fromisoformat(since) < OPEN


def _sort(request: Entered, subject: Subject) -> Sort:
    return parse_sort(
        request.GET.get("sort", ""),
        screen.columns(subject, unknown=False),
        DEFAULT_SORT.get(subject, Sort("name")),
    )


def _table(request: Entered, asked: Asked, total: int, first: Sequence[UUID], *, unknown: bool) -> Table:
    sort = _sort(request, asked.subject)
    found = services.shown(asked, sort, request.GET.get("after", ""), unknown=unknown, first=first)
    lacking = missing(asked, [row["id"] for row in found.rows]) if unknown else None
    query = {"rule": asked.rule.text("zh"), "subject": asked.subject.value, **({"show": "unknown"} if unknown else {})}
    return Table(
        "crowd",
        screen.columns(asked.subject, unknown=unknown),
        Page(screen.cells(asked, found.rows, lacking), found.next, total),
        href=screen.pages_of(asked.subject),
        sort=sort,
        query=query,
        noun=screen.NOUNS[asked.subject],
        actions=screen.bulk(request.actor, asked.subject) if not unknown else (),
        empty=screen.empty(query["rule"], unknown),
    )


@door("crowd.count")
@require_GET
def crowds(request: Entered) -> HttpResponse:
    """The crowd of a rule, written as text or built from conditions."""
    subject, words = _subject(request.GET.get("subject")), vocabulary()
    posted = wording.meant(Builder.of(request.GET), subject, words)
    posted = posted.without(request.GET.get("drop", ""))
    written = composed(posted, subject, words)
    text = request.GET.get("rule", "").strip() if "word" not in request.GET else written.text
    context = _empty(request, subject, text) | {"builder": wording.shown(posted, subject, words)}
    if not text:
        return render(request, "scan/crowds.html", context, block="content")
    try:
        asked = Asked.text(text, subject)
    except RuleError as error:
        context |= {
            "refused": screen.Refusal.of(error, text, subject),
            "wrong_row": written.row_at(error.start) if posted.rows else None,
            "said": screen.said(posted, subject),
            "mode": context["mode"] or ("" if posted.rows else lang()),
        }
        return render(request, "scan/crowds.html", context, block="content", status=422)
    context |= _found(request, asked)
    response = render(request, "scan/crowds.html", context, block="content")
    if "word" in request.GET or context["mode"]:
        response["HX-Push-Url"] = screen.address(asked.rule, subject, **{"as": context["mode"]})
    return response


def _empty(request: Entered, subject: Subject, text: str) -> dict[str, Any]:
    """The page before anything is asked."""
    words = vocabulary()
    mode = request.GET.get("as", "")
    return {
        "subject": subject,
        "subjects": [(s.value, _(name)) for s, name in screen.SUBJECTS.items()],
        "rule": text,
        "written": text,
        "mode": mode if mode in LANGUAGES else "",
        "operators": every_operator(subject, words),
        "offered": wording.offered_names(subject, words),
        "saved": list(Crowd.objects.filter(dropped_at=None).order_by("name")),
        "examples": [(_(name), screen.address(rule, Subject.PERSON)) for name, rule in screen.EXAMPLES],
        "may_save": may(request.actor, "crowd.save"),
        "place": request.post_held.area.name,
        "said": [],
        "refused": None,
        "wrong_row": None,
        "asked": None,
    }


def _found(request: Entered, asked: Asked) -> dict[str, Any]:
    """The crowd in words, in numbers, and for those who may see persons its people."""
    lists = may(request.actor, "crowd.list")
    traits = [] if request.GET.get("after") else screen.traits(asked.subject)
    unknown_asked = request.GET.get("show") == "unknown" and lists
    mode = request.GET.get("as", "")
    rows = from_rule(asked.rule)
    found: dict[str, Any] = {
        "asked": asked,
        "rule": asked.rule.text("zh"),
        "written": asked.rule.text("en" if mode == "en" else "zh"),
        "builder": wording.shown(rows, asked.subject, asked.rule.vocabulary),
        "said": screen.said(rows, asked.subject),
        **screen.told(asked.rule),
        "closed": lists and not _is_open(request, asked),
        "unknown_url": screen.address(asked.rule, asked.subject, show="unknown"),
        "shows_unknown": unknown_asked,
        "noun": noun(screen.NOUNS[asked.subject], 2),
        "lists": lists,
        "table": None,
        "ledger_url": screen.ledger_url(request.actor, asked),
        "may_export": may(request.actor, "crowd.export"),
    }
    if lists:
        names = not found["closed"] and not request.GET.get("after")
        order = ordered(_sort(request, asked.subject), asked.subject, unknown=unknown_asked) if names else None
        counted, shares, first = services.figures(asked, traits, order)
        found |= {"yes": counted.yes, "unknown": counted.unknown, "every": counted.all}
        if not found["closed"]:
            total = counted.unknown if unknown_asked else counted.yes
            found["table"] = _table(request, asked, total, first, unknown=unknown_asked)
    else:
        yes, unknown, every, shares = services.rounded(asked, traits)
        found |= {"yes": yes, "unknown": unknown, "every": every}
    found["shares"] = [(replace(share, name=say(share.name)), screen.narrowed(asked, share.rule)) for share in shares]
    return found


@door("crowd.count")
@require_GET
def words(request: HttpRequest) -> HttpResponse:
    """The words that the builder offers about a subject, with what fits behind each: for the page's script."""
    subject = _subject(request.GET.get("subject"))
    vocab = vocabulary()
    found = wording.worded(offered_words(subject, vocab, screen.group_of(known(subject))), subject, vocab)
    return JsonResponse(as_json(found), json_dumps_params={"ensure_ascii": False})


def _asked_of(posted: Mapping[str, Any]) -> Asked:
    """The rule that a form was about: named in it, or in the list's filter. Raises RuleError."""
    source = QueryDict(str(posted.get("filter", ""))) if posted.get("filter") else posted
    return Asked.text(str(source.get("rule", "")), _subject(source.get("subject")))


def _ticked(request: HttpRequest) -> list[UUID]:
    found = []
    for text in request.POST.getlist("chosen"):
        try:
            found.append(UUID(text))
        except ValueError:
            continue  # what is no id names nobody
    return found


@door("crowd.list")
@require_POST
def open_list(request: HttpRequest) -> HttpResponse:
    """Say why the people of a sensitive crowd are looked at."""
    try:
        asked = _asked_of(request.POST)
        reason = request.POST.get("reason", "").strip() or request.POST.get("reason_kind", "")
        services.open_sensitive(asked, reason)
    except (services.Unsavable, RuleError) as refused:
        back = screen.address(request.POST.get("rule", ""), _subject(request.POST.get("subject")))
        return saved(request, back, str(refused), kind="warn")
    kept = dict(request.session.get(KEPT, {}))
    kept[_digest(asked)] = clock.now().isoformat()
    request.session[KEPT] = kept
    return saved(request, screen.address(asked.rule, asked.subject), _("名单已打开，半小时内有效"))


@door("crowd.list")
@require_POST
def hand(request: Entered) -> HttpResponse:
    """Take the ticked people on to what another app offers: shows who, asks until when, posts them there."""
    action = next((m for m in screen.crowd_actions(request.actor) if m.code == request.GET.get("to")), None)
    try:
        asked = _asked_of(request.POST)
        if action is None or asked.subject is not Subject.PERSON:
            raise services.Unsavable(_("没有这项操作，请从名单下方选择"))
        if not _is_open(request, asked):
            raise services.Unsavable(_("请先说明用途，打开名单后再办理"))
        ids = services.chosen(asked, _ticked(request), everything=request.POST.get("everything") == "1")
        services.hand_over(asked, ids, action.code, MOST_HANDED)
    except RuleError as refused:
        return saved(request, reverse("crowds"), str(refused), kind="warn")
    except services.Unsavable as refused:
        return saved(request, screen.address(asked.rule, asked.subject), str(refused), kind="warn")
    context = {
        "path": crumbs((_("人群"), screen.address(asked.rule, asked.subject)), (_(action.label))),
        "label": _(action.label),
        "target": reverse(action.url),
        "ids": ids,
        "says": asked.rule.say(lang()),
        "why": _("人群：%(rule)s") % {"rule": asked.rule.text("zh")[:180]},
        "due_on": (clock.today() + timedelta(days=7)).isoformat(),
        "today": clock.today().isoformat(),
        "back": screen.address(asked.rule, asked.subject),
    }
    return render(request, "scan/hand.html", context)


@door("crowd.save")
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Save the crowd under a name."""
    rule, subject = request.POST.get("rule", ""), _subject(request.POST.get("subject"))
    back = screen.address(rule, subject)
    try:
        services.save(request.POST.get("name", ""), Asked.text(rule, subject), client_key(request))
    except (services.Unsavable, RuleError) as refused:
        return saved(request, back, str(refused), kind="warn")
    return saved(request, back, _("人群已保存。谁属于这群人，每次打开时重新算"))


@door("crowd.save")
@require_POST
def drop(request: HttpRequest, crowd_id: UUID) -> HttpResponse:
    """Keep a saved crowd no longer."""
    services.drop(Crowd.objects.get(pk=crowd_id))
    return saved(request, reverse("crowds"), _("已不再保存这群人"))


@door("crowd.export")
@require_http_methods(["GET", "POST"])
def export(request: HttpRequest) -> HttpResponseBase:
    """Choose columns and say why; then the crowd, or those ticked in it, as a file with numbers masked."""
    posted = request.POST if request.method == "POST" else request.GET
    try:
        asked = _asked_of(posted)
    except RuleError as refused:
        return saved(request, reverse("crowds"), str(refused), kind="warn")
    ids = _ticked(request) if request.POST.getlist("chosen") and request.POST.get("everything") != "1" else None
    problem = ""
    if "columns" in request.POST or "reason" in request.POST:
        try:
            return _file(request, asked, ids)
        except (services.Unsavable, NoSuchColumn) as refused:
            problem = str(refused)
    context = {
        "path": crumbs((_("人群"), screen.address(asked.rule, asked.subject)), (_("导出"))),
        "asked": asked,
        "says": asked.rule.say(lang()),
        "ids": ids or [],
        "columns": offered(asked.subject),
        "chosen": request.POST.getlist("columns") or list(usual(asked.subject)),
        "reason": request.POST.get("reason", ""),
        "problem": problem,
        "back": screen.address(asked.rule, asked.subject),
    }
    return render(request, "scan/export.html", context, status=422 if problem else 200)


def _file(request: HttpRequest, asked: Asked, ids: list[UUID] | None) -> HttpResponseBase:
    parameters = {
        "rule": asked.rule.text("zh"),
        "subject": asked.subject.value,
        "columns": request.POST.getlist("columns") or list(usual(asked.subject)),
        "ids": None if ids is None else [str(pk) for pk in ids],
    }
    try:
        reason = to_leave(request.POST.get("reason", "").strip() or request.POST.get("reason_kind", ""))
    except Unreasoned as refused:
        raise services.Unsavable(str(refused)) from refused
    back = screen.address(asked.rule, asked.subject)
    return let_out(request, services.EXPORT, parameters, back=back, reason=reason)
