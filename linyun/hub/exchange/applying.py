# ruff: noqa: S608 - statements are put together from this file's own words and the catalogue's; values are parameters
"""Putting checked rows into the records: buildings, dwellings, people, statements, residences, households. Set-based SQL.

Everything made here carries the id of its row as origin, so that one step takes it back. What the steps need of the rows
is drawn once into a narrow table of the transaction with statistics of its own, so that no plan is guessed.
"""

import json
from collections.abc import Callable
from typing import Any

from django.db import connection

from linyun.foundation.areas.services import ensure_buildings
from linyun.hub.exchange.matching import hashed, kinds_of
from linyun.hub.exchange.models import Import
from linyun.hub.exchange.staging import BUILDING, KIN
from linyun.hub.records.items import known
from linyun.hub.records.models import RECORDS
from linyun.hub.records.projection import CASTS, project
from linyun.kernel import clock
from linyun.kernel.declare import Subject
from linyun.kernel.words import msgid

PURPOSE = {
    Subject.PERSON: "居民信息采集",
    Subject.DWELLING: "实有房屋登记",
    Subject.ORGANISATION: "辖区单位登记",
}
TYPES = {kind: cast.removeprefix("::") for kind, cast in CASTS.items()}


def _new(row: str, purpose: int) -> str:
    """A new id in SQL, kin to an import row's: the digit that staging leaves 0 says what for (1 to 6).

    Drawing chance for each of several hundred thousand ids costs more than writing the rows that bear them.
    """
    return f"overlay({row}::text placing '{purpose}' from {KIN} for 1)::uuid"


TAKEN = "('created', 'updated', 'unchanged', 'conflicts')"

PLACES = f"""
create temp table places on commit drop as
select k.address_key, k.row_id, k.address, coalesce(d.area, %(areas)s::jsonb ->> (k.address ->> 'building_key')) as area,
       coalesce(d.id, case when k.is_listed then k.record_id else {_new("k.row_id", 1)} end) as id, d.id is null as is_new
from (select distinct on (i.address_key) i.address_key, i.id as row_id, i.address, i.record_id,
             i.kind = 'dwelling' and i.outcome = 'created' as is_listed
      from exchange_importrow i
      where i.batch_id = %(batch)s and i.outcome in {TAKEN} and i.kind in ('person', 'dwelling') and i.address_key <> ''
      order by i.address_key, (i.kind = 'dwelling' and i.outcome = 'created') desc, i.number) k
left join records_dwelling d on d.committee = %(committee)s and d.status = 'live' and d.address_key = k.address_key
"""

DWELLINGS = """
insert into records_dwelling (id, area, status, tail, origin_id, estate, road, lane, building, unit, room, address_key,
                              address)
select m.id, m.area, 'live', '{}', %(batch)s, a.estate, a.road, a.lane, a.building, a.unit, a.room, m.address_key, a.text
from places m, jsonb_to_record(m.address) as a(estate text, road text, lane text, building text, unit text, room text,
                                               text text)
where m.is_new
"""

GOING = f"""
create temp table going on commit drop as
select i.id as row_id, i.record_id as person_id, i.number, i.household_key, i.is_head, i.relation,
       i.address ->> 'kind' as residence, d.id as dwelling_id, d.area
from exchange_importrow i left join places d on d.address_key = i.address_key
where i.batch_id = %(batch)s and i.kind = 'person' and i.outcome in {TAKEN} and i.record_id is not null
"""

PEOPLE = """
insert into records_person (id, area, status, origin_id, pinyin, tail, {columns})
select i.record_id, coalesce(d.area, %(committee)s), 'live', %(batch)s, i.pinyin, i.values - array[{codes}]::text[], {values}
from exchange_importrow i left join places d on d.address_key = i.address_key, jsonb_to_record(i.values) as v({record})
where i.batch_id = %(batch)s and i.kind = 'person' and i.outcome = 'created'
"""

STATED = """
insert into records_statement (id, area, subject_kind, subject_id, values, source, origin_kind, origin_id, true_on,
                               known_at, collector, collector_id, purpose)
"""

