"""Ledgers as files: rightly filled, rightly named, recorded, masked unless somebody may and says why."""

import csv
import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from linyun.foundation.accounts.policy import Refused
from linyun.foundation.acts.models import Act
from linyun.hub.ledgers import documents, exports, services
from linyun.hub.ledgers.exports import Unexportable
from linyun.hub.ledgers.period import BadPeriod
from linyun.hub.ledgers.register import NoSuchLedger, in_force
from linyun.hub.ledgers.tests.blanks import disabled_list
from linyun.hub.records.services import Origin, state
from linyun.kernel import clock
from tests.characters import HERE, STREET, THERE
from tests.residents import number_of

NUMBER = number_of(date(1948, 3, 5), 998)
MASKED = "310***********" + NUMBER[-4:]


def opened(file: documents.File):
    return openpyxl.load_workbook(io.BytesIO(file.content))


def texts(file: documents.File) -> str:
    return "\n".join(str(c.value) for ws in opened(file) for row in ws.iter_rows() for c in row if c.value is not None)


def last_act() -> Act:
    return Act.objects.filter(verb="ledger_exported").latest("at")


def test_a_file_has_title_unit_period_filler_date_and_count(as_worker, neighbourhood):
    with as_worker():
        file, count = exports.export("lone_elders", HERE, when="2026")
    ws = opened(file).active
    assert count == 1
    assert ws["A1"].value == "独居老人名册"
    line = [c.value for c in ws[2] if c.value]
    assert line == [
        "填报单位：四平路街道公交新村居委会",
        "统计时间：2026年　数据截至：2026-11-23",
        "填报人：林晓岚　填报日期：2026-11-23",
    ]
    assert "共 1 条" in texts(file)
    assert file.name == "独居老人名册_四平路街道公交新村居委会_2026.xlsx"


def test_a_ledger_of_dated_rows_states_its_period_alone(as_worker, neighbourhood):
    with as_worker():
        file, count = exports.export("visits", HERE, when="2026-10")
    assert count == 1
    assert "统计时间：2026年10月" in texts(file)
    assert "数据截至" not in texts(file)


def test_a_statistic_states_its_unit_and_counts_no_rows(as_worker, neighbourhood):
    with as_worker():
        text = texts(exports.export("population_table", HERE, when="2026")[0])
    assert "单位：人" in text
    assert "共 1 条" not in text
    assert "说明：" in text


def test_identity_numbers_leave_masked_phones_in_full(as_worker, neighbourhood):
    with as_worker():
        text = texts(exports.export("residents", HERE)[0])
    assert MASKED in text
    assert NUMBER not in text
    assert "19900111111" in text


def test_full_identity_numbers_take_a_reason_which_is_recorded(as_worker, neighbourhood):
    with as_worker():
        with pytest.raises(Unexportable, match="请写明用途"):
            exports.export("residents", HERE, full=True, reason=" ")
        assert not Act.objects.filter(verb="ledger_exported").exists()
        file, _ = exports.export("residents", HERE, full=True, reason="公安核对户籍")
        act = last_act()
    assert NUMBER in texts(file)
    assert act.detail["full"] is True
    assert act.reason == "公安核对户籍"


def test_a_ledger_without_such_numbers_is_never_recorded_as_full(as_worker, neighbourhood):
    with as_worker():
        exports.export("lone_elders", HERE, full=True, reason="核对")
        assert last_act().detail["full"] is False


def test_what_left_is_recorded_without_any_name(as_worker, neighbourhood):
    with as_worker() as actor:
        exports.export("residents", HERE, form="csv")
        act = last_act()
    assert act.detail == {"ledger": "residents", "form": "csv", "count": 3, "full": False, "period": ""}
    assert act.account_id == actor.account_id
    assert act.area == HERE


def test_a_csv_has_one_head_line_and_the_rows(as_worker, neighbourhood):
    with as_worker():
        file, _ = exports.export("lone_elders", HERE, form="csv")
    rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert len(rows) == 2
    assert rows[0][:4] == ["序号", "姓名", "性别", "年龄"]
    assert "紧急联系人 · 电话" in rows[0]
    assert rows[1][1] == "周桂芳"
    assert file.name.endswith(".csv")


def test_an_official_blank_comes_back_filled(as_worker, neighbourhood):
    with as_worker():
        form = services.make_from_blank(
            disabled_list(), "空表.xlsx", {"source": "person", "rule": "年龄 >= 70", "name": ""}
        )
        file, count = exports.export(form.ledger, HERE, form="form")
    ws = opened(file)["残疾人名单"]
    assert count == 2
    assert ws["A1"].value == "四平路街道残疾人名单（空表）"
    assert {ws.cell(r, 2).value for r in (4, 5)} == {"周桂芳", "陈阿宝"}
    assert ws["A7"].value == "填表人："


@pytest.mark.parametrize("form", ["pdf", "", "XLSX"])
def test_a_form_that_nobody_knows_is_refused(as_worker, areas, form):
    with as_worker(), pytest.raises(Unexportable):
        exports.export("lone_elders", HERE, form=form)


def test_other_refusals_are_sentences(as_worker, areas):
    with as_worker():
        with pytest.raises(NoSuchLedger, match="没有编号为“nothing”的台账"):
            exports.export("nothing", HERE)
        with pytest.raises(BadPeriod, match="看不懂期间"):
            exports.export("lone_elders", HERE, when="去年")
        with pytest.raises(Unexportable, match="还没有上传过官方空表"):
            exports.export("lone_elders", HERE, form="form")


