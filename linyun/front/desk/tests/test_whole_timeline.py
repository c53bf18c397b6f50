"""All that ever happened can be read, also under a record since merged; nobody is called to the door of the dead."""

import html
import re
from datetime import date, timedelta

import pytest
from django.db import transaction

from linyun.foundation.acts.models import Act
from linyun.foundation.areas.scope import within
from linyun.hub.records import operations
from linyun.hub.records.models import Person
from linyun.kernel import clock
from linyun.work.visits.models import Visit
from linyun.work.visits.services import plan
from tests.characters import BUILDING
from tests.residents import number_of
from tests.visits import visit_to

pytestmark = pytest.mark.django_db
TODAY = clock.today()


def ago(days):
    return TODAY - timedelta(days=days)


def main(answer):
    return html.unescape(answer.content.decode().split("<main", 1)[-1].split("</main>", 1)[0])


@pytest.fixture
def zhou(person, home):
    p = person(name="周桂芳", birth_date=date(TODAY.year - 81, 1, 2))
    home(p, address="公交新村1号302室")
    return p


@pytest.fixture
def lin(client_of):
    return client_of("lin")


def visits_of(person, count, visitor="林晓岚"):
    with within(""):
        Visit.objects.bulk_create(
            Visit(area=BUILDING, person=person, visited_on=ago(n), mode="2", situation=f"第{n}次来看", visitor=visitor)
            for n in range(count)
        )


def told(page):
    return [int(n) for n in re.findall(r"第(\d+)次来看", page)]


@pytest.mark.parametrize("count", [12, 13, 130])
def test_every_visit_ever_can_be_read_in_as_many_queries(zhou, lin, assert_queries, count):
    visits_of(zhou, count)
    path, seen = f"/desk/people/{zhou.pk}", []
    for _step in range(4):
        with assert_queries(12, at_most=True):
            page = main(lin.get(path))
        seen = told(page)
        assert f"走访记录 {count} 次" in page
        further = re.search(r'href="([^"]*\?visits=\d+)#history"', page)
        if further is None:
            break
        assert f"更早的 {count - len(seen)} 次走访" in page
        path = further[1]
    assert seen == list(range(count))


@pytest.mark.parametrize("asked", ["", "0", "-5", "1", "99999999", "x", "1e3", "٣", "12.5", "%00"])
def test_any_number_of_visits_can_be_asked_for(zhou, lin, asked):
    visits_of(zhou, 14)
    assert len(told(main(lin.get(f"/desk/people/{zhou.pk}?visits={asked}")))) in (12, 14)


def test_a_chief_reads_on_through_their_own_visits_alone(zhou, client_of, cast):
    visits_of(zhou, 20)
    with within(""), transaction.atomic():
        Visit.objects.filter(visited_on__gt=ago(3)).update(visitor_id=cast["zhou"].account_id)
    page = main(client_of("zhou").get(f"/desk/people/{zhou.pk}?visits=500"))
    assert told(page) == [0, 1, 2] and "走访记录 3 次" in page


@pytest.fixture
def twin(person, as_character):
    """The same woman a second time, with a visit, a promise and a plan of her own."""
    p = person(name="周桂芬")
    with as_character("lin"):
        visit_to(p, ago(20), situation="在那条记录上看过", follow_up_on=ago(3))
        plan([p.pk], TODAY, "高温关心")
    return p


def merge(kept, gone, as_character):
    with as_character("lin"):
        return operations.merge_people(kept, gone, "同一个人")


def test_after_two_records_became_one_nothing_is_missing(zhou, twin, lin, as_character):
    lin.get(f"/desk/people/{twin.pk}")
    merge(zhou, twin, as_character)
    page = main(lin.get(f"/desk/people/{zhou.pk}"))
    assert "在那条记录上看过" in page and "走访记录 1 次" in page
    assert "距上次走访 20 天" in page
    assert f"/desk/people/{zhou.pk}/visit" in main(lin.get(f"/desk/people/{twin.pk}")), "the old address leads on"
    listed = main(lin.get(f"/desk/visits?person={zhou.pk}"))
    assert "在那条记录上看过" in listed, "the list that “全部” leads to holds them too"


def test_who_looked_at_the_duplicate_is_told_of_the_one_kept(zhou, twin, lin, client_of, as_character):
    client_of("chen").get(f"/desk/people/{twin.pk}")
    merge(zhou, twin, as_character)
    assert "陈志远" in main(lin.get(f"/desk/people/{zhou.pk}"))
    assert "陈志远" in main(lin.get(f"/desk/people/{zhou.pk}/looks"))


def test_a_promise_made_to_the_duplicate_is_kept_by_the_next_visit(zhou, twin, lin, as_character):
    operation = merge(zhou, twin, as_character)
    assert "在那条记录上看过" in main(lin.get("/desk")).split('id="due"', 1)[1].split("</section>")[0]
    with as_character("lin"):
        visit = visit_to(zhou, TODAY, situation="去过了")
    today = main(lin.get("/desk"))
    assert "在那条记录上看过" not in today.split('id="due"', 1)[1].split("</section>")[0]
    assert "高温关心" not in today
    lin.post(f"/desk/visits/{visit.pk}/withdraw", {"reason": "写错了"})
    again = main(lin.get("/desk"))
    assert "在那条记录上看过" in again.split('id="due"', 1)[1].split("</section>")[0] and "高温关心" in again
    with as_character("lin"):
        operations.undo(operation.pk, "不是同一个人")
        visit_to(zhou, TODAY, situation="只是周桂芳")
    assert "高温关心" in main(lin.get("/desk")), "what two people were promised is kept one by one"


