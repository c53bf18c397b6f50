"""What can happen to departures and to budgets. Acts hold identifiers and counts, never who stands in a list."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class DepartureAsked:
    """Somebody asked to take out a list that is too long to leave without a second person."""

    departure_id: UUID
    kind: str
    rows: int


@dataclass(frozen=True, slots=True)
class DepartureAgreed:
    """A second person agreed that a list leaves; the file is made by a job."""

    departure_id: UUID


@dataclass(frozen=True, slots=True)
class DepartureRefused:
    """A second person refused that a list leaves, and said why."""

    departure_id: UUID


@dataclass(frozen=True, slots=True)
class DepartureTaken:
    """Whoever had asked took the file."""

    departure_id: UUID
    rows: int


@dataclass(frozen=True, slots=True)
class BudgetReached:
    """An account wanted to see more persons in a day than its post may; the list was not shown."""

    account_id: UUID
    limit: int
