"""Housekeeping of accounts at night."""

from importlib import import_module

from django.conf import settings
from procrastinate.contrib.django import app

from linyun.foundation.accounts.attempts import forget_old


@app.periodic(cron="17 3 * * *")
@app.task(name="accounts.tidy", queueing_lock="accounts.tidy")
def tidy(timestamp: int) -> None:
    """Delete sessions that have ended and attempts that are old."""
    forget_old()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
