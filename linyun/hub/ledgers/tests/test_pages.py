"""The pages as a worker meets them: what stands there and where it leads."""

import io
import re
from datetime import date

import openpyxl
import pytest
from django.urls import reverse

from linyun.foundation.acts.models import Act
from linyun.foundation.areas.scope import within
from linyun.hub.ledgers import pages, register
from linyun.hub.ledgers.tests.screens import links, page, post, text
from tests.characters import BUILDING_THERE, HERE
from tests.residents import number_of
from tests.visits import visit_to

NOBODY = "01906b00-0000-7000-8000-00000000ffff"


def test_the_list_shows_a_group_with_counts_and_due_days(lin, neighbourhood):
    shown = page(lin, "ledgers", group="公共服务")
    said = text(shown)
    assert re.search(r"独居老人名册 1 每年 每季末月25日前", said)
    assert re.search(r"老年人口统计表 — 每季", said)
    assert reverse("ledger", args=["lone_elders"]) in links(shown, "lone_elders")


def test_every_group_is_a_tab_and_an_unknown_one_shows_the_first(lin, areas):
    tabs = links(page(lin, "ledgers"), r"\?group=")
    with within(HERE):
        groups = {x.group for x in register.in_force()}
    assert len(tabs) == len(groups)
    assert text(page(lin, "ledgers", group="没有的组")) == text(page(lin, "ledgers"))


def test_what_is_due_soon_stands_on_top_until_it_is_closed(lin, areas, monkeypatch):
    monkeypatch.setattr("linyun.kernel.clock.today", lambda: date(2027, 1, 10))
    said = text(page(lin, "ledgers"))
    assert "1 月 15 日前要交" in said
    assert "将到期" in said
    assert "本也快到期了" in said


def test_closed_ledgers_say_up_to_when(lin, neighbourhood):
    post(lin, "ledger_close", "population_table", period="2025")
    assert "已封账到 2025" in text(page(lin, "ledgers"))


def test_the_list_asks_no_more_for_more_residents(lin, neighbourhood, person, assert_queries):
    page(lin, "ledgers")
    with assert_queries(11, at_most=True):
        page(lin, "ledgers", group="公共服务")
    for n in range(5):
        person(name=f"邻居{n}")
    with assert_queries(11, at_most=True):
        page(lin, "ledgers", group="公共服务")


# One ledger


def test_a_ledger_looks_like_the_paper_and_says_how_many(lin, neighbourhood):
    said = text(page(lin, "ledger", "lone_elders"))
    assert "填报单位：四平路街道公交新村居委会" in said
    assert "报告期：2026年" in said
    assert "填报人：林晓岚" in said
    assert "填报日期：2026-11-23" in said
    assert "共 1 条" in said
    assert "周桂芳" in said
    assert "199****1111" in said
    assert "19900111111" not in said


def test_the_merged_head_spans_rows_and_columns(lin, neighbourhood):
    html = page(lin, "ledger", "lone_elders").content.decode()
    assert '<th scope="col" colspan="2">紧急联系人</th>' in html
    assert '<th scope="col" rowspan="2">序号</th>' in html


def test_every_cell_but_the_number_leads_to_its_origin(lin, neighbourhood):
    shown = page(lin, "ledger", "lone_elders")
    cells = links(shown, r"/cells/")
    assert len(cells) == 11
    assert all(str(neighbourhood.zhou.pk) in c for c in cells)
    assert all(lin.get(c).status_code == 200 for c in cells)


def test_other_periods_are_one_step_away(lin, neighbourhood):
    shown = page(lin, "ledger", "visits", period="2026-10")
    assert "2026年10月" in text(shown)
    assert {"?period=2026-09", "?period=2026-11"} == {x[x.index("?") :] for x in links(shown, r"\?period=")}
    assert "想装扶手" in text(shown)
    assert "想装扶手" not in text(page(lin, "ledger", "visits", period="2026-11"))


def test_a_period_that_nobody_can_read_shows_the_present_one(lin, areas):
    assert "2026年11月" in text(page(lin, "ledger", "visits", period="\x00'<("))


def test_a_ledger_that_is_not_there_is_not_found(lin, areas):
    page(lin, "ledger", "nothing", status=404)


def test_an_empty_ledger_says_so(lin, areas):
    assert "本期没有符合条件的记录" in text(page(lin, "ledger", "lone_elders"))


def test_long_ledgers_come_in_pages_that_htmx_appends(lin, neighbourhood, monkeypatch):
    monkeypatch.setattr(pages, "PAGE", 2)
    first = page(lin, "ledger", "residents")
    (following,) = links(first, r"after=")
    second = lin.get(reverse("ledger", args=["residents"]) + following)
    rows = second.content.decode()
    assert rows.count("<tr>") == 1
    assert '<td class="num">3</td>' in rows
    assert "after=" not in rows
    assert "<html" not in rows


def test_a_cursor_that_is_not_ours_shows_the_first_page(lin, neighbourhood):
    shown = page(lin, "ledger", "residents", after="AAAA")
    assert "周桂芳" in text(shown)


