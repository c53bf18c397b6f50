"""What no rule may be about is refused with its sentence: in every place of a rule, in every spelling, in both languages."""

import pytest

from linyun.kernel.declare import DeclarationError, Kind, Subject
from linyun.kernel.rule import RuleError, Vocabulary, parse, refuse_forbidden, refuse_ranking, rule_from_json
from linyun.kernel.rule.tests.world import CODE_SETS, ITEMS, RELATIONS, TAGS, TERMS, VOCABULARY, P, item, tag

SUBJECTS = {
    "不得按信访、上访": ["信访", "上访", "访民", "缠访", "越级访", "petition", "petitioner", "xinfang"],
    "不得按宗教信仰": [
        "宗教",
        "信教",
        "教徒",
        "基督",
        "佛教",
        "邪教",
        "religion",
        "faith",
        "christian",
        "church_member",
    ],
    "不得按政治观点": ["政治倾向", "政见", "思想动态", "维稳", "political_opinion", "dissident"],
    "不得按违法犯罪经历": ["前科", "刑满释放", "社区矫正", "重点人口", "criminal", "ex_convict", "parole"],
    "不得按吸毒、成瘾": ["吸毒", "戒毒", "酗酒", "成瘾", "addict", "drug_user", "alcoholism"],
}
WORDS = [(said, word) for said, words in SUBJECTS.items() for word in words]
PLACES = [
    ("{} = 是", P),
    ("非 {} 为空", P),
    ("年龄 > 3 或 ({} > 3)", P),
    ("标签 = {}", P),
    ("标签 无 {}", P),
    ("标签 属于 (独居、{})", P),
    ("备注 包含 “{}”", P),
    ("备注 不包含 “{}”", P),
    ("姓名 = “{}”", P),
    ("姓名 属于 (甲、“{}”)", P),
    ("同住家人 有人 (备注 包含 “{}人员”)", P),
    ("同住家人 人数 (标签 = {}) > 1", P),
    ("{} 有人 (年龄 > 3)", P),
    ("any {} (age > 3)", P),
    ("门牌 包含 “{}”", Subject.HOUSEHOLD),
]


@pytest.mark.parametrize(("said", "word"), WORDS)
def test_refused_in_every_place_of_a_rule(said, word):
    for place, subject in PLACES:
        written = place.format(word)
        with pytest.raises(RuleError) as refused:
            parse(written, subject, VOCABULARY)
        error = refused.value
        assert error.message_zh.startswith(said), written
        assert "标签和规则只用来发现谁需要帮助" in error.message_zh
        assert word in written[error.start : error.end]
        assert error.nearest == "" and error.expected == ()


@pytest.mark.parametrize(("said", "word"), WORDS)
def test_refused_as_json_and_as_a_declaration(said, word):
    for node in ({"tag": word}, {"item": word, "op": "unknown"}, {"item": "remark", "op": "contains", "value": f"曾{word}"},
                 {"related": word, "quantity": "any"}):  # fmt: skip
        with pytest.raises(RuleError, match=said):
            rule_from_json({"subject": "person", "where": node}, VOCABULARY)
    with pytest.raises(DeclarationError, match=said):
        Vocabulary(items=[item("x", P, f"{word}次数", Kind.INTEGER)])
    with pytest.raises(DeclarationError, match=said):
        Vocabulary(tags=[tag("x", f"重点{word}", "人")])


def _spellings(word: str) -> list[str]:
    """The ways in which a word is written so that a filter overlooks it and a reader does not."""
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in word)
    found = [word.upper(), word.title(), wide, f"  {word}  ", f"（{word}）", f"{word}/其他", f"2024{word}"]
    if not word.isascii():
        found += [
            mark.join(word)
            for mark in (" ", "\u3000", "·", "-", "－", "_", "*", ".", "~", "\u200b", "\ufeff", "\u2060")
        ]
        return found
    return [
        *found,
        word.replace("_", " "),
        word.replace("_", "-"),
        word.replace("_", "."),
        f"own_{word}_3",
        f"is {word}?",
    ]


@pytest.mark.parametrize(("said", "word"), WORDS)
def test_refused_in_every_spelling(said, word):
    for spelled in _spellings(word):
        why = refuse_forbidden(spelled)
        assert why and why.startswith(said), spelled
        assert refuse_ranking(spelled) == why


