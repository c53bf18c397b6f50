"""Images of rows before and after a change, so that an operation can be taken back exactly, or refused if it cannot."""

import json
from typing import Any

from django.core import serializers
from django.db import models


class ChangedSince(ValueError):
    """Something later changed a row that an undo would restore."""


def image(row: models.Model) -> dict[str, Any]:
    """The concrete columns of a row as JSON."""
    (data,) = json.loads(serializers.serialize("json", [row]))
    return {"model": data["model"], "pk": data["pk"], "fields": data["fields"]}


class Images:
    """Collects what an operation does: ``change`` a row, ``add`` a row."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []

    def change(self, row: models.Model, **fields: Any) -> None:
        """Set fields of a row and keep both images."""
        before = image(row)
        for name, value in fields.items():
            setattr(row, name, value)
        row.save(update_fields=list(fields))
        row.refresh_from_db()
        self.taken.append({"before": before, "after": image(row)})

    def add(self, row: models.Model) -> None:
        """Add a row."""
        row.save(force_insert=True)
        row.refresh_from_db()
        self.taken.append({"before": None, "after": image(row)})


def _restored(data: dict[str, Any]) -> models.Model:
    (wrapped,) = serializers.deserialize("json", json.dumps([data]))
    return wrapped.object


def take_back(images: list[dict[str, Any]]) -> None:
    """Undo, last first. Raises ChangedSince when a row is no longer as the operation left it."""
    for pair in reversed(images):
        row = _restored(pair["after"])
        now = type(row)._default_manager.filter(pk=row.pk).first()
        if now is None or image(now) != pair["after"]:
            raise ChangedSince("之后又有新的变动，不能直接撤销。请先撤销较晚的那一次。")
        if pair["before"] is None:
            now.delete()
        else:
            before = _restored(pair["before"])
            columns = [f.name for f in row._meta.concrete_fields if not f.primary_key and not f.generated]
            before.save(force_update=True, update_fields=columns)
