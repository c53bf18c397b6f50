"""What may be declared, how words are found, and what no word may be about."""

from dataclasses import replace

import pytest

from linyun.kernel.catalogue import Catalogue
from linyun.kernel.declare import (
    Code,
    CodeSet,
    DeclarationError,
    Department,
    Kind,
    Level,
    Manifest,
    Relation,
    Subject,
    Term,
)
from linyun.kernel.rule import RuleError, Vocabulary, compile_sql, parse, refuse_forbidden, refuse_ranking
from linyun.kernel.rule.lookup import Lookup
from linyun.kernel.rule.tests.world import (
    CODE_SETS,
    ITEMS,
    RELATIONS,
    TAGS,
    TERMS,
    TODAY,
    VOCABULARY,
    P,
    item,
    tag,
)


def person(written: str, vocabulary: Vocabulary = VOCABULARY):
    return parse(written, Subject.PERSON, vocabulary)


def test_the_vocabulary_of_a_catalogue_holds_all_that_is_declared():
    catalogue = Catalogue()
    catalogue.open_with(
        [
            Manifest(
                "records",
                items=ITEMS,
                code_sets=CODE_SETS,
                departments=(Department("civil", "民政"),),
                tags=TAGS,
                terms=TERMS,
                relations=RELATIONS,
            )
        ]
    )
    words = Vocabulary.of(catalogue)
    for written in ("年龄 > 3 且 性别 = 女", "标签 = 独居", "同住家人 有人"):
        assert person(written, words) == person(written)


def test_items_and_tags_added_at_run_time_can_be_used_at_once():
    with pytest.raises(RuleError):
        person("血压计 = 是")
    catalogue = Catalogue()
    catalogue.open_with([Manifest("none", departments=(Department("civil", "民政"),))])
    words = Vocabulary.of(
        catalogue, items=[item("meter", P, "血压计", Kind.BOOLEAN)], tags=[tag("new", "新标签", "人")]
    )
    assert person("血压计 = 是 且 标签 = 新标签", words)


@pytest.mark.parametrize(
    "declared",
    [
        {"items": [item("xinfang", P, "来访次数", Kind.INTEGER)]},
        {"items": [item("visits_up", P, "信访次数", Kind.INTEGER)]},
        {"items": [item("faith", P, "爱好", Kind.TEXT)]},
        {"terms": [Term("record", "前科次数", P, Kind.INTEGER, "0")]},
        {"relations": [Relation("church", "同教派", P, P, "t where false")]},
        {"tags": [tag("x", "刑满释放", "人")]},
        {"tags": [tag("x", "甲", "人/社区矫正")]},
        {"tags": [tag("drug_user", "甲", "人")]},
    ],
)
def test_what_the_constitution_forbids_cannot_be_declared(declared):
    with pytest.raises(DeclarationError, match="不得按"):
        Vocabulary(**declared)


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ({"items": [item("not", P, "甲", Kind.TEXT)]}, "word of the rule language"),
        ({"items": [item("x", P, "非", Kind.TEXT)]}, "word of the rule language"),
        ({"tags": [tag("x", "且", "人")]}, "word of the rule language"),
        ({"terms": [Term("x", "标签", P, Kind.TEXT, "''")]}, "word of the rule language"),
        ({"items": [item("a.b", P, "甲", Kind.TEXT, core=True)]}, "cannot hold a dot"),
        ({"items": [item("x", P, "甲", Kind.CODE, code_set="none")]}, "declared by nobody"),
        ({"terms": [Term("x", "甲", P, Kind.CODE, "''", code_set="none")]}, "declared by nobody"),
        (
            {"items": [item("x", P, "甲", Kind.TEXT)], "relations": [Relation("x", "乙", P, P, "t where false")]},
            "same code",
        ),
    ],
)
def test_a_name_that_could_not_be_written_in_a_rule_cannot_be_declared(declared, said):
    with pytest.raises(DeclarationError, match=said):
        Vocabulary(**declared)


