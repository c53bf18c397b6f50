"""Where a value comes from: the statement that holds, and beside it what the other sources say."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from linyun.hub.records.items import known
from linyun.hub.records.models import RECORDS, Statement
from linyun.hub.records.precedence import rank
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Item, Subject


@dataclass(frozen=True, slots=True)
class Said:
    """What one statement says of one item. ``value`` is as stated: codes as codes, identity numbers sealed.

    ``origin_kind`` and ``origin_id`` lead back to the visit, the import row or the page; ``rank`` is that of
    the source for this item. None as value: the source says that a former value no longer holds.
    """

    statement_id: UUID
    value: Any
    source: str
    source_name: str
    true_on: date
    known_at: datetime
    collector: str
    origin_kind: str
    origin_id: UUID | None
    purpose: str
    rank: int


@dataclass(frozen=True, slots=True)
class Lineage:
    """The origin of a value: ``winner`` is what holds (None: nobody said anything), ``others`` the rest, best first."""

    item: Item
    winner: Said | None
    others: tuple[Said, ...] = ()

    @property
    def disputed(self) -> bool:
        """Whether a source that was not overruled by itself says something else."""
        if self.winner is None:
            return False
        latest: dict[str, Said] = {}
        for said in sorted(self.others, key=lambda s: (s.true_on, s.known_at)):
            latest[said.source] = said
        return any(s.value != self.winner.value for c, s in latest.items() if c != self.winner.source)


def _said(row: Statement, item: Item) -> Said:
    declared = catalogue.sources.get(row.source)
    return Said(
        statement_id=row.id,
        value=row.values[item.code],
        source=row.source,
        source_name=declared.name if declared else row.source,
        true_on=row.true_on,
        known_at=row.known_at,
        collector=row.collector,
        origin_kind=row.origin_kind,
        origin_id=row.origin_id,
        purpose=row.purpose,
        rank=rank(catalogue, row.source, item),
    )


def origins_of(kind: str, subject_id: UUID, codes: Iterable[str]) -> dict[str, Lineage]:
    """The origins of several items of one subject, in two queries. Duplicates merged into it speak with it.

    Raises KeyError for a code that is no item of the subject.
    """
    items = known(Subject(kind))
    wanted = [items[code] for code in codes]
    record = RECORDS[kind]
    merged = record._default_manager.filter(merged_into=subject_id).values("id")
    rows = list(
        Statement.objects.filter(
            Q(subject_id=subject_id) | Q(subject_id__in=merged),
            values__has_any_keys=[i.code for i in wanted],
            retracted_by=None,
        )
    )
    found: dict[str, Lineage] = {}
    for item in wanted:
        said = [_said(row, item) for row in rows if item.code in row.values]
        # The order of the projection (projection.BEST): rank, then the later day, then what was learnt later.
        said.sort(key=lambda s: (s.rank, s.true_on, s.known_at, s.statement_id), reverse=True)
        found[item.code] = Lineage(item, said[0] if said else None, tuple(said[1:]))
    return found


def origin_of(kind: str, subject_id: UUID, code: str) -> Lineage:
    """The origin of one item's current value. Raises KeyError when it is no item of the subject."""
    return origins_of(kind, subject_id, [code])[code]
