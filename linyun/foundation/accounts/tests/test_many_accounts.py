"""The file of accounts in hostile hands and careless ones: odd layouts, departments, repeats, formulas, other people's rows."""

import io
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import openpyxl
import pytest
from django.contrib.auth.hashers import identify_hasher
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linyun.foundation.accounts import roster, services
from linyun.foundation.accounts.hashing import FirstPasswordHasher
from linyun.foundation.accounts.models import Account, Post
from linyun.foundation.accounts.policy import Refused
from linyun.foundation.acts.actor import Actor
from linyun.foundation.acts.models import Act
from linyun.foundation.areas.models import Area
from linyun.foundation.areas.scope import within
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from tests.characters import BUILDING, DISTRICT, GRID, HERE, STREET, THERE

As = Callable[[str], AbstractContextManager[Actor]]
Browser = Callable[[str], Client]
MANY = "/account/people/many"
HEAD = "姓名,用户名,角色,区域代码,区域名称,起,止,条线"


def rows(*lines: str, head: str = HEAD) -> list[roster.Cells]:
    return roster.read("\n".join([head, *lines]).encode(), "名单.csv")


def xlsx(*lines: list[object]) -> bytes:
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def sheet(content: bytes) -> list[tuple[str, ...]]:
    page = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    return [tuple(str(c or "") for c in row) for row in page.iter_rows(values_only=True)]


def held(username: str) -> list[tuple[str, str, str]]:
    with within(""):
        return sorted(Post.objects.filter(account__username=username).values_list("role", "area", "department"))


# Departments


@pytest.mark.parametrize("line_of_work", ["civil_affairs", catalogue.departments["civil_affairs"].name])
def test_a_department_gets_its_post_by_code_or_name(cast: dict[str, Post], as_character: As, line_of_work: str) -> None:
    with as_character("yan"):
        (line,) = roster.apply(rows(f"韩雪,han,条线部门,{DISTRICT},,,,{line_of_work}"))
    assert (line.outcome, line.reason) == ("new", "")
    assert held("han") == [("department", DISTRICT, "civil_affairs")]


@pytest.mark.parametrize(
    ("role", "area", "line_of_work", "says"),
    [
        ("条线部门", DISTRICT, "", "条线部门要写条线"),
        ("条线部门", DISTRICT, "气象", "条线部门要写条线"),
        ("社区工作者", HERE, "civil_affairs", "只有条线部门才写条线"),
        ("运维", DISTRICT, "民政", "只有条线部门才写条线"),
        ("条线部门", HERE, "civil_affairs", "这一级不能设"),
    ],
)
def test_a_line_of_work_stands_where_it_belongs_and_nowhere_else(
    cast: dict[str, Post], as_character: As, role: str, area: str, line_of_work: str, says: str
) -> None:
    with as_character("yan"):
        (line,) = roster.apply(rows(f"韩雪,han,{role},{area},,,,{line_of_work}"))
    assert line.outcome == "refused" and says in line.reason
    assert not Account.objects.filter(username="han").exists()


def test_only_operators_give_department_posts_by_file_too(cast: dict[str, Post], as_character: As) -> None:
    for who in ("gu", "lu", "shen"):
        with as_character(who):
            (line,) = roster.apply(rows(f"韩雪,han,条线部门,{DISTRICT},,,,civil_affairs"))
        assert line.outcome == "refused", who


def test_a_second_line_of_work_is_a_further_post_and_the_same_again_is_none(
    cast: dict[str, Post], as_character: As
) -> None:
    other = next(code for code in catalogue.departments if code != "civil_affairs")
    lines = [f"何敏,he,条线部门,{DISTRICT},,,,{code}" for code in ("civil_affairs", other)]
    with as_character("yan"):
        assert [x.outcome for x in roster.apply(rows(*lines))] == ["there", "post"]
        assert [x.outcome for x in roster.apply(rows(*lines))] == ["there", "there"]
    assert held("he") == sorted(("department", DISTRICT, code) for code in ("civil_affairs", other))


def test_the_verb_refuses_a_department_without_line_of_work_and_others_with_one(
    cast: dict[str, Post], as_character: As
) -> None:
    with as_character("yan"):
        for role, area, code in (("department", DISTRICT, ""), ("department", DISTRICT, "no_such"),
                                 ("worker", HERE, "civil_affairs")):  # fmt: skip
            with pytest.raises(services.Unfit, match="条线") as unfit:
                services.give_post(cast["lin"].account, services.Role(role), area, department=code)
            assert unfit.value.field == "department"
    assert held("lin") == [("worker", HERE, "")]