def test_a_code_goes_before_a_name_and_a_name_before_an_alias():
    words = Vocabulary(
        items=[
            item("one", P, "甲", Kind.INTEGER, names=("乙", "丙")),
            item("two", P, "乙", Kind.INTEGER, names=("one",)),
            item("three", P, "丁", Kind.INTEGER, names=("丙",)),
        ]
    )
    assert person("乙 = 1", words).where.field == "two"
    assert person("one = 1", words).where.field == "one"
    with pytest.raises(RuleError) as refused:
        person("丙 = 1", words)
    assert refused.value.expected == ("甲（one）", "丁（three）")


def test_two_items_of_one_name_are_written_by_their_codes():
    words = Vocabulary(items=[item("one", P, "甲", Kind.INTEGER), item("two", P, "甲", Kind.INTEGER)])
    rule = person("two = 1", words)
    assert rule.text("zh") == "two = 1"
    assert person(rule.text("zh"), words) == rule


def test_codes_whose_names_repeat_are_written_by_code():
    codes = CodeSet(
        "k", "k", "", (Code("01", "其他"), Code("99", "其他"), Code("A", "甲"), Code("a", "乙"), Code("x", "01"))
    )
    words = Vocabulary(items=[item("k", P, "类别", Kind.CODE, code_set="k")], code_sets=[codes])
    with pytest.raises(RuleError) as refused:
        person("类别 = 其他", words)
    assert refused.value.expected == ("其他（01）", "其他（99）")
    for code in ("01", "99", "A", "a", "x"):
        rule = person(f"类别 = {code}", words)
        assert rule.where.value == code
        for lang in ("zh", "en"):
            assert person(rule.text(lang), words) == rule


def test_a_branch_named_like_a_tag_is_written_with_a_slash():
    words = Vocabulary(tags=[tag("a", "老人", "人"), tag("b", "独居", "老人"), tag("c", "高龄", "人/民政/老人")])
    assert person("标签 = 老人", words).where.tag == "a"
    branch = person("标签 = 老人/", words)
    assert branch.where.path == ("老人",)
    assert branch.text("zh") == "标签 = 老人/"
    assert person("标签 = 民政/老人", words).where.path == ("人", "民政", "老人")
    assert person(branch.text("en"), words) == branch


def test_a_branch_whose_short_name_stands_twice_asks_for_more_of_the_path():
    words = Vocabulary(tags=[tag("a", "甲", "人/民政/其他"), tag("b", "乙", "人/人社/其他")])
    with pytest.raises(RuleError) as refused:
        person("标签 = 其他", words)
    assert set(refused.value.expected) == {"人/民政/其他", "人/人社/其他"}


def test_an_alias_that_is_a_word_of_the_language_is_passed_over():
    words = Vocabulary(items=[item("x", P, "甲", Kind.INTEGER, names=("非", "标签", "乙"))])
    assert person("非 乙 = 1", words) == person("not x = 1", words)


def test_a_field_can_be_read_from_elsewhere_than_its_own_column():
    words = Vocabulary(items=ITEMS, code_sets=CODE_SETS, reads={(P, "id_number"): "nullif({s}.sealed, '')"})
    sql = compile_sql(person("身份证号 为空", words), "p", TODAY).sql
    assert sql == "(nullif(p.sealed, '') is null)"


def test_never_is_said_of_a_last_time_only():
    fields = VOCABULARY.fields
    assert fields[P, "last_visit"].never == ("从未走访", "never_visit")
    assert fields[P, "birth_date"].never == ("", "")
    assert Vocabulary(terms=[Term("latest", "最近情况", P, Kind.TEXT, "''")]).fields[P, "latest"].never == ("", "")


@pytest.mark.parametrize(
    ("text", "pos", "lengths"),
    [
        ("年龄段", 0, [3, 2]),
        ("年龄", 0, [2]),
        ("x年龄段", 1, [3, 2]),
        ("长护等级10", 0, []),
        ("长护等级1 ", 0, [5]),
        ("age_x", 0, []),
        ("age=1", 0, [3]),
        ("年", 0, []),
        ("", 0, []),
    ],
)
def test_the_longest_word_at_a_place(text, pos, lengths):
    table: Lookup[int] = Lookup()
    for number, word in enumerate(("年龄", "年龄段", "长护等级1", "AGE", "", "  ")):
        table.add(word, number)
    assert list(table.lengths_at(text, pos)) == lengths


