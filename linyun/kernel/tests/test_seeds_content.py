"""What is shipped in seeds/: enough of it, consistent, true to the standards, and nothing that has no place here."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import pytest

from linyun.kernel import seeds
from linyun.kernel.catalogue import Catalogue
from linyun.kernel.declare import CodeSet, Item, Kind, Ledger, Level, Manifest, Subject, Tag
from linyun.kernel.rule import Vocabulary, compile_sql, evaluate, parse, refuse_forbidden, tag_faults
from linyun.kernel.rule.syntax import Compare, HasCode, Unknown
from linyun.kernel.tests.words import RELATIONS, SOURCES, TERMS

ROOT = Path(__file__).resolve().parents[3] / "seeds"
ITEMS = seeds.load_items(ROOT)
CODE_SETS = {s.code: s for s in seeds.load_code_sets(ROOT)}
TAGS = seeds.load_tags(ROOT)
LEDGERS = {x.code: x for x in seeds.load_ledgers(ROOT)}
AREAS = {a.code: a for a in seeds.iter_areas(ROOT)}
WORDS = Vocabulary(items=ITEMS, terms=TERMS, relations=RELATIONS, tags=TAGS, code_sets=CODE_SETS.values())
CODE = re.compile(r"[a-z][a-z0-9_]*\Z")

CORE = {
    Subject.PERSON: "name former_name sex birth_date identity_type identity_number phone ethnicity native_place"
    " marital_status political_status education occupation_class occupation workplace employment_status nationality"
    " registered_area registered_address living_address household_type disability_type disability_level aid_type"
    " care_level emergency_contact emergency_phone remark",
    Subject.HOUSEHOLD: "number kind_of_household remark",
    Subject.DWELLING: "estate road lane building unit room floor_area tenure dwelling_use hazard has_lift floor remark",
    Subject.ORGANISATION: "name uscc organisation_type address contact_name contact_phone remark",
    Subject.PLACE: "name place_type address remark",
}


def normal(wording: str) -> str:
    """A header as an import compares it: half-width, without blanks and punctuation."""
    return re.sub(r"[\s:：、，,。.*＊()（）\[\]【】/_-]+", "", unicodedata.normalize("NFKC", wording)).lower()


def claims(words: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """The words that several claim, with those who do. ``words``: (word, who)."""
    found: dict[str, set[str]] = defaultdict(set)
    for word, who in words:
        found[normal(word)].add(who)
    return {word: who for word, who in found.items() if len(who) > 1 or not word}


def rules_of(ledger: Ledger) -> Iterator[tuple[str, Subject]]:
    subject = SOURCES[ledger.source].subject
    if ledger.rule and subject:
        yield ledger.rule, subject
    figures = [f for c in ledger.columns if (f := seeds.figure_of(c.value))]
    for figure in figures:
        yield from ((text, figure.subject) for text in (figure.rule, figure.of) if text)
    yield from ((text, figures[0].subject) for _, text in seeds.rows_of(ledger) if text)


# All of it together


def test_the_catalogue_opens_with_all_of_it() -> None:
    catalogue = Catalogue()
    catalogue.open_with(
        [
            Manifest(
                app="seeds",
                items=tuple(ITEMS),
                code_sets=tuple(CODE_SETS.values()),
                departments=tuple(seeds.load_departments(ROOT)),
                sources=tuple(seeds.load_sources(ROOT)),
                tags=tuple(TAGS),
                terms=tuple(TERMS),
                relations=tuple(RELATIONS),
                ledgers=tuple(LEDGERS.values()),
                ledger_sources=tuple(SOURCES.values()),
            )
        ]
    )
    assert catalogue.is_open


def test_there_is_enough_of_it() -> None:
    assert len(ITEMS) >= 200
    assert len(TAGS) >= 760
    assert sum(bool(t.rule) for t in TAGS) >= 300
    assert len(LEDGERS) >= 55


def everything_written() -> Iterator[tuple[str, str]]:
    for item in ITEMS:
        yield from ((f"item {item.code}", w) for w in (item.code, item.name, item.group, item.help, *item.names))
    for tag in TAGS:
        yield from ((f"tag {tag.code}", w) for w in (tag.code, tag.name, tag.meaning, *tag.path, *tag.names))
    for ledger in LEDGERS.values():
        heads = (word for c in ledger.columns for word in (c.name, *c.head))
        yield from ((f"ledger {ledger.code}", w) for w in (ledger.code, ledger.name, *heads))
    for code_set in CODE_SETS.values():
        for code in code_set.codes:
            yield from ((f"code set {code_set.code}", w) for w in (code.name, *code.words))


def test_nothing_speaks_of_what_has_no_place_here() -> None:
    assert {(what, word): why for what, word in everything_written() if (why := refuse_forbidden(word))} == {}
    assert refuse_forbidden("信访人员")
    assert refuse_forbidden("religion")


def test_codes_are_plain_ascii() -> None:
    codes = [*(i.code for i in ITEMS), *(t.code for t in TAGS), *LEDGERS, *CODE_SETS]
    assert [c for c in codes if not CODE.match(c)] == []


# Items


@pytest.mark.parametrize("subject", list(Subject))
def test_core_items_are_those_with_a_column(subject: Subject) -> None:
    assert {i.code for i in ITEMS if i.subject is subject and i.core} == set(CORE[subject].split())


def test_an_item_says_for_what_and_on_what_ground() -> None:
    lazy = [
        i.code for i in ITEMS if len(i.purpose) < 4 or not re.search("法|条例|规定|办法|章程|GB|国发|标准", i.basis)
    ]
    assert lazy == []


def test_what_could_hurt_people_is_sensitive() -> None:
    closed = {"健康", "社会救助", "残疾人服务", "儿童与未成年人"}
    assert [i.code for i in ITEMS if i.group in closed and i.level is not Level.SENSITIVE] == []
    assert [i.code for i in ITEMS if i.kind is Kind.IDENTITY and i.level is not Level.SENSITIVE] == []
    assert [
        i.code for i in ITEMS if i.kind is Kind.PHONE and i.level < Level.PERSONAL and i.subject is Subject.PERSON
    ] == []
    assert {i.level for i in ITEMS if i.code in ("care_level", "party_hardship", "title_number")} == {Level.SENSITIVE}


@pytest.mark.parametrize("subject", list(Subject))
def test_a_header_means_one_item(subject: Subject) -> None:
    headers = [(w, i.code) for i in ITEMS if i.subject is subject for w in (i.name, *i.names)]
    terms = [(w, t.code) for t in TERMS if t.subject is subject for w in (t.name, *t.names)]
    assert claims(headers + terms) == {}


def test_a_header_claimed_twice_would_be_seen() -> None:
    assert claims([("联系 电话", "phone"), ("联系电话*", "contact_phone")]) == {"联系电话": {"phone", "contact_phone"}}


@pytest.mark.parametrize(
    ("header", "subject", "code"),
    [
        ("名字", Subject.PERSON, "name"),
        ("居民姓名", Subject.PERSON, "name"),
        ("公民身份号码", Subject.PERSON, "identity_number"),
        ("身份证号", Subject.PERSON, "identity_number"),
        ("出生年月", Subject.PERSON, "birth_date"),
        ("手机号码", Subject.PERSON, "phone"),
        ("家庭住址", Subject.PERSON, "living_address"),
        ("户口所在地", Subject.PERSON, "registered_address"),
        ("学历", Subject.PERSON, "education"),
        ("居住事由", Subject.PERSON, "inflow_reason"),
        ("房屋编号", Subject.DWELLING, "room"),
        ("是否有电梯", Subject.DWELLING, "has_lift"),
        ("业主电话", Subject.DWELLING, "title_holder_phone"),
        ("经营地址", Subject.ORGANISATION, "address"),
    ],
)
def test_headers_of_real_files_are_known(header: str, subject: Subject, code: str) -> None:
    assert [i.code for i in ITEMS if i.subject is subject and header in (i.name, *i.names)] == [code]


def test_numbers_have_bounds_and_derived_items_a_source() -> None:
    assert [i.code for i in ITEMS if i.low is not None and i.high is not None and i.low >= i.high] == []
    assert [i.code for i in ITEMS if i.kind in (Kind.INTEGER, Kind.DECIMAL) and (i.low is None or not i.unit)] == []
    assert {i.code: i.derived for i in ITEMS if i.derived} == {
        "sex": "sex_from_identity",
        "birth_date": "birth_date_from_identity",
        "registered_province": "province_from_registered_area",
    }


@pytest.mark.parametrize("item", ITEMS, ids=lambda i: f"{i.subject}.{i.code}")
def test_an_item_can_be_said_in_a_rule(item: Item) -> None:
    assert parse(f"{item.name} 为空", item.subject, WORDS).where == Unknown(item.code)


def coded() -> list[Item]:
    """One item for each code set."""
    return list({i.code_set: i for i in ITEMS if i.code_set}.values())


@pytest.mark.parametrize("item", coded(), ids=lambda i: i.code_set)
def test_every_code_can_be_said_in_a_rule(item: Item) -> None:
    several = item.kind is Kind.CODES
    for code in CODE_SETS[item.code_set].codes:
        said = parse(f"{item.name} {'有' if several else '='} {code.name}", item.subject, WORDS).where
        assert isinstance(said, HasCode | Compare)
        assert (said.code if isinstance(said, HasCode) else said.value) == code.code


# Code sets


@pytest.mark.parametrize("code_set", CODE_SETS.values(), ids=lambda s: s.code)
def test_a_word_means_one_code_and_the_edition_is_named(code_set: CodeSet) -> None:
    plain = [(w, c.code) for c in code_set.codes for w in (c.name, *c.words) if normal(w) and w not in "√✓×"]
    assert claims(plain) == {}
    assert code_set.standard
    assert ("GB/T" in code_set.standard) == bool(re.search(r"GB/T [\d.]+-\d{4}", code_set.standard))


@pytest.mark.parametrize(
    ("code_set", "code", "name"),
    [
        ("sex", "1", "男"),
        ("sex", "2", "女"),
        ("marital_status", "30", "丧偶"),
        ("marital_status", "40", "离婚"),
        ("ethnicity", "01", "汉族"),
        ("ethnicity", "11", "满族"),
        ("ethnicity", "56", "基诺族"),
        ("ethnicity", "97", "其他"),
        ("education", "20", "大学本科"),
        ("education", "60", "高中"),
        ("education", "90", "其他"),
        ("political_status", "01", "中共党员"),
        ("political_status", "13", "群众"),
        ("relation_to_head", "02", "户主"),
        ("relation_to_head", "12", "妻"),
        ("relation_to_head", "44", "外孙女"),
        ("relation_to_head", "55", "岳父"),
        ("occupation_class", "40000", "社会生产服务和生活服务人员"),
        ("employment_status", "80", "退(离)休人员"),
        ("disability_type", "4", "肢体残疾"),
        ("disability_type", "5", "智力残疾"),
        ("identity_type", "111", "居民身份证"),
        ("nationality", "156", "中国"),
        ("inflow_reason", "07", "治病疗养"),
        ("hazard", "02", "消防隐患"),
        ("dwelling_use", "2", "出租"),
        ("visit_mode", "2", "走访"),
        ("visit_mode", "5", "楼宇视频"),
        ("province", "31", "上海市"),
    ],
)
def test_codes_are_those_of_the_standard(code_set: str, code: str, name: str) -> None:
    assert CODE_SETS[code_set].name_of(code) == name


def test_the_big_sets_are_whole() -> None:
    assert [c.code for c in CODE_SETS["ethnicity"].codes] == [f"{n:02}" for n in range(1, 57)] + ["97", "98"]
    assert len(CODE_SETS["political_status"].codes) == 13
    assert len(CODE_SETS["province"].codes) == 34
    assert {c.code[0] for c in CODE_SETS["relation_to_head"].codes} == set("0123456789")
    assert [c.code for c in CODE_SETS["care_level"].codes] == list("0123456")


@pytest.mark.parametrize(
    ("code_set", "word", "code"),
    [
        ("education", "本科", "20"),
        ("education", "大专", "30"),
        ("education", "文盲", "90"),
        ("political_status", "党员", "01"),
        ("relation_to_head", "儿子", "20"),
        ("relation_to_head", "儿媳", "38"),
        ("relation_to_head", "外公", "63"),
        ("employment_status", "退休", "80"),
        ("aid_type", "低保边缘", "03"),
        ("yes_no", "√", "1"),
    ],
)
def test_everyday_words_lead_to_their_code(code_set: str, word: str, code: str) -> None:
    assert [c.code for c in CODE_SETS[code_set].codes if word in (c.name, *c.words)] == [code]


# Tags


def test_tag_rules_hold_and_do_not_run_in_circles() -> None:
    assert tag_faults(WORDS) == {}


@pytest.mark.parametrize("tag", [t for t in TAGS if t.rule], ids=lambda t: t.code)
def test_a_tag_reads_nothing_more_sensitive_than_itself(tag: Tag) -> None:
    assert parse(tag.rule, tag.subject, WORDS).level() <= tag.level


def test_tags_have_four_levels_one_name_and_an_end_when_set_by_hand() -> None:
    assert [t.code for t in TAGS if len(t.path) != 3 or not t.meaning or not t.purpose] == []
    assert [name for name, n in Counter((t.subject, t.name) for t in TAGS).items() if n > 1] == []
    assert [t.code for t in TAGS if not t.rule and not 0 < (t.expires_days or 0) <= 730] == []


ROOTS = {
    "人": Subject.PERSON,
    "户": Subject.HOUSEHOLD,
    "房": Subject.DWELLING,
    "企": Subject.ORGANISATION,
    "物": Subject.PLACE,
    "事": Subject.PLACE,
}
SENSITIVE = re.compile(
    "病|残|低保|特困|救助|(?<!就业)困难|困境|孤儿|失能|失智|认知障碍|孕|产后|监护|康复|辅具|卧床|长护|透析|家庭暴力|特扶|帮困"
)
"""Words that tell of health, relief, disability or a minor's plight. Difficulty in finding work is none of them."""
ACCUSING = re.compile(
    "重点人|问题人|不良|失信|黑名单|钉子|刁|闹|懒|无赖|违法|前科|嫌疑|可疑人|危险人|高危|劣迹|管控|稳控|盯防"
)


