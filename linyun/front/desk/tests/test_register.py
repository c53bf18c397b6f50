"""The register as it is read through: everybody once, whatever the order, the filter and the page; bands without gaps."""

import html
import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linyun.foundation.acts.models import Act
from linyun.foundation.areas.scope import within
from linyun.front.desk.lists import BANDS, Filter, tags
from linyun.hub.records.models import Person
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Level
from tests.characters import BUILDING, HERE, OTHER_BUILDING, OTHER_GRID

TODAY = clock.today()
MANY = 117
SORTS = ("name", "-name", "birth_date", "-birth_date", "living_address", "-living_address")


@pytest.fixture
def crowd(areas):
    """Over two pages of people: namesakes, equal birthdays, and every third without a birth date or an address."""
    people = [
        Person(
            area=BUILDING if n % 2 else OTHER_BUILDING,
            name=f"某{n % 20}",
            pinyin=f"m m{n % 20:02d}" if n % 7 else "",
            birth_date=TODAY - timedelta(days=400 * (n % 25) + 30) if n % 3 else None,
            living_address=f"公交新村{n % 9}号" if n % 4 else None,
        )
        for n in range(MANY)
    ]
    with within(HERE):
        Person.objects.bulk_create(people)
    return people


def walk(client, query):
    """The people of all pages that follow from one address, and how many rows these had."""
    found, path = [], f"/desk/people?{query}"
    for _page in range(10):
        page = client.get(path).content.decode().split("<tbody", 1)[-1]
        rows = re.findall(r'href="/desk/people/([0-9a-f-]{36})"', page.split("</tbody>", 1)[0])
        found += dict.fromkeys(rows)  # a row may lead there twice
        after = re.search(r'href="([^"]*after=[^"]*)"', page)
        if after is None:
            return list(dict.fromkeys(found)), len(found)
        path = html.unescape(after[1])
        path = path if path.startswith("/") else f"/desk/people{path}"
    raise AssertionError("the pages never end")


@pytest.mark.django_db
@pytest.mark.parametrize("sort", SORTS)
def test_everybody_stands_once_on_some_page(crowd, client_of, sort):
    distinct, all_rows = walk(client_of("lin"), f"sort={sort}")
    assert len(distinct) == all_rows, "nobody stands on two pages"
    assert set(distinct) == {str(p.pk) for p in crowd}
    key = sort.removeprefix("-")
    if key != "name":
        values = {str(p.pk): getattr(p, key) for p in crowd}
        seen = [values[pk] for pk in distinct]
        known = [v for v in seen if v is not None]
        assert seen[len(known) :] == [None] * (len(seen) - len(known)), "what is not known comes last"
        turned = sort.startswith("-") if key == "living_address" else not sort.startswith("-")
        assert known == sorted(known, reverse=turned)


@pytest.mark.django_db
def test_a_filter_holds_on_every_page(crowd, client_of):
    lin = client_of("lin")
    for query, fits in (
        (f"building={OTHER_BUILDING}&sort=-birth_date", lambda p: p.area == OTHER_BUILDING),
        ("band=0-5&sort=living_address", lambda p: p.birth_date and clock.years_between(p.birth_date, TODAY) <= 5),
        (f"building={BUILDING}&band=6-17", lambda p: (
            p.area == BUILDING and p.birth_date and 6 <= clock.years_between(p.birth_date, TODAY) <= 17)),
    ):  # fmt: skip
        distinct, _rows = walk(lin, query)
        assert set(distinct) == {str(p.pk) for p in crowd if fits(p)}, query


@pytest.mark.django_db
def test_a_cursor_of_another_order_begins_anew(crowd, client_of):
    lin = client_of("lin")
    page = lin.get("/desk/people?sort=name").content.decode()
    after = html.unescape(re.search(r"after=([^\"&]+)", page)[1])
    first = lin.get("/desk/people?sort=-birth_date").content.decode()
    again = lin.get(f"/desk/people?sort=-birth_date&after={after}").content.decode()
    ids = r'href="/desk/people/([0-9a-f-]{36})"'
    assert re.findall(ids, again) == re.findall(ids, first)


@pytest.mark.django_db
def test_reading_the_list_leaves_an_act_with_how_many_were_shown(crowd, client_of):
    client_of("lin").get("/desk/people?band=80-")
    client_of("lin").get("/desk/people")
    with within(""):
        counts = [a.detail["count"] for a in Act.objects.filter(verb="people_listed").order_by("id")]
    assert counts == [0, 50]


@given(st.integers(0, 149))
def test_every_age_falls_into_one_band(age):
    assert sum(low <= age <= high for low, high in BANDS.values()) == 1


