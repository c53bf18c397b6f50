"""Sheets of one file that belong together: owners in one, their dwellings in another, joined by the owner's number."""

from collections.abc import Iterable
from datetime import date

from linyun.hub.exchange.reading.mapping import Kind
from linyun.hub.exchange.reading.rows import Problem, Row
from linyun.hub.exchange.reading.table import Table
from linyun.kernel.values.addresses import Address
from linyun.kernel.words import say

OWNER = "@owner_no"


def owned_dwellings(tables: Iterable[Table], today: date | None = None) -> dict[str, list[Address]]:
    """Owner's number → the dwellings that the file's lists of dwellings give this owner, in their order."""
    owned: dict[str, list[Address]] = {}
    for table in tables:
        if table.kind is Kind.DWELLINGS:
            for row in table.rows(today):
                if row.address is not None and OWNER in row.specials:
                    owned.setdefault(row.specials[OWNER], []).append(row.address)
    return owned


def unknown_owners(tables: Iterable[Table], today: date | None = None) -> list[Problem]:
    """Dwellings whose owner's number no list of people in the file has, when the file has such a list at all."""
    tables = list(tables)
    people = {r.specials[OWNER] for t in tables if t.kind is Kind.PEOPLE for r in t.rows(today) if OWNER in r.specials}
    if not people:
        return []
    return [
        _problem(table, row)
        for table in tables
        if table.kind is Kind.DWELLINGS
        for row in table.rows(today)
        if row.specials.get(OWNER, "") and row.specials[OWNER] not in people
    ]


def _problem(table: Table, row: Row) -> Problem:
    guess = next(g for g in table.guesses if g.target == OWNER)
    label = f"{guess.column.letter} {guess.column.header}"
    reason = say("业主名单里没有这个编号。请补上业主，或改正编号")
    return Problem(row.sheet, row.number, label, row.specials[OWNER], reason, "cell")
