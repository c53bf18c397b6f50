"""The sheet at the door as it is sent: wrong input is answered in words and nothing typed is lost; twice counts once."""

import html
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from linyun.foundation.areas.scope import within
from linyun.hub.records.models import Person, Statement
from linyun.kernel import clock
from linyun.work.visits import services
from linyun.work.visits.models import Photo, PlannedVisit, Visit
from linyun.work.visits.tests.test_pictures import JFIF, PLACE, exif, jpeg, png, segment, webp
from tests.characters import BUILDING_THERE
from tests.visits import visit_to

pytestmark = pytest.mark.django_db
TODAY = clock.today()
LONG = "长" * 2001
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
HTML = b"<!doctype html><script>alert(1)</script>"
TYPED = {"situation": "在家休息，身体一般。", "needs": "想装扶手", "action": "联系物业", "outcome": "等回音"}


@pytest.fixture
def zhou(person, home):
    p = person(name="周桂芳", phone="19900000001")
    home(p)
    return p


@pytest.fixture
def lin(client_of):
    return client_of("lin")


def sheet(**changes):
    return {"mode": "2", "visited_on": TODAY.isoformat(), **TYPED, **changes}


def send(client, person, **changes):
    return client.post(f"/desk/people/{person.pk}/visit", sheet(**changes))


def upload(content, name="a.jpg", kind="image/jpeg"):
    return SimpleUploadedFile(name, content, kind)


WRONG = [
    ({"mode": ""}, "请选择走访方式"),
    ({"mode": "9"}, "请选择走访方式"),
    ({"mode": "接待"}, "请选择走访方式"),
    ({"topic": "没有这个"}, "请选择走访事由"),
    ({"topic": "x" * 300}, "请选择走访事由"),
    ({"visited_on": (TODAY + timedelta(days=1)).isoformat()}, "走访日期不能晚于今天"),
    ({"visited_on": "2026-02-30"}, "日期请写成"),
    ({"visited_on": "昨天"}, "日期请写成"),
    ({"visited_on": "0001-01-01"}, "走访日期太早"),
    ({"visited_on": ""}, "请写走访日期"),
    ({"visited_on": "9" * 500}, "日期请写成"),
    ({"situation": LONG}, "最多 2000 个字"),
    ({"needs": LONG}, "最多 2000 个字"),
    ({"action": LONG}, "最多 2000 个字"),
    ({"outcome": LONG}, "最多 2000 个字"),
    ({"situation": "", "needs": "", "action": "只有措施"}, "请写下看到的情况"),
    ({"situation": "\0", "needs": " "}, "请写下看到的情况"),
    ({"follow_up_on": (TODAY - timedelta(days=1)).isoformat()}, "回访日期不能早于走访日期"),
    ({"follow_up_on": "2026-13-01"}, "日期请写成"),
    ({"emergency_phone": "12345"}, "电话"),
    ({"emergency_contact": "Li\0"}, "不能保存的字符"),
]


@pytest.mark.parametrize(("changes", "said"), WRONG)
def test_wrong_input_is_said_and_nothing_typed_is_lost(zhou, lin, changes, said):
    answer = send(lin, zhou, **changes)
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 422
    assert said in page
    for name, text in sheet(**changes).items():
        if name in TYPED and text.strip("\0 "):
            assert text in page, name
    with within(""):
        assert not Visit.objects.exists()


@pytest.mark.parametrize(
    ("content", "name", "kind", "said"),
    [
        (SVG, "a.svg", "image/svg+xml", "只能放照片"),
        (SVG, "a.jpg", "image/jpeg", "只能放照片"),
        (HTML, "a.png", "image/png", "只能放照片"),
        (b"GIF89a" + b"\0" * 40, "a.gif", "image/gif", "只能放照片"),
        (b"%PDF-1.7", "a.pdf", "application/pdf", "只能放照片"),
        (b"\xff\xd8\xff" + HTML, "a.jpg", "image/jpeg", "不完整"),
        (jpeg(JFIF)[:40], "a.jpg", "image/jpeg", "不完整"),
        (png()[:-6], "a.png", "image/png", "不完整"),
        (b"\xff\xd8\xff" + b"\0" * (8 * 2**20), "a.jpg", "image/jpeg", "超过 8 MB"),
    ],
)
def test_what_is_no_photo_is_refused_by_name_and_the_words_stay(zhou, lin, content, name, kind, said):
    answer = send(lin, zhou, photos=upload(content, name, kind))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page and name in page and TYPED["situation"] in page and "alert(1)" not in page
    with within(""):
        assert not Visit.objects.exists()


