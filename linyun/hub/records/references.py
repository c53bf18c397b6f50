"""Whether anything relies on a row: asked of the database's own list of foreign keys, so that upper apps count too."""

from functools import cache

from django.db import connection


@cache
def _references(table: str) -> tuple[tuple[str, str], ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            """select c.conrelid::regclass::text, a.attname
               from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
               where c.contype = 'f' and c.confrelid = %s::regclass
               union
               select c.oid::regclass::text, 'subject_id' from pg_class c join pg_attribute a on a.attrelid = c.oid
               where a.attname = 'subject_id' and c.relkind = 'r'
                 and c.relname not in ('records_statement', 'acts_act') order by 1, 2""",
            [table],
        )
        return tuple(cursor.fetchall())


def used_by_others(table: str, alias: str) -> str:
    """An SQL condition: some row anywhere refers to ``alias.id``. Acts and statements do not count as use."""
    return " or ".join(
        f"exists (select 1 from {source} u where u.{column} = {alias}.id)"  # noqa: S608 - names from pg_catalog
        for source, column in _references(table)
    )
