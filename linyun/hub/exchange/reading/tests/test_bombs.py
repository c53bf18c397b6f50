"""Files made to fill the memory or to keep a process busy for hours: a few kilobytes that a worker may be sent by anybody."""

import io
import time
import warnings
import zipfile

import pytest

from linyun.hub.exchange.reading import Sheet, Unreadable, package, plain, read, understand
from linyun.hub.exchange.reading.cells import Merge
from linyun.hub.exchange.reading.tests.rosters import ITEMS, SETS, TODAY, WANG, xlsx
from linyun.hub.exchange.reading.tests.test_workbook import refused, rezipped

ROSTER = xlsx([["姓名", "身份证号码"], ["王建国", WANG]])
SHEET = "xl/worksheets/sheet1.xml"


def with_rows(lines: bytes, *, first: bool = False, data: bytes = ROSTER) -> bytes:
    """The roster with further lines written by hand before or after its own."""

    def change(name, content):
        if name != SHEET:
            return content
        return (
            content.replace(b"<sheetData>", b"<sheetData>" + lines)
            if first
            else content.replace(b"</sheetData>", lines + b"</sheetData>")
        )

    return rezipped(data, change)


@pytest.mark.parametrize(
    "line",
    [
        b'<row r="900"><c r="XFD900"><v>1</v></c></row>',
        b"<row r='900'><c r='XFD900'><v>1</v></c></row>",
        b'<row r="900"><c s="0" r="XFD900"><v>1</v></c></row>',
        b'<row r="900"><c t="inlineStr" r="XFD900"><is><t>x</t></is></c></row>',
        b'<row r="3"><c r="XFD900"><v>1</v></c></row>',
        b'<row><c r="XFD900"><v>1</v></c></row>',
        b'<row r="900"><c r="XFD900"><f>A1</f></c></row>',
        b'<row r="900"><c r="XFD900" t="e"><v>#REF!</v></c></row>',
        b'<row r="900"><c r="XFD900"  ><v>1</v></c></row>',
    ],
)
def test_a_cell_far_away_is_seen_however_it_is_written(line):
    for first in (False, True):
        said = refused(with_rows(line, first=first))
        assert "Sheet1" in said and "第 900 行" in said and "16384" in said


def test_many_formulas_without_result_at_the_right_edge_do_not_fill_the_memory():
    lines = b"".join(b'<row r="%d"><c r="XFD%d"><f>A1</f></c></row>' % (n, n) for n in range(10, 1010))
    content = with_rows(lines)
    assert len(content) < 20_000
    assert "第 1009 行" in refused(content)


def test_cells_that_state_no_place_are_counted_one_after_the_other():
    wide = b"<row>" + b"<c><v>1</v></c>" * 3000 + b"</row>"
    assert "很远" in refused(with_rows(wide + b"<row><c><v>1</v></c></row>" * 5000))
    assert len(read(with_rows(b"<row><c><v>1</v></c></row>"), "名册.xlsx").sheets[0].rows) >= 2


def test_formats_alone_reach_as_far_as_they_like():
    for empty in (b'<c r="XFD1048576" s="1"/>', b'<c r="XFD1048576" s="1"></c>', b'<c r="XFD1048576" s="1" />'):
        book = read(with_rows(b'<row r="1048576">' + empty + b"</row>"), "名册.xlsx")
        assert len(book.sheets[0].rows) == 2


def test_the_sheet_is_looked_at_even_when_the_workbook_names_it_in_another_way():
    content = with_rows(b'<row r="900"><c r="XFD900"><v>1</v></c></row>')
    other = rezipped(content, lambda n, c: c.replace(b'"', b"'") if n == "xl/workbook.xml" else c)
    assert "很远" in refused(other)


@pytest.mark.parametrize("again", [SHEET, SHEET.upper(), "XL/worksheets/sheet1.xml"])
def test_two_parts_of_one_name_are_refused_since_the_reader_may_open_the_other(again):
    output = io.BytesIO(ROSTER)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with zipfile.ZipFile(output, "a") as archive:
            archive.writestr(again, b"<worksheet><sheetData/></worksheet>")
    assert "重复" in refused(output.getvalue())


def test_a_document_type_far_below_the_beginning_is_refused_too():
    filler = b"<!--" + b"x" * 5000 + b"-->"
    entity = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>'

    changed = rezipped(ROSTER, lambda n, c: filler + entity + c if n == "xl/workbook.xml" else c)
    assert "不安全" in refused(changed)


def test_an_image_may_hold_any_bytes():
    output = io.BytesIO(ROSTER)
    with zipfile.ZipFile(output, "a") as archive:
        archive.writestr("xl/media/image1.png", b"\x89PNG <!DOCTYPE x> <!ENTITY a>")
    assert read(output.getvalue(), "名册.xlsx").sheets[0].rows[1][0] == "王建国"