def test_more_photos_than_fit_are_refused(zhou, lin):
    answer = send(lin, zhou, photos=[upload(jpeg(JFIF), f"{n}.jpg") for n in range(7)])
    assert answer.status_code == 422 and "一次最多放 6 张照片" in answer.content.decode()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (jpeg(JFIF, segment(0xE1, exif(1))), "image/jpeg"),
        (png(), "image/png"),
        (webp((b"VP8 ", b"xx"), (b"EXIF", PLACE)), "image/webp"),
    ],
)
def test_a_photo_comes_back_without_its_place_and_cannot_run(zhou, lin, content, kind):
    assert send(lin, zhou, photos=upload(content, "x.svg", "image/svg+xml")).status_code == 303
    with within(""):
        kept = Photo.objects.get()
    answer = lin.get(f"/desk/visits/photos/{kept.pk}")
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == (kind, "nosniff")
    assert PLACE not in answer.content and "sandbox" in answer["Content-Security-Policy"]


def test_the_same_sheet_twice_counts_once_and_answers_the_same(zhou, lin):
    key = str(uuid4())
    answers = [
        send(lin, zhou, client_key=key, emergency_phone="19900000002", photos=upload(jpeg(JFIF))) for _ in range(2)
    ]
    assert len({(a.status_code, a["Location"], a.cookies["done"].value) for a in answers}) == 1
    with within(""):
        assert (Visit.objects.count(), Photo.objects.count()) == (1, 1)
        assert Statement.objects.filter(origin_kind="visit").count() == 1


def test_a_changed_sheet_under_the_same_key_is_the_first(zhou, lin):
    key = str(uuid4())
    for text in ("第一次", "第二次"):
        assert send(lin, zhou, client_key=key, situation=text).status_code == 303
    with within(""):
        assert Visit.objects.get().situation == "第一次"


def test_a_key_that_is_none_is_a_new_visit_each_time(zhou, lin):
    for _ in range(2):
        assert send(lin, zhou, client_key="不是编号").status_code == 303
    with within(""):
        assert Visit.objects.count() == 2


@pytest.mark.parametrize("text", ["a\0b", "plain\0", "\0前面", "中\0间"])
def test_a_character_that_no_database_holds_is_left_out(zhou, lin, text):
    assert send(lin, zhou, situation=text).status_code == 303
    with within(""):
        assert Visit.objects.get().situation == text.replace("\0", "")


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}", "👵🏻 𠮷野"]
)
def test_what_was_written_is_shown_as_it_was(zhou, lin, text):
    send(lin, zhou, situation=text)
    with within(""):
        visit = Visit.objects.get()
    for path in ("/desk", "/desk/visits", f"/desk/visits/{visit.pk}", f"/desk/people/{zhou.pk}"):
        page = lin.get(path).content.decode()
        assert text in html.unescape(page), path
        assert "<script>alert" not in page and "<img src=x" not in page


def test_a_correction_beats_no_change_and_leads_back_to_the_visit(zhou, lin):
    assert (
        send(lin, zhou, same="emergency_contact", emergency_phone="19900000002", emergency_contact="女儿").status_code
        == 303
    )
    with within(""):
        visit, told = Visit.objects.get(), Statement.objects.get(origin_kind="visit")
        assert (told.origin_id, told.source, told.true_on) == (visit.pk, "visit", TODAY)
        assert told.values == {"emergency_phone": "19900000002", "emergency_contact": "女儿"}
        assert Person.objects.get(pk=zhou.pk).emergency_phone == "19900000002"
    page = lin.get(f"/desk/people/{zhou.pk}").content.decode()
    assert "199****0002" in page and "女儿" in page and "19900000002" not in page
    assert "走访" in lin.get(f"/desk/people/{zhou.pk}/items/emergency_phone").content.decode()
    shown = lin.get(f"/desk/visits/{visit.pk}").content.decode()
    assert "紧急联系" in shown


