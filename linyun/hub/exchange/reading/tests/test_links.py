from linyun.hub.exchange.reading import read, understand
from linyun.hub.exchange.reading.links import owned_dwellings, unknown_owners
from linyun.hub.exchange.reading.tests.rosters import ITEMS, SETS, TODAY, table, xlsx

OWNERS = [
    ["业主编号", "业主名称", "性别", "手机号"],
    [1, "王建国", "男", 19900100001],
    [2, "李秀英", "女", 19900100002],
]
ROOMS = [
    ["房屋编号", "楼栋编号", "单元编号", "建筑面积", "业主编号"],
    [1011, 1, 1, 94.56, 1],
    [1012, 1, 1, 94.56, 2],
    [2011, 2, 1, 60, 1],
    [2012, 2, 1, 60, 9],
]


def linked():
    book = read(xlsx(OWNERS, ROOMS, names=("业主信息", "房屋信息")), "hc.xlsx")
    return [understand(s, ITEMS, SETS) for s in book.sheets]


def test_owners_lead_to_their_dwellings_in_another_sheet():
    tables = linked()
    people = list(tables[0].rows(TODAY))
    owned = owned_dwellings(tables, TODAY)
    assert [r.values["name"] for r in people] == ["王建国", "李秀英"]
    assert [a.key for a in owned[people[0].specials["@owner_no"]]] == ["|1|1|1011", "|2|1|2011"]
    assert [a.key for a in owned[people[1].specials["@owner_no"]]] == ["|1|1|1012"]


def test_dwellings_of_owners_who_are_not_listed_are_named():
    problems = unknown_owners(linked(), TODAY)
    assert [(p.sheet, p.row, p.column, p.value, p.scope) for p in problems] == [
        ("房屋信息", 5, "E 业主编号", "9", "cell")
    ]


def test_a_list_of_dwellings_alone_has_no_unknown_owners():
    assert unknown_owners([table(ROOMS)], TODAY) == []
