"""Properties of imports: whatever the style, the register comes to be the same; twice is once; undo leaves no trace."""

import io
from collections.abc import Iterator
from contextlib import contextmanager

import openpyxl
import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from linyun.hub.exchange import services
from linyun.hub.exchange.models import Import
from linyun.hub.exchange.tests.styles import FIELDS, KINDS, Resident, Style, misspelled, styles, tables
from linyun.hub.records.models import Person
from linyun.hub.records.services import sealer
from tests.characters import HERE

pytestmark = pytest.mark.usefixtures("areas")
few = settings(
    max_examples=10, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
PLAIN = Style("utf-8", ("姓名", "身份证号", "住址", "联系电话"), FIELDS, 0, False, 0, False, 0)
PAIR = [
    Resident("周敏", "310110197506019968", "四平路999弄12号302室", "19900111101"),
    Resident("王然", "310110194903059986", "", ""),
]
TABLES = (
    "records_person", "records_dwelling", "records_household", "records_residence", "records_membership", "areas_area",
)  # fmt: skip


@contextmanager
def untouched() -> Iterator[None]:
    """What happens inside is gone afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def bring(style: Style, people: list[Resident]) -> Import:
    content, name = style.file(people)
    return services.bring_in(content, name, area=HERE)


def numbers(report: services.Report) -> tuple[int, ...]:
    """The numbers that must always add up."""
    told = (report.created, report.updated, report.unchanged, report.conflicts, report.refused)
    assert report.rows == sum(told)
    return told


def register() -> list[Resident]:
    """Who is on the register, as a table says it."""
    return sorted(
        Resident(p.name, sealer.open(p.identity_number), p.living_address or "", p.phone or "")
        for p in Person.objects.order_by("pk")
    )


def dump() -> dict[str, list[str]]:
    """Every row of the register, to the byte."""
    found = {}
    with connection.cursor() as cursor:
        for name in TABLES:
            cursor.execute(f"select t::text from {name} t order by 1")  # noqa: S608 - own names
            found[name] = [row for (row,) in cursor.fetchall()]
    return found


@few
@given(people=tables(), style=styles, other=styles)
def test_any_style_comes_to_the_same_register_and_any_other_changes_nothing(as_worker, people, style, other):
    with as_worker(), untouched():
        assert numbers(services.apply(bring(style, people).pk)) == (len(people), 0, 0, 0, 0)
        assert register() == sorted(people)
        before = dump()
        again = bring(other, people)
        assert numbers(services.check(again)) == (0, 0, len(people), 0, 0)
        services.apply(again.pk)
        assert dump() == before


@few
@given(people=tables(most=4), style=styles)
def test_undo_takes_back_new_people_and_changed_values_to_the_byte(as_worker, people, style):
    with as_worker(), untouched():
        half = people[: len(people) // 2]
        services.apply(bring(PLAIN, half).pk)
        before = dump()
        batch = bring(style, [one._replace(phone=one.phone and "19900777701") for one in people])
        made = numbers(services.apply(batch.pk))
        changed = sum(bool(one.phone) for one in half)
        assert made == (len(people) - len(half), changed, len(half) - changed, 0, 0)
        assert services.undo(batch.pk) == []
        assert dump() == before


@few
@given(people=tables(), style=styles, data=st.data())
def test_the_returned_file_once_mended_brings_exactly_the_missing_rows(as_worker, people, style, data):
    wrong = data.draw(st.sets(st.integers(0, len(people) - 1), min_size=1))
    with as_worker(), untouched():
        batch = bring(style, [misspelled(one) if n in wrong else one for n, one in enumerate(people)])
        assert numbers(services.apply(batch.pk)) == (len(people) - len(wrong), 0, 0, 0, len(wrong))
        returned = mended(services.corrections_of(batch), [people[n] for n in sorted(wrong)])
        report = services.apply(services.bring_in(returned, "退回.xlsx", area=HERE).pk)
        assert numbers(report) == (len(wrong), 0, 0, 0, 0)
        assert register() == sorted(people)


def mended(returned: bytes, people: list[Resident]) -> bytes:
    """A returned file with the marked cells typed anew, row by row; every other cell as it came."""
    book = openpyxl.load_workbook(io.BytesIO(returned))
    page = book.worksheets[0]
    marked = [c for row in page.iter_rows() for c in row if c.comment]
    assert len(marked) == len(people)
    for cell, one in zip(marked, people, strict=True):
        cell.value = one.number
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_file_is_among_the_styles(as_worker, kind):
    style = Style(kind, ("姓 名", "身份证\n号码", "现住 址", "联系\n方式"), FIELDS[::-1], 4, True, 1, True, 2)
    with as_worker():
        assert numbers(services.check(bring(style, PAIR))) == (2, 0, 0, 0, 0)
