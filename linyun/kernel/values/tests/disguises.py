"""Strategies that the tests of values share: numbers in the disguises of real files, and cells of any kind."""

from datetime import date, datetime, time, timedelta

from hypothesis import strategies as st

from linyun.kernel.values import identity

TODAY = date(2026, 11, 23)

births = st.dates(date(1905, 1, 1), date(2026, 11, 1))
citizens = st.builds(
    identity.make,
    st.sampled_from(["310110", "310109", "320102", "341503", "429001"]),
    births,
    st.integers(990, 999),
)
cells = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=40),
    st.text("0123456789.-/年月日 Xx'’．，、:：号室弄楼*·（）()张三无", max_size=30),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
)
"""Any cell that a file or an API may hold."""

FIXED: list[object] = [
    None,
    "",
    "   ",
    float("nan"),
    float("inf"),
    -1.5,
    10**400,
    -(10**30),
    True,
    "²³",
    "١٢٣٤",
    "一" * 5000,
    "1" * 5000,
    "#REF!",
    "\x00\x01",
    datetime.combine(date(1, 1, 1), time()),
    date(9999, 12, 31),
    time(1, 2),
    timedelta(days=-5),
]
"""Cells that have broken parsers elsewhere."""


def full_width(text: str) -> str:
    """Digits and letters as input methods in full-width mode write them."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
