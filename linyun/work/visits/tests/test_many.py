"""Lists of visits are written at once: as one by one, once whatever is repeated, with a fixed number of statements."""

import csv
import io
import threading
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import close_old_connections, connection, transaction
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook

from linyun.foundation.accounts.policy import Refused
from linyun.foundation.acts.models import Act
from linyun.foundation.areas.scope import within
from linyun.foundation.leaving.rules import MARKED
from linyun.foundation.leaving.services import leave
from linyun.hub.records import operations
from linyun.hub.records.models import Dwelling, Person, Statement
from linyun.kernel import clock
from linyun.work.visits import bulk, many, services
from linyun.work.visits.models import Bulk, PlannedVisit, Visit
from linyun.work.visits.services import Sheet
from tests.visits import visit_to

pytestmark = pytest.mark.django_db
HEAD = "日期,被访者,地址,方式,情况,回访日期,走访人"
TODAY = clock.today()


def ago(days):
    return TODAY - timedelta(days=days)


def listed(*rows, head=HEAD, name="走访.csv"):
    return bulk.bring("\n".join((head, *rows)).encode(), name)


def row(on, who, text="身体一般", where="", mode="上门", later="", visitor=""):
    return f"{on},{who},{where},{mode},{text},{later},{visitor}"


def outcomes(found):
    return [r["outcome"] for r in found.rows]


@pytest.fixture
def zhou(person, home):
    p = person(name="周桂芳")
    flat = home(p, address="公交新村|12||302").dwelling
    with within(""), transaction.atomic():
        Dwelling.objects.filter(pk=flat.pk).update(building="12", room="302")
    return p


def facts(visit):
    """What a visit says, apart from its own id and moment."""
    return (visit.person_id, visit.dwelling_id, visit.area, visit.visited_on, visit.mode, visit.topic, visit.situation,
            visit.needs, visit.action, visit.outcome, visit.follow_up_on, visit.visitor, visit.visitor_id)  # fmt: skip


def acts(verb):
    return sorted(
        (a.subject_kind, a.area, a.actor_name, a.role, a.channel, a.detail["person_id"], tuple(a.detail["items"]))
        for a in Act.objects.filter(verb=verb)
    )


def test_at_once_leaves_what_one_by_one_leaves(person, home, as_character):
    people = [person(name=n) for n in ("周桂芳", "陈阿宝", "李建国")]
    home(*people[:2], address="公交新村|12||302")
    sheets = [
        Sheet(p, mode, ago(days), situation=f" 第{days}天 ", needs="要修灯", follow_up_on=later, visitor=visitor)
        for p, mode, days, later, visitor in (
            (people[0], "2", 9, ago(2), ""), (people[0], "3", 1, None, "王老师"), (people[1], "4", 5, ago(1), ""),
            (people[2], "6", 3, TODAY, ""), (people[1], "5", 0, None, "王老师"),
        )
    ]  # fmt: skip
    with as_character("lin"):
        for p in people:
            services.plan([p.pk], TODAY, "高温关心")
        seen = []
        for write in (lambda: [services.write(s) for s in sheets], lambda: many.write_all(sheets)):
            mark = transaction.savepoint()
            visits = write()
            numbers = {v.pk: n for n, v in enumerate(visits)}
            rows = [Visit.objects.get(pk=v.pk) for v in visits]
            kept = [numbers.get(v.followed_up_by_id) for v in rows]
            plans = [numbers.get(p.done_by_id) for p in PlannedVisit.objects.order_by("id")]
            seen.append(([facts(v) for v in rows], kept, plans, acts("visit_written")))
            transaction.savepoint_rollback(mark)
    assert seen[0] == seen[1]
    assert seen[0][1] == [1, None, 4, None, None]


@pytest.mark.parametrize("size", [1, 40])
def test_statements_do_not_grow_with_rows(zhou, as_character, size):
    with as_character("lin"):
        found = listed(*(row(ago(n), "周桂芳", f"第{n}次") for n in range(size)))
        with CaptureQueriesContext(connection) as told:
            bulk.apply(found.pk)
        assert Visit.objects.count() == size
    assert len(told) <= 16


