"""Columns as staff write them, read back as they meant, or refused line by line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linyun.hub.ledgers.cells import Cell
from linyun.hub.ledgers.making import from_blank, from_choice, read_columns, write_columns
from linyun.kernel.declare import Column, Kind


def cell(code: str, name: str) -> Cell:
    return Cell(code, name, Kind.TEXT, f"{{s}}.{code}", "item")


CELLS = {
    c.code: c
    for c in (
        cell("name", "姓名"),
        cell("sex", "性别"),
        cell("phone", "联系电话"),
        cell("emergency_contact", "紧急联系人"),
        cell("address", "住址"),
    )
}


def test_a_name_alone_is_the_item_of_that_name():
    assert read_columns("序号\n姓名\n住址", CELLS).columns == (
        Column("序号", "seq"),
        Column("姓名", "name"),
        Column("住址", "address"),
    )


@pytest.mark.parametrize("line", ["电话 = 联系电话", "电话=联系电话", "  电话  =  phone  "])
def test_another_head_can_be_given_by_name_or_code(line):
    assert read_columns(line, CELLS).columns == (Column("电话", "phone"),)


@pytest.mark.parametrize("line", ["紧急联系人 > 姓名 = 紧急联系人", "紧急联系人＞姓名＝紧急联系人".replace("＝", "=")])
def test_upper_heads_are_written_before(line):
    assert read_columns(line, CELLS).columns == (Column("姓名", "emergency_contact", ("紧急联系人",)),)


def test_a_column_can_be_left_to_be_filled_by_hand():
    assert read_columns("姓名\n备注 = 手工填写", CELLS).columns[1] == Column("备注", "entry.c2")


def test_empty_lines_do_not_count():
    assert len(read_columns("\n姓名\n\n   \n性别\n", CELLS).columns) == 2


def test_every_line_that_cannot_be_understood_is_told_with_the_nearest_word():
    written = read_columns("姓名\n姓明\n联系电话号\n= 姓名", CELLS)
    assert [p.place for p in written.problems] == ["columns.1", "columns.2", "columns.3"]
    assert written.problems[0].sentence == "第 2 行：没有“姓明”这一项，是不是“姓名”"
    assert "“联系电话”" in written.problems[1].sentence
    assert "没有写表头" in written.problems[2].sentence
    assert [c.value for c in written.columns] == ["name"]


def test_where_no_word_is_near_the_way_to_fill_by_hand_is_shown():
    (problem,) = read_columns("楼组评语", CELLS).problems
    assert "楼组评语 = 手工填写" in problem.sentence


def test_chosen_cells_come_in_the_order_of_the_catalogue_behind_a_number():
    assert [c.value for c in from_choice(["address", "name"], CELLS)] == ["seq", "name", "address"]


def test_what_is_written_down_is_read_back_the_same():
    columns = (
        Column("序号", "seq"),
        Column("姓名", "name"),
        Column("电话", "phone"),
        Column("姓名", "emergency_contact", ("紧急联系人",)),
    )
    assert read_columns(write_columns(columns, CELLS), CELLS).columns == columns


HEADS = st.lists(st.sampled_from(["联系人", "基本情况", "户籍"]), max_size=2).map(tuple)
VALUES = st.sampled_from(["seq", *CELLS])
NAMES = st.sampled_from(["姓名", "电话", "说明", "序号"])


@given(st.lists(st.builds(Column, NAMES, VALUES, HEADS), max_size=8))
def test_any_columns_survive_being_written_and_read(columns):
    assert list(read_columns(write_columns(columns, CELLS), CELLS).columns) == columns


def test_hand_filled_columns_survive_too():
    columns = read_columns("姓名\n备注 = 手工填写", CELLS).columns
    assert write_columns(columns, CELLS) == "姓名\n备注 = 手工填写"


def test_a_blanks_unknown_columns_are_filled_by_hand():
    columns = from_blank([(1, ("序号",), "seq"), (2, ("联系人", "姓名"), "name"), (5, ("签收",), "")])
    assert columns == (
        Column("序号", "seq"),
        Column("姓名", "name", ("联系人",)),
        Column("签收", "entry.c5"),
    )
