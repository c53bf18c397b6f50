"""Pages of crowds as each kind of reader meets them: chips, text, errors, list, numbers only, reasons, files."""

import csv
import io
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from linyun.foundation.acts.models import Act
from linyun.foundation.areas.scope import within
from linyun.foundation.leaving.rules import MARKED
from linyun.hub.scan.models import Crowd
from linyun.kernel import clock

RULE = "年龄 >= 70"
HOSTILE = "<script>alert(1)</script>"


def years_ago(years: int) -> date:
    return date(clock.today().year - years, 1, 1)


@pytest.fixture
def elders(person, home):
    """Seven old people and three young ones."""
    old = [person(name=f"老{n}", birth_date=years_ago(70 + n), sex="2" if n < 6 else "1") for n in range(7)]
    young = [person(name=f"小{n}", birth_date=years_ago(20 + n)) for n in range(3)]
    home(old[0], address="公交新村1号101室")
    return old + young


def acts(verb: str) -> list[Act]:
    with within(""):
        return list(Act.objects.filter(verb=verb))


def body(answer) -> str:
    return answer.content.decode()


def test_a_worker_sees_the_people_the_words_and_the_chips(client_of, elders, assert_queries):
    client = client_of("lin")
    client.get("/desk/crowds", {"rule": RULE})
    with assert_queries(11, at_most=True):
        answer = client.get("/desk/crowds", {"rule": RULE})
    page = body(answer)
    assert "老3" in page
    assert "小1" not in page
    assert '<span>年龄</span><span class="op">不小于</span><span class="val num">70</span>' in page
    assert "年龄 70 岁及以上的居民" in page
    assert acts("crowd_listed")


def test_more_people_ask_no_more_queries(client_of, person, assert_queries):
    client = client_of("lin")
    for n in range(3):
        person(name=f"老{n}", birth_date=years_ago(70))
    client.get("/desk/crowds", {"rule": RULE})
    with assert_queries(11, at_most=True) as few:
        client.get("/desk/crowds", {"rule": RULE})
    for n in range(20):
        person(name=f"又{n}", birth_date=years_ago(71))
    with assert_queries(len(few)):
        client.get("/desk/crowds", {"rule": RULE})


def test_rows_of_the_form_become_the_rule_and_its_address(client_of, elders):
    posted = {"word": ["年龄", "性别", ""], "op": [">=", "=", ""], "value": ["70", "女", ""], "top": "and"}
    answer = client_of("lin").get("/desk/crowds", posted, headers={"HX-Request": "true"})
    assert "老3" in body(answer)
    assert "老6" not in body(answer)
    assert "<html" not in body(answer)
    pushed = parse_qs(urlsplit(answer["HX-Push-Url"]).query)
    assert pushed["rule"] == ["年龄 >= 70 且 性别 = 女"]


def test_a_condition_can_be_dropped(client_of, elders):
    posted = {"word": ["年龄", "性别"], "op": [">=", "="], "value": ["70", "女"], "drop": "1"}
    assert "老6" in body(client_of("lin").get("/desk/crowds", posted))


def test_the_same_rule_in_english_and_back(client_of, elders):
    page = body(client_of("lin").get("/desk/crowds", {"rule": "年龄 >= 70 且 性别 = 女", "as": "en"}))
    assert "age &gt;= 70 and sex = 2</textarea>" in page
    again = body(client_of("lin").get("/desk/crowds", {"rule": "age >= 70 and sex = 2", "as": "zh"}))
    assert "年龄 &gt;= 70 且 性别 = 女</textarea>" in again


def test_a_fault_is_underlined_and_mended_with_one_click(client_of, areas):
    answer = client_of("lin").get("/desk/crowds", {"rule": "联系店话 为空 且 年龄 >= 70"})
    assert answer.status_code == 422
    assert "<mark>联系店话</mark>" in body(answer)
    assert "改为“联系电话”" in body(answer).replace("</a>", "").replace("\n", "") or "联系电话" in body(answer)
    link = body(answer).split('class="btn" href="/desk/crowds?rule=')[1].split('"')[0]
    assert client_of("lin").get("/desk/crowds?rule=" + link.replace("&amp;", "&")).status_code == 200


