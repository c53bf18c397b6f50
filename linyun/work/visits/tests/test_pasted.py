"""Lists as people really paste and upload them: every odd one is understood or answered; page, keys, steps and readers."""

import csv
import html
import io
import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from linyun.foundation.acts.models import Act
from linyun.foundation.areas.scope import within
from linyun.hub.records.models import Dwelling
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from linyun.kernel.values.plain import csv_of
from linyun.work.visits import bulk, bulk_pages
from linyun.work.visits.export import rest_of
from linyun.work.visits.models import Bulk, Visit
from linyun.work.visits.sheets import PARTS, day_of, read_list
from tests.characters import BUILDING_THERE

TODAY = clock.today()
HEAD = "日期,被访者,地址,方式,情况"
MODES = catalogue.code_sets["visit_mode"]


def ago(days):
    return TODAY - timedelta(days=days)


def main(answer):
    return html.unescape(answer.content.decode().split("<main", 1)[-1].split("</main>", 1)[0])


def line(on=None, who="周桂芳", where="", mode="上门", text="身体一般"):
    return f"{on or ago(1)},{who},{where},{mode},{text}"


@pytest.fixture
def zhou(person, home):
    p = person(name="周桂芳")
    flat = home(p, address="公交新村|12||302").dwelling
    with within(""), transaction.atomic():
        Dwelling.objects.filter(pk=flat.pk).update(building="12", room="302")
    return p


@pytest.fixture
def lin(client_of):
    return client_of("lin")


def paste(client, text, **more):
    return client.post("/desk/visits/bring", {"pasted": text, **more})


def upload(client, content, name, **more):
    return client.post("/desk/visits/bring", {"file": SimpleUploadedFile(name, content), "pasted": "", **more})


def only():
    with within(""):
        return Bulk.objects.get()


def outcomes():
    return [row["outcome"] for row in only().rows]


