"""How many subjects in the scope have a value for each item: one query for a subject's whole catalogue."""

import json
from collections.abc import Mapping

from django.db import connection

from linyun.hub.records.items import known
from linyun.hub.records.models import RECORDS
from linyun.kernel.declare import Subject


def filled(subject: Subject) -> tuple[int, Mapping[str, int]]:
    """(how many live subjects there are, how many of them have a value, by item code)."""
    return _count(subject, [code for code, item in known(subject).items() if item.core])


def _count(subject: Subject, core: list[str]) -> tuple[int, dict[str, int]]:
    table = RECORDS[subject]._meta.db_table
    columns = "".join(f", count(nullif(s.{code}::text, ''))" for code in core)
    sql = f"""select count(*), (select coalesce(jsonb_object_agg(key, n), '{{}}') from (
                select k.key, count(*) as n from {table} t, jsonb_object_keys(t.tail) k(key)
                where t.status = 'live' group by 1) x){columns}
              from {table} s where s.status = 'live'"""  # noqa: S608 - names from the catalogue
    with connection.cursor() as cursor:
        cursor.execute(sql)
        every, tail, *held = cursor.fetchone()
    counted: dict[str, int] = json.loads(tail) if isinstance(tail, str) else tail
    return every, {**counted, **dict(zip(core, held, strict=True))}
