"""An import read by somebody who reads English: told in English, kept and handed back in Chinese."""

import io
import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils.translation import override
from openpyxl import load_workbook

from linyun.foundation.areas.scope import within
from linyun.hub.exchange import services, showing
from linyun.hub.exchange.models import Import
from linyun.hub.exchange.reading import Unreadable
from linyun.kernel.values.identity import make
from linyun.kernel.words import retold
from tests.characters import HERE

HAN = re.compile(r"[\u4e00-\u9fff]")
ZHOU = make("310110", date(1949, 3, 5), 998)
FILE = "\n".join(
    (
        "姓名,身份证号,住址,联系电话,宠物名",
        f"周桂芳,{ZHOU},四平路999弄12号302室,1990011111,花花",
        f"王敏,{ZHOU[:-1]}?,四平路999弄12号302室,,",
    )
).encode()


@pytest.fixture
def brought(as_worker, areas):
    """The file, brought in by somebody who reads English."""
    with as_worker(), override("en"):
        batch = services.bring_in(FILE, "名册.csv", area=HERE)
        services.check(batch)
        yield batch


def reasons(batch: Import) -> list[str]:
    return [problem["reason"] for problem in services.reported(batch).refusals]


def test_what_is_kept_is_chinese_whatever_the_reader_reads(brought):
    kept = reasons(brought)
    assert len(kept) == 2
    assert all(HAN.search(reason) for reason in kept)
    assert "名册" in brought.tables[0]["sentence"]


def test_it_is_told_again_in_english_with_its_values(brought):
    told = sorted(retold(reason) for reason in reasons(brought))
    assert told[0].startswith("The number holds characters it cannot have")
    assert told[1].startswith("“1990011111” has 10 digits; a mobile number has 11.")
    (sheet,) = showing.sheets(brought)
    assert sheet["sentence"] == "Roster of residents: head in row 1; 4 of 5 columns recognised; not taken: 宠物名"
    columns = {c["header"]: c for c in sheet["columns"]}
    assert columns["姓名"]["reason"] == "The column name says so"
    assert columns["宠物名"]["reason"] == "No item fits"
    assert ("person.phone", "Phone") in columns["联系电话"]["options"]


def test_the_file_that_goes_back_is_chinese(brought):
    sheet = load_workbook(io.BytesIO(services.corrections_of(brought))).worksheets[0]
    text = " ".join(str(c.value) for row in sheet for c in row if c.value)
    assert "退回原因" in text
    assert "手机号应为 11 位" in text
    assert "digits" not in text


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "a.xlsx", "The file is empty."),
        (b"%PDF-1.7", "a.xlsx", "This is a PDF, not a table."),
        (b"PK\x03\x04broken", "a.xlsx", "The file is incomplete or damaged."),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_the_language_of_the_reader(as_worker, areas, content, name, said):
    with as_worker(), override("en"), pytest.raises(Unreadable) as refused:
        services.bring_in(content, name, area=HERE)
    with override("en"):
        assert str(refused.value).startswith(said)
    assert HAN.search(str(refused.value))


def test_the_pages_tell_it_in_english(client_of):
    client = client_of("lin")
    client.cookies["language"] = "en"
    file = io.BytesIO(FILE)
    file.name = "名册.csv"
    answer = client.post(reverse("import_bring"), {"file": file})
    shown = client.get(answer["Location"]).content.decode()
    with within(HERE):
        batch = Import.objects.defer("content").get()
    mapping = client.get(reverse("import_mapping", args=[batch.pk])).content.decode()
    for words in ("The number holds characters it cannot have", "Roster of residents: head in row 1"):
        assert words in shown
    assert "The column name says so" in mapping
    assert "列名就是它" not in mapping
