"""The verbs of departures: leave, decide, make, take, tidy. The only writers; gate.py answers pages with them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from linyun.foundation.accounts.models import Account
from linyun.foundation.accounts.policy import require
from linyun.foundation.acts.actor import current
from linyun.foundation.acts.models import LONGEST_REASON
from linyun.foundation.acts.services import is_reason, record, to_leave
from linyun.foundation.areas import scope
from linyun.foundation.areas.scope import within
from linyun.foundation.leaving import budget, rules
from linyun.foundation.leaving.events import DepartureAgreed, DepartureAsked, DepartureRefused, DepartureTaken
from linyun.foundation.leaving.models import Departure, Seen, Tally
from linyun.foundation.leaving.rules import File, Leaving, State, step
from linyun.foundation.ui.language import official
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from linyun.kernel.values.vault import Vault

LONGEST_SAYING = 300
vault = Vault(settings.DATA_KEYS)


class Undecidable(ValueError):
    """A departure cannot be decided, made or taken (any more); the text says why."""


@dataclass(frozen=True, slots=True)
class Left:
    """What came of wanting to take a list out. ``file`` is None while a second person has to agree."""

    departure: Departure
    file: File | None


def built(kind: str, parameters: Mapping[str, Any]) -> Leaving:
    """What would leave now, within the scope of whoever acts. Raises Refused, and what the maker raises."""
    declared = catalogue.exports[kind]
    require(current(), declared.action)
    with official():
        found: Leaving = import_string(declared.make)(parameters)
    return found


def written(leaving: Leaving, departure: Departure) -> File:
    """The file of a departure. Whatever its reader's language, it is written in Chinese: official files are."""
    with official():
        return leaving.write(departure.mark)


def drafted(kind: str, parameters: Mapping[str, Any], reason: str, client_key: UUID | None = None) -> Departure:
    """A departure of whoever acts, its number and mark fixed, not yet kept."""
    who = current()
    return Departure(
        area=scope.current(),
        kind=kind,
        parameters=dict(parameters),
        reason=reason.strip()[:LONGEST_REASON],
        channel=who.channel,
        asked_at=clock.now(),
        asked_by=who.name,
        asked_by_id=who.account_id,
        post_id=who.post_id,
        client_key=client_key,
    )


def left(departure: Departure, says: str, rows: int, event: Any) -> None:
    """Keep that a list leaves now, with the act that says which."""
    departure.says, departure.rows, departure.state = says[:LONGEST_SAYING], rows, State.LEFT
    departure.save(force_insert=True)
    record(event, area=departure.area, reason=departure.reason, subject=("departure", departure.pk))


def leave(kind: str, parameters: Mapping[str, Any], reason: str, client_key: UUID | None = None) -> Left:
    """Take a list out: at once for a stated reason, or once a second person has agreed when it is long.

    A repeated request answers the departure that was asked for before. At the machine's console nobody has to agree,
    and the reason may be left out. Raises Unreasoned, Refused, budget.Spent, and what the maker raises.
    """
    who = current()
    worded = reason if who.channel == "command" else to_leave(reason)
    before = _asked_before(client_key)
    if before is not None and (before.kind, before.parameters) == (kind, dict(parameters)):
        return Left(before, None)
    client_key = None if before else client_key  # the page lay open, and something else is asked from it now
    leaving = built(kind, parameters)
    if rules.needs_agreement(leaving.rows, who.channel, given_back=leaving.given_back):
        same = Departure.objects.told().of(who.account_id).filter(kind=kind, parameters=dict(parameters), reason=worded)
        if waiting := same.filter(state=State.ASKED, area=scope.current()).first():
            return Left(waiting, None)  # asking again makes nobody decide twice
        return Left(_ask(drafted(kind, parameters, worded, client_key), leaving), None)
    if not leaving.given_back:
        budget.look(leaving.ids)
    departure = drafted(kind, parameters, worded)
    left(departure, leaving.says, leaving.rows, leaving.event)
    return Left(departure, written(leaving, departure))


def _asked_before(client_key: UUID | None) -> Departure | None:
    if client_key is None:
        return None
    found: Departure | None = Departure.objects.told().of(current().account_id).filter(client_key=client_key).first()
    return found


def _ask(departure: Departure, leaving: Leaving) -> Departure:
    departure.says, departure.rows, departure.state = leaving.says[:LONGEST_SAYING], leaving.rows, State.ASKED
    try:
        with transaction.atomic():
            departure.save(force_insert=True)
    except IntegrityError:
        if before := _asked_before(departure.client_key):
            return before  # the same request came twice at once
        raise
    event = DepartureAsked(departure.pk, departure.kind, departure.rows)
    record(event, area=departure.area, reason=departure.reason, subject=("departure", departure.pk))
    return departure


