"""Accounts and posts. An account is a human being; rights come only from the post in which they work."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from linyun.foundation.accounts.rules import SECOND_FACTOR_ROLES
from linyun.foundation.areas.models import Area
from linyun.foundation.areas.scope import within
from linyun.kernel.clock import today
from linyun.kernel.declare import Role
from linyun.kernel.ids import uuid7
from linyun.kernel.words import ROLE_NAMES, say


class AccountManager(BaseUserManager["Account"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "Account":
        """A new account. Without a password nobody can sign in to it."""
        account = self.model(username=self.normalise(username), **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account

    @staticmethod
    def normalise(username: str) -> str:
        """A sign-in name as it is stored: without spaces around it, lower-case."""
        return username.strip().lower()


class Account(AbstractBaseUser):
    """One person's sign-in (账号). No account is shared."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    username = models.CharField("登录名", max_length=60, unique=True)
    name = models.CharField("姓名", max_length=60)
    email = models.EmailField(blank=True)
    phone = models.CharField("手机", max_length=20, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    password_is_initial = models.BooleanField(default=False, help_text="given by somebody else: to be changed first")
    language = models.CharField(max_length=10, blank=True, help_text="chosen for pages; blank: never chosen")
    session_round = models.PositiveIntegerField(default=0, help_text="raised to end all sessions")

    objects = AccountManager()

    posts_held: "list[Post] | None" = None
    """The posts held today, oldest first; None as long as nobody asked. See ``holding``."""

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    # Django's own permission hooks: rights come from posts, never from flags on the account.
    is_staff = False
    is_superuser = False

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(username=Lower("username")), name="username_lower")]

    def __str__(self) -> str:
        return f"{self.name} ({self.username})"

    def holding(self, posts: "list[Post]") -> Self:
        """This account with its posts of today at hand, each of which knows it as its holder."""
        for post in posts:
            post.account = self
        self.posts_held = posts
        return self

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Always no: see accounts.policy.may."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        """Always no: see accounts.policy.may."""
        return False

    def get_session_auth_hash(self) -> str:
        """What every session of the account must carry. Another password or another round ends all of them."""
        return self._session_hash(None)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same under former signing keys, so that a change of key signs nobody out."""
        return (self._session_hash(key) for key in settings.SECRET_KEY_FALLBACKS)

    def _session_hash(self, secret: str | bytes | None) -> str:
        value = f"{self.session_round}:{self.password}"
        return salted_hmac("linyun.accounts.session", value, secret=secret, algorithm="sha256").hexdigest()


@cache
def _held() -> str:
    """Every request asks for the posts held. Worded once: composing it anew took Django longer than PostgreSQL to answer.

    The columns come as ``_post`` takes them apart.
    """
    tables = {"p": Post, "a": Account, "r": Area}
    columns = ", ".join(f'{name}."{field.column}"' for name, model in tables.items() for field in _columns(model))
    return f"""
        select {columns} from accounts_post p join accounts_account a on a.id = p.account_id and a.is_active
        join areas_area r on r.code = p.area
        where p.account_id = %(account)s and p.valid_from <= %(day)s and (p.valid_to is null or p.valid_to > %(day)s)
        order by p.valid_from, p.id"""  # noqa: S608


def _columns(model: type[models.Model]) -> "Sequence[models.Field[Any, Any]]":
    return model._meta.concrete_fields


def _post(row: Sequence[Any]) -> "Post":
    """A post with its account and its area from a row of ``_held``."""
    made: list[Any] = []
    for model in (Post, Account, Area):
        names = [field.attname for field in _columns(model)]
        made.append(model.from_db(DEFAULT_DB_ALIAS, names, row[: len(names)]))
        row = row[len(names) :]
    post: Post
    post, post.account, post.area = made
    return post


class PostQuerySet(models.QuerySet["Post"]):
    def on(self, day: date) -> Self:
        """Those held on a day."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)

    def held_by(self, account_id: Any) -> "list[Post]":
        """Those that an open account holds today, oldest first, with account and area."""
        # Which area one works in is not known yet, so the whole country is looked over for one's own posts.
        with within("", keyed=True), connection.cursor() as cursor:
            cursor.execute(_held(), {"account": account_id, "day": today()})
            return [_post(row) for row in cursor.fetchall()]

    def during(self, first: date, until: date | None) -> Self:
        """Those held on any day from ``first`` to the day before ``until`` (None: without end)."""
        found = self.filter(Q(valid_to=None) | Q(valid_to__gt=first))
        return found.filter(valid_from__lt=until) if until else found


class Post(models.Model):
    """A person works in a role at an area from–to (岗位). One person may hold several."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=12, choices=[(r.value, r.value) for r in Role])
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_column="area")
    department = models.CharField(max_length=30, blank=True)
    title = models.CharField("职务", max_length=40, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "role", "area", "department"], condition=Q(valid_to=None), name="post_once"
            ),
            models.CheckConstraint(condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="post_period"),
        ]

    def __str__(self) -> str:
        return f"{self.account} · {self.role} · {self.area_id}"

    @property
    def needs_second_factor(self) -> bool:
        """Whether this post is worked in only after a second factor."""
        return self.role in SECOND_FACTOR_ROLES

    @property
    def label(self) -> str:
        """What the holder is called: the title of the post, else the name of its role."""
        return self.title or say(ROLE_NAMES[Role(self.role)])


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def wrong(self, since: datetime) -> Self:
        """Failed ones since a moment, newest first."""
        return self.filter(passed=False, at__gt=since).order_by("-at")


class Attempt(models.Model):
    """One try to sign in or to show a second factor. Keeps a keyed digest of what it aimed at, never the typed name."""

    class Kind(models.TextChoices):
        PASSWORD = "password", "密码"
        FACTOR = "factor", "第二重验证"

    at = models.DateTimeField(db_index=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    target = models.CharField(max_length=64, help_text="keyed digest of the sign-in name or account")
    ip = models.CharField(max_length=45)
    passed = models.BooleanField()

    objects = AttemptQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["target", "-at"], name="attempt_target"),
            models.Index(fields=["ip", "-at"], name="attempt_ip"),
        ]
