"""Asking the database for a crowd: wholly in SQL, within the scope of the transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from linyun.hub.records.models import RECORDS
from linyun.hub.tags.vocabulary import vocabulary
from linyun.kernel import clock
from linyun.kernel.declare import Subject
from linyun.kernel.rule import Rule, compile_sql, parse

SMALLEST_CELL = 5
"""Readers who may not see persons get no count from 1 to 4 (privacy.md, abuse 7)."""


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
        return cls(parse(text, subject, vocabulary()), subject, today or clock.today())

    @property
    def table(self) -> str:
        """The table of the subject."""
        return RECORDS[self.subject]._meta.db_table

    def compiled(self) -> tuple[str, dict[str, Any]]:
        """The condition over alias ``s`` and its parameters."""
        compiled = compile_sql(self.rule, "s", self.today, vocabulary())
        return compiled.sql, dict(compiled.params)


def count(asked: Asked) -> Count:
    """Count a crowd in one scan."""
    condition, params = asked.compiled()
    sql = f"""select count(*) filter (where x), count(*) filter (where x is null), count(*)
              from (select ({condition}) as x from {asked.table} s where s.status = 'live') c"""  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return Count(*cursor.fetchone())


def ids(asked: Asked, *, unknown: bool = False, after: UUID | None = None, limit: int | None = None) -> list[UUID]:
    """The ids of a crowd (or of those that cannot be decided), ordered by id, after a given one."""
    condition, params = asked.compiled()
    holds = "is null" if unknown else "is true"
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


def portrait(asked: Asked, traits: Sequence[tuple[str, str]]) -> list[Share]:
    """Compare a crowd with everybody in the scope over named traits (name, rule text), all in one scan."""
    words = vocabulary()
    condition, params = asked.compiled()
    columns = []
    for n, (_, text) in enumerate(traits):
        compiled = compile_sql(parse(text, asked.subject, words), "s", asked.today, words, prefix=f"q{n}_")
        columns.append(f"({compiled.sql}) as t{n}")
        params.update(compiled.params)
    counts = ", ".join(f"count(*) filter (where t{n} and x), count(*) filter (where t{n})" for n in range(len(traits)))
    sql = f"""select count(*) filter (where x), count(*), {counts}
              from (select ({condition}) is true as x, {", ".join(columns)}
                    from {asked.table} s where s.status = 'live') c"""  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        size, everybody, *numbers = cursor.fetchone()
    shares = []
    for n, (name, text) in enumerate(traits):
        inside, around = numbers[2 * n : 2 * n + 2]
        hidden = inside < SMALLEST_CELL
        shares.append(Share(name, text, None if hidden else inside / size, around / everybody if everybody else None))
    return shares
