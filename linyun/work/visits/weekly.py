"""Visits week by week, each week leading to the list that it counts."""

from collections.abc import Mapping
from datetime import date, timedelta
from urllib.parse import urlencode

from django.db.models import Count
from django.db.models.functions import TruncWeek
from django.urls import reverse
from django.utils.translation import gettext as _

from linyun.foundation.ui import wording
from linyun.foundation.ui.charts import Bar
from linyun.work.visits.services import visible

SHOWN = 8
WEEK = timedelta(days=7)


def monday(day: date) -> date:
    """The day on which the week of a day began."""
    return day - timedelta(days=day.weekday())


def first(day: date) -> date:
    """The first of the days that are drawn."""
    return monday(day) - WEEK * (SHOWN - 1)


def counted(day: date) -> Mapping[date, int]:
    """How many visits there were in each of the last weeks, of those that whoever acts may read."""
    found = visible().live().filter(visited_on__gte=first(day), visited_on__lt=monday(day) + WEEK).order_by()
    return dict(
        found.annotate(week=TruncWeek("visited_on")).values("week").annotate(n=Count("id")).values_list("week", "n")
    )


def drawn(counts: Mapping[date, int], day: date, chosen: str = "") -> list[Bar]:
    """The last weeks as bars, the oldest first; ``chosen`` is the Monday whose list is open."""
    weeks = [first(day) + WEEK * n for n in range(SHOWN)]
    return [
        Bar(
            label=f"{week.month}/{week.day}",
            value=counts.get(week, 0),
            href=f"{reverse('visits')}?{urlencode({'week': week.isoformat()})}",
            kind="accent" if chosen in ("", week.isoformat()) else "quiet",
            said=_("%(day)s起的一周") % {"day": wording.day(week)},
        )
        for week in weeks
    ]
