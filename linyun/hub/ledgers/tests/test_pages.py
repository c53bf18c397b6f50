"""The pages as a worker meets them: what stands there, where it leads, what comes back when something is wrong."""

import io
import re
from datetime import date
from html import unescape
from uuid import uuid4

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from linyun.foundation.acts.models import Act
from linyun.foundation.areas.scope import within
from linyun.hub.ledgers import pages, register, screen, services
from linyun.hub.ledgers.models import LedgerClosing, LedgerEntry, LedgerForm, OwnLedger
from linyun.hub.ledgers.tests.blanks import disabled_list, plain
from linyun.hub.records.services import Origin, state
from tests.characters import BUILDING_THERE, HERE
from tests.residents import number_of
from tests.visits import visit_to

NOBODY = "01906b00-0000-7000-8000-00000000ffff"

TAGS = re.compile(r"<(script|style|svg)\b.*?</\1>|<[^>]+>", re.S)


@pytest.fixture
def lin(client_of):
    """林老师's browser."""
    return client_of("lin")


def text(response) -> str:
    """What a reader sees."""
    return re.sub(r"\s+", " ", unescape(TAGS.sub(" ", response.content.decode())))


def links(response, pattern: str) -> list[str]:
    """Addresses on a page that match."""
    found = re.findall(r'href="([^"]+)"', response.content.decode())
    return [unescape(x) for x in found if re.search(pattern, x)]


def page(client, route: str, *args, status: int = 200, **query):
    response = client.get(reverse(route, args=args), query)
    assert response.status_code == status, text(response)[:400]
    return response


def post(client, route: str, *args, **data):
    return client.post(reverse(route, args=args), data)


# The list


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
    with assert_queries(12, at_most=True):
        page(lin, "ledger", "residents")
    for n in range(6):
        person(name=f"邻居{n}")
    with assert_queries(12, at_most=True):
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
    response = post(lin, "ledger_export", "lone_elders", format="xlsx", period="2026")
    assert response.status_code == 200
    assert "filename*=UTF-8''%E7%8B%AC%E5%B1%85" in response.headers["Content-Disposition"]
    assert response.headers["Cache-Control"] == "no-store, private"
    assert openpyxl.load_workbook(io.BytesIO(response.content)).active["B5"].value == "周桂芳"


def test_what_cannot_be_exported_goes_back_with_a_sentence(lin, neighbourhood):
    response = post(lin, "ledger_export", "residents", format="xlsx", full="1")
    assert response.status_code == 303
    assert "请写明用途" in text(lin.get(response.headers["Location"]))


def test_an_export_is_shown_on_the_ledger(lin, neighbourhood):
    post(lin, "ledger_export", "residents", format="csv", full="1", reason="公安核对")
    said = text(page(lin, "ledger", "residents"))
    assert "林晓岚 · 3 条 · 含完整证件号" in said


def test_full_numbers_leave_only_when_asked_for(lin, neighbourhood):
    number = number_of(date(1948, 3, 5), 998)
    plainly = post(lin, "ledger_export", "residents", format="csv")
    fully = post(lin, "ledger_export", "residents", format="csv", full="1", reason="公安核对")
    assert number not in plainly.content.decode()
    assert number in fully.content.decode()


@pytest.mark.parametrize(("form", "kind"), [("workbook", "spreadsheetml"), ("zip", "zip")])
def test_all_ledgers_are_downloaded_at_once(lin, neighbourhood, form, kind):
    response = post(lin, "ledgers_export", format=form)
    assert kind in response.headers["Content-Type"]


def test_a_strange_format_for_all_goes_back_with_a_sentence(lin, areas):
    response = post(lin, "ledgers_export", format="pdf")
    assert response.status_code == 303
    assert "不能导出成" in text(lin.get(response.headers["Location"]))


# Rows kept by hand


def test_the_form_asks_for_what_the_ledger_keeps_by_hand(lin, areas):
    html = page(lin, "entry_new", "enquiries").content.decode()
    assert 'name="date"' in html
    assert 'type="date"' in html
    assert 'name="phone"' in html
    assert 'type="tel"' in html
    assert 'name="client_key"' in html


