"""林老师 reads English: she switches on the sign-in page, finds somebody, records a visit; it is there in Chinese for others."""

from collections.abc import Callable

import pytest

from tests.journeys.conftest import Walker

pytestmark = pytest.mark.journey

ZHOU = "01906b00-0000-7000-8000-000000000001"
SAID = "At home, quite well; would like the newspaper read to her."


def test_a_visit_in_english(walk: Callable[..., Walker]) -> None:
    lin = walk(phone=True)
    page = lin.page
    lin.go("/account/login?next=/desk")
    page.tap("button[name=language][value=en]")
    page.wait_for_selector("html[lang=en]")
    assert "Sign in" in page.inner_text("h1")
    page.fill("input[name=username]", "lin")
    page.fill("input[name=password]", lin.password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"{lin.house}/desk")
    assert "Follow-ups agreed" in page.inner_text("main")

    page.fill(".find-here input[name=q]", "zgf")
    page.press(".find-here input[name=q]", "Enter")
    page.click(f"a[href='/desk/people/{ZHOU}']")
    page.locator(".foot >> text=Record visit").click()
    page.fill("#f-situation", SAID)
    page.tap("input[name=follow_in][value='7']")
    page.locator(".foot >> text=Record this visit").click()
    page.wait_for_url(f"{lin.house}/desk/people/{ZHOU}")
    assert "Visit recorded" in page.inner_text("#toasts")
    assert "Last visit today" in page.inner_text("main .banner") or "Visited today" in page.inner_text("main .banner")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "nothing sticks out on a phone"

    other = walk("lin")
    other.page.wait_for_selector("html[lang=en]")
    other.page.click("button[name=language][value=zh-hans]")
    other.page.wait_for_selector("html[lang=zh-hans]")
    other.go(f"/desk/people/{ZHOU}")
    assert SAID in other.page.inner_text("main") and "走访记录" in other.page.inner_text("main")
    assert not lin.broken and not other.broken
