"""Addresses and households over the rows of a table: heads and members, "as above", titles that give the building."""

import re
from collections.abc import Mapping, Sequence

from linyun.hub.exchange.reading.cells import Cell, Sheet, blank
from linyun.hub.exchange.reading.columns import Columns
from linyun.hub.exchange.reading.content import place_in_titles
from linyun.hub.exchange.reading.header import Head
from linyun.hub.exchange.reading.places import Places, blanks_mean_above, usual_area, within
from linyun.hub.exchange.reading.rows import CELL, Problem, Row
from linyun.hub.exchange.reading.words import Vocabulary
from linyun.kernel.declare import CodeSet
from linyun.kernel.values import addresses, identity
from linyun.kernel.values.addresses import Address
from linyun.kernel.values.codes import Matcher, matcher
from linyun.kernel.values.parsed import BLANK, Parsed
from linyun.kernel.values.text import clean, text_of, tidy

_HEADS = frozenset(["户主", "本人", "户主本人", "本人或户主", "本户户主", "户长"])
_SAME_AS_REGISTERED = frozenset(
    ["同户籍地址", "同户籍", "同户籍地", "户籍地址", "户籍地", "同户口地址", "同户口", "与户籍地址一致", "人户一致"]
)
_HEAD_MARK = re.compile(r"[(（]\s*户主\s*[)）]")
_SAMPLE = 2000


