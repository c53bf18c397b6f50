"""`linyun accounts list|add|post|end|password|factor|close`: who may sign in, and in which posts they work."""

import getpass
import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Prefetch

from linyun.foundation.accounts import services
from linyun.foundation.accounts.models import Account, Post
from linyun.foundation.accounts.policy import Refused
from linyun.foundation.acts.actor import Actor, acting
from linyun.foundation.areas.scope import within
from linyun.kernel import clock
from linyun.kernel.declare import Role


def told(post: Post) -> dict[str, str | None]:
    """A post for people and programs."""
    return {
        "role": post.role,
        "area": post.area_id,
        "area_name": post.area.name,
        "department": post.department,
        "title": post.title,
        "from": post.valid_from.isoformat(),
        "to": post.valid_to.isoformat() if post.valid_to else None,
    }


class Command(BaseCommand):
    help = "Accounts and posts. Whoever can run this holds the machine, and is recorded as its operator."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One subcommand for each verb."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        made = {}
        for verb, words in (
            ("list", "who holds which post today"),
            ("add", "open an account with its first post; prints the first password"),
            ("post", "give a further post"),
            ("end", "end a post today"),
            ("password", "give a new first password, to be changed at sign-in"),
            ("factor", "untie the second factor of somebody who lost the phone"),
            ("close", "close an account"),
        ):
            made[verb] = verbs.add_parser(verb, help=words)
            made[verb].add_argument("--json", action="store_true")
            if verb != "list":
                made[verb].add_argument("username")
        made["list"].add_argument("--area", default="", help="only posts at or below this area")
        made["add"].add_argument("--name", required=True)
        made["add"].add_argument("--phone", default="")
        made["add"].add_argument("--password", help="instead of a made-up one; need not be changed")
        for verb in ("add", "post", "end"):
            made[verb].add_argument("--role", required=True, choices=[r.value for r in Role])
            made[verb].add_argument("--area", required=True, help="code of the area")
            made[verb].add_argument("--department", default="", help="code of the line of work")
        for verb in ("add", "post"):
            made[verb].add_argument("--title", default="")
        made["end"].add_argument("--on", type=date.fromisoformat, help="last day but one: the post is not held on it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the verb as this machine's operator, over the whole country."""
        operator = Actor(name=getpass.getuser(), role=Role.OPERATOR, area="", channel="command")
        try:
            with acting(operator), within(""):
                answer = getattr(self, f"_{options['verb']}")(options)
        except (services.Unfit, Refused) as refused:
            raise CommandError(str(refused)) from refused
        self._say(answer, options["json"])

    def _say(self, answer: Any, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        for row in answer if isinstance(answer, list) else [answer]:
            posts = "；".join(f"{p['role']} {p['area']} {p['area_name']}" for p in row["posts"])
            self.stdout.write(f"{row['username']}\t{row['name']}\t{posts or '没有岗位'}")
            if row.get("password"):
                self.stdout.write(f"初始密码：{row['password']}（首次登录时须修改）")

    def _account(self, options: dict[str, Any]) -> Account:
        found = Account.objects.filter(username=Account.objects.normalise(options["username"])).first()
        if found is None:
            raise CommandError(f"没有登录名为“{options['username']}”的账号")
        return found

    def _row(self, account: Account, **more: Any) -> dict[str, Any]:
        held = Post.objects.on(clock.today()).filter(account=account).select_related("area").order_by("area", "role")
        return {"username": account.username, "name": account.name, "posts": [told(p) for p in held], **more}

    def _list(self, options: dict[str, Any]) -> list[dict[str, Any]]:
        with within(options["area"]):
            held = Post.objects.on(clock.today()).select_related("area").order_by("area", "role")
            accounts = Account.objects.filter(is_active=True).order_by("username")
            rows = [
                {"username": a.username, "name": a.name, "posts": [told(p) for p in a.held]}
                for a in accounts.prefetch_related(Prefetch("posts", held, to_attr="held"))
            ]
        return [r for r in rows if r["posts"] or not options["area"]]

    def _add(self, options: dict[str, Any]) -> dict[str, Any]:
        password = options["password"] or services.temporary_password()
        account = services.open_account(
            options["username"], options["name"], Role(options["role"]), options["area"], phone=options["phone"],
            department=options["department"], title=options["title"], password=password,
            initial=not options["password"],
        )  # fmt: skip
        return self._row(account, password="" if options["password"] else password)

    def _post(self, options: dict[str, Any]) -> dict[str, Any]:
        account = self._account(options)
        services.give_post(account, Role(options["role"]), options["area"], department=options["department"],
                           title=options["title"])  # fmt: skip
        return self._row(account)

    def _end(self, options: dict[str, Any]) -> dict[str, Any]:
        account = self._account(options)
        post = (
            Post.objects.on(clock.today())
            .filter(account=account, role=options["role"], area=options["area"], department=options["department"])
            .first()
        )
        if post is None:
            raise CommandError(f"{account.name}在 {options['area']} 没有这个岗位")
        services.end_post(post, options["on"])
        return self._row(account)

    def _password(self, options: dict[str, Any]) -> dict[str, Any]:
        account, password = self._account(options), services.temporary_password()
        services.set_password(account, password)
        return self._row(account, password=password)

    def _factor(self, options: dict[str, Any]) -> dict[str, Any]:
        account = self._account(options)
        services.reset_second_factor(account)
        return self._row(account)

    def _close(self, options: dict[str, Any]) -> dict[str, Any]:
        account = self._account(options)
        services.close_account(account)
        return self._row(account)
