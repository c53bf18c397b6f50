"""How answers read, what they cost, and what stays true of them whoever asks."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from linyun.foundation.acts.actor import acting
from linyun.foundation.acts.models import Act
from linyun.foundation.areas.scope import within
from linyun.front.gateway.tests.conftest import Caller
from linyun.hub.records.models import Person, StaffItem
from linyun.hub.records.services import Origin, state
from linyun.hub.tags.services import set_tag
from linyun.kernel import clock
from linyun.kernel.ids import uuid7
from linyun.work.visits import services as visits
from linyun.work.visits.models import Visit
from tests.characters import BUILDING, HERE, OTHER_GRID, THERE
from tests.residents import CLERK, add_person

Callers = Callable[[str], Caller]


@pytest.fixture
def zhou(areas: object) -> Person:
    return add_person(BUILDING, name="周桂芳", phone="19900123456; 19900654321", emergency_phone="19900777888")


def sheet(person: Person, **more: Any) -> dict[str, Any]:
    return {
        "id": str(uuid7()),
        "person": str(person.pk),
        "visited_on": "2026-11-02",
        "mode": "2",
        "situation": "好",
    } | more


def test_chinese_stays_readable(browser: Callers, zhou: Person) -> None:
    answer = browser("lin").client.get("/api/v1/people")
    assert "周桂芳" in answer.content.decode()
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert "邻云开放接口" in browser("lin").client.get("/api/v1/openapi.json").content.decode()


def test_errors_stay_readable_and_are_stored_nowhere(browser: Callers) -> None:
    for answer in (browser("").client.get("/api/v1/me"), browser("lin").client.get("/api/v1/people?limit=x")):
        assert "请" in answer.content.decode()
        assert "no-store" in answer.headers["Cache-Control"]


def test_all_of_several_numbers_are_masked(browser: Callers, zhou: Person) -> None:
    told = browser("lin").get(f"/people/{zhou.pk}")
    assert (told.said["phone"].count("****"), "19900" in told.text) == (2, False)
    words = {f["item"]: f["words"] for f in told.said["facts"]}
    assert words["emergency_phone"] == "199****7888"


def test_what_nobody_knows_is_null_and_not_empty(browser: Callers, areas: object) -> None:
    nobody = add_person(name="无名")
    told = browser("lin").get(f"/people/{nobody.pk}").said
    assert [told[k] for k in ("sex", "birth_year", "phone", "identity_number", "address", "last_visit")] == [None] * 6
    assert [f["item"] for f in told["facts"]] == ["name"]


def test_a_value_that_no_longer_holds_is_no_fact(browser: Callers, zhou: Person) -> None:
    with acting(CLERK), within(HERE):
        state(zhou, {"emergency_phone": None}, source="desk", origin=Origin("desk"))
    assert "emergency_phone" not in {f["item"] for f in browser("lin").get(f"/people/{zhou.pk}").said["facts"]}


def test_an_old_value_asks_to_be_confirmed(browser: Callers, zhou: Person) -> None:
    with acting(CLERK), within(HERE):
        state(zhou, {"emergency_contact": "周晓明"}, source="desk", origin=Origin("desk"), true_on=date(2024, 1, 1))
        state(zhou, {"phone": "19900123456"}, source="desk", origin=Origin("desk"), true_on=clock.today())
    stale = {f["item"]: f["stale"] for f in browser("lin").get(f"/people/{zhou.pk}").said["facts"]}
    assert (stale["emergency_contact"], stale["phone"]) == (True, False)


def test_a_tag_that_has_ended_is_not_told(browser: Callers, zhou: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    with acting(CLERK), within(HERE):
        set_tag(zhou, "key_elder", "上门核实", clock.today() + timedelta(days=2))
    lin = browser("lin")
    assert "key_elder" in {t["tag"] for t in lin.get(f"/people/{zhou.pk}").said["tags"]}
    ended = clock.today() + timedelta(days=2)
    monkeypatch.setattr(clock, "today", lambda: ended)
    assert "key_elder" not in {t["tag"] for t in lin.get(f"/people/{zhou.pk}").said["tags"]}


def test_who_left_or_died_can_still_be_opened(browser: Callers, zhou: Person) -> None:
    with within(HERE):
        Person.objects.filter(pk=zhou.pk).update(status="deceased")
    assert browser("lin").get(f"/people/{zhou.pk}").said["status"] == "deceased"


def test_a_withdrawn_visit_counts_no_more(browser: Callers, zhou: Person) -> None:
    lin, sent = browser("lin"), sheet(zhou)
    lin.post("/visits", sent)
    assert lin.get(f"/people/{zhou.pk}").said["visits"] == 1
    with acting(CLERK), within(HERE):
        visits.withdraw(Visit.objects.get().pk, "写错了")
    assert lin.get(f"/people/{zhou.pk}").said["visits"] == 0
    assert lin.get(f"/people/{zhou.pk}/visits").said["visits"] == []


def test_a_visit_to_somebody_since_merged_is_found_under_the_one_kept(browser: Callers, zhou: Person) -> None:
    double = add_person(name="周桂方")
    lin, sent = browser("lin"), sheet(double)
    lin.post("/visits", sent)
    with within(HERE):
        Person.objects.filter(pk=double.pk).update(status="merged", merged_into=zhou)
    assert [v["id"] for v in lin.get(f"/people/{zhou.pk}/visits").said["visits"]] == [sent["id"]]
    assert lin.post("/visits", sent).status == 200


def test_a_grid_worker_works_in_the_grid(browser: Callers, zhou: Person) -> None:
    elsewhere = add_person(OTHER_GRID, name="隔壁")
    chen = browser("chen")
    assert [p["name"] for p in chen.get("/people").said["people"]] == ["周桂芳"]
    assert chen.post("/visits", sheet(zhou)).status == 201
    assert chen.post("/visits", sheet(elsewhere)).status == 404
    assert chen.get(f"/people/{elsewhere.pk}").status == 404


def test_a_failed_call_leaves_no_trace_of_a_look(browser: Callers, zhou: Person) -> None:
    """The person is fetched before the items are read: when nothing was told and nothing written, nobody looked."""
    told = browser("lin").post("/visits", sheet(zhou, items={"phone": "12"}))
    assert told.status == 422
    with within(HERE):
        assert not Act.objects.filter(verb__in=("person_seen", "visit_written")).exists()


def test_items_that_staff_added_belong_to_their_area(browser: Callers, areas: object) -> None:
    definition = {
        "name": "养猫",
        "kind": "boolean",
        "owner": "community",
        "level": 2,
        "purpose": "登记",
        "basis": "居民公约",
    }
    with within(THERE):
        StaffItem.objects.create(code="own_cat", area=THERE, subject="person", definition=definition, added_by="吴海燕")
    assert "own_cat" in {i["item"] for i in browser("wu").get("/items").said}
    assert "own_cat" not in {i["item"] for i in browser("lin").get("/items").said}


@pytest.mark.parametrize(
    ("path", "most"),
    [("/me", 3), ("/people", 5), ("/people/{}", 11), ("/people/{}/visits", 7), ("/areas", 5), ("/items", 4)],
)
def test_a_call_asks_the_database_little(
    path: str, most: int, program: Callers, zhou: Person, assert_queries: Callable[..., Any]
) -> None:
    """The token's two questions included."""
    lin = program("lin")
    lin.get(path.format(zhou.pk))
    with assert_queries(most, at_most=True):
        assert lin.get(path.format(zhou.pk)).status == 200


def test_a_visit_asks_the_database_little(program: Callers, zhou: Person, assert_queries: Callable[..., Any]) -> None:
    lin = program("lin")
    lin.post("/visits", sheet(zhou))
    with assert_queries(24, at_most=True):
        assert lin.post("/visits", sheet(zhou, items={"wechat": "zhou_gf"})).status == 201