def test_a_promise_to_the_one_kept_is_kept_by_a_visit_written_to_the_duplicate(zhou, twin, as_character):
    with as_character("lin"):
        promised = visit_to(zhou, ago(5), situation="说好再来", follow_up_on=ago(1))
    merge(zhou, twin, as_character)
    with as_character("lin"):
        done = visit_to(twin, TODAY, situation="手机里还是旧的那条")
        promised.refresh_from_db()
    assert promised.followed_up_by_id == done.pk


@pytest.mark.parametrize(("how", "status"), [("death", "deceased"), ("move_out", "left")])
def test_nobody_is_sent_to_who_is_gone_until_it_is_taken_back(person, lin, as_character, how, status):
    p = person(name="周桂芳", birth_date=date(TODAY.year - 81, 1, 2))
    with as_character("lin"):
        visit_to(p, ago(20), situation="约好再来看扶手", follow_up_on=ago(3))
        visit_to(p, ago(30), situation="约好明天来", follow_up_on=TODAY + timedelta(days=1))
        plan([p.pk], TODAY, "高温关心")
    with within(""), transaction.atomic():
        Visit.objects.update(followed_up_by=None)
    before = main(lin.get("/desk"))
    with within(""), transaction.atomic():
        Person.objects.filter(pk=p.pk).update(status=status)
    today = main(lin.get("/desk"))
    for words in ("约好再来看扶手", "约好明天来"):
        assert words in before.split('id="due"', 1)[1].split("</section>")[0]
        assert words not in today.split('id="due"', 1)[1].split("</section>")[0]
    assert "高温关心" in before and "高温关心" not in today
    assert "约好再来看扶手" not in main(lin.get("/desk/visits?state=late"))
    page = main(lin.get(f"/desk/people/{p.pk}"))
    assert "约好再来看扶手" in page and "约好 " not in page.split('id="history"')[0], "told, no more pressed"


def test_what_today_counts_is_what_its_links_list(zhou, person, lin, as_character):
    gone = person(name="王迁出")
    with as_character("lin"):
        for p in (zhou, gone):
            visit_to(p, ago(20), situation="说好再来", follow_up_on=ago(3))
    with within(""), transaction.atomic():
        Person.objects.filter(pk=gone.pk).update(status="left")
    page = main(lin.get("/desk"))
    late = re.search(r"过了约定日.*?>(\d+)<", page, re.S)[1]
    listed = main(lin.get("/desk/visits?state=late"))
    assert late == "1" and "周桂芳" in listed and "王迁出" not in listed


BIRTH = "/items/birth_date/correct"


def test_a_birth_date_nobody_knows_is_asked_for_and_written(person, lin, client_of):
    p = person(name="金小妹")
    path = f"/desk/people/{p.pk}"
    assert f"{path}{BIRTH}" in main(lin.get(path))
    assert lin.post(path + BIRTH, {"birth_date": "1950-03-04", "ground": "户口簿"}).status_code == 303
    page = main(lin.get(path))
    assert f"{clock.years_between(date(1950, 3, 4), TODAY)} 岁" in page
    assert "填写出生日期" not in page
    assert lin.post(path + BIRTH, {"birth_date": "1951-03-04", "ground": "看错了"}).status_code == 303
    with within(""):
        assert Person.objects.get(pk=p.pk).birth_date == date(1951, 3, 4)
    assert client_of("zhou").get(path + BIRTH).status_code == 403
    assert "填写出生日期" not in main(client_of("zhou").get(path))


@pytest.mark.parametrize("value", ["2100-01-01", "1850-01-01", "1950-02-30", "昨天", "\0"])
def test_a_birth_date_that_cannot_be_is_refused_and_kept_in_the_form(person, lin, value):
    p = person(name="金小妹")
    answer = lin.post(f"/desk/people/{p.pk}{BIRTH}", {"birth_date": value, "ground": "户口簿"})
    assert answer.status_code == 422 and "户口簿" in main(answer)
    with within(""):
        assert Person.objects.get(pk=p.pk).birth_date is None


def test_a_birth_date_that_follows_from_the_number_is_corrected_in_the_number(person, lin):
    p = person(name="周桂芳", identity_number=number_of(date(1945, 1, 2)))
    path = f"/desk/people/{p.pk}"
    assert lin.get(path + BIRTH).status_code == 404
    assert f"{path}{BIRTH}" not in main(lin.get(path))
    assert lin.get(f"{path}/items/registered_province/correct").status_code == 404


def test_reading_who_looked_is_itself_an_act(zhou, lin):
    for _n in range(3):
        lin.get(f"/desk/people/{zhou.pk}")
    page = main(lin.get(f"/desk/people/{zhou.pk}/looks?after=nonsense"))
    assert page.count("打开了页面") == 3 and "查看了留痕" in page
    with within(""):
        assert Act.objects.filter(verb="looks_seen", subject_id=zhou.pk).count() == 1


@pytest.mark.parametrize("name", ["", "  ", "\t"])
def test_nobody_loses_their_name_by_an_empty_form(zhou, lin, name):
    answer = lin.post(f"/desk/people/{zhou.pk}/items/name/correct", {"name": name, "ground": "手滑"})
    with within(""):
        assert Person.objects.get(pk=zhou.pk).name == "周桂芳"
    assert answer.status_code == 422 and "姓名" in main(answer)


def test_a_value_that_no_longer_holds_is_emptied_and_says_so(person, lin):
    p = person(name="周桂芳", education="20")
    assert (
        lin.post(f"/desk/people/{p.pk}/items/education/correct", {"education": "", "ground": "本人说不对"}).status_code
        == 303
    )
    with within(""):
        assert Person.objects.get(pk=p.pk).education is None
    assert "本人说不对" not in main(lin.get(f"/desk/people/{p.pk}"))
