"""What is masked opens for a reason and leaves an act; reasons last half an hour, for one person; every item of the page."""

import html
import re
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from linyun.foundation.acts.models import Act
from linyun.foundation.areas.scope import within
from linyun.front.desk import reasons
from linyun.front.desk.facts import plain
from linyun.hub.records.models import Person, Statement
from linyun.hub.tags.models import Mark
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Kind, Level, Subject
from tests.residents import number_of

TODAY = clock.today()
NUMBER = number_of(date(1945, 1, 2))
ITEMS = {i.code: i for i in catalogue.items_of(Subject.PERSON)}
PHONES = "19900002041; 19900002042"


def main(answer):
    return html.unescape(answer.content.decode().split("<main", 1)[-1].split("</main>", 1)[0])


def held(answer):
    """What the page tells of the person, without the tags that could be set."""
    return main(answer).split("<aside", 1)[0]


@pytest.fixture
def zhou(person, home):
    p = person(name="周桂芳", birth_date=date(1945, 1, 2), phone=PHONES, identity_number=NUMBER, care_level="2",
               aid_type="11", emergency_contact="张女儿", source="roster")  # fmt: skip
    home(p)
    return p


@pytest.fixture
def lin(client_of):
    return client_of("lin")


def open_item(client, person, item, **sent):
    return client.post(
        f"/desk/people/{person.pk}/items/{item}/full", {"reason_kind": "visit", "reason": "上门前", **sent}
    )


OPENED = [("phone", "19900002041"), ("identity_number", NUMBER), ("care_level", "二级")]


@pytest.mark.django_db
@pytest.mark.parametrize(("item", "value"), OPENED)
def test_what_is_masked_opens_for_a_reason_and_once(zhou, lin, item, value):
    path = f"/desk/people/{zhou.pk}"
    for closed in (
        main(lin.get(path)),
        main(lin.get(f"{path}/items/{item}")),
        main(lin.get(f"{path}/items/{item}/full")),
    ):
        assert value not in closed
    assert value in main(open_item(lin, zhou, item))
    assert value not in main(lin.get(path)), "the page stays as it was"
    with within(""):
        act = Act.objects.get(verb="sealed_item_seen")
    assert (act.detail["item"], act.reason, act.subject_id) == (item, "走访准备：上门前", zhou.pk)
    assert value not in str(act.detail)


@pytest.mark.django_db
def test_each_of_several_phones_can_be_called(zhou, lin):
    page = main(open_item(lin, zhou, "phone"))
    assert re.findall(r'href="tel:([^"]+)"', page) == ["19900002041", "19900002042"]


@pytest.mark.django_db
def test_what_nobody_knows_is_said_and_not_asked_for_again(person, lin):
    p = person(name="周桂芳")
    page = main(open_item(lin, p, "phone"))
    assert "这一项还没有人记过" in page and 'name="reason"' not in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sent", [{"reason_kind": "", "reason": ""}, {"reason_kind": "", "reason": "x"}, {"reason_kind": "other", "reason": " "},
             {"reason_kind": "other", "reason": "好"}],
)  # fmt: skip
@pytest.mark.parametrize("where", ["items/phone/full", "tags"])
def test_too_little_said_opens_nothing(zhou, lin, sent, where):
    answer = lin.post(f"/desk/people/{zhou.pk}/{where}", sent)
    assert answer.status_code == 422
    assert "19900002041" not in held(answer) and "长护" not in held(answer)
    with within(""):
        assert not Act.objects.filter(verb__in=("sealed_item_seen", "sensitive_tags_seen")).exists()


@pytest.mark.django_db
def test_a_long_reason_is_kept_as_far_as_it_goes(zhou, lin, client_of):
    assert open_item(lin, zhou, "phone", reason="核对" * 400).status_code == 200
    street = client_of("shen")
    assert street.post(f"/desk/people/{zhou.pk}", {"reason_kind": "check", "reason": "核对" * 400}).status_code == 200
    with within(""):
        assert all(len(a.reason) <= 200 for a in Act.objects.all())


PATHS = ("", "/tags", "/looks", "/items/phone")


@pytest.mark.django_db
def test_a_reason_of_the_street_holds_half_an_hour_for_this_person(zhou, person, client_of, monkeypatch):
    other, street = person(name="沈美琴"), client_of("shen")
    p = f"/desk/people/{zhou.pk}"
    assert all("请说明理由" in main(street.get(f"{p}{tail}")) for tail in PATHS)
    street.post(p, {"reason_kind": "matter", "reason": "来信办理"})
    assert all("请说明理由" not in main(street.get(f"{p}{tail}")) for tail in PATHS)
    assert "请说明理由" in main(street.get(f"/desk/people/{other.pk}"))
    with within(""):
        seen = Act.objects.filter(actor_name="沈立群", verb="person_seen")
        assert {a.reason for a in seen} == {"办理事项：来信办理"}
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=29))
    assert "请说明理由" not in main(street.get(p))
    monkeypatch.setattr(reasons, "LASTS", timedelta(minutes=20))
    assert "请说明理由" in main(street.get(p))


@pytest.mark.django_db
def test_the_street_reads_and_changes_nothing(zhou, client_of):
    street = client_of("shen")
    page = main(street.post(f"/desk/people/{zhou.pk}", {"reason_kind": "check", "reason": "核对"}))
    assert "周桂芳" in page and "199****2041" in page
    for offered in ("写走访", "更正", "办理与撤销", "/full"):
        assert offered not in page, offered


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["gu", "lu", "he", "yan"])
def test_no_reason_opens_the_page_to_those_without_the_task(zhou, client_of, who):
    answer = client_of(who).post(f"/desk/people/{zhou.pk}", {"reason_kind": "check", "reason": "核对"})
    assert answer.status_code == 403 and "周桂芳" not in main(answer)


