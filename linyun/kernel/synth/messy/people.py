"""Who stands in a roster: households of the register as they are, some with a new phone, and newcomers."""

import random
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from linyun.kernel.synth import names
from linyun.kernel.synth.draft import MALE
from linyun.kernel.synth.estates import address_of
from linyun.kernel.synth.regions import ROSTER_REGION
from linyun.kernel.synth.world import World
from linyun.kernel.values import identity

ITEMS = (
    "sex",
    "birth_date",
    "identity_number",
    "phone",
    "ethnicity",
    "education",
    "marital_status",
    "political_status",
)


@dataclass(slots=True)
class Entry:
    """A person as the roster means to say it. ``known``: stands in the register with exactly these values."""

    name: str
    values: dict[str, Any]
    relation: str
    known: bool
    outcome: str
    changes: dict[str, tuple[str, str]] = field(default_factory=dict)
    remark: str = ""
    hidden_phone: str = ""
    second_phone: str = ""
    shows_identity: bool = True


@dataclass(slots=True)
class Household:
    """People of one home, head first. ``short``: house and room where that is clear within the committee, else ""."""

    address: str
    short: str
    entries: list[Entry]


@dataclass(slots=True)
class Register:
    """What the world holds of one committee, as a roster's maker looks it up."""

    households: list[Household]
    empty_homes: list[tuple[str, str]]
    namesakes: list[str]
    unique_names: set[str]


def look_up(world: World, committee: str) -> Register:
    """Households of the committee with those who live there. Raises ValueError when the world does not hold it."""
    named = [c.name for c in world.committees if c.code == committee]
    if not named:
        raise ValueError(f"the world does not hold the committee {committee}")
    homes = _homes(world, committee, named[0])
    people = world.persons.filter(pl.col("area").str.starts_with(committee))
    rows = (
        world.residences.filter(pl.col("kind") == "actual")
        .join(people, left_on="person_id", right_on="id", maintain_order="left")
        .join(world.memberships.select("household_id", "person_id", "relation"), on="person_id", maintain_order="left")
        .join(homes, on="dwelling_id", maintain_order="left")
        .sort("address", "household_id", pl.col("relation") != "02", "relation", maintain_order=True)
    )
    found: dict[str, Household] = {}
    for row in rows.iter_rows(named=True):
        home = found.setdefault(row["household_id"], Household(row["address"], row["short"], []))
        values = {item: row[item] for item in ITEMS}
        home.entries.append(Entry(row["name"], values, row["relation"], known=True, outcome="unchanged"))
    counts = people.group_by("name", maintain_order=True).len()
    empty = homes.filter(pl.col("vacant")).select("address", "short").rows()
    return Register(
        households=list(found.values()),
        empty_homes=[(address, short) for address, short in empty],
        namesakes=counts.filter(pl.col("len") > 1)["name"].to_list(),
        unique_names=set(counts.filter(pl.col("len") == 1)["name"]),
    )


def _homes(world: World, committee: str, name: str) -> pl.DataFrame:
    """Flats with address and short address; short only in the main estate, where its house number stands once."""
    estate, road, lane = address_of(name)
    flats = world.dwellings.filter(
        pl.col("area").str.starts_with(committee) & pl.col("pseudo_dwelling").is_null()
    ).select(
        pl.col("id").alias("dwelling_id"),
        "address",
        "building",
        "room",
        pl.col("vacant").fill_null(value=False),
        "area",
    )
    houses = flats.group_by("building").agg(pl.col("area").n_unique().alias("houses"))
    main = pl.col("address").str.starts_with(estate or road + lane) & (pl.col("houses") == 1)
    short = pl.when(main).then(pl.format("{}号{}室", "building", "room")).otherwise(pl.lit(""))
    return flats.join(houses, on="building", maintain_order="left").select(
        "dwelling_id", "address", "vacant", short=short
    )


def new_phone(rng: random.Random, given: set[str]) -> str:
    """A phone of the block kept for rosters (19900 993000 and up), not given yet."""
    while True:
        number = f"1990099{rng.randint(3000, 9999)}"
        if number not in given:
            given.add(number)
            return number


def newcomers(rng: random.Random, home: tuple[str, str], today: date, given: set[str]) -> Household:
    """A household of one to three people whom the register does not hold, in an empty flat."""
    size = rng.choice((1, 1, 2, 2, 3))
    age = rng.randint(26, 44) if size == 3 else rng.randint(22, 80)
    man_first = rng.random() < 0.6
    head_sex = "1" if man_first else "2"
    entries = [_newcomer(rng, today, age, head_sex, "02", given)]
    if size > 1:
        other = "2" if man_first else "1"
        entries.append(_newcomer(rng, today, max(22, age - 2), other, "12" if man_first else "11", given))
    if size > 2:
        child_sex = rng.choice("12")
        father = entries[0] if man_first else entries[1]
        surname = next(s for s in sorted(names.SURNAME_LIST, key=len, reverse=True) if father.name.startswith(s))
        relation = "20" if child_sex == "1" else "30"
        entries.append(_newcomer(rng, today, rng.randint(0, age - 22), child_sex, relation, given, surname))
    for entry in entries:
        entry.values["marital_status"] = "20" if size > 1 and entry.relation in ("02", "11", "12") else "10"
    return Household(home[0], home[1], entries)


def _newcomer(
    rng: random.Random, today: date, age: int, sex: str, relation: str, given: set[str], surname: str = ""
) -> Entry:
    while True:
        born = date(today.year - age - 1, rng.randint(1, 12), rng.randint(1, 28))
        number = identity.make(ROSTER_REGION, born, 990 + 2 * rng.randint(0, 4) + (1 if sex == "1" else 0))
        if number not in given:
            break
    given.add(number)
    table = names.MEN if int(sex) == MALE else names.WOMEN
    first, second = next((a, b) for year, a, b in reversed(table) if born.year >= year)
    values = {
        "sex": sex,
        "birth_date": born,
        "identity_number": number,
        "phone": new_phone(rng, given) if age >= 14 else None,
        "ethnicity": "01",
        "education": ("20" if age > 21 else "70") if age >= 6 else None,
        "marital_status": None,
        "political_status": "13" if age >= 14 else None,
    }
    chosen = surname or rng.choices(names.SURNAME_LIST, names.SURNAME_WEIGHTS.tolist())[0]
    while (name := chosen + rng.choice(first) + rng.choice(second)) in names.WELL_KNOWN:
        pass
    return Entry(name, values, relation, known=False, outcome="created")
