"""Code sets against their standards, and shipped declarations against each other: what a department would send back."""

import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from linyun.kernel import seeds
from linyun.kernel.declare import Kind, Level, Subject
from linyun.kernel.values.codes import boolean, matcher
from linyun.kernel.values.reading import BOUNDS, VALIDATORS

ROOT = Path(__file__).resolve().parents[3] / "seeds"
SETS = {s.code: s for s in seeds.load_code_sets(ROOT)}
ITEMS = seeds.load_items(ROOT)
TAGS = seeds.load_tags(ROOT)
LEDGERS = seeds.load_ledgers(ROOT)
RHYTHMS = seeds.load_rhythms(ROOT)
AREAS = list(seeds.iter_areas(ROOT))
DEPARTMENTS = {d.code for d in seeds.load_departments(ROOT)}

EDITIONS = {
    "sex": ("GB/T 2261.1-2003", "0 1 2 9"),
    "marital_status": ("GB/T 2261.2-2003", "10 20 21 22 23 30 40 90"),
    "employment_status": ("GB/T 2261.4-2003", "11 13 17 21 24 27 31 37 51 54 70 80 90"),
    "political_status": ("GB/T 4762-1984", "01 02 03 04 05 06 07 08 09 10 11 12 13"),
    "degree": ("GB/T 6864-2003", "1 2 3 4"),
    "occupation_class": ("GB/T 6565-2015", "10000 20000 30000 40000 50000 60000 70000 80000"),
    "industry": ("GB/T 4754-2017", "A B C D E F G H I J K L M N O P Q R S T"),
    "disability_type": ("GB/T 26341-2010", "1 2 3 4 5 6 7"),
    "disability_level": ("GB/T 26341-2010", "1 2 3 4"),
    "province": (
        "GB/T 2260-2007",
        "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82",
    ),
    "dwelling_use": ("GB/T 31000-2015", "0 1 2 99"),
    "hazard": ("GB/T 31000-2015", "00 01 02 03 04 99"),
}
"""The standards' editions and all of their codes (or, of the hierarchical ones, all of the level we keep)."""

NAMES = {
    "disability_type": "视力残疾 听力残疾 言语残疾 肢体残疾 智力残疾 精神残疾 多重残疾",
    "degree": "名誉博士 博士 硕士 学士",
    "industry": "农、林、牧、渔业 采矿业 制造业 电力、热力、燃气及水生产和供应业 建筑业 批发和零售业 "
    "交通运输、仓储和邮政业 住宿和餐饮业 信息传输、软件和信息技术服务业 金融业 房地产业 租赁和商务服务业 "
    "科学研究和技术服务业 水利、环境和公共设施管理业 居民服务、修理和其他服务业 教育 卫生和社会工作 "
    "文化、体育和娱乐业 公共管理、社会保障和社会组织 国际组织",
    "political_status": "中共党员 中共预备党员 共青团员",
    "marital_status": "未婚 已婚 初婚 再婚 复婚 丧偶 离婚",
}
"""Names in the order of the codes, as far as they are listed."""


@pytest.mark.parametrize("code", EDITIONS)
def test_a_set_has_the_codes_of_its_edition_and_no_others(code: str) -> None:
    standard, codes = EDITIONS[code]
    assert standard in SETS[code].standard
    assert sorted(c.code for c in SETS[code].codes) == sorted(codes.split())


@pytest.mark.parametrize("code", NAMES)
def test_codes_bear_the_names_of_the_standard_in_order(code: str) -> None:
    held = [c.name for c in sorted(SETS[code].codes, key=lambda c: c.code)]
    plain = [re.sub(r"[()（）].*|、", "", name) for name in held]
    assert plain[: len(NAMES[code].split())] == NAMES[code].replace("、", "").split()


@pytest.mark.parametrize("code_set", SETS.values(), ids=lambda s: s.code)
def test_every_name_code_and_wording_is_read_as_its_code(code_set: seeds.CodeSet) -> None:
    """What a form offers and an export writes must come back through an import as the same code."""
    match = matcher(code_set).match
    for entry in code_set.codes:
        assert match(entry.name).value == entry.code
        assert match(entry.code).value == entry.code
        assert not entry.code.isalnum() or match(f"{entry.code}-{entry.name}").value == entry.code
        for word in entry.words:
            assert match(word).value == entry.code, word
            assert match(f" {word}\u3000").value == entry.code, word


@pytest.mark.parametrize("code_set", SETS.values(), ids=lambda s: s.code)
def test_codes_of_a_set_are_written_alike_and_named_once(code_set: seeds.CodeSet) -> None:
    names = [c.name for c in code_set.codes]
    assert [n for n, count in Counter(names).items() if count > 1] == []
    assert [c.name for c in code_set.codes if c.name != c.name.strip() or not c.name] == []
    assert [c.code for c in code_set.codes if not re.fullmatch(r"[0-9]+|[A-Z]|[a-z]+(_[a-z]+)*", c.code)] == []
    assert all(w.strip() == w and w for c in code_set.codes for w in c.words)


def test_yes_and_no_mean_the_same_as_a_code_and_as_a_box() -> None:
    for entry in SETS["yes_no"].codes:
        for word in (entry.name, *entry.words):
            assert boolean(word).value in (None, entry.code == "1"), word


