"""Dates as people write them: 1948.3.5, 1948年3月, 480305, Excel's serial numbers. A value and how precise it is."""

import re
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from linyun.kernel.values import numerals
from linyun.kernel.values.parsed import BLANK, Parsed, refuse
from linyun.kernel.values.text import clean, dashes, excel_error, says_nothing
from linyun.kernel.words import msgid, say

EPOCH_1900 = date(1899, 12, 30)
EPOCH_1904 = date(1904, 1, 1)
_FIRST_YEAR, _LAST_YEAR = 1850, 2150


class Precision(StrEnum):
    """How much of a date is known. The value of a coarse date is the first day of its month or year."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class Bounds(NamedTuple):
    """What the asker knows of the date: not after ``latest``, not before ``earliest``; ``hint`` settles a century.

    ``hint`` is another statement of the same date (the birth date within an identity number, the day minus the age).
    """

    latest: date | None = None
    earliest: date | None = None
    hint: date | None = None
    epoch_1904: bool = False


ANY = Bounds()

_TIME = re.compile(r"[ T]*\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[AP]M)?Z?\Z", re.I | re.A)
_TAIL = re.compile(
    r"(出生|日生|生日|生人?|左右|前后|\(?(?:星期|礼拜|周)[一二三四五六日天]\)?|[上下中]午|[.,。;、\-/ ])+\Z"
)
_ALLOWED = re.compile(r"[\d./\\\-年月日号、。,\s_]+\Z", re.A)
_NUMBER = re.compile(r"\d+", re.A)
_LUNAR = re.compile(
    r"农历|阴历|正月|腊月|冬月|初[一二三四五六七八九十]|民国|闰|\A[一二三四五六七八九]?十[一二三四五六七八九]?年(?!代)"
)
_MISSING_YEAR = msgid("日期里没有年份。请写成 1948-03-05 这样")


def parse(cell: Any, bounds: Bounds = ANY) -> Parsed[date]:
    """Read a date. ``extra["precision"]`` is a Precision. Ambiguous and impossible dates are refused, never guessed."""
    if isinstance(cell, str):
        return excel_refusal if (excel_refusal := _error(cell)) else _from_text(clean(cell), bounds)
    if cell is None:
        return BLANK
    if isinstance(cell, datetime):
        return _found(cell.year, cell.month, cell.day, bounds)
    if isinstance(cell, date):
        return _found(cell.year, cell.month, cell.day, bounds)
    if isinstance(cell, bool | time | timedelta) or not isinstance(cell, int | float):
        return refuse(say("这里应是日期，却是别的内容。请写成 1948-03-05，只知道年月时写 1948年3月"))
    if not 0 <= cell <= 99_999_999_999_999:  # false for NaN too
        return refuse(say("这个数字不是日期。请写成 1948-03-05，只知道年月时写 1948年3月"))
    return _from_number(cell, bounds)


def iso(value: date, precision: str) -> str:
    """A date as text that shows its precision: 1948-03-05, 1948-03 or 1948."""
    return {"day": value.isoformat(), "month": f"{value:%Y-%m}", "year": f"{value:%Y}"}[precision]


def _error(cell: str) -> Parsed[date] | None:
    message = excel_error(cell)
    return refuse(message) if message else None


def _from_number(number: float, bounds: Bounds) -> Parsed[date]:
    whole = int(number)
    if number == whole:
        digits = str(whole)
        if len(digits) in (6, 8, 14) or len(digits) == 4 and _FIRST_YEAR <= whole <= _LAST_YEAR:
            return _from_digits(digits, bounds)
        return _from_serial(whole, bounds)
    decimals = repr(float(number)).partition(".")[2]
    if _FIRST_YEAR <= whole <= _LAST_YEAR and len(decimals) <= 2:
        if decimals == "1":
            return refuse(
                say(
                    "数字 {number} 分不清是 {whole} 年 1 月还是 10 月。请写成 1948-03-05，只知道年月时写 1948年3月",
                    number=number,
                    whole=whole,
                )
            )
        return _found(whole, int(decimals), None, bounds)
    return _from_serial(whole, bounds)


def _from_serial(serial: int, bounds: Bounds) -> Parsed[date]:
    """Excel's day number. Day 60 of the 1900 system, 29 February 1900, never was."""
    if bounds.epoch_1904:
        day = EPOCH_1904 + timedelta(days=serial) if serial < 90_000 else None
    elif serial == 60 or not 0 < serial < 90_000:
        day = None
    else:
        day = EPOCH_1900 + timedelta(days=serial + (serial < 60))
    if day is None:
        return refuse(say("数字 {serial} 不是日期。请写成 1948-03-05，只知道年月时写 1948年3月", serial=serial))
    found = _found(day.year, day.month, day.day, bounds)
    if found.value is None:
        return refuse(
            say(
                "数字 {serial} 当作表格的日期序号是 {day}，不合理。请写成 1948-03-05，只知道年月时写 1948年3月",
                serial=serial,
                day=day,
            )
        )
    return found._replace(notes=(say("数字 {serial} 是表格的日期序号，读作 {day}", serial=serial, day=day),))


