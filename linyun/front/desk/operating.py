"""Life operations at the desk: one small form each, the list of past ones, and taking one back."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, cast
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linyun.foundation.accounts.doors import door
from linyun.foundation.ui.answer import render, saved
from linyun.foundation.ui.wording import iso, phone_mask
from linyun.hub.records import operations
from linyun.hub.records.images import ChangedSince
from linyun.hub.records.models import Dwelling, Membership, Operation, Person, Residence
from linyun.hub.records.operations import Impossible
from linyun.hub.records.search import search
from linyun.hub.records.services import see
from linyun.kernel import clock
from linyun.kernel.values import addresses
from linyun.kernel.words import msgid, say

OFFERED = ("move_in", "move_out", "death", "change_head", "split", "merge_people")
SAYS = {
    "move_in": msgid("开始在一套房屋居住、落户，或成为产权人。居住和户籍会从原来的房屋结束。"),
    "move_out": msgid("不再居住、户籍迁走，或不再是产权人。既不住也没有户籍的，转为已迁出。"),
    "death": msgid("结束全部居住和家庭关系，记录保留。"),
    "change_head": msgid("由家里另一位做户主。其他人与新户主的关系要重新问，不猜。"),
    "split": msgid("家里一部分人另立一户。"),
    "merge_people": msgid("两条记录是同一个人：合到这一条，另一条保留，可以撤销。"),
}
BY_DWELLING = ":"
CANDIDATES = 12
EARLIEST = 1900


class Wrong(ValueError):
    """A form that cannot be carried out; ``field`` says where."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def _dwelling(text: str, near: Person) -> Dwelling:
    """The dwelling that an address means within the committee. Raises Wrong with the nearest ones."""
    parsed = addresses.parse(text)
    if parsed.value is None:
        raise Wrong("address", parsed.problem or _("请写门牌，例如 公交新村12号302室"))
    live = Dwelling.objects.live().filter(area__startswith=near.area[:12])
    found = list(live.filter(address_key=parsed.value.key)[:2])
    if not found and parsed.value.room:
        unit = Q(unit=parsed.value.unit) if parsed.value.unit else Q(unit=None) | Q(unit="")
        here = unit & Q(building=parsed.value.building, room=parsed.value.room)
        found = list(live.filter(here | Q(address=text.strip()))[:2])
    if len(found) == 1:
        return found[0]
    raise Wrong(
        "address",
        _("有几套房屋都像这个门牌，请写全：小区、楼号、室号")
        if found
        else _("没有登记过这套房屋。请核对门牌，或先登记房屋"),
    )


def _one(model: Any, text: str, field: str, message: str, **where: Any) -> Any:
    """A row chosen in a form. Raises Wrong when nothing, or something else, was chosen."""
    try:
        return model.objects.get(pk=UUID(text), **where)
    except (ValueError, model.DoesNotExist) as nothing:
        raise Wrong(field, message) from nothing


def _own(person: Person) -> Membership:
    found = Membership.objects.filter(person=person, valid_to=None).select_related("household").first()
    if found is None:
        raise Impossible(_("这位居民没有登记在任何一户"))
    return found


Deed = Callable[[date, str], object]
"""What is left to be done when all fields have been read: on a day, for a reason."""


class Told:
    """What a form says, read field by field, so that whoever wrote it hears of all problems at once."""

    def __init__(self) -> None:
        self.problems: dict[str, str] = {}

    def of(self, read: Callable[..., Any], *given: Any) -> Any:
        """What ``read`` makes of a field; None, and a problem kept, where it refuses."""
        try:
            return read(*given)
        except Wrong as wrong:
            self.problems.setdefault(wrong.field, str(wrong))
            return None


def _kind(post: QueryDict) -> str:
    kind = post.get("kind", "").partition(BY_DWELLING)[0]
    if kind not in Residence.Kind.values:
        raise Wrong("kind", _("请选择是哪一种"))
    return kind


def _move_in(person: Person, post: QueryDict, told: Told) -> Deed:
    kind, dwelling = told.of(_kind, post), told.of(_dwelling, post.get("address", ""), person)
    return lambda on, reason: operations.move_in(person, dwelling, kind, on, reason)


