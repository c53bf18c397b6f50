"""Saved crowds: a rule with a name, never a list of people."""

from django.db import models

from linyun.foundation.areas.models import AreaCodeField
from linyun.kernel.ids import uuid7


class Crowd(models.Model):
    """A saved crowd (人群). Who belongs to it is what the rule says on the day it is asked."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = AreaCodeField()
    name = models.CharField(max_length=60)
    subject = models.CharField(max_length=12, default="person")
    rule = models.TextField(help_text="canonical Chinese text")
    made_by = models.CharField(max_length=60)
    made_by_id = models.UUIDField(null=True)
    made_at = models.DateTimeField(auto_now_add=True)
    dropped_at = models.DateTimeField(null=True)
    client_key = models.UUIDField(null=True, unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["area", "name"], condition=models.Q(dropped_at=None), name="crowd_name_once"
            )
        ]

    def __str__(self) -> str:
        return self.name
