"""What ledgers offer to the house."""

import pytest
from django.urls import reverse

from linyun.foundation.accounts.policy import may
from linyun.foundation.acts.actor import Actor
from linyun.hub.ledgers.sources import SOURCES
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Role
from tests.characters import HERE

RIGHTS = {
    Role.WORKER: {"see", "export", "full", "entry", "close", "define"},
    Role.GRID: {"see", "entry"},
}
"""Who may do what with ledgers; everybody else nothing."""


@pytest.mark.parametrize("role", list(Role))
def test_each_role_may_do_what_its_work_needs_and_no_more(role):
    actor = Actor(name="某人", role=role, area=HERE)
    allowed = {a for a in RIGHTS[Role.WORKER] if may(actor, f"ledger.{a}", HERE)}
    assert allowed == RIGHTS.get(role, set())


def test_rights_end_at_the_border_of_the_post():
    actor = Actor(name="某人", role=Role.WORKER, area=HERE)
    assert may(actor, "ledger.export", HERE + "001")
    assert not may(actor, "ledger.export", HERE[:9])
    assert not may(actor, "ledger.export", "310110009017")


def test_ledgers_stand_in_the_menu_with_what_waits():
    (entry,) = [m for m in catalogue.menu if m.code == "ledgers"]
    assert (entry.label, entry.action) == ("台账", "ledger.see")
    assert reverse(entry.url) == "/desk/ledgers"
    assert entry.badge


def test_every_source_of_ours_is_declared_and_every_ledger_has_one():
    assert {s.code for s in SOURCES} <= set(catalogue.ledger_sources)
    assert {x.source for x in catalogue.ledgers.values()} <= set(catalogue.ledger_sources)
    assert "visit" in catalogue.ledger_sources


def test_what_is_kept_says_how_long():
    assert {"ledger_entry", "ledger_closing"} <= set(catalogue.erasures)


def test_codes_of_ledgers_fit_into_addresses():
    for code in catalogue.ledgers:
        assert reverse("ledger", args=[code]) == f"/desk/ledgers/{code}"
        assert not code.startswith("own_")
        assert code not in ("all", "new", "forms", "entries", "closings")
