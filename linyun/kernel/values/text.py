"""Cells as text: full-width and invisible characters, Excel's ways of writing numbers, words that mean "blank"."""

import math
import re
from datetime import date, datetime, time, timedelta
from typing import Any

from linyun.kernel.words import say

_FULL = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_INVISIBLE = dict.fromkeys(
    [0x00AD, 0x034F, 0x061C, 0x180E, 0xFEFF, 0xFFF9, 0xFFFA, 0xFFFB]
    + [*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)]
    + [c for c in range(0x20) if c not in (9, 10, 13)]
    + [*range(0x7F, 0xA0)]
)
_DASHES = dict.fromkeys([0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212, 0xFE58, 0xFE63, 0x2500], "-")
_SPACES = dict.fromkeys([0x00A0, 0x3000, 0x2028, 0x2029, *range(0x2000, 0x200B), 0x202F, 0x205F], " ")
_NARROW = {**_FULL, **_INVISIBLE, **_SPACES}
_PLAIN = {**_INVISIBLE, **_SPACES}

_EXCEL_LITERAL = re.compile(r'="(.*)"\Z', re.S)
_RUN = re.compile(r"\s+")
_ERRORS = frozenset(["#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#GETTING_DATA"])

EMPTY_MARKS = frozenset(
    ["", "-", "--", "---", "/", "\\", ".", "…", "……", "_", "__", "———", "N/A", "n/a", "NULL", "null"]
)
"""Marks with which a cell is struck out; they mean that nothing is stated."""

UNKNOWN_WORDS = frozenset(["无", "不详", "未知", "暂无", "没有", "不明", "待查", "未提供", "不清楚", "未填", "空"])
"""Words that mean "not known" where a name, number or date is asked. In a text or a code they may be the answer."""


def text_of(cell: Any) -> str:
    """A cell as Excel shows it, roughly: whole numbers without ".0", dates as 2026-03-05, nothing as ""."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        if not math.isfinite(cell):
            return ""
        if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        return repr(cell).upper()
    if isinstance(cell, int):
        return str(cell) if cell.bit_length() < 200 else "(数字过大)"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.strftime("%Y-%m-%d %H:%M")
    if isinstance(cell, date | time | timedelta):
        return str(cell)
    return str(cell)


def clean(cell: Any) -> str:
    """Half-width, visible, single-spaced text: for numbers, names, codes, dates and addresses."""
    text = cell if isinstance(cell, str) else text_of(cell)
    if not text.isascii():
        text = text.translate(_NARROW)
    if text[:2] == '="' and (literal := _EXCEL_LITERAL.match(text)):
        text = literal[1]
    return _RUN.sub(" ", text.strip())


def tidy(cell: Any) -> str:
    """Free text with its own punctuation and lines kept; only invisible characters and outer blanks go."""
    text = text_of(cell)
    if not text.isascii():
        text = text.translate(_PLAIN)
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def dashes(text: str) -> str:
    """All dashes as "-"."""
    return text if text.isascii() else text.translate(_DASHES)


def says_nothing(text: str) -> bool:
    """Whether a cleaned text is empty, struck out or says that the thing is not known."""
    return text in EMPTY_MARKS or text in UNKNOWN_WORDS or not text.strip("-—_/. ")


class FailedCell(str):
    """A formula that gave nothing, in place of its result: the text is what to show, ``reason`` the sentence."""

    __slots__ = ("reason",)
    reason: str

    def __new__(cls, shown: str, reason: str) -> "FailedCell":
        cell = super().__new__(cls, shown)
        cell.reason = reason
        return cell


def excel_error(cell: Any) -> str:
    """The sentence for a cell in which a formula failed; "" when it did not."""
    if isinstance(cell, FailedCell):
        return cell.reason
    if isinstance(cell, str) and cell[:1] == "#" and cell in _ERRORS:
        return say("单元格里的公式出错（{cell}），没有结果。请改正公式或直接填写内容", cell=cell)
    return ""
