"""People through the API: what the pages show, masked, recorded, and nothing of the neighbours."""

from collections.abc import Callable
from datetime import date, timedelta
from urllib.parse import quote

import pytest

from linyun.foundation.acts.actor import acting
from linyun.foundation.acts.models import Act
from linyun.foundation.areas.scope import within
from linyun.front.gateway.tests.conftest import Caller
from linyun.hub.records.models import Person
from linyun.hub.records.services import Origin, state
from linyun.hub.tags.services import set_tag
from linyun.kernel import clock
from linyun.kernel.ids import uuid7
from linyun.work.visits import services as visits
from tests.characters import BUILDING, BUILDING_THERE, HERE
from tests.matrix.probe import leaked
from tests.matrix.world import spots
from tests.residents import CLERK, add_home, add_person, number_of

Callers = Callable[[str], Caller]
BORN = date(1941, 2, 3)


@pytest.fixture
def zhou(areas: object) -> Person:
    """周桂芳 of 公交新村, known by number, phone and address, with a sensitive item."""
    person = add_person(
        BUILDING, name="周桂芳", phone="19900123456", identity_number=number_of(BORN), living_address="公交新村1号101室",
        emergency_contact="周晓明",
    )  # fmt: skip
    with acting(CLERK), within(HERE):
        state(person, {"health_summary": "高血压多年"}, source="visit", origin=Origin("desk"), true_on=date(2026, 3, 2))
    return person


def acts(verb: str) -> list[Act]:
    with within(""):
        return list(Act.objects.filter(verb=verb).order_by("at"))


def visit(person: Person, day: date, told: str = "一切都好") -> None:
    with acting(CLERK), within(person.area[:12]):
        visits.write(visits.Sheet(person, "2", day, situation=told))


def test_a_search_shows_masked_people_and_is_recorded(browser: Callers, zhou: Person) -> None:
    told = browser("lin").get("/people", q="周桂")
    (line,) = told.said["people"]
    assert line == {
        "id": str(zhou.pk), "name": "周桂芳", "sex": "2", "birth_year": 1941, "phone": "199****3456",
        "identity_number": "310***********" + number_of(BORN)[-4:], "address": "公交新村1号101室",
    }  # fmt: skip
    assert told.said["next"] is None
    (act,) = acts("people_listed")
    assert (act.channel, act.actor_name, act.detail) == ("api", "林晓岚", {"count": 1, "by": "find"})


def test_the_register_goes_on_where_the_page_before_ended(browser: Callers, areas: object) -> None:
    for name in ("安一", "包二", "曹三", "丁四", "方五"):
        add_person(name=name)
    lin, seen, after = browser("lin"), [], ""
    for expected in (2, 2, 1):
        page = lin.get("/people", limit=2, after=after).said
        assert len(page["people"]) == expected
        seen += [p["name"] for p in page["people"]]
        after = page["next"] or ""
    assert seen == ["安一", "包二", "曹三", "丁四", "方五"]
    assert after == ""
    assert [a.detail["by"] for a in acts("people_listed")] == ["list"] * 3


def test_who_is_no_longer_on_the_register_is_not_listed(browser: Callers, zhou: Person) -> None:
    with within(HERE):
        Person.objects.filter(pk=zhou.pk).update(status="left")
    assert browser("lin").get("/people").said == {"people": [], "next": None}


def test_a_list_asks_the_database_no_more_for_more_people(
    browser: Callers, assert_queries: Callable[..., object]
) -> None:
    lin = browser("lin")
    for n in range(3):
        add_person(name=f"少{n}")
    lin.get("/people")
    counts = []
    for more in (0, 20):
        for n in range(more):
            add_person(name=f"多{n}", identity_number=number_of(date(1950, 1, 1 + n)))
        with assert_queries(8, at_most=True) as asked:  # type: ignore[attr-defined]
            assert len(lin.get("/people").said["people"]) == 3 + more
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_building_chief_sees_who_lives_where_and_no_more(browser: Callers, zhou: Person) -> None:
    (line,) = browser("zhou").get("/people").said["people"]
    assert (line["name"], line["phone"], line["address"]) == ("周桂芳", "199****3456", "公交新村1号101室")
    assert (line["sex"], line["birth_year"], line["identity_number"]) == (None, None, None)
    told = browser("zhou").get(f"/people/{zhou.pk}").said
    assert (told["facts"], told["tags"]) == ([], [])


