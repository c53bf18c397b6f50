"""Numbers that look right and belong to nobody: identifiers, identity numbers, phones, social credit codes.

Identity numbers (GB 11643): region, birth date, three digits of sequence (odd for men, even for women), check digit.
The sequence counts down from 999 within a region, a birth date and a sex: five numbers each in 990–999, the range we
keep for made people; beyond five it goes on down to 900, so that a region, date and sex hold 50, and beyond fifty the
next region is taken. With the 27 codes of Shanghai and some 245 others, 25 million people fit: the fullest
birth dates then need about 17 numbers for each Shanghai region.

Phones: 19900 and six digits; 990,000 of them, then 19901 and so on up to 19999. 19900 99xxxx is left for characters
and for newcomers in rosters.
"""

import io
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from linyun.kernel.synth import regions
from linyun.kernel.synth.draft import EPOCH_1900, MALE
from linyun.kernel.values import identity, uscc

ROOM = 50
"""Identity numbers for a region, a birth date and a sex."""
PHONES_PER_PREFIX = 990_000
_DAYS = 60_000

_FOURS = (np.arange(10_000)[:, None] // np.array([1000, 100, 10, 1]) % 10).astype(np.uint8)
_HEX = np.frombuffer(b"".join(b"%02x" % i for i in range(256)), dtype=np.uint16)

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]


class NumbersExhausted(ValueError):
    """No identity number is left for a birth date and sex in any region."""


def text_column(rows: Bytes) -> pl.Series:
    """ASCII rows of equal width (n × width bytes) as a column of strings."""
    height, width = rows.shape
    if not height:
        return pl.Series([], dtype=pl.String)
    lines = np.full((height, width + 1), ord("\n"), np.uint8)
    lines[:, :width] = rows
    return pl.read_csv(io.BytesIO(lines.tobytes()), has_header=False, schema={"text": pl.String})["text"]