def decide(departure_id: UUID, *, agreed: bool, answer: str = "") -> Departure:
    """Agree that a list leaves, or refuse it and say why. Whoever decided may repeat it; it takes effect once.

    Raises Refused for who may not, Undecidable for the asker, for what is decided already, for a refusal without a word.
    """
    who = current()
    found: Departure = Departure.objects.select_for_update().get(pk=departure_id)
    require(who, "export.approve", found.area)
    then, answer = State.AGREED if agreed else State.REFUSED, answer.strip()[:LONGEST_REASON]
    if found.state != State.ASKED:
        if found.decided_by_id == who.account_id and (found.state != State.REFUSED) == agreed:
            return found
        if found.state == State.LAPSED:
            raise Undecidable(_("这份申请两周没有人处理，已经失效。还需要的话，请申请人重新导出"))
        raise Undecidable(_("这份申请已经处理过了"))
    ids = [pk for pk in (found.asked_by_id, who.account_id) if pk]
    phones: dict[UUID | None, str] = dict(Account.objects.filter(pk__in=ids).values_list("pk", "phone"))
    asker = (found.asked_by_id, found.asked_by, phones.get(found.asked_by_id, ""))
    if rules.same_person(asker, (who.account_id, who.name, phones.get(who.account_id, ""))):
        raise Undecidable(_("自己的申请要由另一位同事处理"))
    if not agreed and not is_reason(answer):
        raise Undecidable(_("请写明为什么不同意，申请人可以看到"))
    found.state = step(found.state, then)
    found.decided_at, found.decided_by, found.decided_by_id, found.answer = (
        clock.now(),
        who.name,
        who.account_id,
        answer,
    )
    found.save(update_fields=["state", "decided_at", "decided_by", "decided_by_id", "answer"])
    event = DepartureAgreed(found.pk) if agreed else DepartureRefused(found.pk)
    record(event, area=found.area, reason=answer, subject=("departure", found.pk))
    return found


def make(found: Departure) -> None:
    """Make the file of an agreed departure as its asker, who acts. Raises Undecidable when the list has grown."""
    leaving = built(found.kind, found.parameters)
    if leaving.rows > found.rows * rules.GROWN:
        said = _("同意以后名单从 %(was)s 行增加到 %(now)s 行，请重新申请")
        raise Undecidable(said % {"was": found.rows, "now": leaving.rows})
    file = written(leaving, found)
    found.state, found.ready_at, found.rows = step(found.state, State.READY), clock.now(), leaving.rows
    found.file_name, found.file_type, found.content = file.name, file.content_type, vault.lock(file.content)
    found.save(update_fields=["state", "ready_at", "rows", "file_name", "file_type", "content"])
    record(leaving.event, area=found.area, reason=found.reason, subject=("departure", found.pk))


def fail(found: Departure, sentence: str) -> None:
    """Keep why the file was not made, where the asker can read it."""
    found.state, found.answer = step(found.state, State.FAILED), sentence[:LONGEST_REASON]
    found.save(update_fields=["state", "answer"])


def take(departure_id: UUID) -> File:
    """The file of an agreed departure, for whoever asked for it. Each time is an act.

    Raises Departure.DoesNotExist for everybody else, Undecidable when there is no file (any more).
    """
    found = Departure.objects.of(current().account_id).get(pk=departure_id)
    if found.state != State.READY or found.content is None or (found.until and found.until <= clock.now()):
        raise Undecidable(_("这份文件现在不能下载：还没有做好，或者已经过了七天"))
    record(DepartureTaken(found.pk, found.rows), area=found.area, reason=found.reason, subject=("departure", found.pk))
    return File(found.file_name, vault.open(bytes(found.content)), found.file_type)


TALLIES_KEPT_DAYS = 180
"""How long it is known who came to the limit of a day."""


def tidy() -> None:
    """Let lapse what nobody decided, delete files kept long enough, who was seen before today, and old tallies.

    In the whole country.
    """
    now, today = clock.now(), clock.today()
    with within(""):
        Departure.objects.overdue(now).update(state=State.LAPSED)
        for found in Departure.objects.outlived(now).defer("content").select_for_update():
            found.state, found.content = step(found.state, State.GONE), None
            found.save(update_fields=["state", "content"])
        Seen.objects.filter(day__lt=today).delete()
        old = Tally.objects.filter(day__lt=today, reached_at=None)
        (old | Tally.objects.filter(day__lt=today - timedelta(days=TALLIES_KEPT_DAYS))).delete()
