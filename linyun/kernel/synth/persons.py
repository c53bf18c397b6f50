"""The frame of people: one row a person, columns named after the house's item codes.

``volunteer`` is no item; the world turns it into ``community_role``."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from linyun.kernel.synth import attributes, names, regions
from linyun.kernel.synth.archetypes import Place
from linyun.kernel.synth.draft import Draft
from linyun.kernel.synth.estates import ROADS
from linyun.kernel.synth.homes import Homes
from linyun.kernel.synth.kin import Links, surnames
from linyun.kernel.synth.numbers import Numbers

Ints = NDArray[np.int64]
Rng = np.random.Generator

DISTRICTS = (
    "310101黄浦区",
    "310104徐汇区",
    "310105长宁区",
    "310106静安区",
    "310107普陀区",
    "310109虹口区",
    "310110杨浦区",
    "310112闵行区",
    "310113宝山区",
    "310114嘉定区",
    "310115浦东新区",
    "310116金山区",
    "310117松江区",
    "310118青浦区",
    "310120奉贤区",
    "310151崇明区",
)
_FROM_OTHER_DISTRICT = 0.18
"""Of those who live here and are registered elsewhere, how many are registered in another district of Shanghai."""
_OUTSIDE = 4000


def persons(
    rng: Rng, draft: Draft, homes: Homes, links: Links, numbers: Numbers, ids: pl.Series, district: pl.Series
) -> pl.DataFrame:
    """All people. ``district``: each person's own 6-digit district, from which half of the numbers come."""
    year = draft.born.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    given = names.draw_given(rng, draft.sex, year)
    full = names.write_names(surnames(rng, draft, links), given)
    region, local = _regions(rng, draft, district)
    area, address = _at_home(draft, homes)
    columns = {
        "id": ids,
        "area": area,
        "status": pl.repeat("live", draft.people, eager=True),
        "name": full,
        "sex": attributes.words(("1", "2"), draft.sex.astype(np.int64) - 1),
        "birth_date": pl.Series(draft.born.astype("datetime64[D]")).cast(pl.Date),
        "identity_type": pl.repeat("111", draft.people, eager=True),
        "identity_number": numbers.identities(region, draft.born, draft.sex),
        "phone": _phones(rng, draft, numbers),
        "ethnicity": attributes.ethnicity(rng, draft),
        "native_place": pl.Series(regions.NAMES).gather(_native(rng, draft, region)),
        "marital_status": attributes.marital_status(rng, draft),
        "population_kind": _population_kind(draft),
        "household_type": _household_type(draft),
        **_addresses(rng, draft, address, district, region, local),
        **_life(rng, draft, year),
        **_care(rng, draft),
    }
    frame = pl.DataFrame(columns)
    return frame.hstack(_emergency(draft, links, frame))


def _life(rng: Rng, draft: Draft, year: Ints) -> dict[str, pl.Series]:
    """Schooling, party, work, service and volunteering. ``year``: of birth."""
    schooling = attributes.education(rng, year, draft.age)
    party = attributes.political_status(rng, draft.age, schooling)
    member = party.is_in(["01", "02"]).fill_null(value=False).to_numpy()
    work, occupation, workplace = attributes.employment(rng, draft)
    return {
        "education": schooling,
        "political_status": party,
        "party_joined_on": _joined(rng, draft, member),
        "employment_status": work,
        "occupation": occupation,
        "workplace": workplace,
        "service_status": attributes.service_status(rng, draft),
        "volunteer": pl.Series(attributes.volunteer(rng, draft, member)),
    }


def _care(rng: Rng, draft: Draft) -> dict[str, pl.Series]:
    """Disability, aid and long-term care."""
    kind, level = attributes.disability(rng, draft)
    return {
        "disability_type": kind,
        "disability_level": level,
        "aid_type": attributes.aid(rng, draft, kind.is_not_null().to_numpy()),
        "care_level": attributes.care_level(rng, draft),
    }


def _regions(rng: Rng, draft: Draft, district: pl.Series) -> tuple[Ints, NDArray[np.bool_]]:
    """The region in each identity number, and who is registered in Shanghai (here or in another district)."""
    n = draft.people
    local = draft.registered | (rng.random(n) < _FROM_OTHER_DISTRICT) | ~draft.lives
    at = {regions.CODES[i]: i for i in regions.LOCAL.tolist()}
    codes = district.unique(maintain_order=True)
    home_of = pl.DataFrame(
        {"c": codes, "r": [at.get(code, -1) for code in codes]}, schema={"c": pl.String, "r": pl.Int64}
    )
    home = pl.DataFrame({"c": district}).join(home_of, on="c", how="left", maintain_order="left")["r"].to_numpy()
    shanghai = rng.choice(regions.LOCAL, n)
    stays = (rng.random(n) < 0.55) & (home >= 0)
    group_region = rng.choice(regions.FOREIGN, len(draft.kind))[draft.group]
    apart = rng.random(n) < 0.2
    foreign = np.where(apart, rng.choice(regions.FOREIGN, n), group_region)
    return np.where(local, np.where(stays, home, shanghai), foreign), local


