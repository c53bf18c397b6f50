"""Who is meant by a row: matching and comparing in SQL, set-based, within the scope.

Every staged row is taken as new until evidence says otherwise, so that a first import touches no row twice. Order of
evidence: identity digest; else name together with birth date, phone or address. Two people who fit make the row
ambiguous. A row that repeats an earlier one of its sheet says the same ("unchanged") or not ("conflicts"); one on another
sheet of the file may also add to it ("updated").
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from linyun.hub.exchange.models import Import
from linyun.hub.exchange.reading import Kind
from linyun.hub.exchange.staging import BUILDING, KINDS
from linyun.hub.records.items import known
from linyun.hub.records.models import RECORDS
from linyun.hub.records.precedence import RANK_SQL, tables
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Subject

BY_IDENTITY = """
update exchange_importrow i set record_id = p.id
from records_person p
where i.batch_id = %(batch)s and i.kind = 'person' and i.outcome = 'created' and i.digest <> ''
  and p.committee = %(committee)s and p.identity_digest = i.digest and p.status not in ('merged', 'withdrawn')
"""

BY_NAME = """
with fits as (
  select distinct i.id as row_id, p.id as person_id
  from exchange_importrow i
  join records_person p on p.name = i.name and p.committee = %(committee)s and p.status not in ('merged', 'withdrawn')
  where i.batch_id = %(batch)s and i.kind = 'person' and i.outcome = 'created' and i.record_id = i.id and i.name <> ''
    and (i.digest = '' or p.identity_number is null)
    and (p.birth_date = (i.values ->> 'birth_date')::date
         or string_to_array(p.phone, '; ') && string_to_array(i.values ->> 'phone', '; ')
         or (i.address_key <> '' and exists (
               select 1 from records_residence r join records_dwelling d on d.id = r.dwelling_id
               where r.person_id = p.id and r.valid_to is null and d.address_key = i.address_key)))
    and not (p.birth_date is not null and i.values ? 'birth_date' and p.birth_date <> (i.values ->> 'birth_date')::date)
), counted as (select row_id, count(*) as n, (array_agg(person_id))[1] as person_id from fits group by 1)
update exchange_importrow i
set record_id = case when c.n = 1 then c.person_id end,
    outcome = case when c.n > 1 then 'refused' else 'created' end,
    problems = case when c.n > 1 then i.problems || jsonb_build_array(jsonb_build_object(
        'sheet', i.sheet, 'row', i.number, 'column', coalesce(%(columns)s::jsonb ->> i.sheet, '姓名'), 'value', i.name,
        'scope', 'row', 'matching', true,
        'reason', format('有 %%s 位居民都符合，分不清是哪一位。请补上身份证号', c.n))) else i.problems end
from counted c where c.row_id = i.id
"""

NAMESAKES = """
update exchange_importrow i
set outcome = 'refused', record_id = null, problems = i.problems || jsonb_build_array(jsonb_build_object(
        'sheet', i.sheet, 'row', i.number, 'column', coalesce(%(columns)s::jsonb ->> i.sheet, '姓名'), 'value', i.name,
        'scope', 'row', 'matching', true,
        'reason', '只有姓名，没有证件号、出生日期、电话或门牌，分不清是哪一位。请补上其中一项'))
where i.batch_id = %(batch)s and i.kind = 'person' and i.outcome = 'created' and i.record_id = i.id and i.digest = ''
  and not i.values ? 'birth_date' and not i.values ? 'phone' and i.address_key = ''