TABLE = f"{HEAD}\n{line()}\n{line(ago(2), text='电话问过', mode='电话')}"
FORMS = {
    "from a spreadsheet": TABLE.replace(",", "\t"),
    "with semicolons": TABLE.replace(",", ";"),
    "from Windows": TABLE.replace("\n", "\r\n"),
    "with a mark": "\ufeff" + TABLE,
    "with blank lines": "\n\n" + TABLE.replace("\n", "\n\n") + "\n\n",
    "with a title": "公交新村走访记录,,,,\n" + TABLE,
    "with quotes": TABLE.replace("身体一般", '"身体一般"'),
    "with a total": TABLE + "\n合计：2 次,,,,",
    "with columns of its own": TABLE.replace("情况", "情况,备注二").replace("身体一般", "身体一般,x"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("how", FORMS)
def test_a_paste_is_understood_however_it_comes(zhou, lin, how):
    answer = paste(lin, FORMS[how])
    assert answer.status_code == 303, main(answer)
    assert outcomes() == ["new", "new"]
    lin.post(answer["Location"] + "/apply")
    with within(""):
        assert set(Visit.objects.values_list("visited_on", "mode", "situation")) == {
            (ago(1), "2", "身体一般"), (ago(2), "3", "电话问过")}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_file_of_any_usual_encoding_is_read(zhou, lin, encoding):
    assert upload(lin, TABLE.encode(encoding), "走访.csv").status_code == 303
    assert outcomes() == ["new", "new"]


NOT_TAKEN = [
    (b"", "x.xlsx"),
    (b"PK\x03\x04broken", "x.xlsx"),
    (b"\x89PNG\r\n\x1a\n" + b"\0" * 60, "x.png"),
    (b"%PDF-1.7", "x.pdf"),
    (HEAD.encode(), "x.csv"),
    ("随便写的一段话，没有表头".encode(), "x.txt"),
    (b"\0" * 100, "x.csv"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("content", "name"), NOT_TAKEN)
def test_what_is_no_list_is_answered_in_a_sentence_and_keeps_nothing(zhou, lin, content, name):
    answer = upload(lin, content, name)
    assert answer.status_code == 422
    assert re.search(r"请|没有", main(answer))
    with within(""):
        assert not Bulk.objects.exists()


@pytest.mark.django_db
def test_a_file_that_is_too_large_is_told_how_to_be_smaller(zhou, lin, monkeypatch):
    monkeypatch.setattr(bulk_pages, "BIGGEST", 10)
    answer = upload(lin, TABLE.encode(), "x.csv")
    assert answer.status_code == 422 and "请按月分成几个文件" in main(answer)


@pytest.mark.django_db
def test_what_was_pasted_stands_in_the_box_when_it_could_not_be_read(lin, areas):
    assert "没有表头的一行字" in main(paste(lin, "没有表头的一行字"))


@pytest.mark.django_db
@pytest.mark.parametrize("cell", ["on", "who", "where", "mode", "text"])
def test_a_character_that_no_database_holds_is_no_fault(zhou, lin, cell):
    """A device on the way may leave one in any cell; the page must answer, whatever it makes of the row."""
    given_ = {"on": f"{ago(1)}", "who": "周桂芳", "where": "12号302", "mode": "上门", "text": "在家"}
    given_[cell] = given_[cell][:1] + "\0" + given_[cell][1:]
    answer = paste(lin, f"{HEAD}\n{line(**given_)}")
    assert answer.status_code in (303, 422)
    if answer.status_code == 303:
        assert lin.get(answer["Location"]).status_code == 200
        assert lin.post(answer["Location"] + "/apply").status_code == 303


@pytest.mark.django_db
def test_nobody_of_another_committee_is_found(zhou, person, lin):
    person(BUILDING_THERE, name="丁阿姨")
    answer = paste(lin, f"{HEAD}\n{line(who='丁阿姨')}\n{line()}")
    assert outcomes() == ["refused", "new"]
    page = main(lin.get(answer["Location"]))
    assert "本居委在册居民中没有“丁阿姨”" in page


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["left", "deceased", "merged", "withdrawn"])
def test_who_is_no_more_on_the_register_is_not_found(zhou, lin, status):
    with within(""), transaction.atomic():
        type(zhou).objects.filter(pk=zhou.pk).update(status=status)
    paste(lin, f"{HEAD}\n{line()}")
    assert outcomes() == ["refused"]


@pytest.mark.django_db
def test_the_same_list_sent_twice_is_one_list(zhou, lin):
    key = str(uuid4())
    places = {paste(lin, TABLE, client_key=key)["Location"] for _n in range(2)}
    assert len(places) == 1
    assert str(only().pk) in places.pop()


@pytest.mark.django_db
def test_the_key_of_a_list_next_door_is_no_way_in(zhou, lin, client_of, person):
    person(BUILDING_THERE, name="丁阿姨")
    key = str(uuid4())
    paste(lin, TABLE, client_key=key)
    answer = paste(client_of("wu"), f"{HEAD}\n{line(who='丁阿姨')}", client_key=key)
    assert answer.status_code == 422 and "请重新打开这一页" in main(answer)
    assert "周桂芳" not in answer.content.decode()
    with within(""):
        assert Bulk.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "status"), [("chen", 403), ("zhou", 403), ("shen", 403), ("gu", 403), ("he", 403), ("wu", 404)]
)
def test_a_list_is_for_the_worker_of_its_committee(zhou, lin, client_of, who, status):
    place = paste(lin, TABLE)["Location"]
    other = client_of(who)
    assert other.get(place).status_code == status
    for verb in ("apply", "undo", "rest"):
        assert other.post(f"{place}/{verb}", {"reason": "捣乱"}).status_code == status, verb
    assert "粘贴的走访" not in other.get("/desk/visits/bring").content.decode()
    with within(""):
        assert not Visit.objects.exists() and only().state == "read"


@pytest.mark.django_db
def test_the_page_tells_each_outcome_and_filters_by_it(zhou, person, lin):
    person(name="张伟"), person(name="张伟")
    text = "\n".join([HEAD, line(), line(), line(who="张伟"), line(who="阚若水"), line(text="")])
    place = paste(lin, text)["Location"]
    page = main(lin.get(place))
    assert outcomes() == ["new", "there", "ambiguous", "refused", "refused"]
    assert "写入这 1 次走访" in page
    for outcome, count in (("new", 1), ("there", 1), ("ambiguous", 1), ("refused", 2)):
        rows = main(lin.get(f"{place}?outcome={outcome}"))
        assert rows.count('class="bulk-row"') == count, outcome
    assert "没有这样的行" in main(lin.get(f"{place}?outcome=nothing"))


@pytest.mark.django_db
def test_a_long_list_says_how_many_it_does_not_show(zhou, lin, monkeypatch):
    monkeypatch.setattr(bulk_pages, "SHOWN", 3)
    place = paste(lin, "\n".join([HEAD, *(line(text=f"第{n}次") for n in range(5))]))["Location"]
    page = main(lin.get(place))
    assert page.count('class="bulk-row"') == 3 and "还有 2 行没有列出" in page


