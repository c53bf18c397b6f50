from datetime import date, datetime, time

import pytest

from linyun.hub.exchange.reading import Kind, read, understand
from linyun.hub.exchange.reading.tests.rosters import (
    HERE,
    ITEMS,
    LI,
    SETS,
    SUN,
    TODAY,
    WANG,
    WRONG,
    ZHAO,
    number,
    rows_of,
    table,
    xlsx,
)
from linyun.kernel.values.identity import mask

HEAD = ["姓名", "身份证号码", "出生日期", "性别", "联系电话", "居住地址", "备注"]


def one(cells, head=HEAD, **more):
    """The only row of a roster with this one line."""
    rows = rows_of([head, cells], **more)
    assert len(rows) == 1
    return rows[0]


def test_a_whole_row_with_its_place():
    row = one(["王建国", WANG, "1948.3.5", "男", "19900100001", "四平路2500弄12号302室", "党员"], names=["一号楼"])
    assert (row.sheet, row.number, row.refused, row.problems) == ("一号楼", 2, False, [])
    assert row.values == {
        "name": "王建国", "identity_number": WANG, "birth_date": date(1948, 3, 5), "sex": "1", "phone": "19900100001",
        "living_address": "四平路2500弄12号302室", "remark": "党员",
    }  # fmt: skip
    assert (row.address.key, row.residence_kind) == ("四平路2500弄|12||302", "actual")


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        (WRONG, "校验码"),
        (WANG[:17], "17 位"),
        (3.10110194803e17, "丢失了末几位"),
        ("3.10110194803E+17", "丢失了末几位"),
        (f"{WANG} {LI}", "两个"),
        ("=VLOOKUP(A2,B:C,2)", "公式没有结果"),
        ("同上", "不该有的字"),
    ],
)
def test_a_row_whose_identity_number_is_given_but_wrong_is_refused_whole(cell, says):
    row = one(["王建国", cell, "", "", "19900100001", "12号302室", ""])
    assert row.refused and "identity_number" not in row.values
    problem = row.problems[0]
    assert (problem.row, problem.column, problem.scope) == (2, "B 身份证号码", "row")
    assert says in problem.reason
    assert row.values["phone"] == "19900100001"


def test_a_refused_identity_number_is_shown_masked():
    problem = one(["王建国", WRONG, "", "", "", "", ""]).problems[0]
    assert problem.value == mask(WRONG) and WRONG not in str(problem)


@pytest.mark.parametrize(
    ("at", "cell", "item", "column"),
    [
        (2, "1948-02-30", "birth_date", "C 出生日期"),
        (3, "火星", "sex", "D 性别"),
        (4, "1990010000", "phone", "E 联系电话"),
    ],
)
def test_any_other_bad_cell_is_left_out_and_listed_while_its_row_goes_in(at, cell, item, column):
    cells = ["王建国", WANG, "", "", "", "12号302室", ""]
    cells[at] = cell
    row = one(cells)
    assert not row.refused and item not in row.values and row.values["identity_number"] == WANG
    assert [(p.column, p.value, p.scope) for p in row.problems] == [(column, cell, "cell")]


def test_a_birth_date_that_contradicts_the_identity_number_is_left_out():
    row = one(["王建国", WANG, "1949.3.5", "女", "", "", ""])
    assert not row.refused and not {"birth_date", "sex"} & set(row.values)
    assert [p.column for p in row.problems] == ["C 出生日期", "D 性别"]
    assert "1948-03-05" in row.problems[0].reason


@pytest.mark.parametrize("cell", ["1948年3月", "1948", 1948.0, "480305", 17597, "48.3.5"])
def test_a_coarse_birth_date_that_agrees_is_no_problem(cell):
    row = one(["王建国", WANG, cell, "", "", "", ""])
    assert row.problems == [] and row.precisions == {}


def test_the_identity_number_or_the_age_settles_a_two_digit_year():
    born = number(1915, 3, 5)
    assert one(["王建国", born, "15.3.5", "", "", "", ""]).values["birth_date"] == date(1915, 3, 5)
    row = one(["王小明", "15.3.5", 11], head=["姓名", "出生日期", "年龄"])
    assert row.values["birth_date"] == date(2015, 3, 5)
    assert "1915 年还是 2015 年" in one(["王小明", "15.3.5", ""], head=["姓名", "出生日期", "年龄"]).problems[0].reason


def test_a_date_of_which_only_the_month_is_known_keeps_its_precision():
    row = one(["王建国", "1948年3月", "65980000"], head=["姓名", "出生年月", "电话"])
    assert row.values["birth_date"] == date(1948, 3, 1) and row.precisions == {"birth_date": "month"}


