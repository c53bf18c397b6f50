"""Plain tables: text that leaves as .csv and that no spreadsheet runs.

A spreadsheet takes a text for a formula by its first visible character, in full width too where it runs in Chinese; such a text
gets an apostrophe before it (OWASP, CSV injection).
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

CSV = "text/csv; charset=utf-8"
FOOT = 200
"""Characters of a text below a printed page; Excel opens 255 with its own signs and the numbers of pages."""
RUNS = re.compile(r"[\s\ufeff\u200b]*[=+\-@＝＋－＠]|[\t\r\n]")


def printed_foot(text: str) -> str:
    """A text as it is written into the foot of a printed page: & begins a sign there, so it is doubled; cut to FOOT."""
    cut = text.replace("&", "&&")[:FOOT]
    return cut[:-1] if (len(cut) - len(cut.rstrip("&"))) % 2 else cut


class Sink(Protocol):
    """Where text can be written: a file, or the output of a command."""

    def write(self, text: str, /) -> object: ...


def still(value: Any) -> Any:
    """A value that no spreadsheet runs; what is no text passes unchanged."""
    return "'" + value if isinstance(value, str) and RUNS.match(value) else value


def write_csv(file: Sink, head: Sequence[Any], rows: Iterable[Sequence[Any]]) -> None:
    """Write a table with its head; None is an empty cell."""
    writer = csv.writer(file)
    writer.writerow(head)
    writer.writerows([still(value) for value in row] for row in rows)


def csv_of(head: Sequence[Any], rows: Iterable[Sequence[Any]]) -> bytes:
    """A table as a file that a spreadsheet opens rightly: UTF-8 with its mark."""
    out = io.StringIO()
    write_csv(out, head, rows)
    return out.getvalue().encode("utf-8-sig")