@pytest.mark.django_db
def test_each_step_is_offered_when_it_can_be_done_and_answered_when_it_cannot(zhou, lin):
    place = paste(lin, TABLE)["Location"]
    read = main(lin.get(place))
    assert "写入这 2 次走访" in read and "整份撤销" not in read
    early = lin.post(f"{place}/undo", follow=True).content.decode()
    assert "只有已写入的名单才能撤销" in early
    assert "已写入 2 次走访" in lin.post(f"{place}/apply", follow=True).content.decode()
    applied = main(lin.get(place))
    assert "整份撤销" in applied and "写入这" not in applied
    assert "已写入 2 次走访" in lin.post(f"{place}/apply", follow=True).content.decode(), "once more changes nothing"
    assert "已撤销 2 次走访" in lin.post(f"{place}/undo", follow=True).content.decode()
    undone = main(lin.get(place))
    assert "整份撤销" not in undone and "写入这" not in undone
    assert "请重新上传" in lin.post(f"{place}/apply", follow=True).content.decode()
    with within(""):
        assert Visit.objects.live().count() == 0 and Visit.objects.count() == 2
        verbs = Act.objects.filter(subject_kind="bulk").order_by("id").values_list("verb", flat=True)
        assert [v for v in verbs if v != "people_listed"] == ["visits_brought", "bulk_applied", "bulk_undone"]


@pytest.mark.django_db
def test_a_visit_of_a_list_leads_back_to_it_and_can_be_withdrawn_alone(zhou, lin):
    place = paste(lin, TABLE)["Location"]
    lin.post(f"{place}/apply")
    with within(""):
        one, other = Visit.objects.order_by("visited_on")
    assert place in main(lin.get(f"/desk/visits/{one.pk}"))
    lin.post(f"/desk/visits/{one.pk}/withdraw", {"reason": "写错了人"})
    assert "已撤销 1 次走访" in lin.post(f"{place}/undo", follow=True).content.decode()
    with within(""):
        reasons = dict(Visit.objects.values_list("pk", "withdraw_reason"))
    assert reasons == {one.pk: "写错了人", other.pk: bulk.WITHDRAWN}


@pytest.mark.django_db
def test_who_walked_is_named_and_the_reader_of_the_list_is_not(zhou, lin):
    place = paste(lin, f"{HEAD},走访人\n{line()},王老师\n{line(ago(2))},")["Location"]
    lin.post(f"{place}/apply")
    with within(""):
        found = dict(Visit.objects.values_list("visitor", "visitor_id"))
    assert set(found) == {"王老师", "林晓岚"}
    assert found["王老师"] is None and found["林晓岚"] is not None


def book(*sheets, hidden=()):
    made = Workbook()
    made.remove(made.active)
    for name, rows in sheets:
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
        if name in hidden:
            sheet.sheet_state = "hidden"
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


@pytest.mark.django_db
def test_hidden_sheets_are_not_read(zhou, lin):
    row = [ago(1), "周桂芳", "", "上门", "在家"]
    content = book(("走访", [HEAD.split(","), row]), ("旧的", [HEAD.split(","), [ago(9), *row[1:]]]), hidden=("旧的",))
    assert upload(lin, content, "走访.xlsx").status_code == 303
    assert [r["sheet"] for r in only().rows] == ["走访"]


@pytest.mark.django_db
def test_one_sheet_without_a_head_does_not_lose_the_others(zhou, lin):
    content = book(("说明", [["请大家按时填写"]]), ("走访", [HEAD.split(","), [ago(1), "周桂芳", "", "上门", "在家"]]))
    assert upload(lin, content, "走访.xlsx").status_code == 303
    assert outcomes() == ["new"]


@pytest.mark.django_db
def test_lists_brought_lately_stand_below_the_box_for_their_committee(zhou, lin, client_of):
    upload(lin, TABLE.encode(), "八月走访.csv")
    assert "八月走访.csv" in main(lin.get("/desk/visits/bring"))
    assert "八月走访.csv" not in client_of("wu").get("/desk/visits/bring").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["../../etc/passwd.csv", "<b>八月</b>.csv", "长" * 300 + ".csv", "八月"])
def test_any_name_of_a_file_is_shown_as_it_is(zhou, lin, name):
    answer = upload(lin, TABLE.encode(), name)
    assert answer.status_code == 303
    page = lin.get(answer["Location"]).content.decode()
    assert "<b>八月" not in page and len(only().filename) <= 200


SHEETS = [
    ("8月", "8月3日"),
    ("2025年8月", "8月3日"),
    ("走访", "2025-08-03"),
    ("走访", "2025.8.3"),
    ("8月", "2025年8月3日"),
]


