"""Deciding about a departure: another person, once, for a reason; the file is made as its asker and kept seven days."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from linyun.foundation.accounts.models import Account, Post
from linyun.foundation.accounts.policy import Refused
from linyun.foundation.areas.scope import within
from linyun.foundation.leaving import services
from linyun.foundation.leaving.models import Departure
from linyun.foundation.leaving.rules import KEPT, WAITS, State
from linyun.foundation.leaving.services import Undecidable
from linyun.hub.records.models import Person
from linyun.kernel import clock
from linyun.kernel.ids import uuid7
from tests.characters import BUILDING, HERE
from tests.leaving.conftest import MANY, WHY, acts, departures, run

OF_THE_FUTURE = timedelta(days=8)


@pytest.fixture
def asked(many: list[Person], at_page: Any) -> Departure:
    """林老师 asked for all residents."""
    with at_page("lin"):
        return services.leave("people", {}, WHY).departure


def wait(cast: dict[str, Post], **said: Any) -> Departure:
    """A departure of 林老师 without the people in it."""
    lin = cast["lin"]
    with within(HERE):
        found: Departure = Departure.objects.create(**{
            "area": HERE, "kind": "people", "says": "居民名单：全部", "rows": MANY, "reason": WHY, "channel": "page",
            "state": State.ASKED, "asked_at": clock.now(), "asked_by": "林晓岚", "asked_by_id": lin.account_id,
            "post_id": lin.pk, **said,
        })  # fmt: skip
    return found


@pytest.mark.parametrize("key", ["shen", "gu"])
def test_street_and_district_may_decide_within_their_area(cast: dict[str, Post], at_page: Any, key: str) -> None:
    found = wait(cast)
    with at_page(key):
        assert services.decide(found.pk, agreed=True).state == State.AGREED
    (act,) = acts("departure_agreed")
    assert act.subject_id == found.pk


@pytest.mark.parametrize("key", ["chen", "zhou", "lu", "he", "yan"])
def test_others_may_not(cast: dict[str, Post], at_page: Any, key: str) -> None:
    found = wait(cast)
    with at_page(key), pytest.raises((Refused, Departure.DoesNotExist)):
        services.decide(found.pk, agreed=True)
    assert departures()[0].state == State.ASKED


def test_the_stranger_finds_nothing(cast: dict[str, Post], at_page: Any, client_of: Callable[[str], Client]) -> None:
    found = wait(cast)
    with at_page("wu"), pytest.raises(Departure.DoesNotExist):
        services.decide(found.pk, agreed=True)
    assert client_of("wu").post(reverse("departure_agree", args=[found.pk])).status_code == 404
    assert found.number not in client_of("wu").get(reverse("departures")).content.decode()


def test_the_asker_does_not_decide_in_whatever_post(cast: dict[str, Post], at_page: Any) -> None:
    found = wait(cast)
    with within(""):
        above = Post.objects.create(
            account=cast["lin"].account, role="street", area_id=HERE[:9], valid_from=clock.today()
        )
    for key in ("lin", above):
        with at_page(key), pytest.raises(Undecidable, match="另一位同事"):
            services.decide(found.pk, agreed=True)
    assert departures()[0].state == State.ASKED


@pytest.mark.parametrize("twin", [{"name": "林晓岚"}, {"name": "林小岚", "phone": "19900000001"}])
def test_nor_from_a_second_account(cast: dict[str, Post], at_page: Any, twin: dict[str, str]) -> None:
    Account.objects.filter(pk=cast["lin"].account_id).update(phone="19900000001")
    found, other = wait(cast), Account.objects.create(username="lin2", **twin)
    with within(""):
        post = Post.objects.create(account=other, role="worker", area_id=HERE, valid_from=clock.today())
    with at_page(post), pytest.raises(Undecidable, match="另一位同事"):
        services.decide(found.pk, agreed=True)


@pytest.mark.parametrize("by", ["the asker", "a namesake", "nobody"])
def test_the_database_says_no_as_well(cast: dict[str, Post], by: str) -> None:
    found = wait(cast)
    now, lin = clock.now(), cast["lin"].account_id
    said = {
        "the asker": {"decided_by_id": lin, "decided_by": "别的名字", "decided_at": now},
        "a namesake": {"decided_by_id": uuid4(), "decided_by": "林晓岚", "decided_at": now},
        "nobody": {},
    }[by]
    with within(HERE), pytest.raises(IntegrityError), transaction.atomic():
        Departure.objects.filter(pk=found.pk).update(state=State.AGREED, **said)


def test_a_file_stands_only_in_a_ready_departure(cast: dict[str, Post]) -> None:
    found = wait(cast)
    with within(HERE), pytest.raises(IntegrityError), transaction.atomic():
        Departure.objects.filter(pk=found.pk).update(content=b"x")


def test_agreeing_twice_takes_effect_once(asked: Departure, mei: Post, at_page: Any) -> None:
    with at_page(mei):
        first = services.decide(asked.pk, agreed=True).decided_at
        assert services.decide(asked.pk, agreed=True).decided_at == first
    made = run(asked.pk)
    again = run(asked.pk)
    assert len(acts("departure_agreed")) == len(acts("people_exported")) == 1
    assert made.ready_at == again.ready_at
    with at_page(mei):
        assert services.decide(asked.pk, agreed=True).state == State.READY


def test_agreement_hands_the_work_to_the_queue_once(cast: dict[str, Post], mei: Post, at_page: Any) -> None:
    found = wait(cast)
    with at_page(mei):
        services.decide(found.pk, agreed=True)
        services.decide(found.pk, agreed=True)
    (queued,) = ProcrastinateJob.objects.filter(task_name="acts.deliver")
    assert queued.args["do"] == "linyun.foundation.leaving.jobs.make"
    assert queued.args["detail"] == {"departure_id": str(found.pk)}
    assert "leaving.tidy" in app.tasks


def test_the_second_to_decide_is_told_that_it_is_decided(cast: dict[str, Post], mei: Post, at_page: Any) -> None:
    found = wait(cast)
    with at_page(mei):
        services.decide(found.pk, agreed=False, answer="用途不清楚")
        with pytest.raises(Undecidable, match="已经处理过"):
            services.decide(found.pk, agreed=True)
    with at_page("shen"), pytest.raises(Undecidable, match="已经处理过"):
        services.decide(found.pk, agreed=False, answer="用途不清楚")
    assert (departures()[0].state, departures()[0].answer) == (State.REFUSED, "用途不清楚")


@pytest.mark.parametrize("answer", ["", " ", "不"])
def test_a_refusal_says_why(cast: dict[str, Post], mei: Post, at_page: Any, answer: str) -> None:
    found = wait(cast)
    with at_page(mei), pytest.raises(Undecidable, match="为什么"):
        services.decide(found.pk, agreed=False, answer=answer)


def test_a_request_sent_twice_is_asked_once(many: list[Person], at_page: Any) -> None:
    key = uuid4()
    with at_page("lin"):
        first, again = (services.leave("people", {}, WHY, key).departure for _ in range(2))
        other = services.leave("people", {"status": "left"}, WHY, key)
        longer = services.leave("crowd", {"rule": "姓名 不为空", "subject": "person", "columns": ["name"], "ids": None},
                                WHY, key)  # fmt: skip
    assert first == again
    assert other.file is not None, "a page that lay open asks for something else"
    assert longer.departure not in (first, other.departure)


def test_two_requests_at_once_are_one(many: list[Person], at_page: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other request stored its row between our look and our insert."""
    key, looks = uuid4(), []
    with at_page("lin"):
        first = services.leave("people", {}, WHY, key).departure
        found = services._asked_before
        monkeypatch.setattr(services, "_asked_before", lambda k: found(k) if looks else looks.append(k))
        assert services.leave("people", {}, WHY, key).departure == first
    assert len(acts("departure_asked")) == 1


