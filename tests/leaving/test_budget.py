"""How many persons an account sees in a day: whichever page shows them, each once, and no further than its budget."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from linyun.foundation.accounts.models import Post
from linyun.foundation.areas.scope import within
from linyun.foundation.leaving import budget, services
from linyun.foundation.leaving.budget import Spent
from linyun.foundation.leaving.models import Seen, Tally
from linyun.foundation.leaving.rules import BUDGETS
from linyun.hub.records.models import Person
from linyun.kernel import clock
from linyun.kernel.declare import Role
from tests.characters import BUILDING, HERE
from tests.leaving.conftest import MANY, WHY, acts, departures

LITTLE = 60


@pytest.fixture
def little(monkeypatch: pytest.MonkeyPatch) -> None:
    """A budget that a test can spend."""
    for role in Role:
        monkeypatch.setitem(BUDGETS, role, LITTLE)  # type: ignore[arg-type]
    monkeypatch.setattr("linyun.foundation.leaving.rules.API_BUDGET", LITTLE)


def tallies() -> list[Tally]:
    with within(""):
        return list(Tally.objects.order_by("id"))


def seen() -> int:
    with within(""):
        return Seen.objects.count()


LISTS: dict[str, Callable[[list[Person]], tuple[str, dict[str, Any]]]] = {
    "people": lambda people: (reverse("people"), {}),
    "find": lambda people: (reverse("find"), {"q": "住户"}),
    "crowd": lambda people: (reverse("crowds"), {"rule": "姓名 不为空"}),
    "ledger": lambda people: (reverse("ledger", args=["residents"]), {}),
    "api list": lambda people: ("/api/v1/people", {"limit": "50"}),
    "api find": lambda people: ("/api/v1/people", {"q": "住户", "limit": "50"}),
}
"""Pages of fifty; which fifty depends on the order of each."""


@pytest.mark.parametrize("way", LISTS)
def test_each_list_counts_whom_it_shows_once(way: str, many: list[Person], client_of: Callable[[str], Client]) -> None:
    address, asked = LISTS[way](many)
    lin = client_of("lin")
    for _ in range(2):
        assert lin.get(address, asked).status_code == 200
    (tally,) = tallies()
    assert (tally.seen, seen()) == (50, 50)
    assert (tally.name, tally.role, tally.area, tally.reached_at) == ("林晓岚", "worker", HERE, None)


SHORT: dict[str, Callable[[list[Person]], tuple[str, dict[str, Any]]]] = {
    "suggest": lambda people: (reverse("suggest"), {"q": "住户"}),
    "person": lambda people: (reverse("person", args=[people[0].pk]), {}),
    "api person": lambda people: (f"/api/v1/people/{people[0].pk}", {}),
    "building": lambda people: (reverse("building", args=[BUILDING]), {}),
}


@pytest.mark.parametrize(("way", "count"), [("suggest", 8), ("person", 1), ("api person", 1), ("building", 2)])
def test_suggestions_single_files_and_buildings_count_as_well(
    way: str, count: int, many: list[Person], home: Callable[..., Any], client_of: Callable[[str], Client]
) -> None:
    home(many[0], many[1])
    address, asked = SHORT[way](many)
    assert client_of("lin").get(address, asked).status_code == 200
    assert tallies()[0].seen == count


def test_the_same_people_on_another_page_cost_nothing(many: list[Person], client_of: Callable[[str], Client]) -> None:
    lin = client_of("lin")
    lin.get(reverse("find"), {"q": "住户"})
    lin.get(reverse("person", args=[many[0].pk]))
    lin.get(reverse("people"))
    assert tallies()[0].seen == 50


def test_a_drip_is_stopped_at_the_budget_and_told_plainly(
    many: list[Person], little: None, client_of: Callable[[str], Client]
) -> None:
    """A script takes page after page; no page shows the sixty-first person."""
    lin, shown, address = client_of("lin"), set(), "/api/v1/people?limit=7"
    for _ in range(MANY):
        answer = lin.get(address)
        if answer.status_code == 429:
            break
        shown |= {p["id"] for p in answer.json()["people"]}
        address = f"/api/v1/people?limit=7&after={answer.json()['next']}"
    assert answer.status_code == 429
    assert len(shown) == 56 == tallies()[0].seen
    for word in ("上限", "明天零点", "联系街道", "申请导出"):
        assert word in answer.json()["detail"]
    assert 0 < int(answer.headers["Retry-After"]) <= 24 * 3600 + 1


def test_the_page_says_it_too_and_what_was_seen_can_be_seen_again(
    many: list[Person], little: None, client_of: Callable[[str], Client]
) -> None:
    lin = client_of("lin")
    assert lin.get(reverse("people")).status_code == 200
    refused = lin.get(reverse("people"), {"sort": "-name"})
    said = refused.content.decode()
    assert refused.status_code == 429
    assert "今天查看的人数到上限了" in said and f"每天 {LITTLE} 人" in said
    assert "住户" not in said
    assert lin.get(reverse("people")).status_code == 200
    assert lin.get(reverse("person", args=[many[0].pk])).status_code == 200
    assert lin.get(reverse("desk")).status_code == 200, "the day's own work goes on"


def test_short_exports_are_no_way_round(many: list[Person], little: None, client_of: Callable[[str], Client]) -> None:
    form = {"rule": "姓名 不为空", "columns": ["name"], "reason": WHY, "chosen": [str(p.pk) for p in many[:61]]}
    answer = client_of("lin").post(reverse("crowd_export"), form)
    assert answer.status_code == 429
    assert departures() == [] == acts("crowd_exported")


def test_a_snooper_is_flagged_to_those_who_look_after_the_area(
    many: list[Person], little: None, mei: Post, client_of: Callable[[str], Client], browser: Callable[[Post], Client]
) -> None:
    """Somebody opens one neighbour after the other: street and colleagues see it, strangers do not."""
    lin = client_of("lin")
    answers = [lin.get(f"/api/v1/people/{p.pk}").status_code for p in many[: LITTLE + 3]]
    assert answers == [200] * LITTLE + [429] * 3
    (act,) = acts("budget_reached")
    assert act.detail["limit"] == LITTLE and act.area == HERE
    line = "查看人数到上限的账号"
    for client in (client_of("shen"), client_of("gu"), browser(mei)):
        said = client.get(reverse("departures")).content.decode()
        assert line in said and "林晓岚" in said
    assert line not in client_of("wu").get(reverse("departures")).content.decode()


def test_the_budget_is_whole_again_the_next_day(
    many: list[Person], little: None, at_page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with at_page("lin"):
        budget.look(p.pk for p in many[:LITTLE])
    with pytest.raises(Spent), at_page("lin"):
        budget.look([many[-1].pk])
    tomorrow = clock.now() + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    with at_page("lin"):
        budget.look(p.pk for p in many[-LITTLE:])
    assert [t.seen for t in tallies()] == [LITTLE, LITTLE]


def test_how_long_until_the_day_is_over(monkeypatch: pytest.MonkeyPatch, at_page: Any) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 28, 23, 59, 0, tzinfo=clock.ZONE))
    with at_page("lin") as actor:
        assert Spent(actor, 1500).wait == 61


def test_two_accounts_have_two_budgets(many: list[Person], little: None, mei: Post, at_page: Any) -> None:
    for key in ("lin", mei):
        with at_page(key):
            budget.look(p.pk for p in many[:LITTLE])
    assert {t.seen for t in tallies()} == {LITTLE}


def test_a_chief_has_the_smaller_one(many: list[Person], at_page: Any) -> None:
    ids = [uuid4() for _ in range(BUDGETS[Role.CHIEF] + 1)]
    with at_page("zhou"), pytest.raises(Spent, match=str(BUDGETS[Role.CHIEF])):
        budget.look(ids)
    with at_page("lin"):
        budget.look(ids)


def test_counting_is_one_statement_and_nobody_costs_none(at_page: Any, assert_queries: Callable[..., Any]) -> None:
    with at_page("lin"), assert_queries(1):
        budget.look([uuid4(), uuid4()])
    with at_page("lin"), assert_queries(0):
        budget.look([None])


def test_console_and_jobs_are_nobodys_eyes(many: list[Person], as_worker: Any, little: None) -> None:
    with as_worker():
        budget.look(p.pk for p in many)
    assert tallies() == []


def test_the_database_counts_under_the_scope(at_page: Any) -> None:
    with at_page("lin"):
        budget.look([uuid4()])
    with at_page("wu"):
        assert not Seen.objects.exists() and not Tally.objects.exists()
    with at_page("shen"):
        assert Tally.objects.count() == 1


def turns() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()")
        return int(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_the_accounts_turn_is_taken_for_new_people_and_only_for_them(at_page: Any) -> None:
    """It is held to the end of the transaction: pages of people seen before are drawn side by side."""
    ids = [uuid4(), uuid4()]
    with at_page("lin"):
        budget.look(ids)
        assert turns() == 1
    with at_page("lin"):
        budget.look(ids)
        assert turns() == 0


def test_at_night_who_was_seen_is_forgotten_and_who_came_to_the_limit_is_kept(at_page: Any) -> None:
    old, older = clock.today() - timedelta(days=1), date(2026, 1, 1)
    with at_page("lin") as lin:
        budget.look([uuid4()])
        assert lin.account_id
        for day, reached in ((old, None), (old, clock.now()), (older, clock.now())):
            Tally.objects.create(area=HERE, account_id=uuid4(), day=day, name="某人", role="worker", reached_at=reached)
        Seen.objects.create(account_id=lin.account_id, area=HERE, day=old, subject_id=uuid4())
    services.tidy()
    services.tidy()
    assert seen() == 1
    assert [t.day for t in tallies()] == [clock.today(), old]


@pytest.mark.django_db(transaction=True)
def test_requests_at_once_do_not_slip_past_the_limit(at_page: Any, little: None) -> None:
    """Six times twenty different people at the same moment: three answers, and not one person more."""

    def drip(n: int) -> int:
        try:
            with at_page("lin"):
                budget.look(UUID(int=n * 1000 + i) for i in range(20))
        except Spent:
            return 429
        finally:
            connection.close()
        return 200

    with ThreadPoolExecutor(3) as script:
        answers = sorted(script.map(drip, range(1, 7)))
    assert answers == [200] * 3 + [429] * 3
    assert (tallies()[0].seen, seen()) == (LITTLE, LITTLE)
