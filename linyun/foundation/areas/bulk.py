"""Bringing many rows in at once. PostgreSQL refuses COPY into a table under row-level security, so rows are copied into a
temporary table of the transaction and inserted from there: the policy still checks each of them.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection


def copy(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Bring rows into a table within the running transaction and scope; answers how many.

    Raises django.db.ProgrammingError when a row lies outside the scope: then none goes in.
    """
    listed = ", ".join(f'"{c}"' for c in columns)
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists pg_temp.incoming")
        cursor.execute(f"create temp table incoming on commit drop as select {listed} from {table} with no data")  # noqa: S608
        with cursor.copy(f"copy pg_temp.incoming ({listed}) from stdin") as stream:
            for row in rows:
                stream.write_row(row)
        cursor.execute(f"insert into {table} ({listed}) select {listed} from pg_temp.incoming")  # noqa: S608
        count: int = cursor.rowcount
        cursor.execute("drop table pg_temp.incoming")
        return count


COARSE = 20
"""A statistics target by which the planner still tells a hundred rows from a hundred thousand, a fifth of the sample."""


def analyze(*tables: str, coarse: bool = False) -> None:
    """Give the planner fresh statistics after a bulk change, within the running transaction; of a table some columns alone
    when they stand in brackets behind it. ``coarse``: for a table that is read once.

    Only who owns a table may; the connection belongs to the owner and has merely stepped into the application's role, so it
    steps out for these statements. A connection that does not own the tables gets a warning and waits for autovacuum.
    """
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('role')")
        role = connection.ops.quote_name(cursor.fetchone()[0])
        cursor.execute("set local role none")
        if coarse:
            cursor.execute(f"set local default_statistics_target = {COARSE}")
        for table in tables:
            cursor.execute(f"analyze {table}")
        if coarse:
            cursor.execute("set local default_statistics_target to default")
        cursor.execute(f"set local role {role}")
