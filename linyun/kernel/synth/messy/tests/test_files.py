"""Pages become files: bytes that repeat, cells where they were put."""

import csv
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from linyun.kernel.synth.messy.expected import letter
from linyun.kernel.synth.messy.files import Page, write_csv, write_xlsx


def page() -> Page:
    """A page with every kind of cell."""
    made = Page("名册", hidden=[3], phantom=(65_535, 20))
    made.spread(0, 0, 0, 2, "标题")
    made.put(1, ["姓名", None, "日期"])
    made.put(2, ["王芳", 12.0, datetime(1948, 3, 5)])  # noqa: DTZ001
    made.put(3, ["=1+1", "", "'310"])
    return made


def test_cells_stand_where_they_were_put(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_xlsx([page()], path, date(2026, 11, 23))
    sheet = openpyxl.load_workbook(path)["名册"]
    assert sheet["A1"].value == "标题"
    assert [str(m) for m in sheet.merged_cells.ranges] == ["A1:C1"]
    assert (sheet["A3"].value, sheet["B3"].value, sheet["C3"].value) == ("王芳", 12, datetime(1948, 3, 5))  # noqa: DTZ001
    assert sheet["B2"].value is None
    assert sheet.row_dimensions[4].hidden
    assert not sheet.row_dimensions[3].hidden
    assert sheet.max_row == 65_536


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_xlsx([page()], path, date(2026, 11, 23))
    cell = openpyxl.load_workbook(path)["名册"]["A4"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_the_same_pages_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_xlsx([page()], tmp_path / name, date(2026, 11, 23))
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_text_files_are_square_in_the_encoding_of_offices(tmp_path: Path) -> None:
    made = Page("x")
    made.put(0, ["名册"])
    made.put(2, ["王芳", '说"好", 走了', "㐂"])
    path = tmp_path / "a.csv"
    write_csv(made, path, "gb18030")
    text = path.read_bytes().decode("gb18030")
    assert text.count("\r\n") == 3
    rows = list(csv.reader(text.splitlines()))
    assert rows == [["名册", "", ""], ["", "", ""], ["王芳", '说"好", 走了', "㐂"]]


@pytest.mark.parametrize(("column", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_are_lettered_as_in_excel(column: int, name: str) -> None:
    assert letter(column) == name
