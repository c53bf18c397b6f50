"""How staff write a ledger's columns: one a line, ``上层表头 > 表头 = 项目``, by names people know. Pure functions."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from linyun.hub.ledgers.cells import BY_HAND, SEQUENCE, Cell
from linyun.hub.ledgers.plans import Problem
from linyun.kernel.declare import Column
from linyun.kernel.words import say

SEQUENCE_NAME = "序号"
BY_HAND_NAME = "手工填写"
_NUMBERED = re.compile(r"entry\.c\d+\Z")


@dataclass(frozen=True, slots=True)
class Written:
    """Columns as they were written, and what could not be understood, by line."""

    columns: tuple[Column, ...]
    problems: tuple[Problem, ...]


def _names(cells: Mapping[str, Cell]) -> dict[str, str]:
    """Codes by the names under which people know them; the first cell of a name has it."""
    found: dict[str, str] = {SEQUENCE_NAME: SEQUENCE}
    for code, cell in cells.items():
        found.setdefault(cell.name, code)
    return found


def read_columns(text: str, cells: Mapping[str, Cell]) -> Written:
    """Read the lines. ``姓名`` alone is the item of that name; ``电话 = 联系电话`` gives it another head.

    ``备注 = 手工填写`` is a column that people fill in themselves.
    """
    names = _names(cells)
    columns: list[Column] = []
    problems: list[Problem] = []
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for n, line in enumerate(lines):
        path, sign, wanted = line.partition("=")
        *head, name = [part.strip() for part in path.replace("＞", ">").split(">")]
        value = _value(wanted.strip() if sign else name, n, names, cells)
        if not name:
            problems.append(Problem(f"columns.{n}", say("第 {n} 行“{line}”没有写表头", n=n + 1, line=line)))
        elif not value:
            problems.append(Problem(f"columns.{n}", _unknown(n, line, wanted.strip() or name, names)))
        else:
            columns.append(Column(name, value, tuple(head)))
    return Written(tuple(columns), tuple(problems))


def _value(wanted: str, n: int, names: Mapping[str, str], cells: Mapping[str, Cell]) -> str:
    if wanted == BY_HAND_NAME:
        return f"{BY_HAND}c{n + 1}"
    if wanted in cells or wanted == SEQUENCE or wanted.startswith(BY_HAND):
        return wanted
    return names.get(wanted, "")


def _unknown(n: int, line: str, wanted: str, names: Mapping[str, str]) -> str:
    near = get_close_matches(wanted, list(names), 1, 0.5)
    if near:
        return say("第 {n} 行：没有“{wanted}”这一项，是不是“{near}”", n=n + 1, wanted=wanted, near=near[0])
    own = f"{line.partition('=')[0].strip()} = {BY_HAND_NAME}"
    return say("第 {n} 行：没有“{wanted}”这一项；自己填的列请写“{own}”", n=n + 1, wanted=wanted, own=own)


def write_columns(columns: Iterable[Column], cells: Mapping[str, Cell]) -> str:
    """The lines that ``read_columns`` reads back to the same columns."""
    names = {code: name for name, code in _names(cells).items()}
    lines = []
    for column in columns:
        path = " > ".join((*column.head, column.name))
        value = BY_HAND_NAME if _NUMBERED.match(column.value) else names.get(column.value, column.value)
        lines.append(path if value == path else f"{path} = {value}")
    return "\n".join(lines)


def from_choice(codes: Sequence[str], cells: Mapping[str, Cell]) -> tuple[Column, ...]:
    """Columns for chosen cells, in the order of the catalogue, behind the row's number."""
    chosen = [Column(cells[c].name, c) for c in cells if c in codes]
    return (Column(SEQUENCE_NAME, SEQUENCE), *chosen)


def from_blank(columns: Iterable[tuple[int, tuple[str, ...], str]]) -> tuple[Column, ...]:
    """Columns for a blank, given as (number, head, cell): what nothing of ours fills is filled in by hand."""
    return tuple(Column(path[-1], value or f"{BY_HAND}c{number}", path[:-1]) for number, path, value in columns)
