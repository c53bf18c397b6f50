"""The list of visits read through: each once on whatever page, each filter alone and together, the same in the file."""

import csv
import html
import io
import re
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from linyun.foundation.acts.models import Act
from linyun.foundation.areas.scope import within
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from linyun.kernel.values.plain import csv_of
from linyun.work.visits import listing, services
from linyun.work.visits.listing import Chosen, _month, months
from linyun.work.visits.models import Visit
from tests.characters import BUILDING, OTHER_BUILDING
from tests.visits import visit_to

TODAY = clock.today()
MANY = 123


def main(answer):
    return html.unescape(answer.content.decode().split("<main", 1)[-1].split("</main>", 1)[0])


@pytest.fixture
def year(person):
    """Over two pages of visits, several a day, by two workers, in all modes, to two people in two buildings."""
    people = person(name="周桂芳"), person(OTHER_BUILDING, name="沈美琴")
    modes = [c.code for c in catalogue.code_sets["visit_mode"].codes]
    visits = [
        Visit(area=people[n % 2].area, person=people[n % 2], visited_on=TODAY - timedelta(days=3 * (n // 4)),
              mode=modes[n % len(modes)], situation=f"第{n}次来看，{'修灯' if n % 5 == 0 else '都好'}",
              visitor=("林晓岚", "陈志远")[n % 3 == 0])
        for n in range(MANY)
    ]  # fmt: skip
    with within(""):
        Visit.objects.bulk_create(visits)
    return visits


def walk(client, query=""):
    """Ids of the visits on all pages that follow from one address, and how many rows there were."""
    found, path = [], f"/desk/visits?{query}"
    for _page in range(10):
        page = client.get(path).content.decode().split("<tbody", 1)[-1]
        rows = re.findall(r'href="/desk/visits/([0-9a-f-]{36})"', page.split("</tbody>", 1)[0])
        found += dict.fromkeys(rows)
        after = re.search(r'href="([^"]*after=[^"]*)"', page)
        if after is None:
            return found
        path = html.unescape(after[1])
        path = path if path.startswith("/") else f"/desk/visits{path}"
    raise AssertionError("the pages never end")


@pytest.mark.django_db
@pytest.mark.parametrize("sort", ["visited_on", "-visited_on", ""])
def test_each_visit_stands_once_on_some_page(year, client_of, sort):
    found = walk(client_of("lin"), f"sort={sort}")
    assert len(found) == len(set(found)) == MANY
    days = {str(v.pk): v.visited_on for v in year}
    seen = [days[pk] for pk in found]
    assert seen == sorted(seen, reverse=sort != "visited_on")


MONTH = f"{TODAY:%Y-%m}"
FILTERS = [
    ({"month": MONTH}, lambda v: f"{v.visited_on:%Y-%m}" == MONTH),
    ({"visitor": "陈志远"}, lambda v: v.visitor == "陈志远"),
    ({"mode": "3"}, lambda v: v.mode == "3"),
    ({"words": " 修灯 "}, lambda v: "修灯" in v.situation),
    ({"mode": "2", "visitor": "林晓岚", "words": "都好"}, lambda v: (
        v.mode == "2" and v.visitor == "林晓岚" and "都好" in v.situation)),
    ({"state": "late"}, lambda v: False),
    ({"state": "withdrawn"}, lambda v: False),
    ({"person": "不是编号", "month": "2026-13", "state": "x", "week": "x"}, lambda v: True),
    ({"words": "%"}, lambda v: False),
    ({"visitor": "没有这人"}, lambda v: False),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("query", "fits"), FILTERS)
def test_a_filter_holds_on_every_page_and_in_the_file(year, client_of, query, fits):
    lin, expected = client_of("lin"), {str(v.pk) for v in year if fits(v)}
    text = "&".join(f"{k}={v}" for k, v in query.items()).replace("%", "%25")
    assert set(walk(lin, text)) == expected
    answer = lin.post("/desk/visits/export", {**query, "reason": "月度核对"})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert sorted(r["情况"] for r in rows) == sorted(v.situation for v in year if fits(v))


@pytest.mark.django_db
def test_one_persons_visits_are_said_to_be_theirs(year, client_of):
    zhou = year[0].person
    lin = client_of("lin")
    assert set(walk(lin, f"person={zhou.pk}")) == {str(v.pk) for v in year if v.person_id == zhou.pk}
    page = main(lin.get(f"/desk/visits?person={zhou.pk}"))
    assert "周桂芳" in page and "沈美琴" not in page
    other = main(client_of("wu").get(f"/desk/visits?person={zhou.pk}"))
    assert "周桂芳" not in other and "没有符合的走访" in other


@pytest.mark.django_db
@pytest.mark.parametrize("part", ["situation", "needs", "action", "outcome"])
def test_words_are_looked_for_in_all_that_was_told(person, as_character, client_of, part):
    p = person(name="周桂芳")
    with as_character("lin"):
        visit_to(p, TODAY, **{"situation": "在家", part: "卫生间想装扶手"})
        visit_to(p, TODAY - timedelta(days=1), situation="都好")
    page = main(client_of("lin").get("/desk/visits?words=扶手"))
    assert page.count('href="/desk/visits/') >= 1 and "都好" not in page.split("<tbody", 1)[1]


@pytest.mark.django_db
def test_each_reads_what_is_theirs_to_read(year, client_of, cast):
    with within(""), transaction.atomic():
        Visit.objects.filter(pk=year[0].pk).update(visitor_id=cast["zhou"].account_id)
    assert len(walk(client_of("chen"))) == MANY, "the grid holds both buildings"
    assert walk(client_of("zhou")) == [str(year[0].pk)], "a building chief reads what she wrote"
    assert walk(client_of("wu")) == []
    for who in ("shen", "gu", "he", "yan"):
        assert client_of(who).get("/desk/visits").status_code == 403, who
    for who in ("chen", "zhou"):
        assert client_of(who).post("/desk/visits/export", {"reason": "月度核对"}).status_code == 403, who


@pytest.mark.django_db
def test_a_withdrawn_visit_is_listed_where_it_is_asked_for_and_counted_nowhere(person, as_character, client_of):
    p, lin = person(name="周桂芳"), client_of("lin")
    with as_character("lin"):
        visit = visit_to(p, TODAY, situation="写错的一次")
    assert "写错的一次" in main(lin.get("/desk/visits"))
    lin.post(f"/desk/visits/{visit.pk}/withdraw", {"reason": "写到别人名下了"})
    assert "写错的一次" not in main(lin.get("/desk/visits"))
    assert "写错的一次" in main(lin.get("/desk/visits?state=withdrawn"))
    shown = main(lin.get(f"/desk/visits/{visit.pk}"))
    assert "已撤回：写到别人名下了" in shown and "撤回这次走访" not in shown
    answer = lin.post("/desk/visits/export", {"reason": "月度核对"})
    assert "写错的一次" not in answer.content.decode("utf-8-sig")
    assert "走访记录 0 次" in main(lin.get(f"/desk/people/{p.pk}"))


@pytest.mark.django_db
def test_withdrawn_a_second_time_is_said_and_the_first_reason_stays(person, as_character, client_of):
    p = person(name="周桂芳")
    with as_character("lin"):
        visit = visit_to(p, TODAY, situation="在家")
    for reason in ("写错了", "再点一次"):
        answer = client_of("lin").post(f"/desk/visits/{visit.pk}/withdraw", {"reason": reason}, follow=True)
        assert answer.status_code == 200
    assert "已经撤回了" in answer.content.decode()
    with within(""):
        assert Visit.objects.get().withdraw_reason == "写错了"
        assert Act.objects.filter(verb="visit_withdrawn").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("who", "status"), [("wu", 404), ("zhou", 404), ("shen", 403), ("he", 403), ("yan", 403)])
def test_nobody_withdraws_what_they_may_not_read(person, as_character, client_of, who, status):
    p = person(name="周桂芳")
    with as_character("lin"):
        visit = visit_to(p, TODAY, situation="在家")
    assert client_of(who).post(f"/desk/visits/{visit.pk}/withdraw", {"reason": "捣乱"}).status_code == status
    with within(""):
        assert Visit.objects.get().withdrawn_at is None


@pytest.mark.django_db
def test_a_chief_withdraws_her_own(person, client_of):
    p, zhou = person(name="周桂芳"), client_of("zhou")
    zhou.post(f"/desk/people/{p.pk}/visit", {"mode": "2", "visited_on": TODAY.isoformat(), "situation": "楼道里碰到"})
    with within(""):
        visit = Visit.objects.get()
    assert "撤回这次走访" in main(zhou.get(f"/desk/visits/{visit.pk}"))
    assert zhou.post(f"/desk/visits/{visit.pk}/withdraw", {"reason": "看错人"}).status_code == 303
    assert walk(zhou) == []


@pytest.mark.django_db
def test_the_choices_are_those_who_wrote_here(year, areas, client_of):
    page = main(client_of("lin").get("/desk/visits"))
    choices = page.split("<tbody")[0]
    assert "陈志远" in choices and "林晓岚" in choices
    assert "陈志远" not in main(client_of("wu").get("/desk/visits"))


@pytest.mark.django_db
def test_each_look_at_the_list_is_an_act_with_how_many_people(year, client_of):
    client_of("lin").get("/desk/visits?words=修灯")
    with within(""):
        act = Act.objects.get(verb="people_listed")
    assert (act.detail["by"], act.detail["count"]) == ("visits", 2)


@given(st.dates(date(2000, 1, 1), date(2100, 11, 30)))
def test_a_day_lies_in_its_month_and_in_no_other(day):
    first, after = _month(f"{day:%Y-%m}")
    assert first <= day < after and first.day == after.day == 1
    assert 28 <= (after - first).days <= 31


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-00", "2026-13", "1999-12", "2101-01", "2026-1", "2026-11-01", "x", "٢٠٢٦-13"]
)
def test_what_is_no_month_does_not_filter(text):
    assert _month(text) is None
    assert Chosen.of({"month": text}).any is False


