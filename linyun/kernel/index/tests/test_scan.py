"""The index finds the people whom one-person evaluation finds: random rules, random worlds, every day, every scope."""

from datetime import date

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from linyun.kernel.declare import Subject
from linyun.kernel.index import NotIndexed, Scan
from linyun.kernel.index.tests.worlds import indexed
from linyun.kernel.rule import Rule, RuleError, Vocabulary, evaluate, parse
from linyun.kernel.rule.syntax import HasTag
from linyun.kernel.rule.tests.world import (
    CODE_SETS,
    ITEMS,
    RELATIONS,
    TAGS,
    TERMS,
    TODAY,
    VOCABULARY,
    World,
    conditions,
    tag,
)

WORLDS = [World(seed, people) for seed, people in ((1, 60), (2, 200), (3, 1))]
STORES = [indexed(world) for world in WORLDS]
SUBJECTS = st.sampled_from((Subject.PERSON, Subject.HOUSEHOLD, Subject.DWELLING))
RULES = SUBJECTS.flatmap(lambda s: conditions(s).map(lambda c: Rule(s, c, VOCABULARY)))
DAYS = st.sampled_from([date(2024, 2, 29), date(2025, 3, 1), date(2026, 1, 1), TODAY])
MANY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def read(text: str, subject: Subject = Subject.PERSON) -> Rule:
    return parse(text, subject, VOCABULARY)


@MANY
@given(RULES, st.sampled_from(range(len(WORLDS))))
@example(read("年龄 属于 (60、70)"), 0)
@example(read("月收入 在 12.49 到 3000.001 之间"), 0)
@example(read("同住家人 人数(年龄 >= 60) >= 2"), 1)
@example(read("同住家人 都 (年龄 >= 60)"), 1)
@example(read("户内成员 无人 (标签 = 独居)", Subject.HOUSEHOLD), 1)
def test_everybody_is_answered_as_by_one_person_evaluation(rule: Rule, n: int) -> None:
    scan = Scan(STORES[n], VOCABULARY, TODAY)
    rows = WORLDS[n].rows(rule.subject)
    answers = {row["id"]: evaluate(rule, row, TODAY) for row in rows}
    assert set(scan.sure(rule)) == {pk for pk, truth in answers.items() if truth is True}, rule.text("zh")
    assert set(scan.undecided(rule)) == {pk for pk, truth in answers.items() if truth is None}, rule.text("zh")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(RULES, st.sets(st.integers(0, 199), max_size=120), st.sets(st.integers(0, 14)), st.sets(st.integers(0, 7)))
def test_who_is_outside_the_scope_is_not_there_nor_as_a_relative(
    rule: Rule, people: set[int], households: set[int], dwellings: set[int]
) -> None:
    """As under row-level security: a daughter in the next committee decides nothing here."""
    inside = {Subject.PERSON: people, Subject.HOUSEHOLD: households, Subject.DWELLING: dwellings}
    world = World(2, 200)
    world.people = [row for row in world.people if row["id"] in people]
    world.households = [row for row in world.households if row["id"] in households]
    world.dwellings = [row for row in world.dwellings if row["id"] in dwellings]
    scan = Scan(STORES[1], VOCABULARY, TODAY, {subject: BitMap(rows) for subject, rows in inside.items()})
    answers = {row["id"]: evaluate(rule, row, TODAY) for row in world.rows(rule.subject)}
    assert set(scan.sure(rule)) == {pk for pk, truth in answers.items() if truth is True}, rule.text("zh")
    assert set(scan.undecided(rule)) == {pk for pk, truth in answers.items() if truth is None}, rule.text("zh")


@settings(max_examples=40, deadline=None)
@given(DAYS, st.integers(0, 120))
def test_ages_turn_on_the_birthday(today: date, years: int) -> None:
    people = WORLDS[1].people
    scan = Scan(STORES[1], VOCABULARY, today)
    for sign in ("=", "!=", ">=", "<", ">", "<="):
        rule = read(f"年龄 {sign} {years}")
        facts = [(row["id"], row["birth_date"]) for row in people if row["birth_date"]]
        ages = {pk: today.year - born.year - ((today.month, today.day) < (born.month, born.day)) for pk, born in facts}
        assert set(scan.sure(rule)) == {pk for pk, age in ages.items() if evaluate(rule, {"age": age}, today)}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(RULES, min_size=2, max_size=6))
def test_what_one_rule_left_behind_changes_no_other(rules: list[Rule]) -> None:
    """Kept answers are shared, and the bitmaps of columns are handed out as they are."""
    together = Scan(STORES[0], VOCABULARY, TODAY)
    for rule in (*rules, *rules):
        alone = Scan(indexed(WORLDS[0]), VOCABULARY, TODAY)
        assert together.sure(rule) == alone.sure(rule)
        assert together.undecided(rule) == alone.undecided(rule)


def test_what_is_not_held_is_refused_and_not_nobody() -> None:
    store = indexed(WORLDS[0])
    del store[Subject.PERSON].columns["sex"], store[Subject.PERSON].edges["housemate"]
    for text in ("性别 = 女", "非 性别 = 女", "同住家人 有人 (年龄 > 3)", "同住家人 人数(年龄 > 3) >= 1"):
        with pytest.raises(NotIndexed):
            Scan(store, VOCABULARY, TODAY).sure(read(text))
    with pytest.raises(NotIndexed):
        Scan({}, VOCABULARY, TODAY).sure(read("性别 = 女"))


def test_tags_that_lead_in_a_circle_are_refused_as_everywhere() -> None:
    circle = (*TAGS, tag("a", "甲标", "人/民政", rule="标签 = 乙标"), tag("b", "乙标", "人/民政", rule="标签 = 甲标"))
    words = Vocabulary(items=ITEMS, terms=TERMS, relations=RELATIONS, tags=circle, code_sets=CODE_SETS)
    with pytest.raises(RuleError, match="绕成了圈"):
        Scan(STORES[0], words, TODAY).sure(Rule(Subject.PERSON, HasTag("a"), words))
