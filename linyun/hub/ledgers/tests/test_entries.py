"""What is typed for a row by hand: read as it was meant, refused beside its field, kept as JSON."""

from datetime import date
from decimal import Decimal

import pytest

from linyun.hub.ledgers import entries
from linyun.hub.ledgers.plans import plan
from linyun.hub.records.services import sealer
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Column, Ledger
from linyun.kernel.rule import Vocabulary
from tests.residents import number_of

WORDS = Vocabulary.of(catalogue)
TODAY = date(2026, 11, 23)
NUMBER = number_of(date(1948, 3, 5), 994)


def log(*columns: tuple[str, str]):
    made = tuple(Column(name, f"entry.{code}") for name, code in columns)
    return plan(Ledger("trial", "登记", "组", "entry", made), WORDS)


VISITORS = log(
    ("日期", "date"),
    ("姓名", "name"),
    ("身份证", "identity_number"),
    ("电话", "phone"),
    ("人数", "count"),
    ("离开日期", "left_on"),
)
GOODS = log(("物资名称", "goods"), ("数量", "quantity"))


def read(made, **typed):
    return entries.read(made, {code: [value] for code, value in typed.items()}, TODAY)


def test_each_cell_is_read_by_its_kind():
    typed = read(VISITORS, date="2026.11.3", name=" 李建国 ", identity_number=NUMBER, phone="199 0012 3456", count="12",
                 left_on="2026年11月5日")  # fmt: skip
    assert typed.problems == {}
    assert typed.values == {
        "date": date(2026, 11, 3),
        "name": "李建国",
        "identity_number": NUMBER,
        "phone": "19900123456",
        "count": Decimal(12),
        "left_on": date(2026, 11, 5),
    }


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("date", "十一月"),
        ("date", "2027-01-01"),
        ("identity_number", NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1")),
        ("phone", "12"),
        ("count", "很多"),
        ("left_on", "2026-13-01"),
    ],
)
def test_what_does_not_fit_is_a_problem_of_that_cell_alone(code, value):
    typed = read(VISITORS, **({"date": "2026-11-03", "name": "李建国"} | {code: value}))
    assert set(typed.problems) == {code}
    assert "name" in typed.values


def test_a_log_needs_its_day_a_list_does_not():
    assert read(VISITORS, name="李建国").problems == {"date": "请填写日期"}
    assert read(GOODS, goods="轮椅").problems == {}


def test_nothing_at_all_is_a_problem_of_the_first_cell():
    assert read(GOODS).problems == {"goods": "请至少填写一格"}


def test_what_the_ledger_does_not_ask_is_not_read():
    assert read(GOODS, goods="轮椅", area="310", ledger="x").values == {"goods": "轮椅"}


@pytest.mark.parametrize(
    ("value", "kept"),
    [(date(2026, 11, 3), "2026-11-03"), (Decimal("12"), 12), (Decimal("2.5"), 2.5), ("文字", "文字"), (7, 7)],
)
def test_values_are_kept_as_json_holds_them(value, kept):
    assert entries.kept(value) == kept


def test_the_form_has_a_field_for_each_cell_with_what_was_typed():
    fields = {f.name: f for f in entries.fields(VISITORS, {"name": "李建国", "phone": "123"}, {"phone": "不像电话"})}
    assert list(fields) == ["date", "name", "identity_number", "phone", "count", "left_on"]
    assert (fields["name"].value, fields["phone"].value) == ("李建国", "123")
    assert fields["phone"].error == ("不像电话",)
    assert fields["date"].required
    assert not fields["name"].required
    assert [fields[c].kind for c in ("date", "phone", "count")] == ["date", "tel", "number"]


def test_upper_heads_are_told_in_the_field():
    made = plan(Ledger("t", "t", "t", "entry", (Column("姓名", "entry.name", ("负责人",)),)), WORDS)
    assert entries.fields(made, {}, {})[0].label == "负责人 · 姓名"


def test_a_rows_page_masks_numbers_and_keeps_cells_no_longer_asked():
    cells = {"name": "李建国", "phone": "19900123456", "identity_number": sealer.seal(NUMBER), "old": "以前的格子"}
    facts = {f.label: f.value for f in entries.shown(VISITORS, cells)}
    assert facts["姓名"] == "李建国"
    assert facts["电话"] == "199****3456"
    assert facts["身份证"] == "310***********" + NUMBER[-4:]
    assert facts["old"] == "以前的格子"
    assert facts["人数"] is None


def test_a_sealed_number_under_a_cell_no_longer_asked_stays_masked():
    facts = {f.label: f.value for f in entries.shown(GOODS, {"identity_number": sealer.seal(NUMBER)})}
    assert facts["identity_number"].startswith("310***")
