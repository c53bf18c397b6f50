"""The command line as an actor: whoever administers the machine works at the area that they name."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError

from linyun.foundation.acts.actor import Actor, acting
from linyun.foundation.areas.models import Area
from linyun.foundation.areas.scope import within
from linyun.kernel.declare import Role


@contextmanager
def commanding(area: str) -> Iterator[Actor]:
    """Act within an area, in one transaction. Raises CommandError for an area that does not exist: an empty answer about
    a mistyped code would be taken for the truth.
    """
    if not Area.objects.filter(pk=area).exists():
        raise CommandError(f"没有编号为“{area}”的区域。请填写区划代码，例如 310110009016；用 linyun areas 可以查")
    with acting(Actor(name=getpass.getuser(), role=Role.WORKER, area=area, channel="command")) as actor, within(area):
        yield actor
