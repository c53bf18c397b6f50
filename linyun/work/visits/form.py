"""The sheet at the door as the page shows it and as it comes back: nothing that was typed is ever lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from linyun.foundation.ui.forms import Field, item_field, read_item
from linyun.foundation.ui.wording import counted
from linyun.hub.records.models import Dwelling, Person
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Item, Kind
from linyun.kernel.words import msgid, say
from linyun.work.visits import pictures
from linyun.work.visits.asking import Asked
from linyun.work.visits.pictures import Picture
from linyun.work.visits.services import Sheet
from linyun.work.visits.wording import guarded

TEXTS = ("situation", "needs", "action", "outcome")
PLAIN = ("mode", "topic", *TEXTS, "visited_on", "follow_in", "follow_up_on")
AT_THE_DOOR = "2"
INTERVALS = (("7", msgid("一周后")), ("14", msgid("两周后")), ("30", msgid("一个月后")), ("90", msgid("三个月后")))


@dataclass(frozen=True, slots=True)
class Ask:
    """One item to confirm: what is known and from where, whether "没变" is ticked, and the field to correct it."""

    item: Item
    value: str
    source: str
    same: bool
    open: bool
    field: Field


@dataclass(slots=True)
class Filled:
    """A sheet as it came back: values as typed, what they mean, and what is wrong with which field."""

    values: dict[str, str]
    same: frozenset[str] = frozenset()
    posted: Mapping[str, Sequence[str]] = field(default_factory=dict)
    items: dict[str, Any] = field(default_factory=dict)
    photos: list[Picture] = field(default_factory=list)
    visited_on: date | None = None
    follow_up_on: date | None = None
    problems: dict[str, str] = field(default_factory=dict)

    def sheet(self, person: Person | None, dwelling: Dwelling | None, visit_id: UUID | None) -> Sheet:
        """What is to be written down. Only without problems."""
        return Sheet(
            person=person,
            dwelling=dwelling,
            mode=self.values["mode"],
            topic=self.values["topic"],
            visited_on=self.visited_on or clock.today(),
            situation=self.values["situation"],
            needs=self.values["needs"],
            action=self.values["action"],
            outcome=self.values["outcome"],
            follow_up_on=self.follow_up_on,
            items=self.items,
            photos=self.photos,
            id=visit_id,
        )


def empty(request: HttpRequest) -> Filled:
    """A new sheet: a visit at the door, today. ``?same=phone`` comes from a tap on "没变" on the resident's page."""
    values = dict.fromkeys(PLAIN, "") | {"mode": AT_THE_DOOR, "visited_on": clock.today().isoformat()}
    return Filled(values, same=frozenset(request.GET.getlist("same")))


def filled(request: HttpRequest, asked: Sequence[Asked]) -> Filled:
    """What was sent."""
    post = request.POST
    found = Filled(
        {name: post.get(name, "") for name in PLAIN},
        same=frozenset(post.getlist("same")),
        posted={item.code: post.getlist(item.code) for item, _now in asked},
    )
    _read_days(found)
    _read_items(found, post, asked)
    _read_photos(found, request.FILES.getlist("photos"))
    return found


def _day(found: Filled, name: str) -> date | None:
    text = found.values[name].strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        found.problems[name] = _("日期请写成 2026-11-23 的样子")
        return None


def _read_days(found: Filled) -> None:
    found.visited_on = _day(found, "visited_on")
    if found.visited_on is None:
        found.problems.setdefault("visited_on", _("请写走访日期"))
    found.follow_up_on = _day(found, "follow_up_on")
    after = found.values["follow_in"]
    if found.follow_up_on is None and after in {days for days, _label in INTERVALS}:
        found.follow_up_on = clock.today() + timedelta(days=int(after))


def _read_items(found: Filled, post: QueryDict, asked: Sequence[Asked]) -> None:
    """A correction beats "没变"; what is neither stays as it was."""
    for item, now in asked:
        parsed = read_item(item, post.getlist(item.code), catalogue.code_sets.get(item.code_set), today=clock.today())
        if parsed.problem:
            found.problems[item.code] = parsed.problem
        elif not parsed.blank:
            found.items[item.code] = parsed.value
        elif item.code in found.same and now and now.now:
            found.items[item.code] = now.now.value


def _read_photos(found: Filled, files: Sequence["UploadedFile[bytes]"]) -> None:
    if len(files) > pictures.MOST:
        found.problems["photos"] = counted("一次最多放 %(n)s 张照片", pictures.MOST)
        return
    for file in files:
        try:
            if (file.size or 0) > pictures.BIGGEST:
                raise pictures.Unusable(say("照片超过 8 MB，请在手机里选小一点的尺寸再传"))
            found.photos.append(pictures.cleaned(file.read()))
        except pictures.Unusable as refused:
            found.problems["photos"] = f"{file.name}：{refused}"


def asks(asked: Sequence[Asked], found: Filled) -> list[Ask]:
    """The items to confirm as the sheet shows them."""
    return [
        Ask(
            item=item,
            value=guarded(item, now.now.value) if now and now.now else "",
            source=f"{say(now.now.source_name)} {now.now.true_on.isoformat()}" if now and now.now else _missing(item),
            same=item.code in found.same and now is not None,
            open=bool(found.problems.get(item.code) or any(found.posted.get(item.code, ()))),
            field=item_field(
                item,
                typed=_as_typed(item, found.posted[item.code]) if any(found.posted.get(item.code, ())) else None,
                code_set=catalogue.code_sets.get(item.code_set),
                error=found.problems.get(item.code, ""),
            ),
        )
        for item, now in asked
    ]


def _as_typed(item: Item, posted: Sequence[str]) -> Any:
    if item.kind is Kind.CODES:
        return list(posted)
    return posted[0] if posted else ""


def _missing(item: Item) -> str:
    owner = catalogue.departments.get(item.owner)
    return _("%(owner)s要用，还没有人记过") % {"owner": say(owner.name) if owner else _("社区")}
