"""The span of time a ledger speaks of, and the day it is due. Pure functions."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from linyun.kernel.words import lang, say

_WRITTEN = re.compile(r"(?P<year>\d{4})(?:-?(?:Q(?P<quarter>[1-4])|(?P<month>\d{1,2})))?\Z", re.I)
MONTHS = {"month": 1, "quarter": 3, "year": 12}


class BadPeriod(ValueError):
    """A text that names no period."""


@dataclass(frozen=True, slots=True)
class Period:
    """From ``start`` to before ``end``. ``code`` is how addresses write it: ``2026-10``, ``2026-Q4``, ``2026``.

    ``kind``: month, quarter, year, or current (no span: whatever holds now, and dated rows of all times).
    """

    kind: str
    start: date
    end: date
    code: str = ""

    @property
    def label(self) -> str:
        """As a document says it: ``2026年10月``; an English page ``October 2026``."""
        if lang() == "en":
            quarter = f"Q{self.start.month // 3 + 1} {self.start.year}"
            return {"month": f"{self.start:%B %Y}", "quarter": quarter, "year": f"{self.start.year}"}.get(self.kind, "")
        match self.kind:
            case "month":
                return f"{self.start.year}年{self.start.month}月"
            case "quarter":
                return f"{self.start.year}年第{'一二三四'[self.start.month // 3]}季度"
            case "year":
                return f"{self.start.year}年"
        return ""

    def is_over(self, today: date) -> bool:
        """Whether nothing more can happen in it."""
        return self.kind != "current" and today >= self.end

    def neighbours(self) -> tuple["Period", "Period"]:
        """The periods before and after."""
        if self.kind == "current":
            return self, self
        return of(self.kind, self.start - timedelta(days=1)), of(self.kind, self.end)


CURRENT = Period("current", date.min, date.max)


def _plus(day: date, months: int) -> date:
    total = day.year * 12 + day.month - 1 + months
    return date(total // 12, total % 12 + 1, 1)


def of(kind: str, day: date) -> Period:
    """The period of a kind in which a day lies; ``current`` has none."""
    months = MONTHS.get(kind)
    if months is None:
        return CURRENT
    start = date(day.year, (day.month - 1) // months * months + 1, 1)
    code = {"month": f"{start:%Y-%m}", "quarter": f"{start.year}-Q{start.month // 3 + 1}", "year": f"{start.year}"}[
        kind
    ]
    return Period(kind, start, _plus(start, months), code)


def parse(text: str, kind: str, today: date) -> Period:
    """The period that somebody wrote; of the ledger's own kind around ``today`` when nothing is written.

    Raises BadPeriod with a sentence.
    """
    if not text:
        return of(kind, today)
    found = _WRITTEN.match(text.strip())
    if found is None or not 1 <= int(found["month"] or 1) <= 12 or not 1900 <= int(found["year"]) <= 2999:
        raise BadPeriod(say("看不懂期间“{text}”，请写成 2026-10（月）、2026-Q4（季度）或 2026（年）", text=text))
    year = int(found["year"])
    if found["quarter"]:
        return of("quarter", date(year, int(found["quarter"]) * 3, 1))
    if found["month"]:
        return of("month", date(year, int(found["month"]), 1))
    return of("year", date(year, 1, 1))
