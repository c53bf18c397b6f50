"""A blank address cell: as above where the sheet lists households, not known where it lists people.

To put somebody into the home of whoever stands above is to invent a fact: a visit at the wrong door, a neighbour in the
household. So there must be something beside the blank itself that says so.
"""

import pytest

from linyun.hub.exchange.reading.tests.rosters import LI, SUN, WANG, WRONG, ZHAO, rows_of

PEOPLE = [["王建国", WANG], ["李秀英", LI], ["赵敏", ZHAO], ["孙浩", SUN]]
DOORS = ["12号302室", "", "12号303室", ""]


def rooms(rows):
    return [r.address.room if r.address else None for r in rows]


def listed(head, *columns):
    """Rows of the four people with further columns in front."""
    return rows_of([[*head, "姓名", "身份证号码"], *([*more, *p] for p, *more in zip(PEOPLE, *columns, strict=True))])


def test_in_a_plain_list_of_people_nobody_moves_into_the_home_above():
    rows = listed(["门牌号"], DOORS)
    assert rooms(rows) == ["302", None, "303", None]
    assert [r.household_key != "" for r in rows] == [True, False, True, False]
    assert "living_address" not in rows[1].values


def test_what_was_left_open_is_counted_and_no_fault_of_the_rows():
    from linyun.hub.exchange.reading import read, understand
    from linyun.hub.exchange.reading.tests.rosters import ITEMS, SETS, TODAY, xlsx

    head = ["门牌号", "姓名", "身份证号码"]
    book = read(xlsx([head, *([door, *p] for door, p in zip(DOORS, PEOPLE, strict=True))]), "名册.xlsx")
    table = understand(book.sheets[0], ITEMS, SETS)
    for _again in range(2):
        assert all(r.problems == [] for r in table.rows(TODAY))
        assert table.unclear == 2


def test_the_very_same_list_with_the_word_as_above_is_carried():
    rows = listed(["门牌号"], ["12号302室", "同上", "12号303室", "〃"])
    assert rooms(rows) == ["302", "302", "303", "303"]
    assert rows[0].household_key == rows[1].household_key != rows[2].household_key
    assert all(r.problems == [] for r in rows)


@pytest.mark.parametrize(
    ("head", "column"),
    [
        ("与户主关系", ["户主", "妻", "户主", "子"]),
        ("与户主关系", ["户主", "", "户主", ""]),
        ("户号", ["1", "1", "2", "2"]),
        ("户主姓名", ["王建国", "王建国", "赵敏", "赵敏"]),
        ("户主姓名", ["王建国", "", "赵敏", ""]),
        ("序号", [1, "", 2, ""]),
    ],
)
def test_where_something_tells_of_households_a_blank_is_the_home_above(head, column):
    assert rooms(listed([head, "门牌号"], column, DOORS)) == ["302", "302", "303", "303"]


@pytest.mark.parametrize("column", [[1, 2, 3, 4], ["", "", "", ""]])
def test_a_running_number_of_people_tells_of_no_households(column):
    assert rooms(listed(["序号", "门牌号"], column, DOORS)) == ["302", None, "303", None]


def test_heads_that_are_marked_in_the_names_tell_of_households():
    rows = rows_of(
        [
            ["门牌号", "姓名", "身份证号码"],
            ["12号302室", "王建国（户主）", WANG],
            ["", "李秀英", LI],
            ["12号303室", "赵敏(户主)", ZHAO],
            ["", "孙浩", SUN],
        ]
    )
    assert rooms(rows) == ["302", "302", "303", "303"]


def test_merged_cells_say_how_far_an_address_reaches_and_no_further():
    rows = rows_of(
        [
            ["门牌号", "姓名", "身份证号码"],
            ["12号302室", *PEOPLE[0]],
            ["", *PEOPLE[1]],
            ["12号303室", *PEOPLE[2]],
            ["", *PEOPLE[3]],
        ],
        merges=["A2:A3"],
    )
    assert rooms(rows) == ["302", "302", "303", None]


def test_rooms_under_a_building_that_stands_once_are_in_that_building():
    rows = listed(["楼号", "室号"], ["12", "", "13", ""], ["302", "303", "101", ""])
    assert [(r.address.building, r.address.room) for r in rows] == [
        ("12", "302"), ("12", "303"), ("13", "101"), ("13", "101"),
    ]  # fmt: skip


def test_a_room_without_a_building_anywhere_above_is_not_given_one():
    rows = listed(["楼号", "室号"], ["", "12", "12", "13"], ["302", "303", "304", "101"])
    assert rows[0].address is None or rows[0].address.building == ""
    assert rows[1].address.building == "12"


def test_a_row_without_address_still_takes_its_registered_place_and_is_not_complained_of():
    rows = rows_of(
        [
            ["门牌号", "户籍地址", "姓名", "身份证号码"],
            ["12号302室", "", *PEOPLE[0]],
            ["", "12号303室", *PEOPLE[1]],
            ["12号304室", "", *PEOPLE[2]],
            ["", "", *PEOPLE[3]],
        ]
    )
    assert rooms(rows) == ["302", "303", "304", None]
    assert rows[1].residence_kind == "registered" and rows[1].problems == []
    assert rows[3].problems == []


def test_a_long_gap_is_a_gap_and_nothing_is_said_of_each_line():
    rows = rows_of([["门牌号", "姓名", "身份证号码"], ["12号302室", "王建国", WANG], *[["", "李秀英", LI]] * 20])
    assert rooms(rows) == ["302"] + [None] * 20
    assert all(r.problems == [] for r in rows)


def test_a_new_head_without_address_does_not_live_with_the_family_above():
    rows = listed(["与户主关系", "门牌号"], ["户主", "妻", "户主", "子"], ["12号302室", "", "", ""])
    assert rooms(rows) == ["302", "302", None, None]
    assert rows[2].household_key == rows[3].household_key != rows[0].household_key


def test_a_refused_row_between_does_not_break_the_family():
    rows = rows_of(
        [
            ["与户主关系", "门牌号", "姓名", "身份证号码"],
            ["户主", "12号302室", "王建国", WANG],
            ["妻", "", "李秀英", WRONG],
            ["女", "", "赵敏", ZHAO],
        ]
    )
    assert [r.refused for r in rows] == [False, True, False]
    assert rooms(rows) == ["302", "302", "302"]
    assert rows[0].household_key == rows[2].household_key


def test_a_title_between_ends_what_is_carried():
    rows = rows_of(
        [
            ["与户主关系", "门牌号", "姓名", "身份证号码", "备注"],
            ["户主", "302", "王建国", WANG, ""],
            ["13号楼", "", "", "", ""],
            ["妻", "", "李秀英", LI, ""],
        ],
        merges=["A3:E3"],
    )
    assert rows[1].address is None


def test_a_blank_head_of_a_second_sheet_never_sees_the_last_row_of_the_first():
    from linyun.hub.exchange.reading import read, understand
    from linyun.hub.exchange.reading.tests.rosters import ITEMS, SETS, TODAY, xlsx

    head = ["与户主关系", "门牌号", "姓名", "身份证号码"]
    book = read(xlsx([head, ["户主", "12号302室", *PEOPLE[0]]], [head, ["妻", "", *PEOPLE[1]]]), "名册.xlsx")
    (lone,) = understand(book.sheets[1], ITEMS, SETS).rows(TODAY)
    assert lone.address is None and lone.household_key.startswith("Sheet2")
