"""Who has an account here: the list that an officer sees, one account with its posts, and both as a file."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import xlsxwriter
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from linyun.foundation.accounts.events import AccountsExported
from linyun.foundation.accounts.models import Account, Post
from linyun.foundation.accounts.policy import require
from linyun.foundation.accounts.rules import LADDER, MANAGERS, may_give
from linyun.foundation.acts.actor import Actor, current
from linyun.foundation.acts.models import Act
from linyun.foundation.acts.services import record
from linyun.foundation.areas import scope
from linyun.kernel import clock
from linyun.kernel.declare import Role
from linyun.kernel.words import ROLE_NAMES, say

HEAD = ("姓名", "登录名", "角色", "区域代码", "区域名称", "起", "止", "最近登录", "状态")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list is narrowed to: a part of a name, a role, accounts in use ("") or closed."""

    q: str = ""
    role: str = ""
    state: str = ""

    def found(self) -> QuerySet[Account]:
        """Accounts with a post, past or present, within the scope. Row-level security looks at the posts."""
        posts = Post.objects.filter(account=OuterRef("pk"))
        if self.role:
            posts = posts.during(clock.today(), None).filter(role=self.role)
        rows = Account.objects.filter(Exists(posts), is_active=self.state != "closed")
        if self.q:
            rows = rows.filter(Q(name__icontains=self.q) | Q(username__icontains=self.q.lower()))
        return rows


def with_posts(rows: QuerySet[Account]) -> QuerySet[Account]:
    """The accounts with ``held``: posts within the scope that have not ended."""
    held = Post.objects.during(clock.today(), None).select_related("area").order_by("valid_from", "id")
    return rows.prefetch_related(Prefetch("posts", held, to_attr="held"))


def the_account(account_id: UUID) -> Account:
    """An account that holds or held a post within the scope. Raises Account.DoesNotExist, also for foreign ones."""
    return Account.objects.filter(Exists(Post.objects.filter(account=OuterRef("pk")))).get(pk=account_id)


def givable(giver: Actor) -> list[tuple[str, str]]:
    """The roles that somebody may give somewhere, as options."""
    if giver.role not in MANAGERS:
        return []
    roles = Role if giver.role is Role.OPERATOR else LADDER[LADDER.index(giver.role) + 1 :]
    return [(role.value, say(ROLE_NAMES[role])) for role in roles]


def may_touch(giver: Actor, post: Post) -> bool:
    """Whether the page offers to end a post."""
    return (
        giver.role is not None
        and giver.account_id != post.account_id
        and may_give(giver.role, giver.area or "", Role(post.role), post.area_id)
    )


def history(account: Account) -> list[Act]:
    """The newest acts about an account within the scope."""
    return list(Act.objects.about("account", account.pk)[:12])


def own_sign_ins(account: Account) -> list[Act]:
    """One's own newest sign-ins, in whichever post."""
    with scope.within(""):
        return list(Act.objects.about("account", account.pk).filter(verb="signed_in")[:20])


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""


def export(asked: Asked) -> bytes:
    """All accounts of a list as a workbook, a line for each post; an act is recorded. Raises Refused."""
    who = current()
    require(who, "account.manage")
    rows: list[Sequence[str]] = []
    accounts = list(with_posts(asked.found()).order_by("username"))
    for a in accounts:
        seen = a.last_login.astimezone(clock.ZONE).strftime("%Y-%m-%d %H:%M") if a.last_login else ""
        state = "在用" if a.is_active else "已停用"
        posts = [(ROLE_NAMES[Role(p.role)], p.area_id, p.area.name, _day(p.valid_from), _day(p.valid_to))
                 for p in a.held] or [("",) * 5]  # type: ignore[attr-defined]  # fmt: skip
        rows += [(a.name, a.username, *p, seen, state) for p in posts]
    record(AccountsExported(len(accounts)), area=who.area or "")
    return workbook("账号", HEAD, rows)


def workbook(sheet: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A workbook of texts: numbers keep their digits, and nothing that begins with = + - @ is run."""
    output = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(output, options) as book:
        page, text = book.add_worksheet(sheet), book.add_format({"num_format": "@"})
        page.set_column(0, len(head) - 1, 18, text)
        for number, row in enumerate([head, *rows]):
            for column, value in enumerate(row):
                page.write_string(number, column, str(value), text)
    return output.getvalue()
