import io
import zipfile
import zlib
from datetime import date

import openpyxl
import pytest
import python_calamine
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.styles import PatternFill
from openpyxl.utils.datetime import MAC_EPOCH

from linyun.hub.exchange.reading import Unreadable, package, read
from linyun.hub.exchange.reading.cells import column_of, letter
from linyun.hub.exchange.reading.tests.rosters import WANG, xlsx
from linyun.kernel.values.text import FailedCell

ROWS = [["姓名", "身份证号码"], ["王建国", WANG], ["李秀英", 3.0]]
GOOD = xlsx(ROWS)


class PanicException(BaseException):
    """Stands in for the reader's own panic, which is no Exception."""


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def refused(data, filename="名册.xlsx"):
    with pytest.raises(Unreadable) as caught:
        read(data, filename)
    sentence = str(caught.value)
    assert "请" in sentence and len(sentence) < 90
    return sentence


def rezipped(data, change):
    """The same package with one change to its parts."""
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = change(entry.filename, old.read(entry))
            if content is not None:
                new.writestr(entry.filename, content)
    return output.getvalue()


def test_cells_keep_the_type_they_are_stored_in():
    sheet = read(xlsx(ROWS), "名册.xlsx").sheets[0]
    assert sheet.rows == [["姓名", "身份证号码"], ["王建国", WANG], ["李秀英", 3.0]]
    assert (sheet.width, sheet.cell(1, 1), sheet.cell(99, 99)) == (2, WANG, "")


def test_what_a_file_is_its_content_says_not_its_name():
    assert read(xlsx(ROWS), "名册.xls").format == "xlsx"
    assert read("姓名,电话\n王建国,65980000\n".encode(), "名册.xls").format == "csv"


def test_sheets_hidden_ones_too_come_in_order_and_are_told():
    def hide(book):
        book.worksheets[1].sheet_state = "hidden"

    book = read(xlsx(ROWS, ROWS, names=("一月", "二月"), change=hide), "名册.xlsx")
    assert [(s.name, s.hidden) for s in book.sheets] == [("一月", False), ("二月", True)]
    assert "二月" in book.notes[0] and "隐藏" in book.notes[0]


def test_hidden_rows_and_columns_are_data_and_flagged():
    def hide(book):
        book.active.row_dimensions[3].hidden = True
        book.active.column_dimensions["B"].hidden = True

    book = read(xlsx(ROWS, change=hide), "名册.xlsx")
    assert book.sheets[0].hidden_rows == {2} and book.sheets[0].hidden_columns == {1}
    assert len(book.sheets[0].rows) == 3
    assert "1 行是隐藏的" in book.notes[0]


def test_merged_ranges_are_known():
    sheet = read(xlsx([["名册", "", ""], ["姓名", "电话", ""]], merges=["A1:C1"]), "a.xlsx").sheets[0]
    assert sheet.merges == [(0, 0, 0, 2)]


def test_a_formula_without_cached_result_says_so_in_its_place():
    sheet = read(xlsx([["姓名", "年龄"], ["王建国", "=2026-1948"]]), "a.xlsx").sheets[0]
    cell = sheet.cell(1, 1)
    assert isinstance(cell, FailedCell) and "保存一次" in cell.reason and cell == "=2026-1948"


def test_a_formula_whose_result_is_an_empty_text_is_just_empty():
    def give_empty(name, content):
        return content.replace(b"<f>2026-1948</f><v />", b"<f>2026-1948</f><v></v>").replace(
            b'<c r="B2"', b'<c r="B2" t="str"'
        )

    data = rezipped(xlsx([["姓名", "年龄"], ["王建国", "=2026-1948"]]), give_empty)
    assert read(data, "a.xlsx").sheets[0].cell(1, 1) == ""


def test_an_error_value_keeps_its_name_and_reason():
    def fail(book):
        cell = book.active["B2"]
        cell.value, cell.data_type = "#REF!", "e"

    cell = read(xlsx(ROWS, change=fail), "a.xlsx").sheets[0].cell(1, 1)
    assert cell == "#REF!" and "公式出错" in cell.reason


