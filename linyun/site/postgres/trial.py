"""Clusters that live as long as a test run: fast, without durability, deleted afterwards."""

import atexit
import os
import shutil
import signal
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path

from linyun.site.postgres import postmaster
from linyun.site.postgres.account import for_new_cluster
from linyun.site.postgres.binaries import debian15
from linyun.site.postgres.cluster import ensure
from linyun.site.postgres.home import TEMPORARY, find, remove, settle, short_folder
from linyun.site.postgres.server import PostgresError, Say, Server

_PREFIX = "linyun-trial-"
_MAKER = "maker"
_MEMORY = "/dev/shm"
_ROOM = 2 * 2**30
"""Bytes that must be free in memory before a test cluster is put there; containers often have 64 MB."""
_CHOICE = "LINYUN_TEST_DATABASE"


def _silently(_: str) -> None:
    """A test run has its own output."""


def for_tests(environment: Mapping[str, str]) -> Server:
    """The server that a test run asks for: ``LINYUN_TEST_DATABASE`` unset for the embedded 18, or ``debian15``."""
    choice = environment.get(_CHOICE, "")
    if choice not in ("", "debian15"):
        raise PostgresError(f"{_CHOICE}={choice}：只能不设置（内置 18），或设为 debian15。")
    return throwaway(debian15() if choice else None)


def throwaway(bin_dir: Path | None = None, say: Say = _silently) -> Server:
    """A new empty server that ends with this process; its owner may create databases. See ``discard``."""
    _sweep()
    folder = short_folder(_PREFIX, for_new_cluster(say), in_memory())
    home = settle(folder, say)
    home.write(_MAKER, _me())
    server = ensure(folder, bin_dir=bin_dir, throwaway=True, say=say)
    atexit.register(partial(_discard_in, os.getpid(), server))
    return server


def in_memory() -> list[str]:
    """The folder that lies in memory, when there is room: a cluster has over a thousand files."""
    try:
        return [_MEMORY] if shutil.disk_usage(_MEMORY).free >= _ROOM else []
    except OSError:
        return []


def discard(server: Server) -> None:
    """Stop a throwaway server at once and delete all of it."""
    home = find(server.home)
    if home is None:
        return
    if not home.read(_MAKER):
        raise PostgresError(f"{server.home} 不是测试用的数据库，不会删除。")
    # SIGQUIT is PostgreSQL's immediate mode: nothing is written, nothing will be needed.
    postmaster.end(home, number=signal.SIGQUIT, wait=60, say=_silently)
    remove(home)


def _discard_in(maker: int, server: Server) -> None:
    """At exit; a forked child must not end its parent's server."""
    if os.getpid() == maker:
        discard(server)


def _me() -> str:
    return f"{os.getpid()} {_birth(os.getpid())}"


def _birth(pid: int) -> str:
    """When a process was started, in clock ticks since boot (field 22 of proc_pid_stat(5)); '' when it has gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _sweep() -> None:
    """Remove what killed test runs of this account have left behind."""
    for top in {_MEMORY, *TEMPORARY}:
        for folder in Path(top).glob(f"{_PREFIX}*"):
            with suppress(OSError, PostgresError):
                _remove_if_abandoned(folder)


def _remove_if_abandoned(folder: Path) -> None:
    if folder.lstat().st_uid != os.geteuid() or folder.is_symlink():
        return
    home = find(folder)
    pid, _, birth = home.read(_MAKER).partition(" ") if home else ("", "", "")
    if home is None or not pid.isdecimal() or _birth(int(pid)) == birth:
        return
    postmaster.end(home, number=signal.SIGQUIT, wait=60, say=_silently)
    remove(home)
