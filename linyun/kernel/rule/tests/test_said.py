"""A rule told back names everything that is in it and nothing that is not: numbers, units, tags, days, both ends."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linyun.kernel.declare import Subject
from linyun.kernel.rule import Rule, parse, rule_from_json
from linyun.kernel.rule.say import phrase
from linyun.kernel.rule.syntax import (
    FIELD_TESTS,
    Between,
    Compare,
    Contains,
    Day,
    HasBranch,
    HasTag,
    OneOf,
    Op,
    Related,
    Unknown,
    Within,
    children,
    walk,
)
from linyun.kernel.rule.tests.world import TODAY, VOCABULARY, P, conditions

SUBJECTS = st.sampled_from((Subject.PERSON, Subject.HOUSEHOLD, Subject.DWELLING))
RULES = SUBJECTS.flatmap(lambda s: conditions(s).map(lambda c: Rule(s, c, VOCABULARY)))
SOME = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def sentence(rule: Rule, lang) -> str:
    return phrase(rule.where, rule.subject, VOCABULARY, lang)


def _subjects(condition, subject):
    """Every condition inside with the subject it is about."""
    yield condition, subject
    inner = VOCABULARY.relation(subject, condition.relation).target if isinstance(condition, Related) else subject
    for child in children(condition):
        yield from _subjects(child, inner)


@SOME
@given(RULES)
def test_nothing_of_a_rule_is_left_unsaid(rule: Rule):
    zh, en = sentence(rule, "zh"), sentence(rule, "en")
    for part, subject in _subjects(rule.where, rule.subject):
        match part:
            case Compare() | Between() | OneOf() | Within() | Contains() | Unknown():
                field = VOCABULARY.field(subject, part.field)
                assert field.name in zh or field.never[0] + "过" in zh
                assert field.code.replace("_", " ") in en
                values = getattr(part, "values", None) or [
                    getattr(part, n) for n in ("value", "low", "high") if hasattr(part, n)
                ]
                for value in values:
                    if isinstance(value, Day):
                        assert (str(abs(value.amount)) if value.amount else "今天") in zh
                    elif isinstance(value, int) and not isinstance(value, bool):
                        assert str(value) in zh and str(value) in en
            case HasTag(code):
                assert f"“{VOCABULARY.tags[code].name}”" in zh
                assert code.replace("_", " ") in en
            case HasBranch(path):
                assert f"“{'/'.join(path)}”下的" in zh
            case Related():
                relation = VOCABULARY.relation(subject, part.relation)
                assert relation.name in zh and relation.code in en
                assert part.op is None or str(part.number) in zh


@SOME
@given(RULES)
def test_rules_of_different_meaning_are_told_differently(rule: Rule):
    """Two buttons with one sentence: a worker would press the wrong one."""
    for other in (
        f"非 ({rule.text('zh')})",
        f"({rule.text('zh')}) 且 {_more(rule.subject)}",
        f"({rule.text('zh')}) 或 {_more(rule.subject)}",
    ):
        changed = parse(other, rule.subject, VOCABULARY)
        if changed != rule:
            for lang in ("zh", "en"):
                assert sentence(changed, lang) != sentence(rule, lang)


def _more(subject: Subject) -> str:
    return {Subject.PERSON: "年龄 = 119", Subject.HOUSEHOLD: "人数 = 119", Subject.DWELLING: "面积 = 119"}[subject]


@SOME
@given(RULES)
def test_sentences_are_clean(rule: Rule):
    zh = rule.say("zh", TODAY)
    outside = re.sub(r"“[^”]*”", "“”", zh)
    assert "  " not in outside
    assert not re.search(r" [、，。）]", outside)
    assert zh.count("（") == zh.count("）")
    assert zh.endswith("。") and "。。" not in zh
    en = rule.say("en", TODAY)
    assert en[0].isupper() and en.endswith(".")
    assert en.count("(") == en.count(")")
    for inside in ("None", "Op.", "Unit.", "Decimal", "datetime", "{", "Quantity"):
        assert inside not in zh + en


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_six_signs_are_six_wordings_for_numbers_and_for_days(lang):
    for name, value in (("年龄", "70"), ("月收入", "70"), ("走访次数", "3"), ("出生日期", "2000-01-01"), ("最近走访", "30天前"),
                        ("退休日期", "30天后"), ("退休日期", "今天")):  # fmt: skip
        said = {parse(f"{name} {sign} {value}", P, VOCABULARY).say(lang) for sign in Op}
        assert len(said) == 6


@pytest.mark.parametrize("quantity", ["有人", "无人", "都"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_quantity_is_told_apart(quantity, lang):
    told = {q: parse(f"同住家人 {q} (年龄 > 3)", P, VOCABULARY).say(lang) for q in ("有人", "无人", "都")}
    told["人数"] = parse("同住家人 人数 (年龄 > 3) >= 1", P, VOCABULARY).say(lang)
    assert len(set(told.values())) == 4
    assert [q for q, words in told.items() if words == told[quantity]] == [quantity]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("最近走访 早于 30天前", "2026-03-01"),
        ("最近走访 早于 1个月前", "2026-02-28"),
        ("最近走访 早于 1年前", "2025-03-31"),
        ("退休日期 晚于 2周后", "2026-04-14"),
        ("最近走访 = 今天", "2026-03-31"),
        ("最近走访 != 1天前", "2026-03-30"),
    ],
)
def test_with_the_day_stated_a_distance_is_told_as_the_day_the_engine_uses(written, day):
    rule = parse(written, P, VOCABULARY)
    assert isinstance(rule.where, Compare)
    assert rule.where.value.on(TODAY).isoformat() == day
    assert f"即 {day}" in rule.say("zh", TODAY)
    assert f"that is {day}" in rule.say("en", TODAY)
    assert day not in rule.say("zh")


@pytest.mark.parametrize(
    "text",
    ["a  b", " 张", "甲 ，乙", "好。", "（空）", "x 。 y", "没有年龄记录的居民", "的居民。", "“”", "<b>", "年龄 > 3"],
)
def test_a_text_is_told_letter_by_letter(text):
    """The sentence is what one checks before pressing the button: spaces inside the text count."""
    rule = rule_from_json({"subject": "person", "where": {"item": "name", "op": "contains", "value": text}}, VOCABULARY)
    assert rule.say("zh").startswith(f"姓名包含“{text}”的居民。")
    assert rule.say("en").startswith(f"Residents for whom: name contains “{text}”.")


@SOME
@given(RULES)
def test_the_note_names_exactly_what_can_leave_a_rule_undecided_for_the_subject_itself(rule: Rule):
    """No note where nothing is lacking, one for each thing that may be: nobody should have to guess who is left out."""
    own = [p for p, s in _own(rule.where, rule.subject)]
    compared = {p.field for p in own if isinstance(p, FIELD_TESTS) and not isinstance(p, Unknown)}
    asked = {p.field for p in own if isinstance(p, Unknown)}
    notes = rule.say("zh").removeprefix(sentence(rule, "zh"))
    for code in compared - asked:
        assert VOCABULARY.field(rule.subject, code).name in notes
    if not compared - asked:
        assert "这一项按“不清楚”处理" not in notes and "不会因此列入" not in notes
    has_inner = any(isinstance(p, Related) and p.where for p in walk(rule.where))
    assert ("有关的人、房等情况不清楚" in notes) is has_inner


def _own(condition, subject):
    yield condition, subject
    if not isinstance(condition, Related):
        for child in children(condition):
            yield from _own(child, subject)
