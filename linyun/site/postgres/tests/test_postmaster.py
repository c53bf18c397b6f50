"""Which process is a server of ours: asked of real processes, some of which only look like one."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from linyun.site.postgres import PostgresError, postmaster
from linyun.site.postgres.account import Account, me
from linyun.site.postgres.home import Home

Start = Callable[..., int]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home whose server would run as ourselves."""
    (tmp_path / "cluster").mkdir()
    (tmp_path / "run").mkdir()
    return Home(tmp_path, me())


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts processes with the arguments that a test chooses; a shell that sleeps whatever it is called."""
    started: list[subprocess.Popen[bytes]] = []

    def start_one(*arguments: str, body: str = "sleep 60 & wait") -> int:
        process = subprocess.Popen([arguments[0], "-c", body, *arguments[1:]], executable="/bin/sh")
        started.append(process)
        until = time.monotonic() + 5
        while Path(f"/proc/{process.pid}/comm").read_text().strip() != "sh" and time.monotonic() < until:
            time.sleep(0.01)
        return process.pid

    yield start_one
    for process in started:
        process.kill()
        process.wait()


def write_lock(home: Home, pid: object, state: str = "ready") -> None:
    """PostgreSQL's lock file as it writes it: eight lines, the last one its state."""
    lines = [
        str(pid),
        str(home.cluster),
        "1790000000",
        "5432",
        str(home.folder / "run"),
        "",
        "  12345  6",
        f"{state}   ",
    ]
    (home.cluster / "postmaster.pid").write_text("\n".join(lines) + "\n")


@pytest.mark.parametrize("state", ["starting", "ready", "stopping"])
def test_a_server_of_this_cluster_is_found_with_its_state(home: Home, start: Start, state: str) -> None:
    pid = start("/usr/bin/postgres", "-D", str(home.cluster))
    write_lock(home, pid, state)
    assert postmaster.find(home) == postmaster.Postmaster(pid, state)


def test_a_server_that_has_not_said_anything_yet_is_starting(home: Home, start: Start) -> None:
    pid = start("postgres", "-D", str(home.cluster))
    (home.cluster / "postmaster.pid").write_text(f"{pid}\n{home.cluster}\n")
    assert postmaster.find(home) == postmaster.Postmaster(pid, "starting")


def test_a_server_of_another_cluster_is_not_ours(home: Home, start: Start, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    write_lock(home, start("postgres", "-D", str(other)))
    assert postmaster.find(home) is None


@pytest.mark.parametrize("arguments", [["-D", "/gone/cluster"], ["-D", "."], []], ids=["moved", "relative", "unsaid"])
def test_a_server_that_might_be_ours_counts_as_ours(home: Home, start: Start, arguments: list[str]) -> None:
    pid = start("postgres", *arguments)
    write_lock(home, pid)
    assert postmaster.find(home) == postmaster.Postmaster(pid, "ready")


def test_another_program_under_the_number_is_not_a_server(home: Home, start: Start) -> None:
    write_lock(home, start("python3", "-D", str(home.cluster)))
    assert postmaster.find(home) is None


def test_another_account_s_server_is_not_ours(home: Home, start: Start) -> None:
    write_lock(home, start("postgres", "-D", str(home.cluster)))
    assert postmaster.find(Home(home.folder, Account("other", me().uid + 1, me().gid))) is None


def test_a_zombie_is_not_alive(home: Home, start: Start) -> None:
    pid = start("postgres", "-D", str(home.cluster))
    assert postmaster.alive(pid)
    os.kill(pid, signal.SIGKILL)
    until = time.monotonic() + 5
    while postmaster.alive(pid) and time.monotonic() < until:
        time.sleep(0.01)
    assert Path(f"/proc/{pid}").exists()
    write_lock(home, pid)
    assert postmaster.find(home) is None


@pytest.mark.parametrize("content", ["", "\n", "no number\n", "-5\n"])
def test_a_lock_file_without_sense_names_nobody(home: Home, content: str) -> None:
    (home.cluster / "postmaster.pid").write_text(content)
    assert postmaster.find(home) is None


def test_without_a_lock_file_nothing_is_cleared(home: Home) -> None:
    socket = home.folder / "run" / ".s.PGSQL.5432"
    socket.touch()
    postmaster.clear_the_way(home, home.folder / "run", lambda _: None)
    assert socket.exists()
    assert not (home.cluster / "postmaster.pid").exists()


def test_clearing_keeps_the_trace_of_shared_memory_and_takes_the_socket(home: Home) -> None:
    write_lock(home, os.getpid())
    before = (home.cluster / "postmaster.pid").read_text().splitlines()
    for name in (".s.PGSQL.5432", ".s.PGSQL.5432.lock"):
        (home.folder / "run" / name).touch()
    postmaster.clear_the_way(home, home.folder / "run", lambda _: None)
    after = (home.cluster / "postmaster.pid").read_text().splitlines()
    assert after[1:] == before[1:]
    assert not Path(f"/proc/{after[0]}").exists()
    assert int(after[0]) > int(Path("/proc/sys/kernel/pid_max").read_text())
    assert list((home.folder / "run").iterdir()) == []


def test_only_children_with_our_label_are_ended(home: Home, start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postmaster, "_PATIENCE", 0.2)
    ours = start(f"postgres: {home.label}: linyun linyun [local] idle")
    theirs = start("postgres: linyun-000000000000: linyun linyun [local] idle")
    write_lock(home, 4194304)
    told: list[str] = []
    postmaster.clear_the_way(home, home.folder / "run", told.append)
    assert (postmaster.alive(ours), postmaster.alive(theirs)) == (False, True)
    assert "1 个数据库进程" in told[0]


def test_the_end_is_waited_for_and_told_and_given_up(home: Home, start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    pid = start("postgres", "-D", str(home.cluster), body="trap '' INT; sleep 60 & wait")
    write_lock(home, pid)
    time.sleep(0.1)
    clock = [0.0]
    monkeypatch.setattr(postmaster.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(postmaster.time, "sleep", lambda _: clock.__setitem__(0, clock[0] + 1))
    told: list[str] = []
    with pytest.raises(PostgresError, match=f"{pid} 在 60 秒内没有停止"):
        postmaster.end(home, number=signal.SIGINT, wait=60, say=told.append)
    assert told == ["正在等待数据库写完数据后停止……"]
    assert postmaster.alive(pid)


def test_ending_what_does_not_run_is_no_error(home: Home) -> None:
    postmaster.end(home, number=signal.SIGINT, wait=1, say=lambda _: None)
    write_lock(home, 4194304)
    postmaster.end(home, number=signal.SIGINT, wait=1, say=lambda _: None)
    assert postmaster.find(home) is None
