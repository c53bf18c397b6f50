"""Crowds in numbers, areas, items, and the contract that describes it all."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from linyun.foundation.acts.models import Act
from linyun.foundation.areas.models import Area
from linyun.foundation.areas.scope import within
from linyun.front.gateway.tests.conftest import Caller
from linyun.kernel.catalogue import catalogue
from tests.characters import BUILDING, BUILDING_THERE, GRID, HERE, OTHER_BUILDING, STREET, THERE
from tests.residents import add_person, number_of

Callers = Callable[[str], Caller]
ELDERS = {"rule": "年龄 >= 80"}


def born(*years: int, area: str = BUILDING) -> None:
    """People born in these years, one in each; 0 for somebody whose birth date nobody knows."""
    for n, year in enumerate(years):
        known: dict[str, Any] = {"identity_number": number_of(date(year, 1, 1 + n))} if year else {}
        add_person(area, name=f"甲{n}", **known)


def test_a_crowd_is_counted_and_said_in_words(browser: Callers, areas: object) -> None:
    born(1930, 1935, 1990, 0)
    born(1930, area=BUILDING_THERE)
    told = browser("lin").post("/crowds/count", {"rule": "age >= 80"})
    assert told.status == 200
    assert (told.said["yes"], told.said["unknown"], told.said["all"], told.said["exact"]) == (2, 1, 4, True)
    assert told.said["text"] == "年龄 >= 80"
    assert "80" in told.said["says"]


@pytest.mark.parametrize("key", ["shen", "gu", "lu", "he"])
def test_those_above_get_no_small_numbers(browser: Callers, key: str, areas: object) -> None:
    born(1930, 1931, 1932, 1990, 1991, 1992, 1993, 1994)
    told = browser(key).post("/crowds/count", ELDERS).said
    assert (told["yes"], told["unknown"], told["all"], told["exact"]) == (None, None, 10, False)
    with within(""):
        act = Act.objects.get(verb="crowd_counted")
    assert (act.channel, act.detail["rule"]) == ("api", "年龄 >= 80")


def test_two_crowds_that_differ_by_one_read_the_same(browser: Callers, areas: object) -> None:
    born(*range(1930, 1937), *range(1990, 1999))
    street = browser("shen")
    six, seven = (street.post("/crowds/count", {"rule": f"出生日期 早于 {y}-01-01"}).said["yes"] for y in (1936, 1937))
    assert (six, seven) == (5, 5)


def test_other_subjects_can_be_counted(browser: Callers, areas: object) -> None:
    born(1930)
    told = browser("lin").post("/crowds/count", {"rule": "建筑面积 > 50", "subject": "dwelling"})
    assert (told.status, told.said["all"]) == (200, 0)


def test_a_refused_rule_says_where_and_what_was_meant(browser: Callers, areas: object) -> None:
    told = browser("lin").post("/crowds/count", {"rule": "年龄 >= 80 且 联系电活 为空"})
    assert told.status == 422
    assert told.said["message"]
    assert (told.said["start"], told.said["end"], told.said["nearest"]) == (11, 15, "联系电话")


def test_a_rule_that_may_not_be_asked_is_refused_with_the_reason(browser: Callers, areas: object) -> None:
    told = browser("lin").post("/crowds/count", {"rule": "信访 = 是"})
    assert told.status == 422
    assert set(told.said) == {"start", "end", "message", "nearest"}


@pytest.mark.parametrize("key", ["zhou", "yan"])
def test_chiefs_and_operators_count_nobody(browser: Callers, key: str) -> None:
    assert browser(key).post("/crowds/count", ELDERS).status == 403


def test_areas_below_one_by_their_public_names(browser: Callers, areas: object) -> None:
    lin = browser("lin")
    assert lin.get("/areas").said == [
        {"code": GRID, "name": "第一网格", "kind": "grid"}, {"code": HERE + "002", "name": "第二网格", "kind": "grid"},
    ]  # fmt: skip
    assert [a["code"] for a in lin.get("/areas", within=GRID + "001").said] == [BUILDING, OTHER_BUILDING]
    assert [a["name"] for a in lin.get("/areas", within=STREET).said][1:] == ["公交新村居委会", "铁岭路五十弄居委会"]


def test_how_another_committee_cuts_itself_is_its_own_affair(browser: Callers, areas: object) -> None:
    lin = browser("lin")
    answers = [lin.get("/areas", within=code) for code in (THERE, THERE + "001", HERE + "777", "99")]
    assert [a.status for a in answers] == [404] * 4
    assert all(a.said == answers[0].said for a in answers)
    assert browser("shen").get("/areas", within=THERE).status == 200


def test_an_area_that_has_ended_is_not_told(browser: Callers, areas: object) -> None:
    Area.objects.filter(pk=HERE + "002").update(valid_to=date(2026, 1, 1))
    assert [a["code"] for a in browser("lin").get("/areas").said] == [GRID]


def test_a_chief_whose_building_has_no_parts_gets_an_empty_list(browser: Callers) -> None:
    assert browser("zhou").get("/areas").said == []


def test_the_catalogue_says_what_may_be_recorded_and_why(browser: Callers, areas: object) -> None:
    lin = browser("lin")
    everything = lin.get("/items").said
    assert len(everything) == len(catalogue.items)
    people = {i["item"]: i for i in lin.get("/items", subject="person").said}
    assert {i["subject"] for i in people.values()} == {"person"}
    assert people["sex"]["codes"][0]["code"] == "0" or {"code": "2", "name": "女性"} in people["sex"]["codes"]
    assert people["sex"]["derived"] and not people["phone"]["derived"]
    assert (people["health_summary"]["level"], people["phone"]["level"]) == (4, 3)
    assert all(i["purpose"] and i["basis"] and i["owner"] for i in everything)


def test_a_chief_reads_no_catalogue(browser: Callers) -> None:
    assert browser("zhou").get("/items").status == 403


ENDPOINTS = {
    "/api/v1/me": ["get"],
    "/api/v1/people": ["get"],
    "/api/v1/people/{person_id}": ["get"],
    "/api/v1/people/{person_id}/visits": ["get"],
    "/api/v1/visits": ["post"],
    "/api/v1/crowds/count": ["post"],
    "/api/v1/areas": ["get"],
    "/api/v1/items": ["get"],
}
"""The contract: what stands here is promised to others. Taking something away needs a new version."""


@pytest.fixture
def contract(browser: Callers) -> dict[str, Any]:
    """What /openapi.json says."""
    said: dict[str, Any] = browser("yan").get("/openapi.json").said
    return said


def test_the_contract_is_what_was_promised(contract: dict[str, Any]) -> None:
    assert contract["openapi"] == "3.1.0"
    assert {path: sorted(methods) for path, methods in contract["paths"].items()} == ENDPOINTS


def operations(contract: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(path, op) for path, methods in contract["paths"].items() for op in methods.values()]


def test_every_call_is_described_with_its_answers_and_its_keys(contract: dict[str, Any]) -> None:
    for path, operation in operations(contract):
        assert operation["description"], path
        assert {"200", "401", "403", "422", "429"} <= operation["responses"].keys(), path
        assert ("404" in operation["responses"]) == ("{" in path or path.endswith(("/visits", "/areas"))), path
        assert operation["security"] == [{"Token": []}, {"Session": []}], path
    assert contract["components"]["securitySchemes"]["Token"] == {"type": "http", "scheme": "bearer"}
    assert contract["components"]["securitySchemes"]["Session"]["in"] == "cookie"


def test_the_contract_refers_only_to_what_it_defines(contract: dict[str, Any]) -> None:
    named = set(re.findall(r"#/components/schemas/(\w+)", str(contract)))
    assert named <= contract["components"]["schemas"].keys()
    assert {"PersonOut", "VisitIn", "VisitOut", "CrowdOut", "RuleRefused"} <= named


def test_the_contract_promises_these_fields(contract: dict[str, Any]) -> None:
    schemas = contract["components"]["schemas"]
    assert sorted(schemas["VisitIn"]["required"]) == ["id", "mode", "visited_on"]
    assert schemas["VisitIn"]["additionalProperties"] is False
    assert schemas["VisitIn"]["properties"]["visited_on"]["format"] == "date"
    assert list(schemas["PersonLine"]["properties"]) == [
        "id", "name", "sex", "birth_year", "phone", "identity_number", "address",
    ]  # fmt: skip
    assert sorted(schemas["FactOut"]["required"]) == sorted(
        ["item", "name", "group", "value", "words", "source", "source_name", "true_on", "stale", "disputed"]
    )