words = st.one_of(
    st.sampled_from(["", "live", "80-", "310110009016001001001", "lone_elder_80", "²", "٣"]), st.text(max_size=9)
)


@given(st.dictionaries(st.sampled_from(["building", "band", "tag", "status", "sort", "x"]), words))
def test_any_address_makes_a_filter_that_can_be_asked(query):
    chosen = Filter.of(query)
    assert chosen.status in ("live", "left", "deceased")
    assert chosen.band == "" or chosen.band in BANDS
    assert (
        Filter.of({"building": chosen.building, "band": chosen.band, "tag": chosen.tag, "status": chosen.status})
        == chosen
    )
    assert chosen.any == (chosen != Filter())


@pytest.mark.parametrize("tag", ["poor_elder", "care_2", "没有", "lone_elder_80' or 1=1"])
def test_nobody_is_listed_by_a_sensitive_tag(tag):
    sensitive = [t.code for t in catalogue.tags.values() if t.level >= Level.SENSITIVE]
    offered = {code for code, _name in tags()}
    assert offered and not offered & set(sensitive)
    assert Filter.of({"tag": tag}).tag in ("", *offered)
    assert all(Filter.of({"tag": code}).tag == "" for code in sensitive)


FOUND = ("周桂芳", "周桂方", "周桂枋")


@pytest.fixture
def namesakes(person, home):
    """Three who sound alike, one of whom has left, and a dead one."""
    people = [
        person(name=name, birth_date=date(1940 + n, 1, 2), phone=f"1990000204{n}") for n, name in enumerate(FOUND)
    ]
    for n, p in enumerate(people):
        home(p, address=f"公交新村1号10{n}室")
    with within(""):
        Person.objects.filter(pk=people[1].pk).update(status="left")
        Person.objects.filter(pk=people[2].pk).update(status="deceased")
    return people


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/desk/find", "/desk/suggest"])
def test_who_is_gone_is_not_found_but_listed_where_asked_for(namesakes, client_of, path):
    lin = client_of("lin")
    page = lin.get(path, {"q": "zgf"}).content.decode()
    assert [str(p.pk) in page for p in namesakes] == [True, False, False]
    assert "周桂方" in lin.get("/desk/people?status=left").content.decode()
    assert "周桂枋" in lin.get("/desk/people?status=deceased").content.decode()


@pytest.mark.django_db
def test_hits_tell_namesakes_apart_and_mask_their_phones(person, home, client_of):
    for n in range(2):
        home(
            person(name="张伟", sex="1", birth_date=date(1950 + n, 3, 4), phone=f"1990000777{n}"),
            address=f"公交新村{n + 1}号101室",
        )
    page = client_of("lin").get("/desk/find", {"q": "张伟"}).content.decode()
    for told in ("公交新村1号101室", "公交新村2号101室", "199****7770", "199****7771"):
        assert told in page, told
    assert "19900007770" not in page
    assert str(clock.today().year - 1950) in page and str(clock.today().year - 1951) in page


@pytest.mark.django_db
def test_suggestions_are_few_and_each_search_is_an_act(person, client_of):
    for n in range(12):
        person(name=f"赵{'一二三四五六七八九十百千'[n]}")
    lin = client_of("lin")
    assert lin.get("/desk/suggest", {"q": "赵"}).content.decode().count("/desk/people/") == 8
    assert lin.get("/desk/find", {"q": "赵"}).content.decode().count('href="/desk/people/') >= 12
    lin.get("/desk/find", {"q": "  "})
    with within(""):
        acts = Act.objects.filter(verb="people_listed").order_by("id")
        assert [(a.detail["by"], a.detail["count"]) for a in acts] == [("suggest", 8), ("find", 12)]


@pytest.mark.django_db
def test_a_grid_worker_lists_and_finds_their_grid_alone(person, client_of):
    person(name="周桂芳")
    person(OTHER_GRID, name="沈美琴")
    chen = client_of("chen")
    page = chen.get("/desk/people").content.decode()
    assert "周桂芳" in page and "沈美琴" not in page
    assert chen.post("/desk/people/export", {"reason": "月度核对"}).status_code == 403
    assert "没有找到" in chen.get("/desk/find", {"q": "沈美琴"}).content.decode()


@pytest.mark.django_db
def test_the_file_holds_whom_the_filter_holds(crowd, client_of):
    lin = client_of("lin")
    answer = lin.post("/desk/people/export", {"reason": "月度核对", "building": BUILDING, "band": "0-5"})
    lines = answer.content.decode("utf-8-sig").strip().splitlines()
    expected = {
        str(p.pk) for p in crowd
        if p.area == BUILDING and p.birth_date and clock.years_between(p.birth_date, TODAY) <= 5
    }  # fmt: skip
    assert {line.split(",")[0] for line in lines[1:]} == expected
