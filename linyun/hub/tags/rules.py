"""What readers who may not see persons learn of a number: rounded, and nothing below the smallest cell.

Source: privacy.md, abuse 7 (small crowds re-identify a person). Two nearly equal crowds differ by one person; hiding 1 to
4 alone would let 27 - 26 tell about that one. Rounded to fives, four of five such pairs read the same, and each rule that
such a reader asks is an act, so that who asks in steps of one is seen.
"""

SMALLEST_CELL = 5
"""No count from 1 to 4 is shown to those who may not see persons."""
STEP = 5


def coarse(number: int) -> int | None:
    """A number as such a reader sees it: None when too small to be shown, else the nearest multiple of five."""
    if number == 0:
        return 0
    if number < SMALLEST_CELL:
        return None
    return (number + STEP // 2) // STEP * STEP


def coarse_share(part: int, whole: int) -> float | None:
    """A share as such a reader sees it: of rounded numbers, and only where neither the part nor the rest is small."""
    shown, of = coarse(part), coarse(whole)
    if not shown or not of or 0 < whole - part < SMALLEST_CELL:
        return None
    return min(1.0, shown / of)


def exact_share(part: int, whole: int) -> float | None:
    """A share for those who may list the people; cells below five stay hidden on the picture all the same."""
    return part / whole if part >= SMALLEST_CELL and whole else None
