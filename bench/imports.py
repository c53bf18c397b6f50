"""A roster of 100,000 rows into the records: ours against Django's bulk_create and against row-by-row ORM.

All start from the same rows, already read and parsed, and leave the same behind: people with sealed numbers, dwellings, buildings,
statements with provenance, residences, households; each looks first whether the person is known.
"""

import json
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import date
from typing import Any

from bench.machine import taking

COMMITTEE, PEER, SLOW, AGAIN = "310110009016", "310110009017", "310110009018", "310110009019"
AREAS = (("31", "上海市", "province", None), ("3101", "市辖区", "city", "31"), ("310110", "杨浦区", "district", "3101"),
         ("310110009", "四平路街道", "street", "310110"), (COMMITTEE, "甲", "committee", "310110009"),
         (PEER, "乙", "committee", "310110009"), (SLOW, "丙", "committee", "310110009"),
         (AGAIN, "丁", "committee", "310110009"))  # fmt: skip
ROW_BY_ROW = 1000


def made(people: int) -> list[Any]:
    """Parsed rows as the reader gives them, of invented people."""
    from linyun.hub.exchange.reading import Row
    from linyun.kernel.synth.estates import Area
    from linyun.kernel.synth.world import generate
    from linyun.kernel.values import addresses

    world = generate([Area(COMMITTEE, "公交新村居委会")], people, 5, date(2026, 11, 1))
    homes = dict(world.dwellings.select("id", "address").iter_rows())
    lives = dict(world.residences.select("person_id", "dwelling_id").iter_rows())
    links = {m[1]: m for m in world.memberships.select("household_id", "person_id", "relation", "is_head").iter_rows()}
    codes = ("name", "sex", "birth_date", "identity_number", "phone", "ethnicity", "education", "marital_status",
             "political_status", "occupation", "living_address")  # fmt: skip
    rows = []
    for number, person in enumerate(world.persons.iter_rows(named=True), start=2):
        row = Row(sheet="名册", number=number, cells=[], values={c: person[c] for c in codes if person[c]})
        row.address = addresses.parse(homes[lives[person["id"]]]).value if person["id"] in lives else None
        link = links.get(person["id"])
        if link:
            row.household_key, row.relation, row.is_head = str(link[0]), link[2], link[3]
        rows.append(row)
    return rows


def batch_of(area: str) -> Any:
    """An import without a file."""
    from linyun.hub.exchange.models import Import

    return Import.objects.create(
        area=area, filename="bench", digest="", content=b"", kind="people", as_of=date(2026, 11, 1), uploaded_by="bench"
    )


def ours(rows: Sequence[Any], area: str) -> None:
    """As `linyun import` does after reading."""
    from linyun.hub.exchange import services
    from linyun.hub.exchange.staging import stage

    batch = batch_of(area)
    batch.total = stage(batch, rows)
    services.apply(batch.pk)


