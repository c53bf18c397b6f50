"""The roles: what a connection may become, and what a foreign PostgreSQL is asked for."""

from collections.abc import Iterator

import psycopg
import pytest

from linyun.site.postgres import PostgresError, Server, prepare
from linyun.site.postgres.tests.conftest import home_at


@pytest.fixture
def admin(server: Server) -> Iterator[psycopg.Connection]:
    """All rights on a server that stands for somebody else's; the guest's traces go afterwards."""
    password = home_at(server.home).read("superuser.password")
    with psycopg.connect(server.url("postgres"), user="postgres", password=password, autocommit=True) as connection:
        yield connection
        connection.execute("DROP DATABASE IF EXISTS guest")
        connection.execute("DROP ROLE IF EXISTS guest")
        connection.execute("DROP ROLE IF EXISTS linyun_app")
        connection.execute("CREATE ROLE linyun_app")
        connection.execute("GRANT linyun_app TO linyun")


def guest(server: Server, admin: psycopg.Connection, rights: str = "") -> str:
    """The address of a database with an owner of few rights, on a server that has never heard of us."""
    admin.execute("DROP ROLE linyun_app")
    admin.execute(f"CREATE ROLE guest LOGIN PASSWORD 'g' {rights}".encode())
    admin.execute("CREATE DATABASE guest OWNER guest")
    return f"postgresql://guest:g@/guest?host={server.host}&port={server.port}"


def test_the_owner_enters_the_application_s_role_and_neither_passes_by_row_security(server: Server) -> None:
    with psycopg.connect(server.url()) as c:
        assert c.execute("SELECT session_user, current_database()").fetchone() == ("linyun", "linyun")
        c.execute("SET ROLE linyun_app")
        assert c.execute("SELECT current_user").fetchone() == ("linyun_app",)
        strong = c.execute(
            "SELECT rolname FROM pg_roles WHERE rolname LIKE 'linyun%' AND (rolsuper OR rolbypassrls OR rolcreaterole)"
        ).fetchall()
        assert strong == []


def test_row_security_holds_for_the_owner_of_a_forced_table(server: Server) -> None:
    with psycopg.connect(server.url()) as c:
        c.execute("CREATE TEMP TABLE resident AS SELECT '310110009016'::text AS area")
        c.execute("ALTER TABLE resident ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        assert c.execute("SELECT count(*) FROM resident").fetchone() == (0,)
        c.rollback()


def test_chinese_folds_splits_and_sorts_by_code_point(server: Server) -> None:
    with psycopg.connect(server.url()) as c:
        assert c.execute("SELECT '公交新村' ~ '^\\w+$', to_tsvector('simple', '公交 新村')::text").fetchone() == (
            True,
            "'公交':1 '新村':2",
        )
        assert c.execute("SELECT datcollate, pg_encoding_to_char(encoding) FROM pg_database").fetchall()[0] == (
            "C",
            "UTF8",
        )


def test_prepare_accepts_what_is_ready_and_changes_nothing(server: Server) -> None:
    prepare(server.url())
    prepare(server.url())


def test_prepare_makes_what_the_rights_allow(server: Server, admin: psycopg.Connection) -> None:
    url = guest(server, admin, "CREATEROLE CREATEDB")
    admin.execute("DROP DATABASE guest")
    prepare(url)
    with psycopg.connect(url) as c:
        c.execute("SET ROLE linyun_app")
        assert c.execute("SELECT current_user, current_database()").fetchone() == ("linyun_app", "guest")


def test_prepare_names_the_two_lines_for_an_administrator(server: Server, admin: psycopg.Connection) -> None:
    url = guest(server, admin)
    with pytest.raises(PostgresError) as refusal:
        prepare(url)
    lines = [line.strip() for line in str(refusal.value).splitlines()[1:]]
    assert lines == [
        "CREATE ROLE linyun_app NOLOGIN NOSUPERUSER NOBYPASSRLS;",
        'GRANT "linyun_app" TO "guest";',
    ]
    for line in lines:
        admin.execute(line.encode())
    prepare(url)


def test_prepare_asks_only_for_what_is_missing(server: Server, admin: psycopg.Connection) -> None:
    url = guest(server, admin)
    admin.execute("CREATE ROLE linyun_app")
    with pytest.raises(PostgresError) as refusal:
        prepare(url)
    assert "CREATE ROLE" not in str(refusal.value)
    assert 'GRANT "linyun_app" TO "guest";' in str(refusal.value)


@pytest.mark.parametrize("power", ["BYPASSRLS", "SUPERUSER", "LOGIN"])
def test_prepare_refuses_an_application_role_that_could_see_everything(
    server: Server, admin: psycopg.Connection, power: str
) -> None:
    admin.execute(f"ALTER ROLE linyun_app {power}".encode())
    with pytest.raises(PostgresError, match="ALTER ROLE linyun_app NOLOGIN NOSUPERUSER NOBYPASSRLS"):
        prepare(server.url())


def test_prepare_names_a_missing_database(server: Server, admin: psycopg.Connection) -> None:
    url = guest(server, admin)
    admin.execute("DROP DATABASE guest")
    with pytest.raises(PostgresError, match="CREATE DATABASE \"guest\" ENCODING 'UTF8'"):
        prepare(url)


def test_prepare_refuses_another_encoding(server: Server, admin: psycopg.Connection) -> None:
    url = guest(server, admin)
    admin.execute("DROP DATABASE guest")
    admin.execute(
        "CREATE DATABASE guest TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C' OWNER guest"
    )
    with pytest.raises(PostgresError, match="编码是 SQL_ASCII"):
        prepare(url)


def test_prepare_says_when_nobody_answers(server: Server) -> None:
    with pytest.raises(PostgresError, match="无法连接"):
        prepare(server.url().replace(server.password, "wrong"))
    with pytest.raises(PostgresError, match="无法连接"):
        prepare("postgresql://a@/b?host=/nonexistent")
