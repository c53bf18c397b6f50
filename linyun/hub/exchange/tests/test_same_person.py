"""The same person several times in one file: on two sheets, with and without a number, saying the same, more, or else."""

import openpyxl
import pytest

from linyun.hub.exchange import services, showing
from linyun.hub.exchange.tests.corpus.making import DOOR, WANG, ZHOU, xlsx
from linyun.hub.exchange.tests.test_import import rows_of_everything
from linyun.hub.exchange.tests.test_sequences import numbers
from linyun.hub.records.items import known
from linyun.hub.records.models import Household, Membership, Person, Residence, Statement
from linyun.kernel.declare import Subject
from tests.characters import HERE

NUMBERED = ["姓名", "身份证号"]
CALLED = ["姓名", "出生日期", "联系电话", "住址"]


@pytest.fixture
def lin(as_worker, areas):
    with as_worker():
        yield


def bring(*sheets, names=("户籍", "老人")):
    return services.bring_in(xlsx(*sheets, names=list(names)), "名册.xlsx", area=HERE)


def born(number: str) -> str:
    return f"{number[6:10]}-{number[10:12]}-{number[12:14]}"


def test_a_number_on_one_sheet_and_a_phone_on_the_other_are_one_person(lin):
    batch = bring([NUMBERED, ["周桂芳", ZHOU]], [CALLED, ["周桂芳", born(ZHOU), "19900111111", DOOR]])
    assert numbers(services.apply(batch.pk)) == (1, 1, 0, 0, 0)
    found = Person.objects.get()
    assert (found.name, found.phone, found.identity_digest != "") == ("周桂芳", "19900111111", True)
    assert Residence.objects.get().person == found


def test_the_second_sheet_may_come_first(lin):
    batch = bring([CALLED, ["周桂芳", born(ZHOU), "19900111111", ""]], [NUMBERED, ["周桂芳", ZHOU]], names=("甲", "乙"))
    assert numbers(services.apply(batch.pk))[:2] == (1, 1)
    assert Person.objects.get().phone == "19900111111"
    assert Person.objects.get().identity_digest


def test_such_a_file_twice_changes_nothing_and_undo_restores(lin):
    sheets = ([NUMBERED, ["周桂芳", ZHOU]], [CALLED, ["周桂芳", born(ZHOU), "19900111111", DOOR]])
    before = rows_of_everything()
    first = bring(*sheets)
    services.apply(first.pk)
    after = rows_of_everything()
    again = bring(*sheets)
    assert numbers(services.apply(again.pk)) == (0, 0, 2, 0, 0)
    assert rows_of_everything() == after
    services.undo(again.pk)
    assert rows_of_everything() == after
    assert services.undo(first.pk) == []
    assert rows_of_everything() == before


@pytest.mark.parametrize(
    ("row", "same"),
    [
        (["周桂芳", born(ZHOU), "", ""], True),
        (["周桂芳", "", "", DOOR], True),
        (["周桂芳", "1950-01-01", "", DOOR], False),
        (["周桂方", born(ZHOU), "", DOOR], False),
    ],
)
def test_what_joins_two_rows_is_the_name_and_one_thing_more(lin, row, same):
    services.apply(bring([[*NUMBERED, "住址"], ["周桂芳", ZHOU, DOOR]], [CALLED, row]).pk)
    assert Person.objects.count() == (1 if same else 2)


def test_a_row_that_fits_two_numbered_namesakes_is_given_to_neither(lin):
    batch = bring([NUMBERED, ["周桂芳", ZHOU], ["周桂芳", WANG]], [CALLED, ["周桂芳", "", "19900111111", ""]])
    services.apply(batch.pk)
    assert not Person.objects.exclude(identity_digest="").filter(phone="19900111111").exists()


