"""Who lives here, as a picture: the ages of women and men, each line leading to the crowd it counts."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _

from linyun.foundation.ui.charts import Pair

OLDEST = 9
"""The decade that holds all from ninety on."""

AGES = """
select case when birth_date is not null then
         least(greatest(extract(year from age(%(today)s::date, birth_date))::int, 0) / 10, %(oldest)s) end,
       sex, count(*)
from records_person where status = 'live' group by 1, 2
"""


@dataclass(frozen=True, slots=True)
class Portrait:
    """The lines from the oldest down, and how many cannot be drawn as their age or sex is not known."""

    rows: list[Pair]
    unknown: int

    @property
    def empty(self) -> bool:
        """Nobody to draw."""
        return not any(r.left or r.right for r in self.rows)


def portrait(day: date, linked: bool) -> Portrait:
    """The residents in the scope of this request by decade of age; ``linked`` where the reader may open crowds."""
    with connection.cursor() as cursor:
        cursor.execute(AGES, {"today": day, "oldest": OLDEST})
        counts = Counter({(decade, sex): n for decade, sex, n in cursor.fetchall()})
    rows = [Pair(_label(d), counts[d, "1"], counts[d, "2"], _link(d) if linked else "") for d in range(OLDEST, -1, -1)]
    drawn = sum(r.left + r.right for r in rows)
    return Portrait(rows, counts.total() - drawn)


def _label(decade: int) -> str:
    if decade == OLDEST:
        return _("%(low)s 以上") % {"low": decade * 10}
    return f"{decade * 10}–{decade * 10 + 9}"


def _link(decade: int) -> str:
    low = f"年龄 >= {decade * 10}"
    rule = low if decade == OLDEST else f"{low} 且 年龄 <= {decade * 10 + 9}"
    return f"{reverse('crowds')}?{urlencode({'rule': rule})}"
