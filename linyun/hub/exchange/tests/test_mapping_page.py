"""The page on which a worker says what the columns mean, and what is remembered of it."""

import pytest
from django.urls import reverse

from linyun.foundation.areas.scope import within
from linyun.hub.exchange import services
from linyun.hub.exchange.models import Layout
from linyun.hub.exchange.tests.corpus.making import DOOR, WANG, ZHOU, xlsx
from linyun.hub.exchange.tests.test_pages import latest, read, upload
from linyun.hub.records.models import Person
from tests.characters import HERE

HEAD = "姓名,曾用名,身份证号,联系电话,第二电话"
ROW = f"周桂芳,周小芳,{ZHOU},19900111111,19900222222"


@pytest.fixture
def lin(client_of):
    return client_of("lin")


def say(client, **columns):
    """Post the mapping page of the newest import: letter → meaning, on the first sheet."""
    posted = {f"column-0-{letter}": target for letter, target in columns.items()}
    return client.post(reverse("import_mapping", args=[latest().pk]), posted, follow=True).content.decode()


def staged():
    """The values of its rows; a number is sealed anew at each reading, so only that there is one is kept."""
    with within(HERE):
        rows = list(latest().rows.order_by("sheet", "number").values_list("values", flat=True))
    return [{k: bool(v) if k == "identity_number" else v for k, v in values.items()} for values in rows]


@pytest.mark.parametrize(
    ("columns", "name"),
    [
        ({"B": "person.name"}, "姓名"),
        ({"A": "@room", "B": "@room"}, "室号"),
        ({"D": "person.identity_number"}, "证件号码"),
    ],
)
def test_two_columns_with_one_meaning_are_refused_before_the_second_overwrites_the_first(lin, columns, name):
    upload(lin, ROW, head=HEAD)
    before = staged()
    said = say(lin, **columns)
    assert "都当作" in said and name in said and "请只留一列" in said
    assert staged() == before
    with within(HERE):
        assert not Layout.objects.exists(), "what cannot be is not remembered either"


def test_two_columns_of_phones_are_two_phones(lin):
    upload(lin, ROW, head=HEAD)
    say(lin, D="person.phone", E="person.phone")
    assert staged()[0]["phone"] == "19900111111; 19900222222"


def test_a_print_in_two_columns_of_people_may_repeat_every_meaning(lin):
    upload(lin, f"周桂芳,{ZHOU},王福生,{WANG}", head="姓名,身份证号,姓名,身份证号")
    say(lin, A="person.name", B="person.identity_number", C="person.name", D="person.identity_number")
    assert sorted(v["name"] for v in staged()) == ["周桂芳", "王福生"]


@pytest.mark.parametrize(
    "name", ["column-²-A", "column-x-A", "column--A", "kind-²", "kind-", "column-0", "column-0-A-B", "²"]
)
def test_fields_that_the_page_never_sends_change_nothing(lin, name):
    upload(lin, ROW, head=HEAD)
    before = staged()
    answer = lin.post(reverse("import_mapping", args=[latest().pk]), {name: "person.name"})
    assert answer.status_code == 303 and staged() == before


@pytest.mark.parametrize(
    "target", ["person.sealed", "person.no_such", "@tags", "organisation.name", "person.age", "x" * 500]
)
def test_a_meaning_that_the_page_does_not_offer_is_not_taken(lin, target):
    upload(lin, ROW, head=HEAD)
    before = staged()
    say(lin, B=target)
    assert staged() == before


def test_a_sheet_that_the_file_does_not_have_is_passed_over(lin):
    upload(lin, ROW, head=HEAD)
    lin.post(reverse("import_mapping", args=[latest().pk]), {"column-7-A": "", "kind-9": "people"})
    assert staged()[0]["name"] == "周桂芳"


def test_a_kind_said_by_hand_is_remembered_with_its_columns(lin):
    head, row = "甲,乙,丙", "四平路999弄12号302室,45.5,两室"
    upload(lin, row, head=head)
    assert latest().total == 0 and "看不出" in latest().message
    lin.post(reverse("import_mapping", args=[latest().pk]), {"kind-0": "dwellings", "column-0-A": "@address"})
    with within(HERE):
        assert latest().rows.get().kind == "dwelling"
    upload(lin, row.replace("302", "303"), head=head)
    with within(HERE):
        assert latest().rows.get().address["text"] == "四平路999弄12号303室"
        assert "上次确认" in latest().tables[0]["sentence"]


def test_the_second_answer_replaces_the_first(lin):
    head, row = "姓名,身份证号,去年的说法", f"周桂芳,{ZHOU},退休教师"
    upload(lin, row, head=head)
    say(lin, C="person.occupation")
    say(lin, C="person.former_name")
    say(lin, C="")
    assert "occupation" not in staged()[0] and "former_name" not in staged()[0]
    upload(lin, row, head=head)
    assert set(staged()[0]) == {"name", "identity_number", "birth_date", "sex"}
    with within(HERE):
        assert Layout.objects.count() == 1


def test_one_sheet_said_anew_leaves_the_reading_of_the_others(lin, as_worker):
    people = [["姓名", "身份证号", "暗号"], ["周桂芳", ZHOU, "19900111111"]]
    doors = [["地址", "楼层", "房屋户型", "建筑面积", "是否有电梯"], [DOOR, "3", "两室", "45.5", "否"]]
    with as_worker():
        batch = services.bring_in(xlsx(people, doors, names=["人", "房"]), "两张.xlsx", area=HERE)
        report = services.map_columns(batch.pk, {}, {0: {"C": "person.phone"}})
        assert report.rows == 2
        assert set(batch.rows.values_list("kind", "sheet")) == {("person", "人"), ("dwelling", "房")}
        assert batch.rows.get(kind="person").values["phone"] == "19900111111"
        assert Layout.objects.count() == 1, "only what was said is remembered"


def test_a_mapping_is_remembered_for_its_committee_alone(as_character, areas):
    content = f"姓名,身份证号,暗号\n周桂芳,{ZHOU},19900111111".encode()
    with as_character("lin"):
        services.map_columns(services.bring_in(content, "a.csv", area=HERE).pk, {}, {0: {"C": "person.phone"}})
    with as_character("wu"):
        theirs = services.bring_in(content, "a.csv", area="310110009017")
        assert "phone" not in theirs.rows.get().values


def test_each_column_says_why_it_was_taken_so_and_how_surely(lin):
    upload(lin, *(f"周桂芳,{ZHOU},19900111111,{n}" for n in range(4)), head="姓名,证件,怎么找,暗号")
    shown = read(lin, reverse("import_mapping", args=[latest().pk]))
    assert "内容像" in shown and "没有对应的数据项" in shown and "没有采用" in shown
    assert ZHOU not in shown and "19900111111" not in shown, "the page shows no person before the rows are read"


def test_a_file_without_a_readable_sheet_has_a_page_all_the_same(lin):
    upload(lin, "用后请关灯", head="请保持整洁")
    shown = read(lin, reverse("import_mapping", args=[latest().pk]))
    assert "说明文字" in shown
    assert "没有可导入的行" in read(lin, reverse("import", args=[latest().pk]))


def test_reading_anew_leaves_no_row_of_the_former_reading(lin, as_worker):
    upload(lin, ROW, f"王福生,,{WANG},,", head=HEAD)
    for target in ("", "person.former_name", ""):
        say(lin, B=target)
        with within(HERE):
            assert latest().rows.count() == latest().total == 2
    with as_worker():
        assert services.apply(latest().pk).created == 2
        assert Person.objects.filter(former_name__isnull=False).count() == 0
