"""The workbook of visits: one sheet a month, rows that create a visit each, and planted errors."""

from collections import Counter
from typing import Any

import openpyxl
import polars as pl
import pytest

from linyun.kernel.synth.cast import HOME_COMMITTEE
from linyun.kernel.synth.messy.expected import Expected
from linyun.kernel.synth.messy.roster import write_roster
from linyun.kernel.synth.messy.visits import HEADERS
from linyun.kernel.synth.tests.street import TODAY, known
from linyun.kernel.values import addresses, dates

ERRORS = 9


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Expected, Any]:
    """The expectations and the workbook."""
    path = tmp_path_factory.mktemp("visits") / "visits.xlsx"
    expected = write_roster(known(), HOME_COMMITTEE, path, "visits", ERRORS, 5, rows=160)
    return expected, openpyxl.load_workbook(path)


def row_of(book: Any, sheet: str, row: int) -> list[Any]:
    """The five cells of a row."""
    return [cell.value for cell in book[sheet][row]][:5]


def test_one_sheet_a_month_with_title_and_head(written: tuple[Expected, Any]) -> None:
    _, book = written
    assert book.sheetnames == ["7月", "8月", "9月", "10月", "11月"]
    for sheet in book.worksheets:
        assert sheet["A1"].value == f"公交新村居委会2026年{sheet.title}走访记录"
        assert row_of(book, sheet.title, 2) == list(HEADERS)


def test_rows_and_outcomes_add_up(written: tuple[Expected, Any]) -> None:
    expected, _ = written
    assert expected.counts == {
        "rows": 162,
        "created": 151,
        "updated": 0,
        "unchanged": 2,
        "conflicts": 0,
        "refused": ERRORS,
    }
    assert Counter(r.reason for r in expected.refusals).keys() == {
        "visit_date",
        "visit_mode",
        "unknown_person",
        "ambiguous",
    }


def test_every_outcome_and_refusal_points_to_its_row(written: tuple[Expected, Any]) -> None:
    expected, book = written
    for outcome in expected.outcomes:
        assert row_of(book, outcome.sheet, outcome.row)[1] == outcome.name
    for refusal in expected.refusals:
        column = "ABCDE".index(refusal.column)
        assert row_of(book, refusal.sheet, refusal.row)[column] == refusal.value
        assert HEADERS[column] == refusal.header


def test_dates_lie_in_the_month_of_their_sheet(written: tuple[Expected, Any]) -> None:
    expected, book = written
    wrong = {(r.sheet, r.row) for r in expected.refusals if r.reason == "visit_date"}
    for outcome in expected.outcomes:
        text = row_of(book, outcome.sheet, outcome.row)[0]
        whole = text if text[:2] == "20" else f"2026年{text}"
        read = dates.parse(whole)
        assert (read.problem is not None) == ((outcome.sheet, outcome.row) in wrong)
        if read.value:
            assert f"{read.value.month}月" == outcome.sheet
            assert read.value < TODAY


def test_people_can_be_told_by_name_and_address(written: tuple[Expected, Any]) -> None:
    expected, book = written
    world = known()
    homes = world.residences.filter(pl.col("kind") == "actual").join(
        world.dwellings.select("id", "address_key"), left_on="dwelling_id", right_on="id"
    )
    people = world.persons.filter(pl.col("area").str.starts_with(HOME_COMMITTEE)).join(
        homes, left_on="id", right_on="person_id"
    )
    living = Counter(people.select("name", "address_key").rows())
    for outcome in expected.outcomes:
        if outcome.outcome != "refused":
            _, name, address, _, _ = row_of(book, outcome.sheet, outcome.row)
            read = addresses.parse(address).value
            assert read is not None
            assert living[name, read.key] == 1


def test_refused_names_are_unknown_or_borne_by_several(written: tuple[Expected, Any]) -> None:
    expected, book = written
    names = Counter(known().persons.filter(pl.col("area").str.starts_with(HOME_COMMITTEE))["name"])
    for refusal in expected.refusals:
        if refusal.reason == "unknown_person":
            assert names[refusal.value] == 0
        if refusal.reason == "ambiguous":
            assert names[refusal.value] > 1
            assert row_of(book, refusal.sheet, refusal.row)[2] is None


def test_a_visit_that_stands_twice_counts_once(written: tuple[Expected, Any]) -> None:
    expected, book = written
    rows = {(o.sheet, o.row): (o.sheet, *row_of(book, o.sheet, o.row)) for o in expected.outcomes}
    counted = Counter(rows.values())
    for outcome in expected.outcomes:
        if outcome.outcome == "unchanged":
            same = [place for place, cells in rows.items() if cells == rows[outcome.sheet, outcome.row]]
            assert len(same) == 2
            assert max(same, key=lambda place: place[1]) == (outcome.sheet, outcome.row)
    assert sum(n > 1 for n in counted.values()) == 2