@given(st.text(max_size=12), st.text(max_size=12))
def test_whatever_is_said_is_a_reason_of_two_letters_at_least_or_none(kind, text):
    found = reasons.said(RequestFactory().post("/", {"reason_kind": kind, "reason": text}))
    assert found == "" or len(found) >= reasons.SHORTEST
    assert not (kind in ("", "other") and len(text.strip()) < reasons.SHORTEST and found)


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        ("visit", "", "走访准备"),
        ("visit", " 上门 ", "走访准备：上门"),
        ("other", "来信", "来信"),
        ("", "来信", "来信"),
        ("other", "", ""),
    ],
)
def test_a_reason_in_words(kind, text, said):
    assert reasons.said(RequestFactory().post("/", {"reason_kind": kind, "reason": text})) == said


def test_no_form_holds_what_is_masked():
    """A correction form is filled with the value that holds, never with a number or a sensitive one."""
    for item in ITEMS.values():
        closed = item.kind in (Kind.IDENTITY, Kind.PHONE) or item.level >= Level.SENSITIVE
        assert (plain(item, "X") == "") is closed, item.code
        assert plain(item, None) == ""


CORRECTIONS = [
    ("emergency_contact", "女儿王敏", "女儿王敏"),
    ("education", "20", catalogue.code_sets["education"].name_of("20")),
    ("phone", "19900009999", "199****9999"),
    ("remark", "<b>门铃坏了</b>", "<b>门铃坏了</b>"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("item", "value", "shown"), CORRECTIONS)
def test_a_correction_stands_on_the_page_with_who_and_when(zhou, lin, item, value, shown):
    p = f"/desk/people/{zhou.pk}"
    assert lin.post(f"{p}/items/{item}/correct", {item: value, "ground": "来电告知"}).status_code == 303
    with within(""):
        said = Statement.objects.filter(source="desk", subject_id=zhou.pk).latest("known_at")
    assert (said.collector, said.purpose, said.true_on) == ("林晓岚", "来电告知", TODAY)
    page = main(lin.get(f"{p}/items/{item}"))
    assert shown in page and TODAY.isoformat() in page
    assert shown in main(lin.get(p))
    assert "<b>门铃" not in lin.get(p).content.decode()


@pytest.mark.django_db
def test_saving_an_untouched_form_of_a_masked_value_wipes_nothing(zhou, lin):
    for item in ("phone", "identity_number", "care_level"):
        lin.post(f"/desk/people/{zhou.pk}/items/{item}/correct", {item: "", "ground": ""})
    with within(""):
        p = Person.objects.get(pk=zhou.pk)
    assert (p.phone, p.care_level) == (PHONES, "2") and p.identity_number


@pytest.mark.django_db
def test_a_number_of_somebody_else_here_is_refused_with_the_way_out(zhou, person, lin):
    other = person(name="周桂芬")
    answer = lin.post(f"/desk/people/{other.pk}/items/identity_number/correct", {"identity_number": NUMBER})
    assert answer.status_code == 422 and "合并重复" in main(answer)
    with within(""):
        assert Person.objects.get(pk=other.pk).identity_number is None


@pytest.mark.django_db
def test_a_tag_set_again_renews_its_ground_and_stands_once(zhou, lin):
    p = f"/desk/people/{zhou.pk}/tags"
    for ground in ("残疾证", "来电告知"):
        assert lin.post(f"{p}/set", {"tag": "key_elder", "ground": ground}).status_code == 303
    page = held(lin.get(p))
    assert "来电告知" in page and "残疾证" not in page
    with within(""):
        assert Mark.objects.filter(retracted_at=None).count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("tag", "reason", "said"), [
    ("key_elder", "", "请写明取消的原因"), ("key_elder", "x" * 500, "标签已取消"), ("lone_elder", "不对", "已经取消或到期"),
    ("no_such_tag", "不对", "已经取消或到期")])  # fmt: skip
def test_taking_a_tag_back_answers_in_words(zhou, lin, tag, reason, said):
    p = f"/desk/people/{zhou.pk}/tags"
    lin.post(f"{p}/set", {"tag": "key_elder", "ground": "上门核实"})
    assert said in lin.post(f"{p}/{tag}/retract", {"reason": reason}, follow=True).content.decode()


@pytest.mark.django_db
def test_a_refused_tag_form_keeps_what_was_typed(zhou, lin):
    answer = lin.post(f"/desk/people/{zhou.pk}/tags/set", {"tag": "key_elder", "ground": "上门核实", "until": "明年"})
    page = main(answer)
    assert answer.status_code == 422 and "上门核实" in page
    assert re.search(r'value="key_elder"\s*selected', page)


@pytest.mark.django_db
@pytest.mark.parametrize(("who", "status"), [("zhou", 403), ("shen", 403), ("he", 403), ("wu", 404), ("chen", 303)])
def test_who_sets_tags(zhou, client_of, who, status):
    answer = client_of(who).post(f"/desk/people/{zhou.pk}/tags/set", {"tag": "key_elder", "ground": "上门核实"})
    assert answer.status_code == status
    with within(""), transaction.atomic():
        assert Mark.objects.exists() is (status == 303)


@pytest.mark.django_db
def test_sensitive_tags_open_for_this_once(zhou, lin):
    p = f"/desk/people/{zhou.pk}/tags"
    assert "长护二级" in main(lin.post(p, {"reason_kind": "visit"}))
    assert "长护二级" not in main(lin.get(p))
