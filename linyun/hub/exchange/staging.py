"""From a read file to staged rows: parsed, sealed and copied into the database in one stream."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from linyun.foundation.areas.bulk import analyze, copy
from linyun.foundation.areas.models import Area
from linyun.hub.exchange.models import Import
from linyun.hub.exchange.reading import Row
from linyun.hub.records.services import following, sealer
from linyun.kernel.ids import uuid7
from linyun.kernel.values import addresses
from linyun.kernel.values.addresses import Address
from linyun.kernel.values.pinyin import pinyin_key

COLUMNS = (
    "id", "area", "batch_id", "sheet", "number", "name", "pinyin", "digest", "values", "address", "address_key", "relation",
    "household_key", "is_head", "problems", "outcome", "changes", "hidden",
)  # fmt: skip


def plain(value: Any) -> Any:
    """A parsed value as JSON holds it."""
    if isinstance(value, (date, datetime)):
        return value.isoformat()[:10]
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, tuple):
        return list(value)
    return value


def staged_values(row: Row) -> tuple[dict[str, Any], str]:
    """(values with the identity number sealed and what follows from it, its digest)."""
    values = {code: plain(value) for code, value in row.values.items() if value is not None}
    digest = ""
    number = values.get("identity_number")
    if number:
        values["identity_number"] = sealer.seal(number)
        digest = sealer.digest(number)
        values |= following(number)
    return values, digest


def known_places(committee: str) -> dict[str, Address]:
    """Where a bare building number lies ("18号504室"): the places of buildings whose number stands once in the committee."""
    found: dict[str, list[Address]] = {}
    for name in Area.objects.within(committee).filter(kind=Area.Kind.BUILDING).values_list("name", flat=True):
        parsed = addresses.parse(name).value
        if parsed is not None and parsed.building and parsed.place_key:
            found.setdefault(parsed.building, []).append(parsed)
    return {number: places[0] for number, places in found.items() if len(places) == 1}


def _placed(address: Address, places: Mapping[str, Address]) -> Address:
    """The address with the estate or road that its bare building number means here."""
    if address.place_key or address.building not in places:
        return address
    whole = places[address.building]
    return address._replace(estate=whole.estate, road=whole.road, lane=whole.lane, building_word=whole.building_word)


def _described(address: Address, kind: str) -> str:
    building = f"{address.place_key}{address.building}{address.building_word or '号'}"
    return json.dumps(
        {
            "estate": address.estate or None,
            "road": address.road or None,
            "lane": address.lane or None,
            "building": address.building or None,
            "unit": address.unit or None,
            "room": address.room or None,
            "text": address.text,
            "kind": kind,
            "building_key": f"{address.place_key}|{address.building}",
            "building_name": building if address.building else address.place_key,
        },
        ensure_ascii=False,
    )


def _line(batch: Import, row: Row, places: Mapping[str, Address]) -> tuple[Any, ...]:
    values, digest = staged_values(row)
    address, key = None, ""
    if row.address is not None and row.address.is_dwelling:
        lives = _placed(row.address, places)
        address, key = _described(lives, row.residence_kind), lives.key
        if lives is not row.address and "living_address" in values:
            values["living_address"] = lives.text
    name = values.get("name", "")
    return (
        uuid7(), batch.area, batch.pk, row.sheet, row.number, name, pinyin_key(name).text, digest,
        json.dumps(values, ensure_ascii=False), address, key, row.relation or "", row.household_key or "", row.is_head,
        json.dumps([p._asdict() for p in row.problems], ensure_ascii=False, default=str),
        "refused" if row.refused else "", "[]", row.hidden,
    )  # fmt: skip


def stage(batch: Import, rows: Iterable[Row]) -> int:
    """Copy rows into the staging table; answers how many."""
    places = known_places(batch.area)
    count = copy("exchange_importrow", COLUMNS, (_line(batch, row, places) for row in rows))
    analyze("exchange_importrow")
    return count
