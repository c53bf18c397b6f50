"""What can happen to visits."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class VisitWritten:
    """A visit was written down."""

    visit_id: UUID
    person_id: UUID | None
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VisitWithdrawn:
    """A visit written by mistake was withdrawn."""

    visit_id: UUID


@dataclass(frozen=True, slots=True)
class VisitsPlanned:
    """People were put on the list of those to visit."""

    count: int
    why: str


@dataclass(frozen=True, slots=True)
class PlanDropped:
    """Somebody was taken off the list of those to visit."""

    plan_id: UUID


@dataclass(frozen=True, slots=True)
class PhotoSeen:
    """Somebody looked at a photo of a visit."""

    photo_id: UUID


@dataclass(frozen=True, slots=True)
class VisitSeen:
    """Somebody read a visit."""

    visit_id: UUID


@dataclass(frozen=True, slots=True)
class VisitsExported:
    """Visits left as a file: how many."""

    count: int


@dataclass(frozen=True, slots=True)
class VisitsBrought:
    """A list of visits was read; nothing written yet."""

    bulk_id: UUID
    rows: int


@dataclass(frozen=True, slots=True)
class BulkApplied:
    """The visits of a list were written down."""

    bulk_id: UUID
    written: int


@dataclass(frozen=True, slots=True)
class BulkUndone:
    """The visits of a list were taken back."""

    bulk_id: UUID
    withdrawn: int


@dataclass(frozen=True, slots=True)
class BulkReturned:
    """The rows of a list that were not taken left as a file to correct."""

    bulk_id: UUID
    rows: int
