"""Saved crowds and what is made of them: a rule asked anew each time, never a list; ledgers, visits, and tags that go."""

import html
import re
from datetime import date, timedelta
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import uuid4

import pytest

from linyun.foundation.acts.models import Act
from linyun.foundation.areas.scope import within
from linyun.hub.records.models import Person
from linyun.hub.scan import find, pages, services
from linyun.hub.scan.find import Asked
from linyun.hub.scan.models import Crowd
from linyun.hub.scan.services import Unsavable
from linyun.hub.tags.services import retract_tag, set_tag
from linyun.kernel import clock
from tests.characters import BUILDING, HERE
from tests.residents import add_person

RULE = "年龄 >= 70"
TAG = "bereaved"
TODAY = clock.today()


def acts(verb: str) -> list[Act]:
    with within(""):
        return list(Act.objects.filter(verb=verb).order_by("at"))


def born(age: int) -> date:
    return date(TODAY.year - age, 1, 1)


@pytest.fixture
def elders(areas) -> list[Person]:
    """Six old people and one young one."""
    with within(""):
        return Person.objects.bulk_create(
            Person(area=BUILDING, name=f"老{n}", birth_date=born(72 + n if n < 6 else 20)) for n in range(7)
        )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "请给这群人起个名字"),
        ("  \u3000", "请给这群人起个名字"),
        ("长" * 61, "名字请不超过 60 个字"),
        ("重名", "已经有叫“重名”的人群了"),
    ],
)
def test_a_name_that_will_not_do_is_refused_and_the_crowd_stays_on_the_page(client_of, elders, name, said):
    client = client_of("lin")
    client.post("/desk/crowds/save", {"rule": RULE, "name": "重名"})
    answer = client.post("/desk/crowds/save", {"rule": "年龄 >= 80", "name": name}, follow=True)
    page = answer.content.decode()
    assert said in page
    assert "年龄 80 岁及以上的居民" in page, "what was being saved is still there"
    assert len(acts("crowd_saved")) == 1


def test_names_are_tidied_and_may_be_as_long_as_said(as_worker, elders):
    with as_worker():
        assert services.save("  高龄  ", Asked.text(RULE)).name == "高龄"
        assert services.save("长" * 60, Asked.text(RULE)).name == "长" * 60
        with pytest.raises(Unsavable):
            services.save(" 高龄", Asked.text(RULE))


@pytest.mark.parametrize("rule", ["", "年令 > 3", "年龄 >", "信访次数 > 3", "标签 = 没有的标签"])
def test_a_rule_that_cannot_be_read_is_not_saved(client_of, elders, rule):
    answer = client_of("lin").post("/desk/crowds/save", {"rule": rule, "name": "甲"}, follow=True)
    assert answer.status_code in (200, 422)
    with within(""):
        assert not Crowd.objects.exists()
    assert not acts("crowd_saved")


def test_what_is_saved_is_the_canonical_text_and_opens_as_written(client_of, elders):
    client = client_of("lin")
    client.post(
        "/desk/crowds/save", {"rule": "age at least 70岁 and (sex is 2 or 性别=男 或 性别 为空)", "name": "老人"}
    )
    with within(""):
        crowd = Crowd.objects.get()
    assert crowd.rule == "年龄 >= 70 且 (性别 = 女 或 性别 = 男 或 性别 为空)" or "女性" in crowd.rule
    page = client.get("/desk/crowds").content.decode()
    link = html.unescape(re.search(r'href="([^"]+)"><b>老人</b>', page)[1])
    assert parse_qs(urlsplit(link).query)["rule"] == [crowd.rule]
    assert '<b class="num">6</b>' in client.get(link).content.decode()


