"""Unified social credit codes of organisations (统一社会信用代码, GB 32100-2015)."""

import re
from typing import Any

from linyun.kernel.values.parsed import BLANK, Parsed, refuse
from linyun.kernel.values.text import clean, dashes, excel_error, says_nothing
from linyun.kernel.words import say

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUE = {c: n for n, c in enumerate(ALPHABET)}
_WEIGHTS = tuple(3**n % 31 for n in range(17))
_SHAPE = re.compile(rf"[{ALPHABET}]{{18}}\Z")
_OLD = re.compile(r"\d{13}(\d{2})?\Z")


def check_character(first17: str) -> str:
    """The check character of a code (modulus 31, weights 3^n). ``first17``: characters of the code's alphabet."""
    return ALPHABET[-sum(w * _VALUE[c] for w, c in zip(_WEIGHTS, first17, strict=True)) % 31]


def parse(cell: Any) -> Parsed[str]:
    """Read a code: blanks, hyphens, full-width and lower-case forms are mended, anything else is refused."""
    if cell is None:
        return BLANK
    if error := excel_error(cell):
        return refuse(error)
    if isinstance(cell, float | int) and not isinstance(cell, bool) and abs(cell) >= 1e15:
        return refuse(say("统一社会信用代码被表格存成了数字，丢失了末几位。请把这一列设为“文本”后重填"))
    text = re.sub(r"[\s'\"‘’\-]+", "", dashes(clean(cell))).upper()
    if says_nothing(text):
        return BLANK
    if _OLD.match(text):
        return refuse(say("这像是换证前的工商注册号或登记证号。请填 18 位统一社会信用代码"))
    if len(text) != 18:
        return refuse(say("统一社会信用代码应为 18 位，这里有 {n} 位。请对照执照核对", n=len(text)))
    if not _SHAPE.match(text):
        return refuse(say("统一社会信用代码里有不该有的字（不用字母 I、O、S、V、Z）。请对照执照核对"))
    if check_character(text[:17]) != text[17]:
        return refuse(say("统一社会信用代码的校验码不对，至少抄错了一位。请对照执照核对"))
    return Parsed(text)
