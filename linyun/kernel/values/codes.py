"""Words and cells as codes of a code set: 丧偶, "3", 3.0, 汉, 430102450000-长沙…; and 是/否/√/有/无 as a boolean."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from rapidfuzz import fuzz, process

from linyun.kernel.declare import CodeSet
from linyun.kernel.values.parsed import BLANK, Parsed, refuse
from linyun.kernel.values.text import EMPTY_MARKS, clean, dashes, excel_error
from linyun.kernel.words import listed, say

TRUE = frozenset(["是", "有", "√", "✓", "✔", "☑", "Y", "YES", "TRUE", "T", "1", "对", "已", "真", "V", "需要", "享受"])
FALSE = frozenset(
    ["否", "无", "×", "✗", "✘", "☐", "N", "NO", "FALSE", "F", "0", "不是", "没有", "未", "不", "假", "X", "没"]
)
_NEAR = 55.0
_MARKS = re.compile(r"[\s()\[\]{}·、,，.。:;'\"/]+")
_CODE_NAME = re.compile(r"([0-9A-Za-z]{1,20})\s*[-_:：.、 ]\s*(\S.*)\Z")
_LIST = re.compile(r"[、,;/|\n+ ]+")


def _fold(text: str) -> str:
    return _MARKS.sub("", text).upper()


class Matcher:
    """Finds the code that a cell means. Made once for a code set; ``match`` is cheap."""

    def __init__(self, code_set: CodeSet) -> None:
        self.code_set = code_set
        self.names = {c.code: c.name for c in code_set.codes}
        self._words: dict[str, str] = {}
        self._numbers: dict[str, str] = {}
        for entry in code_set.codes:
            for word in (entry.name, *entry.words):
                self._words.setdefault(_fold(clean(word)), entry.code)
                self._words.setdefault(_fold(clean(word)).removesuffix("族"), entry.code)
        for entry in code_set.codes:
            self._words.setdefault(entry.code.upper(), entry.code)
            if entry.code.isdigit():
                self._numbers.setdefault(entry.code.lstrip("0") or "0", entry.code)

    def match(self, cell: Any) -> Parsed[str]:
        """The code of one cell. ``extra["name"]`` is its name; unknown words are refused with the nearest name."""
        if cell is None:
            return BLANK
        if error := excel_error(cell):
            return refuse(error)
        text = dashes(clean(cell))
        code = self._find(text)
        if code is not None:
            return Parsed(code, extra={"name": self.names[code]})
        return BLANK if text in EMPTY_MARKS else refuse(self._unknown(text))

    def match_all(self, cell: Any) -> Parsed[tuple[str, ...]]:
        """The codes of a cell that may hold several, between 、 , ; or blanks. Known ones are kept, others reported."""
        one = self.match(cell)
        if one.value is not None:
            return Parsed((one.value,))
        if one.blank:
            return BLANK
        found, unknown = [], []
        for word in filter(None, _LIST.split(clean(cell))):
            code = self._find(word)
            if code is None:
                unknown.append(word)
            elif code not in found:
                found.append(code)
        if not unknown:
            return Parsed(tuple(found))
        return Parsed(tuple(found) or None, self._unknown(unknown[0]))

    def suggest(self, text: str) -> str:
        """The name nearest to a word, "" when none is near."""
        if not text:
            return ""
        names = list(self.names.values())
        best = process.extractOne(text, names, scorer=fuzz.WRatio, score_cutoff=_NEAR)
        return str(best[0]) if best else ""

    def _find(self, text: str) -> str | None:
        folded = _fold(text)
        if not folded:
            return None
        code = self._words.get(folded)
        if code is None and folded.isdigit():
            code = self._numbers.get(folded.lstrip("0") or "0")
        if code is None and (pair := _CODE_NAME.match(text)):
            by_code, by_name = self._find(pair[1]), self._words.get(_fold(pair[2]))
            if by_name and by_code in (None, by_name):
                return by_name
            code = by_code if by_code and not by_name and _fold(pair[2]) in _fold(self.names[by_code]) else None
        if code is None and "(" in text:
            code = self._words.get(_fold(re.sub(r"\([^()]*\)", "", text)))
        return code

    def _unknown(self, text: str) -> str:
        shown = text if len(text) <= 20 else text[:20] + "…"
        near = self.suggest(text)
        if near:
            return say(
                "“{shown}”不在“{name}”的选项里，最接近的是“{near}”。请改成选项里的写法",
                shown=shown,
                name=say(self.code_set.name),
                near=say(near),
            )
        some = listed(say(n) for n in list(self.names.values())[:6]) + ("…" if len(self.names) > 6 else "")
        return say(
            "“{shown}”不在“{name}”的选项里。请改成其中一项：{some}",
            shown=shown,
            name=say(self.code_set.name),
            some=some,
        )


def boolean(cell: Any) -> Parsed[bool]:
    """Read 是/否/√/×/有/无/Y/N/1/0 and Excel's TRUE/FALSE."""
    if cell is None:
        return BLANK
    if isinstance(cell, bool):
        return Parsed(cell)
    if error := excel_error(cell):
        return refuse(error)
    text = dashes(clean(cell)).upper()
    if text in TRUE:
        return Parsed(True)
    if text in FALSE:
        return Parsed(False)
    return BLANK if text in EMPTY_MARKS else refuse(say("应填“是”或“否”。请改正"))


@lru_cache(maxsize=1000)
def matcher(code_set: CodeSet) -> Matcher:
    """The matcher of a code set, made once."""
    return Matcher(code_set)


def split_code_name(cell: Any) -> tuple[str, str] | None:
    """The two halves of a lookup cell such as 430102450000-长沙市公安局…派出所; None when it is not one."""
    pair = _CODE_NAME.match(dashes(clean(cell)))
    return (pair[1], pair[2]) if pair and any(c.isdigit() for c in pair[1]) else None


def known_share(code_set: CodeSet, cells: Iterable[Any]) -> float:
    """Which share of the cells that say something are words or codes of the set: 0 … 1."""
    results = [matcher(code_set).match(c) for c in cells]
    said = [r for r in results if not r.blank]
    return sum(r.value is not None for r in said) / len(said) if said else 0.0
