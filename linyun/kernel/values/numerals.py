"""Chinese numerals (三六三, 三十二, 二〇〇八) as Arabic ones."""

import re

_DIGIT = {
    **dict(zip("〇一二三四五六七八九", range(10), strict=True)),
    **dict(zip("零壹贰叁肆伍陆柒捌玖", range(10), strict=True)),
    "○": 0,
    "两": 2,
}
_TEN = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
CHARACTERS = "".join(_DIGIT) + "".join(_TEN) + "廿卅"
RUN = f"[{CHARACTERS}]+"
_RUN = re.compile(RUN)


def value_of(text: str) -> int | None:
    """The number that a run of Chinese numerals says (三六三 = 363, 三十二 = 32, 二千五百 = 2500), else None."""
    text = text.replace("廿", "二十").replace("卅", "三十")
    if not 0 < len(text) <= 18:
        return None
    if all(c in _DIGIT for c in text):
        return int("".join(str(_DIGIT[c]) for c in text))
    total, current = 0, None
    last = 10_000
    for char in text:
        if char in _TEN:
            if _TEN[char] >= last:
                return None
            last = _TEN[char]
            total += (1 if current is None else current) * last
            current = None
        elif char in _DIGIT and current in (None, 0):
            current = _DIGIT[char]
        else:
            return None
    return total + (current or 0)


def arabic(text: str) -> str:
    """Every run of Chinese numerals in a text that says a number, in Arabic digits."""

    def swap(match: re.Match[str]) -> str:
        number = value_of(match[0])
        return match[0] if number is None else str(number)

    return _RUN.sub(swap, text)
