"""Is a server running on this cluster? Asked of the kernel, because a process id in a file proves nothing.

The id may belong to a zombie that no parent has collected, or, after a restart of the machine or container, to a
stranger. PostgreSQL takes both for a running server and refuses to start; they are told apart here.
"""

import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from linyun.site.postgres.home import Home
from linyun.site.postgres.server import PORT, PostgresError, Say

_NOBODY = 4194305
"""One more than the largest process id that Linux can give (PID_MAX_LIMIT, include/linux/threads.h)."""
_PATIENCE = 5.0
"""Seconds in which processes whose server was killed should notice it and leave."""


@dataclass(frozen=True, slots=True)
class Postmaster:
    """The main process of a running server. ``state`` is what it says of itself: starting, ready, stopping, standby."""

    pid: int
    state: str


def find(home: Home) -> Postmaster | None:
    """The main process of this cluster's server, or None when none is alive."""
    lines = _pid_file(home)
    if not lines or not lines[0].strip().isdecimal():
        return None
    pid = int(lines[0])
    if not alive(pid) or not _is_ours(pid, home):
        return None
    return Postmaster(pid, lines[7].strip() if len(lines) > 7 else "starting")


def _pid_file(home: Home) -> list[str]:
    try:
        return (home.cluster / "postmaster.pid").read_text(errors="replace").splitlines()
    except FileNotFoundError:
        return []


def alive(pid: int) -> bool:
    """Whether a process exists and is not just waiting to be collected."""
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return after_name.split()[0] not in ("Z", "X")


def _command(pid: int) -> list[str]:
    """The arguments of a process; for a server's children one string, their title. [] when it has gone."""
    try:
        return [os.fsdecode(part) for part in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0") if part]
    except (FileNotFoundError, ProcessLookupError):
        return []


def _uid(pid: int) -> int | None:
    """Whose a process is; None when it has gone."""
    try:
        return Path(f"/proc/{pid}").stat().st_uid
    except FileNotFoundError:
        return None


def _is_ours(pid: int, home: Home) -> bool:
    """Whether a living process is a server of this cluster. In doubt it is: two servers would destroy the data.

    Only world-readable facts are used: in a container root may not look at another account's working folder.
    """
    command = _command(pid)
    if _uid(pid) != home.account.uid or not command or Path(command[0]).name not in ("postgres", "postmaster"):
        return False
    folder = _data_folder(command)
    return folder is None or not folder.exists() or folder.samefile(home.cluster)


def _data_folder(command: list[str]) -> Path | None:
    """The folder named by ``-D`` when it is absolute."""
    for option, value in zip(command, command[1:], strict=False):
        if option == "-D" and value.startswith("/"):
            return Path(value)
    return None


def _leftovers(home: Home) -> list[int]:
    """Children that outlived their killed server, known by the label in their title."""
    title = f"postgres: {home.label}: "
    pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    titled = [pid for pid in pids if "".join(_command(pid)[:1]).startswith(title)]
    return [pid for pid in titled if alive(pid) and _uid(pid) == home.account.uid]


def clear_the_way(home: Home, sockets: Path, say: Say) -> None:
    """After a crash: wait for the dead server's children, and take back what would be mistaken for a running server.

    Call it only while holding the home and when ``find`` says None. The lock file is kept with an id that cannot
    exist, because PostgreSQL reads in its other lines whether shared memory of the old server is still in use.
    """
    lines = _pid_file(home)
    if not lines:
        return
    for number, wait in ((0, _PATIENCE), (signal.SIGQUIT, _PATIENCE), (signal.SIGKILL, _PATIENCE)):
        left = _leftovers(home)
        if left and number:
            say(f"正在结束上次异常退出后残留的 {len(left)} 个数据库进程……")
            for pid in left:
                with suppress(ProcessLookupError):
                    os.kill(pid, number)
        if not left or _gone(home, wait):
            break
    handle = os.open(home.cluster / "postmaster.pid", os.O_WRONLY | os.O_TRUNC | os.O_NOFOLLOW)
    with os.fdopen(handle, "w") as file:
        file.write("\n".join([str(_NOBODY), *lines[1:]]) + "\n")
    for name in (f".s.PGSQL.{PORT}.lock", f".s.PGSQL.{PORT}"):
        (sockets / name).unlink(missing_ok=True)


def _gone(home: Home, wait: float) -> bool:
    until = time.monotonic() + wait
    while time.monotonic() < until:
        if not _leftovers(home):
            return True
        time.sleep(0.1)
    return False


def end(home: Home, *, number: signal.Signals, wait: float, say: Say) -> None:
    """Ask the running server to stop and wait until it has. Raises PostgresError after ``wait`` seconds."""
    running = find(home)
    if running is None:
        return
    with suppress(ProcessLookupError):
        os.kill(running.pid, number)
    began = time.monotonic()
    told = False
    while alive(running.pid):
        waited = time.monotonic() - began
        if waited > wait:
            raise PostgresError(f"数据库进程 {running.pid} 在 {wait:.0f} 秒内没有停止：请稍后再看 linyun db status。")
        if waited > 5 and not told:
            say("正在等待数据库写完数据后停止……")
            told = True
        time.sleep(0.05)


def has_proc() -> bool:
    """Whether this system shows its processes the way Linux does."""
    return Path("/proc/self/stat").exists()
