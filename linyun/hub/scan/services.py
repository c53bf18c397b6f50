"""The verbs of crowds: list, save, drop, export."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from linyun.foundation.accounts.policy import require
from linyun.foundation.acts.actor import current
from linyun.foundation.acts.services import record
from linyun.foundation.areas import scope
from linyun.hub.records.models import RECORDS, Record
from linyun.hub.scan import find
from linyun.hub.scan.events import CrowdDropped, CrowdExported, CrowdListed, CrowdSaved
from linyun.hub.scan.export import table
from linyun.hub.scan.find import Asked
from linyun.hub.scan.models import Crowd
from linyun.kernel import clock


class Unsavable(ValueError):
    """A crowd cannot be saved; the text says why."""


def listed(asked: Asked, *, after: UUID | None = None, limit: int = 50, unknown: bool = False) -> list[Record]:
    """One page of a crowd, recorded as a look at people."""
    require(current(), "crowd.list")
    found = find.ids(asked, after=after, limit=limit, unknown=unknown)
    rows = RECORDS[asked.subject]._default_manager.in_bulk(found)
    record(CrowdListed(rule=asked.rule.text("zh"), count=len(found)), area=scope.current())
    return [rows[pk] for pk in found if pk in rows]


def save(name: str, asked: Asked, client_key: UUID | None = None) -> Crowd:
    """Save a crowd under a name. A repeated request answers the crowd already saved. Raises Unsavable."""
    who = current()
    require(who, "crowd.save")
    if client_key and (before := Crowd.objects.filter(client_key=client_key).first()):
        return before
    if not name.strip():
        raise Unsavable("请给这群人起个名字")
    if Crowd.objects.filter(area=scope.current(), name=name.strip(), dropped_at=None).exists():
        raise Unsavable(f"已经有叫“{name.strip()}”的人群了，请换个名字")
    crowd = Crowd.objects.create(
        area=scope.current(),
        name=name.strip(),
        subject=asked.subject,
        rule=asked.rule.text("zh"),
        made_by=who.name,
        made_by_id=who.account_id,
        client_key=client_key,
    )
    record(CrowdSaved(crowd.pk, crowd.name), area=crowd.area, subject=("crowd", crowd.pk))
    return crowd


def drop(crowd: Crowd) -> None:
    """Keep a saved crowd no longer."""
    require(current(), "crowd.save", crowd.area)
    crowd.dropped_at = clock.now()
    crowd.save(update_fields=["dropped_at"])
    record(CrowdDropped(crowd.pk), area=crowd.area, subject=("crowd", crowd.pk))


def exported(asked: Asked, columns: Sequence[str], reason: str) -> tuple[list[str], list[list[Any]]]:
    """Head and rows of a crowd for a file; masked values stay masked. Recorded with the columns and the reason."""
    require(current(), "crowd.export")
    if len(reason.strip()) < 2:
        raise Unsavable("请写明导出用途")
    head, rows = table(asked, columns)
    record(
        CrowdExported(rule=asked.rule.text("zh"), count=len(rows), columns=tuple(columns)),
        area=scope.current(),
        reason=reason.strip(),
    )
    return head, rows
