"""The compiled statement: nothing of the user in its text, every parameter used, the same shape for the same form."""

import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linyun.kernel.declare import Kind, Subject
from linyun.kernel.rule import Rule, Sense, Vocabulary, compile_sql, parse
from linyun.kernel.rule.syntax import FIELD_TESTS, Compare, Contains, HasTag, Related, Unknown, walk
from linyun.kernel.rule.tests.world import (
    CODE_SETS,
    ITEMS,
    RELATIONS,
    TAGS,
    TERMS,
    TODAY,
    VOCABULARY,
    P,
    conditions,
    item,
)

SUBJECTS = st.sampled_from((Subject.PERSON, Subject.HOUSEHOLD, Subject.DWELLING))
RULES = SUBJECTS.flatmap(lambda s: conditions(s).map(lambda c: Rule(s, c, VOCABULARY)))
SOME = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
NAMED = re.compile(r"%\((\w+)\)s")
DECLARED = re.compile(r"'(?:null|[a-z_]+)'|\"C\"")
"""The only literals that declared SQL brings: JSON keys, JSON null, the collation."""


@SOME
@given(RULES, st.sampled_from(list(Sense)))
def test_no_statement_holds_anything_but_declared_words_and_parameters(rule: Rule, sense: Sense):
    compiled = compile_sql(rule, "s", TODAY, sense=sense)
    bare = NAMED.sub("?", compiled.sql)
    assert "%" not in bare
    assert bare.isascii(), "every value and every name of people's making is a parameter"
    assert not re.search(r"['\"\\;]|--|/\*", DECLARED.sub("", bare))
    assert not re.search(r"(?<![a-z_0-9])[02-9]\d*(?![a-z_0-9])", bare.replace("> 0", ""))


@SOME
@given(RULES, st.sampled_from(list(Sense)))
def test_every_parameter_is_used_and_every_place_has_one(rule: Rule, sense: Sense):
    compiled = compile_sql(rule, "s", TODAY, sense=sense, prefix="q")
    used = set(NAMED.findall(compiled.sql))
    assert used == set(compiled.params)
    assert all(name.startswith("q") for name in used)
    assert all(v is not None for v in compiled.params.values())


@SOME
@given(RULES, st.sampled_from(list(Sense)))
def test_brackets_close_so_that_a_rule_can_be_put_anywhere(rule: Rule, sense: Sense):
    sql = compile_sql(rule, "s", TODAY, sense=sense).sql
    depth = 0
    for at, char in enumerate(sql):
        depth += (char == "(") - (char == ")")
        assert depth >= 0
        # An "or" outside brackets would swallow the condition on the area that stands before it.
        assert depth > 0 or not re.match(r" (or|and) ", sql[at:])
    assert depth == 0


@SOME
@given(RULES)
def test_the_three_senses_of_the_opposite_are_those_of_the_rule_turned_round(rule: Rule):
    """What is false of a rule is what is true of its opposite: one wrong turn would list the wrong half of a street."""
    opposite = parse(f"非 ({rule.text('zh')})", rule.subject, VOCABULARY)
    true, false = (compile_sql(rule, "s", TODAY, sense=s) for s in (Sense.TRUE, Sense.FALSE))
    turned = compile_sql(opposite, "s", TODAY, sense=Sense.TRUE)
    back = compile_sql(opposite, "s", TODAY, sense=Sense.FALSE)
    assert (turned.sql, turned.params) == (false.sql, false.params)
    assert (back.sql, back.params) == (true.sql, true.params)


@SOME
@given(RULES, st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.dates(date(2000, 1, 1), date(2060, 1, 1)))
def test_another_day_changes_values_and_never_the_statement(rule: Rule, one: date, other: date):
    """So the server keeps one plan for a saved crowd, today and tomorrow."""
    first, second = (compile_sql(rule, "s", day) for day in (one, other))
    assert first.sql == second.sql
    assert first.params.keys() == second.params.keys()
    for name, value in first.params.items():
        then = second.params[name]
        assert type(value) is type(then)
        for before, after in zip(*(x if isinstance(x, list) else [x] for x in (value, then)), strict=True):
            assert before == after or isinstance(before, date) and isinstance(after, date)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("年龄 > 3", date(2022, 3, 31)),
        ("走访次数 > 3", 3),
        ("月收入 > 3.50", Decimal("3.5")),
        ("月收入 > 1000", Decimal(1000)),
        ("出生日期 = 1948-03-05", date(1948, 3, 5)),
        ("最近走访 早于 1个月前", date(2026, 2, 28)),
        ("性别 = 女", "2"),
        ("性别 属于 (女、男)", ["2", "1"]),
        ("姓名 包含 “%_\\\\”", "%_\\"),
        ("特长 有 书法", "a1"),
        ("标签 = 独居", ["lone_elder"]),
        ("居住区域 = 310110", "310110"),
        ("同住家人 人数 = 2", 2),
    ],
)
def test_values_arrive_as_what_the_column_holds(written, value):
    """A number sent as text would be compared letter by letter: 9 after 80."""
    params = compile_sql(parse(written, P, VOCABULARY), "s", TODAY).params
    assert value in params.values()
    assert any(type(v) is type(value) and v == value for v in params.values())


def test_every_field_is_read_from_its_own_column_of_its_own_row():
    for (subject, code), field in VOCABULARY.fields.items():
        sql = compile_sql(parse(f"{code} 为空", subject, VOCABULARY), "aaa", TODAY).sql
        assert "aaa." in sql
        assert "{" not in sql and "}" not in sql
        if field.is_item:
            assert code in sql


