"""Making the file of an agreed departure, and deleting what was kept long enough."""

import logging
from uuid import UUID

from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from linyun.foundation.accounts.doors import actor_of, still_held
from linyun.foundation.accounts.policy import Refused
from linyun.foundation.acts.actor import acting
from linyun.foundation.areas.scope import within
from linyun.foundation.leaving import services
from linyun.foundation.leaving.models import Departure
from linyun.foundation.leaving.rules import State, TooLong

log = logging.getLogger(__name__)


def make(departure_id: str) -> None:
    """Make the file as its asker, in the post which that person still holds. Once: later calls change nothing."""
    found = Departure.objects.select_for_update().get(pk=UUID(str(departure_id)))
    if found.state != State.AGREED:
        return
    if found.post_id is None:
        raise LookupError("nobody asked for this departure in a post")
    post = still_held(found.post_id, found.asked_by_id)
    if post is None or post.area_id != found.area:
        services.fail(found, _("申请人的岗位已经结束，没有导出"))
        return
    try:
        with acting(actor_of(post, channel="job")), within(found.area):
            services.make(found)
    except (services.Undecidable, Refused, TooLong) as refused:
        services.fail(Departure.objects.get(pk=found.pk), str(refused))
    except Exception as failure:
        # What went wrong may quote a row; only the kind of failure goes on.
        log.error("departure %s was not made: %s", found.pk, type(failure).__name__)
        services.fail(Departure.objects.get(pk=found.pk), _("文件没有做成，请重新申请；还不行，请联系系统管理员"))


@app.periodic(cron="41 * * * *")
@app.task(name="leaving.tidy", queueing_lock="leaving.tidy")
def tidy(timestamp: int) -> None:
    """Delete files, and who was seen before today."""
    services.tidy()