def test_a_line_of_work_planted_in_a_form_wins_nothing(client_of: Browser, cast: dict[str, Post]) -> None:
    posted = {"username": "new1", "name": "新人", "role": "worker", "area": HERE, "department": "civil_affairs"}
    answer = client_of("shen").post("/account/people/new", posted)
    assert answer.status_code == 422
    assert not Account.objects.filter(username="new1").exists()


def test_who_may_give_department_posts_chooses_the_line_by_name_and_the_others_are_not_asked(
    client_of: Browser, cast: dict[str, Post]
) -> None:
    name = catalogue.departments["civil_affairs"].name
    for path in ("/account/people/new", f"/account/people/{cast['lin'].account_id}"):
        assert 'name="department"' not in client_of("shen").get(path).content.decode()
        page = client_of("yan").get(path).content.decode()
        assert f'<option value="civil_affairs">{name}</option>' in page
    answer = client_of("yan").post(
        f"/account/people/{cast['lin'].account_id}/post",
        {"role": "department", "area": DISTRICT, "department": "civil_affairs"},
    )
    assert answer.status_code == 303
    assert ("department", DISTRICT, "civil_affairs") in held("lin")


# Layouts


@pytest.mark.parametrize(
    "lines",
    [
        [["四平路街道账号名单"], ["2026年11月"], [], ["姓名", "用户名", "角色", "区域代码"], ["赵新", "zhao", "网格员", GRID]],
        [["序号", "区域代码", "角色", "备注", "用户名", "姓名"], [1, GRID, "grid", "新来的", "zhao", "赵新"]],
        [["姓名", "登录名", "岗位", "区域"], ["赵新", " zhao ", "网格员", "第一网格"]],
        [["姓名", "用户名", "角色", "区域代码"], [], [None, None, None, None], ["赵新", "zhao", "网格员", GRID]],
    ],
)  # fmt: skip
def test_titles_other_orders_and_blank_lines_are_read(lines: list[list[object]]) -> None:
    (cells,) = roster.read(xlsx(*lines), "名单.xlsx")
    assert (cells["name"], cells["username"]) == ("赵新", "zhao")


def test_rows_with_blank_lines_between_are_all_read_and_none_is_cut_off_in_silence() -> None:
    people = [[f"人{n}", f"p{n}", "网格员", GRID] for n in range(90)]
    lines = [line for person in people for line in (person, [], [])]
    found = roster.read(xlsx(["姓名", "用户名", "角色", "区域代码"], *lines), "名单.xlsx")
    assert [c["username"] for c in found] == [f"p{n}" for n in range(90)]


@pytest.mark.parametrize("extra", [1, 25, 400])
def test_one_row_too_many_is_said_with_the_number_whatever_the_kind_of_file(extra: int) -> None:
    people = [[f"人{n}", f"p{n}", "网格员", GRID] for n in range(roster.MOST_ROWS + extra)]
    table = [["姓名", "用户名", "角色", "区域代码"], *people]
    for content, name in ((xlsx(*table), "a.xlsx"), ("\n".join(",".join(r) for r in table).encode(), "a.csv")):
        with pytest.raises(roster.Unusable, match=f"这份有 {roster.MOST_ROWS + extra} 行"):
            roster.read(content, name)


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("2026-11-02", date(2026, 11, 2)), ("2026/1/2", date(2026, 1, 2)), ("2026.1.2", date(2026, 1, 2)),
        ("2026年11月2日", date(2026, 11, 2)), ("", None), ("2026-11-02 00:00:00", date(2026, 11, 2)),
    ],
)  # fmt: skip
def test_days_as_offices_write_them(cell: str, found: date | None) -> None:
    assert roster._date(cell) == found


@pytest.mark.parametrize("cell", ["昨天", "2026-13-01", "2026-02-30", "11-02", "20261102", "2026-11", "46000"])
def test_a_day_that_is_none_is_not_guessed(cell: str) -> None:
    with pytest.raises(ValueError, match=".+"):
        roster._date(cell)


