"""Where a table begins and what its columns are called: titles above, heads of several rows, help rows below."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from linyun.hub.exchange.reading.cells import Cell, Merge, Sheet, blank, letter
from linyun.hub.exchange.reading.words import Vocabulary, fold
from linyun.kernel.values.text import clean

SEARCHED_ROWS = 30  # rows that hold something, from the top
DEPTH = 3
_LONGEST_TEXT = 120
_MOST_COLUMNS = 400
_HELP = re.compile(r"必填|选填|可选|非必填|填写|格式[为:：]|如[:：]|例如|下拉|请|文本型|YYYY", re.I)
_EXAMPLE = re.compile(r"\(?(?:示例|例|样例|例如|举例|填写示例|样表)\)?(?:[:\d]*\Z|:)")
_DATA = re.compile(r"\d{6,}|\d{4}[-./年]\d{1,2}|https?://|[0-9]+号.*室|\d+弄")
_NUMBERED = re.compile(r"\(?(\d{1,2})\)?\Z|[甲乙丙丁戊己庚辛壬癸]\Z|[A-Z]\Z")


@dataclass(slots=True)
class HeadColumn:
    """One column of a head. ``path``: its cells from the upper row to the lower; ``hint``: the help row's words."""

    index: int
    path: tuple[str, ...]
    hint: str = ""

    @property
    def header(self) -> str:
        """The column's name with its upper heads: 户主/姓名; the letter of a column without one."""
        return "/".join(self.path)

    @property
    def letter(self) -> str:
        """A, B …"""
        return letter(self.index)

    @property
    def required(self) -> bool:
        """Whether the form asks for it: a star at the name, or 必填 in the help row."""
        return any("*" in p or "＊" in p for p in self.path) or self.hint.startswith("必填")


@dataclass(slots=True)
class Head:
    """The head of a table: its rows (from 0, both included), columns, and the first row that may hold data."""

    top: int
    bottom: int
    columns: list[HeadColumn]
    first: int
    titles: list[str] = field(default_factory=list)
    hits: float = 0.0

    @property
    def names(self) -> list[str]:
        """The columns' names in order."""
        return [c.header for c in self.columns]


def find(sheet: Sheet, words: Vocabulary) -> Head | None:
    """The head of the sheet's table, or None when no row of the first thirty looks like one."""
    rows = list(_candidates(sheet))
    scored = [(s, i) for i in rows if (s := _score(sheet, i, words)) >= 1.5]
    if not scored:
        return _plain_head(sheet, rows)
    best = max(scored, key=lambda pair: (round(pair[0], 2), -pair[1]))[1]
    top, bottom = _upward(sheet, best), _downward(sheet, best, words)
    head = Head(top, bottom, _columns(sheet, top, bottom), bottom + 1)
    head.hits = sum(words.score(c.path[-1]) for c in head.columns if c.path)
    return _finish(sheet, head)


def _candidates(sheet: Sheet) -> Iterator[int]:
    seen = 0
    for index, row in enumerate(sheet.rows):
        if any(not blank(c) for c in row):
            seen += 1
            yield index
        if seen >= SEARCHED_ROWS:
            return


def _texts(sheet: Sheet, row: int) -> list[str]:
    return [clean(c) if isinstance(c, str) else "" for c in sheet.rows[row]]


def _score(sheet: Sheet, row: int, words: Vocabulary) -> float:
    """Known header words in the row, less the cells that look like data. A lone cell is a title, not a head."""
    cells = [c for c in sheet.rows[row] if not blank(c)]
    texts = [clean(c) for c in cells if isinstance(c, str)]
    if len(cells) < 2:
        return (
            words.score(texts[0]) + 0.6 if texts and len(sheet.rows[row]) == 1 and words.score(texts[0]) == 1 else 0.0
        )
    scores = {fold(t): words.score(t) for t in texts if len(t) <= _LONGEST_TEXT}
    data = sum(1 for c in cells if _is_data(c))
    helps = sum(1 for t in texts if _HELP.match(t))
    return sum(scores.values()) - 1.5 * data - helps


def _is_data(cell: Cell) -> bool:
    if isinstance(cell, str):
        return bool(_DATA.search(cell))
    return isinstance(cell, float | date) and not (isinstance(cell, float) and 1900 <= cell <= 2100)


def _plain_head(sheet: Sheet, rows: list[int]) -> Head | None:
    """No known word anywhere: the first row of several short, different texts may still be a head of something else."""
    for index in rows[:10]:
        texts = [t for t in _texts(sheet, index) if t]
        cells = [c for c in sheet.rows[index] if not blank(c)]
        if len(texts) >= 2 and len(texts) == len(cells) == len(set(texts)) and not any(map(_is_data, cells)):
            return _finish(sheet, Head(index, index, _columns(sheet, index, index), index + 1))
    return None


def _covering(sheet: Sheet, row: int, column: int) -> Merge | None:
    return next((m for m in sheet.merges if m.top <= row <= m.bottom and m.left <= column <= m.right), None)


def _merged_within(sheet: Sheet, top: int, bottom: int) -> bool:
    return any(m.top <= bottom and m.bottom >= top for m in sheet.merges)


def _upward(sheet: Sheet, row: int) -> int:
    """The first row of the head: group cells spread over the row, or cells that reach down into it, lie above."""
    top = row
    while top > 0 and row - top < DEPTH - 1 and _is_upper(sheet, top - 1, top):
        top -= 1
    return top


