"""How one value is written in many ways, all of which mean the same."""

import random
from datetime import date, datetime

from linyun.kernel.synth import codes

Cell = str | int | float | datetime | None
"""What a cell holds: text, a number, a date cell, nothing."""

_FULL = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
_SERIAL_ZERO = date(1899, 12, 30)

WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "sex": {"1": ("男",), "2": ("女",)},
    "ethnicity": {"01": ("汉族", "汉"), "03": ("回族", "回"), "11": ("满族", "满")},
    "education": {
        "10": ("研究生",),
        "20": ("大学本科", "本科"),
        "30": ("大专", "大学专科"),
        "40": ("中专",),
        "60": ("高中",),
        "70": ("初中",),
        "80": ("小学",),
        "90": ("文盲", "文盲或半文盲"),
    },
    "marital_status": {"10": ("未婚",), "20": ("已婚",), "30": ("丧偶",), "40": ("离婚", "离异")},
    "political_status": {
        "01": ("中共党员", "党员"),
        "02": ("中共预备党员", "预备党员"),
        "03": ("共青团员", "团员"),
        "13": ("群众",),
    },
    "relation": {"20": ("子", "儿子"), "30": ("女", "女儿"), "43": ("外孙子", "外孙")},
    "mode": {"1": ("接待",), "2": ("走访", "上门"), "3": ("电话",), "4": ("微信",), "5": ("楼宇视频",), "6": ("其他",)},
}
_SETS = {"ethnicity": codes.ETHNICITY, "relation": codes.RELATION}


def word(rng: random.Random, item: str, code: str | None) -> str:
    """A word that means the code; empty for none."""
    if not code:
        return ""
    spellings = WORDS[item].get(code)
    return rng.choice(spellings) if spellings else _SETS[item][code]


def name(rng: random.Random, text: str) -> str:
    """A name, now and then with blanks inside (two characters) or behind."""
    if len(text) == 2 and rng.random() < 0.3:
        return text[0] + rng.choice((" ", "　", "  ")) + text[1]
    return text + rng.choice(("", "", "", "", " ", "　"))


def identity(rng: random.Random, number: str, plain: bool = False) -> str:
    """An identity number with an apostrophe, blanks, full-width digits, a small x, or the 15 digits of old."""
    if plain or not number:
        return number
    draw = rng.random()
    if draw < 0.10:
        return rng.choice(("'", "’", "`")) + number
    if draw < 0.18:
        return f"{number[:6]} {number[6:14]} {number[14:]}"
    if draw < 0.24:
        return number.translate(_FULL)
    if draw < 0.28:
        return number + rng.choice((" ", "\u200b", "\t"))
    if draw < 0.34 and "1910" <= number[6:10] < "1955":
        return number[:6] + number[8:17]
    return number.lower() if rng.random() < 0.6 else number


def birth_date(rng: random.Random, day: date, certain: bool, file_kind: str) -> Cell:
    """A birth date in one of many styles. ``certain``: the row has an identity number, so vague styles do no harm."""
    styles = [f"{day.year}.{day.month}.{day.day}", day.isoformat(), f"{day.year}/{day.month}/{day.day}"]
    styles += [f"{day.year}年{day.month}月{day.day}日", f"{day:%Y%m%d}", f"{day.year}.{day.month:02d}.{day.day:02d}"]
    if certain:
        styles += [f"{day:%y%m%d}", f"{day.year}年{day.month}月", f"{day.year}.{day.month:02d}"]
    serial = (day - _SERIAL_ZERO).days
    if file_kind == "xlsx" and serial >= 10_000 and rng.random() < 0.25:
        return float(serial) if certain and rng.random() < 0.4 else datetime(day.year, day.month, day.day)  # noqa: DTZ001 – Excel's cells have no zone
    return rng.choice(styles)


def phone(rng: random.Random, number: str | None, file_kind: str) -> Cell:
    """A phone with blanks, hyphens, country code, full-width digits, or as a number."""
    if not number:
        return rng.choice(("", "", "无", "/"))
    draw = rng.random()
    if draw < 0.08:
        return f"{number[:3]} {number[3:7]} {number[7:]}"
    if draw < 0.14:
        return f"{number[:3]}-{number[3:7]}-{number[7:]}"
    if draw < 0.17:
        return "+86 " + number
    if draw < 0.20:
        return number.translate(_FULL)
    if draw < 0.35 and file_kind == "xlsx":
        return float(number)
    return number


def two_phones(rng: random.Random, first: str, second: str) -> str:
    """Two phones in one cell."""
    return rng.choice(("{}/{}", "{}、{}", "{} {}", "{}；{}", "{}\n{}")).format(first, second)


def address(rng: random.Random, full: str, short: str) -> str:
    """An address in full, without 室, full-width, or – where ``short`` is given – as the house and room alone."""
    house, _, room = short.partition("号") if short else ("", "", "")
    styles = [full, full, full.removesuffix("室"), full.replace("号", "号 ")]
    if short:
        styles += [short, short, short.removesuffix("室"), short.translate(_FULL), f"{house}-{room.removesuffix('室')}"]
    return rng.choice(styles)