def digits_of(values: Ints, width: int) -> Bytes:
    """Decimal digits (0–9) of whole numbers, most significant first, n × width."""
    out = np.empty((len(values), (width + 3) // 4 * 4), np.uint8)
    rest = values
    for end in range(out.shape[1], 0, -4):
        rest, low = np.divmod(rest, 10_000)
        out[:, end - 4 : end] = _FOURS[low]
    return out[:, out.shape[1] - width :]


def uuids(rng: np.random.Generator, count: int, at_ms: int | Ints) -> pl.Series:
    """``count`` UUIDs of version 7 as text. ``at_ms``: milliseconds since 1970, of the first or of each."""
    step = np.arange(count, dtype=np.uint64)
    moment = np.asarray(at_ms, np.uint64) + (step // np.uint64(4096) if isinstance(at_ms, int) else np.uint64(0))
    ms = moment.astype(">u8").view(np.uint8).reshape(count, 8)
    raw = np.empty((count, 16), np.uint8)
    raw[:, 8:] = rng.integers(0, 1 << 64, count, dtype=np.uint64, endpoint=False).view(np.uint8).reshape(count, 8)
    raw[:, :6] = ms[:, 2:]
    low = step % np.uint64(4096)
    raw[:, 6] = 0x70 | (low >> np.uint64(8)).astype(np.uint8)
    raw[:, 7] = (low & np.uint64(0xFF)).astype(np.uint8)
    raw[:, 8] = 0x80 | (raw[:, 8] & 0x3F)
    signs = _HEX[raw].view(np.uint8).reshape(count, 32)
    rows = np.full((count, 36), ord("-"), np.uint8)
    for source, target, length in ((0, 0, 8), (8, 9, 4), (12, 14, 4), (16, 19, 4), (20, 24, 12)):
        rows[:, target : target + length] = signs[:, source : source + length]
    return text_column(rows)


@dataclass(slots=True)
class Numbers:
    """What has been given out so far, so that parts of a large world never share a number."""

    taken: Bytes = field(default_factory=lambda: np.zeros((len(regions.CODES), _DAYS, 2), np.uint8))
    phones: int = 0

    def identities(self, region: Ints, born: Ints, sex: NDArray[np.int8]) -> pl.Series:
        """One number for each person; where a region is full for the day, the next of its kind is taken."""
        region = region.copy()
        man = (sex == MALE).astype(np.int64)
        rank = np.full(len(region), -1, np.int64)
        waiting = np.arange(len(region))
        for _ in range(len(regions.CODES)):
            rank[waiting] = self._claim(region[waiting], born[waiting] - EPOCH_1900, man[waiting])
            waiting = waiting[rank[waiting] < 0]
            if not len(waiting):
                return self._write(region, born, man, rank)
            region[waiting] = _next_region(region[waiting])
        raise NumbersExhausted("no identity number is left for some birth date in any region")

    def _claim(self, region: Ints, day: Ints, man: Ints) -> Ints:
        """How many of the same region, day and sex came before each; -1 where there is no room left."""
        key = (region * _DAYS + day) * 2 + man
        order = np.argsort(key, kind="stable")
        sorted_key = key[order]
        starts = np.flatnonzero(np.concatenate(([True], sorted_key[1:] != sorted_key[:-1])))
        counts = np.diff(np.concatenate((starts, [len(key)])))
        rank = np.empty(len(key), np.int64)
        rank[order] = np.arange(len(key)) - np.repeat(starts, counts)
        flat = self.taken.reshape(-1)
        rank += flat[key]
        used = sorted_key[starts]
        flat[used] = np.minimum(flat[used] + counts, ROOM).astype(np.uint8)
        return np.where(rank < ROOM, rank, -1)

    @staticmethod
    def _write(region: Ints, born: Ints, man: Ints, rank: Ints) -> pl.Series:
        day = born.astype("datetime64[D]")
        month = day.astype("datetime64[M]")
        year = day.astype("datetime64[Y]").astype(np.int64) + 1970
        date = year * 10000 + (month.astype(np.int64) % 12 + 1) * 100 + (day - month).astype(np.int64) + 1
        sequence = 998 + man - 2 * rank
        body = np.concatenate((regions.DIGITS[region], digits_of(date, 8), digits_of(sequence, 3)), axis=1)
        check = np.frombuffer(identity.CHECK.encode(), np.uint8)[(body * np.array(identity.WEIGHTS)).sum(axis=1) % 11]
        return text_column(np.column_stack((body + ord("0"), check)))

    def phone_numbers(self, count: int) -> pl.Series:
        """``count`` phone numbers that nobody else in the world has."""
        number = self.phones + np.arange(count)
        self.phones += count
        block = number // PHONES_PER_PREFIX
        if count and int(block[-1]) > 99:
            raise NumbersExhausted("no phone number is left between 19900 and 19999")
        # 617,887 has no factor in common with 990,000: every tail comes up once before any comes again
        tail = (number % PHONES_PER_PREFIX * 617_887 + 31_337) % PHONES_PER_PREFIX
        return text_column(digits_of(19_900_000_000 + block * 1_000_000 + tail, 11) + ord("0"))


def _next_region(region: Ints) -> Ints:
    """The region tried next: within Shanghai for its own, elsewhere for others."""
    following = np.empty(len(regions.CODES), np.int64)
    for ring in (regions.LOCAL, regions.FOREIGN):
        following[ring] = np.roll(ring, -1)
    return following[region]


def social_credit_codes(rng: np.random.Generator, region: list[str], kind: NDArray[np.uint8]) -> list[str]:
    """Unified social credit codes (GB 32100): ``91``/``92``…, region, a body that starts with YY, check sign."""
    middle = np.array(list(uscc.ALPHABET))[rng.integers(0, 31, (len(region), 7))]
    bodies = [f"9{second}{place}YY{''.join(signs)}" for place, second, signs in zip(region, kind, middle, strict=True)]
    return [body + uscc.check_character(body) for body in bodies]
