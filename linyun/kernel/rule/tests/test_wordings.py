"""Every word of the language in both languages, with and without spaces, means what its plainest form means."""

import itertools

import pytest

from linyun.kernel.declare import Subject
from linyun.kernel.rule import RuleError, parse
from linyun.kernel.rule.tests.world import VOCABULARY


def read(written: str, subject: Subject = Subject.PERSON):
    return parse(written, subject, VOCABULARY).where


SIGNS = {
    "=": ["==", "：", ":", "＝", "等于", "是", "为", "is", "equals"],
    "!=": ["<>", "≠", "！＝", "不等于", "不是", "不为", "is not"],
    ">=": ["=>", "≥", "≧", "＞＝", "大于等于", "大于或等于", "不小于", "不少于", "不低于", "至少", "at least"],
    "<=": ["=<", "≤", "≦", "＜＝", "小于等于", "小于或等于", "不大于", "不多于", "不高于", "不超过", "至多", "at most"],
    ">": ["＞", "大于", "多于", "超过", "高于", "more than"],
    "<": ["＜", "小于", "少于", "不到", "不满", "低于", "less than"],
}
PAIRS = [(plain, other) for plain, others in SIGNS.items() for other in others]


@pytest.mark.parametrize(("plain", "other"), PAIRS)
def test_every_sign_of_comparison(plain, other):
    expected = read(f"年龄 {plain} 70")
    assert read(f"年龄 {other} 70") == expected
    assert read(f"age {other} 70岁") == expected
    assert read(f"月收入\t{other}\u3000３元") == read(f"月收入 {plain} 3")
    assert read(f"同住家人 人数 {other} 2 人") == read(f"同住家人 人数 {plain} 2")
    assert read(f"count housemate {other} 2") == read(f"同住家人 人数 {plain} 2")


@pytest.mark.parametrize(("plain", "other"), [p for p in PAIRS if not p[1][0].isascii() or p[1] in ("==", ":", "<>")])
def test_chinese_signs_need_no_spaces(plain, other):
    assert read(f"年龄{other}70岁且性别=女") == read(f"年龄 {plain} 70 且 性别 = 女")
    assert read(f"非年龄{other}70或性别=女") == read(f"(非 年龄 {plain} 70) 或 性别 = 女")


def test_no_word_of_comparison_is_read_as_another():
    """不少于 begins with 不 and ends with 少于; 大于等于 begins with 大于. Each must be read whole."""
    seen = {plain: read(f"年龄 {plain} 70") for plain in SIGNS}
    for plain, other in PAIRS:
        meant = [sign for sign, condition in seen.items() if condition == read(f"年龄{other} 70")]
        assert meant == [plain], other


@pytest.mark.parametrize(
    ("plain", "others"),
    [
        (
            "出生日期 早于 2000-01-01",
            ["birth_date before 2000-01-01", "出生日期 is before 2000-01-01", "生日<2000/1/1"],
        ),
        ("出生日期 晚于 2000-01-01", ["birth_date after 2000.1.1", "生日 is after 2000-01-01", "生日>2000年1月1日"]),
        (
            "出生日期 不早于 2000-01-01",
            ["birth_date not before 2000-01-01", "生日≥2000-01-01", "生日 is not before 20000101"],
        ),
        (
            "出生日期 不晚于 2000-01-01",
            ["birth_date not after 2000-01-01", "生日不晚于2000-1-1", "生日 at most 2000-01-01"],
        ),
        (
            "婚姻状况 属于 (丧偶、离婚)",
            ["marital_status in 30, 40", "婚姻状况 is in (30,40)", "婚姻状况 is one of 丧偶，离异"],
        ),
        (
            "婚姻状况 不属于 (丧偶、离婚)",
            ["marital_status not in 30, 40", "婚姻状况 is not in (30,40)", "婚姻状况不在丧偶、离婚"],
        ),
        (
            "年龄 在 60 到 79 之间",
            ["年龄 在 60 至 79", "年龄介于60~79", "age is between 60 and 79", "年龄在60－79岁间", "年龄 在 60—79"],
        ),
        (
            "年龄 不在 60 到 79 之间",
            ["年龄 不介于 60 与 79", "age not between 60 and 79", "age is not between 60 – 79"],
        ),
        ("户籍地址 包含 弄", ["户籍地址 含有 弄", "registered_address contains 弄", "户籍包含弄"]),
        (
            "户籍地址 不包含 弄",
            ["户籍地址 不含有 弄", "户籍 不含 弄", "户籍 does not contain 弄", "户籍 not contains 弄"],
        ),
        ("特长 有 书法", ["特长 has 书法", "特长 是 a1", "特长 包含 书法", "skills in a1"]),
        (
            "特长 无 书法",
            ["特长 没有 书法", "skills has no a1", "skills has not 书法", "特长 不包含 书法", "特长 不属于 书法"],
        ),
        (
            "联系电话 为空",
            [
                "电话/手机 未知",
                "联系电话不详",
                "联系电话 没有记录",
                "phone is unknown",
                "phone is empty",
                "phone is null",
            ],
        ),
        (
            "联系电话 不为空",
            [
                "联系电话 非空",
                "联系电话已知",
                "联系电话 有记录",
                "phone is known",
                "phone is not unknown",
                "phone is not empty",
                "phone is not null",
            ],
        ),
        (
            "标签 = 独居",
            [
                "tag = lone_elder",
                "tags has 独居",
                "标签：独居",
                "标签属于独居",
                "标签 在 独居",
                "标签 contains lone_elder",
            ],
        ),
        (
            "标签 无 独居",
            [
                "tag != 独居",
                "标签 不是 独居",
                "标签 不属于 独居",
                "标签 没有 独居",
                "tags has no lone_elder",
                "标签 不包含 独居",
            ],
        ),
    ],
)
def test_every_wording_of_a_test(plain, others):
    for other in others:
        assert read(other) == read(plain), other


