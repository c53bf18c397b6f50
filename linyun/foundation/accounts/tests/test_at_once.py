"""Attempts that come at the same moment are counted one after the other."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from linyun.foundation.accounts.models import Attempt, Post


@pytest.mark.django_db(transaction=True)
def test_twelve_guesses_at_once_count_as_twelve(cast: dict[str, Post]) -> None:
    """Without a queue all twelve would be checked before the first is counted."""

    def guess(n: int) -> int:
        try:
            answer = Client().post("/account/login", {"username": "lin", "password": f"guess{n}"})
            return answer.status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as crowd:
        answers = sorted(crowd.map(guess, range(12)))
    assert answers == [422] * 4 + [429] * 8
    assert Attempt.objects.filter(passed=False).count() == 5
