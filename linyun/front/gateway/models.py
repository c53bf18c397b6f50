"""Tokens: what a program shows instead of a person signing in. Kept as digests only, filed at the area of the post."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q

from linyun.foundation.accounts.models import Account, Post
from linyun.foundation.areas.models import AreaCodeField
from linyun.front.gateway.rules import LONGEST_DAYS
from linyun.kernel.ids import uuid7


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def live(self, now: datetime) -> "ApiTokenQuerySet":
        """Those neither revoked nor expired."""
        return self.filter(revoked_at=None, expires_at__gt=now)


class ApiToken(models.Model):
    """A program's key to one post of one person (接口令牌). ``minute`` and ``used_in_minute`` count for the limit.

    It can do what the holder of the post may do there today, and nothing once the post or the account has ended.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = AreaCodeField()
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    note = models.CharField("用途", max_length=60, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=60)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    minute = models.DateTimeField(null=True)
    used_in_minute = models.PositiveIntegerField(default=0)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at"))
                & Q(expires_at__lte=F("made_at") + timedelta(days=LONGEST_DAYS)),
                name="token_lives_90_days_at_most",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} · {self.post_id} · {self.expires_at:%Y-%m-%d}"
