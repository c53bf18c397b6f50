"""The JSON form that the page's builder and the store hold, and the SQL that is run."""

from datetime import date
from decimal import Decimal

import pytest

from linyun.kernel.declare import Subject
from linyun.kernel.rule import Once, Sense, compile_sql, parse, rule_from_json
from linyun.kernel.rule.tests.world import TODAY, VOCABULARY


@pytest.mark.parametrize(
    ("written", "where"),
    [
        ("年龄 >= 70", {"item": "age", "op": ">=", "value": 70}),
        ("月收入 > 12.50", {"item": "income", "op": ">", "value": "12.5"}),
        ("本地户籍 = 是", {"item": "is_local", "op": "=", "value": True}),
        ("性别 = 女", {"item": "sex", "op": "=", "value": "2"}),
        ("出生日期 >= 1948-03-05", {"item": "birth_date", "op": ">=", "value": "1948-03-05"}),
        ("最近走访 > 30天前", {"item": "last_visit", "op": "before", "value": {"ago": 30, "unit": "day"}}),
        ("退休日期 <= 2个月后", {"item": "retired_on", "op": "not_after", "value": {"ahead": 2, "unit": "month"}}),
        ("最近走访 = 今天", {"item": "last_visit", "op": "=", "value": {"ahead": 0, "unit": "day"}}),
        ("年龄 在 60 到 79 之间", {"item": "age", "op": "between", "value": [60, 79]}),
        ("婚姻状况 属于 (丧偶、离婚)", {"item": "marital_status", "op": "in", "value": ["30", "40"]}),
        ("居住区域 = 310110", {"item": "live_area", "op": "in", "value": ["310110"]}),
        ("户籍地址 包含 低保", {"item": "registered_address", "op": "contains", "value": "低保"}),
        ("特长 有 书法", {"item": "skills", "op": "has", "value": "a1"}),
        ("联系电话 不为空", {"not": {"item": "phone", "op": "unknown"}}),
        ("标签 = 独居", {"tag": "lone_elder"}),
        ("标签 = 民政/老人", {"branch": ["人", "民政", "老人"]}),
        ("标签 = 独居 或 标签 = 残疾", {"any": [{"tag": "lone_elder"}, {"tag": "disabled"}]}),
        (
            "同住家人 人数(性别 = 女) >= 2",
            {
                "related": "housemate",
                "quantity": "count",
                "op": ">=",
                "value": 2,
                "where": {"item": "sex", "op": "=", "value": "2"},
            },
        ),
        ("同住家人 无人", {"related": "housemate", "quantity": "none", "where": None}),
    ],
)
def test_the_json_form(written, where):
    rule = parse(written, Subject.PERSON, VOCABULARY)
    assert rule.to_json() == {"subject": "person", "where": where}
    assert rule_from_json(rule.to_json(), VOCABULARY) == rule


def test_json_may_be_written_by_hand_more_freely_than_it_is_stored():
    form = {"all": [{"all": [{"tag": "lone_elder"}]}, {"item": "年龄", "op": ">=", "value": "70"}]}
    assert rule_from_json({"subject": "person", "where": form}, VOCABULARY) == parse(
        "标签 = 独居 且 年龄 >= 70", Subject.PERSON, VOCABULARY
    )
    ago = {"item": "last_visit", "op": ">", "value": {"ago": 30, "unit": "day"}}
    assert rule_from_json({"subject": "person", "where": ago}, VOCABULARY).text("zh") == "最近走访 早于 30天前"


def compiled(written: str, **how):
    return compile_sql(parse(written, Subject.PERSON, VOCABULARY), "p", TODAY, VOCABULARY, **how)


@pytest.mark.parametrize(
    ("written", "sql", "params"),
    [
        ("姓名 = 甲", "(p.name = %(p0)s)", {"p0": "甲"}),
        ("姓名 != 甲", "(p.name <> %(p0)s)", {"p0": "甲"}),
        ("月收入 < 3", "(((p.tail->>'income')::numeric) < %(p0)s)", {"p0": Decimal(3)}),
        ("婚姻状况 = 丧偶", "((p.tail->>'marital_status') = %(p0)s)", {"p0": "30"}),
        ("退休日期 早于 1个月前", "(((p.tail->>'retired_on')::date) < %(p0)s)", {"p0": date(2026, 2, 28)}),
        ("非公企业 = 是", "(((p.tail->>'private_firm')::boolean))", {}),
        ("本地户籍 = 否", "(not p.is_local)", {}),
        ("本地户籍 != 否", "(p.is_local)", {}),
        ("特长 有 书法", "jsonb_exists(nullif(p.tail->'skills', 'null'::jsonb), %(p0)s)", {"p0": "a1"}),
        ("户籍地址 包含 低保", "(strpos(p.registered_address, %(p0)s) > 0)", {"p0": "低保"}),
        ("性别 属于 (1、2)", "(p.sex = any(%(p0)s))", {"p0": ["1", "2"]}),
        ("身份证号 为空", "(p.id_number is null)", {}),
        (
            "居住区域 = 310110",
            '((p.live_area collate "C" >= %(p0)s and p.live_area collate "C" < %(p1)s))',
            {"p0": "310110", "p1": "310110:"},
        ),
    ],
)
def test_how_each_kind_is_read(written, sql, params):
    found = compiled(written)
    assert (found.sql, found.params) == (sql, params)


