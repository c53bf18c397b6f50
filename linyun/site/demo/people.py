"""Those who can log in to the demonstration."""

import hashlib
from base64 import b32encode
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings

from linyun.foundation.accounts import factor
from linyun.foundation.accounts.models import Account
from linyun.foundation.accounts.rules import code_at
from linyun.foundation.accounts.services import open_account
from linyun.foundation.areas.models import Area
from linyun.kernel.declare import Role

PASSWORD = "Gongjiao-016"
"""Of all demonstration accounts; they exist only where `linyun demo` made them, on a machine that serves itself."""
STEP = 30


@dataclass(frozen=True, slots=True)
class Player:
    """One demonstration account. ``area`` starting with "=" names a building by its address."""

    username: str
    name: str
    role: Role
    area: str
    title: str
    department: str = ""


PLAYERS = (
    Player("lin", "林晓岚", Role.WORKER, "310110009016", "社区工作者"),
    Player("lijing", "李静", Role.WORKER, "310110009016", "社区工作者"),
    Player("tieling", "邬佩芬", Role.WORKER, "310110009017", "社区工作者（铁岭路五十弄）"),
    Player("wangge", "何海平", Role.GRID, "310110009016001", "网格员"),
    Player("louzu", "顾梅珍", Role.CHIEF, "=公交新村12号", "12 号楼楼组长"),
    Player("jiedao", "沈立新", Role.STREET, "310110009", "街道社区办"),
    Player("quji", "陆文涛", Role.DISTRICT, "310110", "区民政局"),
    Player("minzheng", "韩雪梅", Role.DEPARTMENT, "310110", "救助科", "civil_affairs"),
    Player("yunwei", "郑凯", Role.OPERATOR, "31", "系统运维"),
)


def secret_of(username: str) -> str:
    """The authenticator secret of a demonstration account on this installation."""
    digest = hashlib.sha256(f"{settings.SECRET_KEY} demo {username}".encode()).digest()
    return b32encode(digest[:20]).decode()


def code_of(username: str) -> str:
    """The six digits that the account's authenticator shows now."""
    code: str = code_at(secret_of(username), int(datetime.now(UTC).timestamp()) // STEP)
    return code


def _area(player: Player) -> str:
    if not player.area.startswith("="):
        return player.area
    return str(Area.objects.within("310110009016").get(name=player.area[1:], kind=Area.Kind.BUILDING).code)


def open_all() -> None:
    """Open the accounts that are not there yet."""
    for player in PLAYERS:
        if Account.objects.filter(username=player.username).exists():
            continue
        account = open_account(
            player.username, player.name, player.role, _area(player), title=player.title,
            department=player.department, password=PASSWORD, initial=False,
        )  # fmt: skip
        if any(p.needs_second_factor for p in account.posts.all()):
            factor.tie(account, secret_of(player.username))
