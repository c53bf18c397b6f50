"""Asking the database for a crowd: wholly in SQL, within the scope of the transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from linyun.foundation.areas import scope
from linyun.hub.records.models import RECORDS
from linyun.hub.tags.rules import coarse_share, exact_share
from linyun.hub.tags.vocabulary import cheapest_first, read
from linyun.kernel import clock
from linyun.kernel.declare import Subject
from linyun.kernel.rule import Rule, Sense, compile_sql

Trait = tuple[str, str]
"""What a portrait compares: a name and the text of a rule."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many belong, how many may (something about them is not known), and how many there are in the scope."""

    yes: int
    unknown: int
    all: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A rule with the day on which it is asked."""

    rule: Rule
    subject: Subject
    today: date

    @classmethod
    def text(cls, text: str, subject: Subject = Subject.PERSON, today: date | None = None) -> "Asked":
        """Read a rule. Raises RuleError with place and reason."""
        return cls(read(text, subject), subject, today or clock.today())

    @property
    def table(self) -> str:
        """The table of the subject."""
        return RECORDS[self.subject]._meta.db_table

    def compiled(self, sense: Sense = Sense.VALUE) -> tuple[str, dict[str, Any]]:
        """The condition over alias ``s`` and its parameters; ``Sense.TRUE`` where unknown and false need no telling."""
        rule = cheapest_first(self.rule)
        compiled = compile_sql(rule, "s", self.today, rule.vocabulary, sense=sense)
        return compiled.sql, dict(compiled.params)


@dataclass(frozen=True, slots=True)
class Order:
    """How the first rows of a crowd are taken: by SQL over alias ``s``; ``unknown``: of those that cannot be decided."""

    by: str
    descending: bool
    size: int
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class Looked:
    """What one scan said: the count, how many of the crowd have each trait, the ids of its first rows."""

    count: Count
    inside: Sequence[int] = ()
    first: Sequence[UUID] = ()


def count(asked: Asked) -> Count:
    """Count a crowd in one scan."""
    return counted(asked, ()).count


def counted(asked: Asked, traits: Sequence[Trait], order: Order | None = None) -> Looked:
    """Count a crowd, and in the same scan how many of it have each trait, and who comes first in an order.

    OFFSET 0 keeps the planner from writing the condition out once for each figure that is made of it; a trait is looked
    at only for those who belong.
    """
    condition, params = asked.compiled()
    tests = _compiled(asked, traits, params)
    # IS TRUE, for of those who cannot be decided (NULL) the trait would be asked as well.
    shares = "".join(f", count(*) filter (where s.x is true and ({test}))" for test in tests)
    if order:
        whom = "s.x is null" if order.unknown else "s.x"
        # The planner sorts for the aggregate before it filters: the case keeps it from reading the key of everybody.
        by = f"case when {whom} then {order.by} end {'desc' if order.descending else 'asc'} nulls last, s.id"
        shares += f", (array_agg(s.id order by {by}) filter (where {whom}))[1:{int(order.size)}]"
        params["today"] = asked.today
    sql = f"""select count(*) filter (where s.x), count(*) filter (where s.x is null), count(*){shares}
              from (select s.*, ({condition}) as x from {asked.table} s where s.status = 'live' offset 0) s"""  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        yes, unknown, every, *inside = cursor.fetchone()
    first = inside.pop() if order else None
    return Looked(Count(yes, unknown, every), inside, first or ())


def _compiled(asked: Asked, traits: Sequence[Trait], params: dict[str, Any]) -> list[str]:
    words, tests = asked.rule.vocabulary, []
    for n, (_, text) in enumerate(traits):
        compiled = compile_sql(read(text, asked.subject), "s", asked.today, words, prefix=f"q{n}_", sense=Sense.TRUE)
        tests.append(compiled.sql)
        params.update(compiled.params)
    return tests


def ids(asked: Asked, *, unknown: bool = False, after: UUID | None = None, limit: int | None = None) -> list[UUID]:
    """The ids of a crowd (or of those that cannot be decided), ordered by id, after a given one."""
    condition, params = asked.compiled(Sense.VALUE if unknown else Sense.TRUE)
    holds = "is null" if unknown else ""
    sql = f"select s.id from {asked.table} s where s.status = 'live' and ({condition}) {holds}"  # noqa: S608
    if after is not None:
        sql, params["after"] = sql + " and s.id > %(after)s", after
    sql += " order by s.id"
    if limit is not None:
        sql, params["limit"] = sql + " limit %(limit)s", limit
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [row[0] for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Share:
    """One line of a portrait: how common a rule is in the crowd and in the whole scope, as parts of 1; None = too few."""

    name: str
    rule: str
    inside: float | None
    around: float | None


LASTS = 600
MOST_KEPT = 256
AROUND: dict[tuple[Any, ...], tuple[float, list[int]]] = {}
"""How common the traits are in a scope: the same for every crowd asked there, so it is counted once in ten minutes."""


def around(asked: Asked, traits: Sequence[Trait]) -> list[int]:
    """Of everybody in the scope: how many there are, then how many have each trait; at most ten minutes old."""
    if not traits:
        return []
    key = (scope.current(), asked.subject, asked.today, tuple(traits), connection.settings_dict["NAME"])
    now = clock.now().timestamp()
    kept = AROUND.get(key)
    if kept is None or not 0 <= now - kept[0] < LASTS:
        params: dict[str, Any] = {}
        columns = "".join(f", count(*) filter (where ({test}))" for test in _compiled(asked, traits, params))
        with connection.cursor() as cursor:
            cursor.execute(f"select count(*){columns} from {asked.table} s where s.status = 'live'", params)  # noqa: S608
            kept = (now, list(cursor.fetchone()))
        if len(AROUND) > MOST_KEPT:
            AROUND.clear()
        AROUND[key] = kept
    return kept[1]


def portrait(
    asked: Asked, traits: Sequence[Trait], found: Looked | None = None, *, rounded: bool = False
) -> list[Share]:
    """Compare a crowd with everybody in the scope over named traits. ``found`` is what ``counted`` said, when known.

    ``rounded`` for readers who may not see persons (see rules.coarse_share).
    """
    found = found or counted(asked, traits)
    every, *others = around(asked, traits) or [0]
    share = coarse_share if rounded else exact_share
    return [
        Share(name, text, share(some, found.count.yes), share(other, every))
        for (name, text), some, other in zip(traits, found.inside, others, strict=True)
    ]
