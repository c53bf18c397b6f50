"""Ledgers fill themselves: from records, from visits, by hand, counted; within the area and the period."""

from datetime import date
from uuid import uuid4

import pytest

from linyun.foundation.acts.actor import acting
from linyun.foundation.areas.scope import within
from linyun.hub.ledgers import fill, period, services
from linyun.hub.ledgers.cells import TAGS
from linyun.hub.ledgers.plans import plan
from linyun.hub.ledgers.register import in_force, planned, ready
from linyun.hub.ledgers.tests.conftest import TODAY, column
from linyun.hub.records.models import Organisation, Place
from linyun.hub.records.services import Origin, state
from linyun.hub.tags.services import set_tag
from linyun.hub.tags.vocabulary import vocabulary
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Column, Kind, Ledger, Level
from tests.characters import BUILDING, BUILDING_THERE, HERE, STREET, THERE
from tests.residents import CLERK, number_of
from tests.visits import visit_to


def own(*columns: tuple[str, str], source: str = "person", **others) -> Ledger:
    return Ledger("trial", "试填", "组", source, tuple(Column(*c) for c in columns), **others)


def fill_own(ledger: Ledger, when: str = "", area: str = HERE):
    words = vocabulary()
    span = period.parse(when, ledger.period, TODAY)
    return fill.fill(plan(ledger, words), area, span, TODAY, words)


def test_a_roster_holds_those_whom_its_rule_finds_with_what_is_held(as_worker, neighbourhood, filled):
    with as_worker():
        found = filled("lone_elders")
    assert column(found, "姓名") == ["周桂芳"]
    assert column(found, "年龄") == [78]
    assert column(found, "性别") == ["女"]
    assert column(found, "住址") == ["公交新村3号101室"]
    assert column(found, "紧急联系人 · 电话") == ["19900111112"]
    assert found.refs == [neighbourhood.zhou.pk]


def test_the_number_of_the_row_counts_from_one(as_worker, neighbourhood, filled):
    with as_worker():
        assert column(filled("residents"), "序号") == [1, 2, 3]


def test_addresses_are_sorted_as_people_count_not_as_letters(as_worker, neighbourhood, filled):
    with as_worker():
        assert column(filled("residents"), "现住址") == ["公交新村3号101室", "公交新村12号302室", "公交新村12号302室"]


def test_people_are_sorted_by_the_sound_of_their_names(as_worker, neighbourhood):
    with as_worker():
        assert column(fill_own(own(("姓名", "name"), sort=("name",))), "姓名") == ["陈阿宝", "陈建国", "周桂芳"]
        assert column(fill_own(own(("姓名", "name"), sort=("-age",))), "姓名") == ["陈阿宝", "周桂芳", "陈建国"]


def test_unknown_values_come_last_whichever_way(as_worker, neighbourhood, person):
    with as_worker():
        person(name="无生日")
        for sort in ("birth_date", "-birth_date"):
            assert column(fill_own(own(("姓名", "name"), sort=(sort,))), "姓名")[-1] == "无生日"


def test_codes_are_worded_truths_said_and_several_codes_joined(as_worker, neighbourhood):
    roles = catalogue.code_sets["community_role"]
    first, second = (c.code for c in roles.codes[:2])
    with as_worker():
        with acting(CLERK):
            state(neighbourhood.zhou, {"community_role": [first, second]}, source="desk", origin=Origin("desk"))
        made = own(("文化", "education"), ("身份", "community_role"), ("住", "lives_here"), rule="姓名 = 周桂芳")
        found = fill_own(made)
    assert column(found, "文化") == [catalogue.code_sets["education"].name_of("20")]
    assert column(found, "身份") == [f"{roles.name_of(first)}、{roles.name_of(second)}"]
    assert column(found, "住") == ["是"]


def test_document_numbers_are_masked_and_stay_sealed_beside(as_worker, neighbourhood):
    with as_worker():
        found = fill_own(own(("证件", "identity_number"), rule="姓名 = 周桂芳"))
    assert column(found, "证件") == ["310***********" + number_of(date(1948, 3, 5), 998)[-4:]]
    assert found.sealed[0][0].startswith("s1:")


def test_household_head_and_registered_address_are_found(as_worker, neighbourhood):
    with as_worker():
        columns = (("姓名", "name"), ("户主", "head_name"), ("户主电话", "head_phone"), ("户籍", "registered_text"))
        found = fill_own(own(*columns, ("楼", "building_text"), sort=("-age",)))
    assert column(found, "户主") == ["陈阿宝", "周桂芳", "陈阿宝"]
    assert column(found, "户主电话")[0] == "19900222222"
    assert column(found, "户籍")[1] == "公交新村3号101室"


