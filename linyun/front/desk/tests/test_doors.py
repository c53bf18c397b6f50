"""Buildings, dwellings and households count the same people on every page, and show each reader what is theirs."""

import html
import re
from datetime import date, timedelta

import pytest
from django.db import transaction

from linyun.foundation.areas.models import Area
from linyun.foundation.areas.scope import within
from linyun.hub.records.models import Dwelling, Household, Membership, Person, Residence
from linyun.kernel import clock
from tests.characters import BUILDING, BUILDING_THERE, GRID, HERE, OTHER_BUILDING
from tests.visits import visit_to

pytestmark = pytest.mark.django_db
TODAY = clock.today()


def born(years, days=0):
    """A birthday so many years ago, moved by days."""
    try:
        return TODAY.replace(year=TODAY.year - years) + timedelta(days=days)
    except ValueError:
        return TODAY.replace(year=TODAY.year - years, day=28) + timedelta(days=days)


def main(answer):
    return html.unescape(answer.content.decode().split("<main", 1)[-1].split("</main>", 1)[0])


@pytest.fixture
def lin(client_of):
    return client_of("lin")


@pytest.fixture
def old(person, home):
    """沈宝珍 turns eighty today, 陈阿宝 tomorrow; both in one flat, with a lodger who moved away without a word."""
    people = (
        person(name="沈宝珍", birth_date=born(80)),
        person(name="陈阿宝", birth_date=born(80, 1)),
        person(name="王迁出", birth_date=born(85)),
    )
    found = home(*people, address="公交新村1号302室")
    with within(""), transaction.atomic():
        Person.objects.filter(pk=people[2].pk).update(status="left")
        Dwelling.objects.filter(pk=found.dwelling.pk).update(building="1", room="302", floor=3)
    return found


def test_the_list_of_buildings_counts_whom_the_building_shows(old, lin):
    """Whoever has left is on neither, though nobody ended the lodging; eighty is eighty on the day itself."""
    listed = main(lin.get("/desk/buildings"))
    assert "1 户 · 2 人" in listed and "80 岁以上 1" in listed
    shown = main(lin.get(f"/desk/buildings/{BUILDING}"))
    assert "住着 2 人" in shown and "王迁出" not in shown
    assert re.search(r"沈宝珍 <span[^>]*>80<", shown) and re.search(r"陈阿宝 <span[^>]*>79<", shown)


def test_a_room_is_marked_for_an_elder_on_the_birthday_and_not_before(person, home, lin):
    home(person(name="陈阿宝", birth_date=born(80, 1)), address="公交新村1号302室")
    assert "room aged" not in main(lin.get(f"/desk/buildings/{BUILDING}"))
    home(person(name="沈宝珍", birth_date=born(80)), address="公交新村1号402室")
    assert main(lin.get(f"/desk/buildings/{BUILDING}")).count("room aged") == 1


def test_who_is_only_registered_is_not_counted_as_living_there(person, home, lin):
    p = person(name="周桂芳", birth_date=born(81))
    found = home(p, address="公交新村1号302室")
    with within(""), transaction.atomic():
        Residence.objects.filter(person=p, kind="actual").update(valid_to=TODAY)
    shown = main(lin.get(f"/desk/buildings/{BUILDING}"))
    assert "住着 0 人" in shown and "周桂芳（户籍）" in shown and "room aged" not in shown
    assert "0 人" in main(lin.get("/desk/buildings"))
    page = main(lin.get(f"/desk/dwellings/{found.dwelling.pk}"))
    assert "户籍在此" in page and "实际居住" not in page


def test_somebody_who_lives_and_owns_stands_once(person, home, lin):
    p = person(name="周桂芳")
    found = home(p, address="公交新村1号302室")
    with within(HERE), transaction.atomic():
        Residence.objects.create(area=BUILDING, person=p, dwelling=found.dwelling, kind="owner")
    page = main(lin.get(f"/desk/dwellings/{found.dwelling.pk}"))
    assert page.count(f"/desk/people/{p.pk}") == 1
    for kind in ("实际居住", "户籍在此", "产权人"):
        assert kind in page
    shown = main(lin.get(f"/desk/buildings/{BUILDING}"))
    assert shown.count(f"/desk/people/{p.pk}") == 1 and "住着 1 人" in shown


def test_an_owner_elsewhere_does_not_make_a_flat_look_lived_in(person, lin):
    owner = person(name="房东")
    with within(HERE), transaction.atomic():
        flat = Dwelling.objects.create(area=BUILDING, address="公交新村1号601室", address_key="k", room="601")
        Residence.objects.create(area=BUILDING, person=owner, dwelling=flat, kind="owner")
    shown = main(lin.get(f"/desk/buildings/{BUILDING}"))
    assert "住着 0 人" in shown and "6 楼" in shown
    assert "产权人" in main(lin.get(f"/desk/dwellings/{flat.pk}"))


