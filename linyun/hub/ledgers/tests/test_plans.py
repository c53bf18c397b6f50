"""Every declared ledger can be filled; a definition that does not hold is refused with every reason."""

from dataclasses import replace

import pytest

from linyun.hub.ledgers.cells import by_hand_kind, cells_of
from linyun.hub.ledgers.figures import BadFigure, read_figure
from linyun.hub.ledgers.plans import BadLedger, plan
from linyun.hub.ledgers.sources import DWELLING, ENTRY, HOUSEHOLD, PERSON, SOURCES
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Column, Kind, Ledger, Subject
from linyun.kernel.rule import RuleError, Vocabulary

WORDS = Vocabulary.of(catalogue)


def ledger(*columns: str | tuple[str, str], source: str = "person", **others) -> Ledger:
    made = tuple(Column(*c) if isinstance(c, tuple) else Column(c, c) for c in columns)
    return Ledger("trial", "试填", "组", source, made, **others)


def problems(bad: Ledger) -> dict[str, str]:
    with pytest.raises(BadLedger) as refused:
        plan(bad, WORDS)
    return {p.place: p.sentence for p in refused.value.problems}


@pytest.mark.parametrize("declared", catalogue.ledgers.values(), ids=lambda x: x.code)
def test_every_declared_ledger_can_be_filled(declared):
    made = plan(declared, WORDS)
    assert len(made.headings) == len([c for c in declared.columns if not c.value.startswith("row:")])
    assert made.is_statistic == (declared.source == "statistic")


def test_a_committee_keeps_at_least_fifty_ledgers_in_five_groups():
    assert len(catalogue.ledgers) >= 50
    assert {x.group for x in catalogue.ledgers.values()} >= {
        "基础情况",
        "会议与日常",
        "党群工作",
        "公共服务",
        "社会管理",
    }


def test_the_population_table_has_the_many_columns_of_the_real_one():
    made = plan(catalogue.ledgers["population_table"], WORDS)
    assert len(made.headings) >= 60
    assert made.by_hand


def test_a_column_knows_its_kind_unit_and_upper_heads():
    made = plan(ledger("seq", ("出生年月", "birth_date"), "age"), WORDS)
    assert [h.kind for h in made.headings] == [Kind.INTEGER, Kind.DATE, Kind.INTEGER]
    assert made.headings[2].unit == "岁"
    assert made.cells[0] is None


def test_all_problems_are_told_at_once_each_with_its_place():
    bad = ledger("name", "nothing", ("年铃", "agee"), rule="年铃 >= 80", sort=("unknown",))
    found = problems(replace(bad, name=" "))
    assert set(found) == {"name", "columns.1", "columns.2", "rule", "sort"}
    assert found["columns.2"] == "第 3 列“年铃”：居民没有“agee”这一项"
    assert found["rule"].startswith("条件第 1 个字起：")
    assert "unknown" in found["sort"]


def test_a_rule_is_refused_with_the_character_where_it_goes_wrong():
    assert problems(ledger("name", rule="年龄 >= 80 且 无此项 = 1"))["rule"].startswith("条件第 12 个字起")


@pytest.mark.parametrize("count", [0, 121])
def test_a_ledger_has_columns_but_not_endlessly_many(count):
    assert f"现在有 {count} 列" in problems(ledger(*(["name"] * count)))["columns"]


def test_a_source_that_nobody_offers_is_refused():
    assert "没有“planet”" in problems(ledger("name", source="planet"))["source"]


def test_hand_kept_rows_have_no_subject_to_put_a_condition_on():
    assert "不能设条件" in problems(ledger("entry.name", source="entry", rule="年龄 > 1"))["rule"]


def test_a_condition_on_what_the_law_excludes_is_refused():
    assert "rule" in problems(ledger("name", rule="标签 = 信访"))


def test_the_same_cell_may_stand_twice_under_different_heads():
    made = plan(ledger(("父亲电话", "phone"), ("母亲电话", "phone")), WORDS)
    assert [h.name for h in made.headings] == ["父亲电话", "母亲电话"]


@pytest.mark.parametrize("source", [s for s in SOURCES if s.subject], ids=lambda s: s.code)
def test_a_source_offers_all_items_and_terms_of_its_subject(source):
    cells = cells_of(source, WORDS)
    assert {i.code for i in catalogue.items_of(source.subject)} <= set(cells)
    assert {code for subject, code in catalogue.terms if subject is source.subject} <= set(cells)
    assert set(source.cells) <= set(cells)


def test_cells_are_offered_under_names_that_people_know():
    cells = cells_of(PERSON, WORDS)
    assert cells["address"].name == "住址"
    assert cells["age"].name == "年龄"
    assert cells["tags"].kind is Kind.CODES
    visit = cells_of(catalogue.ledger_sources["visit"], WORDS)
    assert visit["visitor"].name != "visitor"