@pytest.mark.parametrize(
    ("plain", "others"),
    [
        (
            "同住家人 有人",
            ["同住家人 有一人", "同住家人 有一个", "同住家人有", "any housemate", "housemate any", "同住家人 任一"],
        ),
        (
            "同住家人 无人",
            [
                "同住家人 没有人",
                "同住家人 没有一人",
                "同住家人 没有一个",
                "同住家人没有",
                "同住家人 无",
                "no housemate",
            ],
        ),
        (
            "同住家人 都 (年龄 < 6)",
            [
                "同住家人 全 (年龄<6)",
                "同住家人全部(年龄<6)",
                "同住家人 均（年龄<6）",
                "同住家人每人（年龄<6）",
                "同住家人 全都 (age < 6)",
                "all housemate (age < 6)",
                "every housemate (age < 6)",
            ],
        ),
        (
            "同住家人 人数 (年龄 < 6) >= 2",
            [
                "同住家人 数量 (年龄<6) 至少 2",
                "同住家人个数（年龄<6）≥2",
                "count housemate (age < 6) >= 2",
                "number of housemate (age < 6) at least 2",
                "housemate count (age < 6) => 2人",
            ],
        ),
        (
            "同住家人 人数 在 1 到 3 之间",
            ["同住家人人数介于1和3", "count housemate between 1 and 3", "同住家人 人数 >= 1 且 同住家人 人数 <= 3"],
        ),
        (
            "同住家人 人数 不在 1 到 3 之间",
            ["非 (同住家人 人数 >= 1 且 同住家人 人数 <= 3)", "count housemate not between 1 and 3"],
        ),
    ],
)
def test_every_wording_of_how_many(plain, others):
    for other in others:
        assert read(other) == read(plain), other


@pytest.mark.parametrize(
    ("one", "other"), list(itertools.product(["且", "并且", "而且", "同时", "and", "&&", "&"], ["zh", "en"]))
)
def test_every_and(one, other):
    left, right = ("年龄 > 3", "性别 = 女") if other == "zh" else ("age > 3", "sex = 2")
    assert read(f"{left} {one} {right}") == read("年龄 > 3 且 性别 = 女")


@pytest.mark.parametrize("one", ["或", "或者", "or", "||", "|", "OR", "ｏｒ"])
def test_every_or(one):
    assert read(f"年龄 > 3 {one} 性别 = 女") == read("年龄 > 3 或 性别 = 女")


@pytest.mark.parametrize("one", ["非", "并非", "不符合", "not ", "!", "NOT ", "！"])
def test_every_not(one):
    assert read(f"{one}年龄 > 3") == read("非 年龄 > 3")
    assert read(f"{one}（年龄 > 3 且 性别 = 女）") == read("非 (年龄 > 3 且 性别 = 女)")
    assert read(f"{one}{one}年龄 > 3") == read("年龄 > 3") or read(f"{one}{one}年龄 > 3").part == read("非 年龄 > 3")


