"""Files stay Chinese for a reader of English: they go to offices that read Chinese, and come back as lists to be imported."""

import io
from collections.abc import Callable

import openpyxl
import pytest
from django.test import Client

from tests.matrix.samples import imported, listed
from tests.matrix.world import Spot, spots


@pytest.fixture
def english(client_of: Callable[[str], Client]) -> tuple[Client, Spot]:
    homes = spots()
    client = client_of("lin")
    client.cookies["language"] = "en"
    return client, homes[0]


def text_of(answer: object) -> str:
    """All that a file says: CSV as it is, the cells of a workbook."""
    body = b"".join(answer) if getattr(answer, "streaming", False) else answer.content  # type: ignore[attr-defined,call-overload]
    if not body.startswith(b"PK"):
        return str(body.decode("utf-8-sig"))
    book = openpyxl.load_workbook(io.BytesIO(body))
    return "\n".join(str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.value)


WHY = {"reason": "月度核对"}


@pytest.mark.parametrize(
    ("address", "posted", "head"),
    [
        ("/desk/people/export", {}, "记录编号"),
        ("/desk/visits/export", {}, "被访者"),
        ("/desk/ledgers/residents/export", {"format": "csv"}, "联系电话"),
        ("/desk/ledgers/residents/export", {"format": "xlsx"}, "填报单位"),
        ("/desk/crowds/export", {"rule": "年龄 >= 0", "columns": ["name", "sex"]}, "性别"),
    ],
)
def test_an_export_is_chinese(english: tuple[Client, Spot], address: str, posted: dict[str, str], head: str) -> None:
    client, _home = english
    answer = client.post(address, posted | WHY)
    assert answer.status_code == 200, answer.headers
    said = text_of(answer)
    assert head in said
    assert not [word for word in ("Name", "Sex", "Female", "Phone", "Visited", "Unit") if word in said]


def test_rows_to_mend_come_back_in_chinese(english: tuple[Client, Spot]) -> None:
    client, home = english
    with home.entering():
        batch, bulk = imported(home), listed(home)
    refused = text_of(client.post(f"/desk/imports/{batch.pk}/refused", WHY))
    assert "姓名" in refused and "Name" not in refused
    unwritten = text_of(client.post(f"/desk/visits/lists/{bulk.pk}/rest", WHY))
    assert "被访者" in unwritten and "address" not in unwritten


def test_the_page_itself_was_english(english: tuple[Client, Spot]) -> None:
    client, _home = english
    assert '<html lang="en"' in client.get("/desk/people").content.decode()
