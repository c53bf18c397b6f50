"""Rosters of every style, committee and size: the planted errors and no others, each in the cell that the list names."""

import csv
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import pytest

from linyun.kernel import seeds
from linyun.kernel.synth.messy.expected import Expected
from linyun.kernel.synth.messy.faults import ROW_FAULTS
from linyun.kernel.synth.messy.layouts import LAYOUTS
from linyun.kernel.synth.messy.roster import STYLES, write_roster
from linyun.kernel.synth.names import WELL_KNOWN
from linyun.kernel.synth.tests.street import STREET, TODAY, known
from linyun.kernel.values import addresses, dates, identity, phones
from linyun.kernel.values.codes import matcher
from linyun.kernel.values.names import parse as parse_name

SETS = {s.code: s for s in seeds.load_code_sets(Path(__file__).parents[5] / "seeds")}
CODED = {
    "sex": "sex",
    "ethnicity": "ethnicity",
    "education": "education",
    "marital_status": "marital_status",
    "political_status": "political_status",
    "relation": "relation_to_head",
}
EACH = pytest.mark.parametrize("style", list(LAYOUTS))
SOME = pytest.mark.parametrize("committee", [STREET[2], STREET[13]], ids=lambda c: c.name)


@dataclass(frozen=True)
class Sheet:
    """A written roster: what is expected, and the rows as somebody else's reader gives them."""

    expected: Expected
    rows: dict[tuple[str, int], list[Any]]

    def cell(self, style: str, place: tuple[str, int], key: str) -> Any:
        """A cell by its key, "" where the style has no such column."""
        keys = [k for k, _, _ in LAYOUTS[style].columns]
        row = self.rows[place]
        return row[keys.index(key)] if key in keys and keys.index(key) < len(row) else ""


@cache
def made(style: str, committee: str, errors: int = 14, seed: int = 5, rows: int = 120) -> Sheet:
    """A roster, read back. Text files are read as the csv module does."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"roster{LAYOUTS[style].extension}"
        expected = write_roster(known(), committee, path, style, errors, seed, rows)
        return Sheet(expected, read(path))


def read(path: Path) -> dict[tuple[str, int], list[Any]]:
    """(sheet, row) → cells."""
    if path.suffix == ".csv":
        with path.open(encoding="gb18030", newline="") as lines:
            return {(path.stem, n): [c or None for c in row] for n, row in enumerate(csv.reader(lines), 1)}
    book = openpyxl.load_workbook(path)
    return {
        (s.title, n): list(row)
        for s in book.worksheets
        for n, row in enumerate(s.iter_rows(values_only=True, max_row=400), 1)
    }


def complaints(sheet: Sheet, style: str, place: tuple[str, int]) -> set[str]:
    """The columns of a row that the house's own parsers refuse."""
    found = set()
    number = identity.parse(sheet.cell(style, place, "identity_number"), today=TODAY)
    born = identity.birth_date(str(number.value or ""))
    readings = {
        "identity_number": number,
        "phone": phones.parse(sheet.cell(style, place, "phone")),
        "birth_date": dates.parse(sheet.cell(style, place, "birth_date"), dates.Bounds(latest=TODAY, hint=born)),
        "name": parse_name(sheet.cell(style, place, "name")),
        "address": addresses.parse(sheet.cell(style, place, "address")),
    }
    for key, code_set in CODED.items():
        readings[key] = matcher(SETS[code_set]).match(sheet.cell(style, place, key))
    for key, reading in readings.items():
        if reading.problem:
            found.add(key)
    return found


@EACH
@SOME
def test_exactly_the_planted_cells_are_wrong(style: str, committee: Any) -> None:
    """An accident in the writing would be counted against the importer, and a planted error that is none for it."""
    sheet = made(style, committee.code)
    headers = {header: key for key, header, _ in LAYOUTS[style].columns}
    planted: dict[tuple[str, int], set[str]] = {}
    for refusal in sheet.expected.refusals:
        if refusal.reason != "ambiguous":
            planted.setdefault((refusal.sheet, refusal.row), set()).add(headers[refusal.header])
    for outcome in sheet.expected.outcomes:
        place = (outcome.sheet, outcome.row)
        assert complaints(sheet, style, place) == planted.get(place, set()), sheet.rows[place]


