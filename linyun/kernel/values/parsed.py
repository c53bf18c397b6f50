"""What a parser gives back: a normal value, or a sentence that says what is wrong and how to mend it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Generic, NamedTuple, TypeVar

T = TypeVar("T")

NOTHING: Mapping[str, Any] = MappingProxyType({})


class Parsed(NamedTuple, Generic[T]):
    """The reading of one cell.

    ``value`` is the normal form, None when the cell is blank or refused. ``problem`` is a sentence for the
    worker. Both may stand together: two phones in a cell of which one is whole give the good one and the problem of
    the other. ``notes`` tell what was changed while reading (nothing is added that the cell does not hold).
    """

    value: T | None
    problem: str | None = None
    notes: tuple[str, ...] = ()
    extra: Mapping[str, Any] = NOTHING

    @property
    def blank(self) -> bool:
        """Whether the cell says nothing: no value and nothing to complain about."""
        return self.value is None and self.problem is None


BLANK: Parsed[Any] = Parsed(None)


def refuse(problem: str) -> Parsed[Any]:
    """No value, and why."""
    return Parsed(None, problem)
