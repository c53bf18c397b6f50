"""A refused rule says where, why, what was expected and what was perhaps meant, in words a worker understands."""

import pytest

from linyun.kernel.declare import Subject
from linyun.kernel.rule import RuleError, parse, rule_from_json
from linyun.kernel.rule.tests.world import VOCABULARY


def refusal(written: str, subject: Subject = Subject.PERSON) -> RuleError:
    with pytest.raises(RuleError) as refused:
        parse(written, subject, VOCABULARY)
    return refused.value


@pytest.mark.parametrize(
    ("written", "at", "nearest", "said"),
    [
        ("年岁 >= 70", "年岁", "年龄", "居民没有“年岁”这个数据项，是不是“年龄”。"),
        ("年龄大鱼70", "年龄大鱼70", "年龄", "是不是“年龄”"),
        ("性别=女且最近走仿早于30天前", "最近走仿", "最近走访", "是不是“最近走访”"),
        ("agee > 3", "agee", "age", "是不是“age”"),
        ("标签 = 独局", "独局", "独居", "标签库里没有“独局”，是不是“独居”。"),
        ("标签=lone_eldr", "lone_eldr", "lone_elder", "是不是“lone_elder”"),
        ("婚姻状况 = 丧藕", "丧藕", "丧偶", "是不是“丧偶”；可选：未婚、已婚、丧偶、离婚、其他。"),
        ("同住家仁 有人(年龄 < 6)", "同住家仁", "同住家人", "是不是“同住家人”"),
        ("any housmate (age < 6)", "housmate", "housemate", "没有“housmate”这个关系"),
        ("最近走访 > 30天", "30天", "30天前", "“30天前”、“30天后”或“过去30天内”"),
        ("独居 且 年龄 > 3", "独居", "标签 = 独居", "“独居”是标签，请写：标签 = 独居。"),
        ("标签 > 独居", ">", "=", "标签只能说有或无"),
        ("年龄 >= 70.5", "70.5", "70", "整数，请不要写小数"),
    ],
)
def test_a_wrong_word_is_named_with_the_nearest_right_one(written, at, nearest, said):
    error = refusal(written)
    assert written[error.start : error.end] == at
    assert error.nearest == nearest
    assert said in error.message_zh
    assert error.message_en != error.message_zh


@pytest.mark.parametrize(
    "written", ["年岁 >= 70", "标签 = 独局", "婚姻状况 = 丧藕", "标签 > 独居", "最近走访 > 30天", "独居 且 年龄>3"]
)
def test_the_nearest_word_put_in_its_place_mends_the_rule(written):
    error = refusal(written)
    mended = written[: error.start] + error.nearest + written[error.end :]
    assert parse(mended, Subject.PERSON, VOCABULARY)


