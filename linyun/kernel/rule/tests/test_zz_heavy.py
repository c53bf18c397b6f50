"""A rule keeps its meaning through every form it is shown or stored in."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linyun.kernel.declare import Subject
from linyun.kernel.rule import Rule, RuleError, parse, rule_from_json
from linyun.kernel.rule.draft import MAX_CONDITIONS, MAX_DEPTH, MAX_TEXT
from linyun.kernel.rule.syntax import depth, size
from linyun.kernel.rule.tests.world import VOCABULARY, conditions

SUBJECTS = st.sampled_from((Subject.PERSON, Subject.HOUSEHOLD, Subject.DWELLING))
RULES = SUBJECTS.flatmap(lambda s: conditions(s).map(lambda c: Rule(s, c, VOCABULARY)))
SLOW = settings(max_examples=3000, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@SLOW
@given(RULES, st.sampled_from(("zh", "en")))
def test_text_leads_back_to_the_same_rule(rule: Rule, lang):
    written = rule.text(lang)
    read = parse(written, rule.subject, VOCABULARY)
    assert read == rule
    assert read.text(lang) == written


@SLOW
@given(RULES)
def test_json_leads_back_to_the_same_rule(rule: Rule):
    stored = json.dumps(rule.to_json())
    assert rule_from_json(json.loads(stored), VOCABULARY) == rule


@SLOW
@given(RULES)
def test_chinese_without_any_spaces_means_the_same(rule: Rule):
    """Workers write without spaces; only what stands between quotation marks keeps them."""
    outside, dense = True, []
    for char in rule.text("zh"):
        outside = outside != (char == '"')
        dense.append("" if char == " " and outside else char)
    if "\\" not in rule.text("zh"):
        assert parse("".join(dense), rule.subject, VOCABULARY) == rule


@SLOW
@given(RULES)
def test_every_rule_can_be_said(rule: Rule):
    for lang in ("zh", "en"):
        assert rule.say(lang).endswith(("。", "."))


@given(st.text(max_size=60))
@settings(max_examples=3000, deadline=None)
def test_arbitrary_text_is_read_or_refused_with_a_place(written):
    try:
        rule = parse(written, Subject.PERSON, VOCABULARY)
    except RuleError as refusal:
        assert refusal.message_zh and refusal.message_en
        assert 0 <= refusal.start <= refusal.end <= len(written)
    else:
        assert parse(rule.text("zh"), Subject.PERSON, VOCABULARY) == rule


PIECES = st.sampled_from(
    [
        *(
            "年龄",
            "age",
            "标签",
            "tag",
            "同住家人",
            "housemate",
            "所在户",
            "最近走访",
            "特长",
            "身份证号",
            "居住区域",
            "户籍地址",
        ),
        *(
            "从未走访",
            "独居",
            "人/民政",
            "丧偶",
            "是",
            "否",
            "女",
            "310110",
            '"低保"',
            "70",
            "70岁",
            "-3",
            "1.5",
            "30天前",
            "30天",
        ),
        *(
            "今天",
            "1948-03-05",
            "过去30天",
            "2月",
            "99999999999999999999",
            "=",
            ">=",
            "<",
            "：",
            "属于",
            "in",
            "在",
            "不在",
            "介于",
        ),
        *(
            "到",
            "之间",
            "包含",
            "有",
            "无",
            "为空",
            "is",
            "unknown",
            "早于",
            "between",
            "有人",
            "都",
            "人数",
            "any",
            "all",
            "count",
        ),
        *(
            "no",
            "last",
            "(",
            ")",
            "（",
            "）",
            "、",
            ",",
            "且",
            "and",
            "或",
            "or",
            "非",
            "not",
            "不",
            "“",
            '"',
            "\\",
            "٣",
            "天前",
        ),
    ]
)


@given(st.lists(PIECES, max_size=25), st.sampled_from(("", " ")))
@settings(max_examples=3000, deadline=None)
def test_words_of_the_language_in_any_order_are_read_or_refused(pieces, between):
    written = between.join(pieces)
    try:
        rule = parse(written, Subject.PERSON, VOCABULARY)
    except RuleError as refusal:
        assert 0 <= refusal.start <= refusal.end <= len(written)
    else:
        assert parse(rule.text("en"), Subject.PERSON, VOCABULARY) == rule


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                (
                    "all",
                    "any",
                    "not",
                    "item",
                    "op",
                    "value",
                    "tag",
                    "branch",
                    "related",
                    "quantity",
                    "where",
                    "ago",
                    "unit",
                )
            ),
            inner | st.sampled_from(("age", "=", "any", "count", "housemate", "lone_elder", "between", "day")),
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(JSON)
@settings(max_examples=3000, deadline=None)
def test_arbitrary_json_is_read_or_refused(where):
    try:
        rule = rule_from_json({"subject": "person", "where": where}, VOCABULARY)
    except RuleError as refusal:
        assert refusal.message_zh
    else:
        assert rule_from_json(rule.to_json(), VOCABULARY) == rule


@pytest.mark.parametrize(
    "written",
    [
        "(" * 2000 + "年龄 > 1" + ")" * 1900,
        "非" * 3900 + "年龄=1",
        "非(" * 1000 + "年龄=1" + ")" * 1000,
        "同住家人 有人(" * 400 + "年龄=1" + ")" * 400,
        "any housemate (not (" * 150,
        "年龄=1且" * 600 + "年龄=1",
        "年龄 = 1 或 " * 201 + "年龄 = 1",
        "年" * 4000,
        "x" * 4001,
        "年龄 > " + "9" * 3900,
        "最近走访 早于 " + "9" * 3900 + "天前",
        "户籍地址 = \"" + "a" * 3900,
        "\ud800 = 1",
        "户籍地址 = \"\ud800\"",
        "户籍地址 = \"a\x00b\"",
    ],
)  # fmt: skip
def test_hostile_text_is_refused_in_a_sentence(written):
    with pytest.raises(RuleError) as refused:
        parse(written, Subject.PERSON, VOCABULARY)
    assert refused.value.message_zh.endswith("。")


def test_limits_are_where_they_are_said_to_be():
    at_depth = "非 " * (MAX_DEPTH - 1) + "年龄 = 1"
    assert depth(parse(at_depth, Subject.PERSON, VOCABULARY).where) == MAX_DEPTH
    with pytest.raises(RuleError, match="最多 20 层"):
        parse("非 " + at_depth, Subject.PERSON, VOCABULARY)
    many = " 或 ".join(["年龄 = 1"] * MAX_CONDITIONS)
    assert size(parse(many, Subject.PERSON, VOCABULARY).where) == MAX_CONDITIONS
    with pytest.raises(RuleError, match="最多 200 个"):
        parse(many + " 或 年龄 = 2", Subject.PERSON, VOCABULARY)
    with pytest.raises(RuleError, match="共 4001 字"):
        parse("年龄 = 1".ljust(MAX_TEXT + 1), Subject.PERSON, VOCABULARY)


def test_a_short_text_whose_full_wording_is_too_long_is_refused_now_and_not_when_it_is_read_again():
    short = "或".join(["婚姻状况 in 10,20,30,40"] * 150)
    long = "或".join(["居住区域=310110009016"] * 190)
    assert len(short) <= MAX_TEXT and len(long) <= MAX_TEXT
    for written in (short, long):
        with pytest.raises(RuleError, match="规则太长"):
            parse(written, Subject.PERSON, VOCABULARY)


def test_deep_json_is_refused_before_it_recurses():
    where = {"item": "age", "op": "=", "value": 1}
    for _ in range(900):
        where = {"not": where}
    with pytest.raises(RuleError, match="最多 20 层"):
        rule_from_json({"subject": "person", "where": where}, VOCABULARY)
    wide = {"any": [{"item": "age", "op": "=", "value": 1}] * 5000}
    with pytest.raises(RuleError):
        rule_from_json({"subject": "person", "where": wide}, VOCABULARY)
