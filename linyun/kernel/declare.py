"""What an app can offer to the house: frozen declarations, checked when they are made.

Each type here is read from the catalogue by others; none of them does anything by itself. Names are
given in Chinese because people see them; codes are lower-case ASCII because files, URLs and rules hold them.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Any

CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*\Z")


class DeclarationError(ValueError):
    """A declaration is malformed, a duplicate, or names something that nobody declares."""


class Subject(StrEnum):
    """What a record is about (主体)."""

    PERSON = "person"
    HOUSEHOLD = "household"
    DWELLING = "dwelling"
    ORGANISATION = "organisation"
    PLACE = "place"


class Kind(StrEnum):
    """The type of an item's value."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    BOOLEAN = "boolean"
    CODE = "code"  # one code of a code set
    CODES = "codes"  # several codes of a code set
    IDENTITY = "identity"  # a document number: stored sealed, found by digest, shown masked
    PHONE = "phone"  # one or several numbers, "; " between them; shown masked
    AREA = "area"  # an area code


class Level(IntEnum):
    """Sensitivity of data (数据分级). From SENSITIVE up a look needs a stated reason."""

    PUBLIC = 1
    INTERNAL = 2
    PERSONAL = 3
    SENSITIVE = 4


class Role(StrEnum):
    """Roles in which a person works at an area (岗位角色)."""

    CITY = "city"
    DISTRICT = "district"
    STREET = "street"
    WORKER = "worker"
    GRID = "grid"
    CHIEF = "chief"
    DEPARTMENT = "department"
    OPERATOR = "operator"


def _check_code(what: str, code: str) -> None:
    if not CODE.match(code):
        raise DeclarationError(f"{what} {code!r}: a code is lower-case ASCII words, digits, '_' and '.'")


def _check_stated(what: str, code: str, **stated: str) -> None:
    """Refuse a declaration that leaves empty what people will read of it."""
    _check_code(what, code)
    if missing := [name for name, text in stated.items() if not text.strip()]:
        raise DeclarationError(f"{what} {code}: {', '.join(missing)} must be stated")


