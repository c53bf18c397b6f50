"""Which word holds: the SQL against a plain rule in Python, over any statements in any order, with any of them taken back."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linyun.hub.records import precedence
from linyun.hub.records.lineage import held, origin_of
from linyun.hub.records.models import Dwelling, Household, Organisation, Person, Place, Statement
from linyun.hub.records.projection import project
from linyun.hub.records.services import Origin, retract, settle, state
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Subject
from linyun.kernel.ids import uuid7
from tests.characters import BUILDING, HERE
from tests.residents import add_person

DAY = date(2026, 1, 1)
LEARNT = datetime(2026, 2, 1, 9, tzinfo=UTC)


class Word(NamedTuple):
    """One value of one statement, as little as the rule needs."""

    item: str
    value: str | None
    source: str
    day: int
    learnt: int


def rank_of(word: Word) -> int:
    return precedence.rank(catalogue, word.source, catalogue.items[Subject.PERSON, word.item])


def holds(words: Sequence[Word], item: str) -> str | None:
    """The rule as the house states it: rank of the source, then true day, then the moment it was learnt."""
    said = [w for w in words if w.item == item]
    return max(said, key=lambda w: (rank_of(w), w.day, w.learnt)).value if said else None


def planted(person: Person, words: Sequence[Word], origins: Sequence[Origin] = ()) -> list[Statement]:
    """Statements with moments of our own choosing, as an import copies them in."""
    rows = [
        Statement(
            area=person.area, subject_kind="person", subject_id=person.pk, values={w.item: w.value}, source=w.source,
            origin_kind="import", origin_id=origins[n].id if origins else None,
            true_on=DAY + timedelta(days=w.day), known_at=LEARNT + timedelta(minutes=w.learnt), collector="名册",
        ) for n, w in enumerate(words)
    ]  # fmt: skip
    Statement.objects.bulk_create(rows)
    project("person", [person.pk])
    person.refresh_from_db()
    return rows


SOURCES = ("settle", "visit", "desk", "police", "civil_affairs", "roster", "derived", "gone_from_the_catalogue")
WORDS = st.lists(
    st.builds(
        Word,
        item=st.sampled_from(("occupation", "ethnicity", "workplace")),
        value=st.sampled_from(["01", "教师", None]),
        source=st.sampled_from(SOURCES),
        day=st.integers(0, 3),
        learnt=st.integers(0, 40),
    ),
    min_size=1,
    max_size=9,
    unique_by=lambda w: (w.item, w.learnt),
)
QUICK = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def shown(person: Person) -> dict[str, Any]:
    return {code: getattr(person, code) for code in ("occupation", "ethnicity", "workplace")}


@QUICK
@given(words=WORDS, order=st.randoms(use_true_random=False))
def test_the_row_shows_what_the_rule_says_whatever_the_order(as_worker, areas, words, order):
    with as_worker():
        first, second = (Person.objects.create(area=BUILDING, name="某人") for _ in range(2))
        planted(first, words)
        shuffled = list(words)
        order.shuffle(shuffled)
        planted(second, shuffled)
        assert shown(first) == {item: holds(words, item) for item in shown(first)}
        assert shown(second) == shown(first)


@QUICK
@given(words=WORDS)
def test_lineage_names_the_same_winner_as_the_row(as_worker, areas, words):
    with as_worker():
        p = Person.objects.create(area=BUILDING, name="某人")
        planted(p, words)
        for item, one in held("person", p.pk).items():
            assert (one.now.value if one.now else None) == getattr(p, item)
            assert all(o.value not in (None, one.now and one.now.value) for o in one.others)
            assert len({o.source for o in one.others}) == len(one.others)


@QUICK
@given(words=WORDS, taken=st.sets(st.integers(0, 8)))
def test_taking_any_of_them_back_leaves_what_the_others_say(as_worker, areas, words, taken):
    with as_worker():
        p = Person.objects.create(area=BUILDING, name="某人")
        origins = [Origin("import", uuid7()) for _ in words]
        planted(p, words, origins)
        for n in sorted(taken & set(range(len(words)))):
            retract(origins[n], HERE)
        p.refresh_from_db()
        left = [w for n, w in enumerate(words) if n not in taken]
        assert shown(p) == {item: holds(left, item) for item in shown(p)}


@QUICK
@given(words=WORDS)
def test_projecting_again_changes_nothing_and_writes_nothing(as_worker, areas, words):
    with as_worker():
        p = Person.objects.create(area=BUILDING, name="某人")
        planted(p, words)
        before = Person.objects.filter(pk=p.pk).extra(select={"version": "xmin::text"}).values().get()
        with transaction.atomic():
            project("person", [p.pk])
        assert Person.objects.filter(pk=p.pk).extra(select={"version": "xmin::text"}).values().get() == before


RANKS = [
    ("settle", "ethnicity", 90, "a person who looked beats all"),
    ("police", "ethnicity", 80, "the department on its own item"),
    ("police", "occupation", 20, "a department on an item of another"),
    ("visit", "occupation", 40, "what a worker saw"),
    ("desk", "occupation", 40, "what a worker typed"),
    ("resident_self", "occupation", 35, "what the resident says"),
    ("roster", "occupation", 10, "a roster"),
    ("derived", "occupation", 5, "what was guessed"),
    ("abolished", "occupation", 0, "a source that is declared no more"),
    ("", "occupation", 0, "no source at all"),
]


@pytest.mark.parametrize(("source", "item", "expected"), [r[:3] for r in RANKS], ids=[r[3] for r in RANKS])
def test_the_rank_of_a_source_for_an_item(source, item, expected):
    assert precedence.rank(catalogue, source, catalogue.items[Subject.PERSON, item]) == expected


def test_without_an_item_no_department_owns_it():
    assert precedence.rank(catalogue, "police", None) == catalogue.sources["police"].rank


def test_a_source_without_department_owns_no_item_without_owner():
    """Nobody's source and nobody's item are not thereby each other's."""
    assert all(
        precedence.rank(catalogue, code, item) == source.rank
        for code, source in catalogue.sources.items()
        if not source.department
        for item in catalogue.items.values()
    )