def words_of(tag: Tag) -> tuple[str, ...]:
    return (tag.name, *tag.names)


def accuses(word: str) -> bool:
    return bool(ACCUSING.search(word))


def test_every_subject_has_tags_under_its_own_roots() -> None:
    held = Counter(t.subject for t in TAGS)
    least = {"person": 400, "household": 80, "dwelling": 90, "organisation": 90, "place": 110}
    assert {s: n for s, n in held.items() if n < least[s]} == {}
    assert held.keys() == set(Subject)
    assert {(t.path[0], t.subject) for t in TAGS} == set(ROOTS.items())
    assert [t.code for t in TAGS if t.path[0] == "事" and t.rule] == [], "what happens at a place no item tells"


@pytest.mark.parametrize("subject", list(Subject))
def test_no_two_tags_mean_the_same(subject: Subject) -> None:
    tags = [t for t in TAGS if t.subject is subject]
    meanings = Counter(normal(t.meaning) for t in tags)
    rules = Counter(parse(t.rule, subject, WORDS).where for t in tags if t.rule)
    assert [m for m, n in meanings.items() if n > 1] == []
    assert [r for r, n in rules.items() if n > 1] == []
    assert claims((word, t.code) for t in tags for word in words_of(t)) == {}


def test_a_word_that_could_hurt_stands_on_a_sensitive_tag() -> None:
    people = (Subject.PERSON, Subject.HOUSEHOLD, Subject.DWELLING)
    told = [t for t in TAGS if t.subject in people and any(map(SENSITIVE.search, words_of(t)))]
    assert [t.code for t in told if t.level < Level.SENSITIVE] == []
    assert len(told) >= 100


