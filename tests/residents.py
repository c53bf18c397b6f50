"""Invented residents for tests, recorded through the verbs of records as a worker would record them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from linyun.foundation.acts.actor import Actor, acting
from linyun.foundation.areas.models import Area
from linyun.foundation.areas.scope import within
from linyun.hub.records.models import Dwelling, Household, Membership, Person, Residence
from linyun.hub.records.services import Origin, state
from linyun.kernel.declare import Role
from linyun.kernel.values.identity import make
from tests.characters import BUILDING, HERE

CLERK = Actor(name="资料员", role=Role.WORKER, area="", channel="command")
"""Who entered what was there before the test began."""

_serials = iter(range(1, 1_000_000))


def number_of(born: date, sequence: int = 998) -> str:
    """A valid identity number of nobody: district 310110, sequence 990 to 999 (odd: male)."""
    return make("310110", born, sequence)


def phone() -> str:
    """A number of the unassigned range, another each time."""
    return f"19900{next(_serials) % 1_000_000:06d}"


@dataclass(frozen=True, slots=True)
class Home:
    """A dwelling with a household living in it; the first of ``people`` is its head."""

    dwelling: Dwelling
    household: Household
    people: tuple[Person, ...]


def add_person(area: str = BUILDING, *, name: str = "周桂芳", source: str = "desk", **items: Any) -> Person:
    """A person on the register, with items stated by one source."""
    with acting(CLERK), within(area[:12]):
        person = Person(area=area, name=name)
        person.save(force_insert=True)
        state(person, {"name": name, **items}, source=source, origin=Origin(source), true_on=date(2026, 1, 5))
    return person


def add_home(*people: Person, address: str = "公交新村1号101室", area: str = BUILDING) -> Home:
    """A dwelling in which these people live and are registered as one household."""
    with acting(CLERK), within(area[:12]):
        dwelling = Dwelling.objects.create(area=area, address=address, address_key=address)
        household = Household.objects.create(area=area, dwelling=dwelling)
        Membership.objects.bulk_create(
            Membership(area=area, household=household, person=p, is_head=n == 0, relation="02" if n == 0 else "10",
                       valid_from=date(2020, 1, 1)) for n, p in enumerate(people)
        )  # fmt: skip
        Residence.objects.bulk_create(
            Residence(area=area, person=p, dwelling=dwelling, kind=kind, valid_from=date(2020, 1, 1))
            for p in people for kind in ("actual", "registered")
        )  # fmt: skip
    return Home(dwelling, household, people)


@pytest.fixture
def person(areas: dict[str, Area]) -> Callable[..., Person]:
    """``person(name="李建国", phone="19900123456", birth_date=date(1948, 3, 5))``: somebody of 公交新村."""
    return add_person


@pytest.fixture
def home(areas: dict[str, Area]) -> Callable[..., Home]:
    """``home(first, second, address="公交新村2号302室")``: where people live together."""
    return add_home


__all__ = ["CLERK", "HERE", "Home", "add_home", "add_person", "home", "number_of", "person", "phone"]
