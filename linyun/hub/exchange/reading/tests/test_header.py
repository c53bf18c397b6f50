import pytest

from linyun.hub.exchange.reading import Kind, read, understand
from linyun.hub.exchange.reading.header import find
from linyun.hub.exchange.reading.tests.rosters import (
    ITEMS,
    LI,
    SETS,
    SUN,
    TODAY,
    WANG,
    ZHAO,
    rows_of,
    table,
    targets,
    xlsx,
)
from linyun.hub.exchange.reading.words import Vocabulary, fold

HEAD = ["序号", "姓名", "身份证号码", "联系电话", "居住地址", "备注"]
PEOPLE = [
    [1, "王建国", WANG, "19900100001", "12号302室", ""],
    [2, "李秀英", LI, "19900100002", "12号303室", "低保"],
    [3, "赵敏", ZHAO, "19900100003", "13号101室", ""],
]
WORDS = Vocabulary(ITEMS)


def head_of(rows, **more):
    return find(read(xlsx(rows, **more), "a.xlsx").sheets[0], WORDS)


def test_a_head_in_the_first_row():
    head = head_of([HEAD, *PEOPLE])
    assert (head.top, head.bottom, head.first) == (0, 0, 1)
    assert head.names == HEAD


def test_titles_notes_and_blank_rows_above_the_head():
    above = [
        ["四平路街道公交新村居民信息登记表"],
        [],
        ["单位：公交新村居委会", "", "", "填表日期：2026年3月1日"],
        ["情况说明：本楼共3户3人居住。"],
    ]
    head = head_of([*above, HEAD, *PEOPLE])
    assert (head.bottom, head.first) == (4, 5)
    assert head.titles[0] == "四平路街道公交新村居民信息登记表"
    assert len(rows_of([*above, HEAD, *PEOPLE])) == 3


def test_a_table_that_starts_anywhere():
    shifted = [[], [], *[["", "", *row] for row in [HEAD, *PEOPLE]]]
    head = head_of(shifted)
    assert (head.bottom, head.columns[0].letter, len(head.columns)) == (2, "C", 6)
    assert [r.values["name"] for r in rows_of(shifted)] == ["王建国", "李秀英", "赵敏"]


def test_a_two_row_head_with_merged_groups():
    top = ["序号", "基本信息", "", "", "联系方式", "", "居住地址"]
    low = ["", "姓名", "性别", "身份证号码", "手机", "固定电话", ""]
    merges = ["A1:A2", "B1:D1", "E1:F1", "G1:G2"]
    rows = [top, low, [1, "王建国", "男", WANG, "19900100001", "65980000", "12号302室"]]
    head = head_of(rows, merges=merges)
    assert (head.top, head.bottom, head.first) == (0, 1, 2)
    assert head.names == [
        "序号",
        "基本信息/姓名",
        "基本信息/性别",
        "基本信息/身份证号码",
        "联系方式/手机",
        "联系方式/固定电话",
        "居住地址",
    ]
    row = rows_of(rows, merges=merges)[0]
    assert (row.values["name"], row.values["sex"], row.address.room) == ("王建国", "1", "302")


def test_a_three_row_head_under_a_title():
    rows = [
        ["公交新村居民名册", "", "", "", ""],
        ["序号", "居民情况", "", "", "备注"],
        ["", "身份", "", "联系", ""],
        ["", "姓名", "身份证号码", "手机", ""],
        [1, "王建国", WANG, "19900100001", ""],
    ]
    merges = ["A1:E1", "A2:A4", "B2:D2", "B3:C3", "E2:E4"]
    head = head_of(rows, merges=merges)
    assert (head.top, head.bottom) == (1, 3)
    assert head.names[1] == "居民情况/身份/姓名" and head.names[0] == "序号"
    assert rows_of(rows, merges=merges)[0].values["phone"] == "19900100001"


def test_a_two_row_head_without_merges_as_csv_has_it():
    text = f"序号,户主,,子女,,地址\n,姓名,身份证号码,姓名,电话,\n1,王建国,{WANG},王小明,19900100001,12号302室\n"
    found = understand(read(text.encode(), "a.csv").sheets[0], ITEMS, SETS)
    assert found.head.names == ["序号", "户主/姓名", "户主/身份证号码", "子女/姓名", "子女/电话", "地址"]


def test_a_help_row_under_the_head_is_no_resident():
    helps = ["选填", "必填，按证件填写", "必填，18位", "可选，多个用逗号隔开", "必填，如 12号302室", "可选"]
    found = table([HEAD, helps, *PEOPLE])
    assert found.head.first == 2
    assert found.head.columns[1].required and not found.head.columns[3].required
    assert len(list(found.rows(TODAY))) == 3


def test_stars_mark_required_columns():
    found = table([[h + "*" for h in HEAD], *PEOPLE])
    assert all(g.column.required for g in found.guesses)
    assert targets(found)["姓名*"] == "person.name"


@pytest.mark.parametrize(
    "numbering",
    [
        [1, 2, 3, 4, 5, 6],
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"],
        ["甲", "乙", "丙", "丁", "戊", "己"],
        ["A", "B", "C", "D", "E", "F"],
    ],
)
def test_a_row_that_numbers_the_columns_is_no_resident(numbering):
    assert len(rows_of([HEAD, numbering, *PEOPLE])) == 3