def test_days_and_numbers_that_excel_holds_as_such_are_read() -> None:
    head = ["姓名", "用户名", "角色", "区域代码", "起", "止"]
    line = ["赵新", 10086, "网格员", float(GRID), date(2026, 11, 2), date(2099, 1, 1)]
    (cells,) = roster.read(xlsx(head, line), "名单.xlsx")
    assert cells == {"name": "赵新", "username": "10086", "role": "网格员", "area": GRID, "since": "2026-11-02",
                     "until": "2099-01-01"}  # fmt: skip


def test_a_name_of_a_place_that_repeats_asks_for_its_code(cast: dict[str, Post], as_character: As) -> None:
    with as_character("shen"):
        (both,) = roster.judge(rows("赵新,zhao,网格员,,第一网格,,,"))
        (one,) = roster.judge(rows("赵新,zhao,网格员,,公交新村居委会,,,"))
    assert "有 2 个区域叫" in both.reason and "请写区域代码" in both.reason
    assert (one.outcome, one.area) == ("new", HERE)


def test_of_two_places_of_one_name_the_one_that_fits_the_role_is_meant(cast: dict[str, Post], as_character: As) -> None:
    Area.objects.create(code=HERE + "777", name="四平路街道", kind="grid", parent_id=HERE)
    with as_character("gu"):
        (line,) = roster.judge(rows("赵新,zhao,街道,,四平路街道,,,"))
    assert (line.outcome, line.area) == ("new", STREET)


def test_a_place_that_has_ended_takes_nobody_in(cast: dict[str, Post], as_character: As) -> None:
    Area.objects.filter(pk=THERE).update(valid_to=clock.today())
    with as_character("shen"):
        (line,) = roster.apply(rows(f"赵新,zhao,社区工作者,{THERE},,,,"))
    assert line.outcome == "refused" and "管理范围内没有" in line.reason


# Repeats


def test_one_name_twice_in_a_file_opens_one_account_and_says_why(cast: dict[str, Post], as_character: As) -> None:
    with as_character("shen"):
        done = roster.apply(rows(f"赵新,zhao,网格员,{GRID},,,,", f"赵新,ZHAO ,社区工作者,{HERE},,,,"))
        assert [x.outcome for x in done] == ["new", "refused"] and "出现了两次" in done[1].reason
        (again,) = roster.apply(rows(f"赵新,ZHAO ,社区工作者,{HERE},,,,"))
    assert again.outcome == "post"
    assert held("zhao") == [("grid", GRID, ""), ("worker", HERE, "")]


def test_the_same_further_post_twice_in_a_file_is_given_once(cast: dict[str, Post], as_character: As) -> None:
    with as_character("shen"):
        done = roster.apply(rows(*[f"林晓岚,lin,网格员,{GRID},,,,"] * 2))
    assert [x.outcome for x in done] == ["post", "refused"] and "已经有这个岗位" in done[1].reason


def test_a_name_that_somebody_elsewhere_has_is_taken_and_nothing_of_them_is_told(
    cast: dict[str, Post], as_character: As
) -> None:
    with as_character("shen"):
        (line,) = roster.judge(rows(f"顾文斌,gu,社区工作者,{HERE},,,,"))
    assert line.reason == "这个用户名已有人使用，请换一个。"


def test_a_closed_account_gets_no_post_by_file(cast: dict[str, Post], as_character: As) -> None:
    with as_character("shen"):
        services.close_account(cast["lin"].account)
        (line,) = roster.apply(rows(f"林晓岚,lin,网格员,{GRID},,,,"))
    assert line.outcome == "refused" and "已停用" in line.reason


def test_posts_one_after_the_other_are_two_and_overlapping_ones_are_there(
    cast: dict[str, Post], as_character: As
) -> None:
    today = clock.today()
    later, last = today + timedelta(days=30), today + timedelta(days=60)
    with as_character("shen"):
        lines = [f"林晓岚,lin,网格员,{GRID},,{today},{later},", f"林晓岚,lin,网格员,{GRID},,{later},{last},"]
        assert [roster.apply(rows(x))[0].outcome for x in lines] == ["post", "post"]
        assert roster.apply(rows(f"林晓岚,lin,网格员,{GRID},,{today + timedelta(days=15)},,"))[0].outcome == "there"
        assert roster.apply(rows(f"林晓岚,lin,网格员,{GRID},,{last},,"))[0].outcome == "post"


