"""Statements, their projection and lineage: what a worker would miss if a value came out wrong."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linyun.foundation.acts.models import Act
from linyun.hub.records.lineage import held
from linyun.hub.records.models import Person, Statement
from linyun.hub.records.services import (
    Origin,
    ReasonMissing,
    Unstatable,
    retract,
    see,
    see_sealed,
    settle,
    state,
)
from linyun.kernel.values.identity import make
from tests.characters import BUILDING, HERE

BORN = date(1948, 3, 5)


def test_what_a_visit_corrects_holds_over_a_later_roster(as_worker, person):
    p = person(phone="19900111111", source="roster")
    with as_worker():
        state(p, {"phone": "19900222222"}, source="visit", origin=Origin("visit"), true_on=date(2026, 3, 1))
        state(p, {"phone": "19900333333"}, source="roster", origin=Origin("import_row"), true_on=date(2026, 9, 1))
    assert p.phone == "19900222222"


def test_the_department_that_owns_an_item_beats_what_a_worker_typed(as_worker, person):
    p = person()
    with as_worker():
        state(p, {"ethnicity": "03"}, source="desk", origin=Origin("desk"))
        state(p, {"ethnicity": "01"}, source="police", origin=Origin("feed"), true_on=date(2020, 1, 1))
    assert p.ethnicity == "01"


def test_disagreeing_sources_stand_side_by_side_until_somebody_settles(as_worker, person):
    p = person(phone="19900111111", source="roster")
    with as_worker():
        state(p, {"phone": "19900222222"}, source="visit", origin=Origin("visit"))
        found = held("person", p.pk)["phone"]
        assert found.now.value == "19900222222"
        assert [(o.source, o.value) for o in found.others] == [("roster", "19900111111")]
        assert found.disagree
        settle(p, "phone", "19900111111", "当面拨通")
        found = held("person", p.pk)["phone"]
    assert p.phone == "19900111111"
    assert not found.disagree


def test_settling_needs_a_ground(as_worker, person):
    p = person()
    with as_worker(), pytest.raises(ReasonMissing):
        settle(p, "phone", "19900111111", "  ")


def test_a_cleared_value_is_gone_but_its_history_stays(as_worker, person):
    p = person(occupation="教师", source="desk")
    with as_worker():
        state(p, {"occupation": None}, source="desk", origin=Origin("desk"))
        assert p.occupation is None
        assert Statement.objects.filter(subject_id=p.pk, values__occupation="教师").exists()


def test_an_identity_number_is_sealed_and_brings_birth_date_and_sex(as_worker, person):
    p = person()
    number = make("310110", BORN, 998)
    with as_worker():
        state(p, {"identity_number": number}, source="desk", origin=Origin("desk"))
        stored = Statement.objects.filter(subject_id=p.pk, values__has_key="identity_number").get().values
    assert p.birth_date == BORN
    assert p.sex == "2"
    assert number not in str(stored) + p.identity_number


def test_the_full_number_is_read_for_a_reason_that_is_written_down(as_worker, person):
    number = make("310110", BORN, 998)
    p = person(identity_number=number)
    with as_worker():
        with pytest.raises(ReasonMissing):
            see_sealed(p, "identity_number", " ")
        assert see_sealed(p, "identity_number", "上门核对") == number
        act = Act.objects.get(verb="sealed_item_seen")
    assert (act.reason, act.actor_name, act.subject_id) == ("上门核对", "林晓岚", p.pk)


def test_opening_a_person_is_an_act_and_no_value_stands_in_it(as_worker, person):
    p = person(phone="19900111111")
    with as_worker():
        see(p.pk)
        details = str(list(Act.objects.filter(subject_id=p.pk).values()))
    assert "person_seen" in details
    assert "19900111111" not in details


def test_a_stranger_cannot_tell_a_foreign_person_from_none(as_character, person):
    p = person()
    with as_character("wu"):
        for pk in (p.pk, uuid4()):
            with pytest.raises(Person.DoesNotExist):
                see(pk)


@pytest.mark.parametrize(
    ("values", "says"),
    [({"no_such": "x"}, "no_such"), ({"birth_date": 5}, "出生日期"), ({"veteran_xx": 1}, "veteran_xx")],
)
def test_what_does_not_fit_the_catalogue_is_refused_with_its_name(as_worker, person, values, says):
    p = person()
    with as_worker(), pytest.raises(Unstatable, match=says):
        state(p, values, source="desk", origin=Origin("desk"))


WORDS = st.tuples(
    st.sampled_from(["roster", "visit", "desk", "police", "settle", "no_longer_declared"]),
    st.integers(0, 5),
    st.sampled_from([None, "教师", "工程师", "退休"]),
    st.sampled_from(["occupation", "workplace"]),
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(WORDS, min_size=1, max_size=6), order=st.randoms())
def test_taking_statements_back_restores_what_held_before(as_worker, areas, words, order):
    """The projection is a maximum: any order of statements, and taking the later half back, give the same as never."""
    with as_worker():
        p = Person.objects.create(area=BUILDING, name="某人")
        keep, gone = Origin("visit", uuid4()), Origin("import", uuid4())
        for n, (source, day, value, item) in enumerate(words):
            origin = keep if n % 2 == 0 else gone
            on = date(2026, 1, 1) + timedelta(days=day)
            state(p, {"name": "某人", item: value}, source=source, origin=origin, true_on=on)
        retract(gone, HERE)
        p.refresh_from_db()
        other = Person.objects.create(area=BUILDING, name="某人")
        for source, day, value, item in words[::2]:
            on = date(2026, 1, 1) + timedelta(days=day)
            state(other, {"name": "某人", item: value}, source=source, origin=keep, true_on=on)
        assert (p.occupation, p.workplace, p.name) == (other.occupation, other.workplace, other.name)
