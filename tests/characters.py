"""The known characters: each has an account and a post, and every test that asks who may see what asks it of them.

公交新村 (HERE) and 铁岭路五十弄 (THERE) are real neighbours; nobody who works in one may see anything of the other.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date

import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.test import Client

from linyun.foundation.accounts import sessions
from linyun.foundation.accounts.doors import actor_of
from linyun.foundation.accounts.models import Account, Post
from linyun.foundation.accounts.session_store import SessionStore
from linyun.foundation.acts.actor import Actor, acting
from linyun.foundation.areas.models import Area
from linyun.foundation.areas.scope import within
from linyun.kernel.declare import Role

HERE = "310110009016"
THERE = "310110009017"
STREET = "310110009"
DISTRICT = "310110"
BUILDING = HERE + "001001001"
OTHER_BUILDING = HERE + "001001002"
GRID = HERE + "001"
OTHER_GRID = HERE + "002"
BUILDING_THERE = THERE + "001001001"

AREAS = (
    ("31", "上海市", Area.Kind.PROVINCE),
    ("3101", "市辖区", Area.Kind.CITY),
    (DISTRICT, "杨浦区", Area.Kind.DISTRICT),
    (STREET, "四平路街道", Area.Kind.STREET),
    ("310110009012", "鞍山四村第一居委会", Area.Kind.COMMITTEE),
    (HERE, "公交新村居委会", Area.Kind.COMMITTEE),
    (GRID, "第一网格", Area.Kind.GRID),
    (GRID + "001", "公交新村", Area.Kind.ESTATE),
    (BUILDING, "1号楼", Area.Kind.BUILDING),
    (OTHER_BUILDING, "2号楼", Area.Kind.BUILDING),
    (OTHER_GRID, "第二网格", Area.Kind.GRID),
    (THERE, "铁岭路五十弄居委会", Area.Kind.COMMITTEE),
    (THERE + "001", "第一网格", Area.Kind.GRID),
    (THERE + "001001", "铁岭路50弄", Area.Kind.ESTATE),
    (BUILDING_THERE, "3号楼", Area.Kind.BUILDING),
)
"""Committee and above: real names and codes. Below: as a committee would cut itself."""


@dataclass(frozen=True, slots=True)
class Character:
    """Somebody everybody knows. ``key`` is the sign-in name too."""

    key: str
    name: str
    role: Role
    area: str
    department: str = ""


CHARACTERS = {
    c.key: c
    for c in (
        Character("lin", "林晓岚", Role.WORKER, HERE),
        Character("wu", "吴海燕", Role.WORKER, THERE),
        Character("chen", "陈志远", Role.GRID, GRID),
        Character("zhou", "周国梁", Role.CHIEF, BUILDING),
        Character("shen", "沈立群", Role.STREET, STREET),
        Character("gu", "顾文斌", Role.DISTRICT, DISTRICT),
        Character("lu", "陆思远", Role.CITY, "31"),
        Character("he", "何敏", Role.DEPARTMENT, DISTRICT, "civil_affairs"),
        Character("yan", "严工", Role.OPERATOR, "31"),
    )
}
"""林老师 works HERE, 吴老师 is the stranger from THERE; one person for each role."""

PASSWORD = "test-only-Xk7pQ2"


@pytest.fixture
def areas(db: None) -> dict[str, Area]:
    """四平路街道 with its ways up to the city and down to buildings, by code."""
    rows = {code: Area(code=code, name=name, kind=kind, source="test") for code, name, kind in AREAS}
    for code, row in rows.items():
        row.parent = max(
            (a for c, a in rows.items() if code.startswith(c) and c != code), key=lambda a: len(a.code), default=None
        )
    Area.objects.bulk_create(rows.values())
    return rows


@pytest.fixture
def cast(areas: dict[str, Area]) -> dict[str, Post]:
    """Every character's post, its account attached, by key."""
    password = make_password(PASSWORD)
    accounts = {k: Account(username=k, name=c.name, password=password) for k, c in CHARACTERS.items()}
    Account.objects.bulk_create(accounts.values())
    posts = {
        k: Post(
            account=accounts[k], role=c.role, area=areas[c.area], department=c.department, valid_from=date(2026, 1, 1)
        )
        for k, c in CHARACTERS.items()
    }
    with within(""):
        Post.objects.bulk_create(posts.values())
    return posts


def sign_in(client: Client, account: Account) -> None:
    """Put the client into a session as it stands after password and second factor."""
    session = SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[0]
    session["_auth_user_hash"] = account.get_session_auth_hash()
    session[sessions.FACTOR_KEY] = True
    sessions.begin(session, factor_due=False)
    session.create()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""


@pytest.fixture
def client_of(cast: dict[str, Post]) -> Callable[[str], Client]:
    """``client_of("lin")``: a browser in which that character is signed in; '' for one in which nobody is."""

    def made(key: str) -> Client:
        client = Client()
        if key:
            sign_in(client, cast[key].account)
        return client

    return made


@pytest.fixture
def as_character(cast: dict[str, Post]) -> Callable[[str], AbstractContextManager[Actor]]:
    """``with as_character("shen"):`` acts as that character within the area of the post, as behind a door."""

    @contextmanager
    def entered(key: str) -> Iterator[Actor]:
        actor = actor_of(cast[key], channel="command")
        with acting(actor), within(actor.area):
            yield actor

    return entered


@pytest.fixture
def as_worker(
    as_character: Callable[[str], AbstractContextManager[Actor]],
) -> Callable[[], AbstractContextManager[Actor]]:
    """``with as_worker():`` acts as 林老师."""
    return lambda: as_character("lin")
