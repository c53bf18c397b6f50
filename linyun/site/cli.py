"""`linyun`: the one command line. Starts what a command needs (the embedded PostgreSQL), then hands over to Django."""

import os
import sys


def main() -> None:
    """Entry point of the ``linyun`` script."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linyun.site.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
