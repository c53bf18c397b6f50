"""Tables that are plain text: CSV in the encodings of Chinese offices, and HTML pages that call themselves .xls."""

import csv
import io
import re
from html.parser import HTMLParser

from linyun.hub.exchange.reading.cells import Cell, Merge, Sheet, Unreadable
from linyun.kernel.words import say

COLUMNS_LIMIT = 1_000
SPAN_LIMIT = 1_000
CELLS_LIMIT = 5_000_000  # of all tables of a page, as they are laid out: a span costs nothing to write
_DELIMITERS = ",\t;|，"
_LITERAL = re.compile(r'="(.*)"\Z', re.S)
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_CHARSET = re.compile(rb"charset=[\"']?([A-Za-z0-9\-]+)", re.I)


def decode(data: bytes) -> tuple[str, str]:
    """The text of a file and its encoding: BOM, UTF-16 without BOM, UTF-8, GB18030. Raises Unreadable."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _decoded(data, encoding), encoding
    if data[:400].count(0) * 4 >= len(data[:400]):
        encoding = "utf-16-le" if data[1:400:2].count(0) >= data[0:400:2].count(0) else "utf-16-be"
        return _decoded(data, encoding), encoding
    if b"\0" in data:
        raise Unreadable(say("这不是表格文件。请上传 .xlsx、.xls 或 .csv 文件"))
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 3 and len(data) > 100:
            return data[: error.start].decode("utf-8"), "utf-8"
    return _decoded(data, "gb18030"), "gb18030"


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable(say("文件的文字编码认不出来。请在 Excel 里打开，另存为 .xlsx 后再上传")) from error


def read_csv(text: str, name: str) -> Sheet:
    """A text with separators as one sheet; every cell is text as written, Excel's ="012" is 012."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    first, _, rest = text.partition("\n")
    delimiter = _delimiter(text)
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        delimiter, text = first.strip()[4], rest
    rows: list[list[Cell]] = []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append([m[1] if c[:2] == '="' and (m := _LITERAL.match(c)) else c for c in record])
    except csv.Error as error:
        raise Unreadable(
            say("第 {n} 行附近的引号或分隔不成对，读不下去。请改正或另存为 .xlsx 后再上传", n=len(rows) + 1)
        ) from error
    return Sheet(name, rows)


def _delimiter(text: str) -> str:
    """The sign that cuts most of the first lines into the same number of cells, more than one."""
    lines = [line for line in text[:65_536].split("\n") if line.strip()][:50]
    best, score = ",", 0.0
    for sign in _DELIMITERS:
        widths = [len(row) for row in csv.reader(lines, delimiter=sign)]
        common = max(set(widths), key=lambda w: (w > 1, widths.count(w), w), default=1)
        value = widths.count(common) * (common > 1) + common * 0.01
        if value > score:
            best, score = sign, value
    return best


def looks_like_html(data: bytes) -> bool:
    """Whether a file is a web page."""
    head = data[:2048].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    return head.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<style")) or b"<table" in head


def read_html(data: bytes) -> list[Sheet]:
    """The tables of a page, each as a sheet; row and column spans become merged ranges."""
    declared = _CHARSET.search(data[:2048])
    text = ""
    if declared and not data.startswith(b"\xef\xbb\xbf"):
        try:
            text = data.decode(declared[1].decode().replace("gb2312", "gb18030").replace("gbk", "gb18030"))
        except (LookupError, UnicodeDecodeError):
            text = ""
    reader = _Tables()
    reader.feed(text or decode(data)[0])
    reader.close()
    found = [t for t in reader.tables if t.rows]
    if not found:
        raise Unreadable(say("这是网页文件，里面没有表格。请在浏览器里打开，把表格复制到 Excel 后再上传"))
    return found


class _Tables(HTMLParser):
    """Collects cells of outermost and nested tables alike, in the order in which they begin."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[Sheet] = []
        self._open: list[Sheet] = []
        self._text: list[str] | None = None
        self._at = (0, 0)
        self._taken: dict[int, dict[int, set[int]]] = {}
        self._cells = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a table, a row or a cell."""
        if tag == "table":
            self._end_cell()  # of the table outside, where this one stands in a cell
            sheet = Sheet(f"表{len(self.tables) + 1}", [])
            self.tables.append(sheet)
            self._open.append(sheet)
            self._taken[id(sheet)] = {}
        elif tag == "tr" and self._open:
            self._end_cell()
            self._taken[id(self._open[-1])].pop(len(self._open[-1].rows) - 1, None)
            self._open[-1].rows.append([])
        elif tag in ("td", "th") and self._open:
            self._end_cell()
            self._begin_cell(dict(attrs))
        elif tag == "br" and self._text is not None:
            self._text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """End a cell, a row or a table."""
        if tag in ("td", "th", "tr", "table"):
            self._end_cell()
        if tag == "table" and self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        """Text belongs to the open cell."""
        if self._text is not None:
            self._text.append(data)

    def _begin_cell(self, attributes: dict[str, str | None]) -> None:
        sheet = self._open[-1]
        if not sheet.rows:
            sheet.rows.append([])
        row = len(sheet.rows) - 1
        taken = self._taken[id(sheet)]
        column = len(sheet.rows[row])
        while column in taken.get(row, ()):
            column += 1
        if column >= COLUMNS_LIMIT:
            return
        across, down = _span(attributes.get("colspan")), _span(attributes.get("rowspan"))
        across = min(across, COLUMNS_LIMIT - column)
        if across > 1 or down > 1:
            sheet.merges.append(Merge(row, column, row + down - 1, column + across - 1))
        if across * down <= SPAN_LIMIT:
            for below in range(row + 1, row + down):
                taken.setdefault(below, set()).update(range(column, column + across))
        more = column - len(sheet.rows[row]) + across
        self._cells += more
        if self._cells > CELLS_LIMIT:
            raise Unreadable(say("网页里的表格大得异常，没有读下去。请在 Excel 里打开，另存为 .xlsx 后再上传"))
        sheet.rows[row].extend([""] * more)
        self._at = (row, column)
        self._text = []

    def _end_cell(self) -> None:
        if self._text is not None and self._open:
            row, column = self._at
            self._open[-1].rows[row][column] = "".join(self._text).replace("\xa0", " ").strip()
        self._text = None


def _span(value: str | None) -> int:
    return min(max(int(value), 1), SPAN_LIMIT) if value and value.isascii() and value.isdigit() else 1
