"""Why a rule holds for one person, and the few things worth asking when that cannot be told."""

from datetime import date

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from linyun.kernel.declare import Subject
from linyun.kernel.rule import Rule, evaluate, needs, parse, why
from linyun.kernel.rule.syntax import Unknown, walk
from linyun.kernel.rule.tests.world import TODAY, VOCABULARY, World, conditions

RULE = "年龄 >= 70 且 (标签 = 独居 或 最近走访 早于 30天前)"


def asked(written: str, facts: dict) -> list[tuple[str, ...]]:
    found = needs(parse(written, Subject.PERSON, VOCABULARY), facts, TODAY)
    return [(*need.steps, need.code) for need in found]


def test_each_part_tells_whether_it_holds_and_what_is_held():
    facts = {"age": 82, "tags": set(), "last_visit": date(2026, 3, 20)}
    told = why(parse(RULE, Subject.PERSON, VOCABULARY), facts, TODAY)
    assert told.truth is False
    age, other = told.parts
    assert (age.words, age.truth, age.value) == ("年龄 70 岁及以上", True, 82)
    assert other.truth is False
    tagged, visited = other.parts
    assert (tagged.words, tagged.truth) == ("有“独居”标签", False)
    assert (visited.truth, visited.value) == (False, date(2026, 3, 20))
    assert visited.words == "最近走访早于 30 天前（距今超过 30 天）"


def test_words_can_be_english():
    told = why(parse("年龄 >= 70", Subject.PERSON, VOCABULARY), {"age": 3}, TODAY, "en")
    assert told.words == "age is at least 70 years"


def test_a_computed_tag_shows_the_rule_behind_it():
    told = why(parse("标签 = 高龄", Subject.PERSON, VOCABULARY), {"age": 79}, TODAY)
    assert told.truth is False
    assert [(p.words, p.truth, p.value) for p in told.parts] == [("年龄 80 岁及以上", False, 79)]


def test_related_people_are_counted_not_named():
    facts = {"housemate": [{"age": 5}, {"age": None}, {"age": 30}, {"age": 31}]}
    told = why(parse("同住家人 有人(年龄 < 6)", Subject.PERSON, VOCABULARY), facts, TODAY)
    assert (told.truth, told.counts, told.parts) == (True, (1, 2, 1), ())
    missing = why(parse("同住家人 有人(年龄 < 6)", Subject.PERSON, VOCABULARY), {}, TODAY)
    assert (missing.truth, missing.counts) == (None, None)


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        ({"age": 60}, []),
        ({"age": 80, "tags": {"lone_elder"}}, []),
        ({"age": 80, "tags": set()}, [("last_visit",)]),
        ({"tags": {"lone_elder"}}, [("age",)]),
        ({"tags": set()}, [("age",), ("last_visit",)]),
        ({"age": 80}, [("tags",), ("last_visit",)]),
        ({"age": 80, "last_visit": date(2025, 1, 1)}, []),
    ],
)
def test_only_what_could_decide_is_asked(facts, codes):
    assert asked(RULE, facts) == codes


def test_needs_reach_through_relations_and_computed_tags_without_repeating():
    facts = {"housemate": [{"age": None}, {"age": None}, {"age": 50}], "tags": set()}
    assert asked("同住家人 有人(年龄 < 6)", facts) == [("housemate", "age")]
    assert asked("标签 = 高龄", facts) == [("age",)]
    assert asked("标签 = 民政/老人", facts) == [("age",)]
    assert asked("同住家人 有人(年龄 < 6)", {}) == [("housemate",)]
    assert asked("年龄 > 3 且 年龄 < 9 且 非 年龄 = 5", {}) == [("age",)]


def test_a_need_names_its_item_for_the_page():
    (need,) = needs(parse("所在户 有(门牌 = 3)", Subject.PERSON, VOCABULARY), {"household": [{}]}, TODAY)
    assert (need.subject, need.code, need.name, need.steps) == (Subject.HOUSEHOLD, "door", "门牌", ("household",))


PEOPLE = World(seed=3, people=12)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(conditions(Subject.PERSON), st.sampled_from(PEOPLE.people))
def test_needs_are_empty_exactly_when_the_rule_is_decided(condition, row):
    rule = Rule(Subject.PERSON, condition, VOCABULARY)
    decided = evaluate(rule, row, TODAY) is not None
    assert bool(needs(rule, row, TODAY)) is not decided
    assert why(rule, row, TODAY).truth is evaluate(rule, row, TODAY)


LEARNT = {"age": 70, "children": 1, "income": 100, "is_local": True, "sex": "2", "last_visit": TODAY}


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(conditions(Subject.PERSON), st.sampled_from(PEOPLE.people), st.sampled_from(sorted(LEARNT)))
def test_once_decided_no_further_knowledge_changes_the_answer(condition, row, gap):
    """So nobody is asked too little. Only 为空 itself asks about the gap, and is answered anew when it is filled."""
    assume(not any(isinstance(part, Unknown) for part in walk(condition)))
    rule = Rule(Subject.PERSON, condition, VOCABULARY)
    known = {code: row[code] for code in (*row, "age", "housemate", "household")}
    before = evaluate(rule, known, TODAY)
    assume(before is not None and known[gap] is None)
    assert evaluate(rule, {**known, gap: LEARNT[gap]}, TODAY) is before
