"""Layouts that committees and their machines really produce: pages of old systems, heads in odd places, words of all kinds."""

import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linyun.hub.exchange.reading import Kind, Sheet, Unreadable, read, understand
from linyun.hub.exchange.reading.cells import Merge, blank, column_of, letter
from linyun.hub.exchange.reading.mapping import fingerprint
from linyun.hub.exchange.reading.places import blanks_mean_above, usual_area, within
from linyun.hub.exchange.reading.returning import _sheet_name, corrections
from linyun.hub.exchange.reading.tests.rosters import (
    ITEMS,
    LI,
    SETS,
    SUN,
    TODAY,
    WANG,
    WRONG,
    ZHAO,
    rows_of,
    table,
    targets,
    xlsx,
)
from linyun.hub.exchange.reading.words import Vocabulary, fold
from linyun.kernel.values import addresses
from linyun.kernel.values.addresses import Address

WORDS = Vocabulary(ITEMS)


def html(body: str, head: str = "") -> bytes:
    return f"<html><head>{head}</head><body>{body}</body></html>".encode()


ROSTER = f"<table><tr><td>姓名</td><td>身份证号</td></tr><tr><td>王建国</td><td>{WANG}</td></tr></table>"


# Pages that call themselves tables


@pytest.mark.parametrize(
    "content",
    [
        html(ROSTER),
        html(ROSTER.upper().replace("TABLE", "Table")),
        ROSTER.encode(),
        html(ROSTER.replace("<td>", "<td style='mso-number-format:\\@'>")),
        html(ROSTER.replace("</td>", "").replace("</tr>", "")),
        html(ROSTER.replace("王建国", "王建国<!-- 备注 -->")),
        html(ROSTER.replace("王建国", "<b>王</b>建<font color=red>国</font>")),
        html(ROSTER.replace("王建国", "&#29579;&#24314;&#22269;")),
        html(ROSTER.replace("王建国", "&nbsp;王建国&nbsp;")),
        html("<script>document.write('<table>')</script>" + ROSTER),
        html(ROSTER, '<meta charset="utf-8">'),
    ],
)
def test_a_page_of_an_old_system_is_a_table(content):
    sheets = read(content, "名册.xls").sheets
    rows = [row for sheet in sheets for row in sheet.rows]
    assert ["王建国", WANG] in rows


@pytest.mark.parametrize("encoding", ["gb2312", "gbk", "GB18030", "utf-8", "no-such-code"])
def test_a_page_says_its_encoding_truly_or_not(encoding):
    text = f'<meta http-equiv="Content-Type" content="text/html; charset={encoding}">{ROSTER}'
    real = "utf-8" if encoding == "no-such-code" else encoding
    assert ["王建国", WANG] in read(text.encode(real), "名册.xls").sheets[0].rows


def test_a_table_within_a_table_is_a_sheet_of_its_own():
    book = read(html(f"<table><tr><td>外面</td><td>{ROSTER}</td></tr></table>"), "名册.xls")
    assert [s.name for s in book.sheets] == ["表1", "表2"]
    assert understand(book.sheets[1], ITEMS, SETS).kind is Kind.PEOPLE


@pytest.mark.parametrize("span", ["0", "-3", "x", "²", "99999999999", "1.5", ""])
def test_spans_that_are_no_numbers_are_one(span):
    page = f'<table><tr><td colspan="{span}">姓名</td><td>电话</td></tr></table>'
    rows = read(html(page), "a.xls").sheets[0].rows
    assert rows[0][0] == "姓名" and "电话" in rows[0] or span == "99999999999"


def test_a_page_without_a_table_says_what_to_do():
    with pytest.raises(Unreadable, match="里面没有表格"):
        read(html("<p>请登录</p>"), "名册.xls")


# Heads


@pytest.mark.parametrize("above", range(0, 29, 7))
def test_the_head_is_found_under_any_number_of_titles(above):
    rows = [[f"说明第{n}条，请各楼组长认真填写"] for n in range(above)] + [["姓名", "身份证号码"], ["王建国", WANG]]
    (row,) = rows_of(rows)
    assert (row.values["name"], row.number) == ("王建国", above + 2)


@pytest.mark.parametrize("gap", [1, 2, 5, 40])
def test_blank_rows_and_columns_around_a_table_do_not_matter(gap):
    rows = [[""] * gap + line for line in [["姓名", "身份证号码"], ["王建国", WANG]]]
    found = table([[""]] * gap + rows)
    (row,) = found.rows(TODAY)
    assert row.number == gap + 2 and row.values["identity_number"] == WANG


