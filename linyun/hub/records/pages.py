"""Pages of the item catalogue, and of what sources disagree on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linyun.foundation.accounts.doors import Entered, door
from linyun.foundation.accounts.policy import may
from linyun.foundation.ui.answer import render, saved
from linyun.foundation.ui.parts import Empty
from linyun.foundation.ui.shell import crumbs
from linyun.hub.records import disagreements as told
from linyun.hub.records import services
from linyun.hub.records.filled import filled
from linyun.hub.records.items import KINDS, Draft, Unaddable, add_item, added_by, choices, known
from linyun.hub.records.models import Person, Statement
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Item, Kind, Level, Subject
from linyun.kernel.words import msgid, say

SUBJECTS: Mapping[Subject, str] = {
    Subject.PERSON: msgid("居民"),
    Subject.HOUSEHOLD: msgid("住户"),
    Subject.DWELLING: msgid("房屋"),
    Subject.ORGANISATION: msgid("单位"),
    Subject.PLACE: msgid("场所"),
}
KIND_NAMES: Mapping[Kind, str] = {
    Kind.TEXT: msgid("文字"),
    Kind.INTEGER: msgid("整数"),
    Kind.DECIMAL: msgid("小数"),
    Kind.DATE: msgid("日期"),
    Kind.BOOLEAN: msgid("是或否"),
    Kind.CODE: msgid("单选"),
    Kind.CODES: msgid("多选"),
    Kind.IDENTITY: msgid("证件号码"),
    Kind.PHONE: msgid("电话"),
    Kind.AREA: msgid("区域"),
}
LEVELS: Mapping[Level, tuple[str, str]] = {
    Level.PUBLIC: (msgid("公开"), "ok"),
    Level.INTERNAL: (msgid("内部"), "plain"),
    Level.PERSONAL: (msgid("个人"), ""),
    Level.SENSITIVE: (msgid("敏感"), "warn"),
}
SMALLEST = 5
LISTED = (Subject.PERSON, Subject.HOUSEHOLD, Subject.DWELLING)
"""Subjects whose crowds lead to pages of their own."""
FIELDS = ("name", "code_set", "choices", "unit", "owner", "purpose", "basis", "fresh_days")


def _subject(text: str | None) -> Subject:
    return Subject(text) if text in tuple(Subject) else Subject.PERSON


def _matches(item: Item, q: str) -> bool:
    owner = catalogue.departments[item.owner].name
    words = (item.name, item.code, *item.names, item.group, item.purpose, owner)
    return any(q in part for part in words) or q.lower() in say(item.name).lower()


def _share(held: int, every: int, *, exact: bool) -> int | None:
    """Full per cent of those who have a value; None where there is nobody, or so few that it would tell about them."""
    if not every or (not exact and (0 < held < SMALLEST or 0 < every - held < SMALLEST)):
        return None
    return round(held * 100 / every)


@dataclass(frozen=True, slots=True)
class Filled:
    """An item with the full per cent that have a value, and where those are listed that have none."""

    item: Item
    share: int | None
    lacking: str


@dataclass(frozen=True, slots=True)
class Group:
    """Items of one group and how full they are on average; None where that of one of them may not be told."""

    name: str
    found: Sequence[Filled]

    @property
    def share(self) -> int | None:
        """The mean of the group in full per cent."""
        told = [f.share for f in self.found if f.share is not None]
        return round(sum(told) / len(told)) if len(told) == len(self.found) else None


def _lacking(item: Item) -> str:
    query = {"rule": f"{item.name} 为空", **({} if item.subject is Subject.PERSON else {"subject": item.subject.value})}
    return f"{reverse('crowds')}?{urlencode(query)}"


@door("item.see")
@require_GET
def items(request: Entered) -> HttpResponse:
    """All items about one subject, by group, with how many here have a value."""
    subject, q = _subject(request.GET.get("subject")), request.GET.get("q", "").strip()[:40]
    every, held = filled(subject)
    exact = may(request.actor, "person.find")
    own = added_by(subject)
    leads = subject in LISTED and "crowd.list" in catalogue.actions and may(request.actor, "crowd.list")
    groups: dict[str, list[Filled]] = {}
    for code, item in known(subject).items():
        if not q or _matches(item, q):
            share = _share(held.get(code, 0), every, exact=exact)
            lacking = _lacking(item) if leads and held.get(code, 0) < every else ""
            groups.setdefault(say(item.group) or _("其他"), []).append(Filled(item, share, lacking))
    context = {
        "subject": subject,
        "subjects": [(s.value, _(name)) for s, name in SUBJECTS.items()],
        "q": q,
        "groups": [Group(name, found) for name, found in groups.items()],
        "own": own,
        "choices": choices(subject),
        "total": sum(len(found) for found in groups.values()),
        "every": every,
        "kinds": {kind: say(name) for kind, name in KIND_NAMES.items()},
        "levels": {level: (say(name), tone) for level, (name, tone) in LEVELS.items()},
        "code_sets": catalogue.code_sets,
        "departments": catalogue.departments,
        "may_add": may(request.actor, "item.add"),
        "nothing": Empty(_("没有这样的数据元"), _("换一个说法再找，或新增一项。"), icon="search"),
    }
    return render(request, "records/items.html", context)


def _draft(posted: QueryDict) -> Draft:
    """What the form says. Raises Unaddable for what is no choice or no number."""
    kind, level, days = posted.get("kind", ""), posted.get("level", ""), posted.get("fresh_days", "").strip()
    if kind not in tuple(Kind):
        raise Unaddable("kind", _("请选择填写方式"))
    if level not in [str(n.value) for n in LEVELS]:
        raise Unaddable("level", _("请选择敏感程度"))
    if days and not (days.isascii() and days.isdecimal() and len(days) < 6):
        raise Unaddable("fresh_days", _("有效天数请写整数，例如 180"))
    lines = posted.get("choices", "").replace("、", "\n").splitlines()
    return Draft(
        subject=_subject(posted.get("subject")),
        name=posted.get("name", "").strip(),
        kind=Kind(kind),
        owner=posted.get("owner", ""),
        level=Level(int(level)),
        purpose=posted.get("purpose", "").strip()[:200],
        basis=posted.get("basis", "").strip()[:200],
        group=posted.get("group", "").strip()[:20],
        code_set=posted.get("code_set", ""),
        choices=tuple(dict.fromkeys(line.strip() for line in lines if line.strip())),
        unit=posted.get("unit", "").strip()[:10],
        fresh_days=int(days) if days else None,
    )


@door("item.add")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add an item: what it is called, how it is filled in, whose it is, what for and on what ground."""
    problem: tuple[str, str] = ("", "")
    if request.method == "POST":
        try:
            item = add_item(_draft(request.POST))
        except Unaddable as refused:
            problem = (refused.field, str(refused))
        else:
            back = f"{reverse('items')}?{urlencode({'subject': item.subject.value, 'q': item.name})}#{item.code}"
            return saved(request, back, _("已新增“%(name)s”，导入、更正、规则和台账现在就能用") % {"name": item.name})
    typed = request.POST if request.method == "POST" else request.GET
    context: dict[str, Any] = {
        "path": crumbs((_("数据元"), reverse("items")), _("新增")),
        "subjects": [(s.value, _(name)) for s, name in SUBJECTS.items()],
        "kinds": [(kind.value, _(KIND_NAMES[kind])) for kind in KINDS],
        "code_sets": [
            (c.code, say("{name}（{note}）", name=say(c.name), note=say(c.standard)))
            for c in catalogue.code_sets.values()
        ],
        "owners": [(d.code, say(d.name)) for d in catalogue.departments.values()],
        "levels": [(level.value, _(name)) for level, (name, _kind) in LEVELS.items()],
        "typed": dict.fromkeys(FIELDS, "") | {"subject": "person", "kind": "text", "level": "3"} | typed.dict(),
        "problem": problem,
    }
    return render(request, "records/item_new.html", context, status=422 if problem[0] else 200)


