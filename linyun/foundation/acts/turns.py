"""Taking turns: what must not be done twice at once waits for the other to end."""

from django.db import connection


def wait_for_turn(what: str) -> None:
    """Wait until no other transaction is at the same thing; the turn ends with this one. ``what`` names it (visit …)."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [what])
