"""The desk under wrong hands and wrong input: who gets what, sentences instead of faults, the first day, very long names."""

import html
import re
from datetime import date, timedelta

import pytest
from django.db import transaction

from linyun.foundation.acts.actor import acting
from linyun.foundation.areas.scope import within
from linyun.hub.records.models import Dwelling, Operation, Person, Statement
from linyun.hub.records.services import Origin, state
from linyun.hub.tags.models import Mark
from linyun.kernel import clock
from linyun.work.visits.models import Visit
from tests.characters import BUILDING, OTHER_BUILDING
from tests.residents import CLERK, number_of
from tests.visits import visit_to

pytestmark = pytest.mark.django_db
NOBODY = "01906b00-0000-7000-8000-00000000dead"
"""An id that nothing bears; the same in each process, which all must collect the same tests."""
TODAY = clock.today()
YEAR = TODAY.year
NUMBER = number_of(date(YEAR - 81, 1, 2))
SECRET = ("19900002041", NUMBER, "二级", "张女儿")


@pytest.fixture
def flat(person, home):
    """周桂芳 (81), alone in 302, with all that a page could give away."""
    zhou = person(name="周桂芳", sex="2", birth_date=date(YEAR - 81, 1, 2), phone="19900002041", identity_number=NUMBER,
                  care_level="2", emergency_contact="张女儿", source="roster")  # fmt: skip
    found = home(zhou, address="公交新村1号302室")
    with within(BUILDING[:12]), transaction.atomic():
        Dwelling.objects.filter(pk=found.dwelling.pk).update(room="302", building="1")
    return found


@pytest.fixture
def zhou(flat):
    return flat.people[0]


@pytest.fixture
def lin(client_of):
    return client_of("lin")


def main(answer):
    return html.unescape(answer.content.decode().split("<main", 1)[-1].split("</main>", 1)[0])


PAGES = ("person", "lineage", "reveal", "correct", "looks", "tags", "operations", "operate", "dwelling", "household",
         "building", "people", "find")  # fmt: skip


def paths(flat):
    p = f"/desk/people/{flat.people[0].pk}"
    return dict(zip(PAGES, (p, f"{p}/items/care_level", f"{p}/items/phone/full", f"{p}/items/phone/correct", f"{p}/looks",
        f"{p}/tags", f"{p}/operations", f"{p}/operations/death", f"/desk/dwellings/{flat.dwelling.pk}",
        f"/desk/households/{flat.household.pk}", f"/desk/buildings/{BUILDING}", "/desk/people", "/desk/find?q=周桂芳"),
        strict=True))  # fmt: skip


GET = {
    #        person lineage reveal correct looks tags operations operate dwelling household building people find
    "lin":  (200,   200,    200,   200,    200,  200, 200,       200,    200,     200,      200,     200,   200),
    "chen": (200,   200,    403,   200,    200,  200, 403,       403,    200,     200,      200,     200,   200),
    "zhou": (200,   403,    403,   403,    403,  403, 403,       403,    200,     403,      200,     200,   200),
    "wu":   (404,   404,    404,   404,    404,  404, 404,       404,    404,     404,      404,     200,   200),
    "shen": (200,   200,    403,   403,    200,  200, 403,       403,    200,     403,      200,     403,   403),
    "gu":   (403,   403,    403,   403,    403,  403, 403,       403,    403,     403,      403,     403,   403),
    "he":   (403,   403,    403,   403,    403,  403, 403,       403,    403,     403,      403,     403,   403),
    "yan":  (403,   403,    403,   403,    403,  403, 403,       403,    403,     403,      403,     403,   403),
}  # fmt: skip


@pytest.mark.parametrize("who", GET)
def test_each_gets_what_policy_says_and_nothing_in_clear(flat, client_of, who):
    client, seen = client_of(who), {}
    for page, path in paths(flat).items():
        answer = client.get(path)
        seen[page] = answer.status_code
        text = main(answer)
        assert not any(secret in text for secret in SECRET[:3]), page
        if answer.status_code != 200 or who in ("wu", "shen"):  # the street has said no reason yet
            assert "周桂芳" not in text.replace("“周桂芳”", "").replace('"周桂芳"', ""), page
        if who in ("zhou", "wu"):
            assert "张女儿" not in text, page
    assert tuple(seen.values()) == GET[who], seen


