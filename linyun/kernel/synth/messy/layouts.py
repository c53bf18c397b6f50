"""How a roster lies on its pages: titles and notes above, heads of one or two rows, addresses once or in every row."""

from collections.abc import Sequence
from dataclasses import dataclass

from linyun.kernel.synth.messy.faults import Line
from linyun.kernel.synth.messy.files import Page


@dataclass(frozen=True, slots=True)
class Layout:
    """A style. ``columns``: (key, header, upper header). ``address``: in ``each`` row, ``head`` rows, or ``merged``."""

    style: str
    file_kind: str
    columns: tuple[tuple[str, str, str], ...]
    address: str
    sheets: tuple[str, ...]
    extension: str
    help_row: bool = False
    hides_rows: bool = False
    phantom: bool = False

    @property
    def items(self) -> frozenset[str]:
        """Keys of the columns that this style has."""
        return frozenset(key for key, _, _ in self.columns)


LAYOUTS: dict[str, Layout] = {
    layout.style: layout
    for layout in (
        Layout(
            "plain",
            "xlsx",
            (
                ("sequence", "序号", ""),
                ("name", "姓名*", ""),
                ("sex", "性别", ""),
                ("birth_date", "出生日期", ""),
                ("identity_number", "身份证号码*", ""),
                ("phone", "联系电话", ""),
                ("address", "居住地址", ""),
                ("relation", "与户主关系", ""),
                ("ethnicity", "民族", ""),
                ("education", "文化程度", ""),
                ("marital_status", "婚姻状况", ""),
                ("political_status", "政治面貌", ""),
                ("remark", "备注", ""),
            ),
            "each",
            ("居民名册",),
            ".xlsx",
            hides_rows=True,
            phantom=True,
        ),
        Layout(
            "head_rows",
            "xlsx",
            (
                ("address", "门牌号", ""),
                ("name", "居民姓名", ""),
                ("relation", "户主关系", ""),
                ("identity_number", "公民身份号码", ""),
                ("phone", "手机号码", ""),
                ("ethnicity", "民族", ""),
                ("education", "学历", ""),
                ("remark", "说明", ""),
            ),
            "head",
            ("一网格", "二网格"),
            ".xlsx",
        ),
        Layout(
            "merged",
            "xlsx",
            (
                ("sequence", "序号", ""),
                ("address", "住 址", ""),
                ("name", "姓 名", "家庭成员情况"),
                ("sex", "性 别", "家庭成员情况"),
                ("birth_date", "出生年月", "家庭成员情况"),
                ("identity_number", "证件号码", "家庭成员情况"),
                ("relation", "与户主的关系", "家庭成员情况"),
                ("phone", "手机", "联系方式"),
                ("ethnicity", "民族", "其他"),
                ("education", "文化", "其他"),
                ("marital_status", "婚姻", "其他"),
                ("political_status", "政治面貌", "其他"),
                ("remark", "备注", ""),
            ),
            "merged",
            ("户籍及居住人员登记表",),
            ".xlsx",
            help_row=True,
            phantom=True,
        ),
        Layout(
            "csv_gb18030",
            "csv",
            (
                ("name", "名字", ""),
                ("sex", "性别", ""),
                ("birth_date", "出生年月日", ""),
                ("identity_number", "身份证", ""),
                ("phone", "电话", ""),
                ("address", "家庭住址", ""),
                ("relation", "关系", ""),
                ("ethnicity", "族别", ""),
                ("education", "教育程度", ""),
                ("marital_status", "婚姻情况", ""),
                ("political_status", "政治面貌", ""),
                ("remark", "备注", ""),
            ),
            "each",
            ("roster",),
            ".csv",
        ),
    )
}
_HELP = {
    "name": "必填，同证件",
    "identity_number": "必填，18位",
    "birth_date": "格式：1948-03-05",
    "sex": "填写男或女",
    "address": "必填，如：1号101室",
}

Place = tuple[str, int]
"""Sheet and row from 0."""


def lay_out(layout: Layout, committee: str, groups: Sequence[Sequence[Line]]) -> tuple[list[Page], dict[int, Place]]:
    """Pages with all lines, and where each line (by ``id``) stands. ``groups``: lines of one home, head first."""
    pages: list[Page] = []
    places: dict[int, Place] = {}
    share = -(-len(groups) // len(layout.sheets))
    for number, name in enumerate(layout.sheets):
        page = Page(name)
        pages.append(page)
        row = _top(layout, page, f"{committee}居民花名册（{name}）" if number else f"{committee}居民花名册")
        start = row
        for group in groups[number * share : (number + 1) * share]:
            for place, line in enumerate(group):
                _line(layout, page, row + place, line, first=place == 0, sequence=row + place - start + 1)
                places[id(line)] = (name, row + place)
            _merge_address(layout, page, row, len(group))
            row += len(group)
        _bottom(layout, page, row, row - start)
    return pages, places


def _top(layout: Layout, page: Page, title: str) -> int:
    """Title, notes, heads and help row; returns the first row for data."""
    width = len(layout.columns)
    page.spread(0, 0, 0, width - 1 if layout.file_kind == "xlsx" else 0, title)
    row = 1
    if layout.file_kind == "xlsx":
        page.put(1, ["填报单位：居委会", *[None] * (width - 3), "单位：人"])
        row = 2
    if any(upper for _, _, upper in layout.columns):
        _two_heads(layout, page, row)
        row += 2
    else:
        page.put(row, [header for _, header, _ in layout.columns])
        row += 1
    if layout.help_row:
        page.put(row, [_HELP.get(key, "选填") for key, _, _ in layout.columns])
        row += 1
    return row


def _two_heads(layout: Layout, page: Page, row: int) -> None:
    start = 0
    for column, (_, header, upper) in enumerate(layout.columns):
        if not upper:
            page.spread(row, column, row + 1, column, header)
            continue
        page.put(row + 1, [header], column)
        if column == 0 or layout.columns[column - 1][2] != upper:
            start = column
        last = column + 1 == len(layout.columns) or layout.columns[column + 1][2] != upper
        if last:
            page.spread(row, start, row, column, upper)


def _line(layout: Layout, page: Page, row: int, line: Line, first: bool, sequence: int) -> None:
    for column, (key, _, _) in enumerate(layout.columns):
        value = float(sequence) if key == "sequence" else line.cells.get(key, "")
        if key == "address" and layout.address != "each" and not first:
            continue
        if value != "" and value is not None:
            page.cells[row, column] = value


def _merge_address(layout: Layout, page: Page, row: int, size: int) -> None:
    if layout.address == "merged" and size > 1:
        column = next(i for i, (key, _, _) in enumerate(layout.columns) if key == "address")
        page.merges.append((row, column, row + size - 1, column))


def _bottom(layout: Layout, page: Page, row: int, count: int) -> None:
    """Total, signatures, and the far-off formatted cell that makes the sheet look 65,536 rows long."""
    if layout.file_kind == "xlsx":
        page.put(row, ["合计", f"{count}人"])
        page.put(row + 2, ["填表人：林晓岚", None, None, "审核人：", None, "填表日期：2026年11月"])
    else:
        page.put(row, [f"合计：{count}人"])
        page.put(row + 1, ["填表人：林晓岚"])
    if layout.phantom:
        page.phantom = (65_535, len(layout.columns) + 3)
