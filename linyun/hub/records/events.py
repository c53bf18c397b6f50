"""What can happen to records."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ItemsStated:
    """Values were stated about a subject. Names the items, never the values: acts hold no personal data."""

    subject_kind: str
    subject_id: UUID
    items: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class ValueSettled:
    """A person decided between sources that disagreed."""

    subject_kind: str
    subject_id: UUID
    item: str


@dataclass(frozen=True, slots=True)
class StatementsRetracted:
    """What one origin had stated was taken back."""

    origin_kind: str
    origin_id: UUID
    count: int


@dataclass(frozen=True, slots=True)
class PersonSeen:
    """Somebody opened a person's page."""

    person_id: UUID


@dataclass(frozen=True, slots=True)
class SealedItemSeen:
    """Somebody read a masked value in full, and said why."""

    person_id: UUID
    item: str


@dataclass(frozen=True, slots=True)
class PeopleListed:
    """Somebody saw a list of people: how many, found how."""

    count: int
    by: str


@dataclass(frozen=True, slots=True)
class OperationDone:
    """A life operation was recorded: a move, a birth, a death, a split, a merge …"""

    operation_id: UUID
    kind: str


@dataclass(frozen=True, slots=True)
class OperationUndone:
    """A life operation was taken back."""

    operation_id: UUID
    kind: str


@dataclass(frozen=True, slots=True)
class ItemAdded:
    """Staff added an item to the catalogue at run time."""

    subject: str
    code: str
