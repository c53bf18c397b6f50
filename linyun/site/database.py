"""Which database this start uses: the one named in DATABASE_URL, else this checkout's own embedded PostgreSQL."""

import os
import sys

from linyun.site import postgres


def ensure_database(say: bool = False) -> None:
    """Set DATABASE_URL: as given, else that of this checkout's own PostgreSQL, started when it is not running."""
    given = os.environ.get("DATABASE_URL")
    if given:
        if say:
            postgres.prepare(given)
        return
    quiet = (lambda _line: None) if not say else (lambda line: print(line, file=sys.stderr, flush=True))  # noqa: T201
    os.environ["DATABASE_URL"] = postgres.ensure(say=quiet).url()
