"""A sheet understood: what it is about, where its head stands, what its columns mean, and its rows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from linyun.hub.exchange.reading import content
from linyun.hub.exchange.reading.cells import Sheet, blank
from linyun.hub.exchange.reading.header import Head, HeadColumn, find
from linyun.hub.exchange.reading.mapping import (
    SUBJECT_OF,
    SURE,
    Guess,
    Kind,
    fingerprint,
    heads_beside,
    keys_of,
    name_of,
    propose,
)
from linyun.hub.exchange.reading.records import Reader
from linyun.hub.exchange.reading.rows import Row, Skipped
from linyun.hub.exchange.reading.words import Vocabulary, fold
from linyun.kernel.clock import today as clock_today
from linyun.kernel.declare import CodeSet, Item
from linyun.kernel.words import msgid, say

_ABOUT = {
    Kind.PEOPLE: msgid("居民名册"),
    Kind.DWELLINGS: msgid("房屋清单"),
    Kind.BUILDINGS: msgid("楼栋清单"),
    Kind.VISITS: msgid("走访记录"),
    Kind.ORGANISATIONS: msgid("单位名册"),
    Kind.PARKING: msgid("车位清单"),
}
_NOT_OURS = {
    Kind.DICTIONARY: msgid("这是数据库的字段说明（字段、类型、说明），不是名册，没有可导入的行"),
    Kind.CODES: msgid("这是代码对照表，供下拉选择用，不是名册，没有可导入的行"),
    Kind.OFFICES: msgid("这像是单位或部门的名单，没有居民的姓名和证件，没有可导入的行"),
    Kind.EMPTY: msgid("这是空的工作表"),
}


@dataclass(slots=True)
class Table:
    """One sheet as a table. ``kind`` says what it is about; EMPTY with ``form_of`` is a form not filled in yet."""

    sheet: Sheet
    kind: Kind
    sentence: str
    head: Head | None = None
    guesses: list[Guess] = field(default_factory=list)
    fingerprint: str = ""
    form_of: Kind | None = None
    words: Vocabulary = field(default_factory=lambda: Vocabulary(()))
    code_sets: Mapping[str, CodeSet] = field(default_factory=dict)
    here: tuple[str, ...] = ()
    skipped: list[Skipped] = field(default_factory=list)
    unclear: int = 0
    """Rows whose address was left open though it may be the one above; known once they were read."""

    def rows(self, today: date | None = None) -> Iterator[Row]:
        """The data rows in order, each block of columns after the other. ``skipped`` then tells of the other lines."""
        self.skipped, self.unclear = [], 0
        if self.head is None or self.kind not in SUBJECT_OF:
            return
        for block in self.blocks:
            reader = Reader(
                self.sheet, self.head, self.kind, block, self.words, self.code_sets, today or clock_today(), self.here
            )
            yield from reader.rows()
            self.skipped += reader.skipped
            self.unclear += reader.homes.unclear

    @property
    def blocks(self) -> list[list[Guess]]:
        """The columns; several lists where several people stand in a line: the same columns again (two-column print),
        or the head of a household beside a member.
        """
        if heads := heads_beside(self.guesses):
            return [heads, self.guesses]
        period = _period([fold(g.column.header) for g in self.guesses])
        return [self.guesses[n : n + period] for n in range(0, len(self.guesses), period)] if self.guesses else []

    @property
    def mapping(self) -> dict[str, str]:
        """Header → target, for remembering under ``fingerprint``."""
        return {key: g.target for key, g in zip(keys_of(self.guesses), self.guesses, strict=True)}

    def mapped(self, targets: Mapping[str, str]) -> "Table":
        """This table with columns mapped by hand. ``targets``: column letter → target, "" to leave a column out."""
        changed = [
            replace(g, target=targets[g.column.letter], confidence=1.0, reason=say("由人指定"))
            if g.column.letter in targets
            else g
            for g in self.guesses
        ]
        return replace(self, guesses=changed)

    def described(self) -> dict[str, Any]:
        """What was understood, as JSON, for a page that shows and corrects the mapping."""
        return {
            "sheet": self.sheet.name,
            "kind": str(self.kind),
            "form_of": str(self.form_of or ""),
            "sentence": self.sentence,
            "fingerprint": self.fingerprint,
            "head_row": self.head.bottom + 1 if self.head else None,
            "columns": [
                {
                    "letter": g.column.letter,
                    "header": g.column.header,
                    "target": g.target,
                    "name": name_of(g.target, self.words) if g.target else "",
                    "confidence": round(g.confidence, 2),
                    "reason": g.reason,
                    "required": g.column.required,
                    "others": [c.target for c in g.others if c.target != g.target][:3],
                }
                for g in self.guesses
            ],
        }


def understand(
    sheet: Sheet,
    items: Sequence[Item],
    code_sets: Mapping[str, CodeSet],
    remembered: Mapping[str, Mapping[str, str]] | None = None,
    here: Sequence[str] = (),
) -> Table:
    """Say what a sheet is. ``remembered``: fingerprint → mapping once confirmed. ``here``: the names of the committee's
    own area and those above it (公交新村居委会, 四平路街道, 杨浦区, 上海市); addresses in others are not its dwellings.
    """
    if not any(not blank(c) for row in sheet.rows for c in row):
        return Table(sheet, Kind.EMPTY, _NOT_OURS[Kind.EMPTY])
    if content.is_code_list(sheet):
        return Table(sheet, Kind.CODES, _NOT_OURS[Kind.CODES])
    if text := content.only_text(sheet):
        return Table(sheet, Kind.NOTES, say("这张表只有说明文字（“{text}”），没有可导入的行", text=text))
    words = Vocabulary(items)
    head = find(sheet, words) or _without_head(sheet)
    mark = fingerprint(head.names)
    proposal = propose(sheet, head, words, (remembered or {}).get(mark))
    table = Table(sheet, proposal.kind, "", head, proposal.guesses, mark, None, words, code_sets, tuple(here))
    return _judged(table)


def _without_head(sheet: Sheet) -> Head:
    """Rows that begin at once: columns are then known by their letters and looks alone."""
    width = sheet.width
    return Head(-1, -1, [HeadColumn(c, ()) for c in range(width)], 0)


def _period(names: Sequence[str]) -> int:
    """After how many columns the same headers begin again; the number of columns when they do not."""
    total = len(names)
    for period in range(2, total // 2 + 1):
        if total % period == 0 and names[0] and all(names[i] == names[i % period] for i in range(total)):
            return period
    return max(total, 1)


def _judged(table: Table) -> Table:
    """The sentence for the worker, and EMPTY for a form without rows."""
    head, kind = table.head, table.kind
    if head is None:
        return table
    _share_blocks(table)
    if kind in (Kind.UNKNOWN, Kind.PEOPLE) and content.office_share(table.sheet, head.first, len(head.columns)) > 0.5:
        table.kind = kind = Kind.OFFICES
    if kind in _NOT_OURS:
        table.sentence = _NOT_OURS[kind]
        return table
    names = "、".join(n for n in head.names if n)
    if kind is Kind.UNKNOWN:
        found = say("找到的列名是：{names}", names=names[:80]) if names else say("没有找到列名")
        table.sentence = say("看不出这张表记的是什么，{found}。请确认选对了文件，或指定每一列的含义", found=found)
        return table
    about = _ABOUT[kind]
    if next(table.rows(), None) is None:
        table.form_of, table.kind = kind, Kind.EMPTY
        table.sentence = say(
            "这是空白的{about}（{names}），表头在第 {row} 行，下面还没有填内容",
            about=about,
            names=names[:60],
            row=head.bottom + 1,
        )
        return table
    known = sum(bool(g.target) for g in table.guesses)
    where = say("表头在第 {row} 行", row=head.bottom + 1) if head.bottom >= 0 else say("没有表头，按内容认列")
    unsure = [g.column.header for g in table.guesses if not g.target and g.profile.filled and g.column.path]
    left = say("；没有采用：{names}", names="、".join(unsure)[:60]) if unsure else ""
    table.sentence = say(
        "{about}：{where}，认出 {n} 列中的 {known} 列{left}",
        about=about,
        where=where,
        n=len(table.guesses),
        known=known,
        left=left,
    )
    return table


def _share_blocks(table: Table) -> None:
    """Blocks side by side mean the same: the first block's meanings go to the others."""
    blocks = table.blocks if heads_beside(table.guesses) is None else []
    for block in blocks[1:]:
        for mine, first in zip(block, blocks[0], strict=True):
            best = max((mine, first), key=lambda g: g.confidence if g.target else -1.0)
            for guess in (mine, first):
                guess.target, guess.confidence, guess.reason = best.target, best.confidence, best.reason


__all__ = ["SURE", "Table", "understand"]
