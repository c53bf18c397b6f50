"""Paging by key: no row lost or twice, whatever the values; a cursor cannot be read, altered or moved elsewhere."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connections, models
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.test import override_settings
from django.test.utils import isolate_apps
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linyun.foundation.ui.paging import LIMIT, BadCursor, Page, decode, encode, page
from linyun.kernel.clock import ZONE
from linyun.kernel.ids import uuid7

ORDERS = (["age"], ["-age"], ["name", "-age"], ["-name", "age"], ["id"], ["-id"])


@pytest.fixture(scope="module")
def residents(django_db_blocker: Any) -> Iterator[Any]:
    """A table of its own in memory: paging is tried with real queries, without the house's database."""
    with isolate_apps("linyun.foundation.ui"):

        class Resident(models.Model):
            name = models.TextField(null=True)
            age = models.IntegerField(null=True)

            class Meta:
                app_label = "ui"

    wrapper = DatabaseWrapper(
        {
            "NAME": ":memory:",
            "OPTIONS": {},
            "TIME_ZONE": None,
            "ATOMIC_REQUESTS": False,
            "AUTOCOMMIT": True,
            "CONN_MAX_AGE": 0,
            "CONN_HEALTH_CHECKS": False,
            "TEST": {},
        },
        alias="kit",
    )
    connections["kit"] = wrapper
    with django_db_blocker.unblock():
        with wrapper.cursor() as cursor:
            cursor.execute("create table ui_resident (id integer primary key, name text, age integer)")
        yield Resident
        wrapper.close()
    del connections["kit"]


def walk(rows: Any, order: list[str], size: int) -> list[Any]:
    seen: list[Any] = []
    after: str | None = ""
    while after is not None:
        found = page(rows, order, after, size)
        assert len(found) <= size
        seen += found.rows
        after = found.next
    return seen


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    people=st.lists(
        st.tuples(st.sampled_from([None, "周", "陈", "a", "欧阳"]), st.sampled_from([None, 60, 77, 91])), max_size=25
    ),
    order=st.sampled_from(ORDERS),
    size=st.integers(1, 7),
)
def test_every_row_comes_once_in_order_with_the_unknown_last(
    residents: Any, people: Any, order: Any, size: int
) -> None:
    rows = residents.objects.using("kit")
    rows.all().delete()
    rows.bulk_create([residents(id=i, name=n, age=a) for i, (n, a) in enumerate(people)])
    seen = walk(rows.all(), order, size)
    assert sorted(r.id for r in seen) == list(range(len(people)))
    field, down = order[0].removeprefix("-"), order[0].startswith("-")
    values = [getattr(r, field) for r in seen]
    known = [v for v in values if v is not None]
    assert values == known + [None] * (len(values) - len(known))
    assert known == sorted(known, reverse=down)


def test_values_page_as_models_do(residents: Any) -> None:
    rows = residents.objects.using("kit")
    rows.all().delete()
    rows.bulk_create([residents(id=i, name="周", age=70) for i in range(5)])
    assert [r["id"] for r in walk(rows.values("id", "age"), ["age"], 2)] == [0, 1, 2, 3, 4]


def test_a_page_is_never_larger_than_the_limit_nor_empty_by_request(residents: Any) -> None:
    rows = residents.objects.using("kit")
    rows.all().delete()
    rows.bulk_create([residents(id=i) for i in range(LIMIT + 10)])
    assert len(page(rows.all(), ["id"], size=10_000)) == LIMIT
    assert len(page(rows.all(), ["id"], size=-3)) == 1


def test_the_last_page_has_no_next() -> None:
    assert Page([1, 2], None, 2).next is None
    assert len(Page([1, 2])) == 2


# Shanghai had no summer time after 1991: a repeated hour would make equal moments unequal.
SINCE = datetime.fromisoformat("2000-01-01")
ANY_VALUE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**62), 2**62),
    st.text(max_size=40),
    st.dates(),
    st.uuids(),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.floats(allow_nan=False, allow_infinity=False),
    st.datetimes(SINCE, timezones=st.just(ZONE)),
)


@given(st.lists(ANY_VALUE, max_size=4))
def test_a_cursor_gives_back_what_it_was_made_of(values: list[Any]) -> None:
    back = decode("age,id", encode("age,id", values))
    assert back == values
    assert [type(v) for v in back] == [type(v) for v in values]


def test_a_cursor_does_not_show_the_name_it_holds() -> None:
    cursor = encode("name,id", ["周桂芳", 7])
    assert cursor.isascii() and "=" not in cursor
    assert "周" not in cursor and "5468" not in cursor
    assert cursor != encode("name,id", ["周桂芳", 7])


def test_an_altered_cursor_is_refused() -> None:
    cursor = encode("age,id", [77, 5])
    for at in range(len(cursor) - 1):  # the last letter may hold bits that count for nothing
        other = "A" if cursor[at] != "A" else "B"
        with pytest.raises(BadCursor):
            decode("age,id", cursor[:at] + other + cursor[at + 1 :])


@pytest.mark.parametrize("cursor", ["", "x", "gAAAA", "中文", "a" * 500, "../../etc", "gAAAAABm\x00"])
def test_rubbish_is_refused_not_an_error(cursor: str) -> None:
    with pytest.raises(BadCursor):
        decode("age,id", cursor)


def test_a_cursor_of_one_order_is_refused_for_another() -> None:
    with pytest.raises(BadCursor, match="another order"):
        decode("-age,id", encode("age,id", [77, 5]))


def test_a_cursor_of_another_house_is_refused_and_an_old_key_still_read() -> None:
    with override_settings(SECRET_KEY="other-house"):
        foreign = encode("id", [5])
    with pytest.raises(BadCursor):
        decode("id", foreign)
    with override_settings(SECRET_KEY="new", SECRET_KEY_FALLBACKS=["other-house"]):
        assert decode("id", foreign) == [5]


def test_what_a_cursor_cannot_hold_is_refused_when_it_is_made() -> None:
    with pytest.raises(TypeError, match="bytes"):
        encode("id", [b"sealed"])


def test_dates_and_moments_are_told_apart() -> None:
    values = [date(1948, 3, 5), datetime(2026, 11, 13, 14, 6, tzinfo=ZONE), Decimal("36.50"), uuid7()]
    assert decode("x", encode("x", values)) == values
    assert isinstance(decode("x", encode("x", values))[3], UUID)