def test_a_list_in_any_order_keeps_its_own_promises(zhou, as_character):
    with as_character("lin"):
        found = listed(row(ago(1), "周桂芳", "去过了"), row(ago(9), "周桂芳", "说好再来", later=ago(2)))
        bulk.apply(found.pk)
        promised, kept = Visit.objects.get(situation="说好再来"), Visit.objects.get(situation="去过了")
    assert promised.followed_up_by_id == kept.pk


def test_last_years_list_does_not_empty_the_list_of_those_to_visit(zhou, as_character):
    with as_character("lin"):
        services.plan([zhou.pk], TODAY + timedelta(days=3), "高温关心")
        bulk.apply(listed(row(ago(300), "周桂芳")).pk)
        assert PlannedVisit.objects.get().done_by is None
        visit_to(zhou, ago(1), situation="在家")
        assert PlannedVisit.objects.get().done_by is None
        last = visit_to(zhou, TODAY, situation="在家")
        assert PlannedVisit.objects.get().done_by == last


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"on": "2026-02-30"}, "2026-02-30"),
        ({"on": "2100-01-01"}, "晚于今天"),
        ({"on": "1990-01-01"}, "太早"),
        ({"on": ""}, "没有写日期"),
        ({"on": "八月"}, "日期“八月”"),
        ({"who": ""}, "没有写被访者"),
        ({"text": ""}, "没有写走访情况"),
        ({"text": "长" * 2001}, "最多 2000 个字"),
        ({"mode": "传真"}, "传真"),
        ({"visitor": "王" * 61}, "最多 60 个字"),
        ({"later": "改天"}, "回访日期“改天”"),
        ({"on": str(ago(1)), "later": str(ago(5))}, "不能早于"),
        ({"who": "阚若水"}, "没有“阚若水”"),
        ({"where": "公交新村9号901室"}, "和表里的"),
    ],
)  # fmt: skip
def test_what_cannot_be_written_is_said_before_anything_is(zhou, as_character, cells, said):
    with as_character("lin"):
        found = listed(row(**{"on": ago(1), "who": "周桂芳", **cells}))
    assert outcomes(found) == ["refused"]
    assert said in found.rows[0]["reason"]


@pytest.mark.parametrize(
    "where",
    ["公交新村12号302室", "公交新村12号302", " 公交新村 12 号 302 室 ", "１２号３０２", "12-302", "", "无", "/"],
)
def test_an_address_is_the_same_however_it_is_spaced(zhou, as_character, where):
    with as_character("lin"):
        found = listed(row(ago(1), "周桂芳", where=where))
    assert (outcomes(found), found.rows[0]["person"]) == (["new"], str(zhou.pk))


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("接待", "1"),
        ("走访", "2"),
        ("上门", "2"),
        ("", "2"),
        ("电话", "3"),
        ("微信", "4"),
        ("楼宇视频", "5"),
        ("其他", "6"),
        ("3", "3"),
    ],
)
def test_modes_by_word_and_code(zhou, as_character, said, code):
    with as_character("lin"):
        found = bulk.apply(listed(row(ago(1), "周桂芳", mode=said)).pk)
        assert Visit.objects.get(pk=found.rows[0]["visit"]).mode == code


def test_what_was_told_keeps_its_own_punctuation(zhou, as_character):
    told = "身体一般，胃口好（比上月）；灯坏了！"
    with as_character("lin"):
        bulk.apply(listed(row(ago(1), "周桂芳", told)).pk)
        assert Visit.objects.get().situation == told
        assert outcomes(listed(row(ago(1), "周桂芳", '"身体一般,胃口好(比上月);灯坏了!"'))) == ["there"]


def test_a_promise_in_january_told_in_december(zhou, as_character):
    with as_character("lin"):
        last = TODAY.year - 1
        found = listed(row(f"{last}-12-20", "周桂芳", later="1月5日"), name=f"{last}年走访.csv")
    assert [r["said"].get("follow_up_on") for r in found.rows] == [f"{last + 1}-01-05"]


