"""Records: five kinds of subject with typed core columns, the statements that fill them, and the links between them.

A column's name is its item's code; the JSONB ``tail`` holds the other items under their codes. NULL is "not known".
"""

from typing import Any, TypeVar

from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _

from linyun.foundation.areas.models import AreaCodeField
from linyun.kernel.ids import uuid7

R = TypeVar("R", bound="Record")


class Status(models.TextChoices):
    LIVE = "live", _("在册")
    LEFT = "left", _("已迁出")
    DECEASED = "deceased", _("已故")
    MERGED = "merged", _("已并入")
    WITHDRAWN = "withdrawn", _("已撤回")


class RecordQuerySet(models.QuerySet[R]):
    def live(self) -> "RecordQuerySet[R]":
        """Those on the register now."""
        return self.filter(status=Status.LIVE)


class Record(models.Model):
    """What every subject has. ``area`` decides who may see it; ``merged_into`` leads from a duplicate to the one kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = AreaCodeField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.LIVE)
    # Hardly any row is a duplicate: each table has an index of those that are, one of all others would serve nobody.
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="duplicates", db_index=False
    )
    tail = models.JSONField(default=dict, blank=True)
    origin_id = models.UUIDField(null=True, help_text="the import that made this row; None when made by hand")

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True


def _text(**kwargs: Any) -> "models.TextField[str | None, str | None]":
    return models.TextField(null=True, blank=True, **kwargs)


class Person(Record):
    """A person on a committee's register (居民): living there, registered there, or both."""

    name = models.TextField()
    pinyin = models.TextField(
        blank=True, db_collation="C", help_text="syllables, full spelling and initials, for sorting and search"
    )
    former_name = _text()
    sex = _text()
    birth_date = models.DateField(null=True, blank=True)
    identity_type = _text()
    identity_number = _text(help_text="sealed")
    phone = _text()
    ethnicity = _text()
    native_place = _text()
    marital_status = _text()
    political_status = _text()
    education = _text()
    occupation_class = _text()
    occupation = _text()
    workplace = _text()
    employment_status = _text()
    nationality = _text()
    registered_area = _text()
    registered_address = _text()
    living_address = _text()
    household_type = _text()
    disability_type = _text()
    disability_level = _text()
    aid_type = _text()
    care_level = _text()
    emergency_contact = _text()
    emergency_phone = _text()
    remark = _text()

    committee = models.GeneratedField(
        expression=Left("area", 12), output_field=models.CharField(max_length=12, db_collation="C"), db_persist=True
    )
    identity_digest = models.GeneratedField(
        expression=Func(F("identity_number"), Value(":"), Value(2), function="split_part"),
        output_field=models.TextField(),
        db_persist=True,
    )
    identity_tail = models.GeneratedField(
        expression=Func(F("identity_number"), Value(":"), Value(3), function="split_part"),
        output_field=models.TextField(),
        db_persist=True,
    )

    class Meta:
        indexes = [
            # With the status, people are counted from the index alone, the bounds of the scope being its range.
            models.Index(fields=["area", "id"], include=["status"], name="people_of_area"),
            models.Index(fields=["identity_tail"]),
            # A register in the order of its list: the first fifty without a look at all others. Not for the living alone:
            # a plan that is kept for all statuses would pass such an index by.
            models.Index(fields=["committee", "status", "pinyin", "id"], name="register_in_order"),
            models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name="person_duplicates"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "identity_digest"],
                condition=~Q(status__in=["merged", "withdrawn"]) & ~Q(identity_digest=""),
                name="person_once_per_register",
            ),
            models.CheckConstraint(
                condition=Q(identity_number=None) | Q(identity_number__startswith="s"), name="identity_is_sealed"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Household(Record):
    """People registered or living together under one head (户)."""

    number = _text()
    kind_of_household = _text()
    remark = _text()
    dwelling = models.ForeignKey(
        "Dwelling", null=True, blank=True, on_delete=models.PROTECT, related_name="households", db_index=False
    )

    class Meta:
        indexes = [
            models.Index(fields=["area", "id"]),
            models.Index(fields=["dwelling"]),
            models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name="household_duplicates"),
        ]


class Dwelling(Record):
    """A room or flat (房屋): where people live, are registered, or own. ``address_key`` is equal for equal addresses."""

    estate = _text()
    road = _text()
    lane = _text()
    building = _text()
    unit = _text()
    room = _text()
    floor = models.IntegerField(null=True, blank=True)
    floor_area = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    tenure = _text()
    dwelling_use = _text()
    hazard = _text()
    has_lift = models.BooleanField(null=True, blank=True)
    remark = _text()
    address_key = models.TextField()
    address = models.TextField(help_text="as people write it")
    committee = models.GeneratedField(
        expression=Left("area", 12), output_field=models.CharField(max_length=12, db_collation="C"), db_persist=True
    )

    class Meta:
        indexes = [
            models.Index(fields=["area", "id"]),
            models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name="dwelling_duplicates"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "address_key"], condition=Q(status="live"), name="dwelling_once_per_committee"
            )
        ]

    def __str__(self) -> str:
        return self.address


