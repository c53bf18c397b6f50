"""The cells a ledger's columns may name: items and terms of the subject, cells of the source, cells kept by hand."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from linyun.hub.ledgers.sources import SOURCES
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import CodeSet, Column, Kind, LedgerSource, Subject
from linyun.kernel.rule import Vocabulary
from linyun.kernel.words import msgid

SEQUENCE = "seq"
TAGS = "tags"
"""What kind of person this is: a few of the tags borne, put in when the rows are there (see fill)."""
BY_HAND = "entry."
HAPPENED = "entry.date"
"""The hand-kept cell that dates a row: a ledger that has it is a log, one that has not is a list."""

_OWN = {s.subject: s for s in SOURCES if s.subject}
_BESIDE = (
    "(select e.cells -> '{code}' #>> '{{}}' from ledgers_ledgerentry e where e.ledger = %(ledger)s"
    " and e.subject_id = {{s}}.id and e.withdrawn_at is null order by e.id desc limit 1)"
)
"""A cell kept by hand beside a subject's row: the latest entry that names the subject."""

_COUNTED = re.compile(
    r"(（(元|平方米|小时|亩|公斤|人|个|户|家|套)）|人数|数量|个数|次数|人次|条数|户数|楼栋数|[区位]数|年龄|单价)\Z"
)
_DATED = re.compile(r"(_on|date)\Z|\A(born|from|until)\Z")
_HAND_CODE = re.compile(r"[a-z][a-z0-9_]*\Z")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: how it is named, typed and read. ``read`` is SQL with ``{s}`` and ``{today}`` as in Term.

    ``origin``: item, term, source or entry (kept by hand).
    """

    code: str
    name: str
    kind: Kind
    read: str
    origin: str
    code_set: CodeSet | None = None
    unit: str = ""


def by_hand_kind(code: str, name: str) -> Kind:
    """The kind of a hand-kept cell, told by its code (``paid_on``, ``keeper_phone``) or its column's name (人数)."""
    if _DATED.search(code):
        return Kind.DATE
    if code.endswith(("phone", "landline")):
        return Kind.PHONE
    if code.endswith("identity_number"):
        return Kind.IDENTITY
    return Kind.DECIMAL if _COUNTED.search(name) else Kind.TEXT


def by_hand(column: Column, source: LedgerSource) -> Cell | None:
    """The cell of a column ``entry.x``: of the entry itself, or of the entry beside the subject's row.

    None when the column is not of this form.
    """
    code = column.value.removeprefix(BY_HAND)
    if not column.value.startswith(BY_HAND) or not _HAND_CODE.match(code):
        return None
    read = f"({{s}}.cells -> '{code}' #>> '{{}}')" if source.code == "entry" else _BESIDE.format(code=code)
    return Cell(column.value, column.name, by_hand_kind(code, column.name), read, "entry")


def _codes_for(code: str) -> CodeSet | None:
    """A source's coded cell holds codes of the set of its name: visit_mode; head_sex those of sex."""
    return catalogue.code_sets.get(code) or catalogue.code_sets.get(code.partition("_")[2])


def _names(source: LedgerSource) -> dict[str, str]:
    declared = (x for x in catalogue.ledgers.values() if x.source == source.code)
    return {c.value: c.name for ledger in declared for c in ledger.columns} | NAMES


def cells_of(source: LedgerSource, words: Vocabulary) -> Mapping[str, Cell]:
    """All cells of a source by code, those kept by hand excepted: they are whatever a ledger names."""
    found: dict[str, Cell] = {}
    for field in words.fields.values():
        if source.subject is not None and field.subject is source.subject:
            origin = "item" if field.is_item else "term"
            found[field.code] = Cell(field.code, field.name, field.kind, field.read, origin, field.code_set, field.unit)
    names = _names(source)
    own = _OWN.get(source.subject) if source.subject else None
    for offered in (own, source) if own is not source else (source,):
        for code, (kind, read) in (offered.cells if offered else {}).items():
            codes = _codes_for(code) if kind in (Kind.CODE, Kind.CODES) else None
            found[code] = Cell(code, names.get(code, code), kind, read, "source", codes)
    if source.subject is Subject.PERSON:
        found[TAGS] = Cell(TAGS, msgid("标签"), Kind.CODES, "null::text", "term")
    return found


NAMES = {
    "address": msgid("住址"),
    "registered_text": msgid("户籍地址"),
    "estate_text": msgid("小区"),
    "building_text": msgid("楼号"),
    "room_text": msgid("室号"),
    "household_number": msgid("户号"),
    "head_name": msgid("户主"),
    "head_sex": msgid("户主性别"),
    "head_phone": msgid("户主电话"),
    "head_identity": msgid("户主证件号码"),
    "member_names": msgid("家庭成员"),
    "owner_names": msgid("产权人"),
    "resident_names": msgid("居住人"),
    "registered_names": msgid("户籍人员"),
}
"""Names of our sources' cells. Other apps' cells are named as the declared ledgers name them, else by their code."""
