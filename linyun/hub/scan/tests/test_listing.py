"""The list page by page: whatever the order, everybody comes once, gaps last, and the cost does not grow."""

import html
import random
import re
from collections.abc import Sequence
from datetime import date, timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from linyun.foundation.areas.scope import within
from linyun.foundation.ui.tables import Sort
from linyun.hub.records.models import Dwelling, Household, Membership, Person, Residence
from linyun.hub.scan import find, listing, services
from linyun.hub.scan.find import Asked
from linyun.hub.scan.listing import DEFAULT, SORTS, rows, values_of
from linyun.kernel import clock
from linyun.kernel.declare import Subject
from tests.characters import BUILDING, BUILDING_THERE, OTHER_BUILDING

EVERYBODY = {
    Subject.PERSON: "姓名 不为空",
    Subject.HOUSEHOLD: "户内人数 >= 0",
    Subject.DWELLING: "居住人数 >= 0",
    Subject.ORGANISATION: "单位名称 不为空",
    Subject.PLACE: "名称 不为空",
}
TODAY = clock.today()
NAMES = ("王芳", "王芳", "李强", "阿明", "Zoe", "zoe", "某", "欧阳 娜娜", "%_", "O'Hara")


@pytest.fixture
def crowd(areas) -> list[Person]:
    """Twenty-three people: names that repeat, birthdays that repeat and gaps, eight homes, one of them empty."""
    chance = random.Random(7)
    with within(""):
        people = Person.objects.bulk_create(
            Person(
                area=(BUILDING, OTHER_BUILDING)[n % 2],
                name=NAMES[n % len(NAMES)],
                pinyin=NAMES[n % len(NAMES)].lower(),
                birth_date=None if n % 5 == 0 else date(1940 + n % 4, 1, 1) + timedelta(days=chance.randrange(2)),
                phone="" if n % 3 else f"199000000{n:02}",
            )
            for n in range(23)
        )
        dwellings = Dwelling.objects.bulk_create(
            Dwelling(area=BUILDING, address=f"公交新村1号{n // 2}01室", address_key=f"k{n}") for n in range(8)
        )
        households = Household.objects.bulk_create(
            Household(area=BUILDING, dwelling=d, number=str(n % 3)) for n, d in enumerate(dwellings)
        )
        for n, person in enumerate(people[:21]):
            home = n % 7
            Membership.objects.create(
                area=BUILDING,
                household=households[home],
                person=person,
                is_head=n < 7,
                relation="10",
                valid_from=date(2020, 1, 1),
            )
            Residence.objects.create(
                area=BUILDING, person=person, dwelling=dwellings[home], kind="actual", valid_from=date(2020, 1, 1)
            )
        Person.objects.create(area=BUILDING_THERE, name="外人", birth_date=date(1930, 1, 1))
    return people


def paged(asked: Asked, sort: Sort, size: int, *, unknown: bool = False) -> list[dict]:
    """All pages, one after the other."""
    found: list[dict] = []
    cursor = ""
    for _ in range(99):
        page = rows(asked, sort, cursor, size=size, unknown=unknown)
        assert len(page.rows) <= size
        found.extend(page.rows)
        if page.next is None:
            return found
        assert len(page.rows) == size, "only the last page is short"
        cursor = page.next
    raise AssertionError("the pages do not end")


ORDERS = [(subject, key, down) for subject, keys in SORTS.items() for key in keys for down in (False, True)]


def _ordered(values: Sequence, descending: bool) -> bool:
    """Known values in order, gaps at the end."""
    known = [v for v in values if v is not None]
    gaps = len(values) - len(known)
    pairs = list(zip(known, known[1:], strict=False))
    return all(v is None for v in values[len(values) - gaps :]) and all(
        (a >= b) if descending else (a <= b) for a, b in pairs
    )