class Organisation(Record):
    """An enterprise, institution or shop (单位)."""

    name = models.TextField()
    uscc = _text()
    organisation_type = _text()
    address = _text()
    contact_name = _text()
    contact_phone = _text()
    remark = _text()

    class Meta:
        indexes = [
            models.Index(fields=["area", "id"]),
            models.Index(
                fields=["merged_into"], condition=Q(merged_into__isnull=False), name="organisation_duplicates"
            ),
        ]


class Place(Record):
    """A facility or spot (部件、场所): a lift, a hydrant, a fitness corner."""

    name = models.TextField()
    place_type = _text()
    address = _text()
    remark = _text()

    class Meta:
        indexes = [
            models.Index(fields=["area", "id"]),
            models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name="place_duplicates"),
        ]


class Statement(models.Model):
    """Assertions made together by one source at one moment about one subject. Never changed; only retracted by an undo.

    ``true_on``: since when the values hold, as the source says; ``known_at``: when the house learnt it. A JSON null
    asserts that a former value no longer holds. ``origin_*`` lead back to the visit, import row or page it came from.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = AreaCodeField()
    subject_kind = models.CharField(max_length=12)
    subject_id = models.UUIDField()
    values = models.JSONField()
    source = models.CharField(max_length=30)
    origin_kind = models.CharField(max_length=20)
    origin_id = models.UUIDField(null=True)
    true_on = models.DateField()
    known_at = models.DateTimeField()
    collector = models.CharField(max_length=60, blank=True)
    collector_id = models.UUIDField(null=True)
    purpose = models.CharField(max_length=60, blank=True)
    retracted_by = models.UUIDField(null=True, help_text="the act that took it back")

    class Meta:
        indexes = [
            models.Index(fields=["subject_id"]),
            models.Index(fields=["origin_id"], condition=Q(origin_id__isnull=False), name="statement_origin"),
        ]


class Residence(models.Model):
    """One fact about a person and a dwelling (人房关系): lives there, is registered there, or owns it; from–to."""

    class Kind(models.TextChoices):
        ACTUAL = "actual", _("实际居住")
        REGISTERED = "registered", _("户籍在此")
        OWNER = "owner", _("产权人")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = AreaCodeField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="residences")
    dwelling = models.ForeignKey(Dwelling, on_delete=models.PROTECT, related_name="residences", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    origin_id = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["dwelling", "kind"])]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "dwelling", "kind"], condition=Q(valid_to=None), name="residence_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="residence_period",
            ),
        ]


class Membership(models.Model):
    """A person belongs to a household (户内成员) with a relation to its head (GB/T 4761), from–to."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = AreaCodeField()
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    relation = _text()
    is_head = models.BooleanField(default=False)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    origin_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["household", "person"], condition=Q(valid_to=None), name="membership_once"),
            models.UniqueConstraint(fields=["household"], condition=Q(valid_to=None, is_head=True), name="one_head"),
        ]


class Kin(models.Model):
    """Kin across households (亲属): ``person``'s ``kind`` is ``relative``, who may live elsewhere and be only a name."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = AreaCodeField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="kin")
    relative = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    relative_name = models.TextField(blank=True)
    kind = models.CharField(max_length=4, help_text="GB/T 4761")
    note = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "relative", "relative_name"], name="kin_once")]


class Operation(models.Model):
    """A change in the life of records (业务操作): move, birth, death, split, merge. Holds what it changed, to be undone."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = AreaCodeField()
    kind = models.CharField(max_length=30)
    reason = models.CharField(max_length=200)
    happened_on = models.DateField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    actor_name = models.CharField(max_length=60)
    images = models.JSONField(default=list)
    subjects = models.JSONField(default=list, help_text="ids of the people concerned")
    undone_at = models.DateTimeField(null=True)


class StaffItem(models.Model):
    """An item that staff added at run time; it lives in the tail of its subject."""

    code = models.CharField(max_length=40, primary_key=True)
    area = AreaCodeField(help_text="those within may use it")
    subject = models.CharField(max_length=12)
    definition = models.JSONField()
    added_by = models.CharField(max_length=60)
    added_at = models.DateTimeField(auto_now_add=True)


RECORDS: dict[str, type[Record]] = {
    "person": Person,
    "household": Household,
    "dwelling": Dwelling,
    "organisation": Organisation,
    "place": Place,
}
