"""Reads the value written in a rule as the kind of its field, or refuses it with what was expected."""

import re
from datetime import date
from decimal import Decimal

from linyun.kernel.declare import Kind, Subject
from linyun.kernel.rule.draft import Shape, Word
from linyun.kernel.rule.guess import ambiguous, forbidden, unknown_code
from linyun.kernel.rule.syntax import FARTHEST, Day, Unit, Value
from linyun.kernel.rule.vocabulary import Field, Vocabulary
from linyun.kernel.rule.words import fold

MAX_STRING = 200
MAX_DIGITS = 15
_NUMBER = re.compile(r"(?a:[+-]?\d+(\.\d+)?)\Z")
_AREA = re.compile(r"(?a:\d{2}|\d{4}|\d{6}|\d{9}|\d{12}(\d{3}){0,6})\Z")
_DIGITS = re.compile(r"(?a:\d+)")
_DATE = re.compile(
    r"(?a:(\d{4})(?:-(\d{1,2})-|/(\d{1,2})/|\.(\d{1,2})\.|年(\d{1,2})月|(\d\d)(?=\d\d\Z))(\d{1,2})[日号]?)\Z"
)
_YEAR = re.compile(r"(?a:\d{4})\s*年\Z")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ud800-\udfff]")
YES = frozenset({"是", "有", "真", "true", "yes", "y", "1"})
NO = frozenset({"否", "无", "没有", "假", "false", "no", "n", "0"})
_ABOUT_PEOPLE = frozenset({Subject.PERSON, Subject.HOUSEHOLD})


def text_of(word: Word) -> str:
    """The text a word stands for: without its quotation marks when it had some."""
    return word.meaning if word.shape is Shape.STRING else word.text


def read_text(word: Word, field: Field) -> str:
    """A text to look for. Refuses empty and very long ones, control characters, and what may not be looked for."""
    text = text_of(word)
    if not text or len(text) > MAX_STRING:
        word.refuse(
            f"“{field.name}”要找的文字应有 1 到 {MAX_STRING} 个字。",
            f"The text to look for in {field.code} must have 1 to {MAX_STRING} characters.",
            ("文字",),
        )
    if _CONTROL.search(text):
        word.refuse("文字里有换行或不可见字符，请删去。", "The text holds line breaks or invisible characters.")
    banned = forbidden(word, text) if field.subject in _ABOUT_PEOPLE else None
    if banned:
        raise banned
    return text


def read_code(word: Word, field: Field, vocabulary: Vocabulary) -> str:
    """A code of the field's set, from the code itself, its name or another wording of it."""
    text = text_of(word)
    codes = field.code_set.codes if field.code_set else ()
    exact = next((c.code for c in codes if c.code == text), None)
    if exact is not None:
        return exact
    found = vocabulary.codes(field.code_set).find(text)
    if len(found) > 1:
        names = [f"{field.code_set.name_of(code)}（{code}）" for code in found] if field.code_set else found
        raise ambiguous(word, names)
    if not found:
        raise unknown_code(word, text, field, vocabulary)
    return found[0]


def read_number(word: Word, name: tuple[str, str], unit: str, whole: bool) -> int | Decimal:
    """A number of at most 15 digits, a whole one if so wanted. ``name`` of what it is for, in Chinese and English."""
    text = word.meaning if word.shape is Shape.NUMBER else fold(text_of(word))
    what = "整数" if whole else "数"
    example = f"{70 if unit == '岁' else 3}{unit}"
    if not _NUMBER.match(text):
        word.refuse(
            f"“{name[0]}”要和{what}比较，“{word.text}”不是{what}，请写如 {example}。",
            f"{name[1]} is compared with a number; “{word.text}” is none.",
            (what, example),
        )
    if len(_DIGITS.findall(text)[0]) > MAX_DIGITS or len(text) > MAX_DIGITS + 8:
        word.refuse(f"数太大，最多 {MAX_DIGITS} 位。", f"The number has more than {MAX_DIGITS} digits.", (what,))
    number = Decimal(text)
    if whole and number != number.to_integral_value():
        word.refuse(f"“{name[0]}”是整数，请不要写小数。", f"{name[1]} is a whole number.", ("整数",), str(int(number)))
    return int(number) if whole else number.normalize() + 0


def read_date(word: Word, field: Field) -> date | Day:
    """A calendar day, or a day told by its distance from the stated day."""
    if word.shape in (Shape.DAY, Shape.NAMED_DAY, Shape.PERIOD):
        return read_day(word)
    text = fold(text_of(word))
    if word.shape is Shape.SPAN and not _YEAR.match(text):
        span = re.sub(r"(之内|以内|内)\Z", "", word.text)
        word.refuse(
            f"“{word.text}”没有说明是哪一边，请写“{span}前”、“{span}后”或“过去{span}内”。",
            f"“{word.text}” does not say which way: write “… ago”, “… later” or “last …”.",
            (f"{span}前", f"{span}后", f"过去{span}内"),
            f"{span}前",
        )
    found = _DATE.match(text)
    parts = [int(part) for part in found.groups() if part] if found else []
    expected = ("日期，如 1948-03-05", "30天前")
    if len(parts) != 3 or parts[0] < 1000:
        word.refuse(
            f"“{field.name}”要和日期比较，请写如 1948-03-05，或 30天前。",
            f"{field.code} is compared with a day: 1948-03-05 or 30 days ago.",
            expected,
        )
    try:
        return date(*parts)
    except ValueError as wrong:
        word.refuse(f"没有“{word.text}”这一天，请核对。", f"There is no day “{word.text}”.", expected, cause=wrong)


def read_day(word: Word) -> Day:
    """A distance from the stated day, at most 200 years."""
    amount, unit = word.meaning.split()
    found = Day(int(amount), Unit(unit))
    if abs(found.amount) > FARTHEST[found.unit]:
        word.refuse(f"“{word.text}”太远，最多 200 年。", f"“{word.text}” is too far; at most 200 years.")
    return found if found.amount else Day(0)


def read_truth(word: Word, field: Field) -> bool:
    """Yes or no."""
    text = fold(text_of(word))
    if text not in YES | NO:
        word.refuse(f"“{field.name}”请写 是 或 否。", f"{field.code} is true or false.", ("是", "否"))
    return text in YES


def read_area(word: Word) -> str:
    """An area code: 2, 4, 6, 9, 12 digits, or 12 with three more for each level below a committee."""
    text = fold(text_of(word))
    if not _AREA.match(text):
        word.refuse(
            f"“{word.text}”不是区域代码，请写 6、9、12 位数字，如居委会 310110009016。",
            f"“{word.text}” is no area code: write 6, 9 or 12 digits.",
            ("区域代码",),
        )
    return text


def read_value(word: Word, field: Field, vocabulary: Vocabulary) -> Value:
    """The value of a word for a field of any kind that can be compared with values."""
    match field.kind:
        case Kind.INTEGER | Kind.DECIMAL:
            return read_number(word, (field.name, field.code), field.unit, field.kind is Kind.INTEGER)
        case Kind.DATE:
            return read_date(word, field)
        case Kind.BOOLEAN:
            return read_truth(word, field)
        case Kind.AREA:
            return read_area(word)
        case Kind.CODE | Kind.CODES if field.code_set:
            return read_code(word, field, vocabulary)
        case _:
            return read_text(word, field)
