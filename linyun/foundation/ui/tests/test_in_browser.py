"""The gallery in a real browser, under the real policy: readable by all, usable by keyboard, nothing typed is lost.

Needs a chromium (CHROMIUM names another than /usr/bin/chromium). Pages are answered by the test, there is no server.
"""

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import axe_core_python
import pytest
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

from linyun.foundation.ui.middleware import POLICY
from linyun.foundation.ui.tests.gallery import PAGES, STATIC, render_page
from linyun.foundation.ui.tests.kit import env

pytestmark = pytest.mark.journey

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ROOT = "http://kit.test"
PHONE, PC = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
DRAFT_MS = 600  # drafts.js saves 400 ms after the last key
AXE = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".html": "text/html; charset=utf-8"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as p:
        chromium = p.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    with override_settings(ROOT_URLCONF="linyun.foundation.ui.tests.gallery_urls", STATIC_URL="/static/"):
        return {name: render_page(env(), name) for name in PAGES}


class Kit:
    """A window on the gallery; ``sent`` are the forms that left it, ``broken`` what the browser complained of."""

    def __init__(self, context: BrowserContext, pages: dict[str, str]) -> None:
        self.pages, self.sent, self.broken = dict(pages), [], []
        self.answers: dict[str, tuple[int, str, dict[str, str]]] = {}
        context.route("**/*", self._answer)
        self.page: Page = context.new_page()
        self.page.on("console", lambda m: self.broken.append(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda e: self.broken.append(str(e)))

    def _answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(ROOT).split("?")[0].split("#")[0]
        if route.request.method == "POST":
            self.sent.append((path, route.request.post_data or ""))
        if path in self.answers:
            status, body, headers = self.answers[path]
            route.fulfill(status=status, body=body, headers={"Content-Type": TYPES[".html"], **headers})
        elif path.startswith("/static/"):
            relative = path.removeprefix("/static/")
            file = STATIC[relative.split("/")[0]] / relative
            route.fulfill(body=file.read_bytes(), headers={"Content-Type": TYPES[file.suffix]})
        else:
            body = self.pages.get(path.strip("/"), "<!doctype html><title>x</title>")
            route.fulfill(body=body, headers={"Content-Type": TYPES[".html"], "Content-Security-Policy": POLICY})

    def open(self, name: str, look: str = "") -> Page:
        html = self.pages[name]
        if look:
            self.pages[name] = html.replace("<html ", f"<html {look} ", 1)
        self.page.goto(f"{ROOT}/{name}")
        self.pages[name] = html
        return self.page


@pytest.fixture
def kit(browser: Browser, pages: dict[str, str]) -> Iterator[Callable[..., Kit]]:
    contexts: list[BrowserContext] = []
    patience_ms = 8000

    def make(size: dict[str, int] = PC, **options: Any) -> Kit:
        phone = size is PHONE
        contexts.append(browser.new_context(viewport=size, has_touch=phone, is_mobile=phone, **options))  # type: ignore[arg-type]
        contexts[-1].set_default_timeout(patience_ms)
        return Kit(contexts[-1], pages)

    yield make
    for context in contexts:
        context.close()


LOOKS = ["", 'data-theme="dark"', 'data-print="large"', 'data-theme="dark" data-print="large"']


CASES = [("gallery", look) for look in LOOKS] + [
    (n, look) for n in PAGES if n != "gallery" for look in (LOOKS[0], LOOKS[3])
]


@pytest.mark.parametrize(("name", "look"), CASES)
def test_nobody_is_shut_out_and_nothing_is_cut_off(kit: Callable[..., Kit], name: str, look: str) -> None:
    for size in (PC, PHONE):
        shown = kit(size)
        page = shown.open(name, look)
        page.evaluate(AXE)
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
        found = page.evaluate("tags => axe.run({runOnly: {type: 'tag', values: tags}})", tags)
        assert [(v["id"], [n["html"][:120] for n in v["nodes"]][:3]) for v in found["violations"]] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        assert shown.broken == []  # no script error, nothing refused by the policy


def test_what_a_thumb_must_hit_is_large_enough(kit: Callable[..., Kit]) -> None:
    for name in ("person", "portal", "desk"):
        page = kit(PHONE).open(name)
        small = page.evaluate(
            """() => [...document.querySelectorAll('.btn, .dock a, .segments label, .switch')]
              .map(e => [e.textContent.trim(), e.getBoundingClientRect()]).filter(([, b]) => b.width && b.height < 44)
              .map(([t, b]) => `${t} ${b.height}`)"""
        )
        assert [s for s in small if not re.match(r"大字版|深色", s)] == []


def test_a_table_by_keyboard(kit: Callable[..., Kit]) -> None:
    page = kit().open("desk")
    bulk = page.locator("#people-bulk button").first
    assert bulk.is_disabled()
    page.locator("tbody tr").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    assert page.locator("[data-count]").inner_text() == "2"
    assert page.locator("tr.chosen").count() == 2 and bulk.is_enabled()
    page.keyboard.press("Space")
    assert page.locator("[data-count]").inner_text() == "1"
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk#person-2")


def test_all_rows_of_the_page_and_a_range_with_shift(kit: Callable[..., Kit]) -> None:
    page = kit().open("desk")
    page.locator("[data-all]").check()
    assert page.locator("tr.chosen").count() == 7
    page.locator("[data-all]").uncheck()
    boxes = page.locator('input[name="chosen"]')
    boxes.nth(1).click()
    boxes.nth(4).click(modifiers=["Shift"])
    assert page.locator("[data-count]").inner_text() == "4"


def test_chosen_columns_are_remembered(kit: Callable[..., Kit]) -> None:
    page = kit().open("desk")
    assert page.locator('td[data-col="sex"]').first.is_hidden()
    page.locator("[data-chooser] summary").click()
    page.get_by_label("性别").check()
    page.get_by_label("紧急联系人").uncheck()
    page.reload()
    assert page.locator('td[data-col="sex"]').first.is_visible()
    assert page.locator('td[data-col="kin"]').first.is_hidden()


def test_what_follows_joins_the_table_and_its_rows_can_be_chosen(kit: Callable[..., Kit]) -> None:
    shown = kit()
    page = shown.open("desk")
    box = '<td class="pick"><input type="checkbox" name="chosen" value="99" form="people-bulk"></td>'
    row = f'<tr>{box}<td data-col="sex">女</td></tr>'
    more = f'<table><tbody id="people-rows">{row * 2}</tbody></table><div class="more" id="people-more"></div>'
    shown.answers["/desk"] = (200, more, {})
    page.get_by_text("再看后面的").click()
    page.locator("#people-rows > tr").nth(8).wait_for()
    assert page.get_by_text("再看后面的").count() == 0
    page.locator('td[data-col="sex"]').last.wait_for(state="hidden")  # the chooser holds for new rows too
    page.locator("[data-all]").check()
    assert page.locator("[data-count]").inner_text() == "9"


def test_on_a_phone_the_bulk_bar_comes_with_the_first_choice(kit: Callable[..., Kit]) -> None:
    page = kit(PHONE).open("desk")
    assert page.locator("#people-bulk").is_hidden()
    page.locator('input[name="chosen"]').first.check()
    assert page.locator("#people-bulk").is_visible()
    assert page.locator("thead").is_hidden()


def typed(page: Page) -> str:
    return page.locator("#f-note").input_value()


def write(page: Page, text: str) -> None:
    page.locator("#f-note").fill(text)
    page.wait_for_timeout(DRAFT_MS)


def open_form(shown: Kit) -> Page:
    shown.pages["gallery"] = re.sub(r' aria-invalid="true"|(?<=class="field) bad', "", shown.pages["gallery"])
    return shown.open("gallery")


def test_what_was_typed_is_there_again_with_its_key(kit: Callable[..., Kit]) -> None:
    page = open_form(kit())
    write(page, "在家休息，身体一般")
    page.locator("#f-mode-3").check()
    page.wait_for_timeout(DRAFT_MS)
    key = page.locator('#visit input[name="client_key"]').input_value()
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", key)
    page.reload()
    assert typed(page) == "在家休息，身体一般"
    assert page.locator("#f-mode-3").is_checked()
    assert page.locator('#visit input[name="client_key"]').input_value() == key
    assert page.get_by_text("已恢复您上次没有提交的内容").is_visible()


def test_a_restored_draft_can_be_thrown_away(kit: Callable[..., Kit]) -> None:
    page = open_form(kit())
    write(page, "不要了的")
    page.reload()
    page.get_by_role("button", name="不要了").click()
    assert typed(page) == ""
    page.reload()
    assert typed(page) == ""


def test_a_draft_goes_when_the_server_has_it_and_not_before(kit: Callable[..., Kit]) -> None:
    shown = kit()
    page = open_form(shown)
    write(page, "第一次")
    key = page.locator('#visit input[name="client_key"]').input_value()
    page.context.add_cookies([{"name": "done", "value": "another-key", "url": ROOT}])
    page.reload()
    assert typed(page) == "第一次"
    page.context.add_cookies([{"name": "done", "value": key, "url": ROOT}])
    page.reload()
    assert typed(page) == ""
    assert page.locator('#visit input[name="client_key"]').input_value() != key
    assert not [c for c in page.context.cookies() if c["name"] == "done"]


def test_two_clicks_send_once_with_the_key(kit: Callable[..., Kit]) -> None:
    shown = kit()
    page = open_form(shown)
    page.locator("#f-note").fill("一次")
    page.locator("#f-temp").fill("36.5")
    page.evaluate("const f = document.getElementById('visit'); f.action = '/save'; f.noValidate = true")
    page.evaluate("const b = document.querySelector('#visit button.primary'); b.click(); b.click()")
    page.wait_for_url("**/save")
    assert len(shown.sent) == 1
    assert "client_key" in shown.sent[0][1]


def test_without_a_network_nothing_is_lost_and_the_page_says_so(kit: Callable[..., Kit]) -> None:
    shown = kit()
    page = open_form(shown)
    page.locator("#f-note").fill("楼道里没有信号")
    page.context.set_offline(True)
    page.wait_for_selector("[data-offline]:not([hidden])")
    page.evaluate("document.getElementById('visit').noValidate = true")
    page.locator("#visit button.primary").first.click()
    assert shown.sent == []
    page.context.set_offline(False)
    page.reload()
    assert typed(page) == "楼道里没有信号"


def test_drafts_of_another_person_and_old_ones_are_not_kept(kit: Callable[..., Kit]) -> None:
    page = open_form(kit())
    write(page, "林晓岚写的")
    mine = page.evaluate("Object.keys(localStorage).find(k => k.startsWith('draft:u1:'))")
    fresh = {"at": page.evaluate("Date.now()"), "key": "", "values": {}}
    page.evaluate("d => localStorage.setItem('draft:u2:/gallery#visit', d)", json.dumps(fresh))
    page.evaluate("d => localStorage.setItem('draft:u1:/old#visit', d)", json.dumps({**fresh, "at": 1000}))
    page.reload()
    assert page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('draft:'))") == [mine]


