"""The clock: one place to ask what time it is, in the time zone in which neighbourhoods live."""

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
