"""Lists of visits as committees keep them, one sheet a month or pasted: found head, cells by part, day, mode, address.

Pure: nothing here knows the database. Who the visited are is found in bulk.py.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from linyun.kernel.declare import CodeSet
from linyun.kernel.values import addresses, codes, dates
from linyun.kernel.values.plain import RUNS
from linyun.kernel.values.text import clean, says_nothing, text_of, tidy
from linyun.kernel.words import say

PARTS: Mapping[str, tuple[str, ...]] = {
    "day": (
        "日期", "时间", "走访日期", "走访时间", "探访日期", "探访时间", "接待日期", "接待时间", "来访日期", "慰问时间",
    ),
    "name": (
        "被访者", "被访人", "姓名", "居民", "居民姓名", "被走访人", "走访对象", "探访对象", "对象", "来访人",
        "被访者姓名",
    ),
    "address": ("地址", "住址", "门牌", "门牌号", "家庭住址", "居住地址", "现住址", "被访者地址", "走访地址", "室号"),
    "mode": ("方式", "走访方式", "走访形式", "探访方式", "联系方式类型", "形式", "走访类型"),
    "situation": (
        "情况", "内容", "走访内容", "走访情况", "探访内容", "探访情况", "走访记录", "家庭基本情况", "主要内容", "记录",
    ),
    "needs": ("需求", "诉求", "反映的需求、问题和建议", "反映问题", "反映情况", "意见建议", "需求和建议"),
    "action": ("措施", "采取措施", "采取的措施", "采取的对策和措施", "处理措施"),
    "outcome": ("结果", "处理结果", "走访结果", "办理结果", "解决情况"),
    "visitor": ("走访人", "走访者", "走访人员", "探访人", "接待人", "走访干部", "社工"),
    "follow_up_on": ("回访日期", "约定回访", "下次走访"),
}  # fmt: skip
"""What a column may be called. A list needs at least a day, a name and what was seen."""

TOLD = frozenset({"situation", "needs", "action", "outcome"})
NEEDED = ("day", "name", "situation")
_HEAD_WITHIN = 15
_FOLD = re.compile(r"\s+|[（(].*|[*:：]", re.S)
_MONTH_DAY = re.compile(r"(\d{1,2})\s*(?:月|[./-])\s*(\d{1,2})\s*日?\Z")
_YEAR = re.compile(r"(20\d{2})")
_SHEET_MONTH = re.compile(r"(\d{1,2})\s*月")
_BELOW = re.compile(r"\s*(合计|小计|总计|共计|填表|审核|备注[:：])")
_UNRUN = re.compile(rf"\A'(?={RUNS.pattern})")
"""The apostrophe by which a file keeps a spreadsheet from running a text (see kernel/values/plain.py): no part of what was told."""
WORDS = {cell: part for part, names in PARTS.items() for cell in names}


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a list. ``cells``: what it says, by part; ``said``: day (ISO), mode (code) and address key as
    understood; ``reason``: why it cannot be taken, "" when it can."""

    sheet: str
    number: int
    cells: dict[str, str]
    said: dict[str, str]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """The rows of a list, and what was noticed about its sheets."""

    lines: list[Line]
    notes: list[str]


def read_list(sheets: Sequence[tuple[str, Sequence[Sequence[Any]]]], modes: CodeSet, today: date) -> Reading:
    """Read sheets, given as (name, rows of cells)."""
    lines: list[Line] = []
    notes: list[str] = []
    for name, rows in sheets:
        if not any(text_of(c).strip() for row in rows for c in row):
            continue
        found = _head(rows)
        if found is None:
            wanted = "、".join(PARTS[p][0] for p in NEEDED)
            notes.append(say("“{name}”里没有找到表头。请让一行写明列名，至少有：{wanted}", name=name, wanted=wanted))
            continue
        at, columns = found
        year = _year_of(name, rows[:at], today)
        lines += _lines(name, rows, at, columns, year, modes, today)
    return Reading(lines, notes)


def _head(rows: Sequence[Sequence[Any]]) -> tuple[int, dict[str, int]] | None:
    """The first row that names the needed columns: its number and the column of each part."""
    for at, row in enumerate(rows[:_HEAD_WITHIN]):
        columns: dict[str, int] = {}
        for column, cell in enumerate(row):
            text = clean(cell)
            part = WORDS.get(text) or WORDS.get(_FOLD.sub("", text))
            if part and part not in columns:
                columns[part] = column
        if all(part in columns for part in NEEDED):
            return at, columns
    return None


