"""Which ledgers are in force, and that their plans are made once and stay right."""

from uuid import uuid4

import pytest

from linyun.hub.ledgers import register, services
from linyun.hub.ledgers.plans import BadLedger
from linyun.hub.ledgers.register import (
    NoSuchLedger,
    from_data,
    in_force,
    ledger_of,
    planned,
    ready,
    to_columns,
    to_data,
)
from linyun.hub.ledgers.tests.conftest import column
from linyun.hub.records.items import Draft, add_item
from linyun.hub.records.services import Origin, state
from linyun.hub.tags.vocabulary import vocabulary
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Column, Kind, Level, Subject


def definition(*values: str, **others):
    columns = [{"name": v, "value": v} for v in values]
    return {"name": "自建名单", "source": "person", "columns": columns, **others}


@pytest.mark.parametrize("ledger", catalogue.ledgers.values(), ids=lambda x: x.code)
def test_every_declared_ledger_survives_being_kept_as_data(ledger):
    again = from_data(ledger.code, to_data(ledger))
    kept = ("code", "name", "source", "columns", "rule", "period", "due", "sort", "unit", "note")
    assert {k: getattr(again, k) for k in kept} == {k: getattr(ledger, k) for k in kept}


def test_what_was_not_said_in_a_definition_has_its_default():
    made = from_data("own_x", definition("name"))
    assert (made.rule, made.period, made.due, made.sort, made.unit, made.note) == ("", "current", "", (), "", "")
    assert made.columns == (Column("name", "name"),)
    assert to_columns(made.columns) == [{"name": "name", "value": "name", "head": [], "width": 0}]


def test_declared_ledgers_come_first_in_declared_order_then_those_made(as_worker, areas):
    with as_worker():
        first, second = (services.make_ledger(definition("name"), uuid4()) for _ in range(2))
        codes = [x.code for x in in_force()]
    assert codes == [*catalogue.ledgers, first.code, second.code]


def test_a_code_that_nobody_has_is_told(as_worker, areas):
    with as_worker(), pytest.raises(NoSuchLedger, match="没有编号为“own_nothing”的台账"):
        ledger_of("own_nothing")


def test_plans_of_declared_ledgers_are_made_once(as_worker, areas):
    with as_worker():
        assert ready("residents").plan is ready("residents").plan


def test_a_ledger_of_ones_own_is_planned_as_it_stands_now(as_worker, areas):
    with as_worker():
        made = services.make_ledger(definition("name"))
        kept = services.OwnLedger.objects.get(pk=made.code)
        kept.definition = to_data(from_data(made.code, definition("name", "age")))
        kept.save()
        assert [h.value for h in ready(made.code).plan.headings] == ["name", "age"]


def test_a_definition_that_no_longer_holds_is_told_when_it_is_opened(as_worker, areas):
    with as_worker():
        made = services.make_ledger(definition("name"))
        kept = services.OwnLedger.objects.get(pk=made.code)
        kept.definition = {**kept.definition, "columns": [{"name": "旧项目", "value": "gone", "head": [], "width": 0}]}
        kept.save()
        with pytest.raises(BadLedger, match="没有“gone”这一项"):
            ready(made.code)


@pytest.fixture
def own_item(as_worker, areas):
    """An item that this committee added for itself."""
    with as_worker():
        return add_item(
            Draft(
                Subject.PERSON,
                "养犬数量",
                Kind.INTEGER,
                "community",
                Level.INTERNAL,
                "文明养犬",
                "上海市养犬管理条例",
                unit="只",
            )
        )


def test_an_item_that_staff_added_can_be_a_column_and_a_condition(as_worker, own_item, neighbourhood, filled):
    with as_worker():
        state(neighbourhood.zhou, {own_item.code: 2}, source="desk", origin=Origin("desk"))
        made = services.make_ledger(definition("name", own_item.code, rule="养犬数量 >= 1"))
        found = filled(made.code)
    assert found.rows() == [("周桂芳", 2)]
    assert found.headings[1].unit == "只"


def test_such_an_item_is_unknown_next_door(as_character, own_item):
    with as_character("wu"), pytest.raises(BadLedger):
        services.make_ledger(definition("name", own_item.code))


def test_declared_ledgers_are_not_disturbed_by_added_items(as_worker, own_item, neighbourhood, filled):
    with as_worker():
        words = vocabulary()
        assert planned(catalogue.ledgers["residents"], words).headings
        assert column(filled("lone_elders"), "姓名") == ["周桂芳"]


def test_a_ledgers_group_is_the_committees_own():
    assert from_data("own_x", definition("name")).group == register.OWN_GROUP
