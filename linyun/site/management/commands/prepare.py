"""`linyun prepare [--demo]`: tables, static files, demonstration, in one process. Run by `linyun run` and `linyun serve`.

It starts as the owner of the tables and goes on as the application's role: the demonstration is loaded under row-level security.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

from linyun.foundation.areas.rowlevel import ROLE


class Command(BaseCommand):
    help = "Bring tables and static files up to date; --demo loads the demonstration into an empty house."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demo", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
        connection.close()
        connection.settings_dict["OPTIONS"]["options"] = f"-c role={ROLE}"
        call_command("areas", "load", if_missing=True, stdout=self.stderr)
        if options["demo"]:
            call_command("demo", if_empty=True)
