"""The first page of the day: what is due stands where it is looked for, counts fit their lists, each sees their own."""

import html
import re
from datetime import date, timedelta

import pytest
from django.db import transaction

from linyun.foundation.areas.scope import within
from linyun.front.desk import today as page_of_today
from linyun.front.desk.today import _counts
from linyun.hub.exchange.models import Import
from linyun.hub.records.models import Person
from linyun.kernel import clock
from linyun.work.visits.models import PlannedVisit, Visit
from tests.characters import BUILDING, HERE, OTHER_BUILDING
from tests.visits import visit_to

pytestmark = pytest.mark.django_db
TODAY = clock.today()


def days(n):
    return TODAY + timedelta(days=n)


def main(answer):
    return html.unescape(answer.content.decode().split("<main", 1)[-1].split("</main>", 1)[0])


def part(page, name):
    return page.split(f'id="{name}"', 1)[1].split("</section>", 1)[0]


@pytest.fixture
def lin(client_of):
    return client_of("lin")


def promise(person, on, words, *, visited=-40, visitor_id=None):
    with within(""):
        return Visit.objects.create(area=person.area, person=person, visited_on=days(visited), mode="2", situation=words,
                                    follow_up_on=days(on), visitor="林晓岚", visitor_id=visitor_id)  # fmt: skip


def told(page, word):
    return [int(n) for n in re.findall(rf"{word}(\d+)", page)]


def test_today_first_then_the_late_ones_then_the_week(person, lin):
    p = person(name="周桂芳")
    for on, words in ((-9, "早过了"), (-1, "昨天"), (0, "就今天"), (7, "第七天"), (8, "第八天")):
        promise(p, on, words)
    due = part(main(lin.get("/desk")), "due")
    order = [due.index(words) for words in ("就今天", "昨天", "早过了", "第七天")]
    assert order == sorted(order) and "第八天" not in due
    heads = re.findall(r'<h3 class="list-head([^"]*)">([^<]+)<', due)
    assert heads == [(" warn", "今天"), (" warn", "已过约定的日子"), ("", "接下来七天")]


def test_more_late_ones_than_fit_lead_to_their_list(person, lin):
    p = person(name="周桂芳")
    for n in range(9):
        promise(p, -n - 1, f"迟{n}")
    page = main(lin.get("/desk"))
    assert told(part(page, "due"), "迟") == list(range(page_of_today.LATE_SHOWN)), "the latest on top"
    assert "还有 3 次" in part(page, "due") and "visits?state=late" in part(page, "due")
    assert len(set(told(main(lin.get("/desk/visits?state=late")), "迟"))) == 9


def test_more_of_the_next_days_than_fit_are_counted_and_not_called_late(person, lin):
    p = person(name="周桂芳")
    for n in range(page_of_today.SOON_SHOWN + 2):
        promise(p, 1 + n % 7, f"快{n}")
    due = part(main(lin.get("/desk")), "due")
    assert len(set(told(due, "快"))) == page_of_today.SOON_SHOWN and "还有 2 次" in due
    assert "state=late" not in due, "they are not in the list of the late ones"


def test_a_door_that_nobody_opened_is_due_too(person, home, lin):
    flat = home(person(name="周桂芳"), address="公交新村1号302室").dwelling
    sent = {"mode": "2", "visited_on": TODAY.isoformat(), "situation": "敲门没有人", "follow_in": "7"}
    lin.post(f"/desk/dwellings/{flat.pk}/visit", sent)
    due = part(main(lin.get("/desk")), "due")
    assert "公交新村1号302室" in due and "敲门没有人" in due


def plan_for(*people, on=1):
    with within(""):
        PlannedVisit.objects.bulk_create(
            PlannedVisit(area=p.area, person=p, due_on=days(on + n), why=f"计划{n}", planned_by="林晓岚")
            for n, p in enumerate(people)
        )


def test_the_nearest_plans_are_shown_and_all_are_counted(person, lin):
    plan_for(*(person(name=f"某{n}") for n in range(15)))
    planned = part(main(lin.get("/desk")), "planned")
    assert told(planned, "计划") == list(range(page_of_today.PLANNED_SHOWN)) and ">15<" in planned


def test_a_grid_worker_sees_plans_and_promises_of_the_grid(person, client_of):
    there = person(OTHER_BUILDING, name="沈美琴")
    plan_for(person(name="周桂芳"), there)
    promise(there, 0, "约好今天")
    page = main(client_of("chen").get("/desk"))
    assert "周桂芳" in part(page, "planned") and "约好今天" in part(page, "due")


