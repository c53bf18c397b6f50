"""`linyun items list [--subject person] [--area CODE] [--json]`: the item catalogue; with an area what was added there."""

import getpass
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from linyun.foundation.acts.actor import Actor, acting
from linyun.foundation.areas.scope import within
from linyun.hub.records.filled import filled
from linyun.hub.records.items import added_by, known
from linyun.kernel.declare import Role, Subject


class Command(BaseCommand):
    help = "List the item catalogue; with --area also the items added there and how many have a value."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["list"])
        parser.add_argument("--subject", choices=[s.value for s in Subject])
        parser.add_argument("--area", default="")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        subjects = [Subject(options["subject"])] if options["subject"] else list(Subject)
        area = options["area"]
        actor = Actor(name=getpass.getuser(), role=Role.WORKER, area=area, channel="command")
        with acting(actor), within(area or None):
            found = [item for subject in subjects for item in self._items(subject, bool(area))]
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
            return
        for item in found:
            share = "" if item["filled"] is None else f"\t{item['filled']}/{item['of']}"
            self.stdout.write(f"{item['subject']}\t{item['code']}\t{item['name']}{share}")

    def _items(self, subject: Subject, counted: bool) -> list[dict[str, Any]]:
        of, held = filled(subject) if counted else (None, {})
        own = added_by(subject)
        return [
            {"subject": subject.value, "code": i.code, "name": i.name, "kind": i.kind.value, "code_set": i.code_set,
             "group": i.group, "owner": i.owner, "level": i.level.name.lower(), "purpose": i.purpose, "basis": i.basis,
             "fresh_days": i.fresh_days, "unit": i.unit, "added": i.code in own,
             "filled": held.get(i.code, 0) if counted else None, "of": of} for i in known(subject).values()
        ]  # fmt: skip
