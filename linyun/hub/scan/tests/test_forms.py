"""The builder's form, hostile and honest: nothing is cut, nothing is dropped in silence, every chip writes its own words."""

from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linyun.hub.scan.builder import CONDITION, MOST, Builder, Row, composed, from_rule, text_of
from linyun.hub.scan.words import (
    BLANK,
    COUNTS,
    OPERATORS,
    TAG,
    WRITTEN,
    every_operator,
    name_of,
    names,
    offered,
    operators_of,
)
from linyun.kernel.declare import Kind, Relation, Subject, Term
from linyun.kernel.rule import Rule, RuleError, Vocabulary, parse, rule_from_json
from linyun.kernel.rule.draft import MAX_CONDITIONS
from linyun.kernel.rule.syntax import And, Or
from linyun.kernel.rule.tests.world import CODE_SETS, ITEMS, RELATIONS, TAGS, TERMS, VOCABULARY, P, conditions, item

SOME = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SAMPLES = {
    Kind.INTEGER: ("7", "60 到 79", "1、2"),
    Kind.DECIMAL: ("7.5", "1 到 2.5", "1、2.5"),
    Kind.DATE: ("30天前", "60天前 到 30天前", "2000-01-01、2001-01-01"),
    Kind.TEXT: ("铁岭路 “甲”", "", "甲、乙"),
    Kind.PHONE: ("199", "", ""),
    Kind.AREA: ("310110", "", "310110、320100"),
}


def posted(rows, top="and") -> QueryDict:
    """What a browser sends for these rows."""
    pairs = [(k, v) for row in rows for k, v in zip(("join", "word", "op", "value"), row, strict=True)]
    return QueryDict(urlencode([*pairs, ("top", top)]))


def read(rows, top="and", subject=P):
    return parse(text_of(Builder.of(posted(rows, top)), subject, VOCABULARY), subject, VOCABULARY)


FIELDS = [f for (s, _), f in VOCABULARY.fields.items() if s is P]


@pytest.mark.parametrize("field", FIELDS, ids=lambda f: f.code)
def test_every_operator_offered_for_a_word_makes_a_rule_with_that_word_and_comes_back_as_the_same_chip(field):
    for op, _said in operators_of(field.name, P, VOCABULARY):
        one, between, several = SAMPLES.get(field.kind, ("是", "", ""))
        if field.code_set:
            codes = [c.name for c in field.code_set.codes]
            one, several = codes[0], "、".join(codes[:2])
        value = "" if op in BLANK else several if op in ("属于", "不属于") else between if op in ("在", "不在") else one
        rule = read([("and", field.name, op, value)])
        assert {use.code for use in rule.items()} == {field.code}, op
        builder = from_rule(rule)
        assert len(builder.rows) == 1
        assert builder.rows[0].word == field.name
        assert builder.rows[0].op != WRITTEN, f"{field.name} {op} {value}"
        assert parse(text_of(builder, P, VOCABULARY), P, VOCABULARY) == rule


@pytest.mark.parametrize("relation", [r for r in RELATIONS if r.subject is P], ids=lambda r: r.code)
def test_every_operator_offered_for_a_relation(relation):
    inner = "年龄 < 6" if relation.target is P else "人数 > 3"
    for op, _said in operators_of(relation.name, P, VOCABULARY):
        values = (f"2 ({inner})", "2", f"2（{inner}）") if any(op.endswith(sign) for sign in COUNTS) else (inner,)
        for value in values:
            rule = read([("and", relation.name, op, value)])
            (row,) = from_rule(rule).rows
            assert row.word == relation.name
            assert row.op == op
            assert read([("and", row.word, row.op, row.value)]) == rule


def test_no_row_of_a_long_form_is_dropped():
    """Up to here the 25th condition fell off when somebody pressed 好, and the crowd grew without a word."""
    for count in (1, 24, 25, 60, MAX_CONDITIONS):
        rows = [("and", "年龄", "!=", str(n)) for n in range(count)]
        where = read(rows).where
        assert len(where.parts if isinstance(where, And) else (where,)) == count
    rule = read([("or", "年龄", "=", str(n)) for n in range(100)], "or")
    assert isinstance(rule.where, Or) and len(rule.where.parts) == 100
    assert len(from_rule(rule).rows) == 100


def test_a_form_that_is_too_long_is_refused_and_not_shortened():
    for count in (MAX_CONDITIONS + 1, MOST + 1):
        with pytest.raises(RuleError, match="条件太多|规则太长"):
            read([("and", "年龄", "!=", "1")] * count)


