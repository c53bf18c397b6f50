"""What the page of a person shows: composed from records, tags and visits, in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from linyun.foundation.accounts.policy import may
from linyun.foundation.acts.actor import Actor
from linyun.foundation.ui.parts import Chip
from linyun.foundation.ui.wording import counted, day
from linyun.front.desk import history
from linyun.front.desk.circle import Circle, around
from linyun.front.desk.facts import Group, grouped
from linyun.hub.records.items import known
from linyun.hub.records.lineage import held
from linyun.hub.records.models import Person, Status
from linyun.hub.tags.services import Borne, borne_by
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Subject
from linyun.kernel.words import msgid, say
from linyun.work.visits import rhythm
from linyun.work.visits.asking import Asked, departments, to_ask

CHIPS = 6
VISITS = 12
LAST = frozenset({"年龄"})
PLAIN = frozenset({"基本"})


@dataclass(frozen=True, slots=True)
class Banner:
    """When somebody was here last and when somebody should come again. ``late``: that day has come."""

    title: str
    sub: str
    late: bool


@dataclass(frozen=True, slots=True)
class PersonPage:
    """Everything on the page. Without ``file`` (a building chief) only who this is and one's own visits."""

    person: Person
    circle: Circle
    line: str
    address: str
    tags: Sequence[Borne]
    groups: Sequence[Group]
    months: Sequence[history.Month]
    looks: Sequence[history.Look]
    asks: Sequence[Asked]
    departments: int
    banner: Banner | None
    file: bool


def age_of(person: Any) -> int | None:
    """Full years today, None when the birth date is not known. Takes a person or a mapping with ``born``."""
    born = person.birth_date if isinstance(person, Person) else person.get("born")
    return clock.years_between(born, clock.today()) if born else None


def facts_line(person: Person, circle: Circle) -> str:
    """ "女 · 77 岁 · 独居", as far as it is known."""
    parts = []
    if person.sex:
        parts.append(say(catalogue.code_sets["sex"].name_of(person.sex).removesuffix("性")))
    if (age := age_of(person)) is not None:
        parts.append(_("%(age)s 岁") % {"age": age})
    if any(r["kind"] == "actual" for r in circle.residences):
        alone = circle.housemates == 0
        parts.append(_("独居") if alone else counted("%(n)s 人同住", circle.housemates + 1))
    return " · ".join(parts)


def address_of(circle: Circle) -> str:
    """Where they live, and whether they are registered at the same address."""
    actual = next((r for r in circle.residences if r["kind"] == "actual"), None)
    registered = next((r for r in circle.residences if r["kind"] == "registered"), None)
    if actual and registered:
        same = actual["id"] == registered["id"]
        where = _("户籍同址") if same else _("户籍在 %(where)s") % {"where": registered["address"]}
        return f"{actual['address']} · {where}"
    if actual:
        return _("%(where)s · 户籍不在本居委") % {"where": actual["address"]}
    return _("户籍在 %(where)s，人不住这里") % {"where": registered["address"]} if registered else ""


def banner_of(circle: Circle) -> Banner | None:
    """What was promised beats what is usual; nobody is pressed who is neither promised nor usually visited."""
    today = clock.today()
    since = (today - circle.last_visit).days if circle.last_visit else None
    title = _("今天走访过") if since == 0 else counted("距上次走访 %(n)s 天", since) if since else _("还没有走访过")
    if circle.due:
        on = circle.due["follow_up_on"]
        sub = _("约好 %(d)s 回访：%(text)s") % {"d": day(on), "text": circle.due["situation"][:40]}
        return Banner(title, sub, on <= today)
    if circle.planned:
        on = circle.planned["due_on"]
        return Banner(
            title, _("已排入 %(d)s 前走访：%(why)s") % {"d": day(on), "why": circle.planned["why"]}, on <= today
        )
    usual = catalogue.rhythms.get(circle.rhythm or "")
    if usual is None:
        return None
    late = since is None or since >= usual.days
    return Banner(f"{title}，{_('该走访了')}" if late else title, rhythm.said(usual), late)


