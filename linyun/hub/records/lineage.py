"""Where each value comes from: the statement that holds, and what other sources say beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from linyun.hub.records.items import known
from linyun.hub.records.models import RECORDS, Statement
from linyun.hub.records.precedence import rank
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Item, Kind, Subject


@dataclass(frozen=True, slots=True)
class Said:
    """One source's word on one item."""

    value: Any
    source: str
    source_name: str
    true_on: date
    collector: str
    origin_kind: str
    origin_id: UUID | None
    statement_id: UUID
    rank: int


@dataclass(frozen=True, slots=True)
class Held:
    """What is held on one item: the word that holds, and the latest different word of each other source."""

    item: Item
    now: Said | None
    others: tuple[Said, ...] = ()

    @property
    def disagree(self) -> bool:
        """Whether another source says otherwise and nobody settled it since."""
        if self.now is None or not self.others:
            return False
        return self.now.source != "settle" or any(o.true_on > self.now.true_on for o in self.others)

    def is_stale(self, today: date | None = None) -> bool:
        """Whether the value is older than the item stays fresh."""
        if self.now is None or self.item.fresh_days is None:
            return False
        return self.now.true_on < (today or clock.today()) - timedelta(days=self.item.fresh_days)


def _said(statement: Statement, item: Item, value: Any) -> Said:
    source = catalogue.sources.get(statement.source)
    return Said(
        value=value,
        source=statement.source,
        source_name=source.name if source else statement.source,
        true_on=statement.true_on,
        collector=statement.collector,
        origin_kind=statement.origin_kind,
        origin_id=statement.origin_id,
        statement_id=statement.pk,
        rank=rank(catalogue, statement.source, item),
    )


def _same(item: Item, one: Any, other: Any) -> bool:
    """Equality of stated values; sealed numbers are equal when their digests are."""
    if item.kind is Kind.IDENTITY and one and other:
        return str(one).split(":")[1] == str(other).split(":")[1]
    return bool(one == other)


def statements_of(kind: str, subject_id: UUID) -> Sequence[Statement]:
    """All live statements about a subject and about the duplicates merged into it, best order last."""
    one = RECORDS[kind]._default_manager.filter(Q(pk=subject_id) | Q(merged_into=subject_id)).values("pk")
    return list(Statement.objects.filter(subject_id__in=one, retracted_by=None).order_by("true_on", "known_at", "id"))


def held(kind: str, subject_id: UUID) -> dict[str, Held]:
    """Everything held about a subject, by item code, in the catalogue's order."""
    items = known(Subject(kind))
    words: dict[str, list[Said]] = {}
    for statement in statements_of(kind, subject_id):
        for code, value in statement.values.items():
            if code in items:
                words.setdefault(code, []).append(_said(statement, items[code], value))
    return {code: _judged(item, words[code]) for code, item in items.items() if code in words}


def _judged(item: Item, said: list[Said]) -> Held:
    """The winner is the one of highest rank, the last among equals (``said`` is in order of time)."""
    winner = max(enumerate(said), key=lambda pair: (pair[1].rank, pair[0]))[1]
    latest = {word.source: word for word in said}
    others = tuple(
        word
        for word in latest.values()
        if word.value is not None and not _same(item, word.value, winner.value) and word.source != winner.source
    )
    return Held(item=item, now=winner if winner.value is not None else None, others=others)


def origin_of(kind: str, subject_id: UUID, item: str) -> Held | None:
    """What one cell leads back to; None when nothing was ever stated."""
    return held(kind, subject_id).get(item)
