"""林老师 at her PC on a Friday: the ledgers are filled, each cell says whence, files are made, a new one is ready."""

import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.journeys.conftest import Walker

pytestmark = pytest.mark.journey


def test_a_cell_opens_beside_the_ledger_and_closes_again(walk: Callable[..., Walker]) -> None:
    lin = walk("lin")
    page = lin.page
    lin.go("/desk/ledgers/residents")
    address = page.url
    page.click("#ledger-rows tr:nth-child(2) td:nth-child(3) a")
    drawer = page.locator("dialog.origin")
    drawer.wait_for()
    assert "这一格从哪里来" in drawer.inner_text()
    assert page.locator("#ledger-rows tr").count() == 50
    assert page.url == address, "the reader is still at the ledger"
    page.click("#ledger-rows tr:nth-child(1) td:nth-child(3) a")
    page.wait_for_timeout(500)
    assert drawer.count() == 1, "the next origin takes the place of the last"
    drawer.locator("button").click()
    assert not drawer.is_visible()
    assert lin.broken == []


def test_the_next_rows_are_appended_and_their_cells_open_too(walk: Callable[..., Walker]) -> None:
    lin = walk("lin")
    page = lin.page
    lin.go("/desk/ledgers/residents")
    page.click("#ledger-more a")
    page.locator("#ledger-rows tr:nth-child(100)").wait_for()
    assert page.inner_text("#ledger-rows tr:nth-child(100) td:nth-child(1)") == "100"
    page.click("#ledger-rows tr:nth-child(100) td:nth-child(3) a")
    page.locator("dialog.origin").wait_for()
    assert lin.broken == []


def test_the_head_stays_while_the_rows_move(walk: Callable[..., Walker]) -> None:
    lin = walk("lin")
    lin.go("/desk/ledgers/residents")
    top = "document.querySelector('.ruled thead').getBoundingClientRect().top"
    before = lin.page.evaluate(top)
    lin.page.evaluate("document.querySelector('.ruled-wrap').scrollTop = 600")
    assert lin.page.evaluate("document.querySelector('.ruled-wrap').scrollTop") == 600
    assert abs(lin.page.evaluate(top) - before) < 2


def test_a_ledger_is_downloaded_as_excel_opens_it(walk: Callable[..., Walker], tmp_path: Path) -> None:
    lin = walk("lin")
    page = lin.page
    lin.go("/desk/ledgers/lone_elders")
    rows = int(re.search(r"共 (\d+) 条", page.inner_text("main"))[1])  # type: ignore[index]
    page.click("[data-open=export]")
    page.fill("#export [name=reason]", "月度核对")
    with page.expect_download() as waiting:
        page.click("#export button.primary")
    waiting.value.save_as(tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert waiting.value.suggested_filename.startswith("独居老人名册_四平路街道公交新村居委会")
    assert sheet["A1"].value == "独居老人名册"
    assert sheet.cell(4 + rows, 1).value == rows
    page.reload()
    assert f"{rows} 条" in page.inner_text("aside.stack-y")


def test_all_ledgers_wait_for_a_colleague(walk: Callable[..., Walker]) -> None:
    lin = walk("lin")
    lin.go("/desk/ledgers")
    lin.page.click("[data-open=export-all]")
    lin.page.fill("#export-all [name=reason]", "年终归档")
    lin.page.click("#export-all button[value=zip]")
    lin.page.wait_for_url("**/desk/departures")
    said = lin.page.inner_text("main")
    assert "全部台账" in said and "年终归档" in said and "请同一居委会的另一位工作人员" in said


def test_a_ledger_is_made_looked_at_and_kept(walk: Callable[..., Walker]) -> None:
    lin = walk("lin")
    page = lin.page
    lin.go("/desk/ledgers/new")
    page.fill("[name=name]", "八十五岁以上女性")
    page.fill("[name=rule]", "年龄 >= 85 且 性别 = 女")
    page.fill("[name=columns]", "序号\n姓名\n老人 > 年龄 = 年龄\n老人 > 住址 = 住址")
    page.check("[name=chosen][value=last_visit]")
    page.click("button[value=preview]")
    page.wait_for_selector("text=先看前 10 条")
    assert "最近走访" in page.input_value("[name=columns]")
    page.click("button[value=save]")
    page.wait_for_url(re.compile("/desk/ledgers/own_"))
    assert page.inner_text(".official-title") == "八十五岁以上女性"
    ages = page.locator("#ledger-rows td:nth-child(3)").all_inner_texts()
    assert ages and all(int(a) >= 85 for a in ages)
    assert lin.broken == []


def test_a_closed_month_says_how_it_differs(walk: Callable[..., Walker]) -> None:
    lin = walk("lin")
    page = lin.page
    lin.go("/desk/ledgers/residents/close")
    page.click("main button.primary")
    page.wait_for_url(re.compile("/desk/ledgers/closings/"))
    assert "和现在完全一致" in page.inner_text("main")
    assert lin.broken == []


def test_on_the_phone_nothing_sticks_out(walk: Callable[..., Walker]) -> None:
    lin = walk("lin", phone=True)
    for path in ("", "/lone_elders", "/population_table", "/new", "/new/blank", "/lone_elders/close"):
        lin.go(f"/desk/ledgers{path}")
        assert lin.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
    assert lin.broken == []
