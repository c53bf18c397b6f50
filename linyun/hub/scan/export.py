"""A crowd as a table of chosen columns: one query, code words instead of codes, document numbers and phones masked."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import connection

from linyun.hub.records.items import known
from linyun.hub.scan.find import Asked
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Item, Kind, Level, Term
from linyun.kernel.values.identity import mask as mask_identity
from linyun.kernel.values.phones import mask as mask_phone
from linyun.kernel.values.seal import Sealer

DEFAULT = ("name", "sex", "age", "living_address", "phone", "last_visit")


class NoSuchColumn(ValueError):
    """A column was asked for that is no item and no term, or that may not leave as a list."""


def _expression(word: Item | Term, today: str) -> str:
    if isinstance(word, Term):
        return word.sql.format(s="s", today=today)
    return f"s.{word.code}" if word.core else f"(s.tail ->> '{word.code}')"


def chosen(asked: Asked, columns: Sequence[str]) -> list[Item | Term]:
    """The items and terms behind column codes. Raises NoSuchColumn; sensitive items never leave in a list."""
    items, found = known(asked.subject), []
    for code in columns:
        word = items.get(code) or catalogue.terms.get((asked.subject, code))
        if word is None:
            raise NoSuchColumn(f"没有“{code}”这一列")
        if isinstance(word, Item) and word.level >= Level.SENSITIVE and word.kind is not Kind.IDENTITY:
            raise NoSuchColumn(f"“{word.name}”属于敏感信息，不能成批导出")
        found.append(word)
    return found


def table(asked: Asked, columns: Sequence[str]) -> tuple[list[str], list[list[Any]]]:
    """(head, rows) of a crowd. Raises NoSuchColumn."""
    words = chosen(asked, columns)
    condition, params = asked.compiled()
    picks = ", ".join(_expression(w, "%(today)s::date") for w in words)
    sql = f"select {picks} from {asked.table} s where s.status = 'live' and ({condition}) is true order by s.id"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, {**params, "today": asked.today})
        rows = [list(row) for row in cursor.fetchall()]
    for n, word in enumerate(words):
        shown = _shown(word)
        if shown is not None:
            for row in rows:
                row[n] = shown(row[n])
    return [w.name for w in words], rows


def _shown(word: Item | Term) -> Any:
    if word.kind is Kind.CODE:
        names = {c.code: c.name for c in catalogue.code_sets[word.code_set].codes}
        return lambda value: names.get(value, value)
    if word.kind is Kind.BOOLEAN:
        return {True: "是", False: "否", None: None, "true": "是", "false": "否"}.get
    if word.kind is Kind.IDENTITY:
        sealer = Sealer(settings.DATA_KEYS)
        return lambda value: mask_identity(sealer.open(value)) if value else None
    if word.kind is Kind.PHONE:
        return lambda value: mask_phone(value) if value else None
    return None
