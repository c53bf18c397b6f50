"""The pieces of the statements: natural order, the place of conditions, what is shared and what is bound."""

from datetime import date

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linyun.hub.ledgers import query, scans
from linyun.hub.ledgers.period import CURRENT, parse
from linyun.hub.ledgers.plans import plan
from linyun.hub.ledgers.query import Key, natural, order_of
from linyun.hub.ledgers.scans import Tally
from linyun.hub.ledgers.sources import DWELLING, ENTRY, PERSON
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Column, Ledger, LedgerSource, Subject
from linyun.kernel.rule import Vocabulary
from linyun.kernel.rule import parse as rule
from tests.characters import HERE

WORDS = Vocabulary.of(catalogue)
TODAY = date(2026, 11, 23)


def made(*values: str, source: str = "person", **others):
    columns = tuple(Column(v, v) for v in values)
    return plan(Ledger("trial", "试填", "组", source, columns, **others), WORDS)


def ordered(texts: list[str]) -> list[str]:
    """How the database sorts texts with numbers."""
    with connection.cursor() as cursor:
        cursor.execute(f"select x from unnest(%s::text[]) x order by {natural('x')}", [texts])  # noqa: S608
        return [row[0] for row in cursor.fetchall()]


def test_numbers_in_addresses_sort_as_numbers(db):
    doors = [
        "公交新村12号101室",
        "公交新村3号1001室",
        "公交新村3号101室",
        "公交新村3号99室",
        "公交新村",
        "国康路9弄2号",
    ]
    assert ordered(doors) == [
        "公交新村",
        "公交新村3号99室",
        "公交新村3号101室",
        "公交新村3号1001室",
        "公交新村12号101室",
        "国康路9弄2号",
    ]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 99999), st.integers(0, 99999)), min_size=1, max_size=15))
def test_doors_sort_by_building_then_room_whatever_their_numbers(db, doors):
    texts = [f"公交新村{building}号{room}室" for building, room in doors]
    assert ordered(texts) == [f"公交新村{b}号{r}室" for b, r in sorted(doors)]


def test_people_are_ordered_by_sound_places_area_by_area_the_rest_as_told():
    by_name = order_of(made("name", sort=("name",)))
    assert by_name == [Key("s.pinyin"), Key("s.id")]
    by_door = order_of(made("address", sort=("address", "-age")))
    assert [k.read for k in by_door][0] == "s.area"
    assert by_door[1].natural
    assert by_door[2].descending
    assert by_door[-1] == Key("s.id")


def test_without_an_order_of_its_own_a_ledger_takes_the_sources():
    assert order_of(made("name"))[0] == Key("s.pinyin")
    visits = order_of(made("visited_on", source="visit"))
    assert [k.read for k in visits] == ["v.visited_on", "v.id", "v.id"]
    entries = order_of(made("entry.title", source="entry"))
    assert entries[0].read == "coalesce(s.happened_on, s.created_at::date)"


def test_an_order_written_downwards_stays_downwards():
    source = LedgerSource("x", "x", Subject.PERSON, "records_person {s}", order="{s}.name desc, max({s}.a, {s}.b)")
    assert query.split_order(source.order) == [Key("s.name", True), Key("max(s.a, s.b)")]


@pytest.mark.parametrize(
    ("sql", "joined"),
    [
        ("records_person {s}", "records_person s where (a) and (b)"),
        ("records_person {s} where {s}.x", "records_person s where s.x and (a) and (b)"),
        ("t {s} join (select 1 where true) q on true", "t s join (select 1 where true) q on true where (a) and (b)"),
        ("t {s} join (select 1 where true) q on true WHERE y",
         "t s join (select 1 where true) q on true WHERE y and (a) and (b)"),
    ],
)  # fmt: skip
def test_conditions_are_added_to_a_tail_that_has_a_where_or_none(sql, joined):
    assert query.from_where(LedgerSource("x", "x", None, sql), ["a", "", "b"]) == joined


def test_a_tail_without_conditions_stays_as_it_is():
    assert query.from_where(DWELLING, []) == "records_dwelling s where s.status = 'live'"


def test_the_dates_of_a_log_lie_in_the_period_those_of_a_list_before_its_end():
    october = parse("2026-10", "month", TODAY)
    log, standing = made("entry.date", source="entry"), made("entry.title", source="entry")
    assert "%(start)s" in query.dated(log, october)
    assert "%(start)s" not in query.dated(standing, october)
    assert "%(end)s" in query.dated(standing, october)
    assert query.dated(log, CURRENT) == ""
    assert query.dated(made("name"), october) == ""


def test_nothing_that_people_write_stands_in_the_statement():
    asked = query.rows(made("name", rule="姓名 = 周桂芳"), HERE, CURRENT, TODAY, WORDS)
    assert "周桂芳" not in asked.sql
    assert "周桂芳" in asked.params.values()
    assert HERE not in asked.sql


def test_what_was_read_for_a_column_is_not_read_again_for_the_order():
    asked = query.rows(made("address", sort=("address",)), HERE, CURRENT, TODAY, WORDS)
    assert asked.sql.count("records_dwelling") == 1


def test_conditions_shared_by_many_figures_are_computed_once():
    tally = Tally("x", HERE, CURRENT, TODAY, WORDS)
    scan = tally.scan(PERSON)
    first = scan.where(rule("年龄 >= 60 且 性别 = 女", Subject.PERSON, WORDS))
    second = scan.where(rule("年龄 >= 60 且 性别 = 男", Subject.PERSON, WORDS))
    assert first.split(" and ")[0] == second.split(" and ")[0]
    places = [scan.count(first), scan.count(second), scan.count()]
    sql = tally.query().sql
    assert places == [(0, 0), (0, 1), (0, 2)]
    assert sql.count("birth_date") == 1


def test_numbers_of_several_parts_are_found_again_in_one_row():
    tally = Tally("x", HERE, CURRENT, TODAY, WORDS)
    people, rooms = tally.scan(PERSON), tally.scan(DWELLING)
    asked = [
        people.count(),
        rooms.count(),
        people.count(),
        tally.by_hand("deaths"),
        rooms.add(Subject.DWELLING, "floor_area"),
    ]
    assert [tally.position(p) for p in asked] == [0, 2, 1, 4, 3]
    assert tally.scan(PERSON) is people


def test_a_scan_of_hand_kept_rows_counts_each_ledger_by_itself():
    plans = [(made("entry.title", source="entry"), CURRENT)]
    asked, places = scans.counting(plans, HERE, TODAY, WORDS)
    assert places == {"trial": 0}
    assert asked.params["ledger0"] == "trial"
    assert ENTRY.sql not in asked.sql


def test_the_statement_of_every_declared_ledger_is_accepted_by_the_database(as_worker, areas):
    with as_worker(), connection.cursor() as cursor:
        for ledger in catalogue.ledgers.values():
            found = plan(ledger, WORDS)
            span = parse("", ledger.period, TODAY)
            if found.is_statistic:
                asked, _places = scans.statistic(found, HERE, span, TODAY, WORDS)
            else:
                asked = query.rows(found, HERE, span, TODAY, WORDS)
            cursor.execute(f"explain {asked.sql}", asked.params)
