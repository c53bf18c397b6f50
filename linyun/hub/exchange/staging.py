# ruff: noqa: S608 - statements are put together from this file's own words; values are parameters
"""From a read file to staged rows: parsed, sealed and copied into the database in one stream."""

import gc
import os
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db import connection
from pydantic_core import to_json

from linyun.foundation.areas.bulk import analyze
from linyun.foundation.areas.models import Area
from linyun.hub.exchange.models import Import
from linyun.hub.exchange.reading import Kind, Problem, Row
from linyun.hub.exchange.reading.rows import ROW
from linyun.hub.records.services import following, sealer
from linyun.kernel.declare import Subject
from linyun.kernel.values import addresses
from linyun.kernel.values.addresses import Address
from linyun.kernel.values.pinyin import pinyin_key
from linyun.kernel.values.seal import digest_of
from linyun.kernel.words import say

BUILDING = "building"
KINDS = {
    Kind.PEOPLE: str(Subject.PERSON),
    Kind.DWELLINGS: str(Subject.DWELLING),
    Kind.ORGANISATIONS: str(Subject.ORGANISATION),
    Kind.BUILDINGS: BUILDING,
}
"""What the rows of a table are about, for the tables that can be imported."""

COLUMNS = ", ".join(
    f'"{c}"'
    for c in (
        "id", "sheet", "number", "name", "pinyin", "digest", "values", "address", "address_key", "relation",
        "household_key", "is_head", "problems", "outcome", "hints", "hidden",
    )
)  # fmt: skip
"""What differs from row to row and is copied; the rest is the same for all, or follows."""
ARRIVING = f"create temp table arriving on commit drop as select {COLUMNS} from exchange_importrow with no data"
COPY = f"copy pg_temp.arriving ({COLUMNS}) from stdin"
TAKE = f"""
insert into exchange_importrow ({COLUMNS}, area, batch_id, kind, changes, record_id)
select {COLUMNS}, %(area)s, %(batch)s, %(kind)s, '[]', case when outcome <> 'refused' then id end from pg_temp.arriving
"""
PARTS = ("estate", "road", "lane", "building", "unit", "room")
BLOCK = 500
MANY = 500
"""From so many rows on fresh statistics pay for themselves."""

KIN = 21
"""The place, from 1, of a digit in the id of a staged row that is always 0: other digits make ids of what comes of it."""
_VARIANT = dict(zip("0123456789abcdef", "89ab" * 4, strict=True))
MATCHED = "batch_id, kind, outcome, sheet, number, record_id, name, digest, address_key, household_key"
"""By what rows are matched and joined: the planner needs to know these, the rest is large."""
NULL = r"\N"
_ODD = re.compile(r"[\\\n\r\t\0]")
_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": None})


def _encode(value: Any) -> str:
    return to_json(value, serialize_unknown=True).decode()


def plain(value: Any) -> Any:
    """A parsed value as JSON holds it."""
    if isinstance(value, str):
        return value
    if isinstance(value, (date, datetime)):
        return value.isoformat()[:10]
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, tuple):
        return list(value)
    return value


def staged_values(row: Row) -> tuple[dict[str, Any], str]:
    """(values with the identity number sealed and what follows from it, its digest)."""
    values = {c: v if type(v) is str else plain(v) for c, v in row.values.items() if v is not None}
    number = values.get("identity_number")
    if not number:
        return values, ""
    sealed = sealer.seal(number)
    values["identity_number"] = sealed
    values.update(following(number))
    return values, digest_of(sealed)


def known_places(committee: str) -> dict[str, Address]:
    """Where a bare building number lies ("18号504室"): the places of buildings whose number stands once in the committee."""
    found: dict[str, list[Address]] = {}
    for name in Area.objects.within(committee).filter(kind=Area.Kind.BUILDING).values_list("name", flat=True):
        parsed = addresses.parse(name).value
        if parsed is not None and parsed.building and parsed.place_key:
            found.setdefault(parsed.building, []).append(parsed)
    return {number: places[0] for number, places in found.items() if len(places) == 1}


class Placing:
    """Addresses as staged; equal ones are worked out once."""

    def __init__(self, places: Mapping[str, Address]) -> None:
        self.places = places
        self._known: dict[tuple[Address, str], tuple[str, str, str]] = {}

    def of(self, address: Address, kind: str) -> tuple[str, str, str]:
        """(JSON, key, text) of an address, in COPY's form; the text is "" unless a bare building number got its place."""
        found = self._known.get((address, kind))
        if found is None:
            whole = self._placed(address)
            moved = "" if whole is address else whole.text
            found = self._known[address, kind] = (self._described(whole, kind), _text(whole.key), moved)
        return found

    def parts(self, address: Address) -> dict[str, str]:
        """The items of a dwelling that its address states."""
        whole = self._placed(address)
        return {p: getattr(whole, p) for p in PARTS if getattr(whole, p)}

    def _placed(self, address: Address) -> Address:
        if address.place_key or address.building not in self.places:
            return address
        whole = self.places[address.building]
        return address._replace(
            estate=whole.estate, road=whole.road, lane=whole.lane, building_word=whole.building_word
        )

    @staticmethod
    def _described(address: Address, kind: str) -> str:
        building = f"{address.place_key}{address.building}{address.building_word or '号'}"
        parts = {p: getattr(address, p) for p in PARTS if getattr(address, p)}
        more = {
            "text": address.text,
            "kind": kind,
            "building_key": f"{address.place_key}|{address.building}",
            "building_name": building if address.building else address.place_key,
        }
        return _json(parts | more)


