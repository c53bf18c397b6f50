"""Documents and the files made of them."""

import io
import zipfile
from datetime import UTC, date, datetime

import openpyxl
import pytest

from linyun.hub.ledgers import documents
from linyun.hub.ledgers.closing import Frozen
from linyun.hub.ledgers.documents import File, document, has_identity, to_archive, to_csv, to_workbook, to_xlsx
from linyun.hub.ledgers.layout import Heading
from linyun.hub.records.services import sealer
from linyun.kernel.declare import Kind
from tests.residents import number_of

MADE = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
NUMBER = number_of(date(1948, 3, 5), 992)
NAME, CARD = Heading("姓名", "name", Kind.TEXT), Heading("证件号码", "identity_number", Kind.IDENTITY)


def kept(title: str = "居民名册", rows=(("周桂芳", NUMBER), ("陈阿宝", None))) -> Frozen:
    names, numbers = zip(*rows, strict=True) if rows else ((), ())
    data = (list(names), [sealer.seal(n) if n else None for n in numbers])
    return Frozen(
        title, ("填报单位：公交新村居委会", "2026年", "填报人：林晓岚"), ("共 2 条",), (NAME, CARD), data, ("a", "b")
    )


def cells(file: File, sheet: str = "") -> list[list]:
    book = openpyxl.load_workbook(io.BytesIO(file.content))
    return [[c.value for c in row] for row in (book[sheet] if sheet else book.active)]


def test_identity_numbers_are_worded_as_the_caller_may_see_them():
    masked = cells(to_xlsx(kept(), documents.masked, name="名册", made_at=MADE))
    opened = cells(to_xlsx(kept(), documents.opened, name="名册", made_at=MADE))
    assert masked[3] == ["周桂芳", "310***********" + NUMBER[-4:]]
    assert opened[3] == ["周桂芳", NUMBER]
    assert opened[4] == ["陈阿宝", None]


def test_whether_a_document_holds_identity_numbers_is_told_by_its_columns():
    assert has_identity((NAME, CARD))
    assert not has_identity((NAME,))


def test_names_of_files_are_safe_on_any_disk():
    file = to_csv(kept(), documents.masked, name="名册/2026:一?")
    assert file.name == "名册_2026_一_.csv"
    assert file.content_type == "text/csv; charset=utf-8"


def test_the_same_document_gives_the_same_bytes_whenever_it_is_written():
    one, two = (to_xlsx(kept_once, documents.masked, name="名册", made_at=MADE) for kept_once in [kept()] * 2)
    assert one.content == two.content


def test_the_unit_is_the_author():
    file = to_xlsx(kept(), documents.masked, name="名册", made_at=MADE)
    assert openpyxl.load_workbook(io.BytesIO(file.content)).properties.creator == "公交新村居委会"


def test_a_workbook_has_an_index_that_counts():
    file = to_workbook([("甲组", kept("一")), ("乙组", kept("二", ()))], documents.masked, name="全部", made_at=MADE)
    index = cells(file, documents.INDEX)
    assert index[2] == ["序号", "台账", "类别", "条数"]
    assert index[3] == [1, "一", "甲组", 2]
    assert index[4] == [2, "二", "乙组", 0]
    assert cells(file, "一")[3][0] == "周桂芳"


def test_no_documents_make_an_index_of_nothing():
    file = to_workbook([], documents.masked, name="全部", made_at=MADE)
    assert cells(file)[0][0] == "台账目录"


def test_an_archive_keeps_each_file_in_its_folder_as_it_is():
    files = [("甲组", File("一.csv", "姓名\r\n".encode(), "text/csv")), ("乙/组", File("一.csv", b"x", "text/csv"))]
    archive = to_archive(files, name="全部")
    assert archive.name == "全部.zip"
    with zipfile.ZipFile(io.BytesIO(archive.content)) as opened:
        assert opened.namelist() == ["甲组/一.csv", "乙_组/一.csv"]
        assert opened.read("甲组/一.csv") == "姓名\r\n".encode()
        assert opened.testzip() is None


@pytest.mark.parametrize(
    ("code", "when", "middle"),
    [
        ("lone_elders", "2026", "统计时间：2026年　数据截至：2026-11-23"),
        ("residents", "", "数据截至：2026-11-23"),
        ("visits", "2026-10", "统计时间：2026年10月"),
        ("enquiries", "2026-11", "统计时间：2026年11月"),
        ("population_table", "2026", "统计时间：2026年　数据截至：2026-11-23　单位：人"),
    ],
)
def test_the_line_below_the_title_says_of_what_time_the_figures_are(as_worker, areas, filled, code, when, middle):
    with as_worker():
        made = document(filled(code, when), unit="某居委会", by="林晓岚", on=date(2026, 11, 23))
    assert made.lines == ("填报单位：某居委会", middle, "填报人：林晓岚　填报日期：2026-11-23")


def test_a_document_of_a_filled_ledger_holds_numbers_sealed_and_leads_back(as_worker, neighbourhood, filled):
    with as_worker():
        made = document(filled("residents"), unit="某居委会", by="林晓岚", on=date(2026, 11, 23))
    numbers = made.data[[h.value for h in made.headings].index("identity_number")]
    assert all(n is None or n.startswith("s1:") for n in numbers)
    assert str(neighbourhood.zhou.pk) in made.refs
    assert made.foot[0] == "共 3 条"
