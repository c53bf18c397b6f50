"""Imports through their verbs: what a row does, who is meant by it, and that undo leaves no trace."""

from datetime import date

import pytest
from django.db import connection

from linyun.foundation.areas.models import Area
from linyun.hub.exchange import services
from linyun.hub.exchange.models import Import
from linyun.hub.exchange.services import Unusable
from linyun.hub.records.models import Dwelling, Household, Membership, Person, Residence, Statement
from linyun.hub.records.services import Origin, state
from linyun.kernel.values.identity import make
from tests.characters import HERE

ZHOU = make("310110", date(1949, 3, 5), 998)
WANG = make("310110", date(1975, 6, 1), 998)


def table(*rows: str, head: str = "姓名,身份证号,住址,联系电话,与户主关系") -> bytes:
    return "\n".join((head, *rows)).encode()


def bring(content: bytes, name: str = "名册.csv", **given: object) -> Import:
    return services.bring_in(content, name, area=HERE, **given)  # type: ignore[arg-type]


def rows_of_everything() -> dict[str, list[str]]:
    """Every row of the register as text."""
    found = {}
    with connection.cursor() as cursor:
        for t in ("records_person", "records_dwelling", "records_household", "records_residence", "records_membership",
                  "areas_area"):  # fmt: skip
            cursor.execute(f"select t::text from {t} t order by 1")  # noqa: S608 - own names
            found[t] = [r[0] for r in cursor.fetchall()]
    return found


FAMILY = table(
    f"周桂芳,{ZHOU},四平路999弄12号302室,19900111111,户主",
    f"王敏,{WANG},,19900222222,女儿",
)


def test_a_family_at_a_new_address_gets_building_dwelling_household_and_residence(as_worker, areas):
    with as_worker():
        report = services.apply(bring(FAMILY).pk)
        mother, daughter = Person.objects.order_by("birth_date")
        home = Dwelling.objects.get()
        assert (report.created, report.refused) == (2, 0)
        assert home.address == "四平路999弄12号302室"
        assert Area.objects.get(pk=home.area).name == "四平路999弄12号"
        assert mother.area == daughter.area == home.area
        assert set(Residence.objects.values_list("person_id", "kind")) == {(p.pk, "actual") for p in (mother, daughter)}
        links = dict(Membership.objects.values_list("person_id", "is_head"))
        assert links == {mother.pk: True, daughter.pk: False}
        assert Household.objects.get().dwelling == home


def test_undo_leaves_the_register_as_it_was_to_the_byte(as_worker, areas, person):
    person(name="周桂芳", identity_number=ZHOU, phone="19900999999", source="roster")
    with as_worker():
        before = rows_of_everything()
        batch = bring(FAMILY)
        services.apply(batch.pk)
        assert rows_of_everything() != before
        assert services.undo(batch.pk) == []
        assert rows_of_everything() == before
        with pytest.raises(Unusable, match="撤销"):
            services.undo(batch.pk)


def test_undo_keeps_those_on_whom_something_else_was_built_since(as_worker, areas):
    with as_worker():
        batch = bring(FAMILY)
        services.apply(batch.pk)
        seen = Person.objects.get(name="周桂芳")
        state(seen, {"occupation": "退休教师"}, source="visit", origin=Origin("visit"))
        assert services.undo(batch.pk) == ["周桂芳"]
        seen.refresh_from_db()
        assert seen.occupation == "退休教师"


def test_the_same_file_twice_changes_nothing(as_worker, areas):
    with as_worker():
        services.apply(bring(FAMILY).pk)
        before = rows_of_everything()
        report = services.apply(bring(FAMILY).pk)
        assert (report.unchanged, report.created, report.updated) == (2, 0, 0)
        assert rows_of_everything() == before


def test_a_value_the_worker_saw_is_not_overwritten_by_a_roster_but_both_are_kept(as_worker, areas, person):
    p = person(name="周桂芳", identity_number=ZHOU, phone="19900333333", source="visit")
    with as_worker():
        report = services.apply(bring(FAMILY).pk)
        p.refresh_from_db()
        assert report.conflicts == 1
        assert p.phone == "19900333333"
        assert Statement.objects.filter(subject_id=p.pk, source="roster", values__phone="19900111111").exists()


@pytest.mark.parametrize(
    ("row", "fits"),
    [
        ("周桂芳,1949-03-05,", True),
        ("周桂芳,,19900333333", True),
        ("周桂芳,1950-01-01,19900333333", False),
        ("周桂方,1949-03-05,19900333333", False),
    ],
)
def test_without_a_number_name_and_one_more_thing_decide(as_worker, areas, person, row, fits):
    person(name="周桂芳", birth_date=date(1949, 3, 5), phone="19900333333", source="desk")
    with as_worker():
        report = services.check(bring(table(row, head="姓名,出生日期,联系电话")))
    assert report.created == (0 if fits else 1)


def test_two_who_fit_are_never_guessed_between(as_worker, areas, person):
    for number in ("19900333331", "19900333332"):
        person(name="李建国", birth_date=date(1950, 1, 1), phone=number)
    with as_worker():
        report = services.check(bring(table("李建国,1950-01-01,", head="姓名,出生日期,联系电话")))
    assert report.refused == 1
    assert "分不清" in report.refusals[0]["reason"]
    assert report.refusals[0]["column"] == "A 姓名"


def test_a_bare_building_number_means_the_one_building_that_has_it(as_worker, areas):
    with as_worker():
        services.apply(bring(FAMILY).pk)
        report = services.check(bring(table(f"周桂芳,{ZHOU},12-302,19900111111,户主")))
    assert report.unchanged == 1


def test_a_repeated_upload_with_one_client_key_is_one_import(as_worker, areas):
    key = make_key()
    with as_worker():
        assert bring(FAMILY, client_key=key) == bring(FAMILY, client_key=key)


def make_key():
    from uuid import uuid4

    return uuid4()


def test_the_stranger_sees_neither_import_nor_match(as_worker, as_character, areas):
    with as_worker():
        services.apply(bring(FAMILY).pk)
    with as_character("wu"):
        assert not Import.objects.exists()
        theirs = services.bring_in(FAMILY, "名册.csv", area="310110009017")
        assert services.check(theirs).created == 2


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "空"), (b"PK\x03\x04broken", "打不开|损坏|不完整"), ("姓名,身份证号\n".encode(), "没有")],
)
def test_what_holds_nobody_is_answered_with_a_sentence(as_worker, areas, content, says):
    from linyun.hub.exchange.reading import Unreadable

    with as_worker():
        try:
            batch = bring(content, "名册.xlsx" if content.startswith(b"PK") else "名册.csv")
        except Unreadable as refused:
            said = str(refused)
        else:
            said, _ = batch.message, pytest.approx(batch.total, abs=0)
            assert batch.total == 0
    assert any(word in said for word in says.split("|")), said
