"""What is held about a person, as the page shows it: worded, masked, with sources side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from linyun.foundation.accounts.policy import may
from linyun.foundation.acts.actor import Actor
from linyun.foundation.ui.parts import Fact
from linyun.hub.records.lineage import Held, Said
from linyun.hub.records.models import Person
from linyun.hub.records.services import following, sealer
from linyun.kernel.declare import Item, Kind, Level
from linyun.kernel.words import say
from linyun.work.visits.wording import guarded, worded

FOLLOWING = frozenset({"birth_date", "sex"})
"""What follows from a resident number and must be written where nobody knows one: a newborn's, a foreigner's."""


@dataclass(frozen=True, slots=True)
class Line:
    """One item on the page: the fact, and where to settle it when sources disagree ("" when they do not)."""

    fact: Fact
    settle: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The items of one group of the catalogue, with how many should be confirmed or settled."""

    title: str
    lines: Sequence[Line]

    @property
    def stale(self) -> int:
        """Values older than they stay fresh."""
        return sum(line.fact.stale for line in self.lines)

    @property
    def disagreeing(self) -> int:
        """Values on which sources differ."""
        return sum(bool(line.settle) for line in self.lines)


def plain(item: Item, value: Any) -> Any:
    """A value as a form holds it. Numbers that are masked and sensitive values are never sent to a form."""
    closed = item.kind in (Kind.IDENTITY, Kind.PHONE) or item.level >= Level.SENSITIVE
    return "" if closed or value is None else value


def source_line(said: Said) -> str:
    """ "走访 2026-03-02 · 林晓岚"."""
    parts = f"{say(said.source_name)} {said.true_on.isoformat()}"
    return f"{parts} · {said.collector}" if said.collector else parts


def correctable(person: Person, item: Item) -> bool:
    """Whether an item is written at the desk: what follows from the resident number only while no such number is known."""
    if not item.derived:
        return True
    number = sealer.open(person.identity_number) if person.identity_number else ""
    return item.code in FOLLOWING and item.code not in following(number)


def line(person: Person, one: Held, actor: Actor) -> Line:
    """One item as the page shows it: masked where it must be, with its source, and other sources beside it."""
    item, args = one.item, [person.pk, one.item.code]
    masked = item.kind in (Kind.IDENTITY, Kind.PHONE) or item.level >= Level.SENSITIVE
    may_correct = may(actor, "person.correct", person.area) and correctable(person, item)
    fact = Fact(
        label=say(item.name),
        value=guarded(item, one.now.value) if one.now else "",
        source=source_line(one.now) if one.now else "",
        href=reverse("lineage", args=args),
        edit=reverse("correct", args=args) if may_correct else "",
        reveal=reverse("reveal", args=args) if masked and may(actor, "person.unmask", person.area) else "",
        stale=one.is_stale(),
        others=[(worded(item, o.value), source_line(o)) for o in one.others] if item.level < Level.SENSITIVE else [],
    )
    settles = one.disagree and may(actor, "record.settle", person.area) and correctable(person, item)
    return Line(fact, reverse("correct", args=args) if settles else "")


def grouped(person: Person, have: Mapping[str, Held], actor: Actor) -> list[Group]:
    """What is held, by the catalogue's groups in their order."""
    groups: dict[str, list[Line]] = {}
    for one in have.values():
        groups.setdefault(say(one.item.group) or say("其他"), []).append(line(person, one, actor))
    return [Group(title, lines) for title, lines in groups.items()]