ROLES = st.sampled_from(["社区工作者", "网格员", "街道", "楼组长", "神仙", "运维"])
PLACES = st.sampled_from([HERE, THERE, GRID, BUILDING, STREET, "310", ""])


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(
        st.tuples(st.sampled_from(["赵新", "林晓岚", ""]), st.sampled_from(["zhao", "lin", "Qian", "a b", ""]), ROLES, PLACES),
        min_size=1, max_size=5,
    )
)  # fmt: skip
def test_what_was_promised_is_what_is_done_and_again_changes_nothing(
    cast: dict[str, Post], as_character: As, lines: list[tuple[str, ...]]
) -> None:
    content = rows(*(f"{n},{u},{r},{a},,,," for n, u, r, a in lines if n or u or r))
    with as_character("shen"):
        promised = [x.outcome for x in roster.judge(content)]
        done = roster.apply(content)
        # A refusal may come late (a name with a blank, the same post twice in the file); nothing else may change.
        assert all(d.outcome in (p, "refused") for p, d in zip(promised, done, strict=True))
        assert all(bool(x.password) == (x.outcome == "new") for x in done)
        with within(""):
            before = Post.objects.count(), Account.objects.count()
        again = roster.apply(content)
        assert not {x.outcome for x in again} & {"new"}
        with within(""):
            assert Account.objects.count() == before[1]


# What comes back


@pytest.mark.parametrize("start", ["=1+1", "+cmd", "-2", "@SUM(A1)", '=HYPERLINK("http://x")'])
def test_nothing_in_the_files_that_come_back_is_run(cast: dict[str, Post], as_character: As, start: str) -> None:
    quoted = '"' + start.replace('"', '""') + '"'
    with as_character("shen"):
        lines = roster.judge(rows(f"{quoted},{quoted},神仙,{HERE},,,,"))
    for content in (roster.bad_rows(lines), roster.given(lines)):
        page = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
        assert page["A2"].value == start and page["A2"].data_type == "s"


def test_the_bad_rows_mended_are_taken_as_they_come_back(cast: dict[str, Post], as_character: As) -> None:
    with as_character("shen"):
        book = openpyxl.load_workbook(io.BytesIO(roster.bad_rows(roster.judge(rows(f"赵新,zhao,神仙,{GRID},,,,")))))
        book.active["C2"] = "网格员"
        output = io.BytesIO()
        book.save(output)
        (line,) = roster.apply(roster.read(output.getvalue(), "有问题的行.xlsx"))
    assert line.outcome == "new"


def test_first_passwords_are_told_once_stand_in_no_table_and_in_no_act(cast: dict[str, Post], as_character: As) -> None:
    with as_character("shen"):
        (line,) = roster.apply(rows(f"赵新,zhao,网格员,{GRID},,,,"))
        stored = Account.objects.get(username="zhao").password
        written = " ".join(str(list(a.detail.values())) + a.reason for a in Act.objects.all())
    assert line.password and line.password not in stored + written


@pytest.mark.parametrize(
    "change", [lambda t: "", lambda t: t[:-4] + "AAAA", lambda t: signing.dumps([{"name": "x"}], salt="another")]
)
def test_rows_that_the_house_did_not_sign_are_not_taken(
    client_of: Browser, cast: dict[str, Post], change: Callable[[str], str]
) -> None:
    carried = roster.carry(rows(f"赵新,zhao,网格员,{GRID},,,,"))
    for step in ("apply", "bad"):
        answer = client_of("shen").post(MANY, {"step": step, "rows": change(carried)})
        assert answer.status_code == 422 and "请重新上传" in answer.content.decode()
    assert not Account.objects.filter(username="zhao").exists()


def test_rows_that_are_an_hour_old_are_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    carried = roster.carry([{"name": "赵新"}])
    assert roster.carried(carried) == [{"name": "赵新"}]
    monkeypatch.setattr(roster, "CARRIED", -1)
    with pytest.raises(roster.Unusable, match="过期"):
        roster.carried(carried)


def test_signed_rows_of_one_officer_win_another_nothing(client_of: Browser, cast: dict[str, Post]) -> None:
    carried = roster.carry(rows(f"赵新,zhao,街道,{STREET},,,,"))
    told = sheet(client_of("shen").post(MANY, {"step": "apply", "rows": carried}).content)
    assert told[1][9] == "有问题" and not Account.objects.filter(username="zhao").exists()
    told = sheet(client_of("gu").post(MANY, {"step": "apply", "rows": carried}).content)
    assert told[1][9] == "开账号"