# The job


def agreed(found: Departure, by: Any, at_page: Any) -> Departure:
    with at_page(by):
        services.decide(found.pk, agreed=True)
    return run(found.pk)


def test_the_file_holds_what_the_asker_may_see(asked: Departure, mei: Post, at_page: Any) -> None:
    with within(HERE[:9] + "012"):
        Person.objects.create(area=HERE[:9] + "012", name="外区的人")
    agreed(asked, "shen", at_page)
    with at_page("lin"):
        text = services.take(asked.pk).content.decode("utf-8-sig")
    assert "住户000" in text
    assert "外区的人" not in text, "the street agreed, the worker's area counts"


def test_whoever_left_the_post_gets_nothing(asked: Departure, cast: dict[str, Post], mei: Post, at_page: Any) -> None:
    with within(""):
        Post.objects.filter(pk=cast["lin"].pk).update(valid_to=clock.today())
    made = agreed(asked, mei, at_page)
    assert (made.state, made.content) == (State.FAILED, None)
    assert "岗位已经结束" in made.answer
    assert not acts("people_exported")


def test_nobody_agreed_to_a_list_that_has_grown(asked: Departure, mei: Post, at_page: Any) -> None:
    with within(HERE):
        Person.objects.bulk_create(Person(area=BUILDING, name=f"新来{n}") for n in range(30))
    made = agreed(asked, mei, at_page)
    assert made.state == State.FAILED
    assert f"从 {MANY} 行增加到 {MANY + 30} 行" in made.answer


def test_a_few_more_rows_are_the_same_list(asked: Departure, mei: Post, at_page: Any) -> None:
    with within(HERE):
        Person.objects.create(area=BUILDING, name="新来")
    made = agreed(asked, mei, at_page)
    assert (made.state, made.rows) == (State.READY, MANY + 1)


