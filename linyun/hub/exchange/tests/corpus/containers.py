"""Cases of what a file is, whatever it calls itself: packages, texts in every encoding, pages, and things that are no table."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

from linyun.hub.exchange.tests.corpus.making import (
    DOOR,
    HEAD,
    MIN,
    WANG,
    ZHOU,
    Case,
    Rows,
    of,
    repacked,
    text,
    written,
    xlsx,
)

ROWS: Rows = (HEAD, ["周桂芳", ZHOU, DOOR, "19900111111"], ["王福生", WANG, DOOR, "123"])
ONE = (2, 0, 0, 0, 0)
BAD = [(3, "D 联系电话", "123", "不是完整的电话号码")]
PLAIN = xlsx(ROWS)


def as_text(name: str = "名册.csv", **more: Any) -> Case:
    """The rows as a text."""
    return Case(text(ROWS, **more), ONE, BAD, name=name)


def page(charset: str, declared: str = "") -> bytes:
    """The rows as a web page with a merged household cell."""
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={declared or charset}">'
    cells = "".join(f"<tr>{''.join(f'<td>{c}</td>' for c in row)}</tr>" for row in ROWS[1:])
    made = f"<html><head>{meta}</head><body><table border=1><tr>{''.join(f'<th>{c}</th>' for c in HEAD)}</tr>{cells}"
    return f"{made}</table></body></html>".encode(charset)


def phantom(book: Any, sheet: Any) -> None:
    """Formats that reach down 65,535 rows below three that are filled, one cell of blanks at the very end."""
    for number, row in enumerate(ROWS):
        sheet.write_row(number, 0, row)
    style = book.add_format({"border": 1})
    for number in range(len(ROWS), 65_535):
        sheet.write_blank(number, 0, None, style)
    sheet.write_string(65_535, 1, "  ")


def hidden_sheet(book: Any) -> None:
    """The second sheet hidden."""
    book.worksheets[1].sheet_state = "hidden"


def macros(name: str, part: bytes) -> bytes:
    """The content type of a workbook with macros."""
    return part.replace(b"spreadsheetml.sheet.main+xml", b"ms-excel.sheet.macroEnabled.main+xml").replace(
        b"application/vnd.openxmlformats-officedocument.ms-excel", b"application/vnd.ms-excel"
    )


def corrupt() -> bytes:
    """A package one byte of whose sheet was changed on the way."""
    at = PLAIN.find(b"xl/worksheets/sheet1.xml") + 60
    return PLAIN[:at] + bytes([PLAIN[at] ^ 0xFF]) + PLAIN[at + 1 :]


def bomb() -> bytes:
    """A sheet of nothing that unpacks to two hundred megabytes."""
    return repacked(PLAIN, lambda name, part: b" " * 210_000_000 if name.endswith("sheet1.xml") else part)


def entity(name: str, part: bytes) -> bytes:
    """A document type that would expand without end."""
    return b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + part if name.endswith("sheet1.xml") else part


def package(*names: str) -> bytes:
    """A zip of some other purpose."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return output.getvalue()


