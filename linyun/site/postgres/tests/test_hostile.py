"""The launcher against planted files, odd settings, foreign processes and an upgrade, mostly without starting a server."""

import os
import stat
import subprocess
import time
from pathlib import Path

import psycopg
import pytest

from linyun.site.postgres import (
    PostgresError,
    base,
    cluster,
    discard,
    ensure,
    postmaster,
    status,
    stop,
    throwaway,
    trial,
)
from linyun.site.postgres.account import ENVIRONMENT, Account, me
from linyun.site.postgres.binaries import Binaries, _open_to_read, _parse, _without_static, debian15, usable, version_of
from linyun.site.postgres.cluster import SETTINGS, THROWAWAY
from linyun.site.postgres.dump import dump, restore
from linyun.site.postgres.home import Home, find, remove, settle
from linyun.site.postgres.postmaster import Postmaster
from linyun.site.postgres.server import OWNER, PORT, Server, Status, to_stderr
from linyun.site.postgres.tests.conftest import home_at


def silent(_: str) -> None:
    """Nobody listens."""


@pytest.fixture
def made(tmp_path: Path) -> Home:
    """A home of the account that runs the tests, with an empty cluster folder."""
    folder = tmp_path / "pg"
    folder.mkdir(mode=0o700)
    home = Home(folder, me())
    home.write("account", str(os.geteuid()))
    home.write("start.lock", "")
    home.cluster.mkdir(mode=0o700)
    return home


def pid_file(home: Home, *lines: object) -> None:
    (home.cluster / "postmaster.pid").write_text("\n".join(map(str, lines)) + "\n")


# Processes


def test_a_living_process_that_is_no_server_is_not_taken_for_one(made: Home) -> None:
    pid_file(made, os.getpid(), made.cluster, 0, PORT, "", "", "", "ready")
    assert postmaster.find(made) is None
    assert status(made.folder).state == "stopped"


@pytest.mark.parametrize(
    ("line", "state"),
    [("ready", "running"), ("stopping", "stopping"), ("starting", "starting"), ("standby", "starting")],
)
def test_what_a_server_says_of_itself_in_words(
    made: Home, monkeypatch: pytest.MonkeyPatch, line: str, state: str
) -> None:
    monkeypatch.setattr(cluster.postmaster, "find", lambda home: Postmaster(7, line))
    monkeypatch.setattr(cluster, "_running_version", lambda server: "18.4")
    found = status(made.folder)
    assert (found.state, found.pid) == (state, 7)
    assert found.version == ("18.4" if state == "running" else None)


def test_a_process_that_goes_while_it_is_looked_at_is_gone() -> None:
    gone = subprocess.Popen(["/bin/true"])
    gone.wait()
    assert not postmaster.alive(gone.pid)
    assert postmaster._command(gone.pid) == [] and postmaster._uid(gone.pid) is None


@pytest.mark.parametrize(
    ("command", "folder"),
    [
        (["postgres", "-D", "/a/b"], Path("/a/b")), (["postgres", "-D", "relative"], None), (["postgres", "-D"], None),
        (["postgres"], None), ([], None), (["postgres", "-c", "x", "-D", "/a", "-D", "/b"], Path("/a")),
    ],
)  # fmt: skip
def test_the_data_folder_is_read_from_the_command(command: list[str], folder: Path | None) -> None:
    assert postmaster._data_folder(command) == folder


def test_a_start_that_dies_at_once_says_its_last_words(made: Home) -> None:
    made.log.write_text("\n".join(f"line {n}" for n in range(20)) + "\nFATAL: no space left\n")
    with pytest.raises(PostgresError, match="no space left") as refused:
        cluster._wait_until_ready(made, None, silent)
    assert "line 2\n" not in str(refused.value)


def test_without_a_log_it_says_that_there_is_none(made: Home) -> None:
    with pytest.raises(PostgresError, match="没有日志"):
        cluster._wait_until_ready(made, None, silent)