def test_dates_as_excel_dates_and_as_serial_numbers():
    day = datetime.combine(date(1948, 3, 5), time())
    assert one(["王建国", "", day, "", "", "", ""]).values["birth_date"] == date(1948, 3, 5)
    assert one(["王建国", "", 17597, "", "", "", ""]).values["birth_date"] == date(1948, 3, 5)


def test_fifteen_digits_go_in_upgraded_and_noted():
    row = one(["王建国", WANG[:6] + WANG[8:17], "", "", "", "", ""])
    assert row.values["identity_number"] == WANG
    assert "15 位" in row.notes[0]


def test_two_people_in_a_cell_refuse_the_row():
    row = one(["王建国、李秀英", "", "", "", "19900100001", "12号302室", ""])
    assert row.refused and "两个人" in row.problems[0].reason and row.problems[0].scope == "row"


def test_a_person_without_name_and_number_is_refused_and_an_empty_dwelling_is_not_a_row():
    found = table(
        [
            HEAD,
            ["", "", "", "男", "19900100001", "", ""],
            ["空关", "", "", "", "", "12号303室", ""],
            ["", "", "", "", "", "12号304室", ""],
        ]
    )
    rows = list(found.rows(TODAY))
    assert [(r.number, r.refused) for r in rows] == [(2, True)]
    assert "没有姓名" in rows[0].problems[0].reason and rows[0].problems[0].scope == "row"
    assert [(s.row, s.why) for s in found.skipped] == [(3, "没有人（空关）"), (4, "没有人")]


def test_a_bad_name_with_a_good_number_is_only_a_bad_cell():
    row = one(["王?", WANG, "", "", "", "", ""])
    assert not row.refused and row.problems[0].scope == "cell" and "name" not in row.values


def test_a_bad_name_without_number_refuses_the_row_with_its_own_reason():
    row = one(["王?", "", "", "", "19900100001", "", ""])
    assert row.refused and "没有显示出来" in row.problems[0].reason and row.problems[0].scope == "row"


def test_what_stands_beside_a_name_is_understood():
    row = one(["王建国（户主、已故）", WANG, "", "", "", "", ""])
    assert row.is_head and row.deceased and row.values["name"] == "王建国"


def test_a_phone_hidden_in_the_remark_is_offered_and_not_taken():
    row = one(["王建国", WANG, "", "", "", "", "独居，电话：19900100009，女儿65980000"])
    assert row.specials["phones_in_remark"] == ("19900100009",)
    assert "phone" not in row.values and "199****0009" in row.notes[0]
    known = one(["王建国", WANG, "", "", "19900100009", "", "电话：19900100009"])
    assert "phones_in_remark" not in known.specials


def test_two_phones_in_a_cell_and_a_broken_one_beside_a_good_one():
    assert one(["王建国", WANG, "", "", "19900100001/65980000", "", ""]).values["phone"] == "19900100001; 65980000"
    row = one(["王建国", WANG, "", "", "19900100001、6598", "", ""])
    assert row.values["phone"] == "19900100001" and row.problems[0].scope == "cell"


def test_another_document_by_its_type():
    head = ["姓名", "证件类型", "证件号码"]
    assert one(["John Smith", "护照", "E12345678"], head=head).values["identity_number"] == "E12345678"
    assert one(["王建国", "身份证", "E12345678"], head=head).refused


def test_a_residence_permit_is_no_identity_number():
    row = one(["王建国", WANG, "沪B1234567"], head=["姓名", "身份证号码", "居住证号码"])
    assert not row.refused and row.problems[0].column == "C 居住证号码" and row.problems[0].scope == "cell"
    assert (
        one(["王建国", WANG, "B12345678"], head=["姓名", "身份证号码", "居住证号码"]).values["permit_number"]
        == "B12345678"
    )


def test_hidden_rows_are_read_and_flagged():
    def hide(book):
        book.active.row_dimensions[2].hidden = True

    rows = rows_of([HEAD, ["王建国", WANG, "", "", "", "", ""], ["李秀英", LI, "", "", "", "", ""]], change=hide)
    assert [r.hidden for r in rows] == [True, False]


def test_numbers_booleans_and_codes_of_other_items():
    head = ["姓名", "身份证号码", "学历", "月收入", "是否独居", "建筑面积"]
    row = one(["王建国", WANG, "本科", "3,500元", "√", "94.56㎡"], head=head)
    assert (row.values["education"], str(row.values["monthly_income"]), row.values["lives_alone"]) == (
        "20",
        "3500",
        True,
    )
    assert str(row.others["dwelling"]["floor_area"]) == "94.56"


