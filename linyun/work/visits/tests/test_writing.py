"""Writing visits: once, with what they confirm, their photos and promises; withdrawn without a trace on the record."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import close_old_connections, connection

from linyun.foundation.acts.actor import Actor
from linyun.foundation.acts.models import Act
from linyun.foundation.areas.scope import within
from linyun.hub.records.models import Person, Statement
from linyun.kernel import clock
from linyun.work.visits import services
from linyun.work.visits.models import Photo, PlannedVisit, Visit
from linyun.work.visits.pictures import Picture
from linyun.work.visits.services import Sheet, Unwritable, write

pytestmark = pytest.mark.django_db
AsCharacter = Callable[[str], AbstractContextManager[Actor]]
MakePerson = Callable[..., Person]


def sheet(person: Person, **changes: object) -> Sheet:
    given = {"mode": "2", "visited_on": clock.today(), "situation": "在家休息，身体一般。"} | changes
    return Sheet(person=person, **given)  # type: ignore[arg-type]


def test_a_visit_states_what_it_confirms(person: MakePerson, as_character: AsCharacter) -> None:
    p = person(phone="19900000001")
    with as_character("lin"):
        visit = write(sheet(p, items={"phone": "19900000002"}))
        p.refresh_from_db()
        assert p.phone == "19900000002"
        said = Statement.objects.get(origin_id=visit.pk)
        assert (said.source, said.values) == ("visit", {"phone": "19900000002"})


def test_a_withdrawn_visit_leaves_no_trace_on_the_record(person: MakePerson, as_character: AsCharacter) -> None:
    p = person(phone="19900000001")
    with as_character("lin"):
        first = write(sheet(p, visited_on=clock.today() - timedelta(days=9), follow_up_on=clock.today()))
        second = write(sheet(p, items={"phone": "19900000002"}))
        first.refresh_from_db()
        assert first.followed_up_by == second
        services.withdraw(second.pk, "写到别人名下了")
        p.refresh_from_db()
        first.refresh_from_db()
        assert p.phone == "19900000001"
        assert first.followed_up_by is None
        assert list(Visit.objects.of_person(p)) == [first]


def test_withdrawing_asks_why(person: MakePerson, as_character: AsCharacter) -> None:
    p = person()
    with as_character("lin"):
        visit = write(sheet(p))
        with pytest.raises(Unwritable, match="原因"):
            services.withdraw(visit.pk, "  ")


def test_a_visit_ticks_the_person_off_the_list(person: MakePerson, as_character: AsCharacter) -> None:
    p = person()
    with as_character("lin"):
        assert services.plan([p.pk], clock.today(), "高温关心") == 1
        visit = write(sheet(p))
        assert PlannedVisit.objects.get().done_by == visit


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"mode": "9"}, "mode"),
        ({"visited_on": date(2100, 1, 1)}, "visited_on"),
        ({"visited_on": date(1990, 1, 1)}, "visited_on"),
        ({"situation": "长" * 2001}, "situation"),
        ({"follow_up_on": date(2020, 1, 1)}, "follow_up_on"),
    ],
)
def test_what_cannot_be_is_refused_where_it_stands(
    person: MakePerson, as_character: AsCharacter, changes: dict[str, object], field: str
) -> None:
    p = person()
    with as_character("lin"):
        with pytest.raises(Unwritable) as refused:
            write(sheet(p, **changes))
        assert refused.value.field == field
        assert not Visit.objects.exists()


def test_a_photo_goes_in_sealed_and_each_look_is_recorded(person: MakePerson, as_character: AsCharacter) -> None:
    p, picture = person(), Picture(b"\xff\xd8\xff-kitchen-", "image/jpeg")
    with as_character("lin"):
        write(sheet(p, photos=[picture, picture]))
        kept = Photo.objects.get()
        assert b"kitchen" not in bytes(kept.content)
        assert services.see_photo(kept.pk) == picture
        assert Act.objects.filter(verb="photo_seen").count() == 1


def test_a_photo_is_seen_by_nobody_next_door(person: MakePerson, as_character: AsCharacter) -> None:
    p = person()
    with as_character("lin"):
        write(sheet(p, photos=[Picture(b"\xff\xd8\xff", "image/jpeg")]))
        kept = Photo.objects.get()
    with as_character("wu"), pytest.raises(Photo.DoesNotExist):
        services.see_photo(kept.pk)


def test_a_chief_reads_only_what_they_wrote(person: MakePerson, as_character: AsCharacter) -> None:
    p = person()
    with as_character("lin"):
        write(sheet(p, situation="子女来谈了家里的事"))
    with as_character("zhou"):
        own = write(sheet(p, situation="楼道里碰到，都好"))
        assert list(services.visible()) == [own]


@pytest.mark.django_db(transaction=True)
def test_two_submissions_at_once_count_once(person: MakePerson, as_character: AsCharacter) -> None:
    """A phone on the stairs sends twice, the second before the first was answered."""
    p, key = person(phone="19900000001"), uuid4()
    start = threading.Barrier(2)
    answers: list[object] = []

    def send() -> None:
        try:
            start.wait(10)
            with as_character("lin"):
                answers.append(write(sheet(p, id=key, items={"phone": "19900000002"})).pk)
        except Exception as broken:
            answers.append(broken)
        finally:
            close_old_connections()
            connection.close()

    both = [threading.Thread(target=send) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join(20)
    assert answers == [key, key]
    with within(""):
        assert Visit.objects.count() == 1
        assert Statement.objects.filter(origin_id=key).count() == 1
