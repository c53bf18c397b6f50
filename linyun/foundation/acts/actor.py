"""Who acts: the person, the post and the channel of the work now running."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

from linyun.kernel.declare import Role


@dataclass(frozen=True, slots=True)
class Actor:
    """A person working in a post. ``area`` is the post's area; ``channel`` is page, api, command or job."""

    name: str
    account_id: UUID | None = None
    post_id: UUID | None = None
    role: Role | None = None
    area: str | None = None
    department: str = ""
    channel: str = "page"
    ip: str = ""


SYSTEM = Actor(name="系统", area="", channel="job")

_current: ContextVar[Actor | None] = ContextVar("linyun_actor", default=None)


@contextmanager
def acting(actor: Actor) -> Iterator[Actor]:
    """Everything recorded inside is recorded as done by ``actor``."""
    token = _current.set(actor)
    try:
        yield actor
    finally:
        _current.reset(token)


def current() -> Actor:
    """Who acts now. Raises LookupError when nobody does: nothing is recorded anonymously by accident."""
    actor = _current.get()
    if actor is None:
        raise LookupError("nobody acts here: enter acting(…) first")
    return actor
