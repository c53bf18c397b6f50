"""Whose address counts behind a reverse proxy, and what `linyun check` says."""

from typing import Any

import pytest
from django.core.checks import run_checks
from django.test import RequestFactory

from linyun.foundation.accounts.doors import ip_of


@pytest.mark.parametrize(
    ("proxies", "forwarded", "counted"),
    [
        (0, "203.0.113.9", "127.0.0.1"),  # nobody is believed
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),  # what the client wrote itself is not believed
        (2, "203.0.113.9, 198.51.100.1", "203.0.113.9"),
        (1, "", "127.0.0.1"),
    ],
)
def test_the_address_that_counts(settings: Any, proxies: int, forwarded: str, counted: str) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert ip_of(RequestFactory().get("/", headers=headers)) == counted


@pytest.mark.parametrize(("production", "proxies", "warned"), [(True, 0, True), (True, 1, False), (False, 0, False)])
def test_a_forgotten_proxy_is_pointed_out(settings: Any, production: bool, proxies: int, warned: bool) -> None:
    settings.PRODUCTION, settings.ALLAUTH_TRUSTED_PROXY_COUNT = production, proxies
    assert any(said.id == "linyun.W001" for said in run_checks(tags=None)) is warned