def test_a_lookup_folds_width_and_case_and_tells_ambiguity():
    table: Lookup[str] = Lookup()
    table.add("ＡＢ类", "one")
    table.add("ab类", "two")
    table.add("ab类", "two")
    assert table.find("Ab类") == ["one", "two"]
    assert table.only("Ab类") is None
    assert " AB类 " in table and "x" not in table
    assert table.nearest("ab累") == "ab类"
    assert table.nearest("完全不同") == ""


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("信访", "信访"),
        ("重点上访人员", "信访"),
        ("越级 上访", "信访"),
        ("petition_count", "信访"),
        ("宗教信仰", "宗教"),
        ("信教群众", "宗教"),
        ("religion", "宗教"),
        ("政治观点", "政治观点"),
        ("political_opinion", "政治观点"),
        ("思想动态", "政治观点"),
        ("前科", "违法犯罪"),
        ("刑满释放", "违法犯罪"),
        ("社区矫正对象", "违法犯罪"),
        ("criminal.record", "违法犯罪"),
        ("吸毒人员", "成瘾"),
        ("酗酒", "成瘾"),
        ("Drug-Addict", "成瘾"),
    ],
)
def test_forbidden_names(name, word):
    why = refuse_forbidden(name)
    assert why and word in why and why.endswith("。")


@pytest.mark.parametrize(
    "name",
    [
        "政治面貌",
        "中共党员",
        "走访次数",
        "宗教活动场所",
        "视力矫正",
        "competition",
        "faithx",
        "民族",
        "慢性病",
        "独居",
        "残疾",
        "访客",
        "来访",
        "犯罪预防宣传",
        "disability",
    ],
)
def test_innocent_names(name):
    assert refuse_forbidden(name) is None


@pytest.mark.parametrize(
    "name", ["民族", "族别", "ethnicity", "慢性病", "病种", "精神障碍", "illness", "mental_disorder", "信访"]
)
def test_names_that_may_not_rank(name):
    assert refuse_ranking(name)


@pytest.mark.parametrize("name", ["年龄", "残疾等级", "独居", "长护等级", "民族乡", "nationality", "skill"])
def test_names_that_may_rank(name):
    assert refuse_ranking(name) is None


def test_a_rule_on_ethnicity_may_find_people_but_not_rank_them():
    rule = person("同住家人 有人(民族 = 回族)")
    with pytest.raises(RuleError, match="“民族”：不得按民族给居民排序"):
        rule.check_ranking()
    person("年龄 > 70 且 标签 = 独居 且 同住家人 无人").check_ranking()


def test_a_tag_of_illness_does_not_rank_even_by_its_code():
    words = Vocabulary(tags=[tag("diabetes", "甲", "人")])
    with pytest.raises(RuleError, match="不得按疾病"):
        person("标签 = 甲", words).check_ranking()


@pytest.mark.parametrize(
    ("written", "subject", "level"),
    [
        ("年龄 > 3", Subject.PERSON, Level.PERSONAL),
        ("身份证号 为空", Subject.PERSON, Level.SENSITIVE),
        ("标签 = 残疾", Subject.PERSON, Level.SENSITIVE),
        ("标签 = 人", Subject.PERSON, Level.SENSITIVE),
        ("标签 无 独居", Subject.PERSON, Level.PERSONAL),
        ("同住家人 有人(标签 = 残疾)", Subject.PERSON, Level.SENSITIVE),
        ("人数 > 3", Subject.HOUSEHOLD, Level.PERSONAL),
    ],
)
def test_the_level_of_a_rule_is_the_highest_of_what_it_reads(written, subject, level):
    assert parse(written, subject, VOCABULARY).level() is level


def test_a_rule_about_places_of_public_items_is_not_personal():
    open_hours = replace(item("hours", Subject.PLACE, "开放时间", Kind.TEXT), level=Level.PUBLIC)
    rule = parse("开放时间 不为空", Subject.PLACE, Vocabulary(items=[open_hours]))
    assert rule.level() is Level.INTERNAL
