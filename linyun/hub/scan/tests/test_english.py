"""The builder for who reads English: every word it offers in English means the rule that the Chinese word means."""

import re

import pytest
from django.utils.translation import override

from linyun.hub.scan import screen, wording
from linyun.hub.scan.builder import Builder, Row, from_rule, text_of
from linyun.hub.scan.words import every_operator, offered
from linyun.hub.tags.vocabulary import vocabulary
from linyun.kernel.declare import Subject
from linyun.kernel.rule import parse

HAN = re.compile(r"[\u4e00-\u9fff]")

RULES = (
    "年龄 >= 80 且 标签 = 独居老人 且 最近走访 早于 30天前",
    "婚姻状况 属于 (丧偶、离婚) 或 性别 != 男",
    "居住在本居委 = 是 且 户籍在本居委 = 否",
    "年龄 在 60 到 79 之间 且 联系电话 为空",
    "标签 无 独居老人 且 子女 无人 (居住在本居委 = 是)",
    "慢性病种类 有 糖尿病 且 最近走访 不早于 1年前",
    "同住家人 人数 (年龄 < 6) >= 2",
    "非 (年龄 > 80 且 性别 = 女)",
    "姓名 包含 王",
)


def rows(builder: Builder) -> list[tuple[str, str]]:
    return [(row.word, row.value) for row in builder.rows]


@pytest.mark.parametrize("written", RULES)
def test_the_rows_of_a_rule_come_back_from_english_as_the_same_rule(areas, written):
    words = vocabulary()
    rule = parse(written, Subject.PERSON, words)
    with override("en"):
        seen = wording.shown(from_rule(rule), Subject.PERSON, words)
        again = wording.meant(seen, Subject.PERSON, words)
        text = text_of(again, Subject.PERSON, words)
    assert parse(text, Subject.PERSON, words) == rule
    assert not HAN.search("".join(word for word, _ in rows(seen)))


def test_words_and_values_are_shown_in_english(areas):
    words = vocabulary()
    rule = parse(RULES[0], Subject.PERSON, words)
    with override("en"):
        builder = from_rule(rule)
        seen = wording.shown(builder, Subject.PERSON, words)
        said = screen.said(builder, Subject.PERSON)
    assert rows(seen) == [("Age", "80"), ("Tags", "Older person living alone"), ("Last visit", "30 days ago")]
    assert said == ["is at least", "has", "is before"]
    assert wording.shown(builder, Subject.PERSON, words) is builder


def test_a_reader_may_type_the_english_name_in_any_case_or_the_word_of_the_rule(areas):
    words = vocabulary()
    with override("en"):
        for word, value in (("marital STATUS", "widowed"), ("婚姻状况", "丧偶"), ("marital_status", "Widowed")):
            typed = wording.meant(Builder((Row(word, "=", value),)), Subject.PERSON, words)
            rule = parse(text_of(typed, Subject.PERSON, words), Subject.PERSON, words)
            assert rule.text("zh") == "婚姻状况 = 丧偶"


def test_every_offered_english_word_with_a_suggested_value_can_be_asked(areas):
    words = vocabulary()
    with override("en"):
        for subject in Subject:
            operators = every_operator(subject, words)
            assert not HAN.search("".join(operators.values()))
            for word in wording.worded(offered(subject, words, {}), subject, words):
                assert not HAN.search(word.name)
                for op, _said in word.operators[:2]:
                    for value in list(word.values)[:2]:
                        typed = wording.meant(Builder((Row(word.name, op, value),)), subject, words)
                        assert parse(text_of(typed, subject, words), subject, words)


def test_the_page_explains_the_rule_in_english(client_of, areas):
    client = client_of("lin")
    client.cookies["language"] = "en"
    shown = client.get("/desk/crowds", {"rule": RULES[0]}).content.decode()
    assert "Residents for whom: age is at least 80 years; and has the tag" in shown
    assert 'value="Older person living alone"' in shown
    refused = client.get("/desk/crowds", {"rule": "年岁 >= 70"})
    assert refused.status_code == 422
    assert "Residents have no item “年岁”; perhaps “年级”." in refused.content.decode()
