"""The catalogue: everything the apps declare, collected once at start and closed. A door that checks.

``open_with`` takes the manifests, refuses duplicates, unknown references and malformed entries with a sentence, and
closes. Reading an open catalogue, or opening a closed one, is an error: nothing is declared behind the house's back.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from linyun.kernel.declare import (
    Action,
    Card,
    CodeSet,
    DeclarationError,
    Department,
    Erasure,
    Export,
    Item,
    Ledger,
    LedgerSource,
    Manifest,
    Menu,
    On,
    Relation,
    Rhythm,
    Source,
    Subject,
    Tag,
    Term,
)

T = TypeVar("T")


def _index(what: str, entries: Iterable[T], key: Callable[[T], Any]) -> dict[Any, T]:
    found: dict[Any, T] = {}
    for entry in entries:
        k = key(entry)
        if k in found:
            raise DeclarationError(f"{what} {k!r} is declared twice")
        found[k] = entry
    return found


@dataclass
class Catalogue:
    """What is declared, by code. ``items`` are keyed by (subject, code): a code is unique within its subject."""

    items: dict[tuple[Subject, str], Item] = field(default_factory=dict)
    code_sets: dict[str, CodeSet] = field(default_factory=dict)
    departments: dict[str, Department] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    tags: dict[str, Tag] = field(default_factory=dict)
    rhythms: dict[str, Rhythm] = field(default_factory=dict)
    terms: dict[tuple[Subject, str], Term] = field(default_factory=dict)
    relations: dict[tuple[Subject, str], Relation] = field(default_factory=dict)
    ledgers: dict[str, Ledger] = field(default_factory=dict)
    ledger_sources: dict[str, LedgerSource] = field(default_factory=dict)
    actions: dict[str, Action] = field(default_factory=dict)
    exports: dict[str, Export] = field(default_factory=dict)
    menu: tuple[Menu, ...] = ()
    cards: tuple[Card, ...] = ()
    on: tuple[On, ...] = ()
    erasures: dict[str, Erasure] = field(default_factory=dict)
    is_open: bool = False

    def open_with(self, manifests: Iterable[Manifest]) -> None:
        """Read the manifests and close the door. Raises DeclarationError at the first entry that does not hold."""
        if self.is_open:
            raise DeclarationError("the catalogue is already open")
        ms = list(manifests)
        _index("app", ms, lambda m: m.app)
        self.items = _index("item", (i for m in ms for i in m.items), lambda i: (i.subject, i.code))
        self.code_sets = _index("code set", (c for m in ms for c in m.code_sets), lambda c: c.code)
        self.departments = _index("department", (d for m in ms for d in m.departments), lambda d: d.code)
        self.sources = _index("source", (s for m in ms for s in m.sources), lambda s: s.code)
        self.tags = _index("tag", (t for m in ms for t in m.tags), lambda t: t.code)
        self.rhythms = _index("rhythm", (r for m in ms for r in m.rhythms), lambda r: r.code)
        self.terms = _index("term", (t for m in ms for t in m.terms), lambda t: (t.subject, t.code))
        self.relations = _index("relation", (r for m in ms for r in m.relations), lambda r: (r.subject, r.code))
        self.ledgers = _index("ledger", (x for m in ms for x in m.ledgers), lambda x: x.code)
        self.ledger_sources = _index("ledger source", (x for m in ms for x in m.ledger_sources), lambda x: x.code)
        self.actions = _index("action", (a for m in ms for a in m.actions), lambda a: a.code)
        self.exports = _index("export", (e for m in ms for e in m.exports), lambda e: e.code)
        self.erasures = _index("erasure", (e for m in ms for e in m.erasures), lambda e: e.kind)
        menu = _index("menu entry", (x for m in ms for x in m.menu), lambda x: (x.face, x.code))
        self.menu = tuple(sorted(menu.values(), key=lambda x: (x.face, x.order)))
        cards = _index("card", (x for m in ms for x in m.cards), lambda x: (x.page, x.code))
        self.cards = tuple(sorted(cards.values(), key=lambda x: (x.page, x.order)))
        self.on = tuple(o for m in ms for o in m.on)
        self._check_references()
        self.is_open = True

    def _check_references(self) -> None:
        for item in self.items.values():
            if item.code_set and item.code_set not in self.code_sets:
                raise DeclarationError(f"item {item.code}: code set {item.code_set!r} is declared by nobody")
            if item.owner not in self.departments:
                raise DeclarationError(f"item {item.code}: department {item.owner!r} is declared by nobody")
        for tag in self.tags.values():
            if tag.owner not in self.departments:
                raise DeclarationError(f"tag {tag.code}: department {tag.owner!r} is declared by nobody")
        for source in self.sources.values():
            if source.department and source.department not in self.departments:
                raise DeclarationError(f"source {source.code}: department {source.department!r} is declared by nobody")
        for term in self.terms.values():
            if term.code_set and term.code_set not in self.code_sets:
                raise DeclarationError(f"term {term.code}: code set {term.code_set!r} is declared by nobody")
        for term_key in self.terms:
            if term_key in self.items:
                raise DeclarationError(f"term {term_key[1]}: an item of {term_key[0]} has the same code")
        for ledger in self.ledgers.values():
            if ledger.source not in self.ledger_sources:
                raise DeclarationError(f"ledger {ledger.code}: source {ledger.source!r} is declared by nobody")
        entries: tuple[Menu | Card | Export, ...] = (*self.menu, *self.cards, *self.exports.values())
        for entry in entries:
            if entry.action not in self.actions:
                raise DeclarationError(f"{entry.code}: action {entry.action!r} is declared by nobody")

    def items_of(self, subject: Subject) -> list[Item]:
        """The items of one subject, in declared order."""
        return [i for (s, _), i in self.items.items() if s is subject]

    def item(self, subject: Subject, code: str) -> Item:
        """One item. Raises KeyError when it is not declared."""
        return self.items[subject, code]


catalogue = Catalogue()
"""The one catalogue of the running house; linyun.site opens it."""