def test_every_value_is_a_parameter():
    found = compiled(
        '姓名 = "\'; drop table x; --" 且 年龄 在 61 到 62 之间 且 户籍地址 包含 "%(p0)s" 且 居住区域 = 310110009016'
        " 且 同住家人 人数(年龄 > 63) > 64 且 标签 = 独居 且 出生日期 > 1948-03-05 且 特长 有 书法"
    )
    for value in ("drop", "61", "62", "63", "64", "310110009016", "lone_elder", "1948", "a1"):
        assert value not in found.sql
    assert "%(p0)s" in found.params.values()
    assert all(f"%({name})s" in found.sql for name in found.params)


def test_several_rules_fit_in_one_query():
    first = compiled("年龄 > 3 且 同住家人 有人(年龄 < 6)", prefix="a")
    second = compiled("年龄 > 3 且 同住家人 有人(年龄 < 6)", prefix="b")
    assert not set(first.params) & set(second.params)
    assert "a_t1" in first.sql and "a_t1" not in second.sql


def test_what_several_rules_read_of_a_row_is_read_once():
    once = Once("p", TODAY)
    first = compiled("走访次数 > 3 且 姓名 = 甲", prefix="a", once=once)
    second = compiled("走访次数 < 60 且 同住家人 有人(走访次数 < 6)", prefix="b", once=once)
    assert "p_once.r0 > %(a0)s" in first.sql and "p_once.r0 < %(b0)s" in second.sql
    assert "p.name = " in first.sql  # a column costs nothing
    assert "p_once" not in second.sql.split("b_t1", 1)[1]  # the housemate's visits are read of the housemate
    joined = once.compiled
    assert joined.sql.count("from visits") == 1 and joined.sql.endswith("offset 0) p_once")
    assert joined.params == {"once_today": TODAY}


@pytest.mark.parametrize(
    ("rule", "born"),
    [
        ("年龄 >= 70", "p.birth_date <= 1956-03-31"),
        ("年龄 > 69", "p.birth_date <= 1956-03-31"),
        ("年龄 < 70", "not (p.birth_date <= 1956-03-31)"),
        ("年龄 <= 69", "not (p.birth_date <= 1956-03-31)"),
        ("年龄 = 70", "p.birth_date <= 1956-03-31 and p.birth_date > 1955-03-31"),
        ("年龄 <> 70", "not (p.birth_date <= 1956-03-31 and p.birth_date > 1955-03-31)"),
        ("年龄 介于 60 和 69", "p.birth_date <= 1966-03-31 and p.birth_date > 1956-03-31"),
    ],
)
def test_an_age_is_compared_by_the_day_of_birth(rule, born):
    """The planner knows how old people are by their days of birth, and reckons no age for each of them."""
    found = compiled(rule)
    assert (found.sql % {name: str(value) for name, value in found.params.items()}).strip("()") == born.strip("()")


def test_nothing_is_joined_when_nothing_needs_reading():
    once = Once("p", TODAY)
    compiled("姓名 = 甲", once=once)
    assert (once.compiled.sql, once.compiled.params) == ("", {})


@pytest.mark.parametrize("name", ["p;", "", "P", "p.x", "1p", 'p"', "p\n"])
def test_alias_and_prefix_must_be_plain_names(name):
    rule = parse("年龄 > 3", Subject.PERSON, VOCABULARY)
    with pytest.raises(ValueError, match="plain identifier"):
        compile_sql(rule, name, TODAY)
    with pytest.raises(ValueError, match="plain identifier"):
        compile_sql(rule, "p", TODAY, prefix=name)


def test_the_text_grows_with_the_rule_and_not_with_a_power_of_its_depth():
    def length(levels: int, sense: Sense) -> int:
        written = "同住家人 人数(" * levels + "年龄 > 1" + ") = 1" * levels
        return len(compiled(written, sense=sense).sql)

    for sense in Sense:
        assert length(16, sense) < 2.2 * length(8, sense)


def test_hand_set_tags_of_a_branch_are_asked_for_in_one_go():
    found = compiled("标签 = 人")
    assert found.sql.count("tags_mark") == 2  # the branch once, and 独居 inside the rule of 需关爱
