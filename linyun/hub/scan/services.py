"""The verbs of crowds: count for those above, open, list, hand over, save, drop, export."""

from collections.abc import Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linyun.foundation.accounts.policy import require
from linyun.foundation.acts.actor import current
from linyun.foundation.acts.services import Unreasoned, is_reason, record, to_leave
from linyun.foundation.areas import scope
from linyun.foundation.leaving import budget
from linyun.foundation.leaving import services as gate
from linyun.foundation.leaving.rules import File, Leaving
from linyun.foundation.ui.tables import Sort
from linyun.hub.records.models import RECORDS, Record
from linyun.hub.scan import find, listing
from linyun.hub.scan.events import (
    CrowdCounted,
    CrowdDropped,
    CrowdExported,
    CrowdHandedOver,
    CrowdListed,
    CrowdOpened,
    CrowdSaved,
)
from linyun.hub.scan.export import table
from linyun.hub.scan.find import Asked, Count, Order, Share, Trait
from linyun.hub.scan.models import Crowd
from linyun.hub.tags.rules import coarse
from linyun.kernel import clock
from linyun.kernel.declare import Subject
from linyun.kernel.words import say

LONGEST_NAME = 60


class Unsavable(ValueError):
    """A crowd cannot be saved, opened or handed on; the text says why."""


def figures(
    asked: Asked, traits: Sequence[Trait], order: Order | None = None
) -> tuple[Count, list[Share], Sequence[UUID]]:
    """A crowd's exact count, its portrait, and who comes first in an order, for those who may see its people."""
    require(current(), "crowd.list")
    found = find.counted(asked, traits, order)
    return found.count, find.portrait(asked, traits, found) if found.count.yes else [], found.first


def rounded(asked: Asked, traits: Sequence[Trait]) -> tuple[int | None, int | None, int | None, list[Share]]:
    """(how many, undecided, of how many, portrait) for those who may not: rounded to fives, None when too few.

    Nobody at all is "too few" too: between "none" and "fewer than five" a rule about one named person would be answered.
    Each rule they ask is recorded, so that many nearly equal ones are seen (privacy.md, abuse 7).
    """
    require(current(), "crowd.count")
    found = find.counted(asked, traits)
    yes, unknown = coarse(found.count.yes) or None, coarse(found.count.unknown) or None
    every = coarse(found.count.all)
    record(CrowdCounted(rule=asked.rule.text("zh"), shown=yes), area=scope.current())
    return yes, unknown, every, find.portrait(asked, traits, found, rounded=True) if yes else []


def open_sensitive(asked: Asked, reason: str) -> None:
    """Say why the people of a sensitive crowd are looked at; the page then shows them. Raises Unsavable without a reason."""
    require(current(), "crowd.list")
    if not is_reason(reason):
        raise Unsavable(_("请写明查看原因，例如“核对低保复核名单”"))
    record(CrowdOpened(asked.rule.text("zh")), area=scope.current(), reason=reason.strip())


def listed(asked: Asked, *, after: UUID | None = None, limit: int = 50, unknown: bool = False) -> list[Record]:
    """One page of a crowd as records, ordered by id; recorded as a look at people."""
    require(current(), "crowd.list")
    found = find.ids(asked, after=after, limit=limit, unknown=unknown)
    budget.look(found)
    rows = RECORDS[asked.subject]._default_manager.in_bulk(found)
    record(CrowdListed(rule=asked.rule.text("zh"), count=len(found)), area=scope.current())
    return [rows[pk] for pk in found if pk in rows]


def shown(
    asked: Asked, sort: Sort, cursor: str = "", *, unknown: bool = False, first: Sequence[UUID] = ()
) -> listing.Listed:
    """One page of a crowd as rows for the screen; recorded as a look at people. ``first``: as ``figures`` named them."""
    require(current(), "crowd.list")
    found = listing.first(asked, sort, first) if first else listing.rows(asked, sort, cursor, unknown=unknown)
    budget.look(row["id"] for row in found.rows)
    record(CrowdListed(rule=asked.rule.text("zh"), count=len(found.rows)), area=scope.current())
    return found


def chosen(asked: Asked, ids: Sequence[UUID], *, everything: bool) -> list[UUID]:
    """Those of a crowd that were ticked, or all of it. Who does not belong to it, or lies outside the scope, is left out."""
    require(current(), "crowd.list")
    members, ticked = find.ids(asked), set(ids)
    return members if everything else [pk for pk in members if pk in ticked]