def _native(rng: Rng, draft: Draft, region: Ints) -> Ints:
    """Native place: where the family comes from; half of Shanghai's families came from Jiangsu, Zhejiang, Anhui."""
    near = np.array([i for i in regions.FOREIGN if regions.CODES[i][:2] in ("32", "33", "34")])
    group_near = rng.choice(near, len(draft.kind))[draft.group]
    is_local = np.isin(region, regions.LOCAL)
    from_near = (rng.random(len(draft.kind)) < 0.5)[draft.group]
    return np.where(is_local & from_near, group_near, region)


def _phones(rng: Rng, draft: Draft, numbers: Numbers) -> pl.Series:
    """A number of one's own from eleven years on, fewer among the very old."""
    share = np.select([draft.age < 11, draft.age < 16, draft.age < 75, draft.age < 85], [0.0, 0.6, 0.985, 0.93], 0.8)
    has = rng.random(draft.people) < share
    if not has.any():
        return pl.repeat(None, draft.people, dtype=pl.String, eager=True)
    row = np.cumsum(has) - 1
    return attributes.words(numbers.phone_numbers(int(has.sum())), np.maximum(row, 0), has)


def _joined(rng: Rng, draft: Draft, member: NDArray[np.bool_]) -> pl.Series:
    """The day of joining the party, between 19 and 45 years of age."""
    span = np.maximum(np.minimum(draft.age, 45) - 19, 1)
    day = draft.born + ((19 + rng.random(draft.people) ** 1.5 * span) * 365.2425).astype(np.int64)
    dates = pl.Series(np.minimum(day, draft.today - 30).astype("datetime64[D]")).cast(pl.Date)
    return pl.select(pl.when(pl.Series(member)).then(dates)).to_series()


def _population_kind(draft: Draft) -> pl.Series:
    return attributes.words(("01", "02"), (~draft.registered).astype(np.int64), draft.registered | draft.lives)


def _household_type(draft: Draft) -> pl.Series:
    collective = draft.table.place[draft.kind][draft.group] == Place.COLLECTIVE
    return attributes.words(("1", "2"), collective.astype(np.int64))


def _at_home(draft: Draft, homes: Homes) -> tuple[pl.Series, pl.Series]:
    """Area code and full address of the dwelling each person belongs to."""
    row = homes.dwelling[draft.group]
    return homes.dwellings["area"].gather(row), homes.dwellings["address"].gather(row)


def _addresses(
    rng: Rng, draft: Draft, address: pl.Series, district: pl.Series, region: Ints, local: NDArray[np.bool_]
) -> dict[str, pl.Series]:
    """Registered and living address; where one of them is outside the register, an invented one elsewhere."""
    n = draft.people
    number = rng.integers(0, _OUTSIDE, len(draft.kind))[draft.group]
    streets = [
        f"{ROADS[i % len(ROADS)]}{i * 7 % 880 + 12}弄{i % 41 + 1}号{i % 6 + 1}0{i % 4 + 1}室" for i in range(_OUTSIDE)
    ]
    other = np.arange(n) % 3 + rng.integers(0, len(DISTRICTS) - 2, len(draft.kind))[draft.group]
    in_city = pl.Series(["上海市" + d[6:] for d in DISTRICTS]).gather(other)
    county = pl.Series(regions.NAMES).gather(region)
    registered = pl.Series(draft.registered)
    lives = pl.Series(draft.lives)
    frame = pl.DataFrame(
        {
            "address": address,
            "district": district,
            "city": in_city,
            "city_code": pl.Series([d[:6] for d in DISTRICTS]).gather(other),
            "county": county,
            "county_code": pl.Series(regions.CODES).gather(region),
            "street": pl.Series(streets).gather(number),
            "local": pl.Series(local),
        }
    )
    away = pl.concat_str("city", "street")
    outside = pl.when("local").then(away).otherwise(pl.concat_str("county", "street"))
    outside_code = pl.when("local").then("city_code").otherwise("county_code")
    written = frame.select(
        registered_area=pl.when(registered).then("district").otherwise(outside_code),
        registered_address=pl.when(registered).then("address").otherwise(outside),
        living_address=pl.when(lives).then("address").otherwise(away),
    )
    return {name: written[name] for name in written.columns}


def _emergency(draft: Draft, links: Links, frame: pl.DataFrame) -> pl.DataFrame:
    """For those of 60 and over: a grown child's name and phone where one is known, else the spouse's."""
    contact = np.full(draft.people, -1, np.int64)
    grown = np.flatnonzero(draft.age >= 18)
    for parent in (links.father, links.mother, draft.parent2, draft.parent1):
        has = grown[parent[grown] >= 0]
        contact[parent[has]] = has
    by_spouse = (contact < 0) & (draft.spouse >= 0)
    contact = np.where(by_spouse, draft.spouse, contact)
    known = pl.Series((contact >= 0) & (draft.age >= 60))
    row = np.maximum(contact, 0)
    name, phone = frame["name"].gather(row), frame["phone"].gather(row)
    return pl.select(
        emergency_contact=pl.when(known & phone.is_not_null()).then(name),
        emergency_phone=pl.when(known).then(phone),
        emergency_relation=pl.when(known & phone.is_not_null()).then(
            pl.when(pl.Series(by_spouse)).then(pl.lit("1")).otherwise(pl.lit("2"))
        ),
    )
