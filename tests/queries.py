"""Counting what the database is asked."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

FRAME = re.compile(r"\s*(begin|commit|rollback|savepoint|release|set |select set_config)", re.IGNORECASE)
"""Transaction control and the scope: they cost no plan, and every page has the same few of them."""


class Asked:
    """The statements that were run inside, without the frame of the transaction."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def __len__(self) -> int:
        return len(self.statements)

    def __str__(self) -> str:
        return "\n".join(f"{n}. {s[:300]}" for n, s in enumerate(self.statements, start=1))


@contextmanager
def asking() -> Iterator[Asked]:
    """Collect what is asked inside."""
    asked = Asked()
    with CaptureQueriesContext(connection) as captured:
        yield asked
    asked.statements = [q["sql"] for q in captured.captured_queries if not FRAME.match(q["sql"])]


@contextmanager
def _exactly(count: int, *, at_most: bool = False) -> Iterator[Asked]:
    with asking() as asked:
        yield asked
    fits = len(asked) <= count if at_most else len(asked) == count
    if not fits:
        pytest.fail(f"{len(asked)} queries instead of {'at most ' if at_most else ''}{count}:\n{asked}", pytrace=False)


@pytest.fixture
def assert_queries() -> Callable[..., AbstractContextManager[Asked]]:
    """``with assert_queries(7):`` or ``assert_queries(12, at_most=True)``; transaction control is not counted."""
    return _exactly
