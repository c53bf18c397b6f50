"""Through the demonstration as those who try it walk: everybody signs in, finds the known characters, and sees what is theirs."""

import html
import re
from collections import Counter

import pytest
from django.test import Client

from linyun.hub.records.models import Dwelling, Person, Residence
from linyun.hub.scan import find
from linyun.hub.scan.find import Asked
from linyun.kernel.declare import Role
from linyun.kernel.synth.cast import PEOPLE
from linyun.site.demo import people
from linyun.work.visits.models import Visit
from tests.characters import HERE, THERE
from tests.queries import asking

PLAYERS = {p.username: p for p in people.PLAYERS}
SECOND = {Role.STREET, Role.DISTRICT, Role.CITY, Role.DEPARTMENT, Role.OPERATOR}
OURS = [c for c in PEOPLE if c.committee == HERE]
THEIRS = [c for c in PEOPLE if c.committee == THERE]


def main(answer):
    return html.unescape(answer.content.decode().split("<main", 1)[-1].split("</main>", 1)[0])


@pytest.fixture(scope="module")
def signed_in(town):
    """``signed_in("lin")``: a browser that went through the sign-in pages as people do, once for each."""
    browsers = {}

    def enter(username):
        if username not in browsers:
            client = browsers[username] = Client()
            client.post("/account/login", {"username": username, "password": people.PASSWORD})
            if PLAYERS[username].role in SECOND:
                client.post("/account/second-factor", {"code": people.code_of(username)})
        return browsers[username]

    return enter


@pytest.mark.parametrize("username", PLAYERS)
def test_everybody_gets_in_through_the_pages(signed_in, username):
    answer = signed_in(username).get("/desk")
    assert answer.status_code == 200, answer.get("Location")
    assert PLAYERS[username].name in answer.content.decode()


@pytest.mark.parametrize("username", [p.username for p in people.PLAYERS if p.role in SECOND])
def test_a_password_alone_does_not_let_in_who_needs_a_code(town, username):
    client = Client()
    client.post("/account/login", {"username": username, "password": people.PASSWORD})
    answer = client.get("/desk")
    assert answer.status_code == 302 and "second-factor" in answer["Location"]
    assert client.post("/account/second-factor", {"code": "000000"}).status_code == 422


@pytest.mark.parametrize("password", ["", "gongjiao-016", "Gongjiao-016 x", "Gongjiao-017"])
def test_another_password_lets_nobody_in(town, password):
    client = Client()
    assert client.post("/account/login", {"username": "lijing", "password": password}).status_code in (422, 429)
    assert client.get("/desk").status_code == 302


@pytest.mark.parametrize("one", OURS, ids=lambda c: c.id[-4:])
def test_a_known_character_is_found_and_opened(signed_in, one):
    lin = signed_in("lin")
    assert one.id in lin.get("/desk/find", {"q": one.name}).content.decode()
    assert one.id in lin.get("/desk/find", {"q": one.identity_number[-4:]}).content.decode()
    with asking() as asked:
        answer = lin.get(f"/desk/people/{one.id}")
    page = main(answer)
    assert answer.status_code == 200 and one.name in page and len(asked) <= 12, str(asked)
    assert one.identity_number not in page and (not one.phone or one.phone not in page)


@pytest.mark.parametrize("one", THEIRS, ids=lambda c: c.id[-4:])
def test_who_lives_next_door_is_seen_next_door_alone(signed_in, one):
    assert signed_in("lin").get(f"/desk/people/{one.id}").status_code == 404
    assert one.id not in signed_in("lin").get("/desk/find", {"q": one.name}).content.decode()
    assert signed_in("tieling").get(f"/desk/people/{one.id}").status_code == 200


def test_the_chief_finds_her_house_and_no_other(signed_in, town):
    chief = signed_in("louzu")
    page = main(chief.get("/desk/people"))
    listed = set(re.findall(r"/desk/people/([0-9a-f-]{36})", page))
    areas = set(Person.objects.filter(pk__in=listed).values_list("area", flat=True))
    assert listed and len(areas) == 1
    assert PEOPLE[0].id in page or PEOPLE[0].id in main(chief.get("/desk/find", {"q": PEOPLE[0].name}))


def test_each_building_of_the_list_opens_and_counts_the_same(signed_in, town):
    """The houses of the demonstration, those for people who share a register and those pulled down among them."""
    lin = signed_in("lin")
    listed = main(lin.get("/desk/buildings"))
    entries = re.findall(r'href="/desk/buildings/(\d+)"><b>([^<]+)</b><span[^>]*>(\d+) 户 · (\d+) 人', listed)
    assert len(entries) > 5
    for code, name, _flats, living in entries[:12]:
        page = lin.get(f"/desk/buildings/{code}").content.decode()
        assert f"住着 {living} 人" in page and name in html.unescape(page), name


def test_every_dwelling_leads_back_to_a_building_that_opens(signed_in, town):
    lin = signed_in("lin")
    for area in sorted(set(Dwelling.objects.filter(area__startswith=HERE).values_list("area", flat=True))):
        assert lin.get(f"/desk/buildings/{area}").status_code == 200, area


@pytest.mark.parametrize(
    "path",
    ["/desk", "/desk/people", "/desk/people?sort=-birth_date", "/desk/buildings", "/desk/visits", "/desk/notes",
     "/desk/visits/bring", "/desk/people?tag=lone_elder_80", "/desk/visits?state=late"],
)  # fmt: skip
def test_pages_of_a_full_house_open_under_twelve_queries(signed_in, path):
    lin = signed_in("lin")
    with asking() as asked:
        answer = lin.get(path)
    assert answer.status_code == 200
    assert len(asked) <= 12, str(asked)


@pytest.mark.parametrize(
    ("rule", "least"),
    [("标签 = 独居老人", 1), ("年龄 >= 80", 5), ("最近走访 为空", 1), ("走访次数 >= 1", 20), ("约定回访日 不为空", 1)],
)
def test_crowds_that_the_handbook_shows_are_not_empty(signed_in, town, rule, least):
    answer = signed_in("lin").get("/desk/crowds", {"rule": rule})
    assert answer.status_code == 200
    assert len(find.ids(Asked.text(rule))) >= least


def test_somebody_lives_alone_and_somebody_with_others(town):
    shared = Residence.objects.filter(kind="actual", valid_to=None).values_list("dwelling_id", flat=True)
    living = Counter(shared).values()
    assert min(living) == 1
    assert max(living) >= 3


def test_first_day_of_work_there_is_something_to_do(signed_in, town):
    page = main(signed_in("lin").get("/desk"))
    waiting = Visit.objects.filter(area__startswith=HERE).open().exists()
    assert waiting and "没有约好的回访" not in page
    assert "按频次该走访的" in page
    numbers = [int(n.replace(",", "")) for n in re.findall(r'class="num[^"]*">([\d,]+)<', page)]
    assert max(numbers) > 100
