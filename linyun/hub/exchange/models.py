"""Imports: the file as it came, each of its rows with what became of it, and the mapping remembered per layout."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from linyun.foundation.areas.models import AreaCodeField
from linyun.kernel.ids import uuid7


class Import(models.Model):
    """One file brought in (导入). The file is kept sealed, so that refused rows can be given back as they came."""

    class State(models.TextChoices):
        READ = "read", _("待核对")
        CHECKED = "checked", _("待确认")
        APPLYING = "applying", _("正在导入")
        APPLIED = "applied", _("已导入")
        UNDONE = "undone", _("已撤销")
        FAILED = "failed", _("未成功")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = AreaCodeField()
    filename = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    content = models.BinaryField()
    kind = models.CharField(max_length=20)
    source = models.CharField(max_length=30, default="roster")
    as_of = models.DateField(help_text="the day whose state the file describes")
    state = models.CharField(max_length=10, choices=State.choices, default=State.READ)
    tables = models.JSONField(default=list, help_text="per sheet: what it seems to be, header, mapping")
    counts = models.JSONField(default=dict)
    message = models.TextField(blank=True)
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    uploaded_by = models.CharField(max_length=60)
    uploaded_by_id = models.UUIDField(null=True)
    uploaded_at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    client_key = models.UUIDField(null=True, unique=True)

    class Meta:
        indexes = [models.Index(fields=["area", "-uploaded_at"])]

    def __str__(self) -> str:
        return self.filename


class ImportRow(models.Model):
    """One data row. ``values`` are parsed and sealed; ``problems`` name cells; ``changes`` say old and new.

    ``record_id`` is whom the row means: its own id when it makes somebody new, None when it is refused or repeated.
    ``hints`` are what could be put right with one click: {"phones": [...]} found in a remark.
    """

    class Outcome(models.TextChoices):
        CREATED = "created", _("新增")
        UPDATED = "updated", _("有变化")
        UNCHANGED = "unchanged", _("没有变化")
        CONFLICTS = "conflicts", _("有分歧")
        REFUSED = "refused", _("未收")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = AreaCodeField()
    # Rows come with their import in one transaction and go with it: a check of the reference for each of 100,000 is waste.
    batch = models.ForeignKey(
        Import, on_delete=models.CASCADE, related_name="rows", db_index=False, db_constraint=False
    )
    kind = models.CharField(max_length=12, default="person", help_text="a subject, or building")
    sheet = models.TextField()
    number = models.IntegerField()
    name = models.TextField(blank=True)
    pinyin = models.TextField(blank=True)
    digest = models.TextField(blank=True)
    values = models.JSONField(default=dict)
    address = models.JSONField(null=True)
    address_key = models.TextField(blank=True)
    relation = models.TextField(blank=True)
    household_key = models.TextField(blank=True)
    is_head = models.BooleanField(default=False)
    problems = models.JSONField(default=list)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    record_id = models.UUIDField(null=True)
    changes = models.JSONField(default=list)
    hints = models.JSONField(null=True)
    hidden = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["batch", "outcome", "sheet", "number"])]


class Progress(models.Model):
    """How far an import has come, written outside its transaction so that the page can see it."""

    batch_id = models.UUIDField(primary_key=True)
    area = AreaCodeField()
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    said = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()


class Layout(models.Model):
    """A mapping remembered for files of one layout, by the fingerprint of their header."""

    area = AreaCodeField()
    fingerprint = models.CharField(max_length=64)
    kind = models.CharField(max_length=20)
    mapping = models.JSONField()
    confirmed_by = models.CharField(max_length=60)
    confirmed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["area", "fingerprint"], name="layout_once")]
