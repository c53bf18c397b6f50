"""Workbooks: read back by two other readers, well formed by the standard, the same bytes for the same ledger."""

import io
import re
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from xml.etree import ElementTree

import openpyxl
import pytest
import python_calamine
from hypothesis import given, settings
from hypothesis import strategies as st

from linyun.hub.ledgers.layout import Heading
from linyun.hub.ledgers.xlsx import FIRST_HEAD, NOTHING, ROW_LIMIT, Sheet, TooManyRows, letters, write
from linyun.hub.ledgers.xlsx_parts import MAIN, TEXT_LIMIT, Style, sheet_names, styles, xml_text
from linyun.kernel.declare import Kind

MADE = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
SPREADSHEET = f"{{{MAIN}}}"
ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "mergeCells", "hyperlinks",
    "printOptions", "pageMargins", "pageSetup", "headerFooter", "ignoredErrors",
)  # fmt: skip
"""The order of a worksheet's children (ECMA-376, part 1, 18.3.1.99): Excel repairs a file that breaks it."""

HEADINGS = (
    Heading("序号", "seq", Kind.INTEGER),
    Heading("姓名", "name", Kind.TEXT),
    Heading("性别", "sex", Kind.CODE),
    Heading("出生日期", "birth_date", Kind.DATE),
    Heading("证件号码", "identity_number", Kind.IDENTITY),
    Heading("姓名", "emergency_contact", Kind.TEXT, ("紧急联系人",)),
    Heading("电话", "emergency_phone", Kind.PHONE, ("紧急联系人",)),
    Heading("面积", "floor_area", Kind.DECIMAL),
)
ROWS = [
    (1, "周桂芳", "女", date(1948, 3, 5), "31011019480305998X", "周建国", "19900123456", 48.5),
    (2, "陈阿宝", None, None, "310***********9982", "", None, 60),
]
LINES = ("填报单位：四平路街道公交新村居委会", "统计时间：2026年10月", "填报人：林晓岚　填报日期：2026-11-23")


def sheet(rows=ROWS, headings=HEADINGS, **others) -> Sheet:
    data = [list(c) for c in zip(*rows, strict=True)] if rows else [[] for _ in headings]
    return Sheet(
        **({"title": "独居老人名册", "lines": LINES, "foot": ("共 2 条",)} | others), headings=headings, data=data
    )


def made(*sheets: Sheet, **others) -> bytes:
    target = io.BytesIO()
    write(list(sheets) or [sheet()], target, made_at=MADE, creator="公交新村居委会", **others)
    return target.getvalue()


def opened(content: bytes):
    return openpyxl.load_workbook(io.BytesIO(content))


def part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return package.read(name).decode()


def test_title_line_head_rows_and_foot_stand_where_an_office_expects_them():
    ws = opened(made()).active
    assert ws["A1"].value == "独居老人名册"
    assert [c.value for c in ws[2] if c.value] == list(LINES)
    assert [c.value for c in ws[3]] == ["序号", "姓名", "性别", "出生日期", "证件号码", "紧急联系人", None, "面积"]
    assert [c.value for c in ws[4]][5:7] == ["姓名", "电话"]
    assert ws["B5"].value == "周桂芳"
    assert ws["A7"].value == "共 2 条"


def test_the_title_spans_the_table_and_the_head_is_merged():
    merged = {str(r) for r in opened(made()).active.merged_cells.ranges}
    assert "A1:H1" in merged
    assert "F3:G3" in merged
    assert {"A3:A4", "B3:B4", "H3:H4"} <= merged
    assert "A7:H7" in merged


def test_numbers_stay_numbers_dates_dates_and_document_numbers_and_phones_texts():
    row = opened(made()).active[5]
    assert (row[0].value, row[0].data_type) == (1, "n")
    assert row[3].value.date() == date(1948, 3, 5)
    assert row[3].number_format == "yyyy\\-mm\\-dd"
    assert (row[4].value, row[4].data_type, row[4].number_format) == ("31011019480305998X", "s", "@")
    assert (row[6].value, row[6].data_type, row[6].number_format) == ("19900123456", "s", "@")
    assert row[7].value == 48.5