def _move_out(person: Person, post: QueryDict, told: Told) -> Deed:
    kind = told.of(_kind, post)
    dwelling = told.of(_left, person, post, kind) if kind else None
    return lambda on, reason: operations.move_out(person, kind, on, reason, dwelling)


def _left(person: Person, post: QueryDict, kind: str) -> Dwelling | None:
    """Which of several dwellings is left; None where there is but one."""
    homes = Dwelling.objects.filter(residences__person=person, residences__kind=kind, residences__valid_to=None)
    if len(several := list(homes.distinct())) < 2:
        return None
    named = post.get("kind", "").partition(BY_DWELLING)[2]
    chosen = next((d for d in several if str(d.pk) == named), None)
    if chosen is None:
        raise Wrong("kind", _("这种关系有几套房屋，请选择是哪一套"))
    return chosen


def _death(person: Person, _post: QueryDict, _told: Told) -> Deed:
    return lambda on, reason: operations.die(person, on, reason)


def _change_head(person: Person, post: QueryDict, told: Told) -> Deed:
    own = _own(person)
    chosen = told.of(_one, Person, post.get("head", ""), "head", _("请选择谁做户主"))
    return lambda on, reason: operations.change_head(own.household, chosen, on, reason)


def _split(person: Person, post: QueryDict, told: Told) -> Deed:
    own = _own(person)
    inside = {
        str(m.person_id): m.person for m in own.household.memberships.filter(valid_to=None).select_related("person")
    }
    members = [inside[pk] for pk in post.getlist("members") if pk in inside]
    if not members:
        told.problems["members"] = _("请选择谁分出去")
    head = inside.get(post.get("head", ""))
    if head is None:
        told.problems["head"] = _("请选择新户的户主")
    return lambda on, reason: operations.split(own.household, members, cast(Person, head), on, reason)


def _merge_people(person: Person, post: QueryDict, told: Told) -> Deed:
    chosen = post.get("duplicate", "")
    duplicate = told.of(partial(_one, status="live"), Person, chosen, "duplicate", _("请选择重复的那一条"))
    return lambda _on, reason: operations.merge_people(person, duplicate, reason)


READ: Mapping[str, Callable[[Person, QueryDict, Told], Deed]] = {
    "move_in": _move_in,
    "move_out": _move_out,
    "death": _death,
    "change_head": _change_head,
    "split": _split,
    "merge_people": _merge_people,
}


def _done(person: Person, kind: str, post: QueryDict) -> dict[str, str]:
    """Carry the operation out; the problems, by field in the order of the form, where it cannot be."""
    told = Told()
    try:
        deed = READ[kind](person, post, told)
        on, reason = told.of(_on, post), told.of(_reason, post)
        if not told.problems:
            deed(on, reason)
    except (Impossible, ChangedSince) as refused:
        told.problems["reason"] = str(refused)
    return told.problems


