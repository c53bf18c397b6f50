"""The blank forms and small samples of real systems, read in place; nothing of them is kept here."""

from pathlib import Path

import pytest

from linyun.hub.exchange.reading import Kind, read, understand
from linyun.hub.exchange.reading.links import owned_dwellings, unknown_owners
from linyun.hub.exchange.reading.tests.rosters import ITEMS, SETS, TODAY, targets

FORMS = Path(__file__).resolve().parents[5].parent / "shared" / "inputs" / "forms"
pytestmark = pytest.mark.inputs


def tables_of(name):
    """The tables of one file. Skips, and says so, where the shared inputs are not at hand."""
    if not FORMS.is_dir():
        pytest.skip("../shared/inputs is absent: the forms of real systems cannot be tried here")
    book = read((FORMS / name).read_bytes(), name)
    return [understand(sheet, ITEMS, SETS) for sheet in book.sheets]


def rows_in(tables):
    return [len(list(t.rows(TODAY))) for t in tables]


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("syrkplcjb.xls", [Kind.EMPTY] * 3),
        ("cyryplcjb.xls", [Kind.EMPTY, Kind.CODES]),
        ("sqy_residents_template.xlsx", [Kind.EMPTY]),
        ("建筑导入模板.xlsx", [Kind.EMPTY, Kind.NOTES]),
        ("dbdesign.xlsx", [Kind.DICTIONARY] * 19),
        ("tpe_departments_full.xlsx", [Kind.OFFICES] * 3),
    ],
)
def test_files_without_residents_give_none_and_say_what_they_are(name, kinds):
    tables = tables_of(name)
    assert [t.kind for t in tables] == kinds
    assert sum(rows_in(tables)) == 0
    assert all(t.sentence.startswith("这") for t in tables)


@pytest.mark.parametrize(
    ("name", "form", "header", "target"),
    [
        ("syrkplcjb.xls", Kind.PEOPLE, "与户主关系*", "@relation"),
        ("syrkplcjb.xls", Kind.PEOPLE, "居住处所*", "@address"),
        ("cyryplcjb.xls", Kind.PEOPLE, "身份证号码*", "person.identity_number"),
        ("sqy_residents_template.xlsx", Kind.PEOPLE, "公民身份号码", "person.identity_number"),
        ("建筑导入模板.xlsx", Kind.BUILDINGS, "详细地址", "@address"),
    ],
)
def test_empty_forms_are_known_for_what_they_ask(name, form, header, target):
    table = tables_of(name)[0]
    assert table.form_of is form
    assert targets(table)[header] == target


def test_the_help_row_of_a_form_tells_what_is_required():
    columns = {c.header: c for c in tables_of("建筑导入模板.xlsx")[0].head.columns}
    assert columns["所属网格"].required and not columns["电梯数"].required


def test_four_linked_sheets_are_read_each_for_what_it_is():
    buildings, owners, dwellings, parking = tables_of("hc_2019-09.xlsx")
    assert [t.kind for t in (buildings, owners, dwellings, parking)] == [
        Kind.BUILDINGS,
        Kind.PEOPLE,
        Kind.DWELLINGS,
        Kind.PARKING,
    ]
    assert rows_in([buildings, owners, dwellings, parking]) == [26, 5, 8, 1]
    first = next(iter(owners.rows(TODAY)))
    assert len(first.values["phone"]) == 11 and first.values["phone"].isdigit() and not first.refused
    assert [a.room for a in owned_dwellings([dwellings], TODAY)[first.specials["@owner_no"]]] == ["1011"]
    assert len(unknown_owners([owners, dwellings], TODAY)) == 3
