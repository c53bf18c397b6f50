import pytest

from linyun.hub.exchange.reading import Kind, read, understand
from linyun.hub.exchange.reading.mapping import fingerprint, keys_of
from linyun.hub.exchange.reading.tests.rosters import ITEMS, LI, SUN, TODAY, WANG, ZHAO, rows_of, table, targets, xlsx
from linyun.hub.exchange.reading.words import Vocabulary

PEOPLE = [
    ["王建国", WANG, "19900100001"],
    ["李秀英", LI, "19900100002"],
    ["赵敏", ZHAO, "19900100003"],
    ["孙浩", SUN, "19900100004"],
]


@pytest.mark.parametrize(
    ("headers", "target"),
    [
        (("姓名", "名字", "居民姓名", "被访者姓名", "老人姓名", "业主姓名", "姓名*", "姓 名"), "person.name"),
        (("身份证", "身份证号", "证件号", "公民身份号码", "身份证号码*", "证件号码"), "person.identity_number"),
        (("居民身份证号码", "身份证号码（18位）", "身 份 证 号", "1、身份证号："), "person.identity_number"),
        (("联系电话", "手机号码", "电话号码*", "手机", "联系方式", "本人电话", "电话"), "person.phone"),
        (("门牌号", "家庭住址", "现住址", "居住地址", "住址", "地址", "居住处所*", "被访者地址"), "@address"),
        (("户籍地址", "户口所在地", "户籍地", "户籍地址*"), "@registered"),
        (("与户主关系*", "与户主关系", "户主关系", "关系"), "@relation"),
        (("出生年月（日）", "出生日期", "出生年月"), "person.birth_date"),
        (("文化程度", "学历"), "person.education"),
        (("备注", "说明"), "@remark"),
        (("户号", "户编号"), "@household"),
        (("楼号", "楼栋号", "幢号"), "@building"),
        (("室号", "房号"), "@room"),
        (("单元", "单元编号"), "@unit"),
        (("序号", "编号"), "@sequence"),
    ],
)  # fmt: skip
def test_the_wordings_of_real_headers(headers, target):
    words = Vocabulary(ITEMS)
    for header in headers:
        found = words.look(header)
        assert found and found[0].target == target and found[0].score >= 0.5, header


@pytest.mark.parametrize(
    "header",
    [
        "监护人姓名",
        "子女电话",
        "房东姓名",
        "物业联系电话",
        "负责人电话",
        "配偶身份证号",
        "楼组长姓名",
        "走访人姓名",
        "居住地派出所",
        "家属手机号码",
    ],
)
def test_other_peoples_names_and_phones_are_not_the_residents(header):
    found = targets(table([["姓名", "身份证号码", header], ["王建国", WANG, "19900100001"]]))
    assert found[header] == ""


def test_an_item_for_another_person_takes_its_own_column():
    found = targets(
        table(
            [["姓名", "联系电话", "紧急联系人", "紧急联系人电话"], ["王建国", "19900100001", "李秀英", "19900100002"]]
        )
    )
    assert found["紧急联系人电话"] == "person.emergency_phone" and found["联系电话"] == "person.phone"


def test_every_guess_has_a_confidence_and_a_reason():
    for guess in table([["姓名", "证件号", "联系电话", "血型"], *PEOPLE]).guesses:
        assert 0 <= guess.confidence <= 1 and guess.reason
        assert guess.target or guess.confidence == 0


def test_identity_numbers_are_known_by_their_looks_under_a_strange_header():
    found = table([["姓名", "ID", "Tel"], *PEOPLE])
    assert targets(found) == {"姓名": "person.name", "ID": "person.identity_number", "Tel": "person.phone"}
    assert "内容像身份证号码" in found.guesses[1].reason


def test_a_column_whose_cells_contradict_its_header_is_not_trusted():
    swapped = [[name, phone, number] for name, number, phone in PEOPLE]
    found = table([["姓名", "身份证号码", "联系电话"], *swapped])
    assert targets(found) == {"姓名": "person.name", "身份证号码": "person.phone", "联系电话": "person.identity_number"}


def test_of_two_columns_with_one_meaning_the_surer_wins_and_the_other_says_why():
    found = table([["姓名", "居住地址", "现住址", "身份证号码"], ["王建国", "12号302室", "", WANG]])
    assert targets(found)["居住地址"] == "@address" and targets(found)["现住址"] == ""
    assert "意思相同" in found.guesses[2].reason


