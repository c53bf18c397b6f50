"""`linyun import FILE --area CODE [--kind people] [--dry-run] [--yes] [--json]`."""

import getpass
import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from linyun.foundation.acts.actor import Actor, acting
from linyun.foundation.areas.scope import within
from linyun.hub.exchange import services
from linyun.hub.exchange.reading import Unreadable
from linyun.kernel.declare import Role


class Command(BaseCommand):
    help = "Import a roster; shows what it would do, and does it after a yes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--area", required=True)
        parser.add_argument("--kind", default="people", choices=["people"])
        parser.add_argument("--dry-run", action="store_true")
        parser.add_argument("--yes", action="store_true")
        parser.add_argument("--undo", action="store_true", help="FILE is the id of an import to take back")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["file"].is_file():
            raise CommandError(f"找不到文件 {options['file']}")
        actor = Actor(name=getpass.getuser(), role=Role.WORKER, area=options["area"], channel="command")
        try:
            with acting(actor), within(options["area"]):
                batch = services.bring_in(options["file"].read_bytes(), options["file"].name, area=options["area"])
                report = services.check(batch)
                self._say(asdict(report) | {"message": batch.message, "id": str(batch.pk)}, options)
                if options["dry_run"] or not (options["yes"] or self._agreed()):
                    return
                services.apply(batch.pk)
        except (Unreadable, services.Unusable) as refused:
            raise CommandError(str(refused)) from refused

    def _agreed(self) -> bool:
        if not sys.stdin.isatty():
            raise CommandError("没有得到确认：请加 --yes，或用 --dry-run 只试算")
        return input("导入吗？[y/N] ").strip().lower() in ("y", "yes")

    def _say(self, report: dict[str, Any], options: dict[str, Any]) -> None:
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
            return
        names = {"rows": "共", "created": "新增", "updated": "有变化", "unchanged": "没有变化", "conflicts": "有分歧"}
        self.stdout.write("，".join(f"{names[k]} {report[k]} 行" for k in names) + f"，未收 {report['refused']} 行")
        for r in report["refusals"]:
            self.stdout.write(f"  {r['sheet']} 第 {r['row']} 行 {r['column']}：{r['value']} — {r['reason']}")
        if report["message"]:
            self.stdout.write(report["message"])