@pytest.mark.parametrize(
    ("written", "at", "expected", "said"),
    [
        ("年龄 >= 70 且", "", "数据项或“标签”", "规则还没有写完"),
        ("年龄 >= 70 且 或", "或", "（", "这里不应是“或”"),
        ("(年龄 >= 70", "", "）", "规则还没有写完，应为：且、或、）。"),
        ("年龄 >= 70)", ")", "结束", "这里不应是“)”，应为：且、或、结束。"),
        ("年龄", "", "为空", "规则还没有写完"),
        ("年龄 >=", "", "一个值", "规则还没有写完，应为：一个值。"),
        ("年龄 >= 且", "且", "一个值", "这里不应是“且”"),
        ("年龄 >= 70 标签 = 独居", "标签", "且", "应为：且、或、结束"),
        ("年龄 >= 70，标签 = 独居", "，", "且", "这里不应是“，”"),
        ("年龄 在 60 到", "", "一个值", "规则还没有写完"),
        ("同住家人 年龄 > 3", "年龄", "人数", "这里不应是“年龄”，应为：有人、都、无人、人数。"),
        ("同住家人 有人(年龄 < 6) >= 2", ">=", "结束", "应为：且、或、结束"),
        ("同住家人 都", "都", "（条件）", "请用括号写明条件"),
        ("同住家人 人数 早于 3", "早于", ">=", "人数请用"),
        ("同住家人 人数 > 1.5", "1.5", "整数", "“人数”是整数"),
        ("同住家人 人数 > -1", "-1", "0 到 100000", "人数请写 0 到 100000"),
        ("年龄 >= 七十", "七十", "70岁", "“年龄”要和整数比较，“七十”不是整数，请写如 70岁。"),
        ("年龄 >= 1948-03-05", "1948-03-05", "整数", "不是整数"),
        ("出生日期 > 1948", "1948", "30天前", "要和日期比较"),
        ("出生日期 > 1948-02-30", "1948-02-30", "30天前", "没有“1948-02-30”这一天"),
        ("出生日期 = 女", "女", "30天前", "要和日期比较"),
        ("本地户籍 = 上海", "上海", "是", "请写 是 或 否"),
        ("居住区域 = 公交新村", "公交新村", "区域代码", "不是区域代码"),
        ("居住区域 = 31011", "31011", "区域代码", "不是区域代码"),
        ("户籍地址 = \"abc", "\"abc", "\"", "引号没有合上"),
        ("户籍地址 = \"\"", "\"\"", "文字", "应有 1 到 200 个字"),
        ("性别 > 女", ">", "属于", "“性别”是选项，不能用“>”；可用：=、!=、属于、为空。"),
        ("性别 包含 女", "包含", "=", "不能用“包含”"),
        ("姓名 > 张三", ">", "包含", "“姓名”是文字"),
        ("姓名 早于 张三", "早于", "包含", "“姓名”是文字"),
        ("年龄 早于 3", "早于", ">=", "“年龄”是整数"),
        ("年龄 包含 3", "包含", ">=", "“年龄”是整数"),
        ("年龄 有 3", "有", ">=", "“年龄”是整数"),
        ("本地户籍 > 是", ">", "=", "“本地户籍”是是或否"),
        ("本地户籍 属于 (是、否)", "属于", "=", "“本地户籍”是是或否"),
        ("特长 > 书法", ">", "有", "“特长”是多个选项"),
        ("居住区域 > 310110", ">", "属于", "“居住区域”是区域"),
        ("年龄 过去30天内", "过去30天内", ">=", "“年龄”是整数"),
        ("性别 在 男 到 女 之间", "在", "属于", "“性别”是选项"),
        ("年龄 在 79 到 60 之间", "79", None, "“年龄”的范围请从小到大写"),
        ("同住家人 人数 在 4 到 2 之间", "4", None, "“人数”的范围请从小到大写"),
        ("标签 在 独居 到 残疾 之间", "在", "有", "标签只能说有或无"),
        ("标签 为空", "为空", "有", "标签只能说有或无"),
        ("年龄 > 9999999999999999", "9999999999999999", "整数", "最多 15 位"),
        ("最近走访 早于 201年前", "201年前", None, "最多 200 年"),
        ("# 年龄 > 3", "#", "数据项", "没有“#”这个数据项"),
    ],
)  # fmt: skip
def test_what_was_expected_is_told_at_the_place(written, at, expected, said):
    error = refusal(written)
    assert written[error.start : error.end] == at
    assert said in error.message_zh
    if expected:
        assert expected in error.expected


@pytest.mark.parametrize(
    "written",
    ["身份证号 = 310110194803051235", '身份证号 包含 "1948"', "id_number in (1, 2)", "身份证号 在 1 到 2 之间"],
)
def test_document_numbers_may_only_be_asked_for_being_there(written):
    error = refusal(written)
    assert error.message_zh == "“身份证号”受保护，规则只能判断有没有登记；请写 身份证号 为空，或 身份证号 不为空。"
    assert error.expected == ("为空", "不为空")


@pytest.mark.parametrize("written", ["联系电话 = 19900000001", "联系电话 属于 (19900000001)", "phone > 1"])
def test_phones_are_not_compared(written):
    assert "可用：包含、为空" in refusal(written).message_zh


@pytest.mark.parametrize(
    ("written", "mend"),
    [
        ("面积 > 80", "所在户 有（居住房屋 有（面积 …））"),
        ("标签 = 出租", "所在户 有（居住房屋 有（标签 = 出租））"),
        ("标签 = 纯老家庭", "所在户 有（标签 = 纯老家庭）"),
        ("门牌 = 3号", "所在户 有（门牌 …）"),
    ],
)
def test_a_word_of_another_subject_is_told_how_to_reach_it(written, mend):
    error = refusal(written)
    assert error.expected == (mend,)
    assert f"请写：{mend}" in error.message_zh


def test_a_word_of_another_subject_that_cannot_be_reached_is_still_placed():
    error = refusal("年龄 > 3", Subject.DWELLING)
    assert error.message_zh == "“年龄”是居民的数据项，这里说的是房屋。"
    assert error.expected == ()


def test_an_ambiguous_tag_lists_its_meanings_by_path():
    error = refusal("标签 = 其他")
    assert error.expected == ("人/民政/救助/其他", "人/人社/就业/其他")
    for path in error.expected:
        assert parse(f"标签 = {path}", Subject.PERSON, VOCABULARY)


