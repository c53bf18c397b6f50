"""The page says which language its words are in."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse


def test_a_page_in_chinese_says_so_to_a_browser_that_asks_for_english(client_of: Callable[[str], Client]) -> None:
    answer = client_of("").get(reverse("account_login"), headers={"accept-language": "en-GB,en;q=0.9"})
    assert '<html lang="zh-hans"' in answer.content.decode()