def test_a_corrected_item_stands_on_the_page_until_the_visit_is_withdrawn(zhou, lin):
    send(lin, zhou, emergency_contact="女儿王敏", situation="换了联系人")
    with within(""):
        visit = Visit.objects.get()
    assert "女儿王敏" in lin.get(f"/desk/people/{zhou.pk}").content.decode()
    lin.post(f"/desk/visits/{visit.pk}/withdraw", {"reason": "写错了人"})
    page = lin.get(f"/desk/people/{zhou.pk}").content.decode()
    assert "女儿王敏" not in page and "换了联系人" not in page
    assert "写错了人" in lin.get(f"/desk/visits/{visit.pk}").content.decode()


@pytest.mark.parametrize(
    ("reason", "said"), [("", "请写明撤回的原因"), ("  ", "请写明撤回的原因"), ("长" * 201, "原因最多 200 个字")]
)
def test_withdrawing_answers_in_words(zhou, lin, as_character, reason, said):
    with as_character("lin"):
        visit = visit_to(zhou, TODAY, situation="在家")
    answer = lin.post(f"/desk/visits/{visit.pk}/withdraw", {"reason": reason}, follow=True)
    assert said in answer.content.decode()
    with within(""):
        assert Visit.objects.get().withdrawn_at is None


@pytest.mark.parametrize(
    ("who", "page", "write"),
    [("lin", 200, 303), ("chen", 200, 303), ("zhou", 200, 303), ("wu", 404, 404), ("shen", 403, 403), ("gu", 403, 403),
     ("lu", 403, 403), ("he", 403, 403), ("yan", 403, 403)],
)  # fmt: skip
def test_who_may_write_at_this_door(zhou, client_of, who, page, write):
    client = client_of(who)
    assert client.get(f"/desk/people/{zhou.pk}/visit").status_code == page
    assert send(client, zhou).status_code == write
    with within(""):
        assert Visit.objects.count() == (write == 303)


@pytest.mark.parametrize(
    ("who", "status"),
    [("lin", 200), ("chen", 200), ("zhou", 404), ("wu", 404), ("shen", 403), ("he", 403), ("gu", 403)],
)
def test_who_reads_what_was_written_and_its_photo(zhou, as_character, client_of, who, status):
    with as_character("lin"):
        visit = visit_to(zhou, TODAY, situation="子女来谈了家里的事")
        photo = Photo.objects.create(
            area=visit.area, visit=visit, content=services.vault.lock(jpeg(JFIF)), content_type="image/jpeg", digest="x"
        )
    client = client_of(who)
    for path in (f"/desk/visits/{visit.pk}", f"/desk/visits/photos/{photo.pk}"):
        answer = client.get(path)
        assert answer.status_code == status, path
        assert status == 200 or "子女来谈" not in answer.content.decode()


def test_a_chief_asks_for_nothing_masked(zhou, client_of):
    page = (
        client_of("zhou")
        .get(f"/desk/people/{zhou.pk}/visit")
        .content.decode()
        .split("<main", 1)[1]
        .split("</main>", 1)[0]
    )
    assert "今天只需问" not in page and "紧急联系" not in page and "19900000001" not in page
    assert send(client_of("zhou"), zhou, phone="19900000009").status_code == 303
    with within(""):
        assert Person.objects.get(pk=zhou.pk).phone == "19900000001"


PLANS = [
    ({"chosen": "不是编号"}, "请先勾选"),
    ({}, "请先勾选"),
    ({"chosen": str(uuid4())}, "请先勾选"),
    ({"due_on": "2026-02-30"}, "日期请写成"),
    ({"due_on": (TODAY - timedelta(days=1)).isoformat()}, "计划日期不能早于今天"),
]


@pytest.mark.parametrize(("changes", "said"), PLANS)
def test_planning_answers_in_words(zhou, lin, changes, said):
    sent = {"chosen": str(zhou.pk), **changes} if changes.get("due_on") else changes
    answer = lin.post("/desk/visits/plan", sent, follow=True)
    assert answer.status_code == 200 and said in answer.content.decode()
    with within(""):
        assert not PlannedVisit.objects.exists()


