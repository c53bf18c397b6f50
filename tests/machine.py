"""What the tests change about the machine: a quick password hash and a folder of their own for files."""

import tempfile

import pytest
from django.conf import settings


def pytest_configure(config: pytest.Config) -> None:
    """Before Django starts. Nothing that a user could notice is switched off here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MEDIA_ROOT = tempfile.mkdtemp(prefix="linyun-test-files-")
