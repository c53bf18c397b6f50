"""What can happen to tags."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class TagSet:
    """A tag was set by hand."""

    subject_kind: str
    subject_id: UUID
    tag: str


@dataclass(frozen=True, slots=True)
class TagRetracted:
    """A tag set by hand was taken back."""

    subject_kind: str
    subject_id: UUID
    tag: str