@given(st.dates(date(2004, 1, 1), date(2099, 12, 31)), st.integers(1, 30))
def test_the_last_months_go_back_without_a_gap(day, count):
    found = months(day, count)
    assert len({value for value, _name in found}) == len(found) == count
    assert found[0][0] == f"{day:%Y-%m}" and all(_month(value) for value, _name in found)
    steps = [int(v[:4]) * 12 + int(v[5:]) for v, _name in found]
    assert steps == list(range(steps[0], steps[0] - count, -1))
    assert found[0][1] == f"{day.year} 年 {day.month} 月"


cells = st.one_of(
    st.none(),
    st.integers(),
    st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=20),
)


@given(st.lists(st.lists(cells, min_size=2, max_size=2), max_size=8))
def test_no_cell_of_a_file_runs_and_nothing_is_lost(rows):
    read = list(csv.reader(io.StringIO(csv_of(["一", "二"], rows).decode("utf-8-sig"), newline="")))
    assert read[0] == ["一", "二"]
    for told, row in zip(read[1:], rows, strict=True):
        for cell, value in zip(told, row, strict=True):
            assert not isinstance(value, str) or not re.match(r"[=+\-@\t\r]", cell)
            assert cell.removeprefix("'") == ("" if value is None else str(value)).removeprefix("'")