def _from_text(text: str, bounds: Bounds) -> Parsed[date]:
    if says_nothing(text):
        return BLANK
    if _LUNAR.search(text):
        return refuse(say("写的是农历或民国纪年。请换算成公历，如 1948-03-05"))
    text = dashes(text.strip("'\"‘’`"))
    text = _TIME.sub("", text) if ":" in text else text
    text = _TAIL.sub("", text)
    if not _ALLOWED.match(text):
        text = numerals.arabic(text)
        if not _ALLOWED.match(text) or not text[:1].isdigit():
            return refuse(say("不是日期。请写成 1948-03-05，只知道年月时写 1948年3月"))
    groups = _NUMBER.findall(text)
    if len(groups) == 1:
        return _from_one_group(groups[0], "年" in text, bounds)
    if len(groups) == 2:
        return _from_two_groups(groups, text, bounds)
    if len(groups) == 3:
        return _from_three_groups(groups, bounds)
    return refuse(say("不是日期。请写成 1948-03-05，只知道年月时写 1948年3月"))


def _from_one_group(digits: str, says_year: bool, bounds: Bounds) -> Parsed[date]:
    if len(digits) == 5:
        return _five(digits, bounds)
    if len(digits) == 2 and says_year:
        return _century(int(digits), None, None, bounds)
    return _from_digits(digits, bounds)


def _five(digits: str, bounds: Bounds) -> Parsed[date]:
    """Five digits in a text are Excel's day number, unless they might as well be 48-3-05 or 48-03-5."""
    found = _from_serial(int(digits), bounds)
    splits = ((int(digits[2]), int(digits[3:])), (int(digits[2:4]), int(digits[4])))
    days = [_century(int(digits[:2]), month, day, bounds) for month, day in splits]
    if any(d.value or d.extra.get("ambiguous") for d in days):
        return refuse(
            say("“{digits}”分不清是日期还是表格的日期序号。请写成 1948-03-05，只知道年月时写 1948年3月", digits=digits)
        )
    return found


def _from_digits(digits: str, bounds: Bounds) -> Parsed[date]:
    if len(digits) in (8, 14):
        return _found(int(digits[:4]), int(digits[4:6]), int(digits[6:8]), bounds)
    if len(digits) == 6:
        return _six(digits, bounds)
    if len(digits) == 4 and _FIRST_YEAR <= int(digits) <= _LAST_YEAR:
        return _found(int(digits), None, None, bounds)
    return refuse(say("“{digits}”不是日期。请写成 1948-03-05，只知道年月时写 1948年3月", digits=digits))


def _six(digits: str, bounds: Bounds) -> Parsed[date]:
    """194803 is a month; 480305 a day; 200305 might be either and is refused unless the bounds decide."""
    month = _found(int(digits[:4]), int(digits[4:]), None, bounds)
    if not _FIRST_YEAR <= int(digits[:4]) <= _LAST_YEAR:
        month = refuse("")
    day = _century(int(digits[:2]), int(digits[2:4]), int(digits[4:]), bounds)
    if month.value and (day.value or day.extra.get("ambiguous")):
        if bounds.hint and day.value == bounds.hint:
            return day
        if bounds.hint and (month.value.year, month.value.month) == (bounds.hint.year, bounds.hint.month):
            return month
        return refuse(
            say("“{digits}”分不清是年月还是年月日。请写成 1948-03-05，只知道年月时写 1948年3月", digits=digits)
        )
    return day if day.value or not _FIRST_YEAR <= int(digits[:4]) <= _LAST_YEAR else month


