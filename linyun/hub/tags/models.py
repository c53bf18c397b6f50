"""Marks: tags set by hand. Tags computed by a rule are never stored; they are what the rule says now."""

from datetime import date

from django.db import models
from django.db.models import Q

from linyun.foundation.areas.models import AreaCodeField
from linyun.kernel.ids import uuid7


class MarkQuerySet(models.QuerySet["Mark"]):
    def in_force(self, on: date) -> "MarkQuerySet":
        """Those that hold on a day: not taken back, not expired."""
        return self.filter(Q(until=None) | Q(until__gt=on), retracted_at=None)


class Mark(models.Model):
    """One tag on one subject: a claim with who, on what ground, and until when (constitution, rule 5)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = AreaCodeField()
    subject_kind = models.CharField(max_length=12)
    subject_id = models.UUIDField()
    tag = models.CharField(max_length=60)
    ground = models.CharField(max_length=200)
    set_by = models.CharField(max_length=60)
    set_by_id = models.UUIDField(null=True)
    set_on = models.DateField()
    until = models.DateField(null=True)
    retracted_at = models.DateTimeField(null=True)
    retract_reason = models.CharField(max_length=200, blank=True)
    origin_kind = models.CharField(max_length=20, blank=True)
    origin_id = models.UUIDField(null=True)

    objects = MarkQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["area", "tag"])]
        constraints = [
            models.UniqueConstraint(fields=["subject_id", "tag"], condition=Q(retracted_at=None), name="mark_once"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gt=models.F("set_on")), name="mark_period"),
        ]
