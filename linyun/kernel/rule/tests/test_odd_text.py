"""Odd characters: all kinds of spaces, full-width forms, quotes, NULs, SQL and HTML, and what pasted text brings along."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linyun.kernel.declare import Subject
from linyun.kernel.rule import RuleError, Sense, compile_sql, parse, rule_from_json
from linyun.kernel.rule.syntax import Compare, Contains, Op
from linyun.kernel.rule.tests.world import TODAY, VOCABULARY
from linyun.kernel.rule.words import fold

SPACES = [*" \t\n\r\u3000\xa0\u2002\u2003\u2009\u202f\u205f", "\r\n", "  ", "\u3000\u3000"]
INVISIBLE = [chr(c) for c in (0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x202A, 0x202C, 0x202D, 0x202E, 0x2060, 0xFEFF)]


def read(written: str):
    return parse(written, Subject.PERSON, VOCABULARY).where


def refusal(written: str) -> RuleError:
    with pytest.raises(RuleError) as refused:
        read(written)
    return refused.value


@pytest.mark.parametrize("space", [*SPACES, *INVISIBLE], ids=[f"{ord(s[0]):x}" for s in (*SPACES, *INVISIBLE)])
def test_any_space_and_any_invisible_character_of_pasted_text_parts_words(space):
    """Copied from chat, spreadsheets and contacts: what one cannot see must not change the rule."""
    plain = "年龄 >= 70 且 标签 = 独居 且 最近走访 早于 30 天前 且 (性别 = 女 或 联系电话 为空)"
    assert read(space + plain.replace(" ", space) + space) == read(plain)
    english = "age >= 70 and tag = lone_elder and last_visit is before 30 days ago and phone is not unknown"
    assert read(english.replace(" ", space)) == read(english)


@pytest.mark.parametrize(
    "char", [*INVISIBLE, "\x00", "\x01", "\x1b", "\x7f", "\x85", "\u2028", "\u2029", "\n", "\t", "\r"]
)
def test_a_text_to_look_for_with_something_invisible_in_it_is_refused(char):
    """It would find nobody, and the worker would see nothing wrong."""
    written = f'户籍地址 包含 "公交{char}新村"'
    error = refusal(written)
    assert error.message_zh == "文字里有换行或不可见字符，请删去。"
    assert written[error.start : error.end] == f'"公交{char}新村"'
    form = {"subject": "person", "where": {"item": "registered_address", "op": "contains", "value": f"公交{char}新村"}}
    with pytest.raises(RuleError) as from_json:
        rule_from_json(form, VOCABULARY)
    assert from_json.value.path == "/where/value"


WIDE = str.maketrans({c: chr(ord(c) + 0xFEE0) for c in string.printable if "!" <= c <= "~"})


@pytest.mark.parametrize(
    "written",
    [
        "年龄>=70且性别=2",
        "age >= 70 and (sex = 2 or is_local = yes)",
        "最近走访 > 30天前",
        "birth_date = 1948-03-05",
        "birth_date = 1948/3/5",
        "居住区域 属于 (310110009016, 310110)",
        "月收入 <= 3000.50元",
        "年龄 在 60-79 之间",
        "年龄 在 60~79 之间",
        "not any housemate (age < 6)",
        "标签 = lone_elder | 标签 != disabled & !(年龄 <> 3)",
        "political_status = 01",
        "标签 = 人/民政/老人/",
    ],
)
def test_full_width_letters_digits_and_signs_are_their_plain_forms(written):
    assert read(written.translate(WIDE)) == read(written)


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=40))
def test_folding_keeps_every_place(text: str):
    """Places of errors are counted in the text as typed; a folded text of another length would point beside the word."""
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


QUOTES = [('"', '"'), ("'", "'"), ("“", "”"), ("‘", "’"), ("「", "」"), ("『", "』"), ("＂", "＂"), ("＇", "＇")]


@pytest.mark.parametrize(("left", "right"), QUOTES)
def test_every_pair_of_quotation_marks(left, right):
    assert read(f"姓名 = {left}张 三{right}") == Compare("name", Op.EQ, "张 三")
    assert read(f"姓名={left}且{right}且年龄>3") == read('姓名 = "且" 且 年龄 > 3')
    assert read(f"姓名 属于 ({left}甲、乙{right}、{left}(丙){right})") == read('姓名 属于 ("甲、乙", "(丙)")')
    assert read(f"标签 = {left}独居{right} 且 性别 = {left}女{right}") == read("标签 = 独居 且 性别 = 女")
    assert read(f"姓名 = {left}a\\{right}b\\\\{right}") == Compare("name", Op.EQ, f"a{right}b\\")
    for others in QUOTES:
        if left not in others:
            assert read(f"姓名 = {left}{''.join(others)}{right}") == Compare("name", Op.EQ, "".join(others))


@pytest.mark.parametrize(("left", "right"), QUOTES)
def test_a_quotation_mark_left_open_is_told_with_the_one_that_lacks(left, right):
    written = f"年龄 > 3 且 姓名 = {left}张三"
    error = refusal(written)
    assert error.message_zh == f"引号没有合上，请在末尾加 {right} 。"
    assert (error.start, error.end) == (written.index(left), len(written))
    assert read(written + right)


TEXTS = st.text(
    st.characters(blacklist_categories=("Cs", "Cc", "Cf", "Zl", "Zp"))
    | st.sampled_from("\"'\\“”‘’（）()、，且或%{}$;-"),
    min_size=1,
    max_size=30,
)


@settings(max_examples=80, deadline=None)
@given(TEXTS, st.sampled_from(("zh", "en")))
def test_any_text_is_looked_for_exactly_as_it_is(text: str, lang):
    rule = rule_from_json({"subject": "person", "where": {"item": "name", "op": "contains", "value": text}}, VOCABULARY)
    assert rule.where == Contains("name", text)
    again = parse(rule.text(lang), Subject.PERSON, VOCABULARY)
    assert again.where == Contains("name", text)
    assert (
        parse(f"年龄 > 3 且 {rule.text(lang)} 或 年龄 < 1", Subject.PERSON, VOCABULARY).text("en").count("contains")
        == 1
    )


HOSTILE = [
    "'; drop table records_person; --",
    "' or '1'='1",
    "1) or (1=1",
    "%s",
    "%(p0)s",
    "%%",
    "{s}.id",
    "{today}",
    "{tags}",
    "$1",
    "\\'; select 1",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "&lt;b&gt;",
    "{{ 7 * 7 }}",
    "{% include 'x' %}",
    "../../etc/passwd",
    "=HYPERLINK(1)",
    "${jndi:ldap://x}",
    "🏠👵🏽",
    "𠮷野家",
    "ﷺ",
    "a" * 200,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_values_and_nothing_else(text):
    form = {"any": [{"item": "name", "op": op, "value": text} for op in ("contains", "=", "!=")]}
    form["any"].append({"item": "remark", "op": "in", "value": [text, "甲"]})
    form["any"].append({"not": {"related": "housemate", "quantity": "any", "where": form["any"][0]}})
    rule = rule_from_json({"subject": "person", "where": form}, VOCABULARY)
    assert parse(rule.text("zh"), Subject.PERSON, VOCABULARY) == rule
    assert f"“{text}”" in rule.say("zh")
    plain = rule_from_json({"subject": "person", "where": _with(form, "甲")}, VOCABULARY)
    for sense in Sense:
        compiled, harmless = (compile_sql(r, "s", TODAY, sense=sense) for r in (rule, plain))
        assert compiled.sql == harmless.sql, "the text must not change the statement"
        held = [v for v in compiled.params.values() if v == text or v == [text, "甲"]]
        assert len(held) == 5


def _with(form, text):
    """The same form about another text."""
    if isinstance(form, dict):
        return {k: _with(v, text) for k, v in form.items()}
    if isinstance(form, list):
        return ["乙" if v == "甲" else text if isinstance(v, str) else _with(v, text) for v in form]
    return text if form in HOSTILE else form


@pytest.mark.parametrize("text", ["", "a" * 201, "低" * 201])
def test_a_text_that_is_empty_or_endless_is_refused_with_the_limits(text):
    for written in (f'姓名 = "{text}"', f'户籍地址 包含 "{text}"', f'姓名 属于 ("甲", "{text}")'):
        error = refusal(written)
        assert "1 到 200 个字" in error.message_zh
        assert written[error.start : error.end] == f'"{text}"'


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("年龄 > 3 ; drop table x", ";"),
        ("年龄 > 3 -- 注释", "-"),
        ("年龄 > 3 /* x */", "/*"),
        ("年龄 > 3\x00", "\x00"),
        ("年龄 > 3 \ud800", "\ud800"),
        ("年龄 > 3 <script>", "<"),
        ("年龄 > 3 #", "#"),
        ("年龄 > 3 union select 1", "union"),
        ("年龄 > 3 = 3", "="),
        ("年龄 > 3 ）", "）"),
    ],
)
def test_what_stands_behind_a_whole_rule_is_pointed_at(written, at):
    error = refusal(written)
    place = written[error.start : error.end]
    assert place == at or place == f"3{at}"
    assert error.start >= 5
