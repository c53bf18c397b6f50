"""Many accounts from one file: read it, say what each row would do, do the good rows. The same file twice changes nothing.

Nothing is kept between the two steps: the page carries the rows, signed, and they are judged again before anything is
done. Rights are asked for row by row by the same verbs as for one account.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import openpyxl
from django.core import signing
from django.db import IntegrityError, transaction

from linyun.foundation.accounts import services
from linyun.foundation.accounts.models import Account, Post
from linyun.foundation.accounts.people import workbook
from linyun.foundation.accounts.policy import Refused, require
from linyun.foundation.accounts.rules import fits, may_give
from linyun.foundation.acts.actor import Actor, current
from linyun.foundation.areas.models import Area
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Role
from linyun.kernel.words import ROLE_NAMES, listed, msgid, say

MOST_ROWS = 100
MOST_LINES = 5000
"""Lines that are looked at for rows: blank ones between them do not count."""
BIGGEST = 5 * 2**20
UNPACKED = 60 * 2**20
CARRIED = 3600
SALT = "linyun.accounts.roster"
HEADS = {
    "name": ("姓名",), "username": ("用户名", "登录名"), "role": ("角色", "岗位"), "area": ("区域代码",),
    "place": ("区域名称", "区域"), "department": ("条线", "条线代码", "条线部门"), "since": ("起", "开始日期"),
    "until": ("止", "结束日期"),
}  # fmt: skip
SAMPLE = ("姓名", "用户名", "角色", "区域代码", "区域名称", "起", "止", "条线")
OUTCOMES = {"new": msgid("开账号"), "post": msgid("加岗位"), "there": msgid("已有，不变"), "refused": msgid("有问题")}
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 00:00:00)?\Z")

Cells = dict[str, str]


class Unusable(ValueError):
    """A file cannot be taken as it is; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the file and what it would do, or did. ``password`` only just after the account was opened."""

    number: int
    cells: Cells
    outcome: str = "refused"
    reason: str = ""
    role: Role | None = None
    area: str = ""
    department: str = ""
    since: date | None = None
    until: date | None = None
    password: str = ""


def read(content: bytes, filename: str) -> list[Cells]:
    """The rows of a file. Raises Unusable."""
    if len(content) > BIGGEST:
        raise Unusable(say("文件超过 5 MB，请分成几个文件。"))
    table = _xlsx(content) if content.startswith(b"PK") else _csv(content, filename)
    rows = ([_text(cell) for cell in row] for row in table)
    columns: dict[str, int] = {}
    for row in rows:
        columns = {key: row.index(w) for key, words in HEADS.items() for w in words if w in row}
        if "name" in columns and "username" in columns:
            break
    needed = {"name", "username", "role"} - columns.keys()
    if needed or not columns.keys() & {"area", "place"}:
        raise Unusable(say("没有找到表头。请按样表写：{heads}。", heads="、".join(SAMPLE)))
    found = [{k: row[i] if i < len(row) else "" for k, i in columns.items()} for row in rows if any(row)]
    if not found:
        raise Unusable(say("表里只有表头，没有人。"))
    if len(found) > MOST_ROWS:
        raise Unusable(say("一次最多 {most} 行，这份有 {n} 行，请分成几个文件。", most=MOST_ROWS, n=len(found)))
    return found


def _xlsx(content: bytes) -> Iterable[Sequence[Any]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > UNPACKED:
                raise Unusable(say("文件展开后太大，请另存为新文件再试。"))
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        return list(sheet.iter_rows(values_only=True, max_row=MOST_LINES, max_col=40))
    except Unusable:
        raise
    except Exception as broken:  # openpyxl answers a damaged file with whatever its parser meets
        raise Unusable(say("这个 Excel 文件打不开，请另存为 .xlsx 再试。")) from broken


def _csv(content: bytes, filename: str) -> Iterable[Sequence[str]]:
    if not filename.lower().endswith((".csv", ".txt")):
        raise Unusable(say("请上传 .xlsx 或 .csv 文件。"))
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise Unusable(say("文件的文字读不出来，请另存为 .xlsx 再试。"))
    try:
        return list(csv.reader(io.StringIO(text.replace("\x00", ""))))
    except csv.Error as broken:
        raise Unusable(say("这个 CSV 文件读不出来，请另存为 .xlsx 再试。")) from broken


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        return cell.strftime("%Y-%m-%d")
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).strip()[:200]


def _date(text: str) -> date | None:
    """Raises ValueError for what is no day."""
    if not text:
        return None
    found = DAY.match(text)
    if not found:
        raise ValueError(text)
    return date(*map(int, found.groups()))


def carry(rows: Sequence[Cells]) -> str:
    """The rows as a page carries them from the first step to the second."""
    return signing.dumps(list(rows), salt=SALT, compress=True)


def carried(text: str) -> list[Cells]:
    """The rows back. Raises Unusable when they are not ours or an hour old."""
    try:
        rows: list[Cells] = signing.loads(text, salt=SALT, max_age=CARRIED)
    except signing.BadSignature as bad:
        raise Unusable(say("这一步已过期，请重新上传文件。")) from bad
    return rows


def judge(rows: Sequence[Cells]) -> list[Line]:
    """What each row would do. Three queries, whatever the number of rows. Raises Refused."""
    who = current()
    require(who, "account.manage")
    names = {Account.objects.normalise(r["username"]) for r in rows}
    accounts = {a.username: a for a in Account.objects.filter(username__in=names)}
    posts: dict[Any, list[Post]] = {}
    for post in Post.objects.filter(account__in=accounts.values()):
        posts.setdefault(post.account_id, []).append(post)
    places = _places(who, rows)
    seen: set[str] = set()
    lines = []
    for number, cells in enumerate(rows, 1):
        line = _understood(Line(number, cells), who, places)
        handle = Account.objects.normalise(cells["username"])
        if not line.reason:
            line = _against(line, accounts.get(handle), posts)
        if not line.reason and line.outcome == "new" and handle in seen:
            line = replace(line, outcome="refused", reason=say("这个用户名在表里出现了两次。要加岗位，请先开账号。"))
        seen.add(handle)
        lines.append(line)
    return lines


def _places(who: Actor, rows: Sequence[Cells]) -> list[Area]:
    codes = {r.get("area", "") for r in rows} - {""}
    names = {r.get("place", "") for r in rows if not r.get("area")} - {""}
    here = Area.objects.on(clock.today()).within(who.area or "")
    return list(here.filter(code__in=codes) | here.filter(name__in=names))


def _understood(line: Line, who: Actor, places: Sequence[Area]) -> Line:
    """The row with its role, area and days; with a reason where they are not understood or may not be given."""
    cells = line.cells
    role = next((r for r in Role if cells["role"] in (r.value, ROLE_NAMES[r], say(ROLE_NAMES[r]))), None)
    if not cells["name"] or not cells["username"]:
        return replace(line, reason=say("请写姓名和用户名。"))
    if role is None:
        return replace(
            line,
            reason=say(
                "没有“{role}”这个角色。可以写：{known}。", role=cells["role"], known="、".join(ROLE_NAMES.values())
            ),
        )
    code, name = cells.get("area", ""), cells.get("place", "")
    found = [a for a in places if (a.code == code if code else a.name == name and fits(role, a.code))]
    if not found:
        return replace(line, reason=say("您的管理范围内没有“{place}”。", place=code or name))
    if len(found) > 1:
        return replace(line, reason=say("有 {n} 个区域叫“{name}”，请写区域代码。", n=len(found), name=name))
    area = found[0].code
    if not fits(role, area):
        return replace(line, reason=say("“{name}”这一级不能设这种岗位。", name=found[0].name))
    if who.role is None or not may_give(who.role, who.area or "", role, area):
        return replace(line, reason=say("您的岗位不能安排这个岗位，请由上级管理员办理。"))
    try:
        since, until = _date(cells.get("since", "")), _date(cells.get("until", ""))
    except ValueError:
        return replace(line, reason=say("日期看不懂，请写成 2026-11-28。"))
    if until and until <= (since or clock.today()):
        return replace(line, reason=say("结束日期要晚于开始日期。"))
    return _in_line_of_work(replace(line, role=role, area=area, since=since, until=until))


def _in_line_of_work(line: Line) -> Line:
    """The row with the code of its line of work: departments have one, written as code or name, and nobody else."""
    said = line.cells.get("department", "")
    if line.role is not Role.DEPARTMENT:
        return replace(line, reason=say("只有条线部门才写条线，请清空这一格。")) if said else line
    code = next((d.code for d in catalogue.departments.values() if said and said in (d.code, d.name)), "")
    if not code:
        names = listed(say(d.name) for d in catalogue.departments.values())
        return replace(line, reason=say("条线部门要写条线。可以写：{names}。", names=names))
    return replace(line, department=code)


def _against(line: Line, account: Account | None, posts: dict[Any, list[Post]]) -> Line:
    """The row against what is there already."""
    if account is None:
        return replace(line, outcome="new")
    held = posts.get(account.pk, [])
    if account.name != line.cells["name"] or not held:
        return replace(line, reason=say("这个用户名已有人使用，请换一个。"))
    if not account.is_active:
        return replace(line, reason=say("这个账号已停用。请先在账号页恢复。"))
    first, last = line.since or clock.today(), line.until
    same = (p for p in held if (p.role, p.area_id, p.department) == (line.role, line.area, line.department))
    if any((p.valid_to is None or p.valid_to > first) and (last is None or p.valid_from < last) for p in same):
        return replace(line, outcome="there")
    if account.pk == current().account_id:
        return replace(line, reason=say("不能给自己安排岗位，请由上级管理员办理。"))
    return replace(line, outcome="post")


def apply(rows: Sequence[Cells]) -> list[Line]:
    """Do the good rows; a row that cannot be done after all says why and leaves nothing. Raises Refused."""
    return [_done(line) for line in judge(rows)]


def _done(line: Line) -> Line:
    if line.role is None or line.outcome not in ("new", "post"):
        return line
    username, password = line.cells["username"], ""
    try:
        with transaction.atomic():
            if line.outcome == "new":
                password = services.temporary_password()
                services.open_account(username, line.cells["name"], line.role, line.area, password=password,
                                      made_up=True, department=line.department, since=line.since,
                                      until=line.until)  # fmt: skip
            else:
                account = Account.objects.get(username=Account.objects.normalise(username))
                services.give_post(account, line.role, line.area, department=line.department, since=line.since,
                                   until=line.until)  # fmt: skip
    except (services.Unfit, Refused) as refused:
        return replace(line, outcome="refused", reason=str(refused))
    except IntegrityError:
        return replace(line, outcome="refused", reason=say("刚才有人办了同样的岗位，请再上传一次看看。"))
    return replace(line, password=password)


def counts(lines: Sequence[Line]) -> list[tuple[str, str, int]]:
    """How many rows of each outcome, those that there are."""
    found = [(o, say(label), sum(x.outcome == o for x in lines)) for o, label in OUTCOMES.items()]
    return [entry for entry in found if entry[2]]


def _cells(line: Line) -> list[str]:
    keys = ("name", "username", "role", "area", "place", "since", "until", "department")
    return [line.cells.get(key, "") for key in keys]


def bad_rows(lines: Sequence[Line]) -> bytes:
    """The rows with a problem as a workbook that can be mended and sent again."""
    return workbook("有问题的行", (*SAMPLE, "原因"), [[*_cells(x), x.reason] for x in lines if x.outcome == "refused"])


def given(lines: Sequence[Line]) -> bytes:
    """What was done, with the first passwords: the only time that they are told."""
    rows = [[*_cells(x), x.password, OUTCOMES[x.outcome], x.reason] for x in lines]
    return workbook("账号和初始密码", (*SAMPLE, "初始密码", "结果", "原因"), rows)


def sample() -> bytes:
    """An empty file with the right head."""
    return workbook("账号", SAMPLE, [])