def test_withdrawn_by_hand_and_brought_again(zhou, as_character):
    with as_character("lin"):
        first = bulk.apply(listed(row(ago(1), "周桂芳")).pk)
        services.withdraw(UUID(first.rows[0]["visit"]), "写错了")
        again = bulk.apply(listed(row(ago(1), "周桂芳")).pk)
        assert outcomes(again) == ["written"]
        assert Visit.objects.live().count() == 1


def test_once_also_after_two_records_became_one(person, home, as_character):
    twin, kept = person(name="周桂芳"), person(name="周桂芬")
    home(kept, address="公交新村|12||302")
    with as_character("lin"):
        bulk.apply(listed(row(ago(1), "周桂芳")).pk)
        operations.merge_people(kept, twin, "同一个人")
        assert outcomes(listed(row(ago(1), kept.name, where="公交新村12号302"))) == ["there"]


def test_somebody_who_left_after_the_preview_is_said_so(zhou, as_character):
    with as_character("lin"):
        found = listed(row(ago(1), "周桂芳"))
    with within(""), transaction.atomic():
        Person.objects.filter(pk=zhou.pk).update(area=zhou.area[:9] + "999" + zhou.area[12:])
    with as_character("lin"):
        done = bulk.apply(found.pk)
        assert outcomes(done) == ["refused"]
        assert "离开了本居委" in done.rows[0]["reason"]


def test_undone_promises_and_plans_wait_again(zhou, as_character):
    with as_character("lin"):
        promised = visit_to(zhou, ago(9), situation="在家", follow_up_on=ago(2))
        services.plan([zhou.pk], TODAY, "高温关心")
        done = bulk.apply(listed(row(TODAY, "周桂芳", "一"), row(TODAY, "周桂芳", "二")).pk)
        promised.refresh_from_db()
        assert promised.followed_up_by_id and PlannedVisit.objects.get().done_by_id
        assert bulk.undo(done.pk) == 2
        promised.refresh_from_db()
        assert (promised.followed_up_by_id, PlannedVisit.objects.get().done_by_id) == (None, None)
        assert Act.objects.filter(verb="visit_withdrawn", reason=bulk.WITHDRAWN).count() == 2
        with pytest.raises(bulk.Unusable, match="只有已写入"):
            bulk.undo(done.pk)


def test_a_promise_kept_twice_stays_kept_when_one_visit_is_withdrawn(zhou, as_character):
    with as_character("lin"):
        promised = visit_to(zhou, ago(9), situation="在家", follow_up_on=ago(2))
        first, second = visit_to(zhou, ago(2), situation="一"), visit_to(zhou, ago(1), situation="二")
        services.withdraw(first.pk, "写错了")
        promised.refresh_from_db()
        assert promised.followed_up_by == second


def test_a_person_stands_once_on_the_list_after_a_withdrawal(zhou, as_character):
    with as_character("lin"):
        services.plan([zhou.pk], TODAY, "高温关心")
        visit = visit_to(zhou, TODAY, situation="在家")
        services.plan([zhou.pk], TODAY, "再去一次")
        services.withdraw(visit.pk, "写错了")
        assert [p.why for p in PlannedVisit.objects.filter(done_by=None, dropped_at=None)] == ["再去一次"]


@pytest.mark.parametrize("who", ["wu", "zhou", "shen", "gu", "he", "chen"])
def test_only_the_committees_own_worker_writes_and_undoes(zhou, as_character, who):
    with as_character("lin"):
        found = listed(row(ago(1), "周桂芳"))
    for verb in (bulk.apply, bulk.undo, lambda pk: leave("bulk", {"bulk": str(pk)}, "改正")):
        with as_character(who), pytest.raises((Refused, Bulk.DoesNotExist)):
            verb(found.pk)
    with within(""):
        assert not Visit.objects.exists()


def rest_of(client, found, **sent):
    return client.post(f"/desk/visits/lists/{found.pk}/rest", sent)


