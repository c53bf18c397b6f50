"""Errors planted into roster rows, each with what an importer must say to it."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from linyun.kernel.synth.messy import spelling
from linyun.kernel.synth.messy.people import Entry, Household
from linyun.kernel.synth.messy.spelling import Cell
from linyun.kernel.values import identity

ROW_FAULTS = ("check_digit", "lost_digits", "length", "identity_date")
CELL_FAULTS = ("birth_date", "unknown_word", "phone")
UNKNOWN_WORDS = {
    "ethnicity": ("火星族", "东方族"),
    "education": ("很高", "识字很多"),
    "political_status": ("积极", "先进"),
    "marital_status": ("还好", "待定中"),
}
IMPOSSIBLE_DAYS = ("{year}.2.30", "{year}年13月5日", "{year}-04-31", "{year}/6/31")


@dataclass(slots=True)
class Line:
    """A data row: cells by column key, and what must come of it. ``faults``: (column key, reason, scope)."""

    home: Household
    entry: Entry
    cells: dict[str, Cell]
    outcome: str
    faults: list[tuple[str, str, str]] = field(default_factory=list)


def spell(rng: random.Random, home: Household, entry: Entry, file_kind: str) -> Line:
    """An entry written down without errors, in whatever style comes to hand."""
    values = entry.values
    shown = entry.shows_identity
    number = values["phone"]
    cells: dict[str, Cell] = {
        "address": spelling.address(rng, home.address, home.short),
        "name": spelling.name(rng, entry.name),
        "relation": spelling.word(rng, "relation", entry.relation) if entry.relation != "02" else "户主",
        "identity_number": spelling.identity(rng, values["identity_number"]) if shown else "",
        "birth_date": spelling.birth_date(rng, values["birth_date"], shown, file_kind),
        "phone": spelling.phone(rng, number, file_kind),
        "remark": entry.remark,
    }
    if entry.second_phone and number:
        cells["phone"] = spelling.two_phones(rng, number, entry.second_phone)
    if entry.hidden_phone:
        cells["phone"] = ""
    for item in ("sex", "ethnicity", "education", "marital_status", "political_status"):
        cells[item] = spelling.word(rng, item, values[item])
    return Line(home, entry, cells, entry.outcome)


def plant(rng: random.Random, line: Line, reason: str, file_kind: str, items: frozenset[str]) -> bool:
    """Put one error into a line without errors. False when the line has no place for it."""
    if reason in ROW_FAULTS:
        broken = _broken_identity(rng, str(line.entry.values["identity_number"]), reason, file_kind)
        if broken is None:
            return False
        line.cells["identity_number"] = broken
        if "birth_date" in line.cells:
            line.cells["birth_date"] = line.entry.values["birth_date"].isoformat()
        line.outcome = "refused"
        line.faults.append(("identity_number", reason, "row"))
        return True
    if reason == "birth_date":
        year = line.entry.values["birth_date"].year
        column, value = "birth_date", rng.choice(IMPOSSIBLE_DAYS).format(year=year)
    elif reason == "phone":
        column, value = "phone", f"199009{rng.randint(1000, 9999)}"
    else:
        column = rng.choice(sorted(items & UNKNOWN_WORDS.keys()))
        value = rng.choice(UNKNOWN_WORDS[column])
    if column not in items:
        return False
    line.cells[column] = value
    line.faults.append((column, reason, "cell"))
    return True


def _broken_identity(rng: random.Random, number: str, reason: str, file_kind: str) -> Cell:
    """The number with its check digit wrong, a digit missing, digits lost to a float, or a day that never was."""
    if reason == "check_digit":
        return number[:17] + rng.choice([sign for sign in "0123456789" if sign != number[17]])
    if reason == "length":
        cut = rng.randint(7, 16)
        return number[:cut] + number[cut + 1 :]
    if reason == "identity_date":
        body = number[:10] + rng.choice(("0230", "1332", "0431", "0000")) + number[14:17]
        return body + identity.check_digit(body)
    if number.endswith("X"):
        return None
    # Excel keeps fifteen digits of a number and writes zeros for the rest
    return float(number[:15] + "000") if file_kind == "xlsx" else f"{float(number):.5E}"


def reasons(count: int, ambiguous: bool, items: frozenset[str]) -> Iterator[str]:
    """``count`` reasons, every kind in turn."""
    kinds = list(ROW_FAULTS) + [r for r in CELL_FAULTS if r == "unknown_word" or r in items]
    if ambiguous:
        kinds.append("ambiguous")
    for number in range(count):
        yield kinds[number % len(kinds)]