def hand_over(asked: Asked, ids: Sequence[UUID], to: str, most: int) -> None:
    """Record that people of a crowd are taken on to something else. Raises Unsavable for nobody and for too many."""
    require(current(), "crowd.list")
    if not ids:
        raise Unsavable(_("请先勾选要处理的人"))
    if len(ids) > most:
        raise Unsavable(
            _("一次最多 %(most)s 人，这里有 %(n)s 人。请再加一个条件分批办理") % {"most": most, "n": len(ids)}
        )
    record(CrowdHandedOver(asked.rule.text("zh"), len(ids), to), area=scope.current())


def save(name: str, asked: Asked, client_key: UUID | None = None) -> Crowd:
    """Save a crowd under a name. A repeated request answers the crowd already saved. Raises Unsavable."""
    who = current()
    require(who, "crowd.save")
    if client_key and (before := Crowd.objects.filter(client_key=client_key).first()):
        return before
    name = name.strip()
    if not name:
        raise Unsavable(_("请给这群人起个名字"))
    if len(name) > LONGEST_NAME:
        raise Unsavable(_("名字请不超过 %(n)s 个字") % {"n": LONGEST_NAME})
    if Crowd.objects.filter(area=scope.current(), name=name, dropped_at=None).exists():
        raise Unsavable(_("已经有叫“%(name)s”的人群了，请换个名字") % {"name": name})
    crowd = Crowd(
        area=scope.current(),
        name=name,
        subject=asked.subject,
        rule=asked.rule.text("zh"),
        made_by=who.name,
        made_by_id=who.account_id,
        client_key=client_key,
    )
    try:
        with transaction.atomic():
            crowd.save(force_insert=True)
    except IntegrityError as twice:  # the same request, or a colleague with the same name, at the same moment
        if client_key and (before := Crowd.objects.filter(client_key=client_key).first()):
            return before
        raise Unsavable(_("已经有叫“%(name)s”的人群了，请换个名字") % {"name": name}) from twice
    record(CrowdSaved(crowd.pk, crowd.name), area=crowd.area, subject=("crowd", crowd.pk))
    return crowd


def drop(crowd: Crowd) -> None:
    """Keep a saved crowd no longer."""
    require(current(), "crowd.save", crowd.area)
    if crowd.dropped_at is not None:
        return
    crowd.dropped_at = clock.now()
    crowd.save(update_fields=["dropped_at"])
    record(CrowdDropped(crowd.pk), area=crowd.area, subject=("crowd", crowd.pk))


EXPORT = "crowd"
"""The export that is declared."""


def leaving(asked: Mapping[str, Any]) -> Leaving:
    """A crowd, or the ticked ones of it, as a file of chosen columns; masked values stay masked.

    ``asked``: rule, subject, columns, ids (None for all). Raises NoSuchColumn, RuleError.
    """
    crowd, columns = Asked.text(asked["rule"], Subject(asked["subject"])), tuple(asked["columns"])
    ids = None if asked["ids"] is None else [UUID(pk) for pk in asked["ids"]]
    head, rows, who = table(crowd, columns, ids)
    rule = crowd.rule.text("zh")
    says = say("人群：{rule}（{columns}）", rule=rule, columns="、".join(head))
    name = f"{_('人群')}-{scope.current()}-{clock.today():%Y%m%d}.csv"
    event = CrowdExported(rule=rule, count=len(rows), columns=columns)
    return Leaving.table(says, name, head, rows, ids=who, event=event)


def exported(asked: Asked, columns: Sequence[str], reason: str) -> tuple[File, int]:
    """A crowd as a file for the console, which keeps its columns as they are, and how many rows it has.

    Raises Unsavable without a reason, and to whoever works at a page: there lists leave through the gate.
    """
    if current().channel != "command":
        raise Unsavable(_("请在人群页面上导出"))
    parameters = {"rule": asked.rule.text("zh"), "subject": asked.subject.value, "columns": list(columns), "ids": None}
    try:
        left = gate.leave(EXPORT, parameters, to_leave(reason))
    except Unreasoned as refused:
        raise Unsavable(str(refused)) from refused
    return cast(File, left.file), left.departure.rows
