"""`linyun import` at the terminal: one JSON object, numbers that add up, exit codes, undo."""

import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from linyun.foundation.acts.models import Act
from linyun.foundation.areas.scope import within
from linyun.hub.exchange.models import Import, ImportRow
from linyun.hub.records.models import Person
from linyun.kernel.values.identity import make
from tests.characters import HERE, STREET

ZHOU = make("310110", date(1949, 3, 5), 998)
KEYS = {"rows", "created", "updated", "unchanged", "conflicts", "refused", "refusals"}


@pytest.fixture
def roster(tmp_path, areas):
    path = tmp_path / "名册.csv"
    path.write_text(f"姓名,身份证号,联系电话\n周桂芳,{ZHOU},123\n王敏,{ZHOU[:-1]}?,\n", encoding="utf-8")
    return path


def run(capsys, *arguments):
    call_command("import", *map(str, arguments), "--area", HERE, "--json")
    return json.loads(capsys.readouterr().out)


def test_one_object_whose_numbers_add_up_with_each_refusal_by_cell(roster, capsys):
    said = run(capsys, roster, "--dry-run")
    assert said.keys() >= KEYS
    assert said["rows"] == sum(said[k] for k in ("created", "updated", "unchanged", "conflicts", "refused")) == 2
    whole = next(r for r in said["refusals"] if r["scope"] == "row")
    cell = next(r for r in said["refusals"] if r["scope"] == "cell")
    assert (whole["sheet"], whole["row"], whole["column"], whole["value"]) == ("名册", 3, "B 身份证号", f"{ZHOU[:-1]}?")
    assert (cell["row"], cell["column"], cell["value"]) == (2, "C 联系电话", "123")
    assert whole.keys() == {"sheet", "row", "column", "value", "reason", "scope"}
    with within(HERE):
        assert not Person.objects.exists()


def test_the_typed_number_stays_at_the_terminal(roster, capsys, caplog):
    run(capsys, roster, "--yes")
    with within(HERE):
        kept = [
            *Act.objects.values_list("detail", flat=True),
            *ImportRow.objects.values(),
            Import.objects.values("tables"),
        ]
    assert ZHOU[:-1] not in str(kept) + caplog.text


def test_import_again_and_undo(roster, capsys):
    first = run(capsys, roster, "--yes")
    assert (first["created"], first["state"]) == (1, "applied")
    assert run(capsys, roster, "--yes")["unchanged"] == 1
    assert run(capsys, first["id"], "--undo") == {"undone": first["id"], "kept": []}
    with within(HERE):
        assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"area": "999999999999"}, "没有“999999999999”这个居委会"),
        ({"area": STREET}, "12 位"),
        ({"file": "no-such-file.xlsx"}, "找不到文件"),
        ({"undo": True, "file": "not-an-id"}, "没有编号为"),
        ({"undo": True, "file": "018f0000-0000-7000-8000-000000000000"}, "没有编号为"),
        ({"content": b"%PDF-1.7"}, "PDF"),
        ({"source": "rumour"}, "来源"),
        ({"yes": False}, "没有得到确认"),
    ],
)
def test_what_cannot_be_done_fails_with_a_sentence(roster, change, says):
    if "content" in change:
        roster.write_bytes(change["content"])
    arguments = [change.get("file", str(roster)), "--area", change.get("area", HERE)]
    arguments += ["--undo"] * change.get("undo", False) + ["--yes"] * change.get("yes", True)
    arguments += ["--source", change["source"]] if "source" in change else []
    with pytest.raises(CommandError, match=says):
        call_command("import", *arguments)
    with within(HERE):
        assert not Person.objects.exists()


def test_in_words_it_names_the_cell_and_the_number_of_rows(roster, capsys):
    call_command("import", str(roster), "--area", HERE, "--dry-run")
    said = capsys.readouterr().out
    assert "共 2 行：新增 1 行" in said and "名册 第 3 行 B 身份证号" in said
