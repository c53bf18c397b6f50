"""The desk without a mouse, and for those who have it read aloud."""

from collections.abc import Callable
from pathlib import Path

import axe_core_python
import pytest

from tests.journeys.conftest import Walker

pytestmark = pytest.mark.journey

AXE = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
ZHOU = "/desk/people/01906b00-0000-7000-8000-000000000001"
PAGES = (
    "/desk", "/desk/people", "/desk/find?q=zgf", ZHOU, f"{ZHOU}/visit", f"{ZHOU}/tags", f"{ZHOU}/operations",
    f"{ZHOU}/operations/move_in", f"{ZHOU}/operations/split", f"{ZHOU}/looks", f"{ZHOU}/items/phone",
    f"{ZHOU}/items/phone/correct", f"{ZHOU}/items/phone/full", "/desk/buildings", "/desk/visits", "/desk/visits/bring",
    "/desk/notes",
)  # fmt: skip
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
        lin.page.evaluate(AXE)
        result = lin.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        found += [
            f"{path}: {v['id']} {v['nodes'][0]['html'][:160]}"
            for v in result["violations"]
            if v["impact"] in ("serious", "critical")
        ]
        wide = lin.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            found.append(f"{path}: {wide} px wider than the screen")
    assert found == []
    assert lin.broken == []
