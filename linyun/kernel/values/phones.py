"""Telephone numbers: mobiles, landlines with or without area code, extensions, several in one cell.

Normal forms: ``19900001234``, ``021-65980000``, ``65980000`` (no area code stated), ``021-65980000-801``,
``4008200000``.
Several numbers stand together as ``"; "`` (Kind.PHONE).
"""

import re
from typing import Any

from linyun.kernel.values.parsed import BLANK, Parsed, refuse
from linyun.kernel.values.text import clean, dashes, excel_error, says_nothing
from linyun.kernel.words import say

JOIN = "; "
LONGEST = 300  # characters of a cell of phones; of a remark ten times as many are searched
_MOBILE = r"(?:\+?(?:00)?86[-\s]?|0)?(?P<mobile>1[3-9]\d[-\s]?\d{4}[-\s]?\d{4})"
_HOTLINE = r"(?P<hotline>[48]00[-\s]?\d{3}[-\s]?\d{4}|[48]00[-\s]?\d{4}[-\s]?\d{3})"
_AREA = r"(?:\(?\+?(?:00)?86\)?[-\s]?)?\(?(?P<area>0?(?:10|2[0-57-9])|0[3-9]\d{2})\)?[-\s]?"
_EXTENSION = r"(?:\s?(?:-|转|分机|ext\.?|#|\*)\s?(?P<extension>\d{1,5}))?"
_LANDLINE = rf"(?:{_AREA})?(?P<local>[2-8]\d{{3}}[-\s]?\d{{3,4}}){_EXTENSION}"
_NUMBER = re.compile(rf"(?<![\d.])(?:{_MOBILE}|{_HOTLINE}|{_LANDLINE})(?!\d)", re.I | re.A)
_IN_TEXT = re.compile(
    rf"(?<![\dA-Za-z.])(?:{_MOBILE}|{_HOTLINE}|{_LANDLINE.replace(f'(?:{_AREA})?', _AREA)})(?![\dXx年月元])",
    re.I | re.A,
)
_LABELLED = re.compile(
    rf"(?:电话|手机|联系方式|座机|固话|宅电|[Tt][Ee][Ll])\s*(?:号码?|是|为)?\s*[:：]?\s*{_LANDLINE}(?!\d)", re.A
)
_ABROAD = re.compile(r"(?:\+|(?:\A|(?<=[/、,;:(]))00)(?!86)[1-9]\d{0,2}[-\s()]*\d[\d\-\s]{3,}\d", re.A)
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+?\d{1,3}\Z", re.I)
_WORDS = re.compile(r"[A-Za-z\u3400-\u9fff·]+")
_LABEL_WORDS = re.compile(r"(电话|手机|联系方式|座机|固话|宅电|移动|号码|tel|或者?|和|及|、)+", re.I)


def parse(cell: Any) -> Parsed[tuple[str, ...]]:
    """Read the numbers of a cell, in their order and each once. ``extra["words"]``: what is written beside them.

    Good numbers are kept even when another in the cell is not whole; the problem then tells of that one.
    """
    if cell is None:
        return BLANK
    if isinstance(cell, str):
        text = cell
        if len(text) == 11 and text.isascii() and text.isdigit() and text[0] == "1" and text[1] > "2":
            return Parsed((text,))
        if error := excel_error(text):
            return refuse(error)
    elif isinstance(cell, bool) or not isinstance(cell, int | float):
        return refuse(say("这里应是电话号码，却是日期或是否。请重填电话"))
    else:
        return _from_number(cell)
    text = dashes(clean(text))
    if len(text) > LONGEST:
        return refuse(say("内容太长，不像电话号码。请只填电话"))
    if says_nothing(text.strip("'\"‘’`")):
        return BLANK
    if _SCIENTIFIC.match(text):
        return refuse(say("电话被表格存成了数字（{text}），看不出原来的号码。请把这一列设为“文本”后重填", text=text))
    return _from_text(text)


