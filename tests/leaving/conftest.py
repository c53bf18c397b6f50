"""A committee with more people than leave at once, and a second worker in it."""

from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from linyun.foundation.accounts.doors import actor_of
from linyun.foundation.accounts.models import Account, Post
from linyun.foundation.acts.actor import Actor, acting
from linyun.foundation.acts.models import Act
from linyun.foundation.areas.scope import within
from linyun.foundation.leaving import jobs
from linyun.foundation.leaving.models import Departure
from linyun.foundation.leaving.rules import AT_ONCE
from linyun.hub.records.models import Person
from tests.characters import BUILDING, HERE, sign_in

MANY = AT_ONCE + 1
WHY = "月度核对"


@pytest.fixture
def many(areas: Any) -> list[Person]:
    """One person more than leave at once, all in 1号楼 of 公交新村."""
    with within(HERE):
        return Person.objects.bulk_create(
            Person(area=BUILDING, name=f"住户{n:03d}", pinyin=f"zhuhu{n:03d}", birth_date=date(1950, 1, 1))
            for n in range(MANY)
        )


@pytest.fixture
def mei(cast: dict[str, Post]) -> Post:
    """梅老师, a second worker in 林老师's committee."""
    account = Account.objects.create(username="mei", name="梅芳", password=make_password(None))
    with within(""):
        return Post.objects.create(account=account, role="worker", area_id=HERE, valid_from=date(2026, 1, 1))


@pytest.fixture
def browser(client_of: Callable[[str], Client]) -> Callable[[Post], Client]:
    """A browser in which the holder of a post is signed in."""

    def made(post: Post) -> Client:
        client = Client()
        sign_in(client, post.account)
        return client

    return made


@pytest.fixture
def at_page(cast: dict[str, Post]) -> Callable[..., AbstractContextManager[Actor]]:
    """``with at_page("lin"):`` acts as at a page, where the gate and the budget hold."""

    @contextmanager
    def entered(key: str | Post) -> Any:
        actor = actor_of(cast[key] if isinstance(key, str) else key, channel="page")
        with acting(actor), within(actor.area):
            yield actor

    return entered


def departures() -> list[Departure]:
    """All of them, wherever, in the order in which they were asked for."""
    with within(""):
        return list(Departure.objects.order_by("asked_at", "id"))


def acts(*verbs: str) -> list[Act]:
    """What was recorded under these verbs, in order."""
    with within(""):
        return list(Act.objects.filter(verb__in=verbs).order_by("at", "id"))


def run(departure_id: UUID) -> Departure:
    """Run the job of an agreed departure, as the queue does; answer the departure afterwards."""
    with within(""):
        jobs.make(departure_id=str(departure_id))
        found: Departure = Departure.objects.get(pk=departure_id)
    return found
