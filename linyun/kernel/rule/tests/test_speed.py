"""Reading a rule is quick enough for every key stroke, with the whole dictionary; hostile text gains nothing."""

from statistics import median
from time import perf_counter

import pytest

from linyun.kernel.declare import Subject
from linyun.kernel.rule import RuleError, Vocabulary, evaluate, parse
from linyun.kernel.rule.tests.world import CODE_SETS, ITEMS, RELATIONS, TAGS, TERMS, TODAY, tag

MANY = [tag(f"t{n}", f"第{n}号标签", f"人/第{n % 9}类/第{n % 40}组") for n in range(760)]
WORDS = Vocabulary(items=ITEMS, terms=TERMS, relations=RELATIONS, tags=[*TAGS, *MANY], code_sets=CODE_SETS)
TYPICAL = "年龄≥70且标签：独居 或 (居住区域 属于 (310110009016、310110009017) 且 非 标签:第700号标签)"


def milliseconds(do, times: int = 15) -> float:
    taken = []
    for _ in range(times):
        start = perf_counter()
        do()
        taken.append((perf_counter() - start) * 1000)
    return median(taken)


def test_a_typical_rule_is_read_in_under_five_milliseconds():
    assert milliseconds(lambda: parse(TYPICAL, Subject.PERSON, WORDS)) < 5


def test_a_misspelt_word_is_answered_in_under_twenty_milliseconds():
    def misspelt() -> None:
        with pytest.raises(RuleError):
            parse("年龄 > 70 且 标签 = 第70号标牌", Subject.PERSON, WORDS)

    assert milliseconds(misspelt) < 20


@pytest.mark.parametrize(
    "written",
    [
        "年" * 4000,
        "非" * 4000,
        "(" * 4000,
        "有" * 4000,
        "第" * 4000,
        "年龄 = 1 或" * 450,
        "年龄 属于 (" + "1、" * 1900 + "1)",
        "标签 = " + "第7号标签、" * 600,
        "标签 属于 (" + "人、" * 1500 + "人)",
        "1" * 4000,
        "年龄 > " + "0" * 3900,
        "户籍地址 = " + "甲" * 3900,
        '"' * 4000,
        " " * 4000,
        "9天" * 1300,
        "not " * 1000,
    ],
    ids=range(16),
)
def test_hostile_text_takes_no_longer_than_half_a_second(written):
    def attempt() -> None:
        try:
            parse(written, Subject.PERSON, WORDS)
        except RuleError:
            return

    assert milliseconds(attempt, 1) < 500


def test_one_person_is_evaluated_in_well_under_a_millisecond():
    rule = parse(TYPICAL, Subject.PERSON, WORDS)
    facts = {"age": 72, "tags": {"lone_elder"}, "live_area": "310110009016001"}
    assert evaluate(rule, facts, TODAY) is True
    assert milliseconds(lambda: evaluate(rule, facts, TODAY)) < 1
