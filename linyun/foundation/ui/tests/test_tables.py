"""Tables: cells, links, sorting from an allow-list, bulk actions with their proof, next pages."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from jinja2 import UndefinedError
from markupsafe import Markup

from linyun.foundation.ui.paging import Page
from linyun.foundation.ui.parts import Chip, Empty
from linyun.foundation.ui.tables import BulkAction, Column, Sort, Table, parse_sort, value_of
from linyun.foundation.ui.tests.kit import HOSTILE, draw

COLUMNS = [
    Column("name", "姓名", sortable=True),
    Column("age", "年龄", sortable=True, numeric=True),
    Column("tags", "标签", kind="chips"),
    Column("note", "备注", hidden=True),
]
ROW = {"id": 7, "name": "周桂芳", "age": 77, "tags": ["独居老人", Chip("长护", "ok")], "note": None}


def table(**changed: Any) -> Table:
    given: dict[str, Any] = {"id": "people", "columns": COLUMNS, "rows": [ROW], "noun": "人", **changed}
    return Table(**given)


def drawn(t: Table, csrf: str = "PROOF") -> str:
    return draw("{{ tables.table(t, csrf) }}", t=t, csrf=csrf)


def test_cells_are_worded_and_labelled_for_the_phone() -> None:
    html = drawn(table())
    assert 'data-label="姓名"' in html and "周桂芳" in html
    assert 'class="chip ok"' in html and "独居老人" in html
    assert re.search(r'data-col="note"[^>]*hidden', html)


def test_hostile_values_are_escaped_unless_the_page_made_markup_itself() -> None:
    row = {**ROW, "name": HOSTILE, "tags": [HOSTILE], "note": Markup("<b>ours</b>")}
    html = drawn(table(rows=[row]))
    assert "<script" not in html
    assert "<b>ours</b>" in html


def test_a_long_text_wraps_and_others_stand_in_one_line() -> None:
    """Else a sentence of two hundred characters leaves the first column one character wide."""
    columns = (Column("name", "姓名"), Column("why", "用途", kind="long"))
    drawn = Table("t", columns, [{"id": 1, "name": "周", "why": "核对" * 90}]).drawn("选择")
    assert 'data-col="why" data-label="用途" class="start long"' in drawn
    assert 'data-col="name" data-label="姓名" class="start lead"' in drawn


def test_a_row_leads_to_its_page() -> None:
    html = drawn(table(href=lambda r: f"/desk/people/{r['id']}"))
    assert '<a href="/desk/people/7">周桂芳</a>' in html
    assert 'data-href="/desk/people/7"' in html


def test_without_rows_the_first_step_is_shown_instead_of_a_bare_head() -> None:
    html = drawn(table(rows=[], empty=Empty("没有符合条件的人", "请放宽条件。")))
    assert "<table" not in html and "没有符合条件的人" in html


def test_rows_may_be_objects_or_mappings() -> None:
    assert value_of(SimpleNamespace(name="周"), "name") == value_of({"name": "周"}, "name") == "周"


def test_custom_cells_are_drawn_by_the_page() -> None:
    t = table(columns=[Column("name", "姓名"), Column("age", "年龄", kind="custom")])
    html = draw("{% call(row, c) tables.table(t) %}[{{ row.name }}:{{ c.key }}]{% endcall %}", t=t)
    assert "[周桂芳:age]" in html


def test_selecting_needs_actions_and_names_the_row() -> None:
    assert 'name="chosen"' not in drawn(table())
    html = drawn(table(actions=[BulkAction("导出", "/export", ask="确定吗？")]))
    assert 'name="chosen" value="7" form="people-bulk" aria-label="选择 周桂芳"' in html
    assert 'formaction="/export"' in html and 'data-ask="确定吗？"' in html
    assert "PROOF" in html


def test_actions_without_the_proof_fail_while_the_page_is_written() -> None:
    with pytest.raises(UndefinedError, match="csrf_input"):
        drawn(table(actions=[BulkAction("导出", "/export")]), csrf="")


def test_everything_can_be_chosen_only_when_there_is_more_and_carries_the_filter() -> None:
    actions = [BulkAction("导出", "/export")]
    html = drawn(
        table(actions=actions, rows=Page([ROW], "c", 1284), query={"tag": "独居", "after": "x", "sort": "-age"})
    )
    assert 'name="everything"' in html and "全部 1,284 人" in html
    assert 'name="filter" value="tag=%E7%8B%AC%E5%B1%85"' in html
    assert 'name="everything"' not in drawn(table(actions=actions))


@pytest.mark.parametrize(
    ("asked", "got"),
    [
        ("age", Sort("age")),
        ("-age", Sort("age", True)),
        ("tags", Sort("name")),
        ("password", Sort("name")),
        ("--age", Sort("name")),
        ("", Sort("name")),
        ("age; drop table", Sort("name")),
    ],
)
def test_only_columns_that_may_be_sorted_are(asked: str, got: Sort) -> None:
    assert parse_sort(asked, COLUMNS, Sort("name")) == got


def test_a_head_turns_the_order_round_and_says_which_it_is() -> None:
    t = table(sort=Sort("age", True), query=[("tag", "a"), ("tag", "b")])
    assert t.sort_url(COLUMNS[1]) == "?tag=a&tag=b&sort=age"
    assert t.sort_url(COLUMNS[0]) == "?tag=a&tag=b&sort=name"
    assert 'aria-sort="descending"' in drawn(t)


def test_the_next_page_keeps_filter_and_order_and_joins_the_table() -> None:
    t = table(rows=Page([ROW], "CURSOR", None), sort=Sort("age", True), query={"tag": "a", "after": "old"})
    assert t.next_url == "?tag=a&sort=-age&after=CURSOR"
    html = drawn(t)
    assert 'href="?tag=a&amp;sort=-age&amp;after=CURSOR"' in html  # works without script
    assert 'hx-target="#people-rows"' in html and 'id="people-rows"' in html
    assert "再看后面的" not in drawn(table(rows=Page([ROW], None, 1)))


def test_the_count_is_left_out_when_nobody_counted() -> None:
    assert 'class="count"' not in drawn(table(rows=Page([ROW], None, None)))
    assert table(rows=Page([ROW], None, None)).total is None
