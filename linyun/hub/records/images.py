"""Images of rows before and after a change, so that an operation can be taken back exactly, or refused if it cannot."""

import json
from collections.abc import Collection
from typing import Any

from django.core import serializers
from django.db import IntegrityError, models, transaction

from linyun.kernel.words import msgid, say

LATER = msgid("之后又有新的变动，不能直接撤销。请先撤销较晚的那一次。")


class ChangedSince(ValueError):
    """Something later changed a row that an undo would restore."""


def image(row: models.Model, only: Collection[str] | None = None) -> dict[str, Any]:
    """The concrete columns of a row as JSON, or only those named."""
    (data,) = json.loads(serializers.serialize("json", [row], fields=only))
    return {"model": data["model"], "pk": data["pk"], "fields": data["fields"]}


class Images:
    """Collects what an operation does: ``change`` a row, ``add`` a row."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.people: set[Any] = set()

    def _about(self, row: models.Model) -> None:
        """Remember the people whom a row is about."""
        own = row.pk if row._meta.model_name == "person" else None
        self.people |= {own, getattr(row, "person_id", None), getattr(row, "merged_into_id", None)} - {None}

    def change(self, row: models.Model, **fields: Any) -> None:
        """Set fields of a row and keep both images of these: what others change meanwhile is not this one's to undo."""
        before = image(row, fields)
        self._about(row)
        for name, value in fields.items():
            setattr(row, name, value)
        row.save(update_fields=list(fields))
        row.refresh_from_db()
        self._about(row)
        self.taken.append({"before": before, "after": image(row, fields)})

    def add(self, row: models.Model) -> None:
        """Add a row."""
        row.save(force_insert=True)
        self.added(row)

    def added(self, row: models.Model) -> None:
        """Keep the image of a row just added."""
        row.refresh_from_db()
        self._about(row)
        self.taken.append({"before": None, "after": image(row)})


def _restored(data: dict[str, Any]) -> models.Model:
    (wrapped,) = serializers.deserialize("json", json.dumps([data]))
    return wrapped.object


def take_back(images: list[dict[str, Any]]) -> list[models.Model]:
    """Undo, last first; answers the rows that are gone with it.

    Raises ChangedSince when a row is no longer as the operation left it, or when others have come to rely on it.
    """
    gone: list[models.Model] = []
    for pair in reversed(images):
        row = _restored(pair["after"])
        now = type(row)._default_manager.filter(pk=row.pk).first()
        if now is None or image(now, pair["after"]["fields"]) != pair["after"]:
            raise ChangedSince(say(LATER))
        if pair["before"] is None:
            gone.append(_restored(pair["after"]))
            try:
                now.delete()
            except models.ProtectedError as relied_on:
                raise ChangedSince(say(LATER)) from relied_on
        else:
            _put_back(pair["before"])
    return gone


def _put_back(data: dict[str, Any]) -> None:
    """Give a row its earlier values. Raises ChangedSince when their place is taken, as that of a head by the next head."""
    try:
        with transaction.atomic():
            _restored(data).save(force_update=True, update_fields=list(data["fields"]))
    except IntegrityError as taken:
        raise ChangedSince(say(LATER)) from taken
