"""Putting checked rows into the records: buildings, dwellings, people, statements, residences, households. Set-based SQL.

Everything made here carries the id of its row as origin, so that one step takes it back.
"""

import json
from typing import Any

from django.db import connection

from linyun.foundation.areas.services import drop_unused, ensure_buildings
from linyun.hub.exchange.models import Import
from linyun.hub.records.items import known
from linyun.hub.records.projection import assignments, project
from linyun.hub.records.references import used_by_others
from linyun.kernel import clock
from linyun.kernel.declare import Subject

DWELLINGS = """
insert into records_dwelling (id, area, status, tail, origin_id, estate, road, lane, building, unit, room, address_key, address)
select distinct on (i.address_key) gen_random_uuid(), %(areas)s::jsonb ->> (i.address ->> 'building_key'), 'live', '{}', %(batch)s,
       i.address ->> 'estate', i.address ->> 'road', i.address ->> 'lane', i.address ->> 'building', i.address ->> 'unit',
       i.address ->> 'room', i.address_key, i.address ->> 'text'
from exchange_importrow i
where i.batch_id = %(batch)s and i.outcome in ('created', 'updated', 'unchanged', 'conflicts') and i.address_key <> ''
order by i.address_key, i.number
on conflict do nothing
"""

HOMES = """
update exchange_importrow i set dwelling_id = d.id
from records_dwelling d
where i.batch_id = %(batch)s and d.committee = %(committee)s and d.address_key = i.address_key and d.status = 'live'
  and i.address_key <> ''
"""

PEOPLE = """
insert into records_person (id, area, status, origin_id, pinyin, {columns})
select i.person_id, coalesce(d.area, %(committee)s), 'live', %(batch)s, i.pinyin, {values}
from exchange_importrow i left join records_dwelling d on d.id = i.dwelling_id,
     lateral (select i.values as vals) b
where i.batch_id = %(batch)s and i.outcome = 'created'
"""

STATEMENTS = """
insert into records_statement (id, area, subject_kind, subject_id, values, source, origin_kind, origin_id, true_on,
                               known_at, collector, collector_id, purpose)
select gen_random_uuid(), p.area, 'person', p.id,
       case when i.outcome = 'created' then i.values
            else (select jsonb_object_agg(c ->> 'item', c -> 'new') from jsonb_array_elements(i.changes) c) end,
       %(source)s, 'import_row', i.id, %(as_of)s, %(now)s, %(collector)s, %(collector_id)s, '居民信息采集'
from exchange_importrow i join records_person p on p.id = i.person_id
where i.batch_id = %(batch)s and i.outcome in ('created', 'updated', 'conflicts') and i.person_id is not null
"""

RESIDENCES = """
insert into records_residence (id, area, person_id, dwelling_id, kind, valid_from, origin_id)
select distinct on (i.person_id) gen_random_uuid(), d.area, i.person_id, d.id, i.address ->> 'kind', null, i.id
from exchange_importrow i join records_dwelling d on d.id = i.dwelling_id
where i.batch_id = %(batch)s and i.person_id is not null and i.outcome in ('created', 'updated', 'conflicts', 'unchanged')
  and not exists (select 1 from records_residence r
                  where r.person_id = i.person_id and r.kind = i.address ->> 'kind' and r.valid_to is null)
order by i.person_id, i.number
on conflict do nothing
"""

HOUSEHOLDS = """
with heads as (
  select distinct on (i.household_key) i.household_key, i.id as row_id, i.person_id, i.dwelling_id,
         coalesce(d.area, %(committee)s) as area, gen_random_uuid() as household_id
  from exchange_importrow i left join records_dwelling d on d.id = i.dwelling_id
  where i.batch_id = %(batch)s and i.is_head and i.person_id is not null and i.household_key <> ''
    and not exists (select 1 from records_membership m where m.person_id = i.person_id and m.valid_to is null)
  order by i.household_key, i.number
), made as (
  insert into records_household (id, area, status, tail, origin_id, dwelling_id)
  select household_id, area, 'live', '{}', %(batch)s, dwelling_id from heads returning id
)
insert into records_membership (id, area, household_id, person_id, relation, is_head, origin_id)
select distinct on (i.person_id) gen_random_uuid(), h.area, h.household_id, i.person_id, nullif(i.relation, ''),
       i.person_id = h.person_id, i.id
from heads h join exchange_importrow i on i.batch_id = %(batch)s and i.household_key = h.household_key
where i.person_id is not null and i.outcome in ('created', 'updated', 'conflicts', 'unchanged')
  and not exists (select 1 from records_membership m where m.person_id = i.person_id and m.valid_to is null)
order by i.person_id, i.number
"""

