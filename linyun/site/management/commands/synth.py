"""`linyun synth --people N --out DIR`: invented people of any size, as Parquet."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from linyun.kernel import seeds
from linyun.kernel.synth.commands import synth_to_dir
from linyun.kernel.synth.estates import Area


class Command(BaseCommand):
    help = "Make invented people who hang together (households, kin, homes, a year of visits)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--people", type=int, required=True)
        parser.add_argument("--out", type=Path, required=True)
        parser.add_argument("--area", default="310110009", help="all committees within this code")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        committees = [
            Area(a.code, a.name)
            for a in seeds.iter_areas(settings.SEEDS)
            if a.kind == "committee" and a.code.startswith(options["area"])
        ]
        try:
            made = synth_to_dir(options["people"], options["out"], options["seed"], committees, progress=self._progress)
        except ValueError as wrong:
            raise CommandError(str(wrong)) from wrong
        self.stdout.write(json.dumps(made, ensure_ascii=False, default=str) if options["json"] else str(options["out"]))

    def _progress(self, done: int) -> None:
        self.stderr.write(f"已生成 {done} 人")
