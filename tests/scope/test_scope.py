"""Scopes: what a transaction sees, and that nothing of it outlives the transaction."""

import pytest
from django.db import DataError, ProgrammingError, connection, transaction

from linyun.foundation.areas import scope
from linyun.foundation.areas.bulk import copy
from linyun.foundation.areas.scope import NoScope, within
from linyun.hub.records.models import Person
from linyun.kernel.ids import uuid7
from tests.characters import BUILDING, BUILDING_THERE, HERE, STREET, THERE


def setting() -> str:
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('linyun.lo', true)")
        return cursor.fetchone()[0] or ""


@pytest.fixture
def two(areas, person):
    return person(name="这里", area=BUILDING), person(name="那里", area=BUILDING_THERE)


def names() -> set[str]:
    return set(Person.objects.values_list("name", flat=True))


@pytest.mark.parametrize(
    ("code", "seen"),
    [(HERE, {"这里"}), (THERE, {"那里"}), (STREET, {"这里", "那里"}), ("", {"这里", "那里"}), (BUILDING, {"这里"}),
     ("310110009018", set()), (None, set())],
)  # fmt: skip
def test_a_transaction_sees_what_lies_within_its_area(two, code, seen):
    with within(code):
        assert names() == seen


def test_without_a_scope_there_is_nothing(two):
    assert names() == set()
    with pytest.raises(NoScope):
        scope.current()


def test_an_inner_scope_ends_where_it_ends(two):
    with within(HERE):
        with within(THERE):
            assert names() == {"那里"}
        assert names() == {"这里"}
        with within(None):
            assert names() == set()
        assert scope.current() == HERE
    assert setting() == ""


def test_an_error_inside_gives_the_outer_scope_back(two):
    with within(HERE):
        with pytest.raises(DataError), within(THERE), connection.cursor() as cursor:
            cursor.execute("select 1/0")
        assert names() == {"这里"}


def test_nobody_writes_outside_the_scope_nor_moves_a_row_out(two):
    here, _ = two
    with within(HERE):
        with pytest.raises(ProgrammingError), transaction.atomic():
            Person.objects.create(area=BUILDING_THERE, name="越界")
        with pytest.raises(ProgrammingError), transaction.atomic():
            Person.objects.filter(pk=here.pk).update(area=BUILDING_THERE)
        assert Person.objects.filter(name="那里").update(name="改") == 0


def test_bulk_copies_pass_the_same_check_and_none_goes_in_when_one_does_not(areas):
    columns = ("id", "area", "status", "tail", "pinyin", "name")
    rows = [(uuid7(), area, "live", "{}", "", "某人") for area in (BUILDING, BUILDING_THERE)]
    with within(HERE):
        with pytest.raises(ProgrammingError), transaction.atomic():
            copy("records_person", columns, rows)
        assert copy("records_person", columns, rows[:1]) == 1
        assert names() == {"某人"}
