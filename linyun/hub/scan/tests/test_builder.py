"""The condition builder: every rule as chips and back, lists as a form posts them, the place of what is wrong."""

from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linyun.hub.scan.builder import CONDITION, Builder, Row, composed, from_rule, text_of
from linyun.hub.scan.words import WRITTEN, as_json, every_operator, offered, operators_of
from linyun.hub.tags.vocabulary import vocabulary
from linyun.kernel.declare import Subject
from linyun.kernel.rule import Rule, RuleError, parse
from linyun.kernel.rule.syntax import depth
from linyun.kernel.rule.tests.world import VOCABULARY, conditions

SUBJECTS = st.sampled_from((Subject.PERSON, Subject.HOUSEHOLD, Subject.DWELLING))
RULES = SUBJECTS.flatmap(lambda s: conditions(s).map(lambda c: Rule(s, c, VOCABULARY)))
SLOW = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
TEXTS = st.text(max_size=20)


@SLOW
@given(RULES)
def test_every_rule_can_be_shown_as_chips_and_read_back(rule: Rule) -> None:
    builder = from_rule(rule)
    assert parse(text_of(builder, rule.subject, VOCABULARY), rule.subject, VOCABULARY) == rule


@SLOW
@given(RULES)
def test_a_form_that_is_sent_back_unchanged_is_the_same_rule(rule: Rule) -> None:
    """What the page draws, a browser posts: parallel lists, the blank row for another condition at the end."""
    builder = from_rule(rule)
    posted = QueryDict(mutable=True)
    for row in builder.rows:
        for key, value in (("join", row.join), ("word", row.word), ("op", row.op), ("value", row.value)):
            posted.appendlist(key, value)
    for key in ("join", "word", "op", "value"):
        posted.appendlist(key, "")
    posted["top"] = builder.top
    read = Builder.of(posted)
    assert parse(text_of(read, rule.subject, VOCABULARY), rule.subject, VOCABULARY) == rule


@SLOW
@given(st.lists(st.tuples(TEXTS, TEXTS, TEXTS), max_size=4), st.sampled_from(("and", "or", "xx")))
def test_whatever_is_posted_is_a_rule_or_refused_with_a_place(rows: list[tuple[str, str, str]], top: str) -> None:
    posted = QueryDict(mutable=True)
    for word, op, value in rows:
        posted.appendlist("word", word)
        posted.appendlist("op", op)
        posted.appendlist("value", value)
    posted["top"] = top
    written = composed(Builder.of(posted), Subject.PERSON, VOCABULARY)
    assert len(written.spans) == len(Builder.of(posted).rows)
    try:
        parse(written.text, Subject.PERSON, VOCABULARY)
    except RuleError as refused:
        assert refused.message_zh
        assert 0 <= refused.start <= len(written.text)


def rows_of(text: str, subject: Subject = Subject.PERSON) -> list[tuple[str, str, str]]:
    return [(r.word, r.op, r.value) for r in from_rule(parse(text, subject, vocabulary())).rows]


def test_the_rule_of_the_mock_becomes_its_chips(areas: object) -> None:
    text = "年龄 >= 80 且 标签 = 独居老人 且 最近走访 > 30天前 且 子女 无人 (居住在本居委 = 是)"
    assert rows_of(text) == [
        ("年龄", ">=", "80"),
        ("标签", "=", "独居老人"),
        ("最近走访", "早于", "30天前"),
        ("子女", "无人", "居住在本居委 = 是"),
    ]


def test_chips_say_what_they_mean(areas: object) -> None:
    assert rows_of("从未走访") == [("最近走访", "为空", "")]
    assert rows_of("标签 无 独居老人") == [("标签", "无", "独居老人")]
    assert rows_of("年龄 在 60 到 79 之间") == [("年龄", "在", "60 到 79")]
    assert rows_of('姓名 包含 "王"') == [("姓名", "包含", "王")]
    assert rows_of("婚姻状况 属于 (丧偶、离婚)") == [("婚姻状况", "属于", "丧偶、离婚")]
    assert rows_of("子女 人数 (年龄 >= 18) >= 2") == [("子女", "人数 >=", "2 (年龄 >= 18)")]


def test_a_group_of_alternatives_stays_together(areas: object) -> None:
    rule = parse("(标签 = 独居老人 或 年龄 >= 90) 且 联系电话 为空", Subject.PERSON, vocabulary())
    builder = from_rule(rule)
    assert [row.join for row in builder.rows] == ["and", "or", "and"]
    assert builder.groups() == [[0, 1], [2]]
    other = from_rule(parse("联系电话 为空 或 年龄 >= 90 且 标签 = 独居老人", Subject.PERSON, vocabulary()))
    assert (other.top, other.groups()) == ("or", [[0], [1, 2]])


def test_what_is_deeper_than_one_group_stays_written_text(areas: object) -> None:
    text = "年龄 >= 60 且 (性别 = 女 或 (年龄 >= 90 且 联系电话 为空))"
    rule = parse(text, Subject.PERSON, vocabulary())
    builder = from_rule(rule)
    assert depth(rule.where) > 2
    assert builder.rows[-1].word == CONDITION
    assert builder.rows[-1].op == WRITTEN
    assert parse(text_of(builder, Subject.PERSON, vocabulary()), Subject.PERSON, vocabulary()) == rule


def test_the_row_with_the_fault_is_found(areas: object) -> None:
    written = composed(
        Builder((Row("年龄", ">=", "70"), Row("联系店话", "为空"), Row("性别", "=", "女"))),
        Subject.PERSON,
        vocabulary(),
    )
    try:
        parse(written.text, Subject.PERSON, vocabulary())
    except RuleError as refused:
        assert written.row_at(refused.start) == 1
        assert refused.nearest == "联系电话"


def test_a_row_can_be_taken_out_and_half_filled_ones_are_kept() -> None:
    posted = QueryDict("word=年龄&op=>=&value=70&word=性别&op=&value=女&word=姓名&op=包含&value=&word=&op=&value=")
    builder = Builder.of(posted)
    assert [r.word for r in builder.rows] == ["年龄", "性别", "姓名"]
    assert builder.rows[1].op == "="
    assert [r.word for r in builder.without("0").rows] == ["性别", "姓名"]


def test_words_are_offered_with_operators_and_values_that_fit(areas: object) -> None:
    words = vocabulary()
    found = as_json(offered(Subject.PERSON, words, {"sex": "身份"}))
    assert "独居老人" in found["标签"]["values"]
    assert found["性别"]["group"] == "身份"
    assert "女性" in found["性别"]["values"] or "女" in found["性别"]["values"]
    assert [op for op, _ in found["年龄"]["operators"]][:2] == [">=", "<="]
    assert ("无人", "无人") in [tuple(o) for o in found["子女"]["operators"]]
    assert dict(found["最近走访"]["operators"])["为空"] == "从未走访"


def test_every_offered_operator_is_a_word_of_the_language(areas: object) -> None:
    words = vocabulary()
    for subject in Subject:
        known = every_operator(subject, words)
        for word in offered(subject, words, {}):
            assert operators_of(word.name, subject, words), word.name
            assert {op for op, _ in operators_of(word.name, subject, words)} <= known.keys()


def test_every_offered_word_with_each_suggested_value_can_be_asked(areas: object) -> None:
    """What the page suggests must never be refused by the parser."""
    words = vocabulary()
    for subject in Subject:
        for word in offered(subject, words, {}):
            for op, _said in word.operators[:2]:
                for value in list(word.values)[:3]:
                    text = text_of(Builder((Row(word.name, op, value),)), subject, words)
                    assert parse(text, subject, words)
