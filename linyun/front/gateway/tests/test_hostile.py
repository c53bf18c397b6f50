"""Input that nobody means well by: it is refused with a sentence, and never breaks anything."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linyun.front.gateway.tests.conftest import Caller
from linyun.hub.records.models import Person
from linyun.kernel.ids import uuid7
from tests.characters import BUILDING, BUILDING_THERE
from tests.residents import add_person

Callers = Callable[[str], Caller]
NUL, LONE, LONG = "a\x00b", "\ud800", "长" * 350_000
BODY = {"id": str(uuid7()), "visited_on": "2026-11-02", "mode": "2", "situation": "好"}


@pytest.fixture
def lin(browser: Callers) -> Caller:
    """林老师, whose browser shows errors as answers."""
    found = browser("lin")
    found.client.raise_request_exception = False
    return found


@pytest.fixture
def zhou(areas: object) -> Person:
    return add_person(BUILDING, name="周桂芳")


@pytest.mark.parametrize("limit", ["0", "-1", "201", "9" * 30, "1e9", "x", "", "٣", "1.5", NUL])
def test_strange_limits(lin: Caller, limit: str) -> None:
    told = lin.get("/people", limit=limit)
    assert (told.status, set(told.said)) == (422, {"limit"})


@pytest.mark.parametrize("q", [NUL, "\x1b", "x" * 201])
def test_strange_searches(lin: Caller, q: str) -> None:
    told = lin.get("/people", q=q)
    assert (told.status, set(told.said)) == (422, {"q"})


@pytest.mark.parametrize("q", ["'; drop table records_person; --", "%' or '1'='1", "((((", "😀", "{}", "%(q)s"])
def test_searches_that_mean_something_to_a_database(lin: Caller, zhou: Person, q: str) -> None:
    told = lin.get("/people", q=q)
    assert (told.status, told.said["people"]) == (200, [])


@pytest.mark.parametrize("q", ["%", "_", "\\", "%%%", "\\'"])
def test_wildcards_reach_nobody_out_of_the_area(lin: Caller, zhou: Person, q: str) -> None:
    add_person(BUILDING_THERE, name="吴阿妹")
    told = lin.get("/people", q=q)
    assert told.status == 200
    assert {p["name"] for p in told.said["people"]} <= {"周桂芳"}


@pytest.mark.parametrize("after", ["x", NUL, "gAAAAA" + "B" * 300, "/../", "%00", "{}"])
def test_strange_cursors(lin: Caller, zhou: Person, after: str) -> None:
    for path in ("/people", f"/people/{zhou.pk}/visits"):
        told = lin.get(path, after=after)
        assert (told.status, set(told.said)) == (422, {"after"})


@pytest.mark.parametrize("pk", ["1", "x", "%00", "018f3c1e", "'", "00000000-0000-0000-0000-00000000000g"])
def test_ids_that_are_none(lin: Caller, pk: str) -> None:
    for path in ("/people/{}", "/people/{}/visits"):
        told = lin.get(path.format(pk))
        assert (told.status, set(told.said)) == (422, {"person_id"})


@pytest.mark.parametrize("code", ["x", NUL, "3" * 37, "-1", "31%", "１２"])
def test_areas_that_are_none(lin: Caller, code: str) -> None:
    told = lin.get("/areas", within=code)
    assert (told.status, set(told.said)) == (422, {"within"})


def test_subjects_that_are_none(lin: Caller) -> None:
    assert lin.get("/items", subject="dragon").said == {"subject": "请从文档列出的值中选择"}
    assert lin.post("/crowds/count", {"rule": "年龄 > 1", "subject": "dragon"}).said == {
        "subject": "请从文档列出的值中选择"
    }


@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", "null", "1", '"x"', "[" * 100_000, "{" * 10_000, '{"id": ' + "9" * 5000 + "}", "\xff", "NaN",
     json.dumps({"rule": LONG})],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/visits", "/crowds/count"])
def test_bodies_that_are_none(lin: Caller, path: str, body: str) -> None:
    assert lin.post(path, body).status in (400, 422)


def test_a_body_beyond_all_measure(lin: Caller) -> None:
    assert lin.client.post("/api/v1/visits", b"x" * (9 * 2**20), content_type="application/json").status_code in (
        400,
        413,
    )


@pytest.mark.parametrize("value", [NUL, LONE, LONG, 5, True, None, [], {}, 1e308, "\u202e" * 3000])
@pytest.mark.parametrize("field", ["situation", "needs", "topic", "mode", "visited_on", "follow_up_on", "person", "id"])
def test_strange_values_in_a_visit(lin: Caller, zhou: Person, field: str, value: Any) -> None:
    sent = BODY | {"person": str(zhou.pk)} | {field: value}
    told = lin.post("/visits", json.dumps(sent))
    if field == "follow_up_on" and value is None:
        assert told.status == 201
    else:
        assert (told.status, set(told.said)) == (422, {field})


@pytest.mark.parametrize(
    "cell",
    [NUL, LONE, LONG, None, {}, [[]], [None], [NUL], [LONE], ["x" * 201], ["x"] * 101, float("nan"), float("inf"), -(10**300),
     10**4000, "=1+1", "\u202e", "9" * 2000, "１２３", "2026-13-45", "#REF!"],
)  # fmt: skip
def test_strange_values_in_every_kind_of_item(lin: Caller, zhou: Person, cell: Any) -> None:
    items = ("phone", "care_weekly_hours", "aid_since", "able_to_work", "marital_status", "chronic_conditions",
             "registered_area", "email", "name")  # fmt: skip
    for item in items:
        told = lin.post(
            "/visits", json.dumps(BODY | {"id": str(uuid7()), "person": str(zhou.pk), "items": {item: cell}})
        )
        assert told.status in (201, 422), (item, told)
        assert told.status == 201 or set(told.said) == {f"items.{item}"}, (item, told)


def test_too_many_items(lin: Caller, zhou: Person) -> None:
    told = lin.post("/visits", BODY | {"person": str(zhou.pk), "items": {f"x{n}": "1" for n in range(51)}})
    assert told.said == {"items": "最多 50 项"}


def test_names_of_items_that_are_none(lin: Caller, zhou: Person) -> None:
    for code in (NUL, LONE, "", "area", "id", "status", "pinyin", "tail", "__class__", "x" * 201):
        sent = BODY | {"person": str(zhou.pk), "items": {code: "1"}}
        assert lin.post("/visits", json.dumps(sent)).status == 422, code


@pytest.mark.parametrize(
    "rule",
    ["", " ", "(" * 2000, "年龄 >= " * 300, "年龄 >= " + "9" * 3000, NUL, LONE, LONG, "标签 = " + "x" * 3000, "'; drop table x",
     "年龄 >= 1 且 " * 300 + "年龄 >= 1", "不 " * 1500, "姓名 = \"%(x)s\" 且 姓名 = '{}'"],
)  # fmt: skip
def test_strange_rules(lin: Caller, zhou: Person, rule: str) -> None:
    assert lin.post("/crowds/count", json.dumps({"rule": rule})).status in (200, 422)


@pytest.mark.parametrize("reason", ["%00", "%ff", "%", "x" * 5000, "%E6%A0%B8" * 201, "\xe6"])
def test_strange_reasons(browser: Callers, zhou: Person, reason: str) -> None:
    told = browser("shen").get(f"/people/{zhou.pk}", headers={"X-Reason": reason})
    assert told.status in (200, 422)
    assert told.status == 200 or set(told.said) == {"X-Reason"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(st.sampled_from([*BODY, "items", "person", "rule", "subject"]), JSON),
    st.sampled_from(["/visits", "/crowds/count"]),
)
def test_whatever_json_comes(lin: Caller, zhou: Person, body: dict[str, Any], path: str) -> None:
    told = lin.post(path, json.dumps({"person": str(zhou.pk), **BODY, **body} if path == "/visits" else body))
    assert told.status in (200, 201, 404, 422), told
