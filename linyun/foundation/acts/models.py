"""The acts: insert-only, scoped by area."""

from uuid import UUID

from django.db import models

from linyun.foundation.areas.models import AreaCodeField
from linyun.kernel.ids import uuid7

LONGEST_REASON = 200
"""Characters of a reason that are kept."""


class ActQuerySet(models.QuerySet["Act"]):
    def about(self, kind: str, subject_id: UUID) -> "ActQuerySet":
        """What was done to or seen of one subject, newest first."""
        return self.filter(subject_kind=kind, subject_id=subject_id).order_by("-at")


class Act(models.Model):
    """One act (行为留痕). ``verb`` is the event's name; ``detail`` its fields; who and from where are as they were then."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField(auto_now_add=True)
    area = AreaCodeField()
    verb = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=20, blank=True)
    subject_id = models.UUIDField(null=True)
    detail = models.JSONField(default=dict)
    reason = models.CharField(max_length=LONGEST_REASON, blank=True)
    account_id = models.UUIDField(null=True)
    post_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=60)
    role = models.CharField(max_length=12, blank=True)
    channel = models.CharField(max_length=10)
    ip = models.CharField(max_length=45, blank=True)
    client_key = models.UUIDField(null=True, unique=True)

    objects = ActQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["subject_id", "-at"]),
            models.Index(fields=["area", "-at"]),
            models.Index(fields=["account_id", "-at"]),
        ]
