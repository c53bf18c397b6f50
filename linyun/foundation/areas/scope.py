"""The scope of a transaction: the range of area codes whose rows the database shows.

PostgreSQL's row-level security reads two settings that live exactly as long as the transaction, so a pooled connection
never carries one person's scope into another's request. Without a scope every protected table is empty.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

from linyun.foundation.areas.codes import COMMITTEE, upper
from linyun.kernel.words import say

_current: ContextVar[str | None] = ContextVar("linyun_scope", default=None)


class NoScope(RuntimeError):
    """Code that needs a scope ran outside of one."""


SET = "select set_config('linyun.lo', %s, true), set_config('linyun.hi', %s, true), set_config('plan_cache_mode', %s, true)"


def _set(code: str | None, *, keyed: bool = False) -> None:
    low, high = ("", "") if code is None else (code, upper(code))
    # A plan kept for a statement was made for somebody's scope. From one community to the next it serves as well, and so
    # does one for what is found by its key; what a street or a district asks is planned each time for as many rows as
    # they have.
    plans = "auto" if keyed or len(low) >= COMMITTEE else "force_custom_plan"
    with connection.cursor() as cursor:
        cursor.execute(SET, [low, high, plans])


@contextmanager
def within(code: str | None, *, keyed: bool = False) -> Iterator[None]:
    """Run a transaction that sees the rows within an area code ('' = the whole country, None = nothing).

    ``keyed``: only what is found by its key is asked for, so that the width of the scope changes no plan.
    Nested scopes replace each other and the outer one returns afterwards; a rollback takes the setting with it.
    """
    token = _current.set(code)
    outer = token.old_value if token.old_value is not token.MISSING else None
    nested = connection.in_atomic_block
    try:
        with transaction.atomic():
            _set(code, keyed=keyed)
            yield
            if nested:  # the setting would outlive this block; on an error the savepoint restores it
                _set(outer)
    finally:
        _current.reset(token)


def current() -> str:
    """The scope now in force. Raises NoScope when there is none."""
    code = _current.get()
    if code is None:
        raise NoScope(say("没有作用范围：请先选择岗位"))
    return code
