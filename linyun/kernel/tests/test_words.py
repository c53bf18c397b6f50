"""Sentences are said in the language of the moment; what was stored in Chinese can be told again."""

from collections.abc import Callable, Iterator

import pytest

from linyun.kernel import words
from linyun.kernel.words import english, in_chinese, lang, listed, msgid, retold, say, speak

ENGLISH = {
    "姓名": "Name",
    "“{name}”没有“{value}”": "“{name}” has no “{value}”",
    "“{digits}”不是电话号码{end}": "“{digits}” is no phone number{end}",
    "；别的已收下": "; others were taken",
    "第 {n} 行：{why}": "Row {n}: {why}",
    "{a}和{b}，又是{a}": "{a} and {b}, again {a}",
    "{about} {n} 行": "{about}: {n}",
}


@pytest.fixture
def speaking() -> Iterator[Callable[[str], None]]:
    """A tongue of our own, in a language that the test chooses."""
    before = words._Tongue.lang, words._Tongue.english, words._Tongue.msgids
    now = ["zh"]
    speak(lambda: now[0], lambda text: ENGLISH.get(text, text), lambda: ENGLISH)  # type: ignore[arg-type, return-value]

    def choose(language: str) -> None:
        now[0] = language

    yield choose
    speak(*before)


def test_chinese_is_said_as_written_and_english_as_translated(speaking):
    said = lambda: say("“{name}”没有“{value}”", name=say("姓名"), value="甲")  # noqa: E731 - said twice
    assert said() == "“姓名”没有“甲”"
    speaking("en")
    assert said() == "“Name” has no “甲”"
    assert say("没有译文 {n}", n=3) == "没有译文 3"
    assert listed(["a", "b"]) == "a, b"


def test_a_value_that_holds_braces_is_put_in_as_it_is(speaking):
    speaking("en")
    assert say("“{name}”没有“{value}”", name="{value}", value="%s {0}") == "“{value}” has no “%s {0}”"


def test_chinese_looks_nothing_up(speaking):
    asked: list[str] = []
    speak(lambda: "zh", lambda text: asked.append(text) or text)  # type: ignore[func-returns-value]
    assert (say("姓名"), say("第 {n} 行：{why}", n=1, why="无")) == ("姓名", "第 1 行：无")
    assert retold("第 1 行：无") == "第 1 行：无"
    assert asked == []


def test_within_in_chinese_everything_is_chinese_even_after_an_error(speaking):
    speaking("en")

    @in_chinese()
    def stored() -> str:
        return say("姓名")

    assert stored() == "姓名"
    with pytest.raises(ValueError, match="x"), in_chinese():
        raise ValueError("x")
    assert (lang(), say("姓名")) == ("en", "Name")


def test_english_is_english_for_every_reader(speaking):
    assert english(msgid("姓名")) == "Name"
    assert english("第 {n} 行：{why}", n=2, why="x") == "Row 2: x"


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        ("姓名", "Name"),
        ("“姓名”没有“甲”", "“Name” has no “甲”"),
        ("“12”不是电话号码", "“12” is no phone number"),
        ("“12”不是电话号码；别的已收下", "“12” is no phone number; others were taken"),
        ("第 7 行：“12”不是电话号码", "Row 7: “12” is no phone number"),
        ("甲和乙，又是甲", "甲 and 乙, again 甲"),
        ("甲和乙，又是丙", "甲和乙，又是丙"),
        ("姓名：“12”不是电话号码", "Name: “12” is no phone number"),
        ("“1”不是电话号码；“姓名”没有“2”", "“1” is no phone number; “Name” has no “2”"),
        ("谁也没说过的话", "谁也没说过的话"),
        ("“" + "1" * 500 + "”不是电话号码", "“" + "1" * 500 + "”不是电话号码"),
        ("，：" * 900, "，: ，: ，: ，" + "：，" * 896 + "："),
        ("", ""),
    ],
)
def test_what_was_stored_in_chinese_is_told_again(speaking, stored, told):
    speaking("en")
    assert retold(stored) == told
