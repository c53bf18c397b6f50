"""林老师 at a door with the phone in her hand: found, written in under a minute, and right everywhere at once."""

import base64
import re
import time
from collections.abc import Callable

import pytest

from tests.journeys.conftest import Walker

pytestmark = pytest.mark.journey

ZHOU = "01906b00-0000-7000-8000-000000000001"
DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
SAID = "在家休息，自来水费可以付了，答应周五陪去。"


def test_a_visit_written_at_the_door(walk: Callable[..., Walker]) -> None:
    lin = walk("lin", phone=True)
    page = lin.page
    began = time.monotonic()
    page.fill(".find-here input[name=q]", "zgf")
    page.press(".find-here input[name=q]", "Enter")
    page.click(f"a[href='/desk/people/{ZHOU}']")
    page.locator(".foot >> text=写走访").click()
    page.fill("#f-situation", SAID)
    page.set_input_files("input[name=photos]", {"name": "门口.png", "mimeType": "image/png", "buffer": DOT})
    page.tap("#same-phone")
    page.tap("input[name=follow_in][value='7']")
    page.locator(".foot >> text=记下这次走访").click()
    page.wait_for_url(f"{lin.house}/desk/people/{ZHOU}")
    assert time.monotonic() - began < 60, "a visit is written in under a minute"

    assert "走访已记下" in page.inner_text("#toasts")
    newest = page.locator(".timeline li").first
    assert SAID in newest.inner_text() and "林晓岚" in newest.inner_text()
    newest.locator("img").scroll_into_view_if_needed()
    page.wait_for_function("() => document.querySelector('.timeline img').naturalWidth === 1")
    assert "约好" in page.inner_text("main .banner")
    phone = page.locator(".facts div", has=page.locator("dt", has_text=re.compile("^联系电话$")))
    assert re.search(r"走访 20\d\d-\d\d-\d\d · 林晓岚", phone.first.text_content() or "")

    lin.go("/desk/visits")
    assert SAID in page.inner_text("#visits")
    page.click(f"#visits a:has-text('{page.inner_text('#visits td.lead >> nth=0')}') >> nth=0")
    assert SAID in page.inner_text("main") and "联系电话" in page.inner_text("main")

    for ledger in ("visits", "elder_visits"):
        lin.go(f"/desk/ledgers/{ledger}")
        cell = page.locator(f"a:has-text('{SAID}')")
        while not cell.count():
            page.locator("#ledger-more a, .more a").first.click()
            page.wait_for_load_state("networkidle")
        lin.go(cell.first.get_attribute("href") or "")
        page.click("main a:has-text('看这次走访')")
        page.wait_for_url(re.compile("/desk/visits/[0-9a-f-]{36}$"))
        assert SAID in page.inner_text("main"), ledger
    assert lin.broken == []


def test_the_draft_outlives_a_closed_page(walk: Callable[..., Walker]) -> None:
    lin = walk("lin", phone=True)
    lin.go(f"/desk/people/{ZHOU}/visit")
    lin.page.fill("#f-situation", "还没有写完")
    lin.page.wait_for_timeout(900)
    lin.go("/desk")
    lin.go(f"/desk/people/{ZHOU}/visit")
    assert lin.page.input_value("#f-situation") == "还没有写完"


def test_a_refused_sheet_keeps_every_word(walk: Callable[..., Walker]) -> None:
    lin = walk("lin", phone=True)
    lin.go(f"/desk/people/{ZHOU}/visit")
    page = lin.page
    page.fill("#f-situation", "写了很多")
    page.locator("details.more-fields > summary").click()
    page.fill("#f-needs", "想装扶手")
    page.evaluate("document.querySelector('#f-visited_on').removeAttribute('max')")
    page.fill("#f-visited_on", "2099-01-01")
    page.locator(".foot >> text=记下这次走访").click()
    page.wait_for_selector("text=走访日期不能晚于今天")
    assert page.input_value("#f-situation") == "写了很多"
    assert page.input_value("#f-needs") == "想装扶手"


def test_a_stranger_gets_nothing(walk: Callable[..., Walker]) -> None:
    stranger = walk("tieling")
    for path in ("", "/visit", "/tags", "/looks", "/items/phone"):
        assert stranger.go(f"/desk/people/{ZHOU}{path}") == 404
        assert "周桂芳" not in stranger.page.content()
    stranger.go("/desk/find?q=zgf")
    assert ZHOU not in stranger.page.content()
