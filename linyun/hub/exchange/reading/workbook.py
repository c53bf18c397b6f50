"""Opening what people send: .xlsx, .xls, .csv and pages called .xls, from bytes, safely. One door: ``read``."""

import io
from pathlib import PurePath
from typing import Any, NoReturn

import python_calamine

from linyun.hub.exchange.reading import package, plain
from linyun.hub.exchange.reading.cells import Cell, Merge, Sheet, Unreadable, Workbook
from linyun.kernel.words import msgid, say

SIZE_LIMIT = 60 * 1024 * 1024
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN = (
    (b"%PDF", msgid("这是 PDF 文件，不是表格。请找到原来的 Excel 文件，或把内容录入表格后再上传")),
    (b"Rar!", msgid("这是 RAR 压缩包。请先解压，再上传里面的表格")),
    (b"7z\xbc\xaf", msgid("这是 7z 压缩包。请先解压，再上传里面的表格")),
    (b"\x1f\x8b", msgid("这是压缩包。请先解压，再上传里面的表格")),
    (b"\x89PNG", msgid("这是图片，不是表格。请上传 .xlsx、.xls 或 .csv 文件")),
    (b"\xff\xd8\xff", msgid("这是照片，不是表格。请上传 .xlsx、.xls 或 .csv 文件")),
    (b"{\\rtf", msgid("这是文档，不是表格。请把表格复制到 Excel 后再上传")),
    (b"MIME-Version", msgid("这是网页存档文件。请在 Excel 里打开，另存为 .xlsx 后再上传")),
)
_BROKEN = msgid("文件打不开，可能没有传完或已损坏。请在 Excel 里打开，另存为 .xlsx 后再上传")


def read(data: bytes, filename: str) -> Workbook:
    """Take in a file. What it is, its content says, not its name. Raises Unreadable with a sentence for the worker."""
    extension = PurePath(filename).suffix.lower()
    if not data.strip():
        raise Unreadable(say("文件是空的。请确认选对了文件"))
    if len(data) > SIZE_LIMIT:
        raise Unreadable(
            say(
                "文件有 {n} MB，最大 {most} MB。请拆成几个文件再导入",
                n=len(data) // 1024 // 1024,
                most=SIZE_LIMIT // 1024 // 1024,
            )
        )
    if extension in (".et", ".ett"):
        raise Unreadable(say("这是 WPS 的 .et 表格，暂不支持。请在 WPS 里另存为 .xlsx 后再上传"))
    for magic, sentence in _FOREIGN:
        if data.startswith(magic):
            raise Unreadable(sentence)
    if data.startswith(b"PK"):
        book = _xlsx(data, filename)
    elif data.startswith(OLE):
        book = _xls(data, filename)
    else:
        book = _text(data, filename, extension)
    for sheet in book.sheets:
        _trim(sheet)
    _tell(book)
    return book


def _xlsx(data: bytes, filename: str) -> Workbook:
    facts = package.inspect(data)
    sheets = _calamine_sheets(data)
    for sheet in sheets:
        known = facts.get(sheet.name, package.SheetFacts())
        sheet.hidden_rows, sheet.hidden_columns = known.hidden_rows, known.hidden_columns
        sheet.epoch_1904 = known.epoch_1904
        for (row, column), failed in known.failed.items():
            _put(sheet, row, column, failed)
    return Workbook(filename, "xlsx", sheets)


def _put(sheet: Sheet, row: int, column: int, cell: Cell) -> None:
    """Set a cell, growing the sheet where its last cells were the failed ones."""
    while len(sheet.rows) <= row:
        sheet.rows.append([])
    line = sheet.rows[row]
    line.extend([""] * (column + 1 - len(line)))
    line[column] = cell


def _xls(data: bytes, filename: str) -> Workbook:
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise Unreadable(say("文件加了打开密码。请在 Excel 或 WPS 里去掉密码，另存后再上传"))
    if "WordDocument".encode("utf-16-le") in data:
        raise Unreadable(say("这是 Word 文件，不是表格。请把表格复制到 Excel，另存为 .xlsx 后再上传"))
    return Workbook(filename, "xls", _calamine_sheets(data))


def _calamine_sheets(data: bytes) -> list[Sheet]:
    try:
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            return [_sheet(book, meta) for meta in book.sheets_metadata if _is_table(meta)]
    except BaseException as error:  # a panic of the reader is no Exception; what is neither goes on
        _explain(error)


def _explain(error: BaseException) -> NoReturn:
    if isinstance(error, python_calamine.PasswordError):
        raise Unreadable(say("文件加了打开密码。请在 Excel 或 WPS 里去掉密码，另存后再上传")) from error
    if isinstance(error, Exception) or type(error).__name__ == "PanicException":
        raise Unreadable(_BROKEN) from error
    raise error


def _is_table(meta: Any) -> bool:
    return bool(meta.typ == python_calamine.SheetTypeEnum.WorkSheet)


def _sheet(book: Any, meta: Any) -> Sheet:
    sheet = book.get_sheet_by_name(meta.name)
    rows = sheet.to_python(skip_empty_area=False)
    merges = [Merge(top, left, bottom, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or []]
    hidden = meta.visible != python_calamine.SheetVisibleEnum.Visible
    return Sheet(meta.name, rows, merges, hidden)


def _text(data: bytes, filename: str, extension: str) -> Workbook:
    if plain.looks_like_html(data):
        return Workbook(filename, "html", plain.read_html(data), [say("文件其实是网页，已按其中的表格读取")])
    if b"urn:schemas-microsoft-com:office:spreadsheet" in data[:4096]:
        raise Unreadable(say("这是 XML 表格。请在 Excel 里打开，另存为 .xlsx 后再上传"))
    text, encoding = plain.decode(data)
    if extension in (".xls", ".xlsx") and not any(sign in text[:2000] for sign in ",\t;|"):
        raise Unreadable(_BROKEN)
    sheet = plain.read_csv(text, PurePath(filename).stem or "表1")
    notes = [] if extension not in (".xls", ".xlsx") else [say("文件其实是文本，已按分隔符读取")]
    if encoding == "gb18030":
        notes.append(say("文字编码是 GB18030"))
    return Workbook(filename, "csv", [sheet], notes)


def _trim(sheet: Sheet) -> None:
    """Cut blank rows from the end: sheets whose formats reach down for 65,000 rows are common."""
    rows = sheet.rows
    while rows and (rows[-1].count("") == len(rows[-1]) or all(isinstance(c, str) and not c.strip() for c in rows[-1])):
        rows.pop()


def _tell(book: Workbook) -> None:
    for sheet in book.sheets:
        hidden = len([r for r in sheet.hidden_rows if r < len(sheet.rows)])
        if sheet.hidden and sheet.rows:
            book.notes.append(say("工作表“{name}”是隐藏的，也读了", name=sheet.name))
        if hidden:
            book.notes.append(say("工作表“{name}”有 {n} 行是隐藏的，也读了", name=sheet.name, n=hidden))
