"""What follows from what, in pure functions: who gives which post where, when attempts must wait, when a session ends,
which six digits an authenticator shows."""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from linyun.foundation.areas.codes import COMMITTEE, is_within
from linyun.kernel.declare import Role

LADDER = (Role.CITY, Role.DISTRICT, Role.STREET, Role.WORKER, Role.GRID, Role.CHIEF)
"""From above to below. Departments and operators stand beside it."""

MANAGERS = frozenset({Role.CITY, Role.DISTRICT, Role.STREET, Role.OPERATOR})
"""Those who open accounts and give posts."""

LENGTHS: dict[Role, tuple[int, int]] = {
    Role.CITY: (2, 4),
    Role.DISTRICT: (6, 6),
    Role.STREET: (9, 9),
    Role.WORKER: (COMMITTEE, COMMITTEE),
    Role.GRID: (COMMITTEE, 36),
    Role.CHIEF: (COMMITTEE + 3, 36),
    Role.DEPARTMENT: (2, 9),
    Role.OPERATOR: (2, 36),
}
"""How many digits the area of a post has, at least and at most."""

SECOND_FACTOR_ROLES = frozenset({Role.CITY, Role.DISTRICT, Role.STREET, Role.DEPARTMENT, Role.OPERATOR})
"""Posts above the committee, and operators, sign in with a second factor (GB/T 22239-2019, 8.1.4.1)."""

LONGEST = timedelta(hours=8)
"""A session ends this long after the sign-in, whatever happens in it."""

IDLE_ABOVE = timedelta(minutes=30)
IDLE_COMMITTEE = timedelta(hours=2)
"""A worker walks from door to door: two hours without a request; half an hour in an office above the committee."""

LOCK = timedelta(minutes=15)
WRONG_PER_NAME = 5
WRONG_PER_ADDRESS = 30
"""So many wrong attempts within LOCK, and the next one waits until LOCK after the last wrong one."""

SHORTEST_PASSWORD = 10
"""Characters; what makes a password good is length (OWASP ASVS 5.0, 6.2.1 asks for 8, and recommends more)."""

STEP = 30
"""Seconds for which an authenticator shows one code (RFC 6238)."""


def fits(role: Role, area: str) -> bool:
    """Whether a post of this role can be held at an area of this level."""
    low, high = LENGTHS[role]
    return low <= len(area) <= high


def may_give(giver: Role, giver_area: str, role: Role, area: str) -> bool:
    """Whether somebody in the post ``giver`` at ``giver_area`` may give or end a post ``role`` at ``area``.

    Operators: any post within their area. Officers: posts below their own level within it. Departments and operators
    stand beside the ladder: only operators give these.
    """
    if giver not in MANAGERS or not fits(role, area) or not is_within(area, giver_area):
        return False
    if giver is Role.OPERATOR:
        return True
    return role in LADDER and LADDER.index(giver) < LADDER.index(role)


def may_manage(giver: Role, giver_area: str, held: Iterable[tuple[Role, str]]) -> bool:
    """Whether they may reset the password or second factor of, or close, an account that holds these posts.

    Only who could have given each of the posts: else a street would take over the account of its district chief by
    giving it a small post first.
    """
    return all(may_give(giver, giver_area, role, area) for role, area in held)


def needs_second_factor(roles: Iterable[Role]) -> bool:
    """Whether somebody who holds these posts signs in with a second factor, in whichever of them they then work."""
    return any(role in SECOND_FACTOR_ROLES for role in roles)


def wait(wrong: Sequence[datetime], limit: int, now: datetime) -> timedelta:
    """How long an attempt must wait, given the moments of wrong ones, newest first. Zero when it may go on."""
    recent = [at for at in wrong if at > now - LOCK]
    return max(recent[0] + LOCK - now, timedelta()) if len(recent) >= limit else timedelta()


def idle_limit(role: Role) -> timedelta:
    """How long a session in a post of this role lives without a request."""
    return IDLE_ABOVE if role in SECOND_FACTOR_ROLES else IDLE_COMMITTEE


def is_over(began: datetime | None, seen: datetime | None, now: datetime, role: Role | None) -> bool:
    """Whether a session has ended. One that nobody began counts as over; without a post the short limit holds."""
    if began is None or seen is None:
        return True
    idle = IDLE_ABOVE if role is None else idle_limit(role)
    return now - began >= LONGEST or now - seen >= idle


def code_at(secret: str, step: int) -> str:
    """The six digits that an authenticator with this base32 secret shows in a time step (RFC 4226, RFC 6238, SHA-1)."""
    digest = hmac.new(base64.b32decode(secret), step.to_bytes(8, "big"), hashlib.sha1).digest()
    start = digest[-1] & 0xF
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFF_FFFF
    return f"{number % 1_000_000:06d}"


def matching_step(secret: str, code: str, now: datetime, after: int) -> int | None:
    """The time step whose code this is, one step early or late allowed for clocks that differ; None when there is none.

    Steps up to ``after`` are not accepted again: a code seen over a shoulder is worth nothing (RFC 6238, 5.2).
    """
    present = int(now.timestamp()) // STEP
    found = None
    for step in (present - 1, present, present + 1):
        # Every step is compared, so that the time taken says nothing.
        if hmac.compare_digest(code_at(secret, step).encode(), code.encode()) and step > after:
            found = step
    return found