def _from_two_groups(groups: list[str], text: str, bounds: Bounds) -> Parsed[date]:
    first, second = int(groups[0]), int(groups[1])
    if len(groups[0]) == 4 and len(groups[1]) <= 2:
        return _found(first, second, None, bounds)
    if len(groups[0]) == 4 and len(groups[1]) in (3, 4) and second < 1300 and "年" not in text:
        return _found(first, int(groups[1][:-2]), int(groups[1][-2:]), bounds)
    if len(groups[0]) == 2 and len(groups[1]) <= 2 and ("年" in text or first > 12):
        return _century(first, second, None, bounds)
    return refuse(
        say(_MISSING_YEAR) if len(groups[0]) <= 2 else say("不是日期。请写成 1948-03-05，只知道年月时写 1948年3月")
    )


def _from_three_groups(groups: list[str], bounds: Bounds) -> Parsed[date]:
    a, b, c = (int(g) for g in groups)
    lengths = [len(g) for g in groups]
    if max(lengths[1:]) > 2:
        if lengths[0] <= 2 and lengths[1] <= 2 and lengths[2] == 4:
            return _year_last(a, b, c, bounds)
    elif lengths[0] == 4:
        return _found(a, b, c, bounds)
    elif lengths[0] == 2:
        return _century(a, b, c, bounds)
    return refuse(say("不是日期。请写成 1948-03-05，只知道年月时写 1948年3月"))


def _year_last(a: int, b: int, year: int, bounds: Bounds) -> Parsed[date]:
    """3/25/1948 and 25/3/1948 have one reading; 3/5/1948 has two."""
    if a <= 12 and b <= 12 and a != b:
        return refuse(
            say("“{a}/{b}/{year}”分不清月和日。请写成 1948-03-05，只知道年月时写 1948年3月", a=a, b=b, year=year)
        )
    return _found(year, min(a, b) if a > 12 else a, max(a, b) if a > 12 else b, bounds)


def _century(yy: int, month: int | None, day: int | None, bounds: Bounds) -> Parsed[date]:
    """A year of two digits: the one century that the bounds allow, or a refusal that names both."""
    readings = [r for century in (1900, 2000) if (r := _found(century + yy, month, day, bounds)).value]
    if len(readings) == 2 and (hint := bounds.hint):
        readings = [r for r in readings if r.value and abs(r.value.year - hint.year) <= 2] or readings
    if len(readings) == 1 and (value := readings[0].value):
        return readings[0]._replace(notes=(say("两位的年份读作 {year} 年", year=value.year),))
    if not readings:
        return _found(1900 + yy, month, day, bounds)
    return Parsed(
        None,
        say("分不清是 {earlier} 年还是 {later} 年。请写四位年份", earlier=1900 + yy, later=2000 + yy),
        extra={"ambiguous": True},
    )


def _found(year: int, month: int | None, day: int | None, bounds: Bounds) -> Parsed[date]:
    try:
        value = date(year, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        shown = "-".join(str(p) for p in (year, month, day) if p is not None)
        return refuse(say("没有 {shown} 这个日子。请核对后重填", shown=shown))
    if bounds.latest and value > bounds.latest:
        return refuse(say("日期 {value} 晚于 {latest}，不可能。请核对后重填", value=value, latest=bounds.latest))
    if bounds.earliest and value < bounds.earliest and value.year < bounds.earliest.year:
        return refuse(say("日期 {value} 早于 {earliest}，不可能。请核对后重填", value=value, earliest=bounds.earliest))
    precision = Precision.YEAR if month is None else Precision.MONTH if day is None else Precision.DAY
    return Parsed(value, extra=_EXTRA[precision])


_EXTRA = {p: {"precision": p} for p in Precision}
