"""The inside of an .xlsx file, looked at before and beside the reader: bombs, hidden rows, formulas without result.

Everything here works on bytes with plain patterns: no entity is ever expanded and no document type is accepted.
"""

import io
import re
import zipfile
from dataclasses import dataclass, field
from html import unescape
from posixpath import normpath

from linyun.hub.exchange.reading.cells import Unreadable, column_of
from linyun.kernel.values.text import FailedCell
from linyun.kernel.words import msgid, say

UNPACKED_LIMIT = 200 * 1024 * 1024
RATIO_LIMIT = 250  # unpacked to packed, for parts over RATIO_FROM
RATIO_FROM = 20 * 1024 * 1024
PARTS_LIMIT = 5_000
SHEETS_LIMIT = 200
CELLS_LIMIT = 12_000_000  # of the rectangle that the reader lays out in memory

_P = rb"(?:[A-Za-z0-9]+:)?"
_ROW = re.compile(rb"<" + _P + rb"row\b([^>]*)>")
_COL = re.compile(rb"<" + _P + rb"col\b([^>]*)/?>")
_REFERENCE = re.compile(rb"\br=[\"']([A-Z]{1,3})(\d{1,7})[\"']")
_ANY_CELL = re.compile(rb"[<:]c[\s/>]")
_HOLDS = rb"(?<!/)>(?!\s*</)"
_PLACED = re.compile(rb"<" + _P + rb"c\b[^>]*?\br=[\"']([A-Z]{1,3})(\d{1,7})[\"'][^>]*" + _HOLDS)
_BARE = re.compile(rb"<" + _P + rb"c\b(?![^>]*\br=)[^>]*" + _HOLDS)
_FORMULA = re.compile(
    rb"<" + _P + rb"c r=\"([A-Z]+)(\d+)\"([^>]*)>\s*<" + _P + rb"f(?:\s[^>]*)?(?:/>|>([^<]*)</" + _P + rb"f>)\s*"
    rb"(?:<" + _P + rb"v\s*/>|<" + _P + rb"v>\s*</" + _P + rb"v>)?\s*</" + _P + rb"c>"
)
_ERROR = re.compile(
    rb"<"
    + _P
    + rb"c r=\"([A-Z]+)(\d+)\"[^>]*\bt=\"e\"[^>]*>.*?<"
    + _P
    + rb"v>(#[^<]*)</"
    + _P
    + rb"v>\s*</"
    + _P
    + rb"c>",
    re.S,
)
_ATTRIBUTE = re.compile(rb"([A-Za-z0-9:]+)=\"([^\"]*)\"")
_NUMBER_OF_ROW = re.compile(rb"\br=\"(\d+)\"")
_SHEET = re.compile(rb"<" + _P + rb"sheet\b([^>]*)/?>")
_RELATION = re.compile(rb"<" + _P + rb"Relationship\b([^>]*)/?>")
_EPOCH_1904 = re.compile(rb"<" + _P + rb"workbookPr\b[^>]*\bdate1904=[\"'](?:1|true|on)[\"']")
_NO_RESULT = msgid("公式没有结果。请在 Excel 或 WPS 里打开这个文件，保存一次后再导入")


@dataclass(slots=True)
class SheetFacts:
    """What the reader does not tell of a sheet; rows and columns from 0."""

    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    failed: dict[tuple[int, int], FailedCell] = field(default_factory=dict)
    epoch_1904: bool = False


