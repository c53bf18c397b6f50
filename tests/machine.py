"""What the tests change about the machine: a quick password hash, and folders of their own for files."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import settings as examples

INPUTS = Path(settings.ROOT).parent / "shared" / "inputs"
_FOLDER = tempfile.TemporaryDirectory(prefix="linyun-tests-")
"""Goes with the process."""


def pytest_configure(config: pytest.Config) -> None:
    """Before the first test. Nothing that a user could notice is switched off here.

    Examples have no deadline: on a machine that also does other work a pause would count as a fault of the house. In
    CI they are the same each time.
    """
    examples.register_profile("house", deadline=None, derandomize="CI" in os.environ)
    examples.load_profile("house")
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher",
        "linyun.foundation.accounts.hashing.FirstPasswordHasher",
    ]
    for name in ("MEDIA_ROOT", "STATIC_ROOT"):
        folder = Path(_FOLDER.name) / name.lower()
        folder.mkdir(exist_ok=True)
        setattr(settings, name, folder)


@pytest.fixture(scope="session")
def inputs() -> Iterator[Path]:
    """The folder of real files of committees, which are not ours to give away; without it the tests say so."""
    if not INPUTS.is_dir():
        pytest.skip(f"no folder {INPUTS.parent.name}/{INPUTS.name} beside the repository: real forms were not read")
    yield INPUTS
