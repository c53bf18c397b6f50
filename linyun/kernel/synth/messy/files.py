"""Pages of cells, and writing them as .xlsx and .csv."""

import csv
import io
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from linyun.kernel.synth.messy.spelling import Cell


@dataclass(slots=True)
class Page:
    """A sheet: cells by (row, column) from 0, merged ranges, hidden rows; ``phantom``: a formatted cell far off."""

    name: str
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    phantom: tuple[int, int] | None = None

    def put(self, row: int, values: list[Cell], start: int = 0) -> None:
        """Values from left to right; None leaves a cell out."""
        for offset, value in enumerate(values):
            if value is not None:
                self.cells[row, start + offset] = value

    def spread(self, row: int, column: int, last_row: int, last_column: int, value: Cell) -> None:
        """One value over a merged range."""
        self.cells[row, column] = value
        if (row, column) != (last_row, last_column):
            self.merges.append((row, column, last_row, last_column))


def write_xlsx(pages: list[Page], path: Path, created: date) -> None:
    """Write a workbook; the same pages give the same bytes."""
    with xlsxwriter.Workbook(str(path)) as book:
        book.set_properties({"created": datetime(created.year, created.month, created.day), "author": "居委会"})  # noqa: DTZ001 – a workbook's time has no zone
        head = book.add_format({"bold": True, "align": "center", "border": 1})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        frame = book.add_format({"border": 1})
        for page in pages:
            sheet = book.add_worksheet(page.name)
            covered = {(row, column) for row, column, _, _ in page.merges}
            for top, left, bottom, right in page.merges:
                sheet.merge_range(top, left, bottom, right, page.cells[top, left], head)
            for (row, column), value in page.cells.items():
                if (row, column) not in covered:
                    _write(sheet, row, column, value, day)
            for row in page.hidden:
                sheet.set_row(row, None, None, {"hidden": True})
            if page.phantom:
                sheet.write_blank(*page.phantom, None, frame)


def _write(sheet: Any, row: int, column: int, value: Cell, day: Any) -> None:
    if isinstance(value, datetime):
        sheet.write_datetime(row, column, value, day)
    elif isinstance(value, str):
        sheet.write_string(row, column, value)
    elif value is not None:
        sheet.write_number(row, column, value)


def write_csv(page: Page, path: Path, encoding: str) -> None:
    """Write one page as text with CRLF, as Excel saves it."""
    height = max(row for row, _ in page.cells) + 1
    width = max(column for _, column in page.cells) + 1
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    for row in range(height):
        writer.writerow([page.cells.get((row, column), "") for column in range(width)])
    path.write_bytes(text.getvalue().encode(encoding))
