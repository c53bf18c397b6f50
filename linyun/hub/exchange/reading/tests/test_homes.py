import pytest

from linyun.hub.exchange.reading import read, understand
from linyun.hub.exchange.reading.lines import Line, Lines
from linyun.hub.exchange.reading.places import blanks_mean_above
from linyun.hub.exchange.reading.tests.rosters import ITEMS, LI, SUN, TODAY, WANG, ZHAO, number, rows_of, table, xlsx

HEAD = ["门牌号", "与户主关系", "姓名", "身份证号码"]
FAMILY = [
    ["12号302室", "户主", "王建国", WANG],
    ["", "妻", "李秀英", LI],
    ["", "女", "赵敏", ZHAO],
    ["12号303室", "户主", "孙浩", SUN],
]


def homes(rows):
    return [(r.address.room if r.address else None, r.household_key) for r in rows]


def test_members_follow_their_head_with_a_blank_address():
    rows = rows_of([HEAD, *FAMILY])
    assert [r.address.room for r in rows] == ["302", "302", "302", "303"]
    assert [r.relation for r in rows] == ["02", "12", "30", "02"]
    assert [r.is_head for r in rows] == [True, False, False, True]
    keys = [r.household_key for r in rows]
    assert keys[0] == keys[1] == keys[2] != keys[3]
    assert all(r.values["living_address"].startswith("12号30") for r in rows)


@pytest.mark.parametrize("ditto", ["同上", "〃", '"', "″", "同 上"])
def test_ditto_marks_stand_for_the_cell_above(ditto):
    rows = rows_of(
        [[*HEAD, "联系电话"], ["12号302室", "户主", "王建国", WANG, "19900100001"], [ditto, "妻", "李秀英", LI, ditto]]
    )
    assert [r.address.room for r in rows] == ["302", "302"]
    assert rows[1].values["phone"] == "19900100001"


def test_a_blank_address_of_a_head_is_not_filled_from_the_household_above():
    rows = rows_of([HEAD, FAMILY[0], ["", "户主", "孙浩", SUN], ["", "妻", "李秀英", LI]])
    assert homes(rows)[1][0] is None and homes(rows)[2][0] is None
    assert rows[1].household_key == rows[2].household_key != rows[0].household_key


def test_a_seldom_blank_address_is_not_known_rather_than_as_above():
    people = [[f"{100 + n}", f"王建{'一二三四五六七八九十'[n % 10]}", number(1950 + n)] for n in range(20)]
    people[7][0] = ""
    rows = rows_of([["门牌号", "姓名", "身份证号码"], *people])
    assert rows[7].address is None and rows[8].address.room == "108"


@pytest.mark.parametrize(
    ("flags", "means"),
    [
        ([False, True, False, True], True),
        ([True, False], False),
        ([False] * 4, False),
        ([], False),
        ([False] + [True] * 30, False),
        ([False] * 99 + [True], False),
    ],
)
def test_when_blanks_mean_above(flags, means):
    assert blanks_mean_above(flags) is means


def test_merged_cells_hold_for_all_their_rows():
    rows = rows_of(
        [
            ["户号", "门牌号", "姓名", "身份证号码"],
            ["1", "12号302室", "王建国", WANG],
            ["", "", "李秀英", LI],
            ["2", "12号303室", "赵敏", ZHAO],
        ],
        merges=["A2:A3", "B2:B3"],
    )
    assert [r.address.room for r in rows] == ["302", "302", "303"]
    assert rows[0].household_key == rows[1].household_key == "Sheet1#1"


def test_a_name_merged_over_two_lines_is_one_person():
    found = table(
        [["姓名", "身份证号码", "联系电话"], ["王建国", WANG, "19900100001"], ["", "", "65980000"]],
        merges=["A2:A3", "B2:B3"],
    )
    assert [r.values["name"] for r in found.rows(TODAY)] == ["王建国"]
    assert "合并" in found.skipped[0].why