@door("record.operate")
@require_GET
def menu(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """What can be recorded in this person's life, and what was."""
    found = see(person_id)
    past = Operation.objects.filter(subjects__contains=[str(found.pk)]).order_by("-pk")
    context = {
        "person": found,
        "offered": [(k, say(operations.KINDS[k][0]), say(SAYS[k])) for k in OFFERED],
        "past": [(o, say(operations.KINDS[o.kind][0]) if o.kind in operations.KINDS else o.kind) for o in past],
    }
    return render(request, "desk/operations.html", context)


@door("record.operate")
@require_http_methods(["GET", "POST"])
def operate(request: HttpRequest, person_id: UUID, kind: str) -> HttpResponse:
    """One operation: a few fields, the day, the reason."""
    if kind not in OFFERED:
        raise Http404
    found = see(person_id)
    problems: dict[str, str] = {}
    if request.method == "POST":
        problems = _done(found, kind, request.POST)
        if not problems:
            said = _("%(what)s已记下，可以在“变动”里撤销") % {"what": say(operations.KINDS[kind][0])}
            return saved(request, reverse("person", args=[found.pk]), said)
    context = {
        "person": found,
        "kind": kind,
        "name": say(operations.KINDS[kind][0]),
        "says": _(SAYS[kind]),
        "post": request.POST,
        "chosen": request.POST.getlist("members"),
        "today": clock.today().isoformat(),
        "problems": problems,
        **_choices(kind, found, request),
    }
    return render(request, "desk/operate.html", context, status=422 if problems else 200)


def _on(post: QueryDict) -> date:
    try:
        on = date.fromisoformat(post.get("on", "") or clock.today().isoformat())
    except ValueError as bad:
        raise Wrong("on", _("日期请写成 2026-11-23 的样子")) from bad
    if on > clock.today():
        raise Wrong("on", _("日期不能晚于今天"))
    if on.year < EARLIEST:
        raise Wrong("on", _("日期太早了，请检查年份"))
    return on


def _reason(post: QueryDict) -> str:
    reason = post.get("reason", "").strip()
    if not reason:
        raise Wrong("reason", _("请写明原因，例如“户口簿”“本人来告知”"))
    return reason[:200]


def _choices(kind: str, person: Person, request: HttpRequest) -> dict[str, Any]:
    """What one can choose from in the form of this kind."""
    if kind in ("move_in", "move_out"):
        rows = Residence.objects.filter(person=person, valid_to=None).select_related("dwelling")
        return {"kinds": _kinds(kind, list(rows.order_by("dwelling__address", "id")))}
    if kind in ("change_head", "split"):
        own = Membership.objects.filter(person=person, valid_to=None).first()
        rows_of = Membership.objects.filter(household=own.household_id if own else None, valid_to=None)
        members = list(rows_of.select_related("person").order_by("-is_head", "relation", "id"))
        if kind == "change_head":
            members = [m for m in members if not m.is_head]
        return {"members": [(str(m.person_id), m.person.name) for m in members]}
    if kind == "merge_people":
        return {"candidates": _candidates(person, request.GET.get("with", "") or request.POST.get("with", ""))}
    return {}


def _kinds(operation: str, rows: Sequence[Residence]) -> list[tuple[str, str]]:
    """Kinds of residence with the addresses they stand for now; who owns several leaves one of them, named by its id."""
    found: list[tuple[str, str]] = []
    for kind in Residence.Kind:
        here = [r for r in rows if r.kind == kind]
        if operation == "move_out" and len(here) > 1:
            found += [(f"{kind}{BY_DWELLING}{r.dwelling_id}", f"{kind.label}（{r.dwelling.address}）") for r in here]
        elif here:
            found.append((kind.value, f"{kind.label}（{'、'.join(r.dwelling.address for r in here)}）"))
        elif operation == "move_in":
            found.append((kind.value, str(kind.label)))
    return found


def _candidates(person: Person, text: str) -> list[tuple[str, str, str]]:
    """Who may be the same person: same name, phone or birth date with the same initials; or who a search finds."""
    if text.strip():
        hits = [h.id for h in search(text, limit=CANDIDATES)]
        found = Person.objects.live().filter(pk__in=hits)
    else:
        same = Q(name=person.name)
        if person.phone:
            same |= Q(phone=person.phone)
        if person.birth_date:
            same |= Q(birth_date=person.birth_date, pinyin=person.pinyin)
        found = Person.objects.live().filter(same, area__startswith=person.area[:12])
    return [
        (
            str(p.pk),
            p.name,
            " · ".join(t for t in (iso(p.birth_date), phone_mask(p.phone), p.living_address or "") if t),
        )
        for p in found.exclude(pk=person.pk).order_by("pinyin", "id")[:CANDIDATES]
    ]


@door("record.operate")
@require_POST
def undo(request: HttpRequest, operation_id: UUID) -> HttpResponse:
    """Take an operation back."""
    found = Operation.objects.get(pk=operation_id)
    person = next((pk for pk in found.subjects), None)
    back = reverse("operations", args=[person]) if person else reverse("desk")
    back = reverse("operations", args=[about]) if (about := _about(request)) else back
    reason = request.POST.get("reason", "").strip()
    if not reason:
        return saved(request, back, _("请写明撤销的原因"), kind="warn")
    try:
        operations.undo(operation_id, reason[:200])
    except (Impossible, ChangedSince) as refused:
        return saved(request, back, str(refused), kind="warn")
    return saved(request, back, _("已撤销，和办理前一样"))


def _about(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("person", ""))
    except ValueError:
        return None
