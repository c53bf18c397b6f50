"""The verbs of the notebook: write, tick off, drop. Each account reaches its own notes alone."""

from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction

from linyun.foundation.accounts.policy import require
from linyun.foundation.acts.actor import current
from linyun.foundation.acts.services import record
from linyun.foundation.acts.turns import wait_for_turn
from linyun.foundation.areas import scope
from linyun.hub.records.models import Person
from linyun.kernel import clock
from linyun.kernel.ids import uuid7
from linyun.kernel.words import say
from linyun.work.office.events import NoteDone, NoteDropped, NoteWritten
from linyun.work.office.models import Note, NoteQuerySet

LONGEST = 500


class Unwritable(ValueError):
    """A note cannot be kept as given; the text says how to mend it."""


def mine() -> NoteQuerySet:
    """The notes of whoever acts."""
    who = current()
    require(who, "note.keep")
    return Note.objects.of(who.account_id)


def write(text: str, due_on: date | None = None, person: Person | None = None, note_id: UUID | None = None) -> Note:
    """Write a note down; sent again under the same id, it answers the first. Raises Unwritable."""
    require(current(), "note.keep")
    account = current().account_id
    if account is None:
        raise Unwritable(say("请先登录"))
    if note_id and (before := _sent_before(note_id)):
        return before
    text = text.replace("\0", "").strip()  # the one character that no database text holds
    if not text:
        raise Unwritable(say("请写下要记的事"))
    if len(text) > LONGEST:
        raise Unwritable(say("最多 {n} 个字", n=LONGEST))
    note = Note(
        id=note_id or uuid7(),
        area=person.area if person else scope.current(),
        account_id=account,
        text=text,
        due_on=due_on,
        person=person,
    )
    try:
        with transaction.atomic():
            note.save(force_insert=True)
    except IntegrityError as taken:  # the id of somebody else's note, which is not seen here
        raise Unwritable(say("请重新打开这一页再写")) from taken
    record(NoteWritten(note.pk), area=note.area, subject=("note", note.pk))
    return note


def _sent_before(note_id: UUID) -> Note | None:
    """The note that was sent under an id before; of two sent at once the second waits for the first."""
    wait_for_turn(f"note {note_id}")
    return mine().filter(pk=note_id).first()


def tick(note_id: UUID, done: bool = True) -> Note:
    """Tick a thing off, or open it again. Raises Note.DoesNotExist for another's note."""
    note = mine().get(pk=note_id)
    note.done_at = clock.now() if done else None
    note.save(update_fields=["done_at"])
    record(NoteDone(note.pk, done), area=note.area, subject=("note", note.pk))
    return note


def drop(note_id: UUID) -> None:
    """Throw a note away. Raises Note.DoesNotExist for another's note."""
    note = mine().get(pk=note_id)
    note.dropped_at = clock.now()
    note.save(update_fields=["dropped_at"])
    record(NoteDropped(note.pk), area=note.area, subject=("note", note.pk))
