"""What a cell says arrives as it was written, whatever signs it holds: on its way lie a file, COPY, JSON and a page."""

import csv
import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linyun.foundation.areas.scope import within
from linyun.hub.exchange import services, staging
from linyun.hub.exchange.reading import read
from linyun.hub.exchange.staging import KIN, _ids, _json, _text, plain
from linyun.hub.exchange.tests.corpus.making import ZHOU
from linyun.hub.exchange.tests.test_pages import latest, upload
from linyun.hub.records.models import Person
from tests.characters import HERE

TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]) | st.sampled_from("\\\"'\t,;{}%$"), max_size=40
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(TEXTS, min_size=1, max_size=6))
def test_any_remark_goes_through_staging_as_it_is_read(as_worker, areas, words):
    rows = [["姓名", "身份证号", "备注"], *(["周桂芳", ZHOU, w] for w in words)]
    output = io.StringIO()
    csv.writer(output).writerows(rows)
    content = output.getvalue().encode()
    with as_worker():
        batch = services.bring_in(content, "名册.csv", area=HERE)
        kept = {r.number: r.values.get("remark", "") for r in batch.rows.all()}
        said = {row.number: row.values.get("remark", "") for table in services._tables(batch) for row in table.rows()}
    assert kept == {number: text.replace("\0", "") for number, text in said.items()}


@pytest.mark.parametrize(
    "remark",
    [
        "\\N", "\\.", "a\\tb", "\\\\", '{"a": 1}', "%s %(batch)s", "'; drop table records_person; --", "$$", "=1+1",
        "<script>alert(1)</script>", "\ufeff开头", "𠮷野家", "㐂", "👵", "\u0301", "a" * 5000,
    ],
)  # fmt: skip
def test_no_sign_in_a_cell_means_anything_to_the_machine(lin, as_worker, remark):
    upload(lin, f'周桂芳,{ZHOU},,,"{remark.replace(chr(34), chr(34) * 2)}"')
    with as_worker():
        assert services.apply(latest().pk).created == 1
        kept = Person.objects.get().remark
    assert kept == remark.replace("\ufeff", "")
    page = lin.get(reverse("import", args=[latest().pk]) + "?outcome=created").content.decode()
    assert "<script>alert" not in page


@pytest.fixture
def lin(client_of):
    return client_of("lin")


@pytest.mark.parametrize("name", ["𠮷田太郎", "㛃㛃", "阿依古丽·买买提", "Anna Maria", "王\u3000敏", "欧阳娜娜"])
@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-16", "utf-8-sig", "utf-16-be"])
def test_rare_characters_come_through_every_encoding_of_an_office(name, encoding):
    content = f"姓名,身份证号\r\n{name},{ZHOU}\r\n".encode(encoding)
    rows = read(content, "名册.csv").sheets[0].rows
    assert rows == [["姓名", "身份证号"], [name, ZHOU]]


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_line_ends_of_three_systems_and_their_mixture(ends):
    text = f"姓名,身份证号{ends}周桂芳,{ZHOU}\r\n王敏,\n李建国,\r孙浩,"
    assert [r[0] for r in read(text.encode(), "a.csv").sheets[0].rows] == ["姓名", "周桂芳", "王敏", "李建国", "孙浩"]


def test_a_line_end_within_quotes_stays_in_its_cell():
    rows = read('姓名,备注\n周桂芳,"第一行\r\n第二行"\n王敏,"他说""好"""\n'.encode(), "a.csv").sheets[0].rows
    assert rows == [["姓名", "备注"], ["周桂芳", "第一行\n第二行"], ["王敏", '他说"好"']]


@pytest.mark.parametrize("sign", [",", "\t", ";", "|", "，"])
def test_the_sign_between_cells_is_found_even_where_others_stand_in_them(sign):
    other = ";" if sign != ";" else ","
    text = "\n".join(sign.join(row) for row in (["姓名", "备注"], ["周桂芳", f"甲{other}乙"], ["王敏", "丙"]))
    assert read(text.encode(), "a.csv").sheets[0].rows[1] == ["周桂芳", f"甲{other}乙"]


@pytest.mark.parametrize("first", ['sep="', "sep=", "sep=\\", "sep='", "SEP=;", "sep=ab"])
def test_a_strange_word_on_separators_never_breaks_the_reading(first):
    sheet = read(f"{first}\n姓名;身份证号\n周桂芳;{ZHOU}\n".encode(), "a.csv").sheets[0]
    assert any("周桂芳" in str(c) for row in sheet.rows for c in row)