def test_no_tag_accuses() -> None:
    assert [(t.code, w) for t in TAGS for w in (*words_of(t), t.meaning, t.purpose) if accuses(w)] == []
    assert accuses("重点管控人员")


def test_what_is_set_by_hand_does_not_outlive_what_it_says() -> None:
    """Whatever is under way, asked for or just happened is over within a year; an event at a place sooner."""
    passing = re.compile("申请中|办理中|协调中|征询中|进行中|(?<!优)待(?!遇)|近期|求助|新近")
    by_hand = [t for t in TAGS if t.expires_days]
    assert [t.code for t in by_hand if not 0 < (t.expires_days or 0) <= 3 * 365] == []
    assert [t.code for t in by_hand if passing.search(t.name) and (t.expires_days or 0) > 365] == []
    assert [t.code for t in by_hand if t.path[:2] == ("事", "事件") and (t.expires_days or 0) > 60] == []


def test_every_rule_becomes_sql_and_answers() -> None:
    today = date(2026, 3, 1)
    for tag in (t for t in TAGS if t.rule):
        rule = parse(tag.rule, tag.subject, WORDS)
        assert compile_sql(rule, "s", today, WORDS).sql, tag.code
        assert evaluate(rule, {}, today) in (True, False, None), tag.code


def test_a_tag_names_laws_as_laws_are_named() -> None:
    """A source is a law, a regulation, a standard or an official paper with its number, never a wish for one."""
    named = re.compile(r"法|条例|办法|规定|章程|GB/T \d|〔\d{4}〕\d+号")
    odd = {t.source for t in TAGS for part in t.source.split("；") if t.source and not named.search(part)}
    assert odd == set()


