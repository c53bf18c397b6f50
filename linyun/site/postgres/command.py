"""``linyun db start|stop|status|dump|restore``."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from linyun.site.postgres.cluster import ensure, status, stop
from linyun.site.postgres.dump import dump, restore
from linyun.site.postgres.home import default_data_dir
from linyun.site.postgres.server import PostgresError, Status

_STATES = {
    "absent": "尚未建立",
    "stopped": "已停止",
    "starting": "正在启动",
    "running": "运行中",
    "stopping": "正在停止",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0 when it did what was asked, else 1. ``status`` is 0 only when running."""
    given = _parser().parse_args(argv)
    try:
        answer, line, code = _COMMANDS[given.command](given.data or default_data_dir(), given)
    except PostgresError as error:
        answer, line, code = {"error": str(error)}, str(error), 1
    if given.json:
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    elif line:
        (sys.stderr if "error" in answer else sys.stdout).write(line + "\n")
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="linyun db", description="内置的 PostgreSQL。")
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令")
    for name, text in (
        ("start", "启动（没有时新建）"),
        ("stop", "停止"),
        ("status", "查看状态"),
        ("dump", "把整个数据库导出到一个文件"),
        ("restore", "把导出的文件导入到空数据库"),
    ):
        command = commands.add_parser(name, help=text)
        if name in ("dump", "restore"):
            command.add_argument("file", type=Path, help="文件")
        command.add_argument("--data", type=Path, help="数据目录，默认是本目录的 .data/pg")
        command.add_argument("--bin-dir", type=Path, help="使用另一套 PostgreSQL 程序（其 bin 目录）")
        command.add_argument("--json", action="store_true", help="以 JSON 输出")
    return parser


_Answer = tuple[dict[str, Any], str, int]


def _start(data_dir: Path, given: argparse.Namespace) -> _Answer:
    ensure(data_dir, bin_dir=given.bin_dir)
    found = status(data_dir)
    return found.as_dict(), _sentence(found), 0


def _stop(data_dir: Path, _: argparse.Namespace) -> _Answer:
    stopped = stop(data_dir)
    return {"stopped": stopped} | status(data_dir).as_dict(), "数据库已停止。" if stopped else "数据库没有在运行。", 0


def _status(data_dir: Path, _: argparse.Namespace) -> _Answer:
    found = status(data_dir)
    return found.as_dict(), _sentence(found), 0 if found.state == "running" else 1


def _dump(data_dir: Path, given: argparse.Namespace) -> _Answer:
    size = dump(data_dir, given.file, bin_dir=given.bin_dir)
    return {"file": str(given.file), "bytes": size}, f"已导出到 {given.file}（{size / 1e6:.1f} MB）。", 0


def _restore(data_dir: Path, given: argparse.Namespace) -> _Answer:
    restore(data_dir, given.file, bin_dir=given.bin_dir)
    return {"file": str(given.file)}, f"已从 {given.file} 导入。", 0


def _sentence(found: Status) -> str:
    parts = [_STATES[found.state], f"数据目录 {found.home}"]
    if found.pid:
        parts += [f"进程 {found.pid}（账号 {found.account}）", f"套接字 {found.socket}"]
    if found.version:
        parts.append(f"PostgreSQL {found.version}")
    if found.version and found.installed and found.version != found.installed:
        parts.append(f"已安装 {found.installed}，停止后再启动即可换用")
    return "；".join(parts) + "。"


_COMMANDS: dict[str, Callable[[Path, argparse.Namespace], _Answer]] = {
    "start": _start,
    "stop": _stop,
    "status": _status,
    "dump": _dump,
    "restore": _restore,
}