def test_coded_cells_of_a_source_are_decoded():
    assert cells_of(HOUSEHOLD, WORDS)["head_sex"].code_set.code == "sex"
    assert cells_of(catalogue.ledger_sources["visit"], WORDS)["visit_mode"].code_set.code == "visit_mode"
    assert cells_of(DWELLING, WORDS)["tenure"].code_set is not None


def test_a_visit_ledger_may_name_cells_of_the_person_visited():
    cells = cells_of(catalogue.ledger_sources["visit"], WORDS)
    assert {"visited_on", "address", "age", "disability_type"} <= set(cells)


@pytest.mark.parametrize(
    ("code", "name", "kind"),
    [
        ("date", "日期", Kind.DATE),
        ("paid_on", "收款日期", Kind.DATE),
        ("born", "出生年月", Kind.DATE),
        ("phone", "电话", Kind.PHONE),
        ("keeper_phone", "管理人电话", Kind.PHONE),
        ("identity_number", "身份证", Kind.IDENTITY),
        ("count", "参加人数", Kind.DECIMAL),
        ("rent", "年租金（元）", Kind.DECIMAL),
        ("area", "面积（平方米）", Kind.DECIMAL),
        ("content", "内容", Kind.TEXT),
        ("person", "经办人", Kind.TEXT),
        ("conditional", "状况", Kind.TEXT),
    ],
)
def test_hand_kept_cells_are_typed_by_code_and_head(code, name, kind):
    assert by_hand_kind(code, name) is kind


def test_a_ledger_with_a_date_by_hand_is_a_log_one_without_is_a_list():
    assert plan(ledger("entry.date", "entry.content", source="entry"), WORDS).is_log
    assert not plan(ledger("entry.title", source="entry"), WORDS).is_log


def test_hand_kept_cells_can_stand_beside_records():
    made = plan(ledger("name", ("签收", "entry.signed")), WORDS)
    assert [h.value for h in made.by_hand] == ["entry.signed"]
    assert "ledgers_ledgerentry" in made.cells[1].read
    own = plan(ledger("entry.signed", source="entry"), WORDS)
    assert "select" not in own.cells[0].read


@pytest.mark.parametrize("code", ["entry.", "entry.Bad", "entry.a'b", "entry.a b"])
def test_a_hand_kept_cell_is_a_plain_word(code):
    assert "columns.0" in problems(ledger(("x", code), source="entry"))


def figure(value: str):
    return read_figure(Column("数", value), WORDS)


def test_figures_count_add_up_divide_and_are_kept_by_hand():
    assert (figure("rule:").measure, figure("rule:").rule) == ("rule", None)
    assert figure("rule:年龄 >= 60").subject is Subject.PERSON
    assert figure("rule.dwelling:空置 = 是").subject is Subject.DWELLING
    added = figure("sum.dwelling.floor_area:")
    assert (added.measure, added.code, added.kind) == ("sum", "floor_area", Kind.DECIMAL)
    share = figure("share:年龄 >= 60 / 居住在本居委 = 是")
    assert (share.measure, share.kind) == ("share", Kind.DECIMAL)
    assert share.of is not None
    assert (figure("entry.deaths").measure, figure("entry.deaths").code) == ("entry", "deaths")


@pytest.mark.parametrize("value", ["name", "rule.planet:", "sum:", "share:年龄 > 1", "sum.person.name:", "count"])
def test_what_is_no_figure_is_refused(value):
    with pytest.raises(BadFigure):
        figure(value)


def test_a_bad_condition_in_a_figure_is_told_like_any_other():
    with pytest.raises(RuleError):
        figure("rule:年铃 >= 60")
    found = problems(ledger(("合计", "rule:年铃 >= 60"), source="statistic"))
    assert found["columns.0"].startswith("第 1 列“合计”：")


def test_rows_of_a_statistic_become_groups_and_a_bad_row_is_told():
    made = plan(catalogue.ledgers["elder_table"], WORDS)
    assert [g.name for g in made.groups][:2] == ["60-64岁", "65-69岁"]
    bad = ledger(("年龄段", "row_name"), ("数", "rule:"), ("甲", "row:年铃 > 1"), source="statistic")
    assert problems(bad)["rows.0"].startswith("第 1 行“甲”：")


def test_a_statistic_without_rows_has_one():
    assert len(plan(catalogue.ledgers["population_table"], WORDS).groups) == 1


def test_one_figure_can_be_taken_out_of_a_statistic():
    made = plan(catalogue.ledgers["elder_table"], WORDS)
    one = made.only(1, 2)
    assert [h.full_name for h in one.headings] == [made.headings[2].full_name]
    assert (one.figures, one.groups) == ((made.figures[2],), (made.groups[1],))
    with pytest.raises(IndexError):
        made.only(99, 0)


def test_our_own_sources_lead_back_to_their_rows():
    assert {s.code: s.ref_kind for s in SOURCES if s.ref_kind} == {
        "person": "person",
        "household": "household",
        "dwelling": "dwelling",
        "organisation": "organisation",
        "place": "place",
        "entry": "entry",
    }
    assert ENTRY.dated
