"""The verbs of tokens: make, revoke, use."""

from datetime import timedelta
from uuid import UUID

from django.db import connection

from linyun.foundation.accounts.models import Account, Post
from linyun.foundation.accounts.policy import require
from linyun.foundation.acts.actor import current
from linyun.foundation.acts.services import record
from linyun.foundation.areas.scope import within
from linyun.front.gateway.events import TokenMade, TokenRevoked
from linyun.front.gateway.models import ApiToken
from linyun.front.gateway.rules import LONGEST_DAYS, digest_of, minute_of, new_secret, wait
from linyun.front.gateway.unfit import Unfit
from linyun.kernel import clock
from linyun.kernel.words import say


class TooOften(Exception):
    """The token asked more often than it may; ``wait``: seconds until it may again."""

    def __init__(self, wait: int) -> None:
        super().__init__(say("请求太频繁，请在 {wait} 秒后再试。", wait=wait))
        self.wait = wait


def make_token(account: Account, post: Post, days: int, note: str = "") -> tuple[ApiToken, str]:
    """A token for one post of one person; the secret is answered here and never again. Raises Unfit."""
    who, now = current(), clock.now()
    require(who, "account.manage", post.area_id)
    if not 1 <= days <= LONGEST_DAYS:
        raise Unfit(days=say("令牌的有效期应为 1 到 {n} 天", n=LONGEST_DAYS))
    if not account.is_active:
        raise Unfit(username=say("“{username}”的账号已停用", username=account.username))
    if not Post.objects.on(clock.today()).filter(pk=post.pk, account=account).exists():
        raise Unfit(post=say("“{username}”今天没有这个岗位", username=account.username))
    secret = new_secret()
    token = ApiToken.objects.create(
        area=post.area_id,
        account=account,
        post=post,
        note=note.strip()[:60],
        digest=digest_of(secret),
        made_at=now,
        made_by=who.name,
        expires_at=now + timedelta(days=days),
    )
    record(TokenMade(token.pk, account.pk, post.pk, days), area=post.area_id, subject=("account", account.pk))
    return token, secret


def revoke_token(token_id: UUID) -> ApiToken:
    """Let a token open nothing any more; once revoked it stays as it is. Raises ApiToken.DoesNotExist."""
    token = ApiToken.objects.select_for_update().get(pk=token_id)
    require(current(), "account.manage", token.area)
    if token.revoked_at is None:
        token.revoked_at = clock.now()
        token.save(update_fields=["revoked_at"])
        record(TokenRevoked(token.pk, token.account_id), area=token.area, subject=("account", token.account_id))
    return token


USE = """
update gateway_apitoken
set last_used_at = %(now)s, minute = %(minute)s,
    used_in_minute = case when minute = %(minute)s then used_in_minute + 1 else 1 end
where digest = %(digest)s and revoked_at is null and expires_at > %(now)s
returning post_id, used_in_minute
"""


def use_token(secret: str) -> Post | None:
    """The post that a token opens today, its account and area attached; None when it opens none. Counts the request.

    Raises TooOften. The count is committed at once, apart from what the request then does, so that a request which
    fails counts as well.
    """
    now = clock.now()
    # In which area the token works is not known yet, so it is looked for in the whole country, by its digest alone.
    with within(""):
        with connection.cursor() as cursor:
            cursor.execute(USE, {"now": now, "minute": minute_of(now), "digest": digest_of(secret)})
            found = cursor.fetchone()
        if found is None:
            return None
        post_id, used = found
        held = Post.objects.on(clock.today()).filter(pk=post_id, account__is_active=True)
        post = held.select_related("account", "area").first()
    if seconds := wait(used, now):
        raise TooOften(seconds)
    return post