def test_two_phone_columns_are_both_the_persons_phones():
    row = rows_of(
        [["姓名", "身份证号码", "手机", "联系电话"], ["王建国", WANG, "19900100001", "65980000/19900100001"]]
    )[0]
    assert row.values["phone"] == "19900100001; 65980000"


def test_upper_heads_decide_whose_column_it_is():
    rows = [
        ["户主", "", "监护人", ""],
        ["姓名", "身份证号码", "姓名", "电话"],
        ["王建国", WANG, "李秀英", "19900100001"],
    ]
    found = table(rows, merges=["A1:B1", "C1:D1"])
    assert found.kind is Kind.PEOPLE
    assert targets(found)["监护人/电话"] == "" and targets(found)["监护人/姓名"] == ""
    assert next(iter(found.rows(TODAY))).values["name"] == "王建国"


def test_the_heads_name_beside_the_residents_name():
    found = table([["户主姓名", "姓名", "身份证号码"], ["王建国", "李秀英", LI]])
    assert targets(found) == {"户主姓名": "@head_name", "姓名": "person.name", "身份证号码": "person.identity_number"}


def test_the_heads_name_alone_is_the_residents_name():
    assert targets(table([["户主姓名", "身份证号码", "联系电话"], *PEOPLE]))["户主姓名"] == "person.name"


@pytest.mark.parametrize(
    ("head", "row", "kind"),
    [
        (["姓名", "性别", "年龄"], ["王建国", "男", 78], Kind.PEOPLE),
        (["房屋编号", "楼栋编号", "单元编号", "房屋户型", "建筑面积"], ["1011", 1, 1, "两室", 94.56], Kind.DWELLINGS),
        (["楼栋号", "单元编号", "总层数", "是否有电梯"], [1, 1, 33, "有"], Kind.BUILDINGS),
        (["走访时间", "被访者姓名", "被访者地址", "走访者", "反映的需求、问题和建议", "处理结果"],
         ["2026-03-05", "王建国", "12号302室", "李社工", "无", ""], Kind.VISITS),
        (["单位名称", "统一社会信用代码", "企业电话"], ["某某公司", "91350100M000100Y43", "65980000"],
         Kind.ORGANISATIONS),
        (["车位编码", "车位类型", "面积", "业主编号"], ["C0001", "地上停车位", 12.5, 1], Kind.PARKING),
        (["字段", "类型", "是否可以为空", "说明"], ["id", "VARCHAR(38)", "NOT NULL", "唯一标识"], Kind.DICTIONARY),
        (["火星", "木星", "土星"], ["a", "b", "c"], Kind.UNKNOWN),
    ],
)  # fmt: skip
def test_what_a_table_is_about(head, row, kind):
    found = table([head, row])
    assert found.kind is kind
    assert found.sentence and "None" not in found.sentence


def test_a_code_list_is_no_roster():
    found = table([[f"43010245{n:04d}-长沙市公安局第{n}派出所"] for n in range(20)])
    assert found.kind is Kind.CODES and "代码对照表" in found.sentence


def test_a_list_of_offices_is_no_roster():
    found = table([["Department", "Count"], *[[f"某某市第{n}局", n] for n in range(10)]])
    assert found.kind is Kind.OFFICES and "部门" in found.sentence


def test_a_sheet_of_sentences_is_no_roster():
    found = table([["导入前请记得删除第二行的注释"]])
    assert found.kind is Kind.NOTES and "删除第二行" in found.sentence


def test_an_empty_sheet():
    assert table([[]]).kind is Kind.EMPTY


def test_an_unknown_table_names_its_columns_for_the_worker():
    assert "火星、木星" in table([["火星", "木星", "土星"], ["a", "b", "c"]]).sentence


def test_a_layout_is_remembered_by_its_fingerprint():
    head = ["姓名", "证件号", "编码", "编码"]
    rows = [head, ["王建国", WANG, "65980000", "x"]]
    first = table(rows)
    corrected = first.mapped({"C": "person.phone", "D": ""})
    again = table(rows, remembered={first.fingerprint: corrected.mapping})
    assert [g.target for g in again.guesses] == ["person.name", "person.identity_number", "person.phone", ""]
    assert again.guesses[2].reason == "上次这样对应"
    assert next(iter(again.rows(TODAY))).values["phone"] == "65980000"


