"""How far a running import has come, told outside its transaction: whoever waits sees it at once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from uuid import UUID

from django.db import OperationalError, connection

from linyun.foundation.areas.codes import upper
from linyun.hub.exchange.models import Import, Progress
from linyun.kernel import clock

WRITE = """
with scope as materialized (select set_config('linyun.lo', %(lo)s, true), set_config('linyun.hi', %(hi)s, true),
                                   set_config('lock_timeout', '300ms', true))
insert into exchange_progress (batch_id, area, done, total, said, at)
select %(batch)s, %(lo)s, %(done)s, %(total)s, %(said)s, %(at)s from scope
on conflict (batch_id) do update set done = excluded.done, total = excluded.total, said = excluded.said, at = excluded.at
"""

Tell = Callable[[int, int, str], None]
"""Called with how much is done, of how much, and what is being done."""


def silent(done: int, total: int, said: str) -> None:
    """For work that nobody watches."""


@contextmanager
def telling(batch: UUID, area: str) -> Iterator[Tell]:
    """A connection of its own, on which each word is committed at once."""
    own = connection.copy()

    def tell(done: int, total: int, said: str) -> None:
        # A word that cannot be written now is left out: progress never holds up the work that it tells of.
        with suppress(OperationalError), own.cursor() as cursor:
            cursor.execute(
                WRITE,
                {
                    "lo": area,
                    "hi": upper(area),
                    "batch": batch,
                    "done": done,
                    "total": total,
                    "said": said,
                    "at": clock.now(),
                },
            )

    try:
        yield tell
    finally:
        own.close()


def begin(batch: Import) -> None:
    """The first word, in the running transaction: the import waits for its turn."""
    Progress.objects.update_or_create(
        pk=batch.pk, defaults={"area": batch.area, "done": 0, "total": 0, "said": "", "at": clock.now()}
    )


def progress_of(batch: UUID) -> Progress | None:
    """The last word on an import; None before the first."""
    return Progress.objects.filter(pk=batch).first()
