"""And, or, not and brackets bind as Python's do, whatever the words and however deep."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linyun.kernel.declare import Subject
from linyun.kernel.rule import Rule, evaluate, parse
from linyun.kernel.rule.syntax import And, Or, walk
from linyun.kernel.rule.tests.world import TODAY, VOCABULARY

LEAVES = ("年龄 > 3", "性别 = 女", "本地户籍 = 是", "子女数 = 0")
NAMES = ("a", "b", "c", "d")
FACTS = (
    ({"age": 9}, {"sex": "2"}, {"is_local": True}, {"children": 0}),
    ({"age": 2}, {"sex": "1"}, {"is_local": False}, {"children": 1}),
)
AND, OR, NOT = ("且", "并且", "and", "&"), ("或", "或者", "or", "|"), ("非", "不符合", "not", "!")


@st.composite
def formulas(draw, depth: int = 4) -> tuple[str, str]:
    """The same formula twice: for Python, and in the words of the language."""
    if depth == 0 or draw(st.booleans()):
        n = draw(st.integers(0, 3))
        return NAMES[n], LEAVES[n]
    kind = draw(st.sampled_from(("and", "or", "not", "bracket")))
    first = draw(formulas(depth - 1))
    if kind == "bracket":
        return f"({first[0]})", f"（{first[1]}）"
    if kind == "not":
        return f"(not ({first[0]}))", f"({draw(st.sampled_from(NOT))} ({first[1]}))"
    second = draw(formulas(depth - 1))
    word = draw(st.sampled_from(AND if kind == "and" else OR))
    return f"{first[0]} {kind} {second[0]}", f"{first[1]} {word} {second[1]}"


def facts_of(values: tuple[bool, ...]) -> dict:
    return {key: value for n, yes in enumerate(values) for key, value in FACTS[0 if yes else 1][n].items()}


@settings(max_examples=70, deadline=None)
@given(formulas())
def test_words_bind_as_pythons_do(pair: tuple[str, str]):
    python, written = pair
    rule = parse(written, Subject.PERSON, VOCABULARY)
    for bits in range(16):
        values = tuple(bool(bits >> n & 1) for n in range(4))
        expected = bool(eval(python, {}, dict(zip(NAMES, values, strict=True))))
        assert evaluate(rule, facts_of(values), TODAY) is expected, written


@settings(max_examples=40, deadline=None)
@given(formulas())
def test_no_and_holds_an_and_and_no_or_an_or(pair: tuple[str, str]):
    """The builder, the explanation and the compiler all count on flat joins."""
    where = parse(pair[1], Subject.PERSON, VOCABULARY).where
    for part in walk(where):
        if isinstance(part, And | Or):
            assert len(part.parts) >= 2
            assert not any(isinstance(inner, type(part)) for inner in part.parts)


@settings(max_examples=40, deadline=None)
@given(formulas(), st.sampled_from(("zh", "en")))
def test_the_canonical_text_has_brackets_only_around_what_is_joined(pair: tuple[str, str], lang):
    rule = parse(pair[1], Subject.PERSON, VOCABULARY)
    written = rule.text(lang)
    assert parse(written, Subject.PERSON, VOCABULARY) == rule
    joins = sum(isinstance(part, And | Or) for part in walk(rule.where))
    assert written.count("(") == joins - isinstance(rule.where, And | Or)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("年龄 > 3 或 性别 = 女 且 子女数 = 0", "年龄 > 3 或 (性别 = 女 且 子女数 = 0)"),
        ("年龄 > 3 且 性别 = 女 或 子女数 = 0", "(年龄 > 3 且 性别 = 女) 或 子女数 = 0"),
        ("非 年龄 > 3 或 性别 = 女", "(非 年龄 > 3) 或 性别 = 女"),
        ("非 年龄 > 3 且 非 性别 = 女", "(非 年龄 > 3) 且 (非 性别 = 女)"),
        ("非 同住家人 有人 (年龄 < 6) 且 性别 = 女", "(非 同住家人 有人 (年龄 < 6)) 且 性别 = 女"),
        ("年龄 在 1 到 3 之间 且 性别 = 女", "(年龄 在 1 到 3 之间) 且 性别 = 女"),
        ("age between 1 and 3 and sex = 2 or children = 0", "((age between 1 and 3) and sex = 2) or children = 0"),
        ("count housemate between 1 and 3 and sex = 2", "(count housemate between 1 and 3) and sex = 2"),
        ("年龄 属于 1、3 且 性别 = 女", "(年龄 属于 (1、3)) 且 性别 = 女"),
        ("年龄 > 3 且 (((性别 = 女)))", "年龄 > 3 且 性别 = 女"),
        ("((年龄 > 3) 且 (性别 = 女)) 且 子女数 = 0", "年龄 > 3 且 性别 = 女 且 子女数 = 0"),
    ],
)
def test_what_belongs_together(written, plain):
    assert parse(written, Subject.PERSON, VOCABULARY) == parse(plain, Subject.PERSON, VOCABULARY)


def test_the_and_inside_a_range_is_not_the_and_between_conditions():
    rule = parse("age between 1 and 3 and children between 0 and 2", Subject.PERSON, VOCABULARY)
    assert isinstance(rule.where, And)
    assert [type(p).__name__ for p in rule.where.parts] == ["Between", "Between"]


def test_rules_that_differ_in_a_bracket_differ():
    one = parse("年龄 > 3 且 (性别 = 女 或 子女数 = 0)", Subject.PERSON, VOCABULARY)
    other = parse("(年龄 > 3 且 性别 = 女) 或 子女数 = 0", Subject.PERSON, VOCABULARY)
    assert one != other
    assert one.text("zh") != other.text("zh")
    assert one.say("zh") != other.say("zh")
    assert Rule(Subject.PERSON, one.where, VOCABULARY) == one


KLEENE = (False, None, True)


@pytest.mark.parametrize("left", KLEENE)
@pytest.mark.parametrize("right", KLEENE)
def test_the_table_of_three_truths_as_a_worker_meets_it(left, right):
    """Kleene, 1938: and is the smaller, or the greater of no < not known < yes."""
    age = {True: 9, False: 2, None: None}[left]
    sex = {True: "2", False: "1", None: None}[right]
    order = {False: 0, None: 1, True: 2}
    for facts in ({"age": age, "sex": sex}, {k: v for k, v in (("age", age), ("sex", sex)) if v is not None}):

        def asked(written: str, facts=facts):
            return evaluate(parse(written, Subject.PERSON, VOCABULARY), facts, TODAY)

        assert order[asked("年龄 > 3 且 性别 = 女")] == min(order[left], order[right])
        assert order[asked("年龄 > 3 或 性别 = 女")] == max(order[left], order[right])
        assert order[asked("非 年龄 > 3")] == 2 - order[left]
        assert asked("非 (年龄 > 3 且 性别 = 女)") is asked("非 年龄 > 3 或 非 性别 = 女")
        assert asked("非 (年龄 > 3 或 性别 = 女)") is asked("非 年龄 > 3 且 非 性别 = 女")
        assert asked("年龄 为空") is (left is None)
        assert asked("年龄 > 3 或 年龄 为空") is (left is not False)
        assert asked("年龄 != 9") is (None if left is None else not left)
