"""Cells and ranges of a sheet, as the worker sees them: letters for columns, numbers from 1 for rows."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from linyun.kernel.words import retold

Cell = str | float | bool | date | datetime | time | timedelta
"""What a cell holds as stored: "" when empty; numbers are floats, so that lost digits are seen."""


class Unreadable(ValueError):
    """A file that cannot be read; the text is a sentence for the worker: what it is and what to do."""

    def __str__(self) -> str:
        return retold(super().__str__())


class Merge(NamedTuple):
    """A merged range, rows and columns from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Sheet:
    """One sheet from its first cell A1; rows may be of unequal length, blank rows at the end are gone."""

    name: str
    rows: list[list[Cell]]
    merges: list[Merge] = field(default_factory=list)
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    epoch_1904: bool = False

    @property
    def width(self) -> int:
        """Columns from A to the last that holds something."""
        return max((len(r) for r in self.rows), default=0)

    def cell(self, row: int, column: int) -> Cell:
        """A cell, "" outside the sheet."""
        if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]):
            return self.rows[row][column]
        return ""


@dataclass(slots=True)
class Workbook:
    """A file taken in: its sheets in order and sentences about what was noticed."""

    filename: str
    format: str  # xlsx · xls · csv · html
    sheets: list[Sheet]
    notes: list[str] = field(default_factory=list)


def letter(column: int) -> str:
    """The letter of a column counted from 0: A … Z, AA …"""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def column_of(letters: str) -> int:
    """The column, counted from 0, of a letter."""
    number = 0
    for char in letters:
        number = number * 26 + ord(char) - 64
    return number - 1


def blank(cell: Cell) -> bool:
    """Whether a cell shows nothing."""
    return cell == "" or (isinstance(cell, str) and not cell.strip())
