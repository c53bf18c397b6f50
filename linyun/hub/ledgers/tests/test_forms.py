"""An official blank is understood once and comes back filled in its own form."""

import io
from datetime import date

import openpyxl
import pytest

from linyun.hub.ledgers.cells import cells_of
from linyun.hub.ledgers.forms import SIZE_LIMIT, BadForm, Mapped, fill, understand
from linyun.hub.ledgers.layout import Heading
from linyun.hub.ledgers.sources import DWELLING, PERSON
from linyun.hub.ledgers.tests.blanks import disabled_list, plain, saved
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Kind, Subject
from linyun.kernel.rule import Vocabulary

WORDS = Vocabulary.of(catalogue)
CELLS = cells_of(PERSON, WORDS)
ITEMS = catalogue.items_of(Subject.PERSON)

SEQ = Heading("序号", "seq", Kind.INTEGER)
NAME = Heading("姓名", "name", Kind.TEXT)
CONTACT = Heading("姓名", "emergency_contact", Kind.TEXT, ("联系人",))
PHONE = Heading("电话", "emergency_phone", Kind.PHONE, ("联系人",))
ADDRESS = Heading("住址", "address", Kind.TEXT)
HEADINGS = (SEQ, NAME, CONTACT, PHONE, ADDRESS)
MAPPING = {1: "seq", 2: "name", 3: "emergency_contact", 4: "emergency_phone", 5: "address"}


def rows(count: int):
    return (
        range(1, count + 1),
        [f"居民{n}" for n in range(count)],
        ["家属"] * count,
        ["19900123456"] * count,
        [f"公交新村{n}号101室" for n in range(count)],
    )


def filled(count: int, content: bytes = b"", mapping=None, first_row: int = 4, sheet: str = "残疾人名单"):
    blank = Mapped(content or disabled_list(), sheet, first_row, mapping or MAPPING)
    return openpyxl.load_workbook(io.BytesIO(fill(blank, HEADINGS, rows(count))))[sheet]


def proposed(content: bytes, cells=CELLS, items=ITEMS) -> dict[str, str]:
    return {c.name: c.value for c in understand(content, "空表.xlsx", cells, items).columns}


def test_title_head_and_first_row_are_found():
    blank = understand(disabled_list(), "残疾人名单.xlsx", CELLS, ITEMS)
    assert (blank.sheet, blank.head_row, blank.first_row) == ("残疾人名单", 3, 4)
    assert blank.title.startswith("四平路街道残疾人名单")
    assert [(c.letter, c.number) for c in blank.columns] == [(letter, n) for n, letter in enumerate("ABCDEF", 1)]


def test_columns_are_proposed_by_what_their_heads_mean():
    columns = understand(disabled_list(), "残疾人名单.xlsx", CELLS, ITEMS).columns
    assert [c.path for c in columns][2:4] == [("联系人", "姓名"), ("联系人", "电话")]
    found = {c.path: c.value for c in columns}
    assert found[("序号",)] == "seq"
    assert found[("姓名",)] == "name"
    assert found[("住址",)] == "address"


@pytest.mark.parametrize(
    ("head", "cell"),
    [
        ("序号", "seq"),
        ("姓名", "name"),
        ("身份证号", "identity_number"),
        ("家庭住址", "address"),
        ("户籍地址", "registered_text"),
        ("年龄", "age"),
        ("与户主关系", "relation_to_head"),
        ("户主姓名", "head_name"),
        ("出生年月", "birth_date"),
        ("联系电话", "phone"),
        ("残疾类别", "disability_type"),
        ("政治面貌", "political_status"),
        ("最近走访", "last_visit"),
        ("备注", "remark"),
    ],
)
def test_the_words_of_real_blanks_are_known(head, cell):
    assert proposed(plain("姓名", "性别", head)).get(head) == cell


def test_what_nobody_knows_is_left_to_people():
    assert proposed(plain("姓名", "性别", "领取慰问品签收"))["领取慰问品签收"] == ""


def test_a_blank_for_dwellings_means_dwellings():
    cells = cells_of(DWELLING, WORDS)
    items = catalogue.items_of(Subject.DWELLING)
    found = proposed(plain("序号", "地址", "建筑面积", "产权性质", "产权人"), cells, items)
    assert found == {
        "序号": "seq",
        "地址": "address",
        "建筑面积": "floor_area",
        "产权性质": "tenure",
        "产权人": "title_holder",
    }


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "空表.xlsx", "文件是空的"),
        (b"not a table", "空表.xlsx", "另存为 .xlsx"),
        (b"%PDF-1.7", "空表.pdf", "PDF"),
        ("姓名,性别\n".encode(), "空表.csv", "请用 .xlsx 格式"),
        (b"PK\x05\x06" + b"\0" * 18, "空表.xlsx", "请"),
        (saved(openpyxl.Workbook()), "空表.xlsx", "没有找到表头"),
        (b"x" * (SIZE_LIMIT + 1), "空表.xlsx", "太大"),
    ],
)
def test_what_is_no_blank_is_refused_with_a_sentence(content, name, sentence):
    with pytest.raises(BadForm, match=sentence):
        understand(content, name, CELLS, ITEMS)


