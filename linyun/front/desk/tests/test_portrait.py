"""The pictures on the desk: they count what the reader may see, and each line opens just what it counts."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from html import unescape

import pytest
from django.test import Client

from linyun.foundation.acts.actor import Actor
from linyun.foundation.areas.scope import within
from linyun.hub.records.models import Person
from linyun.kernel import clock
from linyun.work.visits.models import Visit
from linyun.work.visits.weekly import SHOWN, first, monday
from tests.residents import Home
from tests.visits import visit_to

pytestmark = pytest.mark.django_db
YEAR = clock.today().year


@pytest.fixture
def people(person: Callable[..., Person]) -> None:
    """Two women of eighty-one, a man of ninety-five, one without a birth date, and one who has left."""
    for name in ("周桂芳", "沈美琴"):
        person(name=name, sex="2", birth_date=date(YEAR - 81, 1, 1))
    person(name="陈阿宝", sex="1", birth_date=date(YEAR - 95, 1, 1))
    person(name="李无日", sex="1", birth_date=None)
    gone = person(name="王迁出", sex="2", birth_date=date(YEAR - 81, 1, 1))
    with within(""):
        Person.objects.filter(pk=gone.pk).update(status="left")


def lines(page: str) -> dict[str, tuple[str, str, str]]:
    """By label: the link, the men, the women."""
    found = re.findall(r'num">(\d+)</span><svg.*?<th scope="row"><a href="(.*?)">(.*?)</a>.*?num">(\d+)<', page)
    return {label: (unescape(href), men, women) for men, href, label, women in found}


def test_ages_are_counted_and_each_line_opens_its_crowd(people: None, client_of: Callable[[str], Client]) -> None:
    lin = client_of("lin")
    page = lin.get("/desk").content.decode()
    found = lines(page)
    assert found["80–89"][1:] == ("0", "2")
    assert found["90 以上"][1:] == ("1", "0")
    assert "另有 1 人没有登记" in page
    crowd = lin.get(found["80–89"][0]).content.decode()
    assert "周桂芳" in crowd and "沈美琴" in crowd
    assert "陈阿宝" not in crowd and "王迁出" not in crowd


def test_a_building_chief_is_not_shown_ages(people: None, client_of: Callable[[str], Client]) -> None:
    assert 'id="ages"' not in client_of("zhou").get("/desk").content.decode()


def test_a_community_without_people_has_no_empty_picture(client_of: Callable[[str], Client]) -> None:
    assert 'id="ages"' not in client_of("lin").get("/desk").content.decode()


def bars(page: str, section: str) -> dict[str, tuple[str, str]]:
    """By label: the link and the figure, of the bars of one section of the page."""
    part = page.split(f'id="{section}"')[1].split("</section>")[0]
    flat = re.findall(r'<dt><a href="(.*?)">(.*?)</a></dt>.*?num">(.*?)<', part)
    upright = re.findall(
        r'<li><a href="(.*?)">.*?num" aria-hidden="true">(.*?)<.*?<span aria-hidden="true">(.*?)<', part
    )
    found = [(label, href, n) for href, label, n in flat] + [(label, href, n) for href, n, label in upright]
    return {label: (unescape(href), n) for label, href, n in found}


def counted(page: str) -> str:
    """The figure at the head of a list, "0" where it is empty."""
    found = re.search(r'class="count">\s*<b class="num">([\d,]+)</b>', page)
    return found[1] if found else "0"


def test_each_size_of_household_opens_as_many_households(
    person: Callable[..., Person], home: Callable[..., Home], client_of: Callable[[str], Client]
) -> None:
    for n, size in enumerate((1, 1, 3, 6, 5)):
        home(*[person(name=f"住户{n}之{m}") for m in range(size)], address=f"公交新村1号{n}01室")
    lin = client_of("lin")
    sizes = bars(lin.get("/desk").content.decode(), "homes")
    assert {label: n for label, (_href, n) in sizes.items()} == {
        "1 人户": "2", "2 人户": "0", "3 人户": "1", "4 人户": "0", "5 人及以上": "2"
    }  # fmt: skip
    for label, (href, n) in sizes.items():
        assert counted(lin.get(href).content.decode()) == n, label


def test_each_week_opens_as_many_visits(
    person: Callable[..., Person], client_of: Callable[[str], Client],
    as_character: Callable[[str], AbstractContextManager[Actor]],
) -> None:  # fmt: skip
    zhou, today = person(name="周桂芳"), clock.today()
    start = first(today)
    days = (
        start - timedelta(days=1),
        start,
        start + timedelta(days=6),
        start + timedelta(days=7),
        monday(today),
        today,
    )
    with as_character("lin"):
        written = [visit_to(zhou, day, situation=f"第{n}次") for n, day in enumerate((*days, start))]
    with within(""):
        Visit.objects.filter(pk=written[-1].pk).update(withdrawn_at=clock.now())
    lin = client_of("lin")
    weeks = bars(lin.get("/desk").content.decode(), "weeks")
    assert [n for _href, n in weeks.values()] == ["2", "1", *["0"] * (SHOWN - 3), "2"]
    assert bars(lin.get("/desk/visits").content.decode(), "weeks") == weeks
    for label, (href, n) in weeks.items():
        page = lin.get(href).content.decode()
        assert counted(page) == n, label
        assert bars(page, "weeks") == weeks, "the other weeks stay within reach"
    assert "第0次" not in lin.get(weeks[f"{start.month}/{start.day}"][0]).content.decode()


def test_a_building_chief_counts_only_her_own_visits_by_week(
    person: Callable[..., Person], client_of: Callable[[str], Client],
    as_character: Callable[[str], AbstractContextManager[Actor]],
) -> None:  # fmt: skip
    neighbour = person(name="周桂芳")
    for who, times in (("lin", 2), ("zhou", 1)):
        with as_character(who):
            for n in range(times):
                visit_to(neighbour, clock.today(), situation=f"{who}{n}")
    assert sum(int(n) for _h, n in bars(client_of("zhou").get("/desk/visits").content.decode(), "weeks").values()) == 1


@pytest.mark.parametrize("week", ["2026-13-01", "下周", "0001-01-01", "9999-12-31", "\x00"])
def test_a_week_that_is_none_does_not_filter(
    person: Callable[..., Person], client_of: Callable[[str], Client],
    as_character: Callable[[str], AbstractContextManager[Actor]], week: str,
) -> None:  # fmt: skip
    with as_character("lin"):
        visit_to(person(name="周桂芳"), clock.today(), situation="在家")
    assert counted(client_of("lin").get("/desk/visits", {"week": week}).content.decode()) == "1"


def test_late_visits_say_that_only_they_are_listed(
    person: Callable[..., Person], client_of: Callable[[str], Client],
    as_character: Callable[[str], AbstractContextManager[Actor]],
) -> None:  # fmt: skip
    zhou, day = person(name="周桂芳"), clock.today() - timedelta(days=9)
    with as_character("lin"):
        visit_to(zhou, day, situation="答应再来", follow_up_on=day + timedelta(days=2))
        visit_to(person(name="王敏"), day, situation="一切都好")
    lin = client_of("lin")
    page = lin.get("/desk/visits", {"state": "late"}).content.decode()
    assert "答应再来" in page and "一切都好" not in page and "只看过了约定日" in page
    assert 'name="state" value="late"' in page, "a further filter keeps to them"
    assert 'filter-box" open' not in page
    assert 'filter-box" open' in lin.get("/desk/visits", {"words": "再来"}).content.decode()
