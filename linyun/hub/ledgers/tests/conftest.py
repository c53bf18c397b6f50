"""Ledgers filled in tests: the neighbourhood they speak of, and short ways to fill them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from linyun.hub.ledgers import fill, period
from linyun.hub.ledgers.fill import Filled
from linyun.hub.ledgers.register import ready
from linyun.hub.records.models import Dwelling, Person
from linyun.kernel import clock
from tests.characters import HERE
from tests.residents import number_of
from tests.visits import Visit, visit_to

TODAY = date(2026, 11, 23)


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """周桂芳 (78) lives alone in 3号, 陈阿宝 (91) and her son (60) in 12号; two visits in autumn."""

    zhou: Person
    chen: Person
    son: Person
    visits: tuple[Visit, Visit]

    @property
    def dwelling(self) -> Dwelling:
        """Where 周桂芳 lives."""
        return self.zhou.residences.filter(kind="actual").get().dwelling


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> date:
    """A fixed day, so that ages and periods are known."""
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    return TODAY


@pytest.fixture
def neighbourhood(as_worker: Any, person: Any, home: Any) -> Neighbourhood:
    """The people of these tests, recorded as a worker would."""
    zhou = person(
        name="周桂芳",
        identity_number=number_of(date(1948, 3, 5), 998),
        phone="19900111111",
        emergency_contact="周建国",
        emergency_phone="19900111112",
        education="20",
    )
    chen = person(name="陈阿宝", birth_date=date(1935, 1, 2), sex="2", phone="19900222222")
    son = person(name="陈建国", birth_date=date(1966, 6, 1), sex="1", phone="19900333333")
    home(zhou, address="公交新村3号101室")
    home(chen, son, address="公交新村12号302室")
    with as_worker():
        first = visit_to(zhou, date(2026, 10, 5), situation="一切都好", needs="想装扶手", outcome="已登记")
        second = visit_to(chen, date(2026, 11, 2), mode="3", situation="感冒，已服药")
    return Neighbourhood(zhou, chen, son, (first, second))


@pytest.fixture
def filled() -> Callable[..., Filled]:
    """``filled("lone_elders", "2026")``: a ledger as it stands on the fixed day."""

    def made(code: str, when: str = "", area: str = HERE) -> Filled:
        found = ready(code)
        span = period.parse(when, found.plan.ledger.period, TODAY)
        return fill.fill(found.plan, area, span, TODAY, found.words)

    return made


def column(found: Filled, name: str) -> list[Any]:
    """One column of a filled ledger by its full name."""
    return list(found.data[[h.full_name for h in found.headings].index(name)])


@pytest.fixture
def lin(client_of):
    """林老师's browser."""
    return client_of("lin")
