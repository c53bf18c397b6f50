"""Whatever happens after a closing, its figures and its file stay what they were."""

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linyun.hub.ledgers import exports, services
from linyun.hub.records.models import Person
from linyun.hub.records.services import Origin, state
from tests.characters import BUILDING, HERE
from tests.residents import add_person
from tests.visits import visit_to

CODES = ("lone_elders", "residents", "visits", "population_table", "elder_table", "enquiries", "dwellings")
"""Lists, statistics, dated and hand-kept rows."""

WHEN = {"lone_elders": "2025", "residents": "2026-10", "visits": "2026-10", "population_table": "2025",
        "elder_table": "2026-Q3", "enquiries": "2026-10", "dwellings": "2025"}  # fmt: skip


def phone(person: Person, n: int) -> None:
    state(person, {"phone": f"1990055{n:04d}"}, source="visit", origin=Origin("visit", uuid4()))


def rename(person: Person, n: int) -> None:
    state(person, {"name": f"改名{n}"}, source="settle", origin=Origin("desk"))


def leave(person: Person, n: int) -> None:
    Person.objects.filter(pk=person.pk).update(status="left")


def arrive(person: Person, n: int) -> None:
    add_person(BUILDING, name=f"新来{n}", birth_date=date(1940, 1, 1))


def visit(person: Person, n: int) -> None:
    visit_to(person, date(2026, 10, 1 + n % 28), situation=f"补记{n}")


def enter(person: Person, n: int) -> None:
    services.add_entry("enquiries", {"date": date(2026, 10, 1 + n % 28), "content": f"补登{n}"}, client_key=uuid4())


CHANGES: dict[str, Callable[[Person, int], None]] = {
    f.__name__: f for f in (phone, rename, leave, arrive, visit, enter)
}


@pytest.mark.parametrize("code", CODES)
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(st.tuples(st.sampled_from(sorted(CHANGES)), st.integers(0, 999)), min_size=1, max_size=5))
def test_a_closing_is_reproducible_whatever_changes_later(as_worker, neighbourhood, code, changes):
    with as_worker():
        reason = "再封一次" if services.LedgerClosing.objects.filter(ledger=code).exists() else ""
        try:
            row = services.close(code, HERE, WHEN[code], reason=reason)
        except services.Unclosable:
            row = services.LedgerClosing.objects.of(code, HERE).first()
        before = (exports.export_closing(row), exports.export_closing(row, form="csv"), services.contents(row))
        for name, n in changes:
            CHANGES[name](neighbourhood.zhou, n)
        row.refresh_from_db()
        after = (exports.export_closing(row), exports.export_closing(row, form="csv"), services.contents(row))
    assert after == before


def test_the_difference_grows_with_each_change_and_the_closing_does_not(as_worker, neighbourhood):
    with as_worker():
        row = services.close("residents", HERE, "2026-10")
        digest = row.digest
        phone(neighbourhood.zhou, 1)
        assert len(services.compare(row).changed) == 1
        rename(neighbourhood.chen, 2)
        changed = services.compare(row).changed
        assert {r.label for r in changed} == {"周桂芳", "陈阿宝", "陈建国"}, "her son's line names her as head"
        leave(neighbourhood.son, 3)
        assert [name for _, name in services.compare(row).removed] == ["陈建国"]
        arrive(neighbourhood.zhou, 4)
        assert [name for _, name in services.compare(row).added] == ["新来4"]
        row.refresh_from_db()
    assert row.digest == digest