HOUSED = (
    STATED
    + f"""
select {_new("m.row_id", 2)}, m.area, 'dwelling', m.id,
       jsonb_strip_nulls(m.address - array['text', 'kind', 'building_key', 'building_name']),
       %(source)s, 'import_row', m.row_id, %(as_of)s, %(now)s, %(collector)s, %(collector_id)s, %(purpose)s
from places m where m.is_new
"""
)

STATEMENTS = (
    STATED
    + f"""
select {_new("i.id", 3)}, coalesce(d.area, %(committee)s), 'person', i.record_id, i.values, %(source)s, 'import_row', i.id,
       %(as_of)s, %(now)s, %(collector)s, %(collector_id)s, %(purpose)s
from exchange_importrow i left join places d on d.address_key = i.address_key
where i.batch_id = %(batch)s and i.kind = 'person' and i.outcome = 'created'
"""
)

CHANGES = (
    STATED
    + f"""
select {_new("i.id", 3)}, p.area, i.kind, p.id,
       (select jsonb_object_agg(c ->> 'item', c -> 'new') from jsonb_array_elements(i.changes) c),
       %(source)s, 'import_row', i.id, %(as_of)s, %(now)s, %(collector)s, %(collector_id)s, %(purpose)s
from exchange_importrow i join {{table}} p on p.id = i.record_id
where i.batch_id = %(batch)s and i.kind = %(kind)s and i.outcome in ('updated', 'conflicts') and i.changes <> '[]'
"""
)

NEW = (
    STATED
    + f"""
select {_new("i.id", 3)}, p.area, i.kind, p.id, i.values, %(source)s, 'import_row', i.id, %(as_of)s, %(now)s,
       %(collector)s, %(collector_id)s, %(purpose)s
from exchange_importrow i join {{table}} p on p.id = i.record_id
where i.batch_id = %(batch)s and i.kind = %(kind)s and i.outcome = 'created'
"""
)

ORGANISATIONS = """
insert into records_organisation (id, area, status, tail, origin_id, name)
select i.record_id, %(committee)s, 'live', '{}', %(batch)s, i.name
from exchange_importrow i where i.batch_id = %(batch)s and i.kind = 'organisation' and i.outcome = 'created'
"""

RESIDENCES = f"""
insert into records_residence (id, area, person_id, dwelling_id, kind, origin_id)
select distinct on (g.person_id) {_new("g.row_id", 4)}, g.area, g.person_id, g.dwelling_id, g.residence, g.row_id
from going g
where g.dwelling_id is not null
  and not exists (select 1 from records_residence r
                  where r.person_id = g.person_id and r.kind = g.residence and r.valid_to is null)
order by g.person_id, g.number
"""

HOMES = f"""
create temp table homes on commit drop as
select h.household_key, h.person_id, h.dwelling_id, h.area,
       coalesce(m.household_id, {_new("h.first", 5)}) as household_id, m.household_id is null as is_new
from (select k.*, first_value(k.row_id) over (partition by k.person_id order by k.number, k.row_id) as first
      from (select distinct on (household_key) household_key, row_id, number, person_id, dwelling_id,
                   coalesce(area, %(committee)s) as area
            from going where is_head and household_key <> '' order by household_key, number) k) h
left join records_membership m on m.person_id = h.person_id and m.valid_to is null
where m.household_id is null or m.is_head
"""

HOUSEHOLDS = """
insert into records_household (id, area, status, tail, origin_id, dwelling_id)
select distinct on (household_id) household_id, area, 'live', '{}', %(batch)s, dwelling_id
from homes where is_new order by household_id, dwelling_id
"""

MEMBERS = f"""
insert into records_membership (id, area, household_id, person_id, relation, is_head, origin_id)
select distinct on (g.person_id) {_new("g.row_id", 6)}, h.area, h.household_id, g.person_id, nullif(g.relation, ''),
       h.is_new and g.person_id = h.person_id, g.row_id
from homes h join going g on g.household_key = h.household_key
where not exists (select 1 from records_membership m where m.person_id = g.person_id and m.valid_to is null)
  and (h.is_new or not g.is_head)
order by g.person_id, g.number
"""

