"""The verbs of tags: set, retract; and what tags a subject bears now."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import connection

from linyun.foundation.accounts.policy import require
from linyun.foundation.acts.actor import current
from linyun.foundation.acts.services import record
from linyun.hub.records.models import Operation, Person, Record
from linyun.hub.tags.events import TagRetracted, TagSet
from linyun.hub.tags.models import Mark
from linyun.hub.tags.vocabulary import tags_asked
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Level, Subject, Tag
from linyun.kernel.ids import uuid7
from linyun.kernel.words import say

LONGEST_GROUND = 200


class Unsettable(ValueError):
    """A tag cannot be set or taken back; the text says why."""


@dataclass(frozen=True, slots=True)
class Borne:
    """A tag that a subject bears. ``mark`` is None when a rule says so."""

    tag: Tag
    mark: Mark | None = None

    @property
    def is_sensitive(self) -> bool:
        """Whether a reason is needed to see it."""
        return self.tag.level >= Level.SENSITIVE


def set_tag(
    subject: Record, tag: str, ground: str, until: date | None = None, origin: tuple[str, UUID] | None = None
) -> Mark:
    """Set a tag by hand. Setting it again renews ground and end. Raises Unsettable with a sentence."""
    kind = Subject(subject._meta.model_name or "")
    declared = catalogue.tags.get(tag)
    who = current()
    require(who, "tag.set", subject.area)
    if declared is None or declared.subject is not kind:
        raise Unsettable(say("没有这个标签，请从标签词典里选"))
    if declared.rule:
        raise Unsettable(say("“{name}”由规则自动计算，不能手工设置。数据更正后它会自己变。", name=declared.name))
    if not ground.strip():
        raise Unsettable(say("请写明依据，例如“上门核实”“残疾证”"))
    today = clock.today()
    if until is None and declared.expires_days:
        until = today + timedelta(days=declared.expires_days)
    if until is not None and until <= today:
        raise Unsettable(say("有效期须晚于今天"))
    if until is not None and declared.expires_days and until > today + timedelta(days=declared.expires_days):
        raise Unsettable(
            say("“{name}”最长有效 {n} 天，到期后核实了可以续", name=say(declared.name), n=declared.expires_days)
        )
    if len(ground.strip()) > LONGEST_GROUND:
        raise Unsettable(say("依据太长：最多 {n} 个字", n=LONGEST_GROUND))
    Mark.objects.filter(subject_id=subject.pk, tag=tag, retracted_at=None).update(
        retracted_at=clock.now(), retract_reason="更新"
    )
    mark = Mark.objects.create(
        area=subject.area,
        subject_kind=kind,
        subject_id=subject.pk,
        tag=tag,
        ground=ground.strip(),
        set_by=who.name,
        set_by_id=who.account_id,
        set_on=today,
        until=until,
        origin_kind=origin[0] if origin else "",
        origin_id=origin[1] if origin else None,
    )
    record(TagSet(kind, subject.pk, tag), area=subject.area, subject=(kind, subject.pk), reason=ground.strip())
    return mark


def retract_tag(subject: Record, tag: str, reason: str) -> None:
    """Take a tag back. Raises Unsettable without a reason or when the subject does not bear it."""
    kind = subject._meta.model_name or ""
    require(current(), "tag.set", subject.area)
    if not reason.strip():
        raise Unsettable(say("请写明取消的原因"))
    if len(reason.strip()) > LONGEST_GROUND:
        raise Unsettable(say("原因太长：最多 {n} 个字", n=LONGEST_GROUND))
    borne = Mark.objects.in_force(clock.today()).filter(subject_id=subject.pk, tag=tag)
    if not borne.update(retracted_at=clock.now(), retract_reason=reason.strip()):
        raise Unsettable(say("这个标签已经取消或到期了"))
    record(TagRetracted(kind, subject.pk, tag), area=subject.area, subject=(kind, subject.pk), reason=reason.strip())


FOLLOWED = "merge"
"""The origin of marks that a kept record bears for a duplicate's sake, with the operation that merged them."""


def follow_merge(operation_id: UUID) -> int:
    """Let the kept record bear what was set by hand on its duplicates; answers how many marks. Again it adds nothing.

    The duplicate's own marks stay as they are, so that parting the two again restores both.
    """
    operation = Operation.objects.get(pk=operation_id)
    if operation.undone_at:
        return 0
    merged = {
        UUID(pair["after"]["pk"]): UUID(kept)
        for pair in operation.images
        if (kept := pair["after"]["fields"].get("merged_into"))
    }
    added = 0
    for mark in Mark.objects.in_force(clock.today()).filter(subject_id__in=list(merged)).order_by("set_on", "id"):
        kept = Person.objects.get(pk=merged[mark.subject_id])
        own = Mark.objects.filter(subject_id=kept.pk, tag=mark.tag, retracted_at=None)
        if own.in_force(clock.today()).exists():
            continue
        own.update(retracted_at=clock.now(), retract_reason="更新")  # it had come to its end
        mark.pk, mark.area, mark.subject_id = uuid7(), kept.area, kept.pk
        mark.origin_kind, mark.origin_id = FOLLOWED, operation.pk
        mark.save(force_insert=True)
        record(TagSet("person", kept.pk, mark.tag), area=kept.area, subject=("person", kept.pk), reason=mark.ground)
        added += 1
    return added


def unfollow_merge(operation_id: UUID) -> None:
    """Take back from the kept record what it bore only for the duplicate's sake."""
    found = Mark.objects.filter(origin_kind=FOLLOWED, origin_id=operation_id, retracted_at=None)
    for mark in found:
        event = TagRetracted(mark.subject_kind, mark.subject_id, mark.tag)
        record(event, area=mark.area, subject=(mark.subject_kind, mark.subject_id), reason="撤销合并")
    found.update(retracted_at=clock.now(), retract_reason="撤销合并")


def borne_by(
    kind: str, ids: Sequence[UUID], on: date | None = None, *, opened: Collection[str] | None = None
) -> dict[UUID, list[Borne]]:
    """The tags that subjects bear on a day, computed and set by hand: two queries for any number of subjects.

    With ``opened`` sensitive tags are left out but for those named.
    """
    today = on or clock.today()
    found: dict[UUID, list[Borne]] = {pk: [] for pk in ids}
    if not ids:
        return found
    tags, sql = tags_asked(Subject(kind), today, opened)
    if tags:
        with connection.cursor() as cursor:
            cursor.execute(sql, {"ids": list(ids)})
            for pk, places in cursor.fetchall():
                found[pk] += [Borne(tags[place - 1]) for place in places]
    for mark in Mark.objects.in_force(today).filter(subject_id__in=ids).order_by("set_on"):
        declared = catalogue.tags.get(mark.tag)
        if declared is not None and (opened is None or declared.level < Level.SENSITIVE or mark.tag in opened):
            found[mark.subject_id].append(Borne(declared, mark))
    return found