def test_the_tables_for_sql_say_what_the_rule_in_python_says():
    items = list(catalogue.items_of(Subject.PERSON))
    ranks, departments, owners = precedence.tables(catalogue, items)
    for source in [*catalogue.sources, "abolished"]:
        for item in items:
            owns = source in departments and departments[source] == owners[item.code]
            told = max(ranks.get(source, 0), precedence.OWNER if owns else 0)
            assert told == precedence.rank(catalogue, source, item), (source, item.code)


LADDER = ["gone_from_the_catalogue", "derived", "roster", "civil_affairs", "resident_self", "visit", "police", "settle"]


@pytest.mark.parametrize(("lower", "higher"), list(zip(LADDER, LADDER[1:], strict=False)))
@pytest.mark.parametrize("first", ["lower", "higher"])
def test_rank_decides_before_day_and_moment(as_worker, areas, lower, higher, first):
    """The lower source speaks of a later day and was heard later: the higher one holds all the same."""
    words = [Word("ethnicity", "01", lower, 3, 30), Word("ethnicity", "03", higher, 0, 0)]
    with as_worker():
        p = Person.objects.create(area=BUILDING, name="某人")
        planted(p, words if first == "lower" else words[::-1])
        assert p.ethnicity == "03"


@pytest.mark.parametrize(
    ("words", "expected", "why"),
    [
        ([("甲", 0, 9), ("乙", 1, 0)], "乙", "the later true day, though learnt first"),
        ([("甲", 1, 9), ("乙", 1, 0)], "甲", "on one day what was learnt later"),
        ([("甲", 0, 0), (None, 1, 1)], None, "a later word that it no longer holds"),
        ([("甲", 1, 1), (None, 0, 9)], "甲", "an older end does not end a newer value"),
    ],
)
def test_among_equals_the_day_then_the_moment(as_worker, areas, words, expected, why):
    with as_worker():
        p = Person.objects.create(area=BUILDING, name="某人")
        planted(p, [Word("workplace", value, "desk", day, learnt) for value, day, learnt in words])
        assert p.workplace == expected, why


def test_what_is_true_of_a_day_and_when_it_was_learnt_are_two_things(as_worker, person, monkeypatch):
    """Learnt in June that since March: the statement keeps both; what was learnt later of an earlier day does not win."""
    p = person()
    with as_worker():
        monkeypatch.setattr(clock, "now", lambda: datetime(2026, 6, 1, 8, tzinfo=UTC))
        told = state(p, {"workplace": "甲厂"}, source="desk", origin=Origin("desk"), true_on=date(2026, 3, 1))
        monkeypatch.setattr(clock, "now", lambda: datetime(2026, 7, 1, 8, tzinfo=UTC))
        state(p, {"workplace": "乙厂"}, source="desk", origin=Origin("desk"), true_on=date(2025, 1, 1))
        found = held("person", p.pk)["workplace"]
    assert (told.true_on, told.known_at.month) == (date(2026, 3, 1), 6)
    assert found.now is not None
    assert (found.now.value, found.now.true_on) == ("甲厂", date(2026, 3, 1))
    assert p.workplace == "甲厂"


def test_without_a_day_a_word_is_true_of_today(as_worker, person):
    p = person()
    with as_worker():
        assert state(p, {"workplace": "甲厂"}, source="desk", origin=Origin("desk")).true_on == clock.today()


def test_a_statement_says_who_what_for_and_where_from(as_worker, person, cast):
    p, origin = person(), Origin("visit", uuid7())
    with as_worker():
        told = state(p, {"workplace": "甲厂"}, source="visit", origin=origin, purpose="走访")
        found = origin_of("person", p.pk, "workplace")
    assert (told.collector, told.collector_id, told.purpose) == ("林晓岚", cast["lin"].account_id, "走访")
    assert found is not None
    assert found.now is not None
    assert (found.now.origin_kind, found.now.origin_id, found.now.statement_id) == ("visit", origin.id, told.pk)


