"""Takes the handbook's pictures from a running demonstration: `.venv/bin/python docs/handbook/pictures.py [ADDRESS]`."""

import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

FOLDER = Path(__file__).parent / "pictures"
PERSON = "01906b00-0000-7000-8000-000000000001"
RULE = "年龄 >= 70 且 标签 = 独居老人 且 最近走访 > 30天前"
PC, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
PICTURES = (
    ("today", PC, "/desk"),
    ("find", PC, "/desk/find?q=zgf"),
    ("person", PHONE, f"/desk/people/{PERSON}"),
    ("visit", PHONE, f"/desk/people/{PERSON}/visit"),
    ("import", PC, "/desk/imports"),
    ("crowd", PC, f"/desk/crowds?rule={RULE}"),
    ("ledger", PC, "/desk/ledgers/elder_80"),
)


def sign_in(page: Page, address: str) -> None:
    """As 林晓岚 of the demonstration."""
    page.goto(f"{address}/account/login?next=/desk")
    page.fill("input[name=username]", "lin")
    page.fill("input[name=password]", "Gongjiao-016")
    page.click("form button[type=submit]")
    page.wait_for_load_state()


def main(address: str = "http://127.0.0.1:8000") -> None:
    """Take all of them."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
        )
        for name, size, path in PICTURES:
            page = browser.new_context(viewport=size, locale="zh-CN").new_page()  # type: ignore[arg-type]
            sign_in(page, address)
            page.goto(address + path)
            page.screenshot(path=FOLDER / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
