"""What workers write, and the rule it is read as."""

from datetime import date
from decimal import Decimal

import pytest

from linyun.kernel.declare import Subject
from linyun.kernel.rule import parse
from linyun.kernel.rule.syntax import (
    And,
    Between,
    Compare,
    Contains,
    Day,
    HasBranch,
    HasCode,
    HasTag,
    Not,
    OneOf,
    Op,
    Or,
    Quantity,
    Related,
    Unit,
    Unknown,
    Within,
)
from linyun.kernel.rule.tests.world import VOCABULARY

AGED = Compare("age", Op.GE, 70)
ALONE = HasTag("lone_elder")
LONG_AGO = Compare("last_visit", Op.LT, Day(-30))


def read(written: str, subject: Subject = Subject.PERSON):
    return parse(written, subject, VOCABULARY).where


@pytest.mark.parametrize(
    "written",
    [
        "年龄 >= 70 且 标签 = 独居 且 最近走访 > 30天前",
        "年龄>=70且标签=独居且最近走访>30天前",
        "年龄≥70并且标签：独居而且最近走访早于30天前",
        "年龄 ＞＝ ７０ 且 标签 ＝ 独居 且 最近走访 ＞ ３０天前",
        "年龄 大于等于 70岁 且 标签 有 独居 且 最近走访 早于 30 天前",
        "年龄不小于70 岁且标签是独居且最近走访超过30天以前",
        "\ufeff年龄\u200b >=\xa070\u3000且\t标签 = 独居\r\n且 最近走访 > 30天前",
        "(年龄 >= 70)\n且 (标签 = 独居 且 最近走访 > 30天之前)",
        "age >= 70 and tag = lone_elder and last_visit > 30 days ago",
        "AGE >= 70 AND TAG = lone_elder AND last_visit before 30 days ago",
        "age>=70 && tag:lone_elder && last_visit>30days ago",
        "age at least 70 and tag has lone_elder and last_visit is before 30 days ago",
        "年龄 >= 70 and 标签 = 人/民政/老人/独居 且 last_visit > 30天前",
    ],
)
def test_the_example_of_the_issue_in_every_wording(written):
    assert read(written) == And((AGED, ALONE, LONG_AGO))


@pytest.mark.parametrize(
    ("written", "op", "day"),
    [
        # With "N天前" the signs compare how long ago, as one says "more than 30 days ago".
        ("最近走访 > 30天前", Op.LT, Day(-30)),
        ("最近走访 >= 30天前", Op.LE, Day(-30)),
        ("最近走访 < 30天前", Op.GT, Day(-30)),
        ("最近走访 <= 30天前", Op.GE, Day(-30)),
        ("最近走访 不超过 2个月前", Op.GE, Day(-2, Unit.MONTH)),
        ("last_visit less than 2 weeks ago", Op.GT, Day(-2, Unit.WEEK)),
        # The words compare the days themselves.
        ("最近走访 早于 30天前", Op.LT, Day(-30)),
        ("最近走访 晚于 30天前", Op.GT, Day(-30)),
        ("最近走访 不早于 1年前", Op.GE, Day(-1, Unit.YEAR)),
        ("last_visit not after 1 year ago", Op.LE, Day(-1, Unit.YEAR)),
        # For days to come, and for days with a name, both readings are one.
        ("退休日期 < 30天后", Op.LT, Day(30)),
        ("退休日期 >= 3 months from now", Op.GE, Day(3, Unit.MONTH)),
        ("退休日期 > 今天", Op.GT, Day(0)),
        ("最近走访 < 昨天", Op.LT, Day(-1)),
        ("最近走访 = 0天前", Op.EQ, Day(0)),
        ("最近走访 > 0天前", Op.LT, Day(0)),
    ],
)
def test_days_at_a_distance(written, op, day):
    assert read(written) in (Compare("last_visit", op, day), Compare("retired_on", op, day))


