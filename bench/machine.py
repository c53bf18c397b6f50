"""What a measurement ran on, and a database of its own."""

import os
import platform
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any


def about() -> dict[str, Any]:
    """The machine, in words that mean something a year from now."""
    model = next(
        (x.split(":")[1].strip() for x in Path("/proc/cpuinfo").read_text().splitlines() if x.startswith("model name")),
        "",
    )
    return {
        "cores": os.cpu_count(),
        "processor": model or platform.machine(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
    }


@dataclass
class Taken:
    """Seconds of wall and processor time of this process."""

    wall: float = 0.0
    cpu: float = 0.0


@contextmanager
def taking() -> Iterator[Taken]:
    """Measure what runs inside."""
    taken = Taken()
    wall, cpu = time.perf_counter(), time.process_time()
    yield taken
    taken.wall, taken.cpu = time.perf_counter() - wall, time.process_time() - cpu


def best_of(times: int, run: Callable[[], Any]) -> float:
    """The shortest wall time of several runs, seconds."""
    found = []
    for _ in range(times):
        with taking() as taken:
            run()
        found.append(taken.wall)
    return min(found)


def set_up() -> None:
    """A throwaway database, migrated by its owner, then used by Django as the application's role."""
    from linyun.site.postgres import throwaway

    os.environ["DJANGO_SETTINGS_MODULE"] = "linyun.site.settings"
    os.environ["DATABASE_URL"] = throwaway().url()
    os.environ["LINYUN_DB_ROLE"] = ""
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    connection.close()
    connection.settings_dict["OPTIONS"]["options"] = "-c role=linyun_app"