@pytest.mark.parametrize("key", ["chen", "zhou", "shen", "gu", "lu", "he", "yan"])
def test_who_may_not_export_is_refused(as_character, areas, key):
    with as_character(key), pytest.raises(Refused):
        exports.export("lone_elders", HERE)
    with as_character(key), pytest.raises(Refused):
        exports.export_all(HERE)
    with as_character(key), pytest.raises(Refused):
        list(exports.export_each(HERE))


def test_a_worker_exports_the_own_area_only(as_worker, areas):
    for area in (THERE, STREET):
        with as_worker(), pytest.raises(Refused):
            exports.export("lone_elders", area)


def test_all_ledgers_make_one_workbook_behind_an_index(as_worker, neighbourhood):
    with as_worker():
        file, count = exports.export_all(HERE)
        every = in_force()
    book = opened(file)
    assert len(book.sheetnames) == len(every) + 1
    assert book.sheetnames[0] == documents.INDEX
    index = book[documents.INDEX]
    assert [index.cell(r, 2).value for r in range(4, 4 + len(every))] == [x.name for x in every]
    assert sum(index.cell(r, 4).value for r in range(4, 4 + len(every))) == count
    assert index["B4"].hyperlink.location.endswith("!A1")


def test_all_ledgers_make_a_zip_of_files_in_folders_by_group(as_worker, neighbourhood):
    with as_worker():
        file, _ = exports.export_all(HERE, form="zip")
        every = in_force()
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        names = archive.namelist()
        lone = next(n for n in names if n.startswith("公共服务/独居老人名册"))
        one = openpyxl.load_workbook(io.BytesIO(archive.read(lone)))
    assert len(names) == len(set(names)) == len(every)
    assert {n.split("/")[0] for n in names} == {x.group for x in every}
    assert one.active["B5"].value == "周桂芳"


def test_all_at_once_is_one_recorded_export_and_always_masked(as_worker, neighbourhood):
    with as_worker():
        file, count = exports.export_all(HERE)
        assert Act.objects.filter(verb="ledger_exported").count() == 1
        act = last_act()
    assert act.detail == {"ledger": "all", "form": "workbook", "count": count, "full": False, "period": ""}
    assert NUMBER not in texts(file)


def test_a_period_for_all_reaches_the_ledgers_of_that_kind(as_worker, neighbourhood):
    with as_worker():
        spans = {made.ledger.code: made.span.code for made, _ in exports.export_each(HERE, when="2026-10")}
    assert spans["visits"] == "2026-10"
    assert spans["lone_elders"] == "2026"
    assert spans["residents"] == ""


@pytest.mark.parametrize("form", ["pdf", "form"])
def test_all_at_once_knows_its_forms(as_worker, areas, form):
    with as_worker():
        with pytest.raises(Unexportable):
            exports.export_all(HERE, form=form)
        with pytest.raises(Unexportable):
            list(exports.export_each(HERE, form=form))


def test_a_closing_is_exported_byte_for_byte_the_same(as_worker, neighbourhood, monkeypatch):
    with as_worker():
        row = services.close("lone_elders", HERE, "2025")
        first = exports.export_closing(row)
        state(neighbourhood.zhou, {"phone": "19900999999"}, source="desk", origin=Origin("desk"))
        neighbourhood.zhou.refresh_from_db()
        monkeypatch.setattr(clock, "now", lambda: datetime(2028, 1, 1, tzinfo=clock.ZONE))
        monkeypatch.setattr(clock, "today", lambda: date(2028, 1, 1))
        again = exports.export_closing(row)
    assert first == again
    assert "19900111111" in texts(first)
    assert first.name == "独居老人名册_四平路街道公交新村居委会_2025_封账1.xlsx"


def test_a_closings_file_carries_its_digest(as_worker, neighbourhood):
    with as_worker():
        row = services.close("lone_elders", HERE, "2025")
        file = exports.export_closing(row)
    with zipfile.ZipFile(io.BytesIO(file.content)) as package:
        assert row.digest in package.read("docProps/core.xml").decode()


def test_a_closing_leaves_masked_in_full_for_a_reason_or_plain(as_worker, neighbourhood):
    with as_worker():
        row = services.close("residents", HERE, "2026-10")
        assert MASKED in texts(exports.export_closing(row))
        with pytest.raises(Unexportable):
            exports.export_closing(row, full=True)
        assert NUMBER in texts(exports.export_closing(row, full=True, reason="公安核对"))
        assert last_act().detail | {"full": True, "period": "2026-10"} == last_act().detail
        assert exports.export_closing(row, form="csv").content.startswith(b"\xef\xbb\xbf")


def test_a_closing_of_the_next_community_is_not_exported(as_worker, as_character, neighbourhood):
    with as_worker():
        row = services.close("lone_elders", HERE, "2025")
    with as_character("wu"), pytest.raises(Refused):
        exports.export_closing(row)


@pytest.mark.parametrize(
    ("area", "name"),
    [
        (HERE, "四平路街道公交新村居委会"),
        (HERE + "001001", "四平路街道公交新村居委会"),
        (STREET, "四平路街道"),
        ("310110", "杨浦区"),
    ],
)
def test_an_office_signs_with_its_own_name(areas, area, name):
    assert documents.unit_name(area) == name


def test_an_unknown_area_signs_with_its_code(db):
    assert documents.unit_name("990000000000") == "990000000000"