@pytest.mark.parametrize("who", ["zhou", "chen", "wu", "shen", "gu", "he", "yan"])
def test_nobody_changes_what_is_not_theirs(flat, client_of, who):
    client, p = client_of(who), f"/desk/people/{flat.people[0].pk}"
    with within(""):
        before = Statement.objects.count()
    sent = [
        (f"{p}/operations/death", {"on": "2026-03-01", "reason": "假的"}),
        (f"{p}/items/identity_number/correct", {}),
    ]
    sent += [(f"{p}/items/phone/full", {"reason": "想看"})] if who != "chen" else []
    for path, fields in sent:
        answer = client.post(path, fields)
        assert answer.status_code in (403, 404) or (who == "chen" and "correct" in path), (path, answer.status_code)
        assert "19900002041" not in answer.content.decode()
    with within(""):
        assert not Operation.objects.exists()
        assert Statement.objects.count() == before


@pytest.mark.parametrize(
    "query",
    ["zgf", "ZGF", "zhouguifang", "周桂芳", "周桂", "1号302", "1 302", "公交新村1号302室", "2041", "19900002041", "199 0000 2041",
     NUMBER[-4:]],
)  # fmt: skip
def test_ways_to_find(zhou, lin, query):
    for path in ("/desk/find", "/desk/suggest"):
        text = lin.get(path, {"q": query}).content.decode()
        assert str(zhou.pk) in text, path
        assert not any(secret in text.replace(html.escape(query), "") for secret in (NUMBER, "19900002041"))


@pytest.mark.parametrize(
    "query", ["", " ", "%", "_", "\\", "'", '"', "阚若水", "xyz", "99号", "0101", "周" * 500, "<script>", "%%%9"]
)
def test_what_finds_nobody_is_said_and_never_everybody(zhou, lin, query):
    for path in ("/desk/find", "/desk/suggest"):
        answer = lin.get(path, {"q": query})
        assert answer.status_code == 200
        assert str(zhou.pk) not in answer.content.decode()
        assert "<script>" not in answer.content.decode().split("<main", 1)[-1].split("</main>")[0]


@pytest.mark.parametrize(
    ("path", "status"),
    [("/desk/people?after=%00", 200), ("/desk/people?sort=phone;drop", 200), ("/desk/people?building=%C2%B2", 200),
     ("/desk/people?band=80-&tag=lone_elder_80&status=left", 200), ("/desk/buildings/000", 404), ("/desk/buildings/31", 404),
     ("/desk/buildings/%E6%A5%BC", 404), (f"/desk/buildings/{OTHER_BUILDING}", 200), (f"/desk/people/{NOBODY}", 404),
     (f"/desk/dwellings/{NOBODY}", 404), (f"/desk/households/{NOBODY}", 404)],
)  # fmt: skip
def test_any_address_is_answered(zhou, lin, path, status):
    assert lin.get(path).status_code == status


@pytest.mark.parametrize("item", ["nothing", "age", "name' or 1=1", "x" * 300])
def test_an_item_nobody_declares_is_not_found(zhou, lin, item):
    for tail in ("", "/full", "/correct"):
        assert lin.get(f"/desk/people/{zhou.pk}/items/{item}{tail}").status_code == 404


CORRECTIONS = [
    ("phone", {"phone": "12"}, "电话"),
    ("education", {"education": "没有这个学历"}, "文化程度"),
    ("identity_number", {"identity_number": NUMBER[:-1] + ("1" if NUMBER[-1] != "1" else "2")}, "校验"),
    ("emergency_contact", {"emergency_contact": "Li\0"}, "不能保存"),
]