MEMBERS = """
insert into records_membership (id, area, household_id, person_id, relation, is_head, origin_id)
select distinct on (i.person_id) gen_random_uuid(), hm.area, hm.household_id, i.person_id, nullif(i.relation, ''), false, i.id
from exchange_importrow h
join records_membership hm on hm.person_id = h.person_id and hm.is_head and hm.valid_to is null
join exchange_importrow i on i.batch_id = h.batch_id and i.household_key = h.household_key and not i.is_head
where h.batch_id = %(batch)s and h.is_head and h.household_key <> '' and i.person_id is not null
  and i.outcome in ('created', 'updated', 'conflicts', 'unchanged')
  and not exists (select 1 from records_membership m where m.person_id = i.person_id and m.valid_to is null)
order by i.person_id, i.number
"""


def _building_areas(batch: Import) -> dict[str, str]:
    """Area codes of the buildings that the rows name, made where they are new: {building key: code}."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select distinct on (address ->> 'building_key') address ->> 'building_key', address ->> 'building_name'
               from exchange_importrow where batch_id = %s and address_key <> '' and outcome <> 'refused'""",
            [batch.pk],
        )
        wanted = dict(cursor.fetchall())
    return ensure_buildings(batch.area, wanted, source=f"import {batch.pk}")


def apply(batch: Import) -> None:
    """Write the matched rows of an import into the records, in the running transaction."""
    items = list(known(Subject.PERSON).values())
    pairs = assignments(items, "b.vals")
    params: dict[str, Any] = {
        "batch": batch.pk,
        "committee": batch.area,
        "areas": json.dumps(_building_areas(batch)),
        "source": batch.source,
        "as_of": batch.as_of,
        "now": clock.now(),
        "collector": batch.uploaded_by,
        "collector_id": batch.uploaded_by_id,
    }
    people = PEOPLE.format(columns=", ".join(c for c, _ in pairs), values=", ".join(e for _, e in pairs))
    with connection.cursor() as cursor:
        for sql in (DWELLINGS, HOMES, people, STATEMENTS, RESIDENCES, HOUSEHOLDS, MEMBERS):
            cursor.execute(sql, params)
    changed = batch.rows.filter(outcome__in=["updated", "conflicts"], person_id__isnull=False)
    project("person", list(changed.values_list("person_id", flat=True)))


UNLINK = """
delete from {table} l using exchange_importrow i where i.batch_id = %(batch)s and l.origin_id = i.id
"""

DROP = """
delete from {table} x where x.origin_id = %(batch)s and not ({used})
  and not exists (select 1 from records_statement st where st.subject_id = x.id and st.retracted_by is null)
"""


def unapply(batch: Import) -> int:
    """Remove the links and rows that an import made; answers how many people stay because others rely on them.

    The statements stay, retracted; so does each import row with all it said: nothing that was typed is lost.
    """
    params = {"batch": batch.pk}
    with connection.cursor() as cursor:
        for table in ("records_membership", "records_residence"):
            cursor.execute(UNLINK.format(table=table), params)
        for table in ("records_household", "records_person", "records_dwelling"):
            cursor.execute(DROP.format(table=table, used=used_by_others(table, "x")), params)
        cursor.execute("select count(*) from records_person where origin_id = %(batch)s", params)
        (kept,) = cursor.fetchone()
        cursor.execute("select distinct area from records_dwelling where area like %s", [batch.area + "_%"])
        used = {row[0] for row in cursor.fetchall()}
    drop_unused(f"import {batch.pk}", used)
    return int(kept)