def test_rows_not_taken_come_back_as_a_file_and_go_in_when_mended(zhou, as_character, client_of):
    with as_character("lin"):
        found = listed(
            row(ago(1), "周桂芳", "=1+1，好"), row(ago(2), "阚若水", "不在家"), row(ago(3), "周桂芳", mode="传真")
        )
        bulk.apply(found.pk)
    client = client_of("lin")
    assert "下载没写入的 2 行去改正" in client.get(f"/desk/visits/lists/{found.pk}").content.decode()
    answer = rest_of(client, found, reason="改正后再传")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [r[1] for r in rows] == ["被访者", "阚若水", "周桂芳"]
    assert "没有“阚若水”" in rows[1][-2] and "传真" in rows[2][-2]
    assert rows[0][-1] == MARKED
    mended = (
        answer.content.decode("utf-8-sig").replace("阚若水", "周桂芳").replace(",传真,", ",电话,").encode("utf-8-sig")
    )
    with as_character("lin"):
        assert outcomes(bulk.apply(bulk.bring(mended, "改好.csv").pk)) == ["written", "written"]
        assert Act.objects.get(verb="bulk_returned").reason == "改正后再传"


@pytest.mark.parametrize("reason", ["", " ", "x"])
def test_no_rows_leave_without_a_reason(zhou, as_character, client_of, reason):
    with as_character("lin"):
        found = listed(row(ago(1), "阚若水"))
    page = client_of("lin").post(f"/desk/visits/lists/{found.pk}/rest", {"reason": reason}, follow=True)
    assert "请写明导出用途" in page.content.decode()


def test_more_rows_than_an_answer_waits_for_are_refused_with_a_way_out(zhou, as_character, monkeypatch):
    monkeypatch.setattr(bulk, "MOST_ROWS", 2)
    with as_character("lin"), pytest.raises(bulk.Unusable, match="最多 2 行，这份有 3 行，请按月分开"):
        listed(*(row(ago(n), "周桂芳") for n in range(3)))


def months(*sheets):
    """A workbook: (name of the sheet, rows below the head)."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        sheet.append(["公交新村居委走访记录"])
        sheet.append(["日期", "被访者", "地址", "方式", "情况"])
        for cells in rows:
            sheet.append(cells)
        sheet.append(["合计", "", "", "", len(rows)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_with_a_sheet_a_month(zhou, as_character):
    year = TODAY.year if TODAY.month > 8 else TODAY.year - 1
    book = months(
        ("7月", [["7月3日", "周桂芳", "12号302", "走访", "七月去过"], ["7.5", "周桂芳", "", "电话", "电话问过"]]),
        ("8月", [[date(year, 8, 1), "周桂芳", "", "微信", "八月问过"], ["8月32日", "周桂芳", "", "", "没有这天"]]),
        ("说明", []),
    )
    with as_character("lin"):
        found = bulk.apply(bulk.bring(book, "走访.xlsx").pk)
        assert outcomes(found) == ["written", "written", "written", "refused"]
        days = set(Visit.objects.values_list("visited_on", "mode"))
    assert days >= {(date(year, 8, 1), "4")}
    assert "没有这一天" in found.rows[3]["reason"]


def test_two_at_once_write_once(transactional_db, areas, person, home, as_character):
    p = person(name="周桂芳")
    home(p, address="公交新村|12||302")
    with as_character("lin"):
        lists = [listed(row(ago(1), "周桂芳"), name=f"{n}.csv").pk for n in range(2)]
    start, answers = threading.Barrier(2), []

    def send(pk):
        try:
            start.wait(10)
            with as_character("lin"):
                answers.append(outcomes(bulk.apply(pk))[0])
        except Exception as broken:
            answers.append(repr(broken))
        finally:
            close_old_connections()
            connection.close()

    both = [threading.Thread(target=send, args=(pk,)) for pk in lists]
    for one in both:
        one.start()
    for one in both:
        one.join(20)
    assert sorted(answers) == ["there", "written"]
    with within(""):
        assert Visit.objects.count() == 1
        assert not Statement.objects.filter(origin_kind="visit").exists()
