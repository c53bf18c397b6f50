"""All ledgers in force: those that every committee keeps and those that staff made; definitions as data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from linyun.hub.ledgers.models import OwnLedger
from linyun.hub.ledgers.plans import Plan, plan
from linyun.hub.tags.vocabulary import vocabulary
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Column, Ledger
from linyun.kernel.rule import Vocabulary
from linyun.kernel.words import say

OWN_GROUP = "本单位自建"


class NoSuchLedger(LookupError):
    """No ledger of this code is in force within the scope."""

    def __init__(self, code: str) -> None:
        super().__init__(say("没有编号为“{code}”的台账", code=code))


def to_columns(columns: Iterable[Column]) -> list[dict[str, Any]]:
    """Columns as JSON holds them."""
    return [{"name": c.name, "value": c.value, "head": list(c.head), "width": c.width} for c in columns]


def to_data(ledger: Ledger) -> dict[str, Any]:
    """A ledger as JSON holds it."""
    return {
        "name": ledger.name,
        "source": ledger.source,
        "rule": ledger.rule,
        "period": ledger.period,
        "due": ledger.due,
        "unit": ledger.unit,
        "note": ledger.note,
        "sort": list(ledger.sort),
        "columns": to_columns(ledger.columns),
    }


def from_data(code: str, data: Mapping[str, Any]) -> Ledger:
    """A ledger from what JSON holds."""
    columns = tuple(
        Column(c["name"], c["value"], tuple(c.get("head", ())), int(c.get("width", 0))) for c in data["columns"]
    )
    return Ledger(
        code=code,
        name=data["name"],
        group=OWN_GROUP,
        source=data["source"],
        columns=columns,
        rule=data.get("rule", ""),
        period=data.get("period", "current"),
        due=data.get("due", ""),
        sort=tuple(data.get("sort", ())),
        unit=data.get("unit", ""),
        note=data.get("note", ""),
    )


def own() -> list[Ledger]:
    """The ledgers that staff made within the scope."""
    kept = OwnLedger.objects.filter(dropped_at=None).order_by("made_at")
    return [from_data(row.code, row.definition) for row in kept]


def in_force() -> list[Ledger]:
    """All ledgers within the scope: declared ones first, in declared order."""
    return [*catalogue.ledgers.values(), *own()]


def ledger_of(code: str) -> Ledger:
    """One ledger. Raises NoSuchLedger."""
    declared = catalogue.ledgers.get(code)
    if declared is not None:
        return declared
    kept = OwnLedger.objects.filter(pk=code, dropped_at=None).first()
    if kept is None:
        raise NoSuchLedger(code)
    return from_data(kept.code, kept.definition)


@dataclass(frozen=True, slots=True)
class Ready:
    """A plan with the words it was made with."""

    plan: Plan
    words: Vocabulary


_plans: dict[str, Plan] = {}


def ready(code: str) -> Ready:
    """A ledger's plan, with the words in force. Raises NoSuchLedger, BadLedger.

    Plans of declared ledgers over the catalogue's own words are made once: neither ever changes while the house runs.
    """
    words = vocabulary()
    ledger = ledger_of(code)
    return Ready(planned(ledger, words), words)


def planned(ledger: Ledger, words: Vocabulary) -> Plan:
    """The plan of a ledger with some words. Raises BadLedger."""
    if catalogue.ledgers.get(ledger.code) is not ledger:
        return plan(ledger, words)
    kept = _plans.get(ledger.code)
    # An item that staff added cannot change what a declared ledger reads; so its plan holds with more words as well.
    if kept is None:
        kept = _plans[ledger.code] = plan(ledger, words)
    return kept