def test_an_address_from_the_record_serves_where_no_dwelling_is_known(as_worker, person):
    with as_worker():
        person(name="租客", living_address="公交新村9号门卫室")
        assert column(fill_own(own(("住址", "address"))), "住址") == ["公交新村9号门卫室"]


def test_tags_set_by_hand_and_computed_are_named_the_most_telling_first(as_worker, person, home):
    """Who lives alone at eighty is written into the list of visits as what she is, though nobody set a tag."""
    lone = person(name="周桂芳", sex="2", birth_date=TODAY.replace(year=TODAY.year - 83, day=1))
    home(lone, address="公交新村1号101室")
    by_hand = next(
        t for t in catalogue.tags.values() if not t.rule and t.subject == "person" and t.level < Level.SENSITIVE
    )
    secret = next(
        t for t in catalogue.tags.values() if not t.rule and t.subject == "person" and t.level >= Level.SENSITIVE
    )
    with as_worker():
        told = column(fill_own(own(("标签", "tags"), rule="姓名 = 周桂芳")), "标签")[0].split("、")
        assert told[0] == "独居老人" and "女性" not in told, "what everybody has says nothing"
        set_tag(lone, by_hand.code, "本人申请")
        set_tag(lone, secret.code, "本人申请")
        (told,) = column(fill_own(own(("标签", "tags"), rule="姓名 = 周桂芳")), "标签")
    assert told.startswith(by_hand.name) and len(told.split("、")) == fill.MOST_TAGS
    assert secret.name not in told


def test_households_and_dwellings_fill_from_their_members_and_residents(as_worker, neighbourhood):
    with as_worker():
        rooms = fill_own(
            own(("地址", "address"), ("居住", "resident_names"), ("人数", "resident_count"), source="dwelling")
        )
        homes = fill_own(
            own(
                ("户主", "head_name"),
                ("成员", "member_names"),
                ("地址", "address"),
                source="household",
                sort=("address",),
            )
        )
    assert dict(zip(column(rooms, "地址"), column(rooms, "居住"), strict=True)) == {
        "公交新村3号101室": "周桂芳",
        "公交新村12号302室": "陈阿宝、陈建国",
    }
    assert sorted(column(rooms, "人数")) == [1, 2]
    assert column(homes, "户主") == ["周桂芳", "陈阿宝"]
    assert column(homes, "成员") == ["周桂芳", "陈阿宝、陈建国"]


def test_organisations_and_places_fill_too(as_worker, areas):
    with as_worker():
        Organisation.objects.create(area=BUILDING, name="国康路便利店", address="国康路21号")
        Place.objects.create(area=BUILDING, name="东侧电梯", address="3号楼")
        assert column(fill_own(own(("名称", "name"), source="organisation")), "名称") == ["国康路便利店"]
        assert column(fill_own(own(("名称", "name"), source="place")), "名称") == ["东侧电梯"]


def test_those_who_left_are_in_no_roster(as_worker, neighbourhood, filled):
    with as_worker():
        neighbourhood.zhou.status = "left"
        neighbourhood.zhou.save()
        assert filled("lone_elders").count == 0


def test_a_visit_stands_in_the_ledger_of_its_month_and_in_no_other(as_worker, neighbourhood, filled):
    with as_worker():
        october, november = filled("visits", "2026-10"), filled("visits", "2026-11")
    assert column(october, "被访者姓名") == ["周桂芳"]
    assert column(october, "反映的需求、问题和建议") == ["想装扶手"]
    assert column(october, "时间") == [date(2026, 10, 5)]
    assert column(october, "方式") == [catalogue.code_sets["visit_mode"].name_of("2")]
    assert column(november, "被访者姓名") == ["陈阿宝"]
    assert october.refs == [neighbourhood.visits[0].pk]
    assert october.subjects == [neighbourhood.zhou.pk]


def test_a_visit_written_now_is_in_every_ledger_it_touches_at_once(as_worker, neighbourhood, filled):
    with as_worker():
        visit_to(neighbourhood.zhou, TODAY, situation="换了号码", items={"phone": "19900999999"})
        assert column(filled("visits", "2026-11"), "家庭基本情况")[-1] == "换了号码"
        assert column(filled("lone_elders"), "联系电话") == ["19900999999"]


def test_a_withdrawn_visit_leaves_the_ledger(as_worker, neighbourhood, filled):
    with as_worker():
        visit = neighbourhood.visits[0]
        visit.withdrawn_at = visit.recorded_at
        visit.save()
        assert filled("visits", "2026-10").count == 0


