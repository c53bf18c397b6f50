"""The demonstration, small, for the tests of the site: made and loaded once for a module."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from linyun.foundation.acts.actor import Actor, acting
from linyun.foundation.areas.models import Area
from linyun.foundation.areas.scope import within
from linyun.kernel.declare import Role
from linyun.kernel.synth import estates
from linyun.kernel.synth.characters import characters
from linyun.kernel.synth.world import generate
from linyun.site.demo import load as loading
from linyun.site.demo import people
from tests.characters import AREAS, HERE, THERE

TODAY = date(2026, 11, 28)


@pytest.fixture(scope="module")
def town(django_db_setup, django_db_blocker):
    """公交新村 and 铁岭路五十弄, loaded once for all tests here and rolled back at the end."""
    committees = [estates.Area(HERE, "公交新村居委会"), estates.Area(THERE, "铁岭路五十弄居委会")]
    world = characters(generate(committees, 1500, 3, TODAY))
    with django_db_blocker.unblock(), transaction.atomic():
        parents = {}
        for code, name, kind in AREAS:
            if len(code) <= 12:
                parents[code] = Area.objects.create(code=code, name=name, kind=kind, source="test")
        with acting(Actor(name="资料员", role=Role.OPERATOR, area="", channel="command")), within(""):
            with CaptureQueriesContext(connection) as told:
                counts = loading.load(world)
            people.open_all()
            yield SimpleNamespace(world=world, counts=counts, statements=[q["sql"] for q in told.captured_queries])
        transaction.set_rollback(True)
