"""What to ask at this door today: the few items that are missing or stale, most needed first. Never what is known."""

from collections.abc import Iterable, Mapping

from linyun.hub.records.items import known
from linyun.hub.records.lineage import Held, held
from linyun.hub.records.models import Person
from linyun.kernel.declare import Item, Kind, Level, Subject

Asked = tuple[Item, Held | None]

USUAL = ("phone", "emergency_contact", "emergency_phone")
MOST = 3
MOST_BY_TAG = 2
BY_TAG: Mapping[str, tuple[str, ...]] = {
    "poor_elder": ("service_needs", "care_weekly_hours"),
    "special_poor_elder": ("service_needs", "care_weekly_hours"),
    "care_entitled": ("care_agency", "care_weekly_hours"),
    "lone_elder_80": ("smart_devices", "meal_delivery"),
    "lone_elder": ("smart_devices", "children_near"),
    "distressed_child": ("actual_carer", "guardian_phone"),
    "left_behind_child": ("actual_carer", "guardian_phone"),
}
"""Tags that make the sheet ask more, most pressing first: for a poor elder what is needed, and how many hours."""


def to_ask(person: Person, have: Mapping[str, Held] | None = None, tags: Iterable[str] = ()) -> list[Asked]:
    """At most three items, or four when the person's tags ask for up to two of their own: stale ones (to be confirmed),
    then those that every department needs and nobody knows. ``have``: what is held, when the caller knows it already.
    """
    items = known(Subject.PERSON)
    have = held("person", person.pk) if have is None else have
    by_tag = [c for c in _wanted(set(tags)) if c in items and (c not in have or _is_open(have[c]))]
    chosen = {code: (items[code], have.get(code)) for code in by_tag[:MOST_BY_TAG]}
    stale = [one for one in have.values() if one.is_stale() and _may_ask(one.item) and one.item.code not in chosen]
    stale.sort(key=lambda one: (_weight(one.item.code), one.now.true_on if one.now else None))
    missing = [items[c] for c in USUAL if c in items and c not in chosen and (c not in have or have[c].now is None)]
    others: list[Asked] = [(one.item, one) for one in stale] + [(item, None) for item in missing]
    return [*others[: MOST - bool(chosen)], *chosen.values()]


def _wanted(tags: set[str]) -> list[str]:
    """Item codes that the tags ask for, each once, in the order of BY_TAG."""
    return list(dict.fromkeys(code for tag, codes in BY_TAG.items() if tag in tags for code in codes))


def _is_open(one: Held) -> bool:
    return one.now is None or one.is_stale()


def _weight(code: str) -> int:
    """The usual ones come first: who to call matters more than a school grade."""
    return USUAL.index(code) if code in USUAL else len(USUAL)


def _may_ask(item: Item) -> bool:
    return item.level < Level.SENSITIVE and item.kind is not Kind.IDENTITY and not item.derived


def departments(asks: Iterable[Asked]) -> int:
    """How many lines of work would otherwise have asked each for itself."""
    return len({item.owner for item, _ in asks})
