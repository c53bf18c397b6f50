"""Rosters hold what they say they hold, and the list of expectations is right to the cell."""

import csv
import io
import json
import random
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from linyun.kernel.synth.cast import CANARY_STRINGS, HOME_COMMITTEE
from linyun.kernel.synth.messy.expected import REASONS, Expected, Refusal
from linyun.kernel.synth.messy.faults import CELL_FAULTS, ROW_FAULTS, plant, reasons, spell
from linyun.kernel.synth.messy.layouts import LAYOUTS
from linyun.kernel.synth.messy.people import look_up, newcomers
from linyun.kernel.synth.messy.roster import STYLES, write_roster
from linyun.kernel.synth.regions import ROSTER_REGION
from linyun.kernel.synth.tests.street import STREET, TODAY, known
from linyun.kernel.synth.world import generate
from linyun.kernel.values import dates, identity, phones
from linyun.kernel.values.names import parse as parse_name

ERRORS = 16
ROSTERS = tuple(LAYOUTS)
Grid = dict[str, list[list[Any]]]


def read(path: Path) -> Grid:
    """Sheets with rows of cells, read by somebody else's reader."""
    if path.suffix == ".csv":
        rows = list(csv.reader(io.StringIO(path.read_bytes().decode("gb18030"), newline="")))
        return {path.stem: [[cell or None for cell in row] for row in rows]}
    book = openpyxl.load_workbook(path)
    return {s.title: [list(r) for r in s.iter_rows(values_only=True, max_row=1000)] for s in book.worksheets}


class Made:
    """A roster of a style with what is expected of it and what stands in the file."""

    def __init__(self, style: str, folder: Path, errors: int = ERRORS) -> None:
        self.path = folder / f"{style}{LAYOUTS[style].extension}"
        self.layout = LAYOUTS[style]
        self.expected: Expected = write_roster(known(), HOME_COMMITTEE, self.path, style, errors, 3)
        self.grid = read(self.path)

    def cell(self, sheet: str, row: int, key: str) -> Any:
        """The cell of a column in a row counted from 1."""
        number = next(i for i, (k, _, _) in enumerate(self.layout.columns) if k == key)
        return self.grid[sheet][row - 1][number]

    def number(self, sheet: str, row: int) -> str:
        """The identity number of a row as the house reads it, "" when there is none or it is wrong."""
        return str(identity.parse(self.cell(sheet, row, "identity_number"), today=TODAY).value or "")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Made]:
    """One roster of each style."""
    folder = tmp_path_factory.mktemp("rosters")
    return {style: Made(style, folder) for style in ROSTERS}


@pytest.fixture(scope="module")
def register() -> dict[str, dict[str, Any]]:
    """The committee's people by identity number."""
    people = known().persons.filter(pl.col("area").str.starts_with(HOME_COMMITTEE))
    return {row["identity_number"]: row for row in people.iter_rows(named=True)}


@pytest.mark.parametrize("style", ROSTERS)
def test_exactly_as_many_errors_as_asked_are_planted(made: dict[str, Made], style: str) -> None:
    refusals = made[style].expected.refusals
    assert len(refusals) == ERRORS
    assert {r.reason for r in refusals} <= set(REASONS)
    assert len({(r.sheet, r.row) for r in refusals}) == ERRORS


@pytest.mark.parametrize("style", ROSTERS)
def test_rows_and_outcomes_add_up(made: dict[str, Made], style: str) -> None:
    counts = made[style].expected.counts
    assert counts["rows"] == sum(counts[k] for k in ("created", "updated", "unchanged", "conflicts", "refused"))
    assert 290 <= counts["rows"] <= 320
    assert counts["refused"] == sum(r.scope == "row" for r in made[style].expected.refusals)
    assert counts["conflicts"] == 2
    assert min(counts.values()) > 0


@pytest.mark.parametrize("style", ROSTERS)
def test_every_outcome_points_to_the_row_of_that_person(made: dict[str, Made], style: str) -> None:
    roster = made[style]
    places = [(o.sheet, o.row) for o in roster.expected.outcomes]
    assert len(set(places)) == len(places)
    for outcome in roster.expected.outcomes:
        assert parse_name(roster.cell(outcome.sheet, outcome.row, "name")).value == outcome.name


@pytest.mark.parametrize("style", ROSTERS)
def test_every_refusal_points_to_the_cell_that_is_wrong(made: dict[str, Made], style: str) -> None:
    roster = made[style]
    headers = {header: key for key, header, _ in roster.layout.columns}
    for refusal in roster.expected.refusals:
        value = roster.cell(refusal.sheet, refusal.row, headers[refusal.header])
        assert str(float(value) if isinstance(value, int) else value) == refusal.value
        assert is_wrong(refusal, value)


