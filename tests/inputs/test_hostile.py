"""Files that mean harm or are merely broken, through the whole import: a sentence, or rows, never an exception."""

import io
import zipfile
from datetime import date

import openpyxl
import pytest
import xlsxwriter
from django.urls import reverse

from linyun.foundation.acts.models import Act
from linyun.foundation.ui.wording import identity_mask
from linyun.hub.exchange import services
from linyun.hub.exchange.models import ImportRow
from linyun.hub.exchange.reading import Unreadable
from linyun.hub.records.models import Person
from linyun.kernel.values.identity import make
from tests.characters import HERE

NUMBER = make("310110", date(1949, 3, 5), 998)
HEAD = ["姓名", "身份证号", "住址", "备注"]
ROW = ["周桂芳", NUMBER, "四平路999弄12号302室", ""]


def xlsx(*rows: list[object]) -> bytes:
    output = io.BytesIO()
    with xlsxwriter.Workbook(output, {"in_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet("名册")
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    page.write_string(number, column, cell)
                else:
                    page.write(number, column, cell)
    return output.getvalue()


def repacked(data: bytes, part: str, content: bytes) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, content if entry.filename == part else old.read(entry))
    return output.getvalue()


def bomb() -> bytes:
    sheet = b"<worksheet><sheetData>" + b"<row r='1'></row>" * 4_000_000 + b"</sheetData></worksheet>"
    return repacked(xlsx(HEAD, ROW), "xl/worksheets/sheet1.xml", sheet)


def encrypted() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 512


REFUSED = {
    "a zip bomb": (bomb, "名册.xlsx", "压缩"),
    "a truncated workbook": (lambda: xlsx(HEAD, ROW)[:-600], "名册.xlsx", "不完整"),
    "an encrypted workbook": (encrypted, "名册.xlsx", "密码"),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 64, "名册.xlsx", "图片"),
    "NUL bytes": (lambda: csv(HEAD, [*ROW[:3], "备\0注"]), "名册.csv", "不是表格"),
    "nothing": (lambda: b"", "名册.xlsx", "空"),
    "a stray cell far away": (
        lambda: xlsx(HEAD, ROW, *([[]] * 1_000_000), [""] * 300 + ["x"]),
        "名册.xlsx",
        "请",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_read_is_answered_with_a_sentence(as_worker, areas, what):
    made, name, says = REFUSED[what]
    with as_worker(), pytest.raises(Unreadable, match=says):
        services.bring_in(made(), name, area=HERE)


@pytest.mark.parametrize("what", ["a truncated workbook", "an encrypted workbook", "nothing"])
def test_the_page_says_the_same_sentence_and_keeps_nothing(client_of, areas, what):
    made, name, says = REFUSED[what]
    upload = io.BytesIO(made())
    upload.name = name
    answer = client_of("lin").post(reverse("import_bring"), {"file": upload})
    assert answer.status_code == 422
    assert says in answer.content.decode() or what == "nothing"


def html() -> bytes:
    cells = ["<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in (HEAD, ROW)]
    return f"<html><body><table>{''.join(cells)}</table></body></html>".encode()


def csv(*rows: list[str], encoding: str = "utf-8") -> bytes:
    return "\n".join(",".join(row) for row in rows).encode(encoding)


READ = {
    "a page that calls itself xls": (html, "名册.xls"),
    "csv in UTF-16": (lambda: csv(HEAD, ROW, encoding="utf-16"), "名册.csv"),
    "csv in UTF-16 without a mark": (lambda: csv(HEAD, ROW, encoding="utf-16-le"), "名册.csv"),
    "csv in GB18030": (lambda: csv(HEAD, ROW, encoding="gb18030"), "名册.csv"),
    "65,000 phantom rows": (lambda: xlsx(HEAD, ROW, *([[""] * 4] * 65_000)), "名册.xlsx"),
    "300 columns": (
        lambda: xlsx(HEAD + [f"表{n}" for n in range(296)], ROW + ["x"] * 296),
        "名册.xlsx",
    ),
    "the same header twice": (lambda: xlsx([*HEAD, "姓名", "备注"], [*ROW, "别的人", "x"]), "名册.xlsx"),
    "a huge cell": (lambda: xlsx(HEAD, [*ROW[:3], "很" * 32_000]), "名册.xlsx"),
    "backslashes and tabs": (lambda: csv(HEAD, [*ROW[:3], "a\\N\\u0000\tb"]), "名册.csv"),
    "a formula as a remark": (lambda: xlsx(HEAD, [*ROW[:3], '=HYPERLINK("http://x","y")']), "名册.xlsx"),
    "a line separator in a name": (lambda: xlsx(HEAD, ["周桂\u2028芳", *ROW[1:]]), "名册.xlsx"),
}


@pytest.mark.parametrize("what", READ)
def test_what_can_be_read_gives_its_one_person(as_worker, areas, what):
    made, name = READ[what]
    with as_worker():
        batch = services.bring_in(made(), name, area=HERE)
        report = services.apply(batch.pk)
        assert (report.rows, report.created) == (1, 1), (report, batch.message)
        person = Person.objects.get()
        assert person.identity_digest
        assert person.name.startswith("周桂")


@pytest.mark.parametrize("sign", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0"])
def test_nothing_in_the_returned_file_runs(as_worker, areas, sign):
    with as_worker():
        batch = services.bring_in(xlsx(HEAD, [sign, NUMBER[:-1], "", sign]), "名册.xlsx", area=HERE)
        services.check(batch)
        book = openpyxl.load_workbook(io.BytesIO(services.corrections_of(batch)))
    assert all(cell.data_type != "f" for page in book for row in page.iter_rows() for cell in row)


def test_a_number_as_typed_goes_back_in_the_file_but_is_kept_nowhere_else(as_worker, areas, caplog):
    wrong = NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1")
    content = xlsx(HEAD, ["周桂芳", wrong, *ROW[2:]])
    with as_worker():
        batch = services.bring_in(content, "名册.xlsx", area=HERE)
        report = services.check(batch)
        returned = openpyxl.load_workbook(io.BytesIO(services.corrections_of(batch))).active
    assert report.refusals[0]["value"] == identity_mask(wrong) or "*" in report.refusals[0]["value"]
    assert services.as_typed(report.refusals, content, "名册.xlsx")[0]["value"] == wrong
    assert wrong in [cell.value for row in returned.iter_rows() for cell in row]
    with as_worker():
        kept = str(list(ImportRow.objects.values())) + str(list(services.Import.objects.values("tables", "message")))
        acts = str(list(Act.objects.values("detail", "reason")))
    assert wrong not in kept + acts + caplog.text