def test_a_third_sheet_adds_again_and_a_repeat_of_it_says_the_same(lin):
    batch = bring(
        [NUMBERED, ["周桂芳", ZHOU]],
        [[*NUMBERED, "联系电话"], ["周桂芳", ZHOU, "19900111111"]],
        [[*NUMBERED, "联系电话", "备注"], ["周桂芳", ZHOU, "19900111111", "老党员"]],
        names=("一", "三", "二"),
    )
    report = services.apply(batch.pk)
    assert report.rows == 3 and report.conflicts == 0
    assert (Person.objects.get().phone, Person.objects.get().remark) == ("19900111111", "老党员")


def test_a_row_that_says_something_else_is_a_conflict_and_not_taken(lin):
    batch = bring(
        [[*NUMBERED, "联系电话"], ["周桂芳", ZHOU, "19900111111"]],
        [[*NUMBERED, "联系电话"], ["周桂芳", ZHOU, "19900999999"]],
    )
    assert numbers(services.apply(batch.pk)) == (1, 0, 0, 1, 0)
    assert Person.objects.get().phone in ("19900111111", "19900999999")
    row = batch.rows.get(outcome="conflicts")
    first = batch.rows.get(outcome="created")
    (shown,) = showing.differences(row)
    assert shown["stays"] and shown["held"] == f"“{first.sheet}”第 2 行"
    assert Statement.objects.filter(subject_id=Person.objects.get().pk).count() == 1


def test_on_one_sheet_a_row_that_adds_does_not_say_the_same(lin):
    head = [*NUMBERED, "联系电话"]
    batch = bring([head, ["周桂芳", ZHOU, ""], ["周桂芳", ZHOU, "19900111111"], ["周桂芳", ZHOU, ""]])
    assert numbers(services.apply(batch.pk)) == (1, 0, 1, 1, 0)
    assert Person.objects.get().phone is None, "which of the two rows is right is for a person to say"
    (shown,) = showing.differences(batch.rows.get(outcome="conflicts"))
    assert shown["stays"] and shown["held"] == "本表第 2 行"
    assert shown["change"].old is None and shown["change"].new.endswith("1111")


def test_on_one_sheet_the_place_is_named_by_its_row_alone(lin):
    batch = bring([[*NUMBERED, "联系电话"], ["周桂芳", ZHOU, "19900111111"], ["周桂芳", ZHOU, "19900999999"]])
    services.check(batch)
    assert showing.differences(batch.rows.get(outcome="conflicts"))[0]["held"] == "本表第 2 行"


def test_two_writings_of_one_address_are_no_conflict_and_two_addresses_are_said_in_words(lin):
    head = [*NUMBERED, "住址"]
    batch = bring([head, ["周桂芳", ZHOU, "四平路999弄12号302室"], ["周桂芳", ZHOU, "四平路999弄12号楼302"],
                   ["周桂芳", ZHOU, "四平路999弄12号303室"]])  # fmt: skip
    services.check(batch)
    assert set(batch.rows.filter(number=3).values_list("outcome", flat=True)) <= {"unchanged"}
    change = batch.rows.get(outcome="conflicts").changes[0]
    assert (change["item"], change["new"]) == ("living_address", "四平路999弄12号303室")
    assert "|" not in change["old"] + change["new"], "a key is for the machine"


def test_the_head_of_two_sheets_heads_one_household(lin):
    head = ["姓名", "身份证号", "与户主关系", "住址", "联系电话"]
    batch = bring(
        [head, ["周桂芳", ZHOU, "户主", DOOR, ""], ["王福生", WANG, "配偶", DOOR, ""]],
        [head, ["周桂芳", ZHOU, "户主", DOOR, "19900111111"]],
    )
    services.apply(batch.pk)
    assert Household.objects.count() == 1
    assert dict(Membership.objects.values_list("person__name", "is_head")) == {"周桂芳": True, "王福生": False}
    assert Person.objects.get(name="周桂芳").phone == "19900111111"


