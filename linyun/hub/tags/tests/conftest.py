"""What was counted for one test is not told to the next."""

from collections.abc import Iterator

import pytest

from linyun.hub.tags import counts


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    """Begin with nothing counted."""
    counts.KEPT.clear()
    yield
    counts.KEPT.clear()
