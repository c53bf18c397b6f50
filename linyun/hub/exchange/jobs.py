"""Applying an import as a job, acting for the person who started it in the post that person still holds."""

from uuid import UUID

from django.db import DatabaseError
from procrastinate.contrib.django import app

from linyun.foundation.accounts.doors import actor_of, still_held
from linyun.foundation.accounts.policy import Refused
from linyun.foundation.acts.actor import acting
from linyun.foundation.areas.scope import within
from linyun.hub.exchange import progress, services
from linyun.hub.exchange.models import Import
from linyun.kernel.words import msgid

ENDED = msgid("导入人的岗位已经结束，没有导入。请在岗的同事重新确认")
FAILED = msgid("导入没有完成，数据没有任何变动。请再试一次；还不行，请把这个文件交给系统管理员")


class ImportFailed(RuntimeError):
    """An import was not applied. Says what went wrong without a word from its rows: this text goes to the log."""


def _keep(batch: str, area: str, sentence: str) -> None:
    """Say why an import was not applied. A job may come twice: what is applied or undone by now stays so."""
    with within(area):
        waiting = Import.objects.filter(pk=batch, state=Import.State.APPLYING)
        waiting.update(state=Import.State.FAILED, message=sentence)


@app.task(name="exchange.apply")
def apply(batch: str, area: str, post: str, account: str) -> None:
    """Apply; a failure is kept with its sentence where the person who waits can read it."""
    held = still_held(UUID(post), UUID(account)) if post and account else None
    if held is None:
        _keep(batch, area, ENDED)
        return
    try:
        with acting(actor_of(held, channel="job")), progress.telling(UUID(batch), area) as tell, within(held.area_id):
            services.apply(UUID(batch), tell)
    except (services.Unusable, Refused) as refused:
        _keep(batch, area, str(refused))
    except DatabaseError as failure:
        # What the database says of a row may quote it; only the kind of failure goes on.
        _keep(batch, area, FAILED)
        raise ImportFailed(f"import {batch}: {type(failure).__name__}") from None
    except Exception as failure:
        _keep(batch, area, FAILED)
        raise ImportFailed(f"import {batch}") from failure