def test_a_fault_in_a_chip_keeps_all_chips_and_opens_the_wrong_one(client_of, areas):
    posted = {"word": ["年龄", "性别"], "op": [">=", "="], "value": ["七十来岁", "女"]}
    answer = client_of("lin").get("/desk/crowds", posted)
    assert answer.status_code == 422
    assert 'value="七十来岁"' in body(answer)
    assert 'value="女"' in body(answer)
    assert body(answer).count('class="token wrong"') == 1


@pytest.mark.parametrize("who", ["shen", "gu", "lu", "he"])
def test_leaders_see_rounded_numbers_no_names_and_are_recorded(client_of, elders, who):
    page = body(client_of(who).get("/desk/crowds", {"rule": RULE}))
    assert "老3" not in page
    assert '<b class="num">5</b>' in page
    assert '<b class="num">7</b>' not in page
    (act,) = acts("crowd_counted")
    assert act.detail == {"rule": RULE, "shown": 5}


def test_two_nearly_equal_crowds_tell_a_leader_nothing_of_one_person(client_of, elders):
    """Differencing: everybody of 70 and more against everybody of 71 and more."""
    client = client_of("gu")
    counts = []
    for rule in ("年龄 >= 70", "年龄 >= 71"):
        page = body(client.get("/desk/crowds", {"rule": rule}))
        counts.append(page.split('<p class="count">')[1].split("</p>")[0])
    assert counts[0] == counts[1]


@pytest.mark.parametrize("who", ["zhou", "yan"])
def test_chiefs_and_operators_have_no_crowds(client_of, elders, who):
    assert client_of(who).get("/desk/crowds", {"rule": RULE}).status_code == 403


def test_the_stranger_finds_nobody_from_here(client_of, elders):
    page = body(client_of("wu").get("/desk/crowds", {"rule": RULE}))
    assert "老3" not in page
    assert '<b class="num">0</b>' in page


def test_the_undecided_are_listed_with_what_is_lacking(client_of, person):
    person(name="无生日")
    person(name="有生日", birth_date=years_ago(80))
    client = client_of("lin")
    assert "1 人</a>因资料不全不能确定" in body(client.get("/desk/crowds", {"rule": RULE}))
    page = body(client.get("/desk/crowds", {"rule": RULE, "show": "unknown"}))
    assert "无生日" in page
    assert "有生日" not in page
    assert "年龄</span>" in page


def test_hostile_names_and_rules_are_shown_as_text(client_of, person):
    person(name=HOSTILE, birth_date=years_ago(80), emergency_contact=HOSTILE)
    client = client_of("lin")
    client.post("/desk/crowds/save", {"rule": RULE, "name": HOSTILE})
    for query in ({"rule": RULE}, {"rule": HOSTILE}, {"word": HOSTILE, "op": HOSTILE, "value": HOSTILE}):
        page = body(client.get("/desk/crowds", query))
        assert HOSTILE not in page
        assert "&lt;script&gt;" in page


@pytest.mark.parametrize(
    "query", [{"after": "x"}, {"sort": "-nobody"}, {"subject": "dog"}, {"show": "all"}, {"drop": "9"}]
)
def test_strange_addresses_show_the_first_page(client_of, elders, query):
    answer = client_of("lin").get("/desk/crowds", {"rule": RULE, **query})
    assert answer.status_code == 200
    assert "老3" in body(answer)


@pytest.mark.parametrize(
    ("subject", "rule", "found"),
    [
        ("household", "户内人数 >= 1", "老0"),
        ("dwelling", "居住人数 >= 1", "公交新村1号101室"),
        ("organisation", "名称 不为空", ""),
    ],
)
def test_households_dwellings_and_others_are_crowds_too(client_of, elders, subject, rule, found):
    answer = client_of("lin").get("/desk/crowds", {"rule": rule, "subject": subject})
    assert answer.status_code == 200
    assert found in body(answer)


