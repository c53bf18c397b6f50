"""Acts: written with the change, by somebody, never changed; events reach those who asked."""

from dataclasses import dataclass
from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from linyun.foundation.acts import delivery
from linyun.foundation.acts.actor import SYSTEM, acting, current
from linyun.foundation.acts.models import Act
from linyun.foundation.acts.services import done_before, record, verb_of
from linyun.foundation.areas.scope import within
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import On
from tests.characters import HERE, THERE


@dataclass(frozen=True, slots=True)
class DoorOpened:
    """Something that happened, for the tests."""

    number: int


HEARD: list[tuple[int, str]] = []


def hear(number: int) -> None:
    """A subscriber."""
    HEARD.append((number, current().name))


def test_a_verb_is_the_event_in_words():
    assert verb_of(DoorOpened) == "door_opened"


def test_an_act_says_who_what_and_why(as_worker):
    with as_worker():
        act = record(DoorOpened(3), area=HERE, reason="送餐")
        found = Act.objects.get(pk=act.pk)
    assert (found.verb, found.detail, found.reason, found.actor_name) == (
        "door_opened",
        {"number": 3},
        "送餐",
        "林晓岚",
    )
    assert (found.role, found.channel) == ("worker", "command")


def test_nobody_acts_anonymously_and_nothing_else_is_recorded(as_worker, areas):
    with within(HERE), pytest.raises(LookupError):
        record(DoorOpened(1), area=HERE)
    with as_worker(), pytest.raises(TypeError):
        record("opened", area=HERE)


def test_an_act_stands_and_falls_with_its_change(as_worker):
    with pytest.raises(ZeroDivisionError), as_worker():
        record(DoorOpened(1), area=HERE)
        raise ZeroDivisionError
    with as_worker():
        assert not Act.objects.filter(verb="door_opened").exists()


@pytest.mark.parametrize("sql", ["update acts_act set reason = 'x'", "delete from acts_act", "truncate acts_act"])
def test_the_application_cannot_change_what_is_written(as_worker, sql):
    with as_worker():
        record(DoorOpened(1), area=HERE)
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)


def test_an_act_outside_ones_area_is_refused(as_worker):
    with as_worker(), pytest.raises(ProgrammingError), transaction.atomic():
        record(DoorOpened(1), area=THERE)


def test_a_repeated_key_is_recognised_and_cannot_stand_twice(as_worker):
    key = uuid4()
    with as_worker():
        assert done_before(key) is None
        act = record(DoorOpened(1), area=HERE, client_key=key)
        assert done_before(key) == act
        assert done_before(None) is None


def test_a_subscriber_hears_of_it_as_the_system_within_the_area(as_worker, monkeypatch):
    monkeypatch.setattr(catalogue, "on", (On(DoorOpened, f"{__name__}.hear"),))
    with as_worker():
        record(DoorOpened(7), area=HERE + "001")
        job = ProcrastinateJob.objects.get(task_name="acts.deliver")
    HEARD.clear()
    delivery.deliver.func(**job.args)
    assert HEARD[:] == [(7, SYSTEM.name)]


def test_one_actor_at_a_time():
    with acting(SYSTEM):
        assert current() is SYSTEM
    with pytest.raises(LookupError):
        current()
