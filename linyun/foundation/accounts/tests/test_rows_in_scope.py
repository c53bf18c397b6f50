"""Rows under the scope: written and seen only within it, one by one and in bulk; areas in use are not dropped."""

from datetime import date
from typing import Any

import pytest
from django.db import ProgrammingError, transaction

from linyun.foundation.accounts.models import Post
from linyun.foundation.acts.models import Act
from linyun.foundation.areas.bulk import copy
from linyun.foundation.areas.models import Area
from linyun.foundation.areas.scope import within
from linyun.foundation.areas.services import drop_unused, ensure_buildings
from linyun.kernel.ids import uuid7
from tests.characters import BUILDING, GRID, HERE, STREET, THERE


def act_in(area: str) -> Act:
    return Act(id=uuid7(), area=area, verb="tested", actor_name="林晓岚", channel="command", role="", ip="")


SCOPES = [
    (HERE, HERE, True), (HERE, BUILDING, True), (HERE, THERE, False), (HERE, STREET, False), (BUILDING, HERE, False),
    (STREET, HERE, True), (STREET, THERE, True), ("", HERE, True), (None, HERE, False), (GRID, HERE + "002", False),
    (HERE, HERE[:-1] + "7", False), (HERE, "", False),
]  # fmt: skip


@pytest.mark.parametrize(("scope_of", "area", "fits"), SCOPES)
def test_a_row_is_written_and_seen_only_within(db, scope_of, area, fits):
    with within(scope_of):
        if fits:
            act_in(area).save(force_insert=True)
            assert Act.objects.count() == 1
        else:
            with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
                act_in(area).save(force_insert=True)
    with within(""):
        assert Act.objects.count() == (1 if fits else 0)
    assert Act.objects.count() == 0


COLUMNS = ("id", "area", "verb", "actor_name", "channel", "role", "ip", "at", "detail", "subject_kind", "reason")


def row_in(area: str) -> tuple[Any, ...]:
    return (uuid7(), area, "tested", "林晓岚", "command", "", None, "2026-01-01T00:00:00Z", "{}", "", "")


def test_many_rows_go_in_at_once_or_none(db):
    columns = tuple(c for c in COLUMNS if c in {f.attname for f in Act._meta.concrete_fields})
    keep = [COLUMNS.index(c) for c in columns]

    def rows(*areas: str) -> list[tuple[Any, ...]]:
        return [tuple(row_in(a)[k] if COLUMNS[k] != "ip" else "" for k in keep) for a in areas]

    with within(HERE):
        assert copy("acts_act", columns, rows(HERE, BUILDING, GRID)) == 3
        assert copy("acts_act", columns, []) == 0
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            copy("acts_act", columns, rows(HERE, THERE))
        assert Act.objects.count() == 3


def test_an_area_in_which_somebody_has_a_post_stays(areas, cast):
    """A chief was put in charge of a building that an import made: taking the import back must not fail on it."""
    codes = ensure_buildings(HERE, {"a|1": "甲1号", "a|2": "甲2号"}, source="import x")
    with within(""):
        Post.objects.create(
            account=cast["zhou"].account, role="chief", area_id=codes["a|1"], valid_from=date(2026, 1, 1)
        )
        assert drop_unused("import x", set()) == 1
    assert Area.objects.filter(pk=codes["a|1"]).exists()
    assert Area.objects.filter(pk=HERE + "000").exists()