def test_rows_of_visits():
    head = ["走访时间", "被访者姓名", "被访者地址", "走访方式", "走访者", "反映的需求、问题和建议", "处理结果"]
    found = table(
        [
            head,
            ["2026.3.5", "王建国", "12号302室", "上门", "李社工", "楼道灯不亮", ""],
            ["2031.1.1", "李秀英", "", "电话", "李社工", "无", "已办"],
        ]
    )
    assert found.kind is Kind.VISITS
    first, second = found.rows(TODAY)
    assert first.specials == {
        "@visit_date": date(2026, 3, 5), "@visit_mode": "2", "@visitor": "李社工", "@visit_content": "楼道灯不亮",
    }  # fmt: skip
    assert (first.values["name"], first.address.room) == ("王建国", "302")
    assert "晚于" in second.problems[0].reason and second.refused


def test_rows_of_dwellings_and_organisations():
    head = ["房屋编号", "楼栋编号", "单元编号", "房屋户型", "建筑面积", "业主编号"]
    row = one([1011, 1, 2, "两室", 94.56, 3], head=head)
    assert (row.address.building, row.address.unit, row.address.room) == ("1", "2", "1011")
    assert row.values["layout"] == "两室" and row.specials["@owner_no"] == "3"
    firm = one(["某某公司", "91350100m000100y43", "65980000"], head=["单位名称", "统一社会信用代码", "企业电话"])
    assert firm.values == {"name": "某某公司", "uscc": "91350100M000100Y43", "contact_phone": "65980000"}
    wrong = one(["某某公司", "91350100M000100Y4", "65980000"], head=["单位名称", "统一社会信用代码", "企业电话"])
    assert not wrong.refused and "17 位" in wrong.problems[0].reason


def test_every_sheet_of_a_workbook_is_read_by_itself():
    data = xlsx(
        [HEAD, ["王建国", WANG, "", "", "", "", ""]],
        [["名册"], HEAD, ["李秀英", LI, "", "", "", "", ""]],
        names=("1号", "2号"),
    )
    rows = [r for s in read(data, "a.xlsx").sheets for r in understand(s, ITEMS, SETS).rows(TODAY)]
    assert [(r.sheet, r.number, r.values["name"]) for r in rows] == [("1号", 2, "王建国"), ("2号", 3, "李秀英")]


def test_the_same_file_read_twice_gives_the_same_rows():
    found = table(
        [HEAD, *[[n, i, "", "", "", "12号302室", ""] for n, i in (("王建国", WANG), ("李秀英", LI), ("赵敏", ZHAO))]]
    )
    assert list(found.rows(TODAY)) == list(found.rows(TODAY))


def test_reading_leaves_the_sheet_as_it_was():
    found = table([HEAD, ["王建国", WANG, "", "", "", "12号302室", ""], ["李秀英", LI, "", "", "", "同上", ""]])
    before = [list(r) for r in found.sheet.rows]
    list(found.rows(TODAY))
    assert found.sheet.rows == before


def test_addresses_elsewhere_are_kept_as_text_and_are_no_dwelling_of_ours():
    row = one(["王建国", WANG, "", "", "", "江苏省南京市鼓楼区中山路1号2单元301室", ""], here=HERE)
    assert row.address is None
    assert row.values["living_address"] == "江苏省南京市鼓楼区中山路1号2单元301室"


def test_where_nobody_says_what_is_here_the_usual_area_is():
    ours = [
        [n, i, "", "", "", f"上海市杨浦区四平路街道{k}号302室", ""]
        for k, (n, i) in enumerate((("王建国", WANG), ("李秀英", LI), ("赵敏", ZHAO)))
    ]
    rows = rows_of([HEAD, *ours, ["孙浩", SUN, "", "", "", "江苏省南京市鼓楼区中山路1号301室", ""]])
    assert [r.address is not None for r in rows] == [True, True, True, False]


def test_somebody_registered_here_who_lives_elsewhere():
    head = ["姓名", "身份证号码", "户籍地址", "现住址"]
    row = one(
        ["王建国", WANG, "上海市杨浦区公交新村12号302室", "江苏省南京市鼓楼区中山路1号301室"], head=head, here=HERE
    )
    assert (row.residence_kind, row.address.room) == ("registered", "302")
    assert row.values["registered_address"] == "上海市杨浦区公交新村12号302室"
    both = one(["王建国", WANG, "安徽省六安市裕安区某某镇王家村12组", "12号302室"], head=head, here=HERE)
    assert (both.residence_kind, both.address.room, both.registered.area) == (
        "actual",
        "302",
        "安徽省六安市裕安区某某镇",
    )


