# ruff: noqa: S608 - statements are put together from this file's own words and pg_catalog's; values are parameters
"""Taking an import back: what it said is retracted, what it made goes, and nobody loses what was built on it since."""

from typing import Any
from uuid import UUID

from django.db import connection

from linyun.foundation.areas.services import drop_unused
from linyun.hub.exchange.models import Import
from linyun.hub.records.projection import project
from linyun.hub.records.references import used_by_others
from linyun.kernel.ids import uuid7

LINKS = ("records_membership", "records_residence")
MADE = ("records_household", "records_person", "records_dwelling", "records_organisation")

UNLINK = """
with gone as (
  delete from {table} l using exchange_importrow i
  where i.batch_id = %(batch)s and l.origin_id = i.id and l.person_id = i.record_id returning l.*
) insert into pg_temp.unlinked_{table} select * from gone
"""

RELINK = """
insert into {table} select u.* from pg_temp.unlinked_{table} u
join records_person p on p.id = u.person_id and p.origin_id = %(batch)s where {relied}
"""

RELIED = """
(({used}) or exists (select 1 from records_statement st where st.subject_id = {x}.id and st.retracted_by is null
   and not exists (select 1 from exchange_importrow r where r.id = st.origin_id and r.batch_id = %(batch)s)))
"""

DROP = "delete from {table} x where x.origin_id = %(batch)s and not {relied}"

RETRACT = """
update records_statement st set retracted_by = %(mark)s
from exchange_importrow i
where i.batch_id = %(batch)s and st.origin_id = i.id and st.retracted_by is null
  and not exists (select 1 from pg_temp.staying s where s.id = st.subject_id)
returning st.subject_kind, st.subject_id
"""


def _relied(table: str, alias: str) -> str:
    """Somebody built on the row since: a reference, or a word of another source."""
    return RELIED.format(used=used_by_others(table, alias) or "false", x=alias)


def unapply(batch: Import) -> list[str]:
    """Take back what an import said and made; answers the names of the people who stay because others rely on them.

    They stay as they are, with their home and household. The statements of the others stay too, retracted, and so does
    each import row with all it said: nothing that was typed is lost.
    """
    params: dict[str, Any] = {"batch": batch.pk, "mark": uuid7()}
    with connection.cursor() as cursor:
        # Under row-level security an area seems to hold next to nothing, and for each row that is looked up the planner
        # would draw a bitmap of the whole area beside it.
        cursor.execute("set local enable_bitmapscan = off")
        _unlink(cursor, params)
        for table in MADE:
            cursor.execute(DROP.format(table=table, relied=_relied(table, "x")), params)
        staying = " union all ".join(f"select id from {t} where origin_id = %(batch)s" for t in MADE)
        cursor.execute("drop table if exists pg_temp.staying")
        cursor.execute(f"create temp table staying on commit drop as {staying}", params)
        cursor.execute("analyze pg_temp.staying")
        cursor.execute(RETRACT, params)
        touched = cursor.fetchall()
        cursor.execute("select name from records_person where origin_id = %(batch)s order by pinyin, id", params)
        kept = [name for (name,) in cursor.fetchall()]
        cursor.execute("select distinct area from records_dwelling where area like %s", [batch.area + "_%"])
        used = {area for (area,) in cursor.fetchall()}
        cursor.execute("set local enable_bitmapscan = on")
    _renew(touched)
    drop_unused(f"import {batch.pk}", used)
    return kept


def _unlink(cursor: Any, params: dict[str, Any]) -> None:
    """Remove the links that the import made, except those of people on whom something was built since."""
    for table in LINKS:
        cursor.execute(f"drop table if exists pg_temp.unlinked_{table}")
        cursor.execute(f"create temp table unlinked_{table} on commit drop as select * from {table} with no data")
        cursor.execute(UNLINK.format(table=table), params)
    relied = _relied("records_person", "p")
    for table in LINKS:
        cursor.execute(RELINK.format(table=table, relied=relied), params)
        relied += f" or exists (select 1 from {table} l where l.person_id = p.id)"


def _renew(touched: list[tuple[str, UUID]]) -> None:
    subjects: dict[str, list[UUID]] = {}
    for kind, pk in touched:
        subjects.setdefault(kind, []).append(pk)
    for kind, ids in subjects.items():
        project(kind, ids)