@pytest.mark.parametrize(("item", "sent", "said"), CORRECTIONS)
def test_a_wrong_value_is_refused_in_words_and_kept_in_the_form(zhou, lin, item, sent, said):
    with within(""):
        before = Statement.objects.count()
    answer = lin.post(f"/desk/people/{zhou.pk}/items/{item}/correct", {**sent, "ground": "来电告知"})
    assert answer.status_code == 422
    assert said in main(answer) and "来电告知" in main(answer)
    with within(""):
        assert Statement.objects.count() == before


def test_a_ground_without_a_value_settles_nothing(zhou, lin):
    """The form never holds a phone; saying only why must not wipe it out."""
    with acting(CLERK), within(zhou.area[:12]), transaction.atomic():
        state(zhou, {"phone": "19900000009"}, source="police", origin=Origin("feed"), true_on=date(2026, 2, 1))
    with within(""):
        before = Person.objects.get(pk=zhou.pk).phone
    answer = lin.post(f"/desk/people/{zhou.pk}/items/phone/correct", {"phone": "", "ground": "电话打通了"})
    assert answer.status_code == 422 and "请填写" in main(answer) and "电话打通了" in main(answer)
    with within(""):
        assert Person.objects.get(pk=zhou.pk).phone == before


OPERATIONS = [
    ("death", {"on": "2100-01-01"}, "日期不能晚于今天"),
    ("death", {"on": "2026-02-30"}, "日期请写成"),
    ("death", {"reason": " "}, "请写明原因"),
    ("move_out", {"kind": ""}, "请选择是哪一种"),
    ("move_out", {"kind": "owner"}, ""),
    ("move_in", {"kind": "actual", "address": ""}, "请写门牌"),
    ("move_in", {"kind": "actual", "address": "公交新村99号901室"}, "没有登记过"),
    ("move_in", {"kind": "actual", "address": "长" * 400}, "地址太长"),
    ("change_head", {"head": "不是编号"}, "没有别的成员"),
    ("change_head", {"head": NOBODY}, "没有别的成员"),
    ("split", {"members": "不是编号"}, "请选择谁分出去"),
    ("merge_people", {"duplicate": ""}, "没有"),
    ("merge_people", {"duplicate": NOBODY}, "没有"),
]


@pytest.mark.parametrize(("kind", "sent", "said"), OPERATIONS)
def test_an_operation_that_cannot_be_is_said_and_changes_nothing(zhou, lin, kind, sent, said):
    fields = {"on": "2026-03-01", "reason": "户口簿上写的", **sent}
    answer = lin.post(f"/desk/people/{zhou.pk}/operations/{kind}", fields)
    assert answer.status_code == 422 and said in main(answer)
    form_is_shown = kind not in ("change_head", "merge_people")  # there is nobody to choose, and the page says so
    assert not form_is_shown or fields["reason"].strip() in main(answer)
    with within(""):
        assert not Operation.objects.exists()


def test_merged_with_oneself_is_refused(zhou, lin):
    fields = {"on": "2026-03-01", "reason": "同一个人", "duplicate": str(zhou.pk)}
    assert lin.post(f"/desk/people/{zhou.pk}/operations/merge_people", fields).status_code == 422


def address_of(page):
    """The line of a page that says where somebody lives and is registered."""
    return re.search(r"公交新村1号302室 · 户籍[^<]*", page)[0]


DONE = [
    ("death", {}, "deceased"),
    ("move_out", {"kind": "actual"}, "live"),
    ("move_out", {"kind": "registered"}, "live"),
]


@pytest.mark.parametrize(("kind", "sent", "status"), DONE)
def test_an_operation_shows_and_goes_without_a_trace_on_the_page(zhou, lin, kind, sent, status):
    p = f"/desk/people/{zhou.pk}"
    before = address_of(main(lin.get(p)))
    assert lin.post(f"{p}/operations/{kind}", {"on": "2026-03-01", "reason": "女儿来告知", **sent}).status_code == 303
    with within(""):
        operation = Operation.objects.get()
        assert Person.objects.get(pk=zhou.pk).status == status
    assert "女儿来告知" in main(lin.get(f"{p}/operations"))
    path = f"/desk/operations/{operation.pk}/undo"
    for reason, said in (("", "请写明撤销的原因"), ("记错了", "已撤销"), ("再来一次", "撤销")):
        assert said in lin.post(path, {"reason": reason, "person": str(zhou.pk)}, follow=True).content.decode()
    with within(""):
        assert Person.objects.get(pk=zhou.pk).status == "live"
    assert address_of(main(lin.get(p))) == before


