"""Current values: the projection of all statements about a subject onto its row, computed in SQL for any number at once."""

import json
from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from linyun.hub.records.items import known
from linyun.hub.records.models import RECORDS
from linyun.hub.records.precedence import RANK_SQL, tables
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Item, Kind, Subject
from linyun.kernel.values.pinyin import pinyin_key

CASTS = {Kind.DATE: "::date", Kind.INTEGER: "::int", Kind.DECIMAL: "::numeric", Kind.BOOLEAN: "::boolean"}

BEST = """
select w.kept_id, jsonb_object_agg(w.key, w.value) filter (where w.value <> 'null'::jsonb) as vals
from (
  select distinct on (coalesce(r.merged_into_id, r.id), v.key) coalesce(r.merged_into_id, r.id) as kept_id, v.key, v.value
  from {table} r join records_statement st on st.subject_id = r.id, jsonb_each(st.values) v
  where (r.id = any(%(ids)s) or r.merged_into_id = any(%(ids)s)) and st.retracted_by is null
  order by 1, 2, {rank} desc, st.true_on desc, st.known_at desc, st.id desc
) w where w.kept_id = any(%(ids)s) group by 1
"""


def assignments(items: Sequence[Item], values: str) -> list[tuple[str, str]]:
    """(column, SQL expression) for all core items and the tail, reading from the jsonb expression ``values``."""
    core = [i for i in items if i.core]
    pairs = [(i.code, f"({values} ->> '{i.code}'){CASTS.get(i.kind, '')}") for i in core]
    pairs = [(c, f"coalesce({e}, '')" if c == "name" else e) for c, e in pairs]
    codes = ", ".join(f"'{i.code}'" for i in core)
    return [*pairs, ("tail", f"coalesce({values}, '{{}}'::jsonb) - array[{codes}]::text[]")]


def project(kind: str, ids: Sequence[UUID]) -> None:
    """Write the current values of some subjects; those of a merged duplicate fill the one kept, its own row stays.

    Touches only rows whose values change.
    """
    if not ids:
        return
    ids = _kept(RECORDS[kind]._meta.db_table, ids)
    items = list(known(Subject(kind)).values())
    table = RECORDS[kind]._meta.db_table
    pairs = assignments(items, "b.vals")
    ranks, departments, owners = tables(catalogue, items)
    columns = ", ".join(c for c, _ in pairs)
    current = ", ".join(f"p.{c}" for c, _ in pairs)
    sql = f"""
    with best as ({BEST.format(table=table, rank=RANK_SQL)}),
         b as (select p.id, best.vals from {table} p left join best on best.kept_id = p.id where p.id = any(%(ids)s)),
         n as (select b.id, {", ".join(f"{e} as {c}" for c, e in pairs)} from b)
    update {table} p set ({columns}) = (select {", ".join(f"n.{c}" for c, _ in pairs)})
    from n where n.id = p.id and ({current}) is distinct from ({", ".join(f"n.{c}" for c, _ in pairs)})
    """  # noqa: S608 - names come from the catalogue and the models, values are parameters
    with connection.cursor() as cursor:
        cursor.execute(
            sql,
            {
                "ids": list(ids),
                "ranks": json.dumps(ranks),
                "departments": json.dumps(departments),
                "owners": json.dumps(owners),
            },
        )
    if kind == "person":
        refresh_pinyin(ids)


def _kept(table: str, ids: Sequence[UUID]) -> list[UUID]:
    """The records that some ids lead to."""
    with connection.cursor() as cursor:
        cursor.execute(f"select distinct coalesce(merged_into_id, id) from {table} where id = any(%s)", [list(ids)])  # noqa: S608
        return [pk for (pk,) in cursor.fetchall()]


def refresh_pinyin(ids: Sequence[UUID]) -> None:
    """Write the search key of people's names (initials and full spelling) where it does not fit the name."""
    with connection.cursor() as cursor:
        cursor.execute("select id, name, pinyin from records_person where id = any(%s)", [list(ids)])
        keys = [(pk, pinyin_key(name).text, old) for pk, name, old in cursor.fetchall()]
        found = [(pk, key) for pk, key, old in keys if key != old]
        if found:
            cursor.execute(
                "update records_person p set pinyin = n.key from unnest(%s::uuid[], %s::text[]) n(id, key) where n.id = p.id",
                [[pk for pk, _ in found], [key for _, key in found]],
            )
