"""`linyun token make|list|revoke`: keys for programs that work for somebody in a post."""

import getpass
import json
from argparse import ArgumentParser
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from linyun.foundation.accounts.models import Account, Post
from linyun.foundation.accounts.policy import Refused
from linyun.foundation.acts.actor import Actor, acting
from linyun.foundation.areas.scope import within
from linyun.front.gateway import services
from linyun.front.gateway.models import ApiToken
from linyun.front.gateway.rules import LONGEST_DAYS
from linyun.front.gateway.unfit import Unfit
from linyun.kernel import clock
from linyun.kernel.declare import Role


def named(post: Post) -> str:
    """How a post is named on the command line: ``worker:310110009016``, a department's with its code behind."""
    return ":".join(part for part in (post.role, post.area_id, post.department) if part)


def _moment(at: datetime | None) -> str | None:
    """A moment in Shanghai's time."""
    return at.astimezone(clock.ZONE).isoformat(timespec="seconds") if at else None


def told(token: ApiToken) -> dict[str, Any]:
    """A token for people and programs; what it says itself nobody knows any more."""
    return {
        "id": str(token.pk),
        "username": token.account.username,
        "post": named(token.post),
        "note": token.note,
        "made_by": token.made_by,
        "made": _moment(token.made_at),
        "expires": _moment(token.expires_at),
        "last_used": _moment(token.last_used_at),
        "revoked": _moment(token.revoked_at),
    }


class Command(BaseCommand):
    help = "Tokens of the open API. Whoever can run this holds the machine, and is recorded as its operator."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One subcommand for each verb."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        make = verbs.add_parser("make", help="make a token for one post of one person; prints it once")
        make.add_argument("username")
        make.add_argument("--post", default="", help="ROLE:AREA[:DEPARTMENT], needed when the person holds several")
        make.add_argument("--days", type=int, default=LONGEST_DAYS, help=f"until it expires, at most {LONGEST_DAYS}")
        make.add_argument("--note", default="", help="what program it is for")
        listing = verbs.add_parser("list", help="tokens that still open something")
        listing.add_argument("username", nargs="?", default="")
        listing.add_argument("--all", action="store_true", help="expired and revoked ones as well")
        revoke = verbs.add_parser("revoke", help="let a token open nothing any more")
        revoke.add_argument("id", type=UUID)
        for verb in (make, listing, revoke):
            verb.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the verb as this machine's operator, over the whole country."""
        operator = Actor(name=getpass.getuser(), role=Role.OPERATOR, area="", channel="command")
        try:
            with acting(operator), within(""):
                rows = getattr(self, f"_{options['verb']}")(options)
        except (Unfit, Refused) as refused:
            raise CommandError(str(refused)) from refused
        except ApiToken.DoesNotExist as absent:
            raise CommandError(f"没有编号为 {options['id']} 的令牌") from absent
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False))
        else:
            self._say(rows)

    def _say(self, rows: list[dict[str, Any]]) -> None:
        for row in rows:
            state = "已撤销" if row["revoked"] else f"有效至 {row['expires'][:10]}"
            used = f"最近使用 {row['last_used'][:16].replace('T', ' ')}" if row["last_used"] else "还没有用过"
            self.stdout.write("\t".join((row["id"], row["username"], row["post"], state, used, row["note"])).rstrip())
            if row.get("token"):
                self.stdout.write(f"令牌（只显示这一次，请立即交给使用它的程序）：\n{row['token']}")

    def _account(self, username: str) -> Account:
        found = Account.objects.filter(username=Account.objects.normalise(username)).first()
        if found is None:
            raise CommandError(f"没有登录名为“{username}”的账号")
        return found

    def _post(self, account: Account, wanted: str) -> Post:
        """The post that is meant; the only one needs no naming."""
        held = list(Post.objects.on(clock.today()).filter(account=account).order_by("valid_from", "id"))
        fitting = [p for p in held if not wanted or named(p) == wanted]
        if len(fitting) != 1:
            choices = "、".join(map(named, held)) or "没有"
            raise CommandError(f"请用 --post 写明岗位。“{account.username}”今天的岗位：{choices}")
        return fitting[0]

    def _make(self, options: dict[str, Any]) -> list[dict[str, Any]]:
        account = self._account(options["username"])
        post = self._post(account, options["post"])
        token, secret = services.make_token(account, post, options["days"], options["note"])
        return [{**told(token), "token": secret}]

    def _list(self, options: dict[str, Any]) -> list[dict[str, Any]]:
        tokens = ApiToken.objects.select_related("account", "post").order_by("-made_at")
        if options["username"]:
            tokens = tokens.filter(account=self._account(options["username"]))
        return [told(t) for t in (tokens if options["all"] else tokens.live(clock.now()))]

    def _revoke(self, options: dict[str, Any]) -> list[dict[str, Any]]:
        return [told(services.revoke_token(options["id"]))]
