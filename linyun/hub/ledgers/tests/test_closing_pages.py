"""Closing a period, through its pages."""

import io
import zipfile

from linyun.foundation.areas.scope import within
from linyun.hub.ledgers import services
from linyun.hub.ledgers.models import LedgerClosing
from linyun.hub.ledgers.tests.screens import links, page, post, text
from linyun.hub.records.services import Origin, state
from tests.characters import HERE


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
    one, two = (post(lin, "closing_export", row.pk, format="xlsx", reason=why).content for why in ("上报", "再报"))
    assert one != two, "each says for what it was taken"
    with zipfile.ZipFile(io.BytesIO(one)) as first, zipfile.ZipFile(io.BytesIO(two)) as second:
        parts = {name: (first.read(name), second.read(name)) for name in first.namelist()}
    assert [name for name, (a, b) in parts.items() if a != b] == ["docProps/core.xml"]
    assert all(row.digest in part.decode() for part in parts["docProps/core.xml"])
    assert "用途：上报" in parts["docProps/core.xml"][0].decode()
    plain = [post(lin, "closing_export", row.pk, format="csv", reason=why).content for why in ("上报", "再报")]
    assert plain[0] == plain[1]
    refused = post(lin, "closing_export", row.pk, format="xlsx", full="1")
    assert refused.headers["Location"] == address
    assert "请写明导出用途" in text(lin.get(address))


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