def test_phantom_ranges_of_formatted_empty_rows_are_cut():
    def paint(book):
        for row in range(4, 700):
            for column in range(1, 9):
                book.active.cell(row, column).fill = PatternFill("solid", fgColor="FFFF00")
        book.active["A5000"] = "  "

    sheet = read(xlsx(ROWS, change=paint), "a.xlsx").sheets[0]
    assert len(sheet.rows) == 3


def test_a_stray_cell_far_away_is_refused_before_it_fills_the_memory():
    def stray(book):
        book.active["XFD1048576"] = "x"

    assert "很远" in refused(xlsx(ROWS, change=stray))


def test_dates_of_both_epochs_are_the_same_day():
    def mac(book):
        book.epoch = MAC_EPOCH
        book.active["A4"] = date(1948, 3, 5)

    assert read(xlsx(ROWS, change=mac), "a.xlsx").sheets[0].cell(3, 0) == date(1948, 3, 5)


@pytest.mark.parametrize("cut", [10, 300, 2000, -30])
def test_truncated_files_are_named_as_such(cut):
    assert "没有传完" in refused(xlsx(ROWS)[:cut])


def test_an_empty_file():
    assert "空的" in refused(b"")
    assert "空的" in refused(b"  \n ", "a.csv")


def test_a_file_too_large(monkeypatch):
    monkeypatch.setattr("linyun.hub.exchange.reading.workbook.SIZE_LIMIT", 1024)
    assert "拆成几个" in refused(xlsx(ROWS))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"%PDF-1.7 ...", "PDF"),
        (b"Rar!\x1a\x07\x00", "RAR"),
        (b"7z\xbc\xaf\x27\x1c", "7z"),
        (b"\x89PNG\r\n\x1a\n", "图片"),
        (b"\xff\xd8\xff\xe0", "照片"),
        (b"{\\rtf1", "文档"),
        (b"MIME-Version: 1.0\r\n", "网页存档"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "XML 表格"),
        (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "密码"),
        (OLE + b"\0" * 600 + "WordDocument".encode("utf-16-le"), "Word"),
        (OLE + b"\0" * 600, "打不开"),
        (b"\x00\x01\x02\x03" * 200 + b"abc" * 99, "编码"),
        (b"<html><body>hello</body></html>", "没有表格"),
        (b"hello", "打不开"),
    ],
)  # fmt: skip
def test_files_that_are_no_tables_are_named_for_what_they_are(data, says):
    assert says in refused(data)


def test_the_tables_of_wps_are_said_to_be_unsupported():
    assert ".et" in refused(OLE + b"\0" * 100, "名册.et")


@pytest.mark.parametrize(
    ("part", "says"),
    [
        ("word/document.xml", "Word"),
        ("ppt/presentation.xml", "演示文稿"),
        ("xl/workbook.bin", ".xlsb"),
        ("content.xml", ".ods"),
        ("a/名册.xlsx", "压缩包"),
    ],
)
def test_packages_that_are_no_workbooks_are_named(part, says):
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as made:
        made.writestr(part, "x")
    assert says in refused(output.getvalue())


def test_a_bomb_is_refused_by_its_stated_size(monkeypatch):
    monkeypatch.setattr(package, "UNPACKED_LIMIT", 100_000)

    def swell(name, content):
        return content + b" " * (package.UNPACKED_LIMIT + 1) if name.endswith("sheet1.xml") else content

    assert "解压后太大" in refused(rezipped(xlsx(ROWS), swell))


def test_a_tight_bomb_is_refused_by_its_ratio():
    def swell(name, content):
        return content + b" " * (package.RATIO_FROM + 1) if name.endswith("sheet1.xml") else content

    assert "压缩炸弹" in refused(rezipped(xlsx(ROWS), swell))


def test_a_part_that_lies_about_its_size_is_not_unpacked_beyond_it():
    data = bytearray(xlsx(ROWS))
    name = b"xl/worksheets/sheet1.xml"
    at = data.rindex(name) - 46  # the entry in the central directory
    assert data[at : at + 4] == b"PK\x01\x02"
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    assert "损坏" in refused(bytes(data))


