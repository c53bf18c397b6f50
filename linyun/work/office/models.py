"""Notes of a worker to themself (记事本)."""

from datetime import date
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from linyun.foundation.areas.models import AreaCodeField
from linyun.hub.records.models import Person
from linyun.kernel.ids import uuid7


class NoteQuerySet(models.QuerySet["Note"]):
    def of(self, account_id: UUID | None) -> "NoteQuerySet":
        """Those of one account: nobody reads another's notebook, whatever their post."""
        return self.filter(account_id=account_id, dropped_at=None) if account_id else self.none()

    def open(self) -> "NoteQuerySet":
        """Those not done yet, the most pressing first, those without a day last."""
        return self.filter(done_at=None).order_by(F("due_on").asc(nulls_last=True), "-id")

    def due(self, day: date) -> "NoteQuerySet":
        """Open ones to be done by a day."""
        return self.open().filter(due_on__lte=day)


class Note(models.Model):
    """One note or thing to do, private to the account that wrote it. ``due_on`` makes it a thing to do."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = AreaCodeField()
    account_id = models.UUIDField()
    text = models.CharField(max_length=500)
    due_on = models.DateField(null=True)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)

    objects = NoteQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["account_id", "due_on"], condition=Q(done_at=None, dropped_at=None), name="note_open")
        ]
