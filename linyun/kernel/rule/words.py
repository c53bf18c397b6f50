"""The fixed words of the language in Chinese and English, and the folding under which words are compared.

Each table maps a written word to its meaning. ``WORDS[terminal]`` finds the longest of its words at a place.
"""

import re
from collections.abc import Mapping

_WIDE = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
_UPPER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}
_WIDE_UPPER = {wide: wide - 0xFEE0 + 32 for wide in range(0xFF21, 0xFF3B)}
_SPACES = (0x3000, 0xA0, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF, 0x9, 0xA, 0xD)
"""What stands for a space, the invisible ones of pasted text included."""
_FOLD: dict[int, int | str] = {**_WIDE, **_UPPER, **_WIDE_UPPER, **dict.fromkeys(_SPACES, " ")}


def fold(text: str) -> str:
    """Full-width forms as ASCII, capitals as small letters, white space as spaces. Keeps the length."""
    return text.translate(_FOLD)


def _words(meaning: str, words: str) -> dict[str, str]:
    return {word.replace("_", " "): meaning for word in words.split()}


COMPARE: Mapping[str, str] = {
    **_words("=", "= == : 等于 是 为 is equals"),
    **_words("!=", "!= <> ≠ 不等于 不是 不为 is_not"),
    **_words(">=", ">= => ≥ ≧ 大于等于 大于或等于 不小于 不少于 不低于 至少 at_least"),
    **_words("<=", "<= =< ≤ ≦ 小于等于 小于或等于 不大于 不多于 不高于 不超过 至多 at_most"),
    **_words(">", "> 大于 多于 超过 高于 more_than"),
    **_words("<", "< 小于 少于 不到 不满 低于 less_than"),
    **_words("before", "早于 before is_before"),
    **_words("after", "晚于 after is_after"),
    **_words("not_before", "不早于 not_before is_not_before"),
    **_words("not_after", "不晚于 not_after is_not_after"),
}
IN = {
    **_words("in", "属于 in is_in is_one_of"),
    **_words("not_in", "不属于 not_in is_not_in"),
}
AT = {**_words("between", "在"), **_words("not_between", "不在")}
BETWEEN = {**_words("between", "介于 between is_between"), **_words("not_between", "不介于 not_between is_not_between")}
CONTAINS = {
    **_words("contains", "包含 含有 contains"),
    **_words("not_contains", "不包含 不含有 不含 does_not_contain not_contains"),
}
HAS = {**_words("has", "有 has"), **_words("has_not", "无 没有 has_no has_not")}
STATE = {
    **_words("unknown", "为空 未知 不详 没有记录 is_unknown is_empty is_null"),
    **_words("known", "不为空 非空 已知 有记录 is_known is_not_unknown is_not_empty is_not_null"),
}
PREFIX = {
    **_words("any", "any"),
    **_words("all", "all every"),
    **_words("none", "no"),
}
QUANTITY = {
    **_words("any", "有人 有一人 有一个 有 任一"),
    **_words("all", "都 全 全部 均 每人 全都"),
    **_words("none", "无人 没有人 没有一人 没有一个 没有 无"),
    **PREFIX,
}
COUNT = {**_words("count", "人数 户数 套数 个数 数量 count")}
PREFIX_COUNT = {**_words("count", "count number_of")}
TO = {**_words("to", "到 至 和 与 ~ - — —— – to")}
TABLES: Mapping[str, Mapping[str, str]] = {
    "_AND": _words("and", "且 并且 而且 同时 and && &"),
    "_OR": _words("or", "或 或者 or || |"),
    "NOT": _words("not", "非 并非 不符合 not !"),
    "_LPAR": _words("(", "("),
    "_RPAR": _words(")", ")"),
    "_COMMA": _words(",", ", 、"),
    "_TO": TO,
    "_MIDDLE": _words("middle", "之间 间"),
    "COMPARE": COMPARE,
    "IN": IN,
    "AT": AT,
    "BETWEEN": BETWEEN,
    "CONTAINS": CONTAINS,
    "HAS": HAS,
    "STATE": STATE,
    "QUANTITY": QUANTITY,
    "COUNT": COUNT,
    "PREFIX": PREFIX,
    "PREFIX_COUNT": PREFIX_COUNT,
}

EXPECTED: Mapping[str, tuple[str, str]] = {
    "_AND": ("且", "and"),
    "_OR": ("或", "or"),
    "NOT": ("非", "not"),
    "_LPAR": ("（", "("),
    "_RPAR": ("）", ")"),
    "_COMMA": ("顿号", "a comma"),
    "_TO": ("到", "to"),
    "_MIDDLE": ("之间", ""),
    "COMPARE": ("比较（=、>=、<、早于 …）", "a comparison (=, >=, <, before …)"),
    "IN": ("属于", "in"),
    "AT": ("在 … 到 … 之间", ""),
    "BETWEEN": ("介于", "between"),
    "CONTAINS": ("包含", "contains"),
    "HAS": ("有", "has"),
    "STATE": ("为空", "is unknown"),
    "QUANTITY": ("有人、都、无人", "any, all, no"),
    "COUNT": ("人数", "count"),
    "NAME": ("数据项或“标签”", "an item or “tag”"),
    "RELATION": ("关系（如同住家人）", "a relation (such as housemate)"),
    "NEVER": ("", ""),
    "VALUE": ("一个值", "a value"),
    "PERIOD": ("", ""),
    "PREFIX": ("", "any, all, no"),
    "PREFIX_COUNT": ("", "count"),
    "$END": ("结束", "the end"),
}


def pattern(words: Mapping[str, str]) -> re.Pattern[str]:
    """Matches the longest of some words. ASCII words match whole: ``in`` is not the start of ``income``."""
    parts = []
    for word in sorted(words, key=len, reverse=True):
        body = re.escape(word).replace(r"\ ", r"\s+")
        parts.append(body + (r"(?![a-z0-9_])" if word[-1].isascii() and word[-1].isalnum() else ""))
    return re.compile("|".join(parts))


PATTERNS = {terminal: pattern(table) for terminal, table in TABLES.items()}

OPERATORS = pattern({**COMPARE, **IN, **AT, **BETWEEN, **CONTAINS, **HAS, **STATE})
"""Whatever may stand after the name of an item."""

QUANTITIES = pattern({**QUANTITY, **COUNT})
"""Whatever may stand after the name of a relation in the Chinese order."""

AFTER_VALUE = pattern({**TABLES["_AND"], **TABLES["_OR"], **TO, **_words("", ") , 、 之间 间")})
"""Whatever may stand right after a value when no space does."""

LONG_OPERATORS = pattern({w: m for w, m in {**COMPARE, **IN, **CONTAINS, **STATE}.items() if len(w) > 1 and w > "~"})
"""Chinese operators long enough to end an unknown word."""

RESERVED = frozenset(w for terminal in ("_AND", "_OR", "NOT", "PREFIX", "PREFIX_COUNT") for w in TABLES[terminal])
"""Words that stand where a condition begins or ends, and can therefore name nothing."""


def meaning(terminal: str, written: str) -> str:
    """The meaning of a matched word, whatever spaces it was written with."""
    return TABLES[terminal][" ".join(written.split())]
