"""Wrong input in every form: said in words beside its field, the eye and the keyboard led there, nothing typed is lost."""

from collections.abc import Callable

import pytest

from tests.journeys.conftest import Walker

pytestmark = pytest.mark.journey

ZHOU = "/desk/people/01906b00-0000-7000-8000-000000000001"
FORMS = (
    # where, what is typed by field, which field is at fault, what is said
    (f"{ZHOU}/visit", {"situation": "看望了一下", "visited_on": "2099-01-01"}, "visited_on", "走访日期不能晚于今天"),
    (f"{ZHOU}/visit", {"situation": "留了新号码", "phone": "1990012"}, "phone", ""),
    (
        f"{ZHOU}/operations/move_in",
        {"address": "公交新村999号1室", "reason": "本人来告知"},
        "address",
        "没有登记过这套房屋",
    ),
    (f"{ZHOU}/operations/move_out", {"reason": "户口簿", "on": "2099-01-01"}, "on", "日期不能晚于今天"),
    (f"{ZHOU}/items/phone/correct", {"phone": "12", "ground": "本人说的"}, "phone", ""),
    ("/desk/notes", {"text": " ", "due_on": "2026-12-01"}, "text", "请写下要记的事"),
    ("/desk/imports", {"as_of": "2026-01-05"}, "file", "请先选一个文件"),
    ("/desk/visits/bring", {"pasted": "没有列名的一行字"}, "file", ""),
    ("/desk/ledgers/new", {"name": "试一本", "rule": "年铃 >= 80", "columns": "姓名"}, "rule", "条件第 1 个字起"),
    ("/desk/ledgers/new", {"name": "试一本", "columns": "姓明"}, "columns", "是不是“姓名”"),
    ("/desk/items/new", {"name": "家中养犬", "purpose": "提前告知", "fresh_days": "很久"}, "fresh_days", "请写整数"),
    ("/account/password", {"old": "Gongjiao-016", "new": "abc", "again": "abd"}, "again", "两次输入的新密码不一样"),
)
SECRET = ("old", "new", "again")
"""Passwords are the one thing that is not given back."""

LED = """(field) => {
  const at = document.activeElement, error = document.getElementById(`f-${field}-error`);
  const led = at.id === `f-${field}` || at.closest(`#f-${field}`) || at.querySelector(`a[href="#f-${field}"]`);
  return [error ? error.innerText : '', Boolean(led)];
}"""


def test_what_is_wrong_is_said_where_it_is_and_nothing_is_lost(walk: Callable[..., Walker]) -> None:
    lin = walk("lin")
    page, found = lin.page, []
    for path, typed, fault, sentence in FORMS:
        lin.go(path)
        page.evaluate("for (const form of document.forms) form.noValidate = true")
        page.evaluate("for (const folded of document.querySelectorAll('main details')) folded.open = true")
        for field, value in typed.items():
            page.fill(f"main [name={field}]", value)
        with page.expect_navigation():
            page.locator(f"main form:has([name={next(iter(typed))}]) button:not([type=button])").last.click()
        said, led = page.evaluate(LED, fault)
        if not said or sentence not in said:
            found.append(f"{path}: beside {fault} stands {said!r}")
        if not led:
            found.append(f"{path}: nobody is led to {fault}")
        found += [
            f"{path}: {field} is lost"
            for field, value in typed.items()
            if field not in SECRET and page.input_value(f"main [name={field}]").strip() != value.strip()
        ]
    assert found == []


def test_a_rule_that_cannot_be_read_is_underlined_and_stays(walk: Callable[..., Walker]) -> None:
    lin = walk("lin")
    lin.go("/desk/crowds?as=zh")
    lin.page.fill("textarea[name=rule]", "年铃 >= 80")
    lin.page.click("text=圈出来")
    lin.page.wait_for_selector(".refused mark")
    assert lin.page.inner_text(".refused mark") == "年铃"
    assert lin.page.input_value("textarea[name=rule]") == "年铃 >= 80"
    assert "改为" in lin.page.inner_text(".refused a"), "what was perhaps meant is one click away"
