"""The product and the tiny second meaning agree: for random rules, random people, both languages, any day of the year."""

import json
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linyun.kernel.declare import Subject
from linyun.kernel.rule import Rule, evaluate, parse, rule_from_json, why
from linyun.kernel.rule.tests.tiny import answer, stepped
from linyun.kernel.rule.tests.world import TODAY, VOCABULARY, World, conditions

PEOPLE = World(seed=11, people=40)
SUBJECTS = st.sampled_from((Subject.PERSON, Subject.HOUSEHOLD, Subject.DWELLING))
RULES = SUBJECTS.flatmap(lambda s: conditions(s).map(lambda c: Rule(s, c, VOCABULARY)))
SOME = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
DAYS = st.sampled_from(
    [date(2024, 2, 29), date(2025, 2, 28), date(2025, 3, 1), date(2025, 12, 31), date(2026, 1, 1), date(2026, 3, 31)]
)


@SOME
@given(RULES, DAYS)
def test_everybody_of_a_small_world_gets_the_same_answer_twice(rule: Rule, today: date):
    form = rule.to_json()
    for row in PEOPLE.rows(rule.subject)[:12]:
        assert evaluate(rule, row, today) is answer(form, row, today), rule.text("zh")


@SOME
@given(RULES)
def test_through_chinese_english_chinese_and_json_the_same_people_are_meant(rule: Rule):
    """What a worker types, a colleague reads in English, and the builder stores."""
    chinese = parse(rule.text("zh"), rule.subject, VOCABULARY)
    english = parse(chinese.text("en"), rule.subject, VOCABULARY)
    again = parse(english.text("zh"), rule.subject, VOCABULARY)
    stored = rule_from_json(json.loads(json.dumps(again.to_json(), ensure_ascii=False)), VOCABULARY)
    assert stored == rule
    form = rule.to_json()
    for row in PEOPLE.rows(rule.subject)[:6]:
        assert evaluate(stored, row, TODAY) is answer(form, row, TODAY)


@SOME
@given(RULES)
def test_the_opposite_of_the_opposite_is_the_rule_and_nobody_is_in_both(rule: Rule):
    written = rule.text("zh")
    opposite = parse(f"非 ({written})", rule.subject, VOCABULARY)
    both = parse(f"({written}) 且 非 ({written})", rule.subject, VOCABULARY)
    either = parse(f"({written}) 或 非 ({written})", rule.subject, VOCABULARY)
    for row in PEOPLE.rows(rule.subject)[:8]:
        truth = evaluate(rule, row, TODAY)
        assert evaluate(opposite, row, TODAY) is (None if truth is None else not truth)
        assert evaluate(both, row, TODAY) is (None if truth is None else False)
        assert evaluate(either, row, TODAY) is (None if truth is None else True)


@SOME
@given(RULES, st.sampled_from(("zh", "en")))
def test_the_explanation_ends_in_the_same_answer_and_its_parts_make_it_up(rule: Rule, lang):
    for row in PEOPLE.rows(rule.subject)[:4]:
        told = why(rule, row, TODAY, lang)
        assert told.truth is evaluate(rule, row, TODAY)
        form = rule.to_json()["where"]
        truths = {part.truth for part in told.parts}
        if "all" in form:
            assert told.truth is (False if False in truths else None if None in truths else True)
        elif "any" in form:
            assert told.truth is (True if True in truths else None if None in truths else False)
        elif "not" in form:
            (inner,) = told.parts
            assert told.truth is (None if inner.truth is None else not inner.truth)


@SOME
@given(st.lists(conditions(Subject.PERSON, 1), min_size=2, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_conditions_changes_nobody(parts, random):
    texts = [f"({Rule(Subject.PERSON, p, VOCABULARY).text('zh')})" for p in parts]
    shuffled = texts[:]
    random.shuffle(shuffled)
    for word in (" 且 ", " 或 "):
        one, other = (parse(word.join(t), Subject.PERSON, VOCABULARY) for t in (texts, shuffled))
        for row in PEOPLE.people[:8]:
            assert evaluate(one, row, TODAY) is evaluate(other, row, TODAY)


@pytest.mark.parametrize(
    ("today", "amount", "unit", "then"),
    [
        (date(2024, 3, 31), -1, "month", date(2024, 2, 29)),
        (date(2023, 3, 31), -1, "month", date(2023, 2, 28)),
        (date(2026, 1, 1), -1, "day", date(2025, 12, 31)),
        (date(2025, 12, 31), 2, "month", date(2026, 2, 28)),
        (date(2024, 2, 29), 1, "year", date(2025, 2, 28)),
        (date(2024, 2, 29), -4, "year", date(2020, 2, 29)),
    ],
)
def test_the_second_calendar_is_itself_right(today, amount, unit, then):
    assert stepped(today, amount, unit) == then