@pytest.mark.parametrize(
    ("subject", "key", "down"), ORDERS, ids=[f"{s.value} {'-' if d else ''}{k}" for s, k, d in ORDERS]
)
def test_everybody_comes_exactly_once_whatever_the_order_and_the_size_of_a_page(as_worker, crowd, subject, key, down):
    with as_worker():
        asked = Asked.text(EVERYBODY[subject], subject)
        whole = rows(asked, Sort(key, down), size=500)
        assert whole.next is None
        ids = [row["id"] for row in whole.rows]
        assert sorted(ids) == find.ids(asked)
        for size in (1, 3, 7, 22, 23, 24):
            assert [row["id"] for row in paged(asked, Sort(key, down), size)] == ids
        value = SORTS[subject][key]
        if value not in ("pinyin", "name", "address"):  # letters are ordered by the database's own rules
            descending = not down if key == "age" else down
            assert _ordered([row[value] for row in whole.rows], descending)


def test_the_older_come_first_and_those_without_a_birthday_last(as_worker, crowd):
    with as_worker():
        found = rows(Asked.text(EVERYBODY[Subject.PERSON]), DEFAULT[Subject.PERSON], size=100).rows
        upside_down = rows(Asked.text(EVERYBODY[Subject.PERSON]), Sort("age"), size=100).rows
    births = [row["birth_date"] for row in found]
    assert births[0] == min(b for b in births if b)
    assert births[-5:] == [None] * 5
    assert upside_down[0]["birth_date"] == max(b for b in births if b)
    assert upside_down[-1]["birth_date"] is None


def test_somebody_new_between_two_pages_shifts_nobody(as_worker, crowd):
    """Pages by number would show one person twice; pages by key do not."""
    with as_worker():
        asked = Asked.text(EVERYBODY[Subject.PERSON])
        first = rows(asked, Sort("age", descending=True), size=10)
        Person.objects.create(area=BUILDING, name="新来的", birth_date=date(1900, 1, 1))
        second = rows(asked, Sort("age", descending=True), first.next or "", size=20)
    assert not {r["id"] for r in first.rows} & {r["id"] for r in second.rows}
    assert {r["id"] for r in (*first.rows, *second.rows)} == {p.pk for p in crowd}


@pytest.mark.parametrize("cursor", ["x", "gAAAAA", "中文", "a" * 3000, "' or 1=1 --", "\x00", "null", "[1]"])
def test_a_cursor_that_is_not_ours_begins_again(as_worker, crowd, cursor):
    with as_worker():
        asked = Asked.text(EVERYBODY[Subject.PERSON])
        assert rows(asked, Sort("name"), cursor, size=5).rows == rows(asked, Sort("name"), size=5).rows


def test_a_cursor_of_another_order_or_subject_begins_again(as_worker, crowd):
    with as_worker():
        people, homes = Asked.text(EVERYBODY[Subject.PERSON]), Asked.text(EVERYBODY[Subject.DWELLING], Subject.DWELLING)
        taken = rows(people, Sort("age"), size=5).next or ""
        for asked, sort in ((people, Sort("age", descending=True)), (people, Sort("name")), (homes, Sort("name"))):
            assert rows(asked, sort, taken, size=5).rows == rows(asked, sort, size=5).rows


@pytest.mark.parametrize("key", ["nobody", "", "pinyin", "id", "s.name", "name; drop table x", "-"])
def test_a_column_that_cannot_be_sorted_falls_back_to_the_name(as_worker, crowd, key):
    with as_worker():
        asked = Asked.text(EVERYBODY[Subject.PERSON])
        assert len(rows(asked, Sort(key), size=100).rows) == 23


def test_the_undecided_are_paged_apart_from_those_who_belong(as_worker, crowd):
    with as_worker():
        asked = Asked.text("年龄 >= 84")
        yes = {r["id"] for r in paged(asked, Sort("name"), 4)}
        unknown = {r["id"] for r in paged(asked, Sort("name"), 2, unknown=True)}
        counted = find.count(asked)
    assert unknown == {p.pk for p in crowd if p.birth_date is None}
    assert not yes & unknown
    assert (counted.yes, counted.unknown, counted.all) == (len(yes), len(unknown), 23)


