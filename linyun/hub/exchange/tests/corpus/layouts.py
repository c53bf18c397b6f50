"""Cases of layout: where the head is, what it says, and what stands between the rows."""

from typing import Any

from linyun.hub.exchange.tests.corpus.making import DOOR, HEAD, MIN, TAO, WANG, WRONG, ZHOU, Case, of, xlsx

COUPLE = [["周桂芳", ZHOU, DOOR, "19900111111"], ["王福生", WANG, DOOR, "19900222222"]]
BAD_PHONE = ["王敏", MIN, DOOR, "123"]
CHECK = "校验码不对"
WHOLE = "不是完整的电话号码"


def hide(book: Any) -> None:
    """Hide the third row and the third column."""
    book.worksheets[0].row_dimensions[3].hidden = True
    book.worksheets[0].column_dimensions["C"].hidden = True


CASES: dict[str, Case] = {
    "a head in the first row, no serial column": Case(of(*COUPLE), (2, 0, 0, 0, 0)),
    "the head on row 7 under title, unit, day and notes": Case(
        xlsx([["公交新村居民花名册"], ["填报单位：公交新村居委会", "", "2026年11月"], [], ["注：本表一人一行"],
              ["1. 身份证号请用文本格式填写，不要留空格"], [], HEAD, *COUPLE, BAD_PHONE], merge=["A1:D1"]),
        (3, 0, 0, 0, 0), [(10, "D 联系电话", "123", WHOLE)]),
    "blanks and line breaks within the head": Case(
        of(*COUPLE, BAD_PHONE, head=["姓 名", "身份证\n号码", "现 住 址", "联系\n电话"]),
        (3, 0, 0, 0, 0), [(4, "D 联系 电话", "123", WHOLE)]),
    "units and remarks in the head": Case(
        of([*COUPLE[0], 76, 3200], head=["姓名（必填）", "身份证号(18位)", "住址[到室]", "联系电话*", "年龄(岁)", "月收入（元）"]),
        (1, 0, 0, 0, 0), holds={"周桂芳": {"phone": "19900111111"}}),
    "名字 and 证件号": Case(
        of(*COUPLE, head=["名字", "证件号", "家庭住址", "手机"]), (2, 0, 0, 0, 0),
        holds={"王福生": {"phone": "19900222222", "birth_date": "1948-03-05"}}),
    "居民姓名 and 公民身份号码": Case(
        of(*COUPLE, ["王敏", WRONG, "", ""], head=["居民姓名", "公民身份号码", "实际居住地址", "联系方式"]), (2, 0, 0, 0, 1),
        [(4, "!B 公民身份号码", WRONG, CHECK)]),
    "a head of two rows with groups": Case(
        xlsx([["序号", "基本情况", "", "居住情况", "", "联系电话"], ["", "姓名", "身份证号", "户籍地址", "现住址", ""],
              [1, "周桂芳", ZHOU, "同心路1号", DOOR, "123"]],
             merge=["A1:A2", "B1:C1", "D1:E1", "F1:F2"]),
        (1, 0, 0, 0, 0), [(3, "F 联系电话", "123", WHOLE)],
        holds={"周桂芳": {"living_address": DOOR, "registered_address": "同心路1号"}}),
    "a head of three rows": Case(
        xlsx([["实有人口登记表"], ["序号", "人口信息", "", "", "", ""], ["", "身份", "", "地址", "", "电话"],
              ["", "姓名", "身份证号码", "户籍地址", "居住地址", ""], [1, "周桂芳", WRONG, "", DOOR, ""],
              [2, "王福生", WANG, "", DOOR, "19900222222"]],
             merge=["A1:F1", "A2:A4", "B2:F2", "B3:C3", "D3:E3", "F3:F4"]),
        (1, 0, 0, 0, 1), [(5, "!C 人口信息/身份/身份证号码", WRONG, CHECK)]),
    "the same word in two columns under different groups": Case(
        xlsx([["姓名", "身份证号", "登记", "居住"], ["", "", "地址", "地址"], ["周桂芳", ZHOU, "同心路1号", DOOR]],
             merge=["A1:A2", "B1:B2"]),
        (1, 0, 0, 0, 0), holds={"周桂芳": {"living_address": DOOR}}),
    "登记地址 beside 居住地址": Case(
        of(["周桂芳", ZHOU, "同心路1号", DOOR], head=["姓名", "身份证号", "登记地址", "居住地址"]),
        (1, 0, 0, 0, 0), holds={"周桂芳": {"living_address": DOOR}}),
    "help and example rows below the head": Case(
        xlsx([HEAD, ["必填，请填写全名", "必填，18位", "选填，填写到室", "选填"],
              ["示例：张三", "310110XXXXXXXXXXXX", "某路1号", "1"],
              *COUPLE, BAD_PHONE]),
        (3, 0, 0, 0, 0), [(6, "D 联系电话", "123", WHOLE)]),
    "a row that numbers the columns": Case(xlsx([HEAD, [1, 2, 3, 4], *COUPLE]), (2, 0, 0, 0, 0)),
    "合计, 共计, signatures and a day below": Case(
        of(*COUPLE, ["合计", "", "", "2人"], ["共计：1户2人"], [], ["填表人：林晓岚", "", "审核人：沈立群", ""],
           ["2026年11月23日"]),
        (2, 0, 0, 0, 0)),
    "合 计 with a gap under 小计": Case(
        xlsx([["序号", *HEAD], [1, *COUPLE[0]], ["", "小计", 1], [2, *COUPLE[1]], ["合 计", "", "2 人"]]), (2, 0, 0, 0, 0)),
    "制表 and 审核 with brackets": Case(of(*COUPLE, ["制表人（签字）：", "", "负责人（盖章）：", ""]), (2, 0, 0, 0, 0)),
    "blank rows in the middle": Case(
        of(COUPLE[0], [], ["", " ", "", ""], COUPLE[1], [], BAD_PHONE), (3, 0, 0, 0, 0),
        [(7, "D 联系电话", "123", WHOLE)]),
    "notes between the rows": Case(
        of(COUPLE[0], ["注：以下为 2026 年新迁入人员"], COUPLE[1], ["※ 信息以本人提供为准"]), (2, 0, 0, 0, 0)),
    "the head again on the second page": Case(of(COUPLE[0], HEAD, COUPLE[1]), (2, 0, 0, 0, 0)),
    "sections by building between the rows": Case(
        of(["四平路999弄12号"], ["周桂芳", ZHOU, "302室", ""], ["四平路999弄14号"], ["王敏", MIN, "101室", ""]),
        (2, 0, 0, 0, 0), holds={"周桂芳": {"living_address": DOOR}, "王敏": {"living_address": "四平路999弄14号101室"}}),
    "two sheets of one layout and one of notes": Case(
        xlsx([HEAD, COUPLE[0]], [HEAD, COUPLE[1], BAD_PHONE], [["填写说明"], ["一、本表由楼组长填写"], ["二、每季度更新一次"]]),
        (3, 0, 0, 0, 0), [("二网格", 3, "D 联系电话", "123", WHOLE)], says="说明"),
    "an empty second sheet": Case(xlsx([HEAD, *COUPLE], []), (2, 0, 0, 0, 0)),
    "hidden rows and columns are read too": Case(
        of(*COUPLE, BAD_PHONE, then=hide), (3, 0, 0, 0, 0), [(4, "D 联系电话", "123", WHOLE)],
        holds={"王福生": {"living_address": DOOR}}),
    "a household merged over its members": Case(
        xlsx([["户号", "住址", "姓名", "身份证号", "与户主关系"], [1, DOOR, "周桂芳", ZHOU, "户主"], ["", "", "王福生", WANG, "夫"],
              ["", "", "王敏", MIN, "女儿"], [2, "四平路999弄14号101室", "陶然", TAO, "户主"]], merge=["A2:A4", "B2:B4"]),
        (4, 0, 0, 0, 0), holds={"王敏": {"living_address": DOOR}, "陶然": {"living_address": "四平路999弄14号101室"}}),
    "members below their head with blank address": Case(
        of(["周桂芳", "户主", ZHOU, DOOR], ["王福生", "夫", WANG, ""], ["王敏", "长女", MIN, ""],
           ["陶然", "外孙", TAO, ""], head=["姓名", "与户主关系", "身份证号", "住址"]),
        (4, 0, 0, 0, 0), holds={"陶然": {"living_address": DOOR}, "王福生": {"living_address": DOOR}}),
    "a next head without address takes none from the home above": Case(
        of(["周桂芳", "户主", ZHOU, DOOR], ["王福生", "夫", WANG, ""], ["陶然", "户主", TAO, ""],
           head=["姓名", "与户主关系", "身份证号", "住址"]),
        (3, 0, 0, 0, 0), holds={"陶然": {"living_address": None}}),
    "同上 in the address column": Case(
        of(COUPLE[0], ["王福生", WANG, "同上", "〃"]), (2, 0, 0, 0, 0), holds={"王福生": {"living_address": DOOR}}),
    "columns nobody knows are left out, not lost": Case(
        of([*COUPLE[0], "甲", "乙"], head=[*HEAD, "楼道灯", "随访员"]), (1, 0, 0, 0, 0)),
    "another table below the first": Case(
        of(*COUPLE, [], ["序号", "姓名", "性别", "出生日期"], [1, "王敏", "女", "1975-06-01"]),
        (2, 0, 0, 0, 1), [(5, "!A 姓名", "序号、姓名、性别、出生日期", "另一张表")]),
    "two blocks side by side": Case(
        xlsx([["姓名", "身份证号", "联系电话", "姓名", "身份证号", "联系电话"],
              ["周桂芳", ZHOU, "19900111111", "王福生", WANG, "123"]]),
        (2, 0, 0, 0, 0), [(2, "F 联系电话", "123", WHOLE)]),
    "only a head": Case(xlsx([["居民花名册"], HEAD]), (0, 0, 0, 0, 0), says="空白的居民名册"),
    "a sheet of another purpose alone": Case(
        xlsx([["会议室使用须知"], ["请保持整洁"], ["用后关灯"]]), (0, 0, 0, 0, 0), says="只有说明文字"),
    "a ledger of things, not people": Case(
        xlsx([["物品", "数量", "单价"], ["口罩", 200, 1.5], ["手套", 50, 3], ["消毒液", 12, 18]]), (0, 0, 0, 0, 0), says="看不出"),
}  # fmt: skip
