"""Take the whole database out into one file, and bring such a file back: for backups and for a new major version."""

import os
import subprocess
from pathlib import Path

import psycopg

from linyun.site.postgres.account import ENVIRONMENT
from linyun.site.postgres.binaries import bundled
from linyun.site.postgres.cluster import ensure
from linyun.site.postgres.home import find
from linyun.site.postgres.server import DATABASE, SUPERUSER, PostgresError, Say, Server, to_stderr


def dump(data_dir: Path, target: Path, *, bin_dir: Path | None = None, say: Say = to_stderr) -> int:
    """Write the database to ``target`` (pg_dump's own format, readable by the caller alone); gives its size in bytes.

    The keys that open sealed identity numbers are not in it: without ``keys.json`` they stay closed.
    """
    if target.is_dir():
        raise PostgresError(f"{target} 是目录：请写出文件名，例如 {target / 'linyun.dump'}。")
    server = ensure(data_dir, bin_dir=bin_dir, say=say)
    part = target.with_name(target.name + ".part")
    try:
        part.unlink(missing_ok=True)
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise PostgresError(f"无法写入 {target}：{error.strerror}。请换一个可写的目录。") from error
    try:
        _write(server, handle, bin_dir)
        part.rename(target)
    except OSError as error:
        raise PostgresError(f"导出到 {target} 时出错：{error.strerror}。") from error
    finally:
        # Whatever went wrong, half a database is left lying nowhere.
        part.unlink(missing_ok=True)
    return target.stat().st_size


def _write(server: Server, handle: int, bin_dir: Path | None) -> None:
    """Let pg_dump write into an open file, down to the disk. Raises PostgresError with what it says."""
    with os.fdopen(handle, "wb") as file:
        # Only the superuser sees all rows under row-level security, and a dump must not leave any out.
        done = subprocess.run(
            [str((bin_dir or bundled()) / "pg_dump"), "--format=custom", *_address(server)],
            env=_environment(server),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        os.fsync(file.fileno())
    if done.returncode:
        raise PostgresError(f"导出失败：\n{done.stderr.strip()}")


def restore(data_dir: Path, source: Path, *, bin_dir: Path | None = None, say: Say = to_stderr) -> None:
    """Bring a dump into an empty database: wholly or not at all. Refused where tables exist already."""
    if not source.is_file():
        raise PostgresError(f"没有找到文件 {source}。")
    server = ensure(data_dir, bin_dir=bin_dir, say=say)
    with psycopg.connect(server.url()) as c:
        tables = c.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    if tables is None or tables[0]:
        raise PostgresError(
            f"{server.home} 中的数据库已有数据，不会覆盖：请先停止数据库，把这个目录改名保存，再导入到新的空数据库。"
        )
    done = subprocess.run(
        [str((bin_dir or bundled()) / "pg_restore"), "--single-transaction", "--exit-on-error"]
        + [*_address(server), str(source)],
        env=_environment(server),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise PostgresError(f"导入失败，数据库没有改动：\n{done.stderr.strip()}")


def _address(server: Server) -> list[str]:
    return [f"--host={server.host}", f"--port={server.port}", f"--username={SUPERUSER}", f"--dbname={DATABASE}"]


def _environment(server: Server) -> dict[str, str]:
    home = find(server.home)
    return ENVIRONMENT | {"PGPASSWORD": home.read("superuser.password") if home else ""}
