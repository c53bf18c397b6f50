"""Files as committees send them, made by hand for the corpus: independent of the demonstration's own messy rosters."""

import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import openpyxl
import xlsxwriter

from linyun.kernel.values.identity import make

Rows = Sequence[Sequence[Any]]


def no(born: str, sequence: int = 998) -> str:
    """A valid identity number of nobody; the sequence is odd for men."""
    return make("310110", date.fromisoformat(born), sequence)


ZHOU = no("1949-03-05")
"""周桂芳, a woman."""
WANG = no("1948-03-05", 991)
"""王福生, her husband."""
MIN = no("1975-06-01", 996)
"""王敏, their daughter."""
TAO = no("2004-12-20", 993)
"""陶然, the grandson."""
WRONG = ZHOU[:-1] + ("1" if ZHOU[-1] != "1" else "2")
"""A number with a wrong check digit."""
HEAD = ("姓名", "身份证号", "住址", "联系电话")
DOOR = "四平路999弄12号302室"


@dataclass(frozen=True)
class Case:
    """A file and what is to come of it. ``counts``: created, updated, unchanged, conflicts, refused; they make ``rows``.

    ``refusals``: (row, column, value, words of the reason) of the first sheet, with "!" before the column when the row is
    refused whole; a sheet's name may stand first. ``holds``: what people hold afterwards, by name.
    """

    content: bytes | Callable[[], bytes]
    counts: tuple[int, int, int, int, int]
    refusals: Sequence[tuple[Any, ...]] = ()
    name: str = "名册.xlsx"
    sheet: str = "名册"
    says: str = ""
    holds: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def data(self) -> bytes:
        """The file."""
        return self.content if isinstance(self.content, bytes) else self.content()

    @property
    def expected(self) -> list[dict[str, Any]]:
        """The refusals as JSON has them; ``reason`` holds the words to be found in it."""
        made = []
        for refusal in self.refusals:
            sheet, row, column, value, reason = refusal if len(refusal) == 5 else (self.sheet, *refusal)
            scope = "row" if column[0] == "!" else "cell"
            made.append(
                {
                    "sheet": sheet,
                    "row": row,
                    "column": column.lstrip("!"),
                    "value": value,
                    "reason": reason,
                    "scope": scope,
                }
            )
        return made


def xlsx(*sheets: Rows, names: Sequence[str] = ("名册", "二网格", "说明"), merge: Sequence[str] = (),
         then: Callable[[Any], None] | None = None) -> bytes:  # fmt: skip
    """A workbook by openpyxl. ``merge``: ranges of the first sheet; ``then(book)`` does the rest."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in zip(names, sheets, strict=False):
        page = book.create_sheet(name)
        for row in rows:
            page.append([None if cell == "" else cell for cell in row])
    for span in merge:
        book.worksheets[0].merge_cells(span)
    if then:
        then(book)
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def written(write: Callable[[Any, Any], None], **options: Any) -> bytes:
    """A workbook by xlsxwriter: ``write(book, page)``."""
    output = io.BytesIO()
    with xlsxwriter.Workbook(output, {"in_memory": True, **options}) as book:
        write(book, book.add_worksheet("名册"))
    return output.getvalue()


def text(rows: Rows, *, sep: str = ",", end: str = "\r\n", encoding: str = "utf-8") -> bytes:
    """A text with separators."""
    output = io.StringIO(newline="")
    csv.writer(output, delimiter=sep, lineterminator=end).writerows(rows)
    return output.getvalue().encode(encoding)


def repacked(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """A package whose parts went through ``change(name, content)``."""
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, change(entry.filename, old.read(entry)))
    return output.getvalue()


def of(*rows: Sequence[Any], head: Sequence[Any] = HEAD, **more: Any) -> bytes:
    """A plain sheet: a head and rows below it."""
    return xlsx([head, *rows], **more)
