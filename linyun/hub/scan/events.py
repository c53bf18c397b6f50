"""What can happen to crowds."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CrowdCounted:
    """Somebody who may not see persons asked how many a rule describes. ``shown``: what they were told, None: too few."""

    rule: str
    shown: int | None


@dataclass(frozen=True, slots=True)
class CrowdOpened:
    """Somebody said why they need to see the people whom a sensitive rule describes."""

    rule: str


@dataclass(frozen=True, slots=True)
class CrowdListed:
    """Somebody saw the people of a crowd."""

    rule: str
    count: int


@dataclass(frozen=True, slots=True)
class CrowdHandedOver:
    """The chosen people of a crowd were taken on to something else: a to-visit list, a notice."""

    rule: str
    count: int
    to: str


@dataclass(frozen=True, slots=True)
class CrowdSaved:
    """A crowd was saved under a name."""

    crowd_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class CrowdDropped:
    """A saved crowd is no longer kept."""

    crowd_id: UUID


@dataclass(frozen=True, slots=True)
class CrowdExported:
    """The people of a crowd left the system as a file."""

    rule: str
    count: int
    columns: tuple[str, ...]
