"""Today: what needs me – promises to come back, people to visit, things to do, imports left half-way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linyun.foundation.accounts.doors import Entered, door
from linyun.foundation.accounts.policy import may
from linyun.foundation.leaving.models import Departure
from linyun.foundation.ui.answer import render
from linyun.foundation.ui.parts import Figure
from linyun.foundation.ui.wording import counted, group, noun
from linyun.front.desk.portrait import portrait
from linyun.hub.exchange.models import Import
from linyun.hub.scan.screen import address
from linyun.kernel import clock
from linyun.kernel.declare import Subject
from linyun.work.office.services import mine
from linyun.work.visits import rhythm
from linyun.work.visits.models import PlannedVisit, Visit
from linyun.work.visits.services import visible

AHEAD = timedelta(days=7)
LATE_SHOWN, SOON_SHOWN, PLANNED_SHOWN, RECENT_SHOWN, NOTES_SHOWN = 6, 12, 12, 6, 8

COUNTS = """
select (select count(*) from records_person where status = 'live'),
       (select count(*) from visits_visit where withdrawn_at is null and visited_on >= %(month)s
        and visited_on <= %(today)s and (%(own)s::uuid is null or visitor_id = %(own)s)),
       (select count(*) from visits_visit where withdrawn_at is null and visited_on >= %(before)s
        and visited_on < %(month)s and extract(day from visited_on) <= extract(day from %(today)s::date)
        and (%(own)s::uuid is null or visitor_id = %(own)s)),
       (select count(*) from visits_visit v left join records_person p on p.id = v.person_id
        where v.withdrawn_at is null and v.followed_up_by_id is null and v.follow_up_on < %(today)s
        and (%(own)s::uuid is null or v.visitor_id = %(own)s) and coalesce(p.status, '') not in ('left', 'deceased')),
       (select count(*) from visits_plannedvisit v join records_person p on p.id = v.person_id
        where v.done_by_id is null and v.dropped_at is null and p.status not in ('left', 'deceased')),
       (select count(*) from leaving_departure where state = 'asked' and asked_by_id is distinct from %(who)s::uuid)
"""


@dataclass(frozen=True, slots=True)
class Due:
    """Promises to come back, under a heading; ``more`` of them are not shown."""

    title: str
    late: bool
    visits: Sequence[Visit]
    more: int = 0


@door("desk.open")
@require_GET
def today(request: Entered) -> HttpResponse:
    """What needs me today. Posts above the committee see no residents here."""
    day, actor = clock.today(), request.actor
    context: dict[str, Any] = {"today": day, "notes": list(mine().select_related("person").open()[:NOTES_SHOWN])}
    decides = may(actor, "export.approve")
    if not may(actor, "visit.see"):
        context["to_decide"] = Departure.objects.to_decide_by(actor.account_id).count() if decides else 0
        return render(request, "desk/today_above.html", context)
    all_visits = may(actor, "visit.see_all")
    counts = _counts(day, str(actor.account_id), all_visits=all_visits)
    planned = PlannedVisit.objects.open().select_related("person")
    imports = Import.objects.filter(state__in=["read", "checked", "applying", "failed"], total__gt=0).defer("content")
    context |= {
        "to_decide": counts["to_decide"] if decides else 0,
        "due": _due(day, counts["late"]),
        "planned": list(planned.order_by("due_on", "id")[:PLANNED_SHOWN]) if may(actor, "visit.plan") else [],
        "planned_count": counts["planned"],
        "imports": list(imports.order_by("-uploaded_at")[:5]) if may(actor, "import.see") else [],
        "recent": list(visible().live().select_related("person", "dwelling").order_by("-recorded_at")[:RECENT_SHOWN]),
        "rhythms": _rhythms() if may(actor, "crowd.list") else [],
        "figures": _figures(day, counts),
        "may_crowd": may(actor, "crowd.list"),
        "portrait": portrait(day, may(actor, "crowd.list")) if may(actor, "desk.file") else None,
    }
    return render(request, "desk/today.html", context)


def _counts(day: date, who: str, *, all_visits: bool) -> dict[str, int]:
    """The numbers of the page in one query."""
    month = day.replace(day=1)
    before = (month - timedelta(days=1)).replace(day=1)
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, {
            "month": month, "before": before, "today": day, "who": who, "own": None if all_visits else who,
        })  # fmt: skip
        row = cursor.fetchone() or (0,) * 6
    return dict(zip(("people", "visits", "before", "late", "planned", "to_decide"), row, strict=True))


def _due(day: date, late: int) -> list[Due]:
    """Today's promises first, then the late ones, the latest of them on top, then those of the next days."""
    open_ones = visible().open().select_related("person", "dwelling")
    soon = list(open_ones.filter(follow_up_on__gte=day, follow_up_on__lte=day + AHEAD).order_by("follow_up_on", "id"))
    past = list(open_ones.filter(follow_up_on__lt=day).order_by("-follow_up_on", "-id")[:LATE_SHOWN]) if late else []
    now, later = [v for v in soon if v.follow_up_on == day], [v for v in soon if v.follow_up_on != day]
    found = [
        Due(_("今天"), True, now),
        Due(_("已过约定的日子"), True, past, late - len(past)),
        Due(_("接下来七天"), False, later[:SOON_SHOWN], max(0, len(later) - SOON_SHOWN)),
    ]
    return [d for d in found if d.visits]


def _rhythms() -> list[tuple[str, str]]:
    """For each rhythm of visits, most frequent first, what it says and the crowd of those whose day has come."""
    return [(rhythm.said(r), address(rhythm.due_rule(r), Subject.PERSON)) for r in rhythm.most_pressing_first()]


def _figures(day: date, counts: dict[str, int]) -> list[Figure]:
    """Numbers that lead to the lists behind them."""
    visits = reverse("visits")
    difference = counts["visits"] - counts["before"]
    compared = f"{difference:+d}".replace("-", "−") if counts["before"] else ""
    return [
        Figure(
            _("本月走访"), group(counts["visits"]), noun("次", counts["visits"]), change=compared,
            good=difference >= 0 if counts["before"] else None, href=f"{visits}?{urlencode({'month': f'{day:%Y-%m}'})}",
            meaning=_("本月 1 日到今天写下的走访；后面是和上月同期相比。"),
            sub=counted("上月同期 %(n)s 次", counts["before"]) if counts["before"] else "",
        ),
        Figure(
            _("过了约定日"), group(counts["late"]), noun("次", counts["late"]), href=f"{visits}?state=late",
            meaning=_("走访时约好再去、日子已过而还没有再走访的。"),
        ),
        Figure(
            _("待访"), group(counts["planned"]), noun("人", counts["planned"]), href="#planned",
            meaning=_("排入走访名单、还没有走访的。"),
        ),
        Figure(
            _("在册居民"), group(counts["people"]), noun("人", counts["people"]), href=reverse("people"),
            meaning=_("登记在本居委、没有迁出或去世的居民。"),
        ),
    ]  # fmt: skip
