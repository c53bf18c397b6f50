"""Pages as the layouts say: titles, heads, one line a person, totals below."""

import pytest

from linyun.kernel.synth.messy.expected import Expected, Outcome, Refusal, ordered
from linyun.kernel.synth.messy.faults import Line
from linyun.kernel.synth.messy.layouts import LAYOUTS, lay_out
from linyun.kernel.synth.messy.people import Entry, Household


def lines(names: str, address: str) -> list[Line]:
    """A household of people with one-letter names."""
    home = Household(address, "", [])
    return [
        Line(home, Entry(name, {}, "02", True, "unchanged"), {"name": name, "address": address}, "unchanged")
        for name in names
    ]


GROUPS = [lines("甲乙", "1号101室"), lines("丙", "1号102室"), lines("丁戊己", "1号103室")]


@pytest.mark.parametrize("style", LAYOUTS)
def test_every_line_stands_where_the_places_say(style: str) -> None:
    layout = LAYOUTS[style]
    pages, places = lay_out(layout, "公交新村居委会", GROUPS)
    by_name = {page.name: page for page in pages}
    column = next(i for i, (key, _, _) in enumerate(layout.columns) if key == "name")
    for group in GROUPS:
        for line in group:
            sheet, row = places[id(line)]
            assert by_name[sheet].cells[row, column] == line.entry.name
    assert len(set(places.values())) == 6


@pytest.mark.parametrize("style", LAYOUTS)
def test_titles_stand_above_and_totals_below(style: str) -> None:
    pages, places = lay_out(LAYOUTS[style], "公交新村居委会", GROUPS)
    for page in pages:
        rows = [row for sheet, row in places.values() if sheet == page.name]
        assert str(page.cells[0, 0]).startswith("公交新村居委会居民花名册")
        below = [str(v) for (row, _), v in page.cells.items() if row > max(rows)]
        assert any(f"{len(rows)}人" in text for text in below)
        assert any("填表人" in text for text in below)


def addresses(style: str) -> list[object]:
    """The address cells of the six lines, in order."""
    layout = LAYOUTS[style]
    pages, places = lay_out(layout, "公交新村居委会", GROUPS)
    column = next(i for i, (key, _, _) in enumerate(layout.columns) if key == "address")
    by_name = {page.name: page for page in pages}
    return [by_name[places[id(line)][0]].cells.get((places[id(line)][1], column)) for g in GROUPS for line in g]


def test_addresses_stand_in_each_row_or_only_with_the_head() -> None:
    once = ["1号101室", None, "1号102室", "1号103室", None, None]
    assert addresses("plain") == ["1号101室", "1号101室", "1号102室", "1号103室", "1号103室", "1号103室"]
    assert addresses("head_rows") == once
    assert addresses("merged") == once


def test_merged_addresses_cover_their_household() -> None:
    pages, places = lay_out(LAYOUTS["merged"], "公交新村居委会", GROUPS)
    _, first = places[id(GROUPS[0][0])]
    _, third = places[id(GROUPS[2][0])]
    assert (first, 1, first + 1, 1) in pages[0].merges
    assert (third, 1, third + 2, 1) in pages[0].merges


def test_upper_heads_spread_over_their_columns() -> None:
    pages, _ = lay_out(LAYOUTS["merged"], "公交新村居委会", GROUPS)
    page = pages[0]
    assert page.cells[2, 2] == "家庭成员情况"
    assert (2, 2, 2, 6) in page.merges
    assert page.cells[2, 7] == "联系方式"
    assert page.cells[3, 7] == "手机"
    assert not any(m[:2] == (2, 7) for m in page.merges)


def test_two_sheets_share_the_households() -> None:
    pages, places = lay_out(LAYOUTS["head_rows"], "公交新村居委会", GROUPS)
    assert [page.name for page in pages] == ["一网格", "二网格"]
    assert [places[id(group[0])][0] for group in GROUPS] == ["一网格", "一网格", "二网格"]


def test_counts_follow_from_the_outcomes() -> None:
    kinds = ("created", "created", "updated", "unchanged", "conflicts", "refused")
    outcomes = tuple(Outcome("名册", row, "甲", kind) for row, kind in enumerate(kinds, 4))
    expected = Expected("a.xlsx", "plain", "310110009016", outcomes, ())
    assert expected.counts == {
        "rows": 6,
        "created": 2,
        "updated": 1,
        "unchanged": 1,
        "conflicts": 1,
        "refused": 1,
    }


def test_refusals_are_listed_in_the_order_of_the_file() -> None:
    made = [Refusal("b", 3, "A", "", "", "phone", "cell"), Refusal("a", 9, "B", "", "", "phone", "cell"),
            Refusal("a", 9, "A", "", "", "phone", "cell"), Refusal("a", 2, "C", "", "", "phone", "cell")]  # fmt: skip
    assert [(r.sheet, r.row, r.column) for r in ordered(made)] == [
        ("a", 2, "C"),
        ("a", 9, "A"),
        ("a", 9, "B"),
        ("b", 3, "A"),
    ]
