"""Applying an import as a job, acting for the person who started it."""

from uuid import UUID

from procrastinate.contrib.django import app

from linyun.foundation.acts.actor import Actor, acting
from linyun.foundation.areas.scope import within
from linyun.hub.exchange import services
from linyun.hub.exchange.models import Import
from linyun.kernel.declare import Role


@app.task(name="exchange.apply")
def apply(batch: str, area: str, name: str, account: str) -> None:
    """Apply; a failure is kept with its sentence where the person who waits can read it."""
    actor = Actor(name=name, account_id=UUID(account) if account else None, role=Role.WORKER, area=area, channel="job")
    with acting(actor):
        try:
            with within(area):
                services.apply(UUID(batch))
        except Exception as failure:
            with within(area):
                Import.objects.filter(pk=batch).update(state=Import.State.FAILED, message=str(failure)[:500])
            raise