@pytest.mark.parametrize(
    ("written", "condition"),
    [
        ("出生日期 >= 1948-03-05", Compare("birth_date", Op.GE, date(1948, 3, 5))),
        ("出生日期 >= 1948年3月5日", Compare("birth_date", Op.GE, date(1948, 3, 5))),
        ("生日早于1948.3.5", Compare("birth_date", Op.LT, date(1948, 3, 5))),
        ("birth_date = 1948/3/5", Compare("birth_date", Op.EQ, date(1948, 3, 5))),
        ('出生日期 = "1948-03-05"', Compare("birth_date", Op.EQ, date(1948, 3, 5))),
        ("出生日期 = 19480305", Compare("birth_date", Op.EQ, date(1948, 3, 5))),
        ("最近走访 过去30天内", Between("last_visit", Day(-30), Day(0))),
        ("最近走访 在 近2周", Between("last_visit", Day(-2, Unit.WEEK), Day(0))),
        ("最近走访 不在 最近30天内", Not(Between("last_visit", Day(-30), Day(0)))),
        ("last_visit in last 30 days", Between("last_visit", Day(-30), Day(0))),
        ("退休日期 未来3个月内", Between("retired_on", Day(0), Day(3, Unit.MONTH))),
        ("最近走访 在 30天前 到 60天前 之间", Between("last_visit", Day(-60), Day(-30))),
        ("出生日期 在 1940-01-01 至 1949-12-31 之间", Between("birth_date", date(1940, 1, 1), date(1949, 12, 31))),
        ("年龄 在 60 到 79 之间", Between("age", 60, 79)),
        ("年龄在60岁到79岁之间", Between("age", 60, 79)),
        ("年龄 在 60-79 之间", Between("age", 60, 79)),
        ("年龄介于60和79", Between("age", 60, 79)),
        ("年龄 不在 60~79 之间", Not(Between("age", 60, 79))),
        ("age between 60 and 79", Between("age", 60, 79)),
        ("age not between 60 to 79", Not(Between("age", 60, 79))),
        ("年龄 属于 (60、70、80)", OneOf("age", (60, 70, 80))),
        ("年龄 在 (60、70、60)", OneOf("age", (60, 70))),
        ("月收入 <= 3000.50 元", Compare("income", Op.LE, Decimal("3000.5"))),
        ("月收入 > -1", Compare("income", Op.GT, Decimal(-1))),
        ("子女数 != 0", Compare("children", Op.NE, 0)),
    ],
)
def test_numbers_and_dates(written, condition):
    assert read(written) == condition


@pytest.mark.parametrize(
    ("written", "condition"),
    [
        ("性别 = 女", Compare("sex", Op.EQ, "2")),
        ("性别是女性", Compare("sex", Op.EQ, "2")),
        ("性别 = 2", Compare("sex", Op.EQ, "2")),
        ("sex is 2", Compare("sex", Op.EQ, "2")),
        ("政治面貌 = 中共党员", Compare("political_status", Op.EQ, "01")),
        ("政治面貌 = 党员", Compare("political_status", Op.EQ, "01")),
        ("political_status = 01", Compare("political_status", Op.EQ, "01")),
        ("婚姻状况 属于 (丧偶、离婚)", OneOf("marital_status", ("30", "40"))),
        ("婚姻状况属于丧偶，离异", OneOf("marital_status", ("30", "40"))),
        ("marital_status in (30, 40)", OneOf("marital_status", ("30", "40"))),
        ("婚姻状况 不属于 (丧偶、离婚)", Not(OneOf("marital_status", ("30", "40")))),
        ("婚姻状况 属于 (丧偶)", Compare("marital_status", Op.EQ, "30")),
        ("婚姻状况 不是 已婚", Compare("marital_status", Op.NE, "20")),
        ("居住状态 为空巢", Compare("living", Op.EQ, "2")),
        ("居住状态 为空", Unknown("living")),
        ("特长 有 书法", HasCode("skills", "a1")),
        ("特长 包含 书法", HasCode("skills", "a1")),
        ("特长 = 理发且美发 且 性别 = 女", And((HasCode("skills", "a2"), Compare("sex", Op.EQ, "2")))),
        ('特长 有 "水电、维修"', HasCode("skills", "a3")),
        ("特长 有 外语（英语）", HasCode("skills", "a4")),
        ("特长 无 书法", Not(HasCode("skills", "a1"))),
        ("特长 属于 (书法、a2)", Or((HasCode("skills", "a1"), HasCode("skills", "a2")))),
        ("skills has no a1", Not(HasCode("skills", "a1"))),
        ("本地户籍 = 是", Compare("is_local", Op.EQ, True)),
        ("本地户籍是否", Compare("is_local", Op.EQ, False)),
        ("is_local = false", Compare("is_local", Op.EQ, False)),
        ("居住区域 属于 (310110009016、310110009017)", Within("live_area", ("310110009016", "310110009017"))),
        ("居住区域 在 310110009016", Within("live_area", ("310110009016",))),
        ("居住区域 = 3101", Within("live_area", ("3101",))),
        ("live_area = 310110", Within("live_area", ("310110",))),
        ("居住区域 != 310110", Not(Within("live_area", ("310110",)))),
    ],
)
def test_codes_truths_and_areas(written, condition):
    assert read(written) == condition