def test_unknown_values_are_empty_cells_with_borders():
    row = opened(made()).active[6]
    assert [row[n].value for n in (2, 3, 5, 6)] == [None] * 4
    assert all(c.border.left.style == "thin" for c in row)


def test_it_prints_on_a4_across_one_page_wide_with_the_head_on_every_page():
    ws = opened(made()).active
    assert ws.page_setup.orientation == "landscape"
    assert int(ws.page_setup.paperSize) == int(ws.PAPERSIZE_A4)
    assert ws.sheet_properties.pageSetUpPr.fitToPage
    assert (ws.page_setup.fitToWidth, ws.page_setup.fitToHeight) == (1, 0)
    assert ws.print_title_rows == "$3:$4"
    assert "&P" in ws.oddFooter.center.text
    assert "&N" in ws.oddFooter.center.text
    assert ws.freeze_panes == "A5"


def test_excel_does_not_complain_of_numbers_kept_as_texts():
    xml = part(made(), "xl/worksheets/sheet1.xml")
    ranges = re.search(r'<ignoredError sqref="([^"]+)" numberStoredAsText="1"/>', xml)[1].split()
    assert {"E5:E6", "G5:G6"} <= set(ranges)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", '=HYPERLINK("http://x")', "\t=1"])
def test_a_text_that_looks_like_a_formula_stays_a_text_even_when_edited(text):
    ws = opened(made(sheet([(1, text)], HEADINGS[:2]))).active
    cell = ws["B4"]
    assert cell.value == text
    assert cell.data_type == "s"
    assert cell.quotePrefix


def test_a_text_that_looks_like_an_escape_is_not_decoded():
    content = made(sheet([(1, "_x0041_后面")], HEADINGS[:2]))
    assert "_x005F_x0041_后面" in part(content, "xl/sharedStrings.xml")
    (row,) = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()[3:4]
    assert row[1] == "_x0041_后面"


def test_markup_and_characters_that_xml_forbids_do_no_harm():
    ws = opened(made(sheet([(1, "<周&桂芳>\x01\x0b\ufffe 二")], HEADINGS[:2]))).active
    assert ws["B4"].value == "<周&桂芳> 二"


def test_an_empty_ledger_says_so_in_one_line_over_the_table():
    ws = opened(made(sheet([]))).active
    assert ws["A5"].value == NOTHING
    assert "A5:H5" in {str(r) for r in ws.merged_cells.ranges}


@pytest.mark.parametrize("count", [1, 2])
def test_a_table_of_one_or_two_columns_still_has_its_line(count):
    rows = [tuple(["周桂芳"] * count)]
    ws = opened(made(sheet(rows, HEADINGS[1 : count + 1]))).active
    line = "".join(str(c.value) for c in ws[2] if c.value)
    assert all(text in line for text in LINES)


def test_dates_before_excels_calendar_and_huge_numbers_are_texts():
    headings = (Heading("立日", "d", Kind.DATE), Heading("编号", "n", Kind.INTEGER))
    ws = opened(made(sheet([(date(1899, 12, 31), 10**17), (date(1900, 3, 1), 12)], headings))).active
    assert (ws["A4"].value, ws["B4"].value) == ("1899-12-31", str(10**17))
    assert (ws["A5"].value.date(), ws["B5"].value) == (date(1900, 3, 1), 12)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (True, "是"),
        (False, "否"),
        (Decimal("12.50"), 12.5),
        (float("nan"), "nan"),
        (float("inf"), "inf"),
        (datetime(2026, 11, 2, 1, 5, tzinfo=UTC), "2026-11-02 09:05"),
        (-3, -3),
        (0, 0),
    ],
)
def test_other_values_are_shown_as_a_reader_expects(value, shown):
    ws = opened(made(sheet([(1, value)], HEADINGS[:2]))).active
    assert ws["B4"].value == shown