def test_a_row_is_written_and_stands_in_the_ledger(lin, areas):
    sent = {"client_key": str(uuid4()), "date": "2026-11-20", "name": "李建国", "content": "楼道堆物", "age": "60"}
    for _ in range(2):
        response = post(lin, "entry_new", "enquiries", **sent)
        assert response.status_code == 303
    said = text(lin.get(response.headers["Location"]))
    assert said.count("楼道堆物") == 1
    with within(HERE):
        assert LedgerEntry.objects.get().cells["age"] == 60


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"name": "李建国"}, "请填写日期"),
        ({"date": "2026-12-31", "name": "李建国"}, "日期还没有到"),
        ({"date": "不知道", "name": "李建国"}, "日期"),
        ({"date": "2026-11-20", "phone": "123"}, "电话"),
        ({"date": "2026-11-20", "age": "六十"}, "请填数字"),
    ],
)
def test_what_does_not_fit_comes_back_beside_its_field_with_all_that_was_typed(lin, areas, sent, sentence):
    response = post(lin, "entry_new", "enquiries", **sent, content="楼道堆物")
    assert response.status_code == 422
    assert sentence in text(response)
    html = response.content.decode()
    assert 'value="楼道堆物"' in html or ">楼道堆物" in html
    assert all(f'value="{v}"' in html for k, v in sent.items() if k != "date")


def test_an_empty_row_is_refused(lin, areas):
    assert "请至少填写一格" in text(post(lin, "entry_new", "honours"))


def test_a_ledger_without_hand_kept_cells_says_that_it_fills_itself(lin, areas):
    assert "由系统自动填" in text(page(lin, "entry_new", "visits"))


def test_figures_by_hand_are_asked_for_the_period(lin, areas):
    assert "填的是2026年的数" in text(page(lin, "entry_new", "population_table"))
    post(lin, "entry_new", "population_table", deaths="3", period="2026", client_key=str(uuid4()))
    shown = page(lin, "ledger", "population_table", period="2026")
    assert '/29?period=2026">3</a>' in shown.content.decode() or ">3</a>" in shown.content.decode()


def test_a_row_has_a_page_with_who_wrote_it(lin, areas, as_worker):
    with as_worker():
        row = services.add_entry("enquiries", {"date": date(2026, 11, 3), "phone": "19900123456"}, client_key=uuid4())
    said = text(page(lin, "entry", row.pk))
    assert "林晓岚" in said
    assert "199****3456" in said
    assert "19900123456" not in said


def test_a_row_is_corrected_on_the_same_form_and_the_old_one_stays(lin, areas, as_worker):
    with as_worker():
        row = services.add_entry("honours", {"title": "市级文明小区"}, client_key=uuid4())
    (correct,) = links(page(lin, "entry", row.pk), "replaces=")
    assert 'value="市级文明小区"' in lin.get(correct).content.decode()
    response = post(lin, "entry_new", "honours", replaces=str(row.pk), title="市文明小区", client_key=str(uuid4()))
    assert response.status_code == 303
    said = text(page(lin, "ledger", "honours"))
    assert "市文明小区" in said
    assert "市级文明小区" not in said
    assert "这一行已撤下：更正" in text(page(lin, "entry", row.pk)).replace(" ", "")


def test_a_row_is_withdrawn_with_a_reason(lin, areas, as_worker):
    with as_worker():
        row = services.add_entry("honours", {"title": "市级文明小区"}, client_key=uuid4())
    without = post(lin, "entry_withdraw", row.pk, reason="")
    assert "请写明撤下的原因" in text(lin.get(without.headers["Location"]))
    post(lin, "entry_withdraw", row.pk, reason="登记错了")
    assert "市级文明小区" not in text(page(lin, "ledger", "honours"))


def test_cells_beside_a_resident_are_filled_from_the_ledger(lin, neighbourhood, as_worker):
    with as_worker():
        columns = [{"name": "姓名", "value": "name"}, {"name": "签收", "value": "entry.signed"}]
        made = services.make_ledger({"name": "领取登记", "source": "person", "columns": columns})
    assert "记在每一行名下" in text(page(lin, "entry_new", made.code))
    origin = page(lin, "ledger_cell", made.code, str(neighbourhood.zhou.pk), 1)
    (address,) = links(origin, "entries/new")
    assert lin.get(address).status_code == 200
    post(lin, "entry_new", made.code, row=str(neighbourhood.zhou.pk), signed="已领", client_key=str(uuid4()))
    assert "已领" in text(page(lin, "ledger", made.code))


