"""What can happen to imports."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class FileUploaded:
    """A file was brought in; nothing in the records changed yet."""

    import_id: UUID
    filename: str
    rows: int


@dataclass(frozen=True, slots=True)
class ImportApplied:
    """The rows of a file went into the records."""

    import_id: UUID
    created: int
    updated: int
    conflicts: int
    refused: int


@dataclass(frozen=True, slots=True)
class ImportUndone:
    """An import was taken back in one step."""

    import_id: UUID
    kept: int


@dataclass(frozen=True, slots=True)
class MappingConfirmed:
    """Somebody said what the columns of a file mean; files of the same layouts are read so from now on."""

    import_id: UUID
    layouts: int


@dataclass(frozen=True, slots=True)
class ManyConfirmed:
    """Somebody confirmed an import that changes many people by typing how many."""

    import_id: UUID
    changes: int


@dataclass(frozen=True, slots=True)
class PhonesMoved:
    """Phones found in remarks were put where phones belong, before the import was applied."""

    import_id: UUID
    rows: int


@dataclass(frozen=True, slots=True)
class RefusedRowsTaken:
    """The refused rows were downloaded as a file to correct."""

    import_id: UUID
    rows: int