"""

REPEATS = """
with keyed as (
  select i.id, i.kind, i.name, i.values ->> 'birth_date' as born, i.values ->> 'phone' as phone, i.address_key,
         i.record_id <> i.id as is_held,
         -- One number is one person, though only one of its rows was known, or two were known as two people.
         case when i.digest <> ''
              then coalesce(min(i.record_id::text) filter (where i.record_id <> i.id) over (partition by i.digest), i.digest)
              when i.record_id <> i.id then i.record_id::text
              when i.kind = 'person' then i.name || '|' || coalesce(i.values ->> 'birth_date', i.values ->> 'phone',
                                                                   i.address_key)
              when i.kind = 'organisation' then coalesce(i.values ->> 'uscc', i.name || '|' || i.address_key)
              when i.kind = 'building' then i.address ->> 'building_key' else i.address_key end as key,
         case when i.record_id <> i.id or i.digest <> '' then 3 when i.values ? 'birth_date' then 2
              when i.values ? 'phone' then 1 else 0 end as strength
  from exchange_importrow i where i.batch_id = %(batch)s and i.outcome = 'created'
), akin as (
  -- Who stands on one sheet with a number and on another with name and phone alone is one person.
  select w.id, s.key, rank() over (partition by w.id order by s.strength desc) as place
  from keyed w join keyed s on s.name = w.name and s.strength > w.strength and s.kind = 'person'
  where w.kind = 'person' and w.name <> '' and w.strength < 3
    and (s.born = w.born or string_to_array(s.phone, '; ') && string_to_array(w.phone, '; ')
         or s.address_key <> '' and s.address_key = w.address_key)
    and coalesce(s.born = w.born, true)
), surely as (
  select id, min(key) as key from akin where place = 1 group by 1 having count(distinct key) = 1
), named as (
  select k.id, k.kind, coalesce(a.key, k.key) as key, k.is_held from keyed k left join surely a on a.id = k.id
), several as (select kind, key from named group by 1, 2 having count(*) > 1
), ranked as (
  select i.id, i.kind, i.sheet, i.number, i.record_id,
         i.values || case when i.kind <> 'building' and i.address_key <> ''
           then jsonb_build_object('living_address', i.address_key) else '{}'::jsonb end
         -- A sealed number differs each time it is sealed.
         || case when i.digest <> '' then jsonb_build_object('identity_number', i.digest) else '{}'::jsonb end as vals,
         i.values -> 'identity_number' as sealed,
         coalesce(i.values ->> 'living_address', i.address ->> 'text') as lives,
         row_number() over w as n, first_value(i.record_id) over w as first_id, bool_or(k.is_held) over g as is_held,
         nullif(first_value(i.number) over s, i.number) as repeats, k.key
  from several s join named k on k.kind = s.kind and k.key = s.key join exchange_importrow i on i.id = k.id
  window g as (partition by k.kind, k.key), w as (g order by k.is_held desc, i.digest = '', i.sheet, i.number),
         s as (partition by k.kind, k.key, i.sheet order by k.is_held desc, i.digest = '', i.number)
), said as (
  select r.id, r.kind, r.n, r.repeats, v.key as item, v.value, first_value(v.value) over f as held, first_value(r.n) over f as by,
         first_value(r.sheet) over f as sheet, first_value(r.number) over f as number, w.shown,
         first_value(w.shown) over f as held_shown
  from ranked r, jsonb_each(r.vals) v,
       lateral (select case v.key when 'living_address' then to_jsonb(r.lives) when 'identity_number' then r.sealed
                                  else v.value end as shown) w
  window f as (partition by r.kind, r.key, v.key order by r.n)
), differing as (
  select s.id, bool_or(s.by < s.n or s.repeats is not null) as against,
         jsonb_agg(jsonb_build_object('item', s.item, 'old', case when s.by < s.n then s.held_shown end, 'new', s.shown,
             'first_row', case when s.by < s.n then s.number else s.repeats end,
             'first_sheet', case when s.by < s.n then s.sheet end)
             order by s.item) as changes
  from said s
  where s.value <> s.held or s.by = s.n and (s.item <> 'living_address' or s.kind = 'person') group by 1
)
update exchange_importrow i
set outcome = case when d.id is null then 'unchanged' when d.against or r.kind = 'building' then 'conflicts'
                   when r.is_held then 'created' else 'updated' end,
    changes = case when r.is_held and not coalesce(d.against, false) then '[]' else coalesce(d.changes, '[]') end,
    record_id = case when d.against is false and r.kind <> 'building' then r.first_id end
from ranked r left join differing d on d.id = r.id where r.id = i.id and r.n > 1
"""

COMPARE = """
with held as (
  select i.id as row_id, p.id as subject_id, i.values,
         jsonb_strip_nulls(to_jsonb(p) - array['id','area','status','tail','pinyin','committee','identity_digest',
             'identity_tail','merged_into_id','origin_id','address_key','dwelling_id'])
           || p.tail || {sealed} as now
  from exchange_importrow i join {table} p on p.id = i.record_id
  where i.batch_id = %(batch)s and i.kind = %(kind)s and i.outcome = 'created' and i.record_id <> i.id
), differing as (
  select h.row_id, h.subject_id, v.key, h.now -> v.key as old, v.value as new
  from held h, jsonb_each(h.values) v where (h.now -> v.key) is distinct from v.value
), best as (
  select distinct on (d.row_id, d.key) d.row_id, d.key, {rank} as rank, st.true_on, st.source
  from differing d join records_statement st on st.subject_id = d.subject_id and st.retracted_by is null,
       lateral jsonb_each(st.values) v
  where d.old is not null and v.key = d.key and v.value = d.old
  order by d.row_id, d.key, 3 desc, st.true_on desc, st.known_at desc
), judged as (
  select d.row_id, jsonb_agg(jsonb_build_object('item', d.key, 'old', d.old, 'new', d.new, 'source', b.source,
             'on', b.true_on, 'loses', coalesce((b.rank, b.true_on) > (
                 case when %(departments)s::jsonb ->> %(source)s = %(owners)s::jsonb ->> d.key
                      then 80 else (%(ranks)s::jsonb ->> %(source)s)::int end, %(as_of)s::date), false))
           order by d.key) as changes
  from differing d left join best b on b.row_id = d.row_id and b.key = d.key group by 1
)
update exchange_importrow i
set changes = coalesce(j.changes, '[]'::jsonb),
    outcome = case when j.changes is null then 'unchanged'
                   when j.changes @? '$[*] ? (@.loses == true)' then 'conflicts' else 'updated' end
