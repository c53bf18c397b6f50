"""What a session remembers of its sign-in: when it began and was last used, the post, whether the factor was shown."""

from datetime import datetime, timedelta

from django.contrib.sessions.backends.base import SessionBase

from linyun.foundation.accounts.rules import is_over
from linyun.kernel import clock
from linyun.kernel.declare import Role

POST_KEY = "post"
FACTOR_KEY = "second_factor"
FACTOR_DUE_KEY = "second_factor_due"
BEGAN_KEY = "began"
SEEN_KEY = "seen"
SECRET_KEY = "second_factor_offered"
LANGUAGE_KEY = "language"
"""Chosen before signing in, so that it becomes the account's choice."""

TOUCH = timedelta(minutes=1)
"""A session's last use is written down at most this often: a page that asks often must not write often."""


def _moment(value: object) -> datetime | None:
    return datetime.fromtimestamp(value, clock.ZONE) if isinstance(value, int | float) else None


def begin(session: SessionBase, *, factor_due: bool) -> None:
    """Start the clock of a session. ``factor_due``: the account has an authenticator, whatever its posts ask for."""
    now = clock.now().timestamp()
    session[BEGAN_KEY] = session[SEEN_KEY] = now
    session[FACTOR_DUE_KEY] = factor_due


def pass_factor(session: SessionBase) -> None:
    """The second factor was shown: more may be done now, so the session gets a new key."""
    session[FACTOR_KEY] = True
    session.cycle_key()


def is_ended(session: SessionBase, role: Role | None) -> bool:
    """Whether eight hours, or too long a silence for the post, have passed."""
    return is_over(_moment(session.get(BEGAN_KEY)), _moment(session.get(SEEN_KEY)), clock.now(), role)


def touch(session: SessionBase) -> None:
    """Write down that the session was used just now."""
    seen = _moment(session.get(SEEN_KEY))
    if seen is None or clock.now() - seen >= TOUCH:
        session[SEEN_KEY] = clock.now().timestamp()


def factor_is_due(session: SessionBase, posts_need_it: bool) -> bool:
    """Whether a second factor must still be shown in this session."""
    return (posts_need_it or bool(session.get(FACTOR_DUE_KEY))) and session.get(FACTOR_KEY) is not True