def test_a_year_of_visits_can_be_asked_for(as_worker, neighbourhood, filled):
    with as_worker():
        assert filled("visits", "2026").count == 2
        assert filled("visits", "2025").count == 0


def entered(code: str, when: str = "", **cells):
    return services.add_entry(code, cells, client_key=uuid4(), when=when)


def test_a_log_kept_by_hand_shows_the_events_of_its_period(as_worker, areas, filled):
    with as_worker():
        entered("enquiries", date=date(2026, 10, 8), name="王秀英", content="咨询加装电梯")
        entered("enquiries", date=date(2026, 11, 3), name="李建国", content="楼道堆物")
        assert column(filled("enquiries", "2026-10"), "姓名") == ["王秀英"]
        assert column(filled("enquiries", "2026-11"), "内容") == ["楼道堆物"]
        assert column(filled("enquiries", "2026-11"), "日期") == [date(2026, 11, 3)]


def test_a_list_kept_by_hand_stands_until_withdrawn(as_worker, areas, filled):
    with as_worker():
        entry = entered("honours", title="市级文明小区", winner="公交新村居委会")
        assert column(filled("honours", "2026"), "荣誉名称") == ["市级文明小区"]
        assert column(filled("honours", "2027"), "荣誉名称") == ["市级文明小区"]
        assert filled("honours", "2025").count == 0
        services.withdraw_entry(entry, "登记错了")
        assert filled("honours", "2026").count == 0


def test_one_ledgers_rows_are_not_anothers(as_worker, areas, filled):
    with as_worker():
        entered("honours", title="市级文明小区")
        assert filled("special_work", "2026").count == 0


def test_a_cell_kept_by_hand_stands_beside_its_resident(as_worker, neighbourhood):
    with as_worker():
        kept = services.make_ledger(
            {"name": "领取登记", "source": "person", "rule": "年龄 >= 70", "columns": [
                {"name": "姓名", "value": "name"}, {"name": "签收", "value": "entry.signed"}]}
        )  # fmt: skip
        services.add_entry(kept.code, {"signed": "已领"}, client_key=uuid4(), subject_id=neighbourhood.zhou.pk)
        made = ready(kept.code)
        found = fill.fill(made.plan, HERE, period.CURRENT, TODAY, made.words)
    assert dict(zip(column(found, "姓名"), column(found, "签收"), strict=True)) == {"周桂芳": "已领", "陈阿宝": None}


def test_statistics_count_people_and_dwellings_add_up_and_divide(as_worker, neighbourhood):
    figures = (
        ("总人数", "rule:"),
        ("老人", "rule:年龄 >= 60"),
        ("女性老人", "rule:年龄 >= 60 且 性别 = 女"),
        ("房屋", "rule.dwelling:"),
        ("户", "rule.household:户内成员 人数(年龄 >= 60) >= 2"),
        ("高龄占比", "share:年龄 >= 80 / 年龄 >= 60"),
        ("百岁占比", "share:年龄 >= 100 / 年龄 >= 120"),
        ("面积", "sum.dwelling.floor_area:"),
    )
    with as_worker():
        dwelling = neighbourhood.dwelling
        dwelling.floor_area = 48.5
        dwelling.save()
        found = fill_own(own(*figures, source="statistic"))
    assert found.rows() == [(3, 3, 2, 2, 1, 33.3, None, 48.5)]


def test_rows_and_columns_of_a_cross_table_agree_with_their_sums(as_worker, neighbourhood, filled):
    with as_worker():
        found = filled("elder_table")
    total = dict(zip([h.name for h in found.headings], found.rows()[-1], strict=True))
    assert total["年龄段"] == "合计"
    assert (total["合计"], total["男"], total["女"], total["独居"]) == (3, 1, 2, 1)
    assert sum(column(found, "合计")[:-1]) == total["合计"]


def test_a_figure_kept_by_hand_is_the_last_one_written_for_the_year(as_worker, areas, filled):
    with as_worker():
        entered("population_table", "2026", deaths=3)
        entered("population_table", "2026", deaths=4)
        assert column(filled("population_table", "2026"), "儿童与妇女 · 近一年死亡") == [4]
        assert column(filled("population_table", "2025"), "儿童与妇女 · 近一年死亡") == [None]


def test_figures_by_hand_of_several_committees_add_up_for_the_street(as_character, as_worker, areas):
    with as_worker():
        entered("population_table", "2026", deaths=4)
    with as_character("wu"):
        entered("population_table", "2026", deaths=2)
    with as_character("shen"):
        made = ready("population_table")
        found = fill.fill(made.plan, STREET, period.parse("2026", "year", TODAY), TODAY, made.words)
    assert column(found, "儿童与妇女 · 近一年死亡") == [6]