def locked(word: str = "EncryptedPackage") -> bytes:
    """A container of Microsoft's old kind that names one stream."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + word.encode("utf-16-le") + b"\0" * 512


CASES: dict[str, Case] = {
    "a workbook called .xls": Case(PLAIN, ONE, BAD, name="名册.xls"),
    "a workbook called .csv": Case(PLAIN, ONE, BAD, name="名册.csv"),
    "a workbook without extension": Case(PLAIN, ONE, BAD, name="名册"),
    "a workbook with macros": Case(lambda: repacked(PLAIN, macros), ONE, BAD, name="名册.xlsm"),
    "a workbook with a hidden sheet": Case(xlsx(ROWS, (HEAD, ["王敏", MIN, DOOR, ""]), then=hidden_sheet), (3, 0, 0, 0, 0), BAD),
    "65,535 phantom rows": Case(lambda: written(phantom, constant_memory=True, in_memory=False), ONE, BAD),
    "a text in UTF-8": as_text(),
    "a text in UTF-8 with its mark": as_text(encoding="utf-8-sig"),
    "a text in GB18030": as_text(encoding="gb18030"),
    "a text in GB18030 with its mark": Case(b"\x84\x31\x95\x33" + text(ROWS, encoding="gb18030"), ONE, BAD, name="名册.csv"),
    "a text in UTF-16 as Excel saves it": as_text(encoding="utf-16", sep="\t", name="名册.txt"),
    "a text in UTF-16 without mark": as_text(encoding="utf-16-le"),
    "a text in UTF-16, big end first": Case(b"\xfe\xff" + text(ROWS, encoding="utf-16-be"), ONE, BAD, name="名册.csv"),
    "a text with semicolons": as_text(sep=";"),
    "a text with tabs": as_text(sep="\t"),
    "a text with strokes": as_text(sep="|"),
    "a text that says sep=": Case(b"sep=;\r\n" + text(ROWS, sep=";"), ONE, BAD, name="名册.csv"),
    "a text with the line ends of an old Mac": as_text(end="\r"),
    "a text called .xlsx": as_text(name="名册.xlsx"),
    "a text with a line break within a cell": Case(
        text([*ROWS[:1], ["周桂芳", ZHOU, f"{DOOR}\n（南间）", "123"]]), (1, 0, 0, 0, 0), [(2, *BAD[0][1:])], name="名册.csv"),
    "a text with commas within a cell": Case(
        text([*ROWS[:1], ["周桂芳", ZHOU, DOOR, "19900111111,19900222222"]]), (1, 0, 0, 0, 0), name="名册.csv"),
    "a text with title rows of other widths": Case(
        text([["公交新村居民名册"], [], ["2026年11月", ""], *ROWS]), ONE, [(6, *BAD[0][1:])], name="名册.csv"),
    "a text cut off within a character": Case(
        text([*ROWS, ["王敏", MIN, DOOR, ""]])[:-3] + "室".encode()[:2], (3, 0, 0, 0, 0), BAD, name="名册.csv"),
    "a page called .xls in UTF-8": Case(page("utf-8"), ONE, BAD, name="名册.xls", sheet="表1"),
    "a page called .xls in GBK": Case(page("gb18030", "gb2312"), ONE, BAD, name="名册.xls", sheet="表1"),
    "a workbook with a link and a picture's drawing": Case(
        of(*ROWS[1:], then=lambda book: setattr(book.worksheets[0]["A2"], "hyperlink", "https://example.cn/")), ONE, BAD),
}  # fmt: skip

UNREADABLE: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "nothing": (lambda: b"", "名册.xlsx", "空的"),
    "blanks": (lambda: b" \r\n\t", "名册.csv", "空的"),
    "a package cut short": (lambda: PLAIN[:-300], "名册.xlsx", "不完整"),
    "a package with a changed byte": (corrupt, "名册.xlsx", "不完整"),
    "a bomb": (bomb, "名册.xlsx", "没有打开"),
    "an endless entity": (lambda: repacked(PLAIN, entity), "名册.xlsx", "不安全"),
    "a password": (locked, "名册.xlsx", "密码"),
    "a password on an .xls": (locked, "名册.xls", "密码"),
    "a letter": (lambda: locked("WordDocument"), "名册.doc", "Word"),
    "a letter of the new kind": (lambda: package("word/document.xml"), "名册.docx", "Word"),
    "slides": (lambda: package("ppt/presentation.xml"), "名册.pptx", "演示文稿"),
    "a binary workbook": (lambda: package("xl/workbook.bin"), "名册.xlsb", "xlsb"),
    "an open document": (lambda: package("content.xml"), "名册.ods", "ods"),
    "an archive of tables": (lambda: package("a.xlsx", "b.xlsx"), "名册.zip", "解压"),
    "a workbook of WPS": (lambda: locked("x"), "名册.et", "WPS"),
    "an old container of nothing": (lambda: locked("x"), "名册.xls", "打不开"),
    "a PDF": (lambda: b"%PDF-1.7\n%", "名册.pdf", "PDF"),
    "a photo": (lambda: b"\xff\xd8\xff\xe0" + b"\0" * 64, "名册.jpg", "照片"),
    "an XML table": (
        lambda: b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "名册.xls", "XML"),
    "a page without a table": (lambda: "<html><body>请登录</body></html>".encode(), "名册.xls", "没有表格"),
    "noise": (lambda: bytes(range(256)) * 8, "名册.xlsx", "请上传"),
    "a text in no known encoding": (lambda: b"\xff\xff\x80\x81\xff" * 40, "名册.csv", "编码"),
    "a quotation mark that never ends": (lambda: b'a,b\n"' + b"x," * 90_000, "名册.csv", "引号"),
}  # fmt: skip
"""Files that nobody can read: how each is made, its name, and words of the sentence for the worker."""
