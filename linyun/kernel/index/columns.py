"""What is known of many rows for one field, in the form in which its tests are bitmaps."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Protocol, Self

import numpy as np
import polars as pl
from pyroaring import BitMap

from linyun.kernel.declare import Kind
from linyun.kernel.index.bits import Numbers, Sliced, rows_of
from linyun.kernel.rule.syntax import Between, Compare, Contains, HasCode, OneOf, Op, Within

Test = Compare | Between | OneOf | Within | Contains | HasCode


class Column(Protocol):
    """The values of one field."""

    @property
    def known(self) -> BitMap:
        """The rows of which a value is known."""

    def holding(self, test: Test) -> BitMap:
        """The rows for which a test is true. Days in it are calendar days."""

    def put(self, row: int, value: Any) -> None:
        """Let a row hold another value, or none (None)."""


class Named:
    """Codes, truths, areas and texts: one bitmap for each value."""

    def __init__(self, values: Iterable[tuple[int, Any]] = ()) -> None:
        held: dict[Any, list[int]] = defaultdict(list)
        for row, value in values:
            held[value].append(row)
        self.rows: dict[Any, BitMap] = {value: rows_of(rows) for value, rows in held.items()}
        self.known = BitMap.union(*self.rows.values()) if self.rows else BitMap()
        self._sorted: list[str] | None = None

    @classmethod
    def read(cls, values: pl.Series) -> Self:
        """From the values of all rows in their order."""
        made = cls()
        made.rows = _rows_by(pl.DataFrame({"value": values}).with_row_index("row"))
        made.known = _known(values)
        return made

    def holding(self, test: Test) -> BitMap:
        """See Column. Areas are found by their prefix in the order of codes; a text is looked for in each value once."""
        match test:
            case Compare(_, op, value):
                same = self.rows.get(value, BitMap())
                return self.known - same if op is Op.NE else same
            case OneOf(_, values):
                return self._united(values)
            case Within(_, areas):
                return self._united(code for area in areas for code in self._within(area))
            case Contains(_, text):
                return self._united(value for value in self.rows if text in value)
            case _:
                raise TypeError(f"{type(test).__name__} is no test of single values")

    def _united(self, values: Iterable[Any]) -> BitMap:
        found = [rows for rows in map(self.rows.get, values) if rows is not None]
        return BitMap.union(*found) if found else BitMap()

    def _within(self, area: str) -> Iterable[str]:
        if self._sorted is None:
            self._sorted = sorted(self.rows)
        start = bisect_left(self._sorted, area)
        # A colon comes right after the digits.
        return self._sorted[start : bisect_left(self._sorted, f"{area}:", start)]

    def put(self, row: int, value: Any) -> None:
        """See Column."""
        if row in self.known:
            self.known.discard(row)
            for rows in self.rows.values():
                if row in rows:
                    rows.discard(row)
                    break
        if value is None:
            return
        if value not in self.rows:
            self.rows[value], self._sorted = BitMap(), None
        self.rows[value].add(row)
        self.known.add(row)


class Several:
    """Several codes of a row: one bitmap for each code. A row may be known to have none."""

    def __init__(self, values: Iterable[tuple[int, Iterable[str]]] = ()) -> None:
        held: dict[str, list[int]] = defaultdict(list)
        known = []
        for row, codes in values:
            known.append(row)
            for code in codes:
                held[code].append(row)
        self.known = rows_of(known)
        self.rows = {code: rows_of(rows) for code, rows in held.items()}

    @classmethod
    def read(cls, values: pl.Series) -> Self:
        """From the lists of codes of all rows in their order."""
        made = cls()
        made.rows = _rows_by(pl.DataFrame({"value": values}).with_row_index("row").explode("value"))
        made.known = _known(values)
        return made

    def holding(self, test: Test) -> BitMap:
        """See Column."""
        if not isinstance(test, HasCode):
            raise TypeError(f"{type(test).__name__} is no test of several codes")
        return self.rows.get(test.code, BitMap())

    def put(self, row: int, value: Iterable[str] | None) -> None:
        """See Column."""
        self.known.discard(row)
        for rows in self.rows.values():
            rows.discard(row)
        if value is None:
            return
        self.known.add(row)
        for code in value:
            self.rows.setdefault(code, BitMap()).add(row)


class Measured:
    """Numbers and days. Decimals are held as whole numbers of their smallest part, days as days since the year 1."""

    def __init__(self, values: Iterable[tuple[int, Any]] = ()) -> None:
        pairs = [(row, _number(value)) for row, value in values]
        self.places = max((_places(value) for _row, value in pairs), default=0)
        self.sliced = Sliced.of((row, self._whole(value)) for row, value in pairs)

    @classmethod
    def read(cls, values: pl.Series) -> Self:
        """From the numbers or days of all rows in their order."""
        made = cls()
        numbers = values.drop_nulls()
        if isinstance(numbers.dtype, pl.Decimal):
            made.places = numbers.dtype.scale
            numbers = (numbers * 10**made.places).cast(pl.Int64)
        elif numbers.dtype == pl.Date:
            numbers = numbers.cast(pl.Int64) + _EPOCH
        made.sliced = Sliced(_places_of(values), numbers.cast(pl.Int64).to_numpy())
        return made

    @property
    def known(self) -> BitMap:
        """The rows of which a number is known."""
        return self.sliced.known

    def _whole(self, value: int | Decimal) -> int:
        return int(value.scaleb(self.places)) if isinstance(value, Decimal) else value * 10**self.places

    def holding(self, test: Test) -> BitMap:
        """See Column."""
        match test:
            case Compare(_, op, value):
                return self._compare(op, value)
            case Between(_, low, high):
                return self._compare(Op.GE, low) & self._compare(Op.LE, high)
            case OneOf(_, values):
                return BitMap.union(*(self._compare(Op.EQ, value) for value in values))
            case _:
                raise TypeError(f"{type(test).__name__} is no test of numbers")

    def _compare(self, op: Op, value: Any) -> BitMap:
        exact = Decimal(_number(value)).scaleb(self.places)
        whole = int(exact.to_integral_value("ROUND_FLOOR"))
        if exact == whole:
            return self.sliced.compare(op, whole)
        match op:  # between two whole parts: nobody stands right there
            case Op.EQ:
                return BitMap()
            case Op.NE:
                return self.known
            case Op.LT | Op.LE:
                return self.sliced.compare(Op.LE, whole)
            case _:
                return self.sliced.compare(Op.GT, whole)

    def put(self, row: int, value: Any) -> None:
        """See Column."""
        if value is None:
            self.sliced.put(row, None)
            return
        number = _number(value)
        if _places(number) > self.places:
            held = [(other, Decimal(self.sliced.value(other) or 0).scaleb(-self.places)) for other in self.known]
            self.__init__([*((other, kept) for other, kept in held if other != row), (row, number)])  # type: ignore[misc]
            return
        self.sliced.put(row, self._whole(number))


def _number(value: Any) -> int | Decimal:
    if isinstance(value, date):
        return value.toordinal()
    return value if isinstance(value, int | Decimal) else Decimal(str(value))


def _places(value: int | Decimal) -> int:
    return max(-int(value.normalize().as_tuple().exponent), 0) if isinstance(value, Decimal) else 0


_EPOCH = date(1970, 1, 1).toordinal()


def _places_of(values: pl.Series) -> Numbers:
    return np.flatnonzero(values.is_not_null().to_numpy()).astype(np.uint32)


def _known(values: pl.Series) -> BitMap:
    return rows_of(_places_of(values))


def _rows_by(pairs: pl.DataFrame) -> dict[Any, BitMap]:
    """For each value of ``value`` the bitmap of its ``row`` numbers; null is no value."""
    grouped = pairs.drop_nulls("value").group_by("value").agg("row")
    return {value: rows_of(rows.to_numpy()) for value, rows in zip(grouped["value"], grouped["row"], strict=True)}


FORMS: Mapping[Kind, type[Named] | type[Several] | type[Measured]] = {
    Kind.CODES: Several,
    Kind.INTEGER: Measured,
    Kind.DECIMAL: Measured,
    Kind.DATE: Measured,
}
"""How the values of a kind are held; all others are Named."""


def column(kind: Kind, values: Iterable[tuple[int, Any]] = ()) -> Column:
    """The column of a kind from (row, value) of every row of which something is known."""
    made: Column = FORMS.get(kind, Named)(values)
    return made


def column_of(kind: Kind, values: pl.Series) -> Column:
    """The column of a kind from the values of all rows in their order, null where none is known.

    Areas, codes and texts as strings, several codes as lists of strings, truths as booleans, days as dates.
    """
    made: Column = FORMS.get(kind, Named).read(values)
    return made