@pytest.mark.parametrize(
    ("spelled", "said"),
    [
        *(
            ("信訪", "信访"),
            ("上訪戶", "信访"),
            ("纏訪", "信访"),
            ("鬧訪", "信访"),
            ("越級訪", "信访"),
            ("邪敎", "宗教"),
        ),
        *(("伊斯蘭", "宗教"), ("思想動態", "政治观点"), ("政治觀點", "政治观点"), ("維穩對象", "政治观点")),
        *(("異見", "政治观点"), ("刑滿釋放", "违法犯罪"), ("社區矯正对象", "违法犯罪"), ("違法記錄", "违法犯罪")),
        *(("勞教", "违法犯罪"), ("重點人口", "违法犯罪"), ("毒癮", "成瘾"), ("賭癮", "成瘾"), ("酒癮", "成瘾")),
        *(("religiousFaith", "宗教"), ("drugUser", "成瘾"), ("PetitionCount", "信访"), ("isChristian", "宗教")),
        *(("politicalOpinion", "政治观点"), ("hasCriminalRecord", "违法犯罪"), ("ＤｒｕｇＵｓｅｒ", "成瘾")),
    ],
)
def test_traditional_characters_and_joined_words_are_seen_through(spelled, said):
    why = refuse_forbidden(spelled)
    assert why is not None and said in why
    with pytest.raises(RuleError, match="^不得按"):
        parse(f"备注 包含 “{spelled}”", P, VOCABULARY)


@pytest.mark.parametrize(
    "word",
    [
        *("走访", "来访", "家访", "访客", "回访日", "访问", "互访", "探访", "走访次数", "visit", "visitor", "revisit"),
        *("政治面貌", "中共党员", "团员", "群众", "宗教活动场所", "党组织关系", "political_status", "party"),
        *("视力矫正", "牙齿矫正", "犯罪预防宣传", "防毒面具", "病毒", "消毒", "中毒", "食物中毒", "毒蘑菇"),
        *("残疾", "慢性病", "失独", "低保", "特困", "孤寡", "民族", "回族", "酒店", "戒烟", "健康信息", "诚信", "信息"),
        *("competition", "repetition", "faithx", "belieff", "offensive", "nation", "crimea", "convictor", "paroles"),
        *("上海", "上门访问", "来信、访问", "书信；访友", "书信/访客", "教师", "教育", "道路", "基督山", "佛像"),
    ],
)
def test_what_only_looks_like_it_stays_allowed(word):
    """A ban that hits the innocent is worked around: 病毒 is no drug, 来信、访问 no petition."""
    innocent = refuse_forbidden(word)
    assert (innocent is None) is (word != "基督山"), word


@pytest.mark.parametrize("word", [w for _, w in WORDS])
def test_of_flats_organisations_and_places_only_names_are_guarded(word):
    """A note on a flat is not about a person; an item of that name must not exist for anything."""
    assert parse(f"其他说明 包含 “{word}”", Subject.DWELLING, VOCABULARY)
    with pytest.raises(RuleError, match="^不得按"):
        parse(f"{word} = 是", Subject.DWELLING, VOCABULARY)
    with pytest.raises(RuleError, match="^不得按"):
        parse(f"所在户 有 (居住房屋 有 ({word} = 是))", P, VOCABULARY)


RANKING = [
    ("民族", "各民族一律平等"),
    ("民 族", "各民族一律平等"),
    ("慢性病", "病情是敏感信息"),
    ("高血压", "病情是敏感信息"),
    ("Ethnicity", "各民族一律平等"),
    ("ｄｉａｂｅｔｅｓ", "病情是敏感信息"),
    ("mentalDisorder", "病情是敏感信息"),
]


@pytest.mark.parametrize(("word", "said"), RANKING)
def test_what_may_find_but_not_rank_is_told_apart_from_what_may_do_neither(word, said):
    assert refuse_forbidden(word) is None
    why = refuse_ranking(word)
    assert why is not None and said in why


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ("民族 = 回族", "民族"),
        ("年龄 > 70 且 (性别 = 女 或 民族 为空)", "民族"),
        ("同住家人 都 (非 民族 = 汉族)", "民族"),
        ("标签 = 慢病", "慢性病随访"),
        ("所在户 有 (户内成员 有人 (标签 = 关注))", "慢性病随访"),
        ("标签 = 健康", "慢性病随访"),
    ],
)
def test_a_ranking_rule_is_refused_however_deep_the_ground_lies(written, named):
    tags = (
        *TAGS,
        tag("ill", "慢性病随访", "人/健康", rule="备注 包含 “随访”"),
        tag("watch", "关注", "人", rule="标签 = ill"),
    )
    words = Vocabulary(items=ITEMS, terms=TERMS, relations=RELATIONS, tags=tags, code_sets=CODE_SETS)
    if "慢病" in written:
        written = written.replace("慢病", "ill")
    rule = parse(written, P, words)
    with pytest.raises(RuleError, match=f"^“{named}”：不得按") as refused:
        rule.check_ranking()
    assert refused.value.message_en != refused.value.message_zh
    assert "rank" in refused.value.message_en
