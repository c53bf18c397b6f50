"""`linyun check [--json]`: Django's own checks, then whether this installation stands soundly. 1 when something needs mending."""

import json
import sys
from typing import Any

from django.core.checks import WARNING, run_checks
from django.core.management.base import CommandParser
from django.core.management.commands.check import Command as DjangoCheck

from linyun.site.soundness import findings


class Command(DjangoCheck):
    help = "Check the installation: settings, database, tables, row-level security, keys, jobs, disk."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if args or options["tags"] or options["list_tags"] or options["deploy"]:
            super().handle(*args, **options)
            return
        wrong = [str(m) for m in run_checks() if m.level >= WARNING and not m.is_silenced()]
        found = list(findings())
        sound = not wrong and all(f.sound for f in found)
        if options["json"]:
            answer = {"sound": sound, "settings": wrong, "findings": [f.as_json() for f in found]}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            for said in wrong:
                self.stderr.write(said)
            for finding in found:
                self.stdout.write(f"{'好' if finding.sound else '要处理'}  {finding.name}：{finding.said}")
        if not sound:
            sys.exit(1)