def test_a_row_beside_a_stranger_cannot_be_written(lin, neighbourhood, as_worker, person):
    stranger = person(BUILDING_THERE, name="陌生人")
    with as_worker():
        columns = [{"name": "姓名", "value": "name"}, {"name": "签收", "value": "entry.signed"}]
        made = services.make_ledger({"name": "领取登记", "source": "person", "columns": columns})
    assert post(lin, "entry_new", made.code, row=str(stranger.pk), signed="已领").status_code == 404
    assert post(lin, "entry_new", "honours", row=str(neighbourhood.zhou.pk), title="甲").status_code == 404


# Closing


def test_closing_shows_what_was_closed_and_that_nothing_differs(lin, neighbourhood):
    response = post(lin, "ledger_close", "lone_elders", period="2025")
    assert response.status_code == 303
    shown = lin.get(response.headers["Location"])
    said = text(shown)
    assert "周桂芳" in said
    assert "和现在完全一致" in said
    assert "第 1 次" in said
    assert "校验码" in said


def test_the_difference_names_what_changed_since(lin, neighbourhood, as_worker):
    address = post(lin, "ledger_close", "lone_elders", period="2025").headers["Location"]
    with as_worker():
        state(neighbourhood.zhou, {"remark": "已装扶手"}, source="desk", origin=Origin("desk"))
        neighbourhood.chen.status = "left"
        neighbourhood.chen.save()
    said = text(lin.get(address))
    assert "新增 1 行，减少 0 行，1 行有变化" in said
    assert "新增 陈建国" in said, "without his mother he is an elder living alone"
    assert "周桂芳 · 备注" in said
    assert "已装扶手" in said


def test_a_period_still_running_is_closed_only_early_with_a_reason(lin, neighbourhood):
    response = post(lin, "ledger_close", "lone_elders", period="2026")
    assert response.status_code == 422
    assert "还没有结束" in text(response)
    early = post(lin, "ledger_close", "lone_elders", period="2026", early="1", reason="街道提前收表")
    assert early.status_code == 303
    assert "提前封" in text(lin.get(early.headers["Location"]))


def test_a_nonsense_period_comes_back_with_a_sentence(lin, areas):
    assert "看不懂期间" in text(post(lin, "ledger_close", "lone_elders", period="去年"))


def test_the_page_offers_the_last_periods_and_what_was_closed_before(lin, neighbourhood):
    post(lin, "ledger_close", "visits", period="2026-10")
    said = text(page(lin, "ledger_close", "visits"))
    assert all(label in said for label in ("2026年9月", "2026年10月", "2026年11月"))
    assert "第 1 次" in said


def test_a_corrected_closing_points_to_what_replaced_it(lin, neighbourhood, as_worker):
    first = post(lin, "ledger_close", "lone_elders", period="2025").headers["Location"]
    with as_worker():
        state(neighbourhood.zhou, {"phone": "19900999999"}, source="desk", origin=Origin("desk"))
    second = post(lin, "ledger_close", "lone_elders", period="2025", reason="电话登记错了").headers["Location"]
    said = lin.get(first)
    assert "这份已经更正" in text(said)
    assert second in links(said, "closings")
    assert "这份已经更正" not in text(lin.get(second))


def test_a_closing_is_downloaded_again_the_same(lin, neighbourhood):
    address = post(lin, "ledger_close", "residents", period="2026-10").headers["Location"]
    with within(HERE):
        row = LedgerClosing.objects.get()
    one, two = (post(lin, "closing_export", row.pk, format="xlsx").content for _ in range(2))
    assert one == two
    refused = post(lin, "closing_export", row.pk, format="xlsx", full="1")
    assert refused.headers["Location"] == address
    assert "请写明用途" in text(lin.get(address))


def test_a_closing_with_more_rows_than_fit_says_how_many_follow(lin, neighbourhood, monkeypatch):
    monkeypatch.setattr("linyun.hub.ledgers.closing_pages.MOST_ROWS", 1)
    address = post(lin, "ledger_close", "residents", period="2026-10").headers["Location"]
    assert "后面还有 2 行" in text(lin.get(address))


def test_a_closing_of_a_dropped_ledger_is_still_readable(lin, neighbourhood, as_worker):
    with as_worker():
        made = services.make_ledger(
            {"name": "老人", "source": "person", "period": "month", "columns": [{"name": "姓名", "value": "name"}]}
        )
    address = post(lin, "ledger_close", made.code, period="2026-10").headers["Location"]
    post(lin, "ledger_drop", made.code)
    assert "已停用，不能和现在比较" in text(lin.get(address))


# New ledgers


COLUMNS = "序号\n姓名\n老人 > 年龄 = 年龄\n住址"


