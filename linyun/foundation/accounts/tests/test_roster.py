"""Many accounts from one file: what each row does, the same file twice, what it cannot win."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from linyun.foundation.accounts import roster
from linyun.foundation.accounts.models import Account, Post
from linyun.foundation.acts.actor import Actor
from linyun.foundation.areas.scope import within
from tests.characters import HERE, STREET, THERE

As = Callable[[str], AbstractContextManager[Actor]]
Browser = Callable[[str], Client]
MANY = "/account/people/many"
HEAD = "姓名,用户名,角色,区域代码,区域名称,起,止"


def rows(*lines: str) -> list[roster.Cells]:
    return roster.read("\n".join([HEAD, *lines]).encode(), "名单.csv")


GOOD = (f"赵新,zhao,社区工作者,{HERE},,2026-11-01,", "钱程,qian,网格员,,铁岭路五十弄居委会,,2099年1月1日")


def sheet(content: bytes) -> list[tuple[str, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [tuple(str(c or "") for c in row) for row in book.worksheets[0].iter_rows(values_only=True)]


def test_good_rows_go_in_and_bad_ones_come_back(cast: dict[str, Post], as_character: As) -> None:
    bad = (f"孙立,sun,街道,{STREET},,,", "李四,li,社区工作者,310110008001,,,", f"周五,zhou5,神仙,{HERE},,,",
           f"吴六,lin,社区工作者,{HERE},,,", f"郑七,zheng,社区工作者,{HERE},,昨天,", f",x,社区工作者,{HERE},,,",
           f"王八,wang,社区工作者,{STREET},,,", f"冯九,feng,社区工作者,{HERE},,2026-11-02,2026-11-01",
           f"钱程,qian,社区工作者,{HERE},,,", f"陈十,chen 10,社区工作者,{HERE},,,")  # fmt: skip
    with as_character("shen"):
        done = roster.apply(rows(*GOOD, *bad))
    assert [x.outcome for x in done] == ["new"] * 2 + ["refused"] * 10
    assert all(x.reason for x in done[2:])
    back = sheet(roster.bad_rows(done))
    assert back[0] == (*roster.SAMPLE, "原因") and len(back) == 11
    assert back[1][:4] == ("孙立", "sun", "街道", STREET)
    for line in done[:2]:
        account = Account.objects.get(username=line.cells["username"])
        assert account.check_password(line.password) and account.password_is_initial
    assert not Account.objects.filter(username__in=["sun", "li", "zhou5", "zheng", "wang", "feng", "x"]).exists()


def test_the_same_file_twice_changes_nothing(cast: dict[str, Post], as_character: As) -> None:
    with as_character("shen"):
        roster.apply(rows(*GOOD))
        before = list(Account.objects.order_by("pk").values())
        posts = list(Post.objects.order_by("pk").values())
        again = roster.apply(rows(*GOOD))
        assert list(Post.objects.order_by("pk").values()) == posts
    assert [(x.outcome, x.password) for x in again] == [("there", "")] * 2
    assert list(Account.objects.order_by("pk").values()) == before


def test_somebody_known_gets_a_further_post_but_no_new_password(cast: dict[str, Post], as_character: As) -> None:
    with as_character("shen"):
        (line,) = roster.apply(rows(f"林晓岚,lin,社区工作者,{THERE},,,"))
    assert (line.outcome, line.password) == ("post", "")


@pytest.mark.parametrize(
    ("who", "line"),
    [
        ("shen", f"沈立群,shen,社区工作者,{HERE},,,"),  # oneself
        ("shen", f"顾文斌,gu,社区工作者,{HERE},,,"),  # works only above: unknown here
        ("yan", f"严工,yan,社区工作者,{HERE},,,"),
        ("shen", f"新人,new1,运维,{HERE},,,"),
        ("gu", "新人,new1,条线部门,310110,,,"),
    ],
)
def test_a_row_wins_nothing_that_a_page_would_not_give(
    cast: dict[str, Post], as_character: As, who: str, line: str
) -> None:
    with within(""):
        before = Post.objects.count()
    with as_character(who):
        (told,) = roster.apply(rows(line))
    assert told.outcome == "refused"
    with within(""):
        assert Post.objects.count() == before


def test_from_upload_to_passwords_in_the_browser(client_of: Browser, cast: dict[str, Post]) -> None:
    client = client_of("shen")
    assert client.get(MANY).status_code == 200
    file = SimpleUploadedFile("名单.xlsx", roster.workbook("账号", roster.SAMPLE, [[*g.split(","), ""] for g in GOOD]))
    page = client.post(MANY, {"file": file}).content.decode()
    assert '开账号 <b class="num">2</b>' in page and not Account.objects.filter(username="zhao").exists()
    carried = page.split('name="rows" value="')[1].split('"')[0]
    taken = sheet(client.post(MANY, {"step": "apply", "rows": carried}).content)
    assert Account.objects.get(username="zhao").check_password(taken[1][8])
    repeated = sheet(client.post(MANY, {"step": "apply", "rows": carried}).content)
    assert [row[8] for row in repeated[1:]] == ["", ""]
    changed = carried[:-1] + ("A" if carried[-1] != "A" else "B")
    assert client.post(MANY, {"step": "apply", "rows": changed}).status_code == 422
    assert client.post(MANY, {"step": "sample"}).content.startswith(b"PK")
    assert client.post(MANY, {}).status_code == 422


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"", "a.csv", "没有找到表头"),
        (b"x,y\n1,2", "a.csv", "没有找到表头"),
        (HEAD.encode(), "a.csv", "只有表头"),
        (b"PK\x03\x04broken", "a.xlsx", "打不开"),
        (b"\xd0\xcf", "a.xls", ".xlsx 或 .csv"),
        (("\n".join([HEAD, *["a,b,c,d,,,"] * 101])).encode(), "a.csv", "一次最多 100 行"),
        (b" " * (roster.BIGGEST + 1), "a.csv", "超过 5 MB"),
    ],
)
def test_a_file_that_cannot_be_taken_is_explained(content: bytes, name: str, says: str) -> None:
    with pytest.raises(roster.Unusable, match=says):
        roster.read(content, name)


def test_a_file_of_an_office_machine_is_read() -> None:
    (cells,) = roster.read(f"{HEAD}\n{GOOD[0]}".encode("gb18030"), "名单.CSV")
    assert cells["name"] == "赵新" and cells["area"] == HERE


@settings(max_examples=40)
@given(st.binary(max_size=200), st.sampled_from(["a.csv", "a.xlsx"]))
def test_any_bytes_are_read_or_explained(content: bytes, name: str) -> None:
    for start in (b"", b"PK", HEAD.encode() + b"\n"):
        try:
            assert roster.read(start + content, name)
        except roster.Unusable as said:
            assert str(said)
