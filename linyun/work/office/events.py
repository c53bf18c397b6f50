"""What can happen in the office. Acts about notes never hold their words: a notebook is private."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class NoteWritten:
    """A note was written or changed."""

    note_id: UUID


@dataclass(frozen=True, slots=True)
class NoteDone:
    """A thing to do was ticked off, or opened again."""

    note_id: UUID
    done: bool


@dataclass(frozen=True, slots=True)
class NoteDropped:
    """A note was thrown away."""

    note_id: UUID
