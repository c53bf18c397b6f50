"""A hostile bench: what a database may answer in any order, it answers in another order in every test.

PostgreSQL promises no order without ORDER BY; on a small table it keeps one by chance, until the day of a big one.
"""

import random
from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models import QuerySet

_fetch: Any = QuerySet._fetch_all  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def unordered_queries_come_shuffled(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The order depends on the test's name alone, so that a failure can be repeated."""
    chance = random.Random(request.node.nodeid)

    def shuffled(queryset: Any) -> None:
        fresh = queryset._result_cache is None
        _fetch(queryset)
        if fresh and not queryset.ordered:
            chance.shuffle(queryset._result_cache)

    monkeypatch.setattr(QuerySet, "_fetch_all", shuffled)
    yield