# Items


@pytest.mark.parametrize("item", ITEMS, ids=lambda i: f"{i.subject}.{i.code}")
def test_an_item_says_all_that_its_subject_may_ask(item: seeds.Item) -> None:
    """A resident may ask: what for, on what ground, who answers for it, how sensitive, how old may it be."""
    assert item.purpose and item.basis and item.owner in DEPARTMENTS
    assert item.level in Level
    assert item.fresh_days is None or 1 <= item.fresh_days <= 3650
    assert not item.validator or item.validator in {*VALIDATORS, *BOUNDS}
    assert item.validator not in BOUNDS or item.kind is Kind.DATE
    assert bool(item.code_set) == (item.kind in (Kind.CODE, Kind.CODES))
    assert not item.code_set or item.code_set in SETS


def test_what_changes_in_life_grows_old() -> None:
    """A phone or a job of ten years ago must not be shown as if it were of today."""
    lasting = {"name", "sex", "birth_date", "identity_number", "ethnicity", "native_place"}
    fresh = {i.code: i.fresh_days for i in ITEMS if i.subject is Subject.PERSON}
    assert [code for code in lasting if fresh[code] is not None] == []
    assert [c for c in ("phone", "employment_status", "workplace", "living_address", "self_care") if not fresh[c]] == []


def test_every_code_set_is_used_and_every_used_one_is_there() -> None:
    used = {i.code_set for i in ITEMS if i.code_set}
    assert used <= set(SETS)
    by_terms = {"visit_mode", "visit_topic", "relation_to_head", "province", "yes_no"}
    assert set(SETS) - used - by_terms == set()


def test_one_wording_of_a_header_points_to_one_item_whatever_its_spacing() -> None:
    for subject in Subject:
        found: dict[str, set[str]] = defaultdict(set)
        for item in (i for i in ITEMS if i.subject is subject):
            for word in (item.name, *item.names):
                found[re.sub(r"[\s（）()、/*：:]", "", word).lower()].add(item.code)
        assert {word: codes for word, codes in found.items() if len(codes) > 1} == {}


def test_wordings_are_clean_and_none_repeats_the_name() -> None:
    assert [(i.code, w) for i in ITEMS for w in i.names if w == i.name or w != w.strip() or not w] == []
    assert [i.code for i in ITEMS if len(set(i.names)) != len(i.names)] == []


# Tags, rhythms, ledgers


def test_tags_are_owned_explained_and_end_or_follow_a_rule() -> None:
    assert {t.owner for t in TAGS} <= DEPARTMENTS
    assert [t.code for t in TAGS if bool(t.rule) == bool(t.expires_days)] == []
    assert [t.code for t in TAGS if len(t.meaning) < 2 or len(t.purpose) < 2] == []
    paths = Counter((t.subject, *t.path, t.name) for t in TAGS)
    assert max(paths.values()) == 1


def test_rhythms_name_their_source_and_jurisdiction() -> None:
    assert [r.code for r in RHYTHMS if not r.source or not r.jurisdiction] == []
    assert len({r.name for r in RHYTHMS}) == len(RHYTHMS)
    assert [r.days for r in RHYTHMS if r.code == "high_risk"] == [7]


@pytest.mark.parametrize("ledger", LEDGERS, ids=lambda x: x.code)
def test_a_ledger_has_a_head_that_can_be_printed(ledger: seeds.Ledger) -> None:
    shown = [c for c in ledger.columns if not c.value.startswith(seeds.ROW)]
    assert len(shown) in range(2, 91)
    assert all(c.name == c.name.strip() and "\n" not in c.name for c in shown)
    assert all(0 <= c.width <= 60 for c in shown)
    # cells of one upper head stand beside each other: a merged head cannot have a hole
    for depth in range(1, max(len(c.head) for c in shown) + 1):
        runs = [heads for heads, before in zip([c.head[:depth] for c in shown], [None, *(c.head[:depth] for c in shown)],
                                               strict=False) if heads != before and len(heads) == depth]  # fmt: skip
        assert len(runs) == len(set(runs)), runs


def test_ledger_names_are_told_apart_on_the_shelf() -> None:
    assert [n for n, count in Counter(x.name for x in LEDGERS).items() if count > 1] == []
    assert [x.code for x in LEDGERS if re.search(r'[\\/:*?"<>|\[\]]', x.name)] == [], "a file cannot be called so"
    assert [x.code for x in LEDGERS if len(x.name) > 31] == [], "a sheet cannot be called so"


# Areas


def test_areas_nest_by_their_codes() -> None:
    kinds = {a.code: a.kind for a in AREAS}
    above = {"city": "province", "district": "city", "street": "district", "committee": "street"}
    assert [a.code for a in AREAS if a.parent and kinds[a.parent] != above[a.kind]] == []
    assert [a.code for a in AREAS if not a.name.strip() or a.name != a.name.strip()] == []
    assert [a.code for a in AREAS if (a.kind in ("street", "committee")) != bool(a.form)] == []


def test_no_street_has_two_committees_of_one_name() -> None:
    twice = [key for key, n in Counter((a.parent, a.name) for a in AREAS if a.kind == "committee").items() if n > 1]
    assert twice == []
