"""From a read file to staged rows: parsed, sealed and copied into the database in one stream."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from linyun.foundation.areas.bulk import analyze, copy
from linyun.hub.exchange.models import Import
from linyun.hub.exchange.reading import Row
from linyun.hub.records.services import following, sealer
from linyun.kernel.ids import uuid7
from linyun.kernel.values.pinyin import pinyin_key

COLUMNS = (
    "id", "area", "batch_id", "sheet", "number", "name", "digest", "values", "address", "address_key", "relation",
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
    if "name" in values:
        values["_pinyin"] = pinyin_key(values["name"]).text
    return values, digest


def _address(row: Row) -> tuple[str | None, str]:
    address = row.address
    if address is None or not address.is_dwelling:
        return None, ""
    place = address.place_key
    building = f"{place}{address.building}{address.building_word or '号'}" if address.building else place
    return json.dumps(
        {
            "estate": address.estate or None,
            "road": address.road or None,
            "lane": address.lane or None,
            "building": address.building or None,
            "unit": address.unit or None,
            "room": address.room or None,
            "text": address.text,
            "kind": row.residence_kind,
            "building_key": f"{place}|{address.building}",
            "building_name": building,
        },
        ensure_ascii=False,
    ), address.key


def _line(batch: Import, row: Row) -> tuple[Any, ...]:
    values, digest = staged_values(row)
    address, key = _address(row)
    return (
        uuid7(), batch.area, batch.pk, row.sheet, row.number, values.get("name", ""), digest,
        json.dumps(values, ensure_ascii=False), address, key, row.relation or "", row.household_key or "", row.is_head,
        json.dumps([p._asdict() for p in row.problems], ensure_ascii=False, default=str),
        "refused" if row.refused else "", "[]", row.hidden,
    )  # fmt: skip


def stage(batch: Import, rows: Iterable[Row]) -> int:
    """Copy rows into the staging table; answers how many."""
    count = copy("exchange_importrow", COLUMNS, (_line(batch, row) for row in rows))
    analyze("exchange_importrow")
    return count
