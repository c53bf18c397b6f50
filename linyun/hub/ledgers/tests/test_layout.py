"""The merged head, the widths, the lines: what makes a ledger look like the one from the office."""

from hypothesis import given
from hypothesis import strategies as st

from linyun.hub.ledgers.layout import (
    PAPER,
    WIDEST,
    HeadCell,
    Heading,
    breadth,
    depth,
    head_cells,
    lines_needed,
    spans,
    widths,
)
from linyun.kernel.declare import Kind


def heading(path: str, *, width: int = 0, kind: Kind = Kind.TEXT) -> Heading:
    *head, name = path.split(" > ")
    return Heading(name, name, kind, tuple(head), width)


def heads(*paths: str) -> list[Heading]:
    return [heading(p) for p in paths]


def test_a_flat_head_is_one_row_of_single_cells():
    assert depth(heads("序号", "姓名")) == 1
    assert head_cells(heads("序号", "姓名")) == [HeadCell(0, 0, 1, 1, "序号"), HeadCell(0, 1, 1, 1, "姓名")]


def test_neighbours_under_one_upper_cell_share_it_and_single_columns_reach_down():
    cells = head_cells(heads("序号", "联系人 > 姓名", "联系人 > 电话", "备注"))
    assert cells == [
        HeadCell(0, 0, 2, 1, "序号"),
        HeadCell(0, 1, 1, 2, "联系人"),
        HeadCell(0, 3, 2, 1, "备注"),
        HeadCell(1, 1, 1, 1, "姓名"),
        HeadCell(1, 2, 1, 1, "电话"),
    ]


def test_three_levels_merge_level_by_level():
    cells = head_cells(heads("户籍人口 > 60岁以上 > 男", "户籍人口 > 60岁以上 > 女", "户籍人口 > 合计"))
    assert HeadCell(0, 0, 1, 3, "户籍人口") in cells
    assert HeadCell(1, 0, 1, 2, "60岁以上") in cells
    assert HeadCell(1, 2, 2, 1, "合计") in cells
    assert HeadCell(2, 0, 1, 1, "男") in cells
    assert HeadCell(2, 1, 1, 1, "女") in cells


def test_equal_upper_cells_apart_from_each_other_stay_apart():
    cells = head_cells(heads("人数 > 男", "户数", "人数 > 女"))
    assert [c for c in cells if c.text == "人数"] == [HeadCell(0, 0, 1, 1, "人数"), HeadCell(0, 2, 1, 1, "人数")]


def test_equal_lower_groups_under_different_upper_cells_stay_apart():
    cells = head_cells(heads("户籍 > 老人 > 男", "来沪 > 老人 > 男"))
    assert [c.column for c in cells if c.text == "老人"] == [0, 1]


NAMES = st.sampled_from(["男", "女", "合计", "人数"])
PATHS = st.lists(st.lists(NAMES, min_size=1, max_size=3).map(tuple), min_size=1, max_size=8)


@given(PATHS)
def test_every_place_of_the_head_is_covered_once(paths):
    headings = [Heading(p[-1], "x", Kind.TEXT, p[:-1]) for p in paths]
    covered = [
        (row, column)
        for cell in head_cells(headings)
        for row in range(cell.row, cell.row + cell.rows)
        for column in range(cell.column, cell.column + cell.columns)
    ]
    assert sorted(covered) == [(r, c) for r in range(depth(headings)) for c in range(len(headings))]


@given(PATHS)
def test_the_lowest_cell_over_a_column_is_its_own_name(paths):
    headings = [Heading(p[-1], "x", Kind.TEXT, p[:-1]) for p in paths]
    deep = depth(headings)
    lowest = {c.column: c.text for c in head_cells(headings) if c.row + c.rows == deep}
    assert lowest == {n: p[-1] for n, p in enumerate(paths)}


def test_a_one_line_header_names_the_whole_path():
    assert heading("户籍人口 > 男").full_name == "户籍人口 · 男"
    assert heading("姓名").full_name == "姓名"


def test_a_chinese_character_is_as_broad_as_two_letters_and_the_longest_line_counts():
    assert breadth("姓名") == 4
    assert breadth("A4") == 2
    assert breadth("第一行\n二") == 6


def test_columns_fit_their_contents_and_narrow_tables_fill_the_paper():
    data = [["1", "2"], ["四平路国康路二十一弄三号一百零一室", "短"]]
    found = widths(heads("序号", "住址"), data)
    assert sum(found) >= PAPER - len(found)
    assert found[1] > 2 * found[0]


def test_a_stated_width_is_kept_in_a_table_that_fills_the_paper():
    headings = [heading("序号"), heading("住址", width=28), *(heading(f"列{n}", width=20) for n in range(4))]
    assert widths(headings, [[]] * 6)[1] == 28


def test_one_very_long_value_does_not_make_a_column_endless():
    found = widths(heads(*(f"列{n}" for n in range(15))), [["很长" * 400], *([["短"]] * 14)])
    assert found[0] == WIDEST


@given(st.lists(st.integers(4, 40), min_size=3, max_size=30), st.lists(st.text(max_size=40), min_size=1, max_size=3))
def test_the_parts_of_the_line_below_the_title_lie_side_by_side_over_all_columns(found, texts):
    parts = spans(found, texts)
    assert len(parts) == len(texts)
    assert parts[0][0] == 0
    assert parts[-1][1] == len(found) - 1
    for (first, last), (following, _) in zip(parts, parts[1:], strict=False):
        assert first <= last
        assert following == last + 1


def test_a_broad_text_gets_more_columns_than_a_short_one():
    (left, right) = spans([10] * 10, ["填报单位：四平路街道公交新村居民委员会", "单位：人"])
    assert left[1] - left[0] > right[1] - right[0]


def test_only_texts_that_do_not_fit_need_more_lines():
    assert lines_needed(["短", None, 12, "四平路国康路二十一弄三号"], 12) == {3: 2}


def test_written_line_breaks_count_as_lines():
    assert lines_needed(["第一行\n第二行\n第三行"], 30) == {0: 3}


@given(st.lists(st.one_of(st.none(), st.text(max_size=60)), max_size=20), st.integers(6, 40))
def test_no_row_gets_fewer_lines_than_its_text_is_broad(values, width):
    needed = lines_needed(values, width)
    for n, value in enumerate(values):
        if isinstance(value, str) and value:
            assert needed.get(n, 1) * width >= breadth(value)
