"""Ledgers for who reads English: named in English on the screen, Chinese to the byte in every file."""

import re

import pytest
from django.utils.translation import override

from linyun.hub.ledgers import exports, fill, lineage, period, screen, services
from linyun.hub.ledgers.plans import BadLedger, plan
from linyun.hub.ledgers.register import ready
from linyun.hub.ledgers.tests.conftest import TODAY
from linyun.hub.tags.vocabulary import vocabulary
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Column, Ledger
from tests.characters import HERE

HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("code", ["lone_elders", "population_table", "visits"])
def test_a_file_is_the_same_whatever_the_reader_reads(as_worker, neighbourhood, code):
    with as_worker():
        chinese = exports.export(code, HERE, form="csv"), services._closed_now(code, HERE, period.of("year", TODAY))
        with override("en"):
            english = exports.export(code, HERE, form="csv"), services._closed_now(code, HERE, period.of("year", TODAY))
    assert english == chinese


def test_the_screen_names_heads_and_values_in_english(as_worker, neighbourhood):
    with as_worker(), override("en"):
        made = ready("lone_elders")
        filled = fill.fill(made.plan, HERE, period.CURRENT, TODAY, made.words)
        heads = [text for line in screen.heads_of(filled.headings) for text, _cols, _rows in line]
        values = [value for row in screen.rows_of(filled) for value, _where in row.cells]
        line = screen.listed([catalogue.ledgers["lone_elders"]], HERE, TODAY)[0]
    assert not HAN.search("".join(heads))
    assert "Female" in values or "Male" in values
    assert (line.name, line.period) == ("Older people living alone", "every year")
    assert line.due == "before the 25th of the last month of each quarter"


def test_a_period_is_told_in_the_language_of_the_reader():
    spans = [period.of(kind, TODAY) for kind in ("month", "quarter", "year", "current")]
    assert [span.label for span in spans] == ["2026年11月", "2026年第四季度", "2026年", ""]
    with override("en"):
        assert [span.label for span in spans] == ["November 2026", "Q4 2026", "2026", ""]


def test_where_a_figure_comes_from_is_told_in_english(as_worker, neighbourhood):
    with as_worker(), override("en"):
        made = ready("population_table")
        told = [
            lineage.figure_origin(made.plan, HERE, period.of("year", TODAY), 0, n, TODAY, made.words).how
            for n in range(6)
        ]
    assert any(how.startswith("Counted are: ") for how in told)
    assert not HAN.search("".join(re.sub(r"“[^”]*”", "", how) for how in told))


def test_a_definition_that_does_not_hold_is_refused_in_english(areas):
    ledger = Ledger("own_x", "甲", "", "person", (Column("乙", "no_such"),), rule="年岁 > 3", sort=("nothing",))
    with override("en"), pytest.raises(BadLedger) as refused:
        plan(ledger, vocabulary())
    assert [p.sentence for p in refused.value.problems] == [
        "Column 1, “乙”: Residents have no “no_such”",
        "Condition, from character 1: Residents have no item “年岁”; perhaps “年级”.",
        "Cannot be sorted by “nothing”: there is no such thing",
    ]