def test_too_many_parts_or_sheets_are_refused(monkeypatch):
    data = xlsx(*[ROWS] * 4)
    monkeypatch.setattr(package, "SHEETS_LIMIT", 3)
    assert "4 张工作表" in refused(data)
    monkeypatch.setattr(package, "PARTS_LIMIT", 3)
    assert "太大" in refused(data)


def test_entities_are_never_expanded():
    def bomb(name, content):
        if name == "xl/workbook.xml":
            return b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bb">]>' + content
        return content

    assert "不安全" in refused(rezipped(xlsx(ROWS), bomb))


def test_an_encrypted_package_asks_for_its_password_to_be_taken_off():
    data = bytearray(xlsx(ROWS))
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    assert "密码" in refused(bytes(data))


@given(st.binary(max_size=300), st.sampled_from(["a.xlsx", "a.xls", "a.csv", "a", "a.et"]))
def test_no_bytes_break_the_reader(data, filename):
    try:
        book = read(data, filename)
    except Unreadable as refusal:
        assert str(refusal)
    else:
        assert book.sheets


@given(st.data())
def test_no_damage_to_a_good_file_breaks_the_reader(data):
    at = data.draw(st.integers(0, len(GOOD) - 1))
    bad = GOOD[:at] + bytes([GOOD[at] ^ data.draw(st.integers(1, 255))]) + GOOD[at + 1 :]
    try:
        read(bad, "a.xlsx")
    except Unreadable as refusal:
        assert str(refusal)


def test_a_directory_that_asks_for_a_later_zip_is_a_damaged_file():
    entry = GOOD.index(b"PK\x01\x02")
    assert "已损坏" in refused(GOOD[: entry + 6] + b"\x54" + GOOD[entry + 7 :])


TEXT = "姓名,身份证号码,备注\r\n王建国," + WANG + ',"三楼，左手\n第二家"\r\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_csv_in_the_encodings_of_chinese_offices(encoding):
    sheet = read(TEXT.encode(encoding), "名册.csv").sheets[0]
    assert sheet.name == "名册"
    assert sheet.rows == [["姓名", "身份证号码", "备注"], ["王建国", WANG, "三楼，左手\n第二家"]]


def test_gb18030_is_told():
    assert "GB18030" in read(TEXT.encode("gb18030"), "名册.csv").notes[0]


@pytest.mark.parametrize("sign", [",", "\t", ";", "|", "，"])
def test_csv_with_other_separators(sign):
    text = "\n".join(
        sign.join(row) for row in [["姓名", "电话", "备注"], ["王建国", "65980000", "低保、独居"], ["李秀英", "", "无"]]
    )
    assert read(text.encode(), "a.csv").sheets[0].rows[1] == ["王建国", "65980000", "低保、独居"]


def test_the_separator_that_excel_writes_down_is_obeyed():
    assert read("sep=;\n姓名;电话\n王建国;65,98\n".encode(), "a.csv").sheets[0].rows == [
        ["姓名", "电话"],
        ["王建国", "65,98"],
    ]


def test_excels_text_literals_lose_their_wrapping():
    assert read(f'姓名,号码\n王建国,="{WANG}"\n'.encode(), "a.csv").sheets[0].rows[1][1] == WANG


def test_a_csv_whose_last_character_was_cut_is_still_read():
    data = ("姓名,电话\n" + "王建国,65980000\n" * 20 + "李").encode()[:-1]
    assert len(read(data, "a.csv").sheets[0].rows) == 21


def test_an_open_quote_over_a_huge_field_is_refused_with_its_line():
    assert "第 2 行" in refused(('姓名,电话\n"王建国,' + "一" * 140_000).encode(), "a.csv")