@door("record.settle")
@require_GET
def disagreements(request: HttpRequest) -> HttpResponse:
    """What sources say differently about people here, side by side, to be settled."""
    found, following, total = told.listed(request.GET.get("after", ""))
    services.listed({d.person_id for d in found}, by="disagreements")
    context = {
        "found": found,
        "next": following,
        "total": total,
        "nothing": Empty(_("各处说法一致"), _("不同来源对同一个人说得不一样时，会列在这里等您核定。"), icon="check"),
    }
    return render(request, "records/disagreements.html", context, block="content")


@door("record.settle")
@require_http_methods(["POST"])
def settle_one(request: HttpRequest, person_id: UUID, item: str) -> HttpResponse:
    """Settle one disagreement: which word holds, and how one knows."""
    person = Person.objects.get(pk=person_id)
    back = reverse("disagreements")
    try:
        statement = UUID(request.POST.get("statement", ""))
        told.settle_with(person, item, statement, request.POST.get("reason", "")[:200])
    except (services.ReasonMissing, services.Unstatable) as refused:
        return saved(request, back, str(refused), kind="warn")
    except (ValueError, Statement.DoesNotExist):
        return saved(request, back, _("请选择以哪一条为准"), kind="warn")
    return saved(request, back, _("已核定，记下了依据"))
