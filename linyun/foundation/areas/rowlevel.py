"""Row-level security as migration operations: the database says no as well.

``protect("visits_visit")`` in a migration makes PostgreSQL itself check each row's area against the scope. FORCE makes
it hold for the table's owner too; only ``=`` and ranges are leakproof, so only these use an index under it.
"""

from django.db import migrations

ROLE = "linyun_app"
"""The role in which the application works; it owns nothing and cannot bypass the policies."""

POLICY = """
alter table {table} enable row level security;
alter table {table} force row level security;
create policy {table}_scope on {table}
  using ({column} >= current_setting('linyun.lo', true) and {column} < current_setting('linyun.hi', true))
  with check ({column} >= current_setting('linyun.lo', true) and {column} < current_setting('linyun.hi', true));
"""
UNDO = """
drop policy if exists {table}_scope on {table};
alter table {table} no force row level security;
alter table {table} disable row level security;
"""


def protect(table: str, column: str = "area") -> migrations.RunSQL:
    """The migration operation that puts a table under the scope."""
    return migrations.RunSQL(POLICY.format(table=table, column=column), UNDO.format(table=table), elidable=False)


def insert_only(table: str) -> migrations.RunSQL:
    """The migration operation after which the application can add rows and read them, but never change one."""
    return migrations.RunSQL(
        f"revoke update, delete, truncate on {table} from linyun_app", f"grant update, delete on {table} to linyun_app"
    )
