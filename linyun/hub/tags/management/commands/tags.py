"""`linyun tags list [--subject person] [--area CODE] [--json]`: the tag dictionary, with counts when an area is given."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from linyun.foundation.acts.commanding import commanding
from linyun.hub.tags.counts import all_tags, counts
from linyun.kernel import clock
from linyun.kernel.declare import Subject


class Command(BaseCommand):
    help = "List the tag dictionary; with --area also how many bear each tag there."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["list"])
        parser.add_argument("--subject", choices=[s.value for s in Subject])
        parser.add_argument("--area", default="")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        subjects = [Subject(options["subject"])] if options["subject"] else list(Subject)
        found: list[dict[str, Any]] = []
        for subject in subjects:
            tags, counted = all_tags(subject), self._counted(subject, options["area"])
            found += [
                {"code": t.code, "name": t.name, "path": list(t.path), "subject": t.subject.value, "meaning": t.meaning,
                 "purpose": t.purpose, "owner": t.owner, "level": t.level.name.lower(), "rule": t.rule,
                 "expires_days": t.expires_days, "count": counted.get(t.code)} for t in tags
            ]  # fmt: skip
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
            return
        for tag in found:
            number = "" if tag["count"] is None else f"\t{tag['count']}"
            self.stdout.write(f"{'/'.join((*tag['path'], tag['name']))}\t{tag['code']}{number}")

    def _counted(self, subject: Subject, area: str) -> dict[str, int]:
        if not area:
            return {}
        with commanding(area):
            return counts(subject, all_tags(subject), clock.today())
