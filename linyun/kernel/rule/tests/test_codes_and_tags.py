"""Codes by code and by word, areas as a tree, tags and whole branches of them: found, told apart, and kept apart."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linyun.kernel.declare import Code, CodeSet, Kind, Relation, Subject, Term
from linyun.kernel.rule import RuleError, Vocabulary, evaluate, parse
from linyun.kernel.rule.syntax import Compare, HasBranch, HasTag, Op, Within
from linyun.kernel.rule.tests.world import CODE_SETS, TAGS, TODAY, VOCABULARY, P, item, tag
from linyun.kernel.rule.text import quoted

FIELDS = {"marital": "婚姻状况", "political": "政治面貌", "sex": "性别", "living": "居住状态"}


def person(written: str, words: Vocabulary = VOCABULARY):
    return parse(written, Subject.PERSON, words)


@pytest.mark.parametrize(("set_code", "name"), FIELDS.items())
def test_every_code_by_code_by_name_and_by_every_other_word(set_code, name):
    (codes,) = (c for c in CODE_SETS if c.code == set_code)
    for entry in codes.codes:
        for word in (entry.code, entry.name, *entry.words):
            rule = person(f"{name} = {word}")
            assert rule.where.value == entry.code, word
            assert evaluate(rule, {rule.where.field: entry.code}, TODAY) is True
            assert person(f'{name} = "{word}"') == rule
            assert person(f"{name}={word}且年龄>3").where.parts[0] == rule.where
            assert person(f"{name} 属于 {word}") == rule
        for other in codes.codes:
            expected = other is entry
            assert evaluate(person(f"{name} = {entry.name}"), {rule.where.field: other.code}, TODAY) is expected


def test_a_code_that_is_the_beginning_of_another_is_not_it():
    """1 and 10 and 101: a scanner that stops too early would find the wrong people."""
    codes = CodeSet("k", "k", "", tuple(Code(c, f"第{c}类") for c in ("1", "10", "101", "1a", "a1", "A")))
    words = Vocabulary(
        items=[item("k", P, "类别", Kind.CODE, code_set="k"), item("ks", P, "各类", Kind.CODES, code_set="k")],
        code_sets=[codes],
    )
    for entry in codes.codes:
        for written in (f"类别 = {entry.code}", f"类别={entry.name}", f"类别={entry.name}或类别={entry.code}"):
            where = person(written, words).where
            tests = where.parts if hasattr(where, "parts") else (where,)
            assert {t.value for t in tests} == {entry.code}, written
        has = person(f"各类 有 {entry.name}", words)
        for held in codes.codes:
            assert evaluate(has, {"ks": [held.code]}, TODAY) is (held is entry)
    for unknown in ("11", "1b", "b1", "第1", "第11类", "第1类人"):
        with pytest.raises(RuleError, match="没有"):
            person(f"类别 = {unknown}", words)


@pytest.mark.parametrize(
    "names",
    [
        ("甲", "甲乙", "甲乙丙"),
        ("且", "或", "非"),
        ("在职", "不在职", "在职且兼职"),
        ("1-3年", "3-5年", "5年以上"),
        ("小于1000", "大于1000", "=1000"),
        ("国有、集体", "国有", "集体"),
        ("是", "否", "不详"),
        ("有", "无", "没有"),
        ("今天", "30天前", "2020-01-01"),
        ("A/B", "A", "B/"),
        ("(一)", "（二）", "三）"),
        ("“引”", '"q"', "\\"),
        ("未 婚", "已　婚", "离 婚"),
    ],
)
def test_whatever_codes_are_called_their_canonical_text_leads_back(names):
    """National code sets hold commas, brackets, ranges, and words of the language."""
    codes = CodeSet("k", "k", "", tuple(Code(str(n), name) for n, name in enumerate(names)))
    words = Vocabulary(
        items=[item("k", P, "类别", Kind.CODE, code_set="k"), item("ks", P, "各类", Kind.CODES, code_set="k")],
        code_sets=[codes],
    )
    singles = (
        [f"类别 = {n}" for n in range(3)] + [f"各类 有 {n}" for n in range(3)] + [f"各类 无 {n}" for n in range(3)]
    )
    pairs = [f"类别 属于 ({a}、{b})" for a, b in itertools.permutations(range(3), 2)]
    for written in (*singles, *pairs, " 且 ".join(singles), " 或 ".join(pairs)):
        rule = person(written, words)
        for lang in ("zh", "en"):
            assert person(rule.text(lang), words) == rule, rule.text(lang)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "兴趣、爱好",
            "a,b",
            "身高(厘米)",
            "血压（高/低）",
            "说“好”的",
            "是否独居",
            "有无电梯",
            "非机动车",
            "或有负债",
            "且末人",
        ),
        *(
            "在职",
            "不在沪",
            "60岁以上",
            "3号楼",
            "年龄且",
            "标签数",
            "no_show",
            "any1",
            "= 号",
            "换 行",
            "属于",
            "为空",
            "到",
        ),
    ],
)
def test_whatever_an_item_is_called_its_canonical_text_leads_back(name):
    """Staff name the items they add as they like; a name the parser cannot find again would lose every saved crowd."""
    words = Vocabulary(
        items=[item("own_x", P, name, Kind.INTEGER), item("age", P, "年龄", Kind.INTEGER)],
        terms=[Term("last", "最近", P, Kind.DATE, "null")],
    )
    for written in (
        "own_x > 3",
        "非 own_x = 1 且 年龄 > 3",
        "age > 3 或 own_x 为空",
        "own_x 在 1 到 3 之间 且 own_x 不为空",
    ):
        rule = person(written, words)
        for lang in ("zh", "en"):
            assert person(rule.text(lang), words) == rule, rule.text(lang)


@pytest.mark.parametrize("name", ["亲、友", "a,b", "有 的", "远亲(三代)", "年龄", "标签人"])
def test_whatever_a_relation_is_called_its_canonical_text_leads_back(name):
    words = Vocabulary(
        items=[item("age", P, "年龄", Kind.INTEGER)],
        relations=[Relation("near", name, P, P, "records_person {t} where {t}.id = {s}.id")],
    )
    for written in ("any near (age > 3)", "count near >= 2 and no near", "all near (any near (age < 3))"):
        rule = person(written, words)
        for lang in ("zh", "en"):
            assert person(rule.text(lang), words) == rule, rule.text(lang)


DIGITS = "0123456789"
AREAS = st.sampled_from((2, 4, 6, 9, 12, 15, 18, 21)).flatmap(lambda n: st.text(DIGITS, min_size=n, max_size=n))


@settings(max_examples=150, deadline=None)
@given(AREAS, AREAS)
def test_within_an_area_is_to_begin_with_its_code(area: str, at: str):
    rule = person(f"居住区域 = {area}")
    assert rule.where == Within("live_area", (area,))
    for held in (at, area, area + "001", area[:-1], area + at):
        assert evaluate(rule, {"live_area": held}, TODAY) is (held[: len(area)] == area)
        assert evaluate(person(f"居住区域 != {area}"), {"live_area": held}, TODAY) is (held[: len(area)] != area)


@settings(max_examples=60, deadline=None)
@given(st.text(DIGITS, max_size=34).filter(lambda t: len(t) not in (2, 4, 6, 9, *range(12, 31, 3))))
def test_digits_that_are_no_area_are_refused(digits: str):
    with pytest.raises(RuleError):
        person(f"居住区域 = {digits}")
    with pytest.raises(RuleError):
        person(f"居住区域 属于 (310110、{digits})")


@pytest.mark.parametrize(
    "digits", ["٣١", "３１x", "31 0110", "-31", "+31", "31.0", "3e1", "31岁", '"31\u200b"', "公交新村"]
)
def test_what_only_looks_like_an_area_is_refused(digits):
    with pytest.raises(RuleError):
        person(f"居住区域 = {digits}")


def test_several_areas_are_all_their_people_once():
    rule = person("居住区域 属于 (310110009016、310110009017、310110009016)")
    assert rule.where.areas == ("310110009016", "310110009017")
    for area, inside in (
        ("310110009016001", True),
        ("310110009017", True),
        ("310110009018", False),
        ("3101100090", False),
    ):
        assert evaluate(rule, {"live_area": area}, TODAY) is inside
    assert evaluate(rule, {}, TODAY) is None


@pytest.mark.parametrize("one", [t for t in TAGS if t.subject is P], ids=lambda t: t.code)
def test_every_tag_by_code_by_path_and_by_every_end_of_its_path(one):
    full = (*one.path, one.name)
    words = [one.code, "/".join(full), *("/".join(full[n:]) for n in range(len(full)))]
    for word in words:
        quoted = f'"{word}"'
        try:
            rule = person(f"标签 = {quoted}")
        except RuleError as refused:
            assert "不止一个意思" in refused.message_zh and word == one.name
            continue
        assert rule.where == HasTag(one.code), word
        for lang in ("zh", "en"):
            assert person(rule.text(lang)) == rule
        assert person(f"标签 无 {quoted}").text("zh").startswith("标签 无 ")


BRANCHES = sorted({t.path[:n] for t in TAGS if t.subject is P for n in range(1, len(t.path) + 1)})


@pytest.mark.parametrize("path", BRANCHES, ids="/".join)
def test_a_branch_is_each_of_its_tags_and_no_other(path):
    rule = person(f"标签 = {'/'.join(path)}/")
    assert rule.where == HasBranch(path)
    for one in (t for t in TAGS if t.subject is P and not t.rule):
        truth = evaluate(rule, {"tags": {one.code}, "age": 30, "housemate": [{"age": 30}]}, TODAY)
        assert truth is (one.path[: len(path)] == path), one.code
        outside = evaluate(
            person(f"标签 无 {'/'.join(path)}/"), {"tags": {one.code}, "age": 30, "housemate": [{"age": 30}]}, TODAY
        )
        assert outside is not truth
    assert evaluate(rule, {"tags": set(), "age": 30, "housemate": [{"age": 30}]}, TODAY) is False


def test_branches_nest():
    """Whoever is in a branch is in every branch above it."""
    for path in BRANCHES:
        for one in (t for t in TAGS if t.path[: len(path)] == path and not t.rule):
            facts = {"tags": {one.code}, "age": 30, "housemate": [{"age": 30}]}
            for above in range(1, len(path) + 1):
                assert evaluate(person(f"标签 = {'/'.join(path[:above])}/"), facts, TODAY) is True


@pytest.mark.parametrize(
    ("name", "path", "rule"),
    [
        ("独居、孤老", "人/民政", ""),
        ("a,b", "人/民政", ""),
        ("（空）", "人", ""),
        ("且", "人/或", ""),
        ("70岁", "人/年龄", "年龄 >= 70"),
        ("是", "人", ""),
        ("人", "户", ""),
        ("x y", "人/a b", ""),
        ("A.B", "人/c.d", ""),
        ("说“好”", '人/"q"', ""),
    ],
)
def test_whatever_tags_and_their_steps_are_called_the_canonical_text_leads_back(name, path, rule):
    try:
        odd = tag("odd", name, path, rule=rule)
        words = Vocabulary(items=[item("age", P, "年龄", Kind.INTEGER)], tags=[odd, tag("plain", "平常", "人")])
    except ValueError as refused:
        assert "word of the rule language" in str(refused)
        return
    steps = path.split("/")
    rules = [
        person("tag = odd", words),
        *(person(f"标签 = {quoted('/'.join(steps[:n]) + '/')}", words) for n in range(1, len(steps) + 1)),
    ]
    for found in (*rules, person("tag != odd and age > 3", words), person("tag in odd, plain", words)):
        for lang in ("zh", "en"):
            assert person(found.text(lang), words) == found, found.text(lang)


def test_one_name_for_two_subjects_means_the_one_asked_about():
    words = Vocabulary(tags=[tag("p_low", "困难", "人"), tag("h_low", "困难", "户", Subject.HOUSEHOLD)])
    assert person("标签 = 困难", words).where == HasTag("p_low")
    assert parse("标签 = 困难", Subject.HOUSEHOLD, words).where == HasTag("h_low")
    with pytest.raises(RuleError, match="是住户的标签"):
        person("标签 = h_low", words)


YES = ("是", "有", "真", "true", "YES", "y", "1", "１")
NO = ("否", "无", "没有", "假", "False", "no", "N", "0")


def test_yes_and_no_in_every_word():
    for word, truth in (*((w, True) for w in YES), *((w, False) for w in NO)):
        assert person(f"本地户籍 = {word}").where == Compare("is_local", Op.EQ, truth), word
        assert evaluate(person(f"本地户籍 != {word}"), {"is_local": truth}, TODAY) is False
    for word in ("2", "是的", "不", "对", "-1", "null", "None"):
        with pytest.raises(RuleError, match="请写 是 或 否"):
            person(f"本地户籍 = {word}")
