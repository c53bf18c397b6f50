"""How dates, numbers and masked values are worded for readers: pure functions, used as template filters."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext

from linyun.kernel.clock import ZONE, now, today
from linyun.kernel.values import identity, phones

NOTHING = "—"
NOUN = "noun"
"""The context of nouns in the catalogue of words: as a unit beside any number, ``人`` has one form only."""
_MINUTE, _HOUR = 60, 3600
_KIB = 1024


def _as_day(value: date) -> date:
    if isinstance(value, datetime):
        return value.astimezone(ZONE).date() if value.tzinfo else value.date()
    return value


def day(value: date | None) -> str:
    """``11 月 13 日``; with the year when it is not this year. An em dash for None."""
    if value is None:
        return NOTHING
    d = _as_day(value)
    if d.year == today().year:
        return dateformat.format(d, _("n 月 j 日"))
    return dateformat.format(d, _("Y 年 n 月 j 日"))


def month(year: int, number: int, this_year: int = 0) -> str:
    """``2026 年 11 月``; without the year when it is ``this_year``."""
    return dateformat.format(date(year, number, 1), _("n 月") if year == this_year else _("Y 年 n 月"))


def noun(msgid: str, n: int) -> str:
    """What is counted, without the number: ``人`` is ``person`` for one and ``people`` for more."""
    return npgettext(NOUN, msgid, msgid, n) if msgid else ""


def counted(msgid: str, n: int, **values: Any) -> str:
    """A sentence with a number ``%(n)s``. Chinese has one form for all numbers; other languages choose theirs by it."""
    return ngettext(msgid, msgid, n) % {"n": group(n), **values}


def moment(value: datetime | None) -> str:
    """``11 月 13 日 14:06``, in Shanghai's time."""
    if value is None:
        return NOTHING
    local = value.astimezone(ZONE) if value.tzinfo else value
    return f"{day(local)} {local:%H:%M}"


def iso(value: date | None) -> str:
    """``2026-11-13``, the form in which sources and documents are dated."""
    return NOTHING if value is None else _as_day(value).isoformat()


def _days_ago(days: int) -> str:
    match days:
        case 0:
            return _("今天")
        case 1:
            return _("昨天")
        case -1:
            return _("明天")
    if days < 0:
        return counted("%(n)s 天后", -days)
    return counted("%(n)s 天前", days)


def ago(value: date | None) -> str:
    """How long since: ``刚才``, ``3 小时前``, ``昨天``, ``47 天前``, ``3 天后``; a plain date counts in days."""
    if value is None:
        return NOTHING
    if isinstance(value, datetime):
        moment_now = now() if value.tzinfo else now().replace(tzinfo=None)
        seconds = int((moment_now - value).total_seconds())
        if 0 <= seconds < _MINUTE:
            return _("刚才")
        if 0 <= seconds < _HOUR:
            return counted("%(n)s 分钟前", seconds // _MINUTE)
        if seconds >= 0 and _as_day(value) == today():
            return counted("%(n)s 小时前", seconds // _HOUR)
    return _days_ago((today() - _as_day(value)).days)


def group(value: float | Decimal | str | None) -> str:
    """A number with thousands separated: ``4,986``, ``1,234.5``. Text that is no number passes unchanged."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, str):
        return value
    return f"{value:,}"


def percent(value: float | None, digits: int = 0) -> str:
    """A share between 0 and 1 as ``65%``."""
    return NOTHING if value is None else f"{value * 100:.{digits}f}%"


def size(value: int | None) -> str:
    """A number of bytes as ``3.2 MB`` (1 MB = 1,048,576 bytes)."""
    if value is None:
        return NOTHING
    amount = float(value)
    for unit in ("B", "KB", "MB"):
        if amount < _KIB:
            return f"{amount:.0f} {unit}" if unit == "B" or amount >= 10 else f"{amount:.1f} {unit}"
        amount /= _KIB
    return f"{amount:.1f} GB"


def duration(seconds: float | None) -> str:
    """Time left, rounded so that it can be believed: ``不到 1 分钟``, ``约 3 分钟``, ``约 2 小时``."""
    if seconds is None:
        return ""
    if seconds < _MINUTE:
        return _("不到 1 分钟")
    if seconds < _HOUR:
        return counted("约 %(n)s 分钟", round(seconds / _MINUTE))
    return counted("约 %(n)s 小时", round(seconds / _HOUR))


def identity_mask(number: str | None) -> str:
    """A document number with its middle hidden (``310***********1234``); already masked ones pass unchanged."""
    text = (number or "").strip()
    return text if "*" in text else identity.mask(text) or NOTHING


def phone_mask(numbers: str | None) -> str:
    """Each number of ``19900123456; 021-56780000`` with its middle hidden; already masked ones pass unchanged."""
    parts = [part.strip() for part in (numbers or "").split(";") if part.strip()]
    return "; ".join(part if "*" in part else phones.mask(part) for part in parts) or NOTHING


def name_mask(name: str | None) -> str:
    """A name of which only the ends are shown: ``周*芳``, ``林*``, ``欧阳**`` keeps its surname of two characters."""
    text = (name or "").strip()
    if not text or "*" in text:
        return text or NOTHING
    if len(text) <= 2:
        return text[:1] + "*"
    if len(text) == 3:
        return f"{text[0]}*{text[-1]}"
    return text[:2] + "*" * (len(text) - 2)


def listed(value: Any) -> list[Any]:
    """What was given as a list: nothing → [], one value → [value], any other sequence → its members."""
    if value is None or value == "":
        return []
    if isinstance(value, str) or not hasattr(value, "__iter__"):
        return [value]
    return list(value)


def shown(value: Any) -> Any:
    """A value as a table cell shows it: dates as ISO, yes and no in words, an em dash for what is not known."""
    match value:
        case None | "":
            return NOTHING
        case bool():
            return _("是") if value else _("否")
        case datetime():
            return moment(value)
        case date():
            return iso(value)
    return value
