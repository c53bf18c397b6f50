"""Lists of visits: found, never guessed; once, whatever is sent again; one step back."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from django.test import Client
from openpyxl import Workbook as Book

from linyun.foundation.acts.actor import Actor
from linyun.hub.records.models import Person
from linyun.kernel import clock
from linyun.work.visits import bulk, services
from linyun.work.visits.models import Bulk, Visit
from tests.residents import Home

pytestmark = pytest.mark.django_db
AsCharacter = Callable[[str], AbstractContextManager[Actor]]
HEAD = "日期\t被访者\t地址\t方式\t情况\n"
DAY = clock.today().replace(day=1).isoformat()


def pasted(*rows: str) -> bytes:
    return (HEAD + "\n".join(rows)).encode()


@pytest.fixture
def neighbours(person: Callable[..., Person], home: Callable[..., Home]) -> dict[str, Person]:
    """周桂芳 in 12号302, two people called 张伟, and nobody else."""
    zhou = person(name="周桂芳")
    first, second = person(name="张伟"), person(name="张伟")
    home(zhou, address="公交新村|12||302")
    home(first, address="公交新村|1||101")
    home(second, address="公交新村|2||201")
    return {"zhou": zhou, "first": first, "second": second}


def outcomes(found: Bulk) -> list[str]:
    return [row["outcome"] for row in found.rows]


def test_a_name_is_found_with_or_without_address(neighbours: dict[str, Person], as_character: AsCharacter) -> None:
    rows = (f"{DAY}\t周桂芳\t\t上门\t身体一般", f"{DAY}\t周桂芳\t公交新村12号302\t电话\t胃口好些")
    with as_character("lin"):
        found = bulk.bring(pasted(*rows), "粘贴.csv")
        assert outcomes(found) == ["new", "new"]
        assert {r["person"] for r in found.rows} == {str(neighbours["zhou"].pk)}
        assert not Visit.objects.exists()


def test_a_namesake_without_address_is_never_guessed(neighbours: dict[str, Person], as_character: AsCharacter) -> None:
    rows = (f"{DAY}\t张伟\t\t上门\t都好", f"{DAY}\t张伟\t公交新村2号201室\t上门\t都好")
    with as_character("lin"):
        found = bulk.bring(pasted(*rows), "粘贴.csv")
        assert outcomes(found) == ["ambiguous", "new"]
        assert "2 位居民叫“张伟”" in found.rows[0]["reason"]
        assert found.rows[1]["person"] == str(neighbours["second"].pk)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (f"{DAY}\t阚若水\t\t上门\t都好", "没有“阚若水”"),
        (f"{DAY}\t周桂芳\t公交新村9号901室\t上门\t都好", "和表里的"),
        (f"{DAY}\t周桂芳\t\t传真\t都好", "传真"),
        ("2026-02-30\t周桂芳\t\t上门\t都好", "2026-02-30"),
    ],
)
def test_refused_rows_say_why(neighbours: dict[str, Person], as_character: AsCharacter, row: str, said: str) -> None:
    with as_character("lin"):
        found = bulk.bring(pasted(row), "粘贴.csv")
        assert outcomes(found) == ["refused"]
        assert said in found.rows[0]["reason"]


def test_the_same_list_twice_writes_once(neighbours: dict[str, Person], as_character: AsCharacter) -> None:
    rows = (f"{DAY}\t周桂芳\t\t上门\t身体一般", f"{DAY}\t周桂芳\t\t上门\t身体 一般")
    with as_character("lin"):
        first = bulk.apply(bulk.bring(pasted(*rows), "粘贴.csv").pk)
        assert outcomes(first) == ["written", "there"]
        again = bulk.bring(pasted(*rows), "粘贴.csv")
        assert outcomes(again) == ["there", "there"]
        assert bulk.apply(first.pk).counts["written"] == 1
        assert Visit.objects.live().count() == 1


def test_what_the_phone_wrote_meanwhile_is_not_written_again(
    neighbours: dict[str, Person], as_character: AsCharacter
) -> None:
    with as_character("lin"):
        found = bulk.bring(pasted(f"{DAY}\t周桂芳\t\t上门\t身体一般"), "粘贴.csv")
        on = date.fromisoformat(DAY)
        services.write(services.Sheet(neighbours["zhou"], mode="2", visited_on=on, situation="身体一般"))
        assert outcomes(bulk.apply(found.pk)) == ["there"]
        assert Visit.objects.live().count() == 1


def test_one_step_back_and_once_more(neighbours: dict[str, Person], as_character: AsCharacter) -> None:
    content = pasted(f"{DAY}\t周桂芳\t\t上门\t身体一般")
    with as_character("lin"):
        first = bulk.apply(bulk.bring(content, "粘贴.csv").pk)
        assert bulk.undo(first.pk) == 1
        assert not Visit.objects.live().exists()
        with pytest.raises(bulk.Unusable):
            bulk.apply(first.pk)
        assert outcomes(bulk.apply(bulk.bring(content, "粘贴.csv").pk)) == ["written"]


def workbook() -> bytes:
    book = Book()
    sheet = book.active
    assert sheet is not None
    sheet.title = f"{clock.today().month}月"
    sheet.append(["公交新村走访记录"])
    sheet.append(["日期", "被访者", "地址", "方式", "情况"])
    sheet.append([f"{clock.today().month}月1日", "周桂芳", "公交新村12号302室", "走访", "=1+1"])
    sheet.cell(3, 5).value = "身体一般"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_from_the_file_to_the_visit(neighbours: dict[str, Person], client_of: Callable[[str], Client]) -> None:
    client = client_of("lin")
    upload = io.BytesIO(workbook())
    upload.name = "走访.xlsx"
    answer = client.post("/desk/visits/bring", {"file": upload, "pasted": ""})
    assert answer.status_code == 303
    page = client.get(answer["Location"]).content.decode()
    assert "写入这 1 次走访" in page and "周桂芳" in page
    done = client.post(answer["Location"] + "/apply", follow=True).content.decode()
    assert "已写入" in done and "整份撤销" in done
    assert "身体一般" in client.get("/desk/visits").content.decode()


def test_a_list_that_says_nothing_is_answered_with_a_sentence(client_of: Callable[[str], Client]) -> None:
    client = client_of("lin")
    for sent in ({"pasted": ""}, {"pasted": "你好"}, {"pasted": "日期,备注\n2026-01-01,x"}):
        answer = client.post("/desk/visits/bring", sent)
        assert answer.status_code == 422
        assert "请" in answer.content.decode()


def test_a_list_is_its_committees_own(neighbours: dict[str, Person], as_character: AsCharacter,
                                      client_of: Callable[[str], Client]) -> None:  # fmt: skip
    with as_character("lin"):
        found = bulk.bring(pasted(f"{DAY}\t周桂芳\t\t上门\t身体一般"), "粘贴.csv")
    assert client_of("wu").get(f"/desk/visits/lists/{found.pk}").status_code == 404
    assert client_of("zhou").get(f"/desk/visits/lists/{found.pk}").status_code == 403
