"""Each ledger of a committee finds whom it should and nobody else, told in the words of the catalogue."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from linyun.foundation.acts.actor import acting
from linyun.hub.ledgers import entries, services
from linyun.hub.ledgers.register import ready
from linyun.hub.ledgers.tests.conftest import TODAY, column
from linyun.hub.records.models import Organisation, Place
from linyun.hub.records.services import Origin, state
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Kind, Subject
from tests.characters import BUILDING
from tests.residents import CLERK

OLD, ADULT, YOUNG, CHILD, SMALL = (date(y, 1, 2) for y in (1940, 1980, 2005, 2014, 2022))

PEOPLE: dict[str, dict[str, Any]] = {
    "committee_members": {"社区身份": ["居委会成员"]},
    "community_workers": {"社区身份": ["社区工作者"]},
    "building_chiefs": {"社区身份": ["楼组长"]},
    "resident_representatives": {"社区身份": ["居民代表"]},
    "supervisors": {"社区身份": ["居务监督委员会成员"]},
    "owner_committee": {"社区身份": ["业委会成员"]},
    "volunteers": {"社区身份": ["志愿者"]},
    "culture_teams": {"文体团队": "晨光合唱队"},
    "party_members": {"党员管理类别": "在册党员"},
    "party_serving": {"党员管理类别": "在职党员"},
    "party_branch": {"社区身份": ["党小组长"]},
    "party_in": {"组织关系转入日期": date(2026, 9, 1)},
    "party_hardship": {"困难党员情况": "长期患病"},
    "party_applicants": {"入党发展阶段": "入党申请人"},
    "party_activists": {"入党发展阶段": "入党积极分子"},
    "party_candidates": {"入党发展阶段": "发展对象"},
    "party_volunteers": {"政治面貌": "中共党员", "社区身份": ["志愿者"]},
    "pair_support": {"拥军结对人": "林晓岚"},
    "entitled": {"重点优抚对象": True},
    "veterans": {"军人身份类别": "退役士兵"},
    "soldier_families": {"军人身份类别": "现役军人家属"},
    "women_delegates": {"社区身份": ["妇女代表"]},
    "women_employment": {"性别": "女", "出生日期": ADULT, "求职意向": "社区服务"},
    "women_screening": {"性别": "女", "两病筛查日期": date(2026, 5, 1)},
    "women_children_aid": {"妇女儿童困难情况": "单亲抚养"},
    "excellent_women": {"性别": "女", "获得荣誉": "三八红旗手"},
    "league_members": {"政治面貌": "共青团员", "出生日期": YOUNG},
    "floating_people": {"人员类别": "流动人口"},
    "residents": {},
    "building_roster": {},
    "jobless_people": {"出生日期": ADULT, "从业状况": "无业人员"},
    "retired_people": {"从业状况": "退(离)休人员"},
    "elder_80": {"出生日期": OLD},
    "special_poor_elders": {"出生日期": OLD, "救助类别": "特困供养"},
    "elder_school": {"老年学校班级": "书法班"},
    "care_insured": {"长护等级": "三级"},
    "meal_recipients": {"享受助餐": True},
    "disabled": {"残疾类别": "肢体残疾"},
    "disabled_jobless": {"出生日期": ADULT, "残疾类别": "听力残疾", "从业状况": "无业人员"},
    "severe_jobless": {"出生日期": ADULT, "残疾类别": "智力残疾", "残疾等级": "三级", "从业状况": "无业人员"},
    "disabled_pairs": {"扶残结对人": "林晓岚"},
    "disabled_activities": {"残疾类别": "肢体残疾", "参加阳光机构": "阳光之家"},
    "dibao": {"救助类别": "低保"},
    "labour_participants": {"参加公益性劳动": True},
    "student_aid": {"享受助学": True},
    "distressed_children": {"出生日期": CHILD, "儿童保障类别": "困境儿童"},
    "preschool_children": {"出生日期": SMALL},
    "red_cross_members": {"社区身份": ["红十字会员"]},
    "red_cross_rescue": {"社区身份": ["红十字救护队员"]},
    "red_cross_training": {"急救培训日期": date(2026, 4, 1)},
}
"""What is stated about somebody who lives and is registered here, to belong to a ledger."""

BY_HOME = {"lone_elders", "only_elders", "separated_people"}
"""Those told by who lives where; they have tests of their own below."""

NEAR_MISSES: list[tuple[str, dict[str, Any]]] = [
    ("party_in", {"组织关系转入日期": date(2024, 9, 1)}),
    ("women_employment", {"性别": "男", "出生日期": ADULT, "求职意向": "社区服务"}),
    ("women_employment", {"性别": "女", "出生日期": OLD, "求职意向": "社区服务"}),
    ("women_screening", {"性别": "男", "两病筛查日期": date(2026, 5, 1)}),
    ("league_members", {"政治面貌": "共青团员", "出生日期": ADULT}),
    ("jobless_people", {"出生日期": OLD, "从业状况": "无业人员"}),
    ("elder_80", {"出生日期": date(1946, 11, 24)}),
    ("special_poor_elders", {"出生日期": ADULT, "救助类别": "特困供养"}),
    ("care_insured", {"长护等级": "一级"}),
    ("meal_recipients", {"享受助餐": False}),
    ("disabled_jobless", {"出生日期": OLD, "残疾类别": "听力残疾", "从业状况": "无业人员"}),
    ("severe_jobless", {"出生日期": ADULT, "残疾类别": "听力残疾", "残疾等级": "三级", "从业状况": "无业人员"}),
    ("party_volunteers", {"政治面貌": "群众", "社区身份": ["志愿者"]}),
    ("dibao", {"救助类别": "特困供养"}),
    ("distressed_children", {"出生日期": ADULT, "儿童保障类别": "困境儿童"}),
    ("preschool_children", {"出生日期": CHILD}),
    ("veterans", {"军人身份类别": "烈士遗属"}),
]
"""Statements that nearly put somebody into a ledger."""

ROOMS: dict[str, dict[str, Any]] = {
    "dwellings": {},
    "illegal_private": {"违章搭建": True},
    "rented_dwellings": {"房屋用途": "出租"},
    "vacant_dwellings": {"空置": True},
    "dwelling_hazards": {"隐患类型": "消防隐患"},
}
FIRMS: dict[str, dict[str, Any]] = {
    "main_units": {"单位类型": "民营企业"},
    "co_builders": {"共建单位": True},
    "resident_teams": {"单位类型": "群众活动团队"},
    "fire_units": {},
    "unlicensed": {"持有营业执照": False},
    "unlicensed_food": {"行业门类": "住宿和餐饮业", "持有营业执照": False},
    "industrial_firms": {"行业门类": "制造业"},
}
PLACES: dict[str, dict[str, Any]] = {
    "fire_equipment": {"场所设施类型": "消防栓"},
    "emergency_boxes": {"场所设施类型": "民防应急箱"},
    "banquet_places": {"场所设施类型": "自办酒席点"},
    "lifts": {"场所设施类型": "电梯"},
    "elder_facilities": {"场所设施类型": "助餐点"},
    "fitness_equipment": {"场所设施类型": "健身点"},
}
HOUSEHOLDS: dict[str, dict[str, Any]] = {
    "households": {},
    "multi_disabled": {"一户多残": True},
    "red_cross_poor": {"家庭救助类别": "低保"},
}


NAME_OF_PLACE = catalogue.items[Subject.PLACE, "name"].name


def coded(subject: Subject, said: Mapping[str, Any]) -> dict[str, Any]:
    """Items and codes for what is said in names."""
    items = {i.name: i for i in catalogue.items_of(subject)}
    found: dict[str, Any] = {}
    for name, value in said.items():
        item = items[name]
        codes = catalogue.code_sets.get(item.code_set)
        words = {w: c.code for c in codes.codes for w in (c.name, *c.words)} if codes else {}
        found[item.code] = [words[v] for v in value] if isinstance(value, list) else words.get(value, value)
    return found


def told(subject: Subject, record, said: Mapping[str, Any]) -> None:
    if said:
        with acting(CLERK):
            state(record, coded(subject, said), source="desk", origin=Origin("desk"))


@pytest.fixture
def neighbour(person, home):
    """Somebody of whom nothing special is known, who lives and is registered here."""
    found = person(name="邻居甲", birth_date=date(1985, 5, 5))
    home(found, address="公交新村8号201室")
    return found


def test_the_tables_here_name_every_list_ledger():
    lists = {x.code for x in catalogue.ledgers.values() if x.source not in ("entry", "statistic", "visit")}
    assert lists == {*PEOPLE, *BY_HOME, *ROOMS, *FIRMS, *PLACES, *HOUSEHOLDS}


@pytest.mark.parametrize("code", PEOPLE)
def test_a_roster_finds_whom_it_should(as_worker, neighbour, person, home, filled, code):
    member = person(name="周桂芳")
    home(member, address="公交新村3号101室")
    with as_worker():
        told(Subject.PERSON, member, PEOPLE[code])
        found = filled(code)
    assert member.pk in found.refs
    assert "周桂芳" in [v for c in found.data for v in c]


@pytest.mark.parametrize("code", [c for c, said in PEOPLE.items() if said])
def test_a_roster_holds_nobody_of_whom_nothing_is_known(as_worker, neighbour, filled, code):
    with as_worker():
        assert filled(code).count == 0


@pytest.mark.parametrize(("code", "said"), NEAR_MISSES)
def test_a_near_miss_is_a_miss(as_worker, person, home, filled, code, said):
    almost = person(name="周桂芳")
    home(almost, address="公交新村3号101室")
    with as_worker():
        told(Subject.PERSON, almost, said)
        assert filled(code).count == 0


@pytest.mark.parametrize("code", [c for c in PEOPLE if PEOPLE[c]])
def test_who_left_is_in_no_roster(as_worker, person, home, filled, code):
    member = person(name="周桂芳")
    home(member, address="公交新村3号101室")
    with as_worker():
        told(Subject.PERSON, member, PEOPLE[code])
        member.status = "left"
        member.save(update_fields=["status"])
        assert filled(code).count == 0


def test_elders_living_alone_and_with_elders_are_told_apart(as_worker, person, home, filled):
    alone, wife, husband, mother, daughter = (
        person(name=n, birth_date=b)
        for n, b in (("独居", OLD), ("老伴甲", OLD), ("老伴乙", OLD), ("母亲", OLD), ("女儿", ADULT))
    )
    home(alone, address="公交新村1号101室")
    home(wife, husband, address="公交新村1号102室")
    home(mother, daughter, address="公交新村1号103室")
    with as_worker():
        assert column(filled("lone_elders"), "姓名") == ["独居"]
        assert set(column(filled("only_elders"), "姓名")) == {"老伴甲", "老伴乙"}


def test_who_is_registered_here_and_lives_elsewhere_is_separated(as_worker, neighbour, person, home, filled):
    gone = person(name="外住", living_address="浦东新区某路1号")
    home(gone, address="公交新村5号501室")
    with as_worker():
        gone.residences.filter(kind="actual").delete()
        found = filled("separated_people")
    assert column(found, "姓名") == ["外住"]
    assert column(found, "现住址") == ["浦东新区某路1号"]
    assert column(found, "户籍地址") == ["公交新村5号501室"]


@pytest.mark.parametrize("code", ROOMS)
def test_a_ledger_of_dwellings_finds_its_rooms(as_worker, neighbour, person, home, filled, code):
    dwelling = home(person(name="周桂芳"), address="公交新村3号101室").dwelling
    with as_worker():
        told(Subject.DWELLING, dwelling, ROOMS[code])
        found = filled(code)
    assert dwelling.pk in found.refs
    assert found.count == (1 if ROOMS[code] else 2)


@pytest.mark.parametrize("code", FIRMS)
def test_a_ledger_of_organisations_finds_its_firms(as_worker, areas, filled, code):
    with as_worker():
        firm = Organisation.objects.create(area=BUILDING, name="国康路便利店")
        told(Subject.ORGANISATION, firm, {"单位名称": "国康路便利店"} | FIRMS[code])
        assert filled(code).refs == [firm.pk]


@pytest.mark.parametrize("code", PLACES)
def test_a_ledger_of_places_finds_its_places(as_worker, areas, filled, code):
    with as_worker():
        place, other = (Place.objects.create(area=BUILDING, name=n) for n in ("东侧", "西侧"))
        for record in (place, other):
            told(Subject.PLACE, record, {NAME_OF_PLACE: record.name})
        told(Subject.PLACE, place, PLACES[code])
        assert filled(code).refs == [place.pk]


@pytest.mark.parametrize("code", HOUSEHOLDS)
def test_a_ledger_of_households_finds_its_homes(as_worker, neighbour, person, home, filled, code):
    household = home(person(name="周桂芳"), address="公交新村3号101室").household
    with as_worker():
        told(Subject.HOUSEHOLD, household, HOUSEHOLDS[code])
        found = filled(code)
    assert household.pk in found.refs
    assert found.count == (1 if HOUSEHOLDS[code] else 2)


def test_two_disabled_under_one_roof_make_a_household_of_that_ledger(as_worker, person, home, filled):
    two = [person(name=n) for n in ("甲", "乙")]
    household = home(*two, address="公交新村3号101室").household
    with as_worker():
        told(Subject.PERSON, two[0], {"残疾类别": "肢体残疾"})
        assert filled("multi_disabled").count == 0
        told(Subject.PERSON, two[1], {"残疾类别": "视力残疾"})
        assert filled("multi_disabled").refs == [household.pk]


BY_HAND = [x.code for x in catalogue.ledgers.values() if x.source == "entry"]
TYPED = {Kind.DATE: "2026-11-03", Kind.PHONE: "19900123456", Kind.DECIMAL: "12", Kind.TEXT: "照实填写"}


@pytest.mark.parametrize("code", BY_HAND)
def test_a_ledger_kept_by_hand_takes_a_row_as_typed_and_shows_it(as_worker, areas, filled, code):
    with as_worker():
        made = ready(code).plan
        posted = {h.value.removeprefix("entry."): [TYPED[h.kind]] for h in made.by_hand}
        typed = entries.read(made, posted, TODAY)
        assert typed.problems == {}
        services.add_entry(code, typed.values, client_key=uuid4())
        found = filled(code)
    shown = {Kind.DATE: date(2026, 11, 3), Kind.PHONE: "19900123456", Kind.DECIMAL: 12, Kind.TEXT: "照实填写"}
    assert found.count == 1
    for heading, values in zip(found.headings, found.data, strict=True):
        assert values[0] == (1 if heading.value == "seq" else shown[heading.kind])


STATISTICS = [x.code for x in catalogue.ledgers.values() if x.source == "statistic"]


@pytest.mark.parametrize("code", STATISTICS)
def test_a_statistic_of_nobody_is_all_noughts(as_worker, areas, filled, code):
    with as_worker():
        found = filled(code)
    counted = [h.kind is Kind.INTEGER and h.value.startswith("rule") for h in found.headings]
    for is_count, values in zip(counted, found.data, strict=True):
        assert not is_count or set(values) == {0}


@pytest.mark.parametrize("code", ["age_table", "elder_table"])
def test_the_rows_of_a_statistic_add_up_to_its_whole(as_worker, neighbourhood, neighbour, filled, code):
    with as_worker():
        found = filled(code)
    whole = column(found, "年龄段").index("合计")
    for heading, values in zip(found.headings, found.data, strict=True):
        if heading.value.startswith("rule:"):
            assert sum(v for n, v in enumerate(values) if n != whole) == values[whole], heading.full_name