@pytest.mark.parametrize("text", [" 张", "张 ", "  ", " \t张", "a  b ", "张\u3000"])
def test_spaces_around_a_text_survive_the_form(text):
    """A form gives values back stripped; a text that begins with a space then meant another."""
    form = {"subject": "person", "where": {"item": "name", "op": "contains", "value": text}}
    try:
        rule = rule_from_json(form, VOCABULARY)
    except RuleError as refused:
        assert "\t" in text and "不可见" in refused.message_zh
        return
    rows = [(r.join, r.word, r.op, r.value) for r in from_rule(rule).rows]
    assert read(rows) == rule


@SOME
@given(st.lists(conditions(P, 1), min_size=1, max_size=6), st.data())
def test_joins_group_neighbours_and_the_top_word_stands_between_groups(parts, data):
    """Three rows ``a 或 b 且 c`` under 且 are (a 或 b) 且 c; under 或 they are a 或 (b 且 c)."""
    texts = [Rule(P, part, VOCABULARY).text("zh") for part in parts]
    joins = [data.draw(st.sampled_from(("and", "or"))) for _ in texts]
    rows = [(join, CONDITION, WRITTEN, text) for join, text in zip(joins, texts, strict=True)]
    for top, inner in (("and", "or"), ("or", "and")):
        groups: list[list[str]] = []
        for n, (join, text) in enumerate(zip(joins, texts, strict=True)):
            if n and join == inner:
                groups[-1].append(f"({text})")
            else:
                groups.append([f"({text})"])
        words = {"and": " 且 ", "or": " 或 "}
        expected = words[top].join(f"({words[inner].join(g)})" for g in groups)
        assert read(rows, top) == parse(expected, P, VOCABULARY)


@SOME
@given(conditions(P, 2), st.integers(0, 5))
def test_taking_a_row_out_leaves_the_others_as_they_were(condition, number):
    builder = from_rule(Rule(P, condition, VOCABULARY))
    left = builder.without(str(number))
    assert list(left.rows) == [row for n, row in enumerate(builder.rows) if n != number]
    assert left.top == builder.top


@pytest.mark.parametrize("number", ["", "-1", "99", "x", "0x0", "٠", "00", " 0", "1e0", "9" * 5000, "0\x00"])
def test_taking_out_a_row_that_is_none_takes_out_none(number):
    builder = Builder((Row("年龄", ">", "3"), Row("性别", "=", "女")))
    assert builder.without(number) == builder


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ([("年龄", ">", "x"), ("性别", "=", "女")], 0),
        ([("年龄", ">", "3"), ("性别", "=", "女子")], 1),
        ([("年龄", ">", "3"), ("", ">", "3"), ("性别", "=", "女")], 1),
        ([("年龄", ">", "3"), ("年龄", "", "")], 1),
        ([("年龄", ">", "3"), ("标签", "=", "独局")], 1),
        ([("年龄", ">", "3"), ("标签", "=", "")], 1),
        ([("年龄", ">", "3"), ("同住家人", "有人", "年岁 < 6")], 1),
        ([("年龄", ">", "3"), ("同住家人", "人数 >=", "很多")], 1),
        ([("年龄", "在", "60"), ("性别", "=", "女")], 0),
        ([("年龄", "在", "79 到 60"), ("性别", "=", "女")], 0),
        ([("备注", "包含", "信访"), ("性别", "=", "女")], 0),
        ([("条件", "写作", "年龄 > 3 且"), ("性别", "=", "女")], 0),
        ([("出生日期", "早于", "2023-02-29"), ("性别", "=", "女")], 0),
        ([("年龄", ">", "3"), ("身份证号", "=", "310110")], 1),
        ([("年龄", ">", "3"), ("居住区域", "属于", "公交新村")], 1),
    ],
)
@pytest.mark.parametrize(
    ("top", "joins"), [("and", ("and", "and", "and")), ("and", ("and", "or", "or")), ("or", ("or", "and", "or"))]
)
def test_the_refusal_lights_up_the_chip_it_is_about(rows, wrong, top, joins):
    builder = Builder.of(posted([(joins[n], *row) for n, row in enumerate(rows)], top))
    written = composed(builder, P, VOCABULARY)
    with pytest.raises(RuleError) as refused:
        parse(written.text, P, VOCABULARY)
    found = written.row_at(refused.value.start)
    if found is None:
        # Something is lacking behind the last row, or a bracket after the one that is too short.
        assert refused.value.start >= written.spans[wrong][1]
    else:
        assert found == wrong


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (Row("姓名", "包含", "王"), '姓名 包含 "王"'),
        (Row("姓名", "包含", '说"好"'), '姓名 包含 "说\\"好\\""'),
        (Row("姓名", "=", "") , '姓名 = ""'),
        (Row("性别", "=", "女"), "性别 = 女"),
        (Row("特长", "有", "水电、维修"), '特长 有 "水电、维修"'),
        (Row("婚姻状况", "属于", "丧偶，离婚"), "婚姻状况 属于 (丧偶、离婚)"),
        (Row("年龄", "在", "60 到 79"), "年龄 在 60 到 79 之间"),
        (Row("年龄", "在", "60 到 79 之间"), "年龄 在 60 到 79 之间"),
        (Row("年龄", "不在", "60-79"), "年龄 不在 60-79 之间"),
        (Row("年龄", "属于", "1、2"), "年龄 属于 (1、2)"),
        (Row("联系电话", "为空", "这里写什么都不算"), "联系电话 为空"),
        (Row("标签", "=", "独居"), "标签 = 独居"),
        (Row("标签", "=", "文艺 队（甲）"), '标签 = "文艺 队（甲）"'),
        (Row("标签", "无", "人/民政/"), "标签 无 人/民政/"),
        (Row("同住家人", "有人", ""), "同住家人 有人"),
        (Row("同住家人", "有人", "年龄 < 6"), "同住家人 有人 (年龄 < 6)"),
        (Row("同住家人", "人数 >=", "2"), "同住家人 人数 >= 2"),
        (Row("同住家人", "人数 >=", "2 (年龄 < 6)"), "同住家人 人数 (年龄 < 6) >= 2"),
        (Row("同住家人", "人数 =", ""), "同住家人 人数 = "),
        (Row("谁知道", "=", "什么"), "谁知道 = 什么"),
        (Row(CONDITION, WRITTEN, "年龄 > 3 或 性别 = 女"), "(年龄 > 3 或 性别 = 女)"),
    ],
)  # fmt: skip
def test_what_a_chip_writes(row, text):
    assert text_of(Builder((row,)), P, VOCABULARY) == text