@pytest.mark.parametrize(
    ("code", "rule"),
    [("lone_elder", "年龄 >= 60 且 同住人数 = 1"), ("aged_80", "年龄 >= 80"), ("dibao", "救助类别 = 低保")],
)
def test_tags_that_others_rely_on(code: str, rule: str) -> None:
    assert next(t.rule for t in TAGS if t.code == code) == rule


# Ledgers


@pytest.mark.parametrize("ledger", LEDGERS.values(), ids=lambda x: x.code)
def test_a_ledger_can_be_filled(ledger: Ledger) -> None:
    source = SOURCES[ledger.source]
    known = set(source.cells) | {f.code for f in WORDS.fields.values() if f.subject is source.subject}
    for column in ledger.columns:
        is_kept = column.value.startswith("entry.") and CODE.match(column.value.removeprefix("entry."))
        is_figure = ledger.source == "statistic" and (
            seeds.figure_of(column.value) or column.value.startswith(seeds.ROW)
        )
        assert column.value in known or is_kept or is_figure, column
    assert set(ledger.sort) <= known
    heads = [(*c.head, c.name) for c in ledger.columns if not c.value.startswith(seeds.ROW)]
    assert len(set(heads)) == len(heads)


@pytest.mark.parametrize("ledger", [x for x in LEDGERS.values() if any(rules_of(x))], ids=lambda x: x.code)
def test_the_rules_of_a_ledger_hold(ledger: Ledger) -> None:
    for text, subject in rules_of(ledger):
        assert parse(text, subject, WORDS).subject is subject
    for column in ledger.columns:
        figure = seeds.figure_of(column.value)
        if figure and figure.item:
            assert WORDS.field(figure.subject, figure.item).kind in (Kind.INTEGER, Kind.DECIMAL)


