"""A year's visits as workers keep them: one sheet a month, who, where, how and what was said."""

import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from linyun.kernel.synth.messy import people, spelling
from linyun.kernel.synth.messy.expected import Expected, Outcome, Refusal, letter, ordered
from linyun.kernel.synth.messy.files import Page, write_xlsx
from linyun.kernel.synth.messy.people import Entry, Household, Register
from linyun.kernel.synth.sentences import BODY_LISTS
from linyun.kernel.synth.world import World

HEADERS = ("日期", "被访者", "地址", "方式", "情况")
_MONTHS = 4
_FAULTS = ("visit_date", "visit_mode", "unknown_person", "ambiguous")
_COLUMN = {"visit_date": 0, "unknown_person": 1, "ambiguous": 1, "visit_mode": 3}
_NOBODY = ("阚若水", "门海生", "晁远志")
"""Their surnames stand in no list of ours: nobody in a made register has such a name."""


@dataclass(slots=True)
class _Note:
    """One visit to write down: the five cells, and what must come of them."""

    day: date
    cells: list[str]
    name: str
    outcome: str = "created"
    fault: str = ""


def write_visits(world: World, committee: str, path: Path, errors: int, seed: int, rows: int) -> Expected:
    """Write visits of the four months before the world's day, one sheet a month (``8月``); see ``write_roster``.

    A row creates a visit; a row that stands twice creates one (the second is ``unchanged``). Refused are rows with an
    impossible date, an unknown way of visiting, an unknown person, and a name that several bear without address.
    """
    rng = random.Random(f"{seed}/{committee}/visits")
    register = people.look_up(world, committee)
    notes = [_note(rng, world, home, entry) for home, entry in _visited(rng, register, rows - errors)]
    notes += [_faulty(rng, world, register, reason) for reason in _reasons(errors, register)]
    for again in _some(rng, [n for n in notes if not n.fault], 2):
        notes.append(_Note(again.day, list(again.cells), again.name, "unchanged"))
    months: dict[tuple[int, int], list[_Note]] = defaultdict(list)
    for note in notes:
        months[note.day.year, note.day.month].append(note)
    name = next(c.name for c in world.committees if c.code == committee)
    pages, outcomes, refusals = [], [], []
    for (year, month), found in sorted(months.items()):
        page = _page(f"{name}{year}年{month}月走访记录", f"{month}月", found)
        pages.append(page)
        for row, note in enumerate(sorted(found, key=lambda n: n.day), 3):
            outcomes.append(Outcome(page.name, row, note.name, note.outcome))
            if note.fault:
                column = _COLUMN[note.fault]
                cell = note.cells[column]
                refusals.append(Refusal(page.name, row, letter(column), HEADERS[column], cell, note.fault, "row"))
    write_xlsx(pages, path, world.today)
    expected = Expected(path.name, "visits", committee, tuple(outcomes), ordered(refusals))
    expected.write_beside(path)
    return expected


def _some(rng: random.Random, notes: list[_Note], count: int) -> list[_Note]:
    """So many of them, or all when there are fewer."""
    return rng.sample(notes, min(count, len(notes)))


def _visited(rng: random.Random, register: Register, count: int) -> list[tuple[Household, Entry]]:
    """Grown people whom name and address tell apart from everybody else."""
    pool = [
        (home, entry)
        for home in register.households
        for entry in home.entries
        if entry.values["birth_date"].year < 2008 and entry.name in register.unique_names
    ]
    if not pool:
        raise ValueError("the committee has nobody to visit")
    return rng.choices(pool, k=count)


def _day(rng: random.Random, world: World) -> date:
    return world.today - timedelta(days=rng.randint(1, 30 * _MONTHS - 5))


def _written(rng: random.Random, day: date) -> str:
    """A date with its year, or without it where sheet and title tell the year."""
    return rng.choice(
        (f"{day.year}-{day.month:02d}-{day.day:02d}", f"{day.year}.{day.month}.{day.day}", f"{day.month}月{day.day}日")
    )


def _note(rng: random.Random, world: World, home: Household, entry: Entry) -> _Note:
    day = _day(rng, world)
    address = home.address
    mode = rng.choices("123456", (15, 50, 20, 8, 3, 4))[0]
    old = entry.values["birth_date"].year < world.today.year - 62
    said = rng.choice(BODY_LISTS["elder" if old else "adult"])
    shown = rng.choice((address, address.removesuffix("室"), address.replace("号", "号 ")))
    return _Note(day, [_written(rng, day), entry.name, shown, spelling.word(rng, "mode", mode), said], entry.name)


def _reasons(errors: int, register: Register) -> list[str]:
    kinds = [reason for reason in _FAULTS if reason != "ambiguous" or register.namesakes]
    return [kinds[number % len(kinds)] for number in range(errors)]


def _faulty(rng: random.Random, world: World, register: Register, reason: str) -> _Note:
    home, entry = _visited(rng, register, 1)[0]
    note = _note(rng, world, home, entry)
    note.outcome, note.fault = "refused", reason
    if reason == "visit_date":
        note.cells[0] = f"{note.day.year}-{note.day.month:02d}-32"
    elif reason == "visit_mode":
        note.cells[3] = rng.choice(("口信", "传真"))
    elif reason == "unknown_person":
        note.name = note.cells[1] = rng.choice(_NOBODY)
    else:
        note.name = note.cells[1] = rng.choice(register.namesakes)
        note.cells[2] = ""
    return note


def _page(title: str, name: str, notes: list[_Note]) -> Page:
    """Title, head, rows by day, and a count below."""
    page = Page(name)
    page.spread(0, 0, 0, len(HEADERS) - 1, title)
    page.put(1, list(HEADERS))
    for row, note in enumerate(sorted(notes, key=lambda n: n.day), 2):
        page.put(row, [cell or None for cell in note.cells])
    page.put(len(notes) + 3, [f"合计：{len(notes)}次"])
    return page