def test_household_numbers_group_whatever_the_addresses_say():
    rows = rows_of(
        [
            ["户号", "姓名", "身份证号码", "居住地址"],
            ["7", "王建国", WANG, "12号302室"],
            ["7", "李秀英", LI, "13号101室"],
            ["8", "赵敏", ZHAO, "12号302室"],
        ]
    )
    assert [r.household_key for r in rows] == ["Sheet1#7", "Sheet1#7", "Sheet1#8"]


def test_a_second_family_in_the_same_dwelling_is_another_household():
    rows = rows_of([HEAD, FAMILY[0], FAMILY[1], ["12号302室", "户主", "赵敏", ZHAO]])
    assert rows[0].household_key == rows[1].household_key != rows[2].household_key
    assert rows[2].address.room == "302"


def test_a_member_at_another_address_without_a_head_is_another_household():
    rows = rows_of([HEAD, FAMILY[0], ["13号101室", "妻", "李秀英", LI]])
    assert rows[0].household_key != rows[1].household_key


def test_an_unknown_relation_is_listed_and_the_row_goes_in():
    row = rows_of([HEAD, ["12号302室", "火星人", "王建国", WANG]])[0]
    assert (row.relation, row.relation_text, row.refused) == ("", "火星人", False)
    assert row.problems[0].column == "B 与户主关系" and row.problems[0].scope == "cell"


def test_building_unit_and_room_in_their_own_columns():
    head = ["楼号", "单元", "室号", "姓名", "身份证号码"]
    rows = rows_of(
        [
            head,
            ["12号", 2.0, 302.0, "王建国", WANG],
            ["", "", 303.0, "李秀英", LI],
            ["13", "", "0101室", "赵敏", ZHAO],
            ["", "", "", "孙浩", SUN],
        ]
    )
    assert [(r.address.building, r.address.unit, r.address.room) for r in rows] == [
        ("12", "2", "302"),
        ("12", "2", "303"),
        ("13", "", "101"),
        ("13", "", "101"),
    ]


def test_a_column_of_estates_alone_names_no_door_and_is_no_problem():
    row = rows_of([["小区", "姓名", "身份证号码"], ["公交新村", "王建国", WANG]])[0]
    assert row.address is None and row.problems == []


def test_a_whole_address_in_a_part_column_is_taken_apart():
    rows = rows_of(
        [
            ["楼号", "室号", "姓名", "身份证号码"],
            ["12", "12号302室", "王建国", WANG],
            ["四平路2500弄3号", "501", "李秀英", LI],
        ]
    )
    assert (rows[0].address.building, rows[0].address.room) == ("12", "302")
    assert rows[1].address.key == "四平路2500弄|3||501"


def test_a_title_that_names_the_building_completes_the_rooms():
    rows = rows_of([["公交新村12号楼人员名单"], HEAD, ["302", "户主", "王建国", WANG]])
    assert (rows[0].address.estate, rows[0].address.building, rows[0].address.room) == ("公交新村", "12", "302")


def test_a_sheet_that_is_called_by_its_building_completes_the_rooms():
    rows = rows_of([HEAD, ["302", "户主", "王建国", WANG]], names=["12号"])
    assert (rows[0].address.building, rows[0].address.room) == ("12", "302")


def test_titles_between_the_rows_give_the_building_from_there_on():
    rows = [
        [*HEAD, "备注"],
        ["12号楼", "", "", "", ""],
        ["302", "户主", "王建国", WANG, ""],
        ["13号楼", "", "", "", ""],
        ["101", "户主", "李秀英", LI, ""],
    ]
    found = rows_of(rows, merges=["A2:E2", "A4:E4"])
    assert [(r.number, r.address.building, r.address.room) for r in found] == [(3, "12", "302"), (5, "13", "101")]


def test_refused_and_skipped_rows_still_carry_the_address_on():
    rows = rows_of([HEAD, ["12号302室", "户主", "空户", ""], ["", "妻", "李秀英", LI]])
    assert [(r.values["name"], r.address.room) for r in rows] == [("李秀英", "302")]


