"""The verbs of visits: write, withdraw, plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from linyun.foundation.accounts.policy import may, require
from linyun.foundation.acts.actor import Actor, current
from linyun.foundation.acts.models import LONGEST_REASON
from linyun.foundation.acts.services import record
from linyun.foundation.acts.turns import wait_for_turn
from linyun.foundation.areas import scope
from linyun.hub.records.models import Dwelling, Person, Residence
from linyun.hub.records.services import Origin, retract, state
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from linyun.kernel.ids import uuid7
from linyun.kernel.values.vault import Vault
from linyun.kernel.words import msgid, say
from linyun.work.visits import promises
from linyun.work.visits.events import PhotoSeen, PlanDropped, VisitsPlanned, VisitWithdrawn, VisitWritten
from linyun.work.visits.models import Photo, PlannedVisit, Visit, VisitQuerySet
from linyun.work.visits.pictures import Picture

LONGEST = 2000
LONGEST_VISITOR = 60
FURTHEST = timedelta(days=730)
"""Nobody promises a visit in three years; a wrong year would hide the promise for ever."""
FOREIGN_ID = msgid("这个编号不能用，请另取一个")
"""Said of an id that stands for something else, without telling for what: it may lie where the scope does not reach."""
vault = Vault(settings.DATA_KEYS)


class Unwritable(ValueError):
    """A visit cannot be written as given; ``field`` says where, the text how to mend it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a worker writes down. ``items``: person items confirmed or corrected, already parsed; ``id`` from the phone,
    the same when the sheet is sent again."""

    person: Person | None
    mode: str
    visited_on: date
    situation: str = ""
    needs: str = ""
    action: str = ""
    outcome: str = ""
    topic: str = ""
    follow_up_on: date | None = None
    dwelling: Dwelling | None = None
    items: Mapping[str, Any] = field(default_factory=dict)
    id: UUID | None = None
    visitor: str = ""
    origin_kind: str = "desk"
    origin_id: UUID | None = None
    repeat_key: str | None = None
    photos: Sequence[Picture] = ()


def visible() -> VisitQuerySet:
    """The visits that whoever acts may read: all in the area, for a building chief those they wrote themselves."""
    who = current()
    found = Visit.objects.all()
    return found if may(who, "visit.see_all") else found.filter(visitor_id=who.account_id)


def storable(text: str) -> str:
    """Text as it can be stored: without outer blanks, and without the one character that no database text holds."""
    return text.replace("\0", "").strip()


def check(sheet: Sheet) -> None:
    """Raises Unwritable at the first thing that does not hold."""
    if sheet.mode not in {c.code for c in catalogue.code_sets["visit_mode"].codes}:
        raise Unwritable("mode", say("请选择走访方式"))
    if sheet.topic and sheet.topic not in {c.code for c in catalogue.code_sets["visit_topic"].codes}:
        raise Unwritable("topic", say("请选择走访事由"))
    if sheet.visited_on > clock.today():
        raise Unwritable("visited_on", say("走访日期不能晚于今天"))
    if sheet.visited_on < clock.today() - timedelta(days=3660):
        raise Unwritable("visited_on", say("走访日期太早了，请检查年份"))
    if not (storable(sheet.situation) or storable(sheet.needs) or sheet.items):
        raise Unwritable("situation", say("请写下看到的情况，一句话也可以"))
    for name in ("situation", "needs", "action", "outcome"):
        if len(getattr(sheet, name)) > LONGEST:
            raise Unwritable(name, say("最多 {n} 个字，请分成几次写", n=LONGEST))
    if len(sheet.visitor) > LONGEST_VISITOR:
        raise Unwritable("visitor", say("走访人最多 {n} 个字", n=LONGEST_VISITOR))
    if sheet.follow_up_on and sheet.follow_up_on < sheet.visited_on:
        raise Unwritable("follow_up_on", say("回访日期不能早于走访日期"))
    if sheet.follow_up_on and sheet.follow_up_on > clock.today() + FURTHEST:
        raise Unwritable("follow_up_on", say("回访日期太远了，请检查年份"))


def _home(person: Person) -> UUID | None:
    found = (
        Residence.objects.filter(person=person, valid_to=None).order_by("kind").values_list("dwelling_id", flat=True)
    )
    return found.first()


def write(sheet: Sheet) -> Visit:
    """Write a visit down; items it confirms or corrects are stated with it. Sent again, it answers the first one.

    Raises Unwritable; hub.records.services.Unstatable for a value that does not fit its item.
    """
    who = current()
    about = sheet.person or sheet.dwelling
    if about is None:
        raise Unwritable("person", say("请选择被访的居民或房屋"))
    require(who, "visit.write", about.area)
    if sheet.id and (before := _sent_before(sheet.id)):
        return before
    if sheet.repeat_key and (before := Visit.objects.filter(repeat_key=sheet.repeat_key).first()):
        return before
    check(sheet)
    visit = drafted(sheet, who, _home(sheet.person) if sheet.person else None)
    try:
        with transaction.atomic():
            visit.save(force_insert=True)
    except IntegrityError as taken:  # the id of a visit that is not seen from here
        raise Unwritable("id", say(FOREIGN_ID)) from taken
    if visit.person_id:
        promises.kept_by([visit.pk], [visit.person_id])
    _keep(visit, sheet.photos)
    if sheet.items and sheet.person:
        state(
            sheet.person,
            sheet.items,
            source="visit",
            origin=Origin("visit", visit.pk),
            true_on=sheet.visited_on,
            purpose="走访",
        )
    record(VisitWritten(visit.pk, visit.person_id, tuple(sheet.items)), area=visit.area, subject=("visit", visit.pk))
    return visit


def drafted(sheet: Sheet, who: Actor, home: UUID | None) -> Visit:
    """The row that a sheet becomes, not yet written; ``home``: where the visited live."""
    about = sheet.person or sheet.dwelling
    if about is None:
        raise Unwritable("person", say("请选择被访的居民或房屋"))
    return Visit(
        id=sheet.id or uuid7(),
        area=about.area,
        person=sheet.person,
        dwelling_id=sheet.dwelling.pk if sheet.dwelling else home,
        visited_on=sheet.visited_on,
        mode=sheet.mode,
        topic=sheet.topic,
        situation=storable(sheet.situation),
        needs=storable(sheet.needs),
        action=storable(sheet.action),
        outcome=storable(sheet.outcome),
        follow_up_on=sheet.follow_up_on,
        visitor=sheet.visitor or who.name,
        visitor_id=None if sheet.visitor else who.account_id,
        origin_kind=sheet.origin_kind,
        origin_id=sheet.origin_id,
        repeat_key=sheet.repeat_key,
    )


def _sent_before(visit_id: UUID) -> Visit | None:
    """The visit that this sheet became when it was sent before; of two sent at once the second waits for the first."""
    wait_for_turn(f"visit {visit_id}")
    return Visit.objects.filter(pk=visit_id).first()


def _keep(visit: Visit, photos: Sequence[Picture]) -> None:
    """Photos go in sealed; the same one twice counts once."""
    rows = {
        p.digest: Photo(
            area=visit.area, visit=visit, content=vault.lock(p.content), content_type=p.content_type, digest=p.digest
        )
        for p in photos
    }
    Photo.objects.bulk_create(rows.values())


def see_photo(photo_id: UUID) -> Picture:
    """A photo, opened. Raises Photo.DoesNotExist outside the area, for withdrawn visits, and for another's visit."""
    photo = Photo.objects.select_related("visit").get(pk=photo_id, visit__in=visible().live())
    record(PhotoSeen(photo.pk), area=photo.area, subject=("visit", photo.visit_id))
    return Picture(vault.open(bytes(photo.content)), photo.content_type)


