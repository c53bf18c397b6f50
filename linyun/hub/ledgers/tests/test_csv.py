"""Plain files that Excel opens without spoiling a number or running a formula."""

import csv as reader
import io
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linyun.hub.ledgers import csv
from linyun.hub.ledgers.layout import Heading
from linyun.kernel.declare import Kind


def head(*names: str) -> list[Heading]:
    return [Heading(n, n, Kind.TEXT) for n in names]


def written(headings, data) -> bytes:
    target = io.BytesIO()
    csv.write(headings, data, target)
    return target.getvalue()


def read(content: bytes) -> list[list[str]]:
    return list(reader.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_excel_sees_the_encoding_and_windows_line_ends():
    content = written(head("姓名"), [["周桂芳"]])
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.endswith("周桂芳\r\n".encode())


def test_the_merged_head_becomes_one_line():
    headings = [Heading("男", "m", Kind.INTEGER, ("户籍人口", "60岁以上")), Heading("序号", "seq", Kind.INTEGER)]
    assert read(written(headings, [[3], [1]])) == [["户籍人口 · 60岁以上 · 男", "序号"], ["3", "1"]]


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+8613900000000", "'+8613900000000"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("普通文字", "普通文字"),
        ("a=b", "a=b"),
    ],
)
def test_a_text_never_becomes_a_formula(value, cell):
    assert read(written(head("备注"), [[value]]))[1] == [cell]


@pytest.mark.parametrize("number", ["310110194803059994", "31011019480305999X", "02165980000", "123456789012"])
def test_a_number_that_excel_would_round_or_cut_is_kept_a_text(number):
    (cell,) = read(written(head("证件号码"), [[number]]))[1]
    assert cell == number + "\t"
    assert cell.strip() == number


@pytest.mark.parametrize("text", ["19900123456", "310***********9994", "101", "8"])
def test_what_excel_shows_rightly_is_left_alone(text):
    assert read(written(head("电话"), [[text]]))[1] == [text]


def test_values_are_worded_as_people_read_them():
    data = [[date(1948, 3, 5)], [datetime(2026, 11, 2, 1, 30, tzinfo=UTC)], [True], [None], [12], [2.5], [False]]
    assert read(written(head(*"abcdefg"), data))[1] == ["1948-03-05", "2026-11-02 09:30", "是", "", "12", "2.5", "否"]


def test_commas_quotes_and_line_breaks_stay_inside_their_cell():
    assert read(written(head("a", "b"), [['说"好"，行'], ["第一行\n第二行"]]))[1] == ['说"好"，行', "第一行\n第二行"]


@given(
    st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), min_size=1), min_size=1, max_size=20)
)
def test_whatever_is_written_is_read_back_but_for_the_marks_that_protect_it(values):
    rows = read(written(head("备注"), [values]))[1:]
    assert [r[0].removeprefix("'").removesuffix("\t") for r in rows] == [
        v.removeprefix("'").removesuffix("\t") for v in values
    ]
