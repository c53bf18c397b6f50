"""Numbers of many rows as bitmaps, one for each binary digit: a comparison is a handful of bitmap operations.

The algorithm is that of bit-sliced indexes (O'Neil and Quass 1997): from the highest digit down, rows still equal to the
number so far are split by whether they hold the digit. Its cost goes with the digits, hardly with the rows.
"""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from linyun.kernel.rule.syntax import Op

Numbers: TypeAlias = npt.NDArray[Any]
NOBODY = BitMap()


def rows_of(numbers: Iterable[int] | Numbers) -> BitMap:
    """A bitmap of row numbers. By way of an array of unsigned ints, which is read seven times faster than others."""
    if isinstance(numbers, np.ndarray):
        read = array("I")
        read.frombytes(np.ascontiguousarray(numbers, np.uint32).tobytes())
        return BitMap(read)
    return BitMap(numbers if isinstance(numbers, array) else array("I", numbers))


def numbers_of(rows: BitMap) -> Numbers:
    """The row numbers of a bitmap, in order."""
    return np.array(rows.to_array(), np.uint32)


@dataclass(frozen=True, slots=True)
class Split:
    """Rows below a number, at it, and above it."""

    below: BitMap
    at: BitMap
    above: BitMap


class Sliced:
    """Whole numbers of rows. ``low`` is taken off before they are cut into digits, so that few digits suffice."""

    def __init__(self, rows: Numbers, values: Numbers) -> None:
        self._cut(rows, values)

    @classmethod
    def of(cls, values: Iterable[tuple[int, int]]) -> "Sliced":
        """From (row, number) of every row of which one is known."""
        pairs = list(values)
        return cls(np.array([row for row, _ in pairs], np.uint32), np.array([value for _, value in pairs], np.int64))

    def _cut(self, rows: Numbers, values: Numbers) -> None:
        self.low, self.high = (int(values.min()), int(values.max())) if len(values) else (0, -1)
        self.known = rows_of(rows)
        rest = values - self.low
        self.slices = [rows_of(rows[(rest >> digit & 1).astype(bool)]) for digit in range(self._digits())]

    def _digits(self) -> int:
        return max(self.high - self.low, 0).bit_length()

    def split(self, number: int) -> Split:
        """All known rows by how they stand to a number."""
        if number < self.low:
            return Split(NOBODY, NOBODY, self.known)
        if number > self.high:
            return Split(self.known, NOBODY, NOBODY)
        wanted, below, at, above = number - self.low, BitMap(), BitMap(self.known), BitMap()
        for digit in range(len(self.slices) - 1, -1, -1):
            holds = self.slices[digit]
            if wanted >> digit & 1:
                below |= at - holds
                at &= holds
            else:
                above |= at & holds
                at -= holds
        return Split(below, at, above)

    def compare(self, op: Op, number: int) -> BitMap:
        """Those whose number stands so to this one."""
        parted = self.split(number)
        match op:
            case Op.EQ:
                return parted.at
            case Op.NE:
                return parted.below | parted.above
            case Op.LT:
                return parted.below
            case Op.LE:
                return parted.below | parted.at
            case Op.GT:
                return parted.above
            case Op.GE:
                return parted.above | parted.at

    def between(self, low: int, high: int) -> BitMap:
        """Those whose number lies between two, both included; nobody when they stand the wrong way round."""
        return self.compare(Op.GE, low) & self.compare(Op.LE, high) if low <= high else BitMap()

    def value(self, row: int) -> int | None:
        """The number of one row; None when none is known."""
        if row not in self.known:
            return None
        return self.low + sum(1 << digit for digit, holds in enumerate(self.slices) if row in holds)

    def put(self, row: int, value: int | None) -> None:
        """Let a row hold another number, or none."""
        self.known.discard(row)
        for holds in self.slices:
            holds.discard(row)
        if value is None:
            return
        if value < self.low or not self.known:
            # Below the lowest all rows have other digits.
            others = [(other, self.value(other) or 0) for other in self.known]
            made = Sliced.of([*others, (row, value)])
            self.low, self.high, self.known, self.slices = made.low, made.high, made.known, made.slices
            return
        self.high = max(self.high, value)
        self.slices += [BitMap() for _ in range(self._digits() - len(self.slices))]
        self.known.add(row)
        for digit, holds in enumerate(self.slices):
            if value - self.low >> digit & 1:
                holds.add(row)