def inspect(data: bytes) -> dict[str, SheetFacts]:
    """Check an .xlsx package and look at its sheets: name → facts. Raises Unreadable with the reason."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except Exception as error:  # zipfile answers a damaged directory with whatever its parser meets
        raise Unreadable(say("文件不完整，可能没有传完或已损坏。请在电脑上确认能打开，再重新上传")) from error
    with archive:
        entries = archive.infolist()
        _check_sizes(entries)
        _check_names([e.filename for e in entries])
        _check_kind({e.filename for e in entries})
        parts = {e.filename: _unpack(archive, e) for e in entries if not e.is_dir()}
    sheets = _sheet_parts(parts)
    if len(sheets) > SHEETS_LIMIT:
        raise Unreadable(
            say(
                "文件里有 {n} 张工作表，最多 {most} 张。请拆成几个文件再导入",
                n=len(sheets),
                most=SHEETS_LIMIT,
            )
        )
    _check_extents(parts, {path: name for name, path in sheets.items()})
    found = {name: _facts(parts.get(path, b"")) for name, path in sheets.items()}
    for facts in found.values():
        facts.epoch_1904 = bool(_EPOCH_1904.search(parts["xl/workbook.xml"]))
    return found


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    """Before unpacking anything: what the package says of itself (unpacking then holds it to its word)."""
    if any(e.flag_bits & 1 for e in entries):
        raise Unreadable(say("文件加了密码。请在 Excel 或 WPS 里去掉密码，另存后再上传"))
    if len(entries) > PARTS_LIMIT or sum(e.file_size for e in entries) > UNPACKED_LIMIT:
        raise Unreadable(say("文件解压后太大，为安全起见没有打开。请只保留需要的工作表，另存后再上传"))
    if any(e.file_size > RATIO_FROM and e.file_size > RATIO_LIMIT * max(e.compress_size, 1) for e in entries):
        raise Unreadable(say("文件压缩得异常紧，像是压缩炸弹，没有打开。请在 Excel 里另存为新文件后再上传"))


def _check_names(names: list[str]) -> None:
    """Two parts of one name: what is looked at here need not be what the reader opens."""
    if len({n.lower() for n in names}) < len(names):
        raise Unreadable(say("文件里有重复的部分，像是被改动过，没有打开。请在 Excel 里另存为新文件后再上传"))


def _check_kind(names: set[str]) -> None:
    if "xl/workbook.xml" in names:
        return
    if "xl/workbook.bin" in names:
        raise Unreadable(say("这是 .xlsb 二进制表格，暂不支持。请在 Excel 里另存为 .xlsx 后再上传"))
    if "word/document.xml" in names:
        raise Unreadable(say("这是 Word 文件，不是表格。请把表格复制到 Excel，另存为 .xlsx 后再上传"))
    if "ppt/presentation.xml" in names:
        raise Unreadable(say("这是演示文稿，不是表格。请上传 .xlsx、.xls 或 .csv 文件"))
    if "content.xml" in names:
        raise Unreadable(say("这是 .ods 表格，暂不支持。请另存为 .xlsx 后再上传"))
    raise Unreadable(say("这是压缩包，不是表格。请先解压，再上传里面的 .xlsx、.xls 或 .csv 文件"))


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """One part. ``zipfile`` stops at the stated size and checks the sum, so a part that lies about it is refused."""
    try:
        data = archive.read(entry)
    except Exception as error:  # zlib, zipfile and EOF errors all mean the same here
        raise Unreadable(say("文件不完整，可能没有传完或已损坏。请在电脑上确认能打开，再重新上传")) from error
    if entry.filename.endswith((".xml", ".rels")) and (b"<!DOCTYPE" in data or b"<!ENTITY" in data):
        raise Unreadable(say("文件里有不安全的内容，没有打开。请在 Excel 里另存为新文件后再上传"))
    return data


def _attributes(tag: bytes) -> dict[str, str]:
    return {k.rpartition(b":")[2].decode(): unescape(v.decode("utf-8", "replace")) for k, v in _ATTRIBUTE.findall(tag)}


def _sheet_parts(parts: dict[str, bytes]) -> dict[str, str]:
    relations = {}
    for tag in _RELATION.findall(parts.get("xl/_rels/workbook.xml.rels", b"")):
        attributes = _attributes(tag)
        target = attributes.get("Target", "")
        relations[attributes.get("Id", "")] = target.lstrip("/") if target[:1] == "/" else normpath(f"xl/{target}")
    sheets = {}
    for tag in _SHEET.findall(parts["xl/workbook.xml"]):
        attributes = _attributes(tag)
        sheets[attributes.get("name", "")] = relations.get(attributes.get("id", ""), "")
    return sheets


def _facts(xml: bytes) -> SheetFacts:
    facts = SheetFacts()
    if b"hidden=" in xml:
        facts.hidden_rows = _hidden_rows(xml)
        facts.hidden_columns = _hidden_columns(xml)
    if b"<f" in xml or b":f" in xml:
        for letters, number, attributes, formula in _FORMULA.findall(xml):
            if b't="str"' not in attributes:
                shown = "=" + unescape(formula.decode("utf-8", "replace"))
                facts.failed[int(number) - 1, column_of(letters.decode())] = FailedCell(shown, _NO_RESULT)
    if b't="e"' in xml:
        for letters, number, shown in _ERROR.findall(xml):
            word = shown.decode("utf-8", "replace")
            reason = say("单元格里的公式出错（{cell}），没有结果。请改正公式或直接填写内容", cell=word)
            facts.failed[int(number) - 1, column_of(letters.decode())] = FailedCell(word, reason)
    return facts


def _check_extents(parts: dict[str, bytes], names: dict[str, str]) -> None:
    """A stray cell far away makes a rectangle that no memory holds. Every part that holds cells is looked at, named as a
    sheet or not: which of them the reader opens is its own affair.
    """
    for path, xml in parts.items():
        if b"sheetData" in xml and not _is_surely_small(xml):
            rows, columns = _extent(xml)
            if rows * columns > CELLS_LIMIT:
                raise Unreadable(
                    say(
                        "工作表“{name}”在很远的地方（第 {row} 行或第 {columns} 列）还有内容。请删去名单以外的行和列，另存后再上传",
                        name=names.get(path, path),
                        row=rows,
                        columns=columns,
                    )
                )


def _is_surely_small(xml: bytes) -> bool:
    """A quick look that almost every sheet passes: every cell says where it stands, and even empty ones stand near."""
    places = _REFERENCE.findall(xml)
    if len(_ANY_CELL.findall(xml)) > len(places):
        return False
    last = max(map(int, {number for _, number in places}), default=0)
    return last * max((column_of(letters.decode()) + 1 for letters in {c for c, _ in places}), default=0) <= CELLS_LIMIT


def _extent(xml: bytes) -> tuple[int, int]:
    """Rows and columns of the rectangle around all cells that hold something, whatever order they stand in."""
    placed = _PLACED.findall(xml)
    columns = {letters for letters, _ in placed}
    last = max(map(int, {number for _, number in placed}), default=0)
    if _BARE.search(xml) is None:
        return last, max((column_of(c.decode()) for c in columns), default=-1) + 1
    # Cells without a place of their own stand one after the other: the longest line counts.
    lines = xml.split(b"row")
    return max(last, len(lines)), max(line.count(b"<v") + line.count(b":v") for line in lines) + len(columns)


def _is_hidden(tag: bytes) -> bool:
    return b'hidden="1"' in tag or b'hidden="true"' in tag


def _hidden_rows(xml: bytes) -> frozenset[int]:
    found = (_NUMBER_OF_ROW.search(tag) for tag in _ROW.findall(xml) if _is_hidden(tag))
    return frozenset(int(n[1]) - 1 for n in found if n)


def _hidden_columns(xml: bytes) -> frozenset[int]:
    columns: set[int] = set()
    head = xml[: xml.find(b"sheetData")]
    for tag in _COL.findall(head):
        if _is_hidden(tag):
            attributes = _attributes(tag)
            first, last = int(attributes.get("min", "1")), int(attributes.get("max", "1"))
            columns.update(range(first - 1, min(last, 16_384)))
    return frozenset(columns)
