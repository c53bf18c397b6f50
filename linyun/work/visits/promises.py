"""Promises to come back and planned visits: kept by the visits that follow, open again when those are withdrawn.

One visit or thousands: each is one statement over the people concerned, and one more for each merged from several records.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from linyun.kernel import clock

PROMISES = """
update visits_visit w set followed_up_by_id = n.by_id
from (
  select w.id, (
    select v.id from visits_visit v
    where {v_is_theirs} and v.withdrawn_at is null and v.id <> w.id
      and (v.visited_on > w.visited_on and v.visited_on >= w.follow_up_on
           or v.visited_on >= w.visited_on and (v.recorded_at, v.id) > (w.recorded_at, w.id))
    order by v.visited_on, v.recorded_at, v.id limit 1
  ) as by_id
  from visits_visit w
  where w.person_id = any(%(people)s) and w.withdrawn_at is null and w.follow_up_on is not null
    and w.followed_up_by_id is null
) n
where n.id = w.id and n.by_id is not null
"""
"""A promise is kept by the first visit written after it, or by one on or after the promised day whenever written."""

PLANS = """
update visits_plannedvisit p set done_by_id = n.by_id
from (
  select distinct on (p.id) p.id, v.id as by_id
  from visits_plannedvisit p join visits_visit v on {v_is_theirs} and v.visited_on >= p.planned_on
  where p.person_id = any(%(people)s) and p.done_by_id is null and p.dropped_at is null and v.id = any(%(new)s)
  order by p.id, v.visited_on, v.id
) n
where n.id = p.id
"""
"""A plan is done by a visit of the day it was made or later: last year's visits, brought in today, do not empty it."""

OPENED = """
update visits_plannedvisit p set done_by_id = null, dropped_at = case when exists (
  select from visits_plannedvisit q where q.person_id = p.person_id and q.due_on = p.due_on and q.id <> p.id
    and q.dropped_at is null and (q.done_by_id is null or q.done_by_id = any(%(gone)s) and q.id < p.id)
) then %(now)s end
where p.done_by_id = any(%(gone)s) and p.dropped_at is null
"""
"""Plans open again; one for which another stands open on the same day is dropped: a person stands once on the list."""


MERGED = """
select coalesce(p.merged_into_id, p.id), array_agg(d.id) from records_person p
join records_person d on d.merged_into_id = coalesce(p.merged_into_id, p.id)
where p.id = any(%(people)s) group by 1
"""
"""Of these people, who has records merged into theirs: hardly ever anybody."""


def _groups(cursor: Any, people: Sequence[UUID]) -> Iterator[tuple[str, list[UUID]]]:
    """Whose promises to look at together: all people, each by their own record; then each who has several, by all."""
    cursor.execute(MERGED, {"people": list(people)})
    merged = cursor.fetchall()
    yield "v.person_id = {one}.person_id", list(people)
    for kept, duplicates in merged:
        yield "v.person_id = any(%(people)s)", [kept, *duplicates]


def kept_by(visits: Sequence[UUID], people: Sequence[UUID]) -> None:
    """Tick off what visits just written keep, promised to the person under whichever of their merged records."""
    with connection.cursor() as cursor:
        for theirs, ids in _groups(cursor, people):
            params: dict[str, Any] = {"people": ids, "new": list(visits)}
            cursor.execute(PROMISES.format(v_is_theirs=theirs.format(one="w")), params)
            cursor.execute(PLANS.format(v_is_theirs=theirs.format(one="p")), params)


def open_again(gone: Sequence[UUID], people: Sequence[UUID]) -> None:
    """What withdrawn visits had kept waits again, unless a later visit keeps it."""
    params: dict[str, Any] = {"gone": list(gone), "now": clock.now()}
    with connection.cursor() as cursor:
        cursor.execute(
            "update visits_visit set followed_up_by_id = null where followed_up_by_id = any(%(gone)s)", params
        )
        cursor.execute(OPENED, params)
        for theirs, ids in _groups(cursor, people):
            cursor.execute(PROMISES.format(v_is_theirs=theirs.format(one="w")), {"people": ids})
