"""Clusters for tests: quick, complete, and gone afterwards even when the test run was killed."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from linyun.site.postgres import PostgresError, Server, discard, ensure, for_tests, throwaway, trial
from linyun.site.postgres.tests.conftest import home_at

ROOT = Path(__file__).resolve().parents[4]


def test_a_throwaway_server_makes_databases_and_leaves_nothing(server: Server) -> None:
    made = throwaway()
    assert made.home != server.home
    with psycopg.connect(made.url("postgres"), autocommit=True) as c:
        c.execute("CREATE DATABASE test_linyun")
        assert c.execute("SHOW fsync").fetchone() == ("off",)
    discard(made)
    assert not made.home.exists()
    discard(made)


def test_a_server_with_data_is_not_discarded(kept: Path) -> None:
    server = ensure(kept, throwaway=True, say=lambda _: None)
    with pytest.raises(PostgresError, match="不会删除"):
        discard(server)
    with psycopg.connect(server.url()) as c:
        assert c.execute("SELECT 1").fetchone() == (1,)


def run(code: str) -> Path:
    """Run a test process of another kind; it prints where its server lives."""
    argv = [sys.executable, "-c", f"import os; from linyun.site.postgres import throwaway\n{code}"]
    done = subprocess.run(argv, stdout=subprocess.PIPE, text=True, cwd=ROOT, check=True, timeout=60)
    return Path(done.stdout.strip())


def test_a_server_ends_with_its_process() -> None:
    assert not run("print(throwaway().home)").exists()


def test_the_server_of_a_killed_run_is_removed_by_the_next_one_and_a_living_one_s_is_not(server: Server) -> None:
    left = run("print(throwaway().home, flush=True); os._exit(0)")
    assert left.exists()
    pid = int((home_at(left).cluster / "postmaster.pid").read_text().splitlines()[0])
    trial._sweep()
    assert not left.exists()
    assert not Path(f"/proc/{pid}").exists() or Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] == "Z"
    with psycopg.connect(server.url()) as c:
        assert c.execute("SELECT 1").fetchone() == (1,)


def test_a_forked_child_does_not_end_its_parent_s_server(server: Server) -> None:
    trial._discard_in(os.getpid() + 1, server)
    assert server.home.exists()


def test_the_choice_of_server_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path | None] = []
    monkeypatch.setattr(trial, "throwaway", asked.append)
    monkeypatch.setattr(trial, "debian15", lambda: Path("/debian/15"))
    for_tests({})
    for_tests({"LINYUN_TEST_DATABASE": "debian15"})
    assert asked == [None, Path("/debian/15")]
    with pytest.raises(PostgresError, match="debian16"):
        for_tests({"LINYUN_TEST_DATABASE": "debian16"})
