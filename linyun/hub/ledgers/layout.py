"""How a ledger is laid out: merged head, column widths, lines of text. Pure functions for screen and paper."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import Any

from linyun.kernel.clock import ZONE
from linyun.kernel.declare import Kind

NARROWEST, WIDEST = 6, 36
PAPER = 84
"""The least total width, in half-width characters: narrower tables are stretched to fill the sheet."""
SAMPLE = 200


@dataclass(frozen=True, slots=True)
class Heading:
    """A column as it is shown. ``value`` is the cell's code, ``head`` the upper header cells from the top down.

    ``width`` in half-width characters, 0 to fit the contents.
    """

    name: str
    value: str
    kind: Kind
    head: tuple[str, ...] = ()
    width: int = 0
    unit: str = ""

    @property
    def path(self) -> tuple[str, ...]:
        """All header cells of the column from the top down."""
        return (*self.head, self.name)

    @property
    def full_name(self) -> str:
        """The column's name with its upper heads, for one-line headers: ``户籍人口 · 男``."""
        return " · ".join(self.path)


@dataclass(frozen=True, slots=True)
class HeadCell:
    """One cell of a merged head: top left corner, and how many rows and columns it spans."""

    row: int
    column: int
    rows: int
    columns: int
    text: str


def moment(value: datetime) -> str:
    """A moment as ledgers write it, in Shanghai's time."""
    return f"{value.astimezone(ZONE) if value.tzinfo else value:%Y-%m-%d %H:%M}"


def depth(headings: Sequence[Heading]) -> int:
    """How many rows the head takes."""
    return max((len(h.path) for h in headings), default=1)


def head_cells(headings: Sequence[Heading]) -> list[HeadCell]:
    """The cells of the head, row by row. Equal upper cells of neighbours are one; a column's own name reaches down."""
    deep = depth(headings)
    cells: list[HeadCell] = []
    for row in range(deep):
        column = 0
        while column < len(headings):
            path = headings[column].path
            if row < len(path) - 1:
                same = _same_above(headings, column, row)
                cells.append(HeadCell(row, column, 1, same, path[row]))
                column += same
                continue
            if row == len(path) - 1:
                cells.append(HeadCell(row, column, deep - row, 1, path[row]))
            column += 1
    return cells


def _same_above(headings: Sequence[Heading], start: int, row: int) -> int:
    wanted = headings[start].path[: row + 1]
    count = 0
    for heading in headings[start:]:
        if len(heading.path) - 1 <= row or heading.path[: row + 1] != wanted:
            break
        count += 1
    return count


def breadth(text: str) -> int:
    """The width of a text in half-width characters: a Chinese character counts two. The longest line counts."""
    return max(sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line) for line in text.split("\n"))


def widths(headings: Sequence[Heading], data: Sequence[Sequence[Any]]) -> list[int]:
    """Column widths that fit most of the contents. Stated widths are kept unless the whole must be stretched."""
    found = [h.width or _fitted(h, values) for h, values in zip(headings, data, strict=True)]
    total = sum(found)
    if not total or total >= PAPER:
        return found
    return [w * PAPER // total for w in found]


def _fitted(heading: Heading, values: Sequence[Any]) -> int:
    # Names of columns may break once, contents of the widest tenth may break as well.
    longest = (breadth(heading.name) + 1) // 2 + 2
    seen = sorted(breadth(str(v)) for v in values[:SAMPLE] if v not in (None, ""))
    if seen:
        longest = max(longest, seen[len(seen) * 9 // 10] + 2)
    return min(max(longest, NARROWEST), WIDEST)


def spans(found: Sequence[int], texts: Sequence[str]) -> list[tuple[int, int]]:
    """Where the texts of the line below the title stand: (first, last) column of each, broad texts over more columns.

    Needs at least as many columns as texts.
    """
    wants = list(accumulate(breadth(t) + 2 for t in texts))
    running = list(accumulate(found))
    parts: list[tuple[int, int]] = []
    start = 0
    for number, want in enumerate(wants[:-1], 1):
        latest = len(found) - len(texts) + number - 1
        end = next((n for n, at in enumerate(running) if at * wants[-1] >= want * running[-1]), latest)
        end = min(max(end, start), latest)
        parts.append((start, end))
        start = end + 1
    return [*parts, (start, len(found) - 1)]


def lines_needed(values: Sequence[Any], width: int) -> dict[int, int]:
    """Which rows of a column need more than one line at a width, and how many. Rows are counted from 0."""
    # Half the width in characters always fits; only the others are measured.
    half = width // 2
    tall = [n for n, v in enumerate(values) if isinstance(v, str) and (len(v) > half or "\n" in v)]
    found = {n: sum(max(1, -(-breadth(line) // width)) for line in values[n].split("\n")) for n in tall}
    return {n: lines for n, lines in found.items() if lines > 1}