def is_wrong(refusal: Refusal, value: Any) -> bool:
    """Whether the house's own parsers refuse the cell."""
    if refusal.reason in ROW_FAULTS:
        return identity.parse(value, today=TODAY).problem is not None
    if refusal.reason == "birth_date":
        return dates.parse(value).problem is not None
    if refusal.reason == "phone":
        return phones.parse(value).problem is not None
    return refusal.reason in ("unknown_word", "ambiguous")


@pytest.mark.parametrize("style", ROSTERS)
def test_nothing_else_is_wrong(made: dict[str, Made], style: str) -> None:
    roster = made[style]
    planted = {(r.sheet, r.row): r.reason for r in roster.expected.refusals}
    for outcome in roster.expected.outcomes:
        reason = planted.get((outcome.sheet, outcome.row), "")
        number = identity.parse(roster.cell(outcome.sheet, outcome.row, "identity_number"), today=TODAY)
        assert (number.problem is not None) == (reason in ROW_FAULTS)
        phone = phones.parse(roster.cell(outcome.sheet, outcome.row, "phone"))
        assert (phone.problem is not None) == (reason == "phone")


@pytest.mark.parametrize("style", ROSTERS)
def test_created_rows_hold_people_whom_the_register_does_not(
    made: dict[str, Made], register: dict[str, dict[str, Any]], style: str
) -> None:
    roster = made[style]
    for outcome in roster.expected.outcomes:
        if outcome.outcome == "created":
            number = roster.number(outcome.sheet, outcome.row)
            assert number.startswith(ROSTER_REGION)
            assert number not in register


@pytest.mark.parametrize("style", ROSTERS)
def test_unchanged_rows_say_what_the_register_says(
    made: dict[str, Made], register: dict[str, dict[str, Any]], style: str
) -> None:
    roster = made[style]
    wrong = {(r.sheet, r.row) for r in roster.expected.refusals}
    compared = 0
    for outcome in roster.expected.outcomes:
        number = roster.number(outcome.sheet, outcome.row)
        if outcome.outcome != "unchanged" or (outcome.sheet, outcome.row) in wrong or not number:
            continue
        held = register[number]
        said = phones.parse(roster.cell(outcome.sheet, outcome.row, "phone")).value
        assert said == ((held["phone"],) if held["phone"] else None)
        assert roster.cell(outcome.sheet, outcome.row, "remark") is None
        compared += 1
    assert compared > 100


@pytest.mark.parametrize("style", ROSTERS)
def test_updated_rows_change_the_phone_and_nothing_else(
    made: dict[str, Made], register: dict[str, dict[str, Any]], style: str
) -> None:
    roster = made[style]
    updated = [o for o in roster.expected.outcomes if o.outcome == "updated"]
    doubled = 0
    for outcome in updated:
        ((item, (old, new)),) = outcome.changes.items()
        held = register[roster.number(outcome.sheet, outcome.row)]["phone"]
        said = phones.parse(roster.cell(outcome.sheet, outcome.row, "phone")).value
        assert (item, old) == ("phone", held or "")
        assert said is not None
        assert "; ".join(said) == new != old
        doubled += len(said) == 2
    assert doubled > 0


@pytest.mark.parametrize("style", ROSTERS)
def test_two_repeated_rows_say_the_same_and_two_do_not(made: dict[str, Made], style: str) -> None:
    roster = made[style]
    seen: dict[str, list[tuple[str, Any]]] = {}
    for outcome in roster.expected.outcomes:
        number = roster.number(outcome.sheet, outcome.row)
        if number:
            phone = phones.parse(roster.cell(outcome.sheet, outcome.row, "phone")).value
            seen.setdefault(number, []).append((outcome.outcome, phone))
    twice = [rows for rows in seen.values() if len(rows) > 1]
    assert Counter(rows[1][0] for rows in twice) == {"unchanged": 2, "conflicts": 2}
    assert all((rows[0][1] == rows[1][1]) == (rows[1][0] == "unchanged") for rows in twice)


@pytest.mark.parametrize("style", ROSTERS)
def test_phones_in_remarks_are_found_there_and_not_in_their_column(made: dict[str, Made], style: str) -> None:
    roster = made[style]
    assert roster.expected.phones_in_remarks
    for sheet, row, phone in roster.expected.phones_in_remarks:
        assert phones.find_in(roster.cell(sheet, row, "remark")) == (phone,)
        assert roster.cell(sheet, row, "phone") is None


