"""Where a row's person lives: address cells put together, "as above" carried down, elsewhere told from here."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from linyun.hub.exchange.reading.cells import Cell, blank
from linyun.hub.exchange.reading.specials import ADDRESS_PARTS
from linyun.kernel.values import addresses
from linyun.kernel.values.addresses import Address
from linyun.kernel.values.parsed import BLANK, Parsed
from linyun.kernel.values.text import clean, dashes, says_nothing
from linyun.kernel.words import say

DITTO = frozenset(
    ["同上", "同 上", "同  上", "〃", '"', "″", "''", "同", "上同", "如上", "同前", "”", "“", "、、", " 同上", "同上 "]
)
LONGEST_HOUSEHOLD = 15  # rows that may follow one address
_ENDS = {
    "lane": re.compile(r"(\d+[甲乙丙丁]?)弄?\Z"),
    "building": re.compile(r"(\d+|[A-Za-z])-?([甲乙丙丁A-Za-z]?)(号楼|号|幢|栋|座|#楼?|楼)?([甲乙丙丁]?)\Z"),
    "unit": re.compile(r"(\d+|[A-Za-z甲乙丙丁东西中])(?:单元|门洞?|号门)?\Z"),
    "floor": re.compile(r"(\d{1,2})(?:楼|层|F)?\Z"),
    "room": re.compile(r"(\d{1,4}[A-Za-z甲乙丙丁]?(?:-\d{1,2})?)(?:室|房|户)?\Z"),
}
"""Words and signs that say "as above"."""


class Places:
    """Reads the address cells of a table's rows. ``columns``: address, estate … room → column."""

    def __init__(self, columns: Mapping[str, int], here: Sequence[str] = ()) -> None:
        self.columns = dict(columns)
        self.here = tuple(here)
        self._memo: dict[tuple[Cell, ...], Parsed[Address]] = {}
        self._order = tuple(self.columns)
        self._asks_door = not {"address", "building", "room"}.isdisjoint(self.columns)

    def read(self, cells: Sequence[Cell], context: Address | None) -> Parsed[Address]:
        """The address of one row from its cells; parts that no cell states come from ``context`` (a title above)."""
        raw = tuple(cells[self.columns[part]] for part in self._order)
        found = self._memo.get(raw)
        if found is None:
            found = self._memo[raw] = self._together(dict(zip(self._order, raw, strict=True)))
        if found.value is not None and context is not None:
            return found._replace(value=within(found.value, context))
        return found

    def is_here(self, address: Address) -> bool:
        """Whether an address lies in this committee, as far as its province … street tells and anybody said."""
        return not self.here or self.is_surely_here(address)

    def is_surely_here(self, address: Address) -> bool:
        """The same, where nobody said what "here" is: then only an address that names no area is here."""
        return not address.area or addresses.is_within(address, self.here)

    def _together(self, raw: Mapping[str, Cell]) -> Parsed[Address]:
        whole = addresses.parse(raw["address"]) if "address" in raw else BLANK
        if whole.problem:
            return whole
        address, notes = whole.value or Address(), whole.notes
        for part in ADDRESS_PARTS:
            if part in raw and not blank(raw[part]):
                address = _with_part(address, part, raw[part])
        if address == Address():
            return BLANK
        if not self._asks_door:
            return BLANK if not (address.lane or address.road) else Parsed(address, None, notes)
        if not (address.building or address.room or address.lane or address.pseudo or address.area):
            return Parsed(None, say("看不出楼号和室号。请写成 12号302室 这样"), notes)
        return Parsed(address, None, notes)


def _with_part(address: Address, part: str, cell: Cell) -> Address:
    """An address with one more part from its own column; what a whole address already states is kept."""
    text = dashes(clean(cell)).replace(" ", "")
    if says_nothing(text) or part in ("estate", "road") and getattr(address, part):
        return address
    if part in ("estate", "road"):
        return address._replace(**{part: text})
    match = _ENDS[part].match(text)
    if match is None:
        return _with_whole(address, part, text)
    if getattr(address, part):
        return address
    value = (match[1].lstrip("0") or "0").upper()
    if part == "building":
        word = {"楼": "号楼", "#": "号", "#楼": "号楼", None: ""}.get(match[3], match[3] or "")
        return address._replace(building=value + (match[2] or match[4] or "").upper(), building_word=word)
    return address._replace(**{part: value + ("弄" if part == "lane" else "")})


def _with_whole(address: Address, part: str, text: str) -> Address:
    """A part column may hold a whole address (12号302室 under 室号), or words that are kept as they are (底层)."""
    whole = addresses.parse(text).value
    if whole and (whole.room or whole.building or whole.pseudo) and not whole.rest:
        stated = {k: v for k, v in whole._asdict().items() if v}
        return Address(**{**stated, **{k: v for k, v in address._asdict().items() if v}})
    return address._replace(**{part: text}) if part in ("room", "building") else address


def within(address: Address, context: Address) -> Address:
    """An address completed from a title or section above it: estate, lane, building, unit where it states none."""
    if address.pseudo or address.area and not context.area:
        return address
    place = {} if address.place_key else {"estate": context.estate, "road": context.road, "lane": context.lane}
    if address.building or address.place_key and address.place_key != context.place_key:
        return address._replace(**place)
    building = {"building": context.building, "building_word": context.building_word}
    return address._replace(**place, **building, unit=address.unit or context.unit)


def usual_area(cells: Sequence[Cell]) -> tuple[str, ...]:
    """The province … street most often written in a column of addresses: what "here" means when nobody says."""
    areas = Counter(
        a.value.area for c in cells if isinstance(c, str) and (a := addresses.parse(c)).value and a.value.area
    )
    if not areas:
        return ()
    longest = areas.most_common(1)[0][0]
    return tuple(addresses.area_parts(longest))


def blanks_mean_above(flags: Sequence[bool]) -> bool:
    """Whether blank addresses (True) mean "as above": the first is stated, and blanks come in short runs."""
    if not flags or flags[0] or not any(flags):
        return False
    longest = run = 0
    for flag in flags:
        run = run + 1 if flag else 0
        longest = max(longest, run)
    return longest <= LONGEST_HOUSEHOLD and 0.1 <= sum(flags) / len(flags) <= 0.9
