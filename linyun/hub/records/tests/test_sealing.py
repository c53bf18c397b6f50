"""Document numbers: sealed wherever they lie, found by digest, in no column, act, error or log in plain; read for a reason."""

import logging
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from linyun.foundation.acts.models import Act
from linyun.hub.records import disagreements, operations
from linyun.hub.records.models import Person, Statement
from linyun.hub.records.search import search
from linyun.hub.records.services import (
    Origin,
    ReasonMissing,
    Unstatable,
    following,
    sealer,
    see_sealed,
    settle,
    state,
)
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Kind, Subject
from tests.residents import add_person, number_of

BORN = date(1949, 3, 5)
NUMBER, OTHER = number_of(BORN), number_of(BORN, 996)


def everywhere(text: str) -> list[str]:
    """Tables of the house in which a text stands in any column of any row, asked as the application sees them."""
    with connection.cursor() as cursor:
        cursor.execute("select tablename from pg_tables where schemaname = 'public' order by 1")
        found = []
        for (table,) in cursor.fetchall():
            cursor.execute(f"select count(*) from {table} t where t::text like %s", [f"%{text}%"])  # noqa: S608
            if cursor.fetchone()[0]:
                found.append(table)
    return found


@pytest.fixture
def busy(areas: Any, as_worker: Callable[..., Any]) -> SimpleNamespace:
    """A number that was stated, told differently, settled, moved about, merged, read and looked for."""
    p = add_person(name="周桂芳", phone="19900123456", identity_number=NUMBER, source="roster")
    double = add_person(name="周桂芳")
    with as_worker():
        state(p, {"identity_number": OTHER}, source="visit", origin=Origin("visit"))
        settle(p, "identity_number", NUMBER, "看过身份证")
        operations.merge_people(p, double, "同一人")
        see_sealed(p, "identity_number", "上门核对")
        search(NUMBER[-4:])
        disagreements.listed()
    return SimpleNamespace(person=p, double=double)


def test_no_column_of_any_table_holds_it_in_plain(as_worker, busy):
    with as_worker():
        assert everywhere("周桂芳"), "the net must catch what is there"
        for number in (NUMBER, OTHER, NUMBER[6:], NUMBER[-8:]):
            assert everywhere(number) == []


def test_each_sealing_is_another_text_and_one_digest(as_worker, busy):
    with as_worker():
        sealed = [
            s.values["identity_number"]
            for s in Statement.objects.filter(values__has_key="identity_number").order_by("pk")
        ]
    assert len(sealed) == len(set(sealed)) == 3
    assert [sealer.open(s) for s in sealed] == [NUMBER, OTHER, NUMBER]
    assert len({s.split(":")[1] for s in sealed}) == 2


def test_the_columns_for_finding_follow_the_sealed_text(as_worker, busy):
    with as_worker():
        busy.person.refresh_from_db()
    assert busy.person.identity_digest == sealer.digest(NUMBER)
    assert busy.person.identity_tail == sealer.tail_digest(NUMBER)


@pytest.mark.parametrize("plain", [NUMBER, "x", "310110"])
def test_the_database_refuses_a_plain_number_whoever_writes_it(as_worker, person, plain):
    p = person()
    with as_worker(), pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=p.pk).update(identity_number=plain)


def test_errors_and_logs_do_not_repeat_it(as_worker, person, caplog):
    caplog.set_level(logging.DEBUG)
    add_person(identity_number=NUMBER)
    second = person()
    with as_worker():
        for values in ({"identity_number": NUMBER}, {"identity_number": NUMBER, "no_such": "x"}):
            with pytest.raises(Unstatable) as refused:
                state(second, values, source="desk", origin=Origin("desk"))
            assert NUMBER not in str(refused.value)
    shown = [r for r in caplog.records if not r.name.startswith("django.db")]
    assert all(NUMBER not in r.getMessage() for r in shown)
    # Statements carry sealed parameters: even the log of every query shows no number.
    assert all(NUMBER not in r.getMessage() for r in caplog.records)


def test_the_acts_name_items_and_reasons_never_values(as_worker, busy):
    with as_worker():
        acts = list(Act.objects.order_by("pk").values("verb", "detail", "reason"))
    told = str(acts)
    assert {"items_stated", "value_settled", "sealed_item_seen", "operation_done"} <= {a["verb"] for a in acts}
    for secret in (NUMBER, OTHER, "19900123456", "周桂芳", "s1:"):
        assert secret not in told