def test_nul_signs_in_a_heading_a_cell_and_a_sheet_are_left_out_and_nothing_falls(lin):
    content = f"姓\0名,身份证号,备\0注,暗\0号\n周\0桂芳,{ZHOU},老\0党员,\0\n".encode("utf-16")
    file = io.BytesIO(content)
    file.name = "名\0册.csv"
    answer = lin.post(reverse("import_bring"), {"file": file})
    assert answer.status_code == 303
    with within(HERE):
        values = latest().rows.get().values
    assert "\0" not in json.dumps(values) and values["name"] == "周桂芳"
    assert lin.get(reverse("import_mapping", args=[latest().pk])).status_code == 200


@given(text=st.text(max_size=60))
def test_copys_form_gives_the_text_back(text):
    assert "\n" not in _text(text) and "\t" not in _text(text) and "\0" not in _text(text)
    undone = _text(text).replace("\\\\", "\0").replace("\\n", "\n").replace("\\r", "\r").replace("\\t", "\t")
    assert undone.replace("\0", "\\") == text.replace("\0", "")


@given(value=st.text(max_size=9) | st.lists(st.text(max_size=5), max_size=3))
def test_json_in_copys_form_is_one_line_and_comes_back_without_nul(value):
    line = _json({"reason": value})
    assert not {"\n", "\t", "\r", "\0"} & set(line)
    back = json.loads(line.replace("\\\\", "\\"))["reason"]
    assert back == (value.replace("\0", "") if isinstance(value, str) else [v.replace("\0", "") for v in value])


@pytest.mark.parametrize("sign", ["\u202e", "\u200b", "\u2066", "\u200d"])
def test_signs_that_nobody_sees_are_taken_out_of_what_people_compare(lin, sign):
    upload(lin, f"周{sign}桂芳,{ZHOU},,,老{sign}党员")
    with within(HERE):
        values = latest().rows.get().values
    assert (values["name"], values["remark"]) == ("周桂芳", "老党员")


def test_ids_of_rows_are_of_version_seven_in_order_and_leave_the_digit_of_their_kin():
    ids = _ids()
    drawn = [next(ids) for _ in range(3 * staging.BLOCK)]
    assert len(set(drawn)) == len(drawn)
    assert {i[14] for i in drawn} == {"7"} and {i[19] for i in drawn} <= set("89ab")
    assert {i[KIN - 1] for i in drawn} == {"0"}
    assert drawn[: staging.BLOCK] == sorted(drawn[: staging.BLOCK])


def test_values_as_json_holds_them():
    assert plain(date(2026, 1, 2)) == plain(datetime(2026, 1, 2, 23, tzinfo=UTC)) == "2026-01-02"
    assert (plain(Decimal("45.5")), plain(("a", "b")), plain(True), plain("=1")) == (45.5, ["a", "b"], True, "=1")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", '=HYPERLINK("http://x")', "=cmd|'/c calc'!A1", "\t=1"])
def test_nothing_that_goes_back_is_run_by_excel(lin, start):
    quoted = start.replace('"', '""')
    upload(lin, f'"{quoted}",{ZHOU[:-1]}?,,,"{quoted}"')
    answer = lin.get(reverse("import_refused", args=[latest().pk]))
    page = openpyxl.load_workbook(io.BytesIO(b"".join(answer))).active
    cells = [c for row in page.iter_rows() for c in row if c.value]
    assert cells and all(c.data_type == "s" for c in cells)
    assert any(start.strip() in str(c.value) for c in cells)


def test_the_returned_file_mended_by_hand_is_taken_without_a_word_more(lin, as_worker):
    upload(lin, f"周桂芳,{ZHOU[:-1]}?,四平路999弄12号302室,19900111111,")
    answer = lin.get(reverse("import_refused", args=[latest().pk]))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer)))
    book.active["B2"] = ZHOU
    output = io.BytesIO()
    book.save(output)
    with as_worker():
        again = services.bring_in(output.getvalue(), "待更正.xlsx", area=HERE)
        report = services.apply(again.pk)
        assert (report.rows, report.created, report.refusals) == (1, 1, [])
        assert Person.objects.get().phone == "19900111111"
