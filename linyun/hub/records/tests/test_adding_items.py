"""Items that staff add at run time: by whom, for whom, in every kind, with nothing forbidden in any of its parts."""

from typing import Any

import pytest

from linyun.foundation.accounts.policy import Refused
from linyun.foundation.acts.models import Act
from linyun.hub.records.items import KINDS, LONGEST_SLUG, MOST_CHOICES, OWN, Draft, Unaddable, add_item, choices, known
from linyun.hub.records.lineage import held
from linyun.hub.records.models import RECORDS, StaffItem
from linyun.hub.records.services import Origin, Unstatable, state
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Kind, Level, Subject
from linyun.kernel.rule import RuleError, Vocabulary, parse
from tests.characters import BUILDING, DISTRICT, HERE, STREET

SET = next(iter(catalogue.code_sets.values()))


def draft(name: str = "家中养犬", **given: Any) -> Draft:
    base: dict[str, Any] = {
        "subject": Subject.PERSON, "name": name, "kind": Kind.BOOLEAN, "owner": "community", "level": Level.PERSONAL,
        "purpose": "楼道清洁时提前告知", "basis": "本人同意",
    }  # fmt: skip
    return Draft(**{**base, **given})


@pytest.mark.parametrize(
    ("who", "area"),
    [
        ("lin", HERE),
        ("shen", STREET),
        ("he", DISTRICT),
        ("yan", "31"),
        *((w, "") for w in ("chen", "zhou", "gu", "lu")),
    ],
)
def test_who_may_add_and_for_whom(as_character, who, area):
    """Workers, streets, departments and operators, for the area of their post; the others are told they may not."""
    with as_character(who):
        if not area:
            with pytest.raises(Refused, match="新增数据元"):
                add_item(draft())
            assert not StaffItem.objects.filter(definition__name="家中养犬").exists()
            return
        item = add_item(draft())
        row = StaffItem.objects.get(code=item.code)
        assert (row.area, row.subject) == (area, "person")
        assert item.code.endswith(f"_{area}")
        act = Act.objects.get(verb="item_added")
        assert (act.area, act.detail) == (area, {"subject": "person", "code": item.code})