@pytest.mark.parametrize("who", ["lin", "chen", "zhou"])
def test_those_whose_daily_work_it_is_read_names_at_once(old, client_of, who):
    for path in (f"/desk/dwellings/{old.dwelling.pk}", f"/desk/buildings/{BUILDING}"):
        page = main(client_of(who).get(path))
        assert "沈宝珍" in page and "沈*珍" not in page and "说明理由" not in page, path


def test_the_street_reads_names_after_a_reason(old, client_of):
    street = client_of("shen")
    for path in (f"/desk/dwellings/{old.dwelling.pk}", f"/desk/buildings/{BUILDING}"):
        page = main(street.get(path))
        assert "沈宝珍" not in page and "陈阿宝" not in page, path
        assert "沈*珍" in page and "说明理由后看到全名" in page, path
    p = old.people[0]
    assert "沈宝珍" not in main(street.get(f"/desk/people/{p.pk}"))
    assert "沈宝珍" in main(street.post(f"/desk/people/{p.pk}", {"reason_kind": "check", "reason": "核对"}))


def test_a_chief_reads_no_ages_facts_or_households(old, client_of):
    with within(""), transaction.atomic():
        Dwelling.objects.filter(pk=old.dwelling.pk).update(floor_area=53.5, tenure=None)
    worker, chief = (main(client_of(who).get(f"/desk/dwellings/{old.dwelling.pk}")) for who in ("lin", "zhou"))
    for told in ("80 岁", "2020-01-01 起", "53.50 ㎡", "登记在这里的户"):
        assert told in worker and told not in chief, told
    assert "沈宝珍" in chief


def test_a_chief_finds_their_building_alone(old, client_of):
    chief = client_of("zhou")
    assert "2号楼" not in main(chief.get("/desk/buildings"))
    assert chief.get(f"/desk/buildings/{OTHER_BUILDING}").status_code == 404
    assert client_of("chen").get(f"/desk/buildings/{BUILDING_THERE}").status_code == 404


@pytest.mark.parametrize("area", [HERE, GRID, BUILDING_THERE, "310110009016001001999", "x", "31"])
def test_what_is_no_building_of_ours_is_not_found_or_shows_its_rooms(old, client_of, area):
    answer = client_of("lin").get(f"/desk/buildings/{area}")
    assert answer.status_code == (200 if area.startswith(HERE) and len(area) <= 15 else 404)
    assert client_of("wu").get(f"/desk/buildings/{BUILDING}").status_code == 404


def test_a_household_shows_who_belonged_to_it_before(old, lin):
    gone = old.people[1]
    with within(""), transaction.atomic():
        Membership.objects.filter(person=gone).update(valid_to=date(2026, 3, 1))
    whole = lin.get(f"/desk/households/{old.household.pk}").content.decode()
    members, former = whole.split("2026-03-01", 1)[0].rsplit("<ul", 1)
    assert "沈宝珍家" in whole and "沈宝珍" in members
    assert f"/desk/people/{gone.pk}" in former and f"/desk/people/{gone.pk}" not in members


def test_an_empty_household_and_one_without_a_head_are_said(home, person, lin):
    found = home(person(name="周桂芳"))
    with within(""), transaction.atomic():
        Membership.objects.update(is_head=False)
        empty = Household.objects.create(area=BUILDING, dwelling=found.dwelling)
    page = lin.get(f"/desk/households/{found.household.pk}").content.decode()
    assert "没有户主的一户" in page and "这一户没有户主" in page
    assert lin.get(f"/desk/households/{empty.pk}").status_code == 200


def test_visits_of_the_whole_household_stand_together_with_names(old, lin, as_character):
    with as_character("lin"):
        for n, p in enumerate(old.people[:2]):
            visit_to(p, TODAY - timedelta(days=n), situation=f"第{n}次来看")
        withdrawn = visit_to(old.people[0], TODAY, situation="写错的")
    lin.post(f"/desk/visits/{withdrawn.pk}/withdraw", {"reason": "写错了"})
    page = main(lin.get(f"/desk/households/{old.household.pk}"))
    assert "第0次来看" in page and "第1次来看" in page and "写错的" not in page
    assert "沈宝珍 · 林晓岚" in page and "陈阿宝 · 林晓岚" in page


def test_buildings_stand_in_the_order_of_their_numbers(areas, lin):
    estate = areas[GRID + "001"]
    for n, name in ((3, "12号楼"), (4, "公交新村"), (5, "3号楼")):
        Area.objects.create(code=f"{GRID}001{n:03d}", name=name, kind="building", parent=estate, source="test")
    page = main(lin.get("/desk/buildings"))
    numbers = [page.index(f">{name}<") for name in ("1号楼", "2号楼", "3号楼", "12号楼")]
    assert numbers == sorted(numbers)
