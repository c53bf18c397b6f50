"""`linyun import FILE --area CODE [--kind auto] [--source roster] [--as-of DAY] [--dry-run] [--yes] [--undo] [--json]`."""

import getpass
import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from linyun.foundation.accounts.policy import Refused
from linyun.foundation.acts.actor import Actor, acting
from linyun.foundation.areas.scope import within
from linyun.hub.exchange import services
from linyun.hub.exchange.models import Import
from linyun.hub.exchange.reading import Unreadable
from linyun.hub.exchange.understanding import ASKED
from linyun.kernel.declare import Role
from linyun.kernel.words import listed, msgid, retold, say

WORDS = {
    "created": msgid("新增"),
    "updated": msgid("有变化"),
    "unchanged": msgid("没有变化"),
    "conflicts": msgid("有分歧"),
    "refused": msgid("未收"),
}


class Command(BaseCommand):
    help = "Import a roster; shows what it would do, and does it after a yes. Refused rows are no failure."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the file, or with --undo the id of an import")
        parser.add_argument("--area", required=True, help="the committee's 12-digit code")
        parser.add_argument("--kind", default="auto", choices=list(ASKED))
        parser.add_argument("--source", default="roster", help="roster, or a department: police, civil_affairs …")
        parser.add_argument("--as-of", type=date.fromisoformat, help="the day whose state the file describes")
        parser.add_argument("--dry-run", action="store_true")
        parser.add_argument("--yes", action="store_true")
        parser.add_argument("--undo", action="store_true", help="take an import back")
        parser.add_argument("--json", action="store_true", help="print exactly one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        area = options["area"]
        actor = Actor(name=getpass.getuser(), role=Role.WORKER, area=area, channel="command")
        try:
            with acting(actor), within(area):
                if options["undo"]:
                    self._undo(options)
                else:
                    self._import(options)
        except (Unreadable, services.Unusable, Refused) as refused:
            raise CommandError(str(refused)) from refused

    def _import(self, options: dict[str, Any]) -> None:
        path = Path(options["file"])
        if not path.is_file():
            raise CommandError(_("找不到文件 %(path)s。请核对路径") % {"path": path})
        content = path.read_bytes()
        batch = services.bring_in(
            content,
            path.name,
            area=options["area"],
            kind=options["kind"],
            source=options["source"],
            as_of=options["as_of"],
        )
        asked = not (options["yes"] or options["dry_run"] or batch.total == 0)
        if asked:
            self._say(batch, services.check(batch), content, options | {"json": False, "aside": options["json"]})
            if not self._agreed():
                return
        report = services.check(batch) if options["dry_run"] or batch.total == 0 else services.apply(batch.pk)
        batch.refresh_from_db(fields=["state"])
        if options["json"] or not asked:
            self._say(batch, report, content, options)

    def _undo(self, options: dict[str, Any]) -> None:
        try:
            kept = services.undo(UUID(options["file"]))
        except (ValueError, Import.DoesNotExist) as unknown:
            if isinstance(unknown, services.Unusable):
                raise
            raise CommandError(_("这个居委会没有编号为 %(id)s 的导入") % {"id": options["file"]}) from unknown
        if options["json"]:
            self.stdout.write(json.dumps({"undone": options["file"], "kept": kept}, ensure_ascii=False))
        else:
            self.stdout.write(services.said_of_undo(kept))

    def _agreed(self) -> bool:
        if not sys.stdin.isatty():
            raise CommandError(_("没有得到确认：请加 --yes，或用 --dry-run 只试算"))
        self.stderr.write(_("导入吗？[y/N] "), ending="")
        return input().strip().lower() in ("y", "yes")

    def _say(self, batch: Import, report: services.Report, content: bytes, options: dict[str, Any]) -> None:
        said = asdict(report) | {"refusals": services.as_typed(report.refusals, content, batch.filename)}
        if options["json"]:
            more = {"message": batch.message, "id": str(batch.pk), "state": batch.state}
            self.stdout.write(json.dumps(said | more, ensure_ascii=False))
            return
        # Asked at a terminal, the answer printed in the end may be JSON: what is said before goes beside it.
        out = self.stderr if options.get("aside") else self.stdout
        counts = listed((say("{outcome} {n} 行", outcome=say(w), n=said[c]) for c, w in WORDS.items()), "，")
        line = say("共 {n} 行：{counts}", n=report.rows, counts=counts)
        out.write(line + (say("（编号 {id}）", id=batch.pk) if batch.total else ""))
        for r in said["refusals"]:
            place = say("{sheet} 第 {row} 行 {column}", sheet=r["sheet"], row=r["row"], column=r["column"])
            out.write(f"  {place}：{r['value']} — {retold(r['reason'])}")
        if batch.message:
            out.write(retold(batch.message))
