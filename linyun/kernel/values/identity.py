"""Identity numbers: the citizen's number of GB 11643-1999 and the numbers of other documents.

A valid citizen's number has 18 characters: six of an area, eight of the birth date, three of a sequence (odd for men),
and a check character by ISO 7064 MOD 11-2. The area digits are not compared with today's list: people were born in
districts that no longer exist. Residence permits of Hong Kong, Macau and Taiwan residents (81, 82, 83 …) and the
foreigner's permanent residence card of 2023 (9 …) follow the same rule.
"""

import re
from datetime import date
from operator import mul
from typing import Any

from linyun.kernel.clock import today as clock_today
from linyun.kernel.values.parsed import BLANK, NOTHING, Parsed, refuse
from linyun.kernel.values.text import clean, dashes, excel_error, says_nothing
from linyun.kernel.words import say

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK = "10X98765432"
OLDEST_YEARS = 130
_ZEROS = 48 * sum(WEIGHTS)  # the digit "0" is byte 48
_EXACT = 10**15  # Excel keeps 15 significant digits

_CITIZEN = re.compile(r"[0-9]{17}[0-9X]\Z")
_NOISE = re.compile(r"[\s'\"`´‘’“”′″‚‛\-_]+|[.,;。、]+\Z")
_LABEL = re.compile(r"\A[^\dA-Za-z:]{2,12}:")
_BETWEEN = re.compile(r"[/\\|、,;:+&和及与或]")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+?(\d{1,3})\Z|\d{15,20}\.0+\Z", re.A)
_WITHIN = re.compile(r"(?<!\d)\d{15}(?:\d{2}[\dXx]?)?(?!\d)", re.A)
_OTHER = re.compile(r"[A-Z0-9()/-]{5,20}\Z")
_FOREIGN_SHAPE = re.compile(r"[A-Z]{1,3}[0-9]{6,12}(\([0-9]\))?\Z")
_X_LIKE = str.maketrans(dict.fromkeys("×хХⅩⅹχΧ✕", "X"))
_OTHER_DOCUMENTS = re.compile(
    r"护照|通行证|军官|警官|士兵|文职|永久居留|居留证|居留许可|出生|驾驶|回乡证|台胞证|旅行证|海员|其他|其它|外国人"
)
_CITIZEN_CODES = frozenset(["111", "112", "113"])  # GA/T 517: identity card, provisional card, household register


def check_digit(first17: str) -> str:
    """The check character of a citizen's number (ISO 7064 MOD 11-2). ``first17``: seventeen digits."""
    return CHECK[(sum(map(mul, WEIGHTS, first17.encode("ascii"))) - _ZEROS) % 11]


def make(area: str, born: date, sequence: int) -> str:
    """A citizen's number with its check character. ``area``: six digits; ``sequence``: 0 … 999, odd for men."""
    first = f"{area}{born:%Y%m%d}{sequence:03d}"
    return first + check_digit(first)


def birth_date(number: str) -> date | None:
    """The birth date within a citizen's number; None for other documents and impossible dates."""
    if not _CITIZEN.match(number):
        return None
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def sex(number: str) -> str | None:
    """The sex within a citizen's number by GB/T 2261.1: "1" male, "2" female; None for other documents."""
    return ("2", "1")[int(number[16]) % 2] if _CITIZEN.match(number) else None


def mask(number: str) -> str:
    """A number as it may be shown: the first three and last four of eighteen; of shorter ones at most a half."""
    if len(number) == 18:
        return f"{number[:3]}{'*' * 11}{number[-4:]}"
    head, tail = len(number) // 6, len(number) // 3
    return number[:head] + "*" * (len(number) - head - tail) + number[len(number) - tail :]


def mask_within(text: str) -> str:
    """A text with every number of 15, 17 or 18 digits in it masked: people write numbers where none is asked."""
    return _WITHIN.sub(lambda found: mask(found[0]), text)


def is_citizen_document(document: str) -> bool:
    """Whether a document type, by name or GA/T 517 code, bears a citizen's number. An empty type does."""
    if document.isdigit():
        return document in _CITIZEN_CODES or len(document) != 3
    return not _OTHER_DOCUMENTS.search(document)


def parse(cell: Any, *, today: date | None = None, document: str = "") -> Parsed[str]:
    """Read an identity number. ``document``: the name or code of its type when the file states one.

    Removes apostrophes, blanks, hyphens and full-width forms, raises x to X, upgrades 15 digits to 18 (and notes it).
    Anything else that is not a valid number is refused: wrong length, date or check character, digits lost to Excel.
    """
    if isinstance(cell, str):
        if len(cell) == 18 and cell.isascii() and _CITIZEN.match(cell):
            return _citizen(cell, today)
        if error := excel_error(cell):
            return refuse(error)
        text = _squeeze(cell)
    else:
        found = _from_number(cell)
        if found.value is None:
            return found
        text = found.value
    if says_nothing(text):
        return BLANK
    if not is_citizen_document(document):
        return _other(text, document)
    return _citizen_text(text, today)


