"""The clock: one place to ask what time it is, in the time zone in which neighbourhoods live."""

from calendar import isleap
from datetime import date, datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present moment, with time zone."""
    return datetime.now(ZONE)


def today() -> date:
    """The present day in Shanghai, whatever the machine's own zone."""
    return now().date()


def years_between(born: date, on: date) -> int:
    """Full years of age on a day (周岁)."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def years_before(day: date, years: int) -> date:
    """The latest day on which those were born who are ``years`` old (周岁) on a day; where no calendar goes, its end."""
    year = day.year - years
    if not date.min.year <= year <= date.max.year:
        return date.min if years > 0 else date.max
    return day.replace(year=year, day=28 if (day.month, day.day) == (2, 29) and not isleap(year) else day.day)
