"""The machine's console: nobody has to agree, flags and files are as ever, and the departure stands in the list."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from linyun.foundation.leaving.rules import State
from linyun.hub.records.models import Person
from tests.characters import HERE
from tests.leaving.conftest import MANY, acts, departures

EVERYBODY = "姓名 不为空"


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


WAYS: dict[str, Callable[[Path], tuple[str, ...]]] = {
    "export": lambda out: ("export", str(out / "a.csv"), "--area", HERE, "--columns", "name"),
    "crowd": lambda out: ("crowd", EVERYBODY, "--area", HERE, "--csv", "--columns", "name"),
    "ledger": lambda out: ("ledger", "make", "residents", "--area", HERE, "--out", str(out / "a.xlsx")),
    "workbook": lambda out: ("ledger", "make", "--all", "--area", HERE, "--out", str(out / "a.xlsx")),
    "zip": lambda out: ("ledger", "make", "--all", "--area", HERE, "--out", str(out / "a.zip")),
    "folder": lambda out: ("ledger", "make", "--all", "--area", HERE, "--out", str(out / "all")),
}
EVENTS = ("people_exported", "crowd_exported", "ledger_exported")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("reason", ["", "领导要数"])
def test_a_command_needs_nobody_and_is_kept_as_a_departure(
    way: str, reason: str, many: list[Person], tmp_path: Path
) -> None:
    arguments = WAYS[way](tmp_path)
    run(*arguments, *(("--reason", reason) if reason else ()))
    (left,) = departures()
    assert (left.state, left.channel, left.area) == (State.LEFT, "command", HERE)
    assert left.rows >= MANY
    assert reason in left.reason
    (act,) = acts(*EVENTS)
    assert (act.subject_kind, act.subject_id) == ("departure", left.pk)


def test_columns_of_files_for_programs_are_as_asked(many: list[Person], tmp_path: Path) -> None:
    run(*WAYS["export"](tmp_path))
    rows = list(csv.reader(io.StringIO((tmp_path / "a.csv").read_text("utf-8-sig"))))
    assert rows[0] == ["姓名"]
    assert len(rows) == MANY + 1
    assert run(*WAYS["crowd"](tmp_path)).splitlines()[0] == "姓名"
    run("ledger", "make", "residents", "--area", HERE, "--out", str(tmp_path / "b.csv"))
    assert "导出标记" not in (tmp_path / "b.csv").read_text("utf-8-sig")


@pytest.mark.parametrize("key", ["shen", "gu", "lin"])
def test_the_street_reads_of_it(key: str, many: list[Person], tmp_path: Path, client_of: Any) -> None:
    run(*WAYS["export"](tmp_path), "--reason", "领导要数")
    client: Client = client_of(key)
    said = client.get(reverse("departures")).content.decode()
    assert "（命令行）" in said and "领导要数" in said and str(MANY) in said


def test_the_stranger_does_not(many: list[Person], tmp_path: Path, client_of: Any) -> None:
    run(*WAYS["export"](tmp_path), "--reason", "领导要数")
    assert "领导要数" not in client_of("wu").get(reverse("departures")).content.decode()
