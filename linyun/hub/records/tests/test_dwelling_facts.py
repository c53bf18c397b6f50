"""Where one lives, is registered and owns are three facts; sizes of homes and households are counted, never typed."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linyun.hub.records import operations
from linyun.hub.records.models import Dwelling, Kin, Membership, Person, Residence
from linyun.hub.records.terms import RELATIONS, TERMS
from linyun.kernel import clock
from tests.characters import BUILDING, HERE, OTHER_BUILDING
from tests.residents import add_home, add_person

ON, LATER = date(2026, 5, 1), date(2026, 6, 1)
ACTUAL, REGISTERED, OWNER = Residence.Kind.ACTUAL, Residence.Kind.REGISTERED, Residence.Kind.OWNER
BY_CODE = {term.code: term for term in TERMS}
TABLES = {"person": "records_person", "household": "records_household", "dwelling": "records_dwelling"}


def says(code: str, pk: Any) -> Any:
    """What a term of the rule language says about one subject."""
    term = BY_CODE[code]
    sql = term.sql.format(s="s", today="%(today)s")
    with connection.cursor() as cursor:
        asked = f"select {sql} from {TABLES[term.subject]} s where s.id = %(pk)s"  # noqa: S608 - the catalogue's words
        cursor.execute(asked, {"pk": pk, "today": clock.today()})
        return cursor.fetchone()[0]


def related(code: str, pk: Any) -> set[str]:
    """Names of those to whom a relation of the rule language leads."""
    relation = next(r for r in RELATIONS if r.code == code)
    sql = relation.sql.format(s="s", t="t")
    called = "t.address" if relation.target.value == "dwelling" else "t.name"
    with connection.cursor() as cursor:
        cursor.execute(
            f"select x.who from {TABLES[relation.subject]} s, lateral (select {called} as who from {sql}) x where s.id = %(pk)s",  # noqa: S608
            {"pk": pk},
        )
        return {who for (who,) in cursor.fetchall()}


@pytest.fixture
def f(areas: Any, as_worker: Callable[..., Any]) -> SimpleNamespace:
    a, b, c = (add_person(name=n) for n in ("周桂芳", "周建国", "周小明"))
    home = add_home(a, b, c)
    with as_worker():
        empty = Dwelling.objects.create(area=OTHER_BUILDING, address="公交新村2号302室", address_key="公交新村|2||302")
    return SimpleNamespace(a=a, b=b, c=c, home=home, empty=empty)


def facts(person: Person) -> dict[str, Any]:
    return dict(Residence.objects.filter(person=person, valid_to=None).values_list("kind", "dwelling_id"))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (ACTUAL, {"actual": "empty", "registered": "home"}),
        (REGISTERED, {"actual": "home", "registered": "empty"}),
        (OWNER, {"actual": "home", "registered": "home", "owner": "empty"}),
    ],
)
def test_moving_in_changes_one_of_the_three(as_worker, f, kind, expected):
    places = {"empty": f.empty.pk, "home": f.home.dwelling.pk}
    with as_worker():
        operations.move_in(f.b, f.empty, kind, ON, "x")
        assert facts(f.b) == {k: places[v] for k, v in expected.items()}
        assert facts(f.a) == {"actual": places["home"], "registered": places["home"]}


@pytest.mark.parametrize(("kind", "area"), [(ACTUAL, OTHER_BUILDING), (REGISTERED, BUILDING), (OWNER, BUILDING)])
def test_the_building_of_a_person_is_where_they_live(as_worker, f, kind, area):
    with as_worker():
        operations.move_in(f.b, f.empty, kind, ON, "x")
        assert Person.objects.get(pk=f.b.pk).area == area


@pytest.mark.parametrize("order", [(ACTUAL, REGISTERED), (REGISTERED, ACTUAL)])
def test_one_has_left_when_neither_of_two_is_left_whichever_went_first(as_worker, f, order):
    with as_worker():
        statuses = []
        for kind in order:
            operations.move_out(f.c, kind, ON, "x")
            statuses.append(Person.objects.get(pk=f.c.pk).status)
        assert statuses == ["live", "left"]
        assert not Membership.objects.filter(person=f.c, valid_to=None).exists()


def test_who_owns_and_lives_elsewhere_has_left_and_owns_still(as_worker, f):
    with as_worker():
        operations.move_in(f.c, f.home.dwelling, OWNER, ON, "买下")
        for kind in (ACTUAL, REGISTERED):
            operations.move_out(f.c, kind, LATER, "搬走")
        assert facts(f.c) == {"owner": f.home.dwelling.pk}
        assert Person.objects.get(pk=f.c.pk).status == "left"


def test_one_may_own_many_and_live_in_one(as_worker, f):
    with as_worker():
        for dwelling in (f.home.dwelling, f.empty):
            operations.move_in(f.c, dwelling, OWNER, ON, "买下")
        operations.move_in(f.c, f.empty, ACTUAL, ON, "搬")
        rows = Residence.objects.filter(person=f.c, valid_to=None)
        assert rows.filter(kind=OWNER).count() == 2
        assert rows.filter(kind=ACTUAL).count() == 1


def test_who_comes_back_is_on_the_register_again_with_both_stays(as_worker, f):
    with as_worker():
        for kind in (ACTUAL, REGISTERED):
            operations.move_out(f.c, kind, ON, "搬走")
        operations.move_in(f.c, f.home.dwelling, ACTUAL, LATER, "搬回")
        assert Person.objects.get(pk=f.c.pk).status == "live"
        stays = Residence.objects.filter(person=f.c, kind=ACTUAL).order_by("valid_from")
        assert [(r.valid_from, r.valid_to) for r in stays] == [(date(2020, 1, 1), ON), (LATER, None)]


def test_moving_leaves_the_former_stay_in_the_books(as_worker, f):
    with as_worker():
        operations.move_in(f.b, f.empty, ACTUAL, ON, "搬")
        old = Residence.objects.get(person=f.b, kind=ACTUAL, dwelling=f.home.dwelling)
        assert (old.valid_from, old.valid_to) == (date(2020, 1, 1), ON)


# What the rule language says: counted from the facts at this moment.

SIZES = [
    ("as they came", lambda f: None, (3, 3, 3, 3)),
    ("one moves away", lambda f: operations.move_in(f.c, f.empty, ACTUAL, ON, "x"), (2, 3, 3, 2)),
    ("one registers elsewhere", lambda f: operations.move_in(f.c, f.empty, REGISTERED, ON, "x"), (3, 2, 3, 3)),
    ("one buys elsewhere", lambda f: operations.move_in(f.c, f.empty, OWNER, ON, "x"), (3, 3, 3, 3)),
    ("one dies", lambda f: operations.die(f.c, ON, "x"), (2, 2, 2, 2)),
    ("one leaves", lambda f: [operations.move_out(f.c, k, ON, "x") for k in (ACTUAL, REGISTERED)], (2, 2, 2, 2)),
    ("two part", lambda f: operations.split(f.home.household, [f.b, f.c], f.b, ON, "x"), (3, 3, 1, 3)),
    ("a child comes", lambda f: operations.give_birth(f.a, Person(name="小"), f.home.household, ON, "x"), (4, 4, 4, 4)),
]


@pytest.mark.parametrize(("happens", "sizes"), [s[1:] for s in SIZES], ids=[s[0] for s in SIZES])
def test_sizes_follow_what_happens_at_once(as_worker, f, happens, sizes):
    with as_worker():
        happens(f)
        assert (
            says("resident_count", f.home.dwelling.pk),
            says("registered_count", f.home.dwelling.pk),
            says("member_count", f.home.household.pk),
            says("housemate_count", f.a.pk),
        ) == sizes


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lives=st.lists(st.booleans(), min_size=3, max_size=3), registered=st.lists(st.booleans(), min_size=3, max_size=3)
)
def test_the_sizes_are_those_of_any_combination_of_facts(as_worker, f, lives, registered):
    with as_worker(), transaction.atomic():
        people = (f.a, f.b, f.c)
        for person, here, booked in zip(people, lives, registered, strict=True):
            for kind, stays in ((ACTUAL, here), (REGISTERED, booked)):
                ends = None if stays else ON
                Residence.objects.filter(person=person, kind=kind).update(valid_to=ends)
        assert says("resident_count", f.home.dwelling.pk) == sum(lives)
        assert says("registered_count", f.home.dwelling.pk) == sum(registered)
        for person, here, booked in zip(people, lives, registered, strict=True):
            assert says("lives_here", person.pk) is here
            assert says("registered_here", person.pk) is booked
            assert says("registered_lives_here", person.pk) is (here and booked)
            assert says("housemate_count", person.pk) == (sum(lives) if here else None)


def test_living_and_being_registered_in_two_places_is_not_one(as_worker, f):
    with as_worker():
        operations.move_in(f.b, f.empty, ACTUAL, ON, "搬")
        assert (says("lives_here", f.b.pk), says("registered_here", f.b.pk)) == (True, True)
        assert says("registered_lives_here", f.b.pk) is False
        assert says("registered_lives_here", f.a.pk) is True


def test_owning_is_neither_living_nor_being_registered(as_worker, f):
    lone = add_person(name="房东")
    with as_worker():
        Residence.objects.create(area=BUILDING, person=lone, dwelling=f.home.dwelling, kind=OWNER)
        told = {
            code: says(code, lone.pk) for code in ("owns_dwelling", "lives_here", "registered_here", "housemate_count")
        }
        assert told == {"owns_dwelling": True, "lives_here": False, "registered_here": False, "housemate_count": None}
        assert says("owns_dwelling", f.a.pk) is False


def test_the_head_and_relations_to_them(as_worker, f):
    with as_worker():
        assert (says("is_head", f.a.pk), says("is_head", f.b.pk)) == (True, False)
        assert (says("relation_to_head", f.a.pk), says("relation_to_head", f.b.pk)) == ("02", "10")
        operations.change_head(f.home.household, f.b, ON, "x")
        assert (says("is_head", f.a.pk), says("is_head", f.b.pk)) == (False, True)
        assert (says("relation_to_head", f.a.pk), says("relation_to_head", f.b.pk)) == (None, "02")


@pytest.mark.parametrize(
    ("born", "today", "age"),
    [
        (date(1966, 11, 23), date(2026, 11, 22), 59),
        (date(1966, 11, 23), date(2026, 11, 23), 60),
        (date(2024, 2, 29), date(2025, 2, 28), 0),
        (date(2024, 2, 29), date(2025, 3, 1), 1),
        (date(2026, 11, 23), date(2026, 11, 23), 0),
        (None, date(2026, 11, 23), None),
    ],
)
def test_an_age_is_full_years_on_the_day(as_worker, person, monkeypatch, born, today, age):
    p = person(**({"birth_date": born} if born else {}))
    monkeypatch.setattr(clock, "today", lambda: today)
    with as_worker():
        assert says("age", p.pk) == age


def test_relations_lead_to_those_who_are_there_now(as_worker, f):
    son = add_person(name="周大明")
    with as_worker():
        Kin.objects.create(area=BUILDING, person=f.a, relative=son, kind="20")
        Kin.objects.create(area=BUILDING, person=f.a, relative=f.b, kind="10")
        assert related("housemate", f.a.pk) == {"周建国", "周小明"}
        assert related("household_member", f.a.pk) == {"周建国", "周小明"}
        assert related("resident", f.home.dwelling.pk) == related("member", f.home.household.pk)
        assert related("home", f.a.pk) == {"公交新村1号101室"}
        assert (related("kin", f.a.pk), related("child", f.a.pk)) == ({"周大明", "周建国"}, {"周大明"})
        operations.die(f.b, ON, "x")
        operations.move_in(f.c, f.empty, ACTUAL, ON, "x")
        assert related("housemate", f.a.pk) == set()
        assert related("household_member", f.a.pk) == {"周小明"}
        assert related("registered_person", f.home.dwelling.pk) == {"周桂芳", "周小明"}
        assert related("kin", f.a.pk) == {"周大明"}
        assert related("home", f.c.pk) == {"公交新村2号302室"}


# The database says no as well.


@pytest.mark.parametrize(
    "change",
    [
        {"valid_from": date(2026, 5, 2), "valid_to": date(2026, 5, 1)},
        {"kind": ACTUAL, "valid_from": ON},
    ],
    ids=["ends before it begins", "twice at once"],
)
def test_a_residence_that_cannot_be_is_refused(as_worker, f, change):
    row = {"area": BUILDING, "person": f.a, "dwelling": f.home.dwelling, "kind": OWNER} | change
    with as_worker(), pytest.raises(IntegrityError), transaction.atomic():
        Residence.objects.create(**row)


def test_a_household_has_one_head_and_each_member_once(as_worker, f):
    for change in ({"person": f.b, "is_head": False}, {"person": add_person(name="外来"), "is_head": True}):
        with as_worker(), pytest.raises(IntegrityError), transaction.atomic():
            Membership.objects.create(area=BUILDING, household=f.home.household, **change)


def test_one_address_is_one_live_dwelling_in_a_committee(as_worker, f):
    with as_worker():
        with pytest.raises(IntegrityError), transaction.atomic():
            Dwelling.objects.create(area=HERE, address="甲", address_key=f.empty.address_key)
        Dwelling.objects.filter(pk=f.empty.pk).update(status="withdrawn")
        assert Dwelling.objects.create(area=HERE, address="甲", address_key=f.empty.address_key).pk
