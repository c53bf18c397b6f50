"""Households, their members, and who lives, is registered or owns where."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from linyun.kernel.synth.archetypes import Place, Role
from linyun.kernel.synth.attributes import relation_codes, words
from linyun.kernel.synth.draft import YEAR, Draft
from linyun.kernel.synth.homes import Homes
from linyun.kernel.synth.numbers import uuids

Ints = NDArray[np.int64]
Rng = np.random.Generator


def household_rows(draft: Draft) -> tuple[Ints, Ints]:
    """Group → household, and household → its first group. A committee's collective people share one household."""
    place = draft.table.place[draft.kind]
    collective = place == Place.COLLECTIVE
    key = np.where(collective, len(draft.kind) + draft.committee, np.arange(len(draft.kind)))
    _, first, row = np.unique(key, return_index=True, return_inverse=True)
    return row.astype(np.int64), first.astype(np.int64)


def households(rng: Rng, draft: Draft, homes: Homes, person_ids: pl.Series, at_ms: int) -> tuple[pl.DataFrame, Ints]:
    """One row a household, and group → household. An owner who is neither registered nor lives here heads none."""
    row, first = household_rows(draft)
    dwelling = homes.dwelling[first]
    collective = draft.table.place[draft.kind[first]] == Place.COLLECTIVE
    areas = homes.dwellings["area"].gather(dwelling)
    head = draft.first[first]
    inside = (draft.lives | draft.registered)[head]
    heads = pl.select(pl.when(pl.Series(~collective)).then(person_ids.gather(head))).to_series()
    let = draft.table.place[draft.kind[first]] == Place.LET
    kind = np.where(collective, 2, np.where(let, 1, 0))
    frame = pl.DataFrame(
        {
            "id": uuids(rng, len(first), at_ms),
            "area": areas,
            "head_person_id": heads,
            "dwelling_id": homes.dwellings["id"].gather(dwelling),
            "kind_of_household": words(("1", "1", "2"), kind),
            "kind": words(("home", "tenant", "collective"), kind),
        }
    )
    serial = pl.int_range(1, pl.len() + 1).over(pl.col("area").str.head(12))
    number = pl.concat_str(pl.col("area").str.slice(6, 6), serial.cast(pl.String).str.zfill(5))
    kept = np.flatnonzero(inside | collective)
    new_row = np.full(len(first), -1, np.int64)
    new_row[kept] = np.arange(len(kept))
    return frame.with_columns(number=number).filter(pl.Series(inside | collective)), new_row[row]


def since(rng: Rng, draft: Draft, homes: Homes) -> Ints:
    """Person → the day (since 1970) from which the present home holds: after the house was built, not before birth."""
    built = np.maximum(homes.built_year[homes.dwelling], 1950) - 1970
    ready = np.minimum(built.astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64), draft.today - 200)
    head_adult = draft.born[draft.first] + int(20 * YEAR)
    earliest = np.maximum(ready, head_adult)
    earliest = np.minimum(earliest, draft.today - 200)
    settled = earliest + (rng.random(len(built)) * (draft.today - 100 - earliest)).astype(np.int64)
    recent = draft.today - 20 - np.minimum(rng.exponential(700.0, len(built)), 7000).astype(np.int64)
    let = draft.table.place[draft.kind] == Place.LET
    day = np.where(let, np.maximum(recent, ready), settled)[draft.group]
    return np.maximum(day, draft.born)


def memberships(draft: Draft, household: pl.DataFrame, row: Ints, person_ids: pl.Series, day: Ints) -> pl.DataFrame:
    """Who belongs to which household as what (GB/T 4761)."""
    at = row[draft.group]
    inside = np.flatnonzero(at >= 0)
    return pl.DataFrame(
        {
            "household_id": household["id"].gather(at[inside]),
            "person_id": person_ids.gather(inside),
            "relation": relation_codes(draft).gather(inside),
            "is_head": pl.Series(draft.role[inside] == Role.HEAD),
            "valid_from": _dates(day).gather(inside),
        }
    )


def residences(rng: Rng, draft: Draft, homes: Homes, person_ids: pl.Series, day: Ints) -> pl.DataFrame:
    """Person and dwelling: ``registered``, ``actual``, ``owner``; each is a fact of its own with its own beginning."""
    dwelling = homes.dwelling[draft.group]
    rented = (homes.dwellings["tenure"].gather(dwelling).fill_null("3") == "3").to_numpy()
    own_home = draft.table.place[draft.kind][draft.group] == Place.OWN
    second = (draft.role == Role.SPOUSE) & (rng.random(draft.people) < 0.6)
    owner = own_home & ((draft.role == Role.HEAD) | second) & ~rented
    ids, homes_ids = person_ids, homes.dwellings["id"].gather(dwelling)
    dates = _dates(day)
    parts = []
    for kind, mask in (("registered", draft.registered), ("actual", draft.lives), ("owner", owner)):
        keep = pl.Series(mask)
        parts.append(
            pl.DataFrame({"person_id": ids.filter(keep), "dwelling_id": homes_ids.filter(keep)}).with_columns(
                kind=pl.lit(kind), valid_from=dates.filter(keep)
            )
        )
    return pl.concat(parts)


def _dates(day: Ints) -> pl.Series:
    return pl.Series(day.astype("datetime64[D]")).cast(pl.Date)