def test_sorted_by_name_and_age(client_of, elders):
    client = client_of("lin")
    by_age = body(client.get("/desk/crowds", {"rule": RULE, "sort": "age"}))
    assert by_age.index(">老0<") < by_age.index(">老6<")
    eldest = body(client.get("/desk/crowds", {"rule": RULE, "sort": "-age"}))
    assert eldest.index(">老6<") < eldest.index(">老0<")
    assert client.get("/desk/crowds", {"rule": RULE, "sort": "name"}).status_code == 200


def test_a_sensitive_rule_counts_but_lists_only_after_a_reason(client_of, person):
    person(name="困难者", birth_date=years_ago(60), aid_type="1")
    rule = "救助类别 不为空"
    client = client_of("lin")
    closed = body(client.get("/desk/crowds", {"rule": rule}))
    assert "困难者" not in closed
    assert '<b class="num">1</b>' in closed
    refused = client.post("/desk/crowds/open", {"rule": rule, "reason": " "}, follow=True)
    assert "请写明查看原因" in body(refused)
    client.post("/desk/crowds/open", {"rule": rule, "reason": "核对低保复核名单"})
    assert "困难者" in body(client.get("/desk/crowds", {"rule": rule}))
    (act,) = acts("crowd_opened")
    assert act.reason == "核对低保复核名单"
    other = body(client.get("/desk/crowds", {"rule": "救助类别 不为空 且 年龄 >= 1"}))
    assert "困难者" not in other


def test_a_crowd_is_saved_opened_and_dropped(client_of, elders, as_worker):
    client = client_of("lin")
    client.post("/desk/crowds/save", {"rule": RULE, "name": "老人"})
    assert "老人</b>" in body(client.get("/desk/crowds"))
    with as_worker():
        crowd = Crowd.objects.get()
    client.post(f"/desk/crowds/{crowd.pk}/drop")
    assert "老人</b>" not in body(client.get("/desk/crowds"))
    again = client.post("/desk/crowds/save", {"rule": "年令 > 3", "name": "x"})
    assert again.status_code == 303


def test_an_export_asks_for_columns_and_a_reason_and_is_recorded(client_of, elders):
    client = client_of("lin")
    form = client.get("/desk/crowds/export", {"rule": RULE})
    assert 'name="columns" value="birth_date"' in body(form)
    assert "aid_type" not in body(form)
    refused = client.post("/desk/crowds/export", {"rule": RULE, "columns": ["name", "age"], "reason": ""})
    assert refused.status_code == 422
    assert not acts("crowd_exported")
    answer = client.post("/desk/crowds/export", {"rule": RULE, "columns": ["name", "age"], "reason": "节日慰问"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == ["姓名", "年龄", MARKED]
    assert "林晓岚" in rows[1][2] and "用途：节日慰问" in rows[1][2]
    assert len(rows) == 8
    (act,) = acts("crowd_exported")
    assert act.detail["columns"] == ["name", "age"]


def test_only_the_ticked_ones_leave(client_of, elders):
    one = str(elders[0].pk)
    client = client_of("lin")
    form = client.post("/desk/crowds/export", {"filter": f"rule={RULE}", "chosen": one})
    assert "只导出勾选的 1 条" in body(form)
    answer = client.post("/desk/crowds/export", {"rule": RULE, "chosen": one, "columns": ["name"], "reason": "慰问"})
    assert [line.split(",")[0] for line in answer.content.decode("utf-8-sig").splitlines()] == ["姓名", "老0"]


@pytest.mark.parametrize("who", ["chen", "shen", "gu"])
def test_only_workers_export(client_of, elders, who):
    assert client_of(who).get("/desk/crowds/export", {"rule": RULE}).status_code == 403


def test_what_a_spreadsheet_would_run_is_made_text(client_of, person):
    person(name="=HYPERLINK(1)", birth_date=years_ago(80))
    data = {"rule": RULE, "columns": ["name"], "reason": "核对"}
    assert "'=HYPERLINK" in client_of("lin").post("/desk/crowds/export", data).content.decode("utf-8-sig")


def test_words_for_the_script(client_of, areas):
    found = client_of("lin").get("/desk/crowds/words").json()
    assert "独居老人" in found["标签"]["values"]
    assert client_of("zhou").get("/desk/crowds/words").status_code == 403
