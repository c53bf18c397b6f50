"""One door for every kind of item: forms, visits, pages and imports read a cell in the same way."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

from linyun.kernel.clock import today as clock_today
from linyun.kernel.declare import CodeSet, Item, Kind
from linyun.kernel.values import addresses, codes, dates, identity, names, numbers, phones, uscc
from linyun.kernel.values.parsed import BLANK, Parsed, refuse
from linyun.kernel.values.text import EMPTY_MARKS, clean, excel_error, tidy
from linyun.kernel.words import msgid, say

LONGEST_TEXT = 2000
BOUNDS = ("birth", "past")
"""Validators of dates that bound the day; the others are named in VALIDATORS."""
OLDEST_YEARS = 125
USUAL = {"name": "name", "former_name": "name", "birth_date": "birth", "uscc": "uscc"}
"""Validators taken for items of these codes whose declaration states none."""


class Circumstances(NamedTuple):
    """What is known beside the cell: the day, the document's type, another statement of a date, the file's epoch."""

    today: date | None = None
    document: str = ""
    hint: date | None = None
    epoch_1904: bool = False


HERE = Circumstances()


def parse(item: Item, cell: Any, code_set: CodeSet | None = None, about: Circumstances = HERE) -> Parsed[Any]:
    """Read a cell as a value of ``item``: str, int, Decimal, date, bool, or a tuple of codes for Kind.CODES.

    Phones come as one text, "; " between numbers. Raises ValueError when a coded item comes without its code set.
    """
    validator = item.validator or USUAL.get(item.code, "")
    if special := VALIDATORS.get(validator):
        return special(cell)
    if item.kind in (Kind.CODE, Kind.CODES):
        if code_set is None:
            raise ValueError(f"item {item.code} needs its code set {item.code_set}")
        found: Parsed[Any] = codes.matcher(code_set).match(cell)
        return found if item.kind is Kind.CODE or found.value is None and found.blank else _codes(code_set, cell)
    if item.kind is Kind.IDENTITY:
        document = about.document if bears_citizens_number(item) else f"其他证件（{item.name}）"
        return identity.parse(cell, today=about.today, document=document)
    if item.kind is Kind.DATE:
        return dates.parse(cell, bounds_of(validator, about))
    if item.kind is Kind.INTEGER:
        return numbers.integer(cell, item.low, item.high)
    if item.kind is Kind.DECIMAL:
        return numbers.decimal(cell, item.low, item.high)
    return _SIMPLE[item.kind](cell)


def bears_citizens_number(item: Item) -> bool:
    """Whether an identity item holds the citizen's number, and not, say, that of a residence permit."""
    return item.kind is Kind.IDENTITY and any("身份" in name or name == "证件号码" for name in (item.name, *item.names))


def bounds_of(validator: str, about: Circumstances) -> dates.Bounds:
    """The bounds of a date: births lie within 125 years, past days not after today, others within 50 years ahead."""
    now = about.today or clock_today()
    latest = now if validator in BOUNDS else now.replace(year=now.year + 50, day=1)
    earliest = now.replace(year=now.year - OLDEST_YEARS, day=1) if validator == "birth" else None
    return dates.Bounds(latest, earliest, about.hint, about.epoch_1904)


def _codes(code_set: CodeSet, cell: Any) -> Parsed[tuple[str, ...]]:
    return codes.matcher(code_set).match_all(cell)


def _text(cell: Any) -> Parsed[str]:
    if error := excel_error(cell):
        return refuse(error)
    text = tidy(cell)
    if text in EMPTY_MARKS:
        return BLANK
    return (
        Parsed(text) if len(text) <= LONGEST_TEXT else refuse(say("文字太长，请不要超过 {most} 字", most=LONGEST_TEXT))
    )


def _phones(cell: Any) -> Parsed[str]:
    found = phones.parse(cell)
    return Parsed(phones.JOIN.join(found.value) if found.value else None, found.problem, found.notes, found.extra)


def _matching(pattern: str, problem: str) -> Callable[[Any], Parsed[str]]:
    compiled = re.compile(pattern, re.A)

    def read(cell: Any) -> Parsed[str]:
        if error := excel_error(cell):
            return refuse(error)
        text = re.sub(r"[\s·\-]+", "", clean(cell)) if "@" not in str(cell) else clean(cell)
        if text in EMPTY_MARKS or text == "无":
            return BLANK
        return (
            Parsed(text.upper() if "@" not in text else text) if compiled.match(text.upper()) else refuse(say(problem))
        )

    return read


def _year(cell: Any) -> Parsed[int]:
    return numbers.integer(cell.removesuffix("年") if isinstance(cell, str) else cell, 1850, 2150)


def _address(cell: Any) -> Parsed[str]:
    found = addresses.parse(cell)
    return Parsed(found.value.area + found.value.text if found.value else None, found.problem, found.notes)


_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领"
VALIDATORS: Mapping[str, Callable[[Any], Parsed[Any]]] = {
    "name": names.parse,
    "uscc": uscc.parse,
    "address": _address,
    "year": _year,
    "postcode": _matching(r"\d{6}\Z", msgid("邮政编码应为 6 位数字。请核对")),
    "email": _matching(r"[^@\s]+@[^@\s]+\.[A-Z]{2,}\Z", msgid("电子邮箱应像 name@example.cn。请核对")),
    "plate": _matching(
        rf"[{_PROVINCES}][A-Z][A-Z0-9]{{4,6}}[A-Z0-9挂学警港澳使领]?\Z", msgid("车牌号码应像 沪A12345。请核对")
    ),
}
"""Named validators that an item's declaration may ask for; ``birth`` and ``past`` bound dates."""

_SIMPLE: Mapping[Kind, Callable[[Any], Parsed[Any]]] = {
    Kind.TEXT: _text,
    Kind.BOOLEAN: codes.boolean,
    Kind.PHONE: _phones,
    Kind.AREA: _matching(
        r"(\d{2}|\d{4}|\d{6}|\d{9}|\d{12}(\d{3})*)\Z", msgid("行政区划代码应为 2、4、6、9、12 位或更多位数字。请核对")
    ),
}
