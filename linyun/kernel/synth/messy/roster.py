"""Writing a roster to import, with the list of what must come of it."""

import random
from pathlib import Path

from linyun.kernel.synth.messy import people
from linyun.kernel.synth.messy.expected import Expected, Outcome, Refusal, letter, ordered
from linyun.kernel.synth.messy.faults import Line, plant, reasons, spell
from linyun.kernel.synth.messy.files import Page, write_csv, write_xlsx
from linyun.kernel.synth.messy.layouts import LAYOUTS, Layout, Place, lay_out
from linyun.kernel.synth.messy.people import Entry, Household, Register
from linyun.kernel.synth.messy.visits import write_visits
from linyun.kernel.synth.world import World

STYLES = (*LAYOUTS, "visits")
_REMARKS = ("老伴住院", "晚上在家", "每周有人来看", "钥匙放楼组长处", "刚搬来", "常出差", "有宠物狗")
_UPDATED, _NEW, _UNIDENTIFIED = 0.25, 0.22, 0.05


class TooFew(ValueError):
    """A committee has too few people for a roster of that size."""


def write_roster(
    world: World, committee: str, path: Path, style: str, errors: int, seed: int, rows: int = 300
) -> Expected:
    """Write a roster of about ``rows`` rows as ``style`` (one of STYLES) with exactly ``errors`` errors planted.

    Rows hold people of the register as they are or with a new phone, and newcomers. Beside the file stands
    ``<file>.expected.json``. Raises ValueError for an unknown style, or when the committee has too few people.
    """
    if style == "visits":
        return write_visits(world, committee, path, errors, seed, rows)
    if style not in LAYOUTS:
        raise ValueError(f"a roster's style is one of {', '.join(STYLES)}, not {style!r}")
    layout = LAYOUTS[style]
    rng = random.Random(f"{seed}/{committee}/{style}")
    register = people.look_up(world, committee)
    given: set[str] = set()
    homes, spare = _choose(rng, register, rows, errors)
    for home in homes:
        for entry in home.entries:
            _vary(rng, entry, register, given)
    for home in _newcomers(rng, register, world, int(rows * _NEW), given):
        homes.append(home)
    homes.sort(key=lambda h: h.address)
    groups = [[spell(rng, home, entry, layout.file_kind) for entry in home.entries] for home in homes]
    groups = _with_repeats(rng, groups, layout, given)
    groups = _with_faults(rng, groups, spare, register, layout, errors)
    name = next(c.name for c in world.committees if c.code == committee)
    pages, places = lay_out(layout, name, groups)
    lines = [line for group in groups for line in group]
    _write(rng, layout, pages, places, lines, path, world)
    expected = _expected(layout, committee, path, lines, places)
    expected.write_beside(path)
    return expected


def _choose(
    rng: random.Random, register: Register, rows: int, errors: int
) -> tuple[list[Household], list[tuple[Household, Entry]]]:
    """Households for the roster, and people of other households on whom errors are planted."""
    wanted = max(int(rows * (1 - _NEW)) - errors, 1)
    pool = rng.sample(register.households, len(register.households))
    homes: list[Household] = []
    while pool and sum(len(h.entries) for h in homes) < wanted:
        homes.append(pool.pop())
    spare = [(home, entry) for home in pool for entry in home.entries]
    if len(spare) < 3 * errors:
        raise TooFew(f"the committee has too few people for {rows} rows with {errors} errors")
    return homes, spare


def _vary(rng: random.Random, entry: Entry, register: Register, given: set[str]) -> None:
    """Some get a new phone or a second one, some have no identity number in the roster; the others stay as they are."""
    old = entry.values["phone"]
    if rng.random() < _UPDATED and entry.values["political_status"]:
        phone = people.new_phone(rng, given)
        entry.outcome = "updated"
        if old and rng.random() < 0.25:
            entry.second_phone = phone
            entry.changes["phone"] = (old, f"{old}; {phone}")
        else:
            entry.values["phone"] = phone
            entry.changes["phone"] = (old or "", phone)
    elif old and entry.name in register.unique_names and rng.random() < _UNIDENTIFIED:
        entry.shows_identity = False