@pytest.mark.django_db
def test_the_file_tells_a_closed_door_and_masks_phones(person, home, as_character, client_of):
    p = person(name="周桂芳", phone="19900002041")
    flat = home(p, address="公交新村1号302室").dwelling
    lin = client_of("lin")
    with as_character("lin"):
        visit_to(p, TODAY, "3", situation="在家", needs="修灯", action="报修", outcome="已修", follow_up_on=TODAY)
    lin.post(
        f"/desk/dwellings/{flat.pk}/visit", {"mode": "2", "visited_on": TODAY.isoformat(), "situation": "敲门没有人"}
    )
    text = lin.post("/desk/visits/export", {"reason": "月度核对"}).content.decode("utf-8-sig")
    one, other = sorted(csv.DictReader(io.StringIO(text)), key=lambda r: r["情况"])
    assert (one["被访者"], one["电话"], one["需求和建议"], one["采取的措施"], one["处理结果"]) == (
        "周桂芳", "199****2041", "修灯", "报修", "已修")  # fmt: skip
    assert (one["方式"], one["约定回访"], one["走访人"]) == (
        catalogue.code_sets["visit_mode"].name_of("3"), TODAY.isoformat(), "林晓岚")  # fmt: skip
    assert (other["被访者"], other["电话"], other["地址"]) == ("", "", "公交新村1号302室")


@pytest.mark.django_db
def test_nobody_has_a_name_of_nobody(areas, as_worker):
    with as_worker():
        assert listing.name_of(None) == ""
        assert BUILDING and listing.visitors() == []


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["late", "withdrawn"])
def test_the_button_of_a_filtered_list_asks_for_that_list(person, as_character, client_of, state):
    """Who exports those that are late must not get everybody."""
    p = person(name="周桂芳")
    with as_character("lin"):
        visit_to(p, TODAY - timedelta(days=9), situation="修灯", follow_up_on=TODAY - timedelta(days=2))
        withdrawn = visit_to(person(name="沈美琴"), TODAY, situation="修灯")
        services.withdraw(withdrawn.pk, "写错了")
    page = main(client_of("lin").get(f"/desk/visits?state={state}&words=修灯"))
    form = page.split('action="/desk/visits/export"', 1)[1].split("</form>", 1)[0]
    assert dict(re.findall(r'type="hidden" name="(state|words)" value="([^"]*)"', form)) == {
        "state": state,
        "words": "修灯",
    }