def test_a_page_whose_cells_span_a_thousand_columns_each_is_refused():
    page = b"<table>" + b"<tr><td colspan=1000>" * (plain.CELLS_LIMIT // 1000 + 1) + b"</table>"
    assert len(page) < 200_000
    assert "大得异常" in refused(page, "名册.xls")


def test_a_page_whose_cells_span_a_thousand_rows_each_forgets_the_rows_it_has_passed():
    page = b"<table>" + b"<tr><td rowspan=900>x" * 400 + b"</table>"
    reader = plain._Tables()
    reader.feed(page.decode())
    (taken,) = reader._taken.values()
    assert min(taken) >= 399
    assert reader.tables[0].rows[1][:2] == ["", "x"]


def test_spans_still_push_the_cells_of_lower_rows_to_the_right():
    page = "<table><tr><td rowspan=2>12号</td><td>302</td></tr><tr><td>303</td></tr><tr><td>13号</td><td>101</td></tr></table>"
    sheet = read(page.encode(), "名册.xls").sheets[0]
    assert sheet.rows == [["12号", "302"], ["", "303"], ["13号", "101"]]
    assert sheet.merges == [Merge(0, 0, 1, 0)]


def test_merged_ranges_down_to_the_last_row_of_excel_cost_nothing():
    rows = [["姓名", "身份证号码", "联系电话", "备注"], ["王建国", WANG, "19900100001", "老党员"]]
    sheet = Sheet("名册", rows, [Merge(1, column, 1_048_575, column) for column in (2, 3)] * 20)
    began = time.process_time()
    (row,) = understand(sheet, ITEMS, SETS).rows(TODAY)
    assert row.values["remark"] == "老党员"
    assert time.process_time() - began < 20, "it was minutes when the ranges were walked through"


def test_a_range_that_ends_below_the_sheet_still_fills_the_rows_that_are_there():
    rows = [["门牌号", "姓名", "身份证号码"], ["12号302室", "王建国", WANG], ["", "李秀英", ""]]
    sheet = Sheet("名册", rows, [Merge(1, 0, 65_535, 0)])
    assert [r.address.room for r in understand(sheet, ITEMS, SETS).rows(TODAY)] == ["302", "302"]


def test_three_hundred_columns_of_nothing_beside_a_roster_are_read_over():
    rows = [["姓名", "身份证号码", *[f"栏{n}" for n in range(300)]], ["王建国", WANG, *[""] * 300]]
    (row,) = understand(Sheet("名册", rows), ITEMS, SETS).rows(TODAY)
    assert row.values == {"name": "王建国", "identity_number": WANG} and row.problems == []


def test_sixty_five_thousand_phantom_rows_leave_one_person():
    sheet = Sheet("名册", [["姓名", "身份证号码"], ["王建国", WANG]])
    content = "姓名,身份证号码\n" + f"王建国,{WANG}\n" + ", \n" * 65_000
    book = read(content.encode(), "名册.csv")
    assert len(book.sheets[0].rows) == len(sheet.rows)


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"", "名册.xlsx", "空"),
        (b" \r\n\t ", "名册.csv", "空"),
        (b"\x09\x08\x04\x00\x00\x00\x10\x00" + b"\0" * 600, "名册.xls", "不是表格|打不开"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "名册.xls", "打不开"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 99, "名册.xlsx", "图片"),
        (b"PK\x05\x06" + b"\0" * 18, "名册.xlsx", "压缩包"),
        (b"PK\x03\x04" + b"\0" * 99, "名册.xlsx", "不完整"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
         b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "名册.xls", "XML"),
        ("{\\rtf1 名册}".encode(), "名册.xls", "文档"),
    ],
)  # fmt: skip
def test_whatever_calls_itself_a_roster_is_named_for_what_it_is(content, name, says):
    said = refused(content, name)
    assert any(word in said for word in says.split("|")), said


@pytest.mark.parametrize("cut", [30, 200, 1000, 3000, -30, -1])
def test_a_workbook_cut_off_anywhere_is_never_half_read(cut):
    with pytest.raises(Unreadable, match="完整|损坏"):
        read(ROSTER[:cut], "名册.xlsx")


def test_a_macro_workbook_is_read_as_data_and_its_macro_left_alone():
    output = io.BytesIO(ROSTER)
    with zipfile.ZipFile(output, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0" + b"\0" * 200)
    assert read(output.getvalue(), "名册.xlsm").sheets[0].rows[1] == ["王建国", WANG]


def test_the_limit_counts_the_rectangle_and_not_the_file():
    assert package._extent(b'<sheetData><row r="7"><c r="D7"><v>1</v></c></row></sheetData>') == (7, 4)
    assert package._extent(b'<sheetData><row r="7"><c r="D7"/></row></sheetData>') == (0, 0)