def test_a_saved_crowd_is_asked_anew_each_time(as_worker, elders):
    with as_worker():
        crowd = services.save("老人", Asked.text(RULE))
        asked = Asked.text(crowd.rule)
        assert find.count(asked).yes == 6
        Person.objects.filter(pk=elders[0].pk).update(birth_date=born(30))
        add_person(name="新来的", birth_date=born(90))
        assert find.count(asked).yes == 6
        assert elders[0].pk not in find.ids(asked)
        later = Asked.text(crowd.rule, today=date(TODAY.year + 60, 12, 31))
        assert find.count(later).yes == 8


def test_a_crowd_follows_a_tag_that_is_set_ends_and_is_taken_back(as_worker, elders):
    with as_worker():
        crowd = services.save("近期丧亲", Asked.text(f"tag = {TAG}"))

        def members(day: date = TODAY) -> list:
            return find.ids(Asked.text(crowd.rule, today=day))

        assert members() == []
        set_tag(elders[1], TAG, "上门核实", until=TODAY + timedelta(days=5))
        set_tag(elders[2], TAG, "上门核实", until=TODAY + timedelta(days=9))
        assert members() == sorted((elders[1].pk, elders[2].pk))
        assert members(TODAY + timedelta(days=5)) == [elders[2].pk], "on the day it ends it no longer counts"
        retract_tag(elders[2], TAG, "情况变了")
        assert members() == [elders[1].pk]
        set_tag(elders[2], TAG, "又核实")
        assert members() == sorted((elders[1].pk, elders[2].pk))


def test_a_crowd_whose_tag_left_the_dictionary_says_so_and_can_be_dropped(client_of, elders):
    with within(""):
        crowd = Crowd.objects.create(
            area=HERE, name="旧标签", rule="标签 = 早已撤销的标签 且 年龄 >= 70", made_by="林晓岚"
        )
    client = client_of("lin")
    page = client.get("/desk/crowds").content.decode()
    link = html.unescape(re.search(r'href="([^"]+)"><b>旧标签</b>', page)[1])
    opened = client.get(link)
    assert opened.status_code == 422
    said = opened.content.decode()
    assert "标签库里没有“早已撤销的标签”" in said
    assert "<mark>早已撤销的标签</mark>" in said
    assert "老0" not in said, "half a rule would find everybody of 70"
    assert client.post(f"/desk/crowds/{crowd.pk}/drop").status_code == 303
    assert "旧标签" not in client.get("/desk/crowds").content.decode()


def test_dropping_twice_is_dropping_once(client_of, as_worker, elders):
    """The day it was dropped is the day from which it is kept a year; a second press must not move it."""
    with as_worker():
        crowd = services.save("老人", Asked.text(RULE))
    client, days = client_of("lin"), set()
    for _ in range(2):
        assert client.post(f"/desk/crowds/{crowd.pk}/drop", follow=True).status_code == 200
        with within(""):
            days.add(Crowd.objects.get().dropped_at)
    assert len(days) == 1 and None not in days
    assert len(acts("crowd_dropped")) == 1


def test_what_is_no_crowd_cannot_be_dropped(client_of, elders):
    client = client_of("lin")
    assert client.post(f"/desk/crowds/{uuid4()}/drop").status_code == 404
    assert client.post("/desk/crowds/x/drop").status_code == 404
    assert client.get(f"/desk/crowds/{uuid4()}/drop").status_code == 405
    for path in ("save", "open", "hand"):
        assert client.get(f"/desk/crowds/{path}").status_code == 405


def test_a_form_sent_twice_saves_once(client_of, elders):
    client, key = client_of("lin"), str(uuid4())
    for _ in range(2):
        answer = client.post("/desk/crowds/save", {"rule": RULE, "name": "老人", "client_key": key}, follow=True)
        assert "人群已保存" in answer.content.decode()
    assert len(acts("crowd_saved")) == 1