def test_a_new_ledger_is_looked_at_and_then_kept(lin, neighbourhood):
    sent = {"name": "八十岁以上", "source": "person", "rule": "年龄 >= 80", "columns": COLUMNS, "period": "quarter"}
    preview = post(lin, "ledger_new", **sent, step="preview")
    said = text(preview)
    assert "共 1 条" in said
    assert "陈阿宝" in said
    assert "80 岁" in said.replace("80岁", "80 岁")
    with within(HERE):
        assert not OwnLedger.objects.exists()
    kept = post(lin, "ledger_new", **sent, step="save", client_key=str(uuid4()))
    assert kept.status_code == 303
    shown = text(lin.get(kept.headers["Location"]))
    assert "八十岁以上" in shown
    assert "陈阿宝" in shown
    assert "本单位自建" in text(page(lin, "ledgers", group="本单位自建"))


def test_chosen_columns_are_added_to_those_written(lin, areas):
    sent = {
        "name": "名单",
        "source": "person",
        "columns": "姓名",
        "step": "preview",
        "chosen": ["phone", "name", "age"],
    }
    html = post(lin, "ledger_new", **sent).content.decode()
    written = re.search(r"<textarea[^>]*name=\"columns\"[^>]*>(.*?)</textarea>", html, re.S)[1].strip().splitlines()
    assert written[0] == "姓名"
    assert set(written) >= {"姓名", "年龄", "联系电话"}
    assert written.count("姓名") == 1


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"name": "", "columns": "姓名"}, "请给台账起个名字"),
        ({"name": "名单", "columns": ""}, "现在有 0 列"),
        ({"name": "名单", "columns": "姓明"}, "是不是“姓名”"),
        ({"name": "名单", "columns": "姓名", "rule": "年铃 >= 80"}, "条件第 1 个字起"),
    ],
)
@pytest.mark.parametrize("step", ["preview", "save"])
def test_what_does_not_fit_is_told_in_words_and_nothing_is_lost(lin, areas, sent, sentence, step):
    response = post(lin, "ledger_new", source="person", due="每月25日", step=step, **sent)
    assert response.status_code == 422
    assert sentence in text(response)
    assert 'value="每月25日"' in response.content.decode()
    with within(HERE):
        assert not OwnLedger.objects.exists()


@pytest.mark.parametrize("source", ["person", "household", "dwelling", "organisation", "place", "visit", "entry", "x"])
def test_each_kind_of_record_offers_its_own_columns(lin, areas, source):
    html = page(lin, "ledger_new", source=source).content.decode()
    if source == "dwelling":
        assert 'value="owner_names"' in html
    if source == "entry":
        assert 'name="rule"' not in html


def test_a_dropped_ledger_disappears_from_the_list(lin, areas, as_worker):
    with as_worker():
        made = services.make_ledger(
            {"name": "临时名单", "source": "person", "columns": [{"name": "姓名", "value": "name"}]}
        )
    assert "停用这本台账" in text(page(lin, "ledger", made.code))
    post(lin, "ledger_drop", made.code)
    page(lin, "ledger", made.code, status=404)
    assert post(lin, "ledger_drop", made.code).status_code == 404


# Official blanks


def uploaded(client, content: bytes, **data):
    file = SimpleUploadedFile("空表.xlsx", content)
    return client.post(reverse("ledger_blank_new"), {"file": file, "client_key": str(uuid4()), **data})


def test_a_blank_is_read_checked_and_comes_back_filled(lin, neighbourhood):
    response = uploaded(lin, disabled_list(), source="person", rule="年龄 >= 70", period="quarter")
    assert response.status_code == 303
    shown = lin.get(response.headers["Location"])
    assert "联系人 · 姓名" in text(shown)
    assert "没有认出来" in text(shown)
    with within(HERE):
        form = LedgerForm.objects.get()
    mapping = {f"column-{c['number']}": c["value"] for c in form.columns} | {"column-3": "emergency_contact"}
    saved = post(lin, "ledger_form", form.pk, **mapping)
    assert saved.headers["Location"] == reverse("ledger", args=[form.ledger])
    file = post(lin, "ledger_export", form.ledger, format="form")
    ws = openpyxl.load_workbook(io.BytesIO(file.content))["残疾人名单"]
    assert {ws.cell(r, 2).value for r in (4, 5)} == {"周桂芳", "陈阿宝"}
    assert "周建国" in {ws.cell(r, 3).value for r in (4, 5)}