@dataclass(frozen=True, slots=True)
class Code:
    """One entry of a code set. ``words`` are other wordings seen in files that mean this code."""

    code: str
    name: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CodeSet:
    """A closed list of codes (代码集), with the edition of the standard it follows."""

    code: str
    name: str
    standard: str
    codes: tuple[Code, ...]
    _names: dict[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _check_code("code set", self.code)
        if len({c.code for c in self.codes}) != len(self.codes):
            raise DeclarationError(f"code set {self.code}: a code stands twice")
        object.__setattr__(self, "_names", {c.code: c.name for c in self.codes})

    def name_of(self, code: str) -> str:
        """The name of a code; the code itself when the set does not hold it."""
        return self._names.get(code, code)


@dataclass(frozen=True, slots=True)
class Item:
    """A declared fact about a subject (数据元).

    ``core`` items have a typed column of the same name; the others live in the record's JSONB tail.
    ``names`` are header wordings that mean this item in a file about its own subject. ``derived`` names the
    function (see hub.records.derive) that computes the value; a derived item is never asked or imported over
    what it is derived from. ``fresh_days``: after so many days a value should be confirmed; None = never stale.
    """

    code: str
    subject: Subject
    name: str
    kind: Kind
    owner: str
    level: Level
    purpose: str
    basis: str
    group: str = ""
    code_set: str = ""
    names: tuple[str, ...] = ()
    unit: str = ""
    fresh_days: int | None = None
    derived: str = ""
    core: bool = False
    standard: str = ""
    help: str = ""
    validator: str = ""  # a named validator of kernel.values: "uscc", "postcode", "year" …
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        _check_stated("item", self.code, name=self.name)
        if not (self.purpose and self.basis and self.owner):
            raise DeclarationError(f"item {self.code}: a purpose, a legal basis and an owner must be stated")
        if (self.kind in (Kind.CODE, Kind.CODES)) != bool(self.code_set):
            raise DeclarationError(f"item {self.code}: kind {self.kind} and code set {self.code_set!r} do not fit")
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise DeclarationError(f"item {self.code}: low {self.low:g} is not below high {self.high:g}")
        if self.fresh_days is not None and self.fresh_days < 1:
            raise DeclarationError(f"item {self.code}: fresh for {self.fresh_days} days is never fresh; leave it out")


@dataclass(frozen=True, slots=True)
class Department:
    """A line of work that owns items and asks for data (条线)."""

    code: str
    name: str

    def __post_init__(self) -> None:
        _check_stated("department", self.code, name=self.name)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value can come from (来源). Higher ``rank`` wins; see hub.records.precedence."""

    code: str
    name: str
    rank: int
    department: str = ""

    def __post_init__(self) -> None:
        _check_stated("source", self.code, name=self.name)


@dataclass(frozen=True, slots=True)
class Tag:
    """An entry of the tag dictionary (标签): computed by ``rule``, or set by hand with a ground and an end."""

    code: str
    name: str
    path: tuple[str, ...]
    subject: Subject
    meaning: str
    purpose: str
    owner: str
    level: Level
    rule: str = ""
    expires_days: int | None = None
    source: str = ""
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        stated = {"name": self.name, "meaning": self.meaning, "purpose": self.purpose, "owner": self.owner}
        _check_stated("tag", self.code, **stated)
        if self.expires_days is not None and self.expires_days < 1:
            raise DeclarationError(f"tag {self.code}: it would end after {self.expires_days} days, before it is set")


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often the persons of a rule are visited (走访频次): every so many ``days``, where that is practice, and its source."""

    code: str
    name: str
    rule: str
    days: int
    jurisdiction: str
    source: str

    def __post_init__(self) -> None:
        _check_code("rhythm", self.code)
        if not (self.name and self.rule and self.jurisdiction and self.source):
            raise DeclarationError(f"rhythm {self.code}: a name, a rule, a jurisdiction and a source must be stated")
        if not 1 <= self.days <= 3660:
            raise DeclarationError(f"rhythm {self.code}: {self.days} days is no rhythm; from 1 to 3660")


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the rule language that an app offers over a subject.

    ``sql`` is a PostgreSQL expression; ``{s}`` stands for the alias of the subject's table, ``{today}`` for the
    stated day as a date. NULL means "not known". Every item is a term by itself; these are the others
    (age, last visit, days since …). ``level`` is that of the most sensitive thing it can tell. A term that counts full
    years up to the stated day names in ``since`` the date it counts from: it is compared there.
    """

    code: str
    name: str
    subject: Subject
    kind: Kind
    sql: str
    code_set: str = ""
    names: tuple[str, ...] = ()
    unit: str = ""
    level: Level = Level.PERSONAL
    since: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """A step from one subject to related ones (同住家人, 子女, 户内成员, 居住房屋).

    ``sql`` is a FROM-WHERE tail: ``records_person {t} join … where … = {s}.id``; ``{t}`` is the alias of the target.
    """

    code: str
    name: str
    subject: Subject
    target: Subject
    sql: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a ledger. ``value`` names an item, a term or a computed cell; ``head`` are the upper header cells."""

    name: str
    value: str
    head: tuple[str, ...] = ()
    width: int = 0


@dataclass(frozen=True, slots=True)
class Ledger:
    """A ledger or report defined as data (台账). ``source`` names a LedgerSource, ``rule`` filters its subject."""

    code: str
    name: str
    group: str
    source: str
    columns: tuple[Column, ...]
    rule: str = ""
    period: str = "current"  # current · month · quarter · year
    due: str = ""
    audited: bool = False
    sort: tuple[str, ...] = ()
    unit: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        _check_code("ledger", self.code)


@dataclass(frozen=True, slots=True)
class LedgerSource:
    """Rows a ledger can be made of: an app's table as SQL, its subject and the cells it knows.

    ``sql`` is a FROM-WHERE tail with ``{s}`` the alias of the subject row, ``%(start)s`` and ``%(end)s`` the period
    (end exclusive) where the rows are dated. ``cells`` maps a cell code to (kind, expression); all items and terms of
    ``subject`` are cells as well. ``ref`` gives the id to which a cell leads back, ``ref_kind`` its kind.
    """

    code: str
    name: str
    subject: Subject | None
    sql: str
    cells: Mapping[str, tuple[Kind, str]] = field(default_factory=dict)
    ref: str = ""
    ref_kind: str = ""
    order: str = ""
    dated: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """Something a person may be allowed to do (权限). ``roles`` are those who may, each within the area of the post."""

    code: str
    name: str
    roles: frozenset[Role]
    signed_in: bool = True  # False: open to everybody, roles are ignored

    def __post_init__(self) -> None:
        _check_code("action", self.code)


@dataclass(frozen=True, slots=True)
class Export:
    """A list of persons that can leave as a file (导出); nothing leaves otherwise (see foundation.leaving).

    ``action`` is the right that whoever takes it needs. ``make`` (dotted path) takes the parameters, plain values that
    JSON holds, and answers within the scope of whoever acts what would leave (foundation.leaving.rules.Leaving).
    """

    code: str
    name: str
    action: str
    make: str

    def __post_init__(self) -> None:
        _check_code("export", self.code)


@dataclass(frozen=True, slots=True)
class Menu:
    """An entry of a face's menu; shown to those who may do ``action``. ``badge`` counts what waits (dotted path)."""

    code: str
    label: str
    url: str  # name of a route
    icon: str
    action: str
    order: int
    face: str = "desk"
    badge: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A part of a composed page that an upper app gives to a lower one's page. ``render(request, subject) -> html``."""

    code: str
    page: str
    order: int
    action: str
    render: Callable[..., str]


@dataclass(frozen=True, slots=True)
class On:
    """After ``event`` is recorded, ``do`` (dotted path of a job taking the event) runs: after commit, at least once."""

    event: type
    do: str


@dataclass(frozen=True, slots=True)
class Erasure:
    """How a kind of record is erased or kept: retention in days and what happens then (per data domain)."""

    kind: str
    keep_days: int | None
    then: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """All that one app offers. Read once at start by the catalogue."""

    app: str
    items: tuple[Item, ...] = ()
    code_sets: tuple[CodeSet, ...] = ()
    departments: tuple[Department, ...] = ()
    sources: tuple[Source, ...] = ()
    tags: tuple[Tag, ...] = ()
    rhythms: tuple[Rhythm, ...] = ()
    terms: tuple[Term, ...] = ()
    relations: tuple[Relation, ...] = ()
    ledgers: tuple[Ledger, ...] = ()
    ledger_sources: tuple[LedgerSource, ...] = ()
    actions: tuple[Action, ...] = ()
    exports: tuple[Export, ...] = ()
    menu: tuple[Menu, ...] = ()
    cards: tuple[Card, ...] = ()
    on: tuple[On, ...] = ()
    erasures: tuple[Erasure, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
