"""Addresses of named routes."""

from functools import lru_cache

from django.conf import settings
from django.urls import get_urlconf, reverse


def fixed(name: str) -> str:
    """The address of a route without arguments, looked up once: a page names thirty. Raises NoReverseMatch."""
    return _fixed(name, get_urlconf() or settings.ROOT_URLCONF)


@lru_cache(maxsize=1024)
def _fixed(name: str, urlconf: str) -> str:
    return reverse(name, urlconf=urlconf)