def test_a_text_longer_than_a_cell_can_hold_is_cut_and_marked():
    ws = opened(made(sheet([(1, "长" * (TEXT_LIMIT + 5))], HEADINGS[:2]))).active
    assert len(ws["B4"].value) == TEXT_LIMIT
    assert ws["B4"].value.endswith("…")


def test_rows_with_long_texts_are_high_enough_to_read():
    ws = opened(made(sheet([(1, "一二三四五六七八九十" * 12), (2, "短")], HEADINGS[:2]))).active
    assert ws.row_dimensions[4].height > 30
    assert ws.row_dimensions[5].height is None


def test_more_rows_than_a_sheet_holds_are_refused_with_a_way_out():
    class Endless(list):
        def __len__(self):
            return ROW_LIMIT

    with pytest.raises(TooManyRows, match="按区域分开"):
        write([Sheet("名册", HEADINGS[:1], [Endless()])], io.BytesIO(), made_at=MADE)


def test_the_same_ledger_gives_the_same_bytes():
    assert made() == made()


def test_properties_say_who_made_it_when_and_what_digest_it_has():
    core = part(made(description="封账校验码 SHA-256：ab12"), "docProps/core.xml")
    assert "2026-11-23T04:00:00Z" in core
    assert "公交新村居委会" in core
    assert "ab12" in core


def test_many_sheets_share_texts_and_the_index_leads_to_each():
    index = Sheet("目录", (HEADINGS[0], Heading("台账", "n", Kind.TEXT)), [[1, 2], ["独居老人名册", "空台账"]],
                  links=["独居老人名册", "空台账"])  # fmt: skip
    content = made(index, sheet(), sheet([], title="空台账"))
    book = opened(content)
    assert book.sheetnames == ["目录", "独居老人名册", "空台账"]
    links = {c.coordinate: c.hyperlink.location for row in book["目录"].iter_rows() for c in row if c.hyperlink}
    assert links == {"B4": "'独居老人名册'!A1", "B5": "'空台账'!A1"}
    assert part(content, "xl/sharedStrings.xml").count("周桂芳") == 1
    assert [book[n].print_title_rows for n in book.sheetnames] == ["$3:$3", "$3:$4", "$3:$4"]


def test_sheet_names_are_legal_and_unique():
    names = sheet_names(["基本[1]:情况*?/\\", "长" * 40, "长" * 40, "'名'", "", "A", "a"])
    assert all(1 <= len(n) <= 31 for n in names)
    assert not any(set(n) & set("[]:*?/\\") for n in names)
    assert len({n.lower() for n in names}) == len(names)
    assert names[3] == "名"
    assert names[1] != names[2]


@given(st.lists(st.text(max_size=50), max_size=12))
def test_any_titles_give_legal_and_unique_sheet_names(titles):
    names = sheet_names(titles)
    assert len({n.lower() for n in names}) == len(titles)
    assert all(1 <= len(n) <= 31 and not set(n) & set("[]:*?/\\") and n.strip("'") for n in names)


def test_columns_have_letters_as_in_excel():
    assert [letters(n) for n in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]


def test_every_part_is_well_formed_and_named_in_the_package():
    content = made(sheet(), sheet(title="第二张"))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = set(package.namelist())
        for name in names:
            ElementTree.fromstring(package.read(name))
        types = ElementTree.fromstring(package.read("[Content_Types].xml"))
    overridden = {e.get("PartName").lstrip("/") for e in types if e.tag.endswith("Override")}
    assert overridden == names - {"[Content_Types].xml", "_rels/.rels", "xl/_rels/workbook.xml.rels"}
    assert package.namelist()[0] == "[Content_Types].xml"


def test_every_relation_leads_to_a_part():
    content = made(sheet(), sheet(title="第二张"))
    targets = re.findall(r'Target="([^"]+)"', part(content, "xl/_rels/workbook.xml.rels"))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert {f"xl/{t}" for t in targets} <= set(package.namelist())
    ids = set(re.findall(r'r:id="(\w+)"', part(content, "xl/workbook.xml")))
    assert ids <= set(re.findall(r'Id="(\w+)"', part(content, "xl/_rels/workbook.xml.rels")))