def test_rows_stand_under_the_head_in_the_right_columns():
    ws = filled(2)
    assert [c.value for c in ws[4]] == [1, "居民0", "家属", "19900123456", "公交新村0号101室", None]
    assert [c.value for c in ws[5]][:2] == [2, "居民1"]
    assert ws["B2"].value == "姓名"
    assert ws["A1"].value == "四平路街道残疾人名单（空表）"


def test_every_row_looks_like_the_blanks_first_row():
    ws = filled(9)
    for row in range(4, 13):
        cell = ws.cell(row, 6)
        assert (cell.font.name, cell.border.left.style, cell.fill.fgColor.rgb) == ("仿宋", "thin", "00FFFDF5")
        assert ws.row_dimensions[row].height == 24
    assert ws.column_dimensions["E"].width == 33


def test_signatures_below_move_down_and_stay_merged():
    ws = filled(9)
    assert ws["A13"].value == "填表人："
    assert ws["E13"].value == "审核人："
    assert "A13:D13" in {str(r) for r in ws.merged_cells.ranges}
    assert ws.row_dimensions[13].height == 40
    assert ws["A12"].value == 9


def test_signatures_stay_where_they_are_when_the_rows_fit():
    ws = filled(3)
    assert ws["A7"].value == "填表人："
    assert [c.value for c in ws[6]][0] == 3


def test_example_rows_of_the_blank_disappear():
    content = plain("序号", "姓名", below=("1", "2"))
    blank = Mapped(content, "Sheet", 2, {2: "name"})
    ws = openpyxl.load_workbook(io.BytesIO(fill(blank, HEADINGS, rows(1)))).active
    assert [c.value for c in ws[2]] == [None, "居民0"]
    assert [c.value for c in ws[3]] == [None, None]


def test_no_rows_leave_the_blank_empty():
    ws = filled(0)
    assert [c.value for c in ws[4]] == [None] * 6
    assert ws["A7"].value == "填表人："


def test_phones_and_document_numbers_are_texts_dates_are_dates():
    headings = (Heading("证件", "identity_number", Kind.IDENTITY), Heading("生日", "birth_date", Kind.DATE), PHONE)
    blank = Mapped(
        plain("证件", "生日", "电话"), "Sheet", 2, {1: "identity_number", 2: "birth_date", 3: "emergency_phone"}
    )
    data = (["310110194803059982"], [date(1948, 3, 5)], ["02165980000"])
    ws = openpyxl.load_workbook(io.BytesIO(fill(blank, headings, data))).active
    assert (ws["A2"].value, ws["A2"].data_type, ws["A2"].number_format) == ("310110194803059982", "s", "@")
    assert (ws["B2"].value.date(), ws["B2"].number_format) == (date(1948, 3, 5), "yyyy-mm-dd")
    assert ws["C2"].value == "02165980000"


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@x"])
def test_a_resident_cannot_put_a_formula_into_an_official_form(text):
    blank = Mapped(plain("姓名"), "Sheet", 2, {1: "name"})
    content = fill(blank, (NAME,), ([text],))
    cell = openpyxl.load_workbook(io.BytesIO(content)).active["A2"]
    assert (cell.value, cell.data_type) == (text, "s")
    assert cell.quotePrefix


def test_a_sheet_that_is_gone_or_a_broken_file_is_told():
    with pytest.raises(BadForm, match="没有工作表“别的”"):
        fill(Mapped(disabled_list(), "别的", 4, MAPPING), HEADINGS, rows(1))
    with pytest.raises(BadForm, match="打不开"):
        fill(Mapped(b"PK broken", "Sheet", 4, MAPPING), HEADINGS, rows(1))


def test_other_sheets_of_the_blank_stay_as_they_were():
    book = openpyxl.load_workbook(io.BytesIO(disabled_list()))
    book.create_sheet("填表说明")["A1"] = "每季末月25日前报送"
    content = fill(Mapped(saved(book), "残疾人名单", 4, MAPPING), HEADINGS, rows(1))
    assert openpyxl.load_workbook(io.BytesIO(content))["填表说明"]["A1"].value == "每季末月25日前报送"
