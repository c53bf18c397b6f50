import io
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linyun.hub.exchange.reading import read, understand
from linyun.hub.exchange.reading.returning import ORIGIN, REASON, corrections, shown
from linyun.hub.exchange.reading.tests.rosters import ITEMS, LI, SETS, TODAY, WANG, WRONG, ZHAO, table
from linyun.kernel.values.text import FailedCell

HEAD = ["门牌号", "与户主关系", "姓名", "身份证号码", "联系电话"]
ROWS = [
    ["公交新村居民名册", "", "", "", ""],
    HEAD,
    ["12号302室", "户主", "王建国", WANG, "19900100001"],
    ["", "妻", "李秀英", WRONG, "19900100002"],
    ["12号303室", "户主", "赵敏", ZHAO, "=1+1"],
    ["12号304室", "户主", "孙浩", 3.10110194803e17, "19900100004"],
]


def returned(rows=ROWS, **more):
    """(the table, the file that goes back as an openpyxl sheet, its bytes)."""
    found = table(rows, merges=["A1:E1"], **more)
    problems = [p._asdict() for r in found.rows(TODAY) for p in r.problems]
    data = corrections([found], problems, TODAY)
    return found, openpyxl.load_workbook(io.BytesIO(data)).worksheets[0], data


def test_only_rows_with_problems_go_back_under_the_same_head():
    _, page, _ = returned(names=["一号楼"])
    assert page.title == "一号楼"
    assert [c.value for c in page[1]][0] == "公交新村居民名册" and "A1:E1" in [str(m) for m in page.merged_cells.ranges]
    assert [c.value for c in page[2]] == [*HEAD, REASON, ORIGIN]
    assert [(page.cell(r, 3).value, page.cell(r, 7).value) for r in (3, 4, 5)] == [
        ("李秀英", "4"),
        ("赵敏", "5"),
        ("孙浩", "6"),
    ]
    assert page.max_row == 5


def test_bad_cells_are_marked_and_the_reason_stands_beside_and_on_them():
    _, page, _ = returned()
    bad, good = page["D3"], page["C3"]
    assert bad.fill.fgColor.rgb == "FFFDE2E0" and good.fill.fill_type is None
    assert "校验码" in bad.comment.text
    assert page["F3"].value.startswith("D 身份证号码：") and "校验码" in page["F3"].value


def test_a_carried_address_is_written_out_because_its_row_above_is_gone():
    _, page, _ = returned()
    assert page["A3"].value == "12号302室" and page["A3"].font.italic


def test_every_cell_is_text_and_lost_digits_stay_lost():
    _, page, _ = returned()
    assert {c.data_type for row in page.iter_rows() for c in row if c.value is not None} == {"s"}
    assert page["D5"].value == "3.10110194803000E+17"
    assert page["D3"].number_format == "@"


def test_a_corrected_file_maps_as_before_and_its_own_columns_are_left_out():
    found, _, data = returned()
    book = openpyxl.load_workbook(io.BytesIO(data))
    book.worksheets[0]["D3"] = LI
    output = io.BytesIO()
    book.save(output)
    again = understand(read(output.getvalue(), "待更正.xlsx").sheets[0], ITEMS, SETS)
    assert again.fingerprint == found.fingerprint
    first = next(iter(again.rows(TODAY)))
    assert (first.values["name"], first.values["identity_number"], first.address.room) == ("李秀英", LI, "302")
    assert not first.refused and REASON not in str(first.values)


def test_a_file_sent_back_twice_keeps_one_reason_column():
    _, _, data = returned()
    again = understand(read(data, "待更正.xlsx").sheets[0], ITEMS, SETS)
    problems = [p._asdict() for r in again.rows(TODAY) for p in r.problems]
    page = openpyxl.load_workbook(io.BytesIO(corrections([again], problems, TODAY))).worksheets[0]
    assert [c.value for c in page[2]] == [*HEAD, REASON, ORIGIN]


