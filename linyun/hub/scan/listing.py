"""A crowd as rows on a screen: sorted, one page after a key, in one query whatever the sort."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from linyun.foundation.ui.paging import BadCursor, decode, encode
from linyun.foundation.ui.tables import Sort
from linyun.hub.scan.find import Asked, Order
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Subject
from linyun.kernel.rule import Sense

SIZE = 50
MOST_CHOSEN = 5_000

_HOME = (
    "(select d.address from records_residence r join records_dwelling d on d.id = r.dwelling_id"
    " where r.person_id = s.id and r.kind = 'actual' and r.valid_to is null order by r.id limit 1)"
)
_HOUSE = "(select d.address from records_dwelling d where d.id = s.dwelling_id)"
_HEAD = (
    "(select p.name from records_membership m join records_person p on p.id = m.person_id"
    " where m.household_id = s.id and m.valid_to is null and m.is_head limit 1)"
)
_SHOWN: Mapping[Subject, Mapping[str, str]] = {
    Subject.PERSON: {
        "name": "s.name",
        "birth_date": "s.birth_date",
        "address": f"coalesce({_HOME}, s.living_address)",
        "phone": "s.phone",
        "emergency_contact": "s.emergency_contact",
        "pinyin": "s.pinyin",
    },
    Subject.HOUSEHOLD: {"name": _HEAD, "address": _HOUSE, "number": "s.number"},
    Subject.DWELLING: {"name": "s.address", "tenure": "s.tenure"},
    Subject.ORGANISATION: {"name": "s.name", "address": "s.address", "phone": "s.contact_phone"},
    Subject.PLACE: {"name": "s.name", "address": "s.address"},
}
_TERMS: Mapping[Subject, Sequence[str]] = {
    Subject.PERSON: ("last_visit",),
    Subject.HOUSEHOLD: ("member_count",),
    Subject.DWELLING: ("resident_count",),
}
SORTS: Mapping[Subject, Mapping[str, str]] = {
    Subject.PERSON: {"name": "pinyin", "age": "birth_date", "last_visit": "last_visit"},
    Subject.HOUSEHOLD: {"name": "name", "address": "address", "member_count": "member_count"},
    Subject.DWELLING: {"name": "name", "resident_count": "resident_count"},
    Subject.ORGANISATION: {"name": "name"},
    Subject.PLACE: {"name": "name"},
}
"""What a list can be sorted by: the key of the column and the value behind it. An older person is born earlier."""
DEFAULT = {Subject.PERSON: Sort("age", descending=True)}


@dataclass(frozen=True, slots=True)
class Listed:
    """Rows with ``id`` and the values of their columns, and the cursor of what follows."""

    rows: Sequence[dict[str, Any]]
    next: str | None


def values_of(subject: Subject) -> dict[str, str]:
    """What is read of a row: name → SQL over alias ``s``. Terms of upper apps (the last visit) when they are declared."""
    found = dict(_SHOWN[subject])
    for code in _TERMS.get(subject, ()):
        term = catalogue.terms.get((subject, code))
        if term is not None:
            found[code] = term.sql.format(s="s", today="%(today)s::date")
    return found


def _order(sort: Sort, subject: Subject) -> tuple[str, bool]:
    """The value and the direction behind a column's head."""
    value = SORTS[subject].get(sort.key, "name")
    return value, not sort.descending if sort.key == "age" else sort.descending


def order(sort: Sort, subject: Subject, *, unknown: bool = False) -> Order:
    """The order of a list, for the scan that counts the crowd: it names those of the first page along the way."""
    key, descending = _order(sort, subject)
    return Order(values_of(subject)[key], descending, SIZE + 1, unknown)


def first(asked: Asked, sort: Sort, ids: Sequence[UUID]) -> Listed:
    """The first page, of the ids that the scan named in their order."""
    picks = ", ".join(f"{sql} as {column}" for column, sql in values_of(asked.subject).items())
    sql = f"select s.id, {picks} from {asked.table} s where s.id = any(%(ids)s)"  # noqa: S608
    read = {row["id"]: row for row in _read(sql, {"ids": list(ids[:SIZE]), "today": asked.today})}
    listed = [read[pk] for pk in ids[:SIZE] if pk in read]
    return Listed(listed, _cursor(asked, sort, listed[-1]) if len(ids) > SIZE and listed else None)


def rows(
    asked: Asked,
    sort: Sort,
    cursor: str = "",
    *,
    unknown: bool = False,
    size: int = SIZE,
    chosen: Sequence[UUID] | None = None,
) -> Listed:
    """One page of a crowd, or of those that cannot be decided. A cursor that is not ours begins again at the first page."""
    condition, params = asked.compiled(Sense.VALUE if unknown else Sense.TRUE)
    key, descending = _order(sort, asked.subject)
    picks = ", ".join(f"{sql} as {column}" for column, sql in values_of(asked.subject).items())
    where = f"({condition})" + (" is null" if unknown else "")
    if chosen is not None:
        where, params["chosen"] = f"s.id = any(%(chosen)s) and {where}", list(chosen)
    after = _after(_name(asked, sort), cursor, key, descending, params)
    sql = f"""select * from (select s.id, {picks} from {asked.table} s where s.status = 'live' and {where}) c {after}
              order by {key} {"desc" if descending else "asc"} nulls last, id limit {int(size) + 1}"""  # noqa: S608
    listed = _read(sql, {**params, "today": asked.today})
    return Listed(listed[:size], _cursor(asked, sort, listed[size - 1]) if len(listed) > size else None)


def _read(sql: str, params: Mapping[str, Any]) -> list[dict[str, Any]]:
    with connection.cursor() as found:
        found.execute(sql, params)
        names = [c.name for c in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _name(asked: Asked, sort: Sort) -> str:
    key, descending = _order(sort, asked.subject)
    return f"crowd {asked.subject} {key} {'down' if descending else 'up'}"


def _cursor(asked: Asked, sort: Sort, last: Mapping[str, Any]) -> str:
    return encode(_name(asked, sort), [last[_order(sort, asked.subject)[0]], last["id"]])


def _after(name: str, cursor: str, key: str, descending: bool, params: dict[str, Any]) -> str:
    """The condition for "after this row"; values that are not known come last."""
    if not cursor:
        return ""
    try:
        value, last = decode(name, cursor)
    except (BadCursor, ValueError):
        return ""
    params |= {"after_id": last, "after_value": value}
    if value is None:
        return f"where {key} is null and id > %(after_id)s"
    beyond = "<" if descending else ">"
    return f"where ({key} {beyond} %(after_value)s or {key} is null or ({key} = %(after_value)s and id > %(after_id)s))"
