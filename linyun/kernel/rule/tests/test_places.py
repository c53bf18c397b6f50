"""A refusal points at the very word, on the very line, in either language, and its nearest word mends the rule."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linyun.kernel.declare import Kind, Subject
from linyun.kernel.rule import Rule, RuleError, Vocabulary, parse, rule_from_json
from linyun.kernel.rule.tests.world import ITEMS, RELATIONS, TAGS, TERMS, VOCABULARY, P, conditions, item

GOOD = (
    "年龄 >= 70",
    "性别 = 女",
    "标签 = 独居",
    "同住家人 有人 (年龄 < 6)",
    "户籍地址 包含 “弄”",
    "从未走访",
    "月收入 <= 3000.5 元",
)


def refusal(written: str, subject: Subject = Subject.PERSON) -> RuleError:
    with pytest.raises(RuleError) as refused:
        parse(written, subject, VOCABULARY)
    return refused.value


WRONG = [
    ("年岁 >= 70", "年岁"),
    ("标签 = 独局", "独局"),
    ("性别 = 女子", "女子"),
    ("年龄 >= 七十", "七十"),
    ("年龄 包含 7", "包含"),
    ("出生日期 > 2023-02-29", "2023-02-29"),
    ("居住区域 = 31011", "31011"),
    ("本地户籍 = 也许", "也许"),
    ("身份证号 = 3", "="),
    ("同住家人 人数 > 1.5", "1.5"),
    ("同住家人 有人 (年岁 < 6)", "年岁"),
    ("标签 > 独居", ">"),
    ("最近走访 早于 30天", "30天"),
    ("特长 有 书画", "书画"),
    ("月收入 在 9 到 3 之间", "9"),
    ("备注 包含 上访", "上访"),
    ("面积 > 80", "面积"),
]


@pytest.mark.parametrize(("wrong", "at"), WRONG)
@pytest.mark.parametrize("seed", range(3))
def test_one_wrong_condition_among_good_ones_is_found_wherever_it_stands(wrong, at, seed):
    chance = random.Random(f"{wrong} {seed}")
    parts = [*chance.sample(GOOD, 4), wrong]
    chance.shuffle(parts)
    joints = [chance.choice((" 且 ", "且", "\n且 ", "\r\n或 ", " 或\n", "\n\n\t且 ")) for _ in parts]
    written = chance.choice(("", "\n", "  ")) + "".join(p + j for p, j in zip(parts, joints, strict=True))
    written = written[: len(written) - len(joints[-1])]
    error = refusal(written)
    assert written[error.start : error.end] == at
    assert error.start >= written.index(wrong)
    assert error.length == len(at)
    lines = written[: error.start].split("\n")
    assert (error.line, error.column) == (len(lines), len(lines[-1]) + 1)
    assert error.source == written
    told = error.as_json()
    assert (told["line"], told["column"], told["start"]) == (error.line, error.column, error.start)


@pytest.mark.parametrize(("wrong", "at"), WRONG)
def test_a_wrong_condition_deep_inside_is_refused_in_the_same_words(wrong, at):
    alone, deep = refusal(wrong), refusal(f"年龄 > 1 且 非 (性别 = 女 或 (子女数 = 0 且 ({wrong})))")
    assert deep.message_zh == alone.message_zh
    assert deep.message_en == alone.message_en
    assert (deep.expected, deep.nearest) == (alone.expected, alone.nearest)


@pytest.mark.parametrize(("wrong", "at"), WRONG)
def test_every_refusal_speaks_both_languages_in_whole_sentences(wrong, at):
    error = refusal(wrong)
    assert error.message_zh.endswith("。")
    assert error.message_en.endswith((".", "。"))
    assert str(error) == error.message_zh
    for inside in ("None", "{", "}", "Kind.", "Subject.", "DraftTest", "()"):
        assert inside not in error.message_zh + error.message_en


def _mistyped(word: str, chance: random.Random) -> str:
    """The word with one character doubled, dropped, swapped or replaced."""
    at = chance.randrange(len(word))
    match chance.randrange(4):
        case 0:
            return word[:at] + word[at] + word[at:]
        case 1 if len(word) > 3:
            return word[:at] + word[at + 1 :]
        case 2 if at + 1 < len(word):
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        case _:
            return word[:at] + ("错" if not word[at].isascii() else "q") + word[at + 1 :]


TYPED = [
    *((i.name, "{} 为空") for i in (*ITEMS, *TERMS) if i.subject is P),
    *((i.code, "{} is unknown") for i in (*ITEMS, *TERMS) if i.subject is P),
    *((r.name, "{} 有人") for r in RELATIONS if r.subject is P),
    *((t.code, "tag = {}") for t in TAGS if t.subject is P),
    *((t.name, '标签 = "{}"') for t in TAGS if t.subject is P),
    *((c.name, '婚姻状况 = "{}"') for c in VOCABULARY.code_sets["marital"].codes),
    *((c.name, '特长 有 "{}"') for c in VOCABULARY.code_sets["skill"].codes),
]


@pytest.mark.parametrize(("word", "rule"), TYPED)
def test_a_slip_of_the_finger_is_a_rule_or_a_refusal_whose_nearest_word_can_be_put_in(word, rule):
    chance = random.Random(word)
    for _ in range(6):
        written = rule.format(_mistyped(word, chance))
        try:
            parse(written, P, VOCABULARY)
        except RuleError as error:
            assert error.start < len(written)
            if error.nearest:
                mended = written[: error.start] + error.nearest + written[error.end :]
                try:
                    parse(mended, P, VOCABULARY)
                except RuleError as again:
                    # A name that stands twice is the only thing that one more word must tell apart.
                    assert "不止一个意思" in again.message_zh, (written, mended)


SUBJECTS = st.sampled_from((Subject.PERSON, Subject.HOUSEHOLD, Subject.DWELLING))
RULES = SUBJECTS.flatmap(lambda s: conditions(s).map(lambda c: Rule(s, c, VOCABULARY)))


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(RULES, st.data(), st.sampled_from(("zh", "en")))
def test_a_good_rule_cut_short_is_a_rule_or_refused_at_its_end(rule: Rule, data, lang):
    """While somebody types, the page asks at every key: the place is where the typing goes on, or before it."""
    written = rule.text(lang)
    cut = written[: data.draw(st.integers(1, len(written)))]
    try:
        read = parse(cut, rule.subject, VOCABULARY)
    except RuleError as error:
        assert 0 <= error.start <= error.end <= len(cut)
        assert error.message_zh
    else:
        assert parse(read.text(lang), rule.subject, VOCABULARY) == read


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(RULES, st.data())
def test_a_good_rule_with_a_wrong_word_put_in_is_refused_there_or_before(rule: Rule, data):
    written = rule.text("zh")
    spaces = [n for n, char in enumerate(written) if char == " "]
    if not spaces:
        return
    at = data.draw(st.sampled_from(spaces))
    if written[:at].count('"') % 2:
        return  # inside a quoted text any word may stand
    broken = f"{written[:at]} 什么呀{written[at:]}"
    try:
        parse(broken, rule.subject, VOCABULARY)
    except RuleError as error:
        assert error.start <= at + len(" 什么呀 ")
    else:
        raise AssertionError(broken)


@pytest.mark.parametrize(
    ("written", "zh", "expected"),
    [
        ("年龄 > 3 且", "规则还没有写完", ("非", "（", "数据项或“标签”", "关系（如同住家人）")),
        ("年龄 > 3 且 且", "这里不应是“且”", ("非", "（", "数据项或“标签”", "关系（如同住家人）")),
        ("age > 3 and and sex = 2", "这里不应是“and”", ("非", "（", "数据项或“标签”", "关系（如同住家人）")),
        ("age > 3 or OR sex = 2", "这里不应是“OR”", ("非", "（", "数据项或“标签”", "关系（如同住家人）")),
        ("并且 年龄 > 3", "这里不应是“并且”", ("非", "（", "数据项或“标签”", "关系（如同住家人）")),
        ("年龄 > 3 性别", "这里不应是“性别”", ("且", "或", "结束")),
        ("年龄 在 3 之间", "这里不应是“之间”", ("且", "或", "顿号", "到", "结束")),
        ("年龄 介于 3", "规则还没有写完", ("且", "到")),
        ("同住家人 人数 (年龄 > 3)", "规则还没有写完", ("比较（=、>=、<、早于 …）", "在 … 到 … 之间", "介于")),
        ("性别 属于 (男、", "规则还没有写完", ("一个值",)),
        ("性别 属于 (男", "规则还没有写完", ("）", "顿号")),
        ("(年龄 > 3))", "这里不应是“)”", ("且", "或", "结束")),
        ("any", "规则还没有写完", ("关系（如同住家人）",)),
        (
            "标签",
            "规则还没有写完",
            ("比较（=、>=、<、早于 …）", "属于", "在 … 到 … 之间", "介于", "包含", "有", "为空"),
        ),
    ],
)
def test_the_sentence_names_everything_that_could_stand_there(written, zh, expected):
    error = refusal(written)
    assert error.message_zh.startswith(zh)
    assert set(error.expected) == set(expected)
    for word in expected:
        assert word in error.message_zh


@pytest.mark.parametrize(
    ("node", "path", "said"),
    [
        ({"all": [{"tag": "lone_elder"}, {"any": [{"tag": "aged"}, {"tag": "no"}]}]}, "/where/all/1/any/1/tag", "没有“no”"),
        ({"not": {"not": {"item": "agee", "op": "unknown"}}}, "/where/not/not/item", "是不是“age”"),
        ({"related": "housemate", "quantity": "all", "where": {"item": "age", "op": "=", "value": "x"}},
         "/where/where/value", "不是整数"),
        ({"related": "housemate", "quantity": "all"}, "/where/quantity", "写明条件"),
        ({"related": "housemate", "quantity": "count", "op": ">", "value": 100_001}, "/where/value", "0 到 100000"),
        ({"item": "age", "op": "between", "value": [9, 3]}, "/where/value/0", "从小到大"),
        ({"item": "last_visit", "op": "before", "value": {"ago": True, "unit": "day"}}, "/where/value", "应是"),
        ({"item": "last_visit", "op": "before", "value": {"ahead": False, "unit": "day"}}, "/where/value", "应是"),
        ({"item": "last_visit", "op": "before", "value": {"ago": -3, "unit": "day"}}, "/where/value", "应是"),
        ({"item": "last_visit", "op": "before", "value": {"ago": 3, "unit": "hour"}}, "/where/value", "应是"),
        ({"item": "last_visit", "op": "before", "value": {"ago": "3", "unit": "day"}}, "/where/value", "应是"),
        ({"item": "last_visit", "op": "before", "value": {"ago": 3}}, "/where/value", "应是"),
        ({"item": "birth_date", "op": "=", "value": "2023-02-29"}, "/where/value", "没有“2023-02-29”这一天"),
        ({"item": "age", "op": ">", "value": 10**15}, "/where/value", "最多 15 位"),
        ({"item": "age", "op": ">", "value": 10**18}, "/where/value", "应是"),
        ({"item": "age", "op": ">", "value": []}, "/where/value", "应是"),
        ({"item": "age", "op": ">", "value": {}}, "/where/value", "应是"),
        ({"item": "age", "op": ">"}, "/where/value", "应是"),
        ({"item": "age", "op": "in", "value": []}, "/where/value", "至少一个"),
        ({"item": "age", "op": "in", "value": "70"}, "/where/value", "至少一个"),
        ({"item": "age"}, "/where/op", "应是文字"),
        ({"item": "", "op": "="}, "/where/item", "应是文字"),
        ({"item": "remark", "op": "contains", "value": "信访"}, "/where/value", "不得按信访"),
        ({"tag": "上访"}, "/where/tag", "不得按信访"),
        ({"tag": ["lone_elder"]}, "/where/tag", "应是文字"),
        ({"branch": []}, "/where/branch", "至少一个"),
        ({"branch": ["人", 3]}, "/where/branch", "应是文字"),
        ({"any": {}}, "/where/any", "至少一个"),
        ({}, "/where/item", "应是文字"),
        ({"item": "标签", "op": "unknown"}, "/where/op", "标签只能说有或无"),
        ({"item": "id_number", "op": "=", "value": "3"}, "/where/op", "受保护"),
        ({"item": "phone", "op": "in", "value": ["19900000000"]}, "/where/op", "可用：包含"),
    ],
)  # fmt: skip
def test_a_wrong_form_is_pointed_at_from_its_root(node, path, said):
    with pytest.raises(RuleError) as refused:
        rule_from_json({"subject": "person", "where": node}, VOCABULARY)
    assert refused.value.path == path
    assert said in refused.value.message_zh
    assert (refused.value.start, refused.value.end, refused.value.source) == (0, 0, "")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("年令", "年龄"), ("年岭", "年龄"), ("年零", "年龄"), ("年及", "年级"), ("年记", "年级"), ("nianling", "")],
)
def test_of_two_near_words_the_one_that_sounds_alike_is_meant(typed, meant):
    """Who types by sound picks the wrong character of the right sound; 年级 must not be offered for 年令."""
    words = Vocabulary(
        items=[
            item("grade", P, "年级", Kind.TEXT),
            item("age", P, "年龄", Kind.INTEGER),
            item("kin", P, "亲属", Kind.TEXT),
        ]
    )
    with pytest.raises(RuleError) as refused:
        parse(f"{typed} 为空", P, words)
    assert refused.value.nearest == meant