Tell = Callable[[str], None]
"""Called with a sentence when a step begins."""
STEPS = (
    msgid("正在建楼栋和房屋"),
    msgid("正在写居民"),
    msgid("正在记数据来源"),
    msgid("正在连人和房、户"),
    msgid("正在写房屋和单位"),
    msgid("正在更新已有的登记"),
)


def _building_areas(batch: Import) -> dict[str, str]:
    """Area codes of the buildings that the rows name, made where they are new: {building key: code}."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select distinct on (address ->> 'building_key') address ->> 'building_key', address ->> 'building_name'
               from exchange_importrow where batch_id = %s and address_key <> '' and outcome <> 'refused'
               and kind <> 'organisation'""",
            [batch.pk],
        )
        wanted = dict(cursor.fetchall())
    return ensure_buildings(batch.area, wanted, source=f"import {batch.pk}") if wanted else {}


def _people() -> str:
    """The statement that makes people from staged values, each JSON read once."""
    core = [i for i in known(Subject.PERSON).values() if i.core]
    return PEOPLE.format(
        columns=", ".join(i.code for i in core),
        codes=", ".join(f"'{i.code}'" for i in core),
        values=", ".join(f"coalesce(v.{i.code}, '')" if i.code == "name" else f"v.{i.code}" for i in core),
        record=", ".join(f"{i.code} {TYPES.get(i.kind, 'text')}" for i in core),
    )


def apply(batch: Import, tell: Tell = lambda said: None) -> None:
    """Write the matched rows of an import into the records, in the running transaction."""
    tell(STEPS[0])
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
    kinds = kinds_of(batch)
    with connection.cursor() as cursor:
        _apply_dwellings(cursor, params | {"purpose": PURPOSE[Subject.DWELLING]})
        if Subject.PERSON in kinds:
            _apply_people(cursor, params | {"purpose": PURPOSE[Subject.PERSON]}, tell)
        tell(STEPS[4])
        if Subject.ORGANISATION in kinds:
            cursor.execute(ORGANISATIONS, params)
        for kind in (Subject.DWELLING, Subject.ORGANISATION):
            if kind in kinds:
                sql = NEW.format(table=RECORDS[kind]._meta.db_table)
                cursor.execute(sql, params | {"kind": kind, "purpose": PURPOSE[kind]})
        tell(STEPS[5])
        for kind in (Subject(k) for k in kinds - {BUILDING}):
            sql = CHANGES.format(table=RECORDS[kind]._meta.db_table)
            cursor.execute(sql, params | {"kind": kind, "purpose": PURPOSE[kind]})
    _renew(batch, kinds)


def _apply_dwellings(cursor: Any, params: dict[str, Any]) -> None:
    cursor.execute("drop table if exists pg_temp.places, pg_temp.going, pg_temp.homes")
    with hashed(cursor):
        cursor.execute(PLACES, params)
    cursor.execute("analyze pg_temp.places (address_key, is_new)")
    cursor.execute(DWELLINGS, params)
    cursor.execute(HOUSED, params)


def _apply_people(cursor: Any, params: dict[str, Any], tell: Tell) -> None:
    with hashed(cursor):
        cursor.execute(GOING, params)
        cursor.execute("analyze pg_temp.going (person_id, dwelling_id, household_key, is_head)")
        tell(STEPS[1])
        cursor.execute(_people(), params)
        tell(STEPS[2])
        cursor.execute(STATEMENTS, params)
    tell(STEPS[3])
    cursor.execute(RESIDENCES, params)
    cursor.execute(HOMES, params)
    cursor.execute("analyze pg_temp.homes")
    for sql in (HOUSEHOLDS, MEMBERS):
        cursor.execute(sql, params)


def _renew(batch: Import, kinds: set[str]) -> None:
    """Show what holds now on the subjects about whom something was said; new people were written with it."""
    for kind in kinds - {BUILDING}:
        outcomes = ["updated", "conflicts"] + (["created"] if kind != Subject.PERSON else [])
        said = batch.rows.filter(kind=kind, outcome__in=outcomes, record_id__isnull=False)
        project(kind, [pk for pk in said.values_list("record_id", flat=True) if pk])
