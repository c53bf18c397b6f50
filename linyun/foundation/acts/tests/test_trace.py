"""The trace: complete, in order, unchangeable by any way in, without the personal values it is about."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError, ProgrammingError, connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from linyun.foundation.acts import delivery
from linyun.foundation.acts.actor import SYSTEM, Actor, acting, current
from linyun.foundation.acts.models import Act
from linyun.foundation.acts.services import done_before, record, verb_of
from linyun.foundation.areas import scope
from linyun.foundation.areas.scope import within
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import On, Role
from tests.characters import BUILDING, GRID, HERE, STREET, THERE


@dataclass(frozen=True, slots=True)
class KeyHandedOver:
    """Something that happened, with a field of every sort that an event may carry."""

    number: int = 1
    to: UUID = UUID(int=7)
    on: date = date(2026, 5, 1)
    at: datetime = datetime(2026, 5, 1, 8, tzinfo=UTC)
    weight: Decimal = Decimal("0.5")
    doors: tuple[str, ...] = ("前门", "后门")
    note: str | None = None
    more: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LampReplaced:
    """Something else."""

    lamp: str = "x"


def test_every_sort_of_field_is_kept_as_json(as_worker):
    with as_worker():
        act = record(KeyHandedOver(), area=HERE)
        act.refresh_from_db()
    assert act.detail == {
        "number": 1, "to": str(UUID(int=7)), "on": "2026-05-01", "at": "2026-05-01T08:00:00Z", "weight": "0.5",
        "doors": ["前门", "后门"], "note": None, "more": {},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "verb"),
    [
        ("PersonSeen", "person_seen"),
        ("ItemsStated", "items_stated"),
        ("X", "x"),
        ("SealedItemSeen", "sealed_item_seen"),
    ],
)
def test_verbs_are_the_names_in_small_letters(name, verb):
    assert verb_of(type(name, (), {})) == verb


@pytest.mark.parametrize("event", ["opened", None, {"a": 1}, KeyHandedOver, 5, object()])
def test_what_is_no_event_is_not_recorded(as_worker, event):
    with as_worker():
        with pytest.raises(TypeError, match="dataclass"):
            record(event, area=HERE)
        assert not Act.objects.exists()


@pytest.mark.parametrize("who", ["lin", "wu", "chen", "zhou", "shen", "gu", "lu", "he", "yan"])
def test_it_says_who_in_which_post_by_which_way(as_character, cast, who):
    with as_character(who) as actor:
        act = record(LampReplaced(), area=actor.area or "", reason="灯坏了")
    post = cast[who]
    assert (act.account_id, act.post_id, act.actor_name) == (post.account_id, post.pk, post.account.name)
    assert (act.role, act.channel, act.reason) == (post.role, "command", "灯坏了")


def test_the_name_stays_as_it_was_when_somebody_is_renamed(as_worker, cast):
    with as_worker():
        act = record(LampReplaced(), area=HERE)
        account = cast["lin"].account
        account.name = "林改名"
        account.save(update_fields=["name"])
        assert Act.objects.get(pk=act.pk).actor_name == "林晓岚"


WAYS: dict[str, Callable[[Act], object]] = {
    "save": lambda act: act.save(),
    "save of one column": lambda act: act.save(update_fields=["reason"]),
    "delete": lambda act: act.delete(),
    "update of all": lambda _: Act.objects.update(reason="x"),
    "update of one": lambda act: Act.objects.filter(pk=act.pk).update(actor_name="别人"),
    "delete of all": lambda _: Act.objects.all().delete(),
    "raw delete": lambda _: Act.objects.all()._raw_delete("default"),
    "bulk update": lambda act: Act.objects.bulk_update([act], ["reason"]),
    "upsert": lambda act: Act.objects.bulk_create(
        [act], update_conflicts=True, unique_fields=["id"], update_fields=["reason"]
    ),
    "lock": lambda act: Act.objects.select_for_update().get(pk=act.pk),
}


@pytest.mark.parametrize("way", WAYS)
def test_no_way_of_changing_one_is_open(as_worker, way):
    with as_worker():
        act = record(LampReplaced(), area=HERE, reason="灯坏了")
        act.reason = "没坏"
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            WAYS[way](act)
        assert Act.objects.get(pk=act.pk).reason == "灯坏了"


@pytest.mark.parametrize(
    "sql",
    [
        "alter table acts_act disable row level security",
        "alter table acts_act no force row level security",
        "drop policy acts_act_scope on acts_act",
        "drop table acts_act",
        "create trigger t before insert on acts_act for each row execute function suppress_redundant_updates_trigger()",
        "copy acts_act from '/dev/null'",
        "merge into acts_act a using (select 1) x on true when matched then delete",
        "with gone as (delete from acts_act returning 1) select count(*) from gone",
    ],
)
def test_the_role_of_the_application_cannot_open_one(as_worker, sql):
    with as_worker():
        record(LampReplaced(), area=HERE)
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
            raise AssertionError(f"{sql} went through")
        assert Act.objects.count() == 1


def test_the_role_holds_select_and_insert_and_nothing_else(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "select p from unnest(array['select','insert','update','delete','truncate','references','trigger']) p"
            " where has_table_privilege(current_user, 'acts_act', p) order by 1"
        )
        assert [p for (p,) in cursor.fetchall()] == ["insert", "select"]


@pytest.mark.parametrize(
    ("who", "area", "seen_by"),
    [
        ("lin", HERE, {"lin", "shen", "gu", "lu", "yan", "he"}),
        ("wu", THERE, {"wu", "shen", "gu", "lu", "yan", "he"}),
        ("chen", GRID, {"lin", "chen", "shen", "gu", "lu", "yan", "he"}),
        ("zhou", BUILDING, {"lin", "chen", "zhou", "shen", "gu", "lu", "yan", "he"}),
        ("shen", STREET, {"shen", "gu", "lu", "yan", "he"}),
    ],
)
def test_an_act_is_seen_by_those_whose_area_holds_it(as_character, who, area, seen_by):
    with as_character(who):
        act = record(LampReplaced(), area=area)
    for one in ("lin", "wu", "chen", "zhou", "shen", "gu", "lu", "yan", "he"):
        with as_character(one):
            assert Act.objects.filter(pk=act.pk).exists() is (one in seen_by), one


def test_without_a_scope_no_act_is_there(as_worker):
    with as_worker():
        record(LampReplaced(), area=HERE)
    assert not Act.objects.exists()
    with within(None):
        assert not Act.objects.exists()


def test_what_was_done_about_one_newest_first(as_worker):
    one, other = uuid4(), uuid4()
    with as_worker():
        for n, subject in enumerate((one, other, one)):
            record(KeyHandedOver(number=n), area=HERE, subject=("person", subject))
        record(KeyHandedOver(number=9), area=HERE, subject=("household", one))
        assert [a.detail["number"] for a in Act.objects.about("person", one)] == [2, 0]


def test_a_repeated_request_is_refused_by_the_database_as_well(as_worker):
    key = uuid4()
    with as_worker():
        record(LampReplaced(), area=HERE, client_key=key)
        with pytest.raises(IntegrityError), transaction.atomic():
            record(LampReplaced(), area=HERE, client_key=key)
        assert Act.objects.count() == 1


def test_a_key_of_another_area_is_not_told(as_character):
    key = uuid4()
    with as_character("lin"):
        record(LampReplaced(), area=HERE, client_key=key)
    with as_character("wu"):
        assert done_before(key) is None


HEARD: list[tuple[str, str | None, str]] = []


def hear(lamp: str) -> None:
    """A subscriber that notes as whom and where it heard."""
    HEARD.append((lamp, current().name, scope.current()))


def fail(lamp: str) -> None:
    """A subscriber that cannot."""
    raise ZeroDivisionError(lamp)


def jobs() -> list[ProcrastinateJob]:
    return list(ProcrastinateJob.objects.filter(task_name="acts.deliver").order_by("id"))


@pytest.mark.parametrize("area", [BUILDING, GRID, HERE])
def test_a_subscriber_works_within_the_committee_of_the_act(as_worker, monkeypatch, area):
    monkeypatch.setattr(catalogue, "on", (On(LampReplaced, f"{__name__}.hear"),))
    with as_worker():
        record(LampReplaced("楼道"), area=area)
        (job,) = jobs()
    HEARD.clear()
    delivery.deliver.func(**job.args)
    assert [*HEARD] == [("楼道", SYSTEM.name, HERE)]


def test_each_of_several_hears_and_others_do_not(as_worker, monkeypatch):
    one, two, other = (f"{__name__}.{n}" for n in ("hear", "fail", "hear"))
    monkeypatch.setattr(catalogue, "on", (On(LampReplaced, one), On(LampReplaced, two), On(KeyHandedOver, other)))
    with as_worker():
        record(LampReplaced(), area=HERE)
        assert [j.args["do"] for j in jobs()] == [one, two]


def test_one_that_fails_says_so_to_the_queue_and_leaves_nobody_acting(as_worker, monkeypatch):
    monkeypatch.setattr(catalogue, "on", (On(LampReplaced, f"{__name__}.fail"),))
    with as_worker():
        record(LampReplaced("坏灯"), area=HERE)
        (job,) = jobs()
    with pytest.raises(ZeroDivisionError, match="坏灯"):
        delivery.deliver.func(**job.args)
    with pytest.raises(LookupError):
        current()


def test_nothing_is_delivered_of_a_change_that_was_rolled_back(as_worker, monkeypatch):
    monkeypatch.setattr(catalogue, "on", (On(LampReplaced, f"{__name__}.hear"),))
    with as_worker():
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            record(LampReplaced(), area=HERE)
            raise ZeroDivisionError
        assert jobs() == []
        assert not Act.objects.exists()


def test_actors_nest_and_the_outer_one_returns_even_after_an_error():
    one, two = Actor(name="甲", role=Role.WORKER), Actor(name="乙")
    with acting(one):
        with pytest.raises(ZeroDivisionError), acting(two):
            assert current() is two
            raise ZeroDivisionError
        assert current() is one


EVENTS = [
    thing
    for config in apps.get_app_configs()
    if config.name.startswith("linyun.")
    for module in [f"{config.name}.events"]
    if find_spec(module)
    for thing in vars(import_module(module)).values()
    if isinstance(thing, type) and is_dataclass(thing) and thing.__module__ == module
]
PERSONAL = {
    "phone",
    "value",
    "values",
    "address",
    "identity_number",
    "birth_date",
    "old",
    "new",
    "text",
    "ground",
}


def test_there_are_events_to_look_at():
    assert len(EVENTS) > 20


@pytest.mark.parametrize("event", EVENTS, ids=lambda e: e.__name__)
def test_no_event_has_a_place_for_personal_values(event: Any) -> None:
    """Acts are kept longer than records and read by more people: they name things, never what stands in them."""
    assert event.__dataclass_params__.frozen
    assert not {f.name for f in fields(event)} & PERSONAL


def test_two_events_of_the_house_never_share_a_verb() -> None:
    verbs = [verb_of(e) for e in EVENTS]
    assert sorted(verbs) == sorted(set(verbs))
