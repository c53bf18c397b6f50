"""Visits that programs send: once however often they are sent, their items read and stated, nothing beyond one's area."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client

from linyun.foundation.accounts.models import Post
from linyun.foundation.acts.actor import acting
from linyun.foundation.acts.models import Act
from linyun.foundation.areas.scope import within
from linyun.front.gateway.models import ApiToken
from linyun.front.gateway.tests.conftest import API, Caller, bearer
from linyun.hub.records.models import Person, Statement
from linyun.kernel.ids import uuid7
from linyun.work.visits import services
from linyun.work.visits.models import Visit
from tests.characters import BUILDING, BUILDING_THERE, HERE, OTHER_GRID, THERE
from tests.residents import CLERK, add_home, add_person, number_of

Callers = Callable[[str], Caller]


@pytest.fixture
def zhou(areas: object) -> Person:
    """周桂芳 of 公交新村."""
    return add_person(BUILDING, name="周桂芳")


def sheet(person: Person | UUID | None, **more: Any) -> dict[str, Any]:
    """What a program sends; ``more`` changes it."""
    about = {"person": str(getattr(person, "pk", person))} if person else {}
    return {"id": str(uuid7()), **about, "visited_on": "2026-11-02", "mode": "2", "situation": "一切都好", **more}


def stored(area: str = HERE) -> list[Visit]:
    with within(area):
        return list(Visit.objects.order_by("recorded_at"))


def test_a_visit_is_written_as_at_the_door(browser: Callers, zhou: Person) -> None:
    add_home(zhou)
    sent = sheet(zhou, topic="2", needs="想装扶手", action="已登记", outcome="下周上门", follow_up_on="2026-12-01")
    told = browser("lin").post("/visits", sent)
    assert told.status == 201
    assert told.said | {"dwelling": ""} == {
        **{k: sent[k] for k in ("id", "person", "visited_on", "mode", "topic", "needs", "action", "outcome",
                                "situation", "follow_up_on")},
        "dwelling": "", "mode_name": "走访", "followed_up": False, "visitor": "林晓岚", "withdrawn": False,
    }  # fmt: skip
    (visit,) = stored()
    assert (str(visit.pk), visit.area, visit.origin_kind) == (sent["id"], BUILDING, "api")
    assert visit.dwelling_id is not None
    with within(HERE):
        act = Act.objects.get(verb="visit_written")
    assert (act.channel, act.actor_name) == ("api", "林晓岚")


def test_sent_again_it_is_the_same_visit(browser: Callers, zhou: Person) -> None:
    sent = sheet(zhou)
    lin = browser("lin")
    first, again = lin.post("/visits", sent), lin.post("/visits", sent | {"situation": "改过的"})
    assert (first.status, again.status) == (201, 200)
    assert first.said == again.said
    assert len(stored()) == 1
    with within(HERE):
        assert Act.objects.filter(verb="visit_written").count() == 1


@pytest.mark.django_db(transaction=True)
def test_sent_at_once_it_is_one_visit(cast: dict[str, Post], token_of: Callable[[str], tuple[ApiToken, str]]) -> None:
    """Eight sendings in four connections: one is told that it was first, the others get what it wrote."""
    sent, headers = sheet(add_person(BUILDING)), bearer(token_of("lin")[1])

    def send(_n: int) -> tuple[int, Any]:
        try:
            answer = Client().post(f"{API}/visits", sent, content_type="application/json", headers=headers)
            return answer.status_code, answer.json()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as crowd:
        answers = list(crowd.map(send, range(8)))
    assert sorted(status for status, _ in answers) == [200] * 7 + [201]
    assert all(said == answers[0][1] for _, said in answers)
    assert len(stored()) == 1


def test_items_are_read_like_cells_and_stated_with_the_visit(browser: Callers, zhou: Person) -> None:
    items = {"phone": "199 0012 3456", "marital_status": "丧偶", "emergency_contact": " 周晓明 ", "care_weekly_hours": 3.5,
             "education": "70", "able_to_work": False, "chronic_conditions": ["高血压", "糖尿病"]}  # fmt: skip
    told = browser("lin").post("/visits", sheet(zhou, items=items))
    assert told.status == 201, told.said
    with within(HERE):
        zhou.refresh_from_db()
        statement = Statement.objects.get(origin_kind="visit")
    assert (zhou.phone, zhou.emergency_contact, zhou.marital_status) == ("19900123456", "周晓明", "30")
    assert (statement.source, str(statement.origin_id), statement.collector) == ("visit", told.said["id"], "林晓岚")
    assert statement.true_on.isoformat() == "2026-11-02"
    assert (statement.values["care_weekly_hours"], statement.values["able_to_work"]) == (3.5, False)
    assert len(statement.values["chronic_conditions"]) == 2


def test_wrong_items_are_told_one_by_one_and_nothing_is_written(browser: Callers, zhou: Person) -> None:
    items = {"phone": "12345", "marital_status": "很好", "care_weekly_hours": 300, "horoscope": "狮子", "sex": "女",
             "identity_number": number_of(date(1940, 1, 1)),
             "emergency_contact": "", "wechat": "zhou_gf"}  # fmt: skip
    told = browser("lin").post("/visits", sheet(zhou, items=items))
    assert told.status == 422
    assert set(told.said) == {f"items.{code}" for code in items} - {"items.wechat"}
    assert told.said["items.horoscope"] == "没有这一项，可用的见 /api/v1/items"
    assert told.said["items.sex"] == "这一项由其他项自动得出，不能填写"
    assert told.said["items.emergency_contact"] == "请填写值；没有核对的项不要送"
    assert "婚姻状况" in told.said["items.marital_status"]
    assert stored() == []
    with within(HERE):
        assert not Statement.objects.filter(origin_kind="visit").exists()


@pytest.mark.parametrize(
    ("more", "field", "says"),
    [
        ({"mode": "99"}, "mode", "请选择走访方式"),
        ({"visited_on": "2036-01-01"}, "visited_on", "走访日期不能晚于今天"),
        ({"visited_on": "1999-01-01"}, "visited_on", "走访日期太早了，请检查年份"),
        ({"visited_on": "11月2日"}, "visited_on", "日期请写成 2026-11-23 的样子"),
        ({"visited_on": 20261102}, "visited_on", "日期请写成 2026-11-23 的样子"),
        ({"situation": " "}, "situation", "请写下看到的情况，一句话也可以"),
        ({"situation": "长" * 2001}, "situation", "最多 2000 个字"),
        ({"topic": "跳舞"}, "topic", "请从代码集 visit_topic 中选择，或留空"),
        ({"follow_up_on": "2026-10-01"}, "follow_up_on", "回访日期不能早于走访日期"),
        ({"visitor": "别人"}, "visitor", "没有这一项，请不要送"),
        ({"area": THERE}, "area", "没有这一项，请不要送"),
        ({"person": None}, "person", "请填写被访的居民（person）或房屋（dwelling），只填一项"),
        ({"dwelling": str(uuid7())}, "person", "请填写被访的居民（person）或房屋（dwelling），只填一项"),
        ({"id": "1"}, "id", "请填写编号，形如 018f3c1e-7d2a-7b3c-9d4e-5f6a7b8c9d0e"),
        ({"items": {"phone": None}}, "items.phone", "请填文字、数字、是否或几个选项"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(
    browser: Callers, zhou: Person, more: dict[str, Any], field: str, says: str
) -> None:
    told = browser("lin").post("/visits", sheet(zhou) | more)
    assert (told.status, told.said) == (422, {field: says})
    assert stored() == []


def test_a_visit_to_a_door_behind_which_nobody_is_known(browser: Callers, zhou: Person) -> None:
    door = add_home(zhou).dwelling
    sent = sheet(None, dwelling=str(door.pk), situation="无人应门")
    lin = browser("lin")
    told = lin.post("/visits", sent)
    assert (told.status, told.said["person"], told.said["dwelling"]) == (201, None, str(door.pk))
    assert lin.post("/visits", sent).status == 200
    refused = lin.post("/visits", sent | {"id": str(uuid7()), "items": {"phone": "19900123456"}})
    assert refused.said == {"items": "只有走访居民时才能填写数据项"}


def test_absent_and_foreign_doors_and_people_are_told_alike(browser: Callers, areas: object) -> None:
    foreign = add_person(BUILDING_THERE, name="吴阿妹")
    home = add_home(foreign, address="铁岭路50弄3号101室", area=BUILDING_THERE)
    lin = browser("lin")
    answers = [lin.post("/visits", sheet(who)) for who in (foreign, uuid7())]
    answers += [lin.post("/visits", sheet(None, dwelling=str(pk))) for pk in (home.dwelling.pk, uuid7())]
    assert [a.status for a in answers] == [404] * 4
    assert all(a.said == answers[0].said for a in answers)
    assert stored("") == []


def test_an_id_taken_in_another_area_is_refused_without_a_word_about_it(browser: Callers, zhou: Person) -> None:
    sent = sheet(zhou)
    with acting(CLERK), within(THERE):
        services.write(services.Sheet(add_person(BUILDING_THERE, name="吴阿妹"), "2", date(2026, 1, 1),
                                      situation="那边的", id=UUID(sent["id"])))  # fmt: skip
    told = browser("lin").post("/visits", sent)
    assert (told.status, told.said) == (422, {"id": "这个编号不能用，请另取一个"})
    assert stored() == []


def test_an_id_used_for_somebody_else_is_refused(browser: Callers, zhou: Person) -> None:
    lin, sent = browser("lin"), sheet(zhou)
    assert lin.post("/visits", sent).status == 201
    told = lin.post("/visits", sent | {"person": str(add_person(OTHER_GRID, name="别人").pk)})
    assert (told.status, told.said) == (422, {"id": "这个编号不能用，请另取一个"})


def test_a_chief_learns_nothing_from_the_id_of_anothers_visit(browser: Callers, zhou: Person) -> None:
    sent = sheet(zhou, situation="居委写的")
    assert browser("lin").post("/visits", sent).status == 201
    told = browser("zhou").post("/visits", sent | {"situation": "试一试"})
    assert (told.status, "居委写的" in told.text) == (422, False)


def test_a_chief_writes_visits_but_corrects_no_items(browser: Callers, zhou: Person) -> None:
    chief = browser("zhou")
    refused = chief.post("/visits", sheet(zhou, items={"phone": "19900123456"}))
    assert (refused.status, set(refused.said)) == (403, {"detail"})
    assert stored() == []
    assert chief.post("/visits", sheet(zhou)).status == 201


def test_a_withdrawn_visit_stays_withdrawn_when_it_is_sent_again(browser: Callers, zhou: Person) -> None:
    lin, sent = browser("lin"), sheet(zhou)
    lin.post("/visits", sent)
    with acting(CLERK), within(HERE):
        services.withdraw(UUID(sent["id"]), "写错了人")
    again = lin.post("/visits", sent)
    assert (again.status, again.said["withdrawn"]) == (200, True)


def test_a_promise_is_kept_by_the_next_visit(browser: Callers, zhou: Person) -> None:
    lin = browser("lin")
    lin.post("/visits", sheet(zhou, visited_on="2026-10-01", follow_up_on="2026-11-01"))
    lin.post("/visits", sheet(zhou, visited_on="2026-11-01"))
    visits = lin.get(f"/people/{zhou.pk}/visits").said["visits"]
    assert [v["followed_up"] for v in visits] == [False, True]


def test_those_above_and_departments_write_no_visits(browser: Callers, zhou: Person) -> None:
    for key in ("shen", "gu", "lu", "he", "yan"):
        assert browser(key).post("/visits", sheet(zhou)).status == 403, key
    assert stored() == []
