"""The matrix: every known character asks every route about three homes, with every method."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.characters import CHARACTERS
from tests.matrix import samples
from tests.matrix.policy import table
from tests.matrix.probe import Visitor, examine, forbidden_to
from tests.matrix.routes import routes
from tests.matrix.world import spots

STRANGER = ""


@pytest.mark.parametrize("who", [STRANGER, *CHARACTERS])
def test_matrix(who: str, client_of: Callable[[str], Client]) -> None:
    homes = spots()
    client = client_of(who)
    character = CHARACTERS.get(who)
    visitor = Visitor(character, client, forbidden_to(character, homes))
    wrong = [said for route in routes() if route.action in table()
             for said in examine(visitor, route, table()[route.action], homes)]  # fmt: skip
    assert wrong == [], f"{len(wrong)} answers:\n" + "\n".join(kinds(wrong))


def kinds(wrong: list[str]) -> list[str]:
    """One of each kind: the same answer to the same route need not be read for every question."""
    first: dict[tuple[str, str], str] = {}
    for said in wrong:
        asked, _, answer = said.partition(" → ")
        first.setdefault((asked.split(" with ")[0], answer.partition(";")[0]), said)
    return list(first.values())


def test_every_place_has_a_sample() -> None:
    missing = {place for route in routes() for place in route.places} - samples.SAMPLES.keys()
    assert missing == set(), "add a line for each to SAMPLES in tests/matrix/samples.py"