def test_signing_out_leaves_nothing_behind(kit: Callable[..., Kit]) -> None:
    page = open_form(kit())
    write(page, "不该留下")
    page.locator("details.post summary").click()
    page.get_by_text("退出登录").click()
    page.wait_for_load_state()
    assert page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('draft:'))") == []


def test_a_password_is_never_kept(kit: Callable[..., Kit]) -> None:
    shown = kit()
    shown.pages["auth"] = shown.pages["auth"].replace('id="sign-in"', 'id="sign-in" data-draft="sign-in"', 1)
    page = shown.open("auth")
    page.locator("#f-login").fill("lin")
    page.locator("#f-password").fill("secret-word")
    page.wait_for_timeout(DRAFT_MS)
    kept = page.evaluate("JSON.stringify(localStorage)")
    assert "lin" in kept and "secret-word" not in kept


def test_a_masked_value_asks_why_and_posts_the_reason(kit: Callable[..., Kit]) -> None:
    shown = kit()
    page = shown.open("gallery")
    page.locator("a.reveal").first.click()
    dialog = page.locator("dialog#reason")
    assert dialog.is_visible() and "查看公民身份号码" in dialog.inner_text()
    dialog.locator("#reason-kind-1").check()
    dialog.locator("#reason-text").fill("核对")
    dialog.get_by_role("button", name="查看").click()
    page.wait_for_timeout(200)
    assert "reason_kind=visit" in shown.sent[0][1] and "reason=%E6%A0%B8" in shown.sent[0][1]


