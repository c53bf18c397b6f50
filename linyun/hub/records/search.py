"""Finding a person at the desk: by name, pinyin initials, building and room, phone, or the last four of the identity number."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from linyun.hub.records.services import sealer

LONGEST = 40


@dataclass(frozen=True, slots=True)
class Hit:
    """One person found, with what tells namesakes apart."""

    id: UUID
    name: str
    sex: str | None
    birth_year: int | None
    phone: str | None
    address: str | None


SQL = """
select p.id, p.name, p.sex, date_part('year', p.birth_date)::int, p.phone,
       (select d.address from records_residence r join records_dwelling d on d.id = r.dwelling_id
        where r.person_id = p.id and r.valid_to is null order by r.kind limit 1)
from records_person p
where p.status = 'live' and {condition}
order by (p.name = %(q)s) desc, p.pinyin, p.id limit %(limit)s
"""
BY_ADDRESS = """exists (select 1 from records_residence r join records_dwelling d on d.id = r.dwelling_id
  where r.person_id = p.id and r.valid_to is null and d.address like %(like)s)"""


def _conditions(q: str) -> list[str]:
    """SQL conditions for what the text may mean; several meanings are joined by or."""
    found: list[str] = []
    if re.fullmatch(r"\d{3}[\dXx]", q):
        found.append("p.identity_tail = %(tail)s")
    if re.fullmatch(r"\d{3,11}", q):
        found.append("p.phone like %(like)s")
    if re.fullmatch(r"[a-zA-Z]+", q):
        found.append("(p.pinyin like %(start)s or p.pinyin like %(word)s)")
    if re.search(r"\d", q):
        found.append(BY_ADDRESS)
    if q and not re.search(r"\d", q) and not re.fullmatch(r"[a-zA-Z]+", q):
        found += ["p.name like %(like)s", BY_ADDRESS] if len(q) > 1 else ["p.name like %(start)s"]
    return found


def search(text: str, limit: int = 50) -> Sequence[Hit]:
    """People within the scope who fit, best first. An empty or meaningless text finds nobody."""
    q = re.sub(r"[\s\x00-\x1f\x7f%_\\]+", "", text)[:LONGEST]
    conditions = _conditions(q)
    # A space keeps apart what was typed apart: "12 302" is a door, not a number.
    loose = "%".join(re.findall(r"\d+|[^\W\d_]+", " ".join(text.split())[: 2 * LONGEST]))
    if not conditions or not loose:
        return []
    params: dict[str, str | int] = {
        "q": q,
        "like": f"%{loose}%",
        "start": f"{q.lower()}%",
        "word": f"% {q.lower()}%",
        "tail": sealer.tail_digest(q),
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(SQL.format(condition=f"({' or '.join(conditions)})"), params)
        return [Hit(*row) for row in cursor.fetchall()]
