"""Ledgers kept by hand, closed, made by staff, and the official blanks they are handed in on. All within a scope."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from linyun.foundation.areas.models import AreaCodeField
from linyun.kernel.ids import uuid7


class EntryQuerySet(models.QuerySet["LedgerEntry"]):
    def standing(self) -> "EntryQuerySet":
        """Those not withdrawn."""
        return self.filter(withdrawn_at=None)


class LedgerEntry(models.Model):
    """One row of a ledger kept by hand (手工登记). Cells are keyed by their codes, values as JSON.

    A correction is a new entry that ``replaces`` the old one, which is withdrawn: what was written stays readable.
    ``subject_id`` leads to the record beside which the cells are kept, in a ledger that lists records.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = AreaCodeField()
    ledger = models.CharField(max_length=60)
    cells = models.JSONField()
    subject_id = models.UUIDField(null=True)
    happened_on = models.DateField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.CharField(max_length=60)
    created_by_id = models.UUIDField(null=True)
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=60, blank=True)
    withdrawn_reason = models.CharField(max_length=200, blank=True)
    client_key = models.UUIDField(unique=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["area", "ledger", "happened_on"], condition=Q(withdrawn_at=None), name="entry_standing"
            ),
            models.Index(
                fields=["subject_id", "ledger"],
                condition=Q(withdrawn_at=None, subject_id__isnull=False),
                name="entry_beside",
            ),
        ]


class ClosingQuerySet(models.QuerySet["LedgerClosing"]):
    def of(self, ledger: str, area: str) -> "ClosingQuerySet":
        """All closings of a ledger in an area, the latest period first, corrections before what they correct."""
        return self.filter(ledger=ledger, area=area).order_by("-start", "-number")

    def holding(self, ledger: str, area: str, start: date, end: date) -> "LedgerClosing | None":
        """The closing that holds for a period: the last correction."""
        return self.filter(ledger=ledger, area=area, start=start, end=end).order_by("-number").first()


class LedgerClosing(models.Model):
    """A ledger's figures for a period, fixed (封账). Rows are added, never changed: a correction is the next number.

    ``body`` is the deflated canonical JSON of title, columns and rows (see closing.freeze); ``digest`` the SHA-256 of
    that JSON in hexadecimal. Identity numbers in it stay sealed.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = AreaCodeField()
    ledger = models.CharField(max_length=60)
    title = models.CharField(max_length=120)
    period = models.CharField(max_length=10)
    start = models.DateField()
    end = models.DateField(help_text="the first day after the period")
    number = models.PositiveIntegerField(default=1)
    closed_at = models.DateTimeField()
    closed_by = models.CharField(max_length=60)
    closed_by_id = models.UUIDField(null=True)
    early = models.BooleanField(default=False, help_text="closed before the period was over")
    reason = models.CharField(max_length=200, blank=True)
    count = models.PositiveIntegerField()
    body = models.BinaryField()
    digest = models.CharField(max_length=64)

    objects = ClosingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["area", "ledger", "start", "end", "number"], name="closing_numbered"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="closing_period"),
            models.CheckConstraint(
                condition=Q(number=1, early=False) | ~Q(reason=""), name="correction_and_early_say_why"
            ),
        ]


class OwnLedger(models.Model):
    """A ledger that staff made without programming. ``definition`` holds the fields of a declared Ledger."""

    code = models.CharField(max_length=60, primary_key=True)
    area = AreaCodeField(help_text="those within may use it")
    definition = models.JSONField()
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.CharField(max_length=60)
    made_by_id = models.UUIDField(null=True)
    dropped_at = models.DateTimeField(null=True)


class LedgerForm(models.Model):
    """An official blank .xlsx on which a ledger is handed in (官方空表).

    ``columns`` lists the columns of its head as {"number", "letter", "path", "value", "sure"}: ``value`` is the cell
    that fills the column, "" for none, ``sure`` how sure the proposal was, 1 once confirmed. Numbers count from 1.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = AreaCodeField()
    ledger = models.CharField(max_length=60)
    file_name = models.CharField(max_length=160)
    content = models.BinaryField()
    sheet = models.CharField(max_length=60)
    head_row = models.PositiveIntegerField(help_text="the last row of the head")
    first_row = models.PositiveIntegerField(help_text="the first row to fill")
    columns = models.JSONField()
    defines = models.BooleanField(default=False, help_text="the ledger's own columns are those of this blank")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    uploaded_by = models.CharField(max_length=60)
    uploaded_by_id = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["area", "ledger", "-uploaded_at"])]
