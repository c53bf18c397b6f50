"""What the page of a person shows: composed from records, tags and visits, in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from linyun.foundation.accounts.policy import may
from linyun.foundation.acts.actor import Actor
from linyun.foundation.areas.models import Area
from linyun.foundation.ui.parts import Chip, Entry, Fact
from linyun.foundation.ui.wording import identity_mask, phone_mask
from linyun.hub.records.lineage import Held, Said, held
from linyun.hub.records.models import Kin, Membership, Person, Residence
from linyun.hub.records.services import sealer
from linyun.hub.tags.services import Borne, borne_by
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Item, Kind, Level
from linyun.work.visits.models import Visit

HIDDEN = "••••"


def worded(item: Item, value: Any) -> str:
    """A stated value as people read it; document numbers and phones masked."""
    if value is None or value == "":
        return ""
    if item.kind is Kind.IDENTITY:
        return str(identity_mask(sealer.open(value)))
    if item.kind is Kind.PHONE:
        return str(phone_mask(value))
    if item.kind is Kind.BOOLEAN:
        return "是" if value else "否"
    if item.kind in (Kind.CODE, Kind.CODES):
        codes = catalogue.code_sets[item.code_set]
        return "、".join(codes.name_of(c) for c in (value if isinstance(value, list) else [value]))
    return f"{value}{item.unit}"


def plain(item: Item, value: Any) -> Any:
    """A value as a form holds it. Numbers that are masked and sensitive values are never sent to a form."""
    closed = item.kind in (Kind.IDENTITY, Kind.PHONE) or item.level >= Level.SENSITIVE
    return "" if closed or value is None else value


def source_line(said: Said) -> str:
    """ "走访 2026-03-02 · 林晓岚"."""
    parts = f"{said.source_name} {said.true_on.isoformat()}"
    return f"{parts} · {said.collector}" if said.collector else parts


def fact(person: Person, one: Held, actor: Actor) -> Fact:
    """One item as the page shows it: masked where it must be, with its source, and other sources beside it."""
    item = one.item
    masked = item.kind in (Kind.IDENTITY, Kind.PHONE) or item.level >= Level.SENSITIVE
    value = worded(item, one.now.value) if one.now else ""
    if item.level >= Level.SENSITIVE and item.kind is not Kind.IDENTITY:
        value = HIDDEN
    args = [person.pk, item.code]
    return Fact(
        label=item.name,
        value=value,
        source=source_line(one.now) if one.now else "",
        href=reverse("lineage", args=args),
        edit=reverse("correct", args=args) if may(actor, "person.correct", person.area) and not item.derived else "",
        reveal=reverse("reveal", args=args) if masked and may(actor, "person.unmask", person.area) else "",
        stale=one.is_stale(),
        others=[(worded(item, o.value), source_line(o)) for o in one.others] if item.level < Level.SENSITIVE else [],
    )


@dataclass(frozen=True, slots=True)
class PersonPage:
    """Everything on the page."""

    person: Person
    line: str
    address: str
    tags: Sequence[Borne]
    groups: Sequence[tuple[str, Sequence[Fact]]]
    residences: Sequence[Residence]
    households: Sequence[tuple[Membership, Sequence[Membership]]]
    kin: Sequence[Kin]
    visits: Sequence[Visit]
    visit_count: int
    due: Visit | None
    path: Sequence[Area]


def facts_line(person: Person) -> str:
    """ "女 · 77 岁", as far as it is known."""
    parts = []
    if person.sex:
        parts.append(catalogue.code_sets["sex"].name_of(person.sex).removesuffix("性"))
    if person.birth_date:
        parts.append(f"{clock.years_between(person.birth_date, clock.today())} 岁")
    return " · ".join(parts)


def address_of(residences: Sequence[Residence]) -> str:
    """Where they live, and whether they are registered at the same address."""
    actual = next((r for r in residences if r.kind == Residence.Kind.ACTUAL), None)
    registered = next((r for r in residences if r.kind == Residence.Kind.REGISTERED), None)
    if actual and registered:
        same = actual.dwelling_id == registered.dwelling_id
        return f"{actual.dwelling.address} · {'户籍同址' if same else '户籍在 ' + registered.dwelling.address}"
    if actual:
        return f"{actual.dwelling.address} · 户籍不在本居委"
    return f"户籍在 {registered.dwelling.address}，人不住这里" if registered else ""


def grouped(person: Person, actor: Actor) -> Sequence[tuple[str, Sequence[Fact]]]:
    """What is held, by the catalogue's groups."""
    groups: dict[str, list[Fact]] = {}
    for one in held("person", person.pk).values():
        groups.setdefault(one.item.group or "其他", []).append(fact(person, one, actor))
    return list(groups.items())


def _households(person: Person) -> Sequence[tuple[Membership, Sequence[Membership]]]:
    own = list(Membership.objects.filter(person=person, valid_to=None).select_related("household"))
    rows = Membership.objects.filter(household__in=[m.household_id for m in own], valid_to=None)
    mates = list(rows.exclude(person=person).select_related("person").order_by("-is_head", "relation", "id"))
    return [(m, [x for x in mates if x.household_id == m.household_id]) for m in own]


def compose(person: Person, actor: Actor, visits: int = 10) -> PersonPage:
    """Gather the page of a person."""
    residences = list(
        Residence.objects.filter(person=person, valid_to=None).select_related("dwelling").order_by("kind")
    )
    seen = Visit.objects.of_person(person)
    return PersonPage(
        person=person,
        line=facts_line(person),
        address=address_of(residences),
        tags=borne_by("person", [person.pk])[person.pk],
        groups=grouped(person, actor),
        residences=residences,
        households=_households(person),
        kin=list(Kin.objects.filter(person=person).select_related("relative")),
        visits=list(seen[:visits]),
        visit_count=seen.count(),
        due=seen.filter(follow_up_on__isnull=False, followed_up_by=None).order_by("follow_up_on").first(),
        path=Area.objects.path(person.area)[-3:],
    )


def chips(tags: Sequence[Borne]) -> Sequence[Chip]:
    """Tags as chips: sensitive ones only as a count, until a reason is given."""
    open_ones = [t for t in tags if not t.is_sensitive]
    found = [
        Chip(
            t.tag.name + (f" 至 {t.mark.until:%m-%d}" if t.mark and t.mark.until else ""),
            kind="warn" if t.mark and t.mark.until else "",
            title=f"{t.tag.meaning}" + (f"（{t.mark.ground}，{t.mark.set_by}）" if t.mark else "（按规则自动计算）"),
        )
        for t in open_ones
    ]
    closed = len(tags) - len(open_ones)
    return [*found, Chip(f"另有 {closed} 个敏感标签", kind="plain")] if closed else found


def timeline(visits: Sequence[Visit]) -> Sequence[Entry]:
    """Visits as the timeline shows them."""
    modes = catalogue.code_sets["visit_mode"]
    return [
        Entry(
            when=v.visited_on,
            mode=modes.name_of(v.mode),
            who=v.visitor,
            text=" ".join(
                t for t in (v.situation, v.needs and f"需求：{v.needs}", v.outcome and f"结果：{v.outcome}") if t
            ),
            href=reverse("visit", args=[v.pk]),
        )
        for v in visits
    ]
