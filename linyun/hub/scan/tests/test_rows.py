"""What one row of the list shows: no sensitive tag unasked, no whole number, gaps in words, and pages that exist."""

import re
from datetime import date, timedelta

import pytest

from linyun.foundation.areas.scope import within
from linyun.foundation.ui.tables import Sort
from linyun.hub.records.models import Kin, Person
from linyun.hub.scan import find, screen
from linyun.hub.scan.find import Asked
from linyun.hub.scan.listing import rows
from linyun.hub.scan.undecided import missing
from linyun.hub.tags.services import set_tag
from linyun.kernel import clock
from linyun.kernel.declare import Subject
from tests.characters import BUILDING
from tests.residents import add_home, add_person

HIDDEN, OPEN_TAG = "hidden_hardship", "疑似困难待核实"
TODAY = clock.today()


def born(age: int) -> date:
    return date(TODAY.year - age, 1, 1)


@pytest.fixture
def old_woman(areas, as_worker) -> Person:
    """周桂芳, 84, alone, of whom a worker noted a sensitive thing by hand."""
    found = add_person(name="周桂芳", birth_date=born(84), sex="2", phone="19900000111", aid_type="1")
    add_home(found)
    with as_worker():
        set_tag(found, HIDDEN, "上门核实", until=TODAY + timedelta(days=30))
    return found


def table_of(client, rule: str, **more: str) -> str:
    page = client.get("/desk/crowds", {"rule": rule, **more}).content.decode()
    return page[page.index("<table") : page.index("</table>")] if "<table" in page else page


def test_a_list_that_is_open_to_all_workers_shows_no_sensitive_tag_and_no_whole_number(client_of, old_woman):
    shown = table_of(client_of("lin"), "年龄 >= 80")
    assert "周桂芳" in shown
    assert OPEN_TAG not in shown and HIDDEN not in shown
    assert "低保" not in shown
    assert "19900000111" not in shown
    assert "84" in shown


def test_the_tag_that_was_asked_for_with_a_reason_is_shown_first(client_of, old_woman):
    client, rule = client_of("lin"), f"标签 = {OPEN_TAG}"
    assert "周桂芳" not in table_of(client, rule)
    client.post("/desk/crowds/open", {"rule": rule, "reason": "核对困难名单"})
    shown = table_of(client, rule)
    assert "周桂芳" in shown
    chips = re.findall(r'class="chip[^"]*"[^>]*>([^<]+)<', shown)
    assert chips and chips[0].strip() == OPEN_TAG


def test_more_tags_than_fit_are_counted_and_still_without_the_sensitive_ones(as_worker, old_woman):
    with as_worker():
        asked = Asked.text("年龄 >= 80")
        (row,) = screen.cells(asked, list(rows(asked, Sort("name")).rows), None)
    words = " ".join([chip.label for chip in row["tags"]] + [chip.title or "" for chip in row["tags"]])
    assert len(row["tags"]) <= screen.MOST_TAGS + 1
    assert OPEN_TAG not in words
    assert row["tags"][-1].label.startswith("+") or len(row["tags"]) <= screen.MOST_TAGS


def test_who_has_no_name_or_birthday_is_shown_in_words(as_worker, areas):
    with within(""):
        Person.objects.create(area=BUILDING, name="")
    with as_worker():
        asked = Asked.text("年龄 为空")
        (row,) = screen.cells(asked, list(rows(asked, Sort("name")).rows), None)
    assert row["name"] == "（未登记）"
    assert row["age"] is None and row["phone"] == ""


@pytest.mark.parametrize("age", [0, 1, 17, 18, 79, 80, 105])
def test_the_age_of_a_row_is_the_age_of_the_rule(as_worker, areas, age):
    """The list and the rule count years by two pieces of code; on a birthday they must not part."""
    with within(""):
        for off in (0, 1):
            day = clock.years_before(TODAY, age) + timedelta(days=off)
            if day <= TODAY:
                Person.objects.create(area=BUILDING, name=f"某{off}", birth_date=day)
    with as_worker():
        asked = Asked.text("姓名 包含 某")
        for row in screen.cells(asked, list(rows(asked, Sort("name")).rows), None):
            told = find.ids(Asked.text(f"年龄 = {row['age']}"))
            assert row["id"] in told


def test_the_undecided_tell_what_lacks_and_of_whom(as_worker, areas):
    with within(""):
        mother, child = (Person.objects.create(area=BUILDING, name=n) for n in ("周桂芳", "周敏"))
        Kin.objects.create(area=BUILDING, person=mother, relative=child, kind="30")
    with as_worker():
        asked = Asked.text("子女 有人 (年龄 < 60) 且 年龄 >= 70")
        found = rows(asked, Sort("name"), unknown=True)
        shown = screen.cells(asked, list(found.rows), missing(asked, [r["id"] for r in found.rows]))
    chips = {row["name"]: [chip.label for chip in row["missing"]] for row in shown}
    assert chips == {"周桂芳": ["子女的年龄", "年龄"]}


@pytest.mark.parametrize(
    ("subject", "rule"),
    [(Subject.PERSON, "年龄 >= 80"), (Subject.HOUSEHOLD, "户内人数 >= 1"), (Subject.DWELLING, "居住人数 >= 1")],
)
def test_every_row_leads_to_a_page_that_exists(client_of, old_woman, subject, rule):
    client = client_of("lin")
    shown = table_of(client, rule, subject=subject.value)
    links = [link for link in re.findall(r'href="(/desk/[^"?]+)"', shown) if re.search(r"[0-9a-f-]{36}", link)]
    assert links
    assert all(client.get(link).status_code == 200 for link in set(links))