@pytest.mark.parametrize(
    "text", ['"; drop', "<b>", "' or 1=1", "a) 或 (年龄 > 0", "}{", "%s", "\\", '\\"', "“", "）", "、", "且 年龄 > 3"]
)
def test_a_text_typed_into_a_chip_stays_inside_its_quotes(text):
    rule = read([("and", "姓名", "包含", text), ("and", "年龄", ">", "3")])
    assert isinstance(rule.where, And) and len(rule.where.parts) == 2
    assert rule.where.parts[0].text == text


@pytest.mark.parametrize("subject", list(Subject))
def test_words_offered_and_the_names_in_the_list_are_the_same_words(areas, subject):
    listed = names(subject, VOCABULARY)
    words = [word.name for word in offered(subject, VOCABULARY, {})]
    assert sorted(listed) == sorted(words)
    assert listed[0] == TAG
    for name in listed[1:]:
        assert operators_of(name, subject, VOCABULARY), name
    assert len(set(listed)) == len(listed)


def test_a_name_with_a_comma_is_offered_by_its_code_so_that_its_chip_works():
    words = Vocabulary(
        items=[*ITEMS, item("own_hobby", P, "兴趣、爱好", Kind.TEXT)],
        terms=[*TERMS, Term("twice", "年龄", P, Kind.INTEGER, "0")],
        relations=[*RELATIONS, Relation("near", "亲、友", P, P, "records_person {t} where false")],
        tags=TAGS,
        code_sets=CODE_SETS,
    )
    listed = names(P, words)
    assert "own_hobby" in listed and "兴趣、爱好" not in listed
    assert "near" in listed and "亲、友" not in listed
    assert "twice" in listed and "age" in listed and "年龄" not in listed
    for name, op, value in (("own_hobby", "包含", "书法"), ("near", "有人", "sex = 2"), ("twice", ">=", "3")):
        text = text_of(Builder((Row(name, op, value),)), P, words)
        (row,) = from_rule(parse(text, P, words)).rows
        assert (row.word, row.op) == (name, op)
    assert name_of(words.field(P, "own_hobby"), P, words) == "own_hobby"


def test_every_chip_of_every_rule_says_its_operator_in_words():
    """In both languages: an operator without words would show its sign, or nothing, on the chip."""
    words = every_operator(P, VOCABULARY)
    for kind, operators in OPERATORS.items():
        for op, said, said_en in operators:
            assert said and not said.isascii(), (kind, op)
            assert said_en and said_en.isascii(), (kind, op)
            assert op in words
    for quantity in ("有人", "无人", "都", "人数 >=", "人数 <=", "人数 =", "有", "没有", "户数 <="):
        assert quantity in words


@SOME
@given(st.lists(st.tuples(*[st.text(max_size=8)] * 4), max_size=5), st.text(max_size=3))
def test_lists_of_unequal_length_and_odd_joins_are_read_as_far_as_they_go(rows, top):
    form = posted(rows, top)
    form._mutable = True
    form.setlist("value", form.getlist("value")[:2])
    builder = Builder.of(form)
    assert len(builder.rows) <= 2
    assert builder.top == ("or" if top == "or" else "and")
    assert all(row.join in ("and", "or") for row in builder.rows)
    assert all(row.op for row in builder.rows)
    assert sum(len(g) for g in builder.groups()) == len(builder.rows)
