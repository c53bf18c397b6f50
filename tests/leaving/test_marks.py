"""What a file says of its departure, where each kind says it, and that it reads back as if it said nothing."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from linyun.foundation.areas.scope import within
from linyun.foundation.leaving.rules import MARKED
from linyun.hub.exchange import services as imports
from linyun.hub.exchange.models import Import
from linyun.hub.ledgers import services as ledgers
from linyun.hub.ledgers.forms import Mapped, fill
from linyun.hub.ledgers.layout import Heading
from linyun.hub.ledgers.tests.blanks import disabled_list
from linyun.hub.ledgers.xlsx import _page_foot
from linyun.kernel.declare import Kind
from linyun.kernel.values.plain import FOOT, printed_foot
from linyun.work.visits import bulk
from tests.characters import HERE
from tests.leaving.conftest import WHY, departures
from tests.residents import add_person

EXCEL_OPENS = 255
"""Characters of the longest foot of a page that Excel opens."""


@pytest.fixture
def lin(client_of: Callable[[str], Client], areas: Any) -> Client:
    add_person(name="周桂芳", phone="19900111111")
    add_person(name="陈阿宝", phone="19900222222")
    return client_of("lin")


def took(client: Client, address: str, **form: Any) -> bytes:
    answer = client.post(address, {"reason": WHY, **form})
    assert answer.status_code == 200, answer.headers.get("Location")
    return bytes(answer.content)


def part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return package.read(name).decode()


# In each kind of file


@pytest.mark.parametrize("reason", ["月度核对", "A&B 街道 <核对>", "7 月报数", "长" * 200, "& & &" * 40])
def test_the_foot_of_a_page_is_one_that_spreadsheets_open(lin: Client, reason: str) -> None:
    content = took(lin, reverse("ledger_export", args=["residents"]), format="xlsx", reason=reason)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    (left,) = departures()
    assert left.number in sheet.oddFooter.left.text and "林晓岚" in sheet.oddFooter.left.text
    assert "第 &P 页 共 &N 页" in sheet.oddFooter.center.text
    assert left.number in part(content, "docProps/core.xml")


@pytest.mark.parametrize("text", ["", "短", "&" * 300, "长" * 300, "a&" * 150])
def test_a_foot_is_never_longer_than_excel_takes(text: str) -> None:
    foot = _page_foot(text).replace("&amp;", "&")
    assert len(foot) <= EXCEL_OPENS
    assert foot.endswith("&C第 &P 页 共 &N 页")
    signs = foot.removesuffix("&C第 &P 页 共 &N 页").removeprefix("&L&7 ")
    assert signs.count("&") % 2 == 0, "a letter & is doubled, else what follows would be read as a sign"


def test_each_sheet_of_all_ledgers_is_marked(lin: Client) -> None:
    book = openpyxl.load_workbook(io.BytesIO(took(lin, reverse("ledgers_export"), format="workbook")))
    (left,) = departures()
    assert all(left.number in sheet.oddFooter.left.text for sheet in book.worksheets)


def test_each_file_of_the_archive_is_marked(lin: Client) -> None:
    content = took(lin, reverse("ledgers_export"), format="zip")
    (left,) = departures()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        unmarked = [n for n in archive.namelist() if left.number not in part(archive.read(n), "docProps/core.xml")]
    assert unmarked == []


def test_a_blank_keeps_its_own_foot_and_is_marked_in_its_properties() -> None:
    book = openpyxl.load_workbook(io.BytesIO(disabled_list()))
    book.active.oddFooter.left.text = "街道制表"
    own = io.BytesIO()
    book.save(own)
    headings = (Heading("姓名", "name", Kind.TEXT),)
    for blank, foot in ((own.getvalue(), "街道制表"), (disabled_list(), "导出人：林晓岚")):
        mapped = Mapped(blank, "残疾人名单", 4, {2: "name"})
        filled = openpyxl.load_workbook(io.BytesIO(fill(mapped, headings, (["周桂芳"],), "导出人：林晓岚")))
        assert filled.active.oddFooter.left.text == foot
        assert filled.properties.description == "导出人：林晓岚"


def test_a_long_mark_below_a_blank_is_cut() -> None:
    mapped = Mapped(disabled_list(), "残疾人名单", 4, {2: "name"})
    headings = (Heading("姓名", "name", Kind.TEXT),)
    filled = openpyxl.load_workbook(io.BytesIO(fill(mapped, headings, (["周桂芳"],), "长" * 300)))
    assert len(filled.active.oddFooter.left.text) <= FOOT


@pytest.mark.parametrize(
    ("said", "printed"),
    [
        ("甲&乙", "甲&&乙"),
        ("长" * 300, "长" * FOOT),
        ("&" * 300, "&" * FOOT),
        ("长" * (FOOT - 1) + "&", "长" * (FOOT - 1)),
    ],
)
def test_an_ampersand_in_a_foot_is_a_letter_and_is_never_cut_in_half(said: str, printed: str) -> None:
    assert printed_foot(said) == printed


# Back in


def read_back(content: bytes, name: str) -> Import:
    with within(HERE):
        batch = imports.bring_in(content, name, area=HERE)
        imports.check(batch)
    return batch


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_a_ledger_that_left_is_read_back_as_if_unmarked(lin: Client, as_worker: Any, form: str) -> None:
    content = took(lin, reverse("ledger_export", args=["residents"]), format=form)
    with as_worker():
        batch = read_back(content, f"居民信息登记册.{form}")
        rows = list(batch.rows.order_by("name").values_list("name", flat=True))
        said = str(list(batch.rows.values_list("values", "problems")))
    assert rows == sorted(["周桂芳", "陈阿宝"])
    assert departures()[0].number not in said, "the mark is nobody's remark"


def test_the_list_of_residents_is_read_back_as_well(lin: Client, as_worker: Any) -> None:
    content = took(lin, reverse("people_export"))
    assert MARKED in content.decode("utf-8-sig")
    with as_worker():
        batch = read_back(content, "居民.csv")
        assert batch.rows.count() == 2
        assert departures()[0].number not in str(list(batch.rows.values_list("values", "problems")))


def test_the_list_of_visits_is_brought_back_as_well(lin: Client, as_worker: Any) -> None:
    lines = ["日期,被访者,方式,情况", "2026-11-03,周桂芳,走访,在家", "2026-11-04,陈阿宝,走访,在家"]
    with as_worker():
        bulk.apply(bulk.bring("\n".join(lines).encode(), "走访.csv").pk)
    content = took(lin, reverse("visit_export"))
    with as_worker():
        again = bulk.bring(content, "走访.csv")
    assert len(again.rows) == 2
    assert departures()[0].number not in str([r["cells"] for r in again.rows])


def test_a_closing_keeps_its_digest_whoever_takes_it(lin: Client, as_worker: Any) -> None:
    with as_worker():
        row = ledgers.close("residents", HERE, "2026-10")
    files = [took(lin, reverse("closing_export", args=[row.pk]), format="xlsx", reason=why) for why in ("上报", "存档")]
    assert [why in part(f, "docProps/core.xml") for f, why in zip(files, ("上报", "存档"), strict=True)] == [True] * 2
    assert all(row.digest in part(f, "docProps/core.xml") for f in files)
    with as_worker():
        row.refresh_from_db()
        assert ledgers.contents(row).count == 2, "thawed against the digest"