def _year_of(name: str, above: Sequence[Sequence[Any]], today: date) -> int | None:
    """The year that sheet name or title tell; else that of the sheet's month when last it was, None without a month."""
    title = name + " ".join(text_of(c) for row in above for c in row)
    if told := _YEAR.search(title):
        return int(told[1])
    month = _SHEET_MONTH.search(name)
    if month is None:
        return None
    return today.year if int(month[1]) <= today.month else today.year - 1


def _lines(
    name: str, rows: Sequence[Sequence[Any]], at: int, columns: Mapping[str, int], year: int | None, modes: CodeSet,
    today: date,
) -> Iterator[Line]:  # fmt: skip
    for number, row in enumerate(rows[at + 1 :], at + 2):
        raw = {part: row[c] if c < len(row) else "" for part, c in columns.items()}
        cells = {part: _cell(part, cell) for part, cell in raw.items() if part not in ("day", "follow_up_on")}
        cells |= {p: text_of(raw[p]).strip() for p in ("day", "follow_up_on") if p in raw}
        first = next((text_of(c) for c in row if text_of(c).strip()), "")
        if not first or (_BELOW.match(first) and not cells.get("name")):
            continue
        yield _line(name, number, raw, cells, year, modes, today)


def _line(
    sheet: str, number: int, raw: Mapping[str, Any], cells: dict[str, str], year: int | None, modes: CodeSet,
    today: date,
) -> Line:  # fmt: skip
    said: dict[str, str] = {}
    problems: list[str] = []
    day, problem = day_of(raw["day"], year, today)
    if day:
        said["day"] = day.isoformat()
        cells["day"] = cells["day"] or said["day"]
    else:
        problems.append(
            say("日期“{day}”：{problem}", day=cells["day"], problem=problem) if cells["day"] else say("没有写日期")
        )
    if not cells["name"]:
        problems.append(say("没有写被访者姓名"))
    if not cells["situation"]:
        problems.append(say("没有写走访情况"))
    mode = codes.matcher(modes).match(raw.get("mode") or "走访")
    if mode.value is None:
        problems.append(say("方式{problem}", problem=mode.problem) if mode.problem else say("没有写走访方式"))
    else:
        said["mode"] = mode.value
    if not says_nothing(clean(raw.get("follow_up_on"))):
        later, problem = _later(raw["follow_up_on"], year, day)
        if later:
            said["follow_up_on"] = later.isoformat()
        else:
            problems.append(
                say("回访日期“{follow_up_on}”：{problem}", follow_up_on=cells["follow_up_on"], problem=problem)
            )
    where = addresses.parse(raw.get("address"))
    if where.problem:
        problems.append(say("地址“{address}”看不明白：{problem}", address=cells["address"], problem=where.problem))
    elif where.value:
        said["address"] = where.value.key
    else:
        cells["address"] = ""
    return Line(sheet, number, cells, said, "；".join(problems))


def _cell(part: str, cell: Any) -> str:
    """A cell's text: names, addresses and words of a code in one form; what was told keeps its own punctuation."""
    text = (tidy(cell) if part in TOLD else clean(cell)).replace("\0", "")
    return _UNRUN.sub("", text)


def _later(cell: Any, year: int | None, day: date | None) -> tuple[date | None, str]:
    """The day promised. Without a year and before the visit, that of the next year is meant: 1月5日 told in December."""
    found, problem = day_of(cell, year, date.max)
    if found and day and found < day and _MONTH_DAY.match(text_of(cell).strip()):
        found, problem = day_of(cell, found.year + 1, date.max)
    return found, problem


def day_of(cell: Any, year: int | None, today: date) -> tuple[date | None, str]:
    """The day of a cell, or why there is none. A day without year takes that of its sheet."""
    text = text_of(cell).strip()
    short = _MONTH_DAY.match(text)
    if short and year:
        try:
            found = date(year, int(short[1]), int(short[2]))
        except ValueError:
            return None, say("没有这一天，请改正")
    else:
        parsed = dates.parse(cell)
        if parsed.value is None:
            return None, parsed.problem or say("请写成 2026-08-03 的样子")
        if parsed.extra.get("precision") != dates.Precision.DAY:
            return None, say("请写到哪一天")
        found = parsed.value
    return (found, "") if found <= today else (None, say("晚于今天，请核对"))
