"""Recording acts and delivering them to those who asked for them with On(event, do)."""

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, is_dataclass
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from linyun.foundation.acts.actor import current
from linyun.foundation.acts.delivery import deliver
from linyun.foundation.acts.models import LONGEST_REASON, Act
from linyun.kernel.catalogue import catalogue
from linyun.kernel.words import say


def verb_of(event: type) -> str:
    """The verb under which an event is recorded: PersonSeen → person_seen."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", event.__name__).lower()


SHORTEST_REASON = 2


class Unreasoned(ValueError):
    """Personal data were about to leave without a word on what for; the text says what to write."""


def is_reason(text: str) -> bool:
    """Whether a text says anything; one character is none."""
    return len(text.strip()) >= SHORTEST_REASON


def to_leave(reason: str) -> str:
    """The reason for which personal data leave the house as a file. Raises Unreasoned for none."""
    worded = reason.strip()
    if not is_reason(worded):
        raise Unreasoned(say("请写明导出用途，例如“月度核对”。用途会记下来，居民可以看到"))
    return worded


def record(
    event: Any,
    *,
    area: str,
    subject: tuple[str, UUID] | None = None,
    reason: str = "",
    client_key: UUID | None = None,
) -> Act:
    """Write an act in the running transaction and hand the event to its subscribers after commit.

    ``event`` is a frozen dataclass named in the past tense. Raises TypeError for anything else, and RuntimeError outside
    a transaction: a change and its trace stand or fall together.
    """
    act = _drafted(event, area, subject, reason, client_key)
    act.save(force_insert=True)
    _hand_on(event, act)
    return act


def record_many(events: Iterable[tuple[Any, str, tuple[str, UUID]]], *, reason: str = "") -> None:
    """Write an act for each (event, area, subject), as ``record`` would, in one statement."""
    told = [(event, _drafted(event, area, subject, reason)) for event, area, subject in events]
    Act.objects.bulk_create([act for _, act in told])
    for event, act in told:
        _hand_on(event, act)


def _drafted(
    event: Any, area: str, subject: tuple[str, UUID] | None, reason: str, client_key: UUID | None = None
) -> Act:
    """The act of an event by whoever acts now, not yet written."""
    if not is_dataclass(event) or isinstance(event, type):
        raise TypeError("an event is a dataclass instance")
    if not connection.in_atomic_block:
        raise RuntimeError("an act is recorded in the transaction of the change")
    who = current()
    return Act(
        area=area,
        verb=verb_of(type(event)),
        subject_kind=subject[0] if subject else "",
        subject_id=subject[1] if subject else None,
        detail=json.loads(json.dumps(asdict(event), cls=DjangoJSONEncoder)),
        reason=reason.strip()[:LONGEST_REASON],
        account_id=who.account_id,
        post_id=who.post_id,
        actor_name=who.name,
        role=who.role or "",
        channel=who.channel,
        ip=who.ip,
        client_key=client_key,
    )


def _hand_on(event: Any, act: Act) -> None:
    for subscription in catalogue.on:
        if subscription.event is type(event):
            deliver.defer(do=subscription.do, area=act.area, detail=act.detail)


def done_before(client_key: UUID | None) -> Act | None:
    """The act that a repeated request already caused, if this one is a repetition."""
    if client_key is None:
        return None
    return Act.objects.filter(client_key=client_key).first()