def _squeeze(cell: str) -> str:
    return _LABEL.sub("", _NOISE.sub("", dashes(clean(cell)))).upper()


def _from_number(cell: Any) -> Parsed[str]:
    """The digits of a numeric cell; refused when Excel can no longer know them all."""
    if cell is None:
        return BLANK
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return refuse(say("这里应是证件号码，却是日期或是否。请按证件填写"))
    if cell != cell or cell in (float("inf"), float("-inf")) or cell < 0 or cell != int(cell):
        return refuse(say("这里应是证件号码，却是一个带小数或负号的数字。请按证件填写"))
    number = int(cell)
    if number >= _EXACT and (isinstance(cell, float) or number % 1000 == 0):
        return refuse(_lost(f"{float(min(number, 10**300)):.11E}"))
    return Parsed(str(number) if number.bit_length() < 200 else "9" * 60)


def _lost(shown: str) -> str:
    return say(
        "号码被表格存成了数字（显示为 {shown}），丢失了末几位，无法找回。请先把这一列设为“文本”，"
        "再按证件重填 18 位号码",
        shown=shown,
    )


def _citizen_text(text: str, today: date | None) -> Parsed[str]:
    notes: tuple[str, ...] = ()
    if len(text) == 18 and not text[17].isascii():
        fixed = text[:17] + text[17].translate(_X_LIKE)
        notes, text = ((say("末位的乘号读作 X"),) if fixed != text else ()), fixed
    if _CITIZEN.match(text):
        return _citizen(text, today)._replace(notes=notes)
    if (power := _SCIENTIFIC.match(text)) and int(power[1] or 17) >= 14:
        return refuse(_lost(text))
    if "*" in text:
        return refuse(say("号码中间打了星号，不是完整的号码。请填写完整的 18 位号码"))
    if len(text) == 15 and text.isascii() and text.isdigit():
        return _upgrade(text, today)
    return Parsed(None, _shape_problem(text), extra={"several": True} if _two_numbers(text) else NOTHING)


def _two_numbers(text: str) -> bool:
    bare = _BETWEEN.sub("", text)
    return len(bare) in (30, 33, 36) and bare.replace("X", "0").isdigit()


def _shape_problem(text: str) -> str:
    if _two_numbers(text):
        return say("一个单元格里有两个身份证号码。请一人一行")
    if _FOREIGN_SHAPE.match(text):
        return say("这不是居民身份证号码，像护照或通行证号码。请加一列“证件类型”写明证件，再重新导入")
    body = text.replace("X", "")
    if not body.isdigit() or "X" in text[:-1]:
        return say("号码里有不该有的字。居民身份证号码应为 18 位，前 17 位是数字，末位是数字或 X")
    if len(text) in (16, 17, 18, 19):
        return say("身份证号码有 {n} 位，应为 18 位，多半是多抄或漏抄了。请对照证件核对", n=len(text))
    return say("身份证号码应为 18 位，这里有 {n} 位。请对照证件填写", n=len(text))


def _citizen(number: str, today: date | None) -> Parsed[str]:
    born = birth_date(number)
    now = today or clock_today()
    if born is None:
        return refuse(say("身份证号码第 7–14 位“{digits}”不是一个日子。请对照证件核对", digits=number[6:14]))
    if born > now or now.year - born.year > OLDEST_YEARS:
        return refuse(say("身份证号码里的出生日期是 {born}，不可能。请对照证件核对", born=born))
    if check_digit(number[:17]) == number[17]:
        return Parsed(number)
    if number.endswith("000"):
        return refuse(say("身份证号码末三位是 000 且校验码不对，多半是表格把它当数字存，丢失了末几位。请按证件重填"))
    return refuse(say("身份证号码的校验码不对，至少抄错了一位。请对照证件逐位核对"))


def _upgrade(old: str, today: date | None) -> Parsed[str]:
    """15 digits of before 1999: the century is 19, the check character is added (GB 11643-1999, annex)."""
    first = f"{old[:6]}19{old[6:]}"
    result = _citizen(first + check_digit(first), today)
    if result.value is None:
        return refuse(say("15 位身份证号码第 7–12 位“{digits}”不是一个日子。请对照证件核对", digits=old[6:12]))
    return result._replace(notes=(say("15 位的旧号码已按国家标准升为 18 位"),))


def _other(text: str, document: str) -> Parsed[str]:
    if not _OTHER.match(text) or not any(c.isdigit() for c in text):
        return refuse(say("“{document}”的号码应由 5–20 个字母和数字组成。请对照证件核对", document=document))
    return Parsed(text, extra={"document": document})
