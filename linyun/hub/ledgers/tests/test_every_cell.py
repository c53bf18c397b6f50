"""Every cell of every ledger can say where it comes from, and what it says leads somewhere."""

from uuid import uuid4

import pytest

from linyun.hub.ledgers import fill, lineage, period, services
from linyun.hub.ledgers.cells import BY_HAND, cells_of
from linyun.hub.ledgers.register import ready
from linyun.hub.ledgers.screen import address_of
from linyun.hub.ledgers.tests.conftest import TODAY
from linyun.hub.ledgers.tests.test_every_ledger import PEOPLE, told
from linyun.hub.tags.vocabulary import vocabulary
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Subject
from tests.characters import HERE
from tests.visits import visit_to


def origins(code: str, ref):
    """The origin of every cell of one row."""
    made = ready(code)
    row = fill.fill_one(made.plan, ref, HERE, period.CURRENT, TODAY, made.words)
    assert row.count == 1
    for n, heading in enumerate(made.plan.headings):
        yield heading, lineage.origin_of(made.plan, row, n, made.words)


@pytest.mark.parametrize("code", PEOPLE)
def test_every_cell_of_a_roster_says_where_it_comes_from(as_worker, person, home, code):
    member = person(name="周桂芳", phone="19900123456")
    home(member, address="公交新村3号101室")
    with as_worker():
        told(Subject.PERSON, member, PEOPLE[code])
        for heading, origin in origins(code, member.pk):
            if heading.value == "seq":
                continue
            assert origin.stated or origin.how, heading.full_name
            assert origin.leads == (("person", member.pk),), heading.full_name
            assert all(s.now is None or s.now.source for s in origin.stated)


@pytest.mark.parametrize("code", [x.code for x in catalogue.ledgers.values() if x.source == "visit"])
def test_every_cell_of_a_visit_ledger_leads_to_the_visit_or_the_person(as_worker, person, home, code):
    elder = person(name="周桂芳", birth_date=TODAY.replace(year=1940))
    home(elder, address="公交新村3号101室")
    with as_worker():
        visit = visit_to(elder, TODAY, situation="一切都好", needs="想装扶手", follow_up_on=TODAY)
        for heading, origin in origins(code, visit.pk):
            if heading.value != "seq":
                assert origin.leads in ((("visit", visit.pk),), (("person", elder.pk),)), heading.full_name
        spoken = [o for h, o in origins(code, visit.pk) if h.value in ("situation", "needs", "visited_on", "visitor")]
    assert spoken
    assert all(o.leads == (("visit", visit.pk),) for o in spoken)


@pytest.mark.parametrize("code", [x.code for x in catalogue.ledgers.values() if x.source == "entry"])
def test_every_cell_kept_by_hand_leads_to_who_typed_it(as_worker, areas, code):
    with as_worker():
        plan = ready(code).plan
        first = next(h for h in plan.by_hand if h.value != "entry.date")
        typed = {first.value.removeprefix(BY_HAND): "照实填写"} | ({"date": TODAY} if plan.is_log else {})
        row = services.add_entry(code, typed, client_key=uuid4())
        for heading, origin in origins(code, row.pk):
            if heading.value != "seq":
                assert origin.entry == row, heading.full_name
                assert origin.how


@pytest.mark.parametrize("code", [x.code for x in catalogue.ledgers.values() if x.source == "statistic"])
def test_every_figure_says_what_it_counts_and_whom(as_worker, neighbourhood, code):
    with as_worker():
        made = ready(code)
        span = period.of(made.plan.ledger.period, TODAY)
        whole = fill.fill(made.plan, HERE, span, TODAY, made.words)
        for row in range(0, whole.count, 3):
            for n, heading in enumerate(made.plan.headings[:12]):
                found = lineage.figure_origin(made.plan, HERE, span, row, n, TODAY, made.words)
                assert found.value == whole.data[n][row], heading.full_name
                if heading.value.startswith("rule"):
                    assert found.how.startswith("数的是：")
                    assert len(found.behind) == found.value, heading.full_name


def test_the_kinds_to_which_cells_lead_have_pages():
    assert address_of("person", uuid4()).startswith("/desk/people/")
    assert address_of("visit", uuid4()).startswith("/desk/visits/")
    assert address_of("dwelling", uuid4()).startswith("/desk/dwellings/")
    assert address_of("import_row", uuid4())
    assert address_of("entry", uuid4()).startswith("/desk/ledgers/entries/")


def test_computed_cells_name_items_that_the_catalogue_knows(areas, as_worker):
    with as_worker():
        words = vocabulary()
        for source in catalogue.ledger_sources.values():
            if source.subject is None:
                continue
            known = dict(cells_of(source, words))
            for cell in known.values():
                for item in lineage.items_read(cell, known):
                    assert item.origin == "item"
                    assert f"{{s}}.{item.code}" in cell.read or f"'{item.code}'" in cell.read
