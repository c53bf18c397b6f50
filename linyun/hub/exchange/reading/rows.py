"""What a table gives row by row: values, address, household, and every problem with its row and column."""

from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from linyun.kernel.values.addresses import Address

Scope = Literal["row", "cell"]
ROW: Scope = "row"
CELL: Scope = "cell"


class Problem(NamedTuple):
    """Something in a file that could not be taken in.

    ``row``: as Excel shows it, from 1. ``column``: letter and header, "D 身份证号码". ``scope``: "row" when the whole
    row is refused, "cell" when only this cell is left out. Identity numbers in ``value`` are masked.
    """

    sheet: str
    row: int
    column: str
    value: str
    reason: str
    scope: Scope


@dataclass(slots=True)
class Row:
    """One data row. ``values``: item code → normal value, of the table's own subject; ``others``: of further subjects.

    ``specials``: what special columns hold (visit date, plate …). ``precisions``: item code → "month" or "year" for
    dates that are no whole day. ``address`` is where the person lives here ("actual") or, when only that is known, is
    registered here ("registered", see ``residence_kind``); None when not stated or elsewhere. ``household_key`` is
    equal for the rows of one household within the file, "" when unknown. ``cells`` are the row's cells, with what
    "as above" and merged ranges stand for.
    """

    sheet: str
    number: int
    cells: list[Any]
    values: dict[str, Any] = field(default_factory=dict)
    others: dict[str, dict[str, Any]] = field(default_factory=dict)
    specials: dict[str, Any] = field(default_factory=dict)
    precisions: dict[str, str] = field(default_factory=dict)
    address: Address | None = None
    registered: Address | None = None
    residence_kind: str = "actual"
    relation: str = ""
    relation_text: str = ""
    is_head: bool = False
    deceased: bool = False
    household_key: str = ""
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    refused: bool = False
    hidden: bool = False


class Skipped(NamedTuple):
    """A line that is not counted as a row: a total, a signature, an empty dwelling …; ``row`` from 1."""

    row: int
    why: str
