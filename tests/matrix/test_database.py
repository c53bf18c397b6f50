"""The database says no by itself, whatever the code above it does: asked directly, in the role of the product."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction

from linyun.foundation.acts.actor import Actor, acting
from linyun.foundation.acts.models import Act
from linyun.foundation.acts.services import record
from linyun.foundation.areas.scope import within
from linyun.hub.records.events import PersonSeen
from linyun.hub.records.models import Household, Person, Statement
from linyun.kernel.ids import uuid7
from tests.characters import BUILDING, BUILDING_THERE, HERE, STREET, THERE
from tests.database import as_owner
from tests.residents import CLERK, add_person

SECURED = """
select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'public' and c.relkind in ('r', 'p') and c.relrowsecurity order by 1
"""


def secured_tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(SECURED)
        return [name for (name,) in cursor.fetchall()]


@pytest.fixture
def both(areas: object) -> tuple[Person, Person]:
    """Somebody HERE and somebody THERE."""
    return add_person(BUILDING, name="周桂芳"), add_person(BUILDING_THERE, name="吴阿妹")


def refused(action: Callable[[], object]) -> str:
    """The database's words when it refuses."""
    with pytest.raises(ProgrammingError) as error, transaction.atomic():
        action()
    return str(error.value)


def test_the_tests_run_in_the_role_of_the_product(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select current_user, rolsuper, rolbypassrls from pg_roles where rolname = current_user")
        assert cursor.fetchone() == ("linyun_app", False, False)


def test_without_a_scope_every_secured_table_is_empty(both: object) -> None:
    assert len(secured_tables()) > 10
    with connection.cursor() as cursor:
        for name in secured_tables():
            cursor.execute(f'select count(*) from "{name}"')  # noqa: S608
            assert cursor.fetchone() == (0,), name
    with within(STREET):
        assert Person.objects.count() == 2


def test_a_scope_shows_its_own_rows_only(both: tuple[Person, Person]) -> None:
    here, there = both
    with within(HERE):
        assert list(Person.objects.all()) == [here]
        assert not Statement.objects.filter(subject_id=there.pk).exists()
    with within(THERE):
        assert list(Person.objects.all()) == [there]
    with within(BUILDING):
        assert list(Person.objects.all()) == [here]
    with within(HERE + "002"):
        assert not Person.objects.exists()


def test_a_neighbouring_code_is_not_within(areas: object) -> None:
    """310110009016 is not above 3101100090160…: prefixes of codes of other lengths do not leak into each other."""
    add_person(HERE, name="在居委")
    with within("31011000901"):
        assert Person.objects.exists(), "the range is by bytes"
    with within("310110009016001"):
        assert not Person.objects.exists()


def test_conditions_cannot_talk_the_scope_away(both: tuple[Person, Person]) -> None:
    with within(HERE), connection.cursor() as cursor:
        cursor.execute("select name from records_person where area like '%' or true")
        assert cursor.fetchall() == [("周桂芳",)]
        cursor.execute("select count(*) from records_person p full join records_statement s on true")
        cursor.execute("with everyone as (select * from records_person) select name from everyone")
        assert cursor.fetchall() == [("周桂芳",)]


def test_an_insert_outside_the_scope_is_refused(areas: object) -> None:
    with within(HERE):
        assert "row-level security" in refused(lambda: Person.objects.create(area=BUILDING_THERE, name="越界"))
        assert "row-level security" in refused(
            lambda: Person.objects.bulk_create([Person(area=HERE, name="界内"), Person(area=THERE, name="越界")])
        )
        assert not Person.objects.exists()


def test_an_insert_without_a_scope_is_refused(areas: object) -> None:
    assert "row-level security" in refused(lambda: Household.objects.create(area=HERE))


def test_no_row_can_be_moved_out_of_the_scope_or_into_it(both: tuple[Person, Person]) -> None:
    here, there = both
    with within(HERE):
        assert "row-level security" in refused(lambda: Person.objects.filter(pk=here.pk).update(area=THERE))
        assert Person.objects.filter(pk=there.pk).update(area=HERE) == 0
    with within(THERE):
        assert Person.objects.get().area == BUILDING_THERE


def test_foreign_rows_can_be_neither_changed_nor_deleted(both: tuple[Person, Person]) -> None:
    _, there = both
    with within(HERE):
        assert Person.objects.filter(pk=there.pk).update(name="改名") == 0
        assert Person.objects.filter(name="吴阿妹").delete() == (0, {})
    with within(THERE):
        assert Person.objects.get().name == "吴阿妹"


def test_a_scope_ends_with_its_transaction(both: object) -> None:
    with within(HERE):
        assert Person.objects.count() == 1
    assert Person.objects.count() == 0
    with pytest.raises(ZeroDivisionError), within(HERE):
        _ = 1 // 0
    assert Person.objects.count() == 0


def test_scopes_nest_and_come_back(both: object) -> None:
    with within(HERE):
        with within(STREET):
            assert Person.objects.count() == 2
            with pytest.raises(ZeroDivisionError), within(THERE):
                _ = 1 // 0
            assert Person.objects.count() == 2
        assert Person.objects.count() == 1
        with within(None):
            assert Person.objects.count() == 0
        assert Person.objects.count() == 1


def test_even_the_owner_of_the_tables_is_held_to_the_scope(both: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select relname from pg_class where relrowsecurity and not relforcerowsecurity")
        assert cursor.fetchall() == []


def an_act() -> Act:
    with acting(Actor("林晓岚", area=HERE)), within(HERE):
        return record(PersonSeen(uuid7()), area=HERE)


@pytest.mark.parametrize(
    "statement",
    ["update acts_act set actor_name = 'x'", "delete from acts_act", "truncate acts_act", "drop table acts_act",
     "alter table acts_act disable row level security", "drop policy acts_act_scope on acts_act"],
)  # fmt: skip
def test_acts_can_be_added_and_never_changed(db: None, statement: str) -> None:
    an_act()

    def change() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    with within(""):
        said = refused(change)
        assert "permission denied" in said or "must be owner" in said
        assert Act.objects.get().actor_name == "林晓岚"


def test_acts_are_seen_within_their_area_only(db: None) -> None:
    an_act()
    with within(THERE):
        assert not Act.objects.exists()
    with within(STREET):
        assert Act.objects.count() == 1


@pytest.mark.parametrize(
    "statement",
    ["set row_security = off", "set role postgres", "set session authorization postgres",
     "create table public.mine (a int)", "alter role linyun_app bypassrls"],
)  # fmt: skip
def test_the_role_cannot_free_itself(both: object, statement: str) -> None:
    """Row security off makes queries fail instead of passing by."""
    words = r"permission|denied|must be|row-level|does not exist|role"
    with pytest.raises(DatabaseError, match=words), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        cursor.execute("select name from records_person")


def test_a_statement_keeps_to_the_scope_of_its_subject(both: tuple[Person, Person]) -> None:
    _, there = both
    with within(HERE), acting(CLERK):
        statement = Statement(
            area=THERE, subject_kind="person", subject_id=there.pk, values={"phone": "1"}, source="desk",
            origin_kind="desk", true_on=date(2026, 1, 1), known_at="2026-01-01T00:00:00Z",
        )  # fmt: skip
        assert "row-level security" in refused(lambda: statement.save(force_insert=True))


def test_what_the_owner_plants_is_seen_by_the_role(db: None) -> None:
    """The bench itself: as_owner is the owner, and afterwards the role is the product's again."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("select current_user")
        assert cursor.fetchone() != ("linyun_app",)
    with connection.cursor() as cursor:
        cursor.execute("select current_user")
        assert cursor.fetchone() == ("linyun_app",)
