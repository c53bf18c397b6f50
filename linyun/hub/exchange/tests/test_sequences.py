"""Imports one after the other: changes, neighbours, hands in between, undo, layouts that were learnt, corrections."""

import io
from datetime import date

import openpyxl
import pytest

from linyun.hub.exchange import services
from linyun.hub.exchange.models import Import, Layout
from linyun.hub.exchange.tests.corpus.making import DOOR, HEAD, MIN, WANG, WRONG, ZHOU, no, of, xlsx
from linyun.hub.records.models import Person
from linyun.hub.records.services import Origin, state
from tests.characters import HERE, THERE

COUPLE = (["周桂芳", ZHOU, DOOR, "19900111111"], ["王福生", WANG, DOOR, "19900222222"])
MOVED = (["周桂芳", ZHOU, DOOR, "19900999999"], COUPLE[1])


def bring(*rows, area=HERE, head=HEAD, **more) -> Import:
    return services.bring_in(of(*rows, head=head, **more), "名册.xlsx", area=area)


def numbers(report: services.Report) -> tuple[int, ...]:
    return (report.created, report.updated, report.unchanged, report.conflicts, report.refused)


@pytest.fixture
def lin(as_worker, areas):
    with as_worker():
        yield


def phone_of(name: str) -> str | None:
    return Person.objects.get(name=name).phone


def test_a_changed_value_is_shown_old_and_new_and_comes_back_with_undo(lin):
    services.apply(bring(*COUPLE).pk)
    batch = bring(*MOVED)
    assert numbers(services.check(batch)) == (0, 1, 1, 0, 0)
    change = batch.rows.get(outcome="updated").changes[0]
    assert (change["item"], change["old"], change["new"]) == ("phone", "19900111111", "19900999999")
    assert phone_of("周桂芳") == "19900111111", "a dry run changes nothing"
    services.apply(batch.pk)
    assert phone_of("周桂芳") == "19900999999"
    services.undo(batch.pk)
    assert phone_of("周桂芳") == "19900111111"


def test_a_blank_cell_takes_nothing_away(lin):
    services.apply(bring(*COUPLE).pk)
    assert numbers(services.apply(bring(["周桂芳", ZHOU, "", ""]).pk)) == (0, 0, 1, 0, 0)
    assert phone_of("周桂芳") == "19900111111"


def test_after_an_undo_the_same_file_is_new_again(lin):
    first = bring(*COUPLE)
    services.apply(first.pk)
    services.undo(first.pk)
    assert not Person.objects.exists()
    assert numbers(services.apply(bring(*COUPLE).pk)) == (2, 0, 0, 0, 0)


def test_what_a_hand_wrote_since_survives_the_undo_of_an_update(lin):
    services.apply(bring(*COUPLE).pk)
    batch = bring(*MOVED)
    services.apply(batch.pk)
    state(Person.objects.get(name="周桂芳"), {"phone": "19900888888"}, source="desk", origin=Origin("desk"))
    services.undo(batch.pk)
    assert phone_of("周桂芳") == "19900888888"


def test_a_file_held_against_a_newer_hand_is_a_conflict_and_loses(lin):
    services.apply(bring(*COUPLE).pk)
    state(Person.objects.get(name="周桂芳"), {"phone": "19900888888"}, source="visit", origin=Origin("visit"))
    assert numbers(services.apply(bring(*MOVED).pk)) == (0, 0, 1, 1, 0)
    assert phone_of("周桂芳") == "19900888888"


def test_undo_in_the_wrong_order_leaves_what_the_later_file_said(lin):
    first, second = bring(*COUPLE), bring(*MOVED)
    services.apply(first.pk)
    services.apply(second.pk)
    kept = services.undo(first.pk)
    assert kept == ["周桂芳"], "the second file speaks of her"
    assert phone_of("周桂芳") == "19900999999"