@pytest.mark.parametrize(("sheet", "day"), SHEETS)
def test_a_day_takes_the_year_of_its_sheet_or_says_its_own(sheet, day):
    today = date(2025, 11, 23)
    found = read_list([(sheet, [HEAD.split(","), [day, "周桂芳", "", "上门", "在家"]])], MODES, today)
    assert [one.said.get("day") for one in found.lines] == ["2025-08-03"]


@pytest.mark.parametrize(
    ("cell", "year", "said"),
    [
        ("8月3日", None, ""),
        ("13月1日", 2025, "没有这一天"),
        ("2月30日", 2025, "没有这一天"),
        ("2月29日", 2025, "没有这一天"),
        ("2025-11-24", None, "晚于今天"),
        ("12月1日", 2025, "晚于今天"),
        ("2025年8月", 2025, "请写到哪一天"),
        ("昨天", 2025, ""),
        ("", 2025, ""),
        (None, 2025, ""),
        (float("nan"), 2025, ""),
    ],
)
def test_a_day_that_is_none_says_why(cell, year, said):
    found, problem = day_of(cell, year, date(2025, 11, 23))
    assert found is None and problem and said in problem


@settings(max_examples=60)
@given(st.dates(date(2020, 1, 1), date(2025, 11, 23)))
def test_every_day_is_read_in_each_usual_writing(day):
    today = date(2025, 11, 23)
    for text in (day.isoformat(), f"{day.year}年{day.month}月{day.day}日", f"{day.year}.{day.month}.{day.day}",
                 f"{day.year}/{day.month:02d}/{day.day:02d}"):  # fmt: skip
        assert day_of(text, None, today) == (day, ""), text
    for text in (f"{day.month}月{day.day}日", f"{day.month}.{day.day}", f"{day.month}/{day.day}"):
        assert day_of(text, day.year, today) == (day, ""), text


@pytest.mark.parametrize("part", sorted(PARTS))
def test_each_head_is_known_by_each_of_its_names(part):
    needed = {"day": "日期", "name": "被访者", "situation": "情况"}
    cells = {"day": "2025-08-03", "name": "周桂芳", "situation": "在家", "mode": "电话", "address": "12号302"}
    for name in PARTS[part]:
        heads = {**needed, part: name}
        row = [cells.get(p, "2025-08-09" if p == "follow_up_on" else "某") for p in heads]
        (found,) = read_list([("走访", [list(heads.values()), row])], MODES, date(2025, 11, 23)).lines
        assert not found.reason, (name, found.reason)
        assert found.cells.get(part) or found.said.get(part), name


told_words = (
    st.text(alphabet="周桂芳身体一般，。！12ab=+-@ ", min_size=1, max_size=12)
    .map(str.strip)
    .filter(lambda text: re.search(r"[周桂芳身体一般]", text))
)


@settings(max_examples=80)
@given(told_words)
def test_rows_that_went_out_come_in_again_as_they_were(text):
    """Whatever was told, the file to correct says it again, without the mark that keeps a spreadsheet from running it."""
    row = {"cells": {"day": "8月1日", "name": "周桂芳", "situation": text}, "said": {"day": "2025-08-01"}, "sheet": "8月",
           "number": 3, "reason": "没有"}  # fmt: skip
    out = list(csv.reader(io.StringIO(csv_of(*rest_of([row])).decode("utf-8-sig"), newline="")))
    assert not re.match(r"[=+\-@]", out[1][3])
    (found,) = read_list([("走访", out)], MODES, date(2025, 11, 23)).lines
    (straight,) = read_list(
        [("走访", [out[0], ["2025-08-01", "周桂芳", "", text, "", "", ""]])], MODES, date(2025, 11, 23)
    ).lines
    assert found.said["day"] == "2025-08-01"
    assert found.cells["situation"] == straight.cells["situation"]


def test_the_key_of_a_repetition_is_of_who_when_how_and_what():
    one = uuid4()
    base = bulk.repeat_key(one, "2025-08-03", "2", "身体一般，胃口好")
    assert base == bulk.repeat_key(one, "2025-08-03", "2", " 身体 一般，\n胃口好 ")
    others = [(uuid4(), "2025-08-03", "2", "身体一般，胃口好"), (one, "2025-08-04", "2", "身体一般，胃口好"),
              (one, "2025-08-03", "3", "身体一般，胃口好"), (one, "2025-08-03", "2", "身体一般")]  # fmt: skip
    assert len({base, *(bulk.repeat_key(*o) for o in others)}) == 5
