"""The database of the tests: migrated once by its owner, then used as ``linyun_app`` only: row-level security holds.

``DATABASE_URL`` names a server on which the tests may make databases; without it a throwaway one is started
(``LINYUN_TEST_DATABASE=debian15`` for PostgreSQL 15). The migrated database is a template, kept as long as no migration
changes; every test process gets a copy of its own.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from linyun.site.postgres import for_tests, prepare

ROLE = "linyun_app"
TEMPLATES_KEPT = 3
_URL = pytest.StashKey[str]()


def _server(config: pytest.Config) -> str:
    """The address of the server, started when nobody named one. It ends with the process that asked first."""
    if _URL not in config.stash:
        named = os.environ.get("DATABASE_URL")
        config.stash[_URL] = named or for_tests(os.environ).url()
    return config.stash[_URL]


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--data``: what a second version of PostgreSQL is run for. ``--fast``: what one waits for while writing."""
    parser.addoption("--data", action="store_true", help="only tests that touch the database")
    parser.addoption(
        "--fast", action="store_true", help="only tests without database, browser and servers of their own"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what was not asked for."""
    if config.getoption("--data") or config.getoption("--fast"):
        wanted = touches_data if config.getoption("--data") else is_fast
        left_out = [item for item in items if not wanted(item)]
        items[:] = [item for item in items if wanted(item)]
        config.hook.pytest_deselected(items=left_out)


def touches_data(item: pytest.Item) -> bool:
    """Whether a test is given the database, by its mark or by a fixture."""
    given = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or not given.isdisjoint(("db", "transactional_db"))


def is_fast(item: pytest.Item) -> bool:
    """Whether a test needs neither the database nor a browser, and starts no PostgreSQL of its own."""
    given = set(getattr(item, "fixturenames", ()))
    return not touches_data(item) and "browser" not in given and "site/postgres" not in item.nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """With several processes the first one, which outlives them all, starts the server."""
    node.workerinput["linyun_server"] = _server(node.config)


def fingerprint() -> str:
    """Changes with every migration, ours or of a package."""
    taken = sha256()
    for path in sorted((settings.ROOT / "linyun").glob("*/*/migrations/*.py")):
        taken.update(path.relative_to(settings.ROOT).as_posix().encode() + path.read_bytes())
    taken.update((settings.ROOT / "linyun/foundation/areas/rowlevel.py").read_bytes())
    for package in ("django", "django-allauth", "procrastinate"):
        taken.update(version(package).encode())
    return taken.hexdigest()[:12]


def _point_django_to(url: str, name: str, role: str) -> None:
    connection.close()
    parts = conninfo_to_dict(url)
    connection.settings_dict.update(
        NAME=name, USER=parts.get("user", ""), PASSWORD=parts.get("password", ""),
        HOST=parts.get("host", ""), PORT=str(parts.get("port", "")),
    )  # fmt: skip
    options = {k: v for k, v in connection.settings_dict["OPTIONS"].items() if k not in ("options", "pool")}
    connection.settings_dict["OPTIONS"] = {**options, "options": f"-c role={role}"} if role else options


def _make_template(server: psycopg.Connection, url: str, name: str) -> None:
    """Migrate a new database as its owner and close it for everything but copying."""
    making = sql.Identifier(f"{name}_making")
    server.execute(sql.SQL("drop database if exists {} with (force)").format(making))
    server.execute(sql.SQL("create database {} template template0 encoding 'UTF8'").format(making))
    _point_django_to(url, f"{name}_making", "")
    call_command("migrate", verbosity=0, interactive=False)
    connection.close()
    server.execute(sql.SQL("alter database {} allow_connections false").format(making))
    server.execute(sql.SQL("alter database {} rename to {}").format(making, sql.Identifier(name)))


def _template(server: psycopg.Connection, url: str) -> str:
    name = f"linyun_template_{fingerprint()}"
    # One process migrates, the others wait for it.
    server.execute("select pg_advisory_lock(hashtext(%s))", [name])
    kept = [n for (n,) in server.execute(
        "select datname from pg_database where datname ~ '^linyun_template_[0-9a-f]{12}$' order by oid desc"
    ).fetchall()]  # fmt: skip
    if name not in kept:
        _make_template(server, url, name)
        for old in kept[TEMPLATES_KEPT - 1 :]:
            server.execute(sql.SQL("drop database if exists {}").format(sql.Identifier(old)))
    server.execute("select pg_advisory_unlock(hashtext(%s))", [name])
    return name


def _drop_abandoned(server: psycopg.Connection) -> None:
    """Databases of test runs that were killed: nobody is connected to them and their process is gone."""
    rows = server.execute(
        "select datname from pg_database d where datname ~ '^linyun_test_[0-9]+_'"
        " and not exists (select from pg_stat_activity a where a.datid = d.oid)"
    ).fetchall()
    for (name,) in rows:
        if not Path(f"/proc/{name.split('_')[2]}").exists():
            server.execute(sql.SQL("drop database if exists {}").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[None]:
    """In place of pytest-django's: a copy of the migrated template, used in the role of the running product."""
    given = getattr(request.config, "workerinput", {})
    url = given.get("linyun_server") or _server(request.config)
    prepare(url)
    name = f"linyun_test_{os.getpid()}_{given.get('workerid', 'main')}"
    with django_db_blocker.unblock(), psycopg.connect(url, autocommit=True) as server:
        _drop_abandoned(server)
        template = _template(server, url)
        server.execute(sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(template)))
        _point_django_to(url, name, ROLE)
        _insist_on_the_role()
    yield
    with django_db_blocker.unblock(), psycopg.connect(url, autocommit=True) as server:
        connection.close()
        drop(server, sql.Identifier(name))


def drop(server: psycopg.Connection, name: sql.Identifier) -> None:
    """Drop a database of the tests. Autovacuum may be at work in it, which only a superuser may end by force; without
    force PostgreSQL asks it to leave and waits.
    """
    try:
        server.execute(sql.SQL("drop database {} with (force)").format(name))
    except psycopg.errors.InsufficientPrivilege:
        server.execute(sql.SQL("drop database {}").format(name))


def _insist_on_the_role() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select rolname, rolsuper or rolbypassrls or rolcanlogin from pg_roles where rolname = current_user"
        )
        if cursor.fetchone() != (ROLE, False):
            pytest.exit(f"the tests must run as {ROLE}, which may not pass by row-level security", returncode=3)


@contextmanager
def as_owner() -> Iterator[None]:
    """Run statements as the owner of the tables: only to plant what the laws must find, or to empty tables."""
    with connection.cursor() as cursor:
        cursor.execute("set role none")
        try:
            yield
        finally:
            cursor.execute(sql.SQL("set role {}").format(sql.Identifier(ROLE)).as_string(None))


_empty_tables = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]


def _empty_tables_as_owner(case: TransactionTestCase) -> None:
    """After a test that committed: the product's role may not truncate, and shall not learn it for the tests' sake."""
    with as_owner():
        _empty_tables(case)


TransactionTestCase._fixture_teardown = _empty_tables_as_owner  # type: ignore[attr-defined]
