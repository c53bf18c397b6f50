"""`linyun crowd 'RULE' --area CODE [--count|--csv] [--json]`."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from linyun.foundation.acts.commanding import commanding
from linyun.hub.scan import find, services
from linyun.hub.scan.export import NoSuchColumn, usual
from linyun.hub.scan.find import Asked
from linyun.hub.scan.screen import NOUNS
from linyun.kernel.declare import Subject
from linyun.kernel.rule import RuleError
from linyun.kernel.words import lang


class Command(BaseCommand):
    help = "Count or list the people, households or dwellings that a rule describes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("rule")
        parser.add_argument("--area", required=True)
        parser.add_argument("--subject", default="person", choices=[s.value for s in Subject])
        parser.add_argument("--count", action="store_true", help="only the numbers")
        parser.add_argument("--csv", action="store_true", help="a table on standard output")
        parser.add_argument("--columns", default="")
        parser.add_argument("--reason", default="命令行导出")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        with commanding(options["area"]):
            try:
                asked = Asked.text(options["rule"], Subject(options["subject"]))
                self._answer(asked, options)
            except (RuleError, NoSuchColumn, services.Unsavable) as refused:
                raise CommandError(str(refused)) from refused

    def _answer(self, asked: Asked, options: dict[str, Any]) -> None:
        counted = find.count(asked)
        if options["csv"]:
            columns = options["columns"].split(",") if options["columns"] else usual(asked.subject)
            file, _rows = services.exported(asked, columns, options["reason"])
            self.stdout.write(file.content.decode("utf-8-sig"))
            return
        answer: dict[str, Any] = {
            "rule": asked.rule.text("zh"),
            "says": asked.rule.say(lang()),
            "count": counted.yes,
            "unknown": counted.unknown,
            "of": counted.all,
        }
        if not options["count"]:
            answer["ids"] = [str(pk) for pk in find.ids(asked)]
        if options["json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            noun = NOUNS[asked.subject]
            self.stdout.write(
                f"{answer['says']}：{counted.yes} {noun}，另有 {counted.unknown} {noun}不能确定，共 {counted.all} {noun}"
            )
