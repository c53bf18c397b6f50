"""Nobody else on the machine reaches the server, its files, or a connection meant for it."""

import os
import socket
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from linyun.site.postgres import PostgresError, Server, ensure, stop
from linyun.site.postgres.tests.conftest import another_person, home_at


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def admin(server: Server) -> Iterator[psycopg.Connection]:
    """A connection with all rights, for looking at the server itself."""
    password = home_at(server.home).read("superuser.password")
    with psycopg.connect(server.url("postgres"), user="postgres", password=password) as connection:
        yield connection


def rows(connection: psycopg.Connection, query: str) -> list[tuple[object, ...]]:
    return connection.execute(query.encode()).fetchall()


def test_socket_and_files_are_closed_to_others(server: Server) -> None:
    home = home_at(server.home)
    assert mode(Path(server.host)) == 0o700
    assert mode(home.cluster) == 0o700
    assert mode(Path(server.host) / ".s.PGSQL.5432") == 0o700
    assert mode(home.folder) == (0o700 if home.account.is_me else 0o710)
    for name in ("owner.password", "superuser.password"):
        assert mode(home.folder / name) == 0o600
        assert (home.folder / name).stat().st_uid == os.geteuid()
    assert not (home.folder / "initdb.password").exists()


def test_the_server_is_not_root(server: Server) -> None:
    assert home_at(server.home).account.uid != 0


def test_another_account_of_the_machine_is_refused_by_the_kernel(server: Server) -> None:
    address = f"{server.host}/.s.PGSQL.5432"
    if os.geteuid() == 0:
        with another_person():
            with socket.socket(socket.AF_UNIX) as attempt, pytest.raises(PermissionError):
                attempt.connect(address)
            for name in ("owner.password", "superuser.password", "cluster/PG_VERSION", "cluster/server.log"):
                with pytest.raises(PermissionError):
                    (server.home / name).read_text()
            with pytest.raises(PermissionError):
                list(server.home.iterdir())
    else:
        # Without root nobody else can be tried; then the folder above the socket must shut everyone out.
        assert mode(server.home) & 0o077 == 0


@pytest.mark.parametrize("user", ["linyun", "postgres", "linyun_app", "nobody"])
def test_without_the_password_nobody_comes_in(server: Server, user: str) -> None:
    for wrong in ("", "wrong", user, server.password + "x"):
        with pytest.raises(psycopg.OperationalError, match=r"authentication failed|no password"):
            psycopg.connect(server.url(), user=user, password=wrong)


def test_there_is_no_tcp_and_no_trust(admin: psycopg.Connection) -> None:
    assert rows(admin, "SHOW listen_addresses") == [("",)]
    assert rows(admin, "SELECT type, database, user_name, auth_method, error FROM pg_hba_file_rules") == [
        ("local", ["all"], ["all"], "scram-sha-256", None)
    ]
    assert rows(admin, "SELECT count(*) FROM pg_authid WHERE rolpassword !~ '^SCRAM-SHA-256'") == [(0,)]


def test_who_can_reach_the_server_cannot_be_changed_by_a_file(kept: Path) -> None:
    with (home_at(kept).cluster / "postgresql.conf").open("a") as file:
        file.write("listen_addresses = '*'\nunix_socket_permissions = 0777\n")
    server = ensure(kept, say=lambda _: None)
    with psycopg.connect(server.url()) as connection:
        assert rows(connection, "SHOW listen_addresses") == [("",)]
        assert rows(connection, "SHOW unix_socket_permissions") == [("0700",)]


def test_a_socket_folder_that_somebody_opened_is_not_used(kept: Path) -> None:
    server = ensure(kept, throwaway=True, say=lambda _: None)
    Path(server.host).chmod(0o777)
    with pytest.raises(PostgresError, match="可能有人动过它"):
        ensure(kept, say=lambda _: None)
    Path(server.host).chmod(0o700)
    assert ensure(kept, say=lambda _: None) == server


def test_a_planted_link_in_place_of_the_socket_folder_is_not_followed(kept: Path, tmp_path: Path) -> None:
    server = ensure(kept, throwaway=True, say=lambda _: None)
    stop(kept, say=lambda _: None)
    home = home_at(kept)
    trap = tmp_path / "trap"
    trap.mkdir(mode=0o777)
    with suppress(FileNotFoundError):
        (home.folder / "run").rmdir()
    (home.folder / "run").symlink_to(trap)
    again = ensure(kept, say=lambda _: None)
    assert Path(again.host) != trap
    assert mode(Path(again.host)) == 0o700
    assert list(trap.iterdir()) == []
    assert again.password == server.password


def test_a_planted_link_in_place_of_a_password_is_not_read(kept: Path, tmp_path: Path) -> None:
    (tmp_path / "bait").write_text("bait")
    password = home_at(kept).folder / "owner.password"
    password.unlink()
    password.symlink_to(tmp_path / "bait")
    with pytest.raises(OSError, match="symbolic links"):
        home_at(kept).read("owner.password")


def test_the_password_is_not_shown_with_the_server(server: Server) -> None:
    assert server.password not in repr(server)
    assert len(server.password) >= 40


def test_the_runner_s_environment_does_not_reach_the_server(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINYUN_SECRET_KEY", "sesame")
    monkeypatch.setenv("PGDATA", "/nonexistent")
    assert ensure(kept, throwaway=True, say=lambda _: None).home == kept.resolve()
    environment = home_at(kept).account.run(["/usr/bin/env"]).stdout
    assert "PATH=" in environment
    assert "sesame" not in environment
    assert "PGDATA" not in environment
