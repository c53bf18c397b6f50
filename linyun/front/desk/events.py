"""What can happen at the desk beside what the lower apps record."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class SensitiveTagsSeen:
    """Somebody looked at a person's sensitive tags, and said why."""

    person_id: UUID


@dataclass(frozen=True, slots=True)
class PeopleExported:
    """People left as a file: how many, with which columns."""

    count: int
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LooksSeen:
    """Somebody read who had looked at a person's record."""

    person_id: UUID