def test_a_chief_sees_her_own_promises_and_no_plans(person, client_of, cast):
    p = person(name="周桂芳")
    promise(p, 0, "别人约的")
    promise(p, -1, "自己约的", visitor_id=cast["zhou"].account_id)
    plan_for(p)
    page = main(client_of("zhou").get("/desk"))
    due = part(page, "due")
    assert "自己约的" in due and "别人约的" not in due
    assert "计划0" not in page and "别人约的" not in page
    assert "按频次该走访的" not in page and "居民的年龄" not in page
    late = re.search(r"过了约定日.*?>(\d+)<", page, re.S)[1]
    assert late == "1"


@pytest.mark.parametrize("who", ["shen", "gu", "lu", "he", "yan"])
def test_above_the_committee_the_first_page_names_nobody(person, client_of, who):
    promise(person(name="周桂芳"), 0, "约好今天")
    answer = client_of(who).get("/desk")
    assert answer.status_code == 200
    assert "周桂芳" not in main(answer) and "约好今天" not in main(answer)


def test_an_import_left_half_way_is_remembered_and_a_finished_one_is_not(areas, lin, client_of):
    states = {"read": True, "checked": True, "applying": True, "failed": True, "applied": False, "undone": False}
    with within(""), transaction.atomic():
        for state in states:
            Import.objects.create(area=HERE, filename=f"{state}.xlsx", state=state, total=3, content=b"", as_of=TODAY)
        Import.objects.create(area=HERE, filename="empty.xlsx", state="read", total=0, content=b"", as_of=TODAY)
    page = main(lin.get("/desk"))
    for state, shown in states.items():
        assert (f"{state}.xlsx" in page) is shown, state
    assert "empty.xlsx" not in page
    assert "read.xlsx" not in main(client_of("wu").get("/desk"))


MONTHS = [
    # today, visits on → this month so far, the month before as far
    (
        date(2026, 3, 10),
        [date(2026, 3, 1), date(2026, 3, 10), date(2026, 2, 10), date(2026, 2, 11), date(2026, 3, 11)],
        (2, 1),
    ),
    (date(2026, 3, 31), [date(2026, 2, 28), date(2026, 2, 1), date(2026, 1, 31)], (0, 2)),
    (date(2026, 1, 5), [date(2025, 12, 5), date(2025, 12, 6), date(2026, 1, 5)], (1, 1)),
]


@pytest.mark.parametrize(("day", "visits", "counted"), MONTHS)
def test_this_month_is_compared_with_as_much_of_the_last(person, as_worker, day, visits, counted):
    p = person(name="周桂芳")
    with within(""):
        Visit.objects.bulk_create(
            Visit(area=BUILDING, person=p, visited_on=on, mode="2", visitor="王") for on in visits
        )
        Visit.objects.create(
            area=BUILDING, person=p, visited_on=visits[0], mode="2", visitor="王", withdrawn_at=clock.now()
        )
    with as_worker():
        found = _counts(day, None, all_visits=True)
    assert (found["visits"], found["before"]) == counted


def test_figures_lead_to_lists_that_hold_as_many(person, lin, as_character):
    people = [person(name=f"某{n}") for n in range(3)]
    with as_character("lin"):
        for p in people:
            visit_to(p, TODAY, situation="在家")
    with within(""), transaction.atomic():
        Person.objects.filter(pk=people[0].pk).update(status="left")
    page = main(lin.get("/desk"))
    figures = {m[0]: m[1] for m in re.findall(r"(本月走访|在册居民).*?>(\d+)<", page, re.S)}
    assert figures == {"本月走访": "3", "在册居民": "2"}
    listed = main(lin.get(f"/desk/visits?month={TODAY:%Y-%m}"))
    assert len(set(re.findall(r"/desk/visits/([0-9a-f-]{36})", listed))) == 3
    register = main(lin.get("/desk/people"))
    assert len(set(re.findall(r"/desk/people/([0-9a-f-]{36})", register))) == 2


def test_the_last_written_stand_first_whatever_day_they_tell_of(person, lin, as_character):
    p = person(name="周桂芳")
    with as_character("lin"):
        for n in range(8):
            visit_to(p, days(n - 10), situation=f"写{n}")
    recent = main(lin.get("/desk")).split("最近的走访", 1)[1].split("</section>", 1)[0]
    assert told(recent, "写") == [7, 6, 5, 4, 3, 2]
