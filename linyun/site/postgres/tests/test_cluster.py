"""A server's life: made, found, stopped, killed, recovered, refused."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from linyun.site.postgres import PostgresError, ensure, postmaster, status, stop
from linyun.site.postgres import cluster as cluster_module
from linyun.site.postgres.home import settle
from linyun.site.postgres.postmaster import Postmaster
from linyun.site.postgres.tests.conftest import home_at

ROOT = Path(__file__).resolve().parents[4]


NO_PROCESS = 4194304  # more than any real process id


def quiet(_: str) -> None:
    """Progress that nobody reads."""


def kill(pid: int) -> None:
    """kill -9, and wait until the kernel has done it."""
    os.kill(pid, signal.SIGKILL)
    while postmaster.alive(pid):
        time.sleep(0.01)


def ask(url: str, query: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def test_made_found_stopped_and_started_again_with_its_data(kept: Path) -> None:
    first = ensure(kept, throwaway=True, say=quiet)
    with psycopg.connect(first.url()) as connection:
        connection.execute("CREATE TABLE visit AS SELECT 1 AS n")
    assert ensure(kept, say=quiet) == first
    assert status(kept).state == "running"
    assert status(kept).version == status(kept).installed

    assert stop(kept, say=quiet)
    assert status(kept).state == "stopped"
    assert not stop(kept, say=quiet)
    assert not (Path(first.host) / ".s.PGSQL.5432").exists()

    again = ensure(kept, say=quiet)
    assert again == first
    assert ask(again.url(), "SELECT n FROM visit") == 1


def test_status_and_stop_make_nothing(place: Path) -> None:
    assert status(place).state == "absent"
    assert not stop(place, say=quiet)
    assert not place.exists()


def test_a_server_that_keeps_data_syncs_it_to_disk(place: Path) -> None:
    server = ensure(place, say=quiet)
    assert ask(server.url(), "SHOW fsync") == "on"
    assert ask(server.url(), "SHOW full_page_writes") == "on"
    assert ask(server.url(), "SHOW synchronous_commit") == "on"
    assert ask(server.url(), "SHOW data_checksums") == "on"
    assert ask(server.url(), "SELECT rolcreatedb FROM pg_roles WHERE rolname = 'linyun'") is False


def test_a_killed_server_comes_back_with_what_was_committed(kept: Path) -> None:
    server = ensure(kept, say=quiet)
    with psycopg.connect(server.url()) as connection:
        connection.execute("CREATE TABLE visit AS SELECT g AS n FROM generate_series(1, 5000) g")
    connection = psycopg.connect(server.url())
    pid = status(kept).pid
    assert pid is not None
    kill(pid)
    assert ask(ensure(kept, say=quiet).url(), "SELECT count(*) FROM visit") == 5000
    assert status(kept).pid != pid
    connection.close()


def test_a_busy_child_of_a_killed_server_is_ended_first(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postmaster, "_PATIENCE", 0.3)
    server = ensure(kept, throwaway=True, say=quiet)
    pid = status(kept).pid
    assert pid is not None
    with psycopg.connect(server.url()) as connection:
        child = connection.info.backend_pid
        # A stopped process notices nothing, like one that is deep in a long computation.
        os.kill(child, signal.SIGSTOP)
        kill(pid)
        told: list[str] = []
        assert ask(ensure(kept, say=told.append).url(), "SELECT 1") == 1
    assert any("残留" in line for line in told)
    assert not postmaster.alive(child)


@pytest.mark.parametrize("stranger", ["zombie", "another program", "nothing", "no number"])
def test_a_lock_file_that_names_no_server_of_ours_does_not_stop_the_start(kept: Path, stranger: str) -> None:
    home = home_at(kept)
    other = subprocess.Popen(["sleep", "0" if stranger == "zombie" else "60"])
    if stranger == "zombie":
        while postmaster.alive(other.pid):
            time.sleep(0.01)
    pid = {"zombie": other.pid, "another program": other.pid, "nothing": NO_PROCESS, "no number": "?"}[stranger]
    (home.cluster / "postmaster.pid").write_text(f"{pid}\n{home.cluster}\n0\n5432\n\n\n\nready\n")
    try:
        assert status(kept).state == "stopped"
        assert ask(ensure(kept, say=quiet).url(), "SELECT 1") == 1
    finally:
        other.kill()
        other.wait()


def test_starts_at_the_same_moment_give_one_server(place: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from linyun.site.postgres import base, ensure, status\n"
        "base.BASE = Path(sys.argv[2]); place = Path(sys.argv[1])\n"
        "ensure(place, throwaway=True, say=lambda _: None); print(status(place).pid)"
    )
    argv = [sys.executable, "-c", code, str(place), str(place.parents[1] / "base")]
    runs = [subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, cwd=ROOT) for _ in range(4)]
    answers = {run.communicate(timeout=60)[0] for run in runs}
    assert [run.returncode for run in runs] == [0, 0, 0, 0]
    assert len(answers) == 1
    assert int(answers.pop()) == status(place).pid
    assert sorted(p.name for p in place.parent.iterdir()) == ["pg"]


def test_two_checkouts_have_two_servers(places: Callable[[str], Path]) -> None:
    one = ensure(places("one"), throwaway=True, say=quiet)
    two = ensure(places("two"), throwaway=True, say=quiet)
    with psycopg.connect(one.url()) as connection:
        connection.execute("CREATE TABLE only_here (n int)")
    assert ask(two.url(), "SELECT count(*) FROM pg_tables WHERE tablename = 'only_here'") == 0
    with pytest.raises(psycopg.OperationalError, match="authentication failed"):
        psycopg.connect(two.url().replace(two.password, one.password))
    stop(places("one"), say=quiet)
    assert ask(two.url(), "SELECT 1") == 1


def test_data_of_another_major_version_is_not_touched(kept: Path) -> None:
    home = home_at(kept)
    (home.cluster / "PG_VERSION").write_text("17\n")
    before = {p: p.stat().st_mtime_ns for p in home.cluster.rglob("*")}
    with pytest.raises(PostgresError, match="由 PostgreSQL 17 建立.*没有改动.*dump.*restore"):
        ensure(kept, say=quiet)
    assert {p: p.stat().st_mtime_ns for p in home.cluster.rglob("*")} == before


def test_a_server_that_cannot_start_says_why(kept: Path) -> None:
    with (home_at(kept).cluster / "postgresql.conf").open("a") as file:
        file.write("max_connections = many\n")
    with pytest.raises(PostgresError, match='invalid value for parameter "max_connections"'):
        ensure(kept, say=quiet)


def test_a_broken_first_attempt_is_cleared_away(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_module, "SETTINGS", {"jit": "maybe"})
    with pytest.raises(PostgresError, match="jit"):
        ensure(place, throwaway=True, say=quiet)
    home = home_at(place)
    home.cluster.rename(home.folder / "cluster.new")
    monkeypatch.setattr(cluster_module, "SETTINGS", {})
    assert ask(ensure(place, throwaway=True, say=quiet).url(), "SELECT 1") == 1


def test_a_lost_socket_is_put_back(kept: Path) -> None:
    server = ensure(kept, throwaway=True, say=quiet)
    (Path(server.host) / ".s.PGSQL.5432").unlink()
    told: list[str] = []
    assert ask(ensure(kept, say=told.append).url(), "SELECT 1") == 1
    assert any("套接字" in line for line in told)


def test_a_lost_password_is_replaced(kept: Path) -> None:
    lost = ensure(kept, throwaway=True, say=quiet)
    (home_at(kept).folder / "owner.password").unlink()
    server = ensure(kept, say=quiet)
    assert server.password not in ("", lost.password)
    assert ask(server.url(), "SELECT 1") == 1


def test_a_long_recovery_is_waited_for_and_told(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = settle(place, quiet)
    clock = [0.0]
    monkeypatch.setattr(cluster_module.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(cluster_module.time, "sleep", lambda _: clock.__setitem__(0, clock[0] + 1))
    ready_at = 400
    told: list[str] = []
    with monkeypatch.context() as patch:
        patch.setattr(
            postmaster, "find", lambda _: Postmaster(NO_PROCESS, "starting" if clock[0] < ready_at else "ready")
        )
        cluster_module._wait_until_ready(home, None, told.append)
        assert "已等待 6 秒" in told[0]
        assert len(told) == 14
        ready_at = 4000
        with pytest.raises(PostgresError, match="10 分钟内没有启动完成"):
            cluster_module._wait_until_ready(home, None, told.append)


def test_a_log_that_has_grown_is_put_aside(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ensure(kept, throwaway=True, say=quiet)
    stop(kept, say=quiet)
    monkeypatch.setattr(cluster_module, "_LOG_LIMIT", 10)
    home = home_at(kept)
    before = home.log.read_text()
    ensure(kept, say=quiet)
    assert home.log.with_suffix(".log.1").read_text() == before


def test_the_log_holds_no_rows(kept: Path) -> None:
    server = ensure(kept, throwaway=True, say=quiet)
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute("CREATE TABLE person (name text UNIQUE)")
        connection.execute("INSERT INTO person VALUES ('赵大妈')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO person VALUES ('赵大妈')")
    log = home_at(kept).log.read_text()
    assert "duplicate key" in log
    assert "赵大妈" not in log
