"""Departures of lists, and who saw how many persons today. All within a scope."""

from datetime import date, datetime
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from linyun.foundation.acts.models import LONGEST_REASON
from linyun.foundation.areas.models import AreaCodeField
from linyun.foundation.leaving.rules import KEPT, UNDECIDED, WAITS, Mark, State, number_of
from linyun.kernel.ids import uuid7

_UNDECIDED = sorted(state.value for state in UNDECIDED)
_READY = State.READY.value


class DepartureQuerySet(models.QuerySet["Departure"]):
    def told(self) -> "DepartureQuerySet":
        """Newest first, without the file."""
        return self.defer("content").order_by("-asked_at", "-id")

    def to_decide_by(self, account_id: UUID | None) -> "DepartureQuerySet":
        """Those that wait for a second person who may be this one, the oldest first."""
        return self.filter(state=State.ASKED).exclude(asked_by_id=account_id).order_by("asked_at", "id")

    def of(self, account_id: UUID | None) -> "DepartureQuerySet":
        """Those that an account asked for."""
        return self.filter(asked_by_id=account_id)

    def open(self, since: datetime) -> "DepartureQuerySet":
        """Those of which their asker has something to wait for, to take, or to read since a moment."""
        ended = Q(state__in=[State.REFUSED, State.FAILED], decided_at__gte=since)
        lapsed = Q(state=State.LAPSED, asked_at__gte=since - WAITS)
        return self.filter(ended | lapsed | Q(state__in=[State.ASKED, State.AGREED, State.READY]))

    def overdue(self, now: datetime) -> "DepartureQuerySet":
        """Those that nobody decided in time."""
        return self.filter(state=State.ASKED, asked_at__lte=now - WAITS)

    def outlived(self, now: datetime) -> "DepartureQuerySet":
        """Those whose file has been kept long enough."""
        return self.filter(state=State.READY, ready_at__lte=now - KEPT)


class Departure(models.Model):
    """One list of persons that left, or wants to leave (导出). ``kind`` and ``parameters`` make it again.

    ``content`` is the locked file, there as long as it may be taken. ``answer``: why it was refused or not made.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = AreaCodeField()
    kind = models.CharField(max_length=40)
    says = models.CharField(max_length=300)
    parameters = models.JSONField(default=dict)
    rows = models.PositiveIntegerField()
    reason = models.CharField(max_length=LONGEST_REASON, blank=True)
    channel = models.CharField(max_length=10)
    state = models.CharField(max_length=8, choices=[(s.value, s.value) for s in State])
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=60)
    asked_by_id = models.UUIDField(null=True)
    post_id = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=60, blank=True)
    decided_by_id = models.UUIDField(null=True)
    answer = models.CharField(max_length=LONGEST_REASON, blank=True)
    ready_at = models.DateTimeField(null=True)
    file_name = models.CharField(max_length=160, blank=True)
    file_type = models.CharField(max_length=100, blank=True)
    content = models.BinaryField(null=True)
    client_key = models.UUIDField(null=True)

    objects = DepartureQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["area", "-asked_at"])]
        constraints = [
            models.UniqueConstraint(fields=["asked_by_id", "client_key"], name="departure_asked_once"),
            models.CheckConstraint(
                condition=Q(decided_by_id=None) | ~(Q(decided_by_id=F("asked_by_id")) | Q(decided_by=F("asked_by"))),
                name="departure_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_UNDECIDED, decided_by_id=None, decided_at=None)
                | (~Q(state__in=_UNDECIDED) & Q(decided_by_id__isnull=False, decided_at__isnull=False)),
                name="departure_decided_before_it_goes_on",
            ),
            models.CheckConstraint(
                condition=Q(state=_READY, content__isnull=False, ready_at__isnull=False)
                | (~Q(state=_READY) & Q(content=None)),
                name="departure_holds_its_file_while_ready",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} · {self.kind} · {self.state}"

    @property
    def number(self) -> str:
        """The number under which people speak of it."""
        return number_of(self.id, self.asked_at)

    @property
    def mark(self) -> Mark:
        """What its file says of it."""
        return Mark(self.number, self.asked_by, self.asked_at, self.reason, in_rows=self.channel != "command")

    @property
    def until(self) -> datetime | None:
        """When its file is deleted."""
        return self.ready_at + KEPT if self.ready_at else None


class Seen(models.Model):
    """An account saw a person (a household, a dwelling) on a day, in a post at an area. Deleted when the day is over."""

    pk = models.CompositePrimaryKey("account_id", "area", "day", "subject_id")
    account_id = models.UUIDField()
    area = AreaCodeField()
    day = models.DateField()
    subject_id = models.UUIDField()


class TallyQuerySet(models.QuerySet["Tally"]):
    def reached(self, since: date) -> "TallyQuerySet":
        """Accounts that wanted to see more than they may, since a day, newest first."""
        return self.filter(reached_at__isnull=False, day__gte=since).order_by("-day", "-reached_at")


class Tally(models.Model):
    """How many different persons an account has seen on a day in a post at an area (查看人数)."""

    area = AreaCodeField()
    account_id = models.UUIDField()
    day = models.DateField()
    name = models.CharField(max_length=60)
    role = models.CharField(max_length=12)
    seen = models.PositiveIntegerField(default=0)
    reached_at = models.DateTimeField(null=True, help_text="when more was asked for than the budget allows")

    objects = TallyQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account_id", "area", "day"], name="tally_once")]
