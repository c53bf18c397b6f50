"""Pages by key: the next page starts after the last row seen, so page 400 costs what page 1 costs.

The cursor holds the last row's sort values. Names and birth dates may be among them, so it is encrypted, not only
signed: addresses land in logs. A cursor made for one order is refused for another.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Generic, TypeVar
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import OrderBy

T = TypeVar("T")
M = TypeVar("M", bound=Model)

SIZE = 50
LIMIT = 200


class BadCursor(ValueError):
    """The cursor was altered, is from another key, or belongs to another order. Answer with the first page or 400."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Rows of one page; ``next`` is the cursor of what follows (None at the end); ``total`` None when not counted."""

    rows: Sequence[T]
    next: str | None = None
    total: int | None = None

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class Key:
    """One part of an order: a field (or annotation) and its direction. Unknown values (NULL) always come last."""

    field: str
    descending: bool = False

    @classmethod
    def of(cls, text: str) -> "Key":
        """``Key.of("-age")``."""
        return cls(text.removeprefix("-"), text.startswith("-"))

    def __str__(self) -> str:
        return f"-{self.field}" if self.descending else self.field


_TYPES: dict[str, tuple[type, Callable[[Any], Any], Callable[[Any], Any]]] = {
    "t": (datetime, datetime.isoformat, datetime.fromisoformat),
    "d": (date, date.isoformat, date.fromisoformat),
    "n": (Decimal, str, Decimal),
    "u": (UUID, str, UUID),
}


def _pack(value: Any) -> Any:
    for mark, (kind, out, _back) in _TYPES.items():
        if isinstance(value, kind):
            return {mark: out(value)}
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"a cursor cannot hold {type(value).__name__}")


def _unpack(value: Any) -> Any:
    if isinstance(value, dict):
        ((mark, text),) = value.items()
        return _TYPES[mark][2](text)
    return value


@lru_cache(maxsize=4)
def _box(secrets: tuple[str, ...]) -> MultiFernet:
    digests = (hashlib.sha256(b"linyun.ui.paging:" + secret.encode()).digest() for secret in secrets)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(d)) for d in digests])


def _current_box() -> MultiFernet:
    return _box((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


def encode(order: str, values: Sequence[Any]) -> str:
    """A cursor for "after these values" in the named order. Raises TypeError for values that JSON cannot carry."""
    text = json.dumps([order, [_pack(v) for v in values]], ensure_ascii=False, separators=(",", ":"))
    return _current_box().encrypt(text.encode()).decode().rstrip("=")


def decode(order: str, cursor: str) -> list[Any]:
    """The values of a cursor. Raises BadCursor when it is not one that we made for this order."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        made_for, values = json.loads(_current_box().decrypt(padded.encode()))
    except (InvalidToken, ValueError, TypeError) as why:
        raise BadCursor("the cursor is not ours") from why
    if made_for != order:
        raise BadCursor("the cursor belongs to another order")
    return [_unpack(v) for v in values]


def _after(keys: Sequence[Key], values: Sequence[Any]) -> Q:
    """Rows that come strictly after ``values``: (k1 > v1) or (k1 = v1 and ((k2 > v2) or …)), NULLs last."""
    key, value, rest = keys[0], values[0], (keys[1:], values[1:])
    if value is None:
        return Q(**{f"{key.field}__isnull": True}) & _after(*rest) if rest[0] else Q(pk__in=[])
    beyond = Q(**{f"{key.field}__{'lt' if key.descending else 'gt'}": value})
    # The primary key is never NULL; asking would only cost the index.
    past = beyond if not rest[0] else beyond | Q(**{f"{key.field}__isnull": True})
    return past | (Q(**{key.field: value}) & _after(*rest)) if rest[0] else past


def _ordering(key: Key) -> OrderBy:
    return F(key.field).desc(nulls_last=True) if key.descending else F(key.field).asc(nulls_last=True)


def _read(row: Any, field: str) -> Any:
    if isinstance(row, dict):
        return row[field]
    for part in field.split("__"):
        row = getattr(row, part)
    return row


def page(
    rows: QuerySet[M, T], order: Sequence[str], after: str = "", size: int = SIZE, total: int | None = None
) -> Page[T]:
    """One page of a QuerySet in the given order (``["-age", "pinyin"]``; the id is added to break ties).

    ``after`` is the cursor of the page before, "" for the first. ``size`` is capped at 200. With ``.values()`` the
    order's fields and ``id`` must be among the values. Raises BadCursor.
    """
    keys = [Key.of(text) for text in order]
    if not keys or keys[-1].field != "id":
        keys.append(Key("id", keys[-1].descending if keys else False))
    name = ",".join(map(str, keys))
    if after:
        values = decode(name, after)
        rows = rows.filter(_after(keys, values))
    # The id has no NULLs: a plain order lets its index serve.
    plain = F("id").desc() if keys[-1].descending else F("id").asc()
    size = max(1, min(size, LIMIT))
    found = list(rows.order_by(*map(_ordering, keys[:-1]), plain)[: size + 1])
    more = len(found) > size
    found = found[:size]
    cursor = encode(name, [_read(found[-1], k.field) for k in keys]) if more else None
    return Page(found, cursor, total)
