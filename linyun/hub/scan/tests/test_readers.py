"""Who learns what of a crowd: leaders and departments in numbers that betray nobody, workers with a reason, strangers nothing."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client

from linyun.foundation.accounts.policy import Refused
from linyun.foundation.acts.models import Act
from linyun.foundation.areas.scope import within
from linyun.hub.records.models import Kin, Person
from linyun.hub.scan import find, pages, services
from linyun.hub.scan.find import Asked
from linyun.hub.scan.models import Crowd
from linyun.kernel import clock
from tests.characters import BUILDING, BUILDING_THERE, HERE, OTHER_BUILDING, THERE
from tests.residents import add_home, add_person

LEADERS = ("shen", "gu", "lu", "he")
LISTING = ("lin", "chen")


def born(age: int) -> date:
    return date(clock.today().year - age, 1, 1)


def acts(verb: str) -> list[Act]:
    with within(""):
        return list(Act.objects.filter(verb=verb).order_by("at"))


def counted(client: Client, rule: str, **more: str) -> str:
    """The headline of the crowd's page as this reader sees it."""
    page = client.get("/desk/crowds", {"rule": rule, **more}).content.decode()
    return re.sub(r"<[^>]+>|\s+", "", page.split('<p class="count">')[1].split("</p>")[0])


@pytest.fixture
def estate(areas) -> list:
    """Thirty people in two buildings here, six there; 周桂芳 alone is a widow on subsidy."""
    with within(""):
        people = Person.objects.bulk_create(
            Person(area=(OTHER_BUILDING, BUILDING)[n % 2], name=f"居民{n}", birth_date=born(30 + n), sex="12"[n % 2])
            for n in range(29)
        )
        Person.objects.bulk_create(
            Person(area=BUILDING_THERE, name=f"邻居{n}", birth_date=born(70 + n), phone=f"1990000002{n}")
            for n in range(6)
        )
    people.append(add_person(name="周桂芳", birth_date=born(84), sex="2", aid_type="1", phone="19900000111"))
    return people


@pytest.mark.parametrize("who", ["shen", "he"])
def test_a_rule_about_one_named_person_tells_a_leader_nothing(client_of, estate, who):
    """With "0" for nobody and "fewer than 5" for somebody, every secret of a named person was one question away."""
    client = client_of(who)
    for name in ("周桂芳", "居民3", "查无此人"):
        answers = {
            counted(client, f"姓名 = {name} 且 {test}")
            for test in ("救助类别 不为空", "救助类别 为空", "性别 = 女", "性别 = 男")
        }
        assert answers == {"少于5人"}


@pytest.mark.parametrize("who", LEADERS)
def test_every_number_a_leader_sees_is_a_multiple_of_five_or_hidden(client_of, estate, who):
    client = client_of(who)
    for rule in (
        "年龄 >= 40",
        "年龄 >= 56",
        "年龄 >= 57",
        "性别 = 女",
        "救助类别 不为空",
        "联系电话 不为空",
        "年龄 为空",
    ):
        page = client.get("/desk/crowds", {"rule": rule}).content.decode()
        shown = re.sub(r"<[^>]+>", " ", page.split('<div class="card count-head')[1].split("数据截至")[0])
        for number in re.findall(r"(?<![\d.])\d+(?![\d.])", shown):
            assert int(number) % 5 == 0, (rule, shown)
        assert "居民3" not in page and "周桂芳" not in page


@pytest.mark.parametrize("who", ["shen", "he"])
def test_asking_in_steps_of_one_year_does_not_find_a_birthday(client_of, estate, who):
    """Differencing: of thirty neighbouring pairs of questions most must read the same, and none may differ by one."""
    client = client_of(who)
    told = [counted(client, f"年龄 >= {age}") for age in range(30, 60)]
    steps = [(a, b) for a, b in zip(told, told[1:], strict=False) if a != b]
    assert len(steps) <= 10
    for before, after in steps:
        numbers = [int(re.sub(r"\D", "", t) or 0) if "少于" not in t else 0 for t in (before, after)]
        assert abs(numbers[0] - numbers[1]) >= 5
    assert len(acts("crowd_counted")) == 30, "who asks in steps of one is seen"


@pytest.mark.parametrize("who", ["gu", "he"])
def test_the_complement_tells_no_more_than_the_rule(client_of, estate, who):
    """N - (N - 1): the opposite of a small crowd must not give it away."""
    client = client_of(who)
    for rule in ("救助类别 不为空", "姓名 = 周桂芳"):
        assert counted(client, rule) == "少于5人"
        whole, rest = (int(re.sub(r"\D", "", counted(client, r))) for r in ("姓名 不为空", f"非 ({rule})"))
        assert (whole, rest) == (35, 35)


