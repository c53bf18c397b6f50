"""A closing comes back as it was, whatever changes later, and says how it differs from now."""

import json
import zlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linyun.hub.ledgers.closing import CellChange, Damaged, Difference, Frozen, difference, freeze, thaw
from linyun.hub.ledgers.layout import Heading
from linyun.kernel.declare import Kind
from linyun.kernel.values.seal import Sealer

SEQ = Heading("序号", "seq", Kind.INTEGER)
NAME = Heading("姓名", "name", Kind.TEXT)
AGE = Heading("年龄", "age", Kind.INTEGER, unit="岁")
BORN = Heading("出生日期", "birth_date", Kind.DATE)
NUMBER = Heading("证件号码", "identity_number", Kind.IDENTITY)
PHONE = Heading("电话", "emergency_phone", Kind.PHONE, ("紧急联系人",))
SEALER = Sealer({1: b"k" * 32})
ONE, TWO = "310110194803059982", "310110195001019992"


def kept(rows, headings=(SEQ, NAME, AGE), refs=None) -> Frozen:
    data = tuple(list(c) for c in zip(*rows, strict=True)) if rows else tuple([] for _ in headings)
    return Frozen("独居老人名册", ("填报单位：公交新村居委会", "2026年", "填报人：林晓岚"), ("共 2 条",), tuple(headings), data,
                  tuple(refs if refs is not None else [f"r{n}" for n in range(len(rows))]))  # fmt: skip


TWO_PEOPLE = [(1, "周桂芳", 78), (2, "陈阿宝", 91)]


def test_it_comes_back_as_it_was():
    body, digest = freeze(kept(TWO_PEOPLE))
    back = thaw(body, digest)
    assert [list(c) for c in back.data] == [[1, 2], ["周桂芳", "陈阿宝"], [78, 91]]
    assert (back.title, back.lines, back.foot) == (kept([]).title, kept([]).lines, kept([]).foot)
    assert back.headings == (SEQ, NAME, AGE)
    assert back.refs == ("r0", "r1")


def test_days_come_back_as_days_and_texts_in_a_column_of_days_as_texts():
    body, digest = freeze(kept([(date(1948, 3, 5),), ("不详",), (None,), ("1948-03",)], (BORN,)))
    assert list(thaw(body, digest).data[0]) == [date(1948, 3, 5), "不详", None, "1948-03"]


def test_the_head_with_its_upper_cells_widths_and_units_comes_back():
    wide = Heading("住址", "address", Kind.TEXT, ("现住",), 28)
    body, digest = freeze(kept([], (PHONE, AGE, wide)))
    assert thaw(body, digest).headings == (PHONE, AGE, wide)


def test_the_same_contents_have_the_same_body_and_digest():
    assert freeze(kept(TWO_PEOPLE)) == freeze(kept(TWO_PEOPLE))
    assert freeze(kept(TWO_PEOPLE))[1] != freeze(kept(TWO_PEOPLE[:1]))[1]


def test_anyone_can_check_the_digest_over_the_plain_text():
    body, digest = freeze(kept(TWO_PEOPLE))
    text = zlib.decompress(body)
    assert json.loads(text)["data"][1] == ["周桂芳", "陈阿宝"]
    assert len(digest) == 64


@pytest.mark.parametrize("spoil", [lambda b: b[:-3], lambda b: b"", lambda b: zlib.compress(b"{}")])
def test_a_body_that_was_changed_is_found(spoil):
    body, digest = freeze(kept(TWO_PEOPLE))
    with pytest.raises(Damaged):
        thaw(spoil(body), digest)


def test_identity_numbers_stay_sealed_until_they_are_worded():
    token = SEALER.seal(ONE)
    body, digest = freeze(kept([(token,), (None,)], (NUMBER,)))
    assert ONE.encode() not in zlib.decompress(body)
    back = thaw(body, digest)
    assert back.shown(lambda sealed: SEALER.open(sealed)) == ([ONE, None],)
    assert back.shown(lambda sealed: "***") == (["***", None],)


VALUES = st.one_of(st.none(), st.integers(-(2**40), 2**40), st.text(max_size=12), st.dates(date(1900, 1, 1)))
TABLES = st.lists(st.tuples(VALUES, VALUES), max_size=12)


