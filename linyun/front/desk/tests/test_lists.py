"""Finding and listing: the filters filter, the list costs the same for more, the file is safe to open."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client

from linyun.foundation.acts.models import Act
from linyun.foundation.areas.scope import within
from linyun.hub.records.models import Person
from linyun.kernel import clock
from linyun.work.visits.models import Visit
from tests.characters import BUILDING, OTHER_BUILDING
from tests.queries import Asked
from tests.residents import Home, number_of

pytestmark = pytest.mark.django_db
YEAR = clock.today().year


@pytest.fixture
def people(person: Callable[..., Person], home: Callable[..., Home]) -> dict[str, Person]:
    """An elder alone, a child and a young man, in two buildings; and one who has left."""
    found = {
        "elder": person(name="周桂芳", sex="2", birth_date=date(YEAR - 81, 1, 2), phone="19900002041"),
        "child": person(name="李小宝", birth_date=date(YEAR - 4, 1, 2)),
        "man": person(OTHER_BUILDING, name="=cmd", birth_date=date(YEAR - 30, 1, 2)),
        "left": person(name="王迁出", birth_date=date(YEAR - 30, 1, 2)),
    }
    home(found["elder"])
    with within(""):
        Person.objects.filter(pk=found["left"].pk).update(status="left")
    return found


@pytest.fixture
def lin(client_of: Callable[[str], Client]) -> Client:
    return client_of("lin")


def names(client: Client, query: str = "") -> set[str]:
    page = client.get(f"/desk/people{query}").content.decode()
    return {name for name in ("周桂芳", "李小宝", "=cmd", "王迁出") if name in page.replace("：" + name, "")}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"周桂芳", "李小宝", "=cmd"}),
        (f"?building={OTHER_BUILDING}", {"=cmd"}),
        (f"?building={BUILDING}", {"周桂芳", "李小宝"}),
        ("?band=80-", {"周桂芳"}),
        ("?band=0-5", {"李小宝"}),
        ("?band=18-59", {"=cmd"}),
        ("?status=left", {"王迁出"}),
        ("?tag=lone_elder_80", {"周桂芳"}),
        ("?tag=nonsense&band=x&building=abc&status=merged", {"周桂芳", "李小宝", "=cmd"}),
    ],
)
def test_filters(people: dict[str, Person], lin: Client, query: str, expected: set[str]) -> None:
    assert names(lin, query) == expected


def test_sorting_by_age(people: dict[str, Person], lin: Client) -> None:
    old_first = lin.get("/desk/people?sort=-birth_date").content.decode()
    assert old_first.index("周桂芳") < old_first.index("李小宝")
    young_first = lin.get("/desk/people?sort=birth_date").content.decode()
    assert young_first.index("李小宝") < young_first.index("周桂芳")


def test_a_broken_cursor_begins_anew(people: dict[str, Person], lin: Client) -> None:
    assert names(lin, "?after=xyz") == {"周桂芳", "李小宝", "=cmd"}


def test_the_list_costs_the_same_for_more(
    people: dict[str, Person], person: Callable[..., Person], lin: Client,
    assert_queries: Callable[..., AbstractContextManager[Asked]],
) -> None:  # fmt: skip
    with assert_queries(7):
        lin.get("/desk/people")
    for n in range(30):
        person(name=f"某{n}")
    with assert_queries(7):
        lin.get("/desk/people")


def test_the_file_is_masked_and_runs_nothing(people: dict[str, Person], lin: Client,
                                             person: Callable[..., Person]) -> None:  # fmt: skip
    number = number_of(date(1950, 3, 4))
    person(name="有证", identity_number=number, phone="19900007777")
    answer = lin.post("/desk/people/export", {"status": "live", "reason": "月度核对"})
    text = answer.content.decode("utf-8-sig")
    assert "'=cmd" in text and "\n=cmd" not in text
    assert number not in text and "19900007777" not in text and "19900002041" not in text
    assert "王迁出" not in text
    with within(""):
        act = Act.objects.get(verb="people_exported")
    assert (act.detail["count"], act.reason) == (4, "月度核对")


@pytest.mark.parametrize("reason", ["", "  ", "x"])
def test_no_file_of_people_without_a_reason(people: dict[str, Person], lin: Client, reason: str) -> None:
    answer = lin.post("/desk/people/export", {"status": "live", "reason": reason}, follow=True)
    assert "请写明导出用途" in answer.content.decode()
    assert "attachment" not in answer.get("Content-Disposition", "")
    with within(""):
        assert not Act.objects.filter(verb="people_exported").exists()


def test_a_long_reason_is_kept_as_far_as_it_goes(people: dict[str, Person], lin: Client) -> None:
    assert lin.post("/desk/people/export", {"status": "live", "reason": "核对" * 150}).status_code == 200
    with within(""):
        assert len(Act.objects.get(verb="people_exported").reason) == 200


@pytest.mark.parametrize("q", ["zgf", "周桂芳", "周", "1号101", "2041", "19900002041"])
def test_ways_to_find_somebody(people: dict[str, Person], lin: Client, q: str) -> None:
    assert "周桂芳" in lin.get("/desk/find", {"q": q}).content.decode()
    assert str(people["elder"].pk) in lin.get("/desk/suggest", {"q": q}).content.decode()


def test_nobody_next_door_finds_or_counts_anybody(
    people: dict[str, Person], client_of: Callable[[str], Client]
) -> None:
    stranger = client_of("wu")
    assert names(stranger) == set()
    assert "周桂芳" not in stranger.get("/desk/find", {"q": "周桂芳"}).content.decode().replace("“周桂芳”", "").replace(
        'value="周桂芳"', ""
    )
    assert str(people["elder"].pk) not in stranger.get("/desk/suggest", {"q": "zgf"}).content.decode()
    assert "周桂芳" not in stranger.post("/desk/people/export", {}).content.decode("utf-8-sig")


def test_a_chief_sees_names_rooms_and_masked_phones(
    people: dict[str, Person], client_of: Callable[[str], Client]
) -> None:
    chief = client_of("zhou")
    page = chief.get("/desk/people").content.decode()
    assert "周桂芳" in page and "199****2041" in page and "=cmd" not in page
    assert "年龄" not in page and "标签" not in page
    assert chief.post("/desk/people/export", {}).status_code == 403


def test_the_last_visit_counts_what_a_merged_record_was_told(
    people: dict[str, Person], person: Callable[..., Person], lin: Client
) -> None:
    """As it does in rules and ledgers: the register said that nobody had ever called on her."""
    twice, day = person(name="周桂芳", birth_date=people["elder"].birth_date), clock.today() - timedelta(days=47)
    with within(BUILDING):
        Visit.objects.create(area=BUILDING, person=twice, mode="2", visited_on=day, visitor="林老师", situation="好")
        Person.objects.filter(pk=twice.pk).update(status="merged", merged_into=people["elder"])
    rows = lin.get(f"/desk/people?building={BUILDING}&band=80-").content.decode()
    assert "47 天前" in rows


def test_the_plan_of_the_register_is_kept(people: dict[str, Person], lin: Client) -> None:
    """Planned anew it costs more than it takes to read: an index of the living alone would make it so."""
    for _ in range(12):
        lin.get("/desk/people")
    with connection.cursor() as cursor:
        cursor.execute("select max(generic_plans) from pg_prepared_statements where statement like %s",
                       ['SELECT "records_person"."id"%LIMIT 51'])  # fmt: skip
        assert cursor.fetchone()[0] >= 4


def test_looking_for_nothing_says_how(lin: Client) -> None:
    assert "拼音首字母" in lin.get("/desk/find").content.decode()
    assert "没有找到" in lin.get("/desk/find", {"q": "阚若水"}).content.decode()
