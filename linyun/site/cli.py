"""`linyun`: the one command line. Starts what a command needs (the embedded PostgreSQL), then hands over to Django."""

import os
import sys
from collections.abc import Sequence

WITHOUT_DATABASE = frozenset({"help", "version", "--version", "--help", "-h", "synth", "makemigrations", "db"})


def ensure_database(say: bool = False) -> None:
    """Set DATABASE_URL: as given, else that of this checkout's own PostgreSQL, started when it is not running."""
    if os.environ.get("DATABASE_URL"):
        return
    from linyun.site import postgres

    quiet = (lambda _line: None) if not say else (lambda line: print(line, file=sys.stderr, flush=True))  # noqa: T201
    os.environ["DATABASE_URL"] = postgres.ensure(say=quiet).url()


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point of the ``linyun`` script; answers the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linyun.site.settings")
    command = arguments[0] if arguments else "help"
    if command == "db":
        from linyun.site.postgres.command import main as database

        return database(arguments[1:])
    if command in ("run", "serve"):
        from linyun.site import serving

        return serving.main(command, arguments[1:])
    if command not in WITHOUT_DATABASE:
        ensure_database()
    if command == "migrate":
        os.environ["LINYUN_DB_ROLE"] = ""  # tables belong to the owner, the application only works in them
    from django.core.management import execute_from_command_line

    execute_from_command_line(["linyun", *arguments])
    return 0