def test_a_page_that_calls_itself_xls_is_read_by_its_table():
    page = f"""<html><head><meta charset="gb2312"></head><body><table>
      <tr><th colspan=3>居民名册</th></tr>
      <tr><td rowspan="2">12号</td><td>王建国<br>户主</td><td style='x'>{WANG}&nbsp;</td></tr>
      <tr><td>李秀英</td><td>&lt;无&gt;</td></tr></table></body></html>"""
    book = read(page.encode("gb18030"), "导出.xls")
    assert book.format == "html" and "网页" in book.notes[0]
    assert book.sheets[0].rows == [["居民名册", "", ""], ["12号", "王建国\n户主", WANG], ["", "李秀英", "<无>"]]
    assert book.sheets[0].merges == [(0, 0, 0, 2), (1, 0, 2, 0)]


def test_a_page_with_absurd_spans_stays_small():
    page = b"<table><tr>" + b"<td colspan=999999 rowspan=999999>x</td>" * 50 + b"</tr><tr><td>y</td></tr></table>"
    assert read(page, "a.xls").sheets[0].width <= 1001


@pytest.mark.parametrize(
    ("column", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16383, "XFD")]
)
def test_columns_and_their_letters(column, letters):
    assert letter(column) == letters and column_of(letters) == column


def test_the_checksum_of_a_part_is_checked():
    data = bytearray(xlsx(ROWS))
    at = data.rindex(b"xl/worksheets/sheet1.xml") - 46
    data[at + 16 : at + 20] = zlib.crc32(b"another").to_bytes(4, "little")
    assert "损坏" in refused(bytes(data))


def test_prefixed_parts_of_other_programs_are_understood():
    def prefix(name, content):
        if not name.endswith("sheet1.xml"):
            return content
        text = (
            content.decode()
            .replace("<row", "<x:row")
            .replace("</row", "</x:row")
            .replace("<c ", "<x:c ")
            .replace("</c>", "</x:c>")
        )
        return text.replace(
            "<worksheet xmlns=", '<worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns='
        ).encode()

    def hide(book):
        book.active.row_dimensions[2].hidden = True

    facts = package.inspect(rezipped(xlsx(ROWS, change=hide), prefix))
    assert facts["Sheet1"].hidden_rows == {1}


def test_an_openpyxl_workbook_without_sheets_of_cells_is_empty():
    output = io.BytesIO()
    openpyxl.Workbook().save(output)
    assert read(output.getvalue(), "a.xlsx").sheets[0].rows == []


def test_a_page_whose_stated_encoding_is_wrong_is_read_all_the_same():
    page = '<html><meta charset="klingon"><table><tr><td>姓名</td></tr></table></html>'
    assert read(page.encode(), "a.xls").sheets[0].rows == [["姓名"]]


def test_cells_outside_any_row_of_a_page_are_kept():
    assert read(b"<table><td>a</td><td>b</td></table>", "a.xls").sheets[0].rows == [["a", "b"]]


def test_a_formula_beyond_the_last_filled_cell_still_says_so():
    sheet = read(xlsx([["姓名"], ["王建国"], ["", "", "=A1"]]), "a.xlsx").sheets[0]
    assert len(sheet.rows) == 3 and isinstance(sheet.cell(2, 2), FailedCell)


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (python_calamine.PasswordError("x"), "密码"),
        (python_calamine.CalamineError("x"), "打不开"),
        (PanicException("x"), "打不开"),
    ],
)
def test_whatever_goes_wrong_in_the_reader_becomes_a_sentence(monkeypatch, error, says):
    def fail(_):
        raise error

    monkeypatch.setattr("linyun.hub.exchange.reading.workbook._is_table", fail)
    assert says in refused(GOOD)


def test_an_interruption_is_not_swallowed(monkeypatch):
    def interrupt(_):
        raise KeyboardInterrupt

    monkeypatch.setattr("linyun.hub.exchange.reading.workbook._is_table", interrupt)
    with pytest.raises(KeyboardInterrupt):
        read(GOOD, "a.xlsx")


def test_a_hidden_column_range_may_reach_to_the_end():
    def hide(name, content):
        columns = b'<cols><col min="3" max="16384" hidden="1"/></cols><sheetData>'
        return content.replace(b"<sheetData>", columns) if name.endswith("sheet1.xml") else content

    facts = package.inspect(rezipped(GOOD, hide))["Sheet1"]
    assert {2, 16383} <= facts.hidden_columns and 1 not in facts.hidden_columns
