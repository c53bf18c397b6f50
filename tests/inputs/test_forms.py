"""Every file of real systems: imported rightly, or answered with a sentence that a worker understands."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from linyun.foundation.areas.models import Area
from linyun.hub.exchange import services
from linyun.hub.exchange.models import Import
from linyun.hub.records.models import Dwelling, Person
from tests.characters import HERE

FORMS = Path(__file__).resolve().parents[3] / "shared" / "inputs" / "forms"
ABSENT = "../shared/inputs is absent: the files of real systems cannot be tried here"
pytestmark = pytest.mark.inputs

SAYS = {
    "cyryplcjb.xls": "空白的居民名册",
    "syrkplcjb.xls": "空白的居民名册",
    "sqy_residents_template.xlsx": "空白的居民名册",
    "建筑导入模板.xlsx": "空白的楼栋清单",
    "dbdesign.xlsx": "字段说明",
    "tpe_departments_full.xlsx": "单位或部门",
}
"""Files without a row for us, and what must be said of each."""


def form(name: str) -> Path:
    if not FORMS.is_dir():
        pytest.skip(ABSENT)
    return FORMS / name


def test_no_form_is_left_out():
    assert {p.name for p in form("").iterdir()} == {*SAYS, "hc_2019-09.xlsx"}


@pytest.mark.parametrize("name", SAYS)
def test_a_form_without_rows_gives_nobody_and_a_sentence(as_worker, areas, name):
    path = form(name)
    with as_worker():
        batch = services.bring_in(path.read_bytes(), path.name, area=HERE)
        report = services.check(batch)
        assert (report.rows, report.refusals) == (0, [])
        assert SAYS[name] in batch.message
        services.apply(batch.pk)
        assert not Person.objects.exists()


@pytest.mark.parametrize("name", SAYS)
def test_the_command_is_content_with_an_empty_form(areas, capsys, name):
    call_command("import", str(form(name)), "--area", HERE, "--yes", "--json")
    said = json.loads(capsys.readouterr().out)
    assert said["rows"] == 0
    assert SAYS[name] in said["message"]


def test_four_linked_sheets_become_buildings_people_and_dwellings_and_parking_is_told(as_worker, areas):
    path = form("hc_2019-09.xlsx")
    with as_worker():
        batch = services.bring_in(path.read_bytes(), path.name, area=HERE)
        report = services.apply(batch.pk)
        by_kind = {k: batch.rows.filter(kind=k).count() for k in ("person", "dwelling", "building")}
        assert by_kind == {"person": 5, "dwelling": 8, "building": 26}
        assert report.rows == 39
        assert report.created + report.updated + report.unchanged + report.conflicts + report.refused == report.rows
        batch.refresh_from_db()
        assert "车位清单" in batch.message
        assert Person.objects.count() == batch.rows.filter(kind="person", outcome="created").count() == 5
        assert Dwelling.objects.count() == batch.rows.filter(kind="dwelling", outcome="created").count() > 0
        assert all(p.phone and len(p.phone) == 11 for p in Person.objects.all())
        made = Area.objects.filter(source=f"import {batch.pk}", kind=Area.Kind.BUILDING).count()
        assert made >= batch.rows.filter(kind="building", outcome="created").count() > 0
        services.undo(batch.pk)
        assert not Person.objects.exists() and not Dwelling.objects.exists()
        assert not Area.objects.filter(source=f"import {batch.pk}").exists()


def test_one_kind_can_be_asked_for_alone(as_worker, areas):
    path = form("hc_2019-09.xlsx")
    with as_worker():
        batch = services.bring_in(path.read_bytes(), path.name, area=HERE, kind="people")
        assert services.check(batch).rows == 5
        assert "没有选它" in Import.objects.get(pk=batch.pk).message