def test_a_row_that_adds_to_somebody_on_the_register_is_held_against_the_register(lin, person):
    person(name="周桂芳", identity_number=ZHOU, phone="19900333333", source="visit")
    batch = bring([NUMBERED, ["周桂芳", ZHOU]], [[*NUMBERED, "联系电话"], ["周桂芳", ZHOU, "19900111111"]])
    assert numbers(services.apply(batch.pk)) == (0, 0, 1, 1, 0)
    assert Person.objects.get().phone == "19900333333", "seen at a visit, it outranks a roster"


def test_dwellings_and_companies_on_two_sheets_are_added_to_each_other(lin):
    head = ["统一社会信用代码", "单位名称", "联系电话"]
    code = "91310110MA1G90TY7T"
    batch = services.bring_in(
        xlsx([head, [code, "四平便利店", ""]], [head, [code, "四平便利店", "02165980000"]], names=["甲", "乙"]),
        "单位.xlsx", area=HERE,
    )  # fmt: skip
    report = services.apply(batch.pk)
    assert report.rows == 2 and report.conflicts == 0 and report.created == 1
    services.undo(batch.pk)


def test_the_returned_file_keeps_each_refused_row_on_its_sheet(lin):
    import io

    batch = bring([NUMBERED, ["周桂芳", ZHOU[:-1] + "?"]], [CALLED, ["王敏", "2030-01-01", "", ""]])
    services.check(batch)
    book = openpyxl.load_workbook(io.BytesIO(services.corrections_of(batch)))
    assert {page.title: page["A2"].value for page in book} == {"户籍": "周桂芳", "老人": "王敏"}


# One number, though the rows lead to somebody known without it


CALLED_AND_NUMBERED = ["姓名", "身份证号", "联系电话"]


@pytest.mark.parametrize("turn", [1, -1])
def test_a_number_given_to_somebody_known_is_given_to_no_second_name(lin, turn):
    known = services.bring_in(xlsx([CALLED, ["周桂芳", "", "19900111111", ""]], names=["一"]), "一.xlsx", area=HERE)
    services.apply(known.pk)
    rows = [["周桂芳", ZHOU, "19900111111"], ["王福生", ZHOU, "19900111111"]][::turn]
    batch = bring([CALLED_AND_NUMBERED, *rows])
    promised = services.check(batch)
    assert numbers(promised) == (0, 1, 0, 1, 0)
    assert services.apply(batch.pk) == promised
    assert (Person.objects.get().name, bool(Person.objects.get().identity_digest)) == ("周桂芳", True)
    (shown,) = showing.differences(batch.rows.get(outcome="conflicts"))
    assert (shown["change"].old, shown["change"].new) == ("周桂芳", "王福生")


def test_a_number_that_fits_two_known_people_goes_to_one_of_them(lin):
    two = [["周桂芳", "", "19900111111", ""], ["王福生", "", "19900222222", ""]]
    services.apply(bring([CALLED, *two]).pk)
    batch = bring([CALLED_AND_NUMBERED, ["周桂芳", ZHOU, "19900111111"], ["王福生", ZHOU, "19900222222"]])
    promised = services.check(batch)
    assert numbers(promised) == (0, 1, 0, 1, 0)
    assert services.apply(batch.pk) == promised
    assert Person.objects.exclude(identity_digest=None).exclude(identity_digest="").get().name == "周桂芳"


def test_two_numbers_for_one_known_person_are_a_conflict_and_not_the_same(lin):
    services.apply(bring([CALLED, ["周桂芳", "", "19900111111", ""]]).pk)
    batch = bring([CALLED_AND_NUMBERED, ["周桂芳", ZHOU, "19900111111"], ["周桂芳", WANG, "19900111111"]])
    assert numbers(services.apply(batch.pk)) == (0, 1, 0, 1, 0)
    differing = showing.differences(batch.rows.get(outcome="conflicts"))
    shown = {c["change"].label: c for c in differing}[known(Subject.PERSON)["identity_number"].name]
    assert shown["held"] == "本表第 2 行"
    assert shown["change"].old.endswith(ZHOU[-4:]) and shown["change"].new.endswith(WANG[-4:])
    assert "*" in shown["change"].old and ZHOU not in shown["change"].old