def compose(person: Person, actor: Actor, visits: int = VISITS) -> PersonPage:
    """Gather the page of a person, with so many of the last visits."""
    file = may(actor, "desk.file", person.area)
    all_visits = may(actor, "visit.see_all", person.area)
    circle = around(person, visits=visits, only_of=None if all_visits else actor.account_id)
    have = held("person", person.pk) if file else {}
    tags = borne_by("person", [person.pk])[person.pk] if file else []
    asks: Sequence[Asked] = ()
    if file and person.status == "live" and may(actor, "visit.write", person.area):
        asks = to_ask(person, have, [t.tag.code for t in tags])
    entries = history.entries(circle, with_values=file, items=known(Subject.PERSON) if file else {})
    looks = [history.look(a["at"], a["actor_name"], a["verb"], a["reason"], a["detail"]) for a in circle.looks]
    return PersonPage(
        person=person,
        circle=circle,
        line=facts_line(person, circle),
        address=address_of(circle),
        tags=tags,
        groups=grouped(person, have, actor) if file else (),
        months=history.by_month(entries),
        looks=looks if file else (),
        asks=asks,
        departments=departments(asks),
        banner=banner_of(circle) if all_visits and person.status == Status.LIVE else None,
        file=file,
    )


def _weight(borne: Borne) -> int:
    """Tags set by hand say most, then those of a line of work, then what everybody has."""
    if borne.mark:
        return 0
    return 2 if borne.tag.path[1:2] and borne.tag.path[1] in PLAIN else 1


def telling(tags: Sequence[Borne]) -> list[Borne]:
    """Tags in the order in which they tell something; of a scale (60, 65, 70 …) only the last."""
    last = {t.tag.path: t.tag.code for t in tags if t.tag.path[-1] in LAST}
    kept = [t for t in tags if last.get(t.tag.path, t.tag.code) == t.tag.code]
    return sorted((t for t in kept if not t.is_sensitive), key=_weight)


def chip(borne: Borne) -> Chip:
    """A tag as a chip; one with an end is marked."""
    mark = borne.mark
    why = f"（{mark.ground}，{mark.set_by}）" if mark else _("（按规则自动计算）")
    until = f" {_('至')} {mark.until:%m-%d}" if mark and mark.until else ""
    return Chip(say(borne.tag.name) + until, kind="warn" if until else "", title=say(borne.tag.meaning) + why)


def chips(tags: Sequence[Borne]) -> list[Chip]:
    """At most six telling tags; sensitive ones never."""
    return [chip(t) for t in telling(tags)[:CHIPS]]


BY_SEX = {
    "10": (msgid("丈夫"), msgid("妻子")),
    "20": (msgid("儿子"), msgid("女儿")),
    "30": (msgid("儿子"), msgid("女儿")),
    "40": (msgid("孙子"), msgid("孙女")),
    "50": (msgid("父亲"), msgid("母亲")),
    "70": (msgid("兄弟"), msgid("姐妹")),
}
"""Words of GB/T 4761 groups when the sex is known: 女 alone would read as a sex."""


def relation_word(code: str | None, sex: str | None) -> str:
    """A relation as neighbours say it: 女儿 rather than 女, 妻子 rather than 配偶; "" when it is not known."""
    if not code:
        return ""
    if code in BY_SEX and sex in ("1", "2"):
        return say(BY_SEX[code][int(sex) - 1])
    return say(catalogue.code_sets["relation_to_head"].name_of(code))


def mate_line(mate: dict[str, Any], own_head: bool) -> str:
    """ "女儿 · 52 岁", seen from the head of the household."""
    relation = relation_word(mate.get("relation"), mate.get("sex"))
    if mate.get("head"):
        relation = _("户主")
    elif relation and not own_head:
        relation = _("户主的%(relation)s") % {"relation": relation}
    age = age_of(mate)
    return " · ".join(p for p in (relation, _("%(age)s 岁") % {"age": age} if age is not None else "") if p)


def kin_line(kin: dict[str, Any]) -> str:
    """ "女儿 · 52 岁 · 住宝山"."""
    relation = relation_word(kin.get("relation"), kin.get("sex"))
    age = age_of(kin)
    parts = (relation, _("%(age)s 岁") % {"age": age} if age is not None else "", kin.get("note") or kin.get("address"))
    return " · ".join(p for p in parts if p)
