"""Areas (区域): districts, streets and committees with their statistical codes, and what lies below a committee."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q

from linyun.foundation.areas.codes import ancestors


class AreaCodeField(models.CharField):  # type: ignore[type-arg]
    """An area code, compared byte by byte so that "within" is a range on the index.

    Codes are the statistical ones (province 2, city 4, district 6, street 9, committee 12 digits); below a committee
    each level adds three digits. ``code <= x < code + '~'`` holds for all within.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 36)
        kwargs.setdefault("db_collation", "C")
        super().__init__(**kwargs)


class AreaQuerySet(models.QuerySet["Area"]):
    def within(self, code: str) -> "AreaQuerySet":
        """The area itself and all below it."""
        return self.filter(code__gte=code, code__lt=code + "~")

    def on(self, day: date) -> "AreaQuerySet":
        """Those that exist on a day: boundaries change, codes end and get successors."""
        return self.filter(Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gt=day))

    def path(self, code: str) -> list["Area"]:
        """From the province down to the area itself, as far as they are loaded."""
        return list(self.filter(code__in=[*ancestors(code), code]).order_by("code"))


class Area(models.Model):
    """One area. Names repeat (光明村 seven times in Shanghai), codes do not."""

    class Kind(models.TextChoices):
        PROVINCE = "province", "省"
        CITY = "city", "市"
        DISTRICT = "district", "区县"
        STREET = "street", "街镇"
        COMMITTEE = "committee", "居村委"
        GRID = "grid", "网格"
        ESTATE = "estate", "小区"
        ROAD = "road", "路"
        LANE = "lane", "弄"
        BUILDING = "building", "楼"
        UNIT = "unit", "单元"
        ROOM = "room", "室"
        COLLECTIVE = "collective", "集体户"
        DEMOLISHED = "demolished", "已拆地址"
        SURROUNDING = "surrounding", "周边商铺"

    code = AreaCodeField(primary_key=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    successors = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="predecessors")
    key = models.TextField(blank=True, help_text="below a committee: equal for equal addresses of a building")
    source = models.CharField(max_length=60, blank=True, help_text="which list or import the code comes from")

    objects = AreaQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["parent", "key"], condition=~Q(key=""), name="area_key_once"),
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9]{2,36}$"), name="area_code_digits"),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gt=models.F("valid_from")),
                name="area_valid_period",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"
