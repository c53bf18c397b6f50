"""The file that goes back: refused rows in the layout they came in, bad cells marked, reasons written beside them."""

import io
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import chain, count
from typing import Any

import xlsxwriter

from linyun.hub.exchange.reading.cells import Cell, Merge, blank, column_of
from linyun.hub.exchange.reading.header import Head
from linyun.hub.exchange.reading.rows import Row
from linyun.hub.exchange.reading.table import Table
from linyun.kernel.values.plain import printed_foot
from linyun.kernel.values.text import FailedCell, text_of

REASON, ORIGIN = "退回原因", "原表行号"
_WIDEST = 40
_FORMATS: Mapping[str, Mapping[str, Any]] = {
    "plain": {"num_format": "@", "valign": "top"},
    "head": {"num_format": "@", "bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True},
    "bad": {"num_format": "@", "bg_color": "#FDE2E0", "border": 1, "border_color": "#C0392B", "valign": "top"},
    "reason": {"num_format": "@", "font_color": "#A93226", "text_wrap": True, "valign": "top"},
    "carried": {"num_format": "@", "font_color": "#7F8C8D", "italic": True, "valign": "top"},
}


def corrections(
    tables: Iterable[Table], problems: Iterable[Mapping[str, Any]], today: date | None = None, mark: str = ""
) -> bytes:
    """An .xlsx with the rows that have ``problems`` (as Problem._asdict()), one sheet for each sheet that has any.

    Titles, head rows, column order and merged head cells are as they came, so that the file maps as before. Every cell
    is text: numbers keep their digits and nothing that begins with = + - @ is run. Addresses that were carried from a
    row above are written out, since that row is not in this file. Lost digits stay lost: they must be typed again.
    ``mark`` (of whom, when, what for) stands in the file's properties and at the foot of printed pages.
    """
    wanted: dict[str, dict[int, list[Mapping[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for problem in problems:
        wanted[problem["sheet"]][int(problem["row"])].append(problem)
    output = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(output, options) as book:
        formats = {name: book.add_format(dict(style)) for name, style in _FORMATS.items()}
        book.set_properties({"comments": mark})
        for table in tables:
            if table.sheet.name in wanted and table.head is not None:
                page = book.add_worksheet(_sheet_name(table.sheet.name, {p.name.lower() for p in book.worksheets()}))
                _Page(page, table, formats).write(wanted[table.sheet.name], today)
                page.set_footer(f"&L&7 {printed_foot(mark)}" if mark else "")
        if not book.worksheets():
            book.add_worksheet("没有退回的行")
    return output.getvalue()


def _sheet_name(name: str, taken: Collection[str] = ()) -> str:
    """A sheet name as Excel allows it, and another one than those taken: 表/1 and 表_1 are two sheets."""
    bare = "".join("_" if c in "[]:*?/\\" else c for c in name)[:31].strip("'") or "表1"
    ends = chain([""], (f"-{n}" for n in count(2)))
    fitting = (f"{bare[: 31 - len(end)]}{end}" for end in ends)
    return next(n for n in fitting if n.lower() not in taken)


class _Page:
    """Writes one sheet of corrections."""

    def __init__(self, page: Any, table: Table, formats: Mapping[str, Any]) -> None:
        self.page, self.sheet, self.formats = page, table.sheet, formats
        self.table = table
        assert table.head is not None
        self.head: Head = table.head
        mine = {g.column.index for g in table.guesses if g.target in ("@reason", "@origin_row")}
        used = [g.column.index for g in table.guesses if g.column.index not in mine]
        self.reason = min(mine, default=max(used, default=-1) + 1)
        self.width = self.reason

    def write(self, wanted: Mapping[int, Sequence[Mapping[str, Any]]], today: date | None) -> None:
        """Head rows, then the wanted rows one after another."""
        self._write_head()
        read = {r.number: r for r in self.table.rows(today) if r.number in wanted}
        for line, number in enumerate(sorted(wanted), start=self.head.first):
            self._write_row(line, number, read.get(number), wanted[number])

    def _write_head(self) -> None:
        for index in range(self.head.first):
            for column in range(self.width):
                cell = self.sheet.cell(index, column)
                if not blank(cell):
                    style = "head" if index >= self.head.top else "plain"
                    self.page.write_string(index, column, shown(cell), self.formats[style])
        for merge in self._head_merges():
            text = shown(self.sheet.cell(merge.top, merge.left))
            self.page.merge_range(*merge, "", self.formats["head"])
            self.page.write_string(merge.top, merge.left, text, self.formats["head"])
        bottom = max(self.head.bottom, 0)
        self.page.write_string(bottom, self.reason, REASON, self.formats["head"])
        self.page.write_string(bottom, self.reason + 1, ORIGIN, self.formats["head"])
        self.page.freeze_panes(self.head.first, 0)
        for column in range(self.width):
            longest = max(
                (len(shown(self.sheet.cell(r, column))) for r in range(self.head.top, self.head.first)), default=8
            )
            self.page.set_column(column, column, min(max(2 * longest + 2, 12), _WIDEST))
        self.page.set_column(self.reason, self.reason, 60)

    def _head_merges(self) -> Iterator[Merge]:
        """The merged ranges of the head; of overlapping ones, which some programs leave behind, the first."""
        taken: set[tuple[int, int]] = set()
        for merge in self.sheet.merges:
            if merge.bottom >= self.head.first or merge.right >= self.width:
                continue
            cells = {
                (row, column)
                for row in range(merge.top, merge.bottom + 1)
                for column in range(merge.left, merge.right + 1)
            }
            if len(cells) > 1 and taken.isdisjoint(cells):
                taken |= cells
                yield merge

    def _write_row(self, line: int, number: int, row: Row | None, problems: Sequence[Mapping[str, Any]]) -> None:
        raw = self.sheet.rows[number - 1] if number <= len(self.sheet.rows) else []
        cells: Sequence[Cell] = row.cells if row is not None else raw
        reasons = {self._column(p["column"]): str(p["reason"]) for p in problems}
        for column in range(self.width):
            cell = cells[column] if column < len(cells) else ""
            style = "plain" if column >= len(raw) or raw[column] == cell else "carried"
            if column in reasons:
                self.page.write_string(line, column, shown(cell), self.formats["bad"])
                self.page.write_comment(line, column, reasons[column], {"x_scale": 2})
            elif not blank(cell):
                self.page.write_string(line, column, shown(cell), self.formats[style])
        text = "；".join(f"{p['column']}：{p['reason']}" for p in problems)
        self.page.write_string(line, self.reason, text, self.formats["reason"])
        self.page.write_string(line, self.reason + 1, str(number), self.formats["plain"])

    def _column(self, label: str) -> int:
        """The column that a problem names: "D 身份证号码", or a header alone."""
        for guess in self.table.guesses:
            if label.partition(" ")[0] == guess.column.letter or label == guess.column.header:
                return guess.column.index
        letters = label.partition(" ")[0]
        return column_of(letters) if letters.isascii() and letters.isalpha() and letters.isupper() else -1


def shown(cell: Cell) -> str:
    """A cell as text in a file that goes back: days as 1948-03-05, whole numbers in full, a failed formula empty."""
    if isinstance(cell, FailedCell):
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e19:
        return f"{cell:.0f}" if abs(cell) < 1e15 else f"{cell:.14E}"
    if isinstance(cell, datetime | date | time | timedelta | bool | float):
        return text_of(cell)
    return cell
