"""Every row with an area is under the scope, and every room above the foundation has only such rows."""

from collections.abc import Iterator

from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.models import Model

from linyun.foundation.areas.models import AreaCodeField
from tests.database import as_owner

WITH_AREA = """
select c.relname, c.relrowsecurity, c.relforcerowsecurity, coll.collname
from pg_class c
join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
join pg_attribute a on a.attrelid = c.oid and a.attname = 'area' and not a.attisdropped
left join pg_collation coll on coll.oid = a.attcollation
where c.relkind in ('r', 'p', 'm', 'f') order by 1
"""
POLICIES = """
select tablename, cmd, permissive, roles::text, coalesce(qual, ''), coalesce(with_check, '')
from pg_policies where schemaname = 'public'
"""
BOUNDS = ("linyun.lo", "linyun.hi")
VIEWS = "select relname, reloptions from pg_class where relkind = 'v' and relnamespace = 'public'::regnamespace"
FREE_FUNCTIONS = """
select p.proname from pg_proc p where p.prosecdef and p.pronamespace = 'public'::regnamespace
"""


def rows(statement: str) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def unprotected() -> Iterator[str]:
    """Tables with a column ``area`` that the scope does not hold, and why."""
    policies = {name: rest for name, *rest in rows(POLICIES)}
    counted = [name for name, *_ in rows(POLICIES)]
    for name, enabled, forced, collation in rows(WITH_AREA):
        if not enabled:
            yield f"{name}: row-level security is off"
        elif not forced:
            yield f"{name}: its owner passes by row-level security"
        elif collation != "C":
            yield f"{name}: areas are compared by {collation}, not byte by byte"
        elif counted.count(name) != 1:
            yield f"{name}: {counted.count(name)} policies, and any one of several lets a row through"
        else:
            command, permissive, roles, seen, written = policies[name]
            if command != "ALL" or permissive != "PERMISSIVE" or roles != "{public}":
                yield f"{name}: its policy is for {command} by {roles}"
            if not all(bound in part for bound in BOUNDS for part in (seen, written)):
                yield f"{name}: its policy does not ask for the scope when reading and when writing"


def plant(statement: str) -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(statement)


PROTECTED = """
create table {name} (id int, area text collate "C");
alter table {name} enable row level security;
alter table {name} force row level security;
create policy {name}_scope on {name}
  using (area >= current_setting('linyun.lo', true) and area < current_setting('linyun.hi', true));
"""


def test_every_table_with_an_area_is_under_the_scope(db: None) -> None:
    assert len(rows(WITH_AREA)) > 10
    assert list(unprotected()) == []


def test_a_table_without_row_level_security_is_found(db: None) -> None:
    plant('create table planted_leak (id int, area text collate "C")')
    assert list(unprotected()) == ["planted_leak: row-level security is off"]


def test_half_a_protection_is_found(db: None) -> None:
    for name, undone in {
        "planted_owner": "alter table planted_owner no force row level security",
        "planted_sort": 'alter table planted_sort alter column area type text collate "default"',
        "planted_second": "create policy other on planted_second for select using (true)",
        "planted_true": "alter policy planted_true_scope on planted_true using (true)",
        "planted_write": "alter policy planted_write_scope on planted_write with check (true)",
    }.items():
        plant(PROTECTED.format(name=name))
        if name != "planted_write":
            plant(f"alter policy {name}_scope on {name} with check (area >= current_setting('linyun.lo', true)"
                  " and area < current_setting('linyun.hi', true))")  # fmt: skip
        if name == "planted_sort":
            plant("drop policy planted_sort_scope on planted_sort")
        plant(undone)
    found = {line.split(":")[0] for line in unprotected()}
    assert found == {"planted_owner", "planted_sort", "planted_second", "planted_true", "planted_write"}


def test_no_view_and_no_function_looks_past_the_scope(db: None) -> None:
    """A view runs with its owner's eyes unless it is told not to; a SECURITY DEFINER function always does."""
    blind = [name for name, options in rows(VIEWS) if "security_invoker=true" not in (options or ())]
    assert blind == []
    assert rows(FREE_FUNCTIONS) == []


ABOVE = ("hub", "work", "community", "front")
"""Foundation is the ground: accounts and areas must be read before there is a scope. Everything above is scoped."""


def without_area(models: list[type[Model]]) -> list[str]:
    """Tables of the rooms above the foundation that cannot be scoped."""
    found = []
    for model in models:
        layer = model.__module__.split(".")[1] if model.__module__.startswith("linyun.") else ""
        if layer in ABOVE and model._meta.managed:
            areas = [f for f in model._meta.concrete_fields if f.column == "area"]
            if not areas or not isinstance(areas[0], AreaCodeField) or areas[0].null:
                found.append(model._meta.db_table)
    return found


def test_every_table_above_the_foundation_has_an_area() -> None:
    assert without_area(list(apps.get_models(include_auto_created=True))) == []


def test_a_table_without_an_area_is_found() -> None:
    class Unscoped:
        """As a model of the hub without an area looks to the law."""

        __module__ = "linyun.hub.records.models"

        class _meta:
            managed, db_table, concrete_fields = True, "records_unscoped", ()

    assert without_area([Unscoped]) == ["records_unscoped"]  # type: ignore[list-item]


def test_migrations_say_what_models_say(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_the_application_owns_nothing(db: None) -> None:
    owned = rows("select relname from pg_class where relowner = 'linyun_app'::regrole")
    assert owned == []


def test_acts_are_insert_only(db: None) -> None:
    (rights,) = rows(
        "select string_agg(privilege_type, ' ' order by privilege_type) from information_schema.role_table_grants"
        " where grantee = 'linyun_app' and table_name = 'acts_act'"
    )
    assert rights == ("INSERT SELECT",)