def test_a_person_is_told_with_sources_and_dates(browser: Callers, zhou: Person) -> None:
    today = clock.today()
    with acting(CLERK), within(HERE):
        state(zhou, {"emergency_contact": "周晓明"}, source="desk", origin=Origin("desk"), true_on=today)
    told = browser("lin").get(f"/people/{zhou.pk}").said
    facts = {f["item"]: f for f in told["facts"]}
    assert facts["emergency_contact"] == {
        "item": "emergency_contact", "name": "紧急联系人", "group": "联系方式", "value": "周晓明", "words": "周晓明",
        "source": "desk", "source_name": facts["emergency_contact"]["source_name"], "true_on": f"{today}",
        "stale": False, "disputed": False,
    }  # fmt: skip
    assert facts["sex"]["value"] == "2"
    assert facts["sex"]["words"].startswith("女")
    assert facts["birth_date"]["value"] == "1941-02-03"
    assert (told["status"], told["area"]) == ("live", BUILDING)


def test_numbers_are_masked_and_sensitive_values_hidden(browser: Callers, zhou: Person) -> None:
    told = browser("lin").get(f"/people/{zhou.pk}")
    facts = {f["item"]: f for f in told.said["facts"]}
    assert (facts["phone"]["value"], facts["phone"]["words"]) == (None, "199****3456")
    assert (facts["identity_number"]["value"], facts["identity_number"]["words"][:3]) == (None, "310")
    assert (facts["health_summary"]["value"], facts["health_summary"]["words"]) == (None, "••••")
    for secret in ("19900123456", number_of(BORN), "高血压", "s1:"):
        assert secret not in told.text


def test_tags_are_told_but_never_sensitive_ones(browser: Callers, zhou: Person) -> None:
    until = clock.today() + timedelta(days=30)
    with acting(CLERK), within(HERE):
        state(zhou, {"aid_type": "1"}, source="desk", origin=Origin("desk"))
        set_tag(zhou, "key_elder", "上门核实", until)
    told = browser("lin").get(f"/people/{zhou.pk}")
    tags = {t["tag"]: t for t in told.said["tags"]}
    assert tags["key_elder"] == {"tag": "key_elder", "name": tags["key_elder"]["name"], "by_rule": False,
                                 "until": f"{until}"}  # fmt: skip
    assert tags["aged_80"]["by_rule"] and tags["aged_80"]["until"] is None
    assert "dibao" not in tags and "poor_elder" not in tags
    assert "低保" not in told.text


def test_a_source_that_says_otherwise_is_marked(browser: Callers, zhou: Person) -> None:
    with acting(CLERK), within(HERE):
        state(zhou, {"emergency_contact": "周晓红"}, source="visit", origin=Origin("desk"), true_on=date(2026, 6, 1))
    facts = {f["item"]: f for f in browser("lin").get(f"/people/{zhou.pk}").said["facts"]}
    assert facts["emergency_contact"]["disputed"]


def test_every_look_is_recorded_with_whom_and_through_what(browser: Callers, zhou: Person) -> None:
    browser("lin").get(f"/people/{zhou.pk}")
    (act,) = acts("person_seen")
    assert (act.subject_id, act.actor_name, act.channel, act.area) == (zhou.pk, "林晓岚", "api", BUILDING)


def test_above_the_committee_a_reason_comes_first(browser: Callers, zhou: Person) -> None:
    shen = browser("shen")
    refused = shen.get(f"/people/{zhou.pk}")
    assert (refused.status, set(refused.said)) == (422, {"X-Reason"})
    assert "周桂芳" not in refused.text and acts("person_seen") == []
    told = shen.get(f"/people/{zhou.pk}", headers={"X-Reason": quote("核对独居老人紧急联系人")})
    assert (told.status, told.said["name"]) == (200, "周桂芳")
    assert acts("person_seen")[0].reason == "核对独居老人紧急联系人"


def test_a_reason_longer_than_the_book_has_room_for_is_refused(browser: Callers, zhou: Person) -> None:
    told = browser("shen").get(f"/people/{zhou.pk}", headers={"X-Reason": quote("核" * 201)})
    assert (told.status, told.said) == (422, {"X-Reason": "最多 200 个字"})


def test_who_was_merged_is_told_as_the_one_kept(browser: Callers, zhou: Person) -> None:
    double = add_person(name="周桂方")
    with within(HERE):
        Person.objects.filter(pk=double.pk).update(status="merged", merged_into=zhou)
    assert browser("lin").get(f"/people/{double.pk}").said["id"] == str(zhou.pk)


