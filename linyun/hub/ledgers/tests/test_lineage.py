"""One click from a cell to where its value comes from."""

from datetime import date
from uuid import uuid4

import pytest

from linyun.hub.ledgers import fill, lineage, period, services
from linyun.hub.ledgers.lineage import HIDDEN
from linyun.hub.ledgers.plans import plan
from linyun.hub.ledgers.register import ready
from linyun.hub.ledgers.tests.conftest import TODAY
from linyun.hub.records.services import Origin, settle, state
from linyun.hub.tags.vocabulary import vocabulary
from linyun.kernel.declare import Column, Ledger, Subject
from tests.characters import HERE
from tests.visits import visit_to


def origin(ledger: Ledger | str, ref, name: str):
    words = vocabulary()
    made = ready(ledger).plan if isinstance(ledger, str) else plan(ledger, words)
    row = fill.fill_one(made, ref, HERE, period.CURRENT, TODAY, words)
    return lineage.origin_of(made, row, [h.full_name for h in made.headings].index(name), words)


def roster(*columns: tuple[str, str]) -> Ledger:
    return Ledger("trial", "试填", "组", "person", tuple(Column(*c) for c in columns))


def test_a_cell_leads_to_who_said_it_when_and_from_where(as_worker, neighbourhood):
    with as_worker():
        found = origin("lone_elders", neighbourhood.zhou.pk, "联系电话")
    (item,) = found.stated
    assert (item.name, item.now.value) == ("联系电话", "199****1111")
    assert (item.now.source, item.now.day) == ("工作台录入", date(2026, 1, 5))
    assert item.now.collector == "资料员"
    assert found.leads == (("person", neighbourhood.zhou.pk),)


def test_a_value_from_a_visit_leads_back_to_the_visit(as_worker, neighbourhood):
    with as_worker():
        visit = visit_to(neighbourhood.zhou, TODAY, items={"phone": "19900999999"})
        found = origin("lone_elders", neighbourhood.zhou.pk, "联系电话")
    assert (found.stated[0].now.kind, found.stated[0].now.id) == ("visit", visit.pk)
    assert found.stated[0].now.source == "走访"


def test_sources_that_disagree_stand_side_by_side_with_their_rank(as_worker, neighbourhood):
    with as_worker():
        state(
            neighbourhood.zhou, {"emergency_contact": "周建军"}, source="roster", origin=Origin("import_row", uuid4())
        )
        (item,) = origin("lone_elders", neighbourhood.zhou.pk, "紧急联系人 · 姓名").stated
    assert item.now.value == "周建国"
    assert [(o.value, o.source, o.kind) for o in item.others] == [("周建军", "名册导入", "import_row")]
    assert item.now.rank > item.others[0].rank


def test_a_settled_value_says_that_it_was_settled(as_worker, neighbourhood):
    with as_worker():
        settle(neighbourhood.zhou, "emergency_contact", "周建军", "电话核对")
        (item,) = origin("lone_elders", neighbourhood.zhou.pk, "紧急联系人 · 姓名").stated
    assert (item.now.value, item.now.source) == ("周建军", "人工核定")


def test_what_is_computed_names_what_it_is_computed_from(as_worker, neighbourhood):
    with as_worker():
        found = origin("lone_elders", neighbourhood.zhou.pk, "年龄")
    assert found.value == 78
    assert found.how == "由“出生日期”得出。"
    assert [s.name for s in found.stated] == ["出生日期"]
    assert found.stated[0].now.value == "1948-03-05"


def test_what_follows_from_residences_and_visits_leads_to_the_resident(as_worker, neighbourhood):
    with as_worker():
        found = origin(roster(("同住", "housemate_count")), neighbourhood.zhou.pk, "同住")
    assert "走访" in found.how
    assert found.leads == (("person", neighbourhood.zhou.pk),)


def test_codes_are_worded_where_they_come_from_too(as_worker, neighbourhood):
    with as_worker():
        (item,) = origin(roster(("文化", "education")), neighbourhood.zhou.pk, "文化").stated
    assert item.now.value not in ("", "20")


def test_document_numbers_stay_masked(as_worker, neighbourhood):
    with as_worker():
        (item,) = origin(roster(("证件", "identity_number")), neighbourhood.zhou.pk, "证件").stated
    assert item.now.value.startswith("310***********")


def test_sensitive_values_are_hidden_but_their_source_is_told(as_worker, neighbourhood):
    with as_worker():
        state(neighbourhood.zhou, {"disability_type": "1"}, source="desk", origin=Origin("desk"))
        (item,) = origin(roster(("残疾", "disability_type")), neighbourhood.zhou.pk, "残疾").stated
    assert item.now.value == HIDDEN
    assert item.now.source == "工作台录入"


def test_an_item_that_nobody_ever_stated_says_so(as_worker, neighbourhood):
    with as_worker():
        found = origin("lone_elders", neighbourhood.zhou.pk, "备注")
    assert found.how == "这一项还没有人登记过。"
    assert found.stated == ()


