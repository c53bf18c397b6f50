"""`linyun ledger`: lists and makes ledgers as a shell expects."""

import io
import json
import zipfile

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from linyun.foundation.acts.models import Act
from linyun.foundation.areas.scope import within
from linyun.hub.ledgers.management.commands import ledger as command
from tests.characters import HERE, THERE


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("ledger", *arguments, stdout=out)
    return out.getvalue()


def test_the_list_is_json_with_codes_names_and_due_days(areas):
    listed = json.loads(run("list", "--json"))
    lone = next(x for x in listed if x["code"] == "lone_elders")
    assert len(listed) >= 50
    assert lone == {
        "code": "lone_elders",
        "name": "独居老人名册",
        "group": "公共服务",
        "source": "person",
        "period": "year",
        "due": "每季末月25日前",
        "audited": True,
        "columns": 12,
        "rows": None,
    }


def test_the_list_counts_rows_for_an_area(neighbourhood):
    rows = {x["code"]: x["rows"] for x in json.loads(run("list", "--area", HERE, "--json"))}
    assert (rows["residents"], rows["lone_elders"], rows["visits"]) == (3, 1, 1)


def test_the_list_is_readable_without_json(neighbourhood):
    lines = run("list", "--area", HERE).splitlines()
    assert any("独居老人名册" in line and "1 条" in line for line in lines)


def test_one_ledger_is_written_where_it_was_asked(neighbourhood, tmp_path):
    target = tmp_path / "独居老人.xlsx"
    told = json.loads(run("make", "lone_elders", "--area", HERE, "--out", str(target), "--json"))
    assert told["rows"] == 1
    assert told["file"] == str(target)
    assert told["bytes"] == target.stat().st_size
    assert openpyxl.load_workbook(target).active["B5"].value == "周桂芳"


def test_a_file_name_may_be_left_to_the_ledger(neighbourhood, tmp_path):
    run("make", "lone_elders", "--area", HERE, "--out", str(tmp_path))
    assert [p.name for p in tmp_path.iterdir()] == ["独居老人名册_四平路街道公交新村居委会_2026.xlsx"]


@pytest.mark.parametrize("asked", [("a.csv", ()), ("a.txt", ("--format", "csv"))])
def test_csv_is_told_by_the_name_or_asked_for(neighbourhood, tmp_path, asked):
    name, more = asked
    run("make", "lone_elders", "--area", HERE, "--out", str(tmp_path / name), *more)
    assert (tmp_path / name).read_bytes().startswith(b"\xef\xbb\xbf")


def test_a_period_can_be_named(neighbourhood, tmp_path):
    told = run("make", "visits", "--area", HERE, "--period", "2026-10", "--out", str(tmp_path / "v.xlsx"))
    assert "1 条" in told
    assert openpyxl.load_workbook(tmp_path / "v.xlsx").active["D4"].value == "周桂芳"


def test_every_ledger_goes_into_a_folder_a_workbook_or_a_zip(neighbourhood, tmp_path):
    count = len(json.loads(run("list", "--json")))
    told = json.loads(run("make", "--all", "--area", HERE, "--out", str(tmp_path / "全部"), "--json"))
    assert len(told) == len(list((tmp_path / "全部").glob("*.xlsx"))) == count
    run("make", "--all", "--area", HERE, "--out", str(tmp_path / "全部.xlsx"))
    assert len(openpyxl.load_workbook(tmp_path / "全部.xlsx").sheetnames) == count + 1
    run("make", "--all", "--area", HERE, "--out", str(tmp_path / "全部.zip"))
    assert len(zipfile.ZipFile(tmp_path / "全部.zip").namelist()) == count


def test_full_numbers_take_a_reason_here_too(neighbourhood, tmp_path):
    target = str(tmp_path / "r.xlsx")
    with pytest.raises(CommandError, match="请写明用途"):
        run("make", "residents", "--area", HERE, "--out", target, "--full")
    run("make", "residents", "--area", HERE, "--out", target, "--full", "--reason", "公安核对")
    with within(HERE):
        act = Act.objects.get(verb="ledger_exported")
    assert (act.channel, act.reason, act.detail["full"]) == ("command", "公安核对", True)
    with pytest.raises(CommandError, match="一本一本"):
        run("make", "--all", "--area", HERE, "--out", target, "--full", "--reason", "公安核对")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("make", "nothing", "--area", HERE, "--out", "x.xlsx"), "没有编号为“nothing”的台账"),
        (("make", "lone_elders", "--area", "999999999999", "--out", "x.xlsx"), "没有编号为 999999999999 的区域"),
        (("make", "--area", HERE, "--out", "x.xlsx"), "写明一本台账的编号，或者用 --all"),
        (("make", "lone_elders", "--all", "--area", HERE, "--out", "x.xlsx"), "写明一本台账的编号，或者用 --all"),
        (("make", "lone_elders", "--area", HERE, "--period", "去年", "--out", "x.xlsx"), "看不懂期间"),
        (("make", "lone_elders", "--area", HERE, "--out", "/nowhere/x.xlsx"), "写不了文件"),
    ],
)
def test_what_cannot_be_done_is_said_and_fails(neighbourhood, arguments, sentence):
    with pytest.raises(CommandError, match=sentence):
        run(*arguments)


def test_the_next_communitys_ledger_holds_nobody_of_ours(neighbourhood, tmp_path):
    assert "0 条" in run("make", "residents", "--area", THERE, "--out", str(tmp_path / "x.xlsx"))


def test_progress_is_shown_to_people_and_kept_from_machines(neighbourhood, tmp_path, monkeypatch):
    shown = io.StringIO()
    shown.isatty = lambda: True
    out = io.StringIO()
    call_command(command.Command(), "make", "--all", "--area", HERE, "--out", str(tmp_path / "f"), "--json",
                 stdout=out, stderr=shown)  # fmt: skip
    assert "独居老人名册" in shown.getvalue()
    json.loads(out.getvalue())