def test_the_ledgers_of_a_committee_are_there() -> None:
    wanted = (
        "population_table visits lone_elders elder_80 party_members building_chiefs volunteers disabled dibao_labour"
    )
    assert set(wanted.split()) <= set(LEDGERS)
    assert len([c for c in LEDGERS["population_table"].columns if seeds.figure_of(c.value)]) >= 60
    assert sum(code.startswith("red_cross_") for code in LEDGERS) == 8
    assert Counter(x.group for x in LEDGERS.values()).keys() == {
        "基础情况",
        "会议与日常",
        "党群工作",
        "公共服务",
        "社会管理",
    }


def test_most_ledgers_fill_themselves() -> None:
    by_hand = [x.code for x in LEDGERS.values() if x.source == "entry"]
    assert len(LEDGERS) - len(by_hand) >= 55


# Sources and areas


def test_precedence_runs_from_settlement_to_derivation() -> None:
    rank = {s.code: s.rank for s in seeds.load_sources(ROOT)}
    assert rank["settle"] == 90 > rank["visit"] == rank["desk"] == 40 > rank["resident_self"] == rank["form"] == 35
    assert rank["form"] > rank["police"] == 20 > rank["roster"] == rank["synth"] == rank["demo"] == 10 > rank["derived"]
    departments = {d.code for d in seeds.load_departments(ROOT)}
    assert all(s.code == s.department for s in seeds.load_sources(ROOT) if s.department)
    assert {s.department for s in seeds.load_sources(ROOT)} - {""} <= departments


def test_shanghai_is_whole() -> None:
    kinds = Counter(a.kind for a in AREAS.values())
    assert kinds == {"province": 1, "city": 1, "district": 16, "street": 234, "committee": 6509}
    forms = Counter(a.form for a in AREAS.values() if a.kind == "committee")
    assert forms == {"residents": 4941, "village": 1555, "virtual": 13}
    assert {a.kind: len(a.code) for a in AREAS.values()} == {
        "province": 2,
        "city": 4,
        "district": 6,
        "street": 9,
        "committee": 12,
    }


def test_the_known_places_bear_their_codes() -> None:
    assert AREAS["310110009016"].short == "公交新村"
    assert AREAS["310110009017"].short == "铁岭路五十弄"
    assert (AREAS["310110009"].name, AREAS["310110"].name) == ("四平路街道", "杨浦区")
    repeated = [name for name, n in Counter(a.name for a in AREAS.values() if a.kind == "committee").items() if n > 1]
    assert len(repeated) == 271
