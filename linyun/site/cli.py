"""`linyun`: the one command line. Starts what a command needs (the embedded PostgreSQL), then hands over to Django."""

import json
import os
import sys
from collections.abc import Sequence

from linyun.site.database import ensure_database
from linyun.site.machine import Unusable

WITHOUT_DATABASE = frozenset({"help", "version", "--version", "--help", "-h", "synth", "makemigrations", "db"})


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
    if command in ("migrate", "prepare"):
        os.environ["LINYUN_DB_ROLE"] = ""  # tables belong to the owner, the application only works in them
    return _hand_over(command, arguments[1:])


def _hand_over(command: str, arguments: Sequence[str]) -> int:
    """Run one of Django's commands. What it refuses is a sentence; with ``--json`` also an object with ``error`` on
    standard output, so that a program that reads one gets one. A setting of the machine that cannot be used ends with 2.
    """
    from django.core.management import CommandError, execute_from_command_line

    as_json = "--json" in arguments
    try:
        execute_from_command_line(["linyun", command, *(["--traceback"] if as_json else []), *arguments])
    except (CommandError, Unusable) as refused:
        if as_json:
            print(json.dumps({"error": str(refused)}, ensure_ascii=False))  # noqa: T201
        print(refused, file=sys.stderr)  # noqa: T201
        return int(refused.returncode) if isinstance(refused, CommandError) else 2
    return 0