def test_nothing_ever_stated_leads_back_to_nothing(as_worker, person):
    p = person()
    with as_worker():
        assert origin_of("person", p.pk, "workplace") is None
        assert held("person", uuid7()) == {}


@pytest.mark.parametrize(
    ("model", "extra", "values"),
    [
        (Household, {}, {"number": "0102", "head_present": True}),
        (
            Dwelling,
            {"address": "甲路1号", "address_key": "甲路|1"},
            {"floor": 3, "floor_area": 54.5, "has_lift": False},
        ),
        (Organisation, {"name": "甲店"}, {"name": "甲店", "contact_phone": "19900111111"}),
        (Place, {"name": "健身角"}, {"name": "健身角", "address": "小区东侧"}),
    ],
    ids=["household", "dwelling", "organisation", "place"],
)
def test_every_kind_of_subject_is_filled_by_statements(as_worker, areas, model, extra, values):
    with as_worker():
        one = model.objects.create(area=BUILDING, **extra)
        state(one, values, source="desk", origin=Origin("desk"))
        assert {k: getattr(one, k) if hasattr(one, k) else one.tail[k] for k in values} == values


def test_many_are_projected_at_once_each_with_their_own(as_worker, areas, assert_queries):
    people = [add_person(name=f"人{n}", workplace=f"{n}厂") for n in range(6)]
    with as_worker():
        Person.objects.update(workplace="乱写", pinyin="")
        with assert_queries(4 + 5, at_most=True):
            project("person", [p.pk for p in people])
        rows = dict(Person.objects.values_list("name", "workplace"))
        assert rows == {f"人{n}": f"{n}厂" for n in range(6)}
        assert not Person.objects.filter(pinyin="").exists()


def test_projecting_nobody_asks_nothing(db, assert_queries):
    with assert_queries(0):
        project("person", [])


def test_a_word_about_an_item_no_longer_declared_lies_in_the_tail_and_harms_nobody(as_worker, person):
    p = person()
    with as_worker():
        Statement.objects.create(
            area=p.area, subject_kind="person", subject_id=p.pk, values={"abolished": "x", "workplace": "甲厂"},
            source="roster", origin_kind="import", true_on=DAY, known_at=LEARNT,
        )  # fmt: skip
        project("person", [p.pk])
        p.refresh_from_db()
        assert p.workplace == "甲厂"
        assert "abolished" not in held("person", p.pk)


def test_an_origin_without_id_is_never_taken_back_as_a_whole(as_worker, person):
    """That would be everything that anybody ever typed at the desk."""
    p = person(workplace="甲厂")
    with as_worker():
        with pytest.raises(ValueError, match="without id"):
            retract(Origin("desk"), HERE)
        assert Statement.objects.filter(subject_id=p.pk, retracted_by=None).count() == 1


def test_taking_back_twice_finds_nothing_the_second_time(as_worker, person):
    p, origin = person(), Origin("visit", uuid7())
    with as_worker():
        state(p, {"workplace": "甲厂"}, source="visit", origin=origin)
        assert retract(origin, HERE) == {"person": [p.pk]}
        assert retract(origin, HERE) == {}


# Staleness: a value older than its item stays fresh.


@pytest.mark.parametrize(("days", "stale"), [(0, False), (364, False), (365, False), (366, True), (4000, True)])
def test_a_phone_is_asked_again_after_a_year(as_worker, person, days, stale):
    p, today = person(), date(2026, 11, 1)
    with as_worker():
        state(p, {"phone": "19900111111", "sex": "2"}, source="desk", origin=Origin("desk"),
              true_on=today - timedelta(days=days))  # fmt: skip
        found = held("person", p.pk)
    assert found["phone"].item.fresh_days == 365
    assert found["phone"].is_stale(today) is stale
    assert not found["sex"].is_stale(today)


def test_what_is_not_known_is_not_stale(as_worker, person):
    p = person()
    with as_worker():
        state(p, {"phone": None}, source="desk", origin=Origin("desk"), true_on=date(2000, 1, 1))
        assert held("person", p.pk)["phone"].now is None
        assert not held("person", p.pk)["phone"].is_stale()


def test_settled_opens_again_only_by_a_later_true_day(as_worker, person):
    p = person(workplace="甲厂", source="roster")
    with as_worker():
        settle(p, "workplace", "乙厂", "看了工作证")
        today = clock.today()
        for days, open_again in ((-9, False), (0, False), (1, True)):
            state(
                p, {"workplace": "丙厂"}, source="visit", origin=Origin("visit"), true_on=today + timedelta(days=days)
            )
            found = held("person", p.pk)["workplace"]
            assert (found.disagree, p.workplace) == (open_again, "乙厂")