@pytest.mark.parametrize(
    ("cells", "line"),
    [
        (["", "", "", ""], Line.BLANK),
        ([" ", "", "", ""], Line.BLANK),
        (["合计", "", "", 3.0], Line.TOTAL),
        (["", "合 计：3人", "", ""], Line.TOTAL),
        (["填表人：王社工", "", "", "审核："], Line.SIGNATURE),
        (["（盖章）", "", "", ""], Line.SIGNATURE),
        (["2026年3月5日", "", "", ""], Line.SIGNATURE),
        (["备注：以上信息属实", "", "", ""], Line.NOTE),
        (["门牌号", "与户主关系", "姓名", "身份证号码"], Line.HEAD),
        (["{addr}", "", "{name}", ""], Line.TEMPLATE),
        (["12号302室", "户主", "王建国", WANG], Line.DATA),
        (["", "", "王建国", ""], Line.DATA),
        (["12号楼", "", "", ""], Line.SECTION),
        (["", "户主", "计春华", WANG], Line.DATA),
        (["合肥路12号302室", "户主", "王建国", WANG], Line.DATA),
        (["注册地12号", "户主", "王建国", WANG], Line.DATA),
        (["单位宿舍3号101", "户主", "王建国", WANG], Line.DATA),
    ],
)
def test_lines_are_told_apart(cells, line):
    found = table([HEAD, *FAMILY])
    assert Lines(found.head, [], 2).what(9, cells) is line


BESIDE = [
    ["室号", "户主", "", "", "家庭成员", "", ""],
    ["", "姓名", "身份证号", "电话", "姓名", "与户主关系", "身份证号"],
    ["101", "王建国", WANG, "19900100001", "李秀英", "妻", LI],
    ["", "", "", "", "赵敏", "女", ZHAO],
    ["102", "孙浩", SUN, "", "", "", ""],
]


def test_heads_and_members_side_by_side_are_each_a_person_of_one_household():
    rows = rows_of([["12号楼住户登记表"], *BESIDE], merges=["A1:G1", "A2:A3", "B2:D2", "E2:G2"])
    assert [(r.number, r.values["name"], r.is_head) for r in rows] == [
        (4, "王建国", True), (6, "孙浩", True), (4, "李秀英", False), (5, "赵敏", False),
    ]  # fmt: skip
    assert rows[0].household_key == rows[2].household_key == rows[3].household_key != rows[1].household_key
    assert rows[0].values["phone"] == "19900100001" and "phone" not in rows[2].values
    assert {r.address.key for r in (rows[0], rows[2], rows[3])} == {"|12||101"}


def test_a_list_of_households_by_their_heads_alone():
    rows = rows_of(
        [
            ["楼号", "室号", "户主姓名", "家庭人口", "联系电话"],
            ["12", "302", "王建国", 3, "65980000"],
            ["", "303", "李秀英", 2, ""],
            ["13", "101", "空户", "", ""],
        ]
    )
    assert [(r.values["name"], r.address.building, r.address.room) for r in rows] == [
        ("王建国", "12", "302"),
        ("李秀英", "12", "303"),
    ]


def test_relations_without_a_code_set_still_tell_the_head():

    sheet = read(xlsx([HEAD, *FAMILY]), "a.xlsx").sheets[0]
    rows = list(understand(sheet, ITEMS, {}).rows(TODAY))
    assert [(r.is_head, r.relation, r.relation_text) for r in rows[:2]] == [(True, "", "户主"), (False, "", "妻")]
    assert rows[0].household_key == rows[1].household_key


def test_a_household_number_that_repeats_carries_the_address_and_a_new_one_does_not():
    rows = rows_of(
        [
            ["户号", "居住地址", "姓名", "身份证号码"],
            ["1", "12号302室", "王建国", WANG],
            ["1", "", "李秀英", LI],
            ["2", "", "赵敏", ZHAO],
        ]
    )
    assert [r.address.room if r.address else None for r in rows] == ["302", "302", None]