def test_a_head_in_the_middle_of_a_word_is_understood_as_people_break_lines():
    found = table([["姓\n名", "身份证\n号码", "联系\n电话"], ["王建国", WANG, "19900100001"]])
    assert list(targets(found).values()) == ["person.name", "person.identity_number", "person.phone"]


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ("姓　名", "person.name"), ("*姓名", "person.name"), ("姓名（必填）", "person.name"), ("1.姓名", "person.name"),
        ("姓名：", "person.name"), ("身份证號碼", "person.identity_number"), ("联系电话（手机）", "person.phone"),
        ("居民姓名", "person.name"), ("老人姓名", "person.name"), ("紧急联系人", "person.emergency_contact"),
    ],
)  # fmt: skip
def test_one_word_in_the_ways_in_which_it_is_written(header, target):
    assert WORDS.look(header)[0].target == target


@pytest.mark.parametrize(
    "header", ["监护人姓名", "房东电话", "填表人", "楼组长", "物业公司", "审核人", "配偶姓名", "网格员电话"]
)
def test_what_is_said_of_somebody_else_is_never_the_residents_own(header):
    assert not {c.target for c in WORDS.look(header)} & {"person.name", "person.phone", "person.identity_number"}


@given(text=st.text(max_size=30))
def test_any_header_folds_to_something_that_folds_to_itself(text):
    once = fold(text)
    assert fold(once) == once or len(fold(once)) <= len(once)
    assert WORDS.score(text) <= 1.0


@given(names=st.lists(st.sampled_from(["姓名", "电话", "住址", "备注", ""]), max_size=6))
def test_a_layout_is_known_again_when_the_house_added_its_columns(names):
    assert fingerprint([*names, "退回原因", "原表行号"]) == fingerprint(names)


def test_two_layouts_that_differ_in_their_order_are_two():
    assert fingerprint(["姓名", "电话"]) != fingerprint(["电话", "姓名"]) != fingerprint(["姓名", "电话", "备注"])


@given(column=st.integers(0, 16_383))
def test_letters_and_columns_lead_to_each_other(column):
    assert column_of(letter(column)) == column


@pytest.mark.parametrize(
    ("cell", "is_blank"), [("", True), (" \t\n", True), ("\u3000", True), (0.0, False), (False, False), ("0", False)]
)
def test_what_is_blank(cell, is_blank):
    assert blank(cell) is is_blank


def test_cells_outside_a_ragged_sheet_are_empty():
    sheet = Sheet("x", [["a"], [], ["b", "c"]])
    assert [sheet.cell(*at) for at in ((0, 0), (0, 1), (1, 0), (2, 1), (9, 9), (-1, 0), (0, -1))] == [
        "a",
        "",
        "",
        "c",
        "",
        "",
        "",
    ]
    assert sheet.width == 2


# What a table is


@pytest.mark.parametrize(
    ("head", "row", "kind"),
    [
        (["地址", "楼层", "房屋户型", "建筑面积"], ["12号302室", "3", "两室", "45.5"], Kind.DWELLINGS),
        (
            ["单位名称", "统一社会信用代码", "地址"],
            ["四平便利店", "91310110MA1G90TY7T", "四平路1号"],
            Kind.ORGANISATIONS,
        ),
        (["姓名", "建筑面积", "地址", "身份证号"], ["王建国", "45.5", "12号302室", WANG], Kind.PEOPLE),
        (["楼号", "总层数", "总户数", "电梯数"], ["12号", "6", "24", "0"], Kind.BUILDINGS),
        (["走访日期", "姓名", "走访方式", "走访情况"], ["2026-11-03", "王建国", "上门", "好"], Kind.VISITS),
        (["车位号", "车牌号", "车位类型"], ["A1", "沪A12345", "固定"], Kind.PARKING),
        (["甲", "乙", "丙"], ["1", "2", "3"], Kind.UNKNOWN),
    ],
)
def test_a_table_is_told_by_its_head(head, row, kind):
    assert table([head, row, row]).kind is kind


def test_a_list_with_floor_areas_and_no_company_is_no_list_of_companies():
    found = table([["地址", "建筑面积", "房屋户型"], ["12号302室", "45.5", "两室"]])
    assert found.kind in (Kind.DWELLINGS, Kind.UNKNOWN), "three columns are few; a worker can say what it is"


# Places


@pytest.mark.parametrize(
    ("address", "context", "key"),
    [
        ("302", "公交新村12号", "公交新村|12||302"),
        ("13号101室", "公交新村12号", "公交新村|13||101"),
        ("四平路2500弄3号201室", "公交新村12号", "四平路2500弄|3||201"),
    ],
)
def test_a_title_completes_what_an_address_leaves_open_and_nothing_more(address, context, key):
    found = within(addresses.parse(address).value, addresses.parse(context).value)
    assert found.key == key


