"""A crowd as a table of chosen columns: one query, code words instead of codes, document numbers and phones masked."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from linyun.hub.records.items import known
from linyun.hub.scan.find import Asked
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Item, Kind, Level, Subject, Term
from linyun.kernel.rule import Sense
from linyun.kernel.values.identity import mask as mask_identity
from linyun.kernel.values.phones import mask as mask_phone
from linyun.kernel.values.seal import Sealer
from linyun.kernel.words import msgid, say

DEFAULT = ("name", "sex", "age", "living_address", "phone", "last_visit")
_USUAL: Mapping[Subject, Sequence[str]] = {
    Subject.PERSON: DEFAULT,
    Subject.HOUSEHOLD: ("number", "kind_of_household", "member_count"),
    Subject.DWELLING: ("estate", "lane", "building", "room", "resident_count"),
}


class NoSuchColumn(ValueError):
    """A column was asked for that is no item and no term, or that may not leave as a list."""


def usual(subject: Subject) -> Sequence[str]:
    """The columns of a list when none are named."""
    return _USUAL.get(subject, ("name", "address"))


def _expression(word: Item | Term, today: str) -> str:
    if isinstance(word, Term):
        return word.sql.format(s="s", today=today)
    if word.core:
        return f"s.{word.code}"
    # Several codes are read as a list, everything else as text.
    return f"(s.tail -> '{word.code}')" if word.kind is Kind.CODES else f"(s.tail ->> '{word.code}')"


def chosen(asked: Asked, columns: Sequence[str]) -> list[Item | Term]:
    """The items and terms behind column codes. Raises NoSuchColumn; sensitive items never leave in a list."""
    items, found = known(asked.subject), []
    if not columns:
        raise NoSuchColumn(say("请至少选一列"))
    for code in columns:
        word = items.get(code) or catalogue.terms.get((asked.subject, code))
        if word is None:
            raise NoSuchColumn(say("没有“{code}”这一列", code=code))
        if word.level >= Level.SENSITIVE and word.kind is not Kind.IDENTITY:
            raise NoSuchColumn(say("“{name}”属于敏感信息，不能成批导出", name=say(word.name)))
        found.append(word)
    return found


def offered(subject: Subject) -> dict[str, list[Item | Term]]:
    """The columns that may leave in a list, by group: terms first, then items that are not sensitive."""
    terms = [t for (s, _c), t in catalogue.terms.items() if s is subject and t.level < Level.SENSITIVE]
    found: dict[str, list[Item | Term]] = {say("常用"): list[Item | Term](terms)}
    for item in known(subject).values():
        if item.level < Level.SENSITIVE or item.kind is Kind.IDENTITY:
            found.setdefault(say(item.group or msgid("其他")), []).append(item)
    return found


def table(
    asked: Asked, columns: Sequence[str], ids: Sequence[UUID] | None = None
) -> tuple[list[str], list[list[Any]], list[UUID]]:
    """(head, rows, who stands in each row) of a crowd, or of some ``ids`` of it. Raises NoSuchColumn."""
    words = chosen(asked, columns)
    condition, params = asked.compiled(Sense.TRUE)
    picks = ", ".join(_expression(w, "%(today)s::date") for w in words)
    if ids is not None:
        condition, params["ids"] = f"s.id = any(%(ids)s) and ({condition})", list(ids)
    sql = f"select s.id, {picks} from {asked.table} s where s.status = 'live' and ({condition}) order by s.id"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, {**params, "today": asked.today})
        found = cursor.fetchall()
    who, rows = [row[0] for row in found], [list(row[1:]) for row in found]
    for n, word in enumerate(words):
        shown = _shown(word)
        if shown is not None:
            for row in rows:
                row[n] = shown(row[n])
    return [w.name for w in words], rows, who


def _shown(word: Item | Term) -> Any:
    if word.kind is Kind.CODE:
        names = {c.code: c.name for c in catalogue.code_sets[word.code_set].codes}
        return lambda value: names.get(value, value)
    if word.kind is Kind.CODES:
        each = {c.code: c.name for c in catalogue.code_sets[word.code_set].codes}
        return lambda value: "、".join(each.get(v, v) for v in json.loads(value)) if value else None
    if word.kind is Kind.BOOLEAN:
        return {True: "是", False: "否", None: None, "true": "是", "false": "否"}.get
    if word.kind is Kind.IDENTITY:
        sealer = Sealer(settings.DATA_KEYS)
        return lambda value: mask_identity(sealer.open(value)) if value else None
    if word.kind is Kind.PHONE:
        return lambda value: mask_phone(value) if value else None
    return None