def test_absent_and_foreign_people_are_told_alike(browser: Callers, zhou: Person) -> None:
    foreign = add_person(BUILDING_THERE, name="吴阿妹")
    lin = browser("lin")
    for path in ("/people/{}", "/people/{}/visits"):
        there, nowhere = (lin.get(path.format(pk)) for pk in (foreign.pk, uuid7()))
        assert (there.status, there.said) == (nowhere.status, nowhere.said) == (404, nowhere.said)
        assert set(there.said) == {"detail"}
    assert acts("person_seen") == []


def test_visits_are_told_newest_first_and_page_by_page(browser: Callers, zhou: Person) -> None:
    for n in (1, 3, 2):
        visit(zhou, date(2026, 10, n), f"第{n}次")
    lin = browser("lin")
    first = lin.get(f"/people/{zhou.pk}/visits", limit=2).said
    assert [v["situation"] for v in first["visits"]] == ["第3次", "第2次"]
    rest = lin.get(f"/people/{zhou.pk}/visits", limit=2, after=first["next"]).said
    assert ([v["situation"] for v in rest["visits"]], rest["next"]) == (["第1次"], None)
    told = lin.get(f"/people/{zhou.pk}").said
    assert (told["visits"], told["last_visit"]) == (3, "2026-10-03")


def test_a_building_chief_reads_only_what_they_wrote(browser: Callers, zhou: Person) -> None:
    visit(zhou, date(2026, 10, 1), "居委写的")
    chief = browser("zhou")
    assert chief.get(f"/people/{zhou.pk}/visits").said == {"visits": [], "next": None}
    assert (chief.get(f"/people/{zhou.pk}").said["visits"], chief.get(f"/people/{zhou.pk}").said["last_visit"]) == (
        0,
        None,
    )
    chief.post("/visits", {"id": str(uuid7()), "person": str(zhou.pk), "visited_on": "2026-10-02", "mode": "2",
                           "situation": "楼组长写的"})  # fmt: skip
    (own,) = chief.get(f"/people/{zhou.pk}/visits").said["visits"]
    assert (own["situation"], own["visitor"]) == ("楼组长写的", "周国梁")


def test_a_cursor_of_another_list_is_refused(browser: Callers, zhou: Person) -> None:
    add_person(name="别人")
    lin = browser("lin")
    cursor = lin.get("/people", limit=1).said["next"]
    told = lin.get(f"/people/{zhou.pk}/visits", after=cursor)
    assert (told.status, told.said) == (422, {"after": "请原样填写上一页的 next"})


@pytest.mark.parametrize("way", ["browser", "program"])
def test_a_stranger_hears_nothing_of_the_neighbours(way: str, request: pytest.FixtureRequest) -> None:
    """吴老师 of 铁岭路五十弄 asks everything she can about the two homes of 公交新村."""
    wu = request.getfixturevalue(way)("wu")
    homes = spots()
    ours = [s for s in homes if s.area.startswith(HERE)]
    answers = [wu.get("/people", limit=200), wu.get("/items"), wu.get("/areas"), wu.get("/me")]
    for spot in ours:
        person = spot.home.people[0].pk
        answers += [wu.get("/people", q=hint) for hint in spot.canary.hints]
        answers += [wu.get(f"/people/{person}"), wu.get(f"/people/{person}/visits"), wu.get("/areas", within=spot.area)]
        answers.append(wu.post("/crowds/count", {"rule": f"年龄 >= {2026 - spot.canary.born.year - 1}"}))
        answers.append(wu.post("/visits", {"id": str(uuid7()), "person": str(person), "visited_on": "2026-10-01",
                                           "mode": "2", "situation": "好"}))  # fmt: skip
    assert len(answers) == 4 + 2 * 9
    assert [leaked(a.text, ours) for a in answers] == [""] * len(answers)
    assert leaked(answers[0].text, homes) == "鹓鶵翯"
    counted = next(a.said for a in answers if isinstance(a.said, dict) and "yes" in a.said)
    assert counted["all"] == 1


def test_who_may_not_find_people_is_told_so(browser: Callers, zhou: Person) -> None:
    for key in ("gu", "lu", "he", "yan"):
        for path in ("/people", f"/people/{zhou.pk}", f"/people/{zhou.pk}/visits"):
            told = browser(key).get(path)
            assert (told.status, set(told.said)) == (403, {"detail"}), (key, path)
    assert browser("shen").get("/people").status == 403


def test_a_home_tells_namesakes_apart(browser: Callers, areas: object) -> None:
    one, other = add_person(name="李秀英"), add_person(name="李秀英")
    add_home(one, address="公交新村1号101室")
    add_home(other, address="公交新村2号202室")
    found = browser("lin").get("/people", q="李秀英").said["people"]
    assert {p["address"] for p in found} == {"公交新村1号101室", "公交新村2号202室"}