def test_planned_twice_stands_once_and_is_counted_once(zhou, lin):
    sent = {"chosen": str(zhou.pk), "why": "高温关心", "due_on": TODAY.isoformat()}
    assert "已把 1 人排入" in lin.post("/desk/visits/plan", sent, follow=True).content.decode()
    assert "已经在名单上" in lin.post("/desk/visits/plan", sent, follow=True).content.decode()
    assert "高温关心" in lin.get("/desk").content.decode()
    send(lin, zhou)
    assert "高温关心" not in lin.get("/desk").content.decode()


def test_a_promise_appears_on_its_day_and_goes_with_the_visit(zhou, lin, as_character):
    with as_character("lin"):
        visit_to(zhou, TODAY - timedelta(days=7), situation="答应再来看扶手", follow_up_on=TODAY)
    due = lin.get("/desk").content.decode().split('id="due"', 1)[1].split("</section>", 1)[0]
    assert "答应再来看扶手" in due and "今天" in due
    send(lin, zhou)
    due = lin.get("/desk").content.decode().split('id="due"', 1)[1].split("</section>", 1)[0]
    assert "答应再来看扶手" not in due


@pytest.mark.parametrize(
    "query",
    ["month=2026-99", "month=%00", "mode=%00", "visitor=%00", "words=%00", "words=%25_%27", "person=x", "state=x",
     "after=%00", "after=e30=", "sort=%00", "sort=-nothing", "words=" + "长" * 3000],
)  # fmt: skip
def test_any_address_of_the_list_is_answered(zhou, lin, as_character, query):
    with as_character("lin"):
        visit_to(zhou, TODAY, situation="在家")
    answer = lin.get(f"/desk/visits?{query}")
    assert answer.status_code == (
        400 if query.split("=")[0] in ("mode", "visitor", "words") and "%00" in query else 200
    )
    assert "<main" in answer.content.decode()


def test_the_list_pages_by_key_and_costs_the_same_for_more(zhou, lin, as_character, assert_queries):
    with as_character("lin"):
        for n in range(3):
            visit_to(zhou, TODAY - timedelta(days=n), situation=f"第{n}次来")
    with assert_queries(9, at_most=True) as few:
        lin.get("/desk/visits")
    with as_character("lin"):
        for n in range(3, 70):
            visit_to(zhou, TODAY - timedelta(days=n), situation=f"第{n}次来")
    with assert_queries(9, at_most=True) as many:
        first = lin.get("/desk/visits").content.decode()
    assert len(few) == len(many)
    seen = [n for n in range(70) if f"第{n}次来" in first]
    assert seen == list(range(len(seen))) and len(seen) < 70
    after = html.unescape(first.split("after=", 1)[1].split('"', 1)[0]).split("&")[0]
    second = lin.get(f"/desk/visits?after={after}").content.decode()
    assert f"第{len(seen)}次来" in second and "第0次来" not in second


def test_the_key_of_a_visit_next_door_is_no_way_in(zhou, lin, client_of, person):
    key, there = str(uuid4()), person(BUILDING_THERE, name="丁阿姨")
    assert send(lin, zhou, client_key=key, situation="只有这里知道").status_code == 303
    answer = send(client_of("wu"), there, client_key=key, situation="别处的话")
    assert answer.status_code == 422
    assert "请重新打开" in answer.content.decode() and "别处的话" in answer.content.decode()
    assert "只有这里知道" not in answer.content.decode()


def test_a_correction_stands_on_the_page_and_in_each_ledger_until_the_visit_is_withdrawn(person, home, lin):
    old = person(name="周桂芳", birth_date=TODAY.replace(year=TODAY.year - 85, day=1))
    home(old)
    paths = (f"/desk/people/{old.pk}", "/desk/ledgers/lone_elders")
    assert send(lin, old, situation="来看过，换了联系人", emergency_contact="女儿王敏").status_code == 303
    assert [("女儿王敏" in lin.get(path).content.decode()) for path in paths] == [True, True]
    assert "来看过" in lin.get("/desk/ledgers/visits").content.decode()
    with within(""):
        visit = Visit.objects.get()
    lin.post(f"/desk/visits/{visit.pk}/withdraw", {"reason": "写错了人"})
    assert [("女儿王敏" in lin.get(path).content.decode()) for path in paths] == [False, False]
    assert "来看过" not in lin.get("/desk/ledgers/visits").content.decode()
