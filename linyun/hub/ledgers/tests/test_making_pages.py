"""Ledgers made without programming, through their pages."""

import io
import re
from uuid import uuid4

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from linyun.foundation.areas.scope import within
from linyun.hub.ledgers import services
from linyun.hub.ledgers.models import LedgerForm, OwnLedger
from linyun.hub.ledgers.tests.blanks import disabled_list, plain
from linyun.hub.ledgers.tests.screens import page, post, text
from tests.characters import HERE

COLUMNS = "序号\n姓名\n老人 > 年龄 = 年龄\n住址"


def test_a_new_ledger_is_looked_at_and_then_kept(lin, neighbourhood):
    sent = {"name": "八十岁以上", "source": "person", "rule": "年龄 >= 80", "columns": COLUMNS, "period": "quarter"}
    preview = post(lin, "ledger_new", **sent, step="preview")
    said = text(preview)
    assert "共 1 条" in said
    assert "陈阿宝" in said
    assert "80 岁" in said.replace("80岁", "80 岁")
    with within(HERE):
        assert not OwnLedger.objects.exists()
    kept = post(lin, "ledger_new", **sent, step="save", client_key=str(uuid4()))
    assert kept.status_code == 303
    shown = text(lin.get(kept.headers["Location"]))
    assert "八十岁以上" in shown
    assert "陈阿宝" in shown
    assert "本单位自建" in text(page(lin, "ledgers", group="本单位自建"))


def test_chosen_columns_are_added_to_those_written(lin, areas):
    sent = {
        "name": "名单",
        "source": "person",
        "columns": "姓名",
        "step": "preview",
        "chosen": ["phone", "name", "age"],
    }
    html = post(lin, "ledger_new", **sent).content.decode()
    written = re.search(r"<textarea[^>]*name=\"columns\"[^>]*>(.*?)</textarea>", html, re.S)[1].strip().splitlines()
    assert written[0] == "姓名"
    assert set(written) >= {"姓名", "年龄", "联系电话"}
    assert written.count("姓名") == 1


def test_each_problem_of_a_new_ledger_stands_beside_its_field(lin, areas):
    sent = {"name": "", "source": "person", "rule": "年铃 >= 80", "columns": "姓明", "step": "save"}
    html = post(lin, "ledger_new", **sent).content.decode()
    top, fields = html.split('role="alert"')[1].split("</ul>", 1)
    for field, said in (("name", "起个名字"), ("rule", "条件第 1 个字起"), ("columns", "是不是“姓名”")):
        assert f'href="#f-{field}"' in top
        assert said in fields.split(f'id="f-{field}-error"')[1].split("</div>")[0]


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"name": "", "columns": "姓名"}, "请给台账起个名字"),
        ({"name": "名单", "columns": ""}, "现在有 0 列"),
        ({"name": "名单", "columns": "姓明"}, "是不是“姓名”"),
        ({"name": "名单", "columns": "姓名", "rule": "年铃 >= 80"}, "条件第 1 个字起"),
    ],
)
@pytest.mark.parametrize("step", ["preview", "save"])
def test_what_does_not_fit_is_told_in_words_and_nothing_is_lost(lin, areas, sent, sentence, step):
    response = post(lin, "ledger_new", source="person", due="每月25日", step=step, **sent)
    assert response.status_code == 422
    assert sentence in text(response)
    assert 'value="每月25日"' in response.content.decode()
    with within(HERE):
        assert not OwnLedger.objects.exists()


@pytest.mark.parametrize("source", ["person", "household", "dwelling", "organisation", "place", "visit", "entry", "x"])
def test_each_kind_of_record_offers_its_own_columns(lin, areas, source):
    html = page(lin, "ledger_new", source=source).content.decode()
    if source == "dwelling":
        assert 'value="owner_names"' in html
    if source == "entry":
        assert 'name="rule"' not in html


