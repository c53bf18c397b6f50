"""Computed tags: their rules are read once, never in a circle, never without bound, and a fault names the tag."""

import pytest

from linyun.kernel.declare import Level, Subject
from linyun.kernel.rule import RuleError, Vocabulary, compile_sql, evaluate, parse, tag_faults
from linyun.kernel.rule.expand import MAX_CHAIN, weigh
from linyun.kernel.rule.tests.world import CODE_SETS as SETS
from linyun.kernel.rule.tests.world import ITEMS, RELATIONS, TERMS, TODAY, tag


def with_tags(*tags) -> Vocabulary:
    return Vocabulary(items=ITEMS, terms=TERMS, relations=RELATIONS, tags=tags, code_sets=SETS)


def refusal(written: str, vocabulary: Vocabulary) -> RuleError:
    with pytest.raises(RuleError) as refused:
        parse(written, Subject.PERSON, vocabulary)
    return refused.value


def test_tags_in_a_circle_are_refused_with_the_chain_at_the_word():
    words = with_tags(
        tag("a", "甲", "人", rule="标签 = 乙 或 年龄 > 3"),
        tag("b", "乙", "人", rule="同住家人 有人(标签 = 丙)"),
        tag("c", "丙", "人", rule="非 标签 = 甲"),
    )
    error = refusal("年龄 > 3 且 标签 = 甲", words)
    assert "甲 → 乙 → 丙 → 甲" in error.message_zh
    assert "a → b → c → a" in error.message_en
    assert (error.start, error.end) == (14, 15)
    assert set(tag_faults(words)) == {"a", "b", "c"}


def test_a_tag_that_names_its_own_branch_is_a_circle():
    words = with_tags(tag("a", "甲", "人/老人", rule="标签 = 老人"), tag("b", "乙", "人/老人"))
    assert "甲 → 甲" in refusal("标签 = 人", words).message_zh


def test_a_tag_whose_rule_is_wrong_is_named():
    words = with_tags(
        tag("a", "甲", "人", rule="年岁 > 3"), tag("b", "乙", "人", rule="标签 = 甲"), tag("c", "丙", "人")
    )
    error = refusal("标签 = 丙 或 标签 = 乙", words)
    assert error.message_zh == "标签“甲”的规则有误：居民没有“年岁”这个数据项，是不是“年龄”。"
    assert error.message_en.startswith("The rule of tag a: ")
    assert (error.start, error.end) == (14, 15)
    assert set(tag_faults(words)) == {"a", "b"}
    assert parse("标签 = 丙", Subject.PERSON, words)


def chain(length: int) -> tuple:
    """Tags t1 … each by a rule that names the next; the last is set by hand."""
    links = [tag(f"t{n}", f"第{n}级", "人", rule=f"标签 = t{n + 1}") for n in range(1, length + 1)]
    return (*links, tag(f"t{length + 1}", "末级", "人"))


@pytest.mark.parametrize("first", ["t1", f"t{MAX_CHAIN + 1}"])
def test_how_deep_tags_stand_in_tags_is_limited_whichever_is_read_first(first):
    assert parse("标签 = t1", Subject.PERSON, with_tags(*chain(MAX_CHAIN)))
    words = with_tags(*chain(MAX_CHAIN + 1))
    parse("标签 = t3", Subject.PERSON, words)
    if first != "t1":
        parse(f"标签 = {first}", Subject.PERSON, words)
    assert "最多 10 层" in refusal("标签 = t1", words).message_zh
    assert "t1" in tag_faults(words)


def test_a_very_long_chain_is_refused_without_recursing_through_it():
    assert "套得太深" in refusal("标签 = t1", with_tags(*chain(3000))).message_zh


def test_tags_that_double_at_each_level_are_refused_before_they_are_written_out():
    doubling = [tag(f"t{n}", f"第{n}级", "人", rule=" 或 ".join([f"标签 = t{n + 1}"] * 8)) for n in range(1, 8)]
    words = with_tags(*doubling, tag("t8", "末级", "人"))
    assert "展开后太大" in refusal("标签 = t1", words).message_zh
    assert parse("标签 = t6", Subject.PERSON, words)


def test_depth_counts_through_tags():
    deep = "非 " * 18 + "标签 = "
    words = with_tags(
        tag("a", "甲", "人", rule=f"{deep}乙"),
        tag("b", "乙", "人", rule=f"{deep}丙"),
        tag("c", "丙", "人", rule=f"{deep}丁"),
        tag("d", "丁", "人"),
    )
    assert parse("标签 = 甲", Subject.PERSON, words)
    assert "展开后太大" in refusal("非 非 非 标签 = 甲", words).message_zh


def test_weights_are_of_the_whole_rule_written_out():
    words = with_tags(tag("a", "甲", "人/x", rule="年龄 > 3 且 年龄 < 9"), tag("b", "乙", "人/x"))
    rule = parse("标签 = 人 或 同住家人 有人(标签 = 甲)", Subject.PERSON, words)
    weight = weigh(rule.where, rule.subject, words)
    assert weight.chain == 1
    assert weight.depth == 5
    assert weight.size > 8


def test_a_branch_means_the_tags_it_holds_on_the_day_it_is_asked():
    few = with_tags(tag("b", "乙", "人/x"))
    more = with_tags(tag("b", "乙", "人/x"), tag("c", "丙", "人/x"))
    rule = parse("标签 = 人/x", Subject.PERSON, few)
    assert ["b"] in compile_sql(rule, "s", TODAY).params.values()
    assert ["b", "c"] in compile_sql(rule, "s", TODAY, more).params.values()


def test_compiling_with_another_vocabulary_is_guarded_again():
    rule = parse("标签 = 甲", Subject.PERSON, with_tags(tag("a", "甲", "人")))
    circle = with_tags(tag("a", "甲", "人", rule="标签 = 甲"))
    with pytest.raises(RuleError, match="绕成了圈"):
        compile_sql(rule, "s", TODAY, circle)


def test_an_empty_branch_holds_nobody():
    """A branch can lose its last tag after a rule was saved."""
    rule = parse("标签 = 人/x", Subject.PERSON, with_tags(tag("b", "乙", "人/x")))
    emptied = type(rule)(rule.subject, rule.where, with_tags(tag("c", "丙", "人/y")))
    assert evaluate(emptied, {"tags": {"b"}}, TODAY) is False
    assert compile_sql(emptied, "s", TODAY).sql == "false"


def test_what_a_rule_reads_reaches_through_tags_and_relations():
    words = with_tags(
        tag("a", "甲", "人", rule="标签 = 乙 且 备注 为空", level=Level.INTERNAL),
        tag("b", "乙", "人", rule="身份证号 不为空", level=Level.INTERNAL),
    )
    rule = parse("所在户 有(户内成员 有人(标签 = 甲 且 年龄 > 3))", Subject.PERSON, words)
    assert {(u.what, u.code) for u in rule.items()} == {
        ("relation", "household"),
        ("relation", "member"),
        ("tag", "a"),
        ("tag", "b"),
        ("item", "remark"),
        ("item", "id_number"),
        ("term", "age"),
    }
    assert rule.level() is Level.SENSITIVE
