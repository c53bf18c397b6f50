"""The roles and the database, in our own cluster and in one that somebody else runs."""

import secrets

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from linyun.site.postgres.server import APPLICATION, DATABASE, OWNER, SUPERUSER, PostgresError, Server

OLDEST = 15
"""The oldest PostgreSQL that the product is tested on."""

_NEEDED = "CREATE ROLE {role} NOLOGIN NOSUPERUSER NOBYPASSRLS;"


def new_password() -> str:
    """A password that nobody has to remember: 256 bits."""
    return secrets.token_urlsafe(32)


def furnish(server: Server, superuser_password: str, *, may_create_databases: bool = False) -> None:
    """Make the roles and the database in our own cluster, or put them right when they are there already.

    ``may_create_databases`` is for test clusters, where the test runner makes its own databases.
    """
    create = sql.SQL("CREATEDB" if may_create_databases else "NOCREATEDB")
    owner, app = sql.Identifier(OWNER), sql.Identifier(APPLICATION)
    with psycopg.connect(
        host=server.host,
        port=server.port,
        user=SUPERUSER,
        password=superuser_password,
        dbname="postgres",
        autocommit=True,
    ) as c:
        for role, name in ((OWNER, owner), (APPLICATION, app)):
            if not c.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                c.execute(sql.SQL("CREATE ROLE {}").format(name))
        c.execute(
            sql.SQL("ALTER ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE {} PASSWORD {}").format(
                owner, create, sql.Literal(server.password)
            )
        )
        c.execute(sql.SQL("ALTER ROLE {} NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB").format(app))
        c.execute(sql.SQL("GRANT {} TO {}").format(app, owner))
        if not c.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            c.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), owner))


def prepare(url: str) -> None:
    """Make a PostgreSQL that somebody else runs fit for use, as far as the rights in ``url`` go.

    Makes the database and the role ``linyun_app``, and proves that the connection can enter that role. Raises
    PostgresError; where rights are missing, with the lines that an administrator has to run.
    """
    with _connect(url) as c:
        version = c.info.server_version // 10000
        if version < OLDEST:
            raise PostgresError(f"DATABASE_URL 指向 PostgreSQL {version}：需要 {OLDEST} 或更高的版本。")
        encoding = c.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            raise PostgresError(f"数据库 {c.info.dbname} 的编码是 {encoding}：请另建编码为 UTF8 的数据库。")
        _role(c)
        _membership(c)


def _connect(url: str) -> psycopg.Connection:
    try:
        return psycopg.connect(url, autocommit=True, connect_timeout=10)
    except psycopg.ProgrammingError:
        # What libpq says of a malformed address may quote the password in it.
        raise PostgresError(
            "DATABASE_URL 的写法不对：请写成 postgresql://用户:密码@主机:端口/数据库，特殊字符用 %XX 表示。"
        ) from None
    except psycopg.OperationalError as error:
        if _create_database(url):
            return psycopg.connect(url, autocommit=True, connect_timeout=10)
        raise PostgresError(f"无法连接 DATABASE_URL 指向的数据库：{error}") from error


def _create_database(url: str) -> bool:
    """Make the database when it is all that is missing. False when it is not, or when the rights do not allow it."""
    name = str(conninfo_to_dict(url).get("dbname") or "")
    try:
        with psycopg.connect(url, dbname="postgres", autocommit=True, connect_timeout=10) as c:
            if not name or c.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                return False
            c.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(name)))
    except psycopg.errors.InsufficientPrivilege as error:
        raise _for_administrator([f"CREATE DATABASE \"{name}\" ENCODING 'UTF8' TEMPLATE template0;"]) from error
    except psycopg.OperationalError:
        return False
    return True


def _role(c: psycopg.Connection) -> None:
    found = c.execute(
        "SELECT rolcanlogin, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = %s", [APPLICATION]
    ).fetchone()
    if found is None:
        try:
            c.execute(sql.SQL("CREATE ROLE {} NOLOGIN NOSUPERUSER NOBYPASSRLS").format(sql.Identifier(APPLICATION)))
        except psycopg.errors.InsufficientPrivilege as error:
            raise _for_administrator([_NEEDED.format(role=APPLICATION), _grant(c)]) from error
    elif any(found):
        # A role of this name that may pass by row-level security would show every resident to everyone.
        raise _for_administrator([f"ALTER ROLE {APPLICATION} NOLOGIN NOSUPERUSER NOBYPASSRLS;"])


def _membership(c: psycopg.Connection) -> None:
    if _can_enter(c):
        return
    try:
        c.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(APPLICATION)))
    except psycopg.errors.InsufficientPrivilege as error:
        raise _for_administrator([_grant(c)]) from error
    if not _can_enter(c):
        raise _for_administrator([_grant(c)])


def _can_enter(c: psycopg.Connection) -> bool:
    try:
        c.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(APPLICATION)))
        c.execute("RESET ROLE")
    except psycopg.errors.InsufficientPrivilege:
        return False
    return True


def _grant(c: psycopg.Connection) -> str:
    return sql.SQL("GRANT {} TO {};").format(sql.Identifier(APPLICATION), sql.Identifier(c.info.user)).as_string(c)


def _for_administrator(lines: list[str]) -> PostgresError:
    return PostgresError("数据库账号的权限不够。请数据库管理员执行以下语句，然后再试一次：\n  " + "\n  ".join(lines))
