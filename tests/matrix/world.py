"""Three homes with residents whose names occur nowhere else: in 公交新村, in its other grid, and over the border."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from linyun.foundation.acts.actor import acting
from linyun.foundation.areas.scope import within
from linyun.foundation.ui.wording import identity_mask, phone_mask
from tests.characters import BUILDING, BUILDING_THERE, OTHER_GRID
from tests.residents import CLERK, Home, add_home, add_person, number_of


@dataclass(frozen=True, slots=True)
class Canary:
    """Somebody who must be seen by nobody out of scope. ``hint`` finds them in a search without being in ``signs``."""

    name: str
    phone: str
    born: date
    address: str
    remark: str

    @property
    def number(self) -> str:
        """The identity number."""
        return number_of(self.born)

    @property
    def signs(self) -> tuple[str, ...]:
        """What of them must not appear, masked forms included."""
        masked = phone_mask(self.phone), identity_mask(self.number)
        return (self.name, self.phone, self.number, self.address, self.remark, *masked)

    @property
    def hints(self) -> tuple[str, ...]:
        """What one might type to find them: only parts, so that an echo of the question is no leak."""
        return (self.name[0], self.phone[-4:], self.number[-4:], self.address[:3])


@dataclass(frozen=True, slots=True)
class Spot:
    """A home at an area, with its canary."""

    area: str
    canary: Canary
    home: Home
    made: dict[str, Any] = field(default_factory=dict)
    """Samples that were made here, by place."""

    @property
    def committee(self) -> str:
        """The committee's code."""
        return self.area[:12]

    @contextmanager
    def entering(self) -> Iterator[None]:
        """Put something there, as the clerk who was there before the test."""
        with acting(replace(CLERK, area=self.committee)), within(self.committee):
            yield


CANARIES = {
    BUILDING: Canary("鸑鷟翙", "19900771611", date(1941, 2, 3), "鹪鹩坊甲号7701室", "鸑鷟翙的备注"),
    OTHER_GRID: Canary("鶄鹳翀", "19900882622", date(1942, 3, 4), "鸊鷉坊乙号8801室", "鶄鹳翀的备注"),
    BUILDING_THERE: Canary("鹓鶵翯", "19900993733", date(1943, 4, 5), "鸜鹆坊丙号9901室", "鹓鶵翯的备注"),
}
"""By area. The characters are rare, so that no other text contains them."""


def spot(area: str) -> Spot:
    """Record a canary and the home it lives in."""
    canary = CANARIES[area]
    person = add_person(
        area, name=canary.name, phone=canary.phone, identity_number=canary.number, living_address=canary.address,
        remark=canary.remark,
    )  # fmt: skip
    return Spot(area, canary, add_home(person, address=canary.address, area=area))


def spots() -> list[Spot]:
    """All three."""
    return [spot(area) for area in CANARIES]
