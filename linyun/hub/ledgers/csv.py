"""Ledgers as .csv for Excel: UTF-8 with a byte order mark, CRLF, one header line, nothing that Excel would compute.

Excel turns long digit strings in a .csv into rounded numbers and drops leading zeros; such texts get a trailing tab,
which keeps them texts there and is white space to every importer, ours included.
"""

import csv
import io
import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, BinaryIO

from linyun.hub.ledgers.layout import Heading, moment
from linyun.kernel.values.plain import still

_SPOILT_BY_EXCEL = re.compile(
    r"\d{12,}\Z|0\d+\Z|\d{15,}[\dXx]\Z"
    r"|\d{1,4}[-/]\d{1,2}(?:[-/]\d{1,4})?\Z"  # a house 12-3 would become the third of December
    r"|\d+(?:\.\d+)?[Ee]\d{1,3}\Z|\(\d+\)\Z"  # a room 5E3 would become 5000, (3) minus three
)


class _Texts(dict[Any, Any]):
    def __missing__(self, value: Any) -> Any:
        text = self[value] = _safe(value)
        return text


def _safe(value: Any) -> Any:
    """A value as the file holds it: numbers as they are, texts that Excel would run or spoil disarmed."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, str) or not value:
        return value
    return value + "\t" if _SPOILT_BY_EXCEL.match(value) else still(value)


def write(headings: Sequence[Heading], data: Sequence[Sequence[Any]], target: BinaryIO) -> None:
    """Write a ledger's columns (one sequence per heading) with one header line: ``户籍人口 · 男``."""
    text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([_safe(h.full_name) for h in headings])
    safe = _Texts()
    writer.writerows(zip(*(map(safe.__getitem__, column) for column in data), strict=True))
    text.flush()
    text.detach()
