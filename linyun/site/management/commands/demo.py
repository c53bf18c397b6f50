"""`linyun demo`: build the demonstration; `--who` says who can log in, `--code NAME` shows a second-factor code."""

import getpass
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from linyun.foundation.accounts.models import Account
from linyun.foundation.acts.actor import Actor, acting
from linyun.foundation.areas.models import Area
from linyun.foundation.areas.scope import within
from linyun.hub.records.models import Person
from linyun.kernel import clock
from linyun.kernel.declare import Role
from linyun.kernel.synth import estates
from linyun.kernel.synth.characters import characters
from linyun.kernel.synth.world import generate
from linyun.kernel.words import ROLE_NAMES
from linyun.site.demo import people
from linyun.site.demo.load import load
from linyun.site.demo.rosters import write_rosters

STREET = "310110009"
SEED = 20261123


class Command(BaseCommand):
    help = "Build the demonstration sub-district with people who can log in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--people", type=int, default=60_000)
        parser.add_argument("--if-empty", action="store_true")
        parser.add_argument("--who", action="store_true")
        parser.add_argument("--code", metavar="NAME")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["code"]:
            if options["code"] not in {p.username for p in people.PLAYERS}:
                raise CommandError(f"没有“{options['code']}”这个演示账号。linyun demo --who 列出全部")
            self.stdout.write(people.code_of(options["code"]))
        elif options["who"]:
            self._who()
        else:
            self._build(options)

    def _build(self, options: dict[str, Any]) -> None:
        call_command("areas", "load", if_missing=True, stdout=self.stderr)
        actor = Actor(name=getpass.getuser(), role=Role.OPERATOR, area="", channel="command")
        with acting(actor), within(""):
            if Person.objects.exists():
                if not options["if_empty"]:
                    raise CommandError("库里已经有居民。演示数据只能放进空的库")
                return
            began = time.perf_counter()
            committees = [
                estates.Area(a.code, a.name)
                for a in Area.objects.within(STREET).filter(kind=Area.Kind.COMMITTEE).order_by("code")
            ]
            self.stderr.write(f"正在生成 {STREET} 四平路街道 {len(committees)} 个居委会、{options['people']} 位居民 …")
            try:
                world = characters(generate(committees, options["people"], SEED, clock.today()))
            except ValueError as wrong:
                raise CommandError(f"不能生成 {options['people']} 位居民，请至少写 1") from wrong
            with transaction.atomic():
                loaded = load(world)
                people.open_all()
        write_rosters(world, Path(settings.DATA) / "demo")
        self.stderr.write(
            f"已载入 {loaded['persons']} 位居民、{loaded['visits']} 次走访，用时 {time.perf_counter() - began:.0f} 秒"
        )

    def _who(self) -> None:
        known = set(Account.objects.values_list("username", flat=True))
        self.stdout.write(f"可以这样登录（密码都是 {people.PASSWORD}）：")
        for player in people.PLAYERS:
            if player.username in known:
                second = (
                    ""
                    if player.role in (Role.WORKER, Role.GRID, Role.CHIEF)
                    else f"  动态码：linyun demo --code {player.username}"
                )
                self.stdout.write(
                    f"  {player.username:<10}{player.name}  {ROLE_NAMES[player.role]} · {player.title}{second}"
                )
        self.stdout.write(f"可以试着导入的名单：{Path(settings.DATA) / 'demo'}")
