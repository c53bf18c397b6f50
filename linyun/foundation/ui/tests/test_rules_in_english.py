"""A rule speaks to the reader in the reader's language; an English sentence holds Chinese only where it quotes."""

import re

import pytest
from django.utils.translation import override

from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Subject
from linyun.kernel.rule import RuleError, Vocabulary, parse
from linyun.kernel.rule.tests.world import TODAY, VOCABULARY

HAN = re.compile(r"[\u4e00-\u9fff]")


def unquoted(text: str) -> str:
    """A sentence without what it quotes."""
    return re.sub(r"“[^”]*”", "", text)


def refusal(written: str) -> RuleError:
    with pytest.raises(RuleError) as refused:
        parse(written, Subject.PERSON, VOCABULARY)
    return refused.value


@pytest.mark.parametrize(
    "written",
    ["年岁 >= 70", "标签 = 独局", "婚姻状况 = 丧藕", "标签 > 独居", "最近走访 > 30天", "独居 且 年龄>3", "年龄 >= 70.5",
     "", "年龄", "年龄 > 3 且", "宗教 = 佛教", "信访次数 > 1", "同住家人 都", "出生日期 = 1948-02-30"],
)  # fmt: skip
def test_a_refusal_is_told_in_the_language_of_the_reader(written):
    error = refusal(written)
    with override("zh-hans"):
        assert str(error) == error.message == error.message_zh
    with override("en"):
        assert str(error) == error.message == error.message_en
        assert not HAN.search(unquoted(str(error)))


def test_a_forbidden_question_is_answered_with_its_reason_in_english():
    assert "freedom of belief is protected" in refusal("宗教 = 佛教").message_en


def test_codes_have_english_names_in_an_english_explanation_whoever_reads():
    words = Vocabulary.of(catalogue)
    rule = parse("婚姻状况 = 丧偶 且 性别 = 女 且 民族 = 回族", Subject.PERSON, words)
    for language in ("zh-hans", "en"):
        with override(language):
            said = rule.say("en")
            assert "“Widowed”" in said
            assert "“Hui”" in said
            assert not HAN.search(said)
            assert "“丧偶”" in rule.say("zh")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_sentences_of_a_rule_are_what_it_says(lang):
    rule = parse("最近走访 > 30天前 且 年龄 >= 80", Subject.PERSON, VOCABULARY)
    sentences = rule.sentences(lang, TODAY)
    assert len(sentences) > 1
    assert ("" if lang == "zh" else " ").join(sentences) == rule.say(lang, TODAY)