def withdraw(visit_id: UUID, reason: str) -> None:
    """Withdraw a visit written by mistake, with all it stated. Raises Unwritable without a reason."""
    visit = visible().select_for_update(of=("self",)).get(pk=visit_id)
    require(current(), "visit.write", visit.area)
    if visit.withdrawn_at:
        raise Unwritable("reason", say("这次走访已经撤回了"))
    if not reason.strip():
        raise Unwritable("reason", say("请写明撤回的原因"))
    if len(reason.strip()) > LONGEST_REASON:
        raise Unwritable("reason", say("原因最多 {n} 个字，请写短一些", n=LONGEST_REASON))
    visit.withdrawn_at = clock.now()
    visit.withdraw_reason = reason.strip()
    visit.repeat_key = None
    visit.save(update_fields=["withdrawn_at", "withdraw_reason", "repeat_key"])
    promises.open_again([visit.pk], [visit.person_id] if visit.person_id else [])
    retract(Origin("visit", visit.pk), visit.area)
    record(VisitWithdrawn(visit.pk), area=visit.area, subject=("visit", visit.pk), reason=reason.strip())


def plan(people: Sequence[UUID], due_on: date, why: str, assigned_to: UUID | None = None) -> int:
    """Put people on the to-visit list; answers how many. Those who already stand on it for that day are left as they
    are. Raises Unwritable."""
    who = current()
    require(who, "visit.plan")
    if due_on < clock.today():
        raise Unwritable("due_on", say("计划日期不能早于今天"))
    if due_on > clock.today() + FURTHEST:
        raise Unwritable("due_on", say("计划日期太远了，请检查年份"))
    found = list(Person.objects.live().filter(pk__in=people))
    if not found:
        raise Unwritable("chosen", say("请先勾选要走访的居民"))
    waiting = PlannedVisit.objects.filter(person__in=found, due_on=due_on, done_by=None, dropped_at=None)
    listed = set(waiting.values_list("person_id", flat=True))
    rows = [
        PlannedVisit(
            area=p.area,
            person=p,
            due_on=due_on,
            why=why[:200],
            assigned_to=assigned_to or who.account_id,
            planned_by=who.name,
        )
        for p in found
        if p.pk not in listed
    ]
    PlannedVisit.objects.bulk_create(rows, ignore_conflicts=True)
    record(VisitsPlanned(count=len(rows), why=why[:200]), area=scope.current())
    return len(rows)


def drop_plan(plan_id: UUID) -> PlannedVisit:
    """Take somebody off the to-visit list; once is enough, and what was done stays done. Raises PlannedVisit.DoesNotExist."""
    require(current(), "visit.plan")
    planned: PlannedVisit = PlannedVisit.objects.select_for_update(of=["self"]).select_related("person").get(pk=plan_id)
    if planned.done_by_id is None and planned.dropped_at is None:
        planned.dropped_at = clock.now()
        planned.save(update_fields=["dropped_at"])
        record(PlanDropped(planned.pk), area=planned.area, subject=("person", planned.person_id), reason=planned.why)
    return planned
