"""What a rule means for one subject: three truths, closed tags, open items, counts that are not certain."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linyun.kernel.declare import Subject
from linyun.kernel.rule import evaluate, parse
from linyun.kernel.rule.evaluate import every, opposite, some
from linyun.kernel.rule.syntax import FARTHEST, Day, Unit
from linyun.kernel.rule.tests.world import TODAY, VOCABULARY

TRUTHS = (True, False, None)


def truth(written: str, facts: dict, subject: Subject = Subject.PERSON, today: date = TODAY):
    return evaluate(parse(written, subject, VOCABULARY), facts, today)


def test_kleene_tables():
    for a in TRUTHS:
        for b in TRUTHS:
            assert every([a, b]) is (False if False in (a, b) else None if None in (a, b) else True)
            assert some([a, b]) is opposite(every([opposite(a), opposite(b)]))
    assert every([]) is True
    assert some([]) is False


@pytest.mark.parametrize(
    ("written", "facts", "answer"),
    [
        ("年龄 >= 70", {"age": 70}, True),
        ("年龄 >= 70", {"age": 69}, False),
        ("年龄 >= 70", {"age": None}, None),
        ("年龄 >= 70", {}, None),
        ("年龄 != 70", {}, None),
        ("非 年龄 >= 70", {}, None),
        ("年龄 为空", {}, True),
        ("年龄 为空", {"age": 0}, False),
        ("年龄 不为空", {}, False),
        ("年龄 在 60 到 79 之间", {"age": 60}, True),
        ("年龄 在 60 到 79 之间", {"age": 79}, True),
        ("年龄 在 60 到 79 之间", {"age": 80}, False),
        ("年龄 在 60 到 79 之间", {}, None),
        ("年龄 属于 (1、2)", {"age": 2}, True),
        ("年龄 属于 (1、2)", {"age": 3}, False),
        ("年龄 属于 (1、2)", {}, None),
        ("月收入 <= 3000.1", {"income": 3000.1}, True),
        ("月收入 <= 3000.1", {"income": "3000.10"}, True),
        ("月收入 < 3000.1", {"income": Decimal("3000.1")}, False),
        ("性别 = 女", {"sex": "2"}, True),
        ("性别 != 女", {"sex": "2"}, False),
        ("性别 != 女", {"sex": "1"}, True),
        ("婚姻状况 不属于 (丧偶、离婚)", {"marital_status": "20"}, True),
        ("婚姻状况 不属于 (丧偶、离婚)", {}, None),
        ("特长 有 书法", {"skills": ["a1", "a2"]}, True),
        ("特长 无 书法", {"skills": []}, True),
        ("特长 无 书法", {}, None),
        ("户籍地址 包含 低保", {"registered_address": "1号低保户"}, True),
        ("户籍地址 包含 低保", {"registered_address": ""}, False),
        ("户籍地址 包含 低保", {}, None),
        ("本地户籍 = 否", {"is_local": False}, True),
        ("居住区域 = 310110009016", {"live_area": "310110009016001"}, True),
        ("居住区域 = 310110009016", {"live_area": "310110009016"}, True),
        ("居住区域 = 310110009016", {"live_area": "310110009017"}, False),
        ("居住区域 属于 (310110009017、3101)", {"live_area": "310110009016"}, True),
        ("居住区域 不属于 (3101)", {}, None),
        ("出生日期 >= 1948-03-05", {"birth_date": date(1948, 3, 5)}, True),
        ("出生日期 >= 1948-03-05", {"birth_date": "1948-03-04"}, False),
        ("标签 = 独居", {"tags": {"lone_elder"}}, True),
        ("标签 = 独居", {"tags": set()}, False),
        ("标签 无 独居", {"tags": set()}, True),
        ("标签 = 独居", {}, None),
        ("标签 = 民政/救助", {"tags": {"other_a"}}, True),
        ("标签 = 民政/老人", {"tags": set(), "age": 85}, True),
        ("标签 = 民政/老人", {"tags": set(), "age": 75}, False),
        ("标签 = 民政/老人", {"tags": set()}, None),
        ("标签 = 民政/老人", {"tags": {"lone_elder"}}, True),
        ("年龄 >= 70 或 性别 = 女", {"sex": "2"}, True),
        ("年龄 >= 70 且 性别 = 女", {"sex": "1"}, False),
        ("年龄 >= 70 且 性别 = 女", {"sex": "2"}, None),
    ],
)
def test_items_and_tags(written, facts, answer):
    assert truth(written, facts) is answer


@pytest.mark.parametrize(
    ("written", "days_ago", "answer"),
    [
        ("最近走访 > 30天前", 31, True),
        ("最近走访 > 30天前", 30, False),
        ("最近走访 早于 30天前", 31, True),
        ("最近走访 早于 30天前", 30, False),
        ("最近走访 >= 30天前", 30, True),
        ("最近走访 < 30天前", 29, True),
        ("最近走访 < 30天前", 30, False),
        ("最近走访 <= 30天前", 30, True),
        ("最近走访 = 30天前", 30, True),
        ("最近走访 过去30天内", 30, True),
        ("最近走访 过去30天内", 31, False),
        ("最近走访 过去30天内", -1, False),
        ("最近走访 = 今天", 0, True),
        ("最近走访 早于 1周前", 8, True),
    ],
)
def test_how_long_ago(written, days_ago, answer):
    facts = {"last_visit": Day(-days_ago).on(TODAY)}
    assert truth(written, facts) is answer


def test_nobody_visited_is_unknown_unless_asked_for():
    assert truth("最近走访 > 30天前", {}) is None
    assert truth("最近走访 < 30天前", {}) is None
    assert truth("从未走访", {}) is True
    assert truth("从未走访 或 最近走访 > 30天前", {}) is True


@pytest.mark.parametrize(
    ("today", "day", "then"),
    [
        (date(2026, 3, 31), Day(-1, Unit.MONTH), date(2026, 2, 28)),
        (date(2024, 3, 31), Day(-1, Unit.MONTH), date(2024, 2, 29)),
        (date(2024, 2, 29), Day(-1, Unit.YEAR), date(2023, 2, 28)),
        (date(2024, 2, 29), Day(-4, Unit.YEAR), date(2020, 2, 29)),
        (date(2026, 1, 15), Day(-1, Unit.MONTH), date(2025, 12, 15)),
        (date(2026, 1, 15), Day(-13, Unit.MONTH), date(2024, 12, 15)),
        (date(2026, 12, 31), Day(2, Unit.MONTH), date(2027, 2, 28)),
        (date(2026, 3, 1), Day(-1), date(2026, 2, 28)),
        (date(2026, 3, 1), Day(2, Unit.WEEK), date(2026, 3, 15)),
        (date(2026, 3, 1), Day(0), date(2026, 3, 1)),
    ],
)
def test_days_at_a_distance_fall_on_the_calendar(today, day, then):
    assert day.on(today) == then


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)), st.sampled_from(Unit), st.sampled_from((-1, 1)))
def test_the_farthest_day_is_on_the_calendar(today, unit, sign):
    assert Day(sign * FARTHEST[unit], unit).on(today).year > 0


MATES = [{"age": 5}, {"age": None}, {"age": 40}]


@pytest.mark.parametrize(
    ("written", "mates", "answer"),
    [
        ("同住家人 有人(年龄 < 6)", MATES, True),
        ("同住家人 有人(年龄 > 60)", MATES, None),
        ("同住家人 有人(年龄 > 60)", [{"age": 5}], False),
        ("同住家人 有人(年龄 > 60)", [], False),
        ("同住家人 有人", [], False),
        ("同住家人 有人", [{}], True),
        ("同住家人 无人(年龄 < 6)", MATES, False),
        ("同住家人 无人(年龄 > 60)", MATES, None),
        ("同住家人 无人(年龄 > 60)", [], True),
        ("同住家人 无人", [], True),
        ("同住家人 都(年龄 > 3)", MATES, None),
        ("同住家人 都(年龄 > 5)", MATES, False),
        ("同住家人 都(年龄 > 5)", [], True),
        ("同住家人 都(年龄 > 5)", [{"age": 6}], True),
        ("同住家人 人数 = 3", MATES, True),
        ("同住家人 人数 >= 1", [], False),
        ("同住家人 人数(年龄 > 3) >= 2", MATES, True),
        ("同住家人 人数(年龄 > 3) >= 3", MATES, None),
        ("同住家人 人数(年龄 > 3) >= 4", MATES, False),
        ("同住家人 人数(年龄 > 3) > 2", MATES, None),
        ("同住家人 人数(年龄 > 3) <= 3", MATES, True),
        ("同住家人 人数(年龄 > 3) <= 2", MATES, None),
        ("同住家人 人数(年龄 > 3) < 2", MATES, False),
        ("同住家人 人数(年龄 > 3) = 2", MATES, None),
        ("同住家人 人数(年龄 > 3) = 1", MATES, False),
        ("同住家人 人数(年龄 > 3) != 1", MATES, True),
        ("同住家人 人数(年龄 > 3) != 3", MATES, None),
        ("同住家人 人数(年龄 > 3) = 1", [{"age": 4}, {"age": 2}], True),
        ("同住家人 人数 在 2 到 4 之间", MATES, True),
        ("同住家人 人数(年龄 > 3) 在 3 到 4 之间", MATES, None),
        ("同住家人 有人(年龄 < 6)", None, None),
        ("同住家人 人数 > 1", None, None),
    ],
)
def test_related_people(written, mates, answer):
    assert truth(written, {"housemate": mates}) is answer


def test_a_computed_tag_is_what_its_rule_says_whatever_is_set_by_hand():
    assert truth("标签 = 高龄", {"age": 80, "tags": set()}) is True
    assert truth("标签 = 高龄", {"age": 79, "tags": {"aged"}}) is False
    assert truth("标签 = 高龄", {"tags": {"aged"}}) is None
    assert truth("标签 = 需关爱", {"age": 81, "tags": {"lone_elder"}, "housemate": None}) is True


def test_tags_of_related_subjects_are_asked_of_them():
    household = {"member": [{"age": 70}, {"age": 61}], "tags": set()}
    assert truth("所在户 有(标签 = 纯老家庭)", {"household": [household]}) is True
    household["member"].append({"age": 59})
    assert truth("所在户 有(标签 = 纯老家庭)", {"household": [household]}) is False


def test_a_rule_is_equal_to_one_of_the_same_meaning_and_can_be_a_key():
    one = parse("年龄>=70", Subject.PERSON, VOCABULARY)
    same = parse("age >= 70", Subject.PERSON, VOCABULARY)
    assert one == same and hash(one) == hash(same)
    assert one != parse("age > 70", Subject.PERSON, VOCABULARY)