def test_a_blank_can_serve_a_ledger_that_there_is(lin, neighbourhood):
    assert "独居老人名册" in text(page(lin, "ledger_blank_new", ledger="lone_elders"))
    response = uploaded(lin, plain("序号", "姓名", "住址", title="独居老人"), ledger="lone_elders")
    assert response.status_code == 303
    assert "核对每一列的对应关系" in text(page(lin, "ledger", "lone_elders"))
    file = post(lin, "ledger_export", "lone_elders", format="form")
    assert openpyxl.load_workbook(io.BytesIO(file.content)).active["B3"].value == "周桂芳"


@pytest.mark.parametrize(
    ("content", "sentence"), [(b"%PDF-1.4", "PDF"), (b"", "请选择空表文件"), (b"x,y", "请用 .xlsx 格式")]
)
def test_a_file_that_is_no_blank_comes_back_with_a_sentence(lin, areas, content, sentence):
    data = {"source": "person", "name": "我的台账"}
    response = uploaded(lin, content, **data) if content else lin.post(reverse("ledger_blank_new"), data)
    assert response.status_code == 422
    assert sentence in text(response)
    assert 'value="我的台账"' in response.content.decode()


def test_a_bad_condition_with_a_blank_comes_back_too(lin, areas):
    response = uploaded(lin, disabled_list(), source="person", rule="年铃 > 1")
    assert response.status_code == 422
    assert "条件第 1 个字起" in text(response)


def test_a_mapping_that_fits_nothing_goes_back_to_the_form(lin, areas):
    address = uploaded(lin, disabled_list(), source="person").headers["Location"]
    response = lin.post(address, {"column-2": "nothing"})
    assert response.headers["Location"] == address
    assert "台账里没有" in text(lin.get(address))


def test_a_blank_of_the_next_community_is_not_found(lin, client_of, areas):
    address = uploaded(client_of("wu"), disabled_list(), source="person").headers["Location"]
    assert lin.get(address).status_code == 404
    assert lin.post(address, {"column-2": "name"}).status_code == 404


# Who may do what


READS = ("ledgers", "ledger_new", "ledger_blank_new")


@pytest.mark.parametrize("key", ["zhou", "shen", "gu", "lu", "he", "yan"])
@pytest.mark.parametrize("route", READS)
def test_others_are_turned_away_with_a_sentence(client_of, areas, key, route):
    response = client_of(key).get(reverse(route))
    assert response.status_code == 403
    assert "您的岗位不能" in text(response)


def test_a_grid_worker_sees_and_writes_but_neither_exports_closes_nor_makes(client_of, neighbourhood):
    chen = client_of("chen")
    shown = page(chen, "ledger", "residents")
    assert "周桂芳" in text(shown)
    assert 'data-open="export"' not in shown.content.decode()
    assert "封账" not in [t.strip() for t in re.findall(r">([^<]+)</a>", shown.content.decode())]
    for route in ("ledger_export", "ledger_close", "ledger_drop"):
        assert post(chen, route, "residents").status_code == 403


def test_strangers_are_sent_to_sign_in(client_of, areas):
    response = client_of("").get(reverse("ledgers"))
    assert response.status_code == 302
    assert "login" in response.headers["Location"]


def test_the_stranger_next_door_finds_none_of_our_things(client_of, lin, neighbourhood, as_worker):
    with as_worker():
        entry = services.add_entry("honours", {"title": "市级文明小区"}, client_key=uuid4())
        row = services.close("lone_elders", HERE, "2025")
        made = services.make_ledger(
            {"name": "名单", "source": "person", "columns": [{"name": "姓名", "value": "name"}]}
        )
    wu = client_of("wu")
    for route, key in (("entry", entry.pk), ("closing", row.pk), ("ledger", made.code), ("ledger_close", made.code)):
        assert wu.get(reverse(route, args=[key])).status_code == 404, route
    for route, key in (("entry_withdraw", entry.pk), ("closing_export", row.pk), ("ledger_export", made.code)):
        assert wu.post(reverse(route, args=[key]), {"reason": "看看"}).status_code == 404, route
    for code in ("residents", "lone_elders", "visits", "honours"):
        said = text(page(wu, "ledger", code))
        assert not any(word in said for word in ("周桂芳", "陈阿宝", "文明小区"))


def test_a_kind_of_thing_without_a_page_has_no_address():
    assert screen.address_of("planet", uuid4()) == ""
    assert screen.address_of("person", None) == ""
    assert screen.address_of("", uuid4()) == ""
