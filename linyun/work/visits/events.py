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
class PhotoSeen:
    """Somebody looked at a photo of a visit."""

    photo_id: UUID
