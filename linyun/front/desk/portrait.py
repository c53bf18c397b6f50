"""Who lives here and how often we call, as pictures: ages, sizes of households, visits of the last weeks.

Each line leads to the list that it counts.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.utils.translation import gettext as _

from linyun.foundation.ui.charts import Bar, Pair
from linyun.hub.scan.screen import address
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Subject
from linyun.work.visits import weekly

OLDEST = 9
"""The decade that holds all from ninety on."""

LARGEST = 5
"""The size that holds all households from five on."""

SEEN = """
select 'age', case when birth_date is not null then
         least(greatest(extract(year from age(%(today)s::date, birth_date))::int, 0) / 10, %(oldest)s) end,
       sex, null::date, count(*)
from records_person where status = 'live' group by 2, 3
union all
select 'home', least(members, %(largest)s), null, null, count(*)
from (select {members} as members from records_household h where h.status = 'live') h where members > 0 group by 2
union all
select 'week', null, null, date_trunc('week', visited_on)::date, count(*)
from visits_visit where withdrawn_at is null and visited_on >= %(first)s and visited_on < %(last)s group by 4
"""
"""All that the pictures count, in one question. What a household's members are is said by the term of that name."""


@dataclass(frozen=True, slots=True)
class Portrait:
    """Ages from the oldest down, how many have no known age or sex, households by size, visits by week."""

    rows: list[Pair]
    unknown: int
    homes: list[Bar]
    weeks: list[Bar]

    @property
    def empty(self) -> bool:
        """Nobody to draw."""
        return not any(r.left or r.right for r in self.rows)


def portrait(day: date, linked: bool) -> Portrait:
    """What is in the scope of this request; ``linked`` where the reader may open crowds."""
    counts, homes, weeks = _counted(day)
    rows = [Pair(_label(d), counts[d, "1"], counts[d, "2"], _link(d) if linked else "") for d in range(OLDEST, -1, -1)]
    drawn = sum(r.left + r.right for r in rows)
    sizes = [Bar(_size(n), homes[n], href=_homes(n) if linked else "") for n in range(1, LARGEST + 1)]
    return Portrait(
        rows,
        counts.total() - drawn,
        sizes if homes.total() else [],
        weekly.drawn(weeks, day) if weeks.total() else [],
    )


def _counted(day: date) -> tuple[Counter[tuple[int | None, str]], Counter[int], Counter[date]]:
    """People by decade and sex, households by size, visits by the Monday of their week."""
    members = catalogue.terms[Subject.HOUSEHOLD, "member_count"].sql.format(s="h")
    ages: Counter[tuple[int | None, str]] = Counter()
    homes: Counter[int] = Counter()
    weeks: Counter[date] = Counter()
    asked: dict[str, date | int] = {"today": day, "oldest": OLDEST, "largest": LARGEST}
    asked |= {"first": weekly.first(day), "last": weekly.monday(day) + weekly.WEEK}
    with connection.cursor() as cursor:
        cursor.execute(SEEN.format(members=members), asked)
        for kind, number, sex, week, count in cursor.fetchall():
            if kind == "age":
                ages[number, sex] = count
            elif kind == "home":
                homes[number] = count
            else:
                weeks[week] = count
    return ages, homes, weeks


def _size(people: int) -> str:
    return _("5 人及以上") if people == LARGEST else _("%(n)s 人户") % {"n": people}


def _homes(people: int) -> str:
    return address(f"户内人数 {'>=' if people == LARGEST else '='} {people}", Subject.HOUSEHOLD)


def _label(decade: int) -> str:
    if decade == OLDEST:
        return _("%(low)s 以上") % {"low": decade * 10}
    return f"{decade * 10}–{decade * 10 + 9}"


def _link(decade: int) -> str:
    low = f"年龄 >= {decade * 10}"
    rule = low if decade == OLDEST else f"{low} 且 年龄 <= {decade * 10 + 9}"
    return address(rule, Subject.PERSON)