@pytest.mark.parametrize("who", LEADERS)
def test_a_leaders_portrait_holds_no_small_cell_and_no_share_of_a_small_crowd(client_of, estate, who):
    page = client_of(who).get("/desk/crowds", {"rule": "年龄 >= 80"}).content.decode()
    assert "这群人是谁" not in page
    page = client_of(who).get("/desk/crowds", {"rule": "年龄 >= 30"}).content.decode()
    bars = re.findall(
        r'<a href="[^"]+" title="[^"]+">([^<]+)</a>.*?<span class="num"[^>]*>([^<]+)</span>', page, re.DOTALL
    )
    assert dict(bars)["80 岁及以上"] == "少于 5"
    with within(""):
        exact = find.portrait(Asked.text("年龄 >= 30"), [("女", "性别 = 女")], rounded=True)
    assert exact[0].inside is not None and round(exact[0].inside * 35) % 5 == 0


MORE: tuple[dict[str, str], ...] = (
    {"show": "unknown"},
    {"after": "x"},
    {"sort": "-name"},
    {"as": "zh"},
    {"as": "en"},
    {"drop": "0"},
)


@pytest.mark.parametrize("who", LEADERS)
def test_no_parameter_of_the_page_opens_the_list_to_a_leader(client_of, estate, who):
    client = client_of(who)
    for more in MORE:
        answer = client.get("/desk/crowds", {"rule": "年龄 >= 70 或 年龄 为空", **more})
        assert answer.status_code == 200
        for sign in ("周桂芳", "居民3", "邻居3", "19900", str(estate[-1].pk)):
            assert sign not in answer.content.decode(), more
    assert not acts("crowd_listed")


@pytest.mark.parametrize("who", LEADERS)
def test_no_other_door_of_crowds_opens_to_a_leader(client_of, estate, who):
    client = client_of(who)
    rule = {"rule": "年龄 >= 70", "reason": "核对名单"}
    chosen = {"chosen": str(estate[0].pk)}
    for path, data in (("open", rule), ("hand?to=plan", {**rule, **chosen}), ("export", {**rule, "columns": "name"})):
        assert client.post(f"/desk/crowds/{path}", data).status_code == 403, path
    assert client.get("/desk/crowds/export", rule).status_code == 403
    assert not acts("crowd_opened") and not acts("crowd_exported") and not acts("crowd_handed_over")


@pytest.mark.parametrize("who", LEADERS)
def test_the_verbs_themselves_refuse_a_leader(as_character, estate, who):
    """Pages are not the only callers: commands, the API and jobs use the verbs."""
    with as_character(who):
        asked = Asked.text("年龄 >= 70")
        for verb in (
            lambda: services.figures(asked, ()),
            lambda: services.listed(asked),
            lambda: services.chosen(asked, [], everything=True),
            lambda: services.hand_over(asked, [estate[0].pk], "plan", 10),
            lambda: services.open_sensitive(asked, "核对名单"),
            lambda: services.exported(asked, ["name"], "核对名单"),
        ):
            with pytest.raises(Refused):
                verb()
        yes, unknown, every, _ = services.rounded(asked, ())
        assert (yes, unknown, every) == (5, None, 35)


@pytest.mark.parametrize("who", ["zhou", "yan"])
def test_chiefs_and_operators_neither_count_nor_save(client_of, as_character, estate, who):
    client = client_of(who)
    assert client.get("/desk/crowds").status_code == 403
    assert client.get("/desk/crowds/words").status_code == 403
    assert client.post("/desk/crowds/save", {"rule": "年龄 > 3", "name": "x"}).status_code == 403
    with as_character(who), pytest.raises(Refused):
        services.rounded(Asked.text("年龄 > 3"), ())


def test_nobody_signed_in_is_sent_to_the_door(client_of, estate):
    for path in ("crowds", "crowds/words", "crowds/export"):
        answer = client_of("").get(f"/desk/{path}")
        assert answer.status_code in (302, 303)
        assert "周桂芳" not in answer.content.decode()


@pytest.mark.parametrize(
    "rule",
    ["联系电话 包含 111", "姓名 包含 居民", "同住家人 无人 且 年龄 = 84", "居住区域 = 310110009016", "救助类别 不为空"],
)
def test_the_stranger_finds_nobody_from_here_by_any_rule(client_of, as_character, estate, rule):
    page = client_of("wu").get("/desk/crowds", {"rule": rule}).content.decode()
    assert '<b class="num">0</b>' in page
    assert "周桂芳" not in page and "居民3" not in page
    with as_character("wu"):
        assert find.ids(Asked.text(rule)) == []
        assert find.count(Asked.text(rule)).all == 6
        assert services.chosen(Asked.text("姓名 不为空"), [p.pk for p in estate], everything=False) == []


def test_a_relation_does_not_lead_out_of_the_area(as_character, estate):
    """A mother here and her son there: who works there learns of the son alone."""
    with within(""):
        son = add_person(BUILDING_THERE, name="周小明", birth_date=born(50))
        Kin.objects.create(area=son.area, person=son, relative=estate[-1], kind="50")
    for rule in (
        "亲属 有人 (年龄 >= 80)",
        "亲属 有人 (姓名 = 周桂芳)",
        "亲属 有人 (救助类别 不为空)",
        "亲属 人数 >= 1",
    ):
        with as_character("wu"):
            assert find.count(Asked.text(rule)).yes == 0, rule