@pytest.mark.parametrize("who", ["wu", "zhou", "chen", "shen", "he"])
def test_nobody_else_takes_an_operation_back(zhou, lin, client_of, who):
    lin.post(f"/desk/people/{zhou.pk}/operations/death", {"on": "2026-03-01", "reason": "证明"})
    with within(""):
        operation = Operation.objects.get()
    answer = client_of(who).post(f"/desk/operations/{operation.pk}/undo", {"reason": "捣乱"})
    assert answer.status_code == (404 if who == "wu" else 403)
    with within(""):
        assert Person.objects.get(pk=zhou.pk).status == "deceased"


@pytest.mark.parametrize(
    "sent", [{"until": "明年"}, {"until": "2020-01-01"}, {"tag": "没有"}, {"tag": "lone_elder"}, {"ground": ""}]
)
def test_a_tag_that_cannot_be_set_is_said(zhou, lin, sent):
    fields = {"tag": "key_elder", "ground": "上门核实", **sent}
    answer = lin.post(f"/desk/people/{zhou.pk}/tags/set", fields)
    assert answer.status_code == 422
    with within(""):
        assert not Mark.objects.exists()


@pytest.mark.parametrize(
    ("path", "says"),
    [("/desk", "打开一位居民"), ("/desk", "圈一群人"), ("/desk/people", "从名单导入"), ("/desk/find", "拼音首字母"),
     ("/desk/visits", "打开一位居民"), ("/desk/visits/bring", "第一行要有列名"), ("/desk/notes", "记"),
     ("/desk/buildings", "0 户")],
)  # fmt: skip
def test_the_first_day_says_what_to_do(areas, lin, path, says):
    answer = lin.get(path)
    assert answer.status_code == 200 and says in main(answer)


NAMES = [
    "阿卜杜" * 20,
    "A" * 60,
    "<b>粗</b>",
    "王·阿依古丽",
    "𠮷野家",
    "Ōsaka Élise",
    "'; drop table x; --",
    "{{ name }}",
]


@pytest.mark.parametrize("name", NAMES)
def test_any_name_stands_as_it_is_on_every_page(areas, person, home, lin, as_character, name):
    p = person(name=name)
    found = home(p)
    with as_character("lin"):
        visit_to(p, TODAY, situation="在家", follow_up_on=TODAY + timedelta(days=1))
    with within(""):
        visit = Visit.objects.get()
    for path in (f"/desk/people/{p.pk}", "/desk/people", f"/desk/households/{found.household.pk}", "/desk",
                 f"/desk/dwellings/{found.dwelling.pk}", f"/desk/buildings/{BUILDING}", f"/desk/visits/{visit.pk}",
                 "/desk/visits", f"/desk/people/{p.pk}/visit", f"/desk/people/{p.pk}/operations"):  # fmt: skip
        raw = lin.get(path).content.decode()
        assert name in html.unescape(raw), path
        assert "<b>粗" not in raw, path


@pytest.mark.parametrize("path", ["/desk/people", f"/desk/buildings/{BUILDING}", "/desk"])
def test_pages_cost_the_same_for_more(areas, person, home, lin, as_character, assert_queries, path):
    def grow(count, tag):
        for n in range(count):
            p = person(name=f"某{tag}{n}")
            home(p, address=f"公交新村1号{tag}{n}室")
            with as_character("lin"):
                visit_to(p, TODAY - timedelta(days=n), situation="在家", follow_up_on=TODAY)

    grow(2, "1")
    with assert_queries(12, at_most=True) as few:
        lin.get(path)
    grow(12, "2")
    with assert_queries(12, at_most=True) as more:
        lin.get(path)
    assert len(few) == len(more)