def test_nobody_of_the_next_community_is_in_a_ledger(as_worker, neighbourhood, person, filled):
    person(BUILDING_THERE, name="陌生人", birth_date=date(1940, 1, 1))
    with as_worker():
        assert "陌生人" not in column(filled("residents"), "姓名")
        assert filled("residents", area=THERE).count == 0
        assert column(filled("population_table"), "户籍人口 · 总数") == [3]


def test_a_larger_area_holds_its_committees(as_character, neighbourhood, person):
    person(BUILDING_THERE, name="陌生人", birth_date=date(1940, 1, 1))
    ledger = own(("姓名", "name"))
    with as_character("shen"):
        assert fill_own(ledger, area=STREET).count == 4
        assert fill_own(ledger, area=HERE).count == 3
        assert fill_own(ledger, area=BUILDING).count == 3


def test_without_a_scope_a_ledger_is_empty(neighbourhood, filled):
    with within(None):
        words = vocabulary()
        made = plan(own(("姓名", "name")), words)
        assert fill.fill(made, HERE, period.CURRENT, TODAY, words).count == 0


def test_all_ledgers_fill_and_the_list_counts_what_they_hold(as_worker, neighbourhood, assert_queries):
    with as_worker():
        words = vocabulary()
        plans = [(planned(x, words), period.of(x.period, TODAY)) for x in in_force()]
        with assert_queries(1):
            counts = fill.counts(plans, HERE, TODAY, words)
        for made, span in plans:
            assert fill.fill(made, HERE, span, TODAY, words).count == counts[made.ledger.code], made.ledger.code


def test_a_ledger_is_one_statement(as_worker, neighbourhood, assert_queries):
    with as_worker():
        words = vocabulary()
        for code in ("residents", "visits", "population_table", "elder_table", "honours", "dwellings", "households"):
            made, span = planned(catalogue.ledgers[code], words), period.of("year", TODAY)
            tells = any(cell and cell.code == TAGS for cell in made.cells)
            with assert_queries(4 if tells else 1):  # tags: their words, those computed, those set by hand
                fill.fill(made, HERE, span, TODAY, words)


def pages_of(made, size: int, words):
    after, seen = None, []
    while True:
        page, after = fill.fill_page(made, HERE, period.CURRENT, TODAY, words, after, size)
        seen.append(page)
        if after is None:
            return seen


@pytest.mark.parametrize("sort", [("name",), ("-age", "name"), ("address",), ("emergency_contact", "-birth_date"), ()])
@pytest.mark.parametrize("size", [1, 2, 3, 50])
def test_pages_hold_every_row_once_in_the_order_of_the_whole(as_worker, neighbourhood, person, sort, size):
    with as_worker():
        for n in range(4):
            person(name=f"邻居{n}", phone=f"1990044444{n}")
        words = vocabulary()
        made = plan(own(("序号", "seq"), ("姓名", "name"), sort=sort), words)
        whole = fill.fill(made, HERE, period.CURRENT, TODAY, words)
        pages = pages_of(made, size, words)
    assert [r for p in pages for r in p.refs] == list(whole.refs)
    assert [n for p in pages for n in p.data[0]] == list(range(1, 8))
    assert all(p.count <= size for p in pages)


def test_on_screen_phones_are_masked_as_well(as_worker, neighbourhood):
    with as_worker():
        words = vocabulary()
        made = plan(own(("电话", "phone"), rule="姓名 = 周桂芳"), words)
        page, _ = fill.fill_page(made, HERE, period.CURRENT, TODAY, words, None, 10)
    assert page.data[0] == ["199****1111"]


def test_one_row_can_be_asked_for_and_a_foreign_one_is_not_there(as_worker, neighbourhood, person):
    stranger = person(BUILDING_THERE, name="陌生人")
    with as_worker():
        words = vocabulary()
        made = plan(own(("姓名", "name")), words)
        row = fill.fill_one(made, neighbourhood.chen.pk, HERE, period.CURRENT, TODAY, words)
        assert (row.count, row.data[0][0]) == (1, "陈阿宝")
        assert fill.fill_one(made, stranger.pk, HERE, period.CURRENT, TODAY, words).count == 0


def test_area_codes_are_shown_as_names(as_worker, neighbourhood):
    with as_worker():
        found = fill_own(own(("区域", "lives_in"), rule="姓名 = 周桂芳"))
    assert column(found, "区域") == ["市辖区杨浦区四平路街道公交新村居委会第一网格公交新村1号楼"]
    assert found.headings[0].kind is Kind.AREA
