"""Where sources say different things about a person and nobody has settled it: found for the whole scope in SQL.

The rule is that of ``lineage`` and ``precedence``: of each source the latest word counts; the word of highest rank holds;
a different word of another source is a disagreement, until a person settles it, and again when something newer comes.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from linyun.foundation.accounts.policy import require
from linyun.foundation.acts.actor import current
from linyun.foundation.ui.paging import BadCursor, decode, encode
from linyun.hub.records.items import known
from linyun.hub.records.models import Person, Statement
from linyun.hub.records.precedence import RANK_SQL, tables
from linyun.hub.records.services import ReasonMissing, Unstatable, settle
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Item, Kind, Level, Subject
from linyun.kernel.values.identity import mask as mask_identity
from linyun.kernel.values.phones import mask as mask_phone
from linyun.kernel.values.seal import Sealer
from linyun.kernel.words import listed as listed_words
from linyun.kernel.words import say

SIZE = 20
ORDER = "disagreements"

_TOLD = "case when v.key = any(%(sealed)s) then split_part(v.value #>> array[]::text[], ':', 2)"
_TOLD += " when jsonb_typeof(v.value) = 'number' then trim_scale((v.value #>> array[]::text[])::numeric)::text"
_TOLD += " else v.value::text end"
"""A stated value as it is compared: sealed numbers by their digest, 80 and 80.0 as one number."""
_WORDS = f"""
heard as (
  select subject_id from records_statement where subject_kind = 'person' and retracted_by is null
  group by subject_id having min(source) <> max(source)
  union
  select coalesce(merged_into_id, id) from records_person where merged_into_id is not null
),
apart as (
  select coalesce(r.merged_into_id, r.id) as kept, v.key
  from records_person r join records_statement st on st.subject_id = r.id, jsonb_each(st.values) v
  where coalesce(r.merged_into_id, r.id) in (select subject_id from heard) and st.retracted_by is null
    and v.key = any(%(items)s)
  group by 1, 2 having min({_TOLD} collate "C") <> max({_TOLD} collate "C")
),
latest as (
  select distinct on (a.kept, a.key, st.source) a.kept, a.key, v.value, st.source,
         st.true_on, st.known_at, st.collector, st.id as statement, {_TOLD} as told, {RANK_SQL} as rank
  from apart a join records_person r on a.kept in (r.id, r.merged_into_id)
  join records_statement st on st.subject_id = r.id and st.retracted_by is null
  join jsonb_each(st.values) v on v.key = a.key
  order by a.kept, a.key, st.source, st.true_on desc, st.known_at desc, st.id desc
),
judged as (
  select *, first_value(told) over w as holds, first_value(source) over w as holder,
         first_value(true_on) over w as held_since, first_value(value) over w as held_value
  from latest window w as (partition by kept, key order by rank desc, true_on desc, known_at desc, statement desc)
),
open as (
  select distinct j.kept, j.key from judged j join records_person p on p.id = j.kept and p.status = 'live'
  where j.value <> 'null'::jsonb and j.held_value <> 'null'::jsonb and j.source <> j.holder and j.told <> j.holds
    and (j.holder <> 'settle' or j.true_on > j.held_since)
)
"""  # noqa: S608 - the rule of precedence is our own text
_COUNT = f"with {_WORDS} select count(*) from open"  # noqa: S608
_PAGE = f"""
with {_WORDS}, page as (select * from open where AFTER order by kept, key limit %(limit)s)
select p.kept, p.key, r.name, r.area, j.value, j.source, j.true_on, j.collector, j.statement, j.told = j.holds as holds,
       (select count(*) from open) as total
from page p join judged j on j.kept = p.kept and j.key = p.key join records_person r on r.id = p.kept
where j.value <> 'null'::jsonb and (j.source = j.holder or j.told <> j.holds)
order by p.kept, p.key, j.rank desc, j.true_on desc, j.known_at desc, j.statement desc
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Side:
    """One source's word: worded for the screen, or None where the value is sensitive."""

    statement: UUID
    value: str | None
    source: str
    true_on: date
    collector: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One item of one person on which sources differ; the word that holds now comes first."""

    person_id: UUID
    name: str
    item: Item
    sides: Sequence[Side]

    @property
    def is_sensitive(self) -> bool:
        """Whether the values are shown on the person's page only, after a reason."""
        return self.item.level >= Level.SENSITIVE and self.item.kind is not Kind.IDENTITY


