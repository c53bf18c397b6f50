"""The main job on messy rosters: exactly the planted errors are refused; again changes nothing; undo leaves no trace."""

import hashlib
import json
from datetime import date
from pathlib import Path

import pytest
from django.db import connection

from linyun.foundation.acts.actor import Actor, acting
from linyun.foundation.areas.models import Area
from linyun.foundation.areas.scope import within
from linyun.hub.exchange import services
from linyun.kernel.declare import Role
from linyun.kernel.synth.estates import Area as Committee
from linyun.kernel.synth.messy.roster import write_roster
from linyun.kernel.synth.world import World, generate
from linyun.site.demo.load import load
from tests.characters import AREAS, HERE, THERE

STYLES = ("plain", "head_rows", "merged", "csv_gb18030")
WORKER = Actor(name="林晓岚", role=Role.WORKER, area=HERE, channel="command")
TABLES = ("person", "dwelling", "household", "residence", "membership")


@pytest.fixture(scope="module")
def world() -> World:
    return generate(
        [Committee(HERE, "公交新村居委会"), Committee(THERE, "铁岭路五十弄居委会")], 3000, 7, date(2026, 11, 1)
    )


@pytest.fixture
def register(db, world: World) -> World:
    """The world's people on the register of two committees."""
    parent = None
    for code, name, kind in AREAS:
        if len(code) <= 12:
            parent = Area.objects.create(
                code=code, name=name, kind=kind, parent_id=code[:9] if len(code) == 12 else parent
            )
            parent = parent.code
    with acting(Actor(name="资料员", role=Role.OPERATOR, area="", channel="command")), within(""):
        load(world)
    return world


def fingerprint() -> str:
    """A digest of every byte of the register that a roster may touch."""
    taken = hashlib.sha256()
    with within(HERE), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"select coalesce(string_agg(t::text, E'\\n' order by t.id), '') from records_{table} t")  # noqa: S608 - own names
            taken.update(cursor.fetchone()[0].encode())
        cursor.execute("select string_agg(a::text, E'\\n' order by a.code) from areas_area a")
        taken.update(cursor.fetchone()[0].encode())
    return taken.hexdigest()


def bring(path: Path) -> services.Import:
    return services.bring_in(path.read_bytes(), path.name, area=HERE)


@pytest.mark.parametrize("style", STYLES)
def test_a_roster_goes_in_with_exactly_its_errors_refused_and_comes_out_again(register, tmp_path, style):
    path = tmp_path / ("名册.csv" if style.startswith("csv") else "名册.xlsx")
    write_roster(register, HERE, path, style, 9, seed=3, rows=200)
    expected = json.loads(Path(f"{path}.expected.json").read_text())
    before = fingerprint()
    with acting(WORKER), within(HERE):
        first = bring(path)
        report = services.apply(first.pk)
        found = {(r["sheet"], r["row"], r["column"].split()[0], r["scope"]) for r in report.refusals}
        planted = {(r["sheet"], r["row"], r["column"], r["scope"]) for r in expected["refusals"]}
        assert found == planted
        for name in ("rows", "created", "updated", "unchanged", "conflicts", "refused"):
            assert getattr(report, name) == expected[name], name
        assert fingerprint() != before
        second = services.check(bring(path))
        assert (second.created, second.updated) == (0, 0)
        assert second.unchanged == report.created + report.updated + report.unchanged
        kept = services.undo(first.pk)
    assert kept == []
    assert fingerprint() == before


def test_refused_rows_come_back_as_a_file_that_can_be_mended_and_brought_again(register, tmp_path):
    path = tmp_path / "名册.xlsx"
    write_roster(register, HERE, path, "merged", 9, seed=3, rows=200)
    with acting(WORKER), within(HERE):
        batch = bring(path)
        report = services.apply(batch.pk)
        (tmp_path / "待更正.xlsx").write_bytes(services.corrections_of(batch))
        again = services.check(bring(tmp_path / "待更正.xlsx"))
    assert again.rows == len({(r["sheet"], r["row"]) for r in report.refusals})
    assert again.refused == report.refused
