"""What may leave how, in pure functions: when a second person is needed, who that may be, what a file says of itself,
how many persons an account sees in a day."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

from linyun.kernel.clock import ZONE
from linyun.kernel.declare import Role
from linyun.kernel.values.plain import CSV, csv_of
from linyun.kernel.words import say

AT_ONCE = 200
"""Rows about persons that leave for a stated reason alone; one more, and a second person has to agree."""

MOST_ROWS = 20_000
"""Rows of one plain list: what opens on an office machine. Beyond it the list is narrowed, never cut in silence."""

WAITS = timedelta(days=14)
"""How long a request waits for a second person. What nobody decided by then was not needed, or has to be asked anew."""

KEPT = timedelta(days=7)
"""How long the file of an agreed departure can be taken."""

GROWN = 1.1
"""The file is made when it was agreed to: of a list that has grown by more than a tenth since, nobody agreed to the rest."""

BUDGETS: Mapping[Role, int] = {
    # A committee has three to five thousand residents. Fifty doors, a ledger gone through by pages and the finds between
    # stay below a thousand; the whole register takes three days.
    Role.WORKER: 1500,
    # A grid is three to five hundred households: the whole of it can be walked in a day.
    Role.GRID: 1200,
    # One page shows a whole building; the highest towers have some 130 dwellings.
    Role.CHIEF: 400,
    # They read single files for a reason, and lists of nobody.
    Role.STREET: 200,
    Role.DISTRICT: 100,
    Role.CITY: 100,
    Role.DEPARTMENT: 100,
    Role.OPERATOR: 100,
}
"""How many different persons an account may see in a day in a post of each role."""

API_BUDGET = 2000
"""The same for a program: it may keep one day's working lists in step, not copy a register."""


def budget_of(role: Role | None, channel: str) -> int:
    """How many different persons may be seen in a day by whoever works in such a post, through pages or the API."""
    if role is None:
        return 0
    return max(API_BUDGET, BUDGETS[role]) if channel == "api" else BUDGETS[role]


class State(StrEnum):
    """Where a departure stands."""

    LEFT = "left"  # at once, for a reason
    ASKED = "asked"
    AGREED = "agreed"
    REFUSED = "refused"
    LAPSED = "lapsed"  # nobody decided in time
    READY = "ready"
    FAILED = "failed"
    GONE = "gone"  # the file was deleted


UNDECIDED = frozenset({State.LEFT, State.ASKED, State.LAPSED})
NEXT: Mapping[State, frozenset[State]] = {
    State.LEFT: frozenset(),
    State.ASKED: frozenset({State.AGREED, State.REFUSED, State.LAPSED}),
    State.AGREED: frozenset({State.READY, State.FAILED}),
    State.REFUSED: frozenset(),
    State.LAPSED: frozenset(),
    State.READY: frozenset({State.GONE}),
    State.FAILED: frozenset(),
    State.GONE: frozenset(),
}
"""What can become of a departure. Nothing is taken back: who still needs the list asks again."""


class TooLong(ValueError):
    """A list has more rows than one file may; the text says how many, and what to do."""


def fits(rows: int) -> None:
    """Raises TooLong for a list that would have to be cut."""
    if rows > MOST_ROWS:
        said = "这份名单有 {n} 行，一个文件最多 {most} 行。请先筛选（例如按楼或按月），分几次导出。"
        raise TooLong(say(said, n=f"{rows:,}", most=f"{MOST_ROWS:,}"))


class Misstep(ValueError):
    """A departure cannot go from where it stands to there."""


def step(now: str, then: State) -> State:
    """The state that follows. Raises Misstep for what does not follow."""
    if then not in NEXT[State(now)]:
        raise Misstep(f"{now} → {then}")
    return then


def needs_agreement(rows: int, channel: str, *, given_back: bool) -> bool:
    """Whether a second person has to agree before so many rows leave.

    Not at the machine's console, whose keeper holds the database anyway, nor for rows that go back to who brought them.
    """
    return rows > AT_ONCE and channel != "command" and not given_back


def same_person(asker: tuple[UUID | None, str, str], other: tuple[UUID | None, str, str]) -> bool:
    """Whether two accounts, each (id, name, phone), belong to one human being as far as anyone can tell.

    A namesake has to leave the decision to a third; somebody with a second account must not decide for themselves.
    """
    return asker[0] == other[0] or asker[1] == other[1] or (bool(asker[2]) and asker[2] == other[2])


def number_of(departure_id: UUID, at: datetime) -> str:
    """The number under which a departure is spoken of: day and six characters of its id (20261128-3F9A2C)."""
    return f"{at.astimezone(ZONE):%Y%m%d}-{departure_id.hex[-6:].upper()}"


MARKED = "导出标记"
"""The head of the column that marks each row of a .csv."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a file says of its departure: who took it, when, what for, under which number.

    ``in_rows``: whether a plain table carries it in a column; files for programs at the console keep their columns.
    """

    number: str
    who: str
    at: datetime
    reason: str
    in_rows: bool = True

    @property
    def text(self) -> str:
        """The mark in a line, as it stands at the foot of each printed page and in the file's properties."""
        return f"{self.short}　用途：{self.reason}" if self.reason else self.short

    @property
    def short(self) -> str:
        """Without the reason."""
        return f"导出人：{self.who}　{self.at.astimezone(ZONE):%Y-%m-%d %H:%M}　编号：{self.number}"

    def onto(self, head: Sequence[str], rows: Sequence[Sequence[Any]]) -> tuple[Sequence[str], Sequence[Sequence[Any]]]:
        """A plain table with the mark in a last column."""
        if not self.in_rows:
            return head, rows
        return [*head, MARKED], [[*row, self.text] for row in rows]

    def named(self, name: str) -> str:
        """The name of a file with the number of its departure in it."""
        path = PurePosixPath(name)
        return f"{path.stem[:90]}_{self.number}{path.suffix}"


@dataclass(frozen=True, slots=True)
class File:
    """A file to hand out."""

    name: str
    content: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class Leaving:
    """A list about to leave. ``says`` what it is in words, without naming anybody; ``rows``: how many are about persons.

    ``ids`` are the records behind the rows, for the daily budget; ``event`` is recorded when the list leaves; ``write``
    makes the file with its mark. ``given_back``: the rows were brought by the one who takes them.
    """

    says: str
    rows: int
    ids: Sequence[UUID]
    event: Any
    write: Callable[[Mark], File]
    given_back: bool = False

    @classmethod
    def table(
        cls,
        says: str,
        name: str,
        head: Sequence[str],
        rows: Sequence[Sequence[Any]],
        *,
        ids: Sequence[UUID],
        event: Any,
        given_back: bool = False,
    ) -> "Leaving":
        """A plain table, as .csv with the mark in its last column."""

        def write(mark: Mark) -> File:
            return File(name, csv_of(*mark.onto(head, rows)), CSV)

        return cls(says, len(rows), ids, event, write, given_back)
