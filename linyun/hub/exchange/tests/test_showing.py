"""What the pages of an import show of people: enough to decide by, numbers masked, sensitive values not at all."""

import io
from datetime import date

import pytest
from django.urls import reverse

from linyun.foundation.acts.models import Act
from linyun.foundation.areas.scope import within
from linyun.hub.exchange import services, showing, understanding
from linyun.hub.exchange.models import Import, ImportRow
from linyun.hub.exchange.reading import Kind, read
from linyun.hub.exchange.tests.corpus.making import DOOR, MIN, WANG, WRONG, ZHOU, xlsx
from linyun.hub.exchange.tests.test_pages import latest, upload
from linyun.hub.exchange.tests.test_pages import read as page_of
from tests.characters import HERE

PERMIT = "831000194903058888"


@pytest.fixture
def lin(client_of):
    return client_of("lin")


@pytest.fixture
def here(as_worker, areas):
    with as_worker():
        yield


def bring(*rows, head, name="名册.xlsx", **more):
    batch = services.bring_in(xlsx([list(head), *map(list, rows)]), name, area=HERE, **more)
    services.check(batch)
    return batch


# Values


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [
        ("name", "周桂芳", "周桂芳"),
        ("phone", "19900111111", "199****1111"),
        ("sex", "2", "女"),
        ("birth_date", "1949-03-05", "1949-03-05"),
        ("monthly_income", 4500, "••••"),
        ("no_longer_an_item", "x", "x"),
        ("sex", None, None),
    ],
)
def test_how_a_staged_value_is_shown(here, code, value, shown):
    assert showing.worded("person", code, value) == shown


def test_of_several_phones_none_is_shown_in_full(here):
    shown = showing.worded("person", "phone", "19900111111; 02165980000; 19900222222")
    for number in ("19900111111", "65980000", "19900222222"):
        assert number not in shown


def test_a_building_has_no_items_and_its_words_are_shown_as_they_are(here):
    assert showing.worded("building", "storeys", 6) == 6
    assert showing.name_of("building", "storeys") == "storeys"


def test_items_are_called_by_their_names_and_the_home_by_a_word(here):
    assert showing.name_of("person", "phone") == "联系电话"
    assert showing.name_of("organisation", "living_address") == "住址"


@pytest.mark.parametrize(
    ("code", "on", "line"),
    [
        ("visit", "2026-05-01", "走访 2026-05-01"),
        ("police", None, "公安数据"),
        ("gone", "2026-05-01", "gone 2026-05-01"),
        (None, "2026-05-01", ""),
        ("", None, ""),
    ],
)
def test_where_a_value_comes_from(code, on, line):
    assert showing.source_line(code, on) == line


@pytest.mark.parametrize(("text", "day"), [("", None), ("2026-11-01", date(2026, 11, 1))])
def test_a_day_from_a_form(text, day):
    assert showing.day(text) == day


@pytest.mark.parametrize("text", ["昨天", "2026-02-30", "01/02/2026", "2026", "0"])
def test_a_day_that_is_none_is_answered_in_words(text):
    with pytest.raises(ValueError, match="2026-11-01"):
        showing.day(text)


# Pages


def test_numbers_of_other_documents_are_masked_on_the_page_of_a_row_too(lin):
    upload(lin, f"周桂芳,{ZHOU},{PERMIT}", head="姓名,身份证号,居住证号码")
    with within(HERE):
        row = latest().rows.get()
    shown = page_of(lin, reverse("import_row", args=[row.pk]))
    assert PERMIT not in shown and ZHOU not in shown
    assert "周桂芳" in shown


def test_a_changed_number_of_another_document_is_shown_masked(lin, as_worker):
    upload(lin, f"周桂芳,{ZHOU},{PERMIT}", head="姓名,身份证号,居住证号码")
    with as_worker():
        services.apply(latest().pk)
    upload(lin, f"周桂芳,{ZHOU},{PERMIT[:-1]}6", head="姓名,身份证号,居住证号码")
    for outcome in ImportRow.Outcome.values:
        shown = page_of(lin, reverse("import", args=[latest().pk]) + f"?outcome={outcome}")
        assert PERMIT not in shown and PERMIT[:-1] + "6" not in shown


@pytest.mark.parametrize(
    "question", ["?outcome=cats", "?outcome=", "?after=x", "?after=%00", "?outcome=created&after=~~~"]
)
def test_any_question_to_the_page_is_answered(lin, question):
    upload(lin, f"周桂芳,{ZHOU},,,")
    answer = lin.get(reverse("import", args=[latest().pk]) + question)
    assert answer.status_code in (200, 400)