def _params() -> dict[str, Any]:
    items = known(Subject.PERSON)
    ranks, departments, owners = tables(catalogue, list(items.values()))
    return {
        "items": list(items),
        "sealed": [code for code, item in items.items() if item.kind is Kind.IDENTITY],
        "ranks": json.dumps(ranks),
        "departments": json.dumps(departments),
        "owners": json.dumps(owners),
    }


def count() -> int:
    """How many values of people in the scope are told differently and not settled."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, _params())
        return int(cursor.fetchone()[0])


def listed(cursor_text: str = "", size: int = SIZE) -> tuple[list[Disagreement], str | None, int]:
    """One page of disagreements in the scope, the cursor of what follows, and how many there are in all.

    A cursor that is not ours begins anew.
    """
    items, params = known(Subject.PERSON), _params() | {"limit": size + 1}
    after = "true"
    if cursor_text:
        try:
            params["after_person"], params["after_item"] = decode(ORDER, cursor_text)
            after = "(kept, key) > (%(after_person)s, %(after_item)s)"
        except (BadCursor, ValueError):
            after = "true"
    with connection.cursor() as cursor:
        cursor.execute(_PAGE.replace("AFTER", after), params)
        rows = cursor.fetchall()
    found: dict[tuple[UUID, str], Disagreement] = {}
    for kept, key, name, _area, value, source, true_on, collector, statement, holds, _total in rows:
        one = found.setdefault((kept, key), Disagreement(kept, name, items[key], []))
        shown = worded(items[key], json.loads(value))
        declared = catalogue.sources.get(source)
        one.sides.append(  # type: ignore[attr-defined]
            Side(statement, None if one.is_sensitive else shown, say(declared.name) if declared else source, true_on,
                 collector, holds)
        )  # fmt: skip
    page = list(found.values())
    more = len(page) > size
    page = page[:size]
    following = encode(ORDER, [page[-1].person_id, page[-1].item.code]) if more else None
    return page, following, rows[0][-1] if rows else 0


def worded(item: Item, value: Any) -> str:
    """A stated value as people read it: words for codes, numbers of documents and phones masked."""
    match item.kind:
        case Kind.CODE:
            return say(catalogue.code_sets[item.code_set].name_of(str(value)))
        case Kind.CODES:
            return listed_words(say(catalogue.code_sets[item.code_set].name_of(str(v))) for v in value)
        case Kind.BOOLEAN:
            return say("是") if value else say("否")
        case Kind.IDENTITY:
            return mask_identity(Sealer(settings.DATA_KEYS).open(str(value)))
        case Kind.PHONE:
            return mask_phone(str(value))
    return f"{value}{f' {say(item.unit)}' if item.unit else ''}"


def settle_with(person: Person, item: str, statement_id: UUID, reason: str) -> Statement:
    """Decide that the word of one statement holds. Raises ReasonMissing, Unstatable, Statement.DoesNotExist."""
    require(current(), "record.settle", person.area)
    if not reason.strip():
        raise ReasonMissing(say("请写明依据，例如“上门核对身份证”"))
    declared = known(Subject.PERSON).get(item)
    kept = [person.pk, *Person.objects.filter(merged_into=person.pk).values_list("pk", flat=True)]
    said = Statement.objects.get(pk=statement_id, subject_id__in=kept, retracted_by=None)
    if declared is None or said.values.get(item) is None:
        raise Unstatable(say("这条说法里没有这一项，请刷新后再选"))
    value = said.values[item]
    if declared.kind is Kind.IDENTITY:
        value = Sealer(settings.DATA_KEYS).open(value)
    return settle(person, item, value, reason.strip())
