"""The one folder outside the checkout: root keeps there what the server's account could not reach inside it."""

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from linyun.site.postgres.server import PostgresError

BASE = Path("/var/lib/linyun-pg")


@contextmanager
def base_alone() -> Iterator[Path]:
    """The base folder, for one process at a time. Made when missing; refused when others could write into it."""
    try:
        BASE.mkdir(parents=True, exist_ok=True, mode=0o755)
        found = BASE.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
            raise PostgresError(f"{BASE} 必须是仅 root 可写的目录：请检查它的属主和权限（应为 root，755）。")
        BASE.chmod(0o755)
        handle = os.open(BASE / ".lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise PostgresError(f"无法使用目录 {BASE}：{error.strerror}。") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield BASE
    finally:
        os.close(handle)