def _text(value: str) -> str:
    """A text in COPY's form."""
    return value.translate(_ESCAPES) if _ODD.search(value) else value


def _json(value: Any) -> str:
    """JSON in COPY's text form."""
    text = _encode(value)
    if "\\" not in text:
        return text
    return _text(_encode(_without_nul(value)) if "\\u0000" in text else text)


def _without_nul(value: Any) -> Any:
    """PostgreSQL's texts cannot hold a NUL."""
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, dict):
        return {k: _without_nul(v) for k, v in value.items()}
    return [_without_nul(v) for v in value] if isinstance(value, list) else value


class Lines:
    """Rows as lines of COPY's text form. Written by hand: it is the hottest loop of an import."""

    def __init__(self, kind: str, placing: Placing) -> None:
        self.placing, self.kind = placing, kind
        self._ids = _ids()

    def line(self, row: Row) -> str:
        """One row."""
        self._complete(row)
        values, digest = staged_values(row)
        address, key = NULL, ""
        if row.address is not None and self._says_where(row.address):
            address, key, text = self.placing.of(row.address, row.residence_kind)
            if text and "living_address" in values:
                values["living_address"] = text
        name = str(values.get("name", ""))
        pinyin = pinyin_key(name).text if self.kind == Subject.PERSON else ""
        problems = _json([p._asdict() for p in row.problems]) if row.problems else "[]"
        hidden_phones = row.specials.get("phones_in_remark")
        hints = _json({"phones": list(hidden_phones)}) if hidden_phones else NULL
        return (
            f"{next(self._ids)}\t{_text(row.sheet)}\t{row.number}\t{_text(name)}\t{pinyin}\t{digest}\t{_json(values)}\t"
            f"{address}\t{key}\t{_text(row.relation or '')}\t{_text(row.household_key or '')}\t"
            f"{'t' if row.is_head else 'f'}\t{problems}\t{'refused' if row.refused else 'created'}\t"
            f"{hints}\t{'t' if row.hidden else 'f'}\n"
        )

    def _complete(self, row: Row) -> None:
        """What a row that is not about a person needs: a door number, a name. Its address gives a dwelling's parts."""
        if self.kind in (Subject.DWELLING, BUILDING) and not (row.address and self._says_where(row.address)):
            self._refuse(row, "地址", say("看不出是哪一幢哪一室。请写明路、弄、号和室，例如 四平路2500弄12号302室"))
        elif self.kind == Subject.ORGANISATION and not row.values.get("name"):
            self._refuse(row, "单位名称", say("没有单位名称。请填写"))
        elif self.kind == Subject.DWELLING and row.address is not None:
            parts = self.placing.parts(row.address)
            row.values = {k: v for k, v in row.values.items() if k not in parts} | parts

    def _says_where(self, address: Address) -> bool:
        """A dwelling; for a list of buildings their numbers are enough."""
        return address.is_dwelling or self.kind == BUILDING and bool(address.building) and not address.pseudo

    @staticmethod
    def _refuse(row: Row, column: str, reason: str) -> None:
        if not row.refused:
            row.problems.append(Problem(row.sheet, row.number, column, "", reason, ROW))
            row.refused = True


def _ids() -> Iterator[str]:
    """UUIDs of version 7 as text, one after the other; chance is drawn for a block at once. The digit KIN is 0."""
    while True:
        ms, drawn = time.time_ns() // 1_000_000, os.urandom(8 * BLOCK).hex()
        start = f"{ms >> 16:08x}-{ms & 0xFFFF:04x}-7"
        for n in range(0, 16 * BLOCK, 16):
            x = drawn[n : n + 16]
            # Within one millisecond the rows keep their order: the place in the block stands first.
            yield f"{start}{n >> 4:03x}-{_VARIANT[x[0]]}0{x[2:4]}-{x[4:]}"


def _blocks(lines: Iterator[str]) -> Iterator[str]:
    while block := "".join(islice(lines, BLOCK)):
        yield block


@contextmanager
def _uncollected() -> Iterator[None]:
    """A hundred thousand rows at hand are looked through for garbage again and again, and writing them out makes none."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def stage(batch: Import, rows: Iterable[Row], kind: str = str(Subject.PERSON)) -> int:
    """Copy rows into the staging table; answers how many. Each is taken as new until matching says otherwise."""
    lines = Lines(kind, Placing(known_places(batch.area)))
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists pg_temp.arriving")
        cursor.execute(ARRIVING)
        with _uncollected(), cursor.copy(COPY) as stream:
            for block in _blocks(lines.line(row) for row in rows):
                stream.write(block)
        cursor.execute(TAKE, {"area": batch.area, "batch": batch.pk, "kind": kind})
        count = int(cursor.rowcount)
        cursor.execute("drop table pg_temp.arriving")
    if count >= MANY:
        analyze(f"exchange_importrow ({MATCHED})", coarse=True)
    return count
