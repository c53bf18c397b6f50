"""The cells a ledger's columns may name: items and terms of the subject, cells of the source, and cells kept by hand."""

from collections.abc import Mapping
from dataclasses import dataclass

from linyun.hub.ledgers.sources import SOURCES
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import CodeSet, Kind, LedgerSource, Subject
from linyun.kernel.rule import Vocabulary

SEQUENCE = "seq"
BY_HAND = "entry."
_OWN = {s.subject: s for s in SOURCES if s.subject}

_BESIDE = (
    "(select e.cells -> '{code}' #>> '{{}}' from ledgers_ledgerentry e where e.ledger = %(ledger)s"
    " and e.subject_id = {{s}}.id and e.withdrawn_at is null order by e.id desc limit 1)"
)
"""A cell kept by hand beside a subject's row: the latest entry that names the subject."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: how it is named, typed, and read. ``read`` is SQL with ``{s}`` and ``{today}`` as in Term.

    ``origin``: item, term, source or entry; for a term ``reads`` are the item codes whose columns it looks at.
    """

    code: str
    name: str
    kind: Kind
    read: str
    origin: str
    code_set: CodeSet | None = None
    unit: str = ""


def by_hand_kind(code: str) -> Kind:
    """The kind of a hand-kept cell, told by its code: ``…_on`` is a day, ``…phone`` a number to call, and so on."""
    if code.endswith("_on") or code in ("born", "from", "until"):
        return Kind.DATE
    if code.endswith("phone"):
        return Kind.PHONE
    if code.endswith("identity_number"):
        return Kind.IDENTITY
    return Kind.TEXT


def by_hand(value: str, source: LedgerSource) -> Cell:
    """The cell of a column ``entry.x``: of the entry itself, or of the entry beside the subject's row."""
    code = value.removeprefix(BY_HAND)
    own = f"({{s}}.cells -> '{code}' #>> '{{}}')"
    read = own if source.code == "entry" else _BESIDE.format(code=code)
    return Cell(value, code, by_hand_kind(code), read, "entry")


def _set_for(code: str) -> CodeSet | None:
    """A source's coded cell holds codes of the set of its name: visit_mode; head_sex those of sex."""
    return catalogue.code_sets.get(code) or catalogue.code_sets.get(code.partition("_")[2])


def cells_of(source: LedgerSource, words: Vocabulary) -> Mapping[str, Cell]:
    """All cells of a source by code, those kept by hand excepted: they are whatever a ledger names."""
    found: dict[str, Cell] = {}
    if source.subject is not None:
        for field in words.fields.values():
            if field.subject is source.subject:
                origin = "item" if field.is_item else "term"
                unit = field.unit
                found[field.code] = Cell(field.code, field.name, field.kind, field.read, origin, field.code_set, unit)
    own = _OWN.get(source.subject) if source.subject else None
    for offered in (own, source):
        for code, (kind, read) in (offered.cells if offered else {}).items():
            codes = _set_for(code) if kind in (Kind.CODE, Kind.CODES) else None
            found[code] = Cell(code, _names().get(code, code), kind, read, "source", codes)
    if source.subject is Subject.PERSON and "mark_codes" in found:
        marks = found["mark_codes"]
        found["tags"] = Cell("tags", "标签", Kind.CODES, f"string_to_array({marks.read}, ',')", "source", _tag_names())
    return found


def _tag_names() -> CodeSet:
    ...