@pytest.mark.parametrize(
    "text", ["=1+1", "+8613", "-5", "@SUM(A1)", '=HYPERLINK("http://x")', "\t=1", "http://example.cn"]
)
def test_nothing_in_the_file_is_run_as_a_formula_or_link(text):
    def as_text(book):
        book.active["B3"].value, book.active["B3"].data_type = text, "s"

    _, page, data = returned([ROWS[0], HEAD, ["12号302室", "", "王建国", WRONG, ""]], change=as_text)
    assert page["B3"].data_type == "s" and page["B3"].value.strip() == text.strip()
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        sheet = package.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet and b"hyperlink" not in sheet


def test_a_problem_may_name_its_column_by_header_alone():
    found = table(ROWS, merges=["A1:E1"])
    problem = {
        "sheet": "Sheet1",
        "row": 3,
        "column": "姓名",
        "reason": "有 2 位居民都符合",
        "value": "",
        "scope": "row",
    }
    page = openpyxl.load_workbook(io.BytesIO(corrections([found], [problem], TODAY))).worksheets[0]
    assert page["C3"].comment.text == "有 2 位居民都符合" and page["G3"].value == "3"


def test_without_problems_the_file_says_so():
    book = openpyxl.load_workbook(io.BytesIO(corrections([table(ROWS)], [], TODAY)))
    assert book.sheetnames == ["没有退回的行"]


@given(st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=20), st.booleans(), st.dates()))
def test_any_cell_can_be_shown(cell):
    assert isinstance(shown(cell), str)


def test_a_failed_formula_is_shown_as_nothing_and_numbers_in_full():
    assert shown(FailedCell("=A1", "公式没有结果")) == ""
    assert shown(19900100001.0) == "19900100001" and shown(94.56) == "94.56"


def test_a_problem_that_names_a_column_beyond_the_head_marks_no_wrong_cell():
    found = table(ROWS, merges=["A1:E1"])
    problem = {"sheet": "Sheet1", "row": 3, "column": "ZZ 没有的列", "reason": "看不清", "value": "", "scope": "cell"}
    page = openpyxl.load_workbook(io.BytesIO(corrections([found], [problem], TODAY))).worksheets[0]
    assert page["F3"].value == "ZZ 没有的列：看不清"
    assert all(page.cell(3, c).comment is None for c in range(1, 6))


def test_names_of_sheets_are_made_fit_for_excel():
    found = table(ROWS, merges=["A1:E1"])
    found.sheet.name = "一号楼[东]/" + "长" * 40
    problem = {"sheet": found.sheet.name, "row": 3, "column": "姓名", "reason": "看不清", "value": "", "scope": "cell"}
    title = openpyxl.load_workbook(io.BytesIO(corrections([found], [problem], TODAY))).sheetnames[0]
    assert len(title) <= 31 and not set("[]/") & set(title)


def test_every_sheet_with_problems_gets_a_page_of_its_own():
    first, second = table(ROWS, merges=["A1:E1"], names=["1号"]), table(ROWS, merges=["A1:E1"], names=["2号"])
    problems = [p._asdict() for t in (first, second) for r in t.rows(TODAY) for p in r.problems]
    book = openpyxl.load_workbook(io.BytesIO(corrections([first, second], problems, TODAY)))
    assert book.sheetnames == ["1号", "2号"]
    assert [page.max_row for page in book.worksheets] == [5, 5]


def test_a_two_row_head_goes_back_with_its_merged_groups():
    rows = [["序号", "居民", "", "备注"], ["", "姓名", "身份证号码", ""], [1, "王建国", WRONG, ""]]
    found = table(rows, merges=["A1:A2", "B1:C1", "D1:D2"])
    problems = [p._asdict() for r in found.rows(TODAY) for p in r.problems]
    data = corrections([found], problems, TODAY)
    page = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    assert {str(m) for m in page.merged_cells.ranges} == {"A1:A2", "B1:C1", "D1:D2"}
    assert (page["E2"].value, page["F2"].value, page["B3"].value) == (REASON, ORIGIN, "王建国")
    again = understand(read(data, "待更正.xlsx").sheets[0], ITEMS, SETS)
    assert next(iter(again.rows(TODAY))).refused
