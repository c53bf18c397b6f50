"""The list of visits with its filters: month, week, visitor, mode, person, words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from linyun.foundation.ui import wording
from linyun.hub.records.models import Person
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from linyun.work.visits.models import VisitQuerySet
from linyun.work.visits.services import visible

_MONTH = re.compile(r"(\d{4})-(\d{2})\Z")
WITHDRAWN, LATE = "withdrawn", "late"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The filter in force. ``month`` as ``2026-11``; ``week`` by the day it begins; ``state`` "late" (promised to come
    back, did not) or "withdrawn"; empty strings do not filter."""

    month: str = ""
    week: str = ""
    visitor: str = ""
    mode: str = ""
    person: UUID | None = None
    words: str = ""
    state: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Chosen":
        """From an address; what makes no sense there does not filter."""
        month = query.get("month", "")
        try:
            person = UUID(query["person"]) if query.get("person") else None
        except ValueError:
            person = None
        return cls(
            month=month if _month(month) else "",
            week=query.get("week", "") if _week(query.get("week", "")) else "",
            visitor=query.get("visitor", ""),
            mode=query.get("mode", ""),
            person=person,
            words=query.get("words", "").strip(),
            state=query["state"] if query.get("state") in (WITHDRAWN, LATE) else "",
        )

    @property
    def any(self) -> bool:
        """Whether anything is filtered."""
        return self != Chosen()

    @property
    def by_form(self) -> bool:
        """Whether something is filtered that the form shows; a week, a person or a state is said in words instead."""
        return bool(self.month or self.visitor or self.mode or self.words)

    @property
    def week_begins(self) -> date | None:
        """The day on which the week begins, where one is chosen."""
        days = _week(self.week)
        return days[0] if days else None

    def kept(self) -> dict[str, str]:
        """The filter as an address or JSON holds it; ``of`` reads it again."""
        return {f.name: str(getattr(self, f.name) or "") for f in fields(self)}

    def says(self) -> str:
        """The filter in words, for whoever decides whether its list may leave; it names no resident."""
        modes = catalogue.code_sets["visit_mode"]
        week = self.week and _("%(day)s起的一周") % {"day": self.week}
        parts = [self.month, week, self.visitor, self.mode and modes.name_of(self.mode), self.person and _("一位居民")]
        parts += [self.words and _("情况里有“%(words)s”") % {"words": self.words}]
        parts += [{LATE: _("该回访的"), WITHDRAWN: _("已撤回的")}.get(self.state, "")]
        told = "，".join(str(part) for part in parts if part)
        return f"{_('走访')}：{told}" if told else _("走访：全部")

    def rows(self) -> VisitQuerySet:
        """The visits that fit, of those that whoever acts may read."""
        withdrawn = self.state == WITHDRAWN
        found = visible().filter(withdrawn_at__isnull=not withdrawn).select_related("person", "dwelling")
        if self.state == LATE:
            found = found.open().filter(follow_up_on__lt=clock.today())
        if days := _month(self.month):
            found = found.filter(visited_on__gte=days[0], visited_on__lt=days[1])
        if days := _week(self.week):
            found = found.filter(visited_on__gte=days[0], visited_on__lt=days[1])
        if self.visitor:
            found = found.filter(visitor=self.visitor)
        if self.mode:
            found = found.filter(mode=self.mode)
        if self.person:
            found = found.filter(Q(person=self.person) | Q(person__merged_into=self.person))
        if self.words:
            told = ("situation", "needs", "action", "outcome")
            found = found.filter(reduce(or_, (Q(**{f"{part}__contains": self.words}) for part in told)))
        return found


def _month(text: str) -> tuple[date, date] | None:
    """The first day of a month and of the one after it."""
    match = _MONTH.match(text)
    if match is None or not 1 <= int(match[2]) <= 12 or not 2000 <= int(match[1]) <= 2100:
        return None
    year, month = int(match[1]), int(match[2])
    return date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)


def _week(text: str) -> tuple[date, date] | None:
    """The first day of a week and of the one after it."""
    try:
        begins = date.fromisoformat(text)
    except ValueError:
        return None
    return (begins, begins + timedelta(days=7)) if 2000 <= begins.year <= 2100 else None


def months(today: date, count: int = 13) -> list[tuple[str, str]]:
    """The last months as choices: ("2026-11", "2026 年 11 月"), newest first."""
    found = []
    for n in range(count):
        year, month = divmod(today.year * 12 + today.month - 1 - n, 12)
        found.append((f"{year}-{month + 1:02d}", wording.month(year, month + 1)))
    return found


def visitors() -> list[str]:
    """Everybody who wrote visits here in the last year or so, by name."""
    return sorted(set(visible().live().order_by().values_list("visitor", flat=True).distinct()))


def name_of(person: UUID | None) -> str:
    """Whose visits are listed; "" when all are."""
    return Person.objects.filter(pk=person).values_list("name", flat=True).first() or "" if person else ""