@pytest.mark.parametrize("style", ROSTERS)
def test_some_known_people_have_no_number_but_can_be_told_by_their_phone(
    made: dict[str, Made], register: dict[str, dict[str, Any]], style: str
) -> None:
    roster = made[style]
    planted = {(r.sheet, r.row) for r in roster.expected.refusals}
    by_name: dict[str, list[dict[str, Any]]] = {}
    for person in register.values():
        by_name.setdefault(person["name"], []).append(person)
    found = 0
    for outcome in roster.expected.outcomes:
        blank = roster.cell(outcome.sheet, outcome.row, "identity_number") is None
        if blank and (outcome.sheet, outcome.row) not in planted:
            (person,) = by_name[outcome.name]
            assert phones.parse(roster.cell(outcome.sheet, outcome.row, "phone")).value == (person["phone"],)
            assert outcome.outcome == "unchanged"
            found += 1
    assert found > 0


@pytest.mark.parametrize("style", ["plain", "csv_gb18030"])
def test_a_name_alone_is_refused_only_where_several_bear_it(
    made: dict[str, Made], register: dict[str, dict[str, Any]], style: str
) -> None:
    roster = made[style]
    names = Counter(person["name"] for person in register.values())
    alone = [r for r in roster.expected.refusals if r.reason == "ambiguous"]
    assert alone
    for refusal in alone:
        assert names[refusal.value] > 1
        row = [c for c in roster.grid[refusal.sheet][refusal.row - 1] if c not in (None, "")]
        assert len([c for c in row if isinstance(c, str)]) == 1


@pytest.mark.parametrize("style", ROSTERS)
def test_expectations_stand_beside_the_file(made: dict[str, Made], style: str) -> None:
    roster = made[style]
    beside = json.loads((roster.path.parent / f"{roster.path.name}.expected.json").read_text("utf-8"))
    assert beside == json.loads(json.dumps(roster.expected.as_dict()))
    assert beside["rows"] == len(beside["outcomes"])
    assert all(r["why"] == REASONS[r["reason"]] for r in beside["refusals"])


@pytest.mark.parametrize("style", STYLES)
def test_the_same_seed_gives_the_same_bytes(tmp_path: Path, style: str) -> None:
    suffix = ".csv" if style == "csv_gb18030" else ".xlsx"
    files = [tmp_path / f"{name}{suffix}" for name in "ab"]
    for path in files:
        write_roster(known(), HOME_COMMITTEE, path, style, 6, 11, rows=80)
    assert files[0].read_bytes() == files[1].read_bytes()
    other = tmp_path / f"c{suffix}"
    write_roster(known(), HOME_COMMITTEE, other, style, 6, 12, rows=80)
    assert other.read_bytes() != files[0].read_bytes()


@pytest.mark.parametrize("style", ROSTERS)
def test_a_roster_without_errors_has_none(tmp_path: Path, style: str) -> None:
    path = tmp_path / f"r{LAYOUTS[style].extension}"
    expected = write_roster(known(), HOME_COMMITTEE, path, style, 0, 4, rows=60)
    assert expected.refusals == ()
    assert expected.count("refused") == 0


@pytest.mark.parametrize("style", ROSTERS)
def test_no_roster_tells_of_the_neighbours_canaries(made: dict[str, Made], style: str) -> None:
    everything = "|".join(str(c) for rows in made[style].grid.values() for row in rows for c in row)
    assert not any(canary in everything for canary in CANARY_STRINGS)


def test_the_plain_style_has_notes_hidden_rows_and_a_far_off_cell(made: dict[str, Made]) -> None:
    book = openpyxl.load_workbook(made["plain"].path)
    assert book.sheetnames == ["填写说明", "居民名册", "Sheet3"]
    sheet = book["居民名册"]
    hidden = {row for row, d in sheet.row_dimensions.items() if d.hidden}
    assert hidden
    assert hidden <= {o.row for o in made["plain"].expected.outcomes}
    assert sheet.max_row == 65_536
    texts = [str(sheet.cell(row, 1).value) for row in range(300, 330)]
    assert any(text == "合计" for text in texts)
    assert any(text.startswith("填表人") for text in texts)


def test_the_head_row_style_states_the_address_once_a_household(made: dict[str, Made]) -> None:
    roster = made["head_rows"]
    assert list(roster.grid) == ["一网格", "二网格"]
    heads = blank = 0
    for outcome in roster.expected.outcomes:
        address = roster.cell(outcome.sheet, outcome.row, "address")
        relation = roster.cell(outcome.sheet, outcome.row, "relation")
        heads += address is not None
        blank += address is None
        assert address is not None or relation != "户主"
    assert heads > 50
    assert blank > 80


