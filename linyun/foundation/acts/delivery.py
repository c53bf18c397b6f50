"""Delivery of events: at least once, after commit (the queue's row is written in the transaction of the act)."""

from typing import Any

from django.utils.module_loading import import_string
from procrastinate.contrib.django import app

from linyun.foundation.acts.actor import SYSTEM, acting
from linyun.foundation.areas.scope import within


@app.task(name="acts.deliver", retry=5)
def deliver(do: str, area: str, detail: dict[str, Any]) -> None:
    """Run one subscriber within the area of the act."""
    with acting(SYSTEM), within(area[:12]):
        import_string(do)(**detail)
