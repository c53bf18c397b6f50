"""When ledgers are due, read from how the offices write it (每年1月15日前, 每季末月25日前), and what waits now."""

import re
from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache

from linyun.foundation.areas import scope
from linyun.hub.ledgers.models import LedgerClosing
from linyun.hub.ledgers.period import Period, of
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Ledger
from linyun.kernel.words import say

SOON = timedelta(days=7)
_QUARTER_ENDS, _QUARTER_STARTS = (3, 6, 9, 12), (1, 4, 7, 10)
_ONE_DAY = re.compile(r"(?P<which>每月|每季末月|每季度)?(?:(?P<month>\d{1,2})月)?(?P<day>\d{1,2})日")


@lru_cache(maxsize=1024)
def _days_of(text: str, year: int) -> tuple[date, ...]:
    """All days of a year on which something so written is due."""
    found: list[date] = []
    for part in _ONE_DAY.finditer(text):
        months: tuple[int, ...] = {
            "每月": tuple(range(1, 13)),
            "每季末月": _QUARTER_ENDS,
            "每季度": _QUARTER_STARTS,
        }.get(part["which"] or "", ())
        if part["month"]:
            months = (int(part["month"]),)
        for month in months:
            if 1 <= month <= 12 and int(part["day"]) >= 1:
                found.append(date(year, month, min(int(part["day"]), monthrange(year, month)[1])))
    return tuple(sorted(found))


def next_due(text: str, today: date) -> date | None:
    """The next day on which a ledger is due, today included. None for 及时更新 and for what names no day."""
    days = [d for year in (today.year, today.year + 1) for d in _days_of(text, year) if d >= today]
    return days[0] if days else None


def period_due(ledger: Ledger, day: date) -> Period:
    """The period that is handed in on a due day: a yearly ledger due in the first quarter speaks of the year before."""
    if ledger.period == "year" and day.month <= 3:
        return of("year", date(day.year - 1, 1, 1))
    return of(ledger.period, day)


def waiting(today: date, area: str) -> list[tuple[Ledger, date]]:
    """Audited ledgers due within a week whose period is not closed yet, the nearest first."""
    near = []
    for ledger in catalogue.ledgers.values():
        day = next_due(ledger.due, today) if ledger.audited else None
        if day is not None and day - today <= SOON:
            near.append((ledger, day))
    if not near:
        return []
    closed = set(
        LedgerClosing.objects.filter(area=area, ledger__in=[x.code for x, _ in near]).values_list("ledger", "start")
    )
    left = [(x, day) for x, day in near if (x.code, period_due(x, day).start) not in closed]
    return sorted(left, key=lambda pair: pair[1])


def due_badge() -> str:
    """For the menu: ``2 将到期``, nothing when nothing waits."""
    count = len(waiting(clock.today(), scope.current()))
    return say("{count} 将到期", count=count) if count else ""