def test_a_question_comes_first_and_no_means_no(kit: Callable[..., Kit]) -> None:
    shown = kit()
    page = shown.open("desk")
    page.locator('input[name="chosen"]').first.check()
    page.get_by_role("button", name="导出", exact=True).click()
    assert "确定导出" in page.locator("dialog#ask").inner_text()
    page.locator("dialog#ask [data-close]").click()
    assert shown.sent == []
    page.get_by_role("button", name="导出", exact=True).click()
    page.locator("dialog#ask [data-yes]").click()
    page.wait_for_timeout(300)
    assert len(shown.sent) == 1 and "chosen=0" in shown.sent[0][1]


def test_the_slash_finds_and_theme_changes_at_once(kit: Callable[..., Kit]) -> None:
    page = kit().open("desk")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator('[data-look] button[name="theme"]').click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
    assert [c["value"] for c in page.context.cookies() if c["name"] == "theme"] == ["dark"]


def test_a_refused_part_says_so_and_a_toast_goes(kit: Callable[..., Kit]) -> None:
    shown = kit()
    page = shown.open("desk")
    shown.answers["/desk"] = (500, "x", {})
    page.get_by_text("再看后面的").click()
    page.get_by_text("服务器没有接受").wait_for()
    page.locator(".toast button").click()
    assert page.locator(".toast").count() == 0


def test_without_script_all_still_works(kit: Callable[..., Kit]) -> None:
    shown = kit(PHONE, java_script_enabled=False)
    page = shown.open("desk")
    assert page.locator("#people-bulk").is_visible()
    assert page.locator("[data-chooser]").is_hidden()
    page.get_by_text("全部", exact=True).last.click()
    assert page.locator("#menu").is_visible() and page.get_by_text("通知与动员").is_visible()
    page.locator(".side-close").click()
    assert page.locator("#menu").is_hidden()
    page.locator('input[name="chosen"]').first.check()
    page.goto(f"{ROOT}/person")
    page.locator(".ask summary").first.click()
    assert page.locator("#f-contact").is_visible()