@pytest.mark.parametrize(
    ("plain", "others"),
    [
        (
            "30天前",
            ["30日前", "30 天 前", "30天以前", "30天之前", "３０天前", "30 days ago", "30 day ago", "30DAYS AGO"],
        ),
        ("2周前", ["2星期前", "2个星期前", "2 weeks ago", "2week ago", "2周之前"]),
        ("3个月前", ["3月前", "3 个月 以前", "3 months ago", "3 month ago"]),
        ("1年前", ["1 年前", "1年以前", "1 year ago", "1years ago"]),
        ("30天后", ["30日后", "30天以后", "30天之后", "30 days from now", "30 days later", "30days  from  now"]),
        ("今天", ["今日", "today", "0天前", "0 days ago", "0天后", "TODAY"]),
        ("1天前", ["昨天", "yesterday", "1 day ago"]),
        ("1天后", ["明天", "tomorrow", "1 day from now"]),
    ],
)
def test_every_wording_of_a_day_at_a_distance(plain, others):
    for other in others:
        assert read(f"退休日期 晚于 {other}") == read(f"退休日期 晚于 {plain}"), other
        assert read(f"退休日期晚于{other}且年龄>3") == read(f"退休日期 晚于 {plain} 且 年龄 > 3"), other


@pytest.mark.parametrize(
    ("plain", "others"),
    [
        (
            "在 30天前 到 今天 之间",
            [
                "过去30天内",
                "最近30天",
                "近30天以内",
                "在近30日之内",
                "last 30 days",
                "in last 30 days",
                "in past 30 days",
            ],
        ),
        (
            "在 今天 到 3个月后 之间",
            ["未来3个月内", "今后3个月", "next 3 months", "in next 3 months", "在 未来 3 个月 之内"],
        ),
        ("不在 2周前 到 今天 之间", ["不在 过去2周内", "not in last 2 weeks", "不属于 最近2个星期"]),
    ],
)
def test_every_wording_of_a_period(plain, others):
    for other in others:
        assert read(f"退休日期 {other}") == read(f"退休日期 {plain}"), other


UNITS = [("年龄", "岁"), ("年龄", "周岁"), ("月收入", "元"), ("月收入", "块"), ("走访次数", "次"), ("子女数", "人")]


@pytest.mark.parametrize(("name", "unit"), UNITS)
def test_a_number_may_carry_its_unit_as_one_says_it(name, unit):
    for written in (
        f"{name} >= 3{unit}",
        f"{name}>=3 {unit}",
        f"{name} 在 1{unit} 到 3{unit} 之间 且 {name} >= 3{unit}",
    ):
        assert read(written), written
    assert read(f"{name} >= 3{unit}") == read(f"{name} >= 3")
    assert read(f"{name}>=3{unit}且性别=女") == read(f"{name} >= 3 且 性别 = 女")


@pytest.mark.parametrize("unit", ["人", "户", "套", "个", "名", "位", "家", "处"])
def test_a_count_may_carry_any_counter(unit):
    assert read(f"所在户 户数 >= 1{unit}") == read("所在户 户数 >= 1")
    assert read(f"同住家人人数在1{unit}到3{unit}之间且性别=女") == read("同住家人 人数 在 1 到 3 之间 且 性别 = 女")


@pytest.mark.parametrize(("written", "at"), [("年龄 >= 3元", "3元"), ("月收入 > 3岁", "3岁"), ("年龄 >= 3人", "3人")])
def test_a_number_with_the_unit_of_something_else_is_refused(written, at):
    with pytest.raises(RuleError) as refused:
        read(written)
    assert written[refused.value.start : refused.value.end] == at


@pytest.mark.parametrize(
    "written",
    ["年龄大于70", "年龄 大于 70", "年龄>70", "年龄＞70", "年龄 超过70岁", "age>70", "AGE>70", "Age more than 70"],
)
def test_names_are_found_in_either_language_and_any_case(written):
    assert read(written) == read("age > 70")


def test_both_languages_may_stand_in_one_rule():
    mixed = "age 不小于 70 and 标签 has 独居 或 not 同住家人 any (sex 是 女 and last_visit 早于 30 days ago)"
    plain = "(年龄 >= 70 且 标签 = 独居) 或 非 同住家人 有人 (性别 = 女 且 最近走访 早于 30天前)"
    assert read(mixed) == read(plain)
