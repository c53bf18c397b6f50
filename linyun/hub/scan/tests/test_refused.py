"""The page of a rule that cannot be read: what was typed is kept, the place is marked, the mend is one click."""

import html
import re
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from linyun.hub.scan.find import Asked
from linyun.hub.scan.screen import Refusal, address, narrowed, told
from linyun.hub.tags.vocabulary import vocabulary
from linyun.kernel.declare import Subject
from linyun.kernel.rule import RuleError, parse

WRONG = [
    ("年令 >= 70", "年令"),
    ("年龄 >= 70 且 标签 = 独居老仁", "独居老仁"),
    ("最近走访 早于 30天", "30天"),
    ("性别 = 女子人", "女子人"),
    ("独居老人 且 年龄 > 3", "独居老人"),
]


@pytest.mark.parametrize(("text", "wrong"), WRONG)
def test_the_mark_stands_on_the_wrong_word_and_the_button_mends_it(client_of, areas, text, wrong):
    client = client_of("lin")
    answer = client.get("/desk/crowds", {"rule": text})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert html.unescape(re.search(r"<mark>(.*?)</mark>", page)[1]) == wrong
    assert text in html.unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)[1])
    link = html.unescape(re.search(r'class="btn" href="([^"]+)">改为', page)[1])
    (mended,) = parse_qs(urlsplit(link).query)["rule"]
    assert parse(mended, Subject.PERSON, vocabulary())
    assert client.get(link).status_code == 200


@pytest.mark.parametrize("text", ["年龄 >", "年龄 >= 70 且", "(年龄 > 3", "同住家人", "身份证 = 3", "标签 ="])
def test_where_something_is_lacking_the_place_is_the_end(areas, text):
    with pytest.raises(RuleError) as refused:
        parse(text, Subject.PERSON, vocabulary())
    shown = Refusal.of(refused.value, text, Subject.PERSON)
    assert shown.before + ("" if shown.wrong == "…" else shown.wrong) + shown.after == text
    assert shown.sentence.endswith("。")
    assert (shown.mended == "") is (refused.value.nearest == "" or refused.value.start == refused.value.end)


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'); alert(1)//",
    "{{ 7*7 }}",
    "</textarea><script>x</script>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_is_typed_is_shown_as_text_in_every_place_of_the_page(client_of, areas, text):
    client = client_of("lin")
    rows = {"word": ["年龄", text], "op": [">", text], "value": ["3", text], "top": text, "join": [text, "or"]}
    queries = (
        rows,
        *({"rule": text, **more} for more in ({}, {"as": text}, {"subject": text})),
        {"rule": f"年龄 > 3 且 {text}"},
        {"rule": "年龄 > 3", "sort": text, "after": text, "show": text},
    )
    for query in queries:
        answer = client.get("/desk/crowds", query)
        assert answer.status_code in (200, 422)
        page = answer.content.decode()
        assert text not in page or text in ("'); alert(1)//", "{{ 7*7 }}")
        assert "onerror=alert(1)>" not in page and "<script>alert" not in page and "<script>x" not in page


@pytest.mark.parametrize(
    "query",
    [
        "rule=" + quote("年" * 4001),
        "rule=" + quote("(" * 3000),
        "rule=" + quote("年龄 > 3 或 " * 250 + "年龄 > 3"),
        "rule=%00",
        "rule=%ff%fe",
        "rule=%E5%B9%B4%E9%BE%84%20%3E%203%00",
        "drop=" + "9" * 5000 + "&word=x&op=%3D&value=3",
        "word=&op=&value=",
        "word=x",
        "word=" + quote("年龄") + "&op=%3E",
        "top=" + "x" * 3000 + "&rule=x",
        "subject=planet&rule=x",
    ],
    ids=range(12),
)
def test_no_address_breaks_the_page(client_of, areas, query):
    answer = client_of("lin").get("/desk/crowds?" + query)
    assert answer.status_code in (200, 400, 422)


@pytest.mark.parametrize("text", ["好。", "年龄。的居民。", "。", "a。b"])
def test_a_full_stop_that_one_looks_for_does_not_end_the_sentence(areas, text):
    """The sentence and the note part at the first full stop behind the condition, not at one inside it."""
    rule = parse(f'姓名 包含 "{text}"', Subject.PERSON, vocabulary())
    parts = told(rule)
    assert parts["says"] == f"姓名包含“{text}”的居民。"
    assert parts["aside"].startswith("没有姓名记录的居民")
    assert parts["says"] + parts["aside"] == rule.say("zh")


@pytest.mark.parametrize(
    ("written", "more", "meant"),
    [
        ("年龄 >= 70 或 性别 = 女", "年龄 < 18", "(年龄 >= 70 或 性别 = 女) 且 年龄 < 18"),
        ("年龄 >= 70 且 性别 = 女", "年龄 < 18", "年龄 >= 70 且 性别 = 女 且 年龄 < 18"),
        ("非 年龄 >= 70", "性别 = 女", "(非 年龄 >= 70) 且 性别 = 女"),
        ("同住家人 无人", "性别 = 女", "同住家人 无人 且 性别 = 女"),
    ],
)
def test_one_more_condition_from_the_picture_narrows_the_crowd_as_a_whole(areas, written, more, meant):
    """Without the brackets, 或 性别 = 女 且 … would let in everybody of 70."""
    asked = Asked.text(written)
    (rule,) = parse_qs(urlsplit(narrowed(asked, more)).query)["rule"]
    assert Asked.text(rule).rule == Asked.text(meant).rule


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        (Subject.PERSON, "居住在本居委 = 是 且 姓名 包含 “&=+% #？”"),
        (Subject.HOUSEHOLD, "户内人数 >= 1 或 户号 包含 “a&b=c”"),
        (Subject.DWELLING, "居住人数 = 0"),
        (Subject.ORGANISATION, "单位名称 包含 “甲+乙”"),
        (Subject.PLACE, "名称 不为空"),
    ],
)
def test_an_address_leads_to_the_same_rule_about_the_same_subject(areas, subject, text):
    rule = parse(text, subject, vocabulary())
    query = parse_qs(urlsplit(address(rule, subject, show="unknown", empty="")).query)
    assert parse(query["rule"][0], Subject(query.get("subject", ["person"])[0]), vocabulary()) == rule
    assert query["show"] == ["unknown"] and "empty" not in query