def test_the_grid_worker_counts_the_grid(client_of, as_character, estate):
    other = add_person(HERE + "002", name="二网格", birth_date=born(90))
    with as_character("chen"):
        assert other.pk not in find.ids(Asked.text("年龄 >= 80"))
    with as_character("lin"):
        assert other.pk in find.ids(Asked.text("年龄 >= 80"))
    assert "二网格" not in client_of("chen").get("/desk/crowds", {"rule": "年龄 >= 80"}).content.decode()


@pytest.mark.parametrize("who", LISTING)
def test_a_sensitive_crowd_is_closed_until_a_reason_and_closed_again_after_half_an_hour(
    client_of, estate, who, monkeypatch
):
    client, rule = client_of(who), "救助类别 不为空"
    assert "周桂芳" not in client.get("/desk/crowds", {"rule": rule}).content.decode()
    client.post("/desk/crowds/open", {"rule": rule, "reason": "核对低保复核名单"})
    assert "周桂芳" in client.get("/desk/crowds", {"rule": rule}).content.decode()
    monkeypatch.setattr(pages, "OPEN", timedelta(0))
    assert "周桂芳" not in client.get("/desk/crowds", {"rule": rule}).content.decode()


def test_what_was_opened_for_one_rule_is_open_for_that_rule_alone(client_of, estate):
    client, rule = client_of("lin"), "救助类别 不为空"
    client.post("/desk/crowds/open", {"rule": rule, "reason": "核对低保复核名单"})
    for same in ("救助类别不为空", "aid_type is known", "非 救助类别 为空"):
        assert "周桂芳" in client.get("/desk/crowds", {"rule": same}).content.decode(), same
    for other in ("救助类别 不为空 且 年龄 > 3", "救助类别 = 1", "困难类型 不为空 或 救助类别 不为空"):
        assert "周桂芳" not in client.get("/desk/crowds", {"rule": other}).content.decode(), other
    assert "周桂芳" not in client_of("chen").get("/desk/crowds", {"rule": rule}).content.decode()


@pytest.mark.parametrize(("subject", "rule"), [("person", "救助类别 不为空"), ("household", "家庭救助类别 不为空")])
def test_without_a_reason_a_sensitive_crowd_stays_closed_and_the_page_is_the_same(client_of, estate, subject, rule):
    """The way back once forgot what the rule was about: a rule about households was then read as one about people."""
    client = client_of("lin")
    for reason in ("", " ", "x", "\u3000\u3000"):
        answer = client.post("/desk/crowds/open", {"rule": rule, "subject": subject, "reason": reason}, follow=True)
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "请写明查看原因" in page
        assert "名单要先说明用途才能打开" in page
        assert "周桂芳" not in page
    assert not acts("crowd_opened")


def test_people_of_a_closed_crowd_cannot_be_handed_on(client_of, estate):
    client = client_of("lin")
    data = {"filter": "rule=救助类别 不为空", "chosen": str(estate[-1].pk), "everything": "1"}
    answer = client.post("/desk/crowds/hand?to=plan", data, follow=True)
    assert "请先说明用途" in answer.content.decode()
    assert str(estate[-1].pk) not in answer.content.decode()
    assert not acts("crowd_handed_over")


def test_only_people_are_handed_on(client_of, estate):
    household = add_home(estate[0]).household
    data = {"filter": "rule=户内人数 >= 1&subject=household", "chosen": str(household.pk)}
    answer = client_of("lin").post("/desk/crowds/hand?to=plan", data, follow=True)
    assert "没有这项操作" in answer.content.decode()
    assert not acts("crowd_handed_over")


@pytest.mark.parametrize(
    ("saver", "sees", "hidden"),
    [
        ("lin", ("lin", "shen", "gu", "lu", "he"), ("chen", "wu")),
        ("chen", ("chen", "lin", "shen", "gu"), ("wu",)),
        ("shen", ("shen", "gu", "lu"), ("lin", "chen", "wu")),
        ("wu", ("wu", "shen", "gu"), ("lin", "chen")),
    ],
)
def test_a_saved_crowd_is_seen_where_it_was_saved_and_above(client_of, estate, saver, sees, hidden):
    client_of(saver).post("/desk/crowds/save", {"rule": "年龄 >= 70", "name": "七十岁以上的邻居们"})
    for who in sees:
        assert "七十岁以上的邻居们" in client_of(who).get("/desk/crowds").content.decode(), who
    for who in hidden:
        assert "七十岁以上的邻居们" not in client_of(who).get("/desk/crowds").content.decode(), who
    with within(""):
        crowd = Crowd.objects.get()
    for who in hidden:
        assert client_of(who).post(f"/desk/crowds/{crowd.pk}/drop").status_code == 404, who
    with within(""):
        assert Crowd.objects.get().dropped_at is None
    assert crowd.area in (HERE, THERE, HERE + "001", "310110009")