def test_an_address_that_names_no_door_is_listed():
    row = one(["王建国", WANG, "", "", "", "12302", ""])
    assert row.address is None and "12号302室" in row.problems[0].reason and row.problems[0].column == "F 居住地址"


def test_an_address_that_excel_made_a_date_is_explained():
    row = one(["王建国", WANG, "", "", "", datetime.combine(date(2026, 12, 3), time()), ""])
    assert "12-3" in row.problems[0].reason and not row.refused


def test_pseudo_places_are_kept_as_such():
    row = one(["王建国", WANG, "", "", "", "集体户", ""])
    assert row.address.pseudo == "collective" and not row.address.is_dwelling and row.problems == []


def test_an_address_that_says_same_as_registered_is_the_registered_one():
    head = ["姓名", "身份证号码", "户籍地址", "现住址"]
    row = one(["王建国", WANG, "上海市杨浦区公交新村12号302室", "同户籍地址"], head=head, here=HERE)
    assert (row.address.key, row.residence_kind, row.problems) == ("公交新村|12||302", "actual", [])


def test_somebody_registered_far_away_whose_address_is_not_stated_has_no_dwelling_here():
    head = ["姓名", "身份证号码", "户籍地址", "现住址"]
    row = one(["王建国", WANG, "江苏省南京市鼓楼区中山路1号301室", ""], head=head)
    assert row.address is None and row.registered.room == "301"


def test_a_line_of_another_kind_of_table_without_anything_readable_is_not_counted():
    found = table([["房屋编号", "楼栋编号", "单元编号", "建筑面积"], ["1011", 1, 1, 94.56], ["", "", "", "—"]])
    assert [r.number for r in found.rows(TODAY)] == [2]
    assert found.skipped[-1].why == "没有可用的内容"


def test_a_roster_without_names_goes_by_identity_numbers():
    rows = rows_of([["身份证号码", "性别", "居住地址"], [WANG, "男", "12号302室"], ["", "男", "12号303室"]])
    assert [r.values.get("identity_number") for r in rows] == [WANG, None]
    assert rows[1].refused and rows[1].problems[0].column == "A 身份证号码"


def test_several_problems_of_a_row_are_all_listed():
    row = one(["王?", WRONG, "1948-02-30", "火星", "1990010000", "12302", ""])
    assert row.refused
    assert [(p.column[0], p.scope) for p in row.problems] == [
        ("B", "row"), ("A", "cell"), ("E", "cell"), ("C", "cell"), ("D", "cell"), ("F", "cell"),
    ]  # fmt: skip
    assert all("请" in p.reason for p in row.problems)


@pytest.mark.parametrize(
    ("cell", "age", "born"),
    [("10.3.5", 16, date(2010, 3, 5)), ("10.3.5", 116, date(1910, 3, 5)), ("10.3.5", "十六", date(2010, 3, 5))],
)
def test_the_age_column_tells_the_century(cell, age, born):
    row = one(["王小明", cell, age, "65980000"], head=["姓名", "出生日期", "年龄", "电话"])
    assert row.values["birth_date"] == born


def test_an_age_alone_invents_no_birth_date():
    row = one(["王建国", 78, "65980000"], head=["姓名", "年龄", "电话"])
    assert "birth_date" not in row.values and row.problems == []


def test_the_1904_epoch_of_a_file_counts_for_its_serial_numbers():
    sheet = read(xlsx([["姓名", "出生日期", "电话"], ["王建国", 16135, "65980000"]]), "a.xlsx").sheets[0]
    sheet.epoch_1904 = True
    row = next(iter(understand(sheet, ITEMS, SETS).rows(TODAY)))
    assert row.values["birth_date"] == date(1948, 3, 5)


def test_error_values_are_bad_cells_with_their_name():
    def fail(book):
        cell = book.active["E2"]
        cell.value, cell.data_type = "#N/A", "e"

    row = one(["王建国", WANG, "", "", "x", "", ""], change=fail)
    assert row.problems[0].value == "#N/A" and "公式出错" in row.problems[0].reason and not row.refused


def test_csv_rows_say_their_line_and_column_too():
    text = f"姓名,身份证号码,手机\n王建国,{WANG},19900100001\n李秀英,{WRONG},19900100002\n"
    rows = list(understand(read(text.encode("gb18030"), "名单.csv").sheets[0], ITEMS, SETS).rows(TODAY))
    assert (rows[1].problems[0].row, rows[1].problems[0].column, rows[1].problems[0].sheet) == (
        3,
        "B 身份证号码",
        "名单",
    )