@EACH
@SOME
def test_every_data_row_of_the_file_is_expected_to_do_something(style: str, committee: Any) -> None:
    sheet = made(style, committee.code)
    told = {(o.sheet, o.row) for o in sheet.expected.outcomes}
    numbered = {
        p for p in sheet.rows if p[0] != "填写说明" and len(str(sheet.cell(style, p, "identity_number") or "")) >= 8
    }
    heads = {p for p in numbered if sheet.cell(style, p, "name") in (None, "") or "填" in str(sheet.rows[p])}
    assert numbered - heads <= told
    assert len(told) == len(sheet.expected.outcomes)
    assert len(numbered - heads) > 0.8 * len(told)


@EACH
@SOME
def test_errors_are_as_many_as_asked_and_of_every_kind(style: str, committee: Any) -> None:
    counts = Counter(r.reason for r in made(style, committee.code).expected.refusals)
    assert counts.total() == 14
    assert set(ROW_FAULTS) <= set(counts)
    assert max(counts.values()) - min(counts.values()) <= 1


@EACH
@pytest.mark.parametrize("errors", [0, 1, 7])
def test_any_number_of_errors_can_be_planted(style: str, errors: int) -> None:
    sheet = made(style, STREET[7].code, errors=errors, rows=90)
    assert len(sheet.expected.refusals) == errors
    counts = sheet.expected.counts
    assert counts["rows"] == sum(v for k, v in counts.items() if k != "rows")


@EACH
@pytest.mark.parametrize("rows", [1, 2, 3, 8])
def test_a_roster_of_a_few_rows_can_be_written(style: str, rows: int) -> None:
    expected = made(style, STREET[13].code, errors=0, rows=rows).expected
    assert rows <= len(expected.outcomes) <= rows + 8
    assert expected.refusals == ()


@pytest.mark.parametrize("rows", [1, 2, 8])
def test_a_list_of_a_few_visits_can_be_written(tmp_path: Path, rows: int) -> None:
    expected = write_roster(known(), STREET[13].code, tmp_path / "v.xlsx", "visits", 0, 1, rows=rows)
    assert expected.count("created") == rows
    assert expected.count("unchanged") == min(rows, 2)


@EACH
def test_the_same_person_is_written_for_created_rows_only_once(style: str) -> None:
    sheet = made(style, STREET[13].code)
    created = [o for o in sheet.expected.outcomes if o.outcome == "created"]
    numbers = [identity.parse(sheet.cell(style, (o.sheet, o.row), "identity_number")).value for o in created]
    assert len(set(numbers)) == len(numbers) > 10
    assert {o.name for o in created} & WELL_KNOWN == set()


@EACH
def test_members_of_a_new_household_share_an_empty_home(style: str) -> None:
    sheet = made(style, STREET[13].code)
    flats = known().dwellings
    empty = {key for key, vacant in flats.select("address_key", "vacant").rows() if vacant}
    addressed = 0
    for outcome in sheet.expected.outcomes:
        cell = sheet.cell(style, (outcome.sheet, outcome.row), "address")
        if outcome.outcome != "created" or not cell:
            continue
        read_address = addresses.parse(cell).value
        assert read_address is not None
        key = read_address.key if read_address.place_key else "公交新村" + read_address.key
        assert key in empty
        addressed += 1
    assert addressed > 5


@EACH
def test_another_seed_writes_other_rows_with_the_same_promises(style: str) -> None:
    one, other = (made(style, STREET[13].code, seed=seed) for seed in (5, 6))
    assert [o.name for o in one.expected.outcomes] != [o.name for o in other.expected.outcomes]
    assert len(other.expected.refusals) == 14
    for outcome in other.expected.outcomes:
        place = (outcome.sheet, outcome.row)
        wrong = {(r.sheet, r.row) for r in other.expected.refusals}
        assert place in wrong or complaints(other, style, place) == set()


def test_each_style_is_known_by_its_name() -> None:
    assert set(STYLES) == {*LAYOUTS, "visits"}
    assert len(STYLES) == len(LAYOUTS) + 1