def test_a_dropped_ledger_disappears_from_the_list(lin, areas, as_worker):
    with as_worker():
        made = services.make_ledger(
            {"name": "临时名单", "source": "person", "columns": [{"name": "姓名", "value": "name"}]}
        )
    assert "停用这本台账" in text(page(lin, "ledger", made.code))
    post(lin, "ledger_drop", made.code)
    page(lin, "ledger", made.code, status=404)
    assert post(lin, "ledger_drop", made.code).status_code == 404


# Official blanks


def uploaded(client, content: bytes, **data):
    file = SimpleUploadedFile("空表.xlsx", content)
    return client.post(reverse("ledger_blank_new"), {"file": file, "client_key": str(uuid4()), **data})


def test_a_blank_is_read_checked_and_comes_back_filled(lin, neighbourhood):
    response = uploaded(lin, disabled_list(), source="person", rule="年龄 >= 70", period="quarter")
    assert response.status_code == 303
    shown = lin.get(response.headers["Location"])
    assert "联系人 · 姓名" in text(shown)
    assert "没有认出来" in text(shown)
    with within(HERE):
        form = LedgerForm.objects.get()
    mapping = {f"column-{c['number']}": c["value"] for c in form.columns} | {"column-3": "emergency_contact"}
    saved = post(lin, "ledger_form", form.pk, **mapping)
    assert saved.headers["Location"] == reverse("ledger", args=[form.ledger])
    file = post(lin, "ledger_export", form.ledger, format="form", reason="月度核对")
    ws = openpyxl.load_workbook(io.BytesIO(file.content))["残疾人名单"]
    assert {ws.cell(r, 2).value for r in (4, 5)} == {"周桂芳", "陈阿宝"}
    assert "周建国" in {ws.cell(r, 3).value for r in (4, 5)}


def test_a_blank_can_serve_a_ledger_that_there_is(lin, neighbourhood):
    assert "独居老人名册" in text(page(lin, "ledger_blank_new", ledger="lone_elders"))
    response = uploaded(lin, plain("序号", "姓名", "住址", title="独居老人"), ledger="lone_elders")
    assert response.status_code == 303
    assert "核对每一列的对应关系" in text(page(lin, "ledger", "lone_elders"))
    file = post(lin, "ledger_export", "lone_elders", format="form", reason="月度核对")
    assert openpyxl.load_workbook(io.BytesIO(file.content)).active["B3"].value == "周桂芳"


@pytest.mark.parametrize(
    ("content", "sentence"), [(b"%PDF-1.4", "PDF"), (b"", "请选择空表文件"), (b"x,y", "请用 .xlsx 格式")]
)
def test_a_file_that_is_no_blank_comes_back_with_a_sentence(lin, areas, content, sentence):
    data = {"source": "person", "name": "我的台账"}
    response = uploaded(lin, content, **data) if content else lin.post(reverse("ledger_blank_new"), data)
    assert response.status_code == 422
    assert sentence in text(response)
    assert 'value="我的台账"' in response.content.decode()


def test_a_bad_condition_with_a_blank_comes_back_too(lin, areas):
    response = uploaded(lin, disabled_list(), source="person", rule="年铃 > 1")
    assert response.status_code == 422
    assert "条件第 1 个字起" in text(response)


def test_a_mapping_that_fits_nothing_goes_back_to_the_form(lin, areas):
    address = uploaded(lin, disabled_list(), source="person").headers["Location"]
    response = lin.post(address, {"column-2": "nothing"})
    assert response.headers["Location"] == address
    assert "台账里没有" in text(lin.get(address))


def test_a_blank_of_the_next_community_is_not_found(lin, client_of, areas):
    address = uploaded(client_of("wu"), disabled_list(), source="person").headers["Location"]
    assert lin.get(address).status_code == 404
    assert lin.post(address, {"column-2": "name"}).status_code == 404


def test_a_crowd_leads_here_with_its_rule(lin, areas):
    assert "年龄 &gt;= 70" in page(lin, "ledger_new", source="person", rule="年龄 >= 70").content.decode()
