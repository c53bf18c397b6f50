"""The desk without a mouse, and for those who have it read aloud."""

from collections.abc import Callable

import pytest

from tests.journeys import eyes
from tests.journeys.conftest import Walker

pytestmark = pytest.mark.journey

ZHOU = "/desk/people/01906b00-0000-7000-8000-000000000001"
PAGES = (
    "/desk", "/desk/people", "/desk/find?q=zgf", ZHOU, f"{ZHOU}/visit", f"{ZHOU}/tags", f"{ZHOU}/operations",
    f"{ZHOU}/operations/move_in", f"{ZHOU}/operations/split", f"{ZHOU}/looks", f"{ZHOU}/items/phone",
    f"{ZHOU}/items/phone/correct", f"{ZHOU}/items/phone/full", "/desk/buildings", "/desk/visits", "/desk/visits/bring",
    "/desk/notes",
)  # fmt: skip
RULE = "年龄 >= 70 且 标签 = 独居老人 且 最近走访 > 30天前"
MORE = (
    "/desk/find", "/desk/find?q=qqqqq", f"{ZHOU}/operations/death", f"{ZHOU}/operations/move_out", "/desk/visits?state=late",
    "/desk/items", "/desk/items?q=电话", "/desk/items/new", "/desk/disagreements", "/desk/tags", "/desk/tags/tag?code=age_0_3",
    "/desk/crowds", f"/desk/crowds?rule={RULE}", "/desk/crowds?rule=年龄 >= 90&as=zh", "/desk/crowds/export?rule=年龄 >= 90",
    "/desk/imports", "/desk/ledgers", "/desk/ledgers/new", "/desk/ledgers/new/blank", "/desk/ledgers/elder_80",
    "/desk/ledgers/honours", "/desk/ledgers/honours/entries/new", "/desk/ledgers/elder_80/close", "/account/password",
    "/account/post", "/account/sessions", "/account/second-factor",
)  # fmt: skip
"""The other pages: looked at by the quicker checks."""
CHIEFS = ("/desk", "/desk/people", "/desk/buildings", "/desk/visits", "/desk/notes", ZHOU, f"{ZHOU}/visit")
LEADING = (
    ("/desk/buildings", ".buildings a"),
    (ZHOU, "aside a[href*='/dwellings/']"),
    (ZHOU, "aside a[href*='/households/']"),
)


def test_the_list_by_keyboard(walk: Callable[..., Walker]) -> None:
    lin = walk("lin")
    page = lin.page
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.type("zgf")
    page.wait_for_selector(".suggest a")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{lin.house}{ZHOU}")

    lin.go("/desk/people")
    page.locator("#people tbody tr").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    assert page.inner_text("#people [data-count]") == "1"
    second = page.locator("#people tbody tr").nth(1).get_attribute("data-href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{lin.house}{second}")
    assert lin.broken == []


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "pc"])
def test_pages_can_be_read_by_everybody(walk: Callable[..., Walker], phone: bool) -> None:
    """No serious or critical violation of WCAG on any page, and nothing wider than the screen."""
    lin = walk("lin", phone=phone)
    paths = list(PAGES)
    for at, link in LEADING:
        lin.go(at)
        paths.append(lin.page.locator(link).first.get_attribute("href") or "")
    found: list[str] = []
    for path in paths:
        assert lin.go(path) == 200, path
        found += [f"{path}: {wrong}" for check in (eyes.read_aloud, eyes.fits) for wrong in check(lin.page)]
    assert found == []
    assert lin.broken == []


QUICK = (eyes.headed, eyes.fits, eyes.named, eyes.apart, eyes.by_keyboard)


@pytest.mark.parametrize(
    ("who", "phone", "paths"),
    [("lin", True, PAGES + MORE), ("lin", False, MORE), ("louzu", True, CHIEFS)],
    ids=["phone", "pc", "chief"],
)
def test_every_page_fits_and_is_worked_by_thumb_and_key(
    walk: Callable[..., Walker], who: str, phone: bool, paths: tuple[str, ...]
) -> None:
    """One heading, nothing off the screen, every field with its label, room for a thumb, the focus always seen."""
    worker = walk(who, phone=phone)
    found: list[str] = []
    for path in paths:
        assert worker.go(path) == 200, path
        checks = (*QUICK, eyes.thumbs) if phone else QUICK
        found += [f"{path}: {wrong}" for check in checks for wrong in check(worker.page)]
    assert found == []
    assert worker.broken == [], "the browser has nothing to complain of"


PLANTED = {
    eyes.headed: "<h1>又一个</h1>",
    eyes.fits: '<p class="broad">宽</p>',
    eyes.named: '<input type="text">',
    eyes.apart: '<ul><li><a class="tight" href="#a">一</a></li><li><a class="tight" href="#b">二</a></li></ul>',
    eyes.thumbs: '<button class="btn primary tight">小</button>',
    eyes.by_keyboard: '<a class="bare" href="#c">看不见焦点</a>',
    eyes.read_aloud: '<p class="pale">看不清</p>',
}
UGLY = """.broad { width: 3000px } .tight { display: block; height: 16px; min-height: 0; line-height: 16px; padding: 0 }
          .bare:focus { outline: none !important } .pale { color: #ccc; background: #ddd }"""


def test_the_eyes_see_what_is_wrong(walk: Callable[..., Walker]) -> None:
    """Each check finds nothing on a page that is right, and what is planted in it."""
    page = walk().page
    for check, wrong in PLANTED.items():
        html = f"<!doctype html><html lang=zh><title>页</title><style>:focus-visible {{ outline: 2px solid }} {UGLY}</style>"
        page.set_content(f"{html}<main><h1>页</h1><a href='#x'>一个链接</a></main>")
        assert check(page) == [], check.__name__
        page.set_content(f"{html}<main><h1>页</h1>{wrong}</main>")
        assert len(check(page)) >= 1, check.__name__
