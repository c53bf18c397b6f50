"""What can happen to ledgers. Acts hold no personal data: they name ledgers, counts and periods, never values."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class LedgerSeen:
    """Somebody looked at a ledger on screen."""

    ledger: str
    count: int


@dataclass(frozen=True, slots=True)
class LedgerExported:
    """A ledger left the house as a file. ``full``: with identity numbers in full, for the stated reason."""

    ledger: str
    form: str
    count: int
    full: bool
    period: str = ""


@dataclass(frozen=True, slots=True)
class LedgerClosed:
    """A ledger's figures for a period were fixed. ``turn`` 2 and above corrects the closing before it."""

    closing_id: UUID
    ledger: str
    period: str
    turn: int
    count: int
    digest: str


@dataclass(frozen=True, slots=True)
class EntryAdded:
    """A row was written into a ledger that is kept by hand."""

    entry_id: UUID
    ledger: str


@dataclass(frozen=True, slots=True)
class EntryWithdrawn:
    """A row kept by hand was taken out; it stays readable to those who ask for it."""

    entry_id: UUID
    ledger: str


@dataclass(frozen=True, slots=True)
class LedgerMade:
    """Staff made a ledger of their own."""

    ledger: str
    columns: int


@dataclass(frozen=True, slots=True)
class LedgerDropped:
    """Staff gave up a ledger of their own; closings of it remain."""

    ledger: str


@dataclass(frozen=True, slots=True)
class FormUploaded:
    """An official blank form was uploaded and its header mapped."""

    form_id: UUID
    ledger: str


@dataclass(frozen=True, slots=True)
class FormMapped:
    """Somebody confirmed which cell fills which column of an official blank."""

    form_id: UUID
    ledger: str
