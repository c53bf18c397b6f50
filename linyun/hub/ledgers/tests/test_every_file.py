"""Every ledger as a file: the head merged as declared, printable, read back by another reader as it was filled."""

import csv
import io

import openpyxl
import pytest
import python_calamine
from openpyxl.utils import get_column_letter

from linyun.hub.ledgers import exports
from linyun.hub.ledgers.layout import PAPER, depth, head_cells
from linyun.hub.ledgers.register import ready
from linyun.kernel.catalogue import catalogue
from tests.characters import HERE


@pytest.fixture
def made(as_worker, neighbourhood):
    """A ledger's file and its plan."""

    def exported(code: str, form: str = "xlsx"):
        with as_worker():
            return exports.export(code, HERE, form=form)[0].content, ready(code).plan

    return exported


@pytest.mark.parametrize("code", catalogue.ledgers)
def test_a_file_has_the_declared_head_the_official_lines_and_prints_well(made, code):
    content, plan = made(code)
    ws = openpyxl.load_workbook(io.BytesIO(content)).active
    ledger, deep, last = plan.ledger, depth(plan.headings), len(plan.headings)
    merged = {str(r) for r in ws.merged_cells.ranges}
    assert ws["A1"].value == ledger.name
    assert f"A1:{get_column_letter(last)}1" in merged
    for cell in head_cells(plan.headings):
        row, column = cell.row + 3, cell.column + 1
        assert ws.cell(row, column).value == cell.text
        if cell.rows > 1 or cell.columns > 1:
            right = get_column_letter(column + cell.columns - 1)
            assert f"{get_column_letter(column)}{row}:{right}{row + cell.rows - 1}" in merged
    assert ws.print_title_rows == f"$3:${2 + deep}"
    assert ws.freeze_panes == f"A{3 + deep}"
    width = sum(ws.column_dimensions[get_column_letter(n)].width for n in range(1, last + 1))
    assert width >= PAPER - last
    line = " ".join(str(c.value) for c in ws[2] if c.value)
    assert all(
        word in line for word in ("填报单位：四平路街道公交新村居委会", "填报人：林晓岚", "填报日期：2026-11-23")
    )


@pytest.mark.parametrize("code", ["residents", "lone_elders", "dwellings", "households", "visits", "elder_table"])
def test_both_forms_of_a_file_say_the_same(made, code):
    book, plan = made(code)
    text, _ = made(code, "csv")
    sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0)
    begin = 2 + depth(plan.headings)
    rows = list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))
    assert rows[0] == [h.full_name for h in plan.headings]
    shown = sheet.to_python(skip_empty_area=False)[begin : begin + len(rows) - 1]
    for plainly, officially in zip(rows[1:], shown, strict=True):
        assert [cell(v) for v in officially] == [v.strip() for v in plainly]


def cell(value) -> str:
    """A cell as a plain file says it."""
    if isinstance(value, float):
        return f"{value:g}"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


@pytest.mark.parametrize("code", ["residents", "lone_elders"])
def test_identity_numbers_and_phones_are_texts_in_every_row(made, code):
    content, plan = made(code)
    ws = openpyxl.load_workbook(io.BytesIO(content)).active
    columns = [n for n, h in enumerate(plan.headings, 1) if h.kind in ("identity", "phone")]
    assert columns
    for row in ws.iter_rows(min_row=3 + depth(plan.headings), max_row=ws.max_row - 1):
        for n in columns:
            assert row[n - 1].number_format == "@"
            assert row[n - 1].value is None or row[n - 1].data_type == "s"
