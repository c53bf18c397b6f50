"""`linyun ledger list [--area CODE]` and `linyun ledger make CODE|--all --area CODE --out PATH`."""

import getpass
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from linyun.foundation.accounts.policy import Refused
from linyun.foundation.acts.actor import Actor, acting
from linyun.foundation.areas.models import Area
from linyun.foundation.areas.scope import within
from linyun.foundation.ui.answer import file_name
from linyun.hub.ledgers import exports, fill
from linyun.hub.ledgers.period import BadPeriod
from linyun.hub.ledgers.plans import BadLedger
from linyun.hub.ledgers.register import NoSuchLedger, in_force, planned
from linyun.hub.ledgers.services import span_of
from linyun.hub.tags.vocabulary import vocabulary
from linyun.kernel import clock
from linyun.kernel.declare import Role
from linyun.kernel.words import say

REFUSALS = (NoSuchLedger, BadLedger, BadPeriod, exports.Unexportable, Refused)


class Command(BaseCommand):
    help = "List the ledgers, or make one or all of them for an area."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        listing = verbs.add_parser("list", help="all ledgers, with their rows when an area is given")
        listing.add_argument("--area", default="")
        listing.add_argument("--json", action="store_true")
        making = verbs.add_parser("make", help="write a ledger, or all of them")
        making.add_argument("code", nargs="?")
        making.add_argument("--all", action="store_true", help="every ledger, into a folder, an .xlsx or a .zip")
        making.add_argument("--area", required=True)
        making.add_argument("--out", required=True, type=Path)
        making.add_argument("--format", default="", choices=["", *exports.FORMATS])
        making.add_argument("--period", default="", help="2026-10, 2026-Q4 or 2026; now when left out")
        making.add_argument("--full", action="store_true", help="identity numbers in full; needs --reason")
        making.add_argument("--reason", default="", help="why; it is recorded")
        making.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        area = options["area"]
        if area and not Area.objects.filter(pk=area).exists():
            raise CommandError(say("没有编号为 {area} 的区域", area=area))
        actor = Actor(name=getpass.getuser(), role=Role.WORKER, area=area, channel="command")
        with acting(actor), within(area if area else None):
            try:
                self._list(options) if options["verb"] == "list" else self._make(options)
            except REFUSALS as refused:
                raise CommandError(str(refused)) from refused

    def _list(self, options: dict[str, Any]) -> None:
        words, today = vocabulary(), clock.today()
        ledgers = in_force()
        plans = [(planned(x, words), span_of(x, "")) for x in ledgers]
        rows = fill.counts(plans, options["area"], today, words) if options["area"] else {}
        listed = [
            {
                "code": x.code, "name": x.name, "group": x.group, "source": x.source, "period": x.period, "due": x.due,
                "audited": x.audited, "columns": len(made.headings), "rows": rows.get(x.code),
            }
            for x, (made, _) in zip(ledgers, plans, strict=True)
        ]  # fmt: skip
        if options["json"]:
            self.stdout.write(json.dumps(listed, ensure_ascii=False))
            return
        for entry in listed:
            count = "" if entry["rows"] is None else "  " + say("{n} 条", n=entry["rows"])
            self.stdout.write(f"{entry['code']:28} {entry['group']}  {entry['name']}{count}")

    def _make(self, options: dict[str, Any]) -> None:
        if bool(options["code"]) == options["all"]:
            raise CommandError(say("请写明一本台账的编号，或者用 --all"))
        out: Path = options["out"]
        made = self._all(options, out) if options["all"] else [self._one(options, out)]
        if options["json"]:
            self.stdout.write(json.dumps(made if options["all"] else made[0], ensure_ascii=False))
            return
        for entry in made:
            self.stdout.write(say("{file}：{name}，{n} 条", file=entry["file"], name=entry["name"], n=entry["rows"]))

    def _one(self, options: dict[str, Any], out: Path) -> dict[str, Any]:
        form = options["format"] or ("csv" if out.suffix == ".csv" else "xlsx")
        file, count = exports.export(
            options["code"],
            options["area"],
            form=form,
            when=options["period"],
            full=options["full"],
            reason=options["reason"],
        )
        if out.is_dir():
            out = out / file.name
        return self._written(out, file.content, options["code"], file.name, count)

    def _all(self, options: dict[str, Any], out: Path) -> list[dict[str, Any]]:
        if options["full"]:
            raise CommandError(say("完整证件号码只能一本一本导出，并写明用途"))
        if out.suffix in (".xlsx", ".zip"):
            form = "zip" if out.suffix == ".zip" else "workbook"
            file, count = exports.export_all(
                options["area"], form=form, when=options["period"], reason=options["reason"]
            )
            return [self._written(out, file.content, exports.ALL, file.name, count)]
        out.mkdir(parents=True, exist_ok=True)
        form = options["format"] or "xlsx"
        made = []
        each = exports.export_each(options["area"], form=form, when=options["period"], reason=options["reason"])
        for number, (one, file) in enumerate(each, 1):
            path = out / file_name(f"{one.ledger.group}_{file.name}")
            made.append(self._written(path, file.content, one.ledger.code, one.ledger.name, one.document.count))
            if self.stderr.isatty():
                self.stderr.write(f"\r{number} {one.ledger.name}", ending="")
        return made

    def _written(self, path: Path, content: bytes, code: str, name: str, count: int) -> dict[str, Any]:
        try:
            path.write_bytes(content)
        except OSError as error:
            raise CommandError(say("写不了文件 {path}：{why}", path=path, why=error.strerror)) from error
        return {"ledger": code, "name": name, "rows": count, "file": str(path), "bytes": len(content)}
