"""Fixing a ledger's figures: what is kept, how it comes back, how it differs from now. Pure functions.

The canonical form is JSON with sorted keys and no spaces; its SHA-256 is the digest by which anyone can check that a
closing is unchanged. Identity numbers stay sealed in it.
"""

import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from linyun.hub.ledgers.layout import Heading
from linyun.kernel.declare import Kind
from linyun.kernel.values.seal import digest_of
from linyun.kernel.words import say

FORM = 1
Column = Sequence[Any]


class Damaged(ValueError):
    """A closing's body does not have the digest that was recorded when it was closed."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """A ledger as it was when it was closed. ``data`` holds sealed texts where a column is an identity number."""

    title: str
    lines: tuple[str, str, str]
    foot: tuple[str, ...]
    headings: tuple[Heading, ...]
    data: tuple[Column, ...]
    refs: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many rows."""
        return len(self.data[0]) if self.data else 0

    def shown(self, worded: Callable[[str], str]) -> tuple[Column, ...]:
        """The columns with each sealed text put through ``worded``: opened and masked, or opened in full."""
        return tuple(
            [worded(v) if v else None for v in column] if h.kind is Kind.IDENTITY else column
            for h, column in zip(self.headings, self.data, strict=True)
        )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def freeze(kept: Frozen) -> tuple[bytes, str]:
    """The deflated body of a closing and its digest."""
    document = {
        "form": FORM,
        "title": kept.title,
        "lines": list(kept.lines),
        "foot": list(kept.foot),
        "columns": [
            {"name": h.name, "value": h.value, "kind": h.kind, "head": list(h.head), "width": h.width, "unit": h.unit}
            for h in kept.headings
        ],
        "data": [[_plain(v) for v in column] for column in kept.data],
        "refs": list(kept.refs),
    }
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return zlib.compress(text, 6), hashlib.sha256(text).hexdigest()


def thaw(body: bytes, digest: str) -> Frozen:
    """A closing as it was. Raises Damaged when the body is not what the digest says."""
    try:
        text = zlib.decompress(body)
    except zlib.error as error:
        raise Damaged(say("封账内容已损坏")) from error
    if hashlib.sha256(text).hexdigest() != digest:
        raise Damaged(say("封账内容与封账时的校验码不符"))
    document = json.loads(text)
    headings = tuple(
        Heading(c["name"], c["value"], Kind(c["kind"]), tuple(c["head"]), c["width"], c["unit"])
        for c in document["columns"]
    )
    data = tuple(
        [_day(v) for v in column] if h.kind is Kind.DATE else column
        for h, column in zip(headings, document["data"], strict=True)
    )
    left, middle, right = document["lines"]
    refs = tuple(document["refs"])
    return Frozen(document["title"], (left, middle, right), tuple(document["foot"]), headings, data, refs)


def _day(value: Any) -> Any:
    """Days are kept as ISO texts; a text in a date column that is no day stays a text."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return value


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell that says something else now."""

    column: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that is in both, with the cells that differ. ``label`` names it as the old row does."""

    ref: str
    label: str
    cells: tuple[CellChange, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """How a closing differs from now. Rows that came or went are given by label and reference."""

    added: tuple[tuple[str, str], ...] = ()
    removed: tuple[tuple[str, str], ...] = ()
    changed: tuple[RowChange, ...] = ()
    columns_added: tuple[str, ...] = ()
    columns_removed: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return not (self.added or self.removed or self.changed or self.columns_added or self.columns_removed)


def _keyed(kept: Frozen) -> dict[tuple[str, int], int]:
    """Row numbers by reference; a reference that stands twice is counted through. Without references, by place."""
    if not kept.refs:
        return {(str(n), 0): n for n in range(kept.count)}
    seen: Counter[str] = Counter()
    found: dict[tuple[str, int], int] = {}
    for n, ref in enumerate(kept.refs):
        found[ref, seen[ref]] = n
        seen[ref] += 1
    return found


def _columns(kept: Frozen) -> dict[tuple[str, tuple[str, ...]], int]:
    return {(h.value, h.path): n for n, h in enumerate(kept.headings) if h.value != "seq"}


_NAMING = ("name", "person_name", "entry.name", "head_name", "row_name", "address")


def _labeller(kept: Frozen) -> Callable[[int], str]:
    """How rows are named: by the name, else by the first column that is no number of rows."""
    at = {h.value: n for n, h in enumerate(kept.headings)}
    place = next((at[v] for v in _NAMING if v in at), next((n for v, n in at.items() if v != "seq"), 0))
    return lambda row: str(_plain(kept.data[place][row]) or f"第 {row + 1} 行")


def _compared(kind: Kind, value: Any) -> Any:
    # The same number sealed twice looks different; its digest does not.
    return digest_of(value) if kind is Kind.IDENTITY and value else _plain(value)


def difference(then: Frozen, now: Frozen) -> Difference:
    """What came, went and changed since a closing. The number of the row is not compared."""
    old_rows, new_rows = _keyed(then), _keyed(now)
    old_columns, new_columns = _columns(then), _columns(now)
    old_label, new_label = _labeller(then), _labeller(now)
    both = [(then.headings[n], n, new_columns[key]) for key, n in old_columns.items() if key in new_columns]
    changed = []
    for key, row in old_rows.items():
        if key in new_rows:
            cells = _changed_cells(then, now, row, new_rows[key], both)
            if cells:
                changed.append(RowChange(key[0], old_label(row), cells))
    return Difference(
        added=tuple((key[0], new_label(n)) for key, n in new_rows.items() if key not in old_rows),
        removed=tuple((key[0], old_label(n)) for key, n in old_rows.items() if key not in new_rows),
        changed=tuple(changed),
        columns_added=_names(now, new_columns, old_columns),
        columns_removed=_names(then, old_columns, new_columns),
    )


def _names(kept: Frozen, here: Mapping[Any, int], there: Mapping[Any, int]) -> tuple[str, ...]:
    return tuple(kept.headings[n].full_name for key, n in here.items() if key not in there)


def _changed_cells(
    then: Frozen, now: Frozen, old_row: int, new_row: int, both: Sequence[tuple[Heading, int, int]]
) -> tuple[CellChange, ...]:
    found = []
    for heading, old_column, new_column in both:
        old, new = then.data[old_column][old_row], now.data[new_column][new_row]
        if _compared(heading.kind, old) != _compared(heading.kind, new):
            hidden = heading.kind is Kind.IDENTITY
            change = CellChange(heading.full_name, say("原号码") if hidden else old, say("新号码") if hidden else new)
            found.append(change)
    return tuple(found)