@pytest.mark.parametrize("reason", ["", " ", "\n\t", "看", " 看 "])
def test_reading_it_in_full_takes_a_reason_worth_the_name(as_worker, busy, reason):
    with as_worker():
        looks = Act.objects.filter(verb="sealed_item_seen").count()
        with pytest.raises(ReasonMissing, match="居民可以看到"):
            see_sealed(busy.person, "identity_number", reason)
        assert Act.objects.filter(verb="sealed_item_seen").count() == looks


def test_every_reading_is_an_act_of_its_own(as_worker, busy):
    with as_worker():
        for why in ("补办老年卡", "核对户口"):
            assert see_sealed(busy.person, "identity_number", f" {why} ") == NUMBER
        rows = Act.objects.filter(verb="sealed_item_seen", subject_id=busy.person.pk).order_by("pk")
        assert [(a.reason, a.detail["item"]) for a in rows][-2:] == [
            ("补办老年卡", "identity_number"),
            ("核对户口", "identity_number"),
        ]


@pytest.mark.parametrize(("item", "value", "shown"), [
    ("phone", "19900111111", "19900111111"), ("family_note", None, ""), ("occupation", None, "")])  # fmt: skip
def test_other_values_are_read_as_they_are_and_none_as_nothing(as_worker, person, item, value, shown):
    p = person(**({item: value} if value else {}))
    with as_worker():
        if item not in {i.code for i in catalogue.items_of(Subject.PERSON)}:
            with pytest.raises(Unstatable, match=item):
                see_sealed(p, item, "上门核对")
        else:
            assert see_sealed(p, item, "上门核对") == shown


@pytest.mark.parametrize("item", ["pk", "identity_digest", "status", "tail", "delete", "__class__", ""])
def test_only_items_can_be_read_not_columns_and_attributes(as_worker, busy, item):
    with as_worker():
        looks = Act.objects.count()
        with pytest.raises(Unstatable):
            see_sealed(busy.person, item, "上门核对")
        assert Act.objects.count() == looks


def test_a_no_is_read_as_a_no(as_worker, person):
    """A False must not read as nothing known."""
    item = next(i for i in catalogue.items_of(Subject.PERSON) if i.kind is Kind.BOOLEAN and not i.core)
    p = person(**{item.code: False})
    with as_worker():
        assert see_sealed(p, item.code, "上门核对") == "False"


# What follows from a number.


@pytest.mark.parametrize(("sequence", "sex"), [(990, "2"), (991, "1"), (998, "2"), (999, "1")])
@pytest.mark.parametrize("born", [date(1930, 1, 1), date(2000, 2, 29), date(2020, 12, 31)])
def test_birth_date_and_sex_follow(sequence, sex, born):
    assert following(number_of(born, sequence)) == {"birth_date": born.isoformat(), "sex": sex}


@pytest.mark.parametrize("number", ["E12345678", "H0123456700", "", "310110"])
def test_nothing_follows_from_another_document(number):
    assert following(number) == {}


def test_the_number_decides_when_another_birth_date_is_typed_beside_it(as_worker, person):
    p = person()
    with as_worker():
        state(
            p, {"identity_number": NUMBER, "birth_date": "1950-01-01", "sex": "1"}, source="desk", origin=Origin("desk")
        )
    assert (p.birth_date, p.sex) == (BORN, "2")


def test_settling_a_number_settles_what_follows(as_worker, person):
    p = person(identity_number=number_of(date(1950, 1, 1), 999), source="police")
    with as_worker():
        settle(p, "identity_number", NUMBER, "看过身份证")
    assert (p.birth_date, p.sex, sealer.open(p.identity_number)) == (BORN, "2", NUMBER)


def test_a_cleared_number_is_found_no_more(as_worker, person):
    p = person(name="周桂芳", identity_number=NUMBER)
    with as_worker():
        assert [h.id for h in search(NUMBER[-4:])] == [p.pk]
        state(p, {"identity_number": None}, source="desk", origin=Origin("desk"))
        assert p.identity_number is None
        assert search(NUMBER[-4:]) == []


def test_masked_on_every_list_and_page_until_a_reason_is_given(client_of, busy, as_worker):
    """The pages on which this person stands: the number in no form but masked, the phone in none but masked on lists."""
    client = client_of("lin")
    for address in (f"/desk/people/{busy.person.pk}", "/desk/disagreements", "/desk/items"):
        page = client.get(address).content.decode()
        assert NUMBER not in page, address
        assert OTHER not in page, address
        assert "s1:" not in page, address


def test_the_same_number_is_no_longer_the_same_digest_under_another_key():
    from linyun.kernel.values.seal import Sealer

    foreign = Sealer({1: b"k" * 32})
    assert foreign.digest(NUMBER) != sealer.digest(NUMBER)
    assert foreign.tail_digest(NUMBER) != sealer.tail_digest(NUMBER)