def test_what_needs_a_persons_eyes_is_shown_first(lin, person):
    person(name="王敏", identity_number=MIN, phone="19900333333", source="visit")
    page = lambda: page_of(lin, reverse("import", args=[latest().pk]))  # noqa: E731
    upload(lin, f"周桂芳,{ZHOU},,,")
    assert 'outcome=created" aria-current' in page()
    upload(lin, f"周桂芳,{ZHOU},,,", f"王敏,{MIN},,19900111111,")
    assert 'outcome=conflicts" aria-current' in page()
    upload(lin, f"周桂芳,{WRONG},,,", f"王敏,{MIN},,19900111111,")
    assert 'outcome=refused" aria-current' in page()


def test_many_rows_are_shown_page_by_page_and_none_twice(lin, as_worker):
    from linyun.kernel.values.identity import make

    people = [f"周桂芳{n},{make('310110', date(1930 + n % 60, 1, 1 + n % 28), 990 + n % 10)},,," for n in range(130)]
    upload(lin, *people)
    seen, address = [], reverse("import", args=[latest().pk]) + "?outcome=created"
    for _ in range(12):
        shown = page_of(lin, address)
        seen += [part.split("<")[0] for part in shown.split("/desk/imports/rows/")[1:]]
        if 'class="more"' not in shown:
            break
        address = reverse("import", args=[latest().pk]) + shown.split('<div class="more"><a class="btn" href="')[
            1
        ].split('"')[0].replace("&amp;", "&")
    with within(HERE):
        total = latest().rows.filter(outcome="created").count()
    assert len(seen) == len(set(seen)) == total > 100


def test_a_hidden_row_is_marked_as_such(lin):
    def hide(book):
        book.active.row_dimensions[2].hidden = True

    import openpyxl

    output = io.BytesIO(xlsx([["姓名", "身份证号"], ["周桂芳", ZHOU]]))
    book = openpyxl.load_workbook(output)
    hide(book)
    changed = io.BytesIO()
    book.save(changed)
    file = io.BytesIO(changed.getvalue())
    file.name = "名册.xlsx"
    lin.post(reverse("import_bring"), {"file": file})
    assert "隐藏行" in page_of(lin, reverse("import", args=[latest().pk]))


def test_without_a_file_or_with_one_too_big_the_page_says_what_to_do(lin, monkeypatch):
    answer = lin.post(reverse("import_bring"), {})
    assert answer.status_code == 422 and "请先选一个文件" in answer.content.decode()
    monkeypatch.setattr("linyun.hub.exchange.pages.BIGGEST", 10)
    answer = upload(lin, f"周桂芳,{ZHOU},,,")
    assert answer.status_code == 422 and "50 MB" in answer.content.decode()
    assert latest() is None


def test_what_was_chosen_is_still_chosen_when_the_file_was_refused(lin):
    file = io.BytesIO(b"%PDF-1.4")
    file.name = "名册.pdf"
    answer = lin.post(reverse("import_bring"), {"file": file, "source": "police", "as_of": "2025-12-31"})
    shown = answer.content.decode()
    assert answer.status_code == 422 and "PDF" in shown
    assert 'value="police" selected' in shown and 'value="2025-12-31"' in shown


def test_taking_the_refused_rows_leaves_a_trace_with_their_number(lin):
    upload(lin, f"周桂芳,{ZHOU},,,", f"王敏,{WRONG},,,")
    lin.get(reverse("import_refused", args=[latest().pk]))
    with within(HERE):
        assert Act.objects.get(verb="refused_rows_taken").detail["rows"] == 1


def test_the_list_of_imports_shows_who_brought_what_and_no_persons(lin, as_worker):
    upload(lin, f"周桂芳,{ZHOU},,,", name="九月名册.csv")
    shown = page_of(lin, reverse("imports"))
    assert "九月名册.csv" in shown and "林晓岚" in shown and "待确认" in shown
    assert "周桂芳" not in shown


@pytest.mark.parametrize("name", ["<b>x</b>.csv", "a" * 300 + ".csv", "..\\..\\名册.csv", "名 册 .CSV", ".csv"])
def test_any_name_of_a_file_is_kept_harmless(lin, name):
    upload(lin, f"周桂芳,{ZHOU},,,", name=name)
    batch = latest()
    assert len(batch.filename) <= 200
    shown = page_of(lin, reverse("import", args=[batch.pk]))
    assert "<b>x</b>.csv" not in shown
    answer = lin.get(reverse("import_refused", args=[batch.pk]))
    assert answer.status_code == 200 and "\n" not in answer["Content-Disposition"]


# Sheets in words


def tables(*sheets, names=()):
    book = read(xlsx(*sheets, names=list(names) or [f"表{n}" for n in range(len(sheets))]), "名册.xlsx")
    return understanding.tables_of(book, HERE)