def test_members_without_a_household_number_belong_to_the_one_above():
    head = ["户号", "居住地址", "与户主关系", "姓名", "身份证号码"]
    rows = rows_of(
        [
            head,
            ["1", "12号302室", "户主", "王建国", WANG],
            ["", "", "妻", "李秀英", LI],
            ["", "13号101室", "户主", "赵敏", ZHAO],
            ["", "", "子", "孙浩", SUN],
        ]
    )
    keys = [r.household_key for r in rows]
    assert keys[0] == keys[1] == "Sheet1#1" and keys[2] == keys[3] == "Sheet1!4"


@pytest.mark.parametrize(
    ("parts", "key"),
    [
        (["公交新村", "", "12", "302"], "公交新村|12||302"),
        (["无", "", "12", "302"], "|12||302"),
        (["", "四平路", "2500弄12号", "302"], "四平路2500弄|12||302"),
        (["公交新村", "", "12号楼", "0302"], "公交新村|12||302"),
        (["公交新村", "", "12号甲", "302A"], "公交新村|12甲||302A"),
        (["公交新村", "", "B座", "1203"], "公交新村|B||1203"),
        (["公交新村", "", "12", "底层"], "公交新村|12||底层"),
        (["公交新村", "", "东楼", "302"], "公交新村|东楼||302"),
        (["公交新村", "", "12", "302-1"], "公交新村|12||302-1"),
    ],
)
def test_part_columns_put_together(parts, key):
    row = rows_of([["小区", "路名", "楼号", "室号", "姓名", "身份证号码"], [*parts, "王建国", WANG]])[0]
    assert row.address.key == key


def test_lane_unit_and_floor_columns():
    row = rows_of(
        [
            ["路名", "弄", "楼号", "单元", "楼层", "室号", "姓名", "身份证号码"],
            ["四平路", 2500, 12, "2单元", "3楼", 302, "王建国", WANG],
        ]
    )[0]
    assert row.address.key == "四平路2500弄|12|2|302" and row.address.floor == "3"


def test_an_address_with_a_note_keeps_it_as_a_note():
    assert "朝南" in rows_of([HEAD, ["12号302室（朝南）", "户主", "王建国", WANG]])[0].notes[0]


def test_a_registered_address_that_says_nothing_is_nothing():
    row = rows_of([["姓名", "身份证号码", "户籍地址", "居住地址"], ["王建国", WANG, "不详", "12号302室"]])[0]
    assert row.registered is None and row.problems == []


def test_a_title_does_not_overrule_an_address_that_states_its_own_building():
    rows = rows_of(
        [
            ["公交新村12号楼人员名单"],
            HEAD,
            ["13号101室", "户主", "王建国", WANG],
            ["四平路2500弄3号201室", "户主", "李秀英", LI],
        ]
    )
    assert [r.address.key for r in rows] == ["公交新村|13||101", "四平路2500弄|3||201"]


@pytest.mark.parametrize(
    ("cells", "line"),
    [
        (["12号302室", "户主", "{name}", WANG], Line.TEMPLATE),
        (["12号302室", "x", "合计", "3"], Line.TOTAL),
        (
            [
                "本行在名单之外，写着一句很长很长的话，用来说明这份名单由谁在什么时候根据什么材料整理而成，请大家核对。",
                "",
                "",
                "",
            ],
            Line.NOTE,
        ),
        (["门牌号", "", "姓名", ""], Line.HEAD),
        ([3.0, "", "", ""], Line.DATA),
        (["负责人：王建国", "电话：65980000", "", ""], Line.SIGNATURE),
        (["说明", "户主", "王建国", WANG], Line.DATA),
    ],
)
def test_more_lines_are_told_apart(cells, line):
    found = table([HEAD, *FAMILY])
    assert Lines(found.head, [], 2).what(9, cells) is line
