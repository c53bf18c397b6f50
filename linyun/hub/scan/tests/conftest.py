"""What was counted for one test is not told to the next."""

from collections.abc import Iterator

import pytest

from linyun.hub.scan import find


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    """Begin with nothing counted."""
    find.AROUND.clear()
    yield
    find.AROUND.clear()
