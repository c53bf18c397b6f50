"""What the API tells of people: the same as the pages show, masked and recorded in the same way."""

from typing import Any
from uuid import UUID

from linyun.foundation.accounts.policy import may
from linyun.foundation.acts.actor import current
from linyun.foundation.acts.services import is_reason
from linyun.foundation.ui.paging import BadCursor, page
from linyun.foundation.ui.wording import identity_mask, phone_mask
from linyun.front.gateway.schemas import FactOut, PeopleOut, PersonLine, PersonOut, TagOut, VisitOut, VisitsOut
from linyun.front.gateway.unfit import Unfit
from linyun.hub.records.lineage import Held, Said, held
from linyun.hub.records.models import Person
from linyun.hub.records.search import search
from linyun.hub.records.services import listed as recorded
from linyun.hub.records.services import sealer, see
from linyun.hub.tags.services import Borne, borne_by
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Kind, Level
from linyun.kernel.words import msgid, say
from linyun.work.visits.models import Visit
from linyun.work.visits.services import visible
from linyun.work.visits.wording import guarded


def _line(person: Person, address: str | None = None) -> dict[str, Any]:
    """What a list shows; a building chief sees who lives where and a masked phone."""
    told: dict[str, Any] = {
        "id": person.pk,
        "name": person.name,
        "phone": phone_mask(person.phone) if person.phone else None,
        "address": address or person.living_address,
    }
    if may(current(), "desk.file", person.area):
        told["sex"] = person.sex
        told["birth_year"] = person.birth_date.year if person.birth_date else None
        told["identity_number"] = identity_mask(sealer.open(person.identity_number)) if person.identity_number else None
    return told


def found(q: str, limit: int) -> PeopleOut:
    """People who fit a text, best first; recorded as a look at people."""
    hits = search(q, limit)
    people = Person.objects.in_bulk([h.id for h in hits])
    recorded([h.id for h in hits], by="find")
    lines = [PersonLine(**_line(people[h.id], h.address)) for h in hits if h.id in people]
    return PeopleOut(people=lines, next=None)


def listed(after: str, limit: int) -> PeopleOut:
    """All people on the register within the scope, by name; recorded as a look at people. Raises Unfit."""
    try:
        rows = page(Person.objects.live(), ["pinyin"], after, limit)
    except BadCursor:
        raise Unfit(after=AFTER) from None
    recorded([p.pk for p in rows.rows], by="list")
    return PeopleOut(people=[PersonLine(**_line(p)) for p in rows.rows], next=rows.next)


AFTER = msgid("请原样填写上一页的 next")


def opened(person_id: UUID, reason: str) -> Person:
    """A person's record, the look recorded with its reason. Raises Unfit where a reason is due and none was given,
    Person.DoesNotExist for who is not there or elsewhere."""
    reason = reason.strip()
    if not is_reason(reason) and not may(current(), "desk.daily"):
        raise Unfit(**{"X-Reason": say("请写明查看原因，本人可以看到这条记录")})
    return see(person_id, reason)


def _fact(one: Held, now: Said) -> FactOut:
    item = one.item
    masked = item.kind in (Kind.IDENTITY, Kind.PHONE) or item.level >= Level.SENSITIVE
    return FactOut(
        item=item.code,
        name=item.name,
        group=item.group,
        value=None if masked else now.value,
        words=guarded(item, now.value),
        source=now.source,
        source_name=now.source_name,
        true_on=now.true_on,
        stale=one.is_stale(),
        disputed=one.disagree,
    )


def _tag(borne: Borne) -> TagOut:
    until = borne.mark.until if borne.mark else None
    return TagOut(tag=borne.tag.code, name=borne.tag.name, by_rule=borne.mark is None, until=until)


def one(person_id: UUID, reason: str) -> PersonOut:
    """One person as the page shows them. Raises as ``opened``."""
    person = opened(person_id, reason)
    facts, tags = [], []
    if may(current(), "desk.file", person.area):
        facts = [_fact(h, h.now) for h in held("person", person.pk).values() if h.now]
        tags = [_tag(b) for b in borne_by("person", [person.pk], opened=())[person.pk]]
    days = list(visible().of_person(person).values_list("visited_on", flat=True))
    return PersonOut(
        **_line(person),
        status=person.status,
        area=person.area,
        facts=facts,
        tags=tags,
        visits=len(days),
        last_visit=days[0] if days else None,
    )


def visit_out(visit: Visit) -> VisitOut:
    """A visit as it is told."""
    return VisitOut(
        id=visit.pk,
        person=visit.person_id,
        dwelling=visit.dwelling_id,
        visited_on=visit.visited_on,
        mode=visit.mode,
        mode_name=catalogue.code_sets["visit_mode"].name_of(visit.mode),
        topic=visit.topic,
        situation=visit.situation,
        needs=visit.needs,
        action=visit.action,
        outcome=visit.outcome,
        follow_up_on=visit.follow_up_on,
        followed_up=visit.followed_up_by_id is not None,
        visitor=visit.visitor,
        withdrawn=visit.withdrawn_at is not None,
    )


def visits_of(person_id: UUID, reason: str, after: str, limit: int) -> VisitsOut:
    """Visits to one person, newest first, as far as whoever acts may read them. Raises as ``opened``."""
    person = opened(person_id, reason)
    try:
        rows = page(visible().of_person(person), ["-visited_on"], after, limit)
    except BadCursor:
        raise Unfit(after=AFTER) from None
    return VisitsOut(visits=[visit_out(v) for v in rows.rows], next=rows.next)