def test_a_worksheets_children_stand_in_the_order_of_the_standard():
    tree = ElementTree.fromstring(part(made(), "xl/worksheets/sheet1.xml"))
    found = [child.tag.removeprefix(SPREADSHEET) for child in tree]
    assert found == [name for name in ORDER if name in found]
    assert "sheetData" in found


def test_cells_name_existing_formats_and_existing_texts_in_order():
    content = made()
    tree = ElementTree.fromstring(part(content, "xl/worksheets/sheet1.xml"))
    texts = part(content, "xl/sharedStrings.xml").count("<si>")
    rows = tree.findall(f"{SPREADSHEET}sheetData/{SPREADSHEET}row")
    assert [int(r.get("r")) for r in rows] == list(range(1, len(rows) + 1))
    for row in rows:
        cells = row.findall(f"{SPREADSHEET}c")
        assert [c.get("r") for c in cells] == [f"{letters(n)}{row.get('r')}" for n in range(len(HEADINGS))]
        assert all(int(c.get("s")) in set(Style) for c in cells)
        assert all(int(c[0].text) < texts for c in cells if c.get("t") == "s")


def test_merged_ranges_do_not_overlap():
    tree = ElementTree.fromstring(part(made(), "xl/worksheets/sheet1.xml"))
    seen: set[tuple[int, int]] = set()
    for merged in tree.iter(f"{SPREADSHEET}mergeCell"):
        left, top, right, bottom = openpyxl.utils.range_boundaries(merged.get("ref"))
        cells = {(r, c) for r in range(top, bottom + 1) for c in range(left, right + 1)}
        assert not cells & seen
        seen |= cells


def test_the_style_sheet_counts_what_it_lists():
    for tag in ("fonts", "fills", "borders", "cellXfs"):
        count, body = re.search(rf'<{tag} count="(\d+)">(.*?)</{tag}>', styles()).groups()
        child = {"fonts": "<font>", "fills": "<fill>", "borders": "<border>", "cellXfs": "<xf "}[tag]
        assert body.count(child) == int(count)
    assert len(Style) == int(re.search(r'<cellXfs count="(\d+)"', styles())[1])


def test_text_is_escaped_once():
    assert xml_text("a<b>&c") == "a&lt;b&gt;&amp;c"
    assert xml_text("a\rb\x00c") == "abc"


CELLS = st.one_of(
    st.none(),
    st.integers(-(10**14), 10**14),
    st.floats(-1e12, 1e12).map(lambda x: round(x, 3)),
    st.dates(date(1900, 3, 1), date(2100, 1, 1)),
    st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=30),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=30))
def test_whatever_is_written_two_readers_read_back(rows):
    headings = (Heading("甲", "a", Kind.TEXT), Heading("乙", "b", Kind.TEXT))
    content = made(sheet(rows, headings, foot=()))
    ws = opened(content).active
    found = [
        tuple(c.value for c in row) for row in ws.iter_rows(min_row=FIRST_HEAD + 1, max_row=FIRST_HEAD + len(rows))
    ]
    other = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    second = other.to_python(skip_empty_area=False)[FIRST_HEAD : FIRST_HEAD + len(rows)]
    second += [[""] * 2] * (len(rows) - len(second))  # calamine ends where nothing more is written
    for row, read, again in zip(rows, found, second, strict=True):
        for value, one, two in zip(row, read, again, strict=True):
            expected = plain(value)
            assert same(one, expected)
            assert same(two, expected)


def plain(value):
    """What a reader should see: forbidden characters gone, empty texts as nothing."""
    if isinstance(value, str):
        return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", value) or None
    return value


def same(read, expected) -> bool:
    if isinstance(read, datetime):
        return read.date() == expected
    if isinstance(read, str) and isinstance(expected, str):
        # openpyxl leaves Excel's escape as it stands in the file; the escaped text is what Excel shows.
        return read.replace("_x005F_", "_") == expected.replace("_x005F_", "_")
    return (read if read != "" else None) == expected