class Homes:
    """Gives rows their address, relation and household, one after the other, in the order of the sheet.

    ``heads``: the block holds the heads of households, whose members stand beside them in another block.
    """

    def __init__(
        self,
        sheet: Sheet,
        head: Head,
        columns: Columns,
        sets: Mapping[str, CodeSet],
        here: Sequence[str],
        words: Vocabulary,
        heads: bool = False,
    ) -> None:
        self.columns, self.heads = columns, heads
        texts = ("living_address", "registered_address") if columns.name or columns.identity else ()
        self._items = {c for c in texts if f"person.{c}" in words.items}
        data = sheet.rows[head.first :]
        self.places = Places(
            columns.address, here or usual_area(_column(data[:_SAMPLE], columns.address.get("address")))
        )
        self._relations: Matcher | None = next((matcher(s) for s in sets.values() if "与户主关系" in s.name), None)
        self._relation_memo: dict[Cell, tuple[str, str, bool, str]] = {}
        lines = [r for r in data if _is_line(r)]
        looks_so = blanks_mean_above([self._is_blank(r) for r in lines])
        self._blank_is_above = looks_so and self._tells_of_households(lines)
        self._unsure = looks_so and not self._blank_is_above
        self.unclear = 0
        """Rows whose blank address was not taken for the one above: not known, and no fault of the row."""
        self._title = place_in_titles([*head.titles, sheet.name])
        self._settled: dict[Address, tuple[str, bool]] = {}
        self._section: Address | None = None
        self._last: Parsed[Address] = BLANK
        self._last_cells: dict[int, Cell] = {}
        self._household = ""
        self._number = ""

    def begin_section(self, title: Cell) -> None:
        """A title between the rows: 12号楼, 第三网格. Nothing is carried over it."""
        found = addresses.parse(title).value
        self._section = found if found and (found.building or found.place_key) else None
        self._last, self._last_cells, self._household = BLANK, {}, ""

    def stated(self, cells: Sequence[Cell]) -> bool:
        """Whether any address cell of a row says something."""
        return any(not blank(cells[i]) for i in self.columns.address.values())

    def take(self, row: Row) -> None:
        """Fill in the row's relation, addresses and household."""
        self._read_relation(row)
        row.is_head = row.is_head or self.heads
        carried = self._read_address(row)
        self._read_registered(row)
        if self._unsure and row.address is None and self._is_blank(row.cells):
            self.unclear += 1
        self._join_household(row, carried)

    def _tells_of_households(self, lines: Sequence[Sequence[Cell]]) -> bool:
        """Whether anything but its blank cells says that the sheet lists households: relations, household numbers, heads,
        a running number that each household has once, or rooms whose building stands only once above them. In a plain
        list of people a blank cell is a place not known, and nobody is moved into the home of whoever stands above.
        """
        columns, parts = self.columns, self.columns.address
        if self.heads or not columns.relation is columns.household is columns.head_name is None:
            return True
        if columns.name and any(_HEAD_MARK.search(str(c)) for c in _column(lines, columns.name.index)):
            return True
        if {"building", "room"} <= parts.keys() and any(
            _says(r, parts["room"]) and not _says(r, parts["building"]) for r in lines
        ):
            return True
        number = columns.sequence
        if number is None or all(blank(c) for c in _column(lines, number)):
            return False
        return not any(_says(r, number) for r in lines if self._is_blank(r))

    def _is_blank(self, cells: Sequence[Cell]) -> bool:
        return all(i >= len(cells) or blank(cells[i]) for i in self.columns.address.values())

    def _read_relation(self, row: Row) -> None:
        index = self.columns.relation
        if index is None or blank(row.cells[index]):
            return
        cell = row.cells[index]
        known = self._relation_memo.get(cell)
        if known is None:
            known = self._relation_memo[cell] = self._relation_of(cell)
        row.relation_text, row.relation, is_head, problem = known
        row.is_head = row.is_head or is_head
        if problem:
            label = self.columns.labels[index]
            row.problems.append(Problem(row.sheet, row.number, label, row.relation_text, problem, CELL))

    def _relation_of(self, cell: Cell) -> tuple[str, str, bool, str]:
        """What a relation cell says: its text, the code, whether it is the head, and the problem."""
        text = clean(cell)
        if self._relations is None:
            return text, "", text in _HEADS, ""
        found = self._relations.match(cell)
        code = found.value or ""
        return text, code, text in _HEADS or self._relations.names.get(code) in _HEADS, found.problem or ""

    def _read_address(self, row: Row) -> bool:
        """The row's own address, completed or carried from above. Answers whether all of it was carried."""
        if not self.columns.address:
            return False
        self._follow_registered(row)
        carried = self._is_blank(row.cells) and self._may_carry(row)
        if carried:
            for index, cell in self._last_cells.items():
                row.cells[index] = cell
            found = self._last
        else:
            self._carry_parts(row)
            found = self.places.read(row.cells, self._section or self._title)
            self._last = found
            self._last_cells = {i: row.cells[i] for i in self.columns.address.values()}
        if found.problem:
            self._complain(row, found.problem)
        elif found.value is not None:
            self._settle(row, found.value)
        if found.notes and not carried:
            row.notes += list(found.notes)
        return carried

    def _follow_registered(self, row: Row) -> None:
        """同户籍地址 in the address column is the registered address of the same row."""
        here, there = self.columns.address.get("address"), self.columns.registered
        if here is not None and there is not None and row.cells[here] in _SAME_AS_REGISTERED:
            row.cells[here] = row.cells[there]

    def _may_carry(self, row: Row) -> bool:
        if self._last.blank or not self._last_cells or row.is_head:
            return False
        if self.columns.household is not None and not blank(row.cells[self.columns.household]):
            return self._number == text_of(row.cells[self.columns.household])
        return bool(row.relation_text) or self._blank_is_above

    def _carry_parts(self, row: Row) -> None:
        """A room without its building stands in the building above it."""
        parts = self.columns.address
        room = parts.get("room")
        if room is None or blank(row.cells[room]) or not self._last_cells:
            return
        for part in ("estate", "road", "lane", "building", "unit"):
            index = parts.get(part)
            if index is None:
                continue
            if not blank(row.cells[index]):
                return
            row.cells[index] = self._last_cells.get(index, "")

    def _settle(self, row: Row, address: Address) -> None:
        written, is_here = self._settled.get(address) or self._judge(address)
        if "living_address" in self._items:
            row.values["living_address"] = written
        if is_here:
            row.address = address

    def _judge(self, address: Address) -> tuple[str, bool]:
        """How an address is written in full, and whether it lies here."""
        text = address.text
        written = text if address.area == text else address.area + text
        self._settled[address] = judged = (written, self.places.is_here(address))
        return judged

    def _read_registered(self, row: Row) -> None:
        index = self.columns.registered
        if index is None or blank(row.cells[index]):
            return
        text = tidy(row.cells[index])
        if "registered_address" in self._items:
            row.values["registered_address"] = text
        found = addresses.parse(row.cells[index]).value
        if found is None:
            return
        context = self._section or self._title
        row.registered = within(found, context) if context and not found.area else found
        if row.address is None and self.places.is_surely_here(row.registered) and row.registered.is_dwelling:
            row.address, row.residence_kind = row.registered, "registered"

    def _join_household(self, row: Row, carried: bool) -> None:
        """Rows of one household get one key: by its number, by its head, by the named head, or by the room."""
        number, named = self.columns.household, self.columns.head_name
        if self.heads:
            self._household = f"{row.sheet}!{row.number}"
        elif number is not None:
            stated = text_of(row.cells[number])
            if stated:
                self._number, self._household = stated, f"{row.sheet}#{stated}"
            elif not (carried or row.relation_text and not row.is_head):
                self._household = f"{row.sheet}!{row.number}"
        elif self.columns.relation is not None:
            moved = not carried and row.address is not None and row.address.key != self._home
            named_anew = named is not None and not blank(row.cells[named])
            if row.is_head or not self._household or moved or named_anew:
                self._household = f"{row.sheet}!{row.number}"
        elif row.address is not None and row.address.room:
            head = clean(row.cells[named]) if named is not None else ""
            self._household = f"{row.sheet}@{row.address.key}@{head}"
        else:
            self._household = ""
        row.household_key = self._household
        self._home = row.address.key if row.address else ""

    _home = ""

    def _complain(self, row: Row, reason: str) -> None:
        index = next(i for i in self.columns.address.values() if not blank(row.cells[i]))
        value = identity.mask_within(text_of(row.cells[index]))
        row.problems.append(Problem(row.sheet, row.number, self.columns.labels[index], value, reason, CELL))


def _column(rows: Sequence[Sequence[Cell]], index: int | None) -> list[Cell]:
    return [] if index is None else [r[index] for r in rows if index < len(r)]


def _says(cells: Sequence[Cell], index: int) -> bool:
    return index < len(cells) and not blank(cells[index])


def _is_line(cells: Sequence[Cell]) -> bool:
    return len(cells) - cells.count("") >= 2
