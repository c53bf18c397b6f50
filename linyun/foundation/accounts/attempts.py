"""How many wrong attempts there were, and how long the next one waits: the same for names that nobody has."""

from datetime import datetime, timedelta
from hashlib import blake2b

from django.db import connection

from linyun.foundation.accounts.factor import sealer
from linyun.foundation.accounts.models import Attempt
from linyun.foundation.accounts.rules import LOCK, WRONG_PER_ADDRESS, WRONG_PER_NAME, wait
from linyun.kernel import clock

KEPT = timedelta(days=30)


def target_of(text: str) -> str:
    """What stands for a typed name or an account in the table: a keyed digest."""
    return sealer.digest(text)


def line_up(key: str) -> None:
    """Attempts with the same key go one after the other, so that a hundred at once count as a hundred."""
    number = int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [number])


def password_wait(target: str, ip: str) -> timedelta:
    """How long a sign-in with this name from this address waits; zero when it may be tried."""
    now = clock.now()
    since = now - LOCK
    tries = Attempt.objects.filter(kind=Attempt.Kind.PASSWORD, ip=ip)
    by_address = list(tries.wrong(since).values_list("at", flat=True)[:WRONG_PER_ADDRESS])
    ours = tries.filter(target=target)
    passed = ours.filter(passed=True, at__gt=since).order_by("-at").values_list("at", flat=True).first()
    by_name = list(ours.wrong(passed or since).values_list("at", flat=True)[:WRONG_PER_NAME])
    return max(wait(by_address, WRONG_PER_ADDRESS, now), wait(by_name, WRONG_PER_NAME, now))


def factor_wait(target: str) -> timedelta:
    """How long a second factor of this account waits, from wherever it is shown: the password is known already."""
    now = clock.now()
    since: datetime = now - LOCK
    tries = Attempt.objects.filter(kind=Attempt.Kind.FACTOR, target=target)
    passed = tries.filter(passed=True, at__gt=since).order_by("-at").values_list("at", flat=True).first()
    return wait(list(tries.wrong(passed or since).values_list("at", flat=True)[:WRONG_PER_NAME]), WRONG_PER_NAME, now)


def note(kind: Attempt.Kind, target: str, ip: str, passed: bool) -> None:
    """Write an attempt down."""
    Attempt.objects.create(at=clock.now(), kind=kind, target=target, ip=ip, passed=passed)


def forget_old() -> int:
    """Delete attempts older than KEPT; answers how many."""
    return Attempt.objects.filter(at__lt=clock.now() - KEPT).delete()[0]
