"""Blanks from the street: whatever is in the file, the answer is a blank or a sentence, and never a broken house."""

import io
import zipfile

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.worksheet.datavalidation import DataValidation

from linyun.hub.ledgers.cells import cells_of
from linyun.hub.ledgers.forms import BadForm, Mapped, fill, understand
from linyun.hub.ledgers.layout import Heading
from linyun.hub.ledgers.sources import PERSON
from linyun.hub.ledgers.tests.blanks import disabled_list, plain, saved
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Kind, Subject
from linyun.kernel.rule import Vocabulary

CELLS = cells_of(PERSON, Vocabulary.of(catalogue))
ITEMS = catalogue.items_of(Subject.PERSON)
NAME = Heading("姓名", "name", Kind.TEXT)


def read(content: bytes):
    return understand(content, "空表.xlsx", CELLS, ITEMS)


def opened(content: bytes):
    return openpyxl.load_workbook(io.BytesIO(content))


def packed(**parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return target.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        packed(**{"xl__workbook.xml": b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"}),
        packed(**{"xl__workbook.xml": b"0" * (210 * 1024 * 1024)}),
        packed(**{"word__document.xml": b"<x/>"}),
        packed(**{"note.txt": b"hello"}),
        packed(**{"xl__workbook.xml": b"<broken"}),
        disabled_list()[:500],
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    ],
    ids=["entities", "bomb", "word", "zip", "broken", "cut", "old excel"],
)
def test_a_file_that_wants_harm_or_is_none_is_answered_with_a_sentence(content):
    with pytest.raises(BadForm) as refused:
        read(content)
    assert str(refused.value)


def test_a_hidden_sheet_is_not_taken_for_the_blank():
    book = opened(disabled_list())
    hidden = book.create_sheet("代码表", 0)
    hidden.sheet_state = "hidden"
    hidden.append(["姓名", "性别", "年龄", "住址", "联系电话", "备注", "民族", "婚姻状况"])
    assert read(saved(book)).sheet == "残疾人名单"


def test_of_several_sheets_the_one_with_the_fullest_head_is_the_blank():
    book = openpyxl.Workbook()
    book.active.append(["姓名", "年龄"])
    wide = book.create_sheet("名册")
    wide.append(["序号", "姓名", "性别", "年龄", "住址", "联系电话"])
    assert read(saved(book)).sheet == "名册"


def test_a_help_row_and_numbered_columns_below_the_head_are_not_filled_over():
    book = openpyxl.Workbook()
    ws = book.active
    ws.append(["序号", "姓名", "联系电话", "住址"])
    ws.append(["必填", "必填，按身份证填写", "选填，手机或座机", "必填，例如3号101室"])
    blank = read(saved(book))
    assert blank.head_row == 1
    assert blank.first_row == 3


def test_a_table_that_begins_further_down_and_right_is_found():
    book = openpyxl.Workbook()
    ws = book.active
    ws["C5"], ws["D5"], ws["E5"] = "序号", "姓名", "住址"
    blank = read(saved(book))
    assert (blank.head_row, blank.first_row) == (5, 6)
    assert [(c.letter, c.value) for c in blank.columns] == [("C", "seq"), ("D", "name"), ("E", "address")]
    content = fill(Mapped(saved(book), blank.sheet, blank.first_row, {4: "name"}), (NAME,), (["周桂芳"],))
    assert opened(content).active["D6"].value == "周桂芳"


def test_merged_cells_among_the_rows_to_fill_are_taken_apart():
    book = opened(plain("姓名", "住址"))
    book.active["A2"] = "例：张三"
    book.active.merge_cells("A2:B3")
    content = fill(Mapped(saved(book), "Sheet", 2, {1: "name"}), (NAME,), (["甲", "乙", "丙"],))
    assert [opened(content).active.cell(r, 1).value for r in (2, 3, 4)] == ["甲", "乙", "丙"]


def test_what_the_office_built_into_its_form_survives():
    book = opened(disabled_list())
    ws = book["残疾人名单"]
    choice = DataValidation(type="list", formula1='"是,否"')
    ws.add_data_validation(choice)
    choice.add("F4:F100")
    ws["A2"].comment = Comment("按顺序编号", "街道")
    ws.print_title_rows = "2:3"
    ws.protection.sheet = True
    back = opened(fill(Mapped(saved(book), "残疾人名单", 4, {2: "name"}), (NAME,), (["甲"] * 9,)))["残疾人名单"]
    assert back.data_validations.dataValidation[0].formula1 == '"是,否"'
    assert back["A2"].comment.text == "按顺序编号"
    assert back.print_title_rows == "$2:$3"
    assert back.protection.sheet


def test_totals_below_move_with_the_signatures():
    content = plain("姓名", "住址", below=("", "合计", "说明：按户籍填写"))
    back = opened(fill(Mapped(content, "Sheet", 2, {1: "name"}), (NAME,), (["甲", "乙", "丙"],))).active
    assert [back.cell(r, 1).value for r in range(2, 7)] == ["甲", "乙", "丙", "合计", "说明：按户籍填写"]


def test_a_mapping_to_a_cell_that_the_ledger_no_longer_has_leaves_the_column_empty():
    content = fill(Mapped(plain("姓名", "备注"), "Sheet", 2, {1: "name", 2: "gone"}), (NAME,), (["甲"],))
    assert [c.value for c in opened(content).active[2]] == ["甲", None]


def test_thousands_of_rows_fit_into_a_form_made_for_three():
    names = [f"居民{n}" for n in range(3000)]
    back = opened(fill(Mapped(disabled_list(), "残疾人名单", 4, {2: "name"}), (NAME,), (names,)))["残疾人名单"]
    assert back.cell(3003, 2).value == "居民2999"
    assert back.cell(3004, 1).value == "填表人："


HEADS = st.lists(
    st.one_of(
        st.sampled_from(["姓名", "性别", "住址", "联系电话", "年龄", "备注", "签收"]),
        st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=12),
    ),
    min_size=1,
    max_size=10,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(HEADS, st.integers(0, 3))
def test_any_head_is_understood_or_refused_and_what_is_understood_can_be_filled(heads, above):
    book = openpyxl.Workbook()
    for n in range(above):
        book.active.append([f"第{n}行标题"])
    book.active.append(heads)
    content = saved(book)
    try:
        blank = read(content)
    except BadForm as refused:
        assert str(refused)
        return
    assert blank.first_row > blank.head_row >= 1
    assert all(c.value == "seq" or c.value in CELLS or c.value == "" for c in blank.columns)
    mapping = {c.number: "name" for c in blank.columns[:1]}
    back = opened(fill(Mapped(content, blank.sheet, blank.first_row, mapping), (NAME,), (["甲", "乙"],)))[blank.sheet]
    assert back.cell(blank.first_row + 1, blank.columns[0].number).value == "乙"