def test_the_planner_is_given_exists_where_it_may_stop_early_and_counts_only_where_it_must():
    for quantity in ("有人 (年龄 > 3)", "无人 (年龄 > 3)", "都 (年龄 > 3)", "有人", "无人"):
        rule = parse(f"同住家人 {quantity}", P, VOCABULARY)
        for sense in (Sense.TRUE, Sense.FALSE):
            sql = compile_sql(rule, "s", TODAY, sense=sense).sql
            assert "exists" in sql and "count(" not in sql and "bool_or" not in sql
    counted = compile_sql(parse("同住家人 人数 (年龄 > 3) >= 2", P, VOCABULARY), "s", TODAY, sense=Sense.TRUE).sql
    assert "count(*)" in counted


def test_an_or_in_a_declared_relation_cannot_reach_out_of_it():
    sql = compile_sql(parse("同住家人 有人 (年龄 > 3)", P, VOCABULARY), "s", TODAY, sense=Sense.TRUE).sql
    inside = sql[sql.index("from (select") : sql.index(") p_t1 where")]
    assert " or " in inside
    assert " or " not in sql.replace(inside, "")


@pytest.mark.parametrize(
    ("written", "size"),
    [("标签 = 人", 0), ("标签 = 民政/老人", 1), ("标签 无 独居", 1), ("标签 属于 (独居、残疾、低保)", 3)],
)
def test_tags_of_a_branch_are_asked_once_with_all_their_codes(written, size):
    compiled = compile_sql(parse(written, P, VOCABULARY), "s", TODAY)
    lists = [v for v in compiled.params.values() if isinstance(v, list)]
    hand_set = {t.code for t in TAGS if t.subject is P and not t.rule}
    assert all(set(v) <= hand_set for v in lists)
    if written == "标签 = 人":
        assert set(max(lists, key=len)) == hand_set
    if size:
        assert len(lists) == size


def test_the_mark_template_of_the_vocabulary_is_used_for_every_hand_set_tag():
    words = Vocabulary(
        items=ITEMS,
        terms=TERMS,
        relations=RELATIONS,
        tags=TAGS,
        code_sets=CODE_SETS,
        mark_sql="marked({s}, {tags}, {today})",
    )
    compiled = compile_sql(parse("标签 = 独居 且 同住家人 有人 (标签 = 残疾)", P, words), "s", TODAY, sense=Sense.TRUE)
    assert re.search(r"marked\(s, %\(p\d\)s, %\(p_today\)s::date\)", compiled.sql)
    assert re.search(r"marked\(p_t1, %\(p\d\)s, %\(p_today\)s::date\)", compiled.sql)
    assert compiled.params["p_today"] == TODAY


@SOME
@given(RULES)
def test_what_a_rule_says_it_reads_is_what_it_compiles(rule: Rule):
    """The level of a rule, and with it the reason asked for, rests on this list."""
    uses = {(u.subject, u.code) for u in rule.items() if u.what in ("item", "term")}
    for part in walk(rule.where):
        if isinstance(part, FIELD_TESTS):
            assert any(code == part.field for _, code in uses)
        if isinstance(part, HasTag):
            assert any(u.what == "tag" and u.code == part.tag for u in rule.items())
        if isinstance(part, Related):
            assert any(u.what == "relation" and u.code == part.relation for u in rule.items())
    assert rule.level() >= max((VOCABULARY.field(*u).level for u in uses), default=rule.level())


@pytest.mark.parametrize("kind", [k for k in Kind if k not in (Kind.CODE, Kind.CODES)])
def test_every_kind_can_be_asked_for_being_known_in_column_and_tail(kind):
    words = Vocabulary(items=[item("a", P, "甲", kind, core=True), item("b", P, "乙", kind)])
    assert parse("甲 为空", P, words).where == Unknown("a")
    assert compile_sql(parse("甲 为空", P, words), "s", TODAY).sql == "(s.a is null)"
    assert "tail" in compile_sql(parse("乙 不为空", P, words), "s", TODAY).sql


def test_equal_rules_compile_alike_however_they_were_written():
    for one, other in (
        ("年龄>=70且标签=独居", "age at least 70岁 and tag has lone_elder"),
        ("最近走访 > 30天前", "last_visit before 30 days ago"),
        ("非 标签 = 独居", "标签 != 独居"),
        ("同住家人 没有人（年龄＜6）", "no housemate (age < 6)"),
    ):
        first, second = (compile_sql(parse(w, P, VOCABULARY), "s", TODAY) for w in (one, other))
        assert (first.sql, first.params) == (second.sql, second.params)
    assert isinstance(parse("姓名 包含 甲", P, VOCABULARY).where, Contains)
    assert isinstance(parse("姓名 = 甲", P, VOCABULARY).where, Compare)


@pytest.mark.parametrize(
    ("op", "inverse"), [("=", "!="), ("<", ">="), ("<=", ">"), ("!=", "="), (">=", "<"), (">", "<=")]
)
def test_where_a_count_is_false_its_inverse_is_true(op, inverse):
    """Without an inner condition a count is certain: what is false of one sign is what is true of its inverse."""
    for inner in ("", " (年龄 > 3)"):
        false, true = (
            compile_sql(parse(f"同住家人 人数{inner} {sign} 2", P, VOCABULARY), "s", TODAY, sense=sense)
            for sign, sense in ((op, Sense.FALSE), (inverse, Sense.TRUE))
        )
        assert (false.sql, false.params) == (true.sql, true.params)
