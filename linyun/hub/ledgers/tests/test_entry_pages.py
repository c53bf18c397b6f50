"""Rows kept by hand, through their pages."""

from datetime import date
from uuid import uuid4

import pytest

from linyun.foundation.areas.scope import within
from linyun.hub.ledgers import services
from linyun.hub.ledgers.models import LedgerEntry
from linyun.hub.ledgers.tests.screens import links, page, post, text
from tests.characters import BUILDING_THERE, HERE


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