def test_of_the_ticked_only_those_who_belong_are_shown(as_worker, crowd):
    with as_worker():
        asked = Asked.text("年龄 >= 1")
        with within(""):
            outsider = Person.objects.get(name="外人")
        ticked = [crowd[0].pk, crowd[1].pk, crowd[2].pk, outsider.pk]
        found = rows(asked, Sort("name"), chosen=ticked)
        assert {r["id"] for r in found.rows} == {crowd[1].pk, crowd[2].pk}
        assert rows(asked, Sort("name"), chosen=[]).rows == []
        assert set(services.chosen(asked, ticked, everything=False)) == {crowd[1].pk, crowd[2].pk}
        assert len(services.chosen(asked, [], everything=True)) == find.count(asked).yes


@pytest.mark.parametrize("subject", list(Subject))
def test_one_query_a_page_however_many_rows(as_worker, crowd, assert_queries, subject):
    with as_worker():
        asked = Asked.text(EVERYBODY[subject], subject)
        for size in (1, 5, 50):
            with assert_queries(1):
                rows(asked, Sort("name"), size=size)
        assert "name" in values_of(subject)


def test_by_id_for_those_who_read_all(as_worker, crowd):
    """The API and jobs go through a crowd by id; the page size must not matter and the end must be an end."""
    with as_worker():
        asked = Asked.text("姓名 不为空")
        everybody = find.ids(asked)
        assert everybody == sorted(p.pk for p in crowd)
        for size in (1, 6, 23, 24):
            found, after = [], None
            while page := find.ids(asked, after=after, limit=size):
                found += page
                after = page[-1]
            assert found == everybody
        assert [p.pk for p in services.listed(asked, limit=5)] == everybody[:5]


def test_the_page_walks_from_link_to_link(client_of, crowd, monkeypatch):
    """What a worker presses: the link to what follows until there is none, in her order, everybody once."""
    monkeypatch.setattr(listing, "SIZE", 6)
    monkeypatch.setitem(rows.__kwdefaults__, "size", 6)
    client, seen, link = client_of("lin"), [], "/desk/crowds?" + urlencode({"rule": "姓名 不为空", "sort": "name"})
    for _ in range(9):
        page = client.get(link).content.decode()
        seen += re.findall(r'name="chosen" value="([0-9a-f-]{36})"', page)
        following = re.search(r'href="([^"]*after=[^"]+)"', page)
        if following is None:
            break
        address = urlsplit(html.unescape(following[1]))
        assert parse_qs(address.query)["sort"] == ["name"]
        link = f"/desk/crowds?{address.query}"
    assert sorted(seen) == sorted(str(p.pk) for p in crowd)
    assert len(seen) == 23, "four pages, nobody twice"


@pytest.mark.parametrize("size", [1, 4, 23, 50])
def test_the_first_page_that_the_count_names_is_the_first_page_of_the_list(as_worker, crowd, monkeypatch, size):
    """Two statements say who comes first: the one that counts, and the one that pages on from there."""
    monkeypatch.setattr(listing, "SIZE", size)
    with as_worker():
        for subject, key, down in ORDERS:
            asked, sort = Asked.text(EVERYBODY[subject], subject), Sort(key, down)
            for unknown in (False, True) if subject is Subject.PERSON else (False,):
                asked = Asked.text("年龄 >= 84") if unknown else asked
                looked = find.counted(asked, (), listing.order(sort, subject, unknown=unknown))
                paged_on = rows(asked, sort, size=size, unknown=unknown)
                named = listing.first(asked, sort, looked.first)
                assert list(named.rows) == list(paged_on.rows), (subject, key, down, unknown)
                assert (named.next is None) is (paged_on.next is None)
                if named.next:
                    following = rows(asked, sort, named.next, size=size, unknown=unknown)
                    assert following.rows == rows(asked, sort, paged_on.next or "", size=size, unknown=unknown).rows
                assert looked.count == find.count(asked)


def test_whoever_died_or_was_merged_is_in_no_crowd(as_worker, crowd):
    with as_worker():
        asked = Asked.text("姓名 不为空")
        before = find.count(asked)
        Person.objects.filter(pk=crowd[3].pk).update(status="merged")
        after = find.count(asked)
        assert (after.yes, after.all) == (before.yes - 1, before.all - 1)
        assert crowd[3].pk not in find.ids(asked)
        assert crowd[3].pk not in {r["id"] for r in rows(asked, Sort("name"), size=100).rows}
        assert services.chosen(asked, [crowd[3].pk], everything=False) == []
