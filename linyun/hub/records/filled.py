"""How many subjects in the scope have a value for each item: one query for a subject's whole catalogue."""

import json
from collections.abc import Mapping

from django.db import connection

from linyun.foundation.areas import scope
from linyun.hub.records.items import known
from linyun.hub.records.models import RECORDS
from linyun.kernel import clock
from linyun.kernel.declare import Subject

LASTS = 600
MOST_KEPT = 128
_kept: dict[tuple[str, str, str, str], tuple[float, int, Mapping[str, int]]] = {}
"""Counted once in ten minutes for a scope: the catalogue is read, it is not watched."""


def filled(subject: Subject) -> tuple[int, Mapping[str, int]]:
    """(how many live subjects there are, how many of them have a value, by item code); at most ten minutes old."""
    items = known(subject)
    key = (connection.settings_dict["NAME"], scope.current(), subject.value, " ".join(sorted(items)))
    now = clock.now().timestamp()
    kept = _kept.get(key)
    if kept is None or not 0 <= now - kept[0] < LASTS:
        if len(_kept) > MOST_KEPT:
            _kept.clear()
        kept = _kept[key] = (now, *_count(subject, [code for code, item in items.items() if item.core]))
    return kept[1], kept[2]


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
