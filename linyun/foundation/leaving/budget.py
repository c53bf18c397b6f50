"""The daily budget of persons: every list and every file that is opened counts, each person once.

One statement counts and answers. Where somebody is new it takes the account's turn first: of many requests at once none
slips past the limit, and no two wait for each other's rows. Pages of people seen before wait for nobody.
"""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from linyun.foundation.acts.actor import Actor, acting, current
from linyun.foundation.acts.services import record
from linyun.foundation.areas.scope import within
from linyun.foundation.leaving.events import BudgetReached
from linyun.foundation.leaving.rules import budget_of
from linyun.kernel import clock

COUNT = """
with added as (
  insert into leaving_seen (account_id, area, day, subject_id)
  select %(account)s, %(area)s, %(day)s, id
  from (select id from unnest(%(ids)s::uuid[]) id where not exists (select from leaving_seen
        where account_id = %(account)s and area = %(area)s and day = %(day)s and subject_id = id)) fresh
  cross join lateral (select pg_advisory_xact_lock(hashtextextended(%(turn)s, 0)) where fresh.id is not null) turn
  on conflict do nothing returning 1)
insert into leaving_tally (account_id, area, day, name, role, seen)
select %(account)s, %(area)s, %(day)s, %(name)s, %(role)s, count(*) from added having count(*) > 0
on conflict (account_id, area, day) do update set seen = leaving_tally.seen + excluded.seen
returning seen
"""
REACHED = """
insert into leaving_tally (account_id, area, day, name, role, seen, reached_at)
values (%(account)s, %(area)s, %(day)s, %(name)s, %(role)s, 0, %(now)s)
on conflict (account_id, area, day) do update set reached_at = excluded.reached_at
where leaving_tally.reached_at is null
returning 1
"""


class Spent(Exception):
    """More persons than this account may see today. The text says what, until when, and whom to ask."""

    def __init__(self, actor: Actor, limit: int) -> None:
        said = _(
            "今天看过的居民已接近每天 %(n)s 人的上限，这一页没有打开。今天看过的人还可以再看，新的到明天零点以后可以看。"
            "确实需要，请联系街道；成批的名单可以申请导出，由同事同意。"
        )
        super().__init__(said % {"n": limit})
        self.actor, self.limit = actor, limit

    @property
    def wait(self) -> int:
        """Seconds until the day is over."""
        now = clock.now().astimezone(clock.ZONE)
        return int((datetime.combine(now.date() + timedelta(days=1), time(), clock.ZONE) - now).total_seconds()) + 1


def _of(actor: Actor) -> dict[str, Any]:
    return {
        "account": actor.account_id,
        "area": actor.area,
        "day": clock.today(),
        "name": actor.name,
        "role": actor.role or "",
    }


def look(ids: Iterable[UUID | str | None]) -> None:
    """Count these persons as seen by whoever acts. Raises Spent when they would be too many in a day: nothing is shown.

    Persons seen before on the same day cost nothing. The console and jobs are nobody's eyes.
    """
    actor, new = current(), {str(pk) for pk in ids if pk}
    if not new or actor.account_id is None or actor.channel not in ("page", "api"):
        return
    asked = {**_of(actor), "ids": sorted(new), "turn": f"seen {actor.account_id}"}
    with connection.cursor() as cursor:
        cursor.execute(COUNT, asked)
        found = cursor.fetchone()
    limit = budget_of(actor.role, actor.channel)
    if found is not None and found[0] > limit:
        raise Spent(actor, limit)


def reached(spent: Spent) -> None:
    """Keep that an account came to its limit, once a day; what it asked for was undone with its transaction."""
    who = spent.actor
    with acting(who), within(who.area), connection.cursor() as cursor:
        cursor.execute(REACHED, {**_of(who), "now": clock.now()})
        if cursor.fetchone() and who.account_id:
            record(BudgetReached(who.account_id, spent.limit), area=who.area or "", subject=("account", who.account_id))
