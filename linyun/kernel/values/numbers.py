"""Counts and measures: 94.56㎡, 1,234, 三, 约30人. A range or two numbers in a cell is refused."""

import math
import re
from decimal import Decimal
from typing import Any

from linyun.kernel.values import numerals
from linyun.kernel.values.parsed import BLANK, Parsed, refuse
from linyun.kernel.values.text import clean, dashes, excel_error, says_nothing
from linyun.kernel.words import say

_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?|[+-]?\.\d+", re.A)
_GROUPED = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_ABOUT = re.compile(r"大约|约|左右|上下|以[上下]|近|余|多")
_UNIT = re.compile(r"[^\d,，、;~～\-]{0,12}\Z")
_TIMES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_POWER = re.compile(r"[十百千]?[万亿]|[十百千](?![克米瓦卡升帕分])")
_HALF = "半"


def decimal(cell: Any, low: float | None = None, high: float | None = None) -> Parsed[Decimal]:
    """Read a number with an optional unit behind it; ``low`` and ``high`` are inclusive bounds."""
    if cell is None:
        return BLANK
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        return refuse(say("这里应是数字，却是日期或是否。请重填数字"))
    if isinstance(cell, str):
        if error := excel_error(cell):
            return refuse(error)
        return _bounded(_from_text(dashes(clean(cell))), low, high)
    if not math.isfinite(cell) if isinstance(cell, float) else cell.bit_length() > 200:
        return refuse(say("这个数字太大。请核对后重填"))
    return _bounded(Parsed(Decimal(repr(cell))), low, high)


def integer(cell: Any, low: float | None = None, high: float | None = None) -> Parsed[int]:
    """Read a whole number. 3.0 is 3; 3.5 is refused."""
    found = decimal(cell, low, high)
    if found.value is None:
        return Parsed(None, found.problem, found.notes)
    if found.value != found.value.to_integral_value():
        return refuse(say("这里应是整数，却是 {value}。请核对", value=f"{found.value.normalize():f}"))
    return Parsed(int(found.value), None, found.notes)


def _from_text(text: str) -> Parsed[Decimal]:
    if says_nothing(text):
        return BLANK
    about = bool(_ABOUT.search(text))
    bare = _GROUPED.sub("", _ABOUT.sub("", text).strip("￥¥$'\"第 "))
    match = _NUMBER.match(bare)
    if match is None:
        bare = numerals.arabic(bare)
        match = _NUMBER.match(bare)
    if match is None:
        return refuse(say("这里应是数字。请只填数字"))
    unit = bare[match.end() :].strip()
    if not _UNIT.match(unit):
        return refuse(say("这里应只有一个数字，却有范围或几个数。请只填一个数字"))
    if _HALF in unit:
        return refuse(say("数字里有“半”字，请写成小数，如 3.5"))
    power = _POWER.match(unit)
    times = math.prod(_TIMES[sign] for sign in power[0]) if power else 1
    notes = ((say("“{text}”按 {match} 收下", text=text, match=match[0]),) if about else ()) + (
        (say("单位“{unit}”", unit=unit),) if unit else ()
    )
    return Parsed(Decimal(match[0]) * times, None, notes)


def _bounded(found: Parsed[Decimal], low: float | None, high: float | None) -> Parsed[Decimal]:
    if found.value is None or (low is None or found.value >= low) and (high is None or found.value <= high):
        return found
    if low is not None and high is not None:
        return refuse(say("应在 {low} 到 {high} 之间。请核对", low=f"{low:g}", high=f"{high:g}"))
    if low is not None:
        return refuse(say("不应小于 {low}。请核对", low=f"{low:g}"))
    return refuse(say("不应大于 {high}。请核对", high=f"{high:g}"))
