"""What to ask at this door today: the few items that are missing or stale, most needed first. Never what is known."""

from linyun.hub.records.items import known
from linyun.hub.records.lineage import Held, held
from linyun.hub.records.models import Person
from linyun.kernel.declare import Item, Kind, Level, Subject

USUAL = ("phone", "emergency_contact", "emergency_phone")
MOST = 3


def to_ask(person: Person) -> list[tuple[Item, Held | None]]:
    """At most three items: stale ones first (to be confirmed), then what every department needs and nobody knows."""
    items = known(Subject.PERSON)
    have = held("person", person.pk)
    stale = [one for one in have.values() if one.is_stale() and _may_ask(one.item)]
    stale.sort(key=lambda one: one.now.true_on if one.now else None)  # type: ignore[arg-type,return-value]
    missing = [items[code] for code in USUAL if code in items and (code not in have or have[code].now is None)]
    asks: list[tuple[Item, Held | None]] = [(one.item, one) for one in stale]
    asks += [(item, None) for item in missing]
    return asks[:MOST]


def _may_ask(item: Item) -> bool:
    return item.level < Level.SENSITIVE and item.kind is not Kind.IDENTITY and not item.derived