PEOPLE = [["姓名", "身份证号"], ["周桂芳", ZHOU]]
DWELLINGS = [["地址", "楼层", "房屋户型", "建筑面积"], [DOOR, "3", "两室", "45.5"]]
VISITS = [["走访日期", "姓名", "走访方式", "走访情况"], ["2026-11-03", "周桂芳", "上门", "一切都好"]]
NOTES = [["请保持整洁"], ["用后关灯"]]


@pytest.mark.parametrize(
    ("asked", "kinds"),
    [
        ("auto", {Kind.PEOPLE, Kind.DWELLINGS}),
        ("people", {Kind.PEOPLE}),
        ("dwellings", {Kind.DWELLINGS}),
        ("organisations", set()),
    ],
)
def test_which_sheets_are_taken_for_what_was_asked(here, asked, kinds):
    found = understanding.wanted(tables(PEOPLE, DWELLINGS, VISITS, NOTES), asked)
    assert {t.kind for t in found} == kinds


def test_what_is_left_is_said_with_its_sheet_and_reason(here):
    said = understanding.said_of(tables(PEOPLE, VISITS, NOTES, DWELLINGS, names="人访注房"), "people")
    assert (
        "访：这是走访记录" in said
        and "注：" in said
        and "说明文字" in said
        and "房：这是房屋清单，这次没有选它" in said
    )
    assert "人" not in said.split("：")[0]


def test_a_file_of_which_everything_is_taken_says_nothing(here):
    assert understanding.said_of(tables(PEOPLE, DWELLINGS), "auto") == ""


def test_an_empty_workbook_says_that_it_is_empty(here):
    assert "空的" in understanding.said_of(tables([[""]]), "auto")


def test_a_form_that_nobody_filled_in_says_so(here):
    assert "空白的居民名册" in understanding.said_of(tables([["姓名", "身份证号", "联系电话"]]), "auto")


@pytest.mark.parametrize("kind", list(understanding.ABOUT))
def test_no_meaning_is_offered_that_the_rows_of_a_kind_cannot_have(here, kind):
    offered = [target for target, _ in understanding.choices(kind)]
    assert len(offered) == len(set(offered))
    assert all(name for _, name in understanding.choices(kind))
    assert "person.age" not in offered, "what is worked out is not read from a file"


def test_the_page_shows_what_a_column_looks_like_and_never_a_cell(here):
    batch = bring(["周桂芳", ZHOU, "19900111111", DOOR, ""], head=["甲", "乙", "丙", "丁", "戊"])
    told = str(batch.tables)
    assert "周桂芳" not in told and ZHOU not in told and "19900111111" not in told
    assert "这一列是空的" in told or batch.tables[0]["columns"] == []


def test_the_numbers_of_a_report_are_those_of_the_rows(here):
    batch = bring(
        ["周桂芳", ZHOU, DOOR, "123"],
        ["王福生", WANG, DOOR, ""],
        ["", "", DOOR, "19900111111"],
        head=["姓名", "身份证号", "住址", "联系电话"],
    )
    report = services.reported(batch)
    assert report.rows == batch.total == 3
    assert report.created + report.updated + report.unchanged + report.conflicts + report.refused == 3
    assert batch.counts["rows"] == 3
    assert {r["scope"] for r in report.refusals} == {"row", "cell"}


def test_a_number_is_told_in_full_only_to_whoever_holds_the_file(here):
    content = xlsx([["姓名", "身份证号"], ["周桂芳", WRONG]], names=["名册"])
    batch = services.bring_in(content, "名册.xlsx", area=HERE)
    (kept,) = services.check(batch).refusals
    assert WRONG not in str(kept)
    (typed,) = services.as_typed([kept], content, "名册.xlsx")
    assert typed["value"] == WRONG and typed.keys() == {"sheet", "row", "column", "reason", "scope", "value"}


@pytest.mark.parametrize(
    "odd",
    [{"sheet": "nowhere"}, {"column": "地址"}, {"column": ""}, {"row": 999}, {"value": "无星号"}, {"column": "甲 x"}],
)
def test_a_refusal_that_leads_nowhere_stays_as_it_is(here, odd):
    content = xlsx([["姓名", "身份证号"], ["周桂芳", WRONG]], names=["名册"])
    refusal = {
        "sheet": "名册",
        "row": 2,
        "column": "B 身份证号",
        "reason": "x",
        "scope": "row",
        "value": "310***",
    } | odd
    (typed,) = services.as_typed([refusal], content, "名册.xlsx")
    assert typed["value"] in (refusal["value"], "")


def test_an_import_is_called_by_its_file(here):
    assert str(Import(filename="九月名册.xlsx")) == "九月名册.xlsx"
