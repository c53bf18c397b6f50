"""What the tests change about the machine: a quick password hash, and folders of their own for files."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

INPUTS = Path(settings.ROOT).parent / "shared" / "inputs"
_FOLDER = tempfile.TemporaryDirectory(prefix="linyun-tests-")
"""Goes with the process."""


def pytest_configure(config: pytest.Config) -> None:
    """Before the first test. Nothing that a user could notice is switched off here."""
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