def test_an_address_without_anything_is_completed_by_nothing():
    assert within(Address(pseudo="集体户"), addresses.parse("公交新村12号").value).pseudo == "集体户"


@pytest.mark.parametrize(
    ("cells", "area"),
    [
        ([], ()),
        (["12号302室", 3.0, ""], ()),
        (["上海市杨浦区四平路1号", "上海市杨浦区四平路2号", "江苏省南京市"], True),
    ],
)
def test_what_here_is_when_nobody_says(cells, area):
    assert bool(usual_area(cells)) is bool(area)


@given(flags=st.lists(st.booleans(), max_size=60))
def test_blanks_mean_above_only_below_something_and_in_short_runs(flags):
    if blanks_mean_above(flags):
        assert not flags[0] and any(flags)
        assert "1" * 16 not in "".join("01"[f] for f in flags)


# Households


def test_one_family_on_two_lines_of_a_merged_address_is_one_household():
    rows = rows_of(
        [["门牌号", "与户主关系", "姓名", "身份证号码"], ["12号302室", "户主", "王建国", WANG], ["", "妻", "李秀英", LI],
         ["12号303室", "户主", "赵敏", ZHAO], ["", "子", "孙浩", SUN]], merges=["A2:A3", "A4:A5"],
    )  # fmt: skip
    keys = [r.household_key for r in rows]
    assert keys[0] == keys[1] != keys[2] == keys[3]


@pytest.mark.parametrize("heads", [["户主", "户主"], ["本人", "户主"]])
def test_two_heads_at_one_door_are_two_households(heads):
    rows = rows_of(
        [
            ["门牌号", "与户主关系", "姓名", "身份证号码"],
            ["12号302室", heads[0], "王建国", WANG],
            ["12号302室", heads[1], "赵敏", ZHAO],
        ]
    )
    assert rows[0].household_key != rows[1].household_key


def test_household_numbers_of_two_sheets_are_not_one_household():
    head = ["户号", "姓名", "身份证号码"]
    book = read(xlsx([head, ["1", "王建国", WANG]], [head, ["1", "赵敏", ZHAO]]), "名册.xlsx")
    first, second = (next(understand(s, ITEMS, SETS).rows(TODAY)) for s in book.sheets)
    assert first.household_key != second.household_key


# What goes back


@pytest.mark.parametrize(
    ("name", "taken", "made"),
    [
        ("名册", (), "名册"), ("名册", ("名册",), "名册-2"), ("名册", ("名册", "名册-2"), "名册-3"), ("a/b", ("a_b",), "a_b-2"),
        ("ABC", ("abc",), "ABC-2"), ("名" * 40, (), "名" * 31), ("名" * 40, ("名" * 31,), "名" * 29 + "-2"), ("", (), "表1"),
        ("'引'", (), "引"), ("x" * 30 + "'y", (), "x" * 30), ("[]:*?/\\", (), "_______"),
    ],
)  # fmt: skip
def test_a_sheet_gets_a_name_that_excel_allows_and_no_other_has(name, taken, made):
    assert _sheet_name(name, taken) == made


@given(names=st.lists(st.text(max_size=40), max_size=8))
def test_any_names_of_sheets_become_different_ones(names):
    taken: set[str] = set()
    for name in names:
        made = _sheet_name(name, taken)
        assert len(made) in range(1, 32)
        assert made.lower() not in taken
        assert set(made).isdisjoint("[]:*?/\\")
        taken.add(made.lower())


@pytest.mark.parametrize(
    "merges",
    [
        [Merge(0, 0, 0, 2), Merge(0, 1, 0, 2)],
        [Merge(0, 0, 0, 0)],
        [Merge(0, 0, 0, 2)] * 3,
        [Merge(0, 0, 1, 0), Merge(1, 0, 1, 1)],
        [Merge(0, 0, 0, 900)],
        [Merge(0, 2, 70_000, 2)],
    ],
)
def test_merged_heads_of_whatever_program_do_not_stop_the_returned_file(merges):
    sheet = Sheet("名册", [["公交新村名册", "", ""], ["姓名", "身份证号码", "电话"], ["王建国", WRONG, ""]], merges)
    found = understand(sheet, ITEMS, SETS)
    problems = [p._asdict() for row in found.rows(TODAY) for p in row.problems]
    page = openpyxl.load_workbook(io.BytesIO(corrections([found], problems, TODAY))).active
    assert page["A3"].value == "王建国" and page["B3"].comment