def test_the_merged_style_has_two_heads_a_help_row_and_merged_addresses(made: dict[str, Made]) -> None:
    sheet = openpyxl.load_workbook(made["merged"].path).worksheets[0]
    ranges = {str(m) for m in sheet.merged_cells.ranges}
    assert {"A1:M1", "A3:A4", "B3:B4", "C3:G3", "I3:L3", "M3:M4"} <= ranges
    assert [c.value for c in sheet[4]][2:7] == ["姓 名", "性 别", "出生年月", "证件号码", "与户主的关系"]
    assert str(sheet["C5"].value).startswith("必填")
    homes = [m for m in sheet.merged_cells.ranges if m.min_col == m.max_col == 2 and m.min_row > 5]
    assert len(homes) > 40


def test_identity_numbers_lost_to_a_float_are_numbers_in_the_file(made: dict[str, Made]) -> None:
    roster = made["plain"]
    lost = [r for r in roster.expected.refusals if r.reason == "lost_digits"]
    assert lost
    assert all(isinstance(roster.cell(r.sheet, r.row, "identity_number"), int | float) for r in lost)
    text = [r for r in made["csv_gb18030"].expected.refusals if r.reason == "lost_digits"]
    assert all(r.value.endswith("E+17") for r in text)


def test_date_cells_and_serial_numbers_occur(made: dict[str, Made]) -> None:
    roster = made["plain"]
    cells = [roster.cell(o.sheet, o.row, "birth_date") for o in roster.expected.outcomes]
    assert sum(isinstance(c, datetime) for c in cells) > 10
    assert sum(isinstance(c, int | float) for c in cells) > 5


def test_an_unknown_style_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="plain, head_rows, merged, csv_gb18030, visits"):
        write_roster(known(), HOME_COMMITTEE, tmp_path / "x.xlsx", "pretty", 1, 1)


def test_an_unknown_committee_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="310110009999"):
        write_roster(known(), "310110009999", tmp_path / "x.xlsx", "plain", 1, 1)


def test_too_small_a_committee_is_refused(tmp_path: Path) -> None:
    world = generate(STREET[:1], 50, 1, TODAY)
    with pytest.raises(ValueError, match="too few people"):
        write_roster(world, STREET[0].code, tmp_path / "x.xlsx", "plain", 40, 1)


def test_errors_come_in_every_kind_in_turn() -> None:
    items = LAYOUTS["plain"].items
    kinds = list(reasons(16, True, items))
    assert Counter(kinds) == dict.fromkeys((*ROW_FAULTS, *CELL_FAULTS, "ambiguous"), 2)
    assert "birth_date" not in set(reasons(20, False, LAYOUTS["head_rows"].items))


@pytest.mark.parametrize("reason", [*ROW_FAULTS, *CELL_FAULTS])
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_planted_error_is_one_to_the_houses_parsers(reason: str, kind: str) -> None:
    rng = random.Random(8)
    register = look_up(known(), HOME_COMMITTEE)
    planted = 0
    for home in register.households[:60]:
        line = spell(rng, home, home.entries[0], kind)
        if not plant(rng, line, reason, kind, LAYOUTS["plain"].items):
            assert line.faults == []
            continue
        ((column, told, scope),) = line.faults
        assert (told, scope) == (reason, "row" if reason in ROW_FAULTS else "cell")
        assert line.outcome == ("refused" if scope == "row" else "unchanged")
        assert is_wrong(Refusal("", 1, "A", "", "", reason, scope), line.cells[column])
        planted += 1
    assert planted > 40


def test_newcomers_fit_together() -> None:
    rng = random.Random(9)
    given: set[str] = set()
    for _ in range(80):
        household = newcomers(rng, ("公交新村1号101室", "1号101室"), TODAY, given)
        head = household.entries[0]
        assert head.relation == "02"
        for entry in household.entries:
            number = entry.values["identity_number"]
            assert identity.parse(number, today=TODAY).value == number
            assert identity.sex(number) == entry.values["sex"]
            assert identity.birth_date(number) == entry.values["birth_date"] <= date(2026, 11, 23)
        if len(household.entries) > 1:
            assert household.entries[1].values["sex"] != head.values["sex"]
        if len(household.entries) > 2:
            youngest_parent = max(e.values["birth_date"].year for e in household.entries[:2])
            assert household.entries[2].values["birth_date"].year - youngest_parent >= 18
