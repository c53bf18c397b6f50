"""The list of visits as a file: for a stated reason, masked, filtered as the page was, recorded."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import transaction

from linyun.foundation.acts.models import Act
from linyun.foundation.areas.scope import within
from linyun.kernel import clock
from tests.visits import visit_to

pytestmark = pytest.mark.django_db
REASON = {"reason": "月度核对"}


@pytest.fixture
def visited(areas, person, as_character):
    old = person(name="周桂芳", phone="19900000001")
    with as_character("lin"):
        visit_to(old, clock.today(), situation="=HYPERLINK(1)")
        visit_to(old, clock.today() - timedelta(days=400), situation="去年的事")
    return old


def file_of(answer):
    assert answer["Content-Disposition"].startswith("attachment")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_visits_leave_masked_and_nothing_runs(visited, client_of):
    rows = file_of(client_of("lin").post("/desk/visits/export", REASON))
    assert {row["被访者"] for row in rows} == {"周桂芳"}
    assert "'=HYPERLINK(1)" in {row["情况"] for row in rows}
    assert "19900000001" not in str(rows)
    with within(""):
        act = Act.objects.get(verb="visits_exported")
    assert act.reason == "月度核对"
    assert act.detail["count"] == len(rows)


@pytest.mark.parametrize("reason", ["", " ", "x"])
def test_no_visits_leave_without_a_reason(visited, client_of, reason):
    answer = client_of("lin").post("/desk/visits/export", {"reason": reason}, follow=True)
    assert "请写明导出用途" in answer.content.decode()
    with within(""), transaction.atomic():
        assert not Act.objects.filter(verb="visits_exported").exists()


def test_the_file_holds_what_the_page_showed(visited, client_of):
    this_month = f"{clock.today():%Y-%m}"
    rows = file_of(client_of("lin").post("/desk/visits/export", {**REASON, "month": this_month}))
    assert [row["日期"] for row in rows] == [clock.today().isoformat()]


def test_the_neighbouring_committee_gets_an_empty_file(visited, client_of):
    assert file_of(client_of("wu").post("/desk/visits/export", REASON)) == []