def test_a_ledger_is_begun_from_the_crowd_with_the_same_rule(client_of, elders):
    client, rule = client_of("lin"), '年龄 >= 70 且 姓名 包含 "老" 且 非 性别 = 女'
    page = client.get("/desk/crowds", {"rule": rule}).content.decode()
    link = html.unescape(re.search(r'href="([^"]+)">生成台账', page)[1])
    query = parse_qs(urlsplit(link).query)
    assert Asked.text(query["rule"][0]).rule == Asked.text(rule).rule
    assert query["source"] == ["person"]
    begun = client.get(link)
    assert begun.status_code == 200
    assert "年龄" in begun.content.decode()
    assert "生成台账" not in client_of("shen").get("/desk/crowds", {"rule": rule}).content.decode()


def _hand(client, rule: str, **data):
    return client.post("/desk/crowds/hand?to=plan", {"filter": urlencode({"rule": rule}), **data}, follow=True)


def test_the_ticked_people_of_a_crowd_go_on_a_to_visit_list_and_no_others(client_of, elders):
    client = client_of("lin")
    ticked = [str(elders[0].pk), str(elders[3].pk), str(elders[6].pk), str(uuid4()), "x"]
    form = _hand(client, RULE, chosen=ticked).content.decode()
    chosen = re.findall(r'name="chosen" value="([^"]+)"', form)
    assert set(chosen) == {str(elders[0].pk), str(elders[3].pk)}, "who is young does not belong to the crowd"
    assert '<b class="num">2</b> 人' in form
    (act,) = acts("crowd_handed_over")
    assert act.detail == {"rule": RULE, "count": 2, "to": "plan"}
    due = (TODAY + timedelta(days=7)).isoformat()
    assert f'value="{due}"' in form
    answer = client.post("/desk/visits/plan", {"chosen": chosen, "due_on": due, "why": f"人群：{RULE}"}, follow=True)
    assert "已把 2 人排入" in answer.content.decode()
    again = client.post("/desk/visits/plan", {"chosen": chosen, "due_on": due}, follow=True)
    assert "他们这一天已经在名单上" in again.content.decode()


def test_everybody_of_a_crowd_goes_on_together(client_of, elders):
    form = _hand(client_of("lin"), RULE, everything="1", chosen=str(elders[6].pk)).content.decode()
    assert set(re.findall(r'name="chosen" value="([^"]+)"', form)) == {str(p.pk) for p in elders[:6]}


@pytest.mark.parametrize(
    ("to", "data", "said"),
    [
        ("plan", {}, "请先勾选要处理的人"),
        ("plan", {"chosen": "x"}, "请先勾选要处理的人"),
        ("nothing", {"everything": "1"}, "没有这项操作"),
        ("", {"everything": "1"}, "没有这项操作"),
        ("visits", {"everything": "1"}, "没有这项操作"),
    ],
)
def test_handing_on_nobody_or_to_nothing_says_so_on_the_same_crowd(client_of, elders, to, data, said):
    answer = client_of("lin").post(f"/desk/crowds/hand?to={to}", {"filter": f"rule={RULE}", **data}, follow=True)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert said in page and "老3" in page
    assert not acts("crowd_handed_over")


def test_more_than_one_form_can_carry_are_refused_with_both_numbers(client_of, elders, monkeypatch):
    monkeypatch.setattr(pages, "MOST_HANDED", 5)
    page = _hand(client_of("lin"), RULE, everything="1").content.decode()
    assert "一次最多 5 人，这里有 6 人" in page
    monkeypatch.setattr(pages, "MOST_HANDED", 6)
    assert 'name="chosen"' in _hand(client_of("lin"), RULE, everything="1").content.decode()


@pytest.mark.parametrize("rule", ["年令 > 3", "", "信访 = 是"])
def test_handing_on_a_crowd_whose_rule_cannot_be_read(client_of, elders, rule):
    answer = _hand(client_of("lin"), rule, everything="1")
    assert answer.status_code == 200
    assert str(elders[0].pk) not in answer.content.decode()
    assert not acts("crowd_handed_over")
