"""A year of visits: more to those who live alone, are very old or in need; how, by whom, what was said."""

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from linyun.kernel.synth.archetypes import Place, Role
from linyun.kernel.synth.draft import Draft
from linyun.kernel.synth.estates import Area
from linyun.kernel.synth.numbers import uuids
from linyun.kernel.synth.sentences import AUDIENCES, BODY_LISTS, CLOSING_LIST, OPENING_LISTS

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Rng = np.random.Generator

DAYS = 365
MODES = ("1", "2", "3", "4", "5", "6")
# Shares of reception, door, phone, WeChat, intercom, other, by audience.
_MODES = np.cumsum(
    [
        [0.06, 0.55, 0.27, 0.02, 0.05, 0.05],
        [0.20, 0.40, 0.20, 0.08, 0.02, 0.10],
        [0.06, 0.60, 0.26, 0.04, 0.02, 0.02],
        [0.30, 0.36, 0.22, 0.06, 0.01, 0.05],
        [0.20, 0.22, 0.18, 0.32, 0.02, 0.06],
        [0.16, 0.46, 0.16, 0.18, 0.02, 0.02],
        [0.22, 0.26, 0.24, 0.20, 0.02, 0.06],
    ],
    axis=1,
)
# Those alone of 80 and over, alone, in care, aided, of 80 and over, of 60 and over, tenants, parents, others.
_RATES = np.array([40.0, 14.0, 11.0, 9.0, 6.0, 1.6, 0.45, 0.8, 0.35])
_AUDIENCE = np.array([0, 0, 2, 3, 1, 1, 5, 4, 6])
_FOLLOWED = 0.16
"""How many visits leave something to do."""


def yearly_rate(draft: Draft, people: pl.DataFrame) -> tuple[Floats, Ints]:
    """Expected visits in a year and the audience (row of AUDIENCES) of each person.

    Weekly to those of 80 and over who live alone, two or three a month to other lone elders, monthly to people in care,
    quarterly to elders in general (the rhythm of visits in domain facts §6), now and then to everybody else.
    """
    living = np.bincount(draft.group[draft.lives], minlength=len(draft.kind))[draft.group]
    age, lives = draft.age, draft.lives
    alone = lives & (living == 1) & (age >= 60)
    care = people["care_level"].is_not_null().to_numpy()
    severe = people["disability_level"].is_in(["1", "2"]).fill_null(value=False).to_numpy()
    aided = people["aid_type"].is_not_null().to_numpy()
    let = draft.table.place[draft.kind][draft.group] == Place.LET
    parent = np.zeros(draft.people, bool)
    child = (draft.age < 18) & (draft.parent1 >= 0)
    parent[draft.parent1[child]] = True
    conditions = [alone & (age >= 80), alone, care | severe, aided, age >= 80, age >= 60, let, parent]
    case = np.select(conditions, range(len(conditions)), len(conditions))
    rate = _RATES[case] * np.where(lives, 1.0, 0.25) * (age >= 16)
    rate *= np.where((case >= 6) & (draft.role != Role.HEAD), 0.35, 1.0)
    return rate, _AUDIENCE[case]


def visits(
    rng: Rng,
    draft: Draft,
    people: pl.DataFrame,
    staff: pl.DataFrame,
    committees: Sequence[Area],
    today: int,
    since: Ints,
) -> pl.DataFrame:
    """All visits of the year before ``today`` (days since 1970), by person; the ids rise with the time of the visit.

    ``since``: person → the day from which they belong here; nobody is visited before.
    """
    rate, audience = yearly_rate(draft, people)
    person = np.repeat(np.arange(draft.people), rng.poisson(rate))
    day = today - 1 - (rng.random(len(person)) * DAYS).astype(np.int64)
    day = _on_workdays(rng, day)
    minute = day * 1440 + rng.integers(9 * 60, 17 * 60, len(person))
    about = audience[person]
    mode = (rng.random(len(person))[:, None] >= _MODES[about][:, :-1]).sum(axis=1)
    follow = rng.random(len(person)) < _FOLLOWED
    due = (day + rng.integers(3, 15, len(person))).astype("datetime64[D]")
    frame = pl.DataFrame(
        {
            "person_id": people["id"].gather(person),
            "area": people["area"].gather(person),
            "visited_on": pl.Series(day.astype("datetime64[D]")).cast(pl.Date),
            "at": _moments(minute),
            "mode": pl.Series(MODES).gather(mode),
            "content": _notes(rng, mode, about, follow),
            "visitor": _visitors(rng, draft, staff, committees, person),
            "follow_up": pl.select(pl.when(pl.Series(follow)).then(pl.Series(due).cast(pl.Date))).to_series(),
        }
    )
    frame = frame.insert_column(0, uuids(rng, len(person), (minute - 480) * 60_000).alias("id"))
    return frame.filter(pl.Series(day >= since[person]))


def _on_workdays(rng: Rng, day: Ints) -> Ints:
    """Move most of those that fall on a weekend to the Friday before."""
    weekday = (day + 3) % 7
    weekend = (weekday >= 5) & (rng.random(len(day)) < 0.9)
    return np.where(weekend, day - (weekday - 4), day)


def _moments(minute: Ints) -> pl.Series:
    """Minutes since 1970-01-01 00:00 in Shanghai as moments with zone."""
    local = pl.Series((minute * 60_000).astype("datetime64[ms]"))
    return local.dt.replace_time_zone("Asia/Shanghai")


def _notes(rng: Rng, mode: Ints, about: Ints, follow: NDArray[np.bool_]) -> pl.Series:
    """Opening, body and – where something is left to do – closing."""
    opening = _choose(rng, [OPENING_LISTS[code] for code in MODES], mode)
    body = _choose(rng, [BODY_LISTS[code] for code in AUDIENCES], about)
    closing = _choose(rng, [[""], CLOSING_LIST], follow.astype(np.int64))
    return pl.DataFrame({"o": opening, "b": body, "c": closing}).select(pl.concat_str("o", "b", "c"))["o"]


def _choose(rng: Rng, lists: list[list[str]], which: Ints) -> pl.Series:
    """A string from the list that ``which`` names, for each row."""
    sizes = np.array([len(entries) for entries in lists])
    first = np.cumsum(sizes) - sizes
    row = first[which] + (rng.random(len(which)) * sizes[which]).astype(np.int64)
    return pl.Series([text for entries in lists for text in entries], dtype=pl.String).gather(row)


def _visitors(rng: Rng, draft: Draft, staff: pl.DataFrame, committees: Sequence[Area], person: Ints) -> pl.Series:
    """A worker of the person's committee; three in four times the same one, who knows the building."""
    workers = staff.filter(pl.col("role") == "worker")
    by_code = {code: i for i, code in enumerate(c.code for c in committees)}
    row = np.array([by_code[area] for area in workers["area"]])
    first = np.searchsorted(row, np.arange(len(committees)))
    count = np.bincount(row, minlength=len(committees))
    where = draft.committee[draft.group[person]]
    usual = (draft.group[person] // 7) % count[where]
    other = (rng.random(len(person)) * count[where]).astype(np.int64)
    chosen = np.where(rng.random(len(person)) < 0.75, usual, other)
    return workers["name"].gather(first[where] + chosen)