@pytest.mark.parametrize("key", ["lin", "chen", "zhou", "he"])
def test_others_find_the_door_shut_and_the_verbs_too(
    client_of: Browser, cast: dict[str, Post], as_character: As, key: str
) -> None:
    file = SimpleUploadedFile("名单.csv", f"{HEAD}\n赵新,zhao,网格员,{GRID},,,,".encode())
    assert client_of(key).get(MANY).status_code == 403
    assert client_of(key).post(MANY, {"file": file}).status_code == 403
    with as_character(key), pytest.raises(Refused):
        roster.apply([{"name": "赵新", "username": "zhao", "role": "grid", "area": GRID}])


# Files that are none


def bomb() -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (roster.UNPACKED + 1))
    return output.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"PK", "打不开"),
        (b"PK\x05\x06" + b"\0" * 18, "打不开"),
        (xlsx(), "没有找到表头"),
        (xlsx(["姓名"]), "没有找到表头"),
    ],
)
def test_workbooks_without_a_list_are_explained(content: bytes, says: str) -> None:
    with pytest.raises(roster.Unusable, match=says):
        roster.read(content, "名单.xlsx")


def test_a_bomb_is_not_opened() -> None:
    content = bomb()
    assert len(content) < 100_000
    with pytest.raises(roster.Unusable, match="展开后太大"):
        roster.read(content, "名单.xlsx")


def test_an_absurdly_long_cell_is_cut_and_then_refused_by_the_verb(cast: dict[str, Post], as_character: As) -> None:
    with as_character("shen"):
        (line,) = roster.apply(rows(f"{'赵' * 500},{'z' * 500},网格员,{GRID},,,,"))
    assert line.outcome == "refused" and "太长" in line.reason


@pytest.mark.parametrize("name", ["名单.xls", "名单", "名单.pdf", "名单.csv.exe"])
def test_what_is_neither_workbook_nor_csv_is_named(name: str) -> None:
    with pytest.raises(roster.Unusable, match=r"\.xlsx 或 \.csv"):
        roster.read("姓名,用户名,角色,区域\n".encode(), name)


# First passwords


def test_a_first_password_is_hashed_fast_and_anew_at_the_first_sign_in(
    client: Client, cast: dict[str, Post], as_character: As
) -> None:
    with as_character("shen"):
        (line,) = roster.apply(rows(f"赵新,zhao,网格员,{GRID},,,,"))
    assert identify_hasher(Account.objects.get(username="zhao").password).algorithm == FirstPasswordHasher.algorithm
    answer = client.post("/account/login", {"username": "zhao", "password": line.password})
    assert answer.status_code == 302
    account = Account.objects.get(username="zhao")
    assert identify_hasher(account.password).algorithm != FirstPasswordHasher.algorithm
    assert account.password_is_initial, "signing in is not yet choosing one's own"
    assert client.get("/account/post")["Location"].startswith("/account/password")


def test_a_try_at_a_fast_hash_takes_as_long_as_at_any_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the time of a wrong answer would tell which accounts are new."""
    usual = identify_hasher("md5$abc$" + "0" * 32)
    made: list[str] = []
    encode = type(usual).encode

    def counted(self: object, password: str, salt: str, *more: object) -> str:
        made.append(password)
        return encode(self, password, salt, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(type(usual), "encode", counted)
    hasher = FirstPasswordHasher()
    kept = hasher.encode("abcd-efgh", "salt")
    assert made == []
    assert hasher.verify("abcd-efgh", kept) and not hasher.verify("wrong", kept)
    assert made == ["abcd-efgh", "wrong"]


def test_a_password_that_somebody_chose_is_never_hashed_fast(cast: dict[str, Post], as_character: As) -> None:
    with as_character("shen"):
        services.set_password(cast["lin"].account, "quiet-lantern-river")
        opened = services.open_account("qian", "钱程", services.Role.GRID, GRID, password="quiet-lantern-river")
    for account in (cast["lin"].account, opened):
        assert identify_hasher(account.password).algorithm != FirstPasswordHasher.algorithm


def test_a_hundred_accounts_ask_the_database_no_more_often_each(
    cast: dict[str, Post], as_character: As, assert_queries: Callable[..., AbstractContextManager[None]]
) -> None:
    people = rows(*(f"人{n},p{n},网格员,{GRID},,,," for n in range(20)))
    with as_character("shen"), assert_queries(4, at_most=True):
        assert {x.outcome for x in roster.judge(people)} == {"new"}
