"""What must hold for any table and for imports at the same time."""

from datetime import date
from threading import Thread

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linyun.foundation.acts.actor import Actor, acting
from linyun.foundation.areas.models import Area
from linyun.foundation.areas.scope import within
from linyun.hub.exchange import progress, services
from linyun.hub.exchange.models import Import
from linyun.hub.exchange.tests.test_import import rows_of_everything
from linyun.hub.records.models import Dwelling, Membership, Person
from linyun.kernel.declare import Role
from linyun.kernel.values.identity import make
from tests.characters import AREAS, HERE

WORKER = Actor(name="林晓岚", role=Role.WORKER, area=HERE, channel="command")
NUMBERS = [make("310110", date(year, 3, 5), 998) for year in (1941, 1952, 1963, 1974)]
CELLS = {
    "姓名": ["周桂芳", "王敏", "李建国", "", "合计", "12"],
    "身份证号": [*NUMBERS, "", NUMBERS[0][:-1], "3.10110E+17", NUMBERS[0].lower()],
    "住址": ["四平路999弄12号302室", "四平路999弄12号303室", "302", "", "外地"],
    "联系电话": ["19900111111", "19900222222、19900333333", "", "123"],
    "出生日期": ["1941-03-05", "1952.3", "2030-01-01", ""],
    "与户主关系": ["户主", "女儿", "", "朋友的朋友"],
    "备注": ["", "电话19900444444", "a\\b\t"],
}
tables = st.lists(st.tuples(*(st.sampled_from(cells) for cells in CELLS.values())), max_size=8)


def file_of(rows):
    return "\n".join(",".join(row) for row in (tuple(CELLS), *rows)).encode()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=tables)
def test_counts_add_up_again_changes_nothing_and_undo_restores(as_worker, areas, rows):
    with as_worker():
        before = rows_of_everything()
        first = services.bring_in(file_of(rows), "名册.csv", area=HERE)
        report = services.apply(first.pk)
        assert report.rows == report.created + report.updated + report.unchanged + report.conflicts + report.refused
        assert report.rows == first.total <= len(rows)
        assert {(r["sheet"], r["row"]) for r in report.refusals if r["scope"] == "row"} == set(
            first.rows.filter(outcome="refused").values_list("sheet", "number")
        )
        after = rows_of_everything()
        second = services.bring_in(file_of(rows), "名册.csv", area=HERE)
        again = services.apply(second.pk)
        assert (again.created, again.refused >= report.refused) == (0, True)
        assert {t: len(rows) for t, rows in rows_of_everything().items()} == {t: len(r) for t, r in after.items()}
        assert services.undo(second.pk) == []
        assert rows_of_everything() == after
        assert services.undo(first.pk) == []
        assert rows_of_everything() == before


@pytest.fixture
def committed(transactional_db):
    rows = {code: Area(code=code, name=name, kind=kind) for code, name, kind in AREAS}
    Area.objects.bulk_create(rows.values())
    with acting(WORKER), within(HERE):
        people = [
            f"周桂芳{n},{make('310110', date(1940 + n, 3, 5), 998)},四平路999弄12号{300 + n}室" for n in range(40)
        ]
        content = "\n".join(["姓名,身份证号,住址", *people]).encode()
        return [services.bring_in(content, f"{n}.csv", area=HERE).pk for n in range(2)]


def test_two_imports_of_one_file_at_the_same_moment_make_nobody_twice(committed):
    reports, failures = [], []

    def run(pk):
        try:
            with acting(WORKER), within(HERE):
                reports.append(services.apply(pk))
        except Exception as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(pk,)) for pk in committed]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted((r.created, r.unchanged) for r in reports) == [(0, 40), (40, 0)]
    with within(HERE):
        assert Person.objects.count() == Dwelling.objects.count() == 40
        assert not Membership.objects.exists()


def test_progress_is_seen_by_others_while_the_import_still_runs(committed):
    seen = []

    def look():
        with within(HERE):
            told = progress.progress_of(committed[0])
            seen.append((told.done, told.said, Import.objects.get(pk=committed[0]).state, Person.objects.count()))
        connection.close()

    with acting(WORKER), progress.telling(committed[0], HERE) as tell, within(HERE):

        def telling(done, total, said):
            tell(done, total, said)
            other = Thread(target=look)
            other.start()
            other.join()

        services.apply(committed[0], telling)
    steps = [done for done, *_ in seen]
    assert steps == sorted(steps) and len(seen) > 4
    assert {(state, people) for _, _, state, people in seen} == {("read", 0)}