def find_in(text: Any) -> tuple[str, ...]:
    """Numbers hidden in free text such as a remark: mobiles, landlines with area code, and what follows 电话."""
    shown = dashes(clean(text))[: 10 * LONGEST]
    if not any(c.isdigit() for c in shown):
        return ()
    spots = [(m.start(), _normal(m)) for m in _IN_TEXT.finditer(shown)]
    taken = [m.span() for m in _IN_TEXT.finditer(shown)]
    for match in _LABELLED.finditer(shown):
        if not any(a < match.end() and match.start() < b for a, b in taken):
            spots.append((match.start(), _normal(match)))
    return tuple(dict.fromkeys(number for _, number in sorted(spots)))


def mask(number: str) -> str:
    """One number as it may be shown: 199****5678, 021-****0000, ****0000; an extension is hidden."""
    head, dash, rest = number.partition("-")
    if dash and len(head) <= 4:
        return f"{head}-****{rest.partition('-')[0][-4:]}"
    if len(head) == 11:
        return f"{head[:3]}****{head[-4:]}"
    return "****" + head[-4:] if len(head) > 6 else "*" * len(head)


def _from_number(cell: float) -> Parsed[tuple[str, ...]]:
    if cell != cell or cell < 0 or cell > 1e15 or cell != int(cell):
        return refuse(say("这个数字不是电话号码。请把这一列设为“文本”后重填"))
    digits = str(int(cell))
    if digits == "0":
        return BLANK
    found = _from_text(digits)
    if found.problem is None and not (
        len(digits) in (10, 11) and digits[0] != "1" and digits[:3] not in ("400", "800")
    ):
        return found
    with_zero = _from_text("0" + digits)
    if with_zero.problem is None and len(digits) >= 10:
        return with_zero._replace(notes=(say("表格丢了区号前的 0，已补上"),))
    return found


def _from_text(text: str) -> Parsed[tuple[str, ...]]:
    if abroad := _ABROAD.search(text):
        found = _from_text(text.replace(abroad[0], " ").strip() or "0")
        problem = f"“{abroad[0].strip()}”像境外的号码，这里只收境内的手机号和固定电话。境外号码请写在备注里"
        return Parsed(found.value, problem + ("；同格的其他号码已收下" if found.value else ""), extra=found.extra)
    numbers = tuple(dict.fromkeys(_normal(m) for m in _NUMBER.finditer(text)))
    rest = _NUMBER.sub(" ", text)
    words = tuple(w for w in _WORDS.findall(_LABEL_WORDS.sub(" ", rest)))
    extra = {"words": words} if words else {}
    broken = re.findall(r"\d[\d\-]*", rest)
    if broken:
        return Parsed(numbers or None, _broken(broken[0].strip("-"), bool(numbers)), extra=extra)
    if not numbers:
        return refuse(say("没有电话号码。请填 11 位手机号，或带区号的固定电话"))
    notes = (say("号码旁写着“{words}”", words="、".join(words)),) if words else ()
    return Parsed(numbers, None, notes, extra)


def _broken(digits: str, some: bool) -> str:
    end = say("；同格的其他号码已收下") if some else ""
    if "****" in digits or len(digits) < 7:
        return say("“{digits}”不是完整的电话号码。请填 11 位手机号，或带区号的固定电话{end}", digits=digits, end=end)
    if digits[0] == "1" and len(digits) in (10, 12, 13):
        return say("“{digits}”有 {n} 位，手机号应为 11 位。请核对{end}", digits=digits, n=len(digits), end=end)
    return say("“{digits}”不是电话号码。请填 11 位手机号，或带区号的固定电话{end}", digits=digits, end=end)


def _normal(match: re.Match[str]) -> str:
    parts = match.groupdict()
    if mobile := parts.get("mobile"):
        return re.sub(r"\D", "", mobile)
    if hotline := parts.get("hotline"):
        return re.sub(r"\D", "", hotline)
    local = re.sub(r"\D", "", parts["local"])
    area = parts.get("area")
    number = f"{area if area[0] == '0' else '0' + area}-{local}" if area else local
    return f"{number}-{parts['extension']}" if parts.get("extension") else number
