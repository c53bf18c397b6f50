"""As whom the server runs. PostgreSQL refuses to run as root, so root lends it an account that can do nothing else."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from linyun.site.postgres.server import PostgresError, Say

DEDICATED = "linyun-pg"
FALLBACK = "nobody"

# A clean environment: PGDATA, PGOPTIONS and the like of the caller must not reach the server.
ENVIRONMENT = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LANG": "C.UTF-8", "HOME": "/"}


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the operating system."""

    name: str
    uid: int
    gid: int

    @property
    def is_me(self) -> bool:
        """Whether this process already runs as the account."""
        return self.uid == os.geteuid()

    def run(self, argv: Sequence[str | Path], *, new_session: bool = False) -> subprocess.CompletedProcess[str]:
        """Run a command to its end as the account, in a clean environment, with nothing shared with other accounts."""
        return subprocess.run(
            [str(a) for a in argv],
            cwd="/",
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            umask=0o077,
            start_new_session=new_session,
            user=None if self.is_me else self.uid,
            group=None if self.is_me else self.gid,
            extra_groups=None if self.is_me else [],
            check=False,
        )

    def can_run(self, program: Path) -> bool:
        """Whether the account can start a program, asked with ``--version``."""
        try:
            return self.run([program, "--version"]).returncode == 0
        except OSError:
            return False

    def can_enter(self, folder: Path) -> bool:
        """Whether the account can pass through a folder. The kernel is asked: rights have more sources than modes."""
        return self.run(["/bin/sh", "-c", 'cd -- "$1"', "sh", folder]).returncode == 0


def me() -> Account:
    """The account of this process."""
    uid = os.geteuid()
    try:
        name = pwd.getpwuid(uid).pw_name
    except KeyError:
        name = str(uid)
    return Account(name, uid, os.getegid())


def by_uid(uid: int) -> Account:
    """The account with a number, which root uses for a cluster that somebody else made."""
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        return Account(str(uid), uid, uid)
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _named(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def for_new_cluster(say: Say) -> Account:
    """Who shall run a new cluster: this process's account; for root a dedicated system account, made when missing."""
    if os.geteuid() != 0:
        return me()
    found = _named(DEDICATED) or _make_dedicated()
    if found is not None:
        return found
    found = _named(FALLBACK)
    if found is None or found.uid == 0:
        raise PostgresError(
            f"以 root 运行时，内置数据库需要一个普通系统账号：请先执行 useradd --system {DEDICATED}，再试一次。"
        )
    say(
        f"注意：未能新建系统账号 {DEDICATED}，内置数据库将以 {FALLBACK} 运行。同机其他以 {FALLBACK} 运行的程序"
        f"能够读到数据；请执行 useradd --system {DEDICATED} 后再建库。"
    )
    return found


def _make_dedicated() -> Account | None:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        return None
    subprocess.run(
        [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
        + ["--shell", "/usr/sbin/nologin", "--comment", "Linyun embedded PostgreSQL", DEDICATED],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    return _named(DEDICATED)
