"""A person's circle in one query: homes, household, kin, visits, changes, and who looked; however much there is.

Everything is read under the scope's row-level security, as any other query.
"""

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from linyun.foundation.areas.codes import ancestors
from linyun.hub.records.models import Person
from linyun.kernel import clock
from linyun.work.visits.rhythm import code_sql

OTHERS = 10
"""How many operations and statements of registers stand beside the last visits, at least."""

SQL = """
with them as (select id from records_person where id = %(id)s or merged_into_id = %(id)s),
     seen as (select v.* from visits_visit v where v.person_id in (select id from them) and v.withdrawn_at is null
              and (%(own)s::uuid is null or v.visitor_id = %(own)s))
select jsonb_build_object(
 'residences', (select jsonb_agg(jsonb_build_object('id', d.id, 'address', d.address, 'area', d.area, 'kind', r.kind,
    'since', r.valid_from) order by r.kind)
    from records_residence r join records_dwelling d on d.id = r.dwelling_id
    where r.person_id = %(id)s and r.valid_to is null),
 'housemates', (select count(distinct o.person_id) from records_residence r
    join records_residence o on o.dwelling_id = r.dwelling_id and o.kind = 'actual' and o.valid_to is null
    join records_person p on p.id = o.person_id and p.status = 'live'
    where r.person_id = %(id)s and r.kind = 'actual' and r.valid_to is null and o.person_id <> %(id)s),
 'households', (select jsonb_agg(jsonb_build_object('id', m.household_id, 'relation', m.relation, 'head', m.is_head,
    'mates', (select jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name, 'sex', p.sex, 'born', p.birth_date,
        'relation', o.relation, 'head', o.is_head) order by o.is_head desc, o.relation, p.birth_date)
      from records_membership o join records_person p on p.id = o.person_id
      where o.household_id = m.household_id and o.valid_to is null and o.person_id <> %(id)s)) order by m.id)
    from records_membership m where m.person_id = %(id)s and m.valid_to is null),
 'kin', (select jsonb_agg(jsonb_build_object('id', p.id, 'name', coalesce(p.name, k.relative_name), 'sex', p.sex,
    'born', p.birth_date, 'relation', k.kind, 'note', k.note, 'address', p.living_address) order by k.kind, k.id)
    from records_kin k left join records_person p on p.id = k.relative_id where k.person_id = %(id)s),
 'visits', (select jsonb_agg(v) from (select id, visited_on, mode, visitor, situation, needs, outcome,
    (select jsonb_agg(f.id order by f.id) from visits_photo f where f.visit_id = seen.id) as photos
    from seen order by visited_on desc, id desc limit %(visits)s) v),
 'visit_count', (select count(*) from seen),
 'last_visit', (select max(visited_on) from seen),
 'due', (select to_jsonb(d) from (select id, follow_up_on, situation from seen
    where follow_up_on is not null and followed_up_by_id is null order by follow_up_on, id limit 1) d),
 'planned', (select to_jsonb(d) from (select due_on, why from visits_plannedvisit
    where person_id in (select id from them) and done_by_id is null and dropped_at is null order by due_on limit 1) d),
 'stated', (select jsonb_agg(s) from (select st.source, st.true_on, st.collector, st.origin_kind, st.origin_id,
    (select jsonb_agg(k) from jsonb_object_keys(st.values) k) as items
    from records_statement st where st.subject_id in (select id from them) and st.retracted_by is null
    and st.origin_kind <> 'visit' order by st.true_on desc, st.id desc limit %(others)s) s),
 'operations', (select jsonb_agg(o) from (select id, kind, reason, happened_on, actor_name, undone_at
    from records_operation where subjects ? %(text)s order by id desc limit %(others)s) o),
 'looks', (select jsonb_agg(a) from (select at, actor_name, verb, reason, detail from acts_act
    where subject_id in (select id from them) and subject_kind = 'person' order by at desc limit 5) a),
 'rhythm', (select {rhythm} from records_person s where s.id = %(id)s),
 'path', (select jsonb_agg(jsonb_build_object('code', code, 'name', name) order by code) from areas_area
    where code = any(%(path)s))
)
"""


@dataclass(frozen=True, slots=True)
class Circle:
    """What stands around a person; lists of mappings as the query names them, dates already dates."""

    residences: list[dict[str, Any]] = field(default_factory=list)
    housemates: int = 0
    households: list[dict[str, Any]] = field(default_factory=list)
    kin: list[dict[str, Any]] = field(default_factory=list)
    visits: list[dict[str, Any]] = field(default_factory=list)
    visit_count: int = 0
    last_visit: date | None = None
    due: dict[str, Any] | None = None
    planned: dict[str, Any] | None = None
    stated: list[dict[str, Any]] = field(default_factory=list)
    operations: list[dict[str, Any]] = field(default_factory=list)
    looks: list[dict[str, Any]] = field(default_factory=list)
    rhythm: str | None = None
    path: list[dict[str, Any]] = field(default_factory=list)


_DAYS = {"since", "born", "visited_on", "follow_up_on", "due_on", "true_on", "happened_on", "last_visit"}
_MOMENTS = {"at", "undone_at"}


def _read(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """JSON objects with their days and moments as such; an empty list for an aggregate of nothing stays None here."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if isinstance(value, str) and key in _DAYS:
            value = date.fromisoformat(value)
        elif isinstance(value, str) and key in _MOMENTS:
            value = datetime.fromisoformat(value)
        found[key] = value
    return found


def around(person: Person, *, visits: int, only_of: UUID | None = None) -> Circle:
    """The circle of a person; ``visits`` at most so many, ``only_of`` one account when its post reads no others'."""
    rhythm, asked = code_sql(clock.today())
    params: dict[str, Any] = {
        **asked,
        "id": person.pk,
        "text": str(person.pk),
        "visits": visits,
        "others": max(visits, OTHERS),
        "own": only_of,
        "path": [*ancestors(person.area), person.area],
    }
    with connection.cursor() as cursor:
        cursor.execute(SQL.replace("{rhythm}", rhythm), params)
        (raw,) = cursor.fetchone() or ("{}",)
    data = json.loads(raw if isinstance(raw, str) else json.dumps(raw), object_pairs_hook=_read)
    return Circle(**{key: value for key, value in data.items() if value is not None})
