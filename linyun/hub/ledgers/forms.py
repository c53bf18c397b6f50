"""Official blanks: an uploaded .xlsx is understood once, and comes back filled in its own form.

The reader of imports finds the head (it knows titles, merged heads, help rows); here its columns are matched with the
cells of a source, and rows are written under it in the style of the blank's first row.
"""

import io
import re
import warnings
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, MergedCell
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.worksheet.worksheet import Worksheet
from rapidfuzz import fuzz, process

from linyun.hub.exchange.reading import Unreadable, read
from linyun.hub.exchange.reading.header import HeadColumn, find
from linyun.hub.exchange.reading.words import Vocabulary as HeaderWords
from linyun.hub.exchange.reading.words import fold
from linyun.hub.ledgers.cells import SEQUENCE, Cell
from linyun.hub.ledgers.closing import Column
from linyun.hub.ledgers.layout import Heading, moment
from linyun.hub.ledgers.xlsx import FIRST_SAFE_DAY
from linyun.kernel.declare import Item, Kind
from linyun.kernel.values.plain import printed_foot
from linyun.kernel.words import say

SIZE_LIMIT = 5 * 1024 * 1024
CLOSE = 75
"""Similarity in per cent from which a header is proposed for a cell whose name it nearly is."""
_FOOT = (
    "填表人",
    "填报人",
    "制表人",
    "审核人",
    "负责人签",
    "单位盖章",
    "盖章",
    "合计",
    "总计",
    "备注：",
    "说明：",
    "注：",
    "签名",
)
_SPECIAL = {
    "@sequence": SEQUENCE,
    "@address": "address",
    "@registered": "registered_text",
    "@estate": "estate",
    "@building": "building_text",
    "@room": "room_text",
    "@household": "household_number",
    "@relation": "relation_to_head",
    "@head_name": "head_name",
    "@head_phone": "head_phone",
    "@head_identity": "head_identity",
    "@age": "age",
    "@remark": "remark",
    "@tags": "tags",
    "@visit_date": "visited_on",
    "@visit_mode": "visit_mode",
    "@visitor": "visitor",
}
"""The cells that the reader's special header words mean."""


_REFERENCE = re.compile(
    r"(?<![A-Za-z0-9_$!'])(?P<first>\$?[A-Z]{1,3}\$?)(?P<start>\d+)(?::(?P<last>\$?[A-Z]{1,3}\$?)(?P<end>\d+))?(?![\w(])"
)


class BadForm(ValueError):
    """A file cannot serve as a blank form; the text is a sentence for the worker."""


@dataclass(frozen=True, slots=True)
class FormColumn:
    """A column of a blank. ``number`` counts from 1; ``value`` is the proposed cell, "" for none; ``sure`` 0 … 1."""

    number: int
    letter: str
    path: tuple[str, ...]
    value: str
    sure: float

    @property
    def name(self) -> str:
        """The header with its upper heads."""
        return " · ".join(self.path)


@dataclass(frozen=True, slots=True)
class Blank:
    """A blank as it was understood: sheet, last row of the head and first row to fill (from 1), columns, titles."""

    sheet: str
    head_row: int
    first_row: int
    columns: tuple[FormColumn, ...]
    title: str


def understand(content: bytes, file_name: str, cells: Mapping[str, Cell], items: Sequence[Item]) -> Blank:
    """Find the head of a blank and propose a cell for each of its columns. Raises BadForm."""
    if len(content) > SIZE_LIMIT:
        raise BadForm(say("文件太大，空表一般不超过 5 MB。请只保留需要的工作表，另存后再上传"))
    try:
        book = read(content, file_name)
    except Unreadable as refused:
        raise BadForm(str(refused)) from refused
    if book.format != "xlsx":
        raise BadForm(say("空表请用 .xlsx 格式。请在 Excel 或 WPS 里另存为 .xlsx 后再上传"))
    words = HeaderWords(items)
    found = [(sheet, head) for sheet in book.sheets if not sheet.hidden and (head := find(sheet, words))]
    if not found:
        raise BadForm(say("没有找到表头。表头应当是一行（或合并的两三行）列名，例如：序号、姓名、住址"))
    sheet, head = max(found, key=lambda pair: len([c for c in pair[1].columns if c.path]))
    columns = tuple(_proposed(c, cells, words) for c in head.columns if c.path)
    title = next((t for t in head.titles if t), sheet.name)
    return Blank(sheet.name, head.bottom + 1, head.first + 1, columns, title)


def _proposed(column: HeadColumn, cells: Mapping[str, Cell], words: HeaderWords) -> FormColumn:
    value, sure = _best(column.path, cells, words)
    return FormColumn(column.index + 1, column.letter, column.path, value, sure)


def _best(path: tuple[str, ...], cells: Mapping[str, Cell], words: HeaderWords) -> tuple[str, float]:
    """The cell that a header most likely means: by the reader's words, else by the names of the source's cells."""
    offered = {SEQUENCE, *cells}
    for text in ("/".join(path), path[-1]):
        for candidate in words.look(text):
            code = _SPECIAL.get(candidate.target, candidate.target.rpartition(".")[2])
            if code in offered and candidate.score >= 0.5:
                return code, candidate.score
    names = {fold(cell.name): code for code, cell in cells.items()}
    near = process.extractOne(fold(path[-1]), list(names), scorer=fuzz.ratio, score_cutoff=CLOSE)
    return (names[near[0]], near[1] / 100) if near else ("", 0.0)


