"""What can be stated: each kind of item takes its own type, and a wrong one is refused with the item's name."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from linyun.hub.records.items import known
from linyun.hub.records.models import Dwelling, Statement
from linyun.hub.records.services import Origin, Unstatable, prepared, settle, state
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Kind, Subject
from tests.characters import BUILDING


def code_of(subject: Subject, kind: Kind, *, core: bool | None = None) -> str:
    return next(i.code for i in catalogue.items_of(subject) if i.kind is kind and core in (None, i.core))


P, D, H = Subject.PERSON, Subject.DWELLING, Subject.HOUSEHOLD
INTEGER, DECIMAL, DAY = code_of(D, Kind.INTEGER), code_of(D, Kind.DECIMAL), "birth_date"
YES_NO = code_of(P, Kind.BOOLEAN)
MANY = next((s, i.code) for (s, _), i in catalogue.items.items() if i.kind is Kind.CODES)

TAKEN = [
    (P, DAY, date(1948, 3, 5), "1948-03-05"),
    (P, DAY, datetime(1948, 3, 5, 23, 59, tzinfo=UTC), "1948-03-05"),
    (P, DAY, "1948-03-05", "1948-03-05"),
    (P, "occupation", "教师", "教师"),
    (P, "occupation", "", None),
    (P, "occupation", None, None),
    (P, "phone", "19900111111", "19900111111"),
    (P, YES_NO, True, True),
    (P, YES_NO, False, False),
    (D, INTEGER, 3, 3),
    (D, INTEGER, -1, -1),
    (D, INTEGER, 0, 0),
    (D, DECIMAL, 54.5, 54.5),
    (D, DECIMAL, 54, 54),
    (D, DECIMAL, Decimal("54.5"), 54.5),
    (MANY[0], MANY[1], ("1", "2"), ["1", "2"]),
    (MANY[0], MANY[1], ["1"], ["1"]),
    (MANY[0], MANY[1], [], []),
]


@pytest.mark.parametrize(("subject", "item", "value", "kept"), TAKEN)
def test_what_fits_is_kept_as_json_holds_it(db, subject, item, value, kept):
    found = prepared(subject, {item: value})
    assert found == {item: kept}
    assert type(found[item]) is type(kept)


REFUSED = [
    (P, DAY, 19480305),
    (P, DAY, "1948"),
    (P, DAY, "1948-3-5"),
    (P, DAY, "1948-02-30"),
    (P, DAY, "昨天"),
    (P, DAY, "19480305"),
    (P, DAY, "1948-03-05 "),
    (P, "occupation", 5),
    (P, "occupation", ["教师"]),
    (P, "occupation", {"a": 1}),
    (P, "occupation", "教\0师"),
    (P, "phone", 19900111111),
    (P, YES_NO, "是"),
    (P, YES_NO, 1),
    (P, YES_NO, 0),
    (D, INTEGER, "3"),
    (D, INTEGER, 3.5),
    (D, INTEGER, True),
    (D, INTEGER, 2**31),
    (D, DECIMAL, "54.5"),
    (D, DECIMAL, False),
    (D, DECIMAL, float("nan")),
    (D, DECIMAL, float("inf")),
    (D, DECIMAL, Decimal("-Infinity")),
    (MANY[0], MANY[1], "1"),
    (MANY[0], MANY[1], {"1"}),
]


@pytest.mark.parametrize(("subject", "item", "value"), REFUSED)
def test_what_does_not_fit_is_refused_with_the_name_people_know(db, subject, item, value):
    with pytest.raises(Unstatable, match=catalogue.items[subject, item].name):
        prepared(subject, {item: value})


@pytest.mark.parametrize(
    "item", ["", "no_such", "status", "area", "pinyin", "identity_digest", "merged_into", "name; drop"]
)
def test_columns_that_are_no_items_cannot_be_stated(as_worker, person, item):
    p = person()
    with as_worker():
        before = Statement.objects.count()
        with pytest.raises(Unstatable, match="没有“"):
            state(p, {item: "x"}, source="desk", origin=Origin("desk"))
        with pytest.raises(Unstatable, match="没有“"):
            settle(p, item, "x", "核对")
        assert Statement.objects.count() == before


def test_an_item_of_another_subject_is_none_of_this_one(db):
    with pytest.raises(Unstatable, match="没有“floor_area”"):
        prepared(Subject.PERSON, {"floor_area": 54.5})


def test_one_wrong_value_and_none_is_stated(as_worker, person):
    p = person(occupation="教师")
    with as_worker():
        with pytest.raises(Unstatable):
            state(p, {"occupation": "医生", "birth_date": "昨天"}, source="desk", origin=Origin("desk"))
        p.refresh_from_db()
        assert p.occupation == "教师"


@pytest.mark.parametrize(
    "hostile", ["'; drop table records_person; --", "%s %(ids)s %", "<script>", "{}", "\\", "𠮷 👵", " \t"]
)
def test_hostile_text_stays_text(as_worker, person, hostile):
    p = person()
    with as_worker():
        state(p, {"occupation": hostile}, source="desk", origin=Origin("desk"))
    assert p.occupation == hostile


@pytest.mark.parametrize(
    ("values", "column", "kept"),
    [
        ({INTEGER: 12}, INTEGER, 12),
        ({DECIMAL: 54.25}, DECIMAL, Decimal("54.25")),
        ({"has_lift": False}, "has_lift", False),
    ],
)
def test_values_come_out_of_typed_columns_as_they_went_in(
    as_worker: Callable[..., Any], areas: Any, values: dict[str, Any], column: str, kept: Any
) -> None:
    with as_worker():
        one = Dwelling.objects.create(area=BUILDING, address="甲路1号", address_key="甲路|1")
        state(one, values, source="desk", origin=Origin("desk"))
        assert getattr(one, column, one.tail.get(column)) == kept


def test_every_item_of_every_subject_can_be_cleared(db):
    """A null says that a former value no longer holds; it must fit everywhere but in the name by which one is found."""
    for subject in Subject:
        items = set(known(subject)) - ({"name"} if subject is Subject.PERSON else set())
        assert prepared(subject, dict.fromkeys(items)) == dict.fromkeys(items)
    for nobody in (None, "", "  "):
        with pytest.raises(Unstatable, match="姓名不能为空"):
            prepared(Subject.PERSON, {"name": nobody})