def test_the_neighbours_import_of_the_same_people_learns_nothing_of_ours(as_character, areas):
    with as_character("lin"):
        services.apply(bring(*COUPLE).pk)
    with as_character("wu"):
        theirs = bring(*MOVED, area=THERE)
        assert numbers(services.apply(theirs.pk)) == (2, 0, 0, 0, 0)
        assert [row.changes for row in theirs.rows.all()] == [[], []]
        assert theirs.message == ""
        services.undo(theirs.pk)
        assert not Person.objects.exists()
    with as_character("lin"):
        assert phone_of("周桂芳") == "19900111111"


@pytest.mark.parametrize(
    ("row", "made"),
    [
        (["李建国", "1950-01-01", "", ""], (0, 0, 0, 0, 1)),
        (["李建国", "1950-01-01", "19900444401", ""], (0, 0, 0, 0, 1)),
        (["李建国", "", "19900444401", ""], (0, 0, 1, 0, 0)),
        (["李建国", "1951-01-01", "", ""], (1, 0, 0, 0, 0)),
    ],
)
def test_two_namesakes_are_told_apart_or_nobody_is_guessed(lin, person, row, made):
    for phone in ("19900444401", "19900444402"):
        person(name="李建国", birth_date=date(1950, 1, 1), phone=phone)
    assert numbers(services.check(bring(row, head=["姓名", "出生日期", "联系电话", "住址"]))) == made


def test_the_number_tells_namesakes_apart(lin):
    services.apply(bring(["王敏", MIN, DOOR, ""], ["王敏", no("2004-12-20"), DOOR, ""]).pk)
    assert numbers(services.check(bring(["王敏", MIN, DOOR, "19900555555"]))) == (0, 1, 0, 0, 0)


def test_a_mapping_once_said_is_remembered_for_the_layout_whatever_its_rows(lin):
    head = ["姓名", "身份证号", "住址", "暗号"]
    first = bring(COUPLE[0], head=head)
    assert services.map_columns(first.pk, {}, {0: {"D": "person.phone"}}).created == 1
    services.apply(first.pk)
    assert phone_of("周桂芳") == "19900111111"
    services.apply(bring(COUPLE[1], head=head).pk)
    assert phone_of("王福生") == "19900222222"
    assert Layout.objects.count() == 1


def test_phones_in_remarks_go_to_their_place_only_when_asked(lin):
    batch = bring(["周桂芳", ZHOU, "电话：19900777777，女儿白天在家"], head=["姓名", "身份证号", "备注"])
    services.check(batch)
    assert services.move_phones(batch.pk) == 1
    services.apply(batch.pk)
    assert phone_of("周桂芳") == "19900777777"
    assert Person.objects.get().remark.startswith("电话：")


def test_a_half_good_file_loses_nothing(lin):
    batch = bring(
        ["周桂芳", ZHOU, DOOR, "123"], ["王福生", WRONG, DOOR, "19900222222"], ["王敏", MIN, DOOR, "19900333333"]
    )
    assert numbers(services.apply(batch.pk)) == (2, 0, 0, 0, 1)
    page = openpyxl.load_workbook(io.BytesIO(services.corrections_of(batch))).worksheets[0]
    lines = [[c.value for c in row] for row in page.iter_rows(min_row=2)]
    assert [line[:4] for line in lines] == [["周桂芳", ZHOU, DOOR, "123"], ["王福生", WRONG, DOOR, "19900222222"]]
    assert "电话" in lines[0][4] and "校验码" in lines[1][4]
    assert [line[5] for line in lines] == ["2", "3"]
    assert {c.coordinate for row in page.iter_rows() for c in row if c.comment} == {"D2", "B3"}


def test_sheets_of_which_the_same_is_said_are_named_together_once(lin):
    notes = [["请保持整洁"], ["用后关灯"]]
    content = xlsx([HEAD, *COUPLE], *[notes] * 4, names=["名册", *"甲乙丙丁"])
    said = services.bring_in(content, "名册.xlsx", area=HERE).message
    assert said == "甲、乙、丙等 4 张表：这张表只有说明文字（“请保持整洁”），没有可导入的行"