def test_looking_at_a_ledger_is_recorded(lin, neighbourhood):
    page(lin, "ledger", "lone_elders")
    with within(HERE):
        act = Act.objects.get(verb="ledger_seen")
    assert act.detail == {"ledger": "lone_elders", "count": 1}


def test_a_ledger_page_asks_few_questions_however_many_rows(lin, neighbourhood, person, assert_queries):
    page(lin, "ledger", "residents")
    with assert_queries(13, at_most=True):
        page(lin, "ledger", "residents")
    for n in range(6):
        person(name=f"邻居{n}")
    with assert_queries(13, at_most=True):
        page(lin, "ledger", "residents")


def test_the_next_communitys_residents_are_nowhere(lin, neighbourhood, person):
    stranger = person(BUILDING_THERE, name="陌生人", birth_date=date(1940, 1, 1))
    assert "陌生人" not in text(page(lin, "ledger", "residents"))
    page(lin, "ledger_cell", "residents", str(stranger.pk), 2, status=404)


# Where a cell comes from


def test_a_cell_opens_beside_the_table_and_leaves_the_address_alone(lin, neighbourhood):
    address = reverse("ledger_cell", args=["lone_elders", neighbourhood.zhou.pk, 5])
    beside = lin.get(address, headers={"HX-Request": "true", "HX-Boosted": "true", "HX-Target": "origin"})
    assert beside.content.decode().lstrip().startswith("{#") is False
    assert "<dialog" in beside.content.decode()
    assert "<html" not in beside.content.decode()
    assert beside.headers["HX-Push-Url"] == "false"
    assert "<html" in lin.get(address).content.decode()
    assert "199****1111" in text(beside)


def test_one_click_leads_back_to_the_visit(lin, neighbourhood, as_worker):
    with as_worker():
        visit = visit_to(neighbourhood.zhou, date(2026, 11, 20), items={"phone": "19900999999"})
    shown = page(lin, "ledger_cell", "lone_elders", str(neighbourhood.zhou.pk), 5)
    assert "看这次走访" in text(shown)
    assert reverse("visit", args=[visit.pk]) in links(shown, "visits")
    from_ledger = page(lin, "ledger_cell", "visits", str(visit.pk), 8)
    assert reverse("visit", args=[visit.pk]) in links(from_ledger, "visits")


def test_a_figure_opens_the_people_behind_it(lin, neighbourhood):
    shown = page(lin, "ledger", "elder_table")
    cells = links(shown, r"/cells/6/")
    opened = lin.get(cells[3])
    assert "周桂芳" in text(opened)
    assert reverse("person", args=[neighbourhood.zhou.pk]) in links(opened, "people")


@pytest.mark.parametrize("ref", ["99", "x", "-1"])
def test_a_figure_that_is_not_there_is_not_found(lin, areas, ref):
    page(lin, "ledger_cell", "elder_table", ref, 1, status=404)


@pytest.mark.parametrize(("ref", "column"), [("x", 1), (NOBODY, 1), (NOBODY, 99)])
def test_a_cell_that_is_not_there_is_not_found(lin, areas, ref, column):
    page(lin, "ledger_cell", "lone_elders", ref, column, status=404)


# Files


def test_a_ledger_is_downloaded_with_its_chinese_name(lin, neighbourhood):
    response = post(lin, "ledger_export", "lone_elders", format="xlsx", period="2026", reason="月度核对")
    assert response.status_code == 200
    assert "filename*=UTF-8''%E7%8B%AC%E5%B1%85" in response.headers["Content-Disposition"]
    assert response.headers["Cache-Control"] == "no-store, private"
    assert openpyxl.load_workbook(io.BytesIO(response.content)).active["B5"].value == "周桂芳"


def test_what_cannot_be_exported_goes_back_with_a_sentence(lin, neighbourhood):
    response = post(lin, "ledger_export", "residents", format="xlsx", full="1")
    assert response.status_code == 303
    assert "请写明导出用途" in text(lin.get(response.headers["Location"]))


def test_an_export_is_shown_on_the_ledger(lin, neighbourhood):
    post(lin, "ledger_export", "residents", format="csv", full="1", reason="公安核对")
    said = text(page(lin, "ledger", "residents"))
    assert "林晓岚 · 3 条 · 含完整证件号" in said


def test_full_numbers_leave_only_when_asked_for(lin, neighbourhood):
    number = number_of(date(1948, 3, 5), 998)
    plainly = post(lin, "ledger_export", "residents", format="csv", reason="月度核对")
    fully = post(lin, "ledger_export", "residents", format="csv", full="1", reason="公安核对")
    assert number not in plainly.content.decode()
    assert number in fully.content.decode()


@pytest.mark.parametrize(("form", "kind"), [("workbook", "spreadsheetml"), ("zip", "zip")])
def test_all_ledgers_are_downloaded_at_once(lin, neighbourhood, form, kind):
    response = post(lin, "ledgers_export", format=form, reason="月度核对")
    assert kind in response.headers["Content-Type"]


def test_a_strange_format_for_all_goes_back_with_a_sentence(lin, areas):
    response = post(lin, "ledgers_export", format="pdf", reason="月度核对")
    assert response.status_code == 303
    assert "不能导出成" in text(lin.get(response.headers["Location"]))
