"""Whether this installation stands soundly: what `linyun check` looks at, beyond what Django itself checks."""

import shutil
import stat
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

OLDEST = 15
"""The oldest PostgreSQL, by major version, on which the tests run."""
LITTLE = 2 * 2**30
"""Below so many bytes free an import or a ledger may not find room."""

UNPROTECTED = """
select c.relname from pg_class c
join pg_attribute a on a.attrelid = c.oid and a.attname = 'area' and not a.attisdropped
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not (c.relrowsecurity and c.relforcerowsecurity)
order by 1
"""
POWERS = """
select r.rolname, r.rolsuper or r.rolbypassrls
       or exists (select from pg_class c where c.relowner = r.oid and c.relnamespace = 'public'::regnamespace)
from pg_roles r where r.rolname = current_user
"""
FAILED = "select count(*) from procrastinate_jobs where status = 'failed'"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: ``name``, whether it is ``sound``, and what was found, with the way to mend it."""

    name: str
    sound: bool
    said: str

    def as_json(self) -> dict[str, Any]:
        """As `--json` prints it."""
        return asdict(self)


def _rows(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def _server() -> Finding:
    version = connection.cursor().connection.info.server_version
    text = f"PostgreSQL {version // 10000}.{version % 10000}"
    if version // 10000 < OLDEST:
        return Finding("数据库", False, f"{text} 太旧。请换成 {OLDEST} 或更新的版本")
    return Finding("数据库", True, text)


def _tables() -> Finding:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        return Finding("表结构", False, f"有 {len(waiting)} 步没有做。请运行 linyun prepare")
    return Finding("表结构", True, "是最新的")


def _role() -> Finding:
    name, powerful = _rows(POWERS)[0]
    if powerful:
        return Finding(
            "数据库角色", False, f"“{name}”能绕过或关掉行级权限。请让程序用 linyun_app 连接（见 deploy/roles.sql）"
        )
    return Finding("数据库角色", True, f"{name}，绕不过行级权限")


def _rowlevel() -> Finding:
    open_tables = [name for (name,) in _rows(UNPROTECTED)]
    if open_tables:
        return Finding("行级权限", False, f"这些表没有保护：{'、'.join(open_tables)}。请运行 linyun prepare")
    return Finding("行级权限", True, "所有按区域分的表都有保护")


def _jobs() -> Finding:
    count = int(_rows(FAILED)[0][0])
    if count:
        return Finding("后台任务", False, f"有 {count} 个任务失败。请看日志，再用 linyun procrastinate shell 重试")
    return Finding("后台任务", True, "没有失败的任务")


def _keys(folder: Path) -> Finding:
    path = folder / "keys.json"
    if not path.exists():
        return Finding("密钥", True, "由环境变量给出")
    others = stat.S_IMODE(path.stat().st_mode) & 0o077
    if others:
        return Finding("密钥", False, f"{path} 别人也能读。请运行 chmod 600 {path}，并考虑换密钥")
    return Finding("密钥", True, "只有运行者能读。请另存一份：丢了密钥，证件号码无法还原")


def _room(folder: Path) -> Finding:
    free = shutil.disk_usage(folder if folder.exists() else Path("/")).free
    if free < LITTLE:
        return Finding("磁盘", False, f"只剩 {free / 2**30:.1f} GB。请腾出空间")
    return Finding("磁盘", True, f"还有 {free / 2**30:.0f} GB")


def findings(folder: Path | None = None) -> Iterator[Finding]:
    """All findings, one after the other. ``folder``: where keys and files lie; as the settings say when left out."""
    data = folder or Path(settings.DATA)
    try:
        yield _server()
        yield _tables()
        yield _role()
        yield _rowlevel()
        yield _jobs()
    except (OperationalError, InterfaceError) as away:
        said = str(away).strip().splitlines()[0]
        yield Finding("数据库", False, f"连不上：{said}。请看 DATABASE_URL 和数据库是否在运行")
    yield _keys(data)
    yield _room(data)