@dataclass(frozen=True, slots=True)
class Mapped:
    """A blank with its mapping as it was confirmed: a cell code per column number, "" for columns left empty."""

    content: bytes
    sheet: str
    first_row: int
    mapping: Mapping[int, str]


def fill(blank: Mapped, headings: Sequence[Heading], data: Sequence[Column], mark: str = "") -> bytes:
    """The blank with a ledger's rows under its head, in the style of its first row; what stood below moves down.

    ``mark`` stands in the file's properties, and at the foot of printed pages where the blank has nothing there.
    Raises BadForm when the file can no longer be opened or its sheet is gone.
    """
    book = _open(blank.content)
    if blank.sheet not in book.sheetnames:
        raise BadForm(say("空表里没有工作表“{sheet}”，请重新上传", sheet=blank.sheet))
    sheet = book[blank.sheet]
    at = {h.value: n for n, h in enumerate(headings)}
    columns = {number: (headings[at[v]], data[at[v]]) for number, v in blank.mapping.items() if v in at}
    count = len(data[0]) if data else 0
    _make_room(sheet, blank.first_row, count)
    width = max([sheet.max_column, *columns])
    pattern = [sheet.cell(blank.first_row, c) for c in range(1, width + 1)]
    height = sheet.row_dimensions[blank.first_row].height
    for n in range(count):
        row = blank.first_row + n
        if n and height:
            sheet.row_dimensions[row].height = height
        for cell in pattern:
            target = sheet.cell(row, cell.column)
            if n and not isinstance(target, MergedCell):
                target._style = copy(cell._style)
        for number, (heading, values) in columns.items():
            _put(sheet.cell(row, number), heading, values[n])
    if mark:
        book.properties.description = mark
        if not sheet.oddFooter.left.text:
            sheet.oddFooter.left.text = printed_foot(mark)
    target_file = io.BytesIO()
    book.save(target_file)
    return target_file.getvalue()


def _open(content: bytes) -> openpyxl.Workbook:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of what it leaves out: data validation extensions, charts
            return openpyxl.load_workbook(io.BytesIO(content))
    except Exception as error:
        raise BadForm(say("空表打不开，请在 Excel 里另存为 .xlsx 后重新上传")) from error


def _put(cell: SheetCell | MergedCell, heading: Heading, value: Any) -> None:
    if isinstance(cell, MergedCell) or value is None or value == "":
        return
    if isinstance(value, date) and cell.number_format == "General":
        cell.number_format = "yyyy-mm-dd"
    if heading.kind in (Kind.IDENTITY, Kind.PHONE):
        cell.number_format = "@"
    value = _as_excel_takes(value)
    cell.value = value
    if isinstance(value, str):
        # Whatever a text begins with, it is a text and no formula.
        cell.data_type = "s"
        cell.quotePrefix = value[:1] in tuple("=+-@")


def _as_excel_takes(value: Any) -> Any:
    """A value that the sheet can hold, worded as our own workbooks word it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date) and value < FIRST_SAFE_DAY:
        return value.isoformat()
    return ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value


def _is_foot(sheet: Worksheet, row: int) -> bool:
    texts = [str(c.value).strip() for c in sheet[row] if c.value not in (None, "")]
    return any(t.startswith(_FOOT) or t.rstrip("：:").startswith(_FOOT) for t in texts)


def _make_room(sheet: Worksheet, first: int, count: int) -> None:
    """Clear example rows, and move signatures, totals and notes below down as far as the rows need."""
    last = sheet.max_row
    foot = next((r for r in range(first, last + 1) if _is_foot(sheet, r)), last + 1)
    for merged in list(sheet.merged_cells.ranges):
        if first <= merged.min_row < foot:
            sheet.unmerge_cells(str(merged))
    for row in sheet.iter_rows(min_row=first, max_row=foot - 1):
        for cell in row:
            if not isinstance(cell, MergedCell):
                cell.value = None
    missing = count - (foot - first)
    if missing <= 0 or foot > last:
        return
    below = [m for m in list(sheet.merged_cells.ranges) if m.min_row >= foot]
    for merged in below:
        sheet.unmerge_cells(str(merged))
    heights = {r: sheet.row_dimensions[r].height for r in range(foot, last + 1)}
    sheet.move_range(f"A{foot}:{openpyxl.utils.get_column_letter(sheet.max_column)}{last}", rows=missing)
    for merged in below:
        merged.shift(row_shift=missing)
        sheet.merge_cells(str(merged))
    for row, height in heights.items():
        sheet.row_dimensions[row + missing].height = height
    for row in sheet.iter_rows(min_row=foot + missing, max_row=last + missing):
        for cell in row:
            if isinstance(cell.value, str) and cell.data_type == "f":
                cell.value = _REFERENCE.sub(lambda found: _moved(found, foot, missing), cell.value)


def _moved(found: re.Match[str], foot: int, missing: int) -> str:
    """A reference of a total below: what reached down to its own row still does after it moved."""
    start, end = int(found["start"]), int(found["end"] or 0)
    start += missing if start >= foot else 0
    end += missing if end >= foot - 1 else 0
    return f"{found['first']}{start}" + (f":{found['last']}{end}" if end else "")
