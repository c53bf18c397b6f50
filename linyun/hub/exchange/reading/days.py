"""Days of visits as they stand in lists kept by month: 8月5日, 8.5, 5日, under a title that says the year."""

import re
from collections.abc import Iterable
from datetime import date

from linyun.hub.exchange.reading.cells import Cell
from linyun.kernel.values import dates, numerals
from linyun.kernel.values.parsed import Parsed
from linyun.kernel.values.text import clean, dashes
from linyun.kernel.words import say

EARLIEST = date(1990, 1, 1)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?:年|\.|-|/|$)")
_MONTH = re.compile(r"(?<!\d)(\d{1,2})\)?月")
_MONTH_DAY = re.compile(r"(\d{1,2})[月./-](\d{1,2})[日号]?\Z")
_DAY = re.compile(r"(\d{1,2})[日号]?\Z")


class Days:
    """Reads day cells of one sheet. ``said``: the sheet's name and titles, from which year and month are taken."""

    def __init__(self, said: Iterable[str], today: date, epoch_1904: bool = False) -> None:
        texts = [numerals.arabic(dashes(clean(t))) for t in said]
        self.year = next((int(m[1]) for t in texts if (m := _YEAR.search(t))), None)
        self.month = next((int(m[1]) for t in texts if (m := _MONTH.search(t))), None)
        self.bounds = dates.Bounds(today, EARLIEST, None, epoch_1904)

    def read(self, cell: Cell) -> Parsed[date]:
        """A day; without a year of its own it takes the year that the sheet states, never a guessed one."""
        found = dates.parse(cell, self.bounds)
        if found.value is not None and found.extra["precision"] == "day" or found.blank:
            return found
        text = numerals.arabic(dashes(clean(cell))).replace(" ", "")
        if self.year and (both := _MONTH_DAY.match(text)):
            return dates.parse(f"{self.year}-{both[1]}-{both[2]}", self.bounds)
        if self.year and self.month and (day := _DAY.match(text)):
            return dates.parse(f"{self.year}-{self.month}-{day[1]}", self.bounds)
        return Parsed(None, found.problem or say("走访日期应写到哪一天，如 2026-03-05"))