def _newcomers(rng: random.Random, register: Register, world: World, count: int, given: set[str]) -> list[Household]:
    """Households of newcomers in empty flats; some with a remark, some with the phone only there."""
    free = rng.sample(register.empty_homes, len(register.empty_homes))
    homes: list[Household] = []
    while free and sum(len(h.entries) for h in homes) < count:
        homes.append(people.newcomers(rng, free.pop(), world.today, given))
    for entry in (entry for home in homes for entry in home.entries):
        draw = rng.random()
        if draw < 0.12 and entry.values["phone"]:
            entry.hidden_phone = entry.values["phone"]
            entry.remark = rng.choice(("电话：{}", "手机{}", "白天联系电话:{}")).format(entry.hidden_phone)
        elif draw < 0.4:
            entry.remark = rng.choice(_REMARKS)
    return homes


def _with_repeats(rng: random.Random, groups: list[list[Line]], layout: Layout, given: set[str]) -> list[list[Line]]:
    """Four people stand a second time at the end: two say the same again, two give another phone."""
    once = [line for group in groups for line in group if line.outcome == "unchanged" and line.entry.shows_identity]
    repeated = []
    for place, line in enumerate(rng.sample(once, min(4, len(once)))):
        again = Line(line.home, line.entry, dict(line.cells), "unchanged")
        if place % 2:
            again.cells["phone"] = people.new_phone(rng, given)
            again.outcome = "conflicts"
        repeated.append([again])
    return groups + repeated


def _with_faults(
    rng: random.Random,
    groups: list[list[Line]],
    spare: list[tuple[Household, Entry]],
    register: Register,
    layout: Layout,
    errors: int,
) -> list[list[Line]]:
    """Rows with errors among the others; people of whom only the name is given stand first, where nothing is above."""
    top: list[list[Line]] = []
    faulty: list[list[Line]] = []
    pool = iter(rng.sample(spare, len(spare)))
    namesakes = rng.sample(register.namesakes, len(register.namesakes))
    alone = layout.address == "each" and bool(namesakes)
    for reason in reasons(errors, alone, layout.items):
        if reason == "ambiguous":
            top.append([_nameless(namesakes[len(top) % len(namesakes)])])
            continue
        for home, entry in pool:
            line = spell(rng, home, entry, layout.file_kind)
            if plant(rng, line, reason, layout.file_kind, layout.items):
                faulty.append([line])
                break
        else:
            raise TooFew(f"the committee has too few people for an error of the kind {reason}")
    body = list(groups)
    for line_group in faulty:
        body.insert(rng.randint(0, max(len(body) - 4, 0)), line_group)
    return top + body


def _nameless(name: str) -> Line:
    """A row with nothing but a name that several people of the committee bear."""
    entry = Entry(name, {}, "", known=True, outcome="refused")
    return Line(Household("", "", [entry]), entry, {"name": name}, "refused", [("name", "ambiguous", "row")])


def _write(
    rng: random.Random,
    layout: Layout,
    pages: list[Page],
    places: dict[int, Place],
    lines: list[Line],
    path: Path,
    world: World,
) -> None:
    if layout.file_kind == "csv":
        write_csv(pages[0], path, "gb18030")
        return
    if layout.hides_rows and places:
        shown = [place[1] for place in places.values()]
        pages[0].hidden = sorted(rng.sample(shown, max(1, len(shown) // 40)))
    notes = Page("填写说明")
    notes.put(0, ["一、本表由居委会填写，每人一行。"])
    notes.put(1, ["二、证件号码请按证件填写，不要遗漏。"])
    write_xlsx([notes, *pages, Page("Sheet3")] if layout.hides_rows else pages, path, world.today)


def _sheet_name(layout: Layout, path: Path, sheet: str) -> str:
    """A text file has no sheets; its rows are told by the name of the file."""
    return path.stem if layout.file_kind == "csv" else sheet


def _expected(layout: Layout, committee: str, path: Path, lines: list[Line], places: dict[int, Place]) -> Expected:
    columns = {key: (number, header) for number, (key, header, _) in enumerate(layout.columns)}
    outcomes, refusals, hidden = [], [], []
    for line in lines:
        sheet, row = places[id(line)]
        sheet = _sheet_name(layout, path, sheet)
        changes = line.entry.changes if line.outcome == "updated" else {}
        outcomes.append(Outcome(sheet, row + 1, line.entry.name, line.outcome, changes))
        for key, reason, scope in line.faults:
            number, header = columns[key]
            value = str(line.cells[key])
            refusals.append(Refusal(sheet, row + 1, letter(number), header, value, reason, scope))
        if line.entry.hidden_phone and line.outcome == "created":
            hidden.append((sheet, row + 1, line.entry.hidden_phone))
    outcomes.sort(key=lambda o: (o.sheet, o.row))
    return Expected(path.name, layout.style, committee, tuple(outcomes), ordered(refusals), tuple(hidden))
