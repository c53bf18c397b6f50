"""Which lines below the head are data: totals, signatures, notes, repeated heads and section titles are not."""

import re
from collections.abc import Sequence, Set
from enum import StrEnum

from linyun.hub.exchange.reading.cells import Cell, Merge, blank
from linyun.hub.exchange.reading.header import Head
from linyun.hub.exchange.reading.words import fold
from linyun.kernel.values.text import clean


class Line(StrEnum):
    """What a line of a sheet is."""

    DATA = "data"
    BLANK = "blank"
    TOTAL = "total"
    SIGNATURE = "signature"
    NOTE = "note"
    TEMPLATE = "template"
    HEAD = "head"
    SECTION = "section"
    OTHER_TABLE = "other_table"


FEW = 3  # a line with so few cells is looked at closely
_FIRST_SIGNS = frozenset("合总小共本累注备说填制审复负经单主盖日联统核示例附*※(（{")
_TOTAL = re.compile(r"(?:合|总|小|共|累)计|本页(?:小|合)计|总(?:人|户)?数|合计[人户]数")
_TOTAL_LINE = re.compile(
    r"(?:(?:合|总|小|共|累)计|本页(?:小|合)计|总(?:人|户)?数)(?:\Z|[:：(（\d].*)|共.{0,8}\d+\s*[人户].*\Z"
)
_SIGNATURE = re.compile(
    r"(?:填表人?|制表人?|填报人?|审核人?|复核人?|负责人|经办人|单位负责人|主管领导|主要领导|领导签字|统计人|核对人|联系人|联系电话|"
    r"填表日期|填报日期|制表日期|填表时间|填报时间|填表单位|填报单位|制表单位|单位|日期|居委会|社区)?"
    r"\s*(?:[:：]|[(（](?:签字|签名|盖章|公章|章)[)）])"
)
_SIGNED = re.compile(r"填表|制表|填报|审核|复核|负责人|经办|签字|签名|盖章|公章|领导|统计人|核对人|日期|单位|联系人")
_NOTE = re.compile(
    r"(?:注|备注|说明|填表说明|填写说明|注意|注意事项|附注|提示|附|※|\*)\s*\d*\s*[:：、.]|※|\d[、.].{12,}"
)
_TEMPLATE = re.compile(r"\{\{?\s*[A-Za-z_][\w.]*\s*\}?\}|\$\{[^}]+\}|<%.*%>")
_DOOR = re.compile(r"\d弄?(?:号楼?|[幢栋座])\Z")
_PAGE = re.compile(r"第\s*\d+\s*页|-\s*\d+\s*-\Z|\d+\s*/\s*\d+\Z")
_DAY_ONLY = re.compile(r"\d{4}年\d{1,2}月(?:\d{1,2}日)?\Z")


class Lines:
    """Tells the lines of one table apart. Cheap for full lines, careful for those with few cells or telling starts."""

    def __init__(
        self, head: Head, merges: Sequence[Merge], name_column: int | None, words: Set[str] = frozenset()
    ) -> None:
        self._words = words
        self._names = {c.index: fold(c.path[-1]) for c in head.columns if c.path}
        self._name_column = name_column
        self._name_head = self._names.get(name_column, "") if name_column is not None else ""
        self._wide = {m.top: m.right - m.left + 1 for m in merges if m.top == m.bottom and m.right - m.left >= 2}
        self._columns = len(head.columns)

    def what(self, index: int, cells: Sequence[Cell]) -> Line:
        """What a line is. ``index``: its row from 0."""
        filled = len(cells) - cells.count("")
        if filled == 0:
            return Line.BLANK
        first = next((c for c in cells if c != ""), "")
        if filled > FEW and not (isinstance(first, str) and first.lstrip()[:1] in _FIRST_SIGNS):
            return self._usual(cells)
        return self._closely(index, [(i, c) for i, c in enumerate(cells) if not blank(c)])

    def _usual(self, cells: Sequence[Cell]) -> Line:
        """A line with many cells: data, unless its name cell says 姓名, 合计 or {name}."""
        column = self._name_column
        if column is None or column >= len(cells):
            return Line.DATA
        name = cells[column]
        if not isinstance(name, str):
            return Line.DATA
        if self._name_head and name[:1] == self._name_head[:1] and fold(name) == self._name_head:
            return Line.HEAD
        if name in self._words and self._is_other_head(cells):
            return Line.OTHER_TABLE
        if "{" in name and _TEMPLATE.search(name):
            return Line.TEMPLATE
        return Line.TOTAL if name[-1:] == "计" and _TOTAL.fullmatch(clean(name).replace(" ", "")) else Line.DATA

    def _is_other_head(self, cells: Sequence[Cell]) -> bool:
        """Whether a line names the columns of another table: known header words only, and at least three."""
        texts = [c for c in cells if c != ""]
        known = sum(1 for t in texts if isinstance(t, str) and clean(t) in self._words)
        return known >= 3 and 2 * known > len(texts)

    def _closely(self, index: int, cells: list[tuple[int, Cell]]) -> Line:
        if not cells:
            return Line.BLANK
        texts = [clean(c) for _, c in cells if isinstance(c, str)]
        if any(_TEMPLATE.search(t) for t in texts):
            return Line.TEMPLATE
        if any(_TOTAL_LINE.match(t.replace(" ", "")) for t in texts[:3]):
            return Line.TOTAL
        if self._repeats_head(cells):
            return Line.HEAD
        if len(cells) == 1 and texts and _PAGE.match(texts[0]):
            return Line.NOTE
        if _NOTE.match(texts[0]) if texts else False:
            return Line.NOTE if len(cells) <= FEW else Line.DATA
        if self._is_signature(cells, texts):
            return Line.SIGNATURE
        if len(cells) == 1 and texts:
            return self._alone(index, cells[0][0], texts[0])
        return Line.DATA

    def _repeats_head(self, cells: list[tuple[int, Cell]]) -> bool:
        same = sum(1 for i, c in cells if isinstance(c, str) and self._names.get(i) and fold(c) == self._names[i])
        return same >= 2 and 2 * same > len(cells)

    def _is_signature(self, cells: list[tuple[int, Cell]], texts: list[str]) -> bool:
        signed = sum(1 for t in texts if _SIGNATURE.match(t) and _SIGNED.search(t))
        return (
            signed > 0
            and (len(cells) <= FEW or 2 * signed >= len(texts))
            or (len(texts) == len(cells) == 1 and bool(_DAY_ONLY.match(texts[0])))
        )

    def _alone(self, index: int, column: int, text: str) -> Line:
        """One cell in the line: a section's title when it is spread over columns or stands beside the name column."""
        if self._wide.get(index, 0) >= 3:
            return Line.SECTION if len(text) <= 30 else Line.NOTE
        if _DOOR.search(text):
            return Line.SECTION
        if column == self._name_column or self._columns < 3:
            return Line.DATA
        if len(text) > 40:
            return Line.NOTE
        return Line.SECTION if re.search(r"号楼?\Z|[幢栋座弄组格片层]\Z|单元\Z|新村\Z|小区\Z|楼组", text) else Line.DATA
