"""Visits, their photos, the list of those to visit, and lists of visits brought in at once."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linyun.foundation.areas.models import AreaCodeField
from linyun.hub.records.models import Dwelling, Person, Status
from linyun.kernel import clock
from linyun.kernel.ids import uuid7


class VisitQuerySet(models.QuerySet["Visit"]):
    def live(self) -> "VisitQuerySet":
        """Those not withdrawn."""
        return self.filter(withdrawn_at=None)

    def of_person(self, person: Person) -> "VisitQuerySet":
        """All visits to a person, and to records since merged into theirs, newest first."""
        return self.live().filter(Q(person=person) | Q(person__merged_into=person)).order_by("-visited_on", "-id")

    def open(self) -> "VisitQuerySet":
        """Those that promised to come back and were not followed up yet; nobody goes back to who died or moved away."""
        gone = [Status.DECEASED, Status.LEFT]
        found = self.live().filter(follow_up_on__isnull=False, followed_up_by=None)
        return found.filter(Q(person=None) | ~Q(person__status__in=gone))

    def due(self, on: date) -> "VisitQuerySet":
        """Those that promised to come back by a day and were not followed up yet."""
        return self.open().filter(follow_up_on__lte=on).order_by("follow_up_on", "id")


class Visit(models.Model):
    """One visit (走访). The id is made on the phone where it was written, so that sending it twice counts once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = AreaCodeField()
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="visits")
    dwelling = models.ForeignKey(Dwelling, null=True, on_delete=models.PROTECT, related_name="visits")
    visited_on = models.DateField()
    mode = models.CharField(max_length=4, help_text="code set visit_mode")
    topic = models.CharField(max_length=30, blank=True)
    situation = models.TextField("看到的情况", blank=True)
    needs = models.TextField("需求和建议", blank=True)
    action = models.TextField("采取的措施", blank=True)
    outcome = models.TextField("处理结果", blank=True)
    follow_up_on = models.DateField(null=True)
    followed_up_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="follows_up")
    visitor = models.CharField(max_length=60)
    visitor_id = models.UUIDField(null=True)
    recorded_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdraw_reason = models.CharField(max_length=200, blank=True)
    origin_kind = models.CharField(max_length=20, default="desk")
    origin_id = models.UUIDField(null=True)
    repeat_key = models.CharField(max_length=64, null=True, unique=True, help_text="digest of a pasted row")

    objects = VisitQuerySet.as_manager()

    class Meta:
        indexes = [
            # Row-level security asks for the area too; without it here the last visit of one person walks the whole area.
            models.Index(fields=["person", "-visited_on", "area"]),
            models.Index(fields=["area", "-visited_on"]),
            models.Index(
                fields=["area", "follow_up_on"],
                condition=Q(followed_up_by=None, follow_up_on__isnull=False, withdrawn_at=None),
                name="visit_due",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(dwelling__isnull=False), name="visit_about_somebody"
            ),
        ]


class Photo(models.Model):
    """A photo taken at a visit, without its camera data; stored sealed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = AreaCodeField()
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="photos")
    content = models.BinaryField()
    content_type = models.CharField(max_length=30)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit", "digest"], name="photo_once")]


class PlannedVisitQuerySet(models.QuerySet["PlannedVisit"]):
    def open(self) -> "PlannedVisitQuerySet":
        """Those still to be made; who died or moved away is visited no more."""
        gone = [Status.DECEASED, Status.LEFT]
        return self.filter(done_by=None, dropped_at=None).exclude(person__status__in=gone)


class PlannedVisit(models.Model):
    """Somebody to visit (待访): put on the list by hand or from a crowd."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = AreaCodeField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="planned_visits")
    due_on = models.DateField()
    why = models.CharField(max_length=200)
    assigned_to = models.UUIDField(null=True)
    planned_by = models.CharField(max_length=60)
    planned_on = models.DateField(default=clock.today)
    done_by = models.ForeignKey(Visit, null=True, on_delete=models.PROTECT, related_name="plans")
    dropped_at = models.DateTimeField(null=True)

    objects = PlannedVisitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "due_on"], condition=Q(done_by=None, dropped_at=None), name="planned_once"
            )
        ]


class Bulk(models.Model):
    """Visits brought in at once (批量走访): pasted, or a workbook, a sheet a month. ``rows`` say what each would do.

    A row: sheet, number, cells by part (day, name, address, mode, situation …), outcome, reason, and the person found.
    """

    class State(models.TextChoices):
        READ = "read", _("待写入")
        APPLIED = "applied", _("已写入")
        UNDONE = "undone", _("已撤销")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = AreaCodeField()
    filename = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    rows = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.READ)
    brought_by = models.CharField(max_length=60)
    brought_by_id = models.UUIDField(null=True)
    brought_at = models.DateTimeField(auto_now_add=True)
    client_key = models.UUIDField(null=True, unique=True)
