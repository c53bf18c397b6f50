"""Buildings floor by floor, dwellings, households; and what the day begins with."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from linyun.foundation.acts.actor import Actor
from linyun.foundation.areas.scope import within
from linyun.front.desk.buildings import Room, floors, natural
from linyun.hub.records.models import Dwelling, Person
from linyun.kernel import clock
from linyun.work.visits.models import Visit
from linyun.work.visits.services import Sheet, plan, write
from tests.characters import BUILDING
from tests.queries import Asked
from tests.residents import Home

AsCharacter = Callable[[str], AbstractContextManager[Actor]]
YEAR = clock.today().year


@pytest.fixture
def flat(person: Callable[..., Person], home: Callable[..., Home]) -> Home:
    """周桂芳 (81) and her daughter in 302."""
    zhou = person(name="周桂芳", sex="2", birth_date=date(YEAR - 81, 1, 1))
    daughter = person(name="王敏", sex="2", birth_date=date(YEAR - 50, 1, 1))
    found = home(zhou, daughter, address="公交新村1号302室")
    with within(BUILDING[:12]):
        Dwelling.objects.filter(pk=found.dwelling.pk).update(room="302")
        Dwelling.objects.create(area=BUILDING, address="公交新村1号301室", address_key="x", room="301")
    return found


def room(number: str, floor: int | None = None, unit: str = "") -> Room:
    return Room(number, f"1号{number}", unit, number, floor, [])


def test_floors_stand_as_in_the_house() -> None:
    ((unit, found),) = floors([room("101"), room("1202"), room("1201"), room("302"), room("底层"), room("9", 2)])
    assert unit == ""
    assert [(f.number, [r.room for r in f.rooms]) for f in found] == [
        (12, ["1201", "1202"]), (3, ["302"]), (2, ["9"]), (1, ["101"]), (0, ["底层"])]  # fmt: skip


def test_units_are_apart() -> None:
    assert [u for u, _f in floors([room("101", unit="10"), room("101", unit="2")])] == ["2", "10"]


@given(st.lists(st.text(alphabet="0123456789室楼A甲", max_size=6), max_size=20))
def test_no_room_is_lost(numbers: list[str]) -> None:
    found = floors([room(n) for n in numbers])
    assert sorted(r.room for _u, fs in found for f in fs for r in f.rooms) == sorted(numbers)


def test_numbers_sort_as_numbers() -> None:
    assert sorted(["公交新村12号", "公交新村2号", "公交新村2号甲"], key=natural) == [
        "公交新村2号", "公交新村2号甲", "公交新村12号"]  # fmt: skip


@pytest.mark.django_db
def test_a_building_shows_every_door(flat: Home, client_of: Callable[[str], Client],
                                     assert_queries: Callable[..., AbstractContextManager[Asked]]) -> None:  # fmt: skip
    lin = client_of("lin")
    with assert_queries(6):
        page = lin.get(f"/desk/buildings/{BUILDING}").content.decode()
    assert "2 套房屋 · 住着 2 人 · 1 套没有登记到人" in page
    assert "3 楼" in page and "周桂芳" in page and "room aged" in page
    assert "room aged" not in client_of("zhou").get(f"/desk/buildings/{BUILDING}").content.decode()
    assert client_of("wu").get(f"/desk/buildings/{BUILDING}").status_code == 404
    assert "1号楼" in lin.get("/desk/buildings").content.decode()


@pytest.mark.django_db
def test_a_dwelling_and_a_visit_to_a_closed_door(flat: Home, client_of: Callable[[str], Client]) -> None:
    lin, path = client_of("lin"), f"/desk/dwellings/{flat.dwelling.pk}"
    page = lin.get(path).content.decode()
    assert "周桂芳" in page and "户籍在此" in page
    sent = {"mode": "2", "visited_on": clock.today().isoformat(), "situation": "敲门没有人"}
    assert lin.post(f"{path}/visit", sent).status_code == 303
    assert "敲门没有人" in lin.get(path).content.decode()
    with within(""):
        visit = Visit.objects.get()
    assert (visit.person_id, visit.dwelling_id) == (None, flat.dwelling.pk)
    assert "住户" in lin.get(f"/desk/visits/{visit.pk}").content.decode()
    assert client_of("wu").get(path).status_code == 404


@pytest.mark.django_db
def test_a_household_names_its_members_as_neighbours_do(flat: Home, client_of: Callable[[str], Client]) -> None:
    with within(""):
        flat.household.memberships.filter(is_head=False).update(relation="30")
    page = client_of("lin").get(f"/desk/households/{flat.household.pk}").content.decode()
    assert "周桂芳家" in page and "女儿 · 50 岁" in page
    assert client_of("zhou").get(f"/desk/households/{flat.household.pk}").status_code == 403
    assert client_of("wu").get(f"/desk/households/{flat.household.pk}").status_code == 404


@pytest.mark.django_db
def test_the_day_begins_with_what_was_promised(
    flat: Home, as_character: AsCharacter, client_of: Callable[[str], Client],
    assert_queries: Callable[..., AbstractContextManager[Asked]],
) -> None:  # fmt: skip
    zhou, daughter = flat.people
    today = clock.today()
    with as_character("lin"):
        before = today - timedelta(days=20)
        late = today - timedelta(days=3)
        write(Sheet(zhou, mode="2", visited_on=before, situation="答应陪去付水费", follow_up_on=late))
        write(Sheet(daughter, mode="3", visited_on=today, situation="电话", follow_up_on=today + timedelta(days=5)))
        plan([zhou.pk], today + timedelta(days=1), "高温关心")
    lin = client_of("lin")
    with assert_queries(11, at_most=True):
        page = lin.get("/desk").content.decode()
    assert "已过约定的日子" in page and "答应陪去付水费" in page
    assert "接下来七天" in page and "高温关心" in page
    assert "答应陪去付水费" in lin.get("/desk/visits?state=late").content.decode()
    above = client_of("gu").get("/desk").content.decode()
    assert "周桂芳" not in above and "不直接看居民名单" in above


@pytest.mark.django_db
def test_a_dwelling_names_its_household_by_the_head(flat: Home, client_of: Callable[[str], Client]) -> None:
    page = client_of("lin").get(f"/desk/dwellings/{flat.dwelling.pk}").content.decode()
    side = page.split("登记在这里的户")[1]
    assert "周桂芳家" in side and "2 人" in side


@pytest.mark.django_db
def test_the_menu_says_where_one_is(flat: Home, client_of: Callable[[str], Client]) -> None:
    lin = client_of("lin")
    for path, entry in (
        ("/desk", "/desk"), ("/desk/find?q=zgf", "/desk/people"), (f"/desk/dwellings/{flat.dwelling.pk}", "/desk/buildings"),
        (f"/desk/households/{flat.household.pk}", "/desk/buildings"), ("/desk/notes", "/desk"),
    ):  # fmt: skip
        menu = lin.get(path).content.decode().split("<nav")[1].split("</nav>")[0]
        assert re.findall(r'<a href="([^"]+)" aria-current="page"', menu) == [entry], path


@pytest.mark.django_db
def test_only_those_who_may_find_people_are_offered_to(flat: Home, client_of: Callable[[str], Client]) -> None:
    assert 'role="search"' in client_of("lin").get("/desk").content.decode()
    assert 'role="search"' in client_of("zhou").get("/desk").content.decode()
    street = client_of("shen").get("/desk").content.decode()
    assert 'role="search"' not in street
    assert (
        'class="card tile" href="/desk/buildings"' in street and 'class="card tile" href="/desk/ledgers"' not in street
    )


@pytest.mark.django_db
def test_what_is_looked_for_in_a_catalogue_is_not_what_is_looked_for_everywhere(
    flat: Home, client_of: Callable[[str], Client]
) -> None:
    def sought(page: str) -> list[str]:
        return re.findall(r'name="q" value="([^"]*)"[^>]*data-find', page)

    lin = client_of("lin")
    assert set(sought(lin.get("/desk/items", {"q": "电话"}).content.decode())) == {""}
    assert set(sought(lin.get("/desk/find", {"q": "周桂芳"}).content.decode())) == {"周桂芳"}
