"""The list of visits with its filters: month, visitor, mode, person, words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from linyun.foundation.ui import wording
from linyun.hub.records.models import Person
from linyun.kernel import clock
from linyun.work.visits.models import VisitQuerySet
from linyun.work.visits.services import visible

_MONTH = re.compile(r"(\d{4})-(\d{2})\Z")
WITHDRAWN, LATE = "withdrawn", "late"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The filter in force. ``month`` as ``2026-11``; ``state`` "late" (promised to come back, did not) or
    "withdrawn"; empty strings do not filter."""

    month: str = ""
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

    def rows(self) -> VisitQuerySet:
        """The visits that fit, of those that whoever acts may read."""
        withdrawn = self.state == WITHDRAWN
        found = visible().filter(withdrawn_at__isnull=not withdrawn).select_related("person", "dwelling")
        if self.state == LATE:
            found = found.filter(follow_up_on__lt=clock.today(), followed_up_by=None)
        if days := _month(self.month):
            found = found.filter(visited_on__gte=days[0], visited_on__lt=days[1])
        if self.visitor:
            found = found.filter(visitor=self.visitor)
        if self.mode:
            found = found.filter(mode=self.mode)
        if self.person:
            found = found.filter(person=self.person)
        if self.words:
            found = found.filter(situation__contains=self.words)
        return found


def _month(text: str) -> tuple[date, date] | None:
    """The first day of a month and of the one after it."""
    match = _MONTH.match(text)
    if match is None or not 1 <= int(match[2]) <= 12 or not 2000 <= int(match[1]) <= 2100:
        return None
    year, month = int(match[1]), int(match[2])
    return date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)


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
