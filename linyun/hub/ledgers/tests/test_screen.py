"""What the pages are handed: groups, states, heads, rows, cursors, choices."""

from datetime import date, datetime

import pytest

from linyun.hub.ledgers import exports, fill, period, screen, services
from linyun.hub.ledgers.cells import cells_of
from linyun.hub.ledgers.layout import Heading
from linyun.hub.ledgers.plans import plan
from linyun.hub.ledgers.register import in_force, ready
from linyun.hub.ledgers.sources import PERSON
from linyun.hub.ledgers.tests.conftest import TODAY
from linyun.hub.tags.vocabulary import vocabulary
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Column, Kind, Ledger
from linyun.kernel.rule import Vocabulary
from tests.characters import HERE

WORDS = Vocabulary.of(catalogue)


def line(code: str, today: date = TODAY) -> screen.Line:
    (found,) = screen.listed([catalogue.ledgers[code]], HERE, today)
    return found


def test_a_line_says_how_many_how_often_and_when(as_worker, neighbourhood):
    with as_worker():
        found = line("lone_elders")
    assert (found.name, found.count, found.period, found.due) == ("独居老人名册", 1, "每年", "每季末月25日前")
    assert found.state is None


def test_a_statistic_has_no_number_of_rows(as_worker, areas):
    with as_worker():
        assert line("population_table").count is None


def test_an_audited_ledger_soon_due_says_so_until_it_is_closed(as_worker, areas, monkeypatch):
    near = date(2027, 1, 10)
    monkeypatch.setattr(clock, "today", lambda: near)
    monkeypatch.setattr(clock, "now", lambda: datetime(2027, 1, 10, tzinfo=clock.ZONE))
    with as_worker():
        before = line("population_table", near).state
        services.close("population_table", HERE, "2026")
        after = line("population_table", near).state
    assert (before.kind, before.label) == ("warn", "1 月 15 日前要交")
    assert (after.kind, after.label) == ("ok", "已封账到 2026")


def test_a_closing_of_an_older_period_does_not_quiet_the_warning(as_worker, areas, monkeypatch):
    near = date(2027, 1, 10)
    monkeypatch.setattr(clock, "today", lambda: near)
    with as_worker():
        services.close("population_table", HERE, "2025")
        assert line("population_table", near).state.kind == "warn"


def test_what_need_not_be_audited_is_never_pressed(as_worker, areas):
    quiet = next(x for x in catalogue.ledgers.values() if not x.audited and x.due.startswith("每年1月15日"))
    with as_worker():
        (found,) = screen.listed([quiet], HERE, date(2027, 1, 10))
    assert found.state is None


def test_groups_are_tabs_with_how_many_ledgers_each_holds(as_worker, areas):
    with as_worker():
        tabs = screen.tabs_of(in_force(), "公共服务")
    assert sum(int(t.badge) for t in tabs) == len(catalogue.ledgers)
    assert [t.label for t in tabs if t.active] == ["公共服务"]


def test_the_head_is_given_row_by_row():
    headings = (
        Heading("序号", "seq", Kind.INTEGER),
        Heading("姓名", "a", Kind.TEXT, ("联系人",)),
        Heading("电话", "b", Kind.PHONE, ("联系人",)),
    )
    assert screen.heads_of(headings) == [[("序号", 1, 2), ("联系人", 2, 1)], [("姓名", 1, 1), ("电话", 1, 1)]]


def test_cells_lead_to_their_origin_numbers_and_row_names_do_not(as_worker, neighbourhood, filled):
    with as_worker():
        (row,) = screen.rows_of(filled("lone_elders"))
        first = screen.rows_of(filled("elder_table", "2026-Q4"))[0]
    assert row.cells[0] == (1, "")
    assert row.cells[1] == ("周桂芳", f"/desk/ledgers/lone_elders/cells/{neighbourhood.zhou.pk}/1")
    assert first.cells[0] == ("60-64岁", "")
    assert first.cells[1][1] == "/desk/ledgers/elder_table/cells/0/1?period=2026-Q4"


def test_unknown_values_are_a_dash_on_screen(as_worker, neighbourhood, filled):
    with as_worker():
        (row,) = screen.rows_of(filled("lone_elders"))
    assert row.cells[-1][0] == "—"


def made(**others):
    return plan(Ledger("trial", "试填", "组", "person", (Column("姓名", "name"),), **others), WORDS)


def test_a_cursor_brings_back_the_position_for_the_same_ledger_order_and_period():
    one, november = made(sort=("-age", "name")), period.parse("2026-11", "month", TODAY)
    address = screen.next_address(one, november, [50, 78, "zgf", TODAY])
    assert address.startswith("?period=2026-11&after=")
    cursor = address.split("after=")[1]
    assert screen.position(cursor, one, november) == [50, 78, "zgf", TODAY]


def test_a_cursor_hides_whom_it_names():
    address = screen.next_address(made(), period.CURRENT, [50, "周桂芳"])
    assert "周桂芳" not in address
    assert address.startswith("?after=")


@pytest.mark.parametrize("other", [{"sort": ("age",)}, {"sort": ()}])
def test_a_cursor_of_another_order_is_the_first_page(other):
    cursor = screen.next_address(made(sort=("name",)), period.CURRENT, [50, "a"]).split("after=")[1]
    assert screen.position(cursor, made(**other), period.CURRENT) is None


@pytest.mark.parametrize("cursor", ["", "x", "AAAA", "\x00'\"<("])
def test_nonsense_is_the_first_page(cursor):
    assert screen.position(cursor, made(), period.CURRENT) is None


def test_the_last_page_leads_nowhere():
    assert screen.next_address(made(), period.CURRENT, None) == ""


def test_columns_to_choose_stand_in_groups_with_the_usual_ones_first():
    cells = cells_of(PERSON, WORDS)
    groups = {i.code: i.group for i in catalogue.items_of(PERSON.subject)}
    choices = screen.choices_of(cells, groups)
    offered = [code for _, options in choices for code, _ in options]
    assert choices[0][0] == "常用"
    assert ("address", "住址") in choices[0][1]
    assert sorted(offered) == sorted(cells)
    assert "身份" in [group for group, _ in choices]


def test_a_preview_shows_no_more_rows_than_asked(as_worker, neighbourhood, filled):
    with as_worker():
        found = filled("residents")
    rows = screen.frozen_rows(found.headings, found.data, 2)
    assert len(rows) == 2
    assert all(where == "" for row in rows for _, where in row.cells)


def test_the_last_five_exports_of_this_ledger_are_shown_newest_first(as_worker, neighbourhood):
    with as_worker():
        exports.export("residents", HERE, form="csv")
        for form in ("csv", "xlsx", "csv", "csv", "xlsx", "csv"):
            exports.export("lone_elders", HERE, form=form)
        shown = screen.exports_of("lone_elders")
    assert [a.detail["form"] for a in shown] == ["csv", "xlsx", "csv", "csv", "xlsx"]
    assert {a.detail["ledger"] for a in shown} == {"lone_elders"}


def test_the_first_page_on_screen_is_numbered_and_the_next_counts_on(as_worker, neighbourhood):
    with as_worker():
        found = ready("residents")
        words = vocabulary()
        _, after = fill.fill_page(found.plan, HERE, period.CURRENT, TODAY, words, None, 2)
        second, end = fill.fill_page(found.plan, HERE, period.CURRENT, TODAY, words, after, 2)
    assert after[0] == 2
    assert list(second.data[0]) == [3]
    assert end is None