@given(TABLES)
def test_whatever_is_closed_comes_back_equal(rows):
    frozen = kept(rows, (NAME, BORN))
    body, digest = freeze(frozen)
    back = thaw(body, digest)
    assert freeze(back) == (body, digest)
    assert difference(frozen, back).is_empty
    assert [len(c) for c in back.data] == [len(rows)] * 2


def test_nothing_differs_from_itself():
    assert difference(kept(TWO_PEOPLE), kept(TWO_PEOPLE)) == Difference()


def test_who_came_and_who_went_are_named():
    now = kept([(1, "陈阿宝", 91), (2, "沈美琴", 88)], refs=["r1", "r9"])
    found = difference(kept(TWO_PEOPLE), now)
    assert found.removed == (("r0", "周桂芳"),)
    assert found.added == (("r9", "沈美琴"),)
    assert found.changed == ()


def test_changed_cells_are_told_with_old_and_new_and_the_rows_number_does_not_count():
    now = kept([(2, "周桂芳", 79), (1, "陈阿宝", 91)])
    (row,) = difference(kept(TWO_PEOPLE), now).changed
    assert (row.ref, row.label) == ("r0", "周桂芳")
    assert row.cells == (CellChange("年龄", 78, 79),)


def test_a_row_is_known_by_its_reference_not_by_its_place():
    now = kept([(1, "陈阿宝", 91), (2, "周桂芳", 78)], refs=["r1", "r0"])
    assert difference(kept(TWO_PEOPLE), now).is_empty


def test_a_reference_that_stands_twice_is_counted_through():
    twice = kept([("上门",), ("电话",)], (NAME,), refs=["v", "v"])
    once = kept([("上门",)], (NAME,), refs=["v"])
    assert difference(twice, once).removed == (("v", "电话"),)
    assert difference(once, twice).added == (("v", "电话"),)


def test_the_same_number_sealed_again_is_no_change_and_a_new_one_is_told_without_digits():
    then = kept([("周桂芳", SEALER.seal(ONE))], (NAME, NUMBER), refs=["a"])
    again = kept([("周桂芳", SEALER.seal(ONE))], (NAME, NUMBER), refs=["a"])
    other = kept([("周桂芳", SEALER.seal(TWO))], (NAME, NUMBER), refs=["a"])
    assert difference(then, again).is_empty
    (change,) = difference(then, other).changed[0].cells
    assert change == CellChange("证件号码", "原号码", "新号码")


def test_columns_that_came_and_went_are_told_and_the_rest_is_compared():
    then = kept([("周桂芳", 78)], (NAME, AGE), refs=["a"])
    now = kept([("周桂方", date(1948, 3, 5))], (NAME, BORN), refs=["a"])
    found = difference(then, now)
    assert (found.columns_added, found.columns_removed) == (("出生日期",), ("年龄",))
    assert found.changed[0].cells == (CellChange("姓名", "周桂芳", "周桂方"),)


def test_statistics_without_references_are_compared_line_by_line_and_named_by_their_line():
    rows = Heading("年龄段", "row_name", Kind.TEXT)
    count = Heading("合计", "rule:", Kind.INTEGER)
    then = kept([("60-69岁", 12), ("70-79岁", 8)], (rows, count), refs=[])
    now = kept([("60-69岁", 12), ("70-79岁", 9)], (rows, count), refs=[])
    (row,) = difference(then, now).changed
    assert (row.label, row.cells) == ("70-79岁", (CellChange("合计", 8, 9),))


def test_a_row_without_a_name_is_told_by_its_number():
    then = kept([(1, None)], (SEQ, NAME), refs=["a"])
    assert difference(then, kept([], (SEQ, NAME), refs=[])).removed == (("a", "第 1 行"),)


@given(TABLES, TABLES)
def test_the_way_back_is_the_same_difference_turned_round(one, other):
    a, b = kept(one, (NAME, BORN)), kept(other, (NAME, BORN))
    there, back = difference(a, b), difference(b, a)
    assert [ref for ref, _ in there.added] == [ref for ref, _ in back.removed]
    assert [ref for ref, _ in there.removed] == [ref for ref, _ in back.added]
    turned = [[CellChange(c.column, c.new, c.old) for c in row.cells] for row in there.changed]
    assert turned == [list(row.cells) for row in back.changed]