@pytest.mark.parametrize(
    ("written", "condition"),
    [
        ('户籍地址 包含 "低保"', Contains("registered_address", "低保")),
        ("户籍包含公交新村1号", Contains("registered_address", "公交新村1号")),
        ("户籍地址 包含 “铁岭路 50 弄”", Contains("registered_address", "铁岭路 50 弄")),
        ("户籍地址 不包含 '且'", Not(Contains("registered_address", "且"))),
        ('姓名 = "说\\"好\\"的"', Compare("name", Op.EQ, '说"好"的')),
        ('姓名 = "a\\\\"', Compare("name", Op.EQ, "a\\")),
        ("姓名 = 「李四」", Compare("name", Op.EQ, "李四")),
        ("姓名 = ＡＢ", Compare("name", Op.EQ, "ＡＢ")),
        ("姓名 属于 (张三、李四)", OneOf("name", ("张三", "李四"))),
        ("联系电话 为空", Unknown("phone")),
        ("phone is unknown", Unknown("phone")),
        ("联系电话 不详", Unknown("phone")),
        ("电话/手机 不为空", Not(Unknown("phone"))),
        ("phone is not unknown", Not(Unknown("phone"))),
        ("phone is known", Not(Unknown("phone"))),
        ("联系电话 包含 19900", Contains("phone", "19900")),
        ("身份证号 为空", Unknown("id_number")),
        ("从未走访", Unknown("last_visit")),
        ("never_visit", Unknown("last_visit")),
        ("非从未走访", Not(Unknown("last_visit"))),
    ],
)
def test_texts_and_the_unknown(written, condition):
    assert read(written) == condition


@pytest.mark.parametrize(
    ("written", "condition"),
    [
        ("标签 = 独居", ALONE),
        ("标签：独居", ALONE),
        ("标签 有 独居", ALONE),
        ("标签 包含 独居", ALONE),
        ("标签 属于 (独居、残疾)", Or((ALONE, HasTag("disabled")))),
        ("标签 无 独居", Not(ALONE)),
        ("标签 != 独居", Not(ALONE)),
        ("标签 没有 独居", Not(ALONE)),
        ("标签 不属于 (独居、残疾)", Not(Or((ALONE, HasTag("disabled"))))),
        ("tag has no lone_elder", Not(ALONE)),
        ("标签 = 民政/老人", HasBranch(("人", "民政", "老人"))),
        ("标签 = 人/民政/老人/", HasBranch(("人", "民政", "老人"))),
        ("标签 = 老人", HasBranch(("人", "民政", "老人"))),
        ("标签 = 民政/老人/独居", ALONE),
        ("标签 = 救助/其他", HasTag("other_a")),
        ("标签 = other_b", HasTag("other_b")),
        ("标签=60岁以上且年龄<65", And((HasTag("sixty"), Compare("age", Op.LT, 65)))),
        ('标签 = "文艺 队（甲）"', HasTag("team")),
        ("标签 = 文艺 队（甲） 且 性别 = 女", And((HasTag("team"), Compare("sex", Op.EQ, "2")))),
        ("非标签:残疾", Not(HasTag("disabled"))),
    ],
)
def test_tags_and_branches(written, condition):
    assert read(written) == condition


YOUNG = Compare("age", Op.LT, 6)


@pytest.mark.parametrize(
    ("written", "condition"),
    [
        ("同住家人 有人(年龄 < 6)", Related("housemate", Quantity.ANY, YOUNG)),
        ("同住家人有人（年龄<6）", Related("housemate", Quantity.ANY, YOUNG)),
        ("any housemate (age < 6)", Related("housemate", Quantity.ANY, YOUNG)),
        ("同住家人 无人(年龄 < 6)", Related("housemate", Quantity.NONE, YOUNG)),
        ("no housemate (age < 6)", Related("housemate", Quantity.NONE, YOUNG)),
        ("同住家人 都(年龄 < 6)", Related("housemate", Quantity.ALL, YOUNG)),
        ("every housemate (age < 6)", Related("housemate", Quantity.ALL, YOUNG)),
        ("同住家人 没有", Related("housemate", Quantity.NONE)),
        ("any housemate", Related("housemate", Quantity.ANY)),
        ("同住家人 人数 >= 2", Related("housemate", Quantity.COUNT, None, Op.GE, 2)),
        ("同住家人人数至少2人", Related("housemate", Quantity.COUNT, None, Op.GE, 2)),
        ("count housemate >= 2", Related("housemate", Quantity.COUNT, None, Op.GE, 2)),
        ("同住家人 人数(年龄 < 6) = 1", Related("housemate", Quantity.COUNT, YOUNG, Op.EQ, 1)),
        ("number of housemate (age < 6) != 1", Related("housemate", Quantity.COUNT, YOUNG, Op.NE, 1)),
        ("所在户 户数 < 1", Related("household", Quantity.COUNT, None, Op.LT, 1)),
        (
            "同住家人 人数 在 2 到 4 之间",
            And(
                (
                    Related("housemate", Quantity.COUNT, None, Op.GE, 2),
                    Related("housemate", Quantity.COUNT, None, Op.LE, 4),
                )
            ),
        ),
        (
            "所在户 有(居住房屋 有(面积 < 20 平方米 且 标签 = 出租))",
            Related(
                "household",
                Quantity.ANY,
                Related(
                    "dwelling", Quantity.ANY, And((Compare("size_m2", Op.LT, Decimal(20)), HasTag("let"))),
                ),
            ),
        ),
        (
            "所在户有且(姓名为空或性别=女)",
            And((Related("household", Quantity.ANY), Or((Unknown("name"), Compare("sex", Op.EQ, "2"))))),
        ),
    ],
)  # fmt: skip
def test_related_subjects(written, condition):
    assert read(written) == condition