def test_the_fingerprint_is_of_the_layout_and_not_of_its_rows():
    assert (
        table([["姓名", "电话"], ["王建国", "1"]]).fingerprint
        == table([["标题"], ["姓名*", "电话："], ["李秀英", "2"]]).fingerprint
    )
    assert fingerprint(["姓名", "电话"]) != fingerprint(["电话", "姓名"])
    assert fingerprint(["姓名", "电话", "退回原因", "原表行号"]) == fingerprint(["姓名", "电话"])


def test_repeated_headers_are_remembered_apart():
    assert keys_of(table([["姓名", "电话", "电话", ""], ["王建国", "1", "2", "3"]]).guesses) == [
        "姓名",
        "电话",
        "电话#2",
        "@D",
    ]


def test_what_was_understood_can_be_shown_as_json():
    described = table([["姓名", "证件号", "血型"], ["王建国", WANG, "A"]], names=["一号楼"]).described()
    assert described["sheet"] == "一号楼" and described["kind"] == "people" and described["head_row"] == 1
    assert described["columns"][1]["name"] == "证件号码" and described["columns"][2]["target"] == ""
    assert "血型" in described["sentence"]


def test_an_item_without_its_code_set_is_left_out_of_the_rows():
    sheet = read(xlsx([["姓名", "身份证号码", "文化程度"], ["王建国", WANG, "高中"]]), "a.xlsx").sheets[0]
    row = next(iter(understand(sheet, ITEMS, {}).rows(TODAY)))
    assert "education" not in row.values and row.values["name"] == "王建国"


def test_a_name_column_full_of_addresses_is_not_trusted():
    rows = [
        ["姓名", "居民", "身份证号码"],
        *[[f"{n}号302室", name, number] for n, (name, number, _) in enumerate(PEOPLE)],
    ]
    found = table(rows)
    assert targets(found)["姓名"] == "" and targets(found)["居民"] == "person.name"
    assert "内容却不是" in found.guesses[0].others[0].reason


def test_owners_are_the_people_of_a_list_of_owners():
    found = table([["业主编号", "业主名称", "性别", "手机号"], [1, "王建国", "男", 19900100001]])
    assert found.kind is Kind.PEOPLE and targets(found)["业主名称"] == "person.name"


def test_heads_with_their_own_numbers_and_no_members_are_the_people():
    found = targets(table([["户主姓名", "户主身份证号", "户主电话"], *PEOPLE]))
    assert found == {"户主姓名": "person.name", "户主身份证号": "person.identity_number", "户主电话": "person.phone"}


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ("門牌", "@address"),
        ("身份證號", "person.identity_number"),
        ("聯絡電話", "person.phone"),
        ("與戶主關係", "@relation"),
    ],
)
def test_headers_in_traditional_characters(header, target):
    found = Vocabulary(ITEMS).look(header)
    assert found and found[0].target == target


@pytest.mark.parametrize("header", ["血型", "12", "", "*", "http://a", "备" * 60])
def test_headers_that_nobody_knows(header):
    assert Vocabulary(ITEMS).look(header) == []


def test_slashed_headers_are_known_by_either_half():
    found = Vocabulary(ITEMS).look("姓名/昵称")
    assert found[0].target == "person.name" and found[0].score == 0.9


def test_a_misspelt_header_is_offered_with_little_confidence():
    found = Vocabulary(ITEMS).look("公民身份号吗")
    assert found[0].target == "person.identity_number" and found[0].score == 0.5


def test_columns_mapped_by_hand_are_read_so():
    found = table([["姓名", "证件号", "甲"], ["王建国", WANG, "19900100001"]]).mapped({"C": "person.phone"})
    assert next(iter(found.rows(TODAY))).values["phone"] == "19900100001"
    assert found.guesses[2].reason == "由人指定" and found.guesses[0].reason != "由人指定"
    left_out = found.mapped({"B": ""})
    assert "identity_number" not in next(iter(left_out.rows(TODAY))).values


def test_the_same_header_twice_can_be_told_apart_when_mapped_by_hand():
    found = table([["姓名", "备注", "备注"], ["王建国", "低保", "19900100001"]]).mapped({"C": "person.phone"})
    row = next(iter(found.rows(TODAY)))
    assert row.values == {"name": "王建国", "remark": "低保", "phone": "19900100001"}