def test_a_start_that_takes_too_long_is_told_and_not_ended(made: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "START_WAIT", -1.0)
    with pytest.raises(PostgresError, match="仍在继续"):
        cluster._wait_until_ready(made, os.getpid(), silent)


def test_a_program_that_prints_no_number_is_said_not_to_start(
    made: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def odd(*given: object, **more: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess([], 0, "not a number", "cannot fork")

    monkeypatch.setattr(Account, "run", odd)
    with pytest.raises(PostgresError, match="cannot fork"):
        cluster._launch(made, Binaries(tmp_path, "18.4"), tmp_path, False)


# Versions


@pytest.mark.parametrize(
    ("line", "version"),
    [
        ("postgres (PostgreSQL) 18.4", "18.4"),
        ("postgres (PostgreSQL) 15.8 (Debian 15.8-0+deb12u1)", "15.8"),
        ("PostgreSQL 19devel 19", "19"),
    ],
)
def test_versions_as_programs_say_them(line: str, version: str) -> None:
    assert _parse(line) == version
    assert Binaries(Path("/x"), version).major == int(version.split(".")[0])


@pytest.mark.parametrize("line", ["", "postgres", "PostgreSQL devel"])
def test_a_program_that_says_no_version_is_named(line: str) -> None:
    with pytest.raises(PostgresError, match="无法识别"):
        _parse(line)


def test_programs_that_crash_or_are_not_there_are_named(tmp_path: Path) -> None:
    with pytest.raises(PostgresError, match="无法运行"):
        version_of(tmp_path)
    program = tmp_path / "postgres"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    with pytest.raises(PostgresError, match="无法运行"):
        version_of(tmp_path)
    program.write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 18.4'\n")
    assert usable(tmp_path, me()) == Binaries(tmp_path, "18.4")


def test_debian_s_own_is_asked_for_by_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("linyun.site.postgres.binaries.DEBIAN_15", tmp_path)
    with pytest.raises(PostgresError, match="apt-get install postgresql-15"):
        debian15()
    with pytest.raises(PostgresError, match="LINYUN_TEST_DATABASE=sqlite"):
        trial.for_tests({"LINYUN_TEST_DATABASE": "sqlite"})


def test_copied_programs_can_be_read_by_all_and_written_by_none(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir(mode=0o700)
    for name, mode in (("run", 0o700), ("data", 0o600)):
        (tmp_path / "bin" / name).write_text("x")
        (tmp_path / "bin" / name).chmod(mode)
    (tmp_path / "bin" / "link").symlink_to("run")
    _open_to_read(tmp_path)
    modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in tmp_path.rglob("*") if not p.is_symlink()}
    assert modes == {"bin": 0o755, "run": 0o755, "data": 0o644}
    assert _without_static("", ["libpq.a", "libpq.so", "a.txt"]) == {"libpq.a"}


# Files that somebody planted


@pytest.mark.parametrize("name", ["owner.password", "superuser.password", "start.lock", "furnished"])
def test_a_planted_link_is_never_read_nor_written(made: Home, tmp_path: Path, name: str) -> None:
    victim = tmp_path / "victim"
    victim.write_text("untouched")
    (made.folder / name).unlink(missing_ok=True)
    (made.folder / name).symlink_to(victim)
    for attempt in (lambda: made.read(name), lambda: made.write(name, "x")):
        with pytest.raises(OSError, match="symbolic|Too many"):
            attempt()
    if name == "start.lock":
        with pytest.raises(OSError, match="symbolic|Too many"), made.alone(silent):
            pass
    assert victim.read_text() == "untouched"


def test_a_base_that_is_a_link_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "base").symlink_to(tmp_path / "real")
    monkeypatch.setattr(base, "BASE", tmp_path / "base")
    with pytest.raises(PostgresError, match="仅 root 可写"), base.base_alone():
        pass


def test_a_base_below_a_file_cannot_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("x")
    monkeypatch.setattr(base, "BASE", tmp_path / "file" / "base")
    with pytest.raises(PostgresError, match="无法使用目录"), base.base_alone():
        pass


def test_removing_takes_the_socket_folder_elsewhere_along(tmp_path: Path) -> None:
    folder, sockets = tmp_path / "pg", tmp_path / "short"
    folder.mkdir()
    sockets.mkdir()
    (sockets / ".s.PGSQL.5432").write_text("")
    (folder / "run").symlink_to(sockets)
    remove(Home(folder, me()))
    assert not folder.exists() and not sockets.exists()


def test_two_who_settle_at_one_place_get_one_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("linyun.site.postgres.home.for_new_cluster", lambda say: me())
    first, second = (settle(tmp_path / "pg", silent) for _ in range(2))
    assert first.folder == second.folder and find(tmp_path / "pg") is not None
    assert [p.name for p in tmp_path.iterdir()] == ["pg"], "no half home is left beside it"


# Settings


def test_what_may_not_be_is_in_no_file_and_on_no_line() -> None:
    assert SETTINGS["log_min_error_statement"] == "panic" and SETTINGS["log_error_verbosity"] == "terse"
    assert "fsync" not in SETTINGS and THROWAWAY["fsync"] == "off"
    assert "trust" not in cluster._ACCESS and "host" not in cluster._ACCESS
    assert set(ENVIRONMENT) == {"PATH", "LANG", "HOME"}


def test_the_log_is_put_aside_once_and_the_one_before_goes(made: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_LOG_LIMIT", 5)
    cluster._put_log_aside(made)
    for content in ("first, long enough", "second, long enough", "tiny"):
        made.log.write_text(content)
        cluster._put_log_aside(made)
    assert made.log.read_text() == "tiny"
    assert made.log.with_suffix(".log.1").read_text() == "second, long enough"


def test_progress_goes_beside_the_answer(capsys: pytest.CaptureFixture[str]) -> None:
    to_stderr("正在新建数据库……")
    out, err = capsys.readouterr()
    assert out == "" and err == "正在新建数据库……\n"


def test_a_status_of_nothing_is_all_said() -> None:
    said = Status("absent", Path("/d")).as_dict()
    assert said == {
        "state": "absent",
        "data": "/d",
        "pid": None,
        "socket": None,
        "account": None,
        "version": None,
        "installed": None,
    }


# One round with a real server


def test_a_whole_house_moves_to_a_new_database_with_everything_in_it(kept: Path, tmp_path: Path) -> None:
    """What an upgrade does: out of the old one, into a new one; rights, Chinese and row-level security come along."""
    target = tmp_path / "house.dump"
    old = throwaway()
    try:
        with psycopg.connect(old.url()) as c:
            c.execute("create table people (area text, name text)")
            c.execute("alter table people enable row level security")
            c.execute("alter table people force row level security")
            c.execute("create policy p on people using (area = current_setting('x.area', true))")
            c.execute("grant select on people to linyun_app")
            c.execute("set x.area = '1'")
            c.execute("alter table people no force row level security")
            c.execute("insert into people values ('1', '𠮷田'), ('2', '周桂芳')")
            c.execute("alter table people force row level security")
        assert dump(old.home, target, say=silent) == target.stat().st_size
    finally:
        discard(old)
    restore(kept, target, say=silent)
    server: Server = ensure(kept, say=silent)
    with psycopg.connect(server.url()) as c:
        assert c.execute("select count(*) from people").fetchone() == (0,), "the owner sees nothing without a scope"
        c.execute("set role linyun_app")
        c.execute("set x.area = '1'")
        assert c.execute("select name from people").fetchall() == [("𠮷田",)], "row-level security came along"
        assert c.info.user == OWNER
    began = time.monotonic()
    assert stop(kept, say=silent) and status(kept).state == "stopped"
    assert time.monotonic() - began < 60
    assert home_at(kept).read("owner.password") == server.password