def test_the_number_of_a_row_is_just_a_number(as_worker, neighbourhood):
    with as_worker():
        assert "行号" in origin("lone_elders", neighbourhood.zhou.pk, "序号").how


def test_a_cell_of_a_visit_leads_to_the_visit_and_the_persons_cells_to_the_person(as_worker, neighbourhood):
    visit = neighbourhood.visits[0]
    with as_worker():
        situation = origin("visits", visit.pk, "家庭基本情况")
        phone = origin("visits", visit.pk, "被访者联系电话")
    assert situation.leads == (("visit", visit.pk),)
    assert situation.value == "一切都好"
    assert phone.leads == (("person", neighbourhood.zhou.pk),)
    assert phone.stated[0].name == "联系电话"


def test_a_row_typed_by_hand_says_who_typed_it(as_worker, areas):
    with as_worker():
        entry = services.add_entry("honours", {"title": "市级文明小区"}, client_key=uuid4())
        found = origin("honours", entry.pk, "荣誉名称")
        empty = origin("honours", entry.pk, "备注")
    assert found.entry == entry
    assert found.entry.created_by == "林晓岚"
    assert "还没有填" in empty.how


def test_a_cell_typed_beside_a_resident_leads_to_the_entry_or_to_where_it_can_be_typed(as_worker, neighbourhood):
    with as_worker():
        columns = [{"name": "姓名", "value": "name"}, {"name": "签收", "value": "entry.signed"}]
        made = services.make_ledger({"name": "领取登记", "source": "person", "columns": columns})
        before = origin(made.code, neighbourhood.zhou.pk, "签收")
        entry = services.add_entry(made.code, {"signed": "已领"}, client_key=uuid4(), subject_id=neighbourhood.zhou.pk)
        after = origin(made.code, neighbourhood.zhou.pk, "签收")
    assert before.entry is None
    assert before.leads == (("person", neighbourhood.zhou.pk),)
    assert (after.entry, after.value) == (entry, "已领")


def figure(code: str, row: int, name: str, when: str = "2026"):
    made = ready(code)
    column = [h.full_name for h in made.plan.headings].index(name)
    span = period.parse(when, "year", TODAY)
    return lineage.figure_origin(made.plan, HERE, span, row, column, TODAY, made.words)


def test_a_figure_opens_the_list_behind_it_and_says_what_it_counts(as_worker, neighbourhood):
    with as_worker():
        found = figure("elder_table", 6, "独居")
    assert found.value == 1
    assert found.behind == ((neighbourhood.zhou.pk, "周桂芳"),)
    assert found.subject is Subject.PERSON
    assert "60" in found.how
    assert "同住人数" in found.how


def test_a_figure_of_dwellings_lists_addresses_one_of_households_their_heads(as_worker, neighbourhood):
    with as_worker():
        rooms = figure("population_table", 0, "房屋（套） · 实有房屋数")
        homes = figure("population_table", 0, "户数（户） · 辖区总户数")
    assert {name for _, name in rooms.behind} == {"公交新村3号101室", "公交新村12号302室"}
    assert {name for _, name in homes.behind} == {"周桂芳", "陈阿宝"}


def test_a_share_names_both_parts(as_worker, neighbourhood):
    with as_worker():
        found = figure("population_table", 0, "老年人 · 占实有人口%")
    assert found.value == 100
    assert "百分比" in found.how


def test_a_sum_says_that_it_adds_up(as_worker, neighbourhood):
    with as_worker():
        assert "相加" in figure("dwelling_table", 0, "建筑面积（平方米）").how


def test_a_figure_by_hand_says_so(as_worker, areas):
    with as_worker():
        services.add_entry("population_table", {"deaths": 4}, client_key=uuid4(), when="2026")
        found = figure("population_table", 0, "儿童与妇女 · 近一年死亡")
    assert (found.value, found.behind) == (4, ())
    assert "人工" in found.how


def test_the_name_of_a_statistics_row_has_no_origin_of_its_own(as_worker, areas):
    with as_worker():
        assert figure("elder_table", 0, "年龄段").how == ""
        with pytest.raises(IndexError):
            figure("elder_table", 99, "年龄段")


def test_a_long_list_behind_a_figure_is_cut_and_says_so(as_worker, person, monkeypatch):
    monkeypatch.setattr(lineage, "MOST_BEHIND", 2)
    with as_worker():
        for n in range(3):
            person(name=f"邻居{n}")
        made = ready("population_table")
        total = plan(Ledger("t", "t", "t", "statistic", (Column("总数", "rule:"),)), made.words)
        found = lineage.figure_origin(total, HERE, period.CURRENT, 0, 0, TODAY, made.words)
    assert (found.value, len(found.behind), found.more) == (3, 2, True)
