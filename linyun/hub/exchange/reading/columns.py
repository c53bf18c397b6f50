"""The columns of one block of a table, ready to be read: which cell holds what, and how each is parsed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from linyun.hub.exchange.reading.cells import Cell, Sheet
from linyun.hub.exchange.reading.mapping import SUBJECT_OF, Guess, Kind
from linyun.hub.exchange.reading.specials import ADDRESS_PARTS, IGNORED
from linyun.hub.exchange.reading.words import Vocabulary, fold
from linyun.kernel.declare import CodeSet, Item
from linyun.kernel.values import reading
from linyun.kernel.values.parsed import Parsed
from linyun.kernel.values.reading import Circumstances

_HANDLED = frozenset(
    ["@address", "@registered", "@household", "@relation", "@head_name", "@age", "@remark", "@sequence", *IGNORED]
) | {f"@{part}" for part in ADDRESS_PARTS}


@dataclass(slots=True)
class Field:
    """A column that fills an item. ``memo`` keeps readings of cells that repeat."""

    index: int
    label: str
    item: Item
    own: bool
    read: Callable[[Any], Parsed[Any]]
    memo: dict[Any, Parsed[Any]] = field(default_factory=dict)

    def parse(self, cell: Cell) -> Parsed[Any]:
        """Read a cell, from memory when the same was read before."""
        found = self.memo.get(cell)
        if found is None:
            found = self.memo[cell] = self.read(cell)
        return found


@dataclass(slots=True)
class Columns:
    """Where everything is. Indexes are None for what the table does not have."""

    labels: dict[int, str]
    width: int
    fields: list[Field]
    specials: dict[str, int]
    address: dict[str, int]
    name: Field | None = None
    identity: Field | None = None
    document: Field | None = None
    birth: Field | None = None
    sex: Field | None = None
    registered: int | None = None
    relation: int | None = None
    household: int | None = None
    head_name: int | None = None
    age: int | None = None
    remark: int | None = None
    sequence: int | None = None


def prepare(
    sheet: Sheet, kind: Kind, guesses: Sequence[Guess], words: Vocabulary, sets: Mapping[str, CodeSet], today: date
) -> Columns:
    """Sort the mapped columns of a block into what the reader asks for; an item without its code set is left out."""
    where = {g.target: g.column.index for g in guesses if g.target.startswith("@")}
    labels = {g.column.index: f"{g.column.letter} {g.column.header}".strip() for g in guesses}
    about = Circumstances(today=today, epoch_1904=sheet.epoch_1904)
    fields = [
        made
        for g in guesses
        if (item := words.items.get(g.target)) and (made := _field(g, item, kind, labels, sets, about))
    ]
    columns = Columns(
        labels=labels,
        width=max(labels, default=-1) + 1,
        fields=fields,
        specials={t: i for t, i in where.items() if t not in _HANDLED},
        address={p: where[f"@{p}"] for p in ("address", *ADDRESS_PARTS) if f"@{p}" in where},
        registered=where.get("@registered"),
        relation=where.get("@relation"),
        household=where.get("@household"),
        head_name=where.get("@head_name"),
        age=where.get("@age"),
        remark=where.get("@remark"),
        sequence=where.get("@sequence"),
    )
    if kind in (Kind.PEOPLE, Kind.VISITS):
        _take_person(columns)
    return columns


def _field(
    guess: Guess, item: Item, kind: Kind, labels: dict[int, str], sets: Mapping[str, CodeSet], about: Circumstances
) -> Field | None:
    code_set = sets.get(item.code_set)
    if item.code_set and code_set is None:
        return None
    own = item.subject is SUBJECT_OF.get(kind)
    index = guess.column.index
    return Field(index, labels[index], item, own, lambda cell: reading.parse(item, cell, code_set, about))


def _take_person(columns: Columns) -> None:
    """Take out the person's own name, number, document, birth and sex: they are read together."""
    rest = []
    for made in columns.fields:
        names = {fold(n) for n in (made.item.name, *made.item.names)}
        if not made.own:
            rest.append(made)
        elif columns.identity is None and reading.bears_citizens_number(made.item) and {"身份证", "身份证号码"} & names:
            columns.identity = made
        elif columns.name is None and "姓名" in names:
            columns.name = made
        elif columns.document is None and "证件类型" in names:
            columns.document = made
            rest.append(made)
        elif columns.birth is None and "出生日期" in names:
            columns.birth = made
        elif columns.sex is None and "性别" in names:
            columns.sex = made
        else:
            rest.append(made)
    columns.fields = rest
