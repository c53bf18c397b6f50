"""Official blanks as offices send them, made in memory."""

import io

import openpyxl
from openpyxl.styles import Border, Font, PatternFill, Side

THIN = Border(*[Side(style="thin")] * 4)


def saved(book: openpyxl.Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def disabled_list() -> bytes:
    """残疾人名单: a title over all columns, a head of two rows, three ruled rows, a line for signatures."""
    book = openpyxl.Workbook()
    ws = book.active
    ws.title = "残疾人名单"
    ws.append(["四平路街道残疾人名单（空表）"])
    ws.merge_cells("A1:F1")
    ws.append(["序号", "姓名", "联系人", None, "住址", "签收"])
    ws.append([None, None, "姓名", "电话", None, None])
    for merged in ("A2:A3", "B2:B3", "C2:D2", "E2:E3", "F2:F3"):
        ws.merge_cells(merged)
    for row in range(4, 7):
        for column in range(1, 7):
            cell = ws.cell(row, column)
            cell.border = THIN
            cell.font = Font(name="仿宋", size=11)
            cell.fill = PatternFill("solid", fgColor="FFFDF5")
        ws.row_dimensions[row].height = 24
    ws["A7"] = "填表人："
    ws["E7"] = "审核人："
    ws.merge_cells("A7:D7")
    ws.row_dimensions[7].height = 40
    ws.column_dimensions["E"].width = 33
    return saved(book)


def plain(*names: str, title: str = "", below: tuple[str, ...] = ()) -> bytes:
    """A blank with one head row, perhaps a title above and lines below."""
    book = openpyxl.Workbook()
    ws = book.active
    if title:
        ws.append([title])
    ws.append(list(names))
    for line in below:
        ws.append([line])
    return saved(book)