VALUES: dict[Kind, tuple[dict[str, Any], Any, Any]] = {
    Kind.TEXT: ({"choices": ("大型犬", "小型犬")}, "大型犬", 5),
    Kind.INTEGER: ({"unit": "只"}, 2, "两只"),
    Kind.DECIMAL: ({"unit": "公斤"}, 2.5, True),
    Kind.DATE: ({}, "2026-05-01", "五月"),
    Kind.BOOLEAN: ({}, False, "否"),
    Kind.CODE: ({"code_set": SET.code}, SET.codes[0].code, 1),
    Kind.CODES: ({"code_set": SET.code}, [SET.codes[0].code], "x"),
    Kind.PHONE: ({}, "19900111111", 19900111111),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_that_may_be_added_can_be_stated_shown_and_traced(as_worker, person, kind):
    given, right, wrong = VALUES[kind]
    p = person()
    with as_worker():
        item = add_item(draft(kind=kind, **given))
        state(p, {item.code: right}, source="visit", origin=Origin("visit"))
        assert p.tail[item.code] == right
        found = held("person", p.pk)[item.code]
        assert found.now is not None
        assert (found.now.value, found.item.name) == (right, "家中养犬")
        with pytest.raises(Unstatable, match="家中养犬"):
            state(p, {item.code: wrong}, source="visit", origin=Origin("visit"))


@pytest.mark.parametrize("kind", [k for k in Kind if k not in KINDS])
def test_document_numbers_and_areas_are_no_matter_of_one_committee(as_worker, areas, kind):
    with as_worker(), pytest.raises(Unaddable, match="填写方式") as refused:
        add_item(draft(kind=kind))
    assert refused.value.field == "kind"


@pytest.mark.parametrize("subject", list(Subject))
def test_items_of_every_subject_stay_with_their_subject(as_worker, areas, subject):
    with as_worker():
        item = add_item(draft("自定一项", subject=subject))
        assert [s for s in Subject if item.code in known(s)] == [subject]
        if subject in RECORDS:
            extra = {"dwelling": {"address": "甲", "address_key": "甲"}}.get(subject.value, {})
            one = RECORDS[subject].objects.create(area=BUILDING, **extra)
            state(one, {item.code: True}, source="desk", origin=Origin("desk"))
            assert one.tail == {item.code: True}


FORBIDDEN = ["上访次数", "教派", "政治倾向", "刑满释放", "戒毒经历"]
PARTS = {
    "name": lambda word: {"name": word},
    "purpose": lambda word: {"purpose": f"了解{word}"},
    "choices": lambda word: {"kind": Kind.TEXT, "choices": ("无", word)},
    "group": lambda word: {"group": word},
}


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("word", FORBIDDEN)
def test_what_no_committee_may_ask_hides_in_no_part_of_an_item(as_worker, areas, part, word):
    with as_worker():
        with pytest.raises(Unaddable, match="不得按") as refused:
            add_item(draft(**PARTS[part](word)))
        assert refused.value.field == ("name" if part == "group" else part)
        assert not StaffItem.objects.exists()


@pytest.mark.parametrize("subject", [Subject.PERSON, Subject.HOUSEHOLD, Subject.DWELLING])
def test_neither_the_name_of_an_item_nor_one_of_its_other_names_is_taken_twice(as_worker, areas, subject):
    taken = [n for i in catalogue.items_of(subject) for n in (i.name, *i.names) if 2 <= len(n) <= 20][:40:4]
    with as_worker():
        for name in taken:
            with pytest.raises(Unaddable, match="已经有|不得按"):
                add_item(draft(name, subject=subject))


@pytest.mark.parametrize(
    "name",
    [
        "并且",
        "或",
        "且",
        "= 5",
        "标签",
        "年龄",
        "“引号”",
        "a\nb",
        "\t\t",
        "  ",
        "为空",
        "<b>",
        "犬；猫",
        "((",
        "同住家人",
        "%s%s",
    ],
)
def test_a_name_that_would_confuse_a_rule_is_refused_or_can_be_used_in_one(as_worker, areas, name):
    """Whatever is let in can be written in a rule and means this item."""
    with as_worker():
        try:
            item = add_item(draft(name))
        except Unaddable as refused:
            assert refused.field == "name"
            return
        words = Vocabulary.of(catalogue, items=[item])
        try:
            rule = parse(f"{item.code} = 是", Subject.PERSON, words)
        except RuleError as error:
            pytest.fail(f"{name!r} was let in and cannot be used: {error}")
        assert parse(rule.text("zh"), Subject.PERSON, words).text("zh") == rule.text("zh")


LIMITS = [
    ({"name": "犬" * 20}, True),
    ({"name": "犬" * 21}, False),
    ({"kind": Kind.TEXT, "choices": tuple(f"第{n}" for n in range(MOST_CHOICES))}, True),
    ({"kind": Kind.TEXT, "choices": tuple(f"第{n}" for n in range(MOST_CHOICES + 1))}, False),
    ({"kind": Kind.TEXT, "choices": ("犬" * 30,)}, True),
    ({"kind": Kind.TEXT, "choices": ("犬" * 31,)}, False),
    ({"fresh_days": 1}, True),
    ({"fresh_days": 3650}, True),
    ({"fresh_days": 3651}, False),
    ({"fresh_days": -1}, False),
    ({"fresh_days": None}, True),
    ({"purpose": "知"}, False),
    ({"basis": "知"}, False),
    ({"owner": ""}, False),
    ({"kind": Kind.CODE, "code_set": "no_such"}, False),
    ({"kind": Kind.CODES, "code_set": ""}, False),
]


@pytest.mark.parametrize(("given", "goes"), LIMITS)
def test_limits_hold_on_both_sides(as_worker, areas, given, goes):
    with as_worker():
        if goes:
            assert add_item(draft(**given)).code in known(Subject.PERSON)
        else:
            with pytest.raises(Unaddable):
                add_item(draft(**given))


def test_what_was_given_is_what_is_known(as_worker, areas):
    given = draft(kind=Kind.DECIMAL, unit="公斤", fresh_days=30, level=Level.SENSITIVE, group="宠物")
    with as_worker():
        added = add_item(given)
        found = known(Subject.PERSON)[added.code]
    assert found == added
    for part in ("name", "kind", "owner", "level", "purpose", "basis", "group", "unit", "fresh_days", "subject"):
        assert getattr(found, part) == getattr(given, part), part
    assert not found.core


@pytest.mark.parametrize("kind", [Kind.BOOLEAN, Kind.INTEGER, Kind.CODE])
def test_choices_belong_to_a_text_and_code_sets_to_codes(as_worker, areas, kind):
    with as_worker():
        item = add_item(draft(kind=kind, choices=("大", "小"), code_set=SET.code))
        assert choices(Subject.PERSON) == {}
        assert item.code_set == (SET.code if kind is Kind.CODE else "")


def test_without_a_group_it_stands_among_those_of_the_house(as_worker, areas):
    with as_worker():
        assert add_item(draft()).group == "本单位补充"


def test_codes_are_short_plain_and_never_a_declared_one(as_worker, areas):
    with as_worker():
        codes = [
            add_item(draft(name)).code for name in ("婚姻状况补充", "很长很长很长很长很长很长的名称", "犬犬", "犬 犬")
        ]
    assert len(codes) == len(set(codes))
    for code in codes:
        assert code.startswith(OWN)
        assert len(code) <= 40
        assert len(code.removeprefix(OWN).removesuffix(f"_{HERE}")) <= LONGEST_SLUG + 1
        assert (Subject.PERSON, code) not in catalogue.items


def test_a_word_on_an_added_item_stays_when_another_area_projects_it(as_character, person):
    """The committee's own item is unknown to the street that corrects a phone: the tail keeps it all the same."""
    p = person()
    with as_character("lin"):
        item = add_item(draft())
        state(p, {item.code: True}, source="desk", origin=Origin("desk"))
    with as_character("shen"):
        state(p, {"phone": "19900111111"}, source="desk", origin=Origin("desk"))
    with as_character("lin"):
        p.refresh_from_db()
        assert (p.tail[item.code], p.phone) == (True, "19900111111")


def test_a_page_asks_once_for_what_staff_added_and_hears_of_a_new_one_at_once(client_of, as_worker, assert_queries):
    client = client_of("lin")
    form = {
        "subject": "person",
        "kind": "boolean",
        "owner": "community",
        "level": "3",
        "purpose": "楼道清洁",
        "basis": "本人同意",
    }
    for name in ("家中养犬", "家中养猫"):
        page = client.post("/desk/items/new", form | {"name": name}, follow=True).content.decode()
        assert f"已新增“{name}”" in page
    with assert_queries(12, at_most=True) as asked:
        client.get("/desk/items")
    assert sum("records_staffitem" in s for s in asked.statements) == 1
