"""All that an operation may touch, as it lies in the database: to compare before and after, column by column."""

from typing import Any

from django.db.models import Model

from linyun.hub.records.models import Dwelling, Household, Kin, Membership, Person, Residence

TOUCHED: tuple[type[Model], ...] = (Person, Household, Membership, Residence, Dwelling, Kin)


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every column of every row, by table."""
    return {m._meta.label: list(m._default_manager.order_by("pk").values()) for m in TOUCHED}


def ids() -> set[Any]:
    """The ids of all rows: what an operation deletes is missing here."""
    return {pk for m in TOUCHED for pk in m._default_manager.values_list("pk", flat=True)}