class Peer:
    """The same work with Django's ORM, written as a careful Django developer would."""

    def __init__(self, area: str) -> None:
        from linyun.foundation.areas.services import ensure_buildings
        from linyun.hub.records.models import Dwelling, Household, Membership, Person, Residence, Statement

        self.area, self.ensure = area, ensure_buildings
        self.models = (Dwelling, Person, Statement, Residence, Household, Membership)
        self.known: set[str] = set()
        self.buildings: dict[str, str] = {}
        self.dwellings: dict[str, Any] = {}
        self.households: dict[str, Any] = {}

    def objects(self, rows: Sequence[Any]) -> list[list[Any]]:
        """The objects of some rows, by model."""
        from linyun.hub.exchange.staging import PARTS, staged_values
        from linyun.hub.records.models import Dwelling, Household, Membership, Person, Residence, Statement
        from linyun.kernel import clock
        from linyun.kernel.values.pinyin import pinyin_key

        now = clock.now()
        headed = {r.household_key for r in rows if r.is_head}
        wanted = {
            f"{r.address.place_key}|{r.address.building}": r.address.place_key + r.address.building
            for r in rows
            if r.address and r.address.is_dwelling
        }
        self.buildings |= self.ensure(self.area, {k: v for k, v in wanted.items() if k not in self.buildings})
        new: list[list[Any]] = [[] for _ in self.models]
        for row in rows:
            values, digest = staged_values(row)
            if digest in self.known:
                continue
            self.known.add(digest)
            home = None
            if row.address and row.address.is_dwelling:
                home = self.dwellings.get(row.address.key)
                if home is None:
                    a = row.address
                    where = self.buildings[f"{a.place_key}|{a.building}"]
                    home = Dwelling(area=where, estate=a.estate, road=a.road, lane=a.lane,
                                    building=a.building, unit=a.unit, room=a.room, address_key=a.key, address=a.text)  # fmt: skip
                    self.dwellings[a.key] = home
                    new[0].append(home)
                    parts = {p: v for p in PARTS if (v := getattr(a, p))}
                    new[2].append(Statement(area=home.area, subject_kind="dwelling", subject_id=home.pk, values=parts,
                                            source="roster", origin_kind="import_row", true_on=now.date(),
                                            known_at=now))  # fmt: skip
            person = Person(area=home.area if home else self.area, pinyin=pinyin_key(values["name"]).text, **values)
            new[1].append(person)
            new[2].append(Statement(area=person.area, subject_kind="person", subject_id=person.pk, values=values,
                                    source="roster", origin_kind="import_row", true_on=now.date(), known_at=now))  # fmt: skip
            if home is not None:
                new[3].append(Residence(area=home.area, person=person, dwelling=home, kind="actual"))
            if row.household_key in headed:
                household = self.households.get(row.household_key)
                if household is None:
                    household = self.households[row.household_key] = Household(area=person.area, dwelling=home)
                    new[4].append(household)
                new[5].append(Membership(area=person.area, household=household, person=person, relation=row.relation,
                                         is_head=row.is_head))  # fmt: skip
        return new

    def bulk(self, rows: Sequence[Any]) -> None:
        """All rows with bulk_create in batches of 2,000, after one look at who is known."""
        from linyun.hub.records.models import Person

        self.known = set(Person.objects.filter(committee=self.area).values_list("identity_digest", flat=True))
        for model, objects in zip(self.models, self.objects(rows), strict=True):
            model.objects.bulk_create(objects, batch_size=2000)

    def one_by_one(self, rows: Sequence[Any]) -> None:
        """Each row by itself, as most import code does: look for what is there, get or create each part, save; in a
        transaction of its own, so that a bad row does not take the good ones along.
        """
        from linyun.foundation.areas.scope import within

        for row in rows:
            with within(self.area):
                self.one(row)

    def one(self, row: Any) -> None:
        """One row."""
        from linyun.hub.exchange.staging import staged_values
        from linyun.hub.records.models import Membership, Person, Residence
        from linyun.kernel.values.pinyin import pinyin_key

        values, digest = staged_values(row)
        home = self._home_of(row)
        person = Person.objects.filter(committee=self.area, identity_digest=digest).first()
        if person is None:
            area = home.area if home else self.area
            person = Person.objects.create(area=area, pinyin=pinyin_key(values["name"]).text, **values)
        self._state("person", person, values)
        if home is not None:
            Residence.objects.get_or_create(
                person=person, dwelling=home, kind="actual", valid_to=None, defaults={"area": home.area}
            )
        if row.household_key:
            given = {"area": person.area, "relation": row.relation, "is_head": row.is_head}
            household = self._household_of(row, person.area, home)
            Membership.objects.get_or_create(household=household, person=person, valid_to=None, defaults=given)

    def _home_of(self, row: Any) -> Any:
        from linyun.hub.exchange.staging import PARTS
        from linyun.hub.records.models import Dwelling

        if row.address is None or not row.address.is_dwelling:
            return None
        a = row.address
        home = Dwelling.objects.filter(committee=self.area, address_key=a.key, status="live").first()
        if home is None:
            key = f"{a.place_key}|{a.building}"
            if key not in self.buildings:
                self.buildings |= self.ensure(self.area, {key: a.place_key + a.building})
            parts = {p: v for p in PARTS if (v := getattr(a, p))}
            home = Dwelling.objects.create(area=self.buildings[key], address_key=a.key, address=a.text, **parts)
            self._state("dwelling", home, parts)
        return home

    def _household_of(self, row: Any, area: str, home: Any) -> Any:
        from linyun.hub.records.models import Household

        if row.household_key not in self.households:
            self.households[row.household_key] = Household.objects.create(area=area, dwelling=home)
        return self.households[row.household_key]

    @staticmethod
    def _state(kind: str, subject: Any, values: dict[str, Any]) -> None:
        from linyun.hub.records.models import Statement
        from linyun.kernel import clock

        now = clock.now()
        Statement.objects.create(
            area=subject.area, subject_kind=kind, subject_id=subject.pk, values=values, source="roster",
            origin_kind="import_row", true_on=now.date(), known_at=now,
        )  # fmt: skip


def left_behind(area: str) -> dict[str, int]:
    """How many rows of each kind stand in a committee."""
    from linyun.hub.records.models import Dwelling, Household, Membership, Person, Residence, Statement

    kinds = (Dwelling, Person, Statement, Residence, Household, Membership)
    return {m.__name__: m.objects.filter(area__startswith=area).count() for m in kinds}  # type: ignore[attr-defined]


def measure(people: int = 100_000) -> dict[str, Any]:
    """Seconds and ratios. Ours runs before and after the peer, because the speed of a shared machine drifts; the mean is told."""
    from linyun.foundation.acts.actor import Actor, acting
    from linyun.foundation.areas.scope import within
    from linyun.foundation.areas.services import load
    from linyun.kernel.declare import Role

    load(iter(AREAS), "bench")
    rows = made(people)
    result: dict[str, Any] = {"rows": len(rows)}
    for name, area, run in (
        ("ours before", COMMITTEE, lambda r: ours(r, COMMITTEE)),
        ("bulk_create", PEER, lambda r: Peer(PEER).bulk(r)),
        ("ours after", AGAIN, lambda r: ours(r, AGAIN)),
        ("row_by_row", SLOW, lambda r: Peer(SLOW).one_by_one(r[:ROW_BY_ROW])),
    ):
        actor = Actor(name="bench", role=Role.WORKER, area=area, channel="command")
        whole = nullcontext() if name == "row_by_row" else within(area)
        with acting(actor), taking() as taken, whole:
            run(rows)
        result[name], result[f"{name}, processor seconds of ours"] = round(taken.wall, 2), round(taken.cpu, 2)
    result["ours"] = round((result["ours before"] + result["ours after"]) / 2, 2)
    with within(""):
        result["left behind by both"] = left_behind(COMMITTEE)
        assert left_behind(PEER) == left_behind(COMMITTEE), (left_behind(PEER), left_behind(COMMITTEE))
    result["row_by_row"] = round(result["row_by_row"] * len(rows) / ROW_BY_ROW, 1)
    result["row_by_row_is"] = f"{ROW_BY_ROW} rows, scaled"
    result["bulk_create / ours"] = round(result["bulk_create"] / result["ours"], 1)
    result["row_by_row / ours"] = round(result["row_by_row"] / result["ours"], 1)
    return result


if __name__ == "__main__":
    from bench.machine import set_up

    set_up()
    print(json.dumps(measure(), ensure_ascii=False, indent=1))  # noqa: T201