def test_the_place_is_told_by_line_and_column_too():
    error = refusal("年龄 >= 70\n  且 标签 = 独局")
    assert (error.line, error.column, error.length) == (2, 10, 2)
    assert error.as_json() == {
        "message": "标签库里没有“独局”，是不是“独居”。",
        "message_en": "The dictionary has no tag “独局”; perhaps “独居”.",
        "start": 18,
        "length": 2,
        "line": 2,
        "column": 10,
        "expected": ["标签名称"],
        "nearest": "独居",
        "path": "",
    }


@pytest.mark.parametrize("written", ["", "   ", "\n\t　"])
def test_an_empty_rule_is_refused_with_an_example(written):
    assert "年龄 >= 70" in refusal(written).message_zh


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("信访次数 > 3", "信访、上访"),
        ("标签 = 上访户", "信访、上访"),
        ("宗教信仰 = 佛教", "宗教信仰"),
        ("标签 = 吸毒", "吸毒、成瘾"),
        ("标签 = 社区矫正", "违法犯罪"),
        ("备注 包含 “上访”", "信访、上访"),
        ("姓名 = 刑满释放", "违法犯罪"),
        ("religion = x", "宗教信仰"),
        ("any housemate (备注 包含 缠访)", "信访、上访"),
    ],
)
def test_what_the_constitution_forbids_is_refused_with_the_sentence_why(written, said):
    error = refusal(written)
    assert error.message_zh.startswith("不得按") and said in error.message_zh
    assert error.nearest == ""


def test_what_is_forbidden_of_people_may_be_written_of_a_flat():
    """A note on a flat is not about a person: 其他说明 may name the old police station."""
    assert parse("其他说明 包含 戒毒所旧址", Subject.DWELLING, VOCABULARY)


@pytest.mark.parametrize(
    ("form", "path", "said"),
    [
        ([], "", "subject"),
        ({"subject": "planet", "where": {}}, "", "subject"),
        ({"subject": ["person"], "where": {}}, "", "subject"),
        ({"subject": "person"}, "", "where"),
        ({"subject": "person", "where": []}, "/where", "条件"),
        ({"subject": "person", "where": {"all": []}}, "/where/all", "至少一个"),
        ({"subject": "person", "where": {"all": [{"not": 3}]}}, "/where/all/0/not", "条件"),
        ({"subject": "person", "where": {"item": 3}}, "/where/item", "文字"),
        ({"subject": "person", "where": {"item": "agee", "op": "=", "value": 3}}, "/where/item", "是不是“age”"),
        ({"subject": "person", "where": {"item": "age", "op": "~", "value": 3}}, "/where/op", "没有“~”这种比较"),
        ({"subject": "person", "where": {"item": "age", "op": "=", "value": 3.5}}, "/where/value", "小数请写成文字"),
        ({"subject": "person", "where": {"item": "age", "op": "=", "value": "x"}}, "/where/value", "不是整数"),
        ({"subject": "person", "where": {"item": "age", "op": "in", "value": [1, None]}}, "/where/value/1", "应是"),
        ({"subject": "person", "where": {"item": "age", "op": "between", "value": [1]}}, "/where/value", "两个值"),
        ({"subject": "person", "where": {"item": "sex", "op": ">", "value": "1"}}, "/where/op", "不能用“>”"),
        ({"subject": "person", "where": {"tag": "nope"}}, "/where/tag", "标签库里没有"),
        ({"subject": "person", "where": {"branch": ["人", "无"]}}, "/where/branch", "标签库里没有"),
        ({"subject": "person", "where": {"related": "x", "quantity": "any"}}, "/where/related", "关系"),
        ({"subject": "person", "where": {"related": "housemate", "quantity": "few"}}, "/where/quantity", "any、all"),
        (
            {"subject": "person", "where": {"related": "housemate", "quantity": "count", "op": "in", "value": 1}},
            "/where/op",
            "人数请用",
        ),
        (
            {"subject": "person", "where": {"related": "housemate", "quantity": "any", "where": {"tag": "let"}}},
            "/where/where/tag",
            "是房屋的标签",
        ),
        (
            {
                "subject": "person",
                "where": {"item": "last_visit", "op": "before", "value": {"ago": 999, "unit": "year"}},
            },
            "/where/value",
            "最多 200 年",
        ),
    ],
)
def test_a_wrong_json_form_is_refused_with_a_pointer(form, path, said):
    with pytest.raises(RuleError) as refused:
        rule_from_json(form, VOCABULARY)
    assert refused.value.path == path
    assert said in refused.value.message_zh