from held h left join judged j on j.row_id = h.row_id where i.id = h.row_id
"""
SEALED = """coalesce((select jsonb_build_object('identity_number', i.values -> 'identity_number')
                       where p.identity_digest = i.digest and i.digest <> ''), '{}'::jsonb)"""

BY_ADDRESS = """
update exchange_importrow i set record_id = d.id
from records_dwelling d
where i.batch_id = %(batch)s and i.kind = 'dwelling' and i.outcome = 'created'
  and d.committee = %(committee)s and d.address_key = i.address_key and d.status = 'live'
"""

BY_CODE = """
update exchange_importrow i set record_id = o.id
from records_organisation o
where i.batch_id = %(batch)s and i.kind = 'organisation' and i.outcome = 'created'
  and left(o.area, 12) = %(committee)s and o.status = 'live'
  and case when o.uscc is not null and i.values ? 'uscc' then o.uscc = i.values ->> 'uscc' else o.name = i.name end
"""

KNOWN_BUILDINGS = """
update exchange_importrow i set outcome = 'unchanged', record_id = null
from areas_area a
where i.batch_id = %(batch)s and i.kind = 'building' and i.outcome = 'created'
  and a.key = i.address ->> 'building_key' and a.code like %(committee)s || '%%'
"""

RESET = """
update exchange_importrow
set outcome = 'created', record_id = id, changes = '[]',
    problems = (select coalesce(jsonb_agg(p), '[]') from jsonb_array_elements(problems) p where not p ? 'matching')
where batch_id = %(batch)s and (outcome <> 'created' or record_id <> id)
  and not exists (select 1 from jsonb_array_elements(problems) p where p ->> 'scope' = 'row' and not p ? 'matching')
"""


def rank_params(source: str, kind: Subject = Subject.PERSON) -> dict[str, Any]:
    """Parameters of the rule of precedence for one importing source."""
    ranks, departments, owners = tables(catalogue, list(known(kind).values()))
    return {
        "ranks": json.dumps(ranks),
        "departments": json.dumps(departments),
        "owners": json.dumps(owners),
        "source": source,
    }


def name_columns(tables: list[dict[str, Any]]) -> dict[str, str]:
    """Where each sheet holds names, as refusals say it: {"一网格": "B 姓名"}."""
    return {
        t["sheet"]: f"{c['letter']} {c['header']}"
        for t in reversed(tables)
        for c in reversed(t["columns"])
        if c["target"] == "person.name"
    }


def kinds_of(batch: Import) -> set[str]:
    """What the staged rows can be about, by the sheets they came from. Rows that came without a sheet are people."""
    read = {Kind(table["kind"]) for table in batch.tables} or {Kind.PEOPLE}
    return {KINDS[kind] for kind in read if kind in KINDS}


def compare(kind: Subject) -> str:
    """The statement that holds the matched rows of a kind against what is recorded."""
    sealed = SEALED if kind is Subject.PERSON else "'{}'::jsonb"
    return COMPARE.format(rank=RANK_SQL, table=RECORDS[kind]._meta.db_table, sealed=sealed)


EVIDENCE: dict[str, tuple[str, ...]] = {
    Subject.PERSON: (BY_IDENTITY, BY_NAME, NAMESAKES),
    Subject.DWELLING: (BY_ADDRESS,),
    Subject.ORGANISATION: (BY_CODE,),
    BUILDING: (KNOWN_BUILDINGS,),
}


@contextmanager
def hashed(cursor: Any) -> Iterator[None]:
    """Join by hash inside. Tables that this very transaction filled have no statistics yet; taken for tiny, they would be
    walked through once for each row of the other side.
    """
    cursor.execute("set local enable_nestloop = off")
    yield
    cursor.execute("set local enable_nestloop = on")


def match(batch: Import) -> None:
    """Decide for every row that reading did not refuse what it would do. Runs again just before applying."""
    params: dict[str, Any] = {
        "batch": batch.pk,
        "committee": batch.area,
        "as_of": batch.as_of,
        "columns": json.dumps(name_columns(batch.tables)),
    }
    kinds = kinds_of(batch)
    with connection.cursor() as cursor:
        if batch.state != Import.State.READ:
            cursor.execute(RESET, params)
        with hashed(cursor):
            for kind in kinds:
                for sql in EVIDENCE[kind]:
                    cursor.execute(sql, params)
            cursor.execute(REPEATS, params)
        for subject in (Subject(k) for k in kinds if k != BUILDING):
            cursor.execute(compare(subject), params | {"kind": subject} | rank_params(batch.source, subject))