def test_words_are_those_of_the_subject_in_whose_brackets_they_stand():
    """人数 is an item of a household and a count for a person; 年龄 is unknown to a household."""
    assert read("人数 >= 3", Subject.HOUSEHOLD) == Compare("people", Op.GE, 3)
    inner = Related("member", Quantity.ALL, Compare("age", Op.GE, 60))
    assert read("户内成员 都(年龄 >= 60) 且 人数 > 1", Subject.HOUSEHOLD) == And((inner, Compare("people", Op.GT, 1)))
    assert read("成员 人数(年龄 >= 60) >= 2", Subject.HOUSEHOLD) == Related(
        "member", Quantity.COUNT, Compare("age", Op.GE, 60), Op.GE, 2
    )


@pytest.mark.parametrize(
    ("written", "condition"),
    [
        ("非公企业 = 是", Compare("private_firm", Op.EQ, True)),
        ("非非公企业=是", Not(Compare("private_firm", Op.EQ, True))),
        ("或有负债 > 0 或 性别 = 女", Or((Compare("or_debt", Op.GT, Decimal(0)), Compare("sex", Op.EQ, "2")))),
        ("年龄段=老年且年龄>1", And((Compare("age_band", Op.EQ, "老年"), Compare("age", Op.GT, 1)))),
        ("age_band = old and age > 1", And((Compare("age_band", Op.EQ, "old"), Compare("age", Op.GT, 1)))),
    ],
)  # fmt: skip
def test_a_name_is_read_whole_even_where_a_word_of_the_language_or_a_shorter_name_begins_it(written, condition):
    assert read(written) == condition


def test_and_binds_closer_than_or_and_not_closest():
    a, b, c = Compare("age", Op.GT, 1), Compare("sex", Op.EQ, "2"), ALONE
    text = ("年龄 > 1", "性别 = 女", "标签 = 独居")
    assert read(f"{text[0]} 或 {text[1]} 且 {text[2]}") == Or((a, And((b, c))))
    assert read(f"({text[0]} 或 {text[1]}) 且 {text[2]}") == And((Or((a, b)), c))
    assert read(f"非 {text[0]} 且 {text[1]}") == And((Not(a), b))
    assert read(f"不符合（{text[0]} 且 {text[1]}）") == Not(And((a, b)))
    assert read(f"{text[0]} 且 ({text[1]} 且 {text[2]})") == And((a, b, c))


@pytest.mark.parametrize(
    ("written", "zh", "en"),
    [
        (
            "年龄≥70且标签：独居 或 (居住区域 属于 (310110009016、310110009017) 且 非 标签:残疾)",
            "(年龄 >= 70 且 标签 = 独居) 或 (居住区域 属于 (310110009016、310110009017) 且 标签 无 残疾)",
            "(age >= 70 and tag = lone_elder) or (live_area in (310110009016, 310110009017) and tag != disabled)",
        ),
        ("最近走访 > 30天前", "最近走访 早于 30天前", "last_visit before 30 days ago"),
        ("last_visit < 1 month ago", "最近走访 晚于 1个月前", "last_visit after 1 month ago"),
        ("从未走访", "从未走访", "last_visit is unknown"),
        ("非 从未走访", "最近走访 不为空", "last_visit is known"),
        ("count housemate (sex = 2) > 1", "同住家人 人数 (性别 = 女) > 1", "count housemate (sex = 2) > 1"),
        ("no household", "所在户 没有", "no household"),
        ("标签 = other_a", "标签 = 人/民政/救助/其他", "tag = other_a"),
        ("特长 有 a3", '特长 有 "水电、维修"', "skills has a3"),
        ("not (姓名 = 甲 or 姓名 = 乙)", '非 (姓名 = "甲" 或 姓名 = "乙")', 'not (name = "甲" or name = "乙")'),
    ],
)
def test_the_canonical_texts(written, zh, en):
    rule = parse(written, Subject.PERSON, VOCABULARY)
    assert (rule.text("zh"), rule.text("en")) == (zh, en)
