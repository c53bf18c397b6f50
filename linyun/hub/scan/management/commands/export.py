"""`linyun export FILE --area CODE [--rule RULE] [--columns …]`: people as .csv, numbers masked."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from linyun.foundation.acts.commanding import commanding
from linyun.hub.scan import services
from linyun.hub.scan.export import NoSuchColumn, chosen, usual
from linyun.hub.scan.find import Asked
from linyun.kernel.declare import Subject
from linyun.kernel.rule import RuleError
from linyun.kernel.words import say

EVERYBODY = {"person": "姓名 不为空", "household": "户内人数 >= 0", "dwelling": "居住人数 >= 0"}


class Command(BaseCommand):
    help = "Write the people (households, dwellings) of an area to a .csv file with chosen columns."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--area", required=True)
        parser.add_argument("--subject", default="person", choices=list(EVERYBODY))
        parser.add_argument("--rule", default="")
        parser.add_argument("--columns", default="")
        parser.add_argument("--reason", default="命令行导出", help="why; it is recorded")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        rule = options["rule"] or EVERYBODY[options["subject"]]
        try:
            with commanding(options["area"]):
                asked = Asked.text(rule, Subject(options["subject"]))
                columns = options["columns"].split(",") if options["columns"] else usual(asked.subject)
                file, rows = services.exported(asked, columns, options["reason"])
                head = [word.name for word in chosen(asked, columns)]
        except (RuleError, NoSuchColumn, services.Unsavable) as refused:
            raise CommandError(str(refused)) from refused
        try:
            options["file"].write_bytes(file.content)
        except OSError as unwritable:
            raise CommandError(
                say("写不了 {file}：{why}", file=options["file"], why=unwritable.strerror)
            ) from unwritable
        answer = {"file": str(options["file"]), "rows": rows, "columns": head}
        self.stdout.write(json.dumps(answer, ensure_ascii=False) if options["json"] else say("已写出 {n} 行", n=rows))