def _is_upper(sheet: Sheet, above: int, row: int) -> bool:
    cells = {i: c for i, c in enumerate(sheet.rows[above]) if not blank(c)}
    below = {i for i, c in enumerate(sheet.rows[row]) if not blank(c)}
    if not cells or any(
        not isinstance(c, str) or len(c) > 20 or re.search("[:：]", c) or _is_data(c) for c in cells.values()
    ):
        return False
    first, last = min(below), max(below)
    merges = [m for i in cells if (m := _covering(sheet, above, i))]
    if any(m[0] <= above and m[2] >= row for m in merges):
        return True
    if any(m[1] <= first and m[3] >= last for m in merges) or len(cells) == 1 and (first in cells or len(below) > 3):
        return False
    wide = [m for m in merges if m[3] > m[1]]
    return bool(wide) or (not _merged_within(sheet, above, row) and 2 <= len(cells) < len(below))


def _downward(sheet: Sheet, row: int, words: Vocabulary) -> int:
    """The last row of the head: lower heads stand only under cells that are spread over several columns."""
    bottom = row
    while bottom - row < DEPTH - 1 and bottom + 1 < len(sheet.rows) and _is_lower(sheet, bottom, bottom + 1, words):
        bottom += 1
    return bottom


def _is_lower(sheet: Sheet, row: int, below: int, words: Vocabulary) -> bool:
    cells = {i: c for i, c in enumerate(sheet.rows[below]) if not blank(c)}
    upper = {i for i, c in enumerate(sheet.rows[row]) if not blank(c)}
    if not cells or any(not isinstance(c, str) or _is_data(c) or len(c) > 20 for c in cells.values()):
        return False
    if _is_numbering(list(cells.values())) or _is_help(list(cells.values())):
        return False
    reaching = {i for i in upper if (m := _covering(sheet, row, i)) and m.bottom >= below}
    if reaching and upper - reaching <= cells.keys():
        return True
    merged = _merged_within(sheet, row, below)
    for index in cells:
        merge = _covering(sheet, row, index)
        spread = merge is not None and merge[3] > merge[1]
        if not spread and (merged or index in upper and index + 1 in upper):
            return False
    known = sum(words.score(str(c)) >= 0.5 for c in cells.values())
    return known > 0 or any(_covering(sheet, row, i) for i in cells)


def _columns(sheet: Sheet, top: int, bottom: int) -> list[HeadColumn]:
    """Columns from the first to the last that the head or, beside it, the data below name."""
    width = max(len(sheet.rows[r]) for r in range(top, bottom + 1))
    paths = {c: _path(sheet, top, bottom, c) for c in range(width)}
    named = [c for c, path in paths.items() if path]
    if not named:
        return []
    sample = sheet.rows[bottom + 1 : bottom + 200]
    last = max([max(named)] + [i for row in sample for i, c in enumerate(row) if i > max(named) and not blank(c)])
    last = min(last, min(named) + _MOST_COLUMNS)
    return [HeadColumn(c, paths.get(c, ())) for c in range(min(named), last + 1)]


def _path(sheet: Sheet, top: int, bottom: int, column: int) -> tuple[str, ...]:
    path: list[str] = []
    for row in range(top, bottom + 1):
        text = clean(_head_cell(sheet, row, column, row < bottom)).replace("\n", "")
        if text and (not path or path[-1] != text):
            path.append(text)
    return tuple(path)


def _head_cell(sheet: Sheet, row: int, column: int, upper: bool) -> Cell:
    """A head cell through its merge; in files without merges, a blank upper cell belongs to the one on its left."""
    merge = _covering(sheet, row, column)
    if merge:
        return sheet.cell(merge[0], merge[1])
    cell = sheet.cell(row, column)
    if upper and blank(cell) and not _merged_within(sheet, row, row + 1) and not blank(sheet.cell(row + 1, column)):
        left = next((c for c in range(column - 1, -1, -1) if not blank(sheet.cell(row, c))), None)
        return "" if left is None else sheet.cell(row, left)
    return cell


def _finish(sheet: Sheet, head: Head) -> Head:
    """Titles above, help, numbering and example rows below."""
    head.titles = [clean(c) for row in sheet.rows[: head.top] for c in row if isinstance(c, str) and not blank(c)]
    while head.first < len(sheet.rows) and head.first - head.bottom <= 4:
        cells = [c for c in sheet.rows[head.first] if not blank(c)]
        if cells and _is_help(cells):
            for column in head.columns:
                column.hint = clean(sheet.cell(head.first, column.index))
        elif not (cells and (_is_numbering(cells) or _EXAMPLE.match(clean(cells[0])))):
            break
        head.first += 1
    return head


def _is_help(cells: list[Cell]) -> bool:
    texts = [c for c in cells if isinstance(c, str)]
    return len(texts) == len(cells) and 2 * sum(bool(_HELP.search(t)) for t in texts) > len(texts) and len(cells) > 1


def _is_numbering(cells: list[Cell]) -> bool:
    """A row that numbers the columns: 1 2 3 …, (1) (2) …, 甲 乙 丙."""
    if len(cells) < 3:
        return False
    found = [_NUMBERED.match(clean(c)) for c in cells]
    if not all(found):
        return False
    numbers = [int(m[1]) for m in found if m and m[1]]
    return numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else True
