"""The tables: what the database itself holds to, whoever asks."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from linyun.foundation.areas.scope import within
from linyun.hub.ledgers.models import LedgerClosing, LedgerEntry, LedgerForm, OwnLedger
from linyun.kernel import clock
from tests.characters import BUILDING, HERE, STREET, THERE

TABLES = (LedgerEntry, LedgerClosing, OwnLedger, LedgerForm)


def entry(area: str = HERE, **others) -> LedgerEntry:
    return LedgerEntry.objects.create(
        area=area, ledger="honours", cells={"title": "甲"}, created_by="林晓岚", client_key=uuid4(), **others
    )


def closing(area: str = HERE, **others) -> LedgerClosing:
    values = {
        "ledger": "honours", "title": "荣誉", "period": "2025", "start": date(2025, 1, 1), "end": date(2026, 1, 1),
        "closed_at": clock.now(), "closed_by": "林晓岚", "count": 0, "body": b"x", "digest": "0" * 64,
    }  # fmt: skip
    return LedgerClosing.objects.create(area=area, **(values | others))


def own(area: str = HERE) -> OwnLedger:
    return OwnLedger.objects.create(code=f"own_{uuid4().hex[:16]}", area=area, definition={}, made_by="林晓岚")


def form(area: str = HERE) -> LedgerForm:
    return LedgerForm.objects.create(
        area=area, ledger="honours", file_name="空表.xlsx", content=b"x", sheet="Sheet", head_row=1, first_row=2,
        columns=[], uploaded_by="林晓岚",
    )  # fmt: skip


MAKERS = {LedgerEntry: entry, LedgerClosing: closing, OwnLedger: own, LedgerForm: form}


@pytest.mark.parametrize("model", TABLES, ids=lambda m: m.__name__)
def test_a_row_is_seen_from_its_area_and_from_above_and_from_nowhere_else(areas, model):
    with within(HERE):
        row = MAKERS[model](HERE)
    for scope, seen in ((HERE, True), (STREET, True), ("", True), (THERE, False), (BUILDING, False), (None, False)):
        with within(scope):
            assert model.objects.filter(pk=row.pk).exists() is seen, scope


@pytest.mark.parametrize("model", TABLES, ids=lambda m: m.__name__)
def test_a_row_cannot_be_put_into_another_area(areas, model):
    with within(HERE), pytest.raises(ProgrammingError), transaction.atomic():
        MAKERS[model](THERE)


@pytest.mark.parametrize("model", [LedgerEntry, OwnLedger, LedgerForm], ids=lambda m: m.__name__)
def test_a_foreign_row_can_be_neither_changed_nor_deleted(areas, model):
    with within(THERE):
        row = MAKERS[model](THERE)
    with within(HERE):
        assert model.objects.filter(pk=row.pk).update(area=HERE) == 0
        assert model.objects.filter(pk=row.pk).delete()[0] == 0
    with within(THERE):
        assert model.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("statement", ["update {t} set closed_by = 'x'", "delete from {t}", "truncate {t}"])
def test_closings_are_only_ever_added(areas, statement):
    with within(HERE):
        closing()
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.format(t="ledgers_ledgerclosing"))
        assert LedgerClosing.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"end": date(2025, 1, 1)},
        {"end": date(2024, 1, 1)},
        {"early": True},
        {"number": 2},
        {"number": 2, "early": True},
        {"number": -1},
    ],
)
def test_a_closing_that_cannot_be_is_refused(areas, wrong):
    with within(HERE), pytest.raises(IntegrityError), transaction.atomic():
        closing(**wrong)


@pytest.mark.parametrize(
    "right",
    [
        {"number": 2, "reason": "电话登记错了"},
        {"early": True, "reason": "提前收表", "ledger": "y"},
        {"ledger": "x"},
        {"start": date(2024, 1, 1)},
    ],
)
def test_what_differs_may_stand_beside_it(areas, right):
    with within(HERE):
        closing()
        closing(**right)
        assert LedgerClosing.objects.count() == 2


def test_one_number_of_a_period_stands_once(areas):
    with within(HERE):
        closing()
        with pytest.raises(IntegrityError), transaction.atomic():
            closing()


def test_the_closing_that_holds_is_the_last_correction(areas):
    with within(HERE):
        first = closing()
        last = closing(number=2, reason="更正")
        other = closing(start=date(2024, 1, 1), end=date(2025, 1, 1), period="2024")
        found = LedgerClosing.objects
        assert found.holding("honours", HERE, first.start, first.end) == last
        assert found.holding("honours", HERE, first.start, first.end + timedelta(days=1)) is None
        assert found.holding("honours", THERE, first.start, first.end) is None
        assert list(found.of("honours", HERE)) == [last, first, other]


def test_a_submission_stands_once_whatever_happens(areas):
    with within(HERE):
        row = entry()
        with pytest.raises(IntegrityError), transaction.atomic():
            LedgerEntry.objects.create(
                area=HERE, ledger="honours", cells={}, created_by="林晓岚", client_key=row.client_key
            )


def test_a_row_is_replaced_once(areas):
    with within(HERE):
        old = entry()
        new = entry(replaces=old)
        assert old.replaced_by == new
        with pytest.raises(IntegrityError), transaction.atomic():
            entry(replaces=old)


def test_standing_rows_are_those_not_withdrawn(areas):
    with within(HERE):
        stays, goes = entry(), entry()
        goes.withdrawn_at = clock.now()
        goes.save(update_fields=["withdrawn_at"])
        assert list(LedgerEntry.objects.standing()) == [stays]
