"""Hostile text gains nothing: it is answered, as a rule or with a sentence. Speed is measured in bench/rules.py."""

import pytest

from linyun.kernel.declare import Subject
from linyun.kernel.rule import Rule, RuleError, Vocabulary, parse
from linyun.kernel.rule.tests.world import CODE_SETS, ITEMS, RELATIONS, TAGS, TERMS, tag

MANY = [tag(f"t{n}", f"第{n}号标签", f"人/第{n % 9}类/第{n % 40}组") for n in range(760)]
WORDS = Vocabulary(items=ITEMS, terms=TERMS, relations=RELATIONS, tags=[*TAGS, *MANY], code_sets=CODE_SETS)


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
def test_hostile_text_is_answered(written):
    try:
        found = parse(written, Subject.PERSON, WORDS)
    except RuleError as refused:
        assert str(refused)
    else:
        assert isinstance(found, Rule)