def test_an_example_row_is_no_resident():
    assert len(rows_of([HEAD, ["示例", "张三", WANG, "19900100009", "1号101室", ""], *PEOPLE])) == 3


FOOT = [
    [],
    ["合计", "", "3人", "", "", ""],
    ["总计：3人"],
    ["填表人：李社工", "", "审核人：", "", "日期：2026年3月5日", ""],
    ["负责人（签字）", "", "", "盖章"],
    ["2026年3月5日"],
    ["注：1. 本表一式两份，由居委会留存。"],
    ["说明：身份证号码必须填写完整，如有变动请及时更正。"],
]


def test_totals_signatures_and_notes_below_are_no_residents_and_are_told():
    found = table([HEAD, *PEOPLE, *FOOT])
    assert [r.number for r in found.rows(TODAY)] == [2, 3, 4]
    assert {s.why for s in found.skipped} == {"合计行", "签名或日期行", "说明行"}


@pytest.mark.parametrize(
    "total",
    [
        ["", "小计", "", "", "", ""],
        [4, "合 计", "3", "", "", ""],
        ["本页小计", "", "", "3", "", ""],
        ["", "", "", "", "", "共3人"],
        ["合计", 3, 3, 3, 3, 3],
    ],
)
def test_totals_between_the_rows(total):
    assert [r.values["name"] for r in rows_of([HEAD, *PEOPLE[:2], total, PEOPLE[2]])] == ["王建国", "李秀英", "赵敏"]


def test_the_head_repeated_on_every_printed_page():
    assert len(rows_of([HEAD, *PEOPLE[:1], HEAD, *PEOPLE[1:]])) == 3


def test_blank_rows_between_do_not_end_the_table():
    assert len(rows_of([HEAD, PEOPLE[0], [], [], PEOPLE[1], [], PEOPLE[2]])) == 3


def test_placeholders_of_a_template_are_no_residents():
    filled = ["{n}", "{name}", "{id_no}", "{phone}", "{unit_addr}", ""]
    found = table([["{unit_addr}楼人员名单"], HEAD, filled])
    assert found.kind is Kind.EMPTY and list(found.rows(TODAY)) == []
    filled_in = table([["12号楼人员名单"], HEAD, filled, *PEOPLE])
    assert len(list(filled_in.rows(TODAY))) == 3
    assert filled_in.skipped[0].why == "模板占位行"


def test_prenumbered_empty_lines_of_a_form_are_no_residents():
    assert len(rows_of([HEAD, *PEOPLE, *[[n, "", "", "", "", ""] for n in range(4, 60)]])) == 3


def test_an_empty_form_says_so_and_gives_no_residents():
    found = table([["居民登记表"], HEAD])
    assert (found.kind, found.form_of) == (Kind.EMPTY, Kind.PEOPLE)
    assert "空白" in found.sentence and "第 2 行" in found.sentence
    assert list(found.rows(TODAY)) == []


def test_a_second_table_below_is_said_loudly_and_never_misread_as_residents():
    below = [["序号", "单位名称", "联系电话", "备注"], [1, "某某超市", "65980000", ""], [2, "某某药店", "65980001", ""]]
    rows = rows_of([HEAD, *PEOPLE, [], *below])
    assert [r.values.get("name") for r in rows] == ["王建国", "李秀英", "赵敏", None]
    last = rows[-1]
    assert (last.number, last.refused) == (6, True)
    assert "另一张表" in last.problems[0].reason and "单位名称" in last.problems[0].value


def test_long_headers_that_explain_themselves_are_understood():
    head = [
        "姓名（请与证件一致）",
        "身份证号码（请填写18位二代身份证号码，不要有空格，字母X请大写，请勿使用科学计数法）",
        "电话",
    ]
    assert rows_of([head, ["王建国", WANG, "19900100001"]])[0].values["identity_number"] == WANG


def test_a_roster_without_any_head_is_known_by_its_looks():
    found = table(
        [
            ["王建国", WANG, "19900100001"],
            ["李秀英", LI, "19900100002"],
            ["赵敏", ZHAO, "19900100003"],
            ["孙浩", SUN, "19900100004"],
        ]
    )
    assert found.kind is Kind.PEOPLE and "没有表头" in found.sentence
    rows = list(found.rows(TODAY))
    assert [(r.number, r.values["name"], r.values["identity_number"]) for r in rows][0] == (1, "王建国", WANG)
    assert len(rows) == 4


def test_two_tables_side_by_side_are_both_read():
    head = ["姓名", "身份证号码", "联系电话"]
    found = table(
        [head * 2, ["王建国", WANG, "19900100001", "李秀英", LI, "19900100002"], ["赵敏", ZHAO, "", "", "", ""]]
    )
    rows = list(found.rows(TODAY))
    assert [(r.number, r.values["name"]) for r in rows] == [(2, "王建国"), (3, "赵敏"), (2, "李秀英")]


@pytest.mark.parametrize(
    ("header", "folded"),
    [
        ("身份证号码*", "身份证号码"),
        (" 姓 名 ", "姓名"),
        ("出生年月（日）", "出生年月"),
        ("1、姓名：", "姓名"),
        ("建筑面积(㎡)", "建筑面积"),
        ("（备注）", "备注"),
        ("手机\n号码", "手机号码"),
    ],
)
def test_headers_are_compared_without_blanks_signs_and_remarks(header, folded):
    assert fold(header) == folded