def test_what_breaks_the_maker_is_told_and_not_quoted(
    asked: Departure, mei: Post, at_page: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("住户000 and her number")

    monkeypatch.setattr("linyun.foundation.leaving.rules.csv_of", broken)
    made = agreed(asked, mei, at_page)
    assert made.state == State.FAILED
    assert "请重新申请" in made.answer
    assert "住户000" not in caplog.text + made.answer
    assert "RuntimeError" in caplog.text


def test_what_was_not_agreed_to_is_not_made(asked: Departure, mei: Post, at_page: Any) -> None:
    assert run(asked.pk).state == State.ASKED
    with at_page(mei):
        services.decide(asked.pk, agreed=False, answer="用途不清楚")
    assert run(asked.pk).state == State.REFUSED


# Taking


def test_only_the_asker_takes_it_and_each_time_is_an_act(
    asked: Departure, mei: Post, at_page: Any, cast: dict[str, Post]
) -> None:
    agreed(asked, mei, at_page)
    for key in (mei, "shen", "gu", "wu"):
        with at_page(key), pytest.raises(Departure.DoesNotExist):
            services.take(asked.pk)
    for _ in range(2):
        with at_page("lin"):
            assert services.take(asked.pk).name.endswith(".csv")
    taken = acts("departure_taken")
    assert [a.account_id for a in taken] == [cast["lin"].account_id] * 2
    assert {a.subject_id for a in taken} == {asked.pk}


def test_the_file_is_locked_where_it_lies(asked: Departure, mei: Post, at_page: Any) -> None:
    made = agreed(asked, mei, at_page)
    assert "住户".encode() not in bytes(made.content or b"")


def test_after_seven_days_it_is_gone(
    asked: Departure, mei: Post, at_page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = agreed(asked, mei, at_page)
    services.tidy()
    assert departures()[0].state == State.READY
    later = (made.ready_at or clock.now()) + KEPT
    monkeypatch.setattr(clock, "now", lambda: later)
    with at_page("lin"), pytest.raises(Undecidable, match="七天"):
        services.take(asked.pk)
    services.tidy()
    (found,) = departures()
    assert (found.state, found.content) == (State.GONE, None)
    assert found.reason == WHY, "who took what is known for good"


def test_what_nobody_decides_in_two_weeks_lapses(
    cast: dict[str, Post], at_page: Any, client_of: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a list that was wanted in spring is agreed to in autumn."""
    lin, shen, now = client_of("lin"), client_of("shen"), clock.now()
    late, waiting = wait(cast, asked_at=now - WAITS), wait(cast, asked_at=now - WAITS + timedelta(minutes=1))
    services.tidy()
    assert [d.state for d in departures()] == [State.LAPSED, State.ASKED]
    with at_page("shen"), pytest.raises(Undecidable, match="已经失效"):
        services.decide(late.pk, agreed=True)
    assert "两周内没有人处理" in lin.get("/desk/departures").content.decode()
    page = shen.get("/desk/departures").content.decode()
    assert f"/departures/{waiting.pk}/agree" in page and f"/departures/{late.pk}/agree" not in page
    assert "没有人处理，已失效" in page
    monkeypatch.setattr(clock, "now", lambda: now + WAITS)
    assert late not in Departure.objects.open(clock.now() - timedelta(days=13))


def test_a_list_too_long_for_a_file_is_not_cut_but_said(
    cast: dict[str, Post], many: list[Person], client_of: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("linyun.foundation.leaving.rules.MOST_ROWS", MANY - 1)
    answer = client_of("lin").post("/desk/people/export", {"reason": WHY}, follow=True)
    assert f"这份名单有 {MANY} 行，一个文件最多 {MANY - 1} 行" in answer.content.decode()
    assert departures() == []


# Any order


STEPS = ("agree", "refuse", "make", "take", "tidy", "expire")


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(STEPS), max_size=7))
@example(steps=["take", "agree", "refuse", "make", "take", "agree", "expire", "take", "tidy"])
@example(steps=["make", "refuse", "agree", "make", "take", "tidy"])
def test_in_whatever_order_a_file_is_had_only_after_agreement_and_once(
    cast: dict[str, Post], mei: Post, at_page: Any, steps: list[str]
) -> None:
    found, been = wait(cast, id=uuid7()), []
    for name in steps:
        _try(name, found, mei, at_page, been)
    with within(""):
        now = Departure.objects.get(pk=found.pk)
    if "taken" in been:
        assert been[:3] == ["agreed", "ready", "taken"] and "refused" not in been
    assert been.count("agreed") + been.count("refused") <= 1
    assert (now.content is not None) == (now.state == State.READY)


def _try(name: str, found: Departure, mei: Post, at_page: Any, been: list[str]) -> None:
    """Try one step; keep in ``been`` what took effect."""
    with within(""):
        before = Departure.objects.get(pk=found.pk).state
    try:
        if name in ("agree", "refuse"):
            with at_page(mei):
                services.decide(found.pk, agreed=name == "agree", answer="用途不清楚")
        elif name == "make":
            run(found.pk)
        elif name == "take":
            with at_page("lin"):
                services.take(found.pk)
            been.append("taken")
        else:
            with within(""):
                if name == "expire":
                    Departure.objects.filter(pk=found.pk, state="ready").update(ready_at=clock.now() - OF_THE_FUTURE)
            services.tidy()
    except Undecidable:
        return
    with within(""):
        after = Departure.objects.get(pk=found.pk).state
    if after != before:
        been.append(after)
